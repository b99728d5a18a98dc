"""Claims over tables: formats, verdicts, and what a query may not do."""

from __future__ import annotations

import doctest

import pytest
import yaml

import retrace.claims
from retrace.claims.claim import Claim, read_claims
from retrace.claims.database import ClaimDatabase
from retrace.claims.query import QueryError
from retrace.claims.sandbox import check_claims
from retrace.claims.verdicts import ClaimError, Verdict, decide

TABLES = {
    "cases": (
        ["Case", "Founded", "First export", "Countries"],
        [
            ["1", "2013", "2013", "3—UAE, UK, USA"],
            ["2", "2009", "2012", "2—Sweden and USA"],
            ["3", "2014", "", "4—UAE, Indonesia"],
        ],
    ),
    'odd "name"': (["a b", "c"], [["x", "1"]]),
}


def claim(query: str, reported: str = "", gives: str = "value") -> Claim:
    return Claim("a-claim", "section 1", "A statement.", reported, query, gives)


def verdict_on(asked: Claim) -> Verdict:
    with ClaimDatabase(TABLES) as database:
        return decide(asked, database)


def decided(query: str, reported: str = "", gives: str = "value") -> Verdict:
    return verdict_on(claim(query, reported, gives))


def problem_of(query: str, reported: str = "", gives: str = "violations") -> str:
    with pytest.raises(ClaimError) as error:
        decided(query, reported, gives)
    assert str(error.value).startswith("claim a-claim: ")
    return str(error.value)


def test_the_package_example_runs():
    assert doctest.testmod(retrace.claims).failed == 0


def test_a_value_that_prints_as_reported_holds_and_another_fails():
    assert decided("SELECT count(*) FROM cases", "three").verdict == "holds"
    verdict = decided("SELECT count(*) FROM cases", "4")
    assert (verdict.verdict, verdict.computed) == ("fails", "3")
    assert decided("SELECT 2 / 3", "0.667").verdict == "holds"
    assert decided("SELECT 2 / 3", "0.666").verdict == "fails"
    assert decided("SELECT max(Founded) FROM cases", "2014").verdict == "holds"


def test_rows_that_break_a_rule_are_spelled_out():
    query = """SELECT "Case", year_of("First export") - year_of(Founded) AS years FROM cases
               WHERE years > number($reported)"""
    verdict = decided(query, "2", "violations")
    assert (verdict.verdict, verdict.computed) == ("fails", "Case: 2, years: 3")
    verdict = decided(query, "3", "violations")
    assert (verdict.verdict, verdict.computed) == ("holds", "none")


def test_a_country_list_is_counted_against_the_number_beside_it():
    query = """SELECT "Case", first_number(Countries) AS count, len(items(Countries)) AS names
               FROM cases WHERE count <> names"""
    assert decided(query, gives="violations").computed == "Case: 3, count: 4, names: 2"


def test_long_lists_of_violations_end_with_their_number():
    verdict = decided("SELECT range AS row FROM range(100)", gives="violations")
    assert verdict.computed.endswith("row: 11; and 88 more")


def test_what_is_not_printed_is_not_checkable():
    verdict = verdict_on(Claim("x", "section 1", "A statement.", "2", missing="the raw data"))
    assert (verdict.verdict, verdict.computed) == ("not checkable", "not printed: the raw data")


def test_a_query_that_finds_no_value_is_a_problem():
    query = """SELECT max(year_of("First export")) FROM cases WHERE "Case" = '3'"""
    assert "finds no value" in problem_of(query, "2014", "value")
    assert "0 rows" in problem_of("SELECT Founded FROM cases WHERE false", "2014", "value")


def test_a_reported_value_that_no_query_uses_is_a_problem():
    message = problem_of("SELECT 1 WHERE false", "banana")
    assert "'banana' is not used; name it in the query as $reported, or leave it out" in message


@pytest.mark.parametrize(
    ("query", "gives"),
    [
        ("SELECT repeat('a', 2001)", "value"),
        ("SELECT repeat('a', 2001) AS long", "violations"),
        ("SELECT range, repeat('a', 1001) AS long FROM range(2)", "violations"),
    ],
)
def test_a_result_that_is_too_long_to_be_shown_is_a_problem(query, gives):
    reported = "a" if gives == "value" else ""
    assert "characters; at most 2,000 are shown" in problem_of(query, reported, gives)


