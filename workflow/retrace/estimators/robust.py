"""Robust regression: M estimation with Huber's and Tukey's weights (Huber 1981, ch. 7)."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

# Iteration stops at this change of a coefficient, in units of its predictor and outcome.
TOLERANCE = 1e-9
ITERATIONS = 500
# Least scale, in standard deviations of the outcome; below it half of the data are fitted exactly.
LEAST_SCALE = 1e-7


class Weighting(NamedTuple):
    """Weights of residuals: the name of statsmodels' norm, and where it bends in units of scale."""

    name: str
    norm: str
    bend: float


# Bends at which the estimate has 95 % of least squares' efficiency if disturbances are normal.
HUBER, TUKEY = Weighting("Huber", "HuberT", 1.345), Weighting("Tukey", "TukeyBiweight", 4.685)


def robust_regression(
    y: ArrayLike, X: ArrayLike, weighting: Weighting
) -> tuple[np.ndarray, np.ndarray]:
    """M estimate by iteratively reweighted least squares from least squares, by statsmodels.

    The scale is the median absolute residual over that of the normal distribution, anew in every
    iteration; standard errors are Huber's (1981, eq. 7.6.9).

    Parameters
    ----------
    y : array_like, shape (n,)
    X : array_like, shape (n, p)
        With a column of ones for the intercept.
    weighting : Weighting
        `HUBER` or `TUKEY`.

    Returns
    -------
    b, se : ndarray, shape (p,)

    Raises
    ------
    ArithmeticError
        If half of the residuals are zero, so that there is no scale, or the iteration does not
        settle.
    """
    from statsmodels.robust import norms
    from statsmodels.robust.robust_linear_model import RLM

    y, X = np.asarray(y, dtype=float), np.asarray(X, dtype=float)
    model = RLM(y, X, M=getattr(norms, weighting.norm)(weighting.bend))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Of a scale of zero, and of what is divided by it: told apart below.
        warnings.simplefilter("ignore")
        fitted = model.fit(conv="coefs", tol=TOLERANCE, maxiter=ITERATIONS)
        b, se = fitted.params, fitted.bse
    if not fitted.scale >= LEAST_SCALE * y.std():
        raise ArithmeticError(f"{weighting.name} weights: half of the residuals are zero")
    if fitted.fit_history["iteration"] >= ITERATIONS:
        raise ArithmeticError(f"{weighting.name} weights: did not converge")
    return b, se
