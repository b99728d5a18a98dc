"""A next column's sums, squares and cross products: very many compared, few kept.

What a column's printed statistics are missed by is about quadratic in its moments, so the whole
numbers wanted are those of a closest lattice point. For each pair of a sum and a sum of squares
the cross products are rounded one after another, each where the ones before leave the least (the
nearest plane; Babai 1986), and what one adds to the distance only grows with the next, so that
most pairs are given up after one cross product (Fincke and Pohst 1985).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrace.synthetic.attainable import MEAN_TOLERANCE, SD_TOLERANCE
from retrace.synthetic.marginals import Lattice

# Pairs of a sum and a sum of squares that assumed moments leave are looked through up to so many,
# and those that printed ones leave.
MOST_SUMS = 512
MOST_PAIRS = 16_384
MOST_PRINTED = 65_536

# Distance of a correlation that no cross product prints, beyond any other.
EMPTY = 1e12

# Of so many choices one goes on after each cross product.
ONE_IN = 6


@dataclass(frozen=True)
class Pairs:
    """Sums and sums of squares that a column can have, by rising spread.

    Attributes
    ----------
    sums, squares : numpy.ndarray of int64, shape (c,)
    root : numpy.ndarray, shape (c,)
        Root of the sum of squares about the mean.
    """

    sums: np.ndarray
    squares: np.ndarray
    root: np.ndarray

    def __getitem__(self, which: np.ndarray) -> Pairs:
        return Pairs(self.sums[which], self.squares[which], self.root[which])

    @classmethod
    def of(cls, lattice: Lattice, sums: np.ndarray, squares: np.ndarray) -> Pairs:
        """Pairs in order; where there are very many, evenly thinned."""
        spread = squares - np.square(sums, dtype=float) / lattice.n
        order = np.argsort(spread, kind="stable")
        order = order[:: len(order) // MOST_PRINTED + 1]
        return cls(sums[order], squares[order], np.sqrt(spread[order]))

    @classmethod
    def near(
        cls, lattice: Lattice, mean: np.ndarray, root: np.ndarray, rng: np.random.Generator
    ) -> Pairs:
        """Pairs within the play of assumed moments around any of some, in lattice units."""
        n = lattice.n
        first = np.ceil(n * (mean.min() - MEAN_TOLERANCE))
        last = np.floor(n * (mean.max() + MEAN_TOLERANCE))
        first, last = np.clip([first, last], n * lattice.low, n * lattice.high).astype(np.int64)
        sums = _some(first, last, MOST_SUMS, rng)
        ends = np.array([root.min(), root.max()]) * np.exp([-SD_TOLERANCE, SD_TOLERANCE])
        low, high = (ends**2 + np.square(sums[:, None], dtype=float) / n).T
        widest = int(np.ceil((ends[1] ** 2 - ends[0] ** 2) / 2))
        steps = _some(0, widest, MOST_PAIRS // len(sums), rng)
        start = np.ceil(low).astype(np.int64)
        start += (start - sums) % 2  # x and x squared have the same parity
        squares = start[:, None] + 2 * steps
        sums = np.broadcast_to(sums[:, None], squares.shape)
        fits = (squares <= high[:, None]) & (squares >= lattice.fewest_spread(sums))
        fits[fits] = lattice.are_possible(sums[fits], squares[fits])
        if fits.any():
            return cls.of(lattice, sums[fits], squares[fits])
        middle = np.rint((low + high) / 2).astype(np.int64)
        return cls.of(lattice, *lattice.candidates(sums[:, 0], middle))

    def around(self, root: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
        """Positions of pairs about some spreads, in random order, shape (len(root), count)."""
        play = np.exp(SD_TOLERANCE)
        within = np.searchsorted(self.root, root * play) - np.searchsorted(self.root, root / play)
        within = max(int(np.median(within)), min(len(self.root), MOST_SUMS))
        first = np.searchsorted(self.root, root) - within // 2
        first = np.clip(first, 0, len(self.root) - within)
        return first[:, None] + rng.permutation(within)[: min(count, within)]


def _some(first: int, last: int, most: int, rng: np.random.Generator) -> np.ndarray:
    """Whole numbers of a range, in order: all, or so many of them by lot."""
    if last - first < most:
        return np.arange(first, last + 1, dtype=np.int64)
    return np.sort(rng.choice(last + 1 - first, max(most, 1), replace=False)) + first


@dataclass(frozen=True)
class Goal:
    """Where a column should go, for a batch: moments, and the statistics linearised there.

    Attributes
    ----------
    r : numpy.ndarray, shape (batch, c)
        Correlations with the columns before.
    mean, sd : numpy.ndarray, shape (batch,)
    values : numpy.ndarray, shape (batch, s)
        The statistics that the column determines.
    jacobian : numpy.ndarray, shape (s, c + 2)
        By correlations, log SD and mean; of all members.
    metric : numpy.ndarray, shape (c + 2, c + 2)
        Upper triangular. The length of its product with a move of these is about what the
        statistics change by, in half widths.
    """

    r: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    values: np.ndarray
    jacobian: np.ndarray
    metric: np.ndarray

    def __getitem__(self, which: np.ndarray | slice) -> Goal:
        r, mean, sd, values = (a[which] for a in (self.r, self.mean, self.sd, self.values))
        return Goal(r, mean, sd, values, self.jacobian, self.metric)


@dataclass(frozen=True)
class Earlier:
    """The columns before: what each member of a beam has, and what prints with them.

    Attributes
    ----------
    sums, roots : numpy.ndarray, shape (batch, c)
        Sums, and roots of sums of squares about the mean.
    low, high : numpy.ndarray, shape (c,)
        Correlations with these columns that print as printed.
    """

    sums: np.ndarray
    roots: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass
class Choices:
    """Choices of a column's moments: whose next column, which pair, which cross products.

    Attributes
    ----------
    member, pair : numpy.ndarray of int, shape (c,)
    products : list of numpy.ndarray of float, shape (c,)
        Whole numbers, one array for each column before that is done, the last column first.
    moved : list of numpy.ndarray, shape (c,)
        Distances from the goal: of the mean, of the log SD, then of correlations like products.
    distance : numpy.ndarray, shape (c,)
        Squared, and `EMPTY` for each correlation that no cross product prints.
    """

    member: np.ndarray
    pair: np.ndarray
    products: list[np.ndarray]
    moved: list[np.ndarray]
    distance: np.ndarray

    def __getitem__(self, which: np.ndarray | slice) -> Choices:
        shape = self.distance.shape
        member, pair, distance = (
            np.broadcast_to(array, shape).ravel()[which]
            for array in (self.member, self.pair, self.distance)
        )
        products, moved = (
            [array.ravel()[which] for array in arrays] for arrays in (self.products, self.moved)
        )
        return Choices(member, pair, products, moved, distance)

    def nearest(self, count: int) -> Choices:
        """So many that are nearest so far."""
        if self.distance.size <= count:
            return self[:]
        return self[np.argpartition(self.distance, count, axis=None)[:count]]


def nearest_choices(
    goal: Goal,
    pairs: Pairs,
    at: np.ndarray,
    earlier: Earlier,
    lattice: Lattice,
    keep: int,
) -> Choices:
    """The next columns nearest to a goal, of many pairs for each member of a beam.

    Parameters
    ----------
    goal : Goal
    pairs : Pairs
    at : numpy.ndarray of int, shape (batch, count)
        Pairs to look at.
    earlier : Earlier
    lattice : Lattice
    keep : int
        How many are wanted.
    """
    n, m = lattice.n, lattice.m
    member = np.arange(len(at))[:, None]
    mean = (pairs.sums / (n * m))[at] - goal.mean[member]
    log_sd = np.log(pairs.root / (np.sqrt(n - 1) * m))[at] - np.log(goal.sd)[member]
    U = goal.metric
    distance = (U[-1, -1] * mean) ** 2 + (U[-2, -2] * log_sd + U[-2, -1] * mean) ** 2
    found = Choices(member, at, [], [mean, log_sd], distance)
    for c in range(goal.r.shape[1] - 1, -1, -1):
        member, r = found.member, goal.r[found.member, c]
        scale = pairs.root[found.pair] * earlier.roots[member, c]
        shift = pairs.sums[found.pair] * (earlier.sums[member, c] / n)
        weights = U[c, :c:-1] / U[c, c]
        pull = sum(weight * moved for weight, moved in zip(weights, found.moved, strict=True))
        low = np.ceil(earlier.low[c] * scale + (shift - 1e-9))
        high = np.floor(earlier.high[c] * scale + (shift + 1e-9))
        empty = low > high
        products = np.rint((r - pull) * scale + shift)
        products = np.where(empty, products, np.minimum(np.maximum(products, low), high))
        moved = (products - shift) / scale - r
        found.products.append(products)
        found.moved.append(moved)
        found.distance = found.distance + (U[c, c] * (moved + pull)) ** 2 + EMPTY * empty
        found = found.nearest(max(keep, found.distance.size // ONE_IN) if c else keep)
    return found if goal.r.shape[1] else found.nearest(keep)
