"""Scores whose items can have an alpha: other values with the same sum and sum of squares.

A mean and an SD leave the shape of scores open, and the shape decides what alpha their items can
have: upwards the remainders of the totals by the number of items, downwards how many points rows
can spread to the ends of the scale (`retrace.synthetic.alphas.attainable_alpha`). Four rows moved
at once, two apart and two together, keep the sum and the sum of squares, and the best of very many
such moves is made again and again.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from retrace.printed.numbers import Printed
from retrace.synthetic.alphas import attainable_alpha, most_squares, smallest_alpha
from retrace.synthetic.marginals import Lattice, MarginalNotFoundError, draw_marginal

# Moves compared at once, tries without a better one, and moves made at most.
MOVES = 512
PATIENCE = 4
LONGEST = 200

# Pairs of a sum and a sum of squares for which values are looked for.
LOOKED_AT = 24

# What so many times each move gain: counts, values moved out and into, times.
Gain = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def with_alpha(
    values: np.ndarray,
    lattice: Lattice,
    wanted: tuple[float, float],
    rng: np.random.Generator,
) -> np.ndarray:
    """Values with the same sum and sum of squares whose items can have an alpha, or nearly.

    Parameters
    ----------
    values : numpy.ndarray of int, shape (n,)
        Row totals of m items, two or more.
    lattice : Lattice
    wanted : (float, float)
        An alpha that the largest is to reach, and one that the smallest is not to exceed.
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray of int64, shape (n,), sorted
        The same values where they have such an alpha already.
    """
    ends = lattice.scale
    smallest, largest = attainable_alpha(values, lattice.m, *ends)
    upwards = largest < wanted[0]
    if not upwards and smallest <= wanted[1]:
        return values
    counts = np.bincount(values - lattice.low, minlength=lattice.width + 1)
    gain = (_remainders if upwards else _spread)(lattice)
    idle = 0
    for _ in range(LONGEST):
        found = _best_move(counts, gain, rng)
        if found is None:
            idle += 1
            if idle == PATIENCE:
                break
            continue
        counts, idle = found, 0
        values = np.repeat(np.arange(lattice.low, lattice.high + 1), counts)
        smallest, largest = attainable_alpha(values, lattice.m, *ends)
        if largest >= wanted[0] if upwards else smallest <= wanted[1]:
            break
    return values


def moments_with_alpha(
    lattice: Lattice, sums: np.ndarray, squares: np.ndarray, alpha: Printed
) -> np.ndarray:
    """Which sums and sums of squares go with an alpha, as far as a few looked at tell.

    The more scores vary, the larger are the smallest and the largest alpha of their items, so those
    between the least and the most spread for which values were found are taken. Where not all of
    these had values it is a matter of remainders too (of two items an odd number of odd totals, or
    none, is one of the sum of squares by four), and only remainders with values are taken.

    Parameters
    ----------
    lattice : Lattice
    sums, squares : numpy.ndarray of int, shape (c,)
    alpha : Printed

    Returns
    -------
    numpy.ndarray of bool, shape (c,)
        Nowhere true if values were found for none of those looked at.
    """
    spread = squares - np.square(sums, dtype=float) / lattice.n
    possible = np.flatnonzero(smallest_alpha(lattice, sums, squares) <= alpha.interval[1])
    possible = possible[np.argsort(spread[possible], kind="stable")]
    chosen = np.zeros(len(sums), dtype=bool)
    if not len(possible):
        return chosen
    places = possible[np.unique(np.linspace(0, len(possible) - 1, LOOKED_AT).astype(int))]
    # The same at every call, so that data sets do not depend on which job draws them.
    rng = np.random.default_rng(0)
    there = np.array([_has_alpha(lattice, sums[p], squares[p], alpha, rng) for p in places])
    if not there.any():
        return chosen
    least, most = spread[places[there]].min(), spread[places[there]].max()
    chosen[possible] = (spread[possible] >= least) & (spread[possible] <= most)
    if not there[chosen[places]].all():
        m = lattice.m
        rests = sums % m * 2 * m + squares % (2 * m)
        chosen &= np.isin(rests, rests[places[there]])
    return chosen


def _has_alpha(
    lattice: Lattice, total: int, squares: int, alpha: Printed, rng: np.random.Generator
) -> bool:
    """Whether values were found whose items can have an alpha."""
    try:
        values = draw_marginal(lattice, int(total), int(squares), rng)
    except MarginalNotFoundError:
        return False
    values = with_alpha(values, lattice, (alpha.value, alpha.value), rng)
    return alpha.meets(*attainable_alpha(values, lattice.m, *lattice.scale))


def _best_move(counts: np.ndarray, gain: Gain, rng: np.random.Generator) -> np.ndarray | None:
    """Counts after the best of many moves of four rows; None where none of them gains."""
    width = len(counts) - 1
    there = np.flatnonzero(counts)
    a, b, c = there[rng.integers(0, len(there), (3, MOVES))]
    step = rng.integers(1, max(width // 2, 1) + 1, MOVES)
    # a - step and b + step add 2 step (b - a + step) to the squares, c + step and d - step take it.
    d = c + b - a + 2 * step
    inside = (a >= step) & (b + step <= width) & (c + step <= width) & (d >= step) & (d <= width)
    out = np.stack([a, b, c, d])[:, inside]
    step = step[inside]
    into = out + np.stack([-step, step, step, -step])
    # As many rows at once as there are, or fewer by lot.
    needed = (out[:, None] == out[None]).sum(axis=0)
    room = (counts[out] // needed).min(axis=0, initial=counts.sum())
    times = np.minimum(room, 1 << rng.integers(0, 1 + int(counts.max()).bit_length(), len(step)))
    some = times > 0
    if not some.any():
        return None
    out, into, times = out[:, some], into[:, some], times[some]
    gains = gain(counts, out, into, times)
    best = int(np.argmax(gains))
    if gains[best] <= 1e-9:
        return None
    moved = counts.copy()
    np.add.at(moved, out[:, best], -times[best])
    np.add.at(moved, into[:, best], times[best])
    return moved


def _remainders(lattice: Lattice) -> Gain:
    """What moves take off the sum over pairs of rows of r (m - r), r the remainders' difference."""
    m = lattice.m
    cost = np.arange(m) * (m - np.arange(m))

    def gain(
        counts: np.ndarray, out: np.ndarray, into: np.ndarray, times: np.ndarray
    ) -> np.ndarray:
        values = np.arange(lattice.low, lattice.low + len(counts)) % m
        rests = np.bincount(values, counts, minlength=m)
        potential = np.array([cost[(np.arange(m) - r) % m] @ rests for r in range(m)])
        changed = np.concatenate([values[out], values[into]])
        sign = np.repeat([-1, 1], 4)[:, None]
        between = cost[(changed[:, None] - changed[None]) % m] * sign[:, None] * sign[None]
        linear = (potential[changed] * sign).sum(axis=0)
        return -(times * linear + times**2 * between.sum(axis=(0, 1)) / 2)

    return gain


def _spread(lattice: Lattice) -> Gain:
    """What moves add to the largest sum of squares of the responses."""
    totals = np.arange(lattice.low, lattice.high + 1)
    most = most_squares(totals, lattice.m, *lattice.scale).astype(float)

    def gain(
        counts: np.ndarray, out: np.ndarray, into: np.ndarray, times: np.ndarray
    ) -> np.ndarray:
        return times * (most[into] - most[out]).sum(axis=0)

    return gain
