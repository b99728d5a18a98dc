"""The claims of Magni, Chierici, Fait and Lefebvre: their verdicts, and what would turn each."""

from __future__ import annotations

import pytest
from altered_claims import altered_verdict
from transcription import ROOT

from retrace.claims.sandbox import check_claims
from retrace.papers import read_paper

PAPER = read_paper(ROOT / "resources" / "papers" / "magni2022")
CLAIMS = {claim.id: claim for claim in PAPER.claims.claims}
TABLES = PAPER.claims.tables

# Read off the tables by eye.
FAIL = {
    "newest-consortium",
    "employee-shares-total",
    "shares-are-counts",
    "stars-of-table-4",
}
NOT_CHECKABLE = {"survey-before-the-pandemic"}

# Another reported value, or other cells, that give the other verdict.
TURNED_BY = {
    "consortia": "12",
    "oldest-consortium": "1923",
    "newest-consortium": "1997",
    "statutory-mission": [("table1", 5, "International mission", "Promotion in Italy")],
    "recognised-after-foundation": [("table1", 3, "Year of ministerial recognition", "1931")],
    "every-sector-selected": [("table1", 10, "Sector", "Wine")],
    "no-other-sector": [("table1", 2, "Sector", "Fish")],
    "members-suffice": [("survey", 2, "Count", "13,200")],
    "returns-within-mailing": [("survey", 3, "Count", "1,380")],
    "sample-size-agrees": [("survey", 7, "Count", "301")],
    "all-agro-food": "99%",
    "employee-shares-total": [("table2", 4, "percentage", "1.8%")],
    "revenue-shares-total": [("table2", 5, "percentage", "66%")],
    "shares-are-counts": [
        ("table2", 4, "percentage", "1.6%"),
        ("table2", 7, "percentage", "8.3%"),
    ],
    "employee-classes-adjoin": [("table2", 3, "category", "52–350")],
    "revenue-classes-adjoin": [("table2", 7, "category", ">8,000€")],
    "lists-as-long-as-counted": [("enumerations", 4, "Count", "three")],
    "hypotheses-tested": "five",
    "measures-in-every-table": [("table3", 5, "Measures", "")],
    "text-repeats-table-5": [("results", 2, "t", "1.951")],
    "durbin-watson-repeated": [("diagnostics", 2, "Value", "1.915")],
    "vif-below-limit": [("table5", 1, "vif", "4.234")],
    "one-joint-regression": [("table5", 2, "vif", "1.000")],
    "signs-as-hypothesised": [("table5", 4, "t", "2.566")],
    "correlations-as-hypothesised": [("table4", 5, "risk", "0.076")],
    "knowledge-and-risk": [("table4", 4, "customer", "-0.433**")],
    "all-hypotheses-supported": [("table5", 2, "p", "0.152")],
    "larger-t-smaller-p": [("table5", 3, "p", "0.060*")],
    "stars-of-table-4": [
        ("table4", 3, "customer", "0.108*"),
        ("table4", 4, "economic", "0.139**"),
        ("table4", 5, "customer", "0.098*"),
        ("table4", 5, "market", "0.115**"),
        ("table4", 5, "economic", "0.114**"),
    ],
    "stars-of-table-5": [("table5", 2, "p", "0.052**")],
    "cited-pages": [("cited_pages", 1, "Page", "33")],
}


def expected(name):
    return "fails" if name in FAIL else "not checkable" if name in NOT_CHECKABLE else "holds"


def test_claims_have_the_verdicts_read_by_eye():
    found = {verdict.claim.id: verdict.verdict for verdict in check_claims(CLAIMS.values(), TABLES)}
    assert found == {name: expected(name) for name in CLAIMS}


def test_failing_claims_have_a_fair_sentence_and_no_other_has():
    assert {name for name, claim in CLAIMS.items() if claim.fair} == FAIL


def test_every_claim_with_a_query_is_altered():
    assert set(TURNED_BY) == set(CLAIMS) - NOT_CHECKABLE


@pytest.mark.parametrize("name", TURNED_BY)
def test_claim_turns_when_what_it_guards_is_altered(name):
    turned = altered_verdict(CLAIMS[name], TABLES, TURNED_BY[name])
    assert turned == ("holds" if name in FAIL else "fails")


def test_every_star_of_table_4_agrees_with_a_legend_of_1_and_5_percent():
    # What the sentence on the failing claim says; critical values of t(298) from tables.
    for row in TABLES["table4"][1]:
        for cell in filter(None, row[1:]):
            r = float(cell.rstrip("*"))
            if r != 1:
                t = abs(r) * (298 / (1 - r * r)) ** 0.5
                assert cell.count("*") == (t >= 1.968) + (t >= 2.593)
