"""Reading a paper's claims, its inventory of quantities, and its part of the crosswalk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from retrace.claims.claim import Claim, read_claims
from retrace.claims.crosswalk import Statement, read_crosswalk
from retrace.claims.inventory import Quantity, read_quantities
from retrace.papers.reading import Folder
from retrace.papers.schema import ClaimFiles

Place = Callable[..., str]


@dataclass(frozen=True)
class PaperClaims:
    """What a paper states that can be checked or compared.

    Attributes
    ----------
    claims : list of Claim
        Statements with queries over the paper's tables; the queries themselves are checked by
        `retrace.claims.folders`.
    quantities : list of Quantity
        The inventory of printed quantities.
    statements : list of Statement
        Hypotheses, propositions and findings, for the crosswalk.
    """

    claims: list[Claim]
    quantities: list[Quantity]
    statements: list[Statement]


def check_claims(folder: Folder, entry: ClaimFiles, place: Place) -> PaperClaims | None:
    """Read the three files; None, with every problem noted in `folder`, where one is wrong."""
    before = len(folder.problems)
    claims: list[Claim] = []
    path = folder.path(entry.claims, place("claims", "claims"))
    document = folder.yaml(path) if path else None
    if document is not None:
        claims, problems = read_claims(*document)
        _note(folder, entry.claims, problems)
    sound = len(folder.problems) == before
    quantities: list[Quantity] = []
    if table := _table(folder, entry.quantities, place("claims", "quantities")):
        # With a broken list of claims, each use of one of its claims would be a problem too.
        known = {claim.id for claim in claims}
        quantities, problems = read_quantities(*table, known) if sound else ([], [])
        _note(folder, entry.quantities, problems)
    statements: list[Statement] = []
    if entry.crosswalk and (table := _table(folder, entry.crosswalk, place("claims", "crosswalk"))):
        statements, problems = read_crosswalk(*table)
        _note(folder, entry.crosswalk, problems)
    if len(folder.problems) > before:
        return None
    return PaperClaims(claims, quantities, statements)


def _table(folder: Folder, name: str, at: str) -> tuple[list[str], list] | None:
    path: Path | None = folder.path(name, at)
    return folder.table(path) if path else None


def _note(folder: Folder, file: str, problems: list[tuple[str, str]]) -> None:
    for where, message in problems:
        folder.problem(file, where, message)
