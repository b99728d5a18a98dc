"""Marginal distributions on a response lattice with a given sum and sum of squares.

Everything is in whole numbers: a construct of m items on a scale from min to max takes the values
m * min, ..., m * max.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from scipy.special import betainc, betaincinv

from retrace.synthetic import few_integers as few
from retrace.synthetic import integer_sums as ends
from retrace.synthetic.target import LikertTarget

# Largest distance, in SDs, of the two distributions that a marginal is drawn from.
SEPARATION = 1.7

# Samples of a marginal, each corrected, before values are laid at the ends of the scale instead.
SAMPLES = 3


# Steps of a scale above which values are drawn one by one and not by the probability of each.
WIDE = 5000

# Stretches of such values to a sum of squares, triples of them that are to make up the rest, and
# how far from where it is one of these is looked for.
STRETCHES, TRIPLES, NEARBY = 8, 400, 50_000
# Values that have too few triples, so that others are moved between tries, by at most so much.
FEW_TRIPLES, MOVED = 20, 1000

# A sum of whole numbers, or an array of such sums.
Whole = TypeVar("Whole", int, np.ndarray)


class MarginalNotFoundError(ValueError):
    """A sum and a sum of squares for which no values were found.

    Attributes
    ----------
    nearest : numpy.ndarray
        Values with the sum, and about the sum of squares.
    """

    def __init__(self, message: str, nearest: np.ndarray):
        super().__init__(message)
        self.nearest = nearest


@dataclass(frozen=True)
class Lattice:
    """The values of one construct: n whole numbers from low to high, m to one unit."""

    n: int
    m: int
    low: int
    high: int

    @classmethod
    def of(cls, target: LikertTarget, column: int) -> Lattice:
        """The lattice of a target's column."""
        measure = target.measures[column]
        m = measure.steps
        return cls(target.n, m, m * measure.low, m * measure.high)

    def fewest_squares(self, total: np.ndarray | int) -> Any:
        """The smallest sum of squares at a sum: values as even as possible."""
        floor, rest = divmod(total, self.n)
        return self.n * floor**2 + rest * (2 * floor + 1)

    def fewest_spread(self, total: np.ndarray | int) -> Any:
        """The smallest sum of squares of values that are not all the same."""
        return self.fewest_squares(total) + 2 * (total % self.n == 0)

    def most_squares(self, total: np.ndarray | int) -> Any:
        """The largest sum of squares at a sum: all values but one at the ends of the scale."""
        at_top, rest = divmod(total - self.n * self.low, self.high - self.low)
        one = at_top < self.n
        others = self.n - at_top - one
        return at_top * self.high**2 + others * self.low**2 + one * (self.low + rest) ** 2

    def is_possible(self, total: int, squares: int) -> bool:
        """The same for one pair of sums within range and of the same parity, of any size."""
        sums = self.from_zero(total, squares)
        if self.n <= few.GAPPED and few.can_enumerate(self.n, self.width):
            return len(few.all_values(self.n, self.width, *sums)) > 0
        return not ends.is_near(self.width, *sums) or ends.is_possible(self.n, self.width, *sums)

    def candidates(self, total: np.ndarray, squares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The nearest attainable sums of squares; x and x squared have the same parity."""
        total = np.clip(total, self.n * self.low, self.n * self.high)
        squares = np.clip(squares, self.fewest_spread(total), self.most_squares(total))
        odd = (squares - total) % 2 != 0
        step = np.where(squares < self.most_squares(total), 1, -1)
        squares = squares + np.where(odd, step, 0)
        # Gaps are near the largest sum of squares.
        fewest = self.fewest_spread(total)
        while (gap := (squares > fewest) & ~self.are_possible(total, squares)).any():
            squares = squares - 2 * gap
        return total, squares

    def are_possible(self, total: np.ndarray, squares: np.ndarray) -> np.ndarray:
        """Whether n values have these sums and sums of squares, of the same shape.

        Exact where most values are at the ends of the scale (`retrace.synthetic.integer_sums`) and
        where there are few (`retrace.synthetic.few_integers`); elsewhere a matter of parity and
        range.
        """
        possible = (squares >= self.fewest_squares(total)) & (squares <= self.most_squares(total))
        possible &= (squares - total) % 2 == 0
        if self.n <= few.GAPPED and few.can_enumerate(self.n, self.width):
            pairs = zip(*(a[possible] for a in self.from_zero(total, squares)), strict=True)
            found = [len(few.all_values(self.n, self.width, int(s), int(q))) > 0 for s, q in pairs]
            possible[possible] = found
            return possible
        near = possible & self.is_near_ends(total, squares)
        if near.any():
            shifted = self.from_zero(total, squares)
            possible[near] = ends.are_possible(self.n, self.width, *(a[near] for a in shifted))
        return possible

    def is_near_ends(self, total: Whole, squares: Whole) -> np.ndarray:
        """Whether such values are so nearly all at the ends of the scale that gaps are possible."""
        return ends.is_near(self.width, *self.from_zero(total, squares))

    def draw_exact(self, total: int, squares: int, rng: np.random.Generator) -> np.ndarray | None:
        """Few values, or values most of which are at the ends of the scale; None if not found."""
        sums = self.from_zero(total, squares)
        if few.can_enumerate(self.n, self.width):
            rows = few.all_values(self.n, self.width, *sums)
            return rows[rng.integers(len(rows))] + self.low if len(rows) else None
        x = ends.draw_values(self.n, self.width, sums[0], sums[1], rng)
        return None if x is None else x + self.low

    @property
    def width(self) -> int:
        return self.high - self.low

    @property
    def scale(self) -> tuple[int, int]:
        """Lowest and highest response."""
        return self.low // self.m, self.high // self.m

    def from_zero(self, total: Whole, squares: Whole) -> tuple[Whole, Whole]:
        """Sums of the values less the lowest one."""
        return total - self.n * self.low, squares - 2 * self.low * total + self.n * self.low**2


def draw_marginal(
    lattice: Lattice,
    total: int,
    squares: int,
    rng: np.random.Generator,
    variety: float = 1.0,
    evenness: float = 0.0,
) -> np.ndarray:
    """Draw n values with exactly this sum and sum of squares.

    A sample of a mixture of two beta distributions, cut into the lattice's steps, is corrected by
    unit moves: single values for the sum, pairs moving apart or together for the sum of squares.
    A mean and an SD leave the shape open, so weights and distance of the two are drawn as well.

    Parameters
    ----------
    lattice : Lattice
    total, squares : int
    rng : numpy.random.Generator
    variety : float
        From 0, one beta distribution, to 1, two up to `SEPARATION` SDs apart. Columns that are
        to correlate highly must be alike in shape.
    evenness : float
        From 0 to 1: how much rarer scores are that m equal items cannot have. Items that hardly
        differ, as a high alpha has them, give few such scores.

    Returns
    -------
    numpy.ndarray of int64, shape (n,), sorted

    Raises
    ------
    MarginalNotFoundError
        If no such values are found, which is no proof that there are none.
    """
    for _ in range(SAMPLES):
        x = _sample(lattice, total, squares, rng, variety, evenness)
        if lattice.width > WIDE:
            found = _match_wide(x, lattice, total, squares, rng)
            if found is not None:
                return np.sort(found)
            continue
        for _ in range(60):
            x = _match_sum(x, lattice, total, rng)
            gap = int(squares - (x * x).sum())
            if gap == 0:
                return np.sort(x)
            _match_squares(x, lattice, gap, rng)
    # Of few values, or with most at the ends of the scale, unit moves get stuck.
    found = lattice.draw_exact(total, squares, rng)
    if found is not None:
        return found
    raise MarginalNotFoundError(
        f"{lattice.n} values from {lattice.low} to {lattice.high} with sum {total} and sum of "
        f"squares {squares} were not found; the sum of squares can be from "
        f"{lattice.fewest_squares(total)} to {lattice.most_squares(total)}",
        np.sort(_match_sum(x, lattice, total, rng)),
    )


def attainable_correlation(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Smallest and largest correlation of two columns over every pairing of their values.

    The values sorted against each other and with each other (Fréchet 1951; Whitt 1976). NaN where
    the values of a column are all the same.
    """
    x, y = np.sort(x), np.sort(y)
    centred = y - y.mean()
    scale = np.sqrt(((x - x.mean()) ** 2).sum() * (centred**2).sum())
    if scale == 0:
        return np.nan, np.nan
    return float(x @ centred[::-1] / scale), float(x @ centred / scale)


def typical_values(lattice: Lattice, mean: float, sd: float, size: int = 1000) -> np.ndarray:
    """Quantiles of one beta distribution cut to a lattice, about this mean and SD.

    Parameters
    ----------
    lattice : Lattice
    mean, sd : float
        In scale units.
    size : int

    Returns
    -------
    numpy.ndarray of int64, shape (size,), sorted
    """
    mean, variance = _as_beta(lattice, lattice.m * mean, (lattice.m * sd) ** 2)
    at, shape = (np.arange(size) + 0.5) / size, _beta_shape(mean, variance)
    if shape is None:
        return np.where(at < 1 - mean, lattice.low, lattice.high)
    if lattice.width > WIDE:
        return _cut(lattice, betaincinv(*shape, at))
    cells = _beta_cells(*shape, lattice.width)
    return lattice.low + np.minimum(np.searchsorted(np.cumsum(cells), at), len(cells) - 1)


def _as_beta(lattice: Lattice, mean: float, variance: float) -> tuple[float, float]:
    """A mean and a variance on the unit interval, cut into a cell for each value."""
    width = lattice.width + 1
    return (mean - lattice.low + 0.5) / width, max(variance - 1 / 12, 1e-3) / width**2


def _sample(
    lattice: Lattice,
    total: int,
    squares: int,
    rng: np.random.Generator,
    variety: float,
    evenness: float,
) -> np.ndarray:
    n = lattice.n
    mean, variance = _as_beta(lattice, total / n, squares / n - (total / n) ** 2)
    weight, distance = rng.uniform(0.2, 0.8), rng.uniform(0, SEPARATION * variety)
    gap = distance * np.sqrt(variance)
    within = variance - weight * (1 - weight) * gap**2
    first, second = mean - (1 - weight) * gap, mean + weight * gap
    parts = [_beta_shape(part, within) for part in (first, second)]
    if any(part is None for part in parts):
        # No room on the scale for two.
        weight, parts = 1.0, [_beta_shape(mean, variance)] * 2
    first_shape, second_shape = parts
    if first_shape is None or second_shape is None:
        # Wider than any beta distribution: the two ends of the scale.
        x = np.full(n, lattice.low)
        x[: round(mean * n)] = lattice.high
        return x
    if lattice.width > WIDE:
        chosen = np.array(parts)[np.where(rng.random(n) < weight, 0, 1)]
        return np.sort(_cut(lattice, rng.beta(*chosen.T)))
    first, second = (
        _beta_cells(*part, width=lattice.width) for part in (first_shape, second_shape)
    )
    cells = weight * first + (1 - weight) * second
    values = np.arange(lattice.low, lattice.high + 1)
    cells *= np.where(values % lattice.m == 0, 1.0, 1.0 - evenness)
    return np.repeat(values, rng.multinomial(n, cells / cells.sum()))


def _beta_shape(mean: float, variance: float) -> tuple[float, float] | None:
    """The two shapes of a beta distribution; None where there is no such one."""
    if not 0 < mean < 1:
        return None
    precision = mean * (1 - mean) / variance - 1
    return None if precision <= 0 else (mean * precision, (1 - mean) * precision)


def _beta_cells(a: float, b: float, width: int) -> np.ndarray:
    """Probabilities of a beta distribution between the edges of width + 1 cells."""
    edges = np.arange(width + 2) / (width + 1)
    cells = np.maximum(np.diff(betainc(a, b, edges)), 0)
    return cells / cells.sum()


def _cut(lattice: Lattice, points: np.ndarray) -> np.ndarray:
    """Points of the unit interval as values of a lattice."""
    cells = np.floor(points * (lattice.width + 1)).astype(np.int64)
    return lattice.low + np.minimum(cells, lattice.width)


def _match_sum(x: np.ndarray, lattice: Lattice, total: int, rng: np.random.Generator) -> np.ndarray:
    gap = int(total - x.sum())
    if abs(gap) > len(x):
        x = np.clip(x + gap // len(x), lattice.low, lattice.high)
        gap = int(total - x.sum())
    while gap:
        step = 1 if gap > 0 else -1
        free = np.flatnonzero(x < lattice.high if gap > 0 else x > lattice.low)
        moved = rng.choice(free, min(abs(gap), len(free)), replace=False)
        x[moved] += step
        gap -= step * len(moved)
    return x


def _match_wide(
    x: np.ndarray, lattice: Lattice, total: int, squares: int, rng: np.random.Generator
) -> np.ndarray | None:
    """Values stretched to about the sum of squares, three of which make up the rest exactly.

    With one of the three given, the sum and the sum of squares of the other two are those of
    whole numbers where twice the one less the square of the other is a square number.
    """
    n, spread = lattice.n, squares - np.square(total, dtype=float) / lattice.n
    for _ in range(STRETCHES):
        away = x - x.mean()
        away *= np.sqrt(spread / max(away @ away, 1e-9))
        x = np.clip(np.rint(total / n + away), lattice.low, lattice.high).astype(np.int64)
        x = _match_sum(x, lattice, total, rng)
    if n < 3:
        return None
    for _ in range(TRIPLES):
        if n <= FEW_TRIPLES:
            _move_apart(x, lattice, rng)
        three = rng.choice(n, 3, replace=False)
        s = int(x[three].sum())
        q = int(x[three] @ x[three]) + squares - int(x @ x)
        first = x[three[0]]
        z = np.arange(max(first - NEARBY, lattice.low), min(first + NEARBY, lattice.high) + 1)
        rest, square = s - z, 2 * (q - z**2) - (s - z) ** 2
        root = np.rint(np.sqrt(np.maximum(square, 0))).astype(np.int64)
        fits = (root**2 == square) & ((rest - root) % 2 == 0)
        fits &= (rest - root >= 2 * lattice.low) & (rest + root <= 2 * lattice.high)
        if fits.any():
            at = rng.choice(np.flatnonzero(fits))
            x[three] = z[at], (rest[at] - root[at]) // 2, (rest[at] + root[at]) // 2
            return x
    return None


def _move_apart(x: np.ndarray, lattice: Lattice, rng: np.random.Generator) -> None:
    """Move one value up and another down, in place, where the scale has room."""
    one, other = rng.choice(len(x), 2, replace=False)
    step = int(rng.integers(1, MOVED + 1))
    if x[one] + step <= lattice.high and x[other] - step >= lattice.low:
        x[one] += step
        x[other] -= step


def _match_squares(x: np.ndarray, lattice: Lattice, gap: int, rng: np.random.Generator) -> None:
    """Change the sum of squares by `gap`, or towards it, in place; the sum stays.

    Moving a up and b down changes it by 2 (a - b + 1): more where a is at or above b, less where
    a is two or more below.
    """
    order = rng.permutation(len(x))
    half = len(x) // 2
    a, b = order[:half], order[half : 2 * half]
    swap = (x[a] < x[b]) == (gap > 0)
    a, b = np.where(swap, b, a), np.where(swap, a, b)
    change = 2 * (x[a] - x[b] + 1)
    usable = (x[a] < lattice.high) & (x[b] > lattice.low) & (change * np.sign(gap) > 0)
    a, b, change = a[usable], b[usable], np.abs(change[usable])
    # Small moves keep the shape; the running total stops short of the gap, and the last move
    # that fits exactly is looked for on the next call.
    fits = np.flatnonzero(change == abs(gap))
    if len(fits):
        keep = fits[:1]
    else:
        by_size = np.argsort(change, kind="stable")
        keep = by_size[np.cumsum(change[by_size]) <= abs(gap)]
    x[a[keep]] += 1
    x[b[keep]] -= 1
