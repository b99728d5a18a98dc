"""The inventory: every quantity a paper prints, with the claims that use it or why none does."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from retrace.claims.rows import Row, read_rows
from retrace.untrusted.nearest import did_you_mean

# A row for the cells of a table column says so before the column's name.
COLUMN_MARK = "column "

# What no row may leave empty.
_FILLED = ("id", "where", "quantity", "printed")


class Quantity(NamedTuple):
    """A printed quantity, a row of `quantities.csv`.

    Attributes
    ----------
    id, where, quantity : str
        Its name, where it is printed, and what it counts or measures.
    printed : str
        The number as printed, or `column` and the name of a table's column.
    claims : tuple of str
        Ids of the claims that use it.
    reason : str
        Where no claim does: why nothing printed bears on it.
    """

    id: str
    where: str
    quantity: str
    printed: str
    claims: tuple[str, ...] = ()
    reason: str = ""


def read_quantities(
    header: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    claims: Collection[str] | None,
    columns: Mapping[str, Collection[str] | None],
    whole: bool = True,
) -> tuple[list[Quantity], list[tuple[str, str]]]:
    """Make quantities of the rows of a `quantities.csv`.

    Parameters
    ----------
    header : sequence of str
        The column names.
    rows : sequence of (line, cells)
        The rows with their line numbers, as many cells as columns.
    claims : collection of str or None
        Ids of the paper's claims; each of them has to be used. None where they are not known.
    columns : mapping
        The columns of each table, by its label; None where they are not known.
    whole : bool
        Whether these are all rows; else one that is left out may use a claim.

    Returns
    -------
    quantities : list of Quantity
        In the order of the file.
    problems : list of (place, message)
        Everything that is wrong, by line.
    """

    def check(row: Row) -> list[str]:
        used = _names(row)
        found = []
        if claims is not None:
            found += [
                f"there is no claim {name!r}{did_you_mean(name, claims)}"
                for name in used
                if name not in claims
            ]
        if bool(used) == bool(row["reason"]):
            found.append(
                "give either the claims that use the quantity, or the reason why none does"
            )
        if row["printed"].startswith(COLUMN_MARK):
            found += _missing_column(
                row["where"], row["printed"].removeprefix(COLUMN_MARK), columns
            )
        return found

    found, problems = read_rows(header, rows, Quantity._fields, _FILLED, ("id",), check)
    cells: list[dict[str, Any]] = [{**row, "claims": _names(row)} for row in found]
    quantities = [Quantity(**row) for row in cells]
    if claims is not None and whole and (found or not problems):
        unused = sorted(set(claims) - {name for entry in quantities for name in entry.claims})
        problems += [("", f"no quantity names the claim {name!r}") for name in unused]
    return quantities, problems


def _missing_column(
    label: str, column: str, columns: Mapping[str, Collection[str] | None]
) -> list[str]:
    """What is wrong with a column that a quantity is printed in; nothing where it is there."""
    if label not in columns:
        there, meant = ", ".join(sorted(columns)) or "none", did_you_mean(label, columns)
        return [f"where: no table has the label {label!r}; labels of the paper: {there}{meant}"]
    known = columns[label]
    if known is None or column in known:
        return []
    there, meant = ", ".join(known), did_you_mean(column, known)
    return [f"printed: {label} has no column {column!r}; its columns: {there}{meant}"]


def _names(row: Row) -> tuple[str, ...]:
    return tuple(name.strip() for name in row["claims"].split(";") if name.strip())
