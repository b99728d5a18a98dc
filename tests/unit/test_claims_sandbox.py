"""Queries that would take the machine's time, memory or files are named and cost no other claim."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrace.claims.claim import Claim
from retrace.claims.query import QueryError
from retrace.claims.sandbox import (
    MEMORY_LIMIT,
    Sandbox,
    SandboxError,
    check_claims,
    decide_claims,
    try_claims,
)
from retrace.claims.verdicts import ClaimError

TABLES = {"cases": (["Case", "Founded"], [["1", "2013"], ["2", "2009"], ["3", ""]])}
LIMIT = 2.0  # seconds
SOUND = Claim("sound", "section 1", "Three cases.", "three", "SELECT count(*) FROM cases")

linux = pytest.mark.skipif(sys.platform != "linux", reason="macOS does not bound address spaces")


def claim(query: str) -> Claim:
    return Claim("hostile", "section 1", "A statement.", "1", query)


def nested(function: str, depth: int) -> str:
    """`a` made ten times as long so many times."""
    text = "'a'"
    for _ in range(depth):
        text = function.format(text)
    return f"SELECT len({text})"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(TABLES, LIMIT) as opened:
        yield opened


def message_of(sandbox: Sandbox, query: str) -> str:
    with pytest.raises(ClaimError) as error:
        sandbox.decide(claim(query))
    assert str(error.value).startswith("claim hostile: ")
    # Whatever became of it, the next claim is decided.
    assert sandbox.decide(SOUND).verdict == "holds"
    return error.value.message


MEMORY_BOMBS = {
    "a list of a column": "SELECT len(list(range)) FROM range(1000000000)",
    "a text of a column": "SELECT len(string_agg(range::VARCHAR, ',')) FROM range(1000000000)",
    "a list in a call": "SELECT len(range(3000000000))",
    "a list of texts": "SELECT len(string_split(string_agg('a,a,a,a,a,a,a,a', ','), ',')) "
    "FROM range(20000000)",
    "a repeated text": "SELECT len(repeat('a', 4000000000))",
    "a formatted number": "SELECT len(printf('%2000000000d', 1))",
    "a padded text": "SELECT len(lpad('a', 2000000000, 'b'))",
    "texts replaced in texts": nested("replace({}, 'a', 'aaaaaaaaaa')", 9),
    "patterns replaced in texts": nested("regexp_replace({}, 'a', 'aaaaaaaaaa', 'g')", 9),
    "a sorted cross join": "SELECT count(*) FROM (SELECT a.range, b.range FROM range(100000) a, "
    "range(100000) b ORDER BY a.range % 7) AS t",
    "groups": "SELECT count(*) FROM (SELECT range, count(*) FROM range(1000000000) GROUP BY range)",
}

ENDLESS = {
    "a cross join": "SELECT count(*) FROM range(1000000000) a, range(1000000) b "
    "WHERE a.range % 7 = b.range % 3",
    "a pattern in every text": "SELECT count(*) FROM range(10000000000) "
    "WHERE regexp_matches(repeat('a', 1000) || range::VARCHAR, '(a|b|ab)*c$')",
    "calls of Python": "SELECT sum(number(range::VARCHAR)) FROM range(10000000000)",
}

VIEWS = """
    duckdb_columns duckdb_databases duckdb_logs duckdb_tables duckdb_types duckdb_views
    pg_settings pg_tables pragma_database_list sqlite_master
