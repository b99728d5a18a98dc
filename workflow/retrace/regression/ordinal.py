"""Regression of ordered categories: cumulative link models, logit and probit (McCullagh 1980).

    P(y <= c) = F(theta_c - x'b),    F logistic (proportional odds) or normal

by Newton's method on all thresholds and coefficients at once: a millisecond for 300 responses,
where a general optimiser with numerical derivatives takes hundreds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri

# Newton's method stops at this change of a threshold or standardised coefficient.
TOLERANCE = 1e-8
ITERATIONS = 60
# In place of the infinite thresholds at the ends; no probability is left beyond.
_END = 1e3


@dataclass(frozen=True)
class Link:
    """A distribution, symmetric about zero, its density and the density's slope."""

    name: str
    distribution: Callable
    quantile: Callable
    density: Callable
    slope: Callable


def _logistic_density(x):
    return expit(x) * expit(-x)


def _normal_density(x):
    return np.exp(-0.5 * x**2) / np.sqrt(2 * np.pi)


LOGIT = Link(
    "logit", expit, logit, _logistic_density, lambda x: -_logistic_density(x) * np.tanh(x / 2)
)
PROBIT = Link("probit", ndtr, ndtri, _normal_density, lambda x: -x * _normal_density(x))


@dataclass(frozen=True)
class OrdinalFit:
    """A regression of ordered categories.

    Attributes
    ----------
    coefficients, standard_errors, z, p : numpy.ndarray, shape (p,)
        Change of the latent response, in units of the link's distribution, for one unit of a
        predictor (with logit: log odds of a higher category). p is two-sided from the normal
        distribution of z at every sample size, which is what statistics packages print.
    thresholds : numpy.ndarray, shape (categories - 1,)
        Where the latent response passes from one category to the next.
    log_likelihood : float
    """

    coefficients: np.ndarray
    standard_errors: np.ndarray
    thresholds: np.ndarray
    log_likelihood: float

    @property
    def z(self) -> np.ndarray:
        return self.coefficients / self.standard_errors

    @property
    def p(self) -> np.ndarray:
        return 2 * ndtr(-np.abs(self.z))


def ordered_regression(y, X, link: Link = LOGIT) -> OrdinalFit:
    """Cumulative link regression by Newton's method with step halving.

    Parameters
    ----------
    y : array_like, shape (n,)
        Ordered categories; only their order counts.
    X : array_like, shape (n, p)
        Predictors, none of them constant.
    link : Link
        `LOGIT` (proportional odds) or `PROBIT`.

    Returns
    -------
    OrdinalFit
        Standard errors from the observed information.

    Raises
    ------
    ArithmeticError
        If the likelihood has no maximum, as where predictors separate categories (Albert and
        Anderson 1984).
    """
    X = np.asarray(X, dtype=float)
    categories, codes = np.unique(y, return_inverse=True)
    n, p, cuts = len(codes), X.shape[1], len(categories) - 1
    centre, scale = X.mean(axis=0), X.std(axis=0)
    Z = (X - centre) / scale
    # An observation lies between two thresholds, and its predictors shift both.
    at = np.arange(n)
    has_upper, has_lower = codes < cuts, codes > 0
    upper, lower = np.zeros((n, cuts + p)), np.zeros((n, cuts + p))
    for design, has, place in ((upper, has_upper, codes), (lower, has_lower, codes - 1)):
        design[at[has], place[has]] = 1
        design[has, cuts:] = -Z[has]

    def between(theta):
        """Ends of each observation's interval, both in the lower tail, and what lies between."""
        a = np.where(has_upper, upper @ theta, _END)
        b = np.where(has_lower, lower @ theta, -_END)
        # F(a) - F(b) = F(-b) - F(-a): taken in the lower tail it keeps its digits.
        turn = np.where(b > 0, -1.0, 1.0)
        share = turn * (link.distribution(turn * a) - link.distribution(turn * b))
        return a, b, np.maximum(share, 1e-300)

    def likelihood(theta):
        if (np.diff(theta[:cuts]) <= 0).any():
            return -np.inf
        return float(np.log(between(theta)[2]).sum())

    cumulative = np.cumsum(np.bincount(codes))[:-1] / n
    theta = np.concatenate([link.quantile(cumulative), np.zeros(p)])
    value = likelihood(theta)
    for _ in range(ITERATIONS):
        a, b, share = between(theta)
        fa, fb = link.density(a) / share, link.density(b) / share
        gradient = upper.T @ fa - lower.T @ fb
        aa, bb = link.slope(a) / share - fa**2, -link.slope(b) / share - fb**2
        cross = upper.T @ (lower * (fa * fb)[:, None])
        information = -(upper.T @ (upper * aa[:, None]) + lower.T @ (lower * bb[:, None]))
        information -= cross + cross.T
        try:
            step = np.linalg.solve(information, gradient)
        except np.linalg.LinAlgError:
            break  # flat: the coefficients run off to infinity
        if np.abs(step).max() < TOLERANCE:
            errors = np.sqrt(np.diag(np.linalg.inv(information))[cuts:])
            b = theta[cuts:] / scale
            return OrdinalFit(b, errors / scale, theta[:cuts] + b @ centre, value)
        length = 1.0
        while (new := likelihood(theta + length * step)) < value - 1e-10:
            length /= 2
            if length < 1e-10:
                raise ArithmeticError(f"ordered {link.name}: no step improves the likelihood")
        theta, value = theta + length * step, new
    raise ArithmeticError(f"ordered {link.name}: the likelihood has no maximum")
