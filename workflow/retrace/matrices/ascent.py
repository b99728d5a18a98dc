"""Ways up inside a box of correlation matrices: how far they lead, and which one leads far."""

from __future__ import annotations

import numpy as np

from retrace.matrices.rounding_box import cell_places, matrices, order_of

# Least distance from a face of the box, as a share of its width, at which steps are computed.
_OFF_THE_FACE = 1e-12
# Added to the metric's unit diagonal, against round-off.
_RIDGE = 1e-12


def way_to_singularity(cells: np.ndarray, way: np.ndarray) -> np.ndarray:
    """Largest s for which each matrix of cells + s way is positive semidefinite, s > 0.

    Parameters
    ----------
    cells : ndarray, shape (N, m)
        Cells above the diagonal, row by row, of positive definite matrices.
    way : ndarray, shape (N, m)

    Returns
    -------
    ndarray, shape (N,)
        Infinite where no way leads to a singular matrix.
    """
    p = order_of(cells.shape[1])
    root = np.linalg.inv(np.linalg.cholesky(matrices(cells, p)))
    direction = matrices(way, p) - np.eye(p)
    least = np.linalg.eigvalsh(root @ direction @ np.swapaxes(root, -1, -2))[:, 0]
    return np.where(least < 0.0, -1.0 / np.minimum(least, -1e-300), np.inf)


def interior_way(
    cells: np.ndarray, gradient: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Affine scaling (Dikin 1967): the gradient, scaled by the room that the box and the cone of
    definite matrices leave in each direction, so that the way keeps off both and follows them.

    The metric is the Hessian of -log det R - sum log (high - r) - sum log (r - low) (Boyd and
    Vandenberghe 2004, section 8.5.3).

    Parameters
    ----------
    cells, gradient : ndarray, shape (N, m)
        Points inside the box and the cone, and the slopes to climb.
    low, high : ndarray, shape (m,)

    Returns
    -------
    way : ndarray, shape (N, m)
        Scaled so that the box ends at cells + way.
    reach : ndarray, shape (N,)
        Share of the way after which the box or the cone ends, at most 1.
    """
    m = cells.shape[1]
    p = order_of(m)
    a, b = cell_places(p)
    P = np.linalg.inv(matrices(cells, p))
    a, b = a[:, None], b[:, None]
    metric = 2.0 * (P[:, a, a.T] * P[:, b, b.T] + P[:, a, b.T] * P[:, b, a.T])
    width = high - low
    free = width > 0
    room = np.maximum(np.stack([high - cells, cells - low]), _OFF_THE_FACE * width)
    room[:, :, ~free] = 1.0
    metric[:, np.arange(m), np.arange(m)] += (room**-2.0).sum(axis=0)
    # Next to a face or a singular matrix the metric spans many orders of magnitude.
    scale = 1.0 / np.sqrt(np.diagonal(metric, axis1=1, axis2=2))
    metric *= scale[:, :, None] * scale[:, None, :]
    metric[:, np.arange(m), np.arange(m)] += _RIDGE
    slope = np.where(free, scale * gradient, 0.0)
    way = scale * np.linalg.solve(metric, slope[..., None])[..., 0]
    way[:, ~free] = 0.0
    ahead = np.where(way > 0, high - cells, cells - low)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.where(way != 0, ahead / np.abs(way), np.inf).min(axis=1)
    way = way * np.where(np.isfinite(steps), steps, 0.0)[:, None]
    return way, np.minimum(1.0, way_to_singularity(cells, way))
