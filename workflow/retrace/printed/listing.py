"""Lists in messages and rows: the first few by name, and how many there are beside these."""

from __future__ import annotations

from collections.abc import Collection, Sequence

# What a message lists, where there are more: names, and pairs of them.
MOST_LISTED, MOST_PAIRS = 12, 3


def listed(names: Collection[str], most: int = MOST_LISTED, more: str = "more") -> str:
    """`a, b, c and 2 more`.

    Parameters
    ----------
    names : collection of str
    most : int
        How many are named.
    more : str
        What the others are called.
    """
    rest = f" and {len(names) - most} {more}" if len(names) > most else ""
    return ", ".join(list(names)[:most]) + rest


def pairs_in_words(pairs: Sequence[tuple[str, str]], most: int = MOST_PAIRS) -> str:
    """`a and b, a and c and 2 more pairs`, so many of them by name."""
    return listed([f"{one} and {other}" for one, other in pairs], most, "more pairs")
