"""What seven published papers print and what follows from the rest, listed by hand; and verdicts.

`tests/data/determined` has one file a paper: where a printed number stands, by the addresses of
`checks.csv`, and what it follows from. It was written from the cells alone, before any result was
looked at. `issue` says which kinds of studies it belongs to: 15 has correlations, regressions and
effects, 16 measurement models, structural models, and odds ratios from counts.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from retrace.checks.contract import Row
from retrace.printed.verdicts import NOT_CHECKABLE, WRONG

LISTS = Path(__file__).parents[1] / "data/determined"
PAPERS = tuple(sorted(path.stem for path in LISTS.glob("*.csv")))
ABSENT = "no row"
# Of coefficients whose deviations are not printed: that some deviations would give them.
_NO_VERDICT_OF_A_NUMBER = ("ratio of standard deviations",)


class Determined(NamedTuple):
    """A printed number that follows from others, and from which."""

    table: str
    row: str
    column: str
    statistic: str
    printed: str
    determined_by: str
    issue: str


def read_determined(paper: str) -> list[Determined]:
    """The list of a paper."""
    with (LISTS / f"{paper}.csv").open(encoding="utf-8", newline="") as file:
        return [Determined(**row) for row in csv.DictReader(file)]


def rows_about(number: Determined, rows: Iterable[Row]) -> list[Row]:
    """What the checks say of a number; of stars, what they say of the stars."""
    places = (number.table, f"tables/{number.table}")
    return [
        row
        for row in rows
        if row.where in places
        and (row.row, row.column) == (number.row, number.column)
        and (row.statistic == "stars") == (number.statistic == "stars")
        and row.statistic not in _NO_VERDICT_OF_A_NUMBER
    ]


def verdict_of(number: Determined, rows: Iterable[Row]) -> str:
    """The verdict on a number: the worst that a check has; else why there is none."""
    about = rows_about(number, rows)
    words = [row.verdict for row in about if row.verdict != NOT_CHECKABLE]
    wrong = [word for word in words if word in WRONG]
    return (wrong or words or [NOT_CHECKABLE if about else ABSENT])[0]
