"""Can all printed numbers of a model hold at once? A matrix that shows it, or a proven conflict.

One matrix inside the rounding box that gives every printed number is sought by sequential linear
programming. A conflict is proven on linearisations: over a box with middle c a statistic f obeys
|f(x) - f(c) - g (x - c)| <= e, with e from the gradient's enclosure, so that multipliers found by
linear programming (Farkas' lemma) show that no matrix of the box will do; boxes are bisected
while neither is achieved. The smallest set of printed numbers in conflict is found by implicit
hitting sets (Ignatiev, Previti, Liffiton and Marques-Silva 2015).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from retrace.regression.constraints import Constraint, constraints_of
from retrace.regression.matrix import ols_from_correlations
from retrace.regression.printed_model import PrintedModel
from retrace.regression.statistics import enclose
from retrace.rounding_box import NoMatrixError, matrices, start_in_box

FEASIBLE = "feasible"
INFEASIBLE = "infeasible"
UNDECIDED = "undecided"

# Boxes examined before a set of numbers is left undecided; one for each trial of a subset.
BOXES = 40
BOXES_OF_A_SUBSET = 5
_ROUNDS = 12
_TRIALS = 60
# Bisecting a box of many cells proves nothing in reasonable time.
_MANY_CELLS = 40
# Proofs must hold with this margin, in units of the printed half widths.
_MARGIN = 1e-7


@dataclass(frozen=True)
class Feasibility:
    """Whether the printed numbers of a model can hold at once.

    Attributes
    ----------
    status : str
        `feasible`, `infeasible` or `undecided`.
    matrix : ndarray, shape (k + 1, k + 1), or None
        A correlation matrix, outcome last, that prints like the table and gives every number.
    margin : float
        How deep inside the printed intervals, those of the cells included, everything lies: 1 in
        their middles, 0 on an edge.
    conflict : tuple of Constraint
        The smallest set found of printed numbers that no matrix of the box gives together.
        Empty where the table itself has no matrix.
    smallest : bool
        Whether no smaller set can be proven to be in conflict by the same means.
    """

    status: str
    matrix: np.ndarray | None = None
    margin: float = np.nan
    conflict: tuple[Constraint, ...] = ()
    smallest: bool = False


@dataclass
class _Linear:
    """Constraints linearised over one box."""

    centre: np.ndarray
    radius: np.ndarray
    value: np.ndarray
    gradient: np.ndarray
    error: np.ndarray
    error_by_cell: np.ndarray


def joint_feasibility(
    model: PrintedModel, boxes: int = BOXES, one_sided: Collection[str] = ()
) -> Feasibility:
    """Seek one matrix that prints like the table and gives every printed number of the model.

    Parameters
    ----------
    model : PrintedModel
        With all correlations printed.
    boxes : int
        Boxes to examine before giving up.
    one_sided : collection of str
        Terms whose printed p is one-sided.

    Returns
    -------
    Feasibility

    Raises
    ------
    ValueError
        If a correlation is not printed.
    """
    if model.missing_correlations:
        raise ValueError(f"not printed: {', '.join(model.missing_correlations)}")
    constraints = constraints_of(model, one_sided)
    low, high = (np.clip(end, -1.0, 1.0) for end in model.cells)
    try:
        start = start_in_box(low, high)
    except NoMatrixError as error:
        return Feasibility(UNDECIDED if error.certificate is None else INFEASIBLE)
    if len(low) > _MANY_CELLS:
        boxes = min(boxes, 2)
    problem = _Problem(constraints, low, high, model.k + 1)
    cells, violation = problem.climb(start)
    if violation > 0.0:
        everything = frozenset(range(len(constraints)))
        status, found = problem.decide(everything, boxes)
        if status == INFEASIBLE:
            conflict, smallest = problem.smallest_conflict(boxes)
            return Feasibility(
                INFEASIBLE,
                conflict=tuple(constraints[i] for i in sorted(conflict)),
                smallest=smallest,
            )
        if found is None:
            return Feasibility(UNDECIDED)
        cells, violation = found
    return Feasibility(FEASIBLE, matrices(cells, model.k + 1), margin=-violation)


def feasibility_record(
    model: PrintedModel, one_sided: Collection[str] = (), digits: int = 9
) -> dict:
    """The answer for a model as plain values: status, and the matrix or the conflict.

    Coefficients, t, p and VIF of the matrix stand beside it; all are rounded to `digits`, which
    keeps the matrix inside its rounding box and the file the same on every machine.
    """
    if model.missing_correlations:
        return {"status": "not checkable", "missing": model.missing_correlations}
    found = joint_feasibility(model, one_sided=one_sided)
    record: dict = {"status": found.status}
    if one_sided:
        record["one_sided_p"] = list(one_sided)
    if found.matrix is not None:
        R = np.round(found.matrix, digits)
        fit = ols_from_correlations(R, model.n)
        record["constructs"] = [*model.predictors, model.outcome]
        record["matrix"] = R.tolist()
        record["margin"] = round(found.margin, 4)
        record["gives"] = {
            term: {
                name: round(float(getattr(fit, name)[j]), digits)
                for name in ("beta", "t", "p", "vif")
            }
            for j, term in enumerate(model.predictors)
        }
        record["r2"] = round(float(fit.r2), digits)
    elif found.status == INFEASIBLE:
        record["conflict"] = [
            {"term": c.term, "statistic": c.statistic, "printed": c.printed} for c in found.conflict
        ]
        record["smallest"] = found.smallest
        if not found.conflict:
            record["reason"] = "no correlation matrix prints like the table"
    return record


class _Problem:
    """Constraints over one box of cells, and the linear programs about them."""

    def __init__(self, constraints, low, high, p):
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
        self.linear = {}

    def _statistics(self, centre, radius):
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
        return _Linear(centre, radius, value, gradient, error, by_cell)

    def violation(self, value, cells) -> float:
        """Largest violation of constraints and cells, in half widths; negative if there is none."""
        excess = np.maximum(self.floor - value, value - self.ceiling) / self.unit
        off_centre = np.abs(cells - self.middle)[self.free] / self.half[self.free] - 1.0
        return float(np.nan_to_num(np.concatenate([[-1.0], excess, off_centre]), nan=np.inf).max())

    def _program(self, linear, which, proving):
        """Least violation of linearised constraints over a box: its size, the point, multipliers.

        When `proving`, the constraints are widened by the linearisation error; else the cells are
        kept as far inside their intervals as the statistics.
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
            return -1.0, linear.centre, None
        bounds = np.column_stack(
            [
                np.append(linear.centre - linear.radius, -1.0),
                np.append(linear.centre + linear.radius, np.inf),
            ]
        )
        solution = linprog(np.append(np.zeros(m), 1.0), A_ub=A, b_ub=b, bounds=bounds)
        if solution.status != 0:
            raise ArithmeticError(f"linear program not solved: {solution.message}")
        multipliers = np.maximum(-solution.ineqlin.marginals, 0.0)
        return float(solution.fun), solution.x[:m], (A, b, multipliers)

    def climb(self, cells):
        """Sequential linear programming with a trust region: the best point and its violation."""
        everything = range(len(self.constraints))
        zero = np.zeros_like(self.half)
        best = self._statistics(cells, zero)
        least = self.violation(best.value, cells)
        reach = 1.0
        for _ in range(_ROUNDS):
            if np.isnan(best.value).any():
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
            _, cells, _ = self._program(trust, everything, proving=False)
            tried = self._statistics(cells, zero)
            violation = self.violation(tried.value, cells)
            gain = least - violation
            if gain > 0:
                best, least = tried, violation
                if least < 0 and gain < 0.01:
                    break
            else:
                reach /= 4.0
                if least < 0 or reach < 1e-3:
                    break
        return best.centre, least

    def _proves_conflict(self, linear, which) -> bool:
        """Whether multipliers show that no matrix of the box meets the constraints `which`."""
        size, _, proof = self._program(linear, which, proving=True)
        if size <= _MARGIN or proof is None:
            return False
        A, b, multipliers = proof
        total = multipliers @ A[:, :-1]
        # Least of the combined left side over the box; more than the right side allows?
        least = total @ linear.centre - np.abs(total) @ linear.radius
        scale = multipliers @ -A[:, -1]
        return bool(least > multipliers @ b + _MARGIN * max(scale, 1e-300))

    def _over(self, centre, radius):
        key = (centre.tobytes(), radius.tobytes())
        if key not in self.linear:
            self.linear[key] = self._statistics(centre, radius)
        return self.linear[key]

    def decide(self, which, boxes):
        """Status of a subset of constraints, and a feasible point with its violation if met."""
        todo = [(self.middle, self.half)]
        while todo:
            if boxes == 0:
                return UNDECIDED, None
            boxes -= 1
            centre, radius = todo.pop()
            linear = self._over(centre, radius)
            if self._proves_conflict(linear, which):
                continue
            if len(which) == len(self.constraints):
                point, violation = self.climb(centre)
                if violation <= 0.0:
                    return FEASIBLE, (point, violation)
            cell = int(np.argmax(np.where(radius > 0, linear.error_by_cell.sum(axis=0), -1.0)))
            half = np.zeros_like(radius)
            half[cell] = radius[cell] / 2.0
            todo += [(centre - half, radius - half), (centre + half, radius - half)]
        return INFEASIBLE, None

    def _in_conflict(self, which, boxes, known) -> bool:
        which = frozenset(which)
        if which not in known:
            known[which] = self.decide(which, boxes)[0] == INFEASIBLE
        return known[which]

    def smallest_conflict(self, boxes):
        """The smallest subset proven to be in conflict, and whether it is proven smallest."""
        whole = self._over(self.middle, self.half)
        reach = np.abs(whole.gradient) @ whole.radius + whole.error + _MARGIN * self.unit
        alone = (whole.value + reach < self.floor) | (whole.value - reach > self.ceiling)
        if alone.any():
            return frozenset([int(np.argmax(alone))]), True
        everything = frozenset(range(len(self.constraints)))
        known = {everything: True}
        trial = min(boxes, BOXES_OF_A_SUBSET)
        if self.decide(everything, trial)[0] != INFEASIBLE:
            trial = boxes
        corrections: list[frozenset] = []
        for _ in range(_TRIALS):
            candidate = self._hitting_set(corrections, everything)
            if candidate and self._in_conflict(candidate, trial, known):
                return candidate, True
            corrections.append(everything - self._grow(candidate, everything, trial, known))
        return self._shrink(everything, trial, known), False

    def _grow(self, which, everything, boxes, known):
        """A largest superset of `which` that is not proven to be in conflict."""
        linear = self._over(self.middle, self.half)
        while True:
            # Whatever holds at the solution of the linear program joins at no cost.
            _, point, _ = self._program(linear, which, proving=True)
            value = linear.value + linear.gradient @ (point - linear.centre)
            holds = (value + linear.error >= self.floor) & (value - linear.error <= self.ceiling)
            joined = which | frozenset(np.flatnonzero(holds).tolist())
            if self._in_conflict(joined, boxes, known):
                joined = which
            for i in sorted(everything - joined):
                if not self._in_conflict(joined | {i}, boxes, known):
                    joined = joined | {i}
                    break
            else:
                return joined
            which = joined

    def _shrink(self, which, boxes, known):
        for i in sorted(which):
            if self._in_conflict(which - {i}, boxes, known):
                which = which - {i}
        return which

    @staticmethod
    def _hitting_set(sets, everything) -> frozenset:
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
