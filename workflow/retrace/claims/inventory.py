"""The inventory: every quantity a paper prints, with the claims that use it or why none does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

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
    if tuple(header) != COLUMNS:
        return [], [("line 1", f"found {','.join(header)}, expected {','.join(COLUMNS)}")]
    quantities: list[Quantity] = []
    problems: list[tuple[str, str]] = []
    seen: dict[str, int] = {}
    for line, cells in rows:
        row = dict(zip(COLUMNS, cells, strict=True))
        used = tuple(name.strip() for name in row["claims"].split(";") if name.strip())
        found = [f"{key}: empty" for key in COLUMNS[:4] if not row[key]]
        if row["id"] in seen:
            found.append(f"id {row['id']!r} is taken by line {seen[row['id']]}")
        seen.setdefault(row["id"], line)
        found += [f"there is no claim {name!r}" for name in used if name not in claims]
        if bool(used) == bool(row["reason"]):
            found.append(
                "give either the claims that use the quantity, or the reason why none does"
            )
        problems += [(f"line {line}", message) for message in found]
        quantities.append(Quantity(**{**row, "claims": used}))
    unused = sorted(set(claims) - {name for entry in quantities for name in entry.claims})
    problems += [("", f"no quantity names the claim {name!r}") for name in unused]
    return quantities, problems