"""
# Names that WITH gives to queries in one place, for tables of DuckDB's own in another.
DISGUISED = [
    statement.format(view=view)
    for view in VIEWS.split()
    for statement in (
        "WITH {view} AS (SELECT * FROM {view}) SELECT count(*) FROM {view}",
        "WITH {view} AS MATERIALIZED (SELECT * FROM {view}) SELECT count(*) FROM {view}",
        "SELECT (WITH {view} AS (SELECT 1) SELECT 1) + (SELECT count(*) FROM {view})",
        "SELECT count(*) FROM {view}, (WITH {view} AS (SELECT 1) SELECT 1) AS t",
        "WITH a AS (SELECT * FROM {view}), {view} AS (SELECT 1) SELECT count(*) FROM a",
        "(WITH {view} AS (SELECT 1) SELECT 1) UNION ALL SELECT count(*) FROM {view}",
    )
]

# Files, the network, other databases, settings and the environment; more than one statement.
REFUSED = """
    SELECT * FROM read_csv('/etc/passwd')
    SELECT * FROM read_csv_auto('/etc/passwd')
    SELECT * FROM read_parquet('/tmp/x.parquet')
    SELECT * FROM read_json('https://example.org/x.json')
    SELECT * FROM read_blob('/etc/passwd')
    SELECT * FROM 'https://example.org/x.csv'
    SELECT * FROM '/etc/passwd'
    SELECT * FROM glob('/*')
    SELECT * FROM sniff_csv('/etc/passwd')
    ATTACH '/tmp/x.db'
    ATTACH ':memory:' AS other
    COPY cases TO '/tmp/x.csv'
    COPY (SELECT 1) TO '/dev/stdout'
    COPY cases FROM '/etc/passwd'
    EXPORT DATABASE '/tmp/x'
    IMPORT DATABASE '/tmp/x'
    INSTALL httpfs
    LOAD httpfs
    SELECT getenv('HOME')
    SELECT current_setting('memory_limit')
    SELECT * FROM duckdb_secrets()
    SELECT * FROM pragma_database_list()
    PRAGMA database_list
    PRAGMA memory_limit='100GB'
    SET memory_limit='100GB'
    SET enable_external_access=true
    RESET memory_limit
    CALL pragma_version()
    USE memory
    VACUUM
    CHECKPOINT
    BEGIN TRANSACTION
    EXPLAIN ANALYZE SELECT 1
    DESCRIBE cases
    SELECT 1; SELECT 2
    SELECT 1; DROP TABLE cases
    CREATE TABLE other AS SELECT 1
    CREATE MACRO f(x) AS x
    WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r
    WITH RECURSIVE r AS (SELECT 1 AS n UNION SELECT n + 1 FROM r) SELECT max(n) FROM r
    SELECT pg_sleep(100)
    SELECT sleep_ms(100000)
    SELECT nextval('s')
    SELECT uuid()
"""


@linux
@pytest.mark.parametrize("name", MEMORY_BOMBS)
def test_a_query_cannot_take_more_memory_than_it_is_given(sandbox, name):
    """Within the limits, memory or time: which is reached first depends on the machine."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    message = message_of(sandbox, MEMORY_BOMBS[name])
    assert "of memory" in message or f"takes longer than {LIMIT:g} s of processor time" in message
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    # Python with DuckDB takes about 80 MiB; a child of another test may have taken more.
    assert largest <= max(before, (MEMORY_LIMIT + 200) * 1024)


@pytest.mark.parametrize("name", ENDLESS)
def test_a_query_is_stopped_at_its_deadline_and_the_next_one_runs(sandbox, name):
    assert message_of(sandbox, ENDLESS[name]) == (
        f"takes longer than {LIMIT:g} s of processor time"
    )


@pytest.mark.parametrize("query", [line.strip() for line in REFUSED.strip().splitlines()])
def test_a_query_that_reaches_beyond_the_papers_tables_is_refused(sandbox, query):
    refusals = ("not a SELECT", "reads what is not", "no table", "not among those", "not allowed")
    message = message_of(sandbox, query)
    assert any(words in message for words in (*refusals, "2 statements", "recursive")), message


@pytest.mark.parametrize("query", DISGUISED)
def test_a_name_of_a_with_opens_no_table_of_the_same_name(sandbox, query):
    assert "there is no table" in message_of(sandbox, query)


