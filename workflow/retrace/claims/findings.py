"""What claims say: statements of a paper that its own tables refute, or cannot decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrace.claims.verdicts import FAILS, HOLDS, NOT_CHECKABLE
from retrace.findings import CLAIMS, GRAVE, OPEN, TALLY, Finding, count, rows_of

if TYPE_CHECKING:
    import pandas as pd


def claim_findings(paper: str, claims: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Claims that fail or cannot be checked, and how many hold.

    Parameters
    ----------
    paper : str
    claims : DataFrame
        Columns of the paper's claims with their sentences, all as text.
    file : str
        Where they stand under `results/`.
    """
    for place, row in claims.iterrows():
        evidence = rows_of(file, [place])
        if row["verdict"] == FAILS:
            reported = f"reported {row['reported']}, " if row["reported"] else ""
            said = f"{row['claim']} fails: {reported}computed {row['computed']}"
            said += f". {row['fair']}" if row["fair"] else ""
            yield Finding(paper, CLAIMS, "claims", said, GRAVE, evidence)
        elif row["verdict"] == NOT_CHECKABLE:
            said = f"{row['claim']} is not checkable: {row['computed']}"
            yield Finding(paper, CLAIMS, "claims", said, OPEN, evidence)
    verdicts = claims["verdict"].value_counts()
    parts = [
        count(verdicts.get(HOLDS, 0), "holds", "hold"),
        count(verdicts.get(FAILS, 0), "fails", "fail"),
        count(verdicts.get(NOT_CHECKABLE, 0), "is not checkable", "are not checkable"),
    ]
    said = f"{count(len(claims), 'claim')}: {', '.join(parts)}"
    yield Finding(paper, CLAIMS, "claims", said, TALLY, file)
