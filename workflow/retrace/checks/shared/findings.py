"""What the checks of printed numbers say, from the table that they write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrace.checks.finding import READING
from retrace.findings import GRAVE, NUMBERS, OPEN, TALLY, Finding, count, named, rows_of
from retrace.printed.verdicts import (
    CONTRADICTED,
    IMPOSSIBLE,
    NOT_CHECKABLE,
    REPRODUCED,
    VERDICTS,
    WITHIN_ROUNDING,
    WRONG,
)

if TYPE_CHECKING:
    import pandas as pd

# The statistic of rows about the legend of stars, which is no number.
LEGEND = "legend"
# In the place of a check: what all of them together say of each number.
COUNTED = "(all checks)"
# Columns that are the address of a printed number.
ADDRESS = ["where", "row", "column"]


def check_findings(paper: str, checks: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Printed numbers that are wrong, or could not be checked and why; and a count.

    A check that had nothing to look at in a paper is no finding. What reading set aside is one;
    what a check has against the same place is not another, but adds its cause.

    Parameters
    ----------
    paper : str
    checks : DataFrame
        Columns of `checks.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    aside = checks["check"] == READING
    places = checks.set_index(ADDRESS).index
    yield from _wrong(paper, checks, file)
    verdicts = verdicts_on_numbers(checks)
    undecided = places.isin(verdicts.index[verdicts == NOT_CHECKABLE])
    unchecked = (checks["verdict"] == NOT_CHECKABLE) & (checks["printed"] != "") & ~aside
    # The same reason for many numbers is one finding.
    reasons = checks[unchecked & undecided].groupby(["check", "because", "needs"], sort=False)
    for (check, because, needs), own in reasons:
        numbers = named([_number(row) for _, row in own.iterrows()])
        said = f"not checkable: {numbers} ({because}; needs {needs})"
        yield Finding(paper, NUMBERS, check, said, OPEN, rows_of(file, own.index))
    found = verdicts.value_counts()
    parts = ", ".join(f"{found.get(word, 0)} {word}" for word in VERDICTS)
    said = f"{count(len(verdicts), 'printed number')}: {parts}"
    impossible = checks[(checks["verdict"] == IMPOSSIBLE) & _of_a_table(checks)]
    if tables := impossible["where"].nunique():
        said += f"; {count(tables, 'table')} impossible as a whole"
    yield Finding(paper, NUMBERS, COUNTED, said, TALLY, file)


def _wrong(paper: str, checks: pd.DataFrame, file: str) -> Iterator[Finding]:
    """What is wrong or was set aside, one finding a thing, in the order of the checks."""
    aside = checks["check"] == READING
    places = checks.set_index(ADDRESS).index
    told = checks["verdict"].isin(WRONG) & places.isin(places[aside]) & ~aside
    for at, (place, row) in enumerate(checks.iterrows()):
        if told[place] or not (aside[place] or row["verdict"] in WRONG):
            continue
        own = checks[told & places.isin([places[at]])] if aside[place] else checks[:0]
        cause = next(filter(None, [row["cause"], *own["cause"]]), "")
        said = f"{row['verdict']}: {_number(row)}: {row['because']}"
        said += f"; cause: {cause}" if cause else ""
        check = "reading" if aside[place] else row["check"]
        weight = GRAVE if row["verdict"] in WRONG else OPEN
        yield Finding(paper, NUMBERS, check, said, weight, rows_of(file, [place, *own.index]))


def _of_a_table(checks: pd.DataFrame) -> pd.Series:
    """Which rows are about a whole table, and not about one of its numbers."""
    return (checks["row"] == "") & (checks["column"] == "")


# Of several verdicts on a number the first of these counts: one check that contradicts it does,
# and one that reproduces it says more than another that had nothing to go by.
_WORST_FIRST = (IMPOSSIBLE, CONTRADICTED, WITHIN_ROUNDING, REPRODUCED, NOT_CHECKABLE)


def verdicts_on_numbers(checks: pd.DataFrame) -> pd.Series:
    """The verdict of reading and all checks on each printed number, indexed by its address.

    A number that several checks look at is contradicted where one contradicts it, and not
    checkable where none could check it. One that reading set aside is as impossible as reading
    says.
    """
    numbers = checks[(checks["printed"] != "") & (checks["statistic"] != LEGEND)]
    ranks = numbers["verdict"].map(_WORST_FIRST.index)
    worst = ranks.groupby([numbers[column] for column in ADDRESS], sort=False).min()
    return worst.map(_WORST_FIRST.__getitem__)


def _number(row: pd.Series) -> str:
    """A printed number with its address; of a whole table there is only where it stands."""
    place = ", ".join(filter(None, (row["row"], row["column"])))
    at = f" of {place}" if place else ""
    printed = f", printed as {row['printed']}" if row["printed"] else ""
    return f"{row['statistic']}{at} in {row['where']}{printed}"