@pytest.mark.parametrize(
    "query",
    [
        "WITH a AS (SELECT 1 AS x), b AS (SELECT x FROM A) SELECT x FROM b",
        "WITH a AS (SELECT 1 AS x) (SELECT x FROM a) UNION (SELECT x FROM a)",
        "WITH a AS (SELECT 1 AS x) SELECT x FROM (WITH b AS (SELECT x FROM a) SELECT x FROM b)",
        "WITH a AS (SELECT 1 AS x) SELECT x FROM a WHERE x IN (SELECT x FROM a) LIMIT "
        "(SELECT count(*) FROM a)",
        "WITH cases AS (SELECT DISTINCT 1 AS x FROM cases) SELECT x FROM cases",
        "WITH sqlite_master AS (SELECT 1 AS x) SELECT x FROM sqlite_master",
    ],
)
def test_a_name_of_a_with_stands_for_its_query_where_sql_says(sandbox, query):
    assert sandbox.decide(claim(query)).verdict == "holds"


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT {'abs(' * 600}1{')' * 600}",
        f"SELECT {'1 + ' * 900}1",
        f"SELECT {'[' * 400}1{']' * 400}",
    ],
    ids=["calls", "sums", "lists"],
)
def test_a_query_too_deep_to_be_read_is_said_to_be_so(sandbox, query):
    assert "nested too deeply" in message_of(sandbox, query)


def test_any_exception_of_the_process_is_told_as_it_is(sandbox):
    with pytest.raises(ClaimError, match="cannot be decided: TypeError: unhashable type: 'list'"):
        sandbox.decide(claim(["SELECT 1"]))
    assert sandbox.decide(SOUND).verdict == "holds"


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT {'NOT ' * 4_900}true",
        f"SELECT {'1 + ' * 4_900}1",
        f"SELECT {'(' * 9_000}1{')' * 9_000}",
        f"SELECT {'[' * 9_000}1{']' * 9_000}",
        "SELECT * FROM " + "(SELECT * FROM " * 1_200 + "cases" + ")" * 1_200,
    ],
    ids=["not", "sums", "brackets", "lists", "subqueries"],
)
def test_a_deeply_nested_query_is_decided_or_named(sandbox, query):
    _, problems = try_claims([claim(query)], TABLES, LIMIT)
    assert not any("of memory" in problem.message for problem in problems)
    assert sandbox.decide(SOUND).verdict == "holds"


def test_every_claim_that_cannot_be_decided_is_named_in_one_go():
    claims = [
        Claim("slow", "section 1", "x", "1", ENDLESS["a cross join"]),
        SOUND,
        Claim("absent", "section 1", "x", "1", "SELECT * FROM nowhere"),
        Claim("many", "section 1", "x", "many", "SELECT 1"),
    ]
    verdicts, problems = try_claims(claims, TABLES, 0.5)
    assert [verdict.claim.id for verdict in verdicts] == ["sound"]
    assert [problem.claim for problem in problems] == ["slow", "absent", "many"]
    assert [verdict.verdict for verdict in check_claims([SOUND], TABLES)] == ["holds"]


def test_tables_that_differ_in_case_alone_are_named():
    with pytest.raises(QueryError, match="cannot be queried"):
        Sandbox({"a": (["x"], []), "A": (["x"], [])})


def test_an_ignored_alarm_of_the_parent_is_not_inherited():
    """A signal that a parent ignores is ignored in its children, unless they say otherwise."""
    before = signal.signal(signal.SIGPROF, signal.SIG_IGN)
    try:
        _, problems = try_claims([claim(ENDLESS["a cross join"])], TABLES, 0.5)
    finally:
        signal.signal(signal.SIGPROF, before)
    assert problems[0].message == "takes longer than 0.5 s of processor time"


def test_a_module_in_the_working_folder_takes_no_part(tmp_path: Path, monkeypatch):
    (tmp_path / "duckdb.py").write_text("raise SystemExit('another duckdb')")
    monkeypatch.chdir(tmp_path)
    assert check_claims([SOUND], TABLES)[0].verdict == "holds"


def test_modules_are_found_where_the_parent_finds_them(tmp_path: Path, monkeypatch):
    (tmp_path / "duckdb.py").write_text("raise ImportError('another duckdb')")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(SandboxError, match=r"does not start: .* ImportError: another duckdb$"):
        Sandbox(TABLES)


@linux
def test_a_limit_that_the_system_sets_already_is_kept():
    """As `ulimit -v 3000000` sets it."""
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (3 * 10**9, 3 * 10**9));"
        "from retrace.claims.sandbox import *; from retrace.claims.claim import Claim;"
        "claim = Claim('a', 'b', 'c', '1', 'SELECT count(*) FROM t');"
        "print(check_claims([claim], {'t': (['x'], [['1']])})[0].verdict)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    assert (told.stdout, told.stderr) == ("holds\n", "")


