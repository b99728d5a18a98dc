"""The claims of Puthusserry, Khan, Knight and Miller: verdicts, and what would turn each."""

from __future__ import annotations

import pytest
from altered_claims import altered_verdict
from transcription import ROOT

from retrace.claims.sandbox import check_claims
from retrace.papers import read_paper

PAPER = read_paper(ROOT / "resources" / "papers" / "puthusserry2020")
CLAIMS = {claim.id: claim for claim in PAPER.claims.claims}
TABLES = PAPER.claims.tables

# Read off the tables by eye.
FAIL = {
    "exported-within-two-years",
    "more-than-two-countries",
    "countries-as-counted",
    "majority-of-revenue-abroad",
    "external-sources-of-expansion",
    "external-sources-of-penetration",
}
NOT_CHECKABLE = {
    "founders-interviewed",
    "exploring-firms",
    "helped-by-prior-experience",
    "self-learning-and-knowledge",
}

COUNTRIES = "Number of countries"
CODE, NETWORK, LEARNING = "Axial coding", "Aggregate dimensions", "Type of learning"
TEN_CASES = range(1, 11)

# Another reported value, or other cells, that give the other verdict.
TURNED_BY = {
    "cases": "nine",
    "same-cases": [("table2", 10, "Case number", "Case 11")],
    "exported-within-two-years": [("table1", 9, "First export", "2011")],
    "founded-before-export": [("table1", 2, "First export", "2008")],
    "more-than-two-countries": [
        ("table1", 2, COUNTRIES, "3—Sweden, UK and USA"),
        ("table1", 10, COUNTRIES, "3—UK, UAE, Oman"),
    ],
    "countries-as-counted": [
        ("table1", 3, COUNTRIES, "3—UAE, Indonesia, Kuwait"),
        ("table1", 5, COUNTRIES, "5—UK, Canada, Australia, Germany, UAE"),
    ],
    "first-country-listed": [("table1", 9, "Country of first foreign sales", "Oman")],
    "majority-of-revenue-abroad": [("table1", 4, "% of foreign sales (%)", "51")],
    "success-varies": [("table2", case, "Prior experience", "1 year") for case in TEN_CASES],
    "interviews": "13",
    "marketing-officers": "Three",
    "one-person-in-most-cases": [
        ("table2", case, "Position", "Director & CMO") for case in (1, 2, 3)
    ],
    "international-within-prior-experience": [
        ("table2", 2, "International experience (countries)", "18 years (Europe)")
    ],
    "long-experience-of-a-ceo": [("table2", 1, "Prior experience", "12 years at an Indian MNE")],
    "mostly-software-firms": [("table1", case, "Product/service", "Bakery") for case in (1, 2, 3)],
    "learning-by-network": [("table3", 4, LEARNING, "Vicarious learning")],
    "sources-in-section-4": [("table3", 3, NETWORK, "Internal network")],
    "codes-in-section-4": [("sources", 6, CODE, "Prior experience")],
    "external-sources-of-expansion": [("sources", 13, CODE, "Industry association")],
    "vicarious-learning-for-expansion": [("table3", 2, LEARNING, "Experiential learning")],
    "both-networks-for-each-growth": [("table3", 9, NETWORK, "External network")],
    "knowledge-from-peers": [("table3", 1, "Knowledge", "international; market")],
    "peers-and-self-learning": [("table3", 6, CODE, "Prior experience")],
    "self-learning-for-innovation": [("table3", 9, CODE, "Prior experience")],
    "congenital-learning": [("table3", 12, LEARNING, "experiential learning")],
    "year-of-publication": "2019",
    "external-sources-of-penetration": [("table3", 5, NETWORK, "External network")],
    "associations-for-expansion-only": [("table3", 8, CODE, "Industry association")],
    "peers-for-exploitation": [("table3", 10, CODE, "Peers’ network")],
    "self-learning-for-penetration": [("table3", 9, CODE, "R&D")],
    "knowledge-for-expansion": [("table3", 1, "Knowledge", "market; product")],
    "knowledge-for-penetration": [("table3", 7, "Knowledge", "international")],
    "market-knowledge-drives-growth": [("proposed_drivers", 1, "Knowledge", "financial")],
    "international-knowledge-drives-growth": [("table3", 10, CODE, "Bank")],
    "product-knowledge-drives-growth": [("proposed_drivers", 5, "Knowledge", "financial")],
    "innovation-from-external-networks": [("table3", 10, CODE, "Bank")],
    "internal-learning": [("table3", row, CODE, "R&D") for row in (4, 5, 6)],
    "propositions-numbered": "12",
    "propositions-announced": [("propositions", 4, "Announced as", "fifth and sixth")],
    "lists-as-long-as-counted": [("enumerations", 1, "Count", "three")],
    "dates-in-order": [("dates", 2, "Date", "1 February 2019")],
    "page-within-article": [("pages", 1, "Page printed in the text", "543")],
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