def test_a_message_about_a_claim_is_short():
    for query in ("SELECT number(repeat('a', 100000))", "SELECT [repeat('a', 100000)]"):
        message = problem_of(query, "1", "value")
        assert len(message) < 2_100
        assert "(100,000 characters)" in message or message.endswith(" ...")


def test_an_empty_cell_is_null_and_odd_names_are_quoted():
    assert decided("""SELECT count("First export") FROM cases""", "2").verdict == "holds"
    assert decided("""SELECT "a b" FROM "odd ""name\"\"\"""", "x").verdict == "holds"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("INSERT INTO cases VALUES ('4', '', '', '')", "not a SELECT statement"),
        ("UPDATE cases SET Founded = '1900'", "not a SELECT statement"),
        ("DROP TABLE cases", "not a SELECT statement"),
        ("WITH x AS (DELETE FROM cases RETURNING *) SELECT * FROM x", "delete is not allowed"),
        ("COPY cases TO '/tmp/never'", "not a SELECT statement"),
        ("ATTACH '/tmp/never.db'", "not a SELECT statement"),
        ("SET threads = 4", "not a SELECT statement"),
        ("INSTALL httpfs", "not a SELECT statement"),
        ("PRAGMA database_list", "not a SELECT statement"),
        ("SELECT 1; SELECT 2", "2 statements"),
        ("", "0 statements"),
        ("SELECT * FROM '/etc/passwd'", "there is no table '/etc/passwd'"),
        ("SELECT * FROM read_text('/etc/passwd')", "read_text() reads what is not the paper's"),
        ("SELECT * FROM glob('/*')", "glob() reads what is not the paper's"),
        ("SELECT * FROM duckdb_settings()", "duckdb_settings() reads what is not the paper's"),
        ("SELECT * FROM query('SELECT 1')", "query() reads what is not the paper's"),
        ("SELECT * FROM information_schema.tables", "with a schema"),
        ("SHOW TABLES", "show ref is not allowed"),
        ("SELECT random()", "random() is not among those"),
        ("SELECT TIMESTAMPTZ '2020-01-01 00:00:00+00'::VARCHAR", "gives another answer elsewhere"),
        ("SELECT '2020-01-01'::TIMESTAMP WITH TIME ZONE", "gives another answer elsewhere"),
        ("SELECT CAST([NULL] AS timetz[])", "gives another answer elsewhere"),
        ("SELECT now()", "now() is not among those"),
        ("SELECT current_date", "another answer tomorrow"),
        ("SELECT getenv('HOME')", "getenv() is not among those"),
        ("SELECT * FROM cases USING SAMPLE 1", "a sample gives other rows"),
        ("WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT 2 FROM r) SELECT * FROM r", "recursive"),
        ("SELECT * FROM case", "syntax error"),
        ("SELECT * FROM nowhere", "there is no table 'nowhere'; tables of the paper: cases"),
        ("SELECT nothing FROM cases", 'Referenced column "nothing" not found'),
        ("SELECT ?", "$reported is the only one"),
        ("SELECT $other", "$reported is the only one"),
        ("SELECT number($reported)", "the claim has no reported value"),
        ("SELECT number(Countries) FROM cases", "'3—UAE, UK, USA' is not a printed number"),
        ("SELECT * FROM range(20000)", "more than 10,000 rows"),
        ("SELECT list(range) FROM range(100000000)", "256MB of memory"),
    ],
)
def test_a_query_that_is_not_allowed_or_fails_is_named_with_its_claim(query, message):
    assert message in problem_of(query)


def test_a_python_variable_is_no_table():
    secret = {"a": [1]}
    assert secret
    assert "there is no table 'secret'" in problem_of("SELECT * FROM secret")


def test_tables_are_read_only_even_for_a_query_that_slips_through():
    with ClaimDatabase(TABLES) as database, pytest.raises(QueryError, match="read-only"):
        database._read("DELETE FROM cases", {})


@pytest.mark.parametrize(
    ("query", "reported", "message"),
    [
        ("SELECT count(*) FROM cases", "several", "'several' is not a printed number"),
        ("SELECT Founded FROM cases", "2013", "3 rows of 1 columns"),
        ("SELECT 1, 2", "1", "1 rows of 2 columns"),
        ("SELECT [1]", "1", "a value is a number or a text"),
        ("SELECT true", "yes", "a value is a number or a text"),
    ],
)
def test_a_value_that_is_no_value_is_named_with_its_claim(query, reported, message):
    assert message in problem_of(query, reported, "value")


