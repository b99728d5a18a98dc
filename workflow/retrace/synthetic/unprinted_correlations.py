"""Partial correlation matrices: what the cells that are not printed can be.

A cell that is not printed may be anything with which the whole is positive definite (a positive
definite completion; Grone, Johnson, Sá and Wolkowicz 1984) and which the marginal distributions of
the two columns can have.
"""

from __future__ import annotations

import numpy as np

from retrace.matrices.correlations import nearest_correlation
from retrace.synthetic.marginals import Lattice, typical_values
from retrace.synthetic.target import LikertTarget

# Times that all open cells are drawn anew.
SWEEPS = 10

# Share of what is possible that is drawn from: next to its ends the matrix is singular, and columns
# of scores are hardly ever so.
INSIDE = 0.98

# Rounds of the nearest completion, and the change of a cell at which they end.
ROUNDS = 200
SETTLED = 1e-6


def draw_completion(
    R: np.ndarray, is_open: np.ndarray, low: np.ndarray, high: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Draw the open cells of a matrix, uniformly over what keeps it positive definite.

    One cell after another is drawn anew given the others (Gibbs sampling). Changing a cell by t
    multiplies the determinant by 1 + 2 t C_ij + t^2 (C_ij^2 - C_ii C_jj), C the inverse, whose
    roots are the ends of what the others leave.

    Parameters
    ----------
    R : numpy.ndarray, shape (k, k)
        Positive definite.
    is_open : numpy.ndarray of bool, shape (k, k)
        Symmetric, no cell of the diagonal.
    low, high : numpy.ndarray, shape (k, k)
        Ends that cells are kept within where the others leave it to them.
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray, shape (k, k)
        Positive definite, as R where it is not open.
    """
    R = R.copy()
    cells = np.argwhere(np.tril(is_open))
    for _ in range(SWEEPS):
        for i, j in rng.permutation(cells):
            C = np.linalg.inv(R)
            between, root = C[i, j], np.sqrt(C[i, i] * C[j, j])
            ends = R[i, j] + np.array([-1 / (root + between), 1 / (root - between)])
            middle, half = ends.mean(), INSIDE * (ends[1] - ends[0]) / 2
            ends = np.clip([low[i, j], high[i, j]], middle - half, middle + half)
            R[i, j] = R[j, i] = rng.uniform(*ends)
    return R


def reach_of_marginals(target: LikertTarget) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and largest correlations of columns of typical shape with a target's means and SDs.

    Sorted against each other and with each other (Fréchet 1951; Whitt 1976).

    Returns
    -------
    low, high : numpy.ndarray, shape (k, k)
    """
    values = np.array(
        [
            typical_values(Lattice.of(target, c), target.mean[c], target.sd[c])
            for c in range(target.k)
        ]
    )
    centred = values - values.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    unit = centred / np.where(length > 0, length, 1.0)
    return unit @ unit[:, ::-1].T, unit @ unit.T


def nearest_completion(R: np.ndarray, is_open: np.ndarray) -> np.ndarray:
    """An indefinite partial matrix with its open cells as the nearest correlation matrix has them.

    Nearest in the printed cells alone, by majorisation: open cells are taken from the nearest
    matrix again and again (de Leeuw 1977).

    Parameters
    ----------
    R : numpy.ndarray, shape (k, k)
    is_open : numpy.ndarray of bool, shape (k, k)

    Returns
    -------
    numpy.ndarray, shape (k, k)
        R, its open cells filled in.
    """
    for _ in range(ROUNDS):
        filled = np.where(is_open, nearest_correlation(R), R)
        if np.abs(filled - R).max() < SETTLED:
            break
        R = filled
    return filled
