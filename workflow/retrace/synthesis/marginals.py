"""Marginal distributions on a response lattice with a given sum and sum of squares.

Everything is in whole numbers: a construct of m items on a scale from min to max takes the values
m * min, ..., m * max.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from retrace.synthesis.target import InfeasibleTargetError, LikertTarget

# Largest distance, in SDs, of the two distributions that a marginal is drawn from.
SEPARATION = 1.7

# Samples of a marginal, each corrected, before its moments count as out of reach.
SAMPLES = 50


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

    def most_squares(self, total: np.ndarray | int) -> np.ndarray:
        """The largest sum of squares at a sum: all values but one at the ends of the scale."""
        at_top, rest = np.divmod(total - self.n * self.low, self.high - self.low)
        between = np.where(at_top < self.n, (self.low + rest) ** 2, 0)
        others = np.maximum(self.n - at_top - 1, 0)
        return at_top * self.high**2 + others * self.low**2 + between

    def candidates(self, total: np.ndarray, squares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The nearest attainable sums of squares; x and x squared have the same parity."""
        total = np.clip(total, self.n * self.low, self.n * self.high)
        squares = np.clip(squares, self.fewest_squares(total), self.most_squares(total))
        odd = (squares - total) % 2 != 0
        step = np.where(squares < self.most_squares(total), 1, -1)
        return total, squares + np.where(odd, step, 0)


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
    InfeasibleTargetError
        If no such values are found; only at the very edge of what is possible.
    """
    for _ in range(SAMPLES):
        x = _sample(lattice, total, squares, rng, variety, evenness)
        for _ in range(60):
            x = _match_sum(x, lattice, total, rng)
            gap = int(squares - (x * x).sum())
            if gap == 0:
                return np.sort(x)
            _match_squares(x, lattice, gap, rng)
    raise InfeasibleTargetError(
        [
            f"{lattice.n} values from {lattice.low} to {lattice.high} with sum {total} and sum of "
            f"squares {squares} were not found; the sum of squares can be from "
            f"{lattice.fewest_squares(total)} to {lattice.most_squares(total)}"
        ]
    )


def attainable_correlation(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Smallest and largest correlation of two columns over every pairing of their values.

    The values sorted against each other and with each other (Fréchet 1951; Whitt 1976).
    """
    x, y = np.sort(x), np.sort(y)
    centred = y - y.mean()
    scale = np.sqrt(((x - x.mean()) ** 2).sum() * (centred**2).sum())
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
    edges, mean, variance = _as_beta(lattice, lattice.m * mean, (lattice.m * sd) ** 2)
    cells = _beta_cells(mean, variance, edges)
    at = (np.arange(size) + 0.5) / size
    if cells is None:
        return np.where(at < 1 - mean, lattice.low, lattice.high)
    return lattice.low + np.minimum(np.searchsorted(np.cumsum(cells), at), len(cells) - 1)


def _as_beta(lattice, mean, variance) -> tuple[np.ndarray, float, float]:
    """Edges of the lattice's cells on the unit interval, and a mean and a variance there."""
    width = lattice.high - lattice.low + 1
    edges = np.arange(width + 1) / width
    return edges, (mean - lattice.low + 0.5) / width, max(variance - 1 / 12, 1e-3) / width**2


def _sample(lattice, total, squares, rng, variety, evenness) -> np.ndarray:
    n = lattice.n
    edges, mean, variance = _as_beta(lattice, total / n, squares / n - (total / n) ** 2)
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
