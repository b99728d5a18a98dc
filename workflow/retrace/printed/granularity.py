"""Granularity tests: can whole numbers give the mean, deviation or percentage that is printed?

A mean of n whole numbers is a multiple of 1/n, a percentage of n cases a multiple of 100/n, and
the squared deviations of whole numbers leave a trace in their standard deviation. What is printed
is rounded, so each test asks whether some value that prints like the printed number is possible.
All arithmetic is exact (fractions), so that ties are ties.

Rounding modes are those of Jung's R package scrutiny: `up_or_down` accepts a tie rounded either
way and is the charitable default; `up`, `down`, `even`, `ceiling`, `floor` and `trunc` accept what
that one rule prints.

References
----------
Brown, N.J.L. and Heathers, J.A.J. (2017), "The GRIM test", Social Psychological and Personality
Science 8(4), 363-369.
Anaya, J. (2016), "The GRIMMER test", PeerJ Preprints 4:e2400v1.
Allard, A. (2018), "Analytic-GRIMMER: a new way of testing the possibility of standard deviations".
Heathers, J.A.J. and Brown, N.J.L. (2019), "DEBIT: a simple consistency test for binary data".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from retrace.printed.numbers import Printed

ROUNDINGS = ("up_or_down", "up", "down", "even", "ceiling", "floor", "trunc")


@dataclass(frozen=True)
class Interval:
    """The exact values that print like a number, with or without its ends."""

    low: Fraction
    high: Fraction
    low_included: bool = True
    high_included: bool = True

    def scaled(self, factor: Fraction | int) -> Interval:
        """All values times a positive factor."""
        return Interval(
            self.low * factor, self.high * factor, self.low_included, self.high_included
        )

    def squared(self) -> Interval:
        """The squares of all values, none of which is negative."""
        return Interval(self.low**2, self.high**2, self.low_included, self.high_included)

    def overlaps(self, other: Interval) -> bool:
        """Whether some value is in both."""
        low = max((self.low, not self.low_included), (other.low, not other.low_included))
        high = min((self.high, self.high_included), (other.high, other.high_included))
        return low[0] < high[0] or (low[0] == high[0] and not low[1] and high[1])

    def __contains__(self, value: Fraction | int) -> bool:
        above = value >= self.low if self.low_included else value > self.low
        below = value <= self.high if self.high_included else value < self.high
        return above and below

    def integers(self) -> range:
        """The whole numbers inside."""
        first, last = math.ceil(self.low), math.floor(self.high)
        first += first == self.low and not self.low_included
        last -= last == self.high and not self.high_included
        return range(first, last + 1)


def unrounded(printed: Printed, rounding: str = "up_or_down") -> Interval:
    """The exact values that a rounding rule prints like `printed`.

    Parameters
    ----------
    printed : Printed
        A printed number, no bound.
    rounding : str
        One of `ROUNDINGS`. `up` and `down` move a tie towards plus and minus infinity.

    Raises
    ------
    ValueError
        For a bound such as `<0.001`, or an unknown rounding.
    """
    if printed.bound:
        raise ValueError(f"{printed.text!r} is a bound; a printed value is needed")
    value = Fraction(printed.number)
    unit = Fraction(1, 10**printed.decimals)
    half = unit / 2
    match rounding:
        case "up_or_down":
            return Interval(value - half, value + half)
        case "up":
            return Interval(value - half, value + half, True, False)
        case "down":
            return Interval(value - half, value + half, False, True)
        case "even":
            even = (value / unit) % 2 == 0
            return Interval(value - half, value + half, even, even)
        case "ceiling":
            return Interval(value - unit, value, False, True)
        case "floor":
            return Interval(value, value + unit, True, False)
        case "trunc":
            if value == 0:
                return Interval(-unit, unit, False, False)
            if value > 0:
                return Interval(value, value + unit, True, False)
            return Interval(value - unit, value, False, True)
    raise ValueError(f"unknown rounding {rounding!r}; known are {', '.join(ROUNDINGS)}")


def possible_totals(mean: Printed, n: int, items: int = 1, rounding: str = "up_or_down") -> range:
    """The totals of n whole numbers, or of n answers to `items` items, whose mean prints like this.

    Returns
    -------
    range
        Whole totals T with T / (n * items) printing like `mean`; empty where there is none.
    """
    _check_counts(n, items)
    return unrounded(mean, rounding).scaled(n * items).integers()


def grim(mean: Printed, n: int, items: int = 1, rounding: str = "up_or_down") -> bool:
    """Whether n whole numbers (of `items` items each) can have the printed mean: the GRIM test."""
    return bool(possible_totals(mean, n, items, rounding))


def possible_squares(
    sd: Printed, total: int, n: int, items: int = 1, rounding: str = "up_or_down", ddof: int = 1
) -> range:
    """The sums of squares of n whole numbers with a total whose deviation prints like this.

    The scores are y / items with whole y, T = sum(y) and S = sum(y**2). The sample deviation s
    follows from s**2 = (S - T**2 / n) / ((n - 1) * items**2), and S has the parity of T, because
    y**2 and y have the same parity (Allard 2018). `ddof` 0 divides by n in place of n - 1.

    Returns
    -------
    range
        Every other whole number, from the smallest S to the largest; empty where there is none.
        Whether n numbers within some limits have them is not asked.

    Raises
    ------
    ValueError
        For n below 2, items below 1, a negative deviation, a bound, or an unknown rounding.
    """
    _check_counts(n, items, least=2)
    squares = _deviations(sd, rounding).squared().scaled((n - ddof) * items**2)
    base = Fraction(total * total, n)
    sums = Interval(
        squares.low + base, squares.high + base, squares.low_included, squares.high_included
    ).integers()
    return range(sums.start + (sums.start - total) % 2, sums.stop, 2)


def possible_counts(percentage: Printed, n: int, rounding: str = "up_or_down") -> range:
    """The counts out of n that print like a percentage: GRIM with two decimals for nothing."""
    _check_counts(n, 1)
    values = unrounded(percentage, rounding).scaled(Fraction(n, 100)).integers()
    return range(max(values.start, 0), min(values.stop, n + 1))


def grimmer(
    mean: Printed, sd: Printed, n: int, items: int = 1, rounding: str = "up_or_down"
) -> bool:
    """Whether n whole numbers can have the printed mean and standard deviation: GRIMMER.

    Some whole total that prints like the mean (GRIM) must have a sum of squares that gives the
    deviation; see `possible_squares`. Every total that the mean allows is tried, not the nearest
    one alone: a mean printed with few decimals leaves several.

    Returns
    -------
    bool
        False proves the statistics impossible; True does not prove that data exist.

    Raises
    ------
    ValueError
        For n below 2, items below 1, a negative deviation, bounds, or an unknown rounding.
    """
    _check_counts(n, items, least=2)
    _deviations(sd, rounding)  # is refused even where no total is left to ask about
    return any(
        possible_squares(sd, total, n, items, rounding)
        for total in possible_totals(mean, n, items, rounding)
    )


def debit(mean: Printed, sd: Printed, n: int, rounding: str = "up_or_down") -> bool:
    """Whether n zeros and ones can have the printed mean and standard deviation: DEBIT.

    The sample deviation of binary data is sqrt(n / (n - 1) * m * (1 - m)), largest at m = 1/2.
    The printed numbers agree if some m that prints like the mean gives a deviation that prints
    like `sd` (Heathers and Brown 2019); `grim` asks beside it whether m is a count out of n.

    Raises
    ------
    ValueError
        For a mean outside [0, 1], n below 2, a negative deviation, bounds, or an unknown rounding.
    """
    _check_counts(n, 1, least=2)
    if not 0 <= mean.number <= 1:
        raise ValueError(f"{mean.text!r} is no mean of zeros and ones: it is outside [0, 1]")
    means, deviations = unrounded(mean, rounding), _deviations(sd, rounding)
    scale = Fraction(n, n - 1)

    def variance(m: Fraction) -> Fraction:
        return scale * m * (1 - m)

    low, high = max(means.low, Fraction(0)), min(means.high, Fraction(1))
    ends = [(variance(low), low in means), (variance(high), high in means)]
    if low <= Fraction(1, 2) <= high:
        ends.append((scale / 4, Fraction(1, 2) in means))
    smallest, small_reached = min(ends, key=lambda end: (end[0], not end[1]))
    largest, large_reached = max(ends)
    variances = Interval(smallest, largest, small_reached, large_reached)
    return variances.overlaps(deviations.squared())


def _deviations(sd: Printed, rounding: str) -> Interval:
    if sd.number < 0:
        raise ValueError(f"{sd.text!r} is no standard deviation: it is negative")
    values = unrounded(sd, rounding)
    if values.low < 0:
        return Interval(Fraction(0), values.high, True, values.high_included)
    return values


def _check_counts(n: int, items: int, least: int = 1) -> None:
    if n < least:
        raise ValueError(f"n = {n} is too small; at least {least}")
    if items < 1:
        raise ValueError(f"{items} items; at least 1")
