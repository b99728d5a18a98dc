"""The range of each kind of number, whatever the data."""

from __future__ import annotations

import math

from retrace.checks.shared.mistakes import smallest_mistake
from retrace.papers.study import CORRELATION, Impossible
from retrace.printed.numbers import Printed

_NOT_NEGATIVE = (0.0, math.inf)
_SHARE = (0.0, 1.0)
RANGES = {
    "r": (-1.0, 1.0),
    "p": _SHARE,
    "f_p": _SHARE,
    "r2": _SHARE,
    "tolerance": _SHARE,
    "vif": (1.0, math.inf),
    "sd": _NOT_NEGATIVE,
    "se": _NOT_NEGATIVE,
    "f": _NOT_NEGATIVE,
    "durbin_watson": (0.0, 4.0),
    "alpha": (-math.inf, 1.0),
    "adjusted_r2": (-math.inf, 1.0),
}


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


def within(cell: Printed, statistic: str) -> bool:
    """Whether some value that prints so is in the range of its kind."""
    return cell.meets(*RANGES[statistic])
