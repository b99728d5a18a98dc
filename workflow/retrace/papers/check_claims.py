"""Reading a paper's claims, its inventory of quantities, and its part of the crosswalk."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from retrace.claims.claim import Claim, claim_ids, read_claims
from retrace.claims.crosswalk import Statement, read_crosswalk
from retrace.claims.inventory import Quantity, read_quantities
from retrace.papers.decimals import Table, with_points
from retrace.papers.reading import MAX_CELLS, Folder, Place
from retrace.papers.schema import ClaimFiles
from retrace.printed.numbers import decimal_sign


@dataclass(frozen=True)
class PaperClaims:
    """What a paper states that can be checked or compared.

    Attributes
    ----------
    file : str
        The file of the claims.
    claims : list of Claim
        Statements with queries over the paper's tables; the queries themselves are checked by
        `retrace.preflight.claims`.
    tables : dict
        The tables by key: columns, and rows of cells as printed.
    quantities : list of Quantity
        The inventory of printed quantities.
    statements : list of Statement
        Hypotheses, propositions and findings, for the crosswalk.
    decimal_commas : list of str
        Keys of the tables that are printed with decimal commas; their numbers have points here.
    """

    file: str
    claims: list[Claim]
    tables: dict[str, tuple[list[str], list[list[str]]]]
    quantities: list[Quantity]
    statements: list[Statement]
    decimal_commas: list[str] = field(default_factory=list)


def check_claims(
    folder: Folder,
    entry: ClaimFiles,
    tables: dict[str, Table],
    labels: Mapping[str, str],
    commas: Collection[str],
    place: Place,
) -> PaperClaims:
    """Read the three files; what is wrong in them is noted in `folder` and left out.

    `tables` are those that can be read, `labels` has the label of each that there should be. What
    asks for one of the others is left out without a word: it may be sound. `commas` are the tables
    that are known to have decimal commas.
    """
    claims: list[Claim] = []
    ids: set[str] | None = None
    path = folder.path(entry.claims, place("claims", "claims"))
    document = folder.yaml(path) if path else None
    if document is not None:
        claims, problems = read_claims(*document)
        ids = claim_ids(document[0])
        _note(folder, entry.claims, problems)
        unread = labels.keys() - tables.keys()
        claims = [claim for claim in claims if not _names_one_of(claim.query, unread)]
    quantities: list[Quantity] = []
    table, whole = _rows(folder, entry.quantities, place("claims", "quantities"))
    if table:
        columns = _columns(tables, labels)
        quantities, problems = read_quantities(*table, ids, columns, whole)
        _note(folder, entry.quantities, problems)
    statements: list[Statement] = []
    if entry.crosswalk:
        table, _ = _rows(folder, entry.crosswalk, place("claims", "crosswalk"))
        if table:
            statements, problems = read_crosswalk(*table)
            _note(folder, entry.crosswalk, problems)
    if sum(len(header) * len(rows) for header, rows in tables.values()) > MAX_CELLS:
        # The same file under many keys.
        message = f"the tables have more than {MAX_CELLS:,} cells together"
        folder.problem("paper.yaml", place("tables"), message)
        tables = {}
    commas = [
        key
        for key, table in tables.items()
        if key in commas or _has_commas(folder, key, table, place)
    ]
    cells = {}
    for key, table in tables.items():
        header, rows = with_points(table, either=True, names=0) if key in commas else table
        cells[key] = (header, [row for _, row in rows])
    file = f"{folder.root.as_posix()}/{entry.claims}"
    return PaperClaims(file, claims, cells, quantities, statements, commas)


def _has_commas(folder: Folder, key: str, table: Table, place: Place) -> bool:
    """Whether the numbers of a table have decimal commas: `decimal_sign` says it, nothing else.

    Tables for claims have more than numbers: `2,5` may be the second and the fifth. So a table is
    read with points unless the paper says otherwise, and has to where that may misread a number:
    in a column, or, where none of its numbers shows a point, in the table.
    """
    header, rows = table
    found: dict[str, tuple[str, str]] = {}
    asked = False
    for place_in_row, column in enumerate(header):
        shown: dict[str, str] = {}
        for _, cells in rows:
            cell = cells[place_in_row]
            sign: str = decimal_sign(cell)
            shown.setdefault("point" if sign == "either" and "," not in cell else sign, cell)
        if "," in shown and "either" in shown and not folder.decimal_sign:
            asked = True
            folder.problem("paper.yaml", place("tables", key), _which(column, shown))
        for sign, cell in shown.items():
            found.setdefault(sign, (column, cell))
    if folder.decimal_sign:
        return (
            folder.decimal_sign == "," and "." not in found and bool({",", "either"} & set(found))
        )
    if not asked and "." not in found and {",", "either"} <= found.keys():
        columns = " and ".join(found[sign][0] for sign in (",", "either"))
        examples = {sign: cell for sign, (_, cell) in found.items()}
        folder.problem("paper.yaml", place("tables", key), _which(columns, examples))
    return False


def _which(column: str, cells: Mapping[str, str]) -> str:
    """The question which decimal sign a column, or two of them, has."""
    return (
        f"column {column}: {cells[',']!r} has a decimal comma, and {cells['either']!r} may; "
        "say which: decimal_sign: '.' or ','"
    )


def _rows(folder: Folder, name: str, at: str) -> tuple[Table | None, bool]:
    path = folder.path(name, at)
    return folder.sound_rows(path) if path else (None, False)


def _columns(tables: Mapping[str, Table], labels: Mapping[str, str]) -> dict[str, list[str] | None]:
    """The columns of the tables of each label; None where one of them cannot be read."""
    keys: dict[str, list[str]] = {}
    for key, label in labels.items():
        keys.setdefault(label, []).append(key)
    return {
        label: [name for key in found for name in tables[key][0]]
        if all(key in tables for key in found)
        else None
        for label, found in keys.items()
    }


def _names_one_of(query: str, tables: Iterable[str]) -> bool:
    """Whether a query has the name of one of the tables in it, as SQL reads names."""
    return any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", query, re.IGNORECASE) for name in tables
    )


def _note(folder: Folder, file: str, problems: list[tuple[str, str]]) -> None:
    for where, message in problems:
        folder.problem(file, where, message)
