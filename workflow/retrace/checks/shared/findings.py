"""What the checks of printed numbers say, from the table that they write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrace.checks.finding import READING
from retrace.findings import GRAVE, NUMBERS, OPEN, TALLY, Finding, count, rows_of
from retrace.printed.verdicts import CONTRADICTED, NOT_CHECKABLE, REPRODUCED, WITHIN_ROUNDING, WRONG

if TYPE_CHECKING:
    import pandas as pd

# Numbers that one finding names at most.
MOST_NAMED = 6
# The check whose rows are one a printed number of a regression, which summaries count.
COUNTED = "regressions"


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
    unchecked = checks[(checks["verdict"] == NOT_CHECKABLE) & (checks["printed"] != "")]
    # The same reason for many numbers is one finding.
    reasons = unchecked.groupby(["check", "because", "needs"], sort=False)
    for (check, because, needs), own in reasons:
        named = [_number(row) for _, row in own.iterrows()]
        more = f" and {len(own) - MOST_NAMED} more" if len(own) > MOST_NAMED else ""
        said = f"not checkable: {', '.join(named[:MOST_NAMED])}{more} ({because}; needs {needs})"
        yield Finding(paper, NUMBERS, check, said, OPEN, rows_of(file, own.index))
    counted = checks[checks["check"] == COUNTED]
    verdicts = counted["verdict"].value_counts()
    words = (REPRODUCED, WITHIN_ROUNDING, CONTRADICTED, NOT_CHECKABLE)
    parts = ", ".join(f"{verdicts.get(verdict, 0)} {verdict}" for verdict in words)
    said = f"{count(len(counted), 'printed number')}: {parts}"
    yield Finding(paper, NUMBERS, COUNTED, said, TALLY, rows_of(file, counted.index))


def _number(row: pd.Series) -> str:
    """A printed number with its address; of a whole table there is only where it stands."""
    place = ", ".join(filter(None, (row["row"], row["column"])))
    at = f" of {place}" if place else ""
    printed = f", printed as {row['printed']}" if row["printed"] else ""
    return f"{row['statistic']}{at} in {row['where']}{printed}"
