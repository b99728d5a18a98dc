"""Keys of studies: that of their paper, and behind a point that of their sample."""

from __future__ import annotations


def study_key(paper: str, sample: str = "") -> str:
    """The key of a paper's study, or of one of its samples: `paper`, `paper.sample`."""
    return f"{paper}.{sample}" if sample else paper


def split_key(key: str) -> tuple[str, str]:
    """The paper and the sample of a study's key; the sample is empty where the paper has one study.

    No key of a paper has a point.
    """
    paper, _, sample = key.partition(".")
    return paper, sample
