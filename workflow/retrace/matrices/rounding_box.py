"""The matrices that print like a correlation table: is one of them positive definite, and which?

Each printed correlation stands for the interval that rounds to it; together they make a box of
cells. Cells are those above the diagonal, row by row: m = p (p - 1) / 2 of a p x p matrix.
"""

from __future__ import annotations

from functools import cache
from itertools import islice

import numpy as np
from numpy.typing import ArrayLike

from retrace.matrices.correlations import alternating_projections
from retrace.matrices.small_batches import more_definite_than

# Least eigenvalue of a matrix that counts as positive definite: a margin for round-off.
DEFINITE = 1e-10
# Eigenvalue that projections aim at: what they reach after finitely many steps is above half of it.
_FLOOR = 1e-8
# Shares of the box's half widths in which an interior matrix is looked for, widest last.
_SHRUNK = (0.9, 0.99, 0.999)
_NEWTON_STEPS = 100


class NoMatrixError(ValueError):
    """No positive definite matrix prints like the table.

    Attributes
    ----------
    certificate : ndarray, shape (p, p), or None
        A positive semidefinite W with tr(W R) < 0 for every matrix R of the box; a positive
        definite R would give a positive trace. None where neither a matrix nor a proof was found.
    """

    def __init__(self, certificate: np.ndarray | None = None):
        self.certificate = certificate
        super().__init__(
            "no set of observations has the printed correlations: "
            + (
                "no positive definite matrix that rounds to the table was found"
                if certificate is None
                else "every matrix that rounds to the table is indefinite"
            )
        )


@cache
def cell_places(p: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of the cells above the diagonal of a p x p matrix, row by row."""
    return np.triu_indices(p, 1)


def order_of(cells: int) -> int:
    """p of the matrices that have so many cells above the diagonal."""
    return round((1 + np.sqrt(1 + 8 * cells)) / 2)


def matrices(cells: np.ndarray, p: int) -> np.ndarray:
    """Correlation matrices, shape (N, p, p), from their cells above the diagonal, row by row."""
    a, b = cell_places(p)
    R = np.ones((*cells.shape[:-1], p, p))
    R[..., a, b] = cells
    R[..., b, a] = cells
    return R


def positive_definite(R: np.ndarray) -> np.ndarray:
    """Whether each matrix of a batch is positive definite, with a margin for round-off."""
    return more_definite_than(R, DEFINITE)


def trace_ceiling(W: np.ndarray, centre: np.ndarray, radius: np.ndarray) -> float:
    """Largest tr(W R) over the matrices R of a box of cells."""
    weights = 2.0 * W[cell_places(len(W))]
    return float(np.trace(W) + weights @ centre + np.abs(weights) @ radius)


def rank_one_ceiling(v: np.ndarray, centre: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Largest v'Rv over the matrices R of each box of cells, shape (N,); v has shape (N, p)."""
    a, b = cell_places(v.shape[1])
    weights = 2.0 * v[:, a] * v[:, b]
    return (v**2).sum(axis=1) + (weights * centre + np.abs(weights) * radius).sum(axis=1)


def matrix_in_box(low: ArrayLike, high: ArrayLike, iterations: int = 2000) -> np.ndarray:
    """Cells of a positive definite matrix inside a box: the middle where it is one, else one that
    alternating projections lead to.

    Parameters
    ----------
    low, high : array_like, shape (m,)

    Raises
    ------
    NoMatrixError
        If the box is proven to hold none (what separates the last two projections is the proof,
        Bauschke and Borwein 1994), or none was found.
    """
    low, high = np.asarray(low, float), np.asarray(high, float)
    centre, radius = (low + high) / 2.0, (high - low) / 2.0
    p = order_of(len(low))
    upper = cell_places(p)

    def into_box(R: np.ndarray) -> np.ndarray:
        return matrices(np.clip(R[upper], low, high), p)

    rounds = alternating_projections(matrices(centre, p), into_box, _FLOOR)
    for R in islice(rounds, iterations):
        values, vectors = np.linalg.eigh(R)
        if values[0] > _FLOOR / 2:
            return R[upper]
        negative = (vectors * np.maximum(-values, 0.0)) @ vectors.T
        if trace_ceiling(negative, centre, radius) < -1e-12 * np.trace(negative):
            raise NoMatrixError(negative / np.trace(negative))
    raise NoMatrixError


def start_in_box(low: ArrayLike, high: ArrayLike) -> np.ndarray:
    """The middle of a box where it is positive definite, else its central matrix.

    Raises
    ------
    NoMatrixError
        As `matrix_in_box`.
    """
    middle = (np.asarray(low, float) + np.asarray(high, float)) / 2.0
    definite = positive_definite(matrices(middle, order_of(len(middle))))
    return middle if definite else central_matrix(low, high)


def central_matrix(low: ArrayLike, high: ArrayLike) -> np.ndarray:
    """Cells of the analytic centre of the positive definite matrices inside a box.

    The one matrix that maximises log det R + sum log (high - r) + sum log (r - low) (Boyd and
    Vandenberghe 2004, section 8.5.3), by Newton's method. The nearest definite matrix is singular,
    and a regression on it has no meaning; the centre is as far inside as the box allows.

    Parameters
    ----------
    low, high : array_like, shape (m,)

    Raises
    ------
    NoMatrixError
        As `matrix_in_box`.
    """
    low, high = np.asarray(low, float), np.asarray(high, float)
    x = _interior(low, high)
    p = order_of(len(low))
    a, b = cell_places(p)

    def height(cells: np.ndarray) -> float:
        sign, logdet = np.linalg.slogdet(matrices(cells, p))
        inside = (cells > low) & (cells < high)
        if sign <= 0 or not inside.all() or not positive_definite(matrices(cells, p)):
            return -np.inf
        return logdet + np.log(high - cells).sum() + np.log(cells - low).sum()

    now = height(x)
    for _ in range(_NEWTON_STEPS if np.isfinite(now) else 0):
        P = np.linalg.inv(matrices(x, p))
        gradient = 2.0 * P[a, b] - 1.0 / (high - x) + 1.0 / (x - low)
        curvature = 2.0 * (P[np.ix_(a, a)] * P[np.ix_(b, b)] + P[np.ix_(a, b)] * P[np.ix_(b, a)])
        curvature[np.diag_indices(len(x))] += (high - x) ** -2.0 + (x - low) ** -2.0
        step = np.linalg.solve(curvature, gradient)
        rise = float(gradient @ step)
        if rise < 1e-16:
            break
        share = 1.0
        while not height(x + share * step) >= now + 0.1 * share * rise and share > 1e-10:
            share /= 2.0
        if share <= 1e-10:
            break
        x = x + share * step
        now = height(x)
    return x


def _interior(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Cells of a definite matrix inside the box, off its faces where there is one."""
    centre, radius = (low + high) / 2.0, (high - low) / 2.0
    for share in _SHRUNK:
        try:
            return matrix_in_box(centre - share * radius, centre + share * radius)
        except NoMatrixError:
            continue
    return matrix_in_box(low, high)
