"""Whole-number moments moved a few steps at a time until every printed statistic follows.

A beam of choices ends near the printed statistics; how near depends on the lattice. Around each
of its ends lie very many whole-number moments: six of the smallest moves at once, of some hundred,
make thousands of millions. What a move changes is computed once; that changes add up holds well
enough so near by. So sets of two or three moves are sorted by the two statistics that are hardest
to meet, and for each set only those are looked at that make up for what it lacks there (meeting in
the middle; Horowitz and Sahni 1974), then in the next statistic, and so on. Many ends are tried,
each with few sets: whether anything prints near one says little of the next.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from retrace.synthetic.integer_moments import Aim, correlation_steps
from retrace.synthetic.marginals import Lattice
from retrace.synthetic.printed_statistics import PrintedStatistics

# Sets of up to three moves; each is combined with each.
SETS = 5000

# Combinations looked at together, and at most.
BATCH = 500_000
LOOKED = 20_000_000

# Sets this far from each other, in the order of their numbers, are the sample of combinations.
SAMPLED = (0, 1, 7, 61)
SAMPLE = 8192

# What is compared exactly afterwards is searched for this much further.
HAIR = 1e-6

# Combinations of which the best is chosen, evaluated exactly.
EXACT = 2000

# Half widths to come within, where nothing comes within one, and rounds of coming nearer.
WITHIN = (1.0, 4.0, 16.0, 64.0)
ROUNDS = 4

# Predicted values stay this share of a half width inside: changes do not quite add up.
INSIDE = 0.02


def is_fine(statistics: PrintedStatistics) -> bool:
    """Whether most correlations still print the same when their cross product moves by one.

    Where they do not there are next to no moves to combine.
    """
    target = statistics.target
    steps = correlation_steps(target)
    units = [
        2 * half / steps[tuple(row.columns)]
        for row, half in zip(statistics.rows, statistics.half, strict=True)
        if row.kind == "r"
    ]
    return not units or float(np.median(units)) >= 1


def polish(
    statistics: PrintedStatistics, aims: Aim, rng: np.random.Generator
) -> tuple[Aim, np.ndarray]:
    """Move whole-number moments nearby until everything prints as printed, or as near as found.

    Parameters
    ----------
    statistics : PrintedStatistics
    aims : Aim
        Moments of data sets, the nearest first, of which only the columns of models are moved:
        each by one set of moves until everything prints; if nothing does, the nearest by more.
    rng : numpy.random.Generator

    Returns
    -------
    aim : Aim
        Moments of one data set.
    misses : numpy.ndarray, shape (S,)
        Signed, in half widths.
    """
    moves = _Moves(statistics)
    best, misses = aims[0], moves.misses(aims[:1])[0]
    for i in range(len(aims.sums)):
        if not misses.any():
            break
        found = moves.nearest(aims[i], WITHIN[:1], rng)
        if found is not None and _cost(found[1]) < _cost(misses):
            best, misses = found
    for _ in range(ROUNDS):
        if not misses.any():
            break
        found = moves.nearest(best, WITHIN, rng)
        if found is None or _cost(found[1]) >= _cost(misses):
            break
        best, misses = found
    return best, misses


def _cost(misses: np.ndarray) -> tuple[int, float]:
    return int((misses != 0).sum()), float(np.abs(misses).sum())


class _Moves:
    """The smallest moves of the moments of the columns in models."""

    def __init__(self, statistics: PrintedStatistics):
        self.statistics, self.target = statistics, statistics.target
        used = set().union(*(row.columns for row in statistics.rows if row.model >= 0))
        self.columns = sorted(used)
        self.lattices = [Lattice.of(self.target, c) for c in range(self.target.k)]

    def misses(self, aims: Aim) -> np.ndarray:
        """Signed misses of a batch, shape (batch, S); infinite where no data have such moments."""
        misses = self.statistics.misses(self.statistics.evaluate(*aims.moments(self.target)))
        for c in self.columns:
            lattice, sums, squares = self.lattices[c], aims.sums[:, c], aims.squares[:, c]
            misses[~lattice.are_possible(sums, squares)] = np.inf
        return misses

    def nearest(
        self, aim: Aim, within: tuple[float, ...], rng: np.random.Generator
    ) -> tuple[Aim, np.ndarray] | None:
        """The best of the moments a few moves away, and what it misses; None where none are near.

        Those are evaluated that are predicted to come within the first of some widths, in half
        widths of print, that any come within.
        """
        found = self._nearby(aim, within, rng)
        if found is None:
            return None
        misses = self.misses(found)
        first = np.lexsort((np.abs(misses).sum(axis=1), (misses != 0).sum(axis=1)))[0]
        return found[first], misses[first]

    def _nearby(self, aim: Aim, within: tuple[float, ...], rng: np.random.Generator) -> Aim | None:
        steps = self._steps(aim)
        moved = self._moved(aim, steps, np.eye(len(steps[0]), dtype=np.int64))
        values = self.statistics.evaluate(*moved.moments(self.target))
        now = self.statistics.evaluate(*aim[None].moments(self.target))[0]
        sets = self._sets(len(values), rng)
        unit = self.statistics.half
        change = np.vstack([(values - now) / unit, np.zeros(len(unit))])
        sums = change[sets].sum(axis=1)
        low = (self.statistics.low - now) / unit
        high = (self.statistics.high - now) / unit
        for width in within:
            room = width - 1 - INSIDE
            found = _combine(sums, low - room, high + room)
            if len(found):
                times = np.zeros((len(found), len(change)), dtype=np.int64)
                for made in sets[found].reshape(len(found), -1).T:
                    np.add.at(times, (np.arange(len(found)), made), 1)
                return self._moved(aim, steps, times[:, :-1])
        return None

    def _steps(self, aim: Aim) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The moves: changes of sums (d, k), squares (d, k) and cross products (d, k, k)."""
        k, n = self.target.k, self.target.n
        moves = []
        for i, j in combinations(self.columns, 2):
            products = np.zeros((k, k), dtype=np.int64)
            products[i, j] = products[j, i] = 1
            moves.append((np.zeros(k, dtype=np.int64), np.zeros(k, dtype=np.int64), products))
        for i in self.columns:
            squares = np.zeros(k, dtype=np.int64)
            squares[i] = 2  # a sum of squares has the parity of its sum
            moves.append((np.zeros(k, dtype=np.int64), squares, np.zeros((k, k), dtype=np.int64)))
            # Another sum, with everything else about the mean as nearly the same as can be.
            sums = np.zeros(k, dtype=np.int64)
            sums[i], squares = 1, np.zeros(k, dtype=np.int64)
            squares[i] = 2 * int(np.rint((2 * aim.sums[i] / n - 1) / 2)) + 1
            products = np.zeros((k, k), dtype=np.int64)
            products[i] = products[:, i] = np.rint(aim.sums / n)
            moves.append((sums, squares, products))
        up = [np.array(part) for part in zip(*moves, strict=True)]
        both = [np.concatenate([part, -part]) for part in up]
        return both[0], both[1], both[2]

    def _moved(
        self, aim: Aim, steps: tuple[np.ndarray, np.ndarray, np.ndarray], times: np.ndarray
    ) -> Aim:
        """Moments after so many times each move, shape (batch, d)."""
        sums = aim.sums + times @ steps[0]
        squares = aim.squares + times @ steps[1]
        products = aim.products + np.tensordot(times, steps[2], axes=1)
        k = self.target.k
        products[:, range(k), range(k)] = squares
        return Aim(sums, squares, products)

    def _sets(self, d: int, rng: np.random.Generator) -> np.ndarray:
        """Sets of moves, shape (s, 3): each single one, pairs, threes; move d is to stay."""
        few = np.column_stack([*np.triu_indices(d + 1), np.full((d + 1) * (d + 2) // 2, d)])
        if len(few) > SETS:
            return few[rng.choice(len(few), SETS, replace=False)]
        return np.vstack([few, rng.integers(0, d, (SETS - len(few), 3))])


def _combine(sums: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Rows a, b with low <= sums[a] + sums[b] <= high in every column; at most `EXACT` of them."""
    if not len(low):
        return np.empty((0, 2), dtype=int)
    # Statistics in the order of how few combinations have them right, by a sample of these.
    right, some = np.zeros(len(low)), sums[:SAMPLE]
    for shift in SAMPLED:
        together = some + np.roll(some, shift, axis=0)
        right += ((together >= low) & (together <= high)).mean(axis=0)
    rows = np.argsort(right, kind="stable")
    hard = rows[[0, min(1, len(rows) - 1)]]
    order, starts, counts = _partners(sums[:, hard], low[hard], high[hard])
    keys = np.ascontiguousarray(sums[order][:, rows].T)
    firsts = np.tile(np.arange(len(order)), 2)
    found, total, first = [], 0, 0
    ends = np.cumsum(counts)
    while first < len(counts) and total < EXACT and (first == 0 or ends[first - 1] < LOOKED):
        last = max(int(np.searchsorted(ends, (ends[first - 1] if first else 0) + BATCH)), first + 1)
        part = counts[first:last]
        a = np.repeat(firsts[first:last], part)
        b = np.arange(part.sum()) - np.repeat(np.cumsum(part) - part, part)
        b += np.repeat(starts[first:last], part)
        for row, key in zip(rows, keys, strict=True):
            if not len(a):
                break
            value = key[a] + key[b]
            keep = np.flatnonzero((value >= low[row]) & (value <= high[row]))
            a, b = a[keep], b[keep]
        found.append(np.column_stack([a, b]))
        total += len(a)
        first = last
    return order[np.concatenate(found)[:EXACT]]


def _partners(
    keys: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each row, the range of rows that may make up for what it lacks in two columns.

    Rows are sorted into strips as wide as what is allowed in the first column, and within a strip
    by the second: what one row wants lies in two strips next to each other, in one run of each.

    Returns
    -------
    order : numpy.ndarray of int, shape (s,)
        Rows as sorted.
    starts, counts : numpy.ndarray of int, shape (2 s,)
        Runs, as positions in this order, for each row of it and again for its second strip. Each
        pair of rows is in one of them.
    """
    size = np.maximum(high - low, 1e-9)
    strip = np.floor(keys[:, 0] / size[0])
    order = np.lexsort((keys[:, 1], strip))
    keys, strip = keys[order], strip[order]
    # One number to search by: strips one after another, with room for every second key between.
    reach = np.abs(keys[:, 1]).max() + np.abs([low[1], high[1]]).max() + 1.0
    apart = 4 * reach
    places = strip * apart + keys[:, 1]
    wanted = np.floor((low[0] - keys[:, 0]) / size[0])
    starts, counts = [], []
    for shift in (0, 1):
        base = (wanted + shift) * apart - keys[:, 1]
        start = np.searchsorted(places, base + low[1] - HAIR, side="left")
        end = np.searchsorted(places, base + high[1] + HAIR, side="right")
        start = np.maximum(start, np.arange(len(order)))
        starts.append(start)
        counts.append(np.maximum(end - start, 0))
    return order, np.concatenate(starts), np.concatenate(counts)
