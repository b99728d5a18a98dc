"""The claims of the papers that come with Retrace: each can turn out otherwise, none is idle."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from claim_mutations import FAILS, HOLDS, AlterableTables, with_other_values

from retrace.claims.claim import Claim
from retrace.claims.sandbox import check_claims
from retrace.claims.verdicts import NOT_CHECKABLE, decide
from retrace.papers import read_papers
from retrace.preflight.claims import check_queries

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


def uses_reported(claim: Claim) -> bool:
    return bool(claim.query) and (claim.gives == "value" or "$reported" in claim.query)


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
def test_other_cells_of_each_table_that_it_reads_turn_a_claim_over(name, tables_of):
    """One altered cell or one left-out row; on most of the cases, as many as make them few.

    Each table that a claim reads can make it fail alone; one of them is enough for it to hold.
    """
    paper, claim = CLAIMS[name]
    tables = tables_of[paper]
    verdict = tables.verdict(claim)
    assert verdict in (HOLDS, FAILS)
    if verdict == FAILS and claim.gives == "violations" and tables.holds_without_offenders(claim):
        return
    read = tables.read_by(claim)
    assert read
    if verdict == HOLDS:
        assert [table for table in read if not tables.flips(claim, FAILS, [table])] == []
    else:
        assert tables.flips(claim, HOLDS, read)


def test_all_hypotheses_are_supported_only_if_each_is_printed_so_and_has_a_p(tables_of):
    _, claim = CLAIMS["magni2022-all-hypotheses-supported"]
    for change in (
        """UPDATE hypotheses SET "Section 5" = 'not supported' WHERE "Hypothesis" = 'H2'""",
        "DELETE FROM table5 WHERE term = 'economic'",
        "UPDATE table5 SET p = NULL WHERE term = 'risk'",
    ):
        assert tables_of["magni2022"].verdict(claim, (change, [])) == FAILS


@pytest.mark.parametrize("name", [n for n, (_, claim) in CLAIMS.items() if uses_reported(claim)])
def test_another_reported_value_turns_a_claim_over(name, tables_of):
    """A claim that holds fails with another value; one that fails holds with what was computed."""
    paper, claim = CLAIMS[name]
    tables = tables_of[paper]
    if tables.verdict(claim) == HOLDS:
        assert FAILS in {tables.verdict(changed) for changed in with_other_values(claim)}
    elif claim.gives == "value":
        computed = decide(claim, tables).computed
        assert tables.verdict(replace(claim, reported=computed)) == HOLDS


@pytest.mark.parametrize("name", [n for n, (_, claim) in CLAIMS.items() if not claim.query])
def test_a_claim_without_a_query_says_what_is_missing(name):
    _, claim = CLAIMS[name]
    verdict = check_claims([claim], {})[0]
    assert verdict.verdict == NOT_CHECKABLE
    assert claim.missing in verdict.computed


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


def test_every_hypothesis_and_proposition_is_in_the_crosswalk():
    """Four hypotheses are printed in magni2022, eleven propositions in puthusserry2020."""
    ids = {key: {entry.id for entry in paper.claims.statements} for key, paper in PAPERS.items()}
    assert {f"H{number}" for number in range(1, 5)} <= ids["magni2022"]
    assert {f"P{number}" for number in range(1, 12)} <= ids["puthusserry2020"]
    assert all(ids.values())


def test_the_papers_share_the_words_of_the_crosswalk_that_are_documented():
    text = (ROOT / "docs" / "reference" / "claims.md").read_text(encoding="utf-8")
    table = text.partition("| construct | what it takes in |")[2]
    documented = set(re.findall(r"^\| ([a-z ]+) \|", table, flags=re.MULTILINE))
    used = {
        word
        for paper in PAPERS.values()
        for entry in paper.claims.statements
        for word in (entry.cause, entry.effect)
    }
    assert used == documented
