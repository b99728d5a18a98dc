"""Items whose mean is a construct's score and whose Cronbach's alpha is given.

With the scores fixed, alpha = m / (m - 1) (1 - sum_j var_j / var_total) (Cronbach 1951) depends
on the sum of the item variances alone, and that on how evenly each respondent's points are spread
over the items. Moving a point from one item to another within a row keeps the score and changes
that sum in small whole steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from retrace.printed.numbers import Printed
from retrace.synthetic.alphas import attainable_alpha, cronbach_alpha
from retrace.synthetic.printed_statistics import TIE_MARGIN
from retrace.synthetic.target import ItemsNotFoundError, LikertTarget

if TYPE_CHECKING:
    import pandas as pd

# Item slopes on the score, 1 on average: standardised loadings spread about as published ones.
SLOPE_SPREAD = 0.15

# Searches begun again where alpha was not met, with item means about so many scale points apart.
FURTHER_STARTS = 20
MEAN_SPREAD = 0.4

EXCHANGES = 512
PATIENCE = 40

Number = TypeVar("Number", float, np.ndarray)


@dataclass(frozen=True)
class RowTotals:
    """A construct's scores in whole numbers, with what its items can be.

    Attributes
    ----------
    totals : numpy.ndarray of int, shape (n,)
        m times the score.
    m : int
        Items.
    low, high : int
        Ends of the response scale.
    """

    totals: np.ndarray
    m: int
    low: int
    high: int


@dataclass(frozen=True)
class _Pattern:
    """How items differ: slopes on the score (1, m), and noise (n, m) of one scale point."""

    slopes: np.ndarray
    noise: np.ndarray

    @classmethod
    def draw(cls, scores: RowTotals, rng: np.random.Generator) -> _Pattern:
        m = scores.m
        slopes = 1 + SLOPE_SPREAD * _centred(rng.uniform(-1, 1, (1, m)))
        return cls(slopes, _centred(rng.standard_normal((len(scores.totals), m))))


def split_scores(
    scores: RowTotals,
    alpha: Printed | None,
    rng: np.random.Generator,
    label: str = "the construct",
    nearest: bool = False,
) -> np.ndarray:
    """Split row totals into m whole-number items with the given alpha.

    Items follow the score with slopes that differ a little, as loadings do, plus noise; the
    noise is scaled until alpha is near and moves of single points within rows do the rest. Where
    they do not, the search begins again from the evenest split and from items of other means.

    Parameters
    ----------
    scores : RowTotals
        Of one item they are given back.
    alpha : Printed, optional
        Met at its decimals; without it, items are as like each other as noise of half a scale
        point makes them.
    rng : numpy.random.Generator
    label : str
        Name of the construct, for errors.
    nearest : bool
        Return the items that come nearest to an alpha out of reach, in place of an error.

    Returns
    -------
    numpy.ndarray of int64, shape (n, m)

    Raises
    ------
    ItemsNotFoundError
        Unless `nearest`: if alpha is out of reach for these scores, with the range in reach; or
        if no items were found at an alpha inside it, with the nearest found. Other scores with the
        same mean and SD may have such items.
    """
    totals, m = np.asarray(scores.totals, dtype=np.int64), scores.m
    if m == 1:
        return totals[:, None].copy()
    scores = RowTotals(totals, m, scores.low, scores.high)
    if alpha is None:
        pattern = _Pattern.draw(scores, rng)
        return _items(scores, pattern.slopes, 0.5 * pattern.noise)
    bottom, top = attainable_alpha(totals, m, scores.low, scores.high)
    starts = _starts(scores, alpha, rng)
    tried = []
    # Where points move alpha little, or alpha is out of reach, two starts come as near as any.
    several = alpha.meets(bottom, top) and is_coarse(totals, m, alpha)
    for start in starts if several else islice(starts, 2):
        items = _match_alpha(start, scores, alpha, rng)
        if alpha.admits(cronbach_alpha(items)):
            return items
        tried.append(items)
    near = min(tried, key=lambda items: abs(cronbach_alpha(items) - alpha.value))
    if nearest:
        return near
    raise ItemsNotFoundError([f"alpha of {label}: {_why_not(near, alpha, bottom, top)}"])


def _why_not(near: np.ndarray, alpha: Printed, bottom: float, top: float) -> str:
    """What is said of an alpha that the nearest items miss, with the range that is in reach."""
    m, reach = near.shape[1], f"it can be from {bottom:.3f} to {top:.3f}"
    if not alpha.meets(bottom, top):
        return f"{alpha} is out of reach of {m} items with these scores; {reach}"
    found = cronbach_alpha(near)
    return f"no {m} items with {alpha} were found, the nearest have {found:.4f}; {reach}"


def is_coarse(totals: np.ndarray, m: int, alpha: Printed) -> bool:
    """Whether one point moved between two items changes alpha by much beside its print."""
    return 40 * m / (m - 1) > alpha.half_width * len(totals) * totals.var()


def split_all(
    target: LikertTarget, scores: np.ndarray, rng: np.random.Generator, nearest: bool = False
) -> dict[str, np.ndarray]:
    """Items of every construct, shape (n, m) each, in the order of the target's names.

    What is measured, or a product, is one column of its own values.

    Parameters
    ----------
    target : LikertTarget
    scores : numpy.ndarray, shape (n, k)
        On the lattice, in scale units.
    rng : numpy.random.Generator
    nearest : bool
        Return the items that come nearest to alphas out of reach, in place of an error.

    Raises
    ------
    ItemsNotFoundError
        With the problems of every construct, unless `nearest`.
    """
    problems: list[str] = []
    items: dict[str, np.ndarray] = {}
    derived = {each.name for each in target.products}
    for column, (name, measure) in enumerate(zip(target.names, target.measures, strict=True)):
        low, high, m, *_ = measure
        if measure.steps != m or name in derived:
            items[name] = scores[:, column : column + 1].copy()
            continue
        totals = np.rint(scores[:, column] * m).astype(np.int64)
        try:
            alpha = target.alphas[column]
            own = RowTotals(totals, m, low, high)
            items[name] = split_scores(own, alpha, rng, name, nearest)
        except ItemsNotFoundError as error:
            problems += error.problems
    if problems:
        raise ItemsNotFoundError(problems)
    return items


def items_frame(items: dict[str, np.ndarray]) -> pd.DataFrame:
    """Items as a frame, one column an item, named construct_1, construct_2, ..."""
    import pandas as pd

    columns = {
        f"{name}_{j + 1}": values[:, j]
        for name, values in items.items()
        for j in range(values.shape[1])
    }
    return pd.DataFrame(columns)


def _starts(scores: RowTotals, alpha: Printed, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Items with about this alpha, one set after the other."""
    pattern, m = _Pattern.draw(scores, rng), scores.m
    yield _bisect(scores, alpha, pattern, 0.0)
    # Differing slopes take away the last of alpha; the evenest split has it all.
    yield (scores.totals[:, None] + np.arange(m)) // m
    # Few rows give few sums of variances, items of other means other ones.
    for _ in range(FURTHER_STARTS):
        yield _bisect(scores, alpha, pattern, MEAN_SPREAD * _centred(rng.standard_normal((1, m))))


