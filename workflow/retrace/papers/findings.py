"""What reading says of papers that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrace.findings import READING, TALLY, UNREAD, Finding, count, rows_of

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
