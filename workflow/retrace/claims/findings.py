"""What claims say: statements that a paper's own tables refute or cannot decide, or others do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrace.claims.crosswalk import CONTRADICT, QUALIFY
from retrace.claims.verdicts import FAILS, HOLDS, NOT_CHECKABLE
from retrace.findings import (
    CLAIMS,
    CONCLUSIONS,
    DOUBT,
    GRAVE,
    OPEN,
    TALLY,
    Finding,
    count,
    rows_of,
)

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


def crosswalk_findings(paper: str, statements: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Effects that the paper states, and of which other papers say otherwise or with a proviso.

    Parameters
    ----------
    paper : str
    statements : DataFrame
        Columns of `crosswalk.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    against = statements[statements["relation"].isin((CONTRADICT, QUALIFY))]
    for (cause, effect), pair in against.groupby(["cause", "effect"], sort=False):
        parts = {
            key: ", ".join(f"{row['direction']} ({row['id']})" for _, row in own.iterrows())
            for key, own in pair.groupby("paper", sort=False)
        }
        if paper not in parts:
            continue
        own = parts.pop(paper)
        others = "; ".join(f"{said} in {key}" for key, said in parts.items())
        how = pair["relation"].iloc[0]
        said = f"{cause} on {effect}: {own} here, {others}: they {how} each other"
        yield Finding(paper, CONCLUSIONS, "crosswalk", said, DOUBT, rows_of(file, pair.index))
