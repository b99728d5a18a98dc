"""What reading set aside as out of its range: what it is, and the smallest mistake behind it."""

from __future__ import annotations

from retrace.checks.shared.mistakes import smallest_mistake
from retrace.papers.study import CORRELATION, Impossible
from retrace.printed.numbers import Printed
from retrace.printed.ranges import RANGES, within

# What an entry would need that is set aside without a proof.
MORE_DECIMALS = "correlations with more decimals, or fewer constructs"


def cause_of(aside: Impossible) -> str:
    """The smallest mistake that puts a number that was set aside out of its range, if any."""
    statistic = statistic_of(aside)
    if statistic not in RANGES:
        return ""
    try:
        printed = Printed.parse(aside.printed)
    except ValueError:  # two halves of a table that differ
        return ""
    if within(printed, statistic):
        return ""
    return smallest_mistake(printed, lambda cell: within(cell, statistic))


def statistic_of(aside: Impossible) -> str:
    """What was set aside, by the names of `RANGES`."""
    return "r" if aside.statistic == CORRELATION else aside.column
