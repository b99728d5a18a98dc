"""Reading a paper's claims, its inventory of quantities, and its part of the crosswalk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from retrace.claims.claim import Claim, read_claims
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
    folder: Folder, entry: ClaimFiles, tables: dict[str, Table], place: Place
) -> PaperClaims:
    """Read the three files; what is wrong in them is noted in `folder` and left out."""
    claims: list[Claim] = []
    path = folder.path(entry.claims, place("claims", "claims"))
    document = folder.yaml(path) if path else None
    problems: list[tuple[str, str]] = []
    if document is not None:
        claims, problems = read_claims(*document)
        _note(folder, entry.claims, problems)
    quantities: list[Quantity] = []
    table = _table(folder, entry.quantities, place("claims", "quantities"))
    # With a broken list of claims, each use of one of its claims would be a problem too.
    if table and document is not None and not problems:
        quantities, problems = read_quantities(*table, {claim.id for claim in claims})
        _note(folder, entry.quantities, problems)
    statements: list[Statement] = []
    if entry.crosswalk and (table := _table(folder, entry.crosswalk, place("claims", "crosswalk"))):
        statements, problems = read_crosswalk(*table)
        _note(folder, entry.crosswalk, problems)
    cells = {key: (header, [cells for _, cells in rows]) for key, (header, rows) in tables.items()}
    file = f"{folder.root.as_posix()}/{entry.claims}"
    return PaperClaims(file, claims, cells, quantities, statements)


def _table(folder: Folder, name: str, at: str) -> Table | None:
    path = folder.path(name, at)
    return folder.table(path) if path else None


def _note(folder: Folder, file: str, problems: list[tuple[str, str]]) -> None:
    for where, message in problems:
        folder.problem(file, where, message)
