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
        """The tables whose names stand in a claim's query."""
        words = set(re.findall(r"\w+", claim.query))
        return [name for name in self.printed if name in words]

    def flips(self, claim: Claim, wanted: str) -> str:
        """What gives the wanted verdict: left-out rows or altered cells; empty for nothing."""
        return (
            self._flips_by_one(claim, wanted, _without_a_row)
            or self._flips_by_several(claim, wanted)
            or self._flips_by_one(claim, wanted, _with_another_cell)
            or self._flips_by_one(claim, wanted, _with_a_cell_of_another_row)
        )

    def _flips_by_one(self, claim: Claim, wanted: str, *ways: Callable) -> str:
        for changes in ways:
            for name in self.read_by(claim):
                for label, change in changes(name, *self.printed[name]):
                    if self.verdict(claim, change) == wanted:
                        return f"{name}, {label}"
        return ""

    def _flips_by_several(self, claim: Claim, wanted: str) -> str:
        """The first run of left-out rows, or of cells of a column altered in the same way."""
        for name in self.read_by(claim):
            columns, rows = self.printed[name]
            everywhere = [change for _, change in _without_a_row(name, columns, rows)]
            for changes in (everywhere, everywhere[::-1]):
                for last in range(2, len(changes)):
                    if self.verdict(claim, *changes[:last]) == wanted:
                        return f"{name}, {last} rows left out"
            for place, column in enumerate(columns):
                statement = f'UPDATE "{name}" SET "{column}" = ? WHERE rowid = ?'
                ways = [list(altered_cells(row[place])) for row in rows]
                for way in range(max(map(len, ways))):
                    # From the end: the last ways are those that every cell has.
                    changes = [
                        (statement, [other[-way - 1] or None, number])
                        for number, other in enumerate(ways)
                        if len(other) > way
                    ]
                    for last in range(1, len(changes) + 1):
                        if self.verdict(claim, *changes[:last]) == wanted:
                            return f"{name}, {column} altered in {last} rows"
        return ""

    def holds_without_offenders(self, claim: Claim) -> bool:
        """Whether a broken rule holds once rows are left out, each of which lessens the breach."""
        left_out: list[Change] = []
        broken = self.broken(claim)
        for name in self.read_by(claim):
            for _, change in _without_a_row(name, *self.printed[name]):
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
        yield str(NUMBER_WORDS[cell.lower()] + 1)
    yield f"{cell} altered"
    yield "altered"
    yield ""


def _without_a_row(name: str, columns: list[str], rows: Rows) -> Iterator[tuple[str, Change]]:
    for number in range(len(rows)):
        yield f"row {number + 1} left out", (f'DELETE FROM "{name}" WHERE rowid = ?', [number])


def _with_another_cell(name: str, columns: list[str], rows: Rows) -> Iterator[tuple[str, Change]]:
    # Column by column: a claim guards few columns, and all rows of them.
    for place, column in enumerate(columns):
        statement = f'UPDATE "{name}" SET "{column}" = ? WHERE rowid = ?'
        for number, row in enumerate(rows):
            for other in altered_cells(row[place]):
                if other != row[place]:
                    label = f"row {number + 1}, {column}: {other!r}"
                    yield label, (statement, [other or None, number])


def _with_a_cell_of_another_row(
    name: str, columns: list[str], rows: Rows
) -> Iterator[tuple[str, Change]]:
    for place, column in enumerate(columns):
        statement = f'UPDATE "{name}" SET "{column}" = ? WHERE rowid = ?'
        for number, row in enumerate(rows):
            for other in sorted({other[place] for other in rows} - {row[place]}):
                yield f"row {number + 1}, {column}: {other!r}", (statement, [other or None, number])


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
