"""One vocabulary of verdicts on printed numbers, and the rule that gives most of them.

- `reproduced`: recomputed from the inputs as printed, the number rounds to the printed one.
- `within rounding`: some inputs that round to what is printed give the printed number.
- `contradicted`: none do.
- `impossible`: no data have the printed number, whatever else is printed.
- `not checkable`: what the paper prints says nothing of it; a row says what would.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from retrace.printed.numbers import Printed

REPRODUCED = "reproduced"
WITHIN_ROUNDING = "within rounding"
CONTRADICTED = "contradicted"
IMPOSSIBLE = "impossible"
NOT_CHECKABLE = "not checkable"

VERDICTS = (REPRODUCED, WITHIN_ROUNDING, CONTRADICTED, IMPOSSIBLE, NOT_CHECKABLE)
# Verdicts that say a printed number is wrong.
WRONG = (CONTRADICTED, IMPOSSIBLE)


class Judged(Protocol):
    """A row with a verdict."""

    @property
    def verdict(self) -> str: ...


JudgedRow = TypeVar("JudgedRow", bound=Judged)


def fewest(word: str, readings: Iterable[Sequence[JudgedRow]]) -> Sequence[JudgedRow]:
    """The rows of the first reading of a table that leaves the fewest with a verdict.

    Parameters
    ----------
    word : str
        The verdict.
    readings : iterable of sequences
        Rows by each reading; none is asked for after one that leaves no such verdict.
    """
    best: Sequence[JudgedRow] = ()
    least: int | None = None
    for rows in readings:
        count = sum(row.verdict == word for row in rows)
        if least is None or count < least:
            best, least = rows, count
        if not count:
            break
    return best


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