@linux
@pytest.mark.parametrize(
    ("rows", "columns"), [(60_000, 5), (400, 1_000)], ids=["many rows", "many columns"]
)
def test_a_large_table_takes_no_multiple_of_its_size(rows, columns):
    """In a process of its own, whose children are the sandbox alone: 1.8 GB as one statement."""
    code = f"""if True:
        import resource
        from retrace.claims.claim import Claim
        from retrace.claims.sandbox import check_claims
        rows = [[f"{{i}}.{{j}}" for j in range({columns})] for i in range({rows})]
        claim = Claim("a", "b", "c", "{rows}", "SELECT count(*) FROM t")
        last = Claim("b", "b", "c", rows[-1][-1], "SELECT c{columns - 1} FROM t WHERE c0 = '"
                     + rows[-1][0] + "'")
        table = ([f"c{{j}}" for j in range({columns})], rows)
        print([verdict.verdict for verdict in check_claims([claim, last], {{"t": table}})])
        print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    verdicts, largest = told.stdout.splitlines()
    assert verdicts == "['holds', 'holds']"
    assert int(largest) < 300


@linux
def test_tables_too_large_for_the_memory_are_named():
    tables = {"small": (["x"], [["1"]]), "large": (["x"], [["x" * 2**20]] * 400)}
    with pytest.raises(QueryError, match="table 'large' cannot be queried"):
        Sandbox(tables)


def test_time_in_which_a_process_does_not_run_is_not_counted():
    """As on a machine with more jobs than processors."""
    with Sandbox(TABLES, 0.2) as sandbox:
        os.kill(sandbox._process.pid, signal.SIGSTOP)
        subprocess.Popen(
            [sys.executable, "-c", f"import os, time; time.sleep(1); os.kill({sandbox._process.pid}"
             f", {int(signal.SIGCONT)})"]
        )  # fmt: skip
        before = time.monotonic()
        assert sandbox.decide(SOUND).verdict == "holds"
        # Else nothing has been tried: the process did stand still for longer than it may run.
        assert time.monotonic() - before > 0.2


def test_a_process_that_is_not_let_run_is_no_fault_of_a_claim():
    with Sandbox(TABLES, 1000, wall_limit=0.3) as sandbox:
        with pytest.raises(SandboxError, match=r"claim hostile: no answer within 0.3 s, twice"):
            sandbox.decide(claim(ENDLESS["a cross join"]))
        assert sandbox.decide(SOUND).verdict == "holds"


def test_all_claims_of_a_paper_have_a_bound_together():
    """Of a paper with more claims than there is time for, those beyond it say so."""
    unprinted = Claim("unprinted", "section 1", "x", missing="the cases")
    with Sandbox(TABLES, 0.4, paper_limit=2) as sandbox:
        spent = [sandbox.spent]
        for _ in range(20):
            try:
                verdict = sandbox.decide(claim(ENDLESS["a cross join"]))
            except ClaimError:
                spent.append(sandbox.spent)
            else:
                break
        beyond = sandbox.decide(SOUND)
        assert sandbox.decide(unprinted).computed == "not printed: the cases"
    assert spent == sorted(spent)
    assert spent[-1] >= 2 > spent[-2]
    assert (verdict.verdict, beyond.verdict) == ("not checkable", "not checkable")
    assert beyond.computed == (
        "not computed: the claims before it took the 2 s of processor time that all claims of a "
        "paper have together"
    )


def test_every_claim_gets_a_verdict_that_says_what_stopped_it():
    absent = Claim("absent", "section 1", "x", "1", "SELECT * FROM nowhere")
    verdicts = decide_claims([absent, SOUND, claim(ENDLESS["a cross join"])], TABLES, 0.3)
    assert [verdict.verdict for verdict in verdicts] == ["not checkable", "holds", "not checkable"]
    assert "there is no table 'nowhere'" in verdicts[0].computed
    assert verdicts[2].computed == "not computed: takes longer than 0.3 s of processor time"
