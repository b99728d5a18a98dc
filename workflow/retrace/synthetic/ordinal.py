"""Correlations of responses as ordered categories: of ranks, and of what is latent."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

# Gauss-Legendre points for the bivariate normal distribution; 12 give ten digits up to |r| = 0.9.
NODES, WEIGHTS = np.polynomial.legendre.leggauss(12)

# Latent correlations are searched inside this, scores by Newton's method to this change.
LARGEST = 0.995
TOLERANCE = 1e-9
ITERATIONS = 60

# Cells of the table of two columns at most: with more, scores are as good as continuous.
MOST_CELLS = 40_000


def spearman(X: np.ndarray) -> np.ndarray:
    """Spearman's rank correlations of the columns, shape (k, k) (Spearman 1904)."""
    from scipy.stats import rankdata

    return np.corrcoef(rankdata(X, axis=0), rowvar=False)


def polychoric(x: np.ndarray, y: np.ndarray) -> float:
    """Polychoric correlation of two columns of ordered categories.

    Two steps (Olsson 1979): thresholds from the margins, then the correlation of the underlying
    bivariate normal distribution by maximum likelihood (Fisher scoring).

    Parameters
    ----------
    x, y : numpy.ndarray, shape (n,)

    Returns
    -------
    float
        NaN where the table of the two has more than `MOST_CELLS` cells, which is not looked into.

    Raises
    ------
    ValueError
        If a column has one category only.
    """
    (x_values, x_codes), (y_values, y_codes) = (
        np.unique(column, return_inverse=True) for column in (x, y)
    )
    if len(x_values) < 2 or len(y_values) < 2:
        raise ValueError("a column with a single category has no polychoric correlation")
    if len(x_values) * len(y_values) > MOST_CELLS:
        return np.nan
    table = np.zeros((len(x_values), len(y_values)))
    np.add.at(table, (x_codes, y_codes), 1)
    h, k = (ndtri(np.cumsum(table.sum(axis=axis))[:-1] / len(x)) for axis in (1, 0))
    r = float(np.clip(np.corrcoef(x_codes, y_codes)[0, 1], -0.9, 0.9))
    low, high = -LARGEST, LARGEST
    for _ in range(ITERATIONS):
        share = np.maximum(_cells(h, k, r), 1e-300)
        slope = _density_differences(h, k, r)
        score = (table * slope / share).sum()
        # The likelihood rises on the side of the score; what lies behind is out.
        low, high = (r, high) if score > 0 else (low, r)
        step = score / (len(x) * (slope**2 / share).sum())
        new = r + step
        if not low < new < high:
            new = (low + high) / 2
        if abs(new - r) < TOLERANCE:
            return new
        r = new
    return r


def _cells(h: np.ndarray, k: np.ndarray, r: float) -> np.ndarray:
    """Probabilities of the cells between thresholds h and k of a bivariate normal."""
    grid = np.zeros((len(h) + 2, len(k) + 2))
    grid[1:-1, 1:-1] = _bivariate_normal(h, k, r)
    grid[-1, 1:-1], grid[1:-1, -1], grid[-1, -1] = ndtr(k), ndtr(h), 1
    return np.diff(np.diff(grid, axis=0), axis=1)


def _density_differences(h: np.ndarray, k: np.ndarray, r: float) -> np.ndarray:
    """Derivatives of the cell probabilities by r: the density at their corners, differenced."""
    H, K = h[:, None], k[None]
    grid = np.zeros((len(h) + 2, len(k) + 2))
    density = np.exp(-(H**2 - 2 * r * H * K + K**2) / (2 * (1 - r**2)))
    grid[1:-1, 1:-1] = density / (2 * np.pi * np.sqrt(1 - r**2))
    return np.diff(np.diff(grid, axis=0), axis=1)


def _bivariate_normal(h: np.ndarray, k: np.ndarray, r: float) -> np.ndarray:
    """P(X < h, Y < k) for every pair, by integrating the density over the correlation.

    Drezner and Wesolowsky (1990): with s = sin(angle) the integrand is smooth.
    """
    angle = np.arcsin(r) * (NODES + 1) / 2
    sine = np.sin(angle)[:, None, None]
    H, K = h[:, None], k[None]
    exponent = -(H**2 + K**2 - 2 * H * K * sine) / (2 * (1 - sine**2))
    integral = np.tensordot(WEIGHTS, np.exp(exponent), axes=1)
    return ndtr(H) * ndtr(K) + np.arcsin(r) * integral / (4 * np.pi)
