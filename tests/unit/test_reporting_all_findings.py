"""Findings of all stages: which table is read for which paper, in which order they stand."""

import re
from pathlib import Path

import pandas as pd
import pytest

from retrace.findings import COLUMNS
from retrace.reporting.all_findings import OF_ALL_PAPERS, OF_ONE_PAPER, gather_findings

GROUPS = {"studies": ["b"], "testing": [], "listing": [], "claimants": ["a", "b"]}
CLAIMS = pd.DataFrame(
    {"claim": ["one"], "reported": ["3"], "computed": ["4"], "verdict": ["fails"], "fair": [""]}
)
UNMET = pd.DataFrame(
    {"statistic": ["mean"], "term": ["x"], "why": ["proven: nothing prints it"], "proven": ["True"]}
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
    monkeypatch.setitem(OF_ONE_PAPER, "studies", {"unmet": OF_ONE_PAPER["studies"]["unmet"]})
    for kind in OF_ALL_PAPERS:
        monkeypatch.setitem(OF_ALL_PAPERS, kind, lambda *about: [])


def test_each_papers_own_table_speaks_of_it_and_papers_stand_in_their_order(only):
    unmet = {"studies/b/unmet.csv": UNMET}
    found = gather_findings(tables(unmet=unmet), GROUPS)
    assert tuple(found.columns) == COLUMNS
    said = found[found["question"] != "literature"]
    assert [(row.paper, row.weight, row.evidence) for row in said.itertuples()] == [
        ("b", "grave", "studies/b/unmet.csv, row 1"),
        ("b", "tally", "claims/b.csv"),
        ("a", "grave", "claims/a.csv, row 1"),
        ("a", "tally", "claims/a.csv"),
    ]


def test_a_paper_of_whose_literature_nothing_is_known_has_a_row_for_it(only):
    found = gather_findings(tables(unmet={"i.csv": UNMET}), GROUPS)
    assert found[found["question"] == "literature"]["paper"].tolist() == ["b", "a"]


def test_finders_of_hypotheses_are_told_what_the_paper_concludes(only, monkeypatch):
    verdicts = pd.DataFrame(
        {
            "hypothesis": ["H1", "H1", "H2"],
            "analysis": ["paper's conclusion", "each", "paper's conclusion"],
            "decision": ["supported", "undetermined", "not supported"],
        }
    )
    power = pd.DataFrame({"hypothesis": ["H2", "H1", "all"]})
    told = []

    def listen(paper, table, file):
        told.append((paper, table["reported"].tolist(), file))
        return []

    monkeypatch.setitem(OF_ONE_PAPER, "testing", {"power": listen})
    own = tables(unmet={"u.csv": UNMET}, verdicts={"v.csv": verdicts}, power={"p.csv": power})
    gather_findings(own, GROUPS | {"testing": ["b"]})
    assert told == [("b", ["not supported", "supported", ""], "p.csv")]


RULE = Path(__file__).parents[2] / "workflow/rules/findings.smk"


def test_each_table_that_is_asked_for_has_a_finder_and_each_finder_its_table():
    """The rule's inputs, by name, are the kinds of tables."""
    inputs = (
        RULE.read_text(encoding="utf-8").partition("    input:\n")[2].partition("    output:")[0]
    )
    named = re.findall(r"^        (\w+)=", inputs, re.M)
    kinds = [kind for kinds in (*OF_ONE_PAPER.values(), OF_ALL_PAPERS) for kind in kinds]
    assert sorted(named) == sorted(["papers", "refused", *kinds])


def test_a_table_too_many_or_too_few_is_no_others(only):
    with pytest.raises(ValueError, match="zip"):
        gather_findings(tables(), GROUPS)
    with pytest.raises(ValueError, match="zip"):
        gather_findings(tables(unmet={"i.csv": UNMET}), GROUPS | {"claimants": ["a"]})
