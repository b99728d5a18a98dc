"""The smallest set of printed numbers that cannot hold together.

Implicit hitting sets (Ignatiev, Previti, Liffiton and Marques-Silva 2015): the smallest set that
meets all complements of the consistent sets found so far is a conflict, or shows another such set.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from retrace.checks.regression.linear_programs import INFEASIBLE, MARGIN, Demands

# Boxes examined in each trial of a subset, and such trials.
BOXES_OF_A_SUBSET = 5
_TRIALS = 60


def smallest_conflict(demands: Demands, boxes: int) -> tuple[frozenset[int], bool]:
    """The smallest subset proven to be in conflict, and whether it is proven smallest.

    Parameters
    ----------
    demands : Demands
        Proven to be in conflict as a whole.
    boxes : int
        Boxes that this proof took at most.
    """
    whole = demands.over(demands.middle, demands.half)
    reach = np.abs(whole.gradient) @ whole.radius + whole.error + MARGIN * demands.unit
    alone = (whole.value + reach < demands.floor) | (whole.value - reach > demands.ceiling)
    if alone.any():
        return frozenset([int(np.argmax(alone))]), True
    if demands.apart:
        return demands.apart, True
    return _Conflicts(demands, boxes).smallest()


class _Conflicts:
    """Subsets of demands, and whether each is known to be in conflict."""

    def __init__(self, demands: Demands, boxes: int):
        self.demands = demands
        self.everything = frozenset(range(len(demands.constraints)))
        self.known = {self.everything: True}
        self.boxes = min(boxes, BOXES_OF_A_SUBSET)
        if demands.decide(self.everything, self.boxes)[0] != INFEASIBLE:
            self.boxes = boxes

    def in_conflict(self, which: Iterable[int]) -> bool:
        which = frozenset(which)
        if which not in self.known:
            self.known[which] = self.demands.decide(which, self.boxes)[0] == INFEASIBLE
        return self.known[which]

    def smallest(self) -> tuple[frozenset[int], bool]:
        corrections: list[frozenset] = []
        for _ in range(_TRIALS):
            candidate = _hitting_set(corrections, self.everything)
            if candidate and self.in_conflict(candidate):
                return candidate, True
            corrections.append(self.everything - self.grow(candidate))
        return self.shrink(self.everything), False

    def grow(self, which: frozenset[int]) -> frozenset[int]:
        """A largest superset of `which` that is not proven to be in conflict."""
        linear = self.demands.over(self.demands.middle, self.demands.half)
        while True:
            # Whatever holds at the solution of the linear program joins at no cost.
            solution = self.demands.program(linear, which, proving=True)
            joined = which
            if solution is not None:
                value = linear.value + linear.gradient @ (solution.point - linear.centre)
                holds = value + linear.error >= self.demands.floor
                holds &= value - linear.error <= self.demands.ceiling
                joined = which | frozenset(np.flatnonzero(holds).tolist())
                if self.in_conflict(joined):
                    joined = which
            for i in sorted(self.everything - joined):
                if not self.in_conflict(joined | {i}):
                    joined = joined | {i}
                    break
            else:
                return joined
            which = joined

    def shrink(self, which: frozenset[int]) -> frozenset[int]:
        for i in sorted(which):
            if self.in_conflict(which - {i}):
                which = which - {i}
        return which


def _hitting_set(sets: Sequence[frozenset[int]], everything: frozenset[int]) -> frozenset[int]:
    """A smallest set that meets every one of `sets`."""
    if not sets:
        return frozenset()
    size = len(everything)
    rows = np.zeros((len(sets), size))
    for row, members in zip(rows, sets, strict=True):
        row[sorted(members)] = 1.0
    # A slight slope makes the choice among equal sizes the same everywhere.
    cost = 1.0 + 1e-4 * np.arange(size) / size**2
    solution = milp(
        cost,
        constraints=LinearConstraint(rows, lb=1.0),
        bounds=Bounds(0, 1),
        integrality=np.ones(size),
    )
    return frozenset(np.flatnonzero(solution.x > 0.5).tolist())
