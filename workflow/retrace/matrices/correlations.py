"""Correlation matrices: which of them data can have, and the nearest one that they can."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


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


def nearest_correlation(R: np.ndarray, tolerance: float = 1e-10) -> np.ndarray:
    """The correlation matrix nearest to a symmetric matrix in the Frobenius norm.

    Alternating projections with Dykstra's correction (Higham 2002, *IMA Journal of Numerical
    Analysis* 22, Algorithm 3.3).

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
    correction = np.zeros_like(Y)
    for _ in range(10_000):
        before = Y
        shifted = Y - correction
        values, vectors = np.linalg.eigh(shifted)
        X = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = X - shifted
        Y = X.copy()
        np.fill_diagonal(Y, 1.0)
        if np.abs(Y - before).max() < tolerance:
            break
    # The last projection was on the unit diagonal; rescaling makes both properties hold.
    values, vectors = np.linalg.eigh(Y)
    X = (vectors * np.maximum(values, 0.0)) @ vectors.T
    scale = 1 / np.sqrt(np.diag(X))
    X = X * scale * scale[:, None]
    np.fill_diagonal(X, 1.0)
    return (X + X.T) / 2


def _cell(i: int, j: int, labels: Sequence[str] | None) -> str:
    return f"({labels[i]}, {labels[j]})" if labels is not None else f"({i + 1}, {j + 1})"
