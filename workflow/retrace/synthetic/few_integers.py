"""A few whole numbers with a given sum and sum of squares: every one there is.

Of three or four numbers not every sum of squares of the right parity and range is possible: four
times it, less the square of the sum, has to be a sum of two or three squares of a kind (Cauchy
1813; Gauss 1801). From five numbers on the only gaps are near the ends of a range
(`retrace.synthetic.integer_sums`). So few are enumerated: all but two, which follow from a
quadratic.
"""

from __future__ import annotations

from functools import lru_cache
from math import comb

import numpy as np

# Up to so many numbers gaps are possible anywhere, and up to so many are enumerated.
GAPPED = 4
FEW = 5

# Rows that are enumerated at most.
MOST_ROWS = 500_000


def can_enumerate(n: int, width: int) -> bool:
    """Whether n numbers on so wide a scale are few enough to look at all."""
    return 2 <= n <= FEW and comb(width + n - 2, n - 2) <= MOST_ROWS


def all_values(n: int, width: int, total: int, squares: int) -> np.ndarray:
    """All rows of n whole numbers from 0 to `width` with these sums, in the order of enumeration.

    Parameters
    ----------
    n : int
        From 2 to `FEW`, such that `can_enumerate`.
    width, total, squares : int

    Returns
    -------
    numpy.ndarray of int64, shape (c, n)
        Sorted rows, each of which may be there several times; empty where there are none.
    """
    some = _some(n - 2, width)
    rest, rest_squares = total - some.sum(axis=1), squares - (some**2).sum(axis=1)
    # x + y = s and x^2 + y^2 = q have (x - y)^2 = 2 q - s^2.
    square = 2 * rest_squares - rest**2
    root = np.rint(np.sqrt(np.maximum(square, 0))).astype(np.int64)
    whole = (root**2 == square) & ((rest - root) % 2 == 0)
    whole &= (rest >= root) & (rest + root <= 2 * width)
    low, high = (rest - root)[whole] // 2, (rest + root)[whole] // 2
    return np.sort(np.column_stack([some[whole], low, high]), axis=1)


@lru_cache(maxsize=8)
def _some(count: int, width: int) -> np.ndarray:
    rows = np.zeros((1, 0), dtype=np.int64)
    for _ in range(count):
        # Each row goes on with every number that is not below its last.
        last = rows[:, -1] if rows.shape[1] else np.zeros(1, dtype=np.int64)
        more = width + 1 - last
        start = np.repeat(more.cumsum() - more, more)
        added = np.arange(more.sum()) - start + np.repeat(last, more)
        rows = np.column_stack([np.repeat(rows, more, axis=0), added])
    return rows
