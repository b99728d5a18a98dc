"""Rows of a paper's CSV files by column: header, empty cells and repeated rows checked alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

Row = dict[str, str]


def read_rows(
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    columns: Sequence[str],
    required: Sequence[str],
    key: Sequence[str],
    check: Callable[[Row], list[str]],
) -> tuple[list[Row], list[tuple[str, str]]]:
    """Make mappings by column of the rows of a table.

    Parameters
    ----------
    header : sequence of str
        The column names found.
    rows : iterable of (line, cells)
        The rows with their line numbers, as many cells as columns.
    columns : sequence of str
        The column names expected.
    required, key : sequence of str
        Columns that may not be empty, and columns that together stand once.
    check : callable
        What else is wrong with a row.

    Returns
    -------
    rows : list of dict
        All of them, in the order of the file; none where the header is wrong.
    problems : list of (place, message)
        Everything that is wrong, by line.
    """
    if tuple(header) != tuple(columns):
        return [], [("line 1", f"found {','.join(header)}, expected {','.join(columns)}")]
    read: list[Row] = []
    problems: list[tuple[str, str]] = []
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in rows:
        row = dict(zip(columns, cells, strict=True))
        found = [f"{name}: empty" for name in required if not row[name]]
        place = tuple(row[name] for name in key)
        if place in seen:
            values = ", ".join(map(repr, place))
            found.append(f"{', '.join(key)}: {values} stands in line {seen[place]} already")
        seen.setdefault(place, line)
        problems += [(f"line {line}", message) for message in (*found, *check(row))]
        read.append(row)
    return read, problems
