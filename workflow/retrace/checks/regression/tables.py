"""Rows of the result tables on regressions: one type a table, whose fields are its columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pandas import DataFrame


ONE_SIDED, TWO_SIDED = "one-sided", "two-sided"
SIDES = {1: ONE_SIDED, 2: TWO_SIDED}


class Compared(NamedTuple):
    """A printed number beside what the correlations imply; low and high are the safe envelope."""

    model: str
    term: str
    statistic: str
    printed: str
    recomputed: float
    low: float
    high: float
    verdict: str


class Missing(NamedTuple):
    """A printed number without a verdict, and the input that it lacks."""

    model: str
    term: str
    statistic: str
    printed: str
    missing: str


class Bracket(NamedTuple):
    """A statistic with its tight and safe envelopes; `recomputed` is the estimate's old name."""

    model: str
    term: str
    statistic: str
    recomputed: float
    tight_low: float
    tight_high: float
    safe_low: float
    safe_high: float
    estimate: float


class Reading(NamedTuple):
    """How a test is read where it may be read in several ways; its words are what tables show.

    Attributes
    ----------
    level : float or None
        Of confidence limits, where it is not the usual one.
    sides : int or None
        Of p: 1 or 2.
    df : str
        By which degrees of freedom, where several may be.
    """

    level: float | None = None
    sides: int | None = None
    df: str = ""

    def __str__(self) -> str:
        level = "" if self.level is None else f"as limits of {100 * self.level:.0f} %"
        sides = "" if self.sides is None else SIDES[self.sides]
        return ", ".join(filter(None, (level, sides, self.df)))


class Related(NamedTuple):
    """A printed number beside what another of its row implies; `statistic` is the number's own."""

    model: str
    term: str
    relation: str
    reading: Reading
    printed: str
    recomputed: float
    low: float
    high: float
    verdict: str
    statistic: str


class Starred(NamedTuple):
    """The stars of a cell under the printed legend, and under the one that fits best."""

    table: str
    row: str
    column: str
    printed: str
    p: float
    p_low: float
    p_high: float
    stars: str
    demanded: str
    verdict: str
    best_demanded: str
    best_verdict: str


class FittedLegend(NamedTuple):
    """A legend, and how many cells of a table it contradicts."""

    table: str
    legend: str
    sides: int
    contradicted: int
    printed: bool
    best: bool


def table_of(rows: Iterable[tuple], kind: type[NamedTuple]) -> DataFrame:
    """Rows of one kind as a table with its columns, `pandas.DataFrame`."""
    import pandas as pd

    shown = [[str(cell) if isinstance(cell, Reading) else cell for cell in row] for row in rows]
    return pd.DataFrame(shown, columns=list(kind._fields))
