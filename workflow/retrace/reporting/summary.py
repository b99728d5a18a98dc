"""The summary of a run: what there is to say of each paper, in the order of the four questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from retrace.bibliography.works.conflicts import papers_in_conflict
from retrace.decisions import DECISIONS, REPORTED
from retrace.reporting.labels import paper_label
from retrace.reporting.table import Column, Table

if TYPE_CHECKING:
    import pandas as pd

QUESTIONS = {
    "numbers": "Do the printed results follow from the printed statistics?",
    "conclusions": "Would the conclusions survive another defensible analysis?",
    "literature": "Is the literature sound?",
    "claims": "Do the paper's statements agree with its own tables?",
}


def _count(number: int, singular: str, plural: str = "") -> str:
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def numbers_finding(comparison: pd.DataFrame) -> str:
    """How many printed numbers of a study follow, by verdict."""
    verdicts = comparison["verdict"].value_counts()
    parts = [
        f"{verdicts.get(verdict, 0)} {verdict}"
        for verdict in ("reproduced", "within rounding", "contradicted", "not checkable")
    ]
    return f"{_count(len(comparison), 'printed number')}: {', '.join(parts)}."


def conclusions_finding(verdicts: pd.DataFrame) -> str:
    """In how many of the analyses that decide each hypothesis is supported.

    The paper's own conclusion is not among them.
    """
    parts = []
    judged = (verdicts["analysis"] != REPORTED) & verdicts["decision"].isin(DECISIONS)
    analyses = verdicts[judged]
    for hypothesis, rows in analyses.groupby("hypothesis", sort=False):
        decisions = rows["decision"].value_counts()
        text = f"{hypothesis} supported in {decisions.get('supported', 0)} of {len(rows)} analyses"
        if undetermined := decisions.get("undetermined", 0):
            text += f", undetermined in {undetermined}"
        parts.append(text)
    return "; ".join(parts) + "."


def literature_finding(
    paper: str, references: pd.DataFrame | None, citations: pd.DataFrame, conflicts: pd.DataFrame
) -> str:
    """References with problems, citations without a reference, fields on which papers disagree."""
    parts = []
    if references is not None:
        bad = int((references["problems"] != "").sum())
        parts.append(f"{_count(len(references), 'reference')}, {bad} with a problem")
    own = citations[citations["paper"] == paper]
    if len(own):
        status = own["status"].value_counts()
        named = [f"{status[name]} {name}" for name in status.index.sort_values()]
        parts.append(f"{_count(len(own), 'citation')}: {', '.join(named)}")
    disputed = sum(paper in papers_in_conflict(row) for row in conflicts.itertuples())
    if disputed:
        parts.append(f"{_count(disputed, 'conflict')} with another list or within its own")
    return "; ".join(parts) + "." if parts else "No references or citations are known."


def claims_finding(claims: pd.DataFrame) -> str:
    """How many claims hold."""
    verdicts = claims["verdict"].value_counts()
    parts = [
        _count(verdicts.get("holds", 0), "holds", "hold"),
        _count(verdicts.get("fails", 0), "fails", "fail"),
        _count(verdicts.get("not checkable", 0), "is not checkable", "are not checkable"),
    ]
    return f"{_count(len(claims), 'claim')}: {', '.join(parts)}."


def summary_table(
    papers: pd.DataFrame,
    references: Mapping[str, pd.DataFrame],
    citations: pd.DataFrame,
    conflicts: pd.DataFrame,
    comparisons: Mapping[str, pd.DataFrame],
    verdicts: Mapping[str, pd.DataFrame],
    claims: pd.DataFrame | None = None,
) -> Table:
    """What a run found, one row a paper and question.

    Parameters
    ----------
    papers, citations, conflicts, claims : DataFrame
        The columns of the result files of these names, all as text.
    references, comparisons, verdicts : mapping of DataFrame
        The same for the files that each paper has of its own, by the paper's key.
    """
    rows = []
    for entry in papers.to_dict("records"):
        paper = entry["paper"]
        findings = {}
        if paper in comparisons:
            findings["numbers"] = numbers_finding(comparisons[paper])
        if paper in verdicts:
            findings["conclusions"] = conclusions_finding(verdicts[paper])
        findings["literature"] = literature_finding(
            paper, references.get(paper), citations, conflicts
        )
        if claims is not None and (claims["paper"] == paper).any():
            findings["claims"] = claims_finding(claims[claims["paper"] == paper])
        label = paper_label(entry["authors"], entry["year"])
        rows += [[label, QUESTIONS[key], finding] for key, finding in findings.items()]
    return Table(
        title="What was found",
        columns=[
            Column("Paper", width=0.17),
            Column("Question", width=0.27),
            Column("Finding", width=0.46),
        ],
        rows=rows,
        notes=["Counted from the result files; the tables behind each figure name every case."],
        label="summary",
    )
