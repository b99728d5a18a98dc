"""Do the numbers of the printed regressions follow from the printed correlations?"""

from __future__ import annotations

import math
from collections.abc import Iterator

from retrace.checks.contract import Basis, Check, Row, Says
from retrace.checks.regression.comparison import ONE_SIDED_P, Comparison
from retrace.checks.regression.levels import LIMITS, limits_at
from retrace.checks.regression.printed_model import PrintedModel
from retrace.checks.regression.recomputed import LEVEL, MOST_HALVED
from retrace.checks.regression.tables import Compared
from retrace.checks.shared.addresses import reported
from retrace.checks.shared.limits import needs_of_a_matrix, unless_of_one_sample
from retrace.checks.shared.mistakes import Fits, exchanged, smallest_mistake
from retrace.checks.shared.record import Record
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import (
    CONTRADICTED,
    NOT_CHECKABLE,
    REPRODUCED,
    WITHIN_ROUNDING,
    verdict,
)

_BECAUSE = {
    REPRODUCED: "the correlations as printed give it",
    WITHIN_ROUNDING: "some correlations that round to the table give it",
    CONTRADICTED: "no correlations that round to the table give it",
}
_COMPLETED = {
    WITHIN_ROUNDING: "the printed correlations do not rule it out",
    CONTRADICTED: "no matrix that completes the printed correlations gives it",
}


def judge(record: Record) -> Iterator[Row]:
    """The rows of `_judged`, less contradictions by correlations that are not of one sample."""
    for row in _judged(record):
        yield unless_of_one_sample(record.the_study, row)


def _judged(record: Record) -> Iterator[Row]:
    """One row for each printed number of each model."""
    for model, found in record.comparisons.items():
        found = _at_its_level(record, model, found)
        lacking = {(row.term, row.statistic): row.missing for row in found.missing}
        printed = {(term, name): cell for term, name, cell in record.models[model].reports()}
        fits = {
            (row.term, _column(row)): _fits(row, printed[row.term, _column(row)])
            for row in found.compared
            if row.verdict != NOT_CHECKABLE
        }
        for row in found.compared:
            at = (row.term, _column(row))
            says: Says = {"statistic": row.statistic, "printed": row.printed}
            by_errors = record.models[model].hangs_on_errors(row.statistic)
            incomplete = record.models[model].incomplete and found.possible
            if row.verdict == NOT_CHECKABLE and incomplete and at in lacking:
                of_pairs = lacking[at] == record.models[model].missing_in_words
                why = _open(record.models[model]) if of_pairs else "the paper prints too little"
                says |= {"verdict": NOT_CHECKABLE, "needs": lacking[at]}
                says |= {"because": f"model {model}: {why}"}
            elif row.verdict == NOT_CHECKABLE and record.models[model].no_matrix and not by_errors:
                needs = needs_of_a_matrix(record.models[model].lack)
                says |= {"verdict": NOT_CHECKABLE, "needs": needs}
                says |= {"because": f"model {model}: {record.models[model].no_matrix}"}
            elif row.verdict == NOT_CHECKABLE:
                says |= {"verdict": NOT_CHECKABLE, "needs": lacking[at]}
                says |= {"because": f"model {model}: the paper prints too little"}
            elif not found.possible:
                says |= {"verdict": NOT_CHECKABLE, "needs": "correlations that data can have"}
                says |= {"because": f"model {model}: no data have its correlations"}
            else:
                says |= {"recomputed": row.recomputed, "low": row.low, "high": row.high}
                because = _because(record.models[model], row) + _level(record, model, row.statistic)
                because += record.read_as(model, _column(row), row.term)
                says |= {"verdict": row.verdict, "because": because}
                if row.verdict == CONTRADICTED:
                    says["cause"] = _cause(at, printed, fits)
            yield reported(record.the_study, model, *at).says(**says)


def _at_its_level(record: Record, model: str, found: Comparison) -> Comparison:
    """A comparison with confidence limits of the level that fits them."""
    level = record.level_of(model)
    if level == LEVEL:
        return found
    limits = {
        (row.term, row.statistic): row for row in limits_at(record.models[model], found, level)
    }
    compared = [limits.get((row.term, row.statistic), row) for row in found.compared]
    return found._replace(compared=compared)


def _level(record: Record, model: str, statistic: str) -> str:
    level = record.level_of(model)
    if statistic in LIMITS and level != LEVEL:
        return f"; read as a limit of {100 * level:.0f} %"
    return ""


def _column(row: Compared) -> str:
    return "p" if row.statistic == ONE_SIDED_P else row.statistic


def _fits(row: Compared, printed: Printed) -> Fits:
    """Whether a number in the place of a compared one would not be contradicted."""

    def fits(cell: Printed) -> bool:
        if _sign_alone(row):
            return cell.value * printed.value < 0
        return verdict(cell, row.recomputed, row.low, row.high) != CONTRADICTED

    return fits


def _sign_alone(row: Compared) -> bool:
    """Whether a number is contradicted, or would be, by its sign: there is nothing else."""
    return math.isnan(row.low)


def _because(model: PrintedModel, row: Compared) -> str:
    if row.verdict == CONTRADICTED and _sign_alone(row):
        because = "the correlations give it the other sign, whatever the deviations"
    else:
        because = (_COMPLETED if model.incomplete else _BECAUSE)[row.verdict]
        because += "; read one-sided" if row.statistic != _column(row) else ""
    return f"model {model.name}: {because}" + (f"; {_open(model)}" if model.incomplete else "")


def _open(model: PrintedModel) -> str:
    """Why an incomplete model lacks correlations: not printed, or impossible as printed."""
    why = model.no_matrix or f"not printed: {model.missing_in_words}"
    if len(model.missing_pairs) <= MOST_HALVED:
        return why
    return f"{why}; bounds are not narrowed where more than {MOST_HALVED} pairs are missing"


def _cause(at: tuple[str, str], printed: dict, fits: dict) -> str:
    """Exchanged with another number of its column or row, or the smallest misprint."""
    term, statistic = at
    for beside in (
        {key[0]: key for key in fits if key[1] == statistic},
        {key[1]: key for key in fits if key[0] == term},
    ):
        place = next(name for name, key in beside.items() if key == at)
        found = exchanged(
            place,
            {name: printed[key] for name, key in beside.items()},
            {name: fits[key] for name, key in beside.items()},
        )
        if found:
            return found
    return smallest_mistake(printed[at], fits[at])


CHECK = Check(
    name="regressions",
    question="Do the printed regressions follow from the printed correlations?",
    needs="numbers of a regression whose correlations are printed",
    source="Cohen, Cohen, West and Aiken 2003, chapter 3; envelopes over all matrices that round "
    "to the table",
    judge=judge,
    basis=Basis.CORRELATIONS,
)
