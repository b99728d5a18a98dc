"""Every stage says what a reader should act on, and counts from the rows that it says it of."""

from pathlib import Path

import pandas as pd
import pytest

from retrace.assumptions.findings import dependence_findings
from retrace.bibliography.findings import (
    citation_findings,
    conflict_findings,
    reference_findings,
    uncited_findings,
)
from retrace.checks.shared.findings import check_findings
from retrace.claims.findings import claim_findings
from retrace.findings import QUESTIONS, TALLY, WEIGHTS, Finding, in_order, rows_of
from retrace.papers.findings import impossible_findings, refused_findings
from retrace.robustness import verdicts
from retrace.robustness.findings import (
    REPORTED,
    effect_findings,
    model_findings,
    opinion_findings,
    verdict_findings,
)
from retrace.synthetic.findings import unmet_findings


def said(findings) -> list[tuple[str, str, str]]:
    """Weight, statement and evidence of findings whose question and weight are in use."""
    rows = list(findings)
    assert all(row.question in QUESTIONS and row.weight in WEIGHTS for row in rows)
    return [(row.weight, row.finding, row.evidence) for row in rows]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], "a.csv"),
        ([0], "a.csv, row 1"),
        ([2, 1], "a.csv, rows 2-3"),
        ([6, 0, 2, 3], "a.csv, rows 1, 3-4, 7"),
    ],
)
def test_evidence_counts_rows_from_one(rows, expected):
    assert rows_of("a.csv", rows) == expected


def test_findings_stand_by_paper_question_and_weight():
    def found(paper, question, weight):
        return Finding(paper, question, "", "", weight, "")

    rows = [
        found("z", "reading", "unread"),
        found("a", "claims", "grave"),
        found("b", "numbers", "tally"),
        found("a", "numbers", "open"),
        found("a", "numbers", "grave"),
    ]
    assert in_order(rows, ["b", "a"]) == [rows[2], rows[4], rows[3], rows[1], rows[0]]


def test_a_refused_paper_says_every_problem_and_how_many():
    refused = pd.DataFrame(
        {
            "paper": ["b", "b"],
            "file": ["b/paper.yaml", "b/t.csv"],
            "place": ["line 7, keyword", ""],
            "problem": ["unknown key", "no header row"],
        }
    )
    assert said(refused_findings(refused, "refused.csv")) == [
        ("unread", "b/paper.yaml, line 7, keyword: unknown key", "refused.csv, row 1"),
        ("unread", "b/t.csv: no header row", "refused.csv, row 2"),
        ("tally", "Refused for 2 problems", "refused.csv, rows 1-2"),
    ]


def test_what_is_impossible_is_grave_where_it_is_proven():
    impossible = pd.DataFrame(
        {
            "file": ["t.csv", "t.csv"],
            "place": ["line 2, column a", ""],
            "why": ["correlation 1.2 is outside [-1, 1]", "not positive definite"],
            "proven": ["True", "False"],
        }
    )
    weights = [weight for weight, *_ in said(impossible_findings("a", impossible, "i.csv"))]
    assert weights == ["grave", "open", "tally"]
    assert said(impossible_findings("a", impossible[:0], "i.csv")) == []


CHECKS = pd.DataFrame(
    [
        ("regressions", "t.csv", "x", "t", "t", "2.40", "reproduced", "as printed", "", ""),
        ("regressions", "t.csv", "x", "p", "p", ".30", "contradicted", "none", "", "a digit"),
        ("regressions", "t.csv", "x", "b", "b", "0.2", "not checkable", "too little", "SDs", ""),
        ("regressions", "t.csv", "z", "b", "b", "0.3", "not checkable", "too little", "SDs", ""),
        ("correlations", "c.csv", "", "", "eigenvalue", "", "impossible", "indefinite", "", ""),
        ("granularity", "", "", "", "", "", "not checkable", "nothing there", "means", ""),
        ("(reading)", "c.csv", "x", "z", "correlation", "1.2", "impossible", "beyond 1", "", ""),
    ],
    columns=[
        *("check", "where", "row", "column", "statistic"),
        *("printed", "verdict", "because", "needs", "cause"),
    ],
)


