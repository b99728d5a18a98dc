"""Marginal distributions on a response lattice with a given sum and sum of squares.

Everything is in whole numbers: a construct of m items on a scale from min to max takes the values
m * min, ..., m * max. Sums and sums of squares that n such values can have are what GRIM (Brown
and Heathers 2017) and GRIMMER (Anaya 2016; Allard 2018) test printed means and SDs for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from retrace.printed import Printed
from retrace.synthesis.statistics import TIE_MARGIN
from retrace.synthesis.target import InfeasibleTargetError, LikertTarget

# How far assumed moments may give way to what is printed: the mean in scale units for one item
# (a finer lattice needs less), and a share of the SD.
MEAN_TOLERANCE = 0.25
SD_TOLERANCE = 0.002

# Largest distance, in SDs, of the two distributions that a marginal is drawn from.
SEPARATION = 1.7

# Beyond this many sums of a printed mean, those nearest the middle are looked at.
MOST_SUMS = 400


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


def printed_moments(target: LikertTarget, column: int) -> tuple[np.ndarray, np.ndarray] | None:
    """Every sum and sum of squares that prints a construct's printed mean and SD.

    Returns
    -------
    (sums, squares) : arrays of int, shape (c,), or None
        None where neither is printed. Where one is, the other is kept near its assumed value.

    Raises
    ------
    InfeasibleTargetError
        If there are none, saying what the nearest attainable values are.
    """
    mean, sd = target.means[column], target.sds[column]
    if not isinstance(mean, Printed) and not isinstance(sd, Printed):
        return None
    lattice, name = Lattice.of(target, column), target.names[column]
    n, m = lattice.n, lattice.m
    low, high = _limits(mean, MEAN_TOLERANCE / m, n * m)
    sums = np.arange(max(low, n * lattice.low), min(high, n * lattice.high) + 1)
    if len(sums) == 0:
        nearest = np.clip(round(_number(mean) * n * m), n * lattice.low, n * lattice.high) / (n * m)
        raise InfeasibleTargetError(
            [
                f"mean of {name}: {n} respondents with scores in steps of 1/{m} from "
                f"{target.scale[0]} to {target.scale[1]} cannot have a mean of {mean}; the "
                f"nearest is {nearest:.6g} (GRIM)"
            ]
        )
    if len(sums) > MOST_SUMS:
        middle = np.argsort(np.abs(sums - n * m * _number(mean)), kind="stable")[:MOST_SUMS]
        sums = np.sort(sums[middle])
    sd_low, sd_high = _interval(sd, SD_TOLERANCE * _number(sd))
    bottom = np.maximum(
        np.ceil((n - 1) * (m * max(sd_low, 0.0)) ** 2 + sums**2 / n), lattice.fewest_squares(sums)
    ).astype(np.int64)
    top = np.minimum(
        np.floor((n - 1) * (m * sd_high) ** 2 + sums**2 / n), lattice.most_squares(sums)
    ).astype(np.int64)
    bottom += (bottom - sums) % 2
    counts = np.maximum((top - bottom) // 2 + 1, 0)
    if not counts.any():
        raise InfeasibleTargetError([_sd_problem(target, column, lattice, sums)])
    which = np.repeat(np.arange(len(sums)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return sums[which], bottom[which] + 2 * within


def check_moments(target: LikertTarget) -> None:
    """Refuse means and SDs, printed or assumed, that no responses on the scale have.

    Raises
    ------
    InfeasibleTargetError
        With every construct's problems.
    """
    problems = []
    for column, name in enumerate(target.names):
        mean, sd = target.mean[column], target.sd[column]
        low, high = target.scale
        if not low <= mean <= high:
            problems.append(f"mean of {name}: {mean:g} is off the scale from {low} to {high}")
            continue
        smallest, largest = _sd_range(target, column)
        half = getattr(target.sds[column], "half_width", SD_TOLERANCE * abs(sd))
        if not smallest - half <= sd <= largest + half:
            problems.append(
                f"SD of {name}: {sd:g} with a mean of {mean:g}; scores from {low} to {high} in "
                f"steps of 1/{target.items[column]} with that mean have an SD from {smallest:.4g} "
                f"to {largest:.4g}"
            )
            continue
        try:
            printed_moments(target, column)
        except InfeasibleTargetError as error:
            problems += error.problems
    if problems:
        raise InfeasibleTargetError(problems)


SAMPLES = 50


def draw_marginal(
    lattice: Lattice,
    total: int,
    squares: int,
    rng: np.random.Generator,
    variety: float = 1.0,
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

    Returns
    -------
    numpy.ndarray of int64, shape (n,), sorted

    Raises
    ------
    InfeasibleTargetError
        If no such values are found; only at the very edge of what is possible.
    """
    for _ in range(SAMPLES):
        x = _sample(lattice, total, squares, rng, variety)
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


