"""Who has which scores, so that products of columns print right too.

Columns are drawn without regard to products of them, and laid out in the order that continuous
columns of the same moments have whose products print right. Then values of two rows of a column are
exchanged, which keeps every mean, SD and shape, and changes its correlations with other columns and
all that its products have: third and fourth moments of the joint distribution. What no exchange
brings nearer, the shapes drawn do not allow, or the search does not find.

Everything printed is linearised in the moments, so that thousands of exchanges are compared at
once: the best are made together as long as that helps, then two at a time whose changes add up to
what is missing, looked up in a k-d tree (Friedman, Bentley and Finkel 1977).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from retrace.synthetic.arrange_columns import Effort
from retrace.synthetic.continuous_products import steer_products
from retrace.synthetic.printed_statistics import PrintedStatistics
from retrace.synthetic.product_columns import product_of, slopes_by_moments, with_products
from retrace.synthetic.target import LikertTarget

# Exchanges compared at once, and where they are combined in pairs.
EXCHANGES = 2048
PAIRED = 4096

# Pairs worth an exact look.
LOOKED_AT = 8

# Share of all rows that change at once where everything is far away.
AT_ONCE = 0.1

# Rounds without progress before the search ends.
PATIENCE = 12

# What is drawn already prints right, and weighs more than what products print.
DRAWN_WEIGHT = 4.0

# Square of the least length of a column, by which steps are measured.
SHORTEST = 1e-6

# Directions in which exchanges change less than this share of the most are none.
FLAT = 1e-4


class _Moments(NamedTuple):
    """Sums, shape (..., k), and cross products, shape (..., k, k), of columns less their means."""

    sums: np.ndarray
    cross: np.ndarray


class _Exchanges(NamedTuple):
    """Exchanges of the rows i and j of the columns c, and what they would change.

    `change` is that of every statistic in half widths, linearised, shape (exchanges, S).
    """

    c: np.ndarray
    i: np.ndarray
    j: np.ndarray
    change: np.ndarray


class ProductArranger:
    """Arranges the drawn columns of a target so that what its products print is met as well.

    Parameters
    ----------
    target : LikertTarget
        With products.
    """

    def __init__(self, target: LikertTarget):
        self.target = target
        self.statistics = PrintedStatistics(target)
        self.place = [target.names.index(name) for name in target.drawn.names]
        self.factors = [
            (
                target.names.index(each.name),
                [target.names.index(name) for name in each.factors],
                each,
            )
            for each in target.products
        ]
        derived = {at for at, *_ in self.factors}
        about = [bool(row.columns & derived) for row in self.statistics.rows]
        self.weight = np.where(about, 1.0, DRAWN_WEIGHT)
        moved = {factor for _, own, _ in self.factors for factor in own}
        for row, is_about in zip(self.statistics.rows, about, strict=True):
            moved |= row.columns if is_about else set()
        self.moved = np.array(sorted(moved - derived))

    def arrange(self, drawn: np.ndarray, rng: np.random.Generator, effort: Effort) -> np.ndarray:
        """Drawn columns, shape (n, c), each with its own values in another order.

        Parameters
        ----------
        drawn : numpy.ndarray, shape (n, c)
            In scale units.
        rng : numpy.random.Generator
        effort : Effort
            Exchanges that may be looked at.
        """
        drawn = _rearranged(drawn, steer_products(self.target, drawn))
        state = _State(self, with_products(self.target, drawn))
        idle, at_once = 0, max(1, int(AT_ONCE * len(drawn)))
        while state.cost > 0 and idle < PATIENCE and not effort.spent:
            effort.on(EXCHANGES)
            if state.try_several(state.look(self.moved, EXCHANGES, rng), at_once):
                idle = 0
                continue
            at_once = max(1, at_once // 2)
            if at_once > 1:
                continue
            effort.on(PAIRED)
            # Of one column, pairs are dense in the few moments that it changes.
            columns = self.moved if idle % 2 else rng.choice(self.moved, 1)
            idle = 0 if state.try_pairs(state.look(columns, PAIRED, rng)) else idle + 1
        return state.columns[:, self.place]


def _rearranged(drawn: np.ndarray, steered: np.ndarray) -> np.ndarray:
    """The values of columns, shape (n, c), in the order of others."""
    ranks = np.argsort(np.argsort(steered, axis=0, kind="stable"), axis=0)
    return np.take_along_axis(np.sort(drawn, axis=0), ranks, axis=0)


class _State:
    """Columns, products among them, with their moments and what these miss."""

    def __init__(self, arranger: ProductArranger, columns: np.ndarray):
        self.arranger, self.columns = arranger, columns
        self.means = columns.mean(axis=0)
        shifted = columns - self.means
        self.moments = _Moments(shifted.sum(axis=0), shifted.T @ shifted)
        self.upper = np.triu_indices(columns.shape[1])
        self.values = self._values(*(each[None] for each in self.moments))[0]
        self.cost = float(self._cost(self.values))
        self.slopes: np.ndarray | None = None

    def look(self, among: np.ndarray, count: int, rng: np.random.Generator) -> _Exchanges:
        """Random exchanges within some columns."""
        n = len(self.columns)
        c = rng.choice(among, count)
        i, j = rng.integers(0, n, (2, count))
        before, after = (each - self.means for each in self._rows(c, i, j))
        one, other = self.upper
        cross = (after[..., one] * after[..., other] - before[..., one] * before[..., other]).sum(0)
        moved = np.concatenate([(after - before).sum(axis=0), cross], axis=1)
        return _Exchanges(c, i, j, moved @ self._slopes())

    def try_several(self, found: _Exchanges, most: int) -> bool:
        """Make the best exchanges at once, no two of one row; whether that made it better."""
        half = self.arranger.statistics.half
        costs = self._cost(self.values + found.change * half)
        better = np.flatnonzero(costs < self.cost)
        chosen: list[int] = []
        used: set[int] = set()
        for e in better[np.argsort(costs[better], kind="stable")]:
            rows = {int(found.i[e]), int(found.j[e])}
            if rows.isdisjoint(used):
                chosen.append(int(e))
                used |= rows
            if len(chosen) == most:
                break
        while chosen:
            if self._make(found, chosen):
                return True
            chosen = chosen[: len(chosen) // 2]
        return False

    def try_pairs(self, found: _Exchanges) -> bool:
        """Make two exchanges whose changes add up to the least missing; whether that is better."""
        from scipy.spatial import KDTree

        statistics = self.arranger.statistics
        missing = (statistics.middle - self.values) / statistics.half
        # As in the cost: what is far away weighs little.
        misses = statistics.misses(self.values)
        weight = np.sqrt(self.arranger.weight / (1 + misses**2))
        change, missing = found.change * weight, missing * weight
        spread, axes = np.linalg.eigh(change.T @ change)
        axes = axes[:, spread > FLAT**2 * spread[-1]]
        points, wanted = change @ axes, missing @ axes
        away, other = KDTree(points).query(wanted - points)
        apart = np.ones(len(points), dtype=bool)
        for one, two in ((found.i, found.i), (found.j, found.j), (found.i, found.j)):
            apart &= (one != two[other]) & (one[other] != two)
        near = np.flatnonzero(apart)
        near = near[np.argsort(away[near], kind="stable")][:LOOKED_AT]
        return any(self._make(found, [int(e), int(other[e])]) for e in near)

    def _make(self, found: _Exchanges, chosen: Sequence[int]) -> bool:
        """Make exchanges of different rows where they leave less missing."""
        c, i, j = (index[list(chosen)] for index in found[:3])
        rows = self._rows(c, i, j)
        before, after = (each - self.means for each in rows)
        cross = np.einsum("res,ret->st", after, after) - np.einsum("res,ret->st", before, before)
        sums = (after - before).sum(axis=(0, 1))
        sums, cross = self.moments.sums + sums, self.moments.cross + cross
        values = self._values(sums[None], cross[None])[0]
        cost = float(self._cost(values))
        if not cost < self.cost:
            return False
        self.columns[i], self.columns[j] = rows[1]
        self.moments = _Moments(sums, cross)
        self.values, self.cost, self.slopes = values, cost, None
        return True

    def _rows(self, c: np.ndarray, i: np.ndarray, j: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The rows i and j before and after each exchange, shape (2, exchanges, k)."""
        before = np.stack([self.columns[i], self.columns[j]])
        after, each = before.copy(), np.arange(len(c))
        after[0, each, c], after[1, each, c] = before[1, each, c], before[0, each, c]
        for at, own, product in self.arranger.factors:
            after[..., at] = product_of(after[..., own], self.means[own], product)
        return before, after

    def _slopes(self) -> np.ndarray:
        """How statistics change with each moment, in half widths: shape (moments, S)."""
        if self.slopes is not None:
            return self.slopes
        length = np.sqrt(np.maximum(np.diagonal(self.moments.cross), SHORTEST))
        change = slopes_by_moments(self._values, *self.moments, length, self.values)
        self.slopes = np.nan_to_num(change / self.arranger.statistics.half)
        return self.slopes

    def _values(self, sums: np.ndarray, cross: np.ndarray) -> np.ndarray:
        """Every printed statistic, shape (b, S), of sums (b, k) and cross products (b, k, k)."""
        k, n = self.columns.shape[1], len(self.columns)
        S = (cross - sums[:, :, None] * sums[:, None] / n) / (n - 1)
        sd = np.sqrt(np.maximum(np.diagonal(S, axis1=1, axis2=2), 0.0))
        with np.errstate(invalid="ignore", divide="ignore"):
            R = S / (sd[:, :, None] * sd[:, None])
        R[:, range(k), range(k)] = 1.0
        return self.arranger.statistics.evaluate(self.means + sums / n, sd, R)

    def _cost(self, values: np.ndarray) -> np.ndarray:
        """What is missed of all statistics: squares nearby, and hardly more of what is far away.

        What no arrangement reaches is far away from all, and is not to pull the others apart.
        """
        misses = self.arranger.statistics.misses(values)
        return (self.arranger.weight * np.log1p(misses**2)).sum(axis=-1)
