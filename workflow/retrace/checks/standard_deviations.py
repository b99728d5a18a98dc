"""Are there standard deviations that give every printed B of a study, whatever they are?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from retrace.checks.contract import Basis, Check, Row, Says
from retrace.checks.shared.addresses import moment, reported
from retrace.checks.shared.limits import unless_of_one_sample
from retrace.checks.shared.record import Record
from retrace.printed.verdicts import CONTRADICTED, NOT_CHECKABLE, WITHIN_ROUNDING

if TYPE_CHECKING:
    from retrace.checks.regression.sd_ratios import Bound

_STATISTIC = "ratio of standard deviations"


def judge(record: Record) -> Iterator[Row]:
    """The rows of `_judged`, less contradictions by correlations that are not of one sample."""
    for row in _judged(record):
        yield unless_of_one_sample(record.the_study, row)


def _judged(record: Record) -> Iterator[Row]:
    """One row for each printed B and standard deviation that takes part."""
    from retrace.checks.regression.linear_programs import FEASIBLE

    status, conflict = record.ratios
    if conflict:
        yield from _in_conflict(record, conflict)
        return
    for name, model in record.models.items():
        for term in model.predictors:
            cell = model.reported.get(term, {}).get("b")
            if cell is None:
                continue
            says: Says = {"statistic": _STATISTIC, "printed": cell.text}
            if not record.comparisons[name].brackets:
                because = f"model {name}: its correlations imply nothing"
                needs = "all of its correlations, such that data can have"
                says |= {"verdict": NOT_CHECKABLE, "because": because, "needs": needs}
            elif status == FEASIBLE:
                because = f"model {name}: one set of standard deviations gives every printed B"
                says |= {"verdict": WITHIN_ROUNDING, "because": because}
            else:
                because = f"model {name}: no other printed number bounds the same ratio"
                needs = f"standard deviations of {term} and {model.outcome}"
                says |= {"verdict": NOT_CHECKABLE, "because": because, "needs": needs}
            yield reported(record.the_study, name, term, "b").says(**says)


def _in_conflict(record: Record, conflict: Sequence[Bound]) -> Iterator[Row]:
    for bound in conflict:
        others = [
            f"{'B' if other.model else 'SD'} of {other.term} {other.printed}"
            for other in conflict
            if (other.model, other.term) != (bound.model, bound.term)
        ]
        if bound.model:
            address = reported(record.the_study, bound.model, bound.term, "b")
        else:
            address = moment(record.the_study, bound.term, "sd")
        yield address.says(
            statistic=_STATISTIC,
            printed=bound.printed,
            verdict=CONTRADICTED,
            because=f"no standard deviations give it together with {'; '.join(others)}",
        )


CHECK = Check(
    name="standard_deviations",
    question="Are there standard deviations that give every printed B of a study?",
    needs="printed B of a predictor",
    source="differences with bounds, Bellman 1958; Dechter, Meiri and Pearl 1991",
    judge=judge,
    basis=Basis.CORRELATIONS,
)
