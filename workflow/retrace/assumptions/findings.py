"""What is said of assumptions: which decisions depend on what a paper does not print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrace.assumptions.answers import DEPENDS, UNDECIDED
from retrace.findings import CONCLUSIONS, DOUBT, OPEN, Finding, count, rows_of

if TYPE_CHECKING:
    import pandas as pd


def dependence_findings(paper: str, verdicts: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Decisions that depend on an assumption, and those of which it is not known.

    Parameters
    ----------
    paper : str
    verdicts : DataFrame
        Columns of `assumption_verdicts.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    for dependence, weight, how in (
        (DEPENDS, DOUBT, "depend on what is assumed"),
        (UNDECIDED, OPEN, "may depend on what is assumed; it is not decided"),
    ):
        found = verdicts[verdicts["dependence"] == dependence]
        for hypothesis, own in found.groupby("hypothesis", sort=False):
            families = ", ".join(dict.fromkeys(own["family"]))
            said = f"{hypothesis}: {count(len(own), 'analysis', 'analyses')} {how}: {families}"
            yield Finding(paper, CONCLUSIONS, "assumptions", said, weight, rows_of(file, own.index))
