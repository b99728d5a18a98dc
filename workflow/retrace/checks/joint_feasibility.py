"""Can all printed numbers of a regression hold at once?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrace.checks.contract import Basis, Check, Row, Says
from retrace.checks.shared.addresses import reported
from retrace.checks.shared.limits import needs_of_a_matrix, unless_of_one_sample
from retrace.checks.shared.record import Record
from retrace.printed.verdicts import CONTRADICTED, NOT_CHECKABLE, WITHIN_ROUNDING

if TYPE_CHECKING:
    from retrace.checks.regression.feasibility import Feasibility

_STATISTIC = "all numbers together"


def judge(record: Record) -> Iterator[Row]:
    """The rows of `_judged`, less contradictions by correlations that are not of one sample."""
    for row in _judged(record):
        yield unless_of_one_sample(record.the_study, row)


def _judged(record: Record) -> Iterator[Row]:
    """One row for each model whose numbers can hold at once, else one for each in conflict."""
    from retrace.checks.regression.linear_programs import FEASIBLE, INFEASIBLE

    for name in record.models:
        whole = reported(record.the_study, name)
        if name not in record.feasibility:
            because, needs = "no number of the model is printed", "numbers of the regression"
            yield whole.says(**_not_checkable(f"model {name}: {because}", needs))
            continue
        found, model = record.levelled[name].feasibility, record.models[name]
        matrix = "matrix that completes the printed correlations"
        matrix = matrix if model.incomplete else "matrix that rounds to the table"
        if (why := model.no_matrix) and not model.incomplete:
            yield whole.says(
                **_not_checkable(f"model {name}: {why}", needs_of_a_matrix(model.lack))
            )
        elif found is None:
            needs = "; ".join(model.missing_correlations)
            because = f"model {name}: not all of its correlations are printed"
            yield whole.says(**_not_checkable(because, needs))
        elif found.status == FEASIBLE:
            because = f"model {name}: one {matrix} gives all of them"
            if terms := record.one_sided[name]:
                because += f"; p of {', '.join(terms)} read one-sided"
            yield whole.says(statistic=_STATISTIC, verdict=WITHIN_ROUNDING, because=because)
        elif found.status == INFEASIBLE and found.conflict:
            yield from _in_conflict(record, name, found, matrix)
        elif found.status == INFEASIBLE:
            because = f"model {name}: no data have its correlations"
            yield whole.says(**_not_checkable(because, "correlations that data can have"))
        else:
            more = "correlations with more decimals"
            needs = model.missing_in_words if model.incomplete else more
            yield whole.says(**_not_checkable(f"model {name}: {found.reason}", needs))


def _not_checkable(because: str, needs: str) -> Says:
    says: Says = {"statistic": _STATISTIC, "verdict": NOT_CHECKABLE}
    return says | {"because": because, "needs": needs}


def _in_conflict(record: Record, model: str, found: Feasibility, matrix: str) -> Iterator[Row]:
    size = "the smallest set" if found.smallest else "a set"
    cells = {(term, name): cell for term, name, cell in record.models[model].reports()}
    for demand in found.conflict:
        others = [
            f"{other.statistic} of {other.term} {other.printed}"
            for other in found.conflict
            if other is not demand
        ]
        beside = f" together with {'; '.join(others)} ({size} that does not hold)" if others else ""
        yield reported(record.the_study, model, demand.term, demand.statistic).says(
            statistic=_STATISTIC,
            printed=cells[demand.term, demand.statistic].text,
            verdict=CONTRADICTED,
            because=f"model {model}: no {matrix} gives it{beside}",
        )


CHECK = Check(
    name="joint_feasibility",
    question="Can all printed numbers of a regression hold at once?",
    needs="numbers of a regression whose correlations are printed",
    source="linear programs over the matrices that round to the table; smallest conflict by "
    "Ignatiev, Previti, Liffiton and Marques-Silva 2015",
    judge=judge,
    basis=Basis.ALL_AT_ONCE,
)
