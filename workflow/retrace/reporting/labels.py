"""What to call a paper where its key says too little."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def paper_label(authors: str, year: str) -> str:
    """What to call a paper: `Magni et al. (2022)`, from `Family, Given; …` and its year, if any."""
    families = [name.partition(",")[0] for name in authors.split("; ")]
    called = f"{families[0]} et al." if len(families) > 2 else " and ".join(families)
    return f"{called} ({year})" if year else called


def paper_labels(papers: pd.DataFrame) -> dict[str, str]:
    """What to call each paper by its key, from the columns of `papers.csv`, all as text."""
    return {row.paper: paper_label(row.authors, row.year) for row in papers.itertuples()}


def among(labels: Mapping[str, str], papers: Collection[str]) -> dict[str, str]:
    """The labels of some papers, in the order of all."""
    return {paper: label for paper, label in labels.items() if paper in papers}
