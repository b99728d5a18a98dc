"""Confidence intervals of effects from draws: percentile, bias-corrected and Monte Carlo."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating]
LEVEL = 0.95


def percentile_interval(draws: ArrayLike, level: float = LEVEL) -> tuple[float, float]:
    """Quantiles of the draws (Efron 1982); draws that are NaN did not converge and do not count."""
    low, high = np.nanquantile(np.asarray(draws, float), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def bias_corrected_interval(
    draws: ArrayLike, estimate: float, level: float = LEVEL
) -> tuple[float, float]:
    """Quantiles moved by the draws' median bias about the estimate (Efron 1982, section 10.7).

    Without acceleration, as lavaan's `bca.simple`.
    """
    from scipy.special import ndtr, ndtri

    values = np.asarray(draws, float)
    values = values[np.isfinite(values)]
    # Ties count half; at least half a draw lies on either side.
    below = (np.sum(values < estimate) + 0.5 * np.sum(values == estimate)) / len(values)
    shift = ndtri(np.clip(below, 0.5 / len(values), 1 - 0.5 / len(values)))
    tails = ndtri([(1 - level) / 2, (1 + level) / 2])
    low, high = np.quantile(values, ndtr(2 * shift + tails))
    return float(low), float(high)


def monte_carlo_draws(
    values: ArrayLike, covariance: ArrayLike, draws: int, rng: np.random.Generator
) -> Array:
    """Free parameters (draws, f) drawn from their asymptotic normal distribution.

    The Monte Carlo method of MacKinnon, Lockwood and Williams (2004), for intervals of what
    `inference.defined_parameters` makes of the draws: indirect effects are not normal even where
    their factors are.

    Parameters
    ----------
    values : array (f,)
        Free parameters at the estimate.
    covariance : array (f, f)
        Their covariance matrix.
    draws : int
    rng : numpy.random.Generator
    """
    matrix = np.asarray(covariance, float)
    # Symmetric root: equalities make the matrix singular.
    roots, vectors = np.linalg.eigh(matrix)
    factor = vectors * np.sqrt(np.clip(roots, 0.0, None))
    return np.asarray(values, float) + rng.standard_normal((draws, len(matrix))) @ factor.T