def _sample(lattice, total, squares, rng, variety) -> np.ndarray:
    n, edges = lattice.n, np.arange(lattice.low, lattice.high + 2) - 0.5
    edges = (edges - edges[0]) / (edges[-1] - edges[0])
    width = lattice.high - lattice.low + 1
    mean = (total / n - lattice.low + 0.5) / width
    variance = max(squares / n - (total / n) ** 2 - 1 / 12, 1e-3) / width**2
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
    return np.repeat(np.arange(lattice.low, lattice.high + 1), rng.multinomial(n, cells))


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


def _sd_range(target: LikertTarget, column: int) -> tuple[float, float]:
    """Smallest and largest SD over the sums that the mean allows."""
    lattice = Lattice.of(target, column)
    n, m = lattice.n, lattice.m
    low, high = _limits(target.means[column], MEAN_TOLERANCE / m, n * m)
    sums = np.unique(
        np.clip(np.linspace(low, high, 201).round(), n * lattice.low, n * lattice.high)
    )
    sums = sums.astype(np.int64)
    extremes = []
    for squares, pick in ((lattice.fewest_squares(sums), min), (lattice.most_squares(sums), max)):
        extremes.append(float(pick(np.sqrt(np.maximum(squares - sums**2 / n, 0) / (n - 1)) / m)))
    return extremes[0], extremes[1]


def _number(moment) -> float:
    return moment.value if isinstance(moment, Printed) else float(moment)


def _interval(moment, tolerance: float) -> tuple[float, float]:
    if isinstance(moment, Printed):
        low, high = moment.interval
        return low + TIE_MARGIN * moment.half_width, high - TIE_MARGIN * moment.half_width
    return moment - tolerance, moment + tolerance


def _limits(mean, tolerance: float, scale: int) -> tuple[int, int]:
    low, high = (scale * end for end in _interval(mean, tolerance))
    if np.ceil(low) > np.floor(high) and isinstance(mean, Printed):
        # At small n a tie may be all there is: 25 points from 8 respondents print 3.12 or 3.13.
        low, high = (scale * end for end in mean.interval)
        low, high = low - 1e-9 * scale, high + 1e-9 * scale
    return int(np.ceil(low)), int(np.floor(high))


def _sd_problem(target, column, lattice, sums) -> str:
    n, m, sd = lattice.n, lattice.m, target.sds[column]
    wanted = (n - 1) * (m * _number(sd)) ** 2 + sums**2 / n
    _, squares = lattice.candidates(sums, np.rint(wanted).astype(np.int64))
    options = np.concatenate([squares - 2, squares, squares + 2])
    repeated = np.tile(sums, 3)
    valid = (options >= lattice.fewest_squares(repeated)) & (
        options <= lattice.most_squares(repeated)
    )
    sds = np.sqrt(np.maximum(options - repeated**2 / n, 0)[valid] / (n - 1)) / m
    nearest = sds[np.argmin(np.abs(sds - _number(sd)))]
    return (
        f"SD of {target.names[column]}: {n} respondents with scores in steps of 1/{m} and a mean "
        f"of {target.means[column]} cannot have an SD of {sd}; the nearest is {nearest:.6g} "
        "(GRIMMER)"
    )
