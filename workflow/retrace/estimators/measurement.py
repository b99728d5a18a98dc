"""Measurement: the regression of true scores, and of correlations freed of method variance.

Reliability. With reliabilities rel and observed variables of unit variance, the moments of the
true predictors are M = Rxx with rel on its diagonal, and b = M^-1 r are the slopes in observed
units (errors in variables with known reliabilities, Fuller 1987, section 1.1.2 and 2.2). The
standard error is the delta method's under normality, for a function g of the sample covariances
with symmetric gradient G: Var = 2 tr((G R)^2) / df (Magnus and Neudecker 1979 for the moments).
At reliability 1 it is the standard error of ordinary least squares, degrees of freedom included.

Method variance. A marker correlation r_m is taken out of every correlation,
(r - r_m) / (1 - r_m), at the price of one degree of freedom (Lindell and Whitney 2001, eqs 4, 5).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from retrace.estimators.least_squares import degrees_of_freedom, ols_from_correlations, two_sided_p


@dataclass(frozen=True)
class Estimate:
    """Standardised coefficients of a batch of analyses.

    Attributes
    ----------
    estimate, se, t, p : ndarray, shape (..., k)
        NaN where the adjusted correlations are no correlation matrix, or no df are left.
    df : int or ndarray of int, shape (...)
    """

    estimate: np.ndarray
    se: np.ndarray
    t: np.ndarray
    p: np.ndarray
    df: int | np.ndarray


def correct_for_unreliability(R: ArrayLike, n: int, reliability: ArrayLike) -> Estimate:
    """Regression of the true scores, standardised, given reliabilities.

    Parameters
    ----------
    R : array_like, shape (k + 1, k + 1)
        Observed correlations, outcome last.
    n : int
    reliability : array_like, shape (..., k + 1)
        Reliability of each variable, outcome last, in (0, 1].

    Raises
    ------
    ValueError
        If a reliability is not in (0, 1] or n is too small.
    """
    R = np.asarray(R, dtype=float)
    reliability = np.asarray(reliability, dtype=float)
    if not ((reliability > 0) & (reliability <= 1)).all():
        raise ValueError("reliabilities must be above 0 and at most 1")
    k = len(R) - 1
    df = degrees_of_freedom(n, k)
    shape = reliability.shape[:-1]
    reliability = reliability.reshape(-1, k + 1)
    N = len(reliability)
    M = np.broadcast_to(R[:k, :k], (N, k, k)).copy()
    diagonal = np.arange(k)
    M[:, diagonal, diagonal] = reliability[:, :k]
    true_scores = R / np.sqrt(reliability[:, :, None] * reliability[:, None, :])
    true_scores[:, np.arange(k + 1), np.arange(k + 1)] = 1.0
    sound = np.linalg.eigvalsh(true_scores)[:, 0] > 1e-10
    M = np.where(sound[:, None, None], M, np.eye(k))
    Q = np.linalg.inv(M)
    b = Q @ R[:k, k]
    # Gradient of b_j with respect to the covariances, j along the second axis.
    omega = np.concatenate([b, np.full((N, 1), -1.0)], axis=1)
    q = np.concatenate([Q, np.zeros((N, k, 1))], axis=2)
    weight = np.ones((N, k + 1, k + 1))
    weight[:, diagonal, diagonal] = reliability[:, :k]
    G = -0.5 * (
        q[:, :, :, None] * omega[:, None, None, :] + q[:, :, None, :] * omega[:, None, :, None]
    )
    GR = (G * weight[:, None]) @ R
    variance = 2.0 * np.einsum("njab,njba->nj", GR, GR) / df
    t = b / np.sqrt(variance)
    scale = np.sqrt(reliability[:, :k] / reliability[:, k:])
    result = [
        np.where(sound[:, None], x, np.nan) for x in (b * scale, np.sqrt(variance) * scale, t)
    ]
    estimate, se, t = (x.reshape(*shape, k) for x in result)
    return Estimate(estimate, se, t, two_sided_p(t, df), df)


def correct_for_method_variance(R: ArrayLike, n: int, marker: ArrayLike) -> Estimate:
    """Regression of correlations from which a marker correlation has been taken out.

    Parameters
    ----------
    R : array_like, shape (k + 1, k + 1)
    n : int
    marker : array_like, shape (...)
        Marker correlations in [0, 1).

    Raises
    ------
    ValueError
        If a marker correlation is not in [0, 1) or n is too small.
    """
    R = np.asarray(R, dtype=float)
    marker = np.asarray(marker, dtype=float)
    if not ((marker >= 0) & (marker < 1)).all():
        raise ValueError("marker correlations must be at least 0 and below 1")
    k = len(R) - 1
    adjusted = (R - marker[..., None, None]) / (1.0 - marker[..., None, None])
    adjusted[..., np.arange(k + 1), np.arange(k + 1)] = 1.0
    sound = np.linalg.eigvalsh(adjusted)[..., 0] > 1e-10
    safe = np.where(sound[..., None, None], adjusted, np.eye(k + 1))
    fit = ols_from_correlations(safe, n)
    # No marker, no parameter for it: at 0 the analysis is the reported one.
    df = fit.df - (marker > 0).astype(int)
    usable = np.where(sound & (df > 0), df, np.nan)[..., None]
    se = fit.beta_se * np.sqrt(fit.df / usable)
    estimate = np.where(np.isnan(se), np.nan, fit.beta)
    t = estimate / se
    return Estimate(estimate, se, t, two_sided_p(t, usable), df)


def reliability_grid(k: int, lowest: float, points: int) -> np.ndarray:
    """A low-discrepancy sample of reliabilities of k + 1 constructs, shape (points, k + 1).

    The additive recurrence of Roberts (2018) with the generalised golden ratio, scaled to
    [lowest, 1]; the same points on every machine.
    """
    d = k + 1
    ratio = 2.0
    for _ in range(60):
        ratio = (1.0 + ratio) ** (1.0 / (d + 1))
    step = ratio ** -np.arange(1.0, d + 1)
    unit = (0.5 + np.outer(np.arange(1, points + 1), step)) % 1.0
    return 1.0 - (1.0 - lowest) * unit
