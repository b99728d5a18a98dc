"""What the checks of printed numbers say, from the table that they write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrace.checks.finding import READING
from retrace.findings import GRAVE, NUMBERS, OPEN, TALLY, Finding, count, rows_of
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
# Numbers that one finding names at most.
MOST_NAMED = 6
# In the place of a check: what all of them together say of each number.
COUNTED = "(all checks)"
# Columns that are the address of a printed number.
ADDRESS = ["where", "row", "column"]


def check_findings(paper: str, checks: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Printed numbers that are wrong, or could not be checked and why; and a count.

    A check that had nothing to look at in a paper is no finding.

    Parameters
    ----------
    paper : str
    checks : DataFrame
        Columns of `checks.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    checks = checks[checks["check"] != READING]
    for place, row in checks[checks["verdict"].isin(WRONG)].iterrows():
        cause = f"; cause: {row['cause']}" if row["cause"] else ""
        said = f"{row['verdict']}: {_number(row)}: {row['because']}{cause}"
        yield Finding(paper, NUMBERS, row["check"], said, GRAVE, rows_of(file, [place]))
    verdicts = verdicts_on_numbers(checks)
    undecided = verdicts.index[verdicts == NOT_CHECKABLE]
    unchecked = checks[(checks["verdict"] == NOT_CHECKABLE) & (checks["printed"] != "")]
    unchecked = unchecked[unchecked.set_index(ADDRESS).index.isin(undecided)]
    # The same reason for many numbers is one finding.
    reasons = unchecked.groupby(["check", "because", "needs"], sort=False)
    for (check, because, needs), own in reasons:
        named = [_number(row) for _, row in own.iterrows()]
        more = f" and {len(own) - MOST_NAMED} more" if len(own) > MOST_NAMED else ""
        said = f"not checkable: {', '.join(named[:MOST_NAMED])}{more} ({because}; needs {needs})"
        yield Finding(paper, NUMBERS, check, said, OPEN, rows_of(file, own.index))
    found = verdicts.value_counts()
    parts = ", ".join(f"{found.get(word, 0)} {word}" for word in VERDICTS)
    said = f"{count(len(verdicts), 'printed number')}: {parts}"
    yield Finding(paper, NUMBERS, COUNTED, said, TALLY, file)


# Of several verdicts on a number the first of these counts: one check that contradicts it does,
# and one that reproduces it says more than another that had nothing to go by.
_WORST_FIRST = (IMPOSSIBLE, CONTRADICTED, WITHIN_ROUNDING, REPRODUCED, NOT_CHECKABLE)


def verdicts_on_numbers(checks: pd.DataFrame) -> pd.Series:
    """The verdict of all checks together on each printed number, indexed by its address.

    A number that several checks look at is contradicted where one contradicts it, and not
    checkable where none could check it.
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
