"""p values corrected for several tests: Bonferroni, Holm (1979), Benjamini and Hochberg (1995).

Each corrected p is a function of all p of its family that rises with every one of them, so that
the ends of corrected p are the corrected ends.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# At face value, least, most.
Implied = tuple[float, float, float]

BONFERRONI, HOLM, FALSE_DISCOVERY = "Bonferroni", "Holm", "Benjamini and Hochberg"
CORRECTIONS = (BONFERRONI, HOLM, FALSE_DISCOVERY)
# What entries of tables call them.
DECLARED = {"bonferroni": BONFERRONI, "holm": HOLM, "fdr": FALSE_DISCOVERY}


def corrected(p: np.ndarray, correction: str) -> np.ndarray:
    """The corrected p values of a family; NaN where one of them is not known.

    Parameters
    ----------
    p : ndarray, shape (m,)
    correction : str
        One of `CORRECTIONS`.

    Raises
    ------
    KeyError
        For any other.
    """
    m = len(p)
    if np.isnan(p).any():
        return np.full(m, np.nan)
    order = np.argsort(p, kind="stable")
    ranked, rank = p[order], np.arange(1, m + 1)
    found = {
        BONFERRONI: lambda: m * ranked,
        HOLM: lambda: np.maximum.accumulate((m + 1 - rank) * ranked),
        FALSE_DISCOVERY: lambda: np.minimum.accumulate((m / rank * ranked)[::-1])[::-1],
    }[correction]()
    result = np.empty(m)
    result[order] = np.minimum(found, 1.0)
    return result


def corrected_ends(p: Sequence[Implied], correction: str, others: int = 0) -> list[Implied]:
    """The same for p values with their ends: at face value, least, most.

    `others` are p values of the family that are not known; they may be anything.
    """
    family = [*p, *[(np.nan, 0.0, 1.0)] * others]
    columns = [
        corrected(column, correction)[: len(p)] for column in np.array(family, dtype=float).T
    ]
    return [
        (float(face), float(low), float(high)) for face, low, high in zip(*columns, strict=True)
    ]
