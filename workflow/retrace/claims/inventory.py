"""The inventory: every quantity a paper prints, with the claims that use it or why none does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from retrace.claims.rows import Row, read_rows

COLUMNS = ("id", "where", "quantity", "printed", "claims", "reason")

# A row for the cells of a table column says so before the column's name.
COLUMN_MARK = "column "


@dataclass(frozen=True)
class Quantity:
    """A printed quantity.

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
    header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], claims: Collection[str]
) -> tuple[list[Quantity], list[tuple[str, str]]]:
    """Make quantities of the rows of a `quantities.csv`.

    Parameters
    ----------
    header : sequence of str
        The column names.
    rows : sequence of (line, cells)
        The rows with their line numbers, as many cells as columns.
    claims : collection of str
        Ids of the paper's claims; each of them has to be used.

    Returns
    -------
    quantities : list of Quantity
        In the order of the file.
    problems : list of (place, message)
        Everything that is wrong, by line.
    """

    def check(row: Row) -> list[str]:
        used = _names(row)
        found = [f"there is no claim {name!r}" for name in used if name not in claims]
        if bool(used) == bool(row["reason"]):
            found.append(
                "give either the claims that use the quantity, or the reason why none does"
            )
        return found

    found, problems = read_rows(header, rows, COLUMNS, COLUMNS[:4], ("id",), check)
    quantities = [Quantity(**{**row, "claims": _names(row)}) for row in found]
    if found or not problems:
        unused = sorted(set(claims) - {name for entry in quantities for name in entry.claims})
        problems += [("", f"no quantity names the claim {name!r}") for name in unused]
    return quantities, problems


def _names(row: Row) -> tuple[str, ...]:
    return tuple(name.strip() for name in row["claims"].split(";") if name.strip())
