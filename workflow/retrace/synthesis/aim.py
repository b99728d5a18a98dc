"""Whole-number sums, squares and cross products from which everything prints as printed.

Data on a lattice have whole-number moments: with m items a construct, a correlation moves in
steps of 1 / ((n - 1) m_i sd_i m_j sd_j). Where that is coarser than print, the marginals decide
whether any cross product prints right, so sums, squares and cross products are chosen together,
column after column, each against the columns before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrace.synthesis.marginals import MEAN_TOLERANCE, SD_TOLERANCE, Lattice, printed_moments
from retrace.synthesis.moments import Moments
from retrace.synthesis.statistics import PrintedStatistics
from retrace.synthesis.target import LikertTarget

# Marginals tried for a column: a few, and many where few print everything.
CANDIDATES = (64, 1024, 4096)

# Linear prediction picks the candidates worth an exact evaluation.
EXACT_EVALUATIONS = 128


@dataclass
class Aim:
    """Whole-number moments of k columns.

    Attributes
    ----------
    sums, squares : numpy.ndarray of int64, shape (k,)
    products : numpy.ndarray of int64, shape (k, k)
        Cross products, the diagonal holding the squares.
    low, high : numpy.ndarray of int64, shape (k, k)
        Cross products that print the correlation of each pair; empty where low > high.
    misses : numpy.ndarray, shape (S,)
        What these moments print, in half widths from the printed intervals.
    """

    sums: np.ndarray
    squares: np.ndarray
    products: np.ndarray
    low: np.ndarray
    high: np.ndarray
    misses: np.ndarray

    @property
    def matched(self) -> bool:
        """Whether everything prints as printed."""
        return not self.misses.any()


def correlation_steps(target: LikertTarget) -> np.ndarray:
    """By how much each correlation moves when one cross product changes by one.

    Returns
    -------
    numpy.ndarray, shape (k, k)
        1 / ((n - 1) m_i sd_i m_j sd_j). A step above a printed unit means that not every
        marginal distribution allows the printed correlation.
    """
    m = np.asarray(target.items) * target.sd
    return 1 / ((target.n - 1) * np.outer(m, m))


class Aimer:
    """Chooses whole-number moments for a target, near given feasible moments."""

    def __init__(self, statistics: PrintedStatistics):
        self.statistics, self.target = statistics, statistics.target
        k = self.target.k
        self.m = np.array(self.target.items, dtype=np.int64)
        self.lattices = [Lattice.of(self.target, c) for c in range(k)]
        self.printed = [printed_moments(self.target, c) for c in range(k)]
        self.order = _order(self.target)
        # Moments and correlations describe the data; they come before what models print.
        self.basic = np.array([row.model < 0 for row in statistics.rows], dtype=bool)
        self.determined, before = [], np.array([], dtype=int)
        for position in range(k):
            now = statistics.determined_by(self.order[: position + 1])
            self.determined.append(np.setdiff1d(now, before))
            before = now
        self.r_low, self.r_high = np.full((k, k), -1.0), np.full((k, k), 1.0)
        for row, low, high in zip(statistics.rows, statistics.low, statistics.high, strict=True):
            if row.kind == "r":
                i, j = sorted(row.columns)
                self.r_low[i, j] = self.r_low[j, i] = low
                self.r_high[i, j] = self.r_high[j, i] = high

    def aim(
        self, point: Moments, rng: np.random.Generator, fixed: Aim | None = None, first: int = 0
    ):
        """Whole-number moments near `point`.

        Parameters
        ----------
        point : Moments
            Continuous moments to stay near, feasible if possible.
        rng : numpy.random.Generator
        fixed : Aim, optional
            Moments whose first columns, in `order`, are kept.
        first : int
            How many are kept.

        Returns
        -------
        Aim
        """
        k = self.target.k
        if fixed is None:
            fixed = Aim(
                *(np.zeros(k, dtype=np.int64) for _ in range(2)),
                *(np.zeros((k, k), dtype=np.int64) for _ in range(3)),
                misses=np.zeros(len(self.statistics)),
            )
        new = Aim(
            *(
                array.copy()
                for array in (
                    fixed.sums,
                    fixed.squares,
                    fixed.products,
                    fixed.low,
                    fixed.high,
                    fixed.misses,
                )
            )
        )
        for position in range(first, k):
            self._place(position, new, point, rng)
        new.misses = self.misses(new)
        return new

    def misses(self, aim: Aim) -> np.ndarray:
        """Signed misses, in half widths, of every statistic at these moments."""
        mean, sd, R = self._moments(aim, np.arange(self.target.k))
        return self.statistics.misses(self.statistics.evaluate(mean[None], sd[None], R[None])[0])

    def play(self, position: int, aim: Aim) -> np.ndarray:
        """By how much a column's cross products may all move with nothing it determines lost.

        Returns
        -------
        numpy.ndarray of int64, shape (position,)
        """
        c, earlier = self.order[position], np.asarray(self.order[:position])
        mean, sd, R = self._moments(aim, np.asarray(self.order[: position + 1]))
        rows = self.determined[position]
        step = 1e-6
        offsets = np.vstack([np.zeros(position + 2), step * np.eye(position, position + 2)])
        values = self._at(position, aim, mean[-1], sd[-1], R[-1, :-1], offsets, rows)
        low, high = self.statistics.low[rows], self.statistics.high[rows]
        slack = np.maximum(np.minimum(values[0] - low, high - values[0]), 0)
        sensitivity = np.abs((values[1:] - values[0]).T / step).sum(axis=1)
        # Predictors stay near the feasible point too, where their outcome can still be placed.
        room = np.append(0.9 * slack / np.maximum(sensitivity, 1e-12), 0.2 * self._half(c, earlier))
        spread = np.sqrt(np.diag(aim.products) - aim.sums**2 / self.target.n)
        return np.floor(room.min() * spread[c] * spread[earlier]).astype(np.int64)

    def _half(self, c: int, earlier: np.ndarray) -> float:
        return float((self.r_high[c, earlier] - self.r_low[c, earlier]).min() / 2)

    def _place(self, position: int, aim: Aim, point: Moments, rng: np.random.Generator) -> None:
        c, earlier = self.order[position], self.order[:position]
        goal, mean_goal, sd_goal, jacobian, values, rows = self._goal(position, aim, point)
        basic = self.basic[rows]
        best = None
        for count in CANDIDATES:
            sums, squares = self._candidates(c, mean_goal, sd_goal, count, rng)
            spread = squares - sums**2 / self.target.n
            spread_before = aim.squares[earlier] - aim.sums[earlier] ** 2 / self.target.n
            scale = np.sqrt(np.outer(spread, spread_before))
            shift = np.outer(sums, aim.sums[earlier]) / self.target.n
            low = np.ceil(self.r_low[c, earlier] * scale + shift - 1e-9)
            high = np.floor(self.r_high[c, earlier] * scale + shift + 1e-9)
            products = np.rint(goal * scale + shift)
            products = np.where(low <= high, np.clip(products, low, high), products)
            r = (products - shift) / scale
            if len(rows) > 0:
                moved = np.column_stack(
                    [
                        r - goal,
                        np.log(np.sqrt(spread / (self.target.n - 1)) / self.m[c] / sd_goal),
                        sums / (self.target.n * self.m[c]) - mean_goal,
                    ]
                )
                near = values + moved @ jacobian.T
                predicted = np.abs(self.statistics.misses(near, rows)).sum(axis=1)
                keep = np.argsort(predicted, kind="stable")[:EXACT_EVALUATIONS]
                misses = np.abs(
                    self._exact(position, aim, sums[keep], squares[keep], r[keep], rows)
                )
            else:
                keep, misses = np.arange(len(sums)), np.zeros((len(sums), 0))
            missed = misses > 0
            cost = np.column_stack(
                [missed[:, basic].sum(axis=1), missed.sum(axis=1), misses.sum(axis=1)]
            )
            first = np.lexsort(cost.T[::-1])[0]
            i, cost = keep[first], tuple(cost[first])
            if best is None or cost < best[0]:
                best = cost, sums[i], squares[i], products[i], low[i], high[i]
            if cost[1] == 0:
                break
        _, aim.sums[c], aim.squares[c], row, low, high = best
        aim.products[c, c] = aim.squares[c]
        for array, cells in ((aim.products, row), (aim.low, low), (aim.high, high)):
            array[c, earlier] = array[earlier, c] = cells.astype(np.int64)

    def _goal(self, position: int, aim: Aim, point: Moments):
        """Correlations with the columns before that put what they determine in its middle.

        Returns them, the mean and SD to go with them, the Jacobian of the statistics there (by
        correlations, log SD, mean), their values there, and which statistics they are.
        """
        c, earlier = self.order[position], self.order[:position]
        rows = self.determined[position]
        goal = point.R[c, earlier].copy()
        kinds = np.array([self.statistics.rows[i].kind for i in rows])
        if position == 0 or not np.isin(kinds, ("r", "mean", "sd"), invert=True).any():
            jacobian = np.zeros((len(rows), position + 2))
            values = np.empty(len(rows))
            column = {j: i for i, j in enumerate(earlier)}
            for i, row in enumerate(self.statistics.rows[j] for j in rows):
                if row.kind == "r":
                    (other,) = row.columns - {c}
                    jacobian[i, column[other]], values[i] = 1, goal[column[other]]
                elif row.kind == "sd":
                    jacobian[i, -2], values[i] = point.sd[c], point.sd[c]
                else:
                    jacobian[i, -1], values[i] = 1, point.mean[c]
            return goal, point.mean[c], point.sd[c], jacobian, values, rows
        size = position + 2
        mean, sd = point.mean[c], point.sd[c]
        # Means and SDs that are printed stay where they are; assumed ones follow the model.
        free = np.ones(size, dtype=bool)
        free[-2:] = self.printed[c] is None
        step = np.concatenate([np.full(position, 1e-6), [1e-5, 1e-5]])
        half, middle = self.statistics.half[rows], self.statistics.middle[rows]
        low, high = self.statistics.low[rows], self.statistics.high[rows]
        for last in (False, False, True):
            offsets = np.vstack([np.zeros(size), np.diag(step)])
            values = self._at(position, aim, mean, sd, goal, offsets, rows)
            jacobian = (values[1:] - values[0]).T / step
            if last or np.isnan(values).any():
                return goal, mean, sd, jacobian, values[0], rows
            # Correlations only have to stay inside; what a model prints is put in the middle.
            pull = np.where(
                np.isin(kinds, ("r", "p", "vif")) | ~np.isfinite(low + high),
                np.maximum(values[0] - high + 0.2 * half, 0)
                - np.maximum(low + 0.2 * half - values[0], 0),
                values[0] - middle,
            )
            active = pull != 0
            move = np.zeros(size)
            move[free] = np.linalg.lstsq(
                jacobian[np.ix_(active, free)] / half[active, None],
                -pull[active] / half[active],
                rcond=1e-10,
            )[0]
            move = np.clip(move, -0.05, 0.05)
            goal, sd, mean = goal + move[:-2], sd * np.exp(move[-2]), mean + move[-1]

    def _at(self, position, aim, mean, sd, goal, offsets, rows):
        columns = np.asarray(self.order[: position + 1])
        sd, mean = sd * np.exp(offsets[:, -2]), mean + offsets[:, -1]
        return self._evaluate(position, aim, mean, sd, goal + offsets[:, :-2], rows, columns)

    def _exact(self, position, aim, sums, squares, r, rows):
        c, columns = self.order[position], np.asarray(self.order[: position + 1])
        n = self.target.n
        mean = sums / (n * self.m[c])
        sd = np.sqrt((squares - sums**2 / n) / (n - 1)) / self.m[c]
        values = self._evaluate(position, aim, mean, sd, r, rows, columns)
        return self.statistics.misses(values, rows)

    def _evaluate(self, position, aim, mean_c, sd_c, r, rows, columns):
        c, earlier = columns[-1], columns[:-1]
        k, batch = self.target.k, len(r)
        mean_before, sd_before, R_before = self._moments(aim, earlier)
        mean, sd = np.ones((batch, k)), np.ones((batch, k))
        R = np.broadcast_to(np.eye(k), (batch, k, k)).copy()
        mean[:, earlier], sd[:, earlier] = mean_before, sd_before
        R[:, earlier[:, None], earlier] = R_before
        mean[:, c], sd[:, c] = mean_c, sd_c
        R[:, c, earlier] = R[:, earlier, c] = r
        return self.statistics.evaluate(mean, sd, R, rows)

    def _moments(self, aim: Aim, columns: np.ndarray):
        n, m = self.target.n, self.m[columns]
        sums = aim.sums[columns]
        S = aim.products[columns[:, None], columns] - np.outer(sums, sums) / n
        root = np.sqrt(np.diag(S))
        R = S / np.outer(root, root)
        np.fill_diagonal(R, 1.0)
        return sums / (n * m), root / np.sqrt(n - 1) / m, R

    def _candidates(self, c: int, mean_goal, sd_goal, count: int, rng: np.random.Generator):
        lattice, n = self.lattices[c], self.target.n
        if self.printed[c] is not None:
            sums, squares = self.printed[c]
            spread = np.maximum(squares - sums**2 / n, 1e-9)
            sd = np.sqrt(spread / (n - 1)) / lattice.m
            mean = sums / (n * lattice.m)
            # Nearest the wanted moments first, a random one among the near.
            distance = np.abs(np.log(sd / sd_goal)) / SD_TOLERANCE
            distance += lattice.m * np.abs(mean - mean_goal) / MEAN_TOLERANCE
            near = np.argsort(distance + rng.uniform(0, 1, len(sums)), kind="stable")[:count]
            return sums[near], squares[near]
        sd = sd_goal * np.exp(rng.uniform(-SD_TOLERANCE, SD_TOLERANCE, count))
        away = MEAN_TOLERANCE / lattice.m
        mean = mean_goal + rng.uniform(-away, away, count)
        sums = np.rint(n * lattice.m * mean).astype(np.int64)
        squares = np.rint((n - 1) * (lattice.m * sd) ** 2 + sums**2 / n).astype(np.int64)
        return lattice.candidates(sums, squares)


def _order(target: LikertTarget) -> np.ndarray:
    """Columns so that outcomes follow their predictors where models allow it."""
    placed: list[str] = []
    waiting = list(target.names)
    needs = {
        name: {p for model in target.models if model.outcome == name for p in model.predictors}
        for name in target.names
    }
    while waiting:
        ready = next((name for name in waiting if needs[name] <= set(placed)), waiting[0])
        waiting.remove(ready)
        placed.append(ready)
    return np.array([target.names.index(name) for name in placed])
