"""Printed tables of correlations as they look: beside means and SDs, numbered, with a diagonal.

Rows and columns are variables or statistics of them. A numbered table has numbers for the names of
its columns: column 3 is the third row. Cells are correlations below the diagonal; above it they
are the same ones again, those of another sample, or something else that the table's entry names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from retrace.papers.decimals import Table
from retrace.papers.reading import Say
from retrace.papers.schema import CorrelationTable
from retrace.printed.cells import Cell, is_nothing, read_cell
from retrace.printed.headings import (
    NOT_READ,
    STATISTIC,
    VARIABLE,
    Meaning,
    Variables,
    ambiguous,
    number_of,
)
from retrace.printed.numbers import Printed
from retrace.untrusted.nearest import did_you_mean

# Statistics of a variable that stand in columns or rows of a table of correlations.
VARIABLE_STATISTICS = (
    *("mean", "sd", "alpha", "omega", "cr", "ave", "ave_root", "icc"),
    *("skewness", "kurtosis"),
)
COUNTS_OF_VARIABLES = ("n", "items")


@dataclass(frozen=True)
class PlacedNumber:
    """A printed number with its line and column, as a person looks them up."""

    place: str
    printed: Printed


@dataclass
class CorrelationCells:
    """What a table of correlations prints.

    Attributes
    ----------
    correlations, above : dict
        (row, column) to number; both orders of a pair may be there in `correlations`.
    statistics : dict
        (variable, statistic) to number.
    counts : dict
        (variable, `n` or `items`) to number.
    again : list of (variable, statistic, number)
        What the table has a second time, as an alpha on its diagonal and in a column.
    limits : dict
        (row, column, `ci_low` or `ci_high`) to number, printed below a correlation.
    order : list of str
        Variables in the order of the rows.
    refused : set
        (row, column) of cells that are no numbers, which has been said.
    """

    correlations: dict[tuple[str, str], PlacedNumber] = field(default_factory=dict)
    above: dict[tuple[str, str], PlacedNumber] = field(default_factory=dict)
    statistics: dict[tuple[str, str], PlacedNumber] = field(default_factory=dict)
    counts: dict[tuple[str, str], PlacedNumber] = field(default_factory=dict)
    again: list[tuple[str, str, PlacedNumber]] = field(default_factory=list)
    limits: dict[tuple[str, str, str], PlacedNumber] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    refused: set[tuple[str, str]] = field(default_factory=set)


class _Placed(NamedTuple):
    """A cell with its place, and to whom what is wrong with it is said."""

    cell: Cell
    place: str
    problem: Say


def read_correlation_table(
    entry: CorrelationTable,
    table: Table,
    variables: Variables,
    problem: Say,
) -> CorrelationCells:
    """Read a table of correlations; what is wrong is said to `problem(place, message)`.

    Parameters
    ----------
    entry : CorrelationTable
    table : tuple
        Header, and rows with their line numbers.
    variables : Variables
    problem : callable
    """
    header, rows = table
    found = CorrelationCells()
    headings = _row_headings(rows, variables, problem)
    numbered = [
        (number_of(name), each.name)
        for (_, (name, *_)), each in zip(rows, headings, strict=True)
        if each is not None and each.kind == VARIABLE and name
    ]
    found.order = [name for _, name in numbered]
    for key in sorted({key for key in found.order if found.order.count(key) > 1}):
        problem("", f"row {key!r} stands there twice")
    # The numbers that rows have, or else their places.
    printed = {number: key for number, key in numbered if number is not None}
    numbers = printed or dict(enumerate(found.order, start=1))
    columns = [_column_heading(name, numbers, variables, problem) for name in header[1:]]
    for (line, (name, *cells)), row in zip(rows, headings, strict=True):
        for text, column, named in zip(cells, columns, header[1:], strict=True):
            place = f"line {line}, column {named}"
            if row is None or column is None or is_nothing(text):
                continue
            if NOT_READ in (row.kind, column.kind):
                continue
            try:
                cell = read_cell(text)
            except ValueError as error:
                problem(place, str(error))
                found.refused.add((row.name, column.name))
                continue
            placed = _Placed(cell, place, problem)
            if row.kind == VARIABLE and not name:
                _enter_limits(found, (row.name, column.name), placed)
            else:
                _enter(found, entry, (row, column), placed)
    return found


def _row_headings(
    rows: list[tuple[int, list[str]]], variables: Variables, problem: Say
) -> list[Meaning | None]:
    """What each row is about; one without a name below a variable is about that one too."""
    found: list[Meaning | None] = []
    for line, (name, *_) in rows:
        above = found[-1] if found else None
        below = not name and above is not None and above.kind == VARIABLE
        found.append(above if below else _row_heading(name, line, variables, problem))
    return found


def _enter_limits(found: CorrelationCells, pair: tuple[str, str], placed: _Placed) -> None:
    """File the confidence limits below a correlation."""
    low, high = placed.cell.low, placed.cell.high
    if low is None or high is None:
        placed.problem(
            placed.place,
            f"{placed.cell.text!r} stands in a row without a name; below a variable's row stand "
            "confidence limits such as [.11, .31], and everything else has a name",
        )
        return
    for end, limit in (("ci_low", low), ("ci_high", high)):
        found.limits[(*pair, end)] = PlacedNumber(placed.place, limit)


def _meanings(name: str, variables: Variables) -> list[Meaning]:
    """What a heading may stand for here: of statistics those that variables have."""
    has = (*VARIABLE_STATISTICS, *COUNTS_OF_VARIABLES)
    found = variables.meanings(name)
    return [each for each in found if each.kind != STATISTIC or each.name in has] or found


def _row_heading(name: str, line: int, variables: Variables, problem: Say) -> Meaning | None:
    found = _meanings(name, variables)
    if message := ambiguous(name, found):
        problem(f"line {line}", message)
    elif found:
        return found[0]
    else:
        problem(
            f"line {line}",
            f"row: construct {name!r} is not declared, and is no statistic; there are "
            f"{variables.known}: declare it, or say under `rows:` which it is"
            + did_you_mean(name, variables.keys),
        )
    return None


def _column_heading(
    name: str, numbers: Mapping[int, str], variables: Variables, problem: Say
) -> Meaning | None:
    found = _meanings(name, variables)
    if message := ambiguous(name, found):
        problem("line 1", message)
    elif found:
        return found[0]
    elif (number := number_of(name)) in numbers and number is not None:
        return Meaning(VARIABLE, numbers[number])
    else:
        problem(
            "line 1",
            f"column: construct {name!r} is not declared, and is no number of a row and no "
            f"statistic; say under `rows:` which it is, a variable ({variables.known}), a "
            f"statistic ({', '.join((*VARIABLE_STATISTICS, *COUNTS_OF_VARIABLES))}), or null",
        )
    return None


def _enter(
    found: CorrelationCells, entry: CorrelationTable, at: tuple[Meaning, Meaning], cell: _Placed
) -> None:
    """File a cell of a row and a column: a correlation, or a statistic of a variable."""
    place, problem = cell.place, cell.problem
    number = cell.cell.estimate or cell.cell.bracket
    (row_kind, row_name), (column_kind, column_name) = at
    if number is None:
        problem(place, f"{cell.cell.text!r} is no correlation and no statistic of a variable")
    elif row_kind == column_kind == STATISTIC:
        problem(place, f"{cell.cell.text!r} is the {column_name} of a {row_name}")
    elif STATISTIC in (row_kind, column_kind):
        variable, statistic = (
            (row_name, column_name) if row_kind == VARIABLE else (column_name, row_name)
        )
        _enter_statistic(found, variable, statistic, cell)
    elif row_name == column_name:
        if entry.diagonal:
            _enter_statistic(found, row_name, entry.diagonal, cell)
    else:
        is_above = found.order.index(row_name) < _position(found.order, column_name)
        if entry.triangle and is_above != (entry.triangle == "upper"):
            return  # another sample's, which reads it
        if is_above and entry.above != "correlations":
            found.above[row_name, column_name] = PlacedNumber(place, number)
        else:
            found.correlations[row_name, column_name] = PlacedNumber(place, number)


def _position(order: list[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _enter_statistic(
    found: CorrelationCells, variable: str, statistic: str, placed: _Placed
) -> None:
    cell, place, problem = placed
    number = cell.estimate or cell.bracket
    if number is None:
        return
    if statistic in COUNTS_OF_VARIABLES:
        found.counts[variable, statistic] = PlacedNumber(place, number)
    elif statistic in VARIABLE_STATISTICS:
        held = {statistic: number}
        if statistic == "mean" and cell.bracket is not None:
            held["sd"] = cell.bracket
        for name, each in held.items():
            if (variable, name) in found.statistics:
                found.again.append((variable, name, PlacedNumber(place, each)))
            else:
                found.statistics[variable, name] = PlacedNumber(place, each)
    else:
        problem(place, f"{statistic} is no statistic of a variable")
