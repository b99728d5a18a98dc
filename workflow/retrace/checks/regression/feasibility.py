"""Can all printed numbers of a model hold at once? A matrix that shows it, or a proven conflict.

One matrix inside the rounding box that gives every printed number is sought, or a proof that there
is none; boxes are bisected while neither is achieved (`linear_programs`). Numbers that cannot hold
together are narrowed down to the smallest set of them (`conflict`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from retrace.checks.regression.conflict import smallest_conflict
from retrace.checks.regression.constraints import Constraint, constraints_of
from retrace.checks.regression.linear_programs import FEASIBLE, INFEASIBLE, UNDECIDED, Demands
from retrace.checks.regression.printed_model import PrintedModel
from retrace.checks.regression.recomputed import LEVEL
from retrace.estimators.least_squares import ols_from_correlations
from retrace.matrices.rounding_box import NoMatrixError, matrices, order_of, start_in_box
from retrace.printed.verdicts import NOT_CHECKABLE

# Boxes examined before a set of numbers is left undecided.
BOXES = 40
# Bisecting a box of many cells, or of wide ones, proves nothing in reasonable time.
_MANY_CELLS = 40


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
    reason : str
        Why it is undecided.
    unmet : tuple of Demands and int, or None
        What was proven to be in conflict, in how many boxes at most.
    """

    status: str
    matrix: np.ndarray | None = None
    margin: float = np.nan
    reason: str = ""
    unmet: tuple[Demands, int] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def _narrowed_down(self) -> tuple[tuple[Constraint, ...], bool]:
        """`conflict` and `smallest`, which take longest and are not always asked for."""
        if self.unmet is None:
            return (), False
        demands, boxes = self.unmet
        conflict, smallest = smallest_conflict(demands, boxes)
        return tuple(demands.constraints[i] for i in sorted(conflict)), smallest

    @property
    def conflict(self) -> tuple[Constraint, ...]:
        """The smallest set found of printed numbers that no matrix of the box gives together.

        Empty where the table itself has no matrix.
        """
        return self._narrowed_down[0]

    @property
    def smallest(self) -> bool:
        """Whether no smaller set can be proven to be in conflict by the same means."""
        return self._narrowed_down[1]


def joint_feasibility(
    model: PrintedModel,
    boxes: int = BOXES,
    one_sided: Collection[str] = (),
    level: float = LEVEL,
) -> Feasibility:
    """Seek one matrix that prints like the table and gives every printed number of the model.

    Parameters
    ----------
    model : PrintedModel
        Where it is `incomplete`, a matrix that completes the printed correlations is sought.
    boxes : int
        Boxes to examine before giving up.
    one_sided : collection of str
        Terms whose printed p is one-sided.
    level : float
        Of printed confidence limits.

    Returns
    -------
    Feasibility

    Raises
    ------
    ValueError
        If there are no correlations of the model, nor any to be completed.
    """
    if model.missing_correlations and not model.incomplete:
        raise ValueError(model.no_matrix or f"not printed: {model.missing_in_words}")
    if len(model.cells[0]) > _MANY_CELLS or model.incomplete:
        boxes = min(boxes, 2)
    low, high = (np.clip(end, -1.0, 1.0).tobytes() for end in model.cells)
    return _decided(tuple(constraints_of(model, one_sided, level)), low, high, boxes)


@lru_cache(maxsize=16)
def _decided(
    constraints: tuple[Constraint, ...], lowest: bytes, highest: bytes, boxes: int
) -> Feasibility:
    """Feasibility of demands over a box, which a table that is read in several ways has again."""
    low, high = np.frombuffer(lowest), np.frombuffer(highest)
    try:
        start = start_in_box(low, high)
    except NoMatrixError as error:
        if error.certificate is None:
            return Feasibility(UNDECIDED, reason=str(error))
        return Feasibility(INFEASIBLE)
    demands = Demands(constraints, low, high, order_of(len(low)))
    cells, violation = (start, np.inf) if demands.apart else demands.climb(start)
    if violation > 0.0:
        status, found = demands.decide(frozenset(range(len(constraints))), boxes)
        if status == INFEASIBLE:
            return Feasibility(INFEASIBLE, unmet=(demands, boxes))
        if found is None:
            reason = f"neither a matrix nor a conflict found in {boxes} boxes"
            return Feasibility(UNDECIDED, reason=demands.unsolved or reason)
        cells, violation = found
    return Feasibility(FEASIBLE, matrices(cells, demands.p), margin=-violation)


def feasibility_record(
    model: PrintedModel, one_sided: Collection[str] = (), digits: int = 9
) -> dict:
    """`joint_feasibility` of a model as plain values."""
    if model.missing_correlations and not model.incomplete:
        return record_of(model, None)
    return record_of(model, joint_feasibility(model, one_sided=one_sided), one_sided, digits)


def record_of(
    model: PrintedModel,
    found: Feasibility | None,
    one_sided: Collection[str] = (),
    digits: int = 9,
) -> dict:
    """An answer as plain values: status, and the matrix or the conflict.

    Coefficients, t, p and VIF of the matrix stand beside it; all are rounded to `digits`, which
    keeps the matrix inside its rounding box and the file the same on every machine. `completing`
    names the pairs that are not printed. Nothing found stands for a model without correlations.
    """
    if found is None:
        return {"status": NOT_CHECKABLE, "missing": model.missing_correlations}
    record: dict = {"status": found.status}
    if model.incomplete:
        pairs = model.missing_pairs
        record["completing"] = [f"correlation of {one} and {other}" for one, other in pairs]
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
    else:
        record["reason"] = found.reason
    return record
