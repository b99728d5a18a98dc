"""A paper folder's claims, inventory and crosswalk: what is wrong is named, all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrace.claims.crosswalk import Statement, compare, read_crosswalk
from retrace.claims.inventory import read_quantities
from retrace.claims.sandbox import decide_claims
from retrace.papers import PaperError, read_paper
from retrace.preflight.claims import check_queries
from retrace.preflight.papers import check_papers

PAPER = """\
title: A paper
authors: [{family: Someone}]
licence: {name: CC BY 4.0}
tables:
  people: {file: people.csv, label: Table 1, printed: section 1}
claims: {claims: claims.yaml, quantities: quantities.csv, crosswalk: crosswalk.csv}
"""
CLAIMS = """\
claims:
  - id: two-people
    where: section 1
    statement: Two people were asked.
    reported: two
    query: SELECT count(*) FROM people
"""
QUANTITIES = "id,where,quantity,printed,claims,reason\npeople,section 1,People,two,two-people,\n"
CROSSWALK = (
    "id,kind,where,cause,effect,direction,statement\n"
    "P1,proposition,section 5,knowledge,entry,positive,Knowledge helps.\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A paper with one table, one claim, one quantity and one proposition."""
    root = tmp_path / "one2026"
    root.mkdir()
    for name, text in {
        "paper.yaml": PAPER,
        "people.csv": "name,age\nA,33\nB,\n",
        "claims.yaml": CLAIMS,
        "quantities.csv": QUANTITIES,
        "crosswalk.csv": CROSSWALK,
    }.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def test_a_folder_with_claims_is_read_and_its_queries_run(folder):
    paper = read_paper(folder)
    assert [claim.id for claim in paper.claims.claims] == ["two-people"]
    assert [quantity.claims for quantity in paper.claims.quantities] == [("two-people",)]
    assert paper.claims.statements[0].direction == "positive"
    assert paper.claims.tables == {"people": (["name", "age"], [["A", "33"], ["B", ""]])}
    check_queries([paper])
    names = ("claims.yaml", "crosswalk.csv", "paper.yaml", "people.csv", "quantities.csv")
    assert sorted(Path(name).name for name in paper.claim_files) == list(names)


def test_every_problem_of_the_three_files_is_named_at_once(folder):
    change(folder, "claims.yaml", "    reported: two\n", "    reported: 2\n    colour: red\n")
    change(folder, "crosswalk.csv", "positive", "upwards")
    change(folder, "quantities.csv", ",reason", ",why")
    with pytest.raises(PaperError) as error:
        read_paper(folder)
    text = str(error.value)
    assert "quantities.csv, line 1: found" in text
    assert "claims.yaml, line 5, claim two-people, reported: found 2, expected a text" in text
    assert "claims.yaml, line 6, claim two-people, colour: unknown key" in text
    assert "crosswalk.csv, line 2: direction: found 'upwards', expected positive" in text


def test_a_wrong_claim_hides_no_problem_of_the_inventory(folder):
    change(folder, "claims.yaml", "    reported: two\n", "    reported: 2\n")
    change(folder, "quantities.csv", ",two-people,", ",three-people,")
    with pytest.raises(PaperError) as error:
        read_paper(folder)
    text = str(error.value)
    assert "quantities.csv, line 2: there is no claim 'three-people'" in text
    assert "quantities.csv: no quantity names the claim 'two-people'" in text


def test_claims_that_cannot_be_read_leave_the_inventory_its_own_problems(folder):
    change(folder, "claims.yaml", "claims:\n", "claims: [\n")
    change(folder, "quantities.csv", "section 1,", ",")
    with pytest.raises(PaperError) as error:
        read_paper(folder)
    assert "claims.yaml, line " in str(error.value)
    assert "quantities.csv, line 2: where: empty" in str(error.value)
    assert "there is no claim" not in str(error.value)


