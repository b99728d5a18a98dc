"""Reading a paper's claims, its inventory of quantities, and its part of the crosswalk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from retrace.claims.claim import Claim, claim_ids, read_claims
from retrace.claims.crosswalk import Statement, read_crosswalk
from retrace.claims.inventory import Quantity, read_quantities
from retrace.papers.reading import Folder, Table
from retrace.papers.schema import ClaimFiles

Place = Callable[..., str]


@dataclass(frozen=True)
class PaperClaims:
    """What a paper states that can be checked or compared.

    Attributes
    ----------
    file : str
        The file of the claims.
    claims : list of Claim
        Statements with queries over the paper's tables; the queries themselves are checked by
        `retrace.claims.folders`.
    tables : dict
        The tables by key: columns, and rows of cells as printed.
    quantities : list of Quantity
        The inventory of printed quantities.
    statements : list of Statement
        Hypotheses, propositions and findings, for the crosswalk.
    """

    file: str
    claims: list[Claim]
    tables: dict[str, tuple[list[str], list[list[str]]]]
    quantities: list[Quantity]
    statements: list[Statement]


def check_claims(
    folder: Folder,
    entry: ClaimFiles,
    tables: dict[str, Table],
    labels: Mapping[str, str],
    place: Place,
) -> PaperClaims:
    """Read the three files; what is wrong in them is noted in `folder` and left out.

    `tables` are those that can be read, `labels` has the label of each that there should be. What
    asks for one of the others is left out without a word: it may be sound.
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
    cells = {key: (header, [cells for _, cells in rows]) for key, (header, rows) in tables.items()}
    file = f"{folder.root.as_posix()}/{entry.claims}"
    return PaperClaims(file, claims, cells, quantities, statements)


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
