"""What to call a paper where its key says too little."""

from __future__ import annotations


def paper_label(authors: str, year: str) -> str:
    """What to call a paper: `Magni et al. (2022)`, from `Family, Given; …` and its year, if any."""
    families = [name.partition(",")[0] for name in authors.split("; ")]
    called = f"{families[0]} et al." if len(families) > 2 else " and ".join(families)
    return f"{called} ({year})" if year else called
