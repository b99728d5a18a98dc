"""What checks say of printed numbers, from `checks.csv`: any check, also one that is added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrace.findings import GRAVE, NUMBERS, Finding, rows_of
from retrace.printed.verdicts import WRONG

if TYPE_CHECKING:
    import pandas as pd

# Their findings come from tables of their own, which say more than a row can, and from what was
# set aside when the study was read.
TOLD_ELSEWHERE = frozenset(
    {
        *("regressions", "rows", "stars", "joint_feasibility", "standard_deviations"),
        *("ranges", "correlations"),
    }
)


def check_findings(paper: str, checks: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Printed numbers that a check finds contradicted or impossible, a finding each.

    Parameters
    ----------
    paper : str
    checks : DataFrame
        Columns of `checks.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    wrong = checks[checks["verdict"].isin(WRONG) & ~checks["check"].isin(TOLD_ELSEWHERE)]
    for place, row in wrong.iterrows():
        number = " of ".join(filter(None, (row["column"] or row["statistic"], row["row"])))
        said = f"{row['verdict']}: {number} is printed as {row['printed']}: {row['because']}"
        if row["cause"]:
            said += f" (it would be possible with {row['cause']})"
        yield Finding(paper, NUMBERS, row["check"], said, GRAVE, rows_of(file, [place]))
