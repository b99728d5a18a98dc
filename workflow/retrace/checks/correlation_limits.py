"""Do confidence limits of correlations follow from the correlations and n?

By Fisher's transformation, z = artanh r has the standard error 1 / sqrt(n - 3) (Fisher 1921), and
the limits of r are tanh(z -+ z* / sqrt(n - 3)). A table has one level, and cuts or rounds its
digits. Limits may be of another kind, as those of a bootstrap: where Fisher's do not fit three
quarters of a table, only their order is judged.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from retrace.checks.contract import Check, Row
from retrace.checks.regression.recomputed import LEVEL, LEVELS
from retrace.checks.shared.addresses import correlation
from retrace.checks.shared.mistakes import mistake_beside
from retrace.checks.shared.record import Record
from retrace.papers.study import Study
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import (
    CONTRADICTED,
    NOT_CHECKABLE,
    REPRODUCED,
    WITHIN_ROUNDING,
    verdict,
)

# Of the limits of a table at most so many may be misprints of Fisher's.
MOST_WRONG = 1 / 4
_ENDS = ("ci_low", "ci_high")
# At face value, least, most.
Implied = tuple[float, float, float]


class Limit(NamedTuple):
    """A printed limit of a printed correlation; n from the least to the most that it may be of."""

    row: str
    column: str
    end: str
    printed: Printed
    r: Printed
    n: tuple[int, int]


class Reading(NamedTuple):
    """The level of a table's limits, and whether its digits are cut off."""

    level: float = LEVEL
    truncated: bool = False

    def __str__(self) -> str:
        cut = ", as truncated" if self.truncated else ""
        return f"limits of {100 * self.level:.0f} %{cut}"


READINGS = tuple(Reading(level, truncated) for truncated in (False, True) for level in LEVELS)


def judge(record: Record) -> Iterator[Row]:
    """One row for each printed limit of a correlation, by the reading that contradicts fewest."""
    study = record.the_study
    limits = list(_limits(study))
    wrong = {
        reading: sum(_word(limit, reading) == CONTRADICTED for limit in limits)
        for reading in READINGS
    }
    reading = min(wrong, key=wrong.__getitem__)
    fishers = wrong[reading] <= MOST_WRONG * len(limits)
    for limit in limits:
        yield _of_a_limit(study, limit, reading if fishers else None)


def fishers_limit(r: Printed, n: tuple[int, int], upper: bool, level: float) -> Implied:
    """A limit of a correlation by Fisher's transformation: at face value, least, most.

    Parameters
    ----------
    r : Printed
    n : (int, int)
        Least and most observations; below 4 there is no limit but -1 and 1.
    upper : bool
    level : float
    """
    from scipy.special import ndtri

    reach = float(ndtri((1 + level) / 2)) * (1 if upper else -1)

    def limit(value: float, count: int) -> float:
        if count < 4:
            return float(np.sign(reach))
        inside = math.atanh(min(max(value, -1 + 1e-15), 1 - 1e-15))
        return math.tanh(inside + reach / math.sqrt(count - 3))

    ends = [limit(value, count) for value in r.interval for count in n]
    return limit(r.value, n[1]), min(ends), max(ends)


def _limits(study: Study) -> Iterator[Limit]:
    printed = {frozenset((row, column)): cell for row, column, cell in study.correlations}
    for each in study.beside:
        r = printed.get(frozenset((each.row, each.column)))
        if each.statistic in _ENDS and not each.where and r is not None:
            n = study.pair_n(each.row, each.column)
            yield Limit(each.row, each.column, each.statistic, each.printed, r, n)


def _implied(limit: Limit, reading: Reading) -> tuple[Printed, Implied]:
    printed, r = limit.printed, limit.r
    if reading.truncated:
        printed, r = printed.cut, r.cut
    return printed, fishers_limit(r, limit.n, limit.end == "ci_high", reading.level)


def _word(limit: Limit, reading: Reading) -> str:
    printed, implied = _implied(limit, reading)
    return verdict(printed, *implied)


_BECAUSE = {
    REPRODUCED: "Fisher's transformation of the correlation gives it",
    WITHIN_ROUNDING: "Fisher's transformation of a correlation that prints so gives it",
    CONTRADICTED: "Fisher's transformation of no correlation that prints so gives it",
}


def _of_a_limit(study: Study, limit: Limit, reading: Reading | None) -> Row:
    address = correlation(study, limit.row, f"{limit.column}, {limit.end}")
    says = partial(address.says, statistic=limit.end, printed=limit.printed.text)
    r = limit.r.cut_or_rounded
    low, high = (-1.0, r.interval[1]) if limit.end == "ci_low" else (r.interval[0], 1.0)
    if not limit.printed.cut_or_rounded.meets(low, high):
        because = "the limits of a correlation lie on both sides of it"
        return says(low=low, high=high, verdict=CONTRADICTED, because=because)
    if reading is None:
        because = (
            f"more than {MOST_WRONG:.0%} of the table's limits are not those of Fisher's "
            "transformation"
        )
        needs = "data: limits of another kind do not follow from r and n"
        return says(verdict=NOT_CHECKABLE, because=because, needs=needs)
    printed, implied = _implied(limit, reading)
    word, (face, least, most) = verdict(printed, *implied), implied
    return says(
        recomputed=face,
        low=least,
        high=most,
        verdict=word,
        because=f"{_BECAUSE[word]}; read as {reading}",
        cause=mistake_beside(printed, *implied),
    )


CHECK = Check(
    name="correlation_limits",
    question="Do confidence limits of correlations follow from the correlations and n?",
    needs="confidence limits below correlations",
    source="Fisher 1921",
    judge=judge,
)
