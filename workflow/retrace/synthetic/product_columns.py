"""Variables that are products of others: what their columns and their moments follow from.

A product is not drawn: its column is that of its factors, which are. Its mean follows from the
factors' means, SDs and correlation; its SD and its correlations with them from third and fourth
moments of their joint distribution (Bohrnstedt and Goldberger 1969), which tables leave open.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from retrace.printed.numbers import Printed
from retrace.synthetic.target import LikertTarget, Measure, ProductColumn

# Step of a derivative by a moment, in units of columns of unit length.
STEP = 1e-6

# The unit of a product's column, in place of one that is not named.
UNIT = "product"


def product_of(factors: np.ndarray, means: np.ndarray, product: ProductColumn) -> np.ndarray:
    """The column of a product.

    Parameters
    ----------
    factors : numpy.ndarray, shape (..., f)
        Scores of its factors, in their order.
    means : numpy.ndarray, shape (f,)
        Theirs, which are taken from them where the product is centred.
    product : ProductColumn

    Returns
    -------
    numpy.ndarray, shape (...)
    """
    return np.prod(factors - means if product.centred else factors, axis=-1)


def with_products(target: LikertTarget, drawn: np.ndarray) -> np.ndarray:
    """All columns of a target, shape (n, k), from those that are drawn, in its order."""
    place = {name: i for i, name in enumerate(target.drawn.names)}
    derived = {each.name: each for each in target.products}
    columns, means = np.empty((len(drawn), target.k)), np.zeros(drawn.shape[1])
    if len(drawn):
        means = drawn.mean(axis=0)
    for i, name in enumerate(target.names):
        if name in place:
            columns[:, i] = drawn[:, place[name]]
            continue
        own = [place[factor] for factor in derived[name].factors]
        columns[:, i] = product_of(drawn[:, own], means[own], derived[name])
    return columns


def slopes_by_moments(
    values: Callable[[np.ndarray, np.ndarray], np.ndarray],
    sums: np.ndarray,
    cross: np.ndarray,
    length: np.ndarray,
    now: np.ndarray,
) -> np.ndarray:
    """How statistics of columns change with each of their moments, by differences.

    Parameters
    ----------
    values : callable
        From batches of sums or means, shape (b, k), and of cross products or covariances, shape
        (b, k, k), to statistics, shape (b, S).
    sums, cross : numpy.ndarray
        Where they are, shape (k,) and (k, k).
    length : numpy.ndarray, shape (k,)
        Of the columns, in units of which steps are made.
    now : numpy.ndarray, shape (S,)
        The statistics there.

    Returns
    -------
    numpy.ndarray, shape (k + k (k + 1) / 2, S)
        By sums, then by the cross products of the upper triangle, row by row.
    """
    k = len(sums)
    one, other = np.triu_indices(k)
    steps = STEP * np.concatenate([length, length[one] * length[other]])
    all_sums = np.repeat(sums[None], len(steps), axis=0)
    all_cross = np.repeat(cross[None], len(steps), axis=0)
    all_sums[range(k), range(k)] += steps[:k]
    at = k + np.arange(len(one))
    all_cross[at, one, other] += steps[k:]
    all_cross[at, other, one] = all_cross[at, one, other]
    return (values(all_sums, all_cross) - now) / steps[:, None]


def expected_moments(
    product: ProductColumn, mean: ArrayLike, sd: ArrayLike, R: np.ndarray
) -> tuple[float, float]:
    """Mean and SD of a product of normal variables, from all of their moments (Isserlis 1918).

    Parameters
    ----------
    product : ProductColumn
    mean, sd : array_like, shape (f,)
        Of its factors.
    R : numpy.ndarray, shape (f, f)
        Their correlations.
    """
    f = len(product.factors)
    centre = [0.0] * f if product.centred else np.asarray(mean, dtype=float).tolist()
    covariance = R * np.outer(np.asarray(sd, dtype=float), np.asarray(sd, dtype=float))
    expected = _expected_product(tuple(range(f)), centre, covariance)
    squared = _expected_product((*range(f), *range(f)), centre, covariance)
    return expected, math.sqrt(max(squared - expected**2, 0.0))


def _expected_product(
    at: tuple[int, ...], centre: Sequence[float], covariance: np.ndarray
) -> float:
    """Mean of a product of normal variables: the first is its mean, or is paired with another."""
    if not at:
        return 1.0
    first, rest = at[0], at[1:]
    found = centre[first] * _expected_product(rest, centre, covariance)
    for j, other in enumerate(rest):
        if covariance[first, other]:
            pair = covariance[first, other]
            found += pair * _expected_product(rest[:j] + rest[j + 1 :], centre, covariance)
    return float(found)


def product_measure(product: ProductColumn, factors: Sequence[Measure]) -> Measure:
    """What a product's column can be: from the least to the largest product of its factors."""
    low, high = 1.0, 1.0
    for each in factors:
        # A mean is anywhere between the ends, so that centred scores are within both distances.
        width = each.high - each.low
        ends = (-width, width) if product.centred else (each.low, each.high)
        corners = [one * other for one in (low, high) for other in ends]
        low, high = min(corners), max(corners)
    words = "centred factors" if product.centred else "factors"
    return Measure(
        math.floor(low),
        max(math.ceil(high), math.floor(low) + 1),
        1,
        math.prod(each.steps for each in factors),
        UNIT,
        f"not drawn: the product of the {words} {' and '.join(product.factors)}",
    )


def mean_bounds(target: LikertTarget, product: ProductColumn) -> tuple[float, float] | None:
    """Least and largest mean of a product of two, over all data that print their moments.

    With the means a, b, the SDs s, t and the correlation r of n rows it is a b + r s t (n - 1) / n,
    less a b where it is centred. None of three factors, and where one of these is not printed.
    """
    if len(product.factors) != 2:
        return None
    cells: list[Printed] = []
    at = [target.names.index(name) for name in product.factors]
    for moments in (target.sds,) if product.centred else (target.sds, target.means):
        cells += [moment for i in at if isinstance(moment := moments[i], Printed)]
    if len(cells) != (2 if product.centred else 4):
        return None
    pair = set(product.factors)
    r = [cell.interval for *names, cell in target.correlations if set(names) == pair]
    if len(pair) == 1:
        r = [(1.0, 1.0)]
    if not r:
        return None
    shared = _ends(_ends(cells[0].interval, cells[1].interval), r[0])
    low, high = (end * (target.n - 1) / target.n for end in shared)
    if product.centred:
        return low, high
    low_mean, high_mean = _ends(cells[2].interval, cells[3].interval)
    return low + low_mean, high + high_mean


def _ends(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """The least and the largest product of a number of one interval and one of another."""
    corners = [x * y for x in one for y in other]
    return min(corners), max(corners)
