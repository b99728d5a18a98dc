"""Is every printed number within the range of its kind?

A correlation lies between -1 and 1, a probability or share between 0 and 1, a VIF is 1 or more, a
standard deviation or error not negative, Durbin-Watson between 0 and 4, alpha at most 1 (it has no
lower end), adjusted R2 at most 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from retrace.checks.contract import Check, Row
from retrace.checks.shared.addresses import Address, Number, printed_numbers
from retrace.checks.shared.limits import is_out_of_range
from retrace.checks.shared.mistakes import smallest_mistake
from retrace.checks.shared.record import Record
from retrace.printed.ranges import RANGES, within
from retrace.printed.verdicts import IMPOSSIBLE, NOT_CHECKABLE, WITHIN_ROUNDING


def judge(record: Record) -> Iterator[Row]:
    """One row for each number out of its range, and one that counts those within theirs.

    What was set aside as it was read is counted, and has a row of its own already.
    """
    ranged = [number for number in printed_numbers(record.the_study) if number.statistic in RANGES]
    wrong = [number for number in ranged if not within(number.printed, number.statistic)]
    yield from map(_impossible, wrong)
    aside = [each for each in record.the_study.impossible if is_out_of_range(each)]
    if ranged or aside:
        fine, of = len(ranged) - len(wrong), len(ranged) + len(aside)
        numbers = f"{fine} of {of} numbers are in their range"
        because = numbers if fine == of else f"the other {numbers}"
        verdict = WITHIN_ROUNDING if fine else NOT_CHECKABLE
        if not fine:
            because = "no number is in its range; each has a row of its own"
        yield Address("").says(statistic="range", verdict=verdict, because=because)


def _impossible(number: Number) -> Row:
    low, high = RANGES[number.statistic]
    ends = f"from {low:g} to {high:g}"
    if math.isinf(high):
        ends = f"{low:g} or more"
    elif math.isinf(low):
        ends = f"{high:g} or less"
    return number.address.says(
        statistic="range",
        printed=number.printed.text,
        low=low,
        high=high,
        verdict=IMPOSSIBLE,
        because=f"{number.statistic} is {ends}",
        cause=smallest_mistake(number.printed, lambda cell: within(cell, number.statistic)),
    )


CHECK = Check(
    name="ranges",
    question="Is every printed number within the range of its kind?",
    needs="numbers that have a range, as correlations, p or R2",
    source="definitions of the statistics",
    judge=judge,
)
