"""The verdicts on the papers' claims, read off the tables by eye, and what would turn each."""

from __future__ import annotations

import pytest
from altered_claims import altered_verdict
from transcription import ROOT

from retrace.claims.sandbox import check_claims
from retrace.papers import read_papers

PAPERS = read_papers([ROOT / "resources" / "papers"])

FAIL = {
    "hu2024": {"same-theme-in-text-and-table"},
    "magni2022": {
        "newest-consortium",
        "employee-shares-total",
        "shares-are-counts",
        "stars-of-table-4",
    },
    "osarenkhoe2024": {"nothing-before-the-establishment", "titles-have-an-entry"},
    "puthusserry2020": {
        "exported-within-two-years",
        "more-than-two-countries",
        "countries-as-counted",
        "external-sources-of-expansion",
        "external-sources-of-penetration",
    },
}
NOT_CHECKABLE = {
    "hu2024": {"firms-with-experience-in-china", "similar-consumers"},
    "magni2022": {"survey-before-the-pandemic"},
    "osarenkhoe2024": {
        "offices-of-the-partner",
        "companies-in-projects",
        "countries-with-an-office",
    },
    "puthusserry2020": {
        "founders-interviewed",
        "exploring-firms",
        "helped-by-prior-experience",
        "self-learning-and-knowledge",
    },
}

COUNTRIES = "Number of countries"
CODE, NETWORK, LEARNING = "Axial coding", "Aggregate dimensions", "Type of learning"
TEN_CASES = range(1, 11)

# Another reported value, or other cells, that give the other verdict.
MAGNI_TURNED_BY = {
    "consortia": "12",
    "oldest-consortium": "1923",
    "newest-consortium": "1997",
    "statutory-mission": [("table1", 5, "International mission", "Promotion in Italy")],
    "consortia-numbered": [("table1", 5, "Consortium", "Consortium 6#")],
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
    "knowledge-predictors": "four",
    "areas-are-the-kinds-tested": [("areas", 2, "Kind", "market")],
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
PUTHUSSERRY_TURNED_BY = {
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
    "majority-of-revenue-abroad": [
        ("table1", case, "% of foreign sales (%)", "30") for case in (1, 2, 3, 5, 6)
    ],
    "success-varies": [("table2", case, "Prior experience", "1 year") for case in TEN_CASES],
    "interviews": "13",
    "marketing-officers": "Three",
    "one-person-in-most-cases": [
        ("table2", case, "Position", "Director & CMO") for case in (1, 2, 3)
    ],
    "cases-of-comparable-studies": [("comparable", 3, "Cases", "18")],
    "mainly-exploitation": [("strategies", 1, "Firms", "six")],
    "kinds-of-growth": [
        ("table3", row, "Growth", "Geographic diversification") for row in range(7, 14)
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
TURNED_BY = {"magni2022": MAGNI_TURNED_BY, "puthusserry2020": PUTHUSSERRY_TURNED_BY}


def claims_of(paper: str) -> dict:
    return {claim.id: claim for claim in PAPERS[paper].claims.claims}


def expected(paper: str, name: str) -> str:
    if name in FAIL[paper]:
        return "fails"
    return "not checkable" if name in NOT_CHECKABLE[paper] else "holds"


@pytest.mark.parametrize("paper", PAPERS)
def test_claims_have_the_verdicts_read_by_eye(paper):
    claims = claims_of(paper)
    verdicts = check_claims(claims.values(), PAPERS[paper].claims.tables)
    found = {verdict.claim.id: verdict.verdict for verdict in verdicts}
    assert found == {name: expected(paper, name) for name in claims}


@pytest.mark.parametrize("paper", PAPERS)
def test_failing_claims_have_a_fair_sentence_and_no_other_has(paper):
    assert {name for name, claim in claims_of(paper).items() if claim.fair} == FAIL[paper]


@pytest.mark.parametrize("paper", TURNED_BY)
def test_every_claim_with_a_query_is_altered(paper):
    assert set(TURNED_BY[paper]) == set(claims_of(paper)) - NOT_CHECKABLE[paper]


@pytest.mark.parametrize(
    ("paper", "name"), [(paper, name) for paper, turned in TURNED_BY.items() for name in turned]
)
def test_claim_turns_when_what_it_guards_is_altered(paper, name):
    tables = PAPERS[paper].claims.tables
    turned = altered_verdict(claims_of(paper)[name], tables, TURNED_BY[paper][name])
    assert turned == ("holds" if name in FAIL[paper] else "fails")


def test_every_star_of_table_4_agrees_with_a_legend_of_1_and_5_percent():
    # What the sentence on the failing claim says; critical values of t(298) from tables.
    for row in PAPERS["magni2022"].claims.tables["table4"][1]:
        for cell in filter(None, row[1:]):
            r = float(cell.rstrip("*"))
            if r != 1:
                t = abs(r) * (298 / (1 - r * r)) ** 0.5
                assert cell.count("*") == (t >= 1.968) + (t >= 2.593)
