"""Do statistics of a variable that are printed twice agree?

A mean in the text and in a table, or an alpha on a diagonal and in a column, is one number. Two
numbers print it alike where some value rounds to both: 4.8 and 4.83 do, 4.8 and 4.87 do not. The
one that says more is what everything else is computed from.
"""

from __future__ import annotations

from collections.abc import Iterator

from retrace.checks.contract import Check, Row
from retrace.checks.shared.addresses import MOMENTS, moment, of_beside
from retrace.checks.shared.mistakes import mistake_beside
from retrace.checks.shared.record import Record
from retrace.papers.study import Beside, Study
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import CONTRADICTED, REPRODUCED, WITHIN_ROUNDING, verdict

_BECAUSE = {
    REPRODUCED: "it rounds to this one",
    WITHIN_ROUNDING: "some value rounds to both",
    CONTRADICTED: "no value rounds to both",
}


def judge(record: Record) -> Iterator[Row]:
    """One row for each statistic that another place prints too, at the less exact of the two."""
    study = record.the_study
    for each in study.beside:
        if each.where and each.statistic in MOMENTS:
            used = getattr(study.constructs[each.row], each.statistic)
            if used is not None:
                yield _compared(study, each, used)


def _compared(study: Study, each: Beside, used: Printed) -> Row:
    printed, value = each.printed.as_share, used.as_share
    word = verdict(printed, value.value, *value.interval)
    other = moment(study, each.row, each.statistic)
    return of_beside(study, each).says(
        statistic=each.statistic,
        printed=each.printed.text,
        recomputed=value.value,
        low=value.interval[0],
        high=value.interval[1],
        verdict=word,
        because=f"{used} in {other}, which is what is used; {_BECAUSE[word]}",
        cause=mistake_beside(printed, value.value, *value.interval),
    )


CHECK = Check(
    name="repeated",
    question="Do statistics of a variable that are printed twice agree?",
    needs="a mean, standard deviation or another statistic of a variable in two places",
    source="intervals of numbers that round alike",
    judge=judge,
)
