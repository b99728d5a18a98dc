"""Findings of all stages: which table is read for which paper, in which order they stand."""

import pandas as pd
import pytest

from retrace.findings import COLUMNS
from retrace.reporting.all_findings import OF_ALL_PAPERS, OF_ONE_PAPER, gather_findings

GROUPS = {"studies": ["b"], "testing": [], "listing": [], "claimants": ["a", "b"]}
CLAIMS = pd.DataFrame(
    {"claim": ["one"], "reported": ["3"], "computed": ["4"], "verdict": ["fails"], "fair": [""]}
)
IMPOSSIBLE = pd.DataFrame(
    {"file": ["t.csv"], "place": ["line 2"], "why": ["1.2 is outside"], "proven": ["True"]}
)


def tables(**more):
    """Nothing but two papers, one of them with a study, and no claim that fails."""
    refused = pd.DataFrame(columns=["paper", "file", "place", "problem"])
    citations = pd.DataFrame(columns=["paper", "citation", "year", "mentions", "work", "status"])
    uncited = pd.DataFrame(columns=["paper", "index", "authors", "year", "title"])
    conflicts = pd.DataFrame(columns=["kind", "work", "papers", "field", "value"])
    return {
        "papers": {"papers.csv": pd.DataFrame({"paper": ["b", "a"]})},
        "refused": {"refused.csv": refused},
        "citations": {"citations.csv": citations},
        "uncited": {"uncited.csv": uncited},
        "conflicts": {"conflicts.csv": conflicts},
        "claims": {"claims/a.csv": CLAIMS, "claims/b.csv": CLAIMS[:0]},
        **more,
    }


@pytest.fixture
def only(monkeypatch):
    """Of the tables of one paper, only these two kinds; a whole run has them all."""
    monkeypatch.setitem(
        OF_ONE_PAPER, "studies", {"impossible": OF_ONE_PAPER["studies"]["impossible"]}
    )
    for kind in OF_ALL_PAPERS:
        monkeypatch.setitem(OF_ALL_PAPERS, kind, lambda *about: [])


def test_each_papers_own_table_speaks_of_it_and_papers_stand_in_their_order(only):
    impossible = {"studies/b/impossible.csv": IMPOSSIBLE}
    found = gather_findings(tables(impossible=impossible), GROUPS)
    assert tuple(found.columns) == COLUMNS
    said = found[found["question"] != "literature"]
    assert [(row.paper, row.weight, row.evidence) for row in said.itertuples()] == [
        ("b", "grave", "studies/b/impossible.csv, row 1"),
        ("b", "tally", "studies/b/impossible.csv, row 1"),
        ("b", "tally", "claims/b.csv"),
        ("a", "grave", "claims/a.csv, row 1"),
        ("a", "tally", "claims/a.csv"),
    ]


def test_a_paper_of_whose_literature_nothing_is_known_has_a_row_for_it(only):
    found = gather_findings(tables(impossible={"i.csv": IMPOSSIBLE}), GROUPS)
    assert found[found["question"] == "literature"]["paper"].tolist() == ["b", "a"]


def test_a_table_too_many_or_too_few_is_no_others(only):
    with pytest.raises(ValueError, match="zip"):
        gather_findings(tables(), GROUPS)
    with pytest.raises(ValueError, match="zip"):
        gather_findings(tables(impossible={"i.csv": IMPOSSIBLE}), GROUPS | {"claimants": ["a"]})
