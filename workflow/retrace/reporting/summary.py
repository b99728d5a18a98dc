"""The summary of a run: what there is to say of each paper, in the order of the questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrace.findings import QUESTIONS, TALLY
from retrace.reporting.labels import paper_labels
from retrace.reporting.table import Column, Table

if TYPE_CHECKING:
    import pandas as pd


def summary_table(papers: pd.DataFrame, findings: pd.DataFrame) -> Table:
    """What a run found, one row a paper and question: its tallies, in their order.

    Parameters
    ----------
    papers, findings : DataFrame
        The columns of the result files of these names, all as text. Of a paper that is refused
        there are findings only, and its key is what it is called.
    """
    labels = paper_labels(papers)
    tallies = findings[findings["weight"] == TALLY]
    rows = []
    for paper in dict.fromkeys([*labels, *tallies["paper"]]):
        own = tallies[tallies["paper"] == paper]
        for question, text in QUESTIONS.items():
            said = own.loc[own["question"] == question, "finding"].tolist()
            if said:
                rows.append([labels.get(paper, paper), text, f"{'; '.join(said)}."])
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
