"""Means over every distribution with given moments, bounded by weak duality.

Data are distributions over the values of a lattice, so what no distribution has, no data have. Any
multipliers of a linear program bound its minimum, however well it was solved: the bound is
computed from them anew, with what its own rounding may cost taken off.
"""

from __future__ import annotations

import numpy as np

# Of the sizes summed: far more than double precision loses on as many terms.
ROUNDING = 1e-11


def least_mean(
    costs: np.ndarray, rows: np.ndarray, lowest: np.ndarray, highest: np.ndarray
) -> float | None:
    """A bound below the mean cost of every distribution whose means of some rows are limited.

    Parameters
    ----------
    costs : numpy.ndarray, shape (values,)
    rows : numpy.ndarray, shape (r, values)
    lowest, highest : numpy.ndarray, shape (r,)
        Limits of the mean of each row.

    Returns
    -------
    float or None
        None where no multipliers were found, which says nothing.
    """
    from scipy.optimize import linprog

    A, b = np.vstack([rows, -rows]), np.concatenate([highest, -lowest])
    scale = np.maximum(np.abs(A).max(axis=1), 1e-300)
    A, b = A / scale[:, None], b / scale
    whole = {"A_eq": np.ones((1, len(costs))), "b_eq": [1.0], "method": "highs"}
    found = linprog(costs, A_ub=A, b_ub=b, **whole)
    if found.status != 0:
        return None
    y = np.minimum(found.ineqlin.marginals, 0.0)
    bound = b @ y + (costs - y @ A).min()
    size = np.abs(costs).max() + (np.abs(y) @ np.abs(A)).max() + np.abs(b) @ np.abs(y)
    return float(bound - ROUNDING * size)
