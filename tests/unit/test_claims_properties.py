"""Whatever is in a claims file or a query: problems are named, and nothing is changed or raised."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrace.claims.claim import Claim, read_claims
from retrace.claims.crosswalk import Statement, read_crosswalk
from retrace.claims.database import ClaimDatabase
from retrace.claims.inventory import Quantity, read_quantities
from retrace.claims.query import QueryError

TABLES = {"cases": (["a", "b"], [["1", "x"], ["2", ""], ["3", "z"]])}

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
KEYS = ("id", "where", "statement", "reported", "query", "gives", "missing", "fair", "colour")
entries = st.dictionaries(st.sampled_from(KEYS), st.text("ab-1 ", max_size=6) | scalars)

# Pieces of SQL that parse often enough to reach the checks behind the parser.
WORDS = """
    SELECT FROM cases a b * , ( ) WHERE = 1 'x' count(*) number(a) random() WITH t AS DELETE INSERT
    INTO UPDATE SET DROP TABLE UNION ALL VALUES GROUP BY ORDER LIMIT NOT NULL IS ; -- /* */
    read_text('/etc/passwd') range(3) unnest([1]) "a" $reported ? CREATE ATTACH COPY TO PRAGMA
"""
PIECES = st.sampled_from(WORDS.split())


@given(values | st.fixed_dictionaries({"claims": st.lists(entries, max_size=5)}))
def test_any_content_gives_claims_or_named_problems(content):
    claims, problems = read_claims(content)
    assert all(isinstance(claim, Claim) for claim in claims)
    assert all(message for _, message in problems)
    assert claims or problems or content == {"claims": []}


@given(st.lists(st.lists(st.text(max_size=6), min_size=6, max_size=6), max_size=6))
def test_any_inventory_is_read_or_has_named_problems(rows):
    quantities, problems = read_quantities(Quantity._fields, list(enumerate(rows, 2)), {"c"}, {})
    assert len(quantities) == len(rows)
    assert all(message for _, message in problems)


@given(st.lists(st.lists(st.text(max_size=6), min_size=7, max_size=7), max_size=6))
def test_any_crosswalk_is_read_or_has_named_problems(rows):
    statements, problems = read_crosswalk(Statement._fields, list(enumerate(rows, 2)))
    assert len(statements) == len(rows)
    assert bool(problems) == bool(rows)  # No random row has a kind and a direction.


@pytest.fixture(scope="module")
def database():
    with ClaimDatabase(TABLES) as opened:
        yield opened


@given(st.lists(PIECES, max_size=14).map(" ".join) | st.text(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_changes_a_table_or_raises_anything_else(database, query):
    with suppress(QueryError):
        assert isinstance(database.run(query, "1").rows, list)
    assert database.run("SELECT * FROM cases").rows == [("1", "x"), ("2", None), ("3", "z")]
