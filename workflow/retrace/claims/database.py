"""A paper's tables in DuckDB: in memory, sealed, open to one SELECT at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from itertools import islice
from types import MappingProxyType

import duckdb

from retrace.claims.cells import CELL_FUNCTIONS
from retrace.claims.query import EvaluationError, QueryError, check_statement

MEMORY_LIMIT = "256MB"
MAX_ROWS = 10_000  # of a result
_CELLS_AT_ONCE = 200_000  # while a table is loaded

# Shorter forms of the cell functions; the tie rule is the charitable one unless a query names one.
_MACROS = """
CREATE MACRO reachable(percentage, n) AS len(counts_for(percentage, n, 'up_or_down')) > 0,
    (percentage, n, rounding) AS len(counts_for(percentage, n, rounding)) > 0;
CREATE MACRO mean_reachable(mean, n) AS grim(mean, n, 1, 'up_or_down'),
    (mean, n, items) AS grim(mean, n, items, 'up_or_down'),
    (mean, n, items, rounding) AS grim(mean, n, items, rounding);
CREATE MACRO sd_reachable(mean, sd, n) AS grimmer(mean, sd, n, 1, 'up_or_down'),
    (mean, sd, n, items) AS grimmer(mean, sd, n, items, 'up_or_down'),
    (mean, sd, n, items, rounding) AS grimmer(mean, sd, n, items, rounding);
CREATE MACRO binary_sd_reachable(mean, sd, n) AS debit(mean, sd, n, 'up_or_down'),
    (mean, sd, n, rounding) AS debit(mean, sd, n, rounding);
