"""What synthetic data say: which printed statistics they miss, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrace.findings import GRAVE, NUMBERS, OPEN, Finding, named, rows_of

if TYPE_CHECKING:
    import pandas as pd


def unmet_findings(paper: str, unmet: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Printed statistics that no responses have or none were found with, by reason.

    Parameters
    ----------
    paper : str
    unmet : DataFrame
        Columns of the table of what is unmet, all as text.
    file : str
        Where it stands under `results/`.
    """
    for (why, proven), own in unmet.groupby(["why", "proven"], sort=False):
        statistics = [
            " of ".join(filter(None, pair))
            for pair in zip(own["statistic"], own["term"], strict=True)
        ]
        said = f"synthetic data miss {named(statistics)}: {why}"
        weight = GRAVE if proven == "True" else OPEN
        yield Finding(paper, NUMBERS, "synthetic data", said, weight, rows_of(file, own.index))
