"""What a paper prints, in one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from retrace.papers.description import read_description
from retrace.papers.reading import Folder, PaperError
from retrace.papers.samples import samples_of
from retrace.papers.schema import PaperEntry


def read_facts(root: str | Path) -> PaperEntry:
    """Read a folder's `paper.yaml`, and none of the files that it names.

    Raises
    ------
    PaperError
        With every problem of the description.
    """
    folder = Folder(Path(root))
    facts = read_description(folder).facts
    if facts is None:
        raise PaperError(folder.problems)
    return facts


class Described(NamedTuple):
    """A paper's bibliographic facts and what there is of it to work with, a row of `papers.csv`.

    Fields are empty where the paper does not print it or has no quantitative part. Of several
    samples, n is each one's, as `120 + 95`: they may be of the same people. Constructs and
    hypotheses that samples share count once, models in each.
    """

    paper: str
    authors: str
    year: str
    title: str
    licence: str
    tables: int
    n: str | int = ""
    constructs: str | int = ""
    models: str | int = ""
    hypotheses: str | int = ""


class RefusedProblem(NamedTuple):
    """A problem of a paper that cannot be read, a row of `refused.csv`."""

    paper: str
    file: str
    place: str
    problem: str


def describe(key: str, facts: PaperEntry) -> Described:
    """What there is of a paper, in one row."""
    entries = [sample.entry for sample in samples_of(facts.study)]
    constructs = {name for entry in entries for name in entry.constructs}
    hypotheses = {name for entry in entries for name in entry.hypotheses}
    described = Described(
        paper=key,
        authors="; ".join(
            f"{person.family}, {person.given}" if person.given else person.family
            for person in facts.authors
        ),
        year=facts.year or "",
        title=facts.title,
        licence=facts.licence.name,
        tables=len(facts.tables),
    )
    if not entries:
        return described
    return described._replace(
        n=" + ".join(str(entry.n) for entry in entries) if entries[1:] else entries[0].n,
        constructs=len(constructs),
        models=sum(len(entry.models) for entry in entries),
        hypotheses=len(hypotheses),
    )


def refused_rows(refused: Mapping[str, Sequence[Sequence[str]]]) -> list[RefusedProblem]:
    """Every problem of papers that cannot be read.

    Parameters
    ----------
    refused : mapping
        The fields of each `Problem` of a paper, by its name.
    """
    return [
        RefusedProblem(name, *problem) for name, problems in refused.items() for problem in problems
    ]
