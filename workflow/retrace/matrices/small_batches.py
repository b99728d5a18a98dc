"""Many small matrices at once: LAPACK is called once a matrix, which costs more than its work.

Elimination without exchange of rows, one step for all matrices of a batch. For positive definite
matrices, and for M-matrices, it is as stable as with exchange (Higham 2002, *Accuracy and Stability
of Numerical Algorithms*, chapters 9, 10 and 14).
"""

from __future__ import annotations

import numpy as np

# Orders and sizes of batches for which elimination here is quicker.
_LARGEST, _FEWEST = 8, 16


def _worth_it(A: np.ndarray) -> bool:
    return A.ndim == 3 and A.shape[-1] <= _LARGEST and len(A) >= _FEWEST


def more_definite_than(A: np.ndarray, margin: float | np.ndarray) -> np.ndarray:
    """Whether the least eigenvalue of each symmetric matrix is above a margin.

    Parameters
    ----------
    A : ndarray, shape (..., p, p)
    margin : float or ndarray, shape (...)

    Returns
    -------
    ndarray of bool, shape (...)
    """
    if not _worth_it(A):
        return np.linalg.eigvalsh(A)[..., 0] > margin
    # Matrices last: every step is then over whole rows of memory.
    p = A.shape[-1]
    A = np.moveaxis(A, 0, -1).copy()
    A[np.arange(p), np.arange(p)] -= margin
    definite = np.ones(A.shape[-1], dtype=bool)
    for i in range(p):
        definite &= A[i, i] > 0.0
        # What follows an indefinite step is not used, and must not overflow.
        pivot = np.where(definite, A[i, i], np.inf)
        row = A[i, i + 1 :]
        A[i + 1 :, i + 1 :] -= row[:, None] * (row / pivot)[None]
    return definite


def inverse(A: np.ndarray) -> np.ndarray:
    """Inverses of positive definite matrices, or of M-matrices, shape (..., p, p).

    Raises
    ------
    numpy.linalg.LinAlgError
        If one is singular.
    """
    if not _worth_it(A):
        return np.linalg.inv(A)
    A = np.moveaxis(A, 0, -1).copy()
    for i in range(len(A)):
        pivot = A[i, i].copy()
        if not pivot.all():
            raise np.linalg.LinAlgError("Singular matrix")
        row = A[i] / pivot
        column = A[:, i].copy()
        column[i] = -1.0
        A[i] = 0.0
        A[:, i] = 0.0
        row[i] = 1.0 / pivot
        A -= column[:, None] * row[None]
    return np.ascontiguousarray(np.moveaxis(A, -1, 0))