def _bisect(
    scores: RowTotals, alpha: Printed, pattern: _Pattern, apart: np.ndarray | float
) -> np.ndarray:
    """Items with the noise that gives about this alpha; less noise, more alpha."""
    quiet, loud = 0.0, float(scores.high - scores.low)
    for _ in range(12):
        middle = (quiet + loud) / 2
        items = _items(scores, pattern.slopes, middle * pattern.noise + apart)
        quiet, loud = (middle, loud) if cronbach_alpha(items) > alpha.value else (quiet, middle)
    return items


def _centred(values: np.ndarray) -> np.ndarray:
    return values - values.mean(axis=1, keepdims=True)


def _items(scores: RowTotals, slopes: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Whole numbers near score * slope + noise, with the right row totals."""
    totals, low, high = scores.totals, scores.low, scores.high
    score = totals[:, None] / scores.m
    centre = score.mean()
    wanted = np.clip(score + (score - centre) * (slopes - 1) + noise, low, high)
    items = np.floor(wanted).astype(np.int64)
    _deal_rounds(items, totals, low, high)
    missing = totals - items.sum(axis=1)
    # Largest remainders first, a point at a time, as long as a row misses points.
    while missing.any():
        step = np.sign(missing)[:, None]
        priority = (wanted - items) * step
        room = np.where(step > 0, items < high, items > low) & (step != 0)
        pick = np.argmax(np.where(room, priority, -np.inf), axis=1)
        rows = np.flatnonzero(missing)
        items[rows, pick[rows]] += step[rows, 0]
        missing = totals - items.sum(axis=1)
    return items


def _deal_rounds(items: np.ndarray, totals: np.ndarray, low: int, high: int) -> None:
    """Move items (n, m), in place, by as many points each as bring rows less than m from totals.

    As a point at a time would, of remainders that are less than a point apart: in rounds, of which
    an item that ends at the scale takes no further part.
    """
    for _ in range(items.shape[1] + 1):
        missing = (totals - items.sum(axis=1))[:, None]
        room = np.where(missing > 0, high - items, items - low)
        taking = room > 0
        least = np.where(taking, room, np.iinfo(room.dtype).max).min(axis=1, keepdims=True)
        takers = np.maximum(taking.sum(axis=1, keepdims=True), 1)
        rounds = np.minimum(np.abs(missing) // takers, least)
        items += np.where(taking, np.sign(missing) * rounds, 0)


def _match_alpha(
    items: np.ndarray, scores: RowTotals, alpha: Printed, rng: np.random.Generator
) -> np.ndarray:
    """Move single points between items of a row until alpha prints right."""
    items, (n, m) = items.copy(), items.shape
    low, high = scores.low, scores.high
    total = items.sum(axis=1).var()
    first, last = alpha.interval
    margin = TIE_MARGIN * alpha.half_width
    # Alpha's interval as one on n times the sum of the item variances.
    upper = n * total * (1 - (first + margin) * (m - 1) / m)
    lower = n * total * (1 - (last - margin) * (m - 1) / m)

    def missing(sum_of_variances: Number) -> Number:
        return np.maximum(sum_of_variances - upper, 0) + np.maximum(lower - sum_of_variances, 0)

    def spread(values: np.ndarray) -> float:
        return float((values**2).sum() - np.square(values.sum(axis=0), dtype=float).sum() / n)

    current, idle, share = spread(items), 0, 0.7
    while missing(current) > 0 and idle < PATIENCE:
        sums = items.sum(axis=0)
        row = rng.integers(0, n, EXCHANGES)
        up, shift = rng.integers(0, m, EXCHANGES), rng.integers(1, m, EXCHANGES)
        down = (up + shift) % m
        a, b = items[row, up], items[row, down]
        change = 2 * (a - b + 1) - (2 * (sums[up] - sums[down]) + 2) / n
        distance = missing(current + np.where((a < high) & (b > low), change, 0))
        better = np.flatnonzero(distance < missing(current))
        if len(better) == 0:
            idle += 1
            continue
        # Far away, many moves at once, in different rows and together short of the interval.
        _, unique = np.unique(row[better], return_index=True)
        take = better[np.sort(unique)]
        take = take[np.cumsum(np.abs(change[take])) < share * missing(current)]
        if len(take) < 2:
            take = better[[np.argmin(distance[better])]]
        moved = items.copy()
        moved[row[take], up[take]] += 1
        moved[row[take], down[take]] -= 1
        if missing(spread(moved)) < missing(current):
            items, current = moved, spread(moved)
        else:
            # Moves in different rows are not quite additive: the item means interact.
            idle, share = idle + 1, share / 2
    return items
