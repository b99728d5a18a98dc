"""The range of each kind of number, whatever the data."""

from __future__ import annotations

import math

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
    "r2_change": _SHARE,
    "adjusted_r2_change": (-math.inf, 1.0),
    "f": _NOT_NEGATIVE,
    "f_change": _NOT_NEGATIVE,
    "f_change_p": _SHARE,
    "durbin_watson": (0.0, 4.0),
    "alpha": (-math.inf, 1.0),
    "adjusted_r2": (-math.inf, 1.0),
}


def within(cell: Printed, statistic: str) -> bool:
    """Whether some value that prints so is in the range of its kind, one of `RANGES`."""
    (low, high), (least, most) = RANGES[statistic], cell.interval
    return least <= high and most >= low


def out_of_range(cell: Printed, statistic: str) -> str:
    """What no value that prints so is free of, as in `is above 1`; empty where one is in range.

    Parameters
    ----------
    cell : Printed
    statistic : str
        Of a kind that is not in `RANGES` any number may be.
    """
    if statistic not in RANGES or within(cell, statistic):
        return ""
    low, high = RANGES[statistic]
    if math.isfinite(low) and math.isfinite(high):
        return f"is outside [{low:g}, {high:g}]"
    if math.isfinite(high):
        return f"is above {high:g}"
    return f"is below {low:g}" if low else "is negative"