"""
_MACRO_NAMES = ("reachable", "mean_reachable", "sd_reachable", "binary_sd_reachable")

CLAIM_FUNCTIONS = (*(name for name, *_ in CELL_FUNCTIONS), *_MACRO_NAMES)


# Columns, and rows that are gone through once.
Lines = tuple[Sequence[str], Iterable[Sequence[str]]]


@dataclass(frozen=True)
class Result:
    """What a query gave: column names, and rows of Python values."""

    columns: tuple[str, ...]
    rows: list[tuple]


class ClaimDatabase(AbstractContextManager):
    """The tables of one paper, open to the queries of its claims and to nothing else.

    Every column is text, as printed; an empty cell is NULL. External access, extensions and
    Python's own variables are shut off, the configuration is locked, and every query runs in a
    read-only transaction on one thread. Time, and what DuckDB takes beside the memory that it
    counts, are limited by `retrace.claims.sandbox`.

    Parameters
    ----------
    tables : mapping
        Tables by key: columns, and an iterable of rows of cells as printed, which is gone through
        once, table by table.

    Raises
    ------
    QueryError
        If two tables, or two columns of a table, have the same name in upper and lower case, or
        all tables together need more memory than DuckDB has.
    """

    def __init__(self, tables: Mapping[str, Lines] = MappingProxyType({})):
        self._checked: dict[str, bool] = {}
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "threads": 1,
                "memory_limit": MEMORY_LIMIT,
                "enable_external_access": False,
                "python_enable_replacements": False,
                "autoload_known_extensions": False,
                "autoinstall_known_extensions": False,
                "temp_directory": "",
            },
        )
        for name, function, parameters, result in CELL_FUNCTIONS:
            null_aware, types = _null_aware(function), list(parameters)
            self._connection.create_function(  # type: ignore[call-overload]  # hints lack types' names
                name, null_aware, types, result, null_handling="special"
            )
        self._connection.execute(_MACROS)
        # Else that of the machine.
        self._connection.execute("SET TimeZone = 'UTC'")
        self._connection.execute("SET lock_configuration = true")
        self.tables: dict[str, tuple[str, ...]] = {}
        self.load(tables)

    def __exit__(self, *exception: object) -> None:
        self._connection.close()

    def load(self, tables: Mapping[str, Lines]) -> None:
        """Add tables; parameter and errors as those of the class."""
        for name, (columns, rows) in tables.items():
            self._load(name, columns, rows)
            self.tables[name] = tuple(columns)

    def _load(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        declared = ", ".join(f"{_quoted(column)} VARCHAR" for column in columns)
        try:
            self._connection.execute(f"CREATE TABLE {_quoted(name)} ({declared})")
        except duckdb.Error as error:
            # SQL does not tell upper from lower case: two columns or tables may be one there.
            raise QueryError(f"table {name!r} cannot be queried: {_first_words(error)}") from None
        # Columns of a bounded number of rows at a time: one statement with a parameter a cell
        # takes kilobytes a cell.
        values = ", ".join("unnest(?::VARCHAR[])" for _ in columns)
        insert = f"INSERT INTO {_quoted(name)} SELECT {values}"
        rows = iter(rows)
        while some := list(islice(rows, max(1, _CELLS_AT_ONCE // len(columns)))):
            cells = [[cell or None for cell in column] for column in zip(*some, strict=True)]
            try:
                self._connection.execute(insert, cells)
            except duckdb.OutOfMemoryException:
                raise QueryError(
                    f"table {name!r} cannot be queried: with the tables before it, it is too "
                    f"large for DuckDB's {MEMORY_LIMIT} of memory"
                ) from None

    def run(self, query: str, reported: str = "") -> Result:
        """Run a query.

        Raises
        ------
        QueryError
            If it is not allowed, or names what the tables do not have.
        EvaluationError
            If it fails over what is in the tables, takes too much memory, or gives too many rows.
        """
        return self._read(query, self._parameters(query, reported))

    def uses_reported(self, query: str) -> bool:
        """Whether a query has the parameter `$reported`.

        Raises
        ------
        QueryError
            If the query is not allowed.
        """
        if query not in self._checked:
            try:
                statement = self._connection.execute("SELECT json_serialize_sql(?)", [query])
                serialized = statement.fetchall()[0][0]
            except duckdb.Error as error:
                raise QueryError(f"cannot be read: {_first_words(error)}") from None
            self._checked[query] = check_statement(serialized, self.tables, CLAIM_FUNCTIONS)
        return self._checked[query]

    def _parameters(self, query: str, reported: str) -> dict[str, str]:
        if not self.uses_reported(query):
            return {}
        if not reported:
            raise QueryError("uses $reported, but the claim has no reported value")
        return {"reported": reported}

    def _begin(self) -> None:
        self._connection.execute("BEGIN TRANSACTION READ ONLY")

    def _read(self, statement: str, parameters: dict[str, str]) -> Result:
        connection = self._connection
        self._begin()
        try:
            cursor = connection.execute(statement, parameters)
            rows = cursor.fetchmany(MAX_ROWS + 1)
            columns = tuple(column[0] for column in cursor.description)
        except duckdb.OutOfMemoryException as error:
            told = _first_words(error)
            raise EvaluationError(f"needs more than {MEMORY_LIMIT} of memory: {told}") from None
        except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
            raise QueryError(f"fails: {_first_words(error)}") from None
        except duckdb.Error as error:
            raise EvaluationError(f"fails: {_first_words(error)}") from None
        finally:
            connection.execute("ROLLBACK")
        if len(rows) > MAX_ROWS:
            raise EvaluationError(f"gives more than {MAX_ROWS:,} rows")
        return Result(columns, rows)


def _null_aware(function: Callable) -> Callable:
    @wraps(function)
    def call(*arguments: object) -> object:
        return None if None in arguments else function(*arguments)

    return call


def _quoted(name: str) -> str:
    """A name as an SQL identifier, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def _first_words(error: duckdb.Error) -> str:
    """DuckDB's message in one line, without its picture of the query and its own error classes."""
    text = " ".join(str(error).split("\n\nLINE ")[0].split())
    if "executing the UDF: ValueError: " in text:
        return text.rsplit("executing the UDF: ValueError: ", 1)[1]
    return text.split("Error: ", 1)[-1]
