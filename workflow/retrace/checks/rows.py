"""Do the numbers of a row follow from each other: p from t, t from b and its error, F from R2?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrace.checks.contract import Basis, Check, Row
from retrace.checks.regression.levels import OF_A_LEVEL
from retrace.checks.regression.printed_model import WHOLE_MODEL
from retrace.checks.regression.recomputed import LEVEL
from retrace.checks.regression.relations import judge_relations
from retrace.checks.regression.tables import Related
from retrace.checks.shared.addresses import reported
from retrace.checks.shared.mistakes import mistake_beside
from retrace.checks.shared.record import Record
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import (
    CONTRADICTED,
    NOT_CHECKABLE,
    REPRODUCED,
    WITHIN_ROUNDING,
)

_BECAUSE = {
    REPRODUCED: "the others as printed give it",
    WITHIN_ROUNDING: "some that round to the others give it",
    CONTRADICTED: "none that round to the others give it",
}


def judge(record: Record) -> Iterator[Row]:
    """One row for each relation of each printed number; of its readings the first that fits.

    A row without any relation, and the statistics of a model without one, say so.
    """
    for name, model in record.models.items():
        related: dict[tuple, list] = {}
        for row in _relations(record, name):
            related.setdefault((row.term, row.relation, row.statistic), []).append(row)
        cells = {(term, statistic): cell for term, statistic, cell in model.reports()}
        for (term, _, statistic), readings in related.items():
            chosen = next((r for r in readings if r.verdict != CONTRADICTED), readings[0])
            yield _of_a_relation(record, chosen, readings, cells[term, statistic])
        alone = {term for term, _ in cells} - {term for term, *_ in related}
        for term in dict.fromkeys(term for term, _ in cells if term in alone):
            yield _alone(record, name, term)


def _relations(record: Record, model: str) -> list:
    """Relations at 95 %, or at the level that alone fits all confidence limits."""
    level = record.level_of(model)
    if level == LEVEL:
        return record.relations[model]
    return [
        row._replace(reading=row.reading._replace(level=level))
        if row.relation in OF_A_LEVEL
        else row
        for row in judge_relations(record.models[model], level)
    ]


def _of_a_relation(
    record: Record, row: Related, readings: Sequence[Related], printed: Printed
) -> Row:
    because = f"model {row.model}: {row.relation}; {_BECAUSE[row.verdict]}"
    if (read := str(row.reading)) and row.verdict != CONTRADICTED:
        because += f"; read {read}"
    elif len(readings) > 1:
        because += f"; neither read {' nor read '.join(str(r.reading) for r in readings)}"
    because += record.read_as(row.model, row.statistic, row.term)
    return reported(record.the_study, row.model, row.term, row.statistic).says(
        statistic=row.relation,
        printed=row.printed,
        recomputed=row.recomputed,
        low=row.low,
        high=row.high,
        verdict=row.verdict,
        because=because,
        cause=mistake_beside(printed, row.recomputed, row.low, row.high),
    )


def _alone(record: Record, model: str, term: str) -> Row:
    """A row that nothing relates; what was printed there and set aside is not asked for again."""
    because = f"model {model}: no two of its printed numbers imply a third"
    needs = "a standard error, t, p, confidence limits, tolerance, R2 or F beside it"
    own = [each for each in record.the_study.impossible if each.model == model]
    aside = [each.column for each in own if (each.row or WHOLE_MODEL) == term]
    if aside:
        named = " and ".join(aside)
        because += f" without {named}, impossible as printed"
        needs = f"{named} as data can have"
    return reported(record.the_study, model, term).says(
        verdict=NOT_CHECKABLE, because=because, needs=needs
    )


CHECK = Check(
    name="rows",
    question="Do the numbers of a row follow from each other?",
    needs="two numbers of a regression of which one implies the other",
    source="statcheck, Nuijten et al. 2016, for tables and intervals",
    judge=judge,
    basis=Basis.OTHER_CELLS,
)
