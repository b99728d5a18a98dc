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
from retrace.claims.findings import claim_findings, crosswalk_findings
from retrace.findings import QUESTIONS, TALLY, WEIGHTS, Finding, in_order, rows_of
from retrace.papers.findings import refused_findings
from retrace.power.findings import exaggeration_findings, replication_findings
from retrace.power.tables import Exaggeration, Replication
from retrace.robustness import verdicts
from retrace.robustness.confounding import Confounding
from retrace.robustness.findings import (
    REPORTED,
    confounding_findings,
    effect_findings,
    model_findings,
    opinion_findings,
    overturning_findings,
    reliability_findings,
    suppression_findings,
    verdict_findings,
)
from retrace.robustness.measurement_error import OverReliabilities
from retrace.robustness.overturning import OVERTURNING_COLUMNS
from retrace.robustness.suppression import Suppression
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


CHECK_COLUMNS = [
    *("check", "where", "row", "column", "statistic"),
    *("printed", "verdict", "because", "needs", "cause"),
]
CHECKS = pd.DataFrame(
    [
        ("regressions", "t.csv", "x", "t", "t", "2.40", "reproduced", "as printed", "", ""),
        ("regressions", "t.csv", "x", "p", "p", ".30", "contradicted", "none", "", "a digit"),
        ("regressions", "t.csv", "x", "b", "b", "0.2", "not checkable", "too little", "SDs", ""),
        ("regressions", "t.csv", "z", "b", "b", "0.3", "not checkable", "too little", "SDs", ""),
        ("ranges", "t.csv", "z", "vif", "vif", "0.9", "impossible", "1 or more", "", ""),
        ("granularity", "", "", "", "", "", "not checkable", "nothing there", "means", ""),
    ],
    columns=CHECK_COLUMNS,
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
            "impossible: vif of z, vif in t.csv, printed as 0.9: 1 or more",
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
            "5 printed numbers: 1 reproduced, 0 within rounding, 1 contradicted, 1 impossible, "
            "2 not checkable",
            "k.csv",
        ),
    ]


# What reading set aside, with what checks say of the same places.
ASIDE = pd.DataFrame(
    [
        ("regressions", "t.csv", "x", "p", "p", "1.015", "not checkable", "aside", "a p", ""),
        ("correlations", "c.csv", "x", "z", "r", "1.4", "impossible", "beyond 1", "", "0.14"),
        ("(reading)", "c.csv", "x", "z", "correlation", "1.4", "impossible", "over 1", "", ""),
        ("(reading)", "t.csv", "x", "p", "p", "1.015", "impossible", "no p", "", "a point"),
    ],
    columns=CHECK_COLUMNS,
)
INDEFINITE = pd.DataFrame(
    [
        ("correlations", "c.csv", "", "", "eigenvalue", "", "impossible", "negative", "", "sign"),
        ("correlations", "c.csv", "x", "z", "r", "0.9", "not checkable", "a matrix", "one", ""),
        ("(reading)", "c.csv", "", "", "correlations", "", "impossible", "indefinite", "", ""),
    ],
    columns=CHECK_COLUMNS,
)


def test_a_number_that_was_set_aside_is_one_impossible_number_and_one_finding():
    assert said(check_findings("a", ASIDE, "k.csv")) == [
        (
            "grave",
            "impossible: correlation of x, z in c.csv, printed as 1.4: over 1; cause: 0.14",
            "k.csv, rows 2-3",
        ),
        (
            "grave",
            "impossible: p of x, p in t.csv, printed as 1.015: no p; cause: a point",
            "k.csv, row 4",
        ),
        (
            "tally",
            "2 printed numbers: 0 reproduced, 0 within rounding, 0 contradicted, 2 impossible, "
            "0 not checkable",
            "k.csv",
        ),
    ]


def test_a_table_that_no_data_have_is_one_finding_and_in_the_tally():
    grave, unchecked, tally = said(check_findings("a", INDEFINITE, "k.csv"))
    assert grave == (
        "grave",
        "impossible: correlations in c.csv: indefinite; cause: sign",
        "k.csv, rows 1, 3",
    )
    assert unchecked[0] == "open"
    assert tally[1] == (
        "1 printed number: 0 reproduced, 0 within rounding, 0 contradicted, 0 impossible, "
        "1 not checkable; 1 table impossible as a whole"
    )


