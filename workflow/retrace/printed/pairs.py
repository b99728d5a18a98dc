"""Pairs of variables in words."""

from __future__ import annotations

from collections.abc import Sequence

# Pairs that a message names where there are more.
MOST_NAMED = 3


def pairs_in_words(pairs: Sequence[tuple[str, str]], most: int = MOST_NAMED) -> str:
    """`a and b, a and c and 2 more pairs`: the first pairs by name, and how many others there are.

    Parameters
    ----------
    pairs : sequence of (str, str)
    most : int
        How many are named.
    """
    some = ", ".join(f"{one} and {other}" for one, other in pairs[:most])
    return some + (f" and {len(pairs) - most} more pairs" if pairs[most:] else "")
