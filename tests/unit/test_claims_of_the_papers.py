"""The claims of the papers that come with Retrace: each can turn out otherwise, none is idle."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path

import pytest
from claim_mutations import FAILS, HOLDS, AlterableTables, with_other_values

from retrace.claims.folders import check_queries
from retrace.claims.sandbox import check_claims
from retrace.claims.verdicts import NOT_CHECKABLE
from retrace.papers import read_papers

ROOT = Path(__file__).parents[2]
PAPERS = {
    key: paper
    for key, paper in read_papers([ROOT / "resources" / "papers"]).items()
    if paper.claims
}
CLAIMS = {
    f"{key}-{claim.id}": (key, claim)
    for key, paper in PAPERS.items()
    for claim in paper.claims.claims
}


@pytest.fixture(scope="module")
def tables_of():
    """The tables of each paper, open to alterations."""
    with ExitStack() as stack:
        yield {
            key: stack.enter_context(AlterableTables(paper.claims.tables))
            for key, paper in PAPERS.items()
        }


def test_every_query_runs():
    check_queries(PAPERS.values())


@pytest.mark.parametrize("name", [n for n, (_, claim) in CLAIMS.items() if claim.query])
def test_a_claim_can_turn_out_otherwise(name, tables_of):
    """One altered cell, one left-out row or another reported value turns the verdict over.

    A claim on most of the cases takes as many altered cells as make them few.
    """
    paper, claim = CLAIMS[name]
    tables = tables_of[paper]
    verdict = tables.verdict(claim)
    assert verdict in (HOLDS, FAILS)
    other = FAILS if verdict == HOLDS else HOLDS
    if "$reported" in claim.query or claim.gives == "value":
        found = {tables.verdict(changed) for changed in with_other_values(claim)}
        if verdict == HOLDS:
            assert FAILS in found, "another reported value does not refute it"
        if "$reported" in claim.query and verdict == HOLDS:
            return
    if verdict == FAILS and claim.gives == "violations" and tables.holds_without_offenders(claim):
        return
    assert tables.flips(claim, other), "nothing printed could change it"


@pytest.mark.parametrize("name", [n for n, (_, claim) in CLAIMS.items() if not claim.query])
def test_a_claim_without_a_query_says_what_is_missing(name):
    _, claim = CLAIMS[name]
    verdict = check_claims([claim], {})[0]
    assert verdict.verdict == NOT_CHECKABLE
    assert claim.missing in verdict.computed


@pytest.mark.parametrize("name", list(CLAIMS))
def test_a_claim_that_fails_has_a_fair_sentence_and_no_other_has(name, tables_of):
    paper, claim = CLAIMS[name]
    fails = bool(claim.query) and tables_of[paper].verdict(claim) == FAILS
    assert bool(claim.fair) == fails


# Names such as `Case 1` and years of citations are no quantities.
NAME_OR_CITATION = re.compile(r"[A-Za-z ]+\d+#?|\((?:19|20)\d\d\)")
NUMBER = re.compile(r"\d[\d,.]*\d|\d")


@pytest.mark.parametrize("paper", list(PAPERS))
def test_every_number_of_a_printed_table_is_in_the_inventory(paper):
    """By the column that holds it, or by itself among what is printed there."""
    facts = PAPERS[paper]
    missing = []
    for key, (columns, rows) in facts.claims.tables.items():
        label = facts.facts.tables[key].label
        if not label.startswith("Table "):
            continue
        entries = [e.printed for e in facts.claims.quantities if label in e.where]
        listed = set(NUMBER.findall("; ".join(entries)))
        for place, column in enumerate(columns):
            if f"column {column}" not in entries:
                cells = "; ".join(NAME_OR_CITATION.sub("", row[place]) for row in rows)
                found = set(NUMBER.findall(cells)) - listed
                missing += [(label, column, number) for number in sorted(found)]
    assert missing == []


@pytest.mark.parametrize("paper", list(PAPERS))
def test_an_inventory_names_columns_that_are_there(paper):
    facts = PAPERS[paper]
    columns = {
        (facts.facts.tables[key].label, column)
        for key, (names, _) in facts.claims.tables.items()
        for column in names
    }
    for entry in facts.claims.quantities:
        if entry.printed.startswith("column "):
            assert (entry.where, entry.printed.removeprefix("column ")) in columns


def test_every_hypothesis_and_proposition_is_in_the_crosswalk():
    """Four hypotheses are printed in magni2022, eleven propositions in puthusserry2020."""
    ids = {key: {entry.id for entry in paper.claims.statements} for key, paper in PAPERS.items()}
    assert {f"H{number}" for number in range(1, 5)} <= ids["magni2022"]
    assert {f"P{number}" for number in range(1, 12)} <= ids["puthusserry2020"]
    assert all(ids.values())


def test_the_papers_share_the_words_of_the_crosswalk_that_are_documented():
    text = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    table = text.partition("| construct | what it takes in |")[2]
    documented = set(re.findall(r"^\| ([a-z ]+) \|", table, flags=re.MULTILINE))
    used = {
        word
        for paper in PAPERS.values()
        for entry in paper.claims.statements
        for word in (entry.cause, entry.effect)
    }
    assert used == documented