def test_what_was_set_aside_without_a_proof_is_open():
    unproven = INDEFINITE[2:].reset_index(drop=True)
    unproven["verdict"] = "not checkable"
    found = said(check_findings("a", unproven, "k.csv"))
    assert found[0] == ("open", "not checkable: correlations in c.csv: indefinite", "k.csv, row 1")
    assert [weight for weight, *_ in found] == ["open", "tally"]


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


# Shares, levels and factors as `replication.csv` and `exaggeration.csv` have them.
REPLICATION = pd.DataFrame(
    [
        ("normal", "0.05", "H1", "0.49424", "supported"),
        ("normal", "0.05", "H2", "0.3", "supported"),
        ("normal", "0.05", "H3", "0.1", "not supported"),
        ("normal", "0.05", "all", "0.03", ""),
        ("normal", "0.1", "H1", "0.7999", "supported"),
        ("normal", "0.1", "H2", "0.8", "supported"),
        ("likert", "0.05", "H2", "0.1", "supported"),
    ],
    columns=["population", "level", "hypothesis", "probability", "reported"],
)


def test_a_supported_hypothesis_of_low_power_is_a_doubt():
    assert said(replication_findings("a", REPLICATION, "p.csv")) == [
        (
            "doubt",
            "H1: were the printed effects true, a new sample of the same size would support it "
            "with a power of 49.4 % at the level 0.05, 80.0 % at 0.1; 80 % is the convention",
            "p.csv, rows 1, 5",
        )
    ]


def test_a_supported_hypothesis_is_exaggerated_from_a_quarter_on():
    factors = ["1.4", "1.4", "3", "", "1.25", "1.24", "9"]
    errors = REPLICATION.assign(type_m=factors).drop(columns="probability")
    assert said(exaggeration_findings("a", errors, "x.csv")) == [
        (
            "doubt",
            "H1: were the printed effects true, significant estimates of new samples of the same "
            "size would exceed them on average by a factor of 1.40 at the level 0.05, 1.25 at 0.1",
            "x.csv, rows 1, 5",
        )
    ]


@pytest.mark.parametrize(
    ("finder", "columns"),
    [
        (replication_findings, Replication._fields),
        (exaggeration_findings, Exaggeration._fields),
        (suppression_findings, Suppression._fields),
        (confounding_findings, Confounding._fields),
        (overturning_findings, OVERTURNING_COLUMNS),
        (reliability_findings, OverReliabilities._fields),
    ],
)
def test_tables_without_a_row_say_nothing(finder, columns):
    """As of a study whose correlations no data have; their columns are those that are asked for."""
    empty = pd.DataFrame(columns=list(dict.fromkeys([*columns, "reported"])), dtype=str)
    assert said(finder("a", empty, "e.csv")) == []


def test_a_hypothesis_that_needs_another_predictor_is_a_doubt():
    table = pd.DataFrame(
        [
            ("H1", "x", "z", "2.459", "1.50", "True", "True", "supported", "not supported"),
            ("H2", "z", "x", "2.564", "1.66", "True", "False", "supported", "not supported"),
            ("H6", "s", "x", "2.300", "1.80", "False", "True", "supported", "not supported"),
            # Weaker with the other, or supported alone as well, or not even together.
            ("H3", "v", "x", "2.100", "1.90", "False", "False", "supported", "not supported"),
            ("H4", "w", "x", "2.500", "2.40", "True", "False", "supported", "supported"),
            ("H5", "u", "x", "1.500", "1.40", "True", "False", "not supported", "not supported"),
        ],
        columns=[
            *("hypothesis", "term", "other", "t_with", "t_without", "grows", "mutual"),
            *("decision_with", "decision_without"),
        ],
    )
    assert said(suppression_findings("a", table, "s.csv")) == [
        (
            "doubt",
            "H1: x is supported only beside z (t 2.46 with it, 1.50 without; each needs the other)",
            "s.csv, row 1",
        ),
        (
            "doubt",
            "H2: z is supported only beside x (t 2.56 with it, 1.66 without)",
            "s.csv, row 2",
        ),
        (
            "doubt",
            "H6: s is supported only beside x (t 2.30 with it, 1.80 without; each needs the other)",
            "s.csv, row 3",
        ),
    ]


