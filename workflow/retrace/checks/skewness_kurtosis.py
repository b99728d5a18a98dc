"""Can a sample have the printed skewness and kurtosis?

With m_r the central moments of a sample of n, g1 = m3 / m2^1.5 and b2 = m4 / m2^2:

- b2 >= g1^2 + 1 (Pearson 1916), attained by every sample of two values;
- |g1| <= (n - 2) / sqrt(n - 1) and b2 <= (n^2 - 3n + 3) / (n - 1) (Johnson and Lowe 1979; Dalen
  1987), attained together by n - 1 equal values and one other.

Programs print other multiples of them (Joanes and Gill 1998), with 3 taken from the kurtosis or
not. A table is one program's, so that its rows share a convention; which, it seldom says. A number
is wrong only if it fits none of them, or not the one that most of its table needs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from retrace.checks.contract import Check, Row
from retrace.checks.shared.addresses import moment
from retrace.checks.shared.mistakes import smallest_mistake
from retrace.checks.shared.record import Record
from retrace.papers.study import Construct, Study
from retrace.printed.numbers import TIE_TOLERANCE, Printed
from retrace.printed.verdicts import CONTRADICTED, IMPOSSIBLE, WITHIN_ROUNDING

Interval = tuple[float, float]
_ANY = (-math.inf, math.inf)


@dataclass(frozen=True)
class Convention:
    """How a program prints skewness and kurtosis.

    Attributes
    ----------
    kind : int
        1: g1 and b2 themselves (SciPy, Stata). 2: G1 = g1 sqrt(n (n - 1)) / (n - 2) and
        G2 = ((n + 1)(b2 - 3) + 6)(n - 1) / ((n - 2)(n - 3)) (SPSS, SAS, Excel). 3: with the sample
        variance in place of m2, g1 ((n - 1) / n)^1.5 and b2 ((n - 1) / n)^2 (Minitab, R's psych and
        e1071).
    excess : bool
        Whether 3 is taken from the kurtosis, so that a normal distribution has 0.
    """

    kind: int
    excess: bool

    def exists(self, n: int, with_kurtosis: bool) -> bool:
        """Whether a program that prints so has any of n numbers: G1 needs three, G2 four."""
        return self.kind != 2 or n > (3 if with_kurtosis else 2)

    def skewness(self, g1: float, n: int) -> float:
        """What is printed for a sample of n with skewness g1."""
        return g1 * self._skewness_factor(n)

    def kurtosis(self, b2: float, n: int) -> float:
        """What is printed for a sample of n with kurtosis b2."""
        slope, shift = self._kurtosis_line(n)
        return slope * b2 + shift

    def moments(self, skewness: Interval, kurtosis: Interval, n: int) -> tuple[Interval, Interval]:
        """g1 and b2 of what is printed, end by end: both rise with what is printed."""
        factor = self._skewness_factor(n)
        slope, shift = self._kurtosis_line(n)
        return (
            (skewness[0] / factor, skewness[1] / factor),
            ((kurtosis[0] - shift) / slope, (kurtosis[1] - shift) / slope),
        )

    def _skewness_factor(self, n: int) -> float:
        if self.kind == 2:
            return math.sqrt(n * (n - 1)) / (n - 2)
        return ((n - 1) / n) ** 1.5 if self.kind == 3 else 1.0

    def _kurtosis_line(self, n: int) -> tuple[float, float]:
        """Slope and shift of what is printed in b2."""
        shift = -3.0 if self.excess else 0.0
        if self.kind == 2 and n > 3:
            scale = (n - 1) / ((n - 2) * (n - 3))
            return (n + 1) * scale, (6 - 3 * (n + 1)) * scale + 3.0 + shift
        return (((n - 1) / n) ** 2 if self.kind == 3 else 1.0), shift

    def __str__(self) -> str:
        names = {
            1: "plain moments, as SciPy and Stata",
            2: "as SPSS, SAS and Excel",
            3: "over the sample variance, as Minitab and R's psych",
        }
        excess = "less 3" if self.excess else "3 for a normal distribution"
        return f"{names[self.kind]}; kurtosis {excess}"


CONVENTIONS = tuple(Convention(kind, excess) for excess in (True, False) for kind in (2, 1, 3))


class Reach(NamedTuple):
    """Least and largest skewness and kurtosis that fit beside the other printed number."""

    skewness: Interval
    kurtosis: Interval


def largest_skewness(n: int) -> float:
    """The largest |g1| of n numbers."""
    return (n - 2) / math.sqrt(n - 1)


def largest_kurtosis(n: int) -> float:
    """The largest b2 of n numbers."""
    return (n * n - 3 * n + 3) / (n - 1)


def reach(skewness: Interval, kurtosis: Interval, n: int, convention: Convention) -> Reach:
    """What each of two printed numbers may be beside the other, in the convention's terms.

    Parameters
    ----------
    skewness, kurtosis : (float, float)
        Rounding intervals; without ends where not printed.
    n : int
        So many that the convention `exists`.
    """
    g1, b2 = convention.moments(skewness, kurtosis, n)
    # A kurtosis below 1 leaves no skewness; an empty interval then says so.
    widest = min(math.sqrt(max(b2[1] - 1, 0.0)), largest_skewness(n))
    nearest = 0.0 if g1[0] <= 0 <= g1[1] else min(abs(g1[0]), abs(g1[1]))
    ends = (nearest**2 + 1, largest_kurtosis(n))
    return Reach(
        (convention.skewness(-widest, n), convention.skewness(widest, n)),
        (convention.kurtosis(ends[0], n), convention.kurtosis(ends[1], n)),
    )


def fits(
    skewness: Printed | None, kurtosis: Printed | None, n: int, convention: Convention
) -> bool:
    """Whether what is printed is within the bounds of a sample of n, in one convention."""
    found = reach(_interval(skewness), _interval(kurtosis), n, convention)
    own, (least, most) = _interval(kurtosis), found.kurtosis
    slack = TIE_TOLERANCE * max(1.0, abs(least), abs(most))
    return least <= most + slack and own[1] >= least - slack and own[0] <= most + slack


def judge(record: Record) -> Iterator[Row]:
    """One row for each printed skewness and kurtosis."""
    study = record.the_study
    printed = {
        name: construct
        for name, construct in study.constructs.items()
        if construct.skewness is not None or construct.kurtosis is not None
    }
    with_kurtosis = any(construct.kurtosis is not None for construct in printed.values())
    existing = [each for each in CONVENTIONS if each.exists(study.n, with_kurtosis)]
    wrong = {
        convention: [name for name, c in printed.items() if not _fits(c, study.n, convention)]
        for convention in existing
    }
    fewest = min(map(len, wrong.values()))
    usual = [convention for convention in existing if len(wrong[convention]) == fewest]
    for name, construct in printed.items():
        says = _of_a_construct(construct, study.n, usual, existing)
        for statistic in ("skewness", "kurtosis"):
            if getattr(construct, statistic) is not None:
                yield _row(study, name, statistic, says)


def _fits(construct: Construct, n: int, convention: Convention) -> bool:
    return fits(construct.skewness, construct.kurtosis, n, convention)


class _Says(NamedTuple):
    """The verdict on a construct, the convention that it rests on, and why."""

    verdict: str
    convention: Convention
    because: str


def _of_a_construct(
    construct: Construct, n: int, usual: list[Convention], existing: list[Convention]
) -> _Says:
    """The verdict under the conventions that suit most of the table, of those that exist."""
    for convention in usual:
        if _fits(construct, n, convention):
            because = f"within the bounds of a sample of {n} ({convention})"
            return _Says(WITHIN_ROUNDING, convention, because)
    for convention in existing:
        if _fits(construct, n, convention):
            because = f"no sample of {n} has it as most of the table is printed ({usual[0]})"
            return _Says(CONTRADICTED, usual[0], f"{because}; it would fit ({convention})")
    because = f"no sample of {n} has it, in no convention of a program"
    if construct.skewness is not None and construct.kurtosis is not None:
        because += ": kurtosis is at least the square of skewness and 1, and both end with n"
    return _Says(IMPOSSIBLE, usual[0], because)


def _row(study: Study, name: str, statistic: str, says: _Says) -> Row:
    construct, n = study.constructs[name], study.n
    cell = getattr(construct, statistic)
    found = reach(_interval(construct.skewness), _interval(construct.kurtosis), n, says.convention)
    low, high = getattr(found, statistic)
    cause = ""
    if says.verdict != WITHIN_ROUNDING:

        def mended(tried: Printed) -> bool:
            return _fits(construct.model_copy(update={statistic: tried}), n, says.convention)

        cause = smallest_mistake(cell, mended)
    return moment(study, name, statistic).says(
        statistic=statistic,
        printed=cell.text,
        low=low,
        high=high,
        verdict=says.verdict,
        because=says.because,
        cause=cause,
    )


def _interval(printed: Printed | None) -> Interval:
    return _ANY if printed is None else printed.interval


CHECK = Check(
    name="skewness_kurtosis",
    question="Can a sample have the printed skewness and kurtosis?",
    needs="skewness or kurtosis of a construct",
    source="Pearson 1916; Johnson and Lowe 1979; Dalen 1987; conventions by Joanes and Gill 1998",
    judge=judge,
)
