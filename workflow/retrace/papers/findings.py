"""What reading says: papers that cannot be read, and what is printed and no data have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrace.findings import GRAVE, NUMBERS, OPEN, READING, TALLY, UNREAD, Finding, count, rows_of

if TYPE_CHECKING:
    import pandas as pd


def refused_findings(refused: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Every problem of every paper that cannot be read, and how many each has.

    Parameters
    ----------
    refused : DataFrame
        Columns of `refused.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    for paper, own in refused.groupby("paper", sort=False):
        for place, row in own.iterrows():
            where = ", ".join(filter(None, (row["file"], row["place"])))
            said = f"{where}: {row['problem']}"
            yield Finding(paper, READING, "reading", said, UNREAD, rows_of(file, [place]))
        said = f"Refused for {count(len(own), 'problem')}"
        yield Finding(paper, READING, "reading", said, TALLY, rows_of(file, own.index))


def impossible_findings(paper: str, impossible: pd.DataFrame, file: str) -> Iterator[Finding]:
    """What a paper prints and no data have.

    Parameters
    ----------
    paper : str
    impossible : DataFrame
        Columns of `impossible.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    for place, row in impossible.iterrows():
        where = ", ".join(filter(None, (row["file"], row["place"])))
        weight = GRAVE if row["proven"] == "True" else OPEN
        said = f"impossible: {where}: {row['why']}"
        yield Finding(paper, NUMBERS, "reading", said, weight, rows_of(file, [place]))
    if len(impossible):
        said = f"{count(len(impossible), 'impossible number')} set aside"
        yield Finding(paper, NUMBERS, "reading", said, TALLY, rows_of(file, impossible.index))
