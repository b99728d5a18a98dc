"""The summary says what findings count, paper by paper and question by question."""

import pandas as pd

from retrace.findings import COLUMNS
from retrace.reporting.summary import summary_table

PAPERS = pd.DataFrame(
    {"paper": ["a", "c"], "authors": ["Ash, A.; Birch, B.", "Cedar, C."], "year": "2001"}
)
FINDINGS = pd.DataFrame(
    [
        ("a", "numbers", "comparison", "contradicted: p of x", "grave", "c.csv, row 1"),
        ("a", "numbers", "comparison", "3 printed numbers: 1 contradicted", "tally", "c.csv"),
        ("a", "literature", "references", "3 references, 1 with a problem", "tally", "r.csv"),
        ("a", "literature", "citations", "2 citations: 2 listed", "tally", "k.csv"),
        ("c", "literature", "conflicts", "1 conflict", "tally", "k.csv"),
        ("broken", "reading", "reading", "paper.yaml: not YAML", "unread", "refused.csv, row 1"),
        ("broken", "reading", "reading", "Refused for 1 problem", "tally", "refused.csv, row 1"),
    ],
    columns=list(COLUMNS),
)


def test_the_summary_has_a_row_for_each_question_that_a_paper_can_answer():
    table = summary_table(PAPERS, FINDINGS)
    assert table.rows == [
        [
            "Ash and Birch (2001)",
            "Do the printed results follow from the printed statistics?",
            "3 printed numbers: 1 contradicted.",
        ],
        [
            "Ash and Birch (2001)",
            "Is the literature sound?",
            "3 references, 1 with a problem; 2 citations: 2 listed.",
        ],
        ["Cedar (2001)", "Is the literature sound?", "1 conflict."],
        ["broken", "Can the paper's folder be read?", "Refused for 1 problem."],
    ]


def test_without_a_finding_a_paper_has_no_row():
    assert summary_table(PAPERS, FINDINGS[:0]).rows == []
