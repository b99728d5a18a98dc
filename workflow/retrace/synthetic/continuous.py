"""Continuous data whose sample means, standard deviations and correlations are given exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrace.matrices.correlations import IndefiniteMatrixError, correlation_matrix

# An eigenvalue this far below zero is rounding of a singular matrix, not an indefinite one.
EIGENVALUE_TOLERANCE = 1e-12


def continuous(
    R: np.ndarray,
    n: int,
    rng: np.random.Generator,
    mean: np.ndarray | float = 0.0,
    sd: np.ndarray | float = 1.0,
    labels: Sequence[str] | None = None,
) -> np.ndarray:
    """Draw data whose sample moments equal the targets.

    Standard normal columns are centred and orthonormalised, then given the factor of `R`; the
    sample correlations are those of `R` whatever is drawn (Ripley 1987, *Stochastic Simulation*,
    p. 98; `MASS::mvrnorm(empirical = TRUE)` in R).

    Parameters
    ----------
    R : array_like, shape (k, k)
        Correlation matrix, positive semidefinite.
    n : int
        Rows; more than k, since n rows about their mean span n - 1 dimensions.
    rng : numpy.random.Generator
        The source of all randomness.
    mean, sd : array_like, shape (k,) or scalar
        Sample means and sample standard deviations (divisor n - 1).
    labels : sequence of str, optional
        Names of the columns, for error messages.

    Returns
    -------
    numpy.ndarray, shape (n, k)
        Correlations within 1e-12 of `R`; means and standard deviations within 1e-12 of theirs,
        relative to the larger of the two.

    Raises
    ------
    IndefiniteMatrixError
        If `R` has a negative eigenvalue; the message names the cells to look at.
    ValueError
        If `R` is no correlation matrix, n is at or below k, or a standard deviation is negative.
    """
    R = correlation_matrix(R, labels)
    k = len(R)
    if n <= k:
        raise ValueError(
            f"n is {n} for {k} columns: their sample correlations need n of {k + 1} or more"
        )
    mean = np.broadcast_to(np.asarray(mean, dtype=float), (k,))
    sd = np.broadcast_to(np.asarray(sd, dtype=float), (k,))
    if not (np.isfinite(mean).all() and np.isfinite(sd).all() and (sd >= 0).all()):
        raise ValueError("means must be finite and standard deviations finite and not negative")
    Z = rng.standard_normal((n, k))
    for _ in range(2):
        # Once is enough in exact arithmetic; twice removes what an ill-conditioned draw leaves,
        # as in iterated Gram-Schmidt (Giraud et al. 2005).
        Z, _ = np.linalg.qr(Z - Z.mean(axis=0))
    return mean + (np.sqrt(n - 1) * Z @ _factor(R, labels)) * sd


def _factor(R: np.ndarray, labels: Sequence[str] | None) -> np.ndarray:
    """F with F'F = R; symmetric where R is singular, upper triangular else."""
    try:
        return np.linalg.cholesky(R).T
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(R)
        if values[0] < -EIGENVALUE_TOLERANCE * len(R):
            raise IndefiniteMatrixError(R, labels) from None
        return (np.sqrt(np.maximum(values, 0.0)) * vectors).T