def test_a_confounder_like_the_strongest_predictor_is_a_doubt_where_it_overturns():
    table = pd.DataFrame(
        [
            ("H1", "x", "2.4597", "invalidate", "z", "1.0", "0.679", "not supported"),
            ("H1", "x", "2.4597", "invalidate", "z", "2.0", "-1.42", "not supported"),
            ("H2", "z", "1.9506", "sustain", "x", "1.0", "1.83", "not supported"),
            ("H3", "v", "5.0000", "invalidate", "x", "1.0", "3.00", "supported"),
            ("H4", "w", "5.0000", "invalidate", "", "1.0", "", "not attainable"),
        ],
        columns=[
            *("hypothesis", "term", "t", "bias_to", "benchmark", "strength"),
            *("t_adjusted", "decision_adjusted"),
        ],
    )
    assert said(confounding_findings("a", table, "c.csv")) == [
        (
            "doubt",
            "H1: an omitted variable no stronger than z would overturn it: t of x 0.68 in place "
            "of 2.46",
            "c.csv, row 1",
        )
    ]


def test_a_decision_that_little_overturns_is_a_doubt():
    one, size = "one correlation", "sample size"
    table = pd.DataFrame(
        [
            ("H1", one, "supported", "0.108", "0.098", "x and y"),
            ("H1", size, "supported", "300.0", "284.0", ""),
            ("H2", one, "not supported", "0.1", "0.1105", "z and y"),
            ("H2", size, "not supported", "300.0", "315.0", ""),
            ("H3", one, "supported", "0.3", "0.2", "v and y"),
            ("H3", "marker correlation", "supported", "0.0", "0.001", ""),
            ("H3", size, "supported", "300.0", "", ""),
        ],
        columns=["hypothesis", "change", "decision", "from", "to", "detail"],
    )
    printed = "by least squares from the printed table, and the opposite with"
    assert said(overturning_findings("a", table, "o.csv")) == [
        (
            "doubt",
            f"H1: supported {printed} a correlation of x and y of 0.098 in place of 0.108",
            "o.csv, row 1",
        ),
        (
            "doubt",
            f"H2: not supported {printed} a sample of 315 in place of 300 with the same table",
            "o.csv, row 4",
        ),
    ]


def test_a_decision_that_a_reliability_turns_is_a_doubt():
    table = pd.DataFrame(
        [
            ("H1", "ml", "supported", ""),
            ("H1", "ols", "not attainable", ""),
            ("H2", "ml", "supported", "0.8921"),
            ("H2", "ols", "not supported", "0.7"),
        ],
        columns=["hypothesis", "convention", "decision", "changes_at"],
    )
    assert said(reliability_findings("a", table, "r.csv")) == [
        (
            "doubt",
            "H2: supported with perfect scores, and the opposite at a reliability of 0.89 (p by "
            "normal); not supported with perfect scores, and the opposite at a reliability of "
            "0.70 (p by t)",
            "r.csv, rows 3-4",
        )
    ]


def test_effects_on_which_papers_differ_are_doubts_of_each():
    statements = pd.DataFrame(
        [
            ("contradict", "a", "H1", "x", "y", "positive"),
            ("contradict", "b", "F2", "x", "y", "negative"),
            ("contradict", "b", "F3", "x", "y", "negative"),
            ("qualify", "b", "F4", "z", "y", "mixed"),
            ("qualify", "c", "P1", "z", "y", "positive"),
            ("agree", "a", "H2", "v", "y", "positive"),
            ("agree", "b", "F5", "v", "y", "positive"),
            ("one paper", "a", "H3", "w", "y", "mixed"),
        ],
        columns=["relation", "paper", "id", "cause", "effect", "direction"],
    )
    assert said(crosswalk_findings("a", statements, "w.csv")) == [
        (
            "doubt",
            "x on y: positive (H1) here, negative (F2), negative (F3) in b: they contradict each "
            "other",
            "w.csv, rows 1-3",
        )
    ]
    told = said(crosswalk_findings("b", statements, "w.csv"))
    assert [evidence for *_, evidence in told] == ["w.csv, rows 1-3", "w.csv, rows 4-5"]
    assert told[1][1] == "z on y: mixed (F4) here, positive (P1) in c: they qualify each other"
    assert said(crosswalk_findings("d", statements, "w.csv")) == []


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
