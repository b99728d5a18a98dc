"""One vocabulary of verdicts on printed numbers, and the rule that gives most of them.

- `reproduced`: recomputed from the inputs as printed, the number rounds to the printed one.
- `within rounding`: some inputs that round to what is printed give the printed number.
- `contradicted`: none do.
- `impossible`: no data have the printed number, whatever else is printed.
- `not checkable`: what the paper prints says nothing of it; a row says what would.
"""

from __future__ import annotations

from retrace.printed.numbers import Printed

REPRODUCED = "reproduced"
WITHIN_ROUNDING = "within rounding"
CONTRADICTED = "contradicted"
IMPOSSIBLE = "impossible"
NOT_CHECKABLE = "not checkable"

VERDICTS = (REPRODUCED, WITHIN_ROUNDING, CONTRADICTED, IMPOSSIBLE, NOT_CHECKABLE)
# Verdicts that say a printed number is wrong.
WRONG = (CONTRADICTED, IMPOSSIBLE)


def verdict(printed: Printed, recomputed: float, low: float, high: float) -> str:
    """The verdict on a printed number, given its recomputed value and safe envelope.

    Parameters
    ----------
    printed : Printed
    recomputed : float
        From the inputs as printed; NaN where they give none.
    low, high : float
        Bounds over all inputs that print so.
    """
    if printed.admits(recomputed):
        return REPRODUCED
    return WITHIN_ROUNDING if printed.meets(low, high) else CONTRADICTED
