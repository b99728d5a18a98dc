"""The decimal sign of a table: one, found from all its numbers together.

`0,98` shows a comma and `0.98` a point; `1,968` alone shows nothing, and is 1968 or 1.968.
"""

from __future__ import annotations

from retrace.printed.cells import cell_decimal_sign, cell_with_points
from retrace.printed.headings import statistic_of
from retrace.printed.reported import MODEL_COUNTS

# A header, and rows of cells with their line numbers.
Table = tuple[list[str], list[tuple[int, list[str]]]]
# Whole numbers: a comma stands between two of them, or between thousands.
COUNTS = {"df", "items", *MODEL_COUNTS}
# A place and what is wrong there.
Fault = tuple[str, str]


def find_decimal_sign(table: Table, declared: str | None = None) -> tuple[str, Fault | None]:
    """The decimal sign of a table whose first column has names, the others numbers.

    Parameters
    ----------
    table : Table
    declared : {".", ",", None}
        What to take where no number shows it.

    Returns
    -------
    sign : {".", ","}
        What its numbers show, then `declared`, then the point where no number has a comma.
    fault : tuple or None
        Numbers that show both signs, or a comma that may be either, with the place.
    """
    header, rows = table
    found: dict[str, tuple[str, str]] = {}
    for line, cells in rows:
        for column, cell in zip(header[1:], cells[1:], strict=True):
            if _is_count(cells[0], column):
                continue
            sign = cell_decimal_sign(cell)
            if sign == "either":
                sign = "either," if "," in cell else "either."
            if sign:
                found.setdefault(sign, (f"line {line}, column {column}", cell))
    if "." in found and "," in found:
        (place, comma), (other, point) = found[","], found["."]
        return ".", (
            place,
            f"{comma!r} has its decimals behind a comma, {point!r} in {other} behind a point; "
            "a table has one decimal sign",
        )
    for shown in (".", ","):
        if shown in found:
            return shown, None
    if declared or "either," not in found:
        return declared or ".", None
    place, cell = found["either,"]
    return ".", (
        place,
        f"{cell!r} is {cell.replace(',', '')} or {cell.replace(',', '.')}, and no number of the "
        "table shows which; say it in paper.yaml: decimal_sign: '.' or ','",
    )


def with_points(table: Table, either: bool, names: int = 1) -> Table:
    """A table of numbers with points for the decimal commas that it has.

    `either` says whether numbers that may have a decimal comma or point, as `1,968`, have a comma;
    the first `names` columns have no numbers.
    """
    header, rows = table
    commas = (",", "either") if either else (",",)

    def read(cell: str, row: str, column: str) -> str:
        if _is_count(row, column) or cell_decimal_sign(cell) not in commas:
            return cell
        return cell_with_points(cell)

    def read_row(cells: list[str]) -> list[str]:
        numbers = zip(header[names:], cells[names:], strict=True)
        return [*cells[:names], *(read(cell, cells[0], column) for column, cell in numbers)]

    return header, [(line, read_row(cells)) for line, cells in rows]


def _is_count(row: str, column: str) -> bool:
    """Whether a cell is a whole number, or several, by the headings of its row and column."""
    return bool({statistic_of(row), statistic_of(column)} & COUNTS)
