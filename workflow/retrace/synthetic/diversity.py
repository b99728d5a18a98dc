"""How alike data sets are: which rows any two have in common, and who stands where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def rows_shared(data_sets: Sequence[np.ndarray]) -> np.ndarray:
    """Share of rows that any two data sets have in common, as multisets, whatever their order.

    Parameters
    ----------
    data_sets : sequence of d arrays, shape (n, k)

    Returns
    -------
    numpy.ndarray, shape (d, d)
        Symmetric, ones on the diagonal.
    """
    from scipy.sparse import csr_array

    d, (n, k) = len(data_sets), data_sets[0].shape
    rows = np.ascontiguousarray(np.concatenate(data_sets))
    whole = rows.view(np.dtype((np.void, rows.itemsize * k))).ravel()
    _, row = np.unique(whole, return_inverse=True)
    pair, count = np.unique(np.repeat(np.arange(d), n) * len(rows) + row, return_counts=True)
    common = np.zeros((d, d))
    # min(a, b) is the number of c with c <= a and c <= b.
    for c in range(1, count.max() + 1):
        often = pair[count >= c]
        places = np.divmod(often, len(rows))
        has = csr_array((np.ones(len(often)), places), shape=(d, len(rows)))
        common += (has @ has.T).toarray()
    return common / n


def order_shared(data_sets: Sequence[np.ndarray]) -> np.ndarray:
    """Largest correlation, in absolute value, of a column of one data set with that of another.

    Row by row: 1 for copies of which few cells differ, about 1 / sqrt(n) for independent orders.

    Parameters
    ----------
    data_sets : sequence of d arrays, shape (n, k)

    Returns
    -------
    numpy.ndarray, shape (d, d)
        Symmetric, ones on the diagonal.
    """
    largest = np.zeros((len(data_sets),) * 2)
    for column in range(data_sets[0].shape[1]):
        R = np.corrcoef([scores[:, column] for scores in data_sets])
        largest = np.maximum(largest, np.abs(R))
    return largest
