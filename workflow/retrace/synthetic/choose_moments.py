"""Whole-number sums, squares and cross products from which everything prints as printed.

Data on a lattice have whole-number moments: with m items a construct, a correlation moves in
steps of 1 / ((n - 1) m_i sd_i m_j sd_j). Where that is coarser than print, the marginals decide
whether any cross product prints right, so sums, squares and cross products are chosen together,
column after column, each against the columns before it, in a beam of many choices at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from retrace.printed.numbers import Printed
from retrace.synthetic.attainable import has_plain_alpha, printed_moments
from retrace.synthetic.integer_moments import Aim
from retrace.synthetic.lattice_search import EMPTY, Earlier, Goal, Pairs, nearest_choices
from retrace.synthetic.marginals import Lattice
from retrace.synthetic.moments import Moments
from retrace.synthetic.printed_statistics import PrintedStatistics
from retrace.synthetic.reach import moments_with_alpha
from retrace.synthetic.target import LikertTarget

# Choices kept after a column, at one try after another. Where the lattice is coarse only very many
# hold one that prints right.
WIDTHS = (16, 128, 1024, 2048, 4096)

# Choices of the last column that are kept, to be polished.
ENDS = 24

# Cells of correlation matrices in a beam at most.
CELLS = 2**17

# Pairs of sums and sums of squares that each of them is continued with, and with all together.
COUNT = 512
TOGETHER = 2**20

# Choices compared at once, those of them worth an exact evaluation, and, for each of these, those
# whose statistics are predicted.
COMPARED = 32_768
EXACT_EVALUATIONS = 192
PREDICTED = 8

# Correlations, log SD and mean move by no more than this at a step towards the middle.
LONGEST_STEP = 0.05

# Steps to a goal, from a point nearby; to one that is all of an interval.
NEWTON, NEWTON_WIDE = 2, 8

# What is added to normal matrices, where nothing printed depends on a moment.
RIDGE = 1e-12

# Share of the half width of a correlation that columns of models may be away from where they are
# aimed at.
NEAR = 0.2

# Statistics that move by less than this share of a half width at the lattice's step need no aim.
WIDE = 0.1

# Statistics that only have to be inside their intervals, not near the middle.
LOOSE = frozenset({"r", "mean", "sd", "p", "vif", "tolerance", "f_p"})


class _Front(NamedTuple):
    """Members of a beam, where the next column of each should go, and the pairs to look at there.

    `at` has positions of `lattice_search.Pairs`, shape (batch, count).
    """

    beam: Aim
    goal: Goal
    at: np.ndarray

    def some(self, which: slice) -> _Front:
        return _Front(self.beam[which], self.goal[which], self.at[which])


class Aimer:
    """Chooses whole-number moments for a target, near given feasible moments.

    Attributes
    ----------
    order : numpy.ndarray of int, shape (k,)
        Columns as they are chosen: outcomes after their predictors.
    basic : numpy.ndarray of bool, shape (S,)
        Which statistics describe the data (moments, correlations) rather than a model of them.
    r_low, r_high : numpy.ndarray, shape (k, k)
        Printed intervals of the correlations; from -1 to 1 where none is printed.
    steered : numpy.ndarray of bool, shape (k,)
        Which columns have an alpha that only some sums and sums of squares go with.
    """

    def __init__(self, statistics: PrintedStatistics):
        self.statistics, self.target = statistics, statistics.target
        k = self.target.k
        self.m = np.array(self.target.steps, dtype=np.int64)
        self.lattices = [Lattice.of(self.target, c) for c in range(k)]
        self.printed: list[Pairs | None] = [None] * k
        self.steered = np.zeros(k, dtype=bool)
        for c in range(k):
            root = np.sqrt(self.target.n - 1) * self.m[c] * self.target.sd[c]
            near = np.array([self.m[c] * self.target.mean[c]]), np.array([root])
            pairs, is_plain = None, has_plain_alpha(self.target, c)
            if self._prints(c) or not is_plain:
                pairs = self._pairs(c, *near, np.random.default_rng(0))
            if not is_plain and pairs is not None:
                some = self._with_alpha(c, pairs)
                self.steered[c], pairs = some is not None, some or pairs
            self.printed[c] = pairs if self._prints(c) else None
        self.order = _order(self.target)
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

    def _prints(self, c: int) -> bool:
        """Whether a column's mean or SD is printed."""
        return any(
            isinstance(moments[c], Printed) for moments in (self.target.means, self.target.sds)
        )

    def _pairs(self, c: int, mean: np.ndarray, root: np.ndarray, rng: np.random.Generator) -> Pairs:
        """Sums and sums of squares of a column: what prints, or what is near assumed moments."""
        moments = printed_moments(self.target, c, self.statistics.ties)
        if moments is not None:
            return Pairs.of(self.lattices[c], *moments)
        return Pairs.near(self.lattices[c], mean, root, rng)

    def _with_alpha(self, c: int, pairs: Pairs) -> Pairs | None:
        """Those of a column that go with its alpha; None where none was found."""
        alpha = self.target.alphas[c]
        if alpha is None:
            return pairs
        some = moments_with_alpha(self.lattices[c], pairs.sums, pairs.squares, alpha)
        return pairs[some] if some.any() else None

    def aims(
        self,
        point: Moments,
        rng: np.random.Generator,
        effort: int = 0,
        fixed: Aim | None = None,
        first: int = 0,
    ) -> Aim:
        """Whole-number moments near `point`: a few choices, the best first.

        Parameters
        ----------
        point : Moments
            Continuous moments to stay near, feasible if possible.
        rng : numpy.random.Generator
        effort : int
            Which try this is: later ones look at more choices.
        fixed : Aim, optional
            Moments whose first columns, in `order`, are kept.
        first : int
            How many are kept.
        """
        beam = Aim.empty(self.target.k) if fixed is None else fixed[None]
        step = min(effort, len(WIDTHS) - 1)
        for position in range(first, self.target.k):
            last = position == self.target.k - 1
            width = ENDS if last else min(WIDTHS[step], CELLS // self.target.k**2 + 1)
            count = min(COUNT, TOGETHER // len(beam.sums))
            beam = self._extend(position, beam, point, count, width, rng)
        return beam

    def misses(self, aim: Aim) -> np.ndarray:
        """Signed misses, in half widths, of every statistic at these moments, shape (S,)."""
        moments = aim[None].moments(self.target)
        return self.statistics.misses(self.statistics.evaluate(*moments)[0])

    def windows(self, aim: Aim) -> tuple[np.ndarray, np.ndarray]:
        """Cross products that print each correlation; none where low > high.

        Returns
        -------
        low, high : numpy.ndarray of int64, shape (k, k)
        """
        spread = np.sqrt(aim.squares - np.square(aim.sums, dtype=float) / self.target.n)
        scale, shift = np.outer(spread, spread), np.outer(1.0 * aim.sums, aim.sums) / self.target.n
        low = np.ceil(self.r_low * scale + shift - 1e-9).astype(np.int64)
        high = np.floor(self.r_high * scale + shift + 1e-9).astype(np.int64)
        return low, high

    def play(self, position: int, aim: Aim) -> np.ndarray:
        """By how much a column's cross products may all move with nothing it determines lost.

        Returns
        -------
        numpy.ndarray of int64, shape (position,)
        """
        c, earlier = self.order[position], self.order[:position]
        mean, sd, R = aim[None].moments(self.target, self.order[: position + 1])
        rows = self.determined[position]
        r, mean, sd = R[:, -1, :-1], mean[:, -1], sd[:, -1]
        jacobian = self._jacobian(position, aim[None], r, mean, sd)
        values = self._evaluate(position, aim[None], r, mean, sd, rows)
        low, high = self.statistics.low[rows], self.statistics.high[rows]
        slack = np.maximum(np.minimum(values[0] - low, high - values[0]), 0)
        sensitivity = np.abs(jacobian[:, :position]).sum(axis=1)
        room = 0.9 * slack / np.maximum(sensitivity, 1e-12)
        # Predictors stay near the feasible point too, where their outcome can still be placed.
        half = (self.r_high[c, earlier] - self.r_low[c, earlier]).min() / 2
        spread = np.sqrt(aim.squares - np.square(aim.sums, dtype=float) / self.target.n)
        room = min(room.min(initial=np.inf), NEAR * half)
        return np.floor(room * spread[c] * spread[earlier]).astype(np.int64)

    def prints(self, position: int, aim: Aim, products: np.ndarray) -> bool:
        """Whether a column with other cross products prints all that it determines.

        Predictors have to stay near where they are aimed at too, as in `play`.
        """
        c, earlier = self.order[position], self.order[:position]
        rows, moved = self.determined[position], aim[None]
        moved.products[0, c, earlier] = moved.products[0, earlier, c] = products
        spread = np.sqrt(aim.squares - np.square(aim.sums, dtype=float) / self.target.n)
        away = np.abs(products - aim.products[c, earlier]) / (spread[c] * spread[earlier])
        if (away > NEAR * (self.r_high[c, earlier] - self.r_low[c, earlier]) / 2).any():
            return False
        return not self._exact(position, moved, rows).any()

    def _extend(
        self,
        position: int,
        beam: Aim,
        point: Moments,
        count: int,
        width: int,
        rng: np.random.Generator,
    ) -> Aim:
        """Choose the next column for every member of a beam; keep the `width` best choices."""
        c, rows = self.order[position], self.determined[position]
        goal = self._goal(position, beam, point)
        root = np.sqrt(self.target.n - 1) * self.m[c] * goal.sd
        pairs = self.printed[c]
        if pairs is None:
            pairs = self._pairs(c, self.m[c] * goal.mean, root, rng)
            pairs = (self._with_alpha(c, pairs) if self.steered[c] else None) or pairs
        front = _Front(beam, goal, pairs.around(root, count, rng))
        batch, looked_at = front.at.shape
        slab = max(1, COMPARED // looked_at)
        slabs = [slice(start, start + slab) for start in range(0, batch, slab)]
        kept = max(EXACT_EVALUATIONS, 2 * width) // len(slabs) + 1
        found = [self._choices(position, front.some(which), pairs, kept, rng) for which in slabs]
        new = Aim.together([choices for choices, _ in found])
        misses = np.concatenate([predicted for _, predicted in found])
        if not self._describes(position):
            misses = np.abs(self._exact(position, new, rows))
        return new[self._best(misses, rows)[:width]]

    def _choices(
        self, position: int, front: _Front, pairs: Pairs, kept: int, rng: np.random.Generator
    ) -> tuple[Aim, np.ndarray]:
        """The next columns that promise most, and by how much they miss what they determine."""
        c, earlier = self.order[position], self.order[:position]
        beam, goal, at = front
        rows, sums = self.determined[position], beam.sums[:, earlier]
        roots = np.sqrt(beam.squares[:, earlier] - np.square(sums, dtype=float) / self.target.n)
        before = Earlier(sums, roots, self.r_low[c, earlier], self.r_high[c, earlier])
        found = nearest_choices(goal, pairs, at, before, self.lattices[c], PREDICTED * kept)
        # By lot among equals.
        found = found[rng.permutation(len(found.member))]
        values = goal.values[found.member] + np.array(found.moved[::-1]).T @ goal.jacobian.T
        misses = np.abs(self.statistics.misses(values, rows))
        cost = misses.sum(axis=1) + len(rows) * (found.distance // EMPTY)
        if kept < len(cost):
            likely = np.sort(np.argpartition(cost, kept)[:kept])
            found, misses = found[likely], misses[likely]
        new = beam[found.member]
        new.sums[:, c], new.squares[:, c] = pairs.sums[found.pair], pairs.squares[found.pair]
        new.products[:, c, c] = new.squares[:, c]
        for other, products in zip(earlier[::-1], found.products, strict=True):
            new.products[:, c, other] = new.products[:, other, c] = products
        return new, misses

    def _best(self, misses: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Choices in order: fewest basic statistics missed, fewest missed, least missed."""
        missed = misses > 0
        keys = (misses.sum(axis=1), missed.sum(axis=1), missed[:, self.basic[rows]].sum(axis=1))
        return np.lexsort(keys)

    def _goal(self, position: int, beam: Aim, point: Moments) -> Goal:
        """Moments that put what a column determines in the middle, given the columns before."""
        c, earlier = self.order[position], self.order[:position]
        rows, batch = self.determined[position], len(beam.sums)
        r = np.repeat(point.R[None, c, earlier], batch, axis=0)
        mean, sd = np.full(batch, point.mean[c]), np.full(batch, point.sd[c])
        jacobian = self._jacobian(position, beam[:1], r[:1], mean[:1], sd[:1])
        values = self._evaluate(position, beam, r, mean, sd, rows)
        if self._describes(position):
            return Goal(r, mean, sd, values, jacobian, self._metric(position, jacobian))
        half, middle = self.statistics.half[rows], self.statistics.middle[rows]
        low, high = self.statistics.low[rows], self.statistics.high[rows]
        loose = np.array([kind in LOOSE for kind in self._kinds(position)])
        loose |= ~np.isfinite(low + high)
        wide = self._is_wide(position, beam, jacobian) & ~loose
        loose |= wide
        # Means and SDs that are printed stay where they are; assumed ones follow the model.
        free = np.ones(position + 2)
        free[-2:] = self.printed[c] is None
        J = np.nan_to_num(jacobian / half[:, None]) * free
        squares = (J[:, :, None] * J[:, None, :]).reshape(len(J), -1)
        for _ in range(NEWTON_WIDE if wide.any() else NEWTON):
            inside = np.maximum(values - high + 0.2 * half, 0)
            inside -= np.maximum(low + 0.2 * half - values, 0)
            pull = np.nan_to_num(np.where(loose, inside, values - middle) / half)
            # Gauss and Newton's step, for each member by what pulls it.
            normal = ((pull != 0) @ squares).reshape(batch, position + 2, position + 2)
            ridge = 1e-9 * np.trace(normal, axis1=1, axis2=2)[:, None, None] + 1e-300
            gradient = (pull @ J)[:, :, None]
            move = -np.linalg.solve(normal + ridge * np.eye(position + 2), gradient)[:, :, 0]
            move = np.clip(move, -LONGEST_STEP, LONGEST_STEP)
            r, sd, mean = r + move[:, :-2], sd * np.exp(move[:, -2]), mean + move[:, -1]
            values = self._evaluate(position, beam, r, mean, sd, rows)
        return Goal(r, mean, sd, values, jacobian, self._metric(position, jacobian))

    def _is_wide(self, position: int, beam: Aim, jacobian: np.ndarray) -> np.ndarray:
        """Which statistics of a column hardly move within print when cross products do by one.

        The middle of an SE printed as 0.00 is no place to aim for.
        """
        c, earlier = self.order[position], self.order[:position]
        squares = beam.squares[0, earlier] - np.square(beam.sums[0, earlier], dtype=float) / (
            self.target.n
        )
        root = np.sqrt(self.target.n - 1) * self.m[c] * self.target.sd[c]
        moved = np.abs(np.nan_to_num(jacobian[:, :position])) @ (1 / (root * np.sqrt(squares)))
        return moved < WIDE * self.statistics.half[self.determined[position]]

    def _metric(self, position: int, jacobian: np.ndarray) -> np.ndarray:
        """The triangular matrix of `Goal`: Cholesky's of the normal matrix in half widths."""
        half = self.statistics.half[self.determined[position]]
        J = np.nan_to_num(jacobian / half[:, None])
        # All pairs looked at have the printed mean and SD.
        J = J[[kind not in ("mean", "sd") for kind in self._kinds(position)]]
        normal = J.T @ J
        ridge = RIDGE * (1 + np.trace(normal))
        return np.linalg.cholesky(normal + ridge * np.eye(position + 2)).T

    def _jacobian(
        self, position: int, beam: Aim, r: np.ndarray, mean: np.ndarray, sd: np.ndarray
    ) -> np.ndarray:
        """How what a column determines changes with its moments, shape (s, c + 2).

        For one member of a beam: the others are so near that theirs is the same.
        """
        step = np.concatenate([np.full(position, 1e-6), [1e-5, 1e-5]])
        offsets = np.vstack([np.zeros(position + 2), np.diag(step)])
        values = self._evaluate(
            position,
            beam[np.zeros(len(offsets), dtype=int)],
            r + offsets[:, :-2],
            mean + offsets[:, -1],
            sd * np.exp(offsets[:, -2]),
            self.determined[position],
        )
        return ((values[1:] - values[0]) / step[:, None]).T

    def _describes(self, position: int) -> bool:
        """Whether a column determines nothing but descriptive statistics."""
        return bool(self.basic[self.determined[position]].all())

    def _exact(self, position: int, beam: Aim, rows: np.ndarray) -> np.ndarray:
        mean, sd, R = beam.moments(self.target, self.order[: position + 1])
        values = self._evaluate(position, beam, R[:, -1, :-1], mean[:, -1], sd[:, -1], rows)
        return self.statistics.misses(values, rows)

    def _evaluate(
        self,
        position: int,
        beam: Aim,
        r: np.ndarray,
        mean_c: np.ndarray,
        sd_c: np.ndarray,
        rows: np.ndarray,
    ) -> np.ndarray:
        c, earlier = self.order[position], self.order[:position]
        k, batch = self.target.k, len(r)
        mean_before, sd_before, R_before = beam.moments(self.target, earlier)
        mean, sd = np.ones((batch, k)), np.ones((batch, k))
        R = np.broadcast_to(np.eye(k), (batch, k, k)).copy()
        mean[:, earlier], sd[:, earlier] = mean_before, sd_before
        R[:, earlier[:, None], earlier] = R_before
        mean[:, c], sd[:, c] = mean_c, sd_c
        R[:, c, earlier] = R[:, earlier, c] = r
        return self.statistics.evaluate(mean, sd, R, rows)

    def _kinds(self, position: int) -> list[str]:
        return [self.statistics.rows[i].kind for i in self.determined[position]]


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
