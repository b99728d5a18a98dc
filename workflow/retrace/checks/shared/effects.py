"""Effects of several coefficients: estimate, standard error, and the range of the test.

An effect is a sum of products of coefficients: a difference, a simple slope, an indirect effect, a
total effect. Its variance is that of the delta method, over coefficients of one model with their
correlation and over models without, as regressions of one chain have none (Sobel 1982). Of a single
product several tests are in use, and all of them hang on the t of its coefficients alone:

- Sobel (1982): z^-2 = sum of t^-2;
- Aroian (1947), the exact variance of a product of independent estimates:
  z^-2 = product of (1 + t^-2) less 1;
- joint significance (MacKinnon et al. 2002), every coefficient by itself: the least |t|.

For all t, |Aroian| <= |Sobel| <= least |t|, so that the first and the last bound what any of these
says; Goodman's (1960) unbiased variant lies between Sobel and the last where every |t| is above 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from retrace.decisions import Product
from retrace.printed.numbers import Printed

# A coefficient of a model: (model, term).
Place = tuple[str, str]


class Ranged(NamedTuple):
    """A number at face value (NaN where there is none), and the least and most that it may be."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, printed: Printed) -> Ranged:
        """What a printed number stands for."""
        return cls(math.nan if printed.bound else printed.value, *printed.interval)

    def plus(self, other: Ranged) -> Ranged:
        """The sum."""
        return Ranged(self.value + other.value, self.low + other.low, self.high + other.high)

    def times(self, other: Ranged) -> Ranged:
        """The product; 0 times infinity is 0, which is attained."""
        ends = [_product(a, b) for a in self[1:] for b in other[1:]]
        return Ranged(_product(self.value, other.value), min(ends), max(ends))

    def scaled(self, factor: float) -> Ranged:
        """The number times an exact one."""
        return self.times(Ranged(factor, factor, factor))

    @property
    def size(self) -> Ranged:
        """The absolute value."""
        ends = sorted((abs(self.low), abs(self.high)))
        return Ranged(abs(self.value), 0.0 if self.low <= 0.0 <= self.high else ends[0], ends[1])

    @property
    def square(self) -> Ranged:
        """The square."""
        size = self.size
        return size.times(size)

    @property
    def root(self) -> Ranged:
        """The square root; of what is below 0 by rounding alone, 0."""
        value, low, high = (x if math.isnan(x) else math.sqrt(max(x, 0.0)) for x in self)
        return Ranged(value, low, high)

    def over(self, other: Ranged) -> Ranged:
        """The quotient by a number that is not negative; without limit where that may be 0."""
        value, low, high = other
        inverse = (1.0 / high if high > 0 else math.inf, 1.0 / low if low > 0 else math.inf)
        return self.times(Ranged(1.0 / value if value > 0 else math.nan, *inverse))


class Coefficient(NamedTuple):
    """A coefficient, its standard error and its t."""

    estimate: Ranged
    se: Ranged
    t: Ranged


def product_se(coefficients: Sequence[Coefficient], variant: str = "Sobel") -> Ranged:
    """Standard error of a product of two or more estimates, by one of its variances.

    Sobel: sum of s_i^2 times the squares of the others; Aroian adds, and Goodman takes away, the
    product of two s^2 (of two coefficients alone).
    """
    terms = []
    for at, each in enumerate(coefficients):
        others = [other.estimate.square for k, other in enumerate(coefficients) if k != at]
        part = each.se.square
        for other in others:
            part = part.times(other)
        terms.append(part)
    total = sum_of(terms)
    if variant != "Sobel":
        one, other = (each.se.square for each in coefficients)
        total = total.plus(one.times(other).scaled(1.0 if variant == "Aroian" else -1.0))
    return total.root


class EstimatedEffect(NamedTuple):
    """An effect with its test.

    Attributes
    ----------
    estimate, se, statistic : Ranged
        The statistic is t, or z of a single product: at face value Sobel's, its range that of all
        tests of a product over all that is printed alike.
    how : str
        How it is tested, in words.
    """

    estimate: Ranged
    se: Ranged
    statistic: Ranged
    how: str


def sobel(t: Sequence[float]) -> float:
    """|z| of a product by the delta method, from the t of its coefficients."""
    return _from_inverse_square(sum(_inverse_square(each) for each in t))