def test_check_claims_raises_with_the_id():
    with pytest.raises(ClaimError, match="claim a-claim: there is no table 'x'"):
        check_claims([claim("SELECT * FROM x", "1")], TABLES)


GOOD = {"id": "a", "where": "section 1", "statement": "One.", "reported": "1", "query": "SELECT 1"}


def problems_in(*entries: object) -> list[str]:
    claims, problems = read_claims({"claims": list(entries)})
    assert len(claims) + len({place.split(",")[0] for place, _ in problems}) == len(entries)
    return [f"{place}: {message}" for place, message in problems]


def test_a_good_file_of_claims_has_no_problem():
    assert problems_in(GOOD) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reported": 1}, 'reported: found 1, expected a text; write it in quotes, as in "1"'),
        ({"where": None}, "where: found None, expected a text"),
        ({"statement": " "}, "statement: empty"),
        ({"colour": "red"}, "colour: unknown key; known are id, where, statement"),
        ({"statment": "s"}, "fair; did you mean 'statement'?"),
        ({"id": "Not An Id"}, "id: 'Not An Id' is no id"),
        ({"gives": "rows"}, "gives: found 'rows', expected value or violations"),
        ({"missing": "data"}, "give either query, or missing"),
        ({"query": "x" * 20_001}, "query: longer than 20,000"),
    ],
)
def test_a_wrong_entry_is_named_by_claim_and_key(change, message):
    (problem,) = problems_in({**GOOD, **change})
    assert message in problem


@pytest.mark.parametrize("key", ["where", "statement", "reported", "query"])
def test_a_missing_key_is_named(key):
    (problem,) = problems_in({k: v for k, v in GOOD.items() if k != key})
    assert key in problem


def test_every_problem_of_a_file_is_found_at_once_with_its_line():
    text = "claims:\n- id: a\n  where: section 1\n- id: a\n- 7\n"
    lines = {("claims", 0): 2, ("claims", 1): 4, ("claims", 1, "id"): 4, ("claims", 2): 5}
    claims, problems = read_claims(yaml.safe_load(text), lines)
    assert claims == []
    places = [place for place, _ in problems]
    assert "line 4, claim a, id" in places
    assert "line 5, claim number 3" in places
    assert any(place.startswith("line 2, claim a") for place in places)


@pytest.mark.parametrize("content", [None, [], {"claims": {}}, {"claim": []}, {"claims": 1}])
def test_a_file_that_is_no_list_of_claims_is_refused(content):
    assert len(read_claims(content)[1]) == 1


@pytest.mark.parametrize(
    ("call", "value"),
    [
        # Algebra: 260 of 300 is 86.67 per cent; 0.5 per cent of 300 is no whole number.
        ("reachable('86.6%', 300)", False),
        ("reachable('86.6%', 300, 'trunc')", True),
        ("counts_for('65%', 300, 'up_or_down')", [194, 195, 196]),
        # Brown and Heathers (2017); scrutiny's vignettes on GRIM, GRIMMER and DEBIT.
        ("mean_reachable('5.19', 28)", False),
        ("mean_reachable('5.71', 40, 3)", True),
        ("mean_reachable('5.18', 28, 1, 'up')", True),
        ("sd_reachable('7.3', '2.51', 12)", False),
        ("sd_reachable('5.71', '1.42', 40, 3)", True),
        ("binary_sd_reachable('0.35', '0.18', 20)", False),
        ("binary_sd_reachable('0.77', '0.42', 1683)", True),
        ("at_least('>10')", 10.0),
        ("at_most(NULL)", None),
        ("prints_like(2 / 3, '0.667')", True),
    ],
)
def test_cell_functions_and_granularity_tests_can_be_called_from_a_query(call, value):
    with ClaimDatabase(TABLES) as database:
        assert database.run(f"SELECT {call}").rows == [(value,)]


def test_wrong_arguments_of_a_granularity_test_are_named():
    assert "known are up_or_down" in problem_of("SELECT reachable('5%', 300, 'nearest')")
    assert "it is outside [0, 1]" in problem_of("SELECT binary_sd_reachable('3.5', '0.1', 20)")


@pytest.mark.parametrize("query", ["SELECT 1.0 / 0", "SELECT 0.0 / 0"])
def test_a_value_that_is_no_number_is_a_problem_and_no_verdict(query):
    assert "a value is a finite number" in problem_of(query, "1", "value")
