"""Whole-number moments moved a few steps at a time until every printed statistic follows.

A beam of choices ends near the printed statistics; how near depends on the lattice. Around it lie
very many whole-number moments: six of the smallest moves at once, of some hundred, make thousands
of millions. What a move changes is computed once; that changes add up holds well enough so near by.
So sets of two or three moves are sorted by the statistic that is hardest to meet, and for each set
only those are looked at that make up for what it lacks there (meeting in the middle; Horowitz and
Sahni 1974), then in the next statistic, and so on.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from retrace.synthesis.marginals import Lattice
from retrace.synthesis.statistics import PrintedStatistics
from retrace.synthesis.whole import Aim

# Sets of up to three moves; each is combined with each.
SETS = 10_000

# Combinations looked at together, and at most.
BATCH = 500_000
LOOKED = 20_000_000

# Sets this far from each other, in the order of their numbers, are the sample of combinations.
SAMPLED = (0, 1, 7, 61)

# Combinations of which the best is chosen, evaluated exactly.
EXACT = 2000

# Half widths to come within, where nothing comes within one, and rounds of coming nearer.
WITHIN = (1.0, 4.0, 16.0, 64.0)
ROUNDS = 4

# Predicted values stay this share of a half width inside: changes do not quite add up.
INSIDE = 0.02


def polish(
    statistics: PrintedStatistics, aim: Aim, rng: np.random.Generator
) -> tuple[Aim, np.ndarray]:
    """Move whole-number moments nearby until everything prints as printed, or as near as found.

    Parameters
    ----------
    statistics : PrintedStatistics
    aim : Aim
        Moments of one data set, from which only the columns of models are moved.
    rng : numpy.random.Generator

    Returns
    -------
    aim : Aim
    misses : numpy.ndarray, shape (S,)
        Signed, in half widths.
    """
    moves = _Moves(statistics, aim)
    best, misses = aim, moves.misses(aim[None])[0]
    for _ in range(ROUNDS):
        if not misses.any():
            break
        found = moves.nearer(best, rng)
        if found is None:
            break
        again = moves.misses(found)
        first = np.lexsort((np.abs(again).sum(axis=1), (again != 0).sum(axis=1)))[0]
        if _cost(again[first]) >= _cost(misses):
            break
        best, misses = found[first], again[first]
    return best, misses


def _cost(misses: np.ndarray) -> tuple[int, float]:
    return int((misses != 0).sum()), float(np.abs(misses).sum())


class _Moves:
    """The smallest moves of the moments of the columns in models."""

    def __init__(self, statistics: PrintedStatistics, aim: Aim):
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

    def nearer(self, aim: Aim, rng: np.random.Generator) -> Aim | None:
        """Moments a few moves away that are predicted to come near, those of the first width."""
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
        for within in WITHIN:
            room = within - 1 - INSIDE
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

    def _moved(self, aim: Aim, steps, times: np.ndarray) -> Aim:
        """Moments after so many times each move, shape (batch, d)."""
        sums = aim.sums + times @ steps[0]
        squares = aim.squares + times @ steps[1]
        products = aim.products + np.tensordot(times, steps[2], axes=1)
        k = self.target.k
        products[:, range(k), range(k)] = squares
        windows = (np.repeat(part[None], len(times), axis=0) for part in (aim.low, aim.high))
        return Aim(sums, squares, products, *windows)

    def _sets(self, d: int, rng: np.random.Generator) -> np.ndarray:
        """Sets of moves, shape (s, 3): each single one, pairs, threes; move d is to stay."""
        few = np.column_stack([*np.triu_indices(d + 1), np.full((d + 1) * (d + 2) // 2, d)])
        if len(few) > SETS:
            return few[rng.choice(len(few), SETS, replace=False)]
        return np.vstack([few, rng.integers(0, d, (SETS - len(few), 3))])


def _combine(sums: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Rows a, b with low <= sums[a] + sums[b] <= high in every column; at most `EXACT` of them."""
    # Statistics in the order of how few combinations have them right, by a sample of these.
    right = np.zeros(len(low))
    for shift in SAMPLED:
        together = sums + np.roll(sums, shift, axis=0)
        right += ((together >= low) & (together <= high)).mean(axis=0)
    rows = np.argsort(right, kind="stable")
    if not len(rows):
        return np.empty((0, 2), dtype=int)
    order = np.argsort(sums[:, rows[0]], kind="stable")
    sums = sums[order]
    keys = np.ascontiguousarray(sums[:, rows].T)
    start = np.searchsorted(keys[0], low[rows[0]] - keys[0], side="left")
    start = np.maximum(start, np.arange(len(keys[0])))  # each pair of pairs once
    count = np.maximum(np.searchsorted(keys[0], high[rows[0]] - keys[0], side="right") - start, 0)
    found, total, first = [], 0, 0
    ends = np.cumsum(count)
    while first < len(count) and total < EXACT and (first == 0 or ends[first - 1] < LOOKED):
        last = max(int(np.searchsorted(ends, (ends[first - 1] if first else 0) + BATCH)), first + 1)
        part = count[first:last]
        a = np.repeat(np.arange(first, last), part)
        b = np.arange(part.sum()) - np.repeat(np.cumsum(part) - part, part)
        b += np.repeat(start[first:last], part)
        for row, key in zip(rows[1:], keys[1:], strict=True):
            if not len(a):
                break
            value = key[a] + key[b]
            keep = np.flatnonzero((value >= low[row]) & (value <= high[row]))
            a, b = a[keep], b[keep]
        found.append(np.column_stack([a, b]))
        total += len(a)
        first = last
    return order[np.concatenate(found)[:EXACT]]
