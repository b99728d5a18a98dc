"""The summary counts what the result files say."""

import pandas as pd

from retrace.reporting.summary import (
    REPORTED,
    claims_finding,
    conclusions_finding,
    literature_finding,
    numbers_finding,
    summary_table,
)
from retrace.robustness import verdicts

COMPARISON = pd.DataFrame({"verdict": ["reproduced", "reproduced", "within rounding"]})
VERDICTS = pd.DataFrame(
    {
        "hypothesis": ["H1", "H1", "H1", "H1", "H2"],
        "analysis": ["paper's conclusion", "printed, 5 %", "recomputed, 5 %", "each", "each"],
        "decision": ["supported", "supported", "undetermined", "not supported", "supported"],
    }
)
REFERENCES = pd.DataFrame({"problems": ["", "pages 9611: no range", ""]})
CITATIONS = pd.DataFrame({"paper": ["a", "a", "b"], "status": ["listed", "unlisted", "listed"]})
# One list against another, and one against two: of the second, only what dissents counts.
CONFLICTS = pd.DataFrame(
    {"references_a": ["a:1", "a:2;b:1"], "references_b": ["b:3", "c:9"], "paper_a": "a"}
)
CLAIMS = pd.DataFrame({"paper": ["a", "a", "b"], "verdict": ["holds", "fails", "holds"]})


def test_printed_numbers_are_counted_by_verdict():
    assert numbers_finding(COMPARISON) == (
        "3 printed numbers: 2 reproduced, 1 within rounding, 0 contradicted, 0 not checkable."
    )


def test_each_hypothesis_says_in_how_many_analyses_it_is_supported():
    assert conclusions_finding(VERDICTS) == (
        "H1 supported in 1 of 3 analyses, undetermined in 1; H2 supported in 1 of 1 analyses."
    )


def test_literature_counts_references_citations_and_conflicts_of_the_paper():
    assert literature_finding("a", REFERENCES, CITATIONS, CONFLICTS) == (
        "3 references, 1 with a problem; 2 citations: 1 listed, 1 unlisted; "
        "1 conflict with another list or within its own."
    )


def test_a_paper_without_references_has_its_citations():
    assert literature_finding("b", None, CITATIONS, CONFLICTS[:0]) == "1 citation: 1 listed."


def test_claims_are_counted_by_verdict():
    assert claims_finding(CLAIMS[CLAIMS.paper == "a"]) == (
        "2 claims: 1 holds, 1 fails, 0 are not checkable."
    )


def test_the_summary_has_a_row_for_each_question_that_a_paper_can_answer():
    table = summary_table(
        pd.DataFrame(
            {"paper": ["a", "c"], "authors": ["Ash, A.; Birch, B.", "Cedar, C."], "year": "2001"}
        ),
        {"a": REFERENCES},
        CITATIONS,
        CONFLICTS,
        {"a": COMPARISON},
        {"a": VERDICTS},
        CLAIMS,
    )
    assert [row[0] for row in table.rows] == ["Ash and Birch (2001)"] * 4 + ["Cedar (2001)"]
    assert table.rows[4][2] == "1 conflict with another list or within its own."


def test_the_papers_own_conclusion_goes_by_one_name():
    assert REPORTED == verdicts.REPORTED