def test_printed_numbers_are_counted_by_verdict_and_named_where_none_or_a_bad_one():
    assert said(check_findings("a", CHECKS, "k.csv")) == [
        (
            "grave",
            "contradicted: p of x, p in t.csv, printed as .30: none; cause: a digit",
            "k.csv, row 2",
        ),
        (
            "grave",
            "impossible: eigenvalue in c.csv: indefinite",
            "k.csv, row 5",
        ),
        (
            "open",
            "not checkable: b of x, b in t.csv, printed as 0.2, b of z, b in t.csv, printed as 0.3 "
            "(too little; needs SDs)",
            "k.csv, rows 3-4",
        ),
        (
            "tally",
            "4 printed numbers: 1 reproduced, 0 within rounding, 1 contradicted, 0 impossible, "
            "2 not checkable",
            "k.csv",
        ),
    ]


VERDICTS = pd.DataFrame(
    {
        "hypothesis": ["H1", "H1", "H1", "H1", "H2", "H2", "H2"],
        "analysis": [
            "paper's conclusion",
            "printed, 5 %",
            "recomputed, 5 %",
            "each",
            "paper's conclusion",
            "each",
            "other",
        ],
        "decision": [
            "supported",
            "supported",
            "undetermined",
            "not supported",
            "supported",
            "supported",
            "not attainable",
        ],
    }
)


def test_each_hypothesis_says_in_how_many_analyses_it_is_supported():
    assert said(verdict_findings("a", VERDICTS, "v.csv")) == [
        (
            "doubt",
            "H1 supported in 1 of 3 analyses, undetermined in 1; the paper concludes: supported",
            "v.csv, rows 3-4",
        ),
        ("open", "H2: 1 analysis not attainable", "v.csv, row 7"),
        (
            "tally",
            "H1 supported in 1 of 3 analyses, undetermined in 1; H2 supported in 1 of 1 analyses",
            "v.csv",
        ),
    ]


def test_where_nothing_decides_it_is_said():
    found = said(verdict_findings("a", VERDICTS.assign(decision="not attainable")[1:2], "v.csv"))
    assert found[-1] == ("tally", "No analysis decides a hypothesis", "v.csv")


def test_the_papers_own_conclusion_goes_by_one_name():
    assert REPORTED == verdicts.REPORTED


def test_models_effects_and_programs_speak_where_something_is_off():
    fit = pd.DataFrame({"model": ["m", "n", "o"], "problems": ["", "negative variance", ""]})
    assert said(model_findings("a", fit, "f.csv")) == [
        ("open", "no proper solution of n: negative variance", "f.csv, row 2")
    ]
    effects = pd.DataFrame(
        {
            "model": ["m", "m"],
            "effect": ["y ~ x", "y ~ z"],
            "expected": ["positive", "negative"],
            "sign": ["agrees", "opposes"],
        }
    )
    assert said(effect_findings("a", effects, "e.csv")) == [
        ("doubt", "y ~ z in m opposes the expected sign, negative", "e.csv, row 2")
    ]
    opinions = pd.DataFrame({"model": ["m", "m", "n"], "agrees": ["True", "False", ""]})
    assert said(opinion_findings("a", opinions, "o.csv")) == [
        ("open", "another program differs in 1 estimate of m", "o.csv, row 2")
    ]


def test_what_data_miss_is_grave_where_it_is_proven():
    unmet = pd.DataFrame(
        {
            "statistic": ["mean", "sd", "r", ""],
            "term": ["x", "x", "x, z", "every statistic"],
            "why": [
                "not drawn: no",
                "not drawn: no",
                "proven: nothing prints this",
                "not drawn: 2",
            ],
            "proven": ["False", "False", "True", "False"],
        }
    )
    assert said(unmet_findings("a", unmet, "u.csv")) == [
        ("open", "synthetic data miss mean of x, sd of x: not drawn: no", "u.csv, rows 1-2"),
        ("grave", "synthetic data miss r of x, z: proven: nothing prints this", "u.csv, row 3"),
        ("open", "synthetic data miss every statistic: not drawn: 2", "u.csv, row 4"),
    ]


def test_decisions_that_depend_on_assumptions_are_told_by_hypothesis():
    table = pd.DataFrame(
        {
            "hypothesis": ["H1", "H1", "H1", "H2"],
            "family": ["errors", "errors", "other", "errors"],
            "dependence": ["depends", "depends", "cannot", "undecided"],
        }
    )
    assert said(dependence_findings("a", table, "d.csv")) == [
        ("doubt", "H1: 2 analyses depend on what is assumed: errors", "d.csv, rows 1-2"),
        (
            "open",
            "H2: 1 analysis may depend on what is assumed; it is not decided: errors",
            "d.csv, row 4",
        ),
    ]


