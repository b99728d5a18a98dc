"""Deciding a claim over a paper's tables with what it guards altered.

A claim is worth its place if it tells a right number from a wrong one. The tests of each paper
alter the reported value or the cells that a claim rests on and expect the other verdict.
"""

from __future__ import annotations

from dataclasses import replace

from retrace.claims.claim import Claim
from retrace.claims.database import ClaimDatabase
from retrace.claims.verdicts import decide

# A table, the number of a row under the heading, a column, and what stands there instead.
Alteration = tuple[str, int, str, str]


def verdict_of(claim: Claim, tables: dict) -> str:
    """The verdict on a claim, decided in this process: the claims of the papers are harmless."""
    with ClaimDatabase(tables) as database:
        return decide(claim, database).verdict


def altered_verdict(claim: Claim, tables: dict, change: str | list[Alteration]) -> str:
    """The verdict with another reported value, or with other cells."""
    if isinstance(change, str):
        return verdict_of(replace(claim, reported=change), tables)
    copies = {key: (header, [list(row) for row in body]) for key, (header, body) in tables.items()}
    for table, number, column, cell in change:
        header, body = copies[table]
        assert body[number - 1][header.index(column)] != cell
        body[number - 1][header.index(column)] = cell
    return verdict_of(claim, copies)
