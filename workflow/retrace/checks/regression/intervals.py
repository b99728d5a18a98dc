"""Recomputed numbers with their brackets, and the arithmetic of intervals that they rest on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from retrace.estimators.least_squares import two_sided_p

# Of an interval, the lower one first.
Ends = tuple[float, float]
# The same as a function takes it.
Interval = Ends | np.ndarray


@dataclass(frozen=True)
class Recomputed:
    """A recomputed statistic: from the inputs as printed, and over all inputs that print so.

    Attributes
    ----------
    value : float
        From the printed inputs taken at face value; NaN where these correlations are indefinite,
        whatever stands in for them.
    tight : tuple of float
        Smallest and largest value attained by a matrix that prints like the table.
    safe : tuple of float
        Proven bounds on all of them.
    """

    value: float
    tight: tuple[float, float]
    safe: tuple[float, float]

    def through(self, function: Callable[[float], float]) -> Recomputed:
        """The same for an increasing function of the statistic."""
        return Recomputed(
            float(function(self.value)),
            both_ends(self.tight, function),
            both_ends(self.safe, function),
        )

    def times(self, factor: tuple[float, float, float]) -> Recomputed:
        """The same times an independent positive factor given as (value, least, most)."""
        return Recomputed(
            self.value * factor[0],
            product(self.tight, factor[1:]),
            product(self.safe, factor[1:]),
        )


def both_ends(x: Interval, function: Callable[[float], float] = float) -> Ends:
    """A function of both ends of an interval, in their order."""
    low, high = x
    return float(function(low)), float(function(high))


def product(x: Interval, y: Interval) -> Ends:
    """All products of a number of one interval and a number of another."""
    with np.errstate(invalid="ignore"):
        products = np.outer(x, y)
    products = np.where(np.isnan(products), 0.0, products)  # 0 times infinity: 0 is attained
    return float(products.min()), float(products.max())


def reciprocal(x: Interval) -> Ends:
    """1 / x over an interval of positive numbers; without limit where it reaches 0."""
    low, high = max(x[0], 0.0), x[1]
    return 1.0 / high if high > 0 else np.inf, 1.0 / low if low > 0 else np.inf


def over(x: Interval, y: Interval) -> Ends:
    """x / y for positive numbers y, of which an interval may reach below 0.

    Without limit where y may be as small as it likes, and 0 where both may be 0.
    """
    return product(x, reciprocal(y))


def positive_quotient(x: Interval, y: Interval) -> Ends:
    """Positive values of x / y, where both have one sign: such is a ratio of standard deviations.

    NaN where the signs differ throughout.
    """
    found = [
        over((max(a[0], 0.0), a[1]), b)
        for a, b in ((x, y), ((-x[1], -x[0]), (-y[1], -y[0])))
        if a[1] > 0.0 and b[1] > 0.0
    ]
    if not found:
        return np.nan, np.nan
    return min(low for low, _ in found), max(high for _, high in found)


def p_range(t_range: Ends, df: float) -> Ends:
    """Smallest and largest two-sided p over a range of t."""
    low, high = t_range
    least = 0.0 if low <= 0.0 <= high else min(abs(low), abs(high))
    return float(two_sided_p(max(abs(low), abs(high)), df)), float(two_sided_p(least, df))