REFERENCES = pd.DataFrame({"index": ["1", "2", "3"], "problems": ["", "pages 9611: no range", ""]})
CITATIONS = pd.DataFrame(
    {
        "paper": ["a", "a", "b", "a"],
        "citation": ["Ash", "Birch", "Cedar", "Oak"],
        "year": "2001",
        "status": ["listed", "unlisted", "unlisted", "ambiguous"],
        "difference": ["authors: Ash cited, Esh listed", "", "", ""],
    }
)
# One list against another, and one against two: of the second, only what dissents counts.
CONFLICTS = pd.DataFrame(
    {
        "work": ["w", "v"],
        "kind": ["year", "doi differs"],
        "value_a": ["2001", "10.1/x"],
        "value_b": ["2002", ""],
        "paper_a": "a",
        "paper_b": ["b", ""],
        "references_a": ["a:1", "a:2;b:1"],
        "references_b": ["b:3", "c:9"],
    }
)


def test_references_with_problems_are_named_and_all_are_counted():
    assert said(reference_findings("a", REFERENCES, "r.csv")) == [
        ("doubt", "reference 2: pages 9611: no range", "r.csv, row 2"),
        ("tally", "3 references, 1 with a problem", "r.csv"),
    ]


def test_citations_are_named_by_what_is_wrong_with_them():
    assert said(citation_findings("a", CITATIONS, "c.csv")) == [
        ("doubt", "Birch (2001) has no reference", "c.csv, row 2"),
        ("doubt", "Oak (2001) may be one of several references", "c.csv, row 4"),
        ("doubt", "Ash (2001): authors: Ash cited, Esh listed", "c.csv, row 1"),
        ("tally", "3 citations: 1 ambiguous, 1 listed, 1 unlisted", "c.csv, rows 1-2, 4"),
    ]


def test_without_a_list_a_citation_is_not_held_against_the_paper():
    assert said(citation_findings("b", CITATIONS, "c.csv")) == [
        ("open", "1 citation in none of the lists that are known", "c.csv, row 3"),
        ("tally", "1 citation: 1 unlisted", "c.csv, row 3"),
    ]
    assert said(citation_findings("nobody", CITATIONS, "c.csv")) == []


def test_conflicts_are_those_of_the_paper_that_dissents():
    assert said(conflict_findings("a", CONFLICTS, "k.csv")) == [
        ("doubt", "year: w has '2001' in a, '2002' in b", "k.csv, row 1"),
        ("tally", "1 conflict with another list or within its own", "k.csv, row 1"),
    ]
    assert said(conflict_findings("c", CONFLICTS, "k.csv"))[0][2] == "k.csv, row 2"


def test_references_that_are_not_cited_are_named():
    uncited = pd.DataFrame(
        {"paper": ["b", "a"], "index": ["4", "7"], "authors": "Ash, A.", "year": "2001"}
    )
    assert said(uncited_findings("a", uncited, "u.csv")) == [
        ("doubt", "reference 7 is not cited: Ash, A. (2001)", "u.csv, row 2")
    ]


def test_claims_that_fail_are_grave_and_all_are_counted():
    claims = pd.DataFrame(
        {
            "claim": ["one", "two", "three"],
            "reported": ["3", "", ""],
            "computed": ["4", "none", "not printed: n"],
            "verdict": ["fails", "holds", "not checkable"],
            "fair": ["One is left out.", "", ""],
        }
    )
    assert said(claim_findings("a", claims, "claims/a.csv")) == [
        ("grave", "one fails: reported 3, computed 4. One is left out.", "claims/a.csv, row 1"),
        ("open", "three is not checkable: not printed: n", "claims/a.csv, row 3"),
        (TALLY, "3 claims: 1 holds, 1 fails, 1 is not checkable", "claims/a.csv"),
    ]


def test_the_weights_are_documented_as_they_are_defined():
    text = (Path(__file__).parents[2] / "docs/how-to/adding-a-paper.md").read_text(encoding="utf-8")
    rows = [f"| `{weight}` | {meaning} |" for weight, meaning in WEIGHTS.items()]
    assert "\n".join(rows) in text
