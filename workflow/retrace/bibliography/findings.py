"""What the bibliography stage says: of references, citations and disagreements of lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrace.bibliography.works.conflicts import papers_in_conflict
from retrace.findings import DOUBT, LITERATURE, OPEN, TALLY, Finding, count, rows_of

if TYPE_CHECKING:
    import pandas as pd

# Status of a citation: in the paper's list, under several entries of it, in no list.
LISTED, AMBIGUOUS, UNLISTED = "listed", "ambiguous", "unlisted"


def reference_findings(paper: str, references: pd.DataFrame, file: str) -> Iterator[Finding]:
    """References with a problem, and how many there are.

    Parameters
    ----------
    paper : str
    references : DataFrame
        Columns of the paper's `references.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    bad = references[references["problems"] != ""]
    for place, row in bad.iterrows():
        said = f"reference {row['index']}: {row['problems']}"
        yield Finding(paper, LITERATURE, "references", said, DOUBT, rows_of(file, [place]))
    said = f"{count(len(references), 'reference')}, {len(bad)} with a problem"
    yield Finding(paper, LITERATURE, "references", said, TALLY, file)


def citation_findings(paper: str, citations: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Citations without a reference of their own, and how many there are by status.

    Parameters
    ----------
    paper : str
    citations : DataFrame
        Columns of `citations.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    own = citations[citations["paper"] == paper]
    if own.empty:
        return
    nowhere = own[own["status"] == UNLISTED]
    if not own["status"].isin([LISTED, AMBIGUOUS]).any():
        # The paper's own list is not known, so that no citation is in it.
        if len(nowhere):
            said = f"{count(len(nowhere), 'citation')} in none of the lists that are known"
            evidence = rows_of(file, nowhere.index)
            yield Finding(paper, LITERATURE, "citations", said, OPEN, evidence)
        nowhere = nowhere[:0]
    for found, what in (
        (nowhere, "has no reference"),
        (own[own["status"] == AMBIGUOUS], "may be one of several references"),
    ):
        for place, row in found.iterrows():
            said = f"{row['citation']} ({row['year']}) {what}"
            yield Finding(paper, LITERATURE, "citations", said, DOUBT, rows_of(file, [place]))
    for place, row in own[own["difference"] != ""].iterrows():
        said = f"{row['citation']} ({row['year']}): {row['difference']}"
        yield Finding(paper, LITERATURE, "citations", said, DOUBT, rows_of(file, [place]))
    status = own["status"].value_counts()
    named = ", ".join(f"{status[name]} {name}" for name in status.index.sort_values())
    said = f"{count(len(own), 'citation')}: {named}"
    yield Finding(paper, LITERATURE, "citations", said, TALLY, rows_of(file, own.index))


def uncited_findings(paper: str, uncited: pd.DataFrame, file: str) -> Iterator[Finding]:
    """References that the text does not cite.

    Parameters
    ----------
    paper : str
    uncited : DataFrame
        Columns of `uncited.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    for place, row in uncited[uncited["paper"] == paper].iterrows():
        said = f"reference {row['index']} is not cited: {row['authors']} ({row['year']})"
        yield Finding(paper, LITERATURE, "uncited", said, DOUBT, rows_of(file, [place]))


def conflict_findings(paper: str, conflicts: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Facts of a paper's list that another list, or itself, disputes, and how many there are.

    Parameters
    ----------
    paper : str
    conflicts : DataFrame
        Columns of `conflicts.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    disputed = [
        place
        for place, row in zip(conflicts.index, conflicts.itertuples(), strict=True)
        if paper in papers_in_conflict(row)
    ]
    for place in disputed:
        row = conflicts.loc[place]
        said = f"{row['kind']}: {row['work']} has {row['value_a']!r} in {row['paper_a']}"
        if row["value_b"]:
            said += f", {row['value_b']!r}" + (f" in {row['paper_b']}" if row["paper_b"] else "")
        yield Finding(paper, LITERATURE, "conflicts", said, DOUBT, rows_of(file, [place]))
    if disputed:
        said = f"{count(len(disputed), 'conflict')} with another list or within its own"
        yield Finding(paper, LITERATURE, "conflicts", said, TALLY, rows_of(file, disputed))


def nothing_known(paper: str) -> Finding:
    """What is said of a paper without references and citations."""
    said = "No references or citations are known"
    return Finding(paper, LITERATURE, "references", said, TALLY, "")
