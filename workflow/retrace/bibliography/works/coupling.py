"""Bibliographic coupling: how much of their literature papers share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd


class Coupling(NamedTuple):
    """How strongly two papers are coupled."""

    paper_a: str
    paper_b: str
    shared: int
    jaccard: float
    salton: float


class SharedWork(NamedTuple):
    """A work of several papers, a row of `shared_works.csv`; fields as those of `works.csv`."""

    work: str
    n_papers: int
    papers: str
    year: str
    first_author: str
    title: str
    doi: str


def couple(one: Collection[str], other: Collection[str]) -> tuple[int, float, float]:
    """Coupling strength of two sets of works.

    Returns
    -------
    shared : int
        Works in both (Kessler 1963), `|A ∩ B|`.
    jaccard : float
        `|A ∩ B| / |A ∪ B|` (Jaccard 1901); 0 where both are empty.
    salton : float
        `|A ∩ B| / sqrt(|A| |B|)` (Salton and McGill 1983); 0 where one is empty.
    """
    first, second = set(one), set(other)
    shared = len(first & second)
    union = len(first | second)
    mean = sqrt(len(first) * len(second))
    return shared, shared / union if union else 0.0, shared / mean if mean else 0.0


def couple_papers(works: Mapping[str, Collection[str]]) -> list[Coupling]:
    """The coupling of every two papers, in the order of their keys.

    Parameters
    ----------
    works : mapping
        Each paper's works.
    """
    return [Coupling(a, b, *couple(works[a], works[b])) for a, b in combinations(sorted(works), 2)]


def works_of_papers(papers_by_work: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    """Each paper's works, from each work's papers."""
    works: dict[str, set[str]] = {}
    for work, papers in papers_by_work.items():
        for paper in papers:
            works.setdefault(paper, set()).add(work)
    return works


def coupling_table(works: pd.DataFrame) -> pd.DataFrame:
    """The coupling of every two papers, a row each with the fields of `Coupling`.

    Parameters
    ----------
    works : DataFrame
        The columns of `works.csv`, all as text.
    """
    import pandas as pd

    papers = dict(zip(works["work"], works["papers"].str.split(";"), strict=True))
    rows = couple_papers(works_of_papers(papers))
    return pd.DataFrame(rows, columns=list(Coupling._fields))


def shared_works(works: pd.DataFrame) -> pd.DataFrame:
    """Works of several papers, those of most first, a `SharedWork` each; `works` as above."""
    shared = works.assign(n_papers=works["n_papers"].astype(int)).query("n_papers > 1")
    order = shared.sort_values(["n_papers", "year", "work"], ascending=[False, True, True])
    return order[list(SharedWork._fields)]
