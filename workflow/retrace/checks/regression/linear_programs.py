"""Demands on the statistics of a matrix, linearised over boxes of its cells.

Over a box with middle c a statistic f obeys |f(x) - f(c) - g (x - c)| <= e, with e from the
gradient's enclosure. Sequential linear programming climbs to a matrix that meets all demands;
multipliers of the linear program widened by e (Farkas' lemma) prove that no matrix of a box does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import linprog

from retrace.matrices.enclosures import enclose
from retrace.matrices.rounding_box import NoMatrixError, matrices, positive_definite, start_in_box

if TYPE_CHECKING:
    from retrace.checks.regression.constraints import Constraint

FEASIBLE = "feasible"
INFEASIBLE = "infeasible"
UNDECIDED = "undecided"

_ROUNDS = 12
# Share of a violation that a step through the whole box has to promise to take away, and by which
# the ends of two climbs differ.
_PROMISE = 1e-3
# Proofs must hold with this margin, in units of the printed half widths.
MARGIN = 1e-7


@dataclass
class Linear:
    """Constraints linearised over one box."""

    centre: np.ndarray
    radius: np.ndarray
    value: np.ndarray
    gradient: np.ndarray
    error: np.ndarray
    error_by_cell: np.ndarray
    definite: bool


class Solution(NamedTuple):
    """Of a linear program: the least violation, where it is attained, and what shows that.

    The rows and limits of the program with their multipliers, or None where it has no rows.
    """

    violation: float
    point: np.ndarray
    multipliers: tuple[np.ndarray, np.ndarray, np.ndarray] | None


class Demands:
    """Constraints over one box of cells, and the linear programs about them."""

    def __init__(
        self, constraints: Sequence[Constraint], low: np.ndarray, high: np.ndarray, p: int
    ):
        self.constraints, self.low, self.high, self.p = constraints, low, high, p
        self.kinds = np.array([c.kind for c in constraints])
        self.j = np.array([c.j for c in constraints], dtype=int)
        self.floor = np.array([c.low for c in constraints])
        self.ceiling = np.array([c.high for c in constraints])
        width = self.ceiling - self.floor
        # Violations are measured in half widths; one-sided demands in units of their statistic.
        self.unit = np.where(np.isfinite(width), np.maximum(width / 2.0, 1e-12), 1.0)
        self.middle, self.half = (low + high) / 2.0, (high - low) / 2.0
        self.free = self.half > 0
        self.apart = self._apart()
        self.linear: dict[tuple[bytes, bytes], Linear] = {}
        self.climbed: dict[bytes, tuple[np.ndarray, float]] = {}
        self.unsolved = ""

    def _apart(self) -> frozenset[int]:
        """The first two demands of one statistic that no value of it meets, or none."""
        least = self.floor - MARGIN * self.unit
        most = self.ceiling + MARGIN * self.unit
        same = (self.kinds[:, None] == self.kinds) & (self.j[:, None] == self.j)
        above = same & (least[:, None] > most)
        first = np.argwhere(above | above.T)[:1]
        return frozenset(first.ravel().tolist())

    def _statistics(self, centre: np.ndarray, radius: np.ndarray) -> Linear:
        """Value, gradient and linearisation error of every constraint over one box."""
        S, m = len(self.constraints), len(centre)
        value, error = np.empty(S), np.empty(S)
        gradient, by_cell = np.empty((S, m)), np.empty((S, m))
        for kind in np.unique(self.kinds):
            at = np.flatnonzero(self.kinds == kind)
            shape = (len(at), m)
            part = enclose(
                kind, self.j[at], np.broadcast_to(centre, shape), np.broadcast_to(radius, shape)
            )
            value[at], gradient[at] = part.value, part.gradient
            spread = np.maximum(part.high - part.gradient, part.gradient - part.low) * radius
            by_cell[at] = np.where(part.valid[:, None], spread, np.inf)
            error[at] = by_cell[at].sum(axis=1)
        definite = bool(positive_definite(matrices(centre, self.p)))
        return Linear(centre, radius, value, gradient, error, by_cell, definite)

    def violation(self, at: Linear) -> float:
        """Largest violation of constraints and cells at a point, in half widths; negative if there
        is none, infinite where data cannot have the matrix.
        """
        if not at.definite:
            return np.inf
        excess = np.maximum(self.floor - at.value, at.value - self.ceiling) / self.unit
        off_centre = np.abs(at.centre - self.middle)[self.free] / self.half[self.free] - 1.0
        return float(np.nan_to_num(np.concatenate([[-1.0], excess, off_centre]), nan=np.inf).max())

    def program(self, linear: Linear, which: Iterable[int], proving: bool) -> Solution | None:
        """Least violation of linearised constraints over a box: its size, the point, multipliers.

        When `proving`, the constraints are widened by the linearisation error; else the cells are
        kept as far inside their intervals as the statistics. None where the solver gives up;
        `unsolved` then says why.
        """
        which = np.asarray(sorted(which), dtype=int)
        widen = linear.error[which] if proving else np.zeros(len(which))
        usable = np.isfinite(widen)
        which, widen = which[usable], widen[usable]
        offset = linear.value[which] - linear.gradient[which] @ linear.centre
        unit = self.unit[which]
        rows, limits = [], []
        for sign, limit in ((1.0, self.ceiling[which]), (-1.0, -self.floor[which])):
            bounded = np.isfinite(limit)
            block = sign * linear.gradient[which][bounded]
            rows.append(np.column_stack([block, -unit[bounded]]))
            limits.append((limit + widen - sign * offset)[bounded])
        m = len(linear.centre)
        if not proving:
            cells = np.eye(m)[self.free]
            for sign in (1.0, -1.0):
                rows.append(np.column_stack([sign * cells, -self.half[self.free]]))
                limits.append(sign * self.middle[self.free] + self.half[self.free])
        A, b = np.concatenate(rows), np.concatenate(limits)
        if not len(A):
            return Solution(-1.0, linear.centre, None)
        bounds = np.column_stack(
            [
                np.append(linear.centre - linear.radius, -1.0),
                np.append(linear.centre + linear.radius, np.inf),
            ]
        )
        solution = linprog(np.append(np.zeros(m), 1.0), A_ub=A, b_ub=b, bounds=bounds)
        if solution.status != 0:
            self.unsolved = f"linear program not solved: {solution.message}"
            return None
        multipliers = np.maximum(-solution.ineqlin.marginals, 0.0)
        return Solution(float(solution.fun), solution.x[:m], (A, b, multipliers))

    def climb(self, cells: np.ndarray) -> tuple[np.ndarray, float]:
        """Sequential linear programming with a trust region: the best point and its violation.

        From every start once.
        """
        key = cells.tobytes()
        if key not in self.climbed:
            self.climbed[key] = self._climb(cells)
        return self.climbed[key]

    def _climb(self, cells: np.ndarray) -> tuple[np.ndarray, float]:
        everything = range(len(self.constraints))
        zero = np.zeros_like(self.half)
        best = self._statistics(cells, zero)
        least = self.violation(best)
        reach = 1.0
        for _ in range(_ROUNDS):
            if not best.definite:
                break
            low = np.maximum(self.low, best.centre - reach * 2.0 * self.half)
            high = np.minimum(self.high, best.centre + reach * 2.0 * self.half)
            middle = (low + high) / 2.0
            trust = replace(
                best,
                centre=middle,
                radius=(high - low) / 2.0,
                value=best.value + best.gradient @ (middle - best.centre),
            )
            solution = self.program(trust, everything, proving=False)
            if solution is None:
                break
            tried = self._statistics(solution.point, zero)
            violation = self.violation(tried)
            gain = least - violation
            # Where a step neither promises nor gives anything, nothing near is better.
            if max(gain, least - solution.violation) <= _PROMISE * reach * least:
                break
            if gain > 0:
                best, least = tried, violation
                if least < 0 and gain < 0.01:
                    break
            else:
                reach /= 4.0
                if least < 0 or reach < 1e-3:
                    break
        return best.centre, least

    def _proves_conflict(self, linear: Linear, which: Iterable[int]) -> bool:
        """Whether multipliers show that no matrix of the box meets the constraints `which`."""
        solution = self.program(linear, which, proving=True)
        if solution is None or solution.violation <= MARGIN or solution.multipliers is None:
            return False
        A, b, multipliers = solution.multipliers
        total = multipliers @ A[:, :-1]
        # Least of the combined left side over the box; more than the right side allows?
        least = total @ linear.centre - np.abs(total) @ linear.radius
        scale = multipliers @ -A[:, -1]
        return bool(least > multipliers @ b + MARGIN * max(scale, 1e-300))

    def over(self, centre: np.ndarray, radius: np.ndarray) -> Linear:
        """The constraints linearised over a box; every box is done once."""
        key = (centre.tobytes(), radius.tobytes())
        if key not in self.linear:
            self.linear[key] = self._statistics(centre, radius)
        return self.linear[key]

    def decide(
        self, which: Collection[int], boxes: int
    ) -> tuple[str, tuple[np.ndarray, float] | None]:
        """Status of a subset of constraints, and a feasible point with its violation if met."""
        if self.apart and self.apart <= set(which):
            return INFEASIBLE, None
        todo = [(self.middle, self.half)]
        # Where two climbs end alike, so would others: what is left is to prove the conflict.
        ends = [-np.inf] if len(which) == len(self.constraints) else []
        while todo:
            if boxes == 0:
                return UNDECIDED, None
            boxes -= 1
            centre, radius = todo.pop()
            try:
                start = start_in_box(centre - radius, centre + radius)
            except NoMatrixError as error:
                if error.certificate is not None:
                    continue
                start = centre
            linear = self.over(centre, radius)
            if self._proves_conflict(linear, which):
                continue
            if ends:
                point, violation = self.climb(start)
                if violation <= 0.0:
                    return FEASIBLE, (point, violation)
                alike = abs(violation - ends[-1]) <= _PROMISE * violation
                ends = [] if alike else [violation]
            cell = int(np.argmax(np.where(radius > 0, linear.error_by_cell.sum(axis=0), -1.0)))
            half = np.zeros_like(radius)
            half[cell] = radius[cell] / 2.0
            todo += [(centre - half, radius - half), (centre + half, radius - half)]
        return INFEASIBLE, None
