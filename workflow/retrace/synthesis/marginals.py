"""Marginal distributions on a response lattice with a given sum and sum of squares.

Everything is in whole numbers: a construct of m items on a scale from min to max takes the values
m * min, ..., m * max.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, betaincinv

from retrace.synthesis import ends, few
from retrace.synthesis.target import LikertTarget

# Largest distance, in SDs, of the two distributions that a marginal is drawn from.
SEPARATION = 1.7

# Samples of a marginal, each corrected, before values are laid at the ends of the scale instead.
SAMPLES = 3
# Unit moves of a sample towards its sum of squares.
MOVES = 60

# From so many steps on a lattice is drawn from without listing its values, and unit moves of few
# values rarely end at a sum of squares.
WIDE = 2000
# How often a sample is stretched to its spread.
STRETCHES = 20
# Triples of values that are moved together there, and how far at most the first of them.
TRIPLES, REACH = 100, 20_000


class MarginalNotFoundError(ValueError):
    """A sum and a sum of squares for which no values were found.

    Attributes
    ----------
    nearest : numpy.ndarray
        Values with the sum, and a sum of squares near the one wanted.
    """

    def __init__(self, message: str, nearest: np.ndarray):
        super().__init__(message)
        self.nearest = nearest


@dataclass(frozen=True)
class Lattice:
    """The values of one construct: n whole numbers from low to high, m to the scale point."""

    n: int
    m: int
    low: int
    high: int

    @classmethod
    def of(cls, target: LikertTarget, column: int) -> Lattice:
        """The lattice of a target's column."""
        m = int(target.items[column])
        return cls(target.n, m, m * target.scale[0], m * target.scale[1])

    def fewest_squares(self, total: np.ndarray | int) -> np.ndarray:
        """The smallest sum of squares at a sum: values as even as possible."""
        floor, rest = np.divmod(total, self.n)
        return self.n * floor**2 + rest * (2 * floor + 1)

    def fewest_spread(self, total: np.ndarray | int) -> np.ndarray:
        """The smallest sum of squares of values that are not all the same."""
        fewest = self.fewest_squares(total)
        return fewest + 2 * (self.n * fewest == np.square(total))

    def most_squares(self, total: np.ndarray | int) -> np.ndarray:
        """The largest sum of squares at a sum: all values but one at the ends of the scale."""
        at_top, rest = np.divmod(total - self.n * self.low, self.high - self.low)
        between = np.where(at_top < self.n, (self.low + rest) ** 2, 0)
        others = np.maximum(self.n - at_top - 1, 0)
        return at_top * self.high**2 + others * self.low**2 + between

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

        Exact where most values are at the ends of the scale (`retrace.synthesis.ends`) and where
        there are few (`retrace.synthesis.few`); elsewhere a matter of parity and range. A few
        values of a scale too wide to enumerate may have gaps that this does not see.
        """
        possible = (squares >= self.fewest_squares(total)) & (squares <= self.most_squares(total))
        possible &= (squares - total) % 2 == 0
        if 2 <= self.n <= few.GAPPED:
            if not few.can_enumerate(self.n, self.width):
                return possible
            pairs = zip(*(a[possible] for a in self._from_zero(total, squares)), strict=True)
            found = [len(few.all_values(self.n, self.width, int(s), int(q))) > 0 for s, q in pairs]
            possible[possible] = found
            return possible
        near = possible & self.is_near_ends(total, squares)
        if near.any():
            shifted = self._from_zero(total, squares)
            possible[near] = ends.are_possible(self.n, self.width, *(a[near] for a in shifted))
        return possible

    def is_near_ends(self, total: np.ndarray | int, squares: np.ndarray | int) -> np.ndarray:
        """Whether such values are so nearly all at the ends of the scale that gaps are possible."""
        return ends.is_near(self.width, *self._from_zero(total, squares))

    def draw_exact(self, total: int, squares: int, rng: np.random.Generator) -> np.ndarray | None:
        """Few values, or values most of which are at the ends of the scale; None if not found."""
        sums = self._from_zero(total, squares)
        if few.can_enumerate(self.n, self.width):
            rows = few.all_values(self.n, self.width, *sums)
            return rows[rng.integers(len(rows))] + self.low if len(rows) else None
        x = ends.draw_values(self.n, self.width, *sums, rng)
        return None if x is None else x + self.low

    @property
    def width(self) -> int:
        return self.high - self.low

    def _from_zero(self, total, squares):
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
    wide = lattice.width >= WIDE
    for _ in range(SAMPLES):
        if wide:
            x = _sample_wide(lattice, total, squares, rng, variety, evenness)
        else:
            x = _sample(lattice, total, squares, rng, variety, evenness)
        for _ in range(MOVES):
            x = _match_sum(x, lattice, total, rng)
            gap = int(squares - (x * x).sum())
            if gap == 0:
                return np.sort(x)
            _match_squares(x, lattice, gap, rng)
        if wide and _match_exactly(x, lattice, total, squares, rng):
            return np.sort(x)
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
    at = (np.arange(size) + 0.5) / size
    if lattice.width >= WIDE and (shape := _beta_shape(mean, variance)):
        steps = np.floor(betaincinv(*shape, at) * (lattice.width + 1)).astype(np.int64)
        return lattice.low + np.minimum(steps, lattice.width)
    cells = _beta_cells(mean, variance, _edges(lattice))
    if cells is None:
        return np.where(at < 1 - mean, lattice.low, lattice.high)
    return lattice.low + np.minimum(np.searchsorted(np.cumsum(cells), at), len(cells) - 1)


def _as_beta(lattice, mean, variance) -> tuple[float, float]:
    """A mean and a variance of the lattice's values on the unit interval."""
    width = lattice.high - lattice.low + 1
    return (mean - lattice.low + 0.5) / width, max(variance - 1 / 12, 1e-3) / width**2