def test_a_short_row_hides_no_problem_of_the_others(folder):
    change(folder, "crosswalk.csv", "P1,", "P0,proposition\nP1,")
    change(folder, "crosswalk.csv", "positive", "upwards")
    change(folder, "quantities.csv", "reason\npeople,section 1,", "reason\nshort,s\npeople,,")
    change(folder, "quantities.csv", "two-people,", ",nothing bears on it")
    with pytest.raises(PaperError) as error:
        read_paper(folder)
    text = str(error.value)
    assert "crosswalk.csv, line 2: 2 cells, the header has 7" in text
    assert "crosswalk.csv, line 3: direction: found 'upwards'" in text
    assert "quantities.csv, line 2: 2 cells, the header has 6" in text
    assert "quantities.csv, line 3: where: empty" in text
    # The short row may have named it.
    assert "no quantity names" not in text


def test_a_missing_table_hides_no_problem_of_queries_on_the_others(folder):
    change(
        folder, "paper.yaml", "tables:\n", "tables:\n  lost: {file: l.csv, label: B, printed: 2}\n"
    )
    more = "  - {id: lost, where: s, statement: x, reported: '1', query: SELECT a FROM Lost}\n"
    change(folder, "claims.yaml", "FROM people\n", f"FROM persons\n{more}")
    with pytest.raises(PaperError) as error:
        check_papers([folder.parent])
    text = str(error.value)
    assert "there is no file 'l.csv'" in text
    assert "claim two-people: there is no table 'persons'" in text
    assert "claim lost" not in text


@pytest.mark.parametrize(
    ("where", "column", "message"),
    [
        ("Table 1", "height", "printed: Table 1 has no column 'height'; its columns: name, age"),
        ("Table 9", "age", "where: no table has the label 'Table 9'; labels of the paper: Table 1"),
    ],
)
def test_a_column_in_the_inventory_is_one_of_the_table_beside_it(folder, where, column, message):
    row = f"ages,{where},Ages,column {column},,nothing else is printed of them\n"
    with (folder / "quantities.csv").open("a", encoding="utf-8") as file:
        file.write(row)
    with pytest.raises(PaperError) as error:
        read_paper(folder)
    assert f"quantities.csv, line 3: {message}" in str(error.value)
    change(folder, "quantities.csv", row, row.replace(where, "Table 1").replace(column, "age"))
    assert read_paper(folder).claims.quantities[1].printed == "column age"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("FROM people", "FROM persons", "there is no table 'persons'; tables of the paper: people"),
        ("count(*)", "count(height)", 'Referenced column "height" not found'),
        ("SELECT count(*) FROM people", "DROP TABLE people", "not a SELECT statement"),
        ("reported: two", "reported: many", "'many' is not a printed number"),
    ],
)
def test_a_wrong_query_or_value_is_named_with_the_claim_before_any_job(folder, old, new, message):
    change(folder, "claims.yaml", old, new)
    with pytest.raises(PaperError) as error:
        check_queries([read_paper(folder)])
    assert f"{folder.as_posix()}/claims.yaml, claim two-people: " in str(error.value)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT sum(number(name)) FROM people", "'A' is not a printed number"),
        ("SELECT age FROM people", "gives 2 rows of 1 columns; a value is one row of one column"),
        ("SELECT max(age) FROM people WHERE name = 'C'", "finds no value"),
        ("SELECT name::INTEGER FROM people", "Could not convert string 'A' to INT32"),
        ("SELECT range FROM range(20000)", "gives more than 10,000 rows"),
    ],
)
def test_a_query_that_comes_to_no_value_is_told_and_not_checkable(folder, query, message):
    change(folder, "claims.yaml", "SELECT count(*) FROM people", query)
    told: list[str] = []
    paper = read_paper(folder)
    check_queries([paper], lambda problem: told.append(str(problem)))
    (text,) = told
    assert f"{folder.as_posix()}/claims.yaml, claim two-people: not checkable, not computed" in text
    assert message in text
    (verdict,) = decide_claims(paper.claims.claims, paper.claims.tables)
    assert verdict.verdict == "not checkable"
    assert message in verdict.computed


