"""Bibliographic coupling: how much of their literature papers share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import combinations
from math import sqrt
from typing import NamedTuple

COLUMNS = ["paper_a", "paper_b", "shared", "jaccard", "salton"]


class Coupling(NamedTuple):
    """How strongly two papers are coupled."""

    paper_a: str
    paper_b: str
    shared: int
    jaccard: float
    salton: float


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
