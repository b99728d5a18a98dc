"""Ordinary least squares in closed form from a correlation matrix and n.

With the outcome last, R = [[Rxx, r], [r', 1]] and Q = Rxx^-1 (Cohen, Cohen, West and Aiken 2003,
appendix 1; the numbers are those that a regression with intercept on the raw data gives):

    beta = Q r                     standardised coefficients
    R2 = r' beta                   coefficient of determination
    se_j = sqrt(Q_jj (1 - R2) / df), t_j = beta_j / se_j, df = n - k - 1
    VIF_j = Q_jj                   variance inflation factors
    F = (R2 / k) / ((1 - R2) / df)

Tests use the t and F distributions with df degrees of freedom at every sample size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtrc

from retrace.decisions import critical_t, two_sided_p


@dataclass(frozen=True)
class Fit:
    """A regression, or a batch of regressions of the same shape.

    Attributes
    ----------
    n, df : int
        Sample size and residual degrees of freedom.
    beta, beta_se : ndarray, shape (..., k)
        Standardised coefficients and their standard errors.
    b, se : ndarray, shape (..., k)
        Unstandardised coefficients and standard errors; NaN where no standard deviations are known.
    t, p, vif : ndarray, shape (..., k)
        t statistics, two-sided p values, variance inflation factors.
    ci_low, ci_high : ndarray, shape (..., k)
        Confidence limits of b where standard deviations are known, else of beta.
    r2, adjusted_r2, f, f_p : ndarray, shape (...)
        Coefficient of determination, its adjusted value, the overall F and its p value.
    """

    n: int
    df: int
    beta: np.ndarray
    beta_se: np.ndarray
    b: np.ndarray
    se: np.ndarray
    t: np.ndarray
    p: np.ndarray
    vif: np.ndarray
    ci_low: np.ndarray
    ci_high: np.ndarray
    r2: np.ndarray
    adjusted_r2: np.ndarray
    f: np.ndarray
    f_p: np.ndarray


def degrees_of_freedom(n: int, k: int) -> int:
    """n - k - 1, refusing samples too small to leave any residual.

    Raises
    ------
    ValueError
        If n < k + 2.
    """
    if n < k + 2:
        raise ValueError(
            f"n = {n} is too small for {k} predictors: a regression with intercept "
            f"needs at least {k + 2} observations"
        )
    return int(n) - k - 1


def _require_definite(R: np.ndarray) -> None:
    try:
        np.linalg.cholesky(R)
    except np.linalg.LinAlgError:
        smallest = np.linalg.eigvalsh(R).min()
        raise ValueError(
            f"the correlation matrix is not positive definite (least eigenvalue {smallest:.3g}): "
            "no sample has these correlations and a unique regression"
        ) from None


def _scale(sds: ArrayLike | None, k: int) -> np.ndarray:
    """By what standardised coefficients (k,) are multiplied; NaN without standard deviations."""
    if sds is None:
        return np.full(k, np.nan)
    sds = np.asarray(sds, dtype=float)
    if not (sds > 0).all():
        raise ValueError(f"standard deviations must be positive, found {sds.tolist()}")
    return sds[k] / sds[:k]


def ols_from_correlations(
    R: ArrayLike, n: int, sds: ArrayLike | None = None, level: float = 0.95
) -> Fit:
    """Regress the last variable of a correlation matrix on all others.

    Parameters
    ----------
    R : array_like, shape (..., k + 1, k + 1)
        Positive definite correlation matrices, outcome last.
    n : int
        Sample size.
    sds : array_like, shape (k + 1,), optional
        Standard deviations in the order of R. Without them b and se are NaN.
    level : float
        Confidence level of the interval.

    Returns
    -------
    Fit

    Raises
    ------
    ValueError
        If n is too small, a matrix is not positive definite or an SD is not positive.
    """
    R = np.asarray(R, dtype=float)
    k = R.shape[-1] - 1
    df = degrees_of_freedom(n, k)
    _require_definite(R)
    Q = np.linalg.inv(R[..., :k, :k])
    r = R[..., :k, k]
    beta = np.einsum("...ij,...j->...i", Q, r)
    r2 = np.einsum("...i,...i->...", r, beta)
    vif = np.diagonal(Q, axis1=-2, axis2=-1)
    beta_se = np.sqrt(vif * ((1.0 - r2) / df)[..., None])
    t = beta / beta_se
    scale = _scale(sds, k)
    centre, spread = (beta, beta_se) if sds is None else (beta * scale, beta_se * scale)
    reach = critical_t(1.0 - level, df) * spread
    f = (r2 / k) / ((1.0 - r2) / df)
    return Fit(
        n=int(n),
        df=df,
        beta=beta,
        beta_se=beta_se,
        b=beta * scale,
        se=beta_se * scale,
        t=t,
        p=two_sided_p(t, df),
        vif=np.array(vif),
        ci_low=centre - reach,
        ci_high=centre + reach,
        r2=r2,
        adjusted_r2=1.0 - (1.0 - r2) * (n - 1) / df,
        f=f,
        f_p=fdtrc(k, df, f),
    )
