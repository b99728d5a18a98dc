"""The crosswalk: what several papers say drives what, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from retrace.claims.rows import Row, read_rows
from retrace.untrusted.nearest import did_you_mean

KINDS = ("hypothesis", "proposition", "finding")
DIRECTIONS = ("positive", "negative", "none", "mixed")

AGREE, QUALIFY, CONTRADICT, ONE_PAPER = "agree", "qualify", "contradict", "one paper"
RELATIONS = (CONTRADICT, QUALIFY, AGREE, ONE_PAPER)


class Statement(NamedTuple):
    """One pair of cause and effect that a hypothesis, proposition or finding names.

    A row of `crosswalk.csv`.

    Attributes
    ----------
    id, kind, where : str
        Its name in the paper, what it is there, and where it is printed.
    cause, effect : str
        The constructs, in the words that all papers share.
    direction : {"positive", "negative", "none", "mixed"}
        Which way the cause moves the effect; mixed where the paper makes it depend on something.
    statement : str
        What the paper says, in our own words.
    """

    id: str
    kind: str
    where: str
    cause: str
    effect: str
    direction: str
    statement: str


@dataclass(frozen=True)
class Relation:
    """A pair of cause and effect with what each paper says of it.

    Attributes
    ----------
    cause, effect : str
        The pair.
    statements : dict
        Statements by paper, in the order of the papers; papers without one are left out.
    relation : {"agree", "qualify", "contradict", "one paper"}
        How the papers stand to one another.
    """

    cause: str
    effect: str
    statements: Mapping[str, tuple[Statement, ...]]
    relation: str

    def direction(self, paper: str) -> str:
        """The direction that a paper gives, mixed where its statements differ; empty for none."""
        found = {statement.direction for statement in self.statements.get(paper, ())}
        return found.pop() if len(found) == 1 else ("mixed" if found else "")


def read_crosswalk(
    header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]
) -> tuple[list[Statement], list[tuple[str, str]]]:
    """Make statements of the rows of a `crosswalk.csv`.

    Parameters
    ----------
    header : sequence of str
        The column names.
    rows : sequence of (line, cells)
        The rows with their line numbers, as many cells as columns.

    Returns
    -------
    statements : list of Statement
        In the order of the file.
    problems : list of (place, message)
        Everything that is wrong, by line.
    """
    columns, key = Statement._fields, ("id", "cause", "effect")
    found, problems = read_rows(header, rows, columns, columns, key, _unknown_words)
    return [Statement(**row) for row in found], problems


def _unknown_words(row: Row) -> list[str]:
    return [
        f"{name}: found {row[name]!r}, expected {', '.join(allowed)}"
        + did_you_mean(row[name], allowed)
        for name, allowed in (("kind", KINDS), ("direction", DIRECTIONS))
        if row[name] and row[name] not in allowed
    ]


def compare(papers: Mapping[str, Iterable[Statement]]) -> list[Relation]:
    """Put the statements of several papers side by side, by pair of cause and effect.

    Parameters
    ----------
    papers : mapping
        The statements of each paper, by its key.

    Returns
    -------
    list of Relation
        Pairs on which several papers speak first; among them contradictions, then qualifications,
        then agreements; equal ones by cause and effect.
    """
    pairs: dict[tuple[str, str], dict[str, list[Statement]]] = {}
    for paper, statements in papers.items():
        for statement in statements:
            pair = pairs.setdefault((statement.cause, statement.effect), {})
            pair.setdefault(paper, []).append(statement)
    relations = [
        Relation(
            cause,
            effect,
            {paper: tuple(found) for paper, found in by_paper.items()},
            _relation([{entry.direction for entry in found} for found in by_paper.values()]),
        )
        for (cause, effect), by_paper in pairs.items()
    ]
    return sorted(
        relations,
        key=lambda entry: (
            RELATIONS.index(entry.relation),
            -len(entry.statements),
            entry.cause,
            entry.effect,
        ),
    )


def _relation(directions: list[set[str]]) -> str:
    if len(directions) == 1:
        return ONE_PAPER
    together = set.union(*directions)
    if len(together) == 1:
        return AGREE
    # Against one another: one paper says positive alone, another negative alone.
    if {"positive"} in directions and {"negative"} in directions:
        return CONTRADICT
    return QUALIFY
