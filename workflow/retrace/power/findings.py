"""What new samples say of a study's conclusions: would they be found again, and as large?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrace.decisions import LIKELY, SUPPORTED
from retrace.findings import CONCLUSIONS, DOUBT, Finding, rows_of

if TYPE_CHECKING:
    import pandas as pd

# The population with the printed correlations, as the tables name it.
NORMAL = "normal"
# Type M errors from here on are told: significant estimates are a quarter too large on average.
EXAGGERATED = 1.25


def replication_findings(paper: str, replication: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Hypotheses that the paper supports, and a new sample of its size often would not.

    That is power at the printed effect below the conventional 80 %, at every level considered: a
    legend of stars may have levels far below the one that decides.

    Parameters
    ----------
    paper : str
    replication : DataFrame
        Columns of `replication.csv` and `reported`, what the paper concludes, all as text.
    file : str
        Where it stands under `results/`.
    """
    for hypothesis, own in _supported(replication):
        if own["probability"].astype(float).max() < LIKELY:
            powers = _by_level(own, "{:.1f} %", 100 * own["probability"].astype(float))
            said = (
                f"{hypothesis}: were the printed effects true, a new sample of the same size would "
                f"support it with a power of {powers}; {100 * LIKELY:.0f} % is the convention"
            )
            yield Finding(paper, CONCLUSIONS, "power", said, DOUBT, rows_of(file, own.index))


def exaggeration_findings(paper: str, errors: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Hypotheses that the paper supports, and whose significant estimates tend to be too large.

    At every level considered, by a quarter or more on average.

    Parameters
    ----------
    paper : str
    errors : DataFrame
        Columns of `exaggeration.csv` and `reported`, what the paper concludes, all as text; type M
        is empty where the population has no effect.
    file : str
        Where it stands under `results/`.
    """
    for hypothesis, own in _supported(errors[errors["type_m"] != ""]):
        if own["type_m"].astype(float).min() >= EXAGGERATED:
            factors = _by_level(own, "{:.2f}", own["type_m"].astype(float))
            said = (
                f"{hypothesis}: were the printed effects true, significant estimates of new "
                f"samples of the same size would exceed them on average by a factor of {factors}"
            )
            yield Finding(paper, CONCLUSIONS, "exaggeration", said, DOUBT, rows_of(file, own.index))


def _supported(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Rows on the normal population of each hypothesis that the paper supports."""
    wanted = (table["population"] == NORMAL) & (table["reported"] == SUPPORTED)
    yield from table[wanted].groupby("hypothesis", sort=False)


def _by_level(own: pd.DataFrame, form: str, numbers: pd.Series) -> str:
    """A number at every level, as `68.8 % at the level 0.05, 79.1 % at 0.1`."""
    shown = [form.format(number) for number in numbers]
    first, *others = zip(shown, own["level"], strict=True)
    return ", ".join(
        ["{} at the level {}".format(*first), *(f"{value} at {level}" for value, level in others)]
    )