def test_a_claim_that_fails_without_a_sentence_is_told_with_what_was_found(folder):
    change(folder, "claims.yaml", "reported: two", "reported: three")
    rule = "gives: violations, query: SELECT name FROM people"
    with (folder / "claims.yaml").open("a", encoding="utf-8") as file:
        file.write(f"  - {{id: nobody, where: 1, statement: None was asked., {rule}}}\n")
    change(folder, "claims.yaml", "where: 1,", "where: section 1,")
    change(folder, "quantities.csv", "two-people,", "two-people; nobody,")
    told: list[str] = []
    check_queries([read_paper(folder)], lambda problem: told.append(str(problem)))
    place = f"{folder.as_posix()}/claims.yaml, claim"
    assert [message.partition(". If")[0] for message in told] == [
        f"{place} two-people: fails: reported 'three', computed: 2",
        f"{place} nobody: fails: rows that break the rule: name: A; name: B",
    ]
    assert all("add fair: one sentence" in message for message in told)
    text = (folder / "claims.yaml").read_text(encoding="utf-8")
    text = text.replace("three\n", "three\n    fair: One more was planned.\n")
    text = text.replace("None was asked.,", "None was asked., fair: Two were.,")
    (folder / "claims.yaml").write_text(text, encoding="utf-8")
    check_papers([folder.parent], warn=lambda problem: told.append(str(problem)))
    assert len(told) == 2


def test_columns_that_differ_in_case_alone_are_named(folder):
    change(folder, "people.csv", "name,age", "name,Name")
    with pytest.raises(PaperError, match="table 'people' cannot be queried"):
        check_queries([read_paper(folder)])


HEADER = ["id", "where", "quantity", "printed", "claims", "reason"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["a", "1", "x", "2", "", ""], "either the claims"),
        (["a", "1", "x", "2", "c", "nothing"], "either the claims"),
        (["a", "1", "x", "2", "d", ""], "there is no claim 'd'"),
        (["a", "", "x", "2", "c", ""], "where: empty"),
    ],
)
def test_a_wrong_quantity_is_named_by_line(row, message):
    _, problems = read_quantities(HEADER, [(2, ["b", "1", "y", "3", "c", ""]), (3, row)], {"c"}, {})
    assert [place for place, _ in problems] == ["line 3"]
    assert message in problems[0][1]


def test_a_claim_that_no_quantity_names_and_a_second_id_are_problems():
    rows = [(2, ["a", "1", "y", "3", "c", ""]), (3, ["a", "1", "y", "3", "c", ""])]
    _, problems = read_quantities(HEADER, rows, {"c", "d"}, {})
    assert problems == [
        ("line 3", "id: 'a' stands in line 2 already"),
        ("", "no quantity names the claim 'd'"),
    ]


def test_a_crosswalk_with_other_columns_or_a_repeated_pair_is_refused():
    assert read_crosswalk(["id"], [])[1][0][0] == "line 1"
    row = ["P1", "proposition", "5", "a", "b", "positive", "x"]
    _, problems = read_crosswalk(
        ["id", "kind", "where", "cause", "effect", "direction", "statement"], [(2, row), (3, row)]
    )
    assert problems == [("line 3", "id, cause, effect: 'P1', 'a', 'b' stands in line 2 already")]


def statement(cause: str, direction: str, name: str = "P1") -> Statement:
    return Statement(name, "proposition", "section 5", cause, "entry", direction, "Words.")


def test_papers_agree_qualify_or_contradict_one_another():
    relations = compare(
        {
            "a": [statement(c, "positive") for c in ("alone", "same", "against", "limits")],
            "b": [
                statement("same", "positive"),
                statement("against", "negative"),
                statement("limits", "mixed"),
            ],
            "c": [statement("same", "positive", "P2"), statement("same", "positive", "P3")],
        }
    )
    assert [(entry.cause, entry.relation) for entry in relations] == [
        ("against", "contradict"),
        ("limits", "qualify"),
        ("same", "agree"),
        ("alone", "one paper"),
    ]
    same = relations[2]
    assert list(same.statements) == ["a", "b", "c"]
    assert [entry.id for entry in same.statements["c"]] == ["P2", "P3"]
    assert [same.direction(paper) for paper in "abcd"] == ["positive"] * 3 + [""]


def test_a_paper_that_says_both_is_mixed_and_qualifies():
    (relation,) = compare(
        {
            "a": [statement("distance", "negative"), statement("distance", "positive", "P2")],
            "b": [statement("distance", "negative")],
        }
    )
    assert relation.relation == "qualify"
    assert relation.direction("a") == "mixed"