def _edges(lattice) -> np.ndarray:
    """Edges of the lattice's cells on the unit interval."""
    width = lattice.high - lattice.low + 1
    return np.arange(width + 1) / width


def _sample(lattice, total, squares, rng, variety, evenness) -> np.ndarray:
    n = lattice.n
    edges = _edges(lattice)
    mean, variance = _as_beta(lattice, total / n, squares / n - (total / n) ** 2)
    weight, distance = rng.uniform(0.2, 0.8), rng.uniform(0, SEPARATION * variety)
    gap = distance * np.sqrt(variance)
    within = variance - weight * (1 - weight) * gap**2
    first, second = mean - (1 - weight) * gap, mean + weight * gap
    parts = [_beta_cells(part, within, edges) for part in (first, second)]
    if any(part is None for part in parts):
        # No room on the scale for two.
        weight, parts = 1.0, [_beta_cells(mean, variance, edges)] * 2
    if parts[0] is None:
        # Wider than any beta distribution: the two ends of the scale.
        x = np.full(n, lattice.low)
        x[: round(mean * n)] = lattice.high
        return x
    cells = weight * parts[0] + (1 - weight) * parts[1]
    values = np.arange(lattice.low, lattice.high + 1)
    cells *= np.where(values % lattice.m == 0, 1.0, 1.0 - evenness)
    return np.repeat(values, rng.multinomial(n, cells / cells.sum()))


def _sample_wide(lattice, total, squares, rng, variety, evenness) -> np.ndarray:
    """The same from the distributions themselves: the steps between values are small."""
    n = lattice.n
    mean, variance = _as_beta(lattice, total / n, squares / n - (total / n) ** 2)
    weight, distance = rng.uniform(0.2, 0.8), rng.uniform(0, SEPARATION * variety)
    gap = distance * np.sqrt(variance)
    within = variance - weight * (1 - weight) * gap**2
    shapes = [_beta_shape(mean - (1 - weight) * gap, within)]
    shapes.append(_beta_shape(mean + weight * gap, within))
    if None in shapes:
        shapes = [_beta_shape(mean, variance)] * 2
    if shapes[0] is None:
        x = np.full(n, lattice.low)
        x[: round(mean * n)] = lattice.high
        return x
    first = rng.random(n) < weight
    a, b = (np.where(first, *ends) for ends in zip(*shapes, strict=True))
    x = rng.beta(a, b)
    # Too few values for their spread to be that of the distribution; what is cut at the ends of
    # the scale is made up for by the others.
    for _ in range(STRETCHES):
        x = np.clip(mean + (x - x.mean()) * np.sqrt(variance / max(x.var(), 1e-300)), 0, 1)
    x = np.floor(lattice.low + x * (lattice.width + 1)).astype(np.int64)
    even = rng.random(n) < evenness
    x = np.where(even, np.round(x / lattice.m).astype(np.int64) * lattice.m, x)
    return np.clip(x, lattice.low, lattice.high)


def _beta_shape(mean: float, variance: float) -> tuple[float, float] | None:
    """Parameters of a beta distribution; None where there is no such one."""
    if not 0 < mean < 1 or variance <= 0:
        return None
    precision = mean * (1 - mean) / variance - 1
    return (mean * precision, (1 - mean) * precision) if precision > 0 else None


def _match_exactly(x, lattice, total, squares, rng) -> bool:
    """Move three values at a time until sum and sum of squares are right, in place; or say no.

    With the first at a, the other two have a known sum s and sum of squares q: they are
    (s ± d) / 2 with d squared = 2 q - s squared, which has to be a square.
    """
    if len(x) < 3:
        return False
    for _ in range(TRIPLES):
        three = rng.choice(len(x), 3, replace=False)
        rest = total - int(x.sum() - x[three].sum())
        rest_squares = squares - int((x * x).sum() - (x[three] ** 2).sum())
        middle = int(x[three[0]])
        a = np.arange(max(lattice.low, middle - REACH), min(lattice.high, middle + REACH) + 1)
        s, q = rest - a, rest_squares - a * a
        difference = 2 * q - s * s
        root = np.sqrt(np.maximum(difference, 0)).round().astype(np.int64)
        high, low = (s + root) // 2, (s - root) // 2
        fits = (difference == root * root) & (low >= lattice.low) & (high <= lattice.high)
        if fits.any():
            at = rng.choice(np.flatnonzero(fits))
            x[three] = a[at], high[at], low[at]
            return True
    return False


def _beta_cells(mean: float, variance: float, edges: np.ndarray) -> np.ndarray | None:
    """Probabilities of a beta distribution between edges; None where there is no such one."""
    if not 0 < mean < 1:
        return None
    precision = mean * (1 - mean) / variance - 1
    if precision <= 0:
        return None
    cells = np.maximum(np.diff(betainc(mean * precision, (1 - mean) * precision, edges)), 0)
    return cells / cells.sum()


def _match_sum(x, lattice, total, rng) -> np.ndarray:
    gap = int(total - x.sum())
    while gap:
        step = 1 if gap > 0 else -1
        free = np.flatnonzero(x < lattice.high if gap > 0 else x > lattice.low)
        moved = rng.choice(free, min(abs(gap), len(free)), replace=False)
        x[moved] += step
        gap -= step * len(moved)
    return x


def _match_squares(x, lattice, gap, rng) -> None:
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
