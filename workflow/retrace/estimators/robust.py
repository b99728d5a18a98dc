"""Robust regression: M estimation with Huber's and Tukey's weights (Huber 1981, ch. 7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# Iteration stops at this change of a coefficient, in units of its predictor and outcome.
TOLERANCE = 1e-9
ITERATIONS = 500
# Least scale, in standard deviations of the outcome; below it half of the data are fitted exactly.
LEAST_SCALE = 1e-7
# Median absolute deviation of the standard normal distribution.
_NORMAL_MAD = 0.6744897501960817


@dataclass(frozen=True)
class Weighting:
    """Weight of a residual in units of scale, and the slope of weight times residual."""

    name: str
    weight: Callable
    slope: Callable


def _huber(bend: float) -> Weighting:
    return Weighting(
        "Huber",
        lambda u: bend / np.maximum(np.abs(u), bend),
        lambda u: (np.abs(u) <= bend).astype(float),
    )


def _tukey(end: float) -> Weighting:
    def left(u):
        return np.maximum(1 - (u / end) ** 2, 0.0)

    return Weighting(
        "Tukey", lambda u: left(u) ** 2, lambda u: left(u) * (left(u) - 4 * (u / end) ** 2)
    )


# Bends at which the estimate has 95 % of least squares' efficiency if disturbances are normal.
HUBER, TUKEY = _huber(1.345), _tukey(4.685)


def robust_regression(y, X, weighting: Weighting) -> tuple[np.ndarray, np.ndarray]:
    """M estimate by iteratively reweighted least squares, from least squares.

    The scale is the median absolute residual over that of the normal distribution, anew in every
    iteration; standard errors are Huber's (1981, eq. 7.6.9). Both are what statsmodels' RLM does
    by default.

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
    y, X = np.asarray(y, dtype=float), np.asarray(X, dtype=float)
    n, p = X.shape
    weights = np.ones(n)
    b = np.full(p, np.inf)
    for _ in range(ITERATIONS):
        weighted = X * weights[:, None]
        last, b = b, np.linalg.solve(weighted.T @ X, weighted.T @ y)
        residuals = y - X @ b
        scale = np.median(np.abs(residuals)) / _NORMAL_MAD
        if scale < LEAST_SCALE * y.std():
            raise ArithmeticError(f"{weighting.name} weights: half of the residuals are zero")
        u = residuals / scale
        weights = weighting.weight(u)
        if np.abs(b - last).max() < TOLERANCE:
            break
    else:
        raise ArithmeticError(f"{weighting.name} weights: did not converge")
    slope = weighting.slope(u)
    correction = 1 + p / n * slope.var() / slope.mean() ** 2
    variance = scale**2 * ((weights * u) ** 2).sum() / (n - p) / slope.mean() ** 2
    return b, correction * np.sqrt(variance * np.diag(np.linalg.inv(X.T @ X)))
