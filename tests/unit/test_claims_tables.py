"""Tables and figure of claims: nothing lost, nothing added, the same bytes each time."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from retrace.claims.claim import Claim
from retrace.claims.crosswalk import Statement, compare
from retrace.claims.verdicts import FAILS, HOLDS, NOT_CHECKABLE, Verdict
from retrace.reporting import render_all
from retrace.reporting.claims_tables import (
    CheckedClaim,
    ClaimSummary,
    claim_rows,
    claims_summary,
    claims_table,
    crosswalk_rows,
    crosswalk_table,
    missing_papers,
)
from retrace.reporting.crosswalk_figure import SIGNS, draw_crosswalk

ROOT = Path(__file__).parents[2]

VERDICTS = [
    Verdict(Claim("holds-one", "section 1", "It adds up.", "2", "SELECT 2"), "2", HOLDS),
    Verdict(
        Claim("open-one", "section 2", "It was long.", missing="the times", alternative="Longer."),
        "not printed: the times",
        NOT_CHECKABLE,
    ),
    Verdict(
        Claim("fails-one", "section 3", "All agree.", query="SELECT 1", fair="One does not."),
        "Case: 4",
        FAILS,
    ),
]
LABELS = {"a2024": "A et al. (2024)", "b2020": "B (2020)"}


def statement(paper_id: str, cause: str, direction: str, effect: str = "entry") -> Statement:
    return Statement(paper_id, "finding", "section 4", cause, effect, direction, "Words.")


@pytest.fixture
def relations():
    return compare(
        {
            "a2024": [
                statement("F1", "distance", "negative"),
                statement("F2", "trust", "positive"),
            ],
            "b2020": [statement("P1", "distance", "mixed"), statement("P2", "distance", "mixed")],
        }
    )


def test_a_papers_rows_have_the_columns_of_the_contract():
    rows = claim_rows("a2024", VERDICTS)
    assert CheckedClaim._fields[:6] == ClaimSummary._fields
    assert [row.verdict for row in rows] == [HOLDS, NOT_CHECKABLE, FAILS]


def test_failing_claims_come_first_with_their_sentence_and_other_readings_below():
    table = claims_table("a2024", "A et al. (2024)", claim_rows("a2024", VERDICTS))
    assert [row[0] for row in table.rows] == ["fails-one", "open-one", "holds-one"]
    assert table.rows[0][-1] == "One does not."
    assert table.notes[1:] == ["open-one: Longer."]


def test_a_sentence_stands_where_a_claim_fails_and_is_missed_nowhere_else():
    late = Claim("late", "section 1", "None is late.", query="SELECT 1", fair="One is.")
    verdicts = [Verdict(late, "none", HOLDS), Verdict(replace(late, fair=""), "one", FAILS)]
    rows = claim_rows("a2024", verdicts)
    assert [row.fair for row in rows] == ["", ""]
    table = claims_table("a2024", "A et al. (2024)", rows)
    assert [row[-1] for row in table.rows] == ["no sentence yet", ""]


def test_long_texts_are_broken_in_columns_of_a_width():
    table = claims_table("a2024", "A et al. (2024)", claim_rows("a2024", VERDICTS))
    made = render_all(table)
    assert r"\raggedright\arraybackslash\hspace{0pt}}p{0.13\linewidth}" in made["tex"]
    assert r"\raggedleft\arraybackslash\hspace{0pt}}p{0.07\linewidth}" in made["tex"]
    assert '<col style="width: 13%"><col style="width: 16%">' in made["html"]
    assert '<td class="left wide">fails-one</td>' in made["html"]


def test_the_summary_counts_every_claim_once():
    claims = pd.DataFrame(
        claim_rows("a2024", VERDICTS) + claim_rows("b2020", VERDICTS[:1]),
        columns=CheckedClaim._fields,
    )
    table = claims_summary(claims, LABELS)
    assert table.rows == [
        ["A et al. (2024)", "3", "1", "1", "1"],
        ["B (2020)", "1", "1", "0", "0"],
        ["All papers", "4", "2", "1", "1"],
    ]


def test_the_crosswalk_has_a_row_for_each_shared_pair_and_its_sources(relations):
    table = crosswalk_table(relations, LABELS)
    assert table.rows == [
        ["distance", "entry", "qualify", "− F1 (section 4)", "± P1 (section 4); P2 (section 4)"]
    ]
    assert "qualify 1" in table.notes[-1]
    assert "one paper 1" in table.notes[-1]


def test_the_crosswalk_file_has_every_statement(relations):
    rows = crosswalk_rows(relations)
    assert [(row.paper, row.statement.id, row.relation) for row in rows] == [
        ("a2024", "F1", "qualify"),
        ("b2020", "P1", "qualify"),
        ("b2020", "P2", "qualify"),
        ("a2024", "F2", "one paper"),
    ]


def test_the_figure_shows_every_pair_and_source_and_is_the_same_each_time(relations):
    figure = draw_crosswalk(relations, LABELS)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert "distance → entry" in texts
    assert "trust → entry" in texts
    assert f"{SIGNS['mixed']}  P1, P2" in texts
    assert "Papers qualify one another" in texts
    first, second = io.BytesIO(), io.BytesIO()
    for target in (first, second):
        draw_crosswalk(relations, LABELS).savefig(target, format="png")
    assert first.getvalue() == second.getvalue()


def test_tables_of_several_papers_say_which_they_lack():
    labels = {"a": "Ash (2001)", "b": "Birch (2002)", "c": "Cedar (2003)"}
    notes = missing_papers(labels, {"b": "Birch (2002)"}, ["d", "d", "e"], "claims")
    assert notes == [
        "Without claims: Ash (2001), Cedar (2003).",
        "Refused, and not counted: d, e.",
    ]
    assert missing_papers(labels, labels, [], "claims") == []
    claims = pd.DataFrame({"paper": ["b"], "verdict": ["holds"]})
    assert claims_summary(claims, {"b": "Birch (2002)"}, notes).notes == notes
    relations = compare({"b": [], "c": []})
    assert crosswalk_table(relations, labels, notes).notes[-2:] == notes
