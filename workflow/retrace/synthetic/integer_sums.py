"""Whole numbers with a given sum and sum of squares where most of them are at the ends of a range.

Of n whole numbers from 0 to w with sum s and sum of squares q, w s - q = sum of x (w - x): nothing
for each value at an end, w - 1 or more for each between. Where it is small, few values lie between,
and whether they can have both sums is decided exactly, like making up an amount with as few coins
as possible (dynamic programming; Bellman 1957). Where it is large everything of the right parity
is possible.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

# Up to w**2 / 4 and so many times w, gaps are looked for; by enumeration for every w up to 60 there
# are none beyond. More than `MOST` is not looked through.
TIMES = 12
MOST = 2000

# Draws of values between the ends, each completed with as many as needed, before giving up.
TRIES = 50

# A number, or an array of them.
Numbers = np.ndarray | int

# More values than any count.
NEVER = 2**30


def is_near(width: int, sums: Numbers, squares: Numbers) -> Any:
    """Whether so few values lie between the ends that not every sum of squares is possible."""
    return width * sums - squares <= _limit(width)


def is_possible(n: int, width: int, total: int, squares: int) -> bool:
    """Whether n whole numbers from 0 to `width`, near its ends, have one such pair of sums."""
    return len(_between(n, width, total, squares)[0]) > 0


def are_possible(n: int, width: int, sums: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """Whether n whole numbers from 0 to `width`, near its ends, have these sums.

    Parameters
    ----------
    n, width : int
    sums, squares : numpy.ndarray of int, shape (c,)
        With at least zero and at most the limit of `is_near` between the ends.

    Returns
    -------
    numpy.ndarray of bool, shape (c,)
    """
    pairs, inverse = np.unique(np.stack([sums, squares]), axis=1, return_inverse=True)
    found = [is_possible(n, width, int(s), int(q)) for s, q in pairs.T]
    return np.array(found, dtype=bool)[inverse.ravel()]


def draw_values(
    n: int, width: int, total: int, squares: int, rng: np.random.Generator
) -> np.ndarray | None:
    """Draw such values: shape (n,), sorted; None where none are found.

    Near the ends that means that there are none. Elsewhere values between the ends are drawn until
    what they leave is near.
    """
    if not is_near(width, total, squares):
        for _ in range(TRIES):
            some = _draw_between(width, total, squares, rng)
            rest = n - len(some), width, total - int(some.sum()), squares - int(some @ some)
            if rest[0] >= 0 and (others := draw_values(*rest, rng)) is not None:
                return np.sort(np.concatenate([some, others]))
        return None
    shares, most = _between(n, width, total, squares)
    if not len(shares):
        return None
    pick = int(rng.integers(len(shares)))
    share, left = int(shares[pick]), int(most[pick])
    cost, values = width * total - squares, []
    fewest, steps = _fewest(width), np.arange(1, width if width <= MOST else 1)
    costs = steps * (width - steps)
    at_top = (total - share) // width
    while cost:
        fits = (costs <= cost) & (steps <= share)
        fits[fits] = fewest[cost - costs[fits], share - steps[fits]] < left
        value = int(rng.choice(steps[fits]))
        values.append(value)
        cost, share, left = cost - value * (width - value), share - value, left - 1
    x = np.zeros(n, dtype=np.int64)
    x[: len(values)] = values
    x[len(values) : len(values) + at_top] = width
    return np.sort(x)


def _draw_between(width: int, total: int, squares: int, rng: np.random.Generator) -> np.ndarray:
    """Values between the ends that bring the rest near them."""
    values, cost = [], width * total - squares
    while cost > _limit(width):
        value = int(rng.integers(1, width))
        values.append(value)
        cost -= value * (width - value)
    return np.array(values, dtype=np.int64)


def _between(n: int, width: int, total: int, squares: int) -> tuple[np.ndarray, np.ndarray]:
    """Sums that the values between the ends can have, and how many such values at most."""
    fewest, cost = _fewest(width), width * total - squares
    if not 0 <= cost < len(fewest) or total < 0:
        return np.empty(0, dtype=int), np.empty(0, dtype=int)
    shares = np.arange(total % width, min(total, len(fewest) - 1) + 1, width)
    most = n - (total - shares) // width
    possible = fewest[cost, shares] <= most
    return shares[possible], most[possible]


def _limit(width: int) -> int:
    return min(width**2 // 4 + TIMES * width, MOST)


@lru_cache(maxsize=8)
def _fewest(width: int) -> np.ndarray:
    """The fewest values between the ends that leave a cost, by row, and have a sum, by column."""
    limit = _limit(width)
    fewest = np.full((limit + 1, limit + 1), NEVER, dtype=np.int32)
    fewest[0, 0] = 0
    # The cheapest value between the ends costs width - 1.
    steps = range(1, width) if width - 1 <= limit else ()
    coins = [(x * (width - x), x) for x in steps if x * (width - x) <= limit]
    for cost in range(1, limit + 1):
        row = fewest[cost]
        for paid, x in coins:
            if paid <= cost and x <= limit:
                np.minimum(row[x:], fewest[cost - paid, :-x] + 1, out=row[x:])
    return np.minimum(fewest, NEVER)
