"""Altering what a claim guards: single cells, left-out rows, and the reported value.

A claim is worth having only if it can turn out otherwise. These functions look for the smallest
change that turns its verdict over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from retrace.claims.cells import NUMBER_WORDS, printed_number
from retrace.claims.claim import Claim
from retrace.claims.database import ClaimDatabase
from retrace.claims.verdicts import FAILS, HOLDS, ClaimError, decide

_DIGITS = re.compile(r"\d+")
_DECIMALS = re.compile(r"\d+\.\d+")
Rows = list[list[str]]
Tables = dict[str, tuple[list[str], Rows]]
Change = tuple[str, list]


class AlterableTables(ClaimDatabase):
    """A paper's tables with changes that last for one verdict."""

    def __init__(self, tables: Tables):
        super().__init__(tables)
        self.printed = tables
        self._changes: tuple[Change, ...] = ()

    def _begin(self) -> None:
        # The change is made in the transaction that the base class rolls back.
        self._connection.execute("BEGIN TRANSACTION")
        for statement, parameters in self._changes:
            self._connection.execute(statement, parameters)

    def verdict(self, claim: Claim, *changes: Change) -> str:
        """The verdict after changes; empty where the claim can no longer be decided."""
        self._changes = changes
        try:
            return decide(claim, self).verdict
        except ClaimError:
            return ""
        finally:
            self._changes = ()

    def broken(self, claim: Claim, *changes: Change) -> int:
        """How many rows break a rule after changes."""
        self._changes = changes
        try:
            return len(self.run(claim.query, claim.reported).rows)
        finally:
            self._changes = ()

    def read_by(self, claim: Claim) -> list[str]:
        """The tables that a claim's query reads."""
        found = self._connection.execute("SELECT json_serialize_sql(?)", [claim.query]).fetchall()
        read = {name.lower() for name in re.findall(r'"table_name":"(\w+)"', found[0][0])}
        return [name for name in self.printed if name.lower() in read]

    def flips(self, claim: Claim, wanted: str, tables: list[str]) -> str:
        """What in the tables gives the wanted verdict: rows left out, or altered cells; or ''."""
        return (
            self._flips_by_one(claim, wanted, tables, _without_a_row)
            or self._flips_by_several(claim, wanted, tables)
            or self._flips_by_one(claim, wanted, tables, _with_another_cell)
            or self._flips_by_one(claim, wanted, tables, _with_a_cell_of_another_row)
        )

    def _flips_by_one(self, claim: Claim, wanted: str, tables: list[str], changes: Callable) -> str:
        for name in tables:
            columns, rows = self.printed[name]
            for label, change in changes(name, _named_columns(claim, columns), rows):
                if self.verdict(claim, change) == wanted:
                    return f"{name}, {label}"
        return ""

    def _flips_by_several(self, claim: Claim, wanted: str, tables: list[str]) -> str:
        """Some or most rows left out, or some or most cells of a column altered in one way."""
        for name in tables:
            columns, rows = self.printed[name]
            everywhere = [change for _, change in _without_a_row(name, [], rows)]
            for changes in (everywhere, everywhere[::-1]):
                for last in _few_and_most(len(rows)):
                    if self.verdict(claim, *changes[:last]) == wanted:
                        return f"{name}, {last} rows left out"
            for place, column in _named_columns(claim, columns):
                statement = _update(name, column)
                ways = [list(altered_cells(row[place])) for row in rows]
                for way in range(max(map(len, ways))):
                    # From the end: the last ways are those that every cell has.
                    changes = [
                        (statement, [other[-way - 1] or None, number])
                        for number, other in enumerate(ways)
                        if len(other) > way
                    ]
                    for last in (1, *_few_and_most(len(changes)), len(changes)):
                        if self.verdict(claim, *changes[:last]) == wanted:
                            return f"{name}, {column} altered in {last} rows"
        return ""

    def holds_without_offenders(self, claim: Claim) -> bool:
        """Whether a broken rule holds once rows are left out, each of which lessens the breach."""
        left_out: list[Change] = []
        broken = self.broken(claim)
        for name in self.read_by(claim):
            for _, change in _without_a_row(name, [], self.printed[name][1]):
                fewer = self.broken(claim, *left_out, change)
                if fewer < broken:
                    left_out.append(change)
                    broken = fewer
                if broken == 0:
                    return True
        return False


def altered_cells(cell: str) -> Iterator[str]:
    """Other cells of the same kind: other numbers, other words, nothing."""
    for match in _DIGITS.finditer(cell):
        number = int(match[0])
        for other in (number + 1, max(number - 1, 0), number + 10, number * 10):
            yield cell[: match.start()] + str(other) + cell[match.end() :]
    for match in _DECIMALS.finditer(cell):
        for factor in (10, 100):
            # A decimal point in the wrong place.
            shifted = f"{Decimal(match[0]) * factor:f}".rstrip("0").rstrip(".")
            yield cell[: match.start()] + shifted + cell[match.end() :]
        yield f"{cell[: match.start()]}-{match[0]}{cell[match.end() :]}"
    if cell.lower() in NUMBER_WORDS:
        for more in (1, 10):
            yield str(NUMBER_WORDS[cell.lower()] + more)
    yield f"{cell} altered"
    yield "altered"
    yield ""


def _without_a_row(
    name: str, columns: list[tuple[int, str]], rows: Rows
) -> Iterator[tuple[str, Change]]:
    for number in range(len(rows)):
        yield f"row {number + 1} left out", (f'DELETE FROM "{name}" WHERE rowid = ?', [number])


def _with_another_cell(
    name: str, columns: list[tuple[int, str]], rows: Rows
) -> Iterator[tuple[str, Change]]:
    # Column by column: a claim guards few columns, and all rows of them.
    for place, column in columns:
        for number, row in enumerate(rows):
            for other in altered_cells(row[place]):
                if other != row[place]:
                    label = f"row {number + 1}, {column}: {other!r}"
                    yield label, (_update(name, column), [other or None, number])


def _with_a_cell_of_another_row(
    name: str, columns: list[tuple[int, str]], rows: Rows
) -> Iterator[tuple[str, Change]]:
    for place, column in columns:
        for number, row in enumerate(rows):
            for other in sorted({other[place] for other in rows} - {row[place]}):
                label = f"row {number + 1}, {column}: {other!r}"
                yield label, (_update(name, column), [other or None, number])


def _update(name: str, column: str) -> str:
    return f'UPDATE "{name}" SET "{column}" = ? WHERE rowid = ?'


def _named_columns(claim: Claim, columns: list[str]) -> list[tuple[int, str]]:
    """The columns that a claim's query names, with their places; all where it names none."""
    query = claim.query.lower()
    named = [(place, name) for place, name in enumerate(columns) if name.lower() in query]
    return named or list(enumerate(columns))


def _few_and_most(count: int) -> list[int]:
    """How many of so many rows to change: two, about half, all but one."""
    return sorted({2, count // 2, count // 2 + 1, count - 1} & set(range(2, count)))


def with_other_values(claim: Claim) -> Iterator[Claim]:
    """The claim with other reported values."""
    try:
        number = printed_number(claim.reported).number
    except ValueError:
        yield replace(claim, reported=f"not {claim.reported}")
        return
    for other in (number + 1, number - 1, number * 10, number / 10):
        yield replace(claim, reported=f"{other:f}")


__all__ = ["FAILS", "HOLDS", "AlterableTables", "altered_cells", "with_other_values"]
