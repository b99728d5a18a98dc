"""Statistics that take responses as ordered categories: rank and latent correlations, logits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, ndtr, ndtri

# Gauss-Legendre points for the bivariate normal distribution; 12 give ten digits up to |r| = 0.9.
NODES, WEIGHTS = np.polynomial.legendre.leggauss(12)

# Latent correlations are searched inside this, scores by Newton's method to this change.
LARGEST = 0.995
TOLERANCE = 1e-9
ITERATIONS = 60


def ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1, ties sharing their mean, shape (n,)."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]


def spearman(X: np.ndarray) -> np.ndarray:
    """Spearman's rank correlations of the columns, shape (k, k) (Spearman 1904)."""
    return np.corrcoef(np.column_stack([ranks(column) for column in X.T]).T)


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


@dataclass(frozen=True)
class OrdinalFit:
    """A proportional odds regression.

    Attributes
    ----------
    coefficients, standard_errors, z, p : numpy.ndarray, shape (p,)
        Log odds of a higher category for one unit of a predictor; two-sided normal p.
    """

    coefficients: np.ndarray
    standard_errors: np.ndarray

    @property
    def z(self) -> np.ndarray:
        return self.coefficients / self.standard_errors

    @property
    def p(self) -> np.ndarray:
        return 2 * ndtr(-np.abs(self.z))


def proportional_odds(y: np.ndarray, X: np.ndarray) -> OrdinalFit:
    """Cumulative logit regression (McCullagh 1980), by Newton's method with step halving.

    Parameters
    ----------
    y : numpy.ndarray, shape (n,)
        Ordered categories, whatever their values.
    X : numpy.ndarray, shape (n, p)

    Returns
    -------
    OrdinalFit
        Standard errors from the observed information.

    Raises
    ------
    ArithmeticError
        If the likelihood has no maximum, as where categories are separated.
    """
    categories, codes = np.unique(y, return_inverse=True)
    n, p, cuts = len(y), X.shape[1], len(categories) - 1
    scale = X.std(axis=0)
    Z = (X - X.mean(axis=0)) / scale
    cumulative = np.cumsum(np.bincount(codes))[:-1] / n
    theta = np.concatenate([np.log(cumulative / (1 - cumulative)), np.zeros(p)])
    upper, lower = np.zeros((n, cuts + p)), np.zeros((n, cuts + p))
    rows = np.arange(n)
    has_upper, has_lower = codes < cuts, codes > 0
    upper[rows[has_upper], codes[has_upper]] = 1
    lower[rows[has_lower], codes[has_lower] - 1] = 1
    upper[has_upper, cuts:] = -Z[has_upper]
    lower[has_lower, cuts:] = -Z[has_lower]

    def distribution(theta):
        a = np.where(has_upper, upper @ theta, np.inf)
        b = np.where(has_lower, lower @ theta, -np.inf)
        return expit(a), expit(b)

    def likelihood(theta):
        if (np.diff(theta[:cuts]) <= 0).any():
            return -np.inf
        A, B = distribution(theta)
        return float(np.log(np.maximum(A - B, 1e-300)).sum())

    value = likelihood(theta)
    for _ in range(ITERATIONS):
        A, B = distribution(theta)
        share = np.maximum(A - B, 1e-300)
        fa, fb = A * (1 - A), B * (1 - B)
        gradient = upper.T @ (fa / share) - lower.T @ (fb / share)
        aa = fa * (1 - 2 * A) / share - (fa / share) ** 2
        bb = -fb * (1 - 2 * B) / share - (fb / share) ** 2
        ab = fa * fb / share**2
        cross = (upper * ab[:, None]).T @ lower
        information = -((upper * aa[:, None]).T @ upper + (lower * bb[:, None]).T @ lower)
        information -= cross + cross.T
        try:
            step = np.linalg.solve(information, gradient)
        except np.linalg.LinAlgError:
            break  # flat: the coefficients run off to infinity
        if np.abs(step).max() < 1e-8:
            errors = np.sqrt(np.diag(np.linalg.inv(information))[cuts:])
            return OrdinalFit(theta[cuts:] / scale, errors / scale)
        length = 1.0
        while (new := likelihood(theta + length * step)) < value - 1e-10:
            length /= 2
            if length < 1e-10:
                raise ArithmeticError("proportional odds: no step improves the likelihood")
        theta, value = theta + length * step, new
    raise ArithmeticError("proportional odds: the likelihood has no maximum")


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
