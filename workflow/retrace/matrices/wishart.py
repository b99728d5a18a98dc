"""Sample covariances of a normal population, drawn without the sample.

Those of n observations are Wishart with n - 1 degrees of freedom; their Cholesky factor is L T,
with L that of the population and T lower triangular with chi variates on and normal variates below
the diagonal (Bartlett 1933), which costs p^2 random numbers in place of n p.
"""

from __future__ import annotations

import numpy as np


def bartlett(n: int, p: int, draws: int, stream: np.random.Generator) -> np.ndarray:
    """Lower triangles T with T T' Wishart(n - 1, I), shape (p, p, draws).

    With fewer than p degrees of freedom the matrices are singular, and so are their factors.
    """
    T = np.zeros((p, p, draws))
    for i in range(p):
        if i < n - 1:
            T[i, i] = np.sqrt(2.0 * stream.standard_gamma((n - 1 - i) / 2.0, size=draws))
        if i:
            below = min(i, n - 1)
            T[i, :below] = stream.standard_normal((below, draws))
    return T


def sample_covariances(
    population: np.ndarray, n: int, draws: int, stream: np.random.Generator
) -> np.ndarray:
    """Covariance matrices of samples of size n, denominator n - 1, shape (draws, p, p).

    Parameters
    ----------
    population : array_like, shape (p, p)
    n, draws : int
    stream : numpy.random.Generator

    Raises
    ------
    ValueError
        If n does not exceed p.
    numpy.linalg.LinAlgError
        If the population matrix is not positive definite.
    """
    population = np.asarray(population, dtype=float)
    p = len(population)
    if n <= p:
        raise ValueError(f"{n} observations are too few for {p} variables")
    T = np.ascontiguousarray(np.moveaxis(bartlett(n, p, draws, stream), -1, 0))
    factor = np.linalg.cholesky(population) @ T
    return factor @ factor.transpose(0, 2, 1) / (n - 1)
