"""Correlation matrices: which of them data can have, and the nearest one that they can."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise

import numpy as np

# Rounds in which the nearest correlation matrix is looked for.
MOST_ROUNDS = 10_000


class IndefiniteMatrixError(ValueError):
    """Correlations that no data can have together.

    Attributes
    ----------
    smallest_eigenvalue : float
        How far from positive semidefinite the matrix is.
    nearest : numpy.ndarray
        (k, k) correlation matrix nearest in the Frobenius norm.
    """

    def __init__(self, R: np.ndarray, labels: Sequence[str] | None = None):
        self.smallest_eigenvalue = float(np.linalg.eigvalsh(R)[0])
        self.nearest = nearest_correlation(R)
        change = np.abs(np.tril(self.nearest - R, -1))
        cells = [
            f"{_cell(i, j, labels)} {R[i, j]:.4g} (nearest {self.nearest[i, j]:.4f})"
            for i, j in sorted(
                zip(*np.nonzero(change > 5e-5), strict=True), key=lambda c: -change[c]
            )
        ]
        super().__init__(
            "no data can have these correlations together: the matrix is indefinite, its smallest "
            f"eigenvalue is {self.smallest_eigenvalue:.4g}. The nearest correlation matrix changes "
            + ("; ".join(cells[:6]) if cells else "no cell by more than 0.00005")
            + (f"; and {len(cells) - 6} more" if len(cells) > 6 else "")
        )


def correlation_matrix(R: np.ndarray, labels: Sequence[str] | None = None) -> np.ndarray:
    """Check that `R` is square and symmetric with a unit diagonal and entries in [-1, 1].

    Raises
    ------
    ValueError
        Naming every cell that is wrong.
    """
    R = np.asarray(R, dtype=float)
    if R.ndim != 2 or R.shape[0] != R.shape[1]:
        raise ValueError(f"a correlation matrix is square; this one has shape {R.shape}")
    problems = [
        f"{_cell(i, i, labels)} is {R[i, i]:g}, a correlation with itself is 1"
        for i in range(len(R))
        if not abs(R[i, i] - 1) <= 1e-12
    ]
    for i in range(len(R)):
        for j in range(i):
            if not (abs(R[i, j]) <= 1 and abs(R[j, i]) <= 1):
                problems.append(f"{_cell(i, j, labels)} is {R[i, j]:g}, outside [-1, 1]")
            elif abs(R[i, j] - R[j, i]) > 1e-12:
                problems.append(
                    f"{_cell(i, j, labels)} is {R[i, j]:g} below the diagonal, {R[j, i]:g} above it"
                )
    if problems:
        raise ValueError("not a correlation matrix: " + "; ".join(problems))
    return R


def alternating_projections(
    R: np.ndarray, project: Callable[[np.ndarray], np.ndarray], floor: float = 0.0
) -> Iterator[np.ndarray]:
    """Matrices ever nearer to two convex sets, from a symmetric one, without end.

    Projections on the matrices without an eigenvalue below `floor`, with Dykstra's correction, by
    turns with uncorrected ones on another set. Where that is affine they lead to the nearest
    matrix of both (Higham 2002, *IMA Journal of Numerical Analysis* 22, Algorithm 3.3); else to one
    of both.

    Parameters
    ----------
    R : numpy.ndarray, shape (k, k)
        Symmetric; yielded first.
    project : callable
        The symmetric matrix of the other set that is nearest to one that it is given.
    floor : float
    """
    correction = np.zeros_like(R)
    while True:
        yield R
        shifted = R - correction
        values, vectors = np.linalg.eigh(shifted)
        projected = (vectors * np.maximum(values, floor)) @ vectors.T
        correction = projected - shifted
        R = project(projected)


def nearest_correlation(R: np.ndarray, tolerance: float = 1e-10) -> np.ndarray:
    """The correlation matrix nearest to a symmetric matrix in the Frobenius norm (Higham 2002).

    Parameters
    ----------
    R : array_like, shape (k, k)
        Symmetric.
    tolerance : float
        Largest change of an entry between two rounds at which to stop.

    Returns
    -------
    numpy.ndarray, shape (k, k)
        Unit diagonal, positive semidefinite to rounding error.
    """
    Y = np.array(R, dtype=float)
    rounds = alternating_projections(Y, _with_unit_diagonal)
    for before, Y in islice(pairwise(rounds), MOST_ROUNDS):
        if np.abs(Y - before).max() < tolerance:
            break
    # The last projection was on the unit diagonal; rescaling makes both properties hold.
    values, vectors = np.linalg.eigh(Y)
    X = (vectors * np.maximum(values, 0.0)) @ vectors.T
    scale = 1 / np.sqrt(np.diag(X))
    X = X * scale * scale[:, None]
    np.fill_diagonal(X, 1.0)
    return (X + X.T) / 2


def _with_unit_diagonal(R: np.ndarray) -> np.ndarray:
    R = R.copy()
    np.fill_diagonal(R, 1.0)
    return R


def _cell(i: int, j: int, labels: Sequence[str] | None) -> str:
    return f"({labels[i]}, {labels[j]})" if labels is not None else f"({i + 1}, {j + 1})"