def aroian(t: Sequence[float]) -> float:
    """|z| of a product with the exact variance of a product of independent estimates."""
    return _from_inverse_square(math.prod(1.0 + _inverse_square(each) for each in t) - 1.0)


def goodman(t: Sequence[float]) -> float:
    """|z| of a product with the unbiased variance; NaN where that is not positive."""
    found = 1.0 - math.prod(1.0 - _inverse_square(each) for each in t)
    return _from_inverse_square(found) if found > 0 else math.nan


def estimate_effect(
    products: Sequence[Product],
    coefficients: Mapping[Place, Coefficient],
    correlation: Callable[[Place, Place], Ranged],
) -> EstimatedEffect:
    """Estimate, standard error and test of an effect.

    Parameters
    ----------
    products : sequence of Product
        The effect is their sum.
    coefficients : mapping
        Every coefficient of the products.
    correlation : callable
        Of the estimates of two coefficients.
    """
    estimates = {place: each.estimate for place, each in coefficients.items()}
    effect = sum_of(_value(each, estimates) for each in products)
    places = list(dict.fromkeys(place for each in products for place in each.coefficients))
    parts = {place: _slope(products, estimates, place) for place in places}
    se = error_of_sum(
        [parts[place].times(coefficients[place].se) for place in places],
        lambda i, j: correlation(places[i], places[j]),
    )
    if len(products) == 1:
        t = [coefficients[place].t for place in products[0].coefficients]
        return EstimatedEffect(effect, se, *_of_product(products[0].factor, t))
    return EstimatedEffect(effect, se, effect.over(se), "delta method")


def error_of_sum(errors: Sequence[Ranged], correlation: Callable[[int, int], Ranged]) -> Ranged:
    """Standard error of a sum of estimates times weights.

    Parameters
    ----------
    errors : sequence of Ranged
        Of each estimate its error times its weight, of whose sign it is.
    correlation : callable
        Of two of the estimates, by their places.
    """
    variance = sum_of(each.square for each in errors)
    for i, one in enumerate(errors):
        for j, other in enumerate(errors[:i]):
            variance = variance.plus(one.times(other).times(correlation(i, j)).scaled(2.0))
    return variance.root


def _of_product(factor: float, t: Sequence[Ranged]) -> tuple[Ranged, str]:
    """The test of a single product, and how it is made."""
    sign = math.copysign(1.0, factor) * math.prod(math.copysign(1.0, each.value) for each in t)
    face = [abs(each.value) for each in t]
    sizes = [each.size for each in t]
    least, most = aroian([size.low for size in sizes]), min(size.high for size in sizes)
    ranged = Ranged(1.0, least, most)
    for each in t:
        signs = [1.0 if end > 0 else -1.0 for end in (each.low, each.high)]
        ranged = ranged.times(Ranged(1.0, min(signs), max(signs)))
    ranged = ranged.scaled(math.copysign(1.0, factor))
    z = sign * sobel(face)
    if len(t) == 1:
        return Ranged(z, ranged.low, ranged.high), "t"
    how = (
        f"Sobel z {z:.3g}, Aroian {sign * aroian(face):.3g}, joint significance "
        f"{sign * min(face):.3g}"
    )
    return Ranged(z, ranged.low, ranged.high), how


def _value(product: Product, estimates: Mapping[Place, Ranged], without: int = -1) -> Ranged:
    found = Ranged(product.factor, product.factor, product.factor)
    for at, place in enumerate(product.coefficients):
        if at != without:
            found = found.times(estimates[place])
    return found


def _slope(products: Sequence[Product], estimates: Mapping[Place, Ranged], of: Place) -> Ranged:
    """How the effect changes with one of its coefficients."""
    return sum_of(
        _value(each, estimates, at)
        for each in products
        for at, place in enumerate(each.coefficients)
        if place == of
    )


def sum_of(numbers: Iterable[Ranged]) -> Ranged:
    """The sum of numbers; 0 of none."""
    total = Ranged(0.0, 0.0, 0.0)
    for number in numbers:
        total = total.plus(number)
    return total


def _product(a: float, b: float) -> float:
    return 0.0 if (a == 0.0 or b == 0.0) and not (math.isnan(a) or math.isnan(b)) else a * b


def _inverse_square(t: float) -> float:
    return math.inf if t == 0.0 else t**-2 if abs(t) > 1e-150 else math.inf


def _from_inverse_square(found: float) -> float:
    if math.isnan(found):
        return math.nan
    return math.inf if found <= 0.0 else found**-0.5
