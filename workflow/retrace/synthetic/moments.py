"""Moments from which everything prints as printed: a point inside the rounding box of a study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from retrace.matrices.correlations import IndefiniteMatrixError
from retrace.matrices.rounding_box import NoMatrixError, cell_places, central_matrix, matrices
from retrace.synthetic.printed_statistics import PrintedStatistics
from retrace.synthetic.target import LikertTarget
from retrace.synthetic.unprinted_correlations import (
    draw_completion,
    nearest_completion,
    reach_of_marginals,
)

# A sample correlation matrix this close to singular leaves no room for lattice data.
SMALLEST_EIGENVALUE = 1e-6

# Steps of the search are cheap in the units below: half widths for correlations, and for moments
# this share of a standard deviation, so that assumed moments give way before printed cells do.
MOMENT_UNIT = 0.1

# Weight of a step's length against the violations that it leaves.
SHORTNESS = 1e-5

# What is added to the diagonal of squares, as a share of their trace, so that rounding leaves them
# definite.
DEFINITE = 1e-14

# Steps of the search, most of which no study needs.
STEPS = 80

# Starts where correlations are not printed, and half widths from which a wider margin is no help.
STARTS = 6
HOPELESS = 3.0

# Shares of a half width within which the point is sought, roomiest first.
MARGINS = (0.8, 0.95, 0.999)


# Steps of the random walk, how far from bounds it stays, in half widths, and from the start where
# nothing bounds it, in the units of the search; the log density rises by up to `LEANING` a half
# width.
WALK = 300
INSIDE = 0.05
STRAY = 0.2
LEANING = 300.0


@dataclass(frozen=True)
class Moments:
    """Sample means and SDs, shape (k,), in scale units, and correlations, shape (k, k)."""

    mean: np.ndarray
    sd: np.ndarray
    R: np.ndarray


def feasible_moments(
    statistics: PrintedStatistics, rng: np.random.Generator
) -> tuple[Moments, np.ndarray]:
    """Draw moments from which every printed statistic follows, if there are any.

    A point drawn from the rounding box of the correlations, and from anything for those that are
    not printed, is moved, by the shortest steps that satisfy all constraints as linearised, until
    nothing is violated. Such points lie near one side of what print leaves open; from there a
    random walk goes through all of it.

    Parameters
    ----------
    statistics : PrintedStatistics
    rng : numpy.random.Generator

    Returns
    -------
    moments : Moments
    misses : numpy.ndarray, shape (S,)
        Signed, in half widths; all zero where the point is feasible. Otherwise the least found,
        which no proof says is the least there is.

    Raises
    ------
    IndefiniteMatrixError
        If no positive definite matrix prints the correlations.
    """
    target, half = statistics.target, _half_widths(statistics.target)
    is_open = target.is_open
    R = completed_matrix(target)
    centre = np.where(is_open, R, target.R)
    jitter = np.tril(rng.uniform(-0.9, 0.9, centre.shape), -1)
    start = centre + (jitter + jitter.T) * half
    share = 1.0
    while np.linalg.eigvalsh(R + share * (start - R))[0] < SMALLEST_EIGENVALUE:
        share /= 2
        if share < 1e-3:
            share = 0.0
            break
    R = R + share * (start - R)
    best: Any = None
    reach = reach_of_marginals(target) if is_open.any() else None
    for attempt in range(STARTS if is_open.any() else 1):
        drawn = R if reach is None else draw_completion(R, is_open, *reach, rng)
        drawn = drawn + attempt / STARTS * (R - drawn)  # nearer to the middle each time
        moments = Moments(target.mean.copy(), target.sd.copy(), drawn)
        if all(row.model < 0 for row in statistics.rows):
            values = statistics.evaluate(*_batch(moments))[0]
            return moments, statistics.misses(values)
        for margin in MARGINS:
            moments, misses = _descend(statistics, moments, margin)
            if best is None or np.abs(misses).sum() < np.abs(best[1]).sum():
                best = moments, misses
            if not misses.any():
                return _wander(statistics, moments, rng), misses
            if is_open.any() and np.abs(misses).max() > HOPELESS:
                break
    return best


def _descend(
    statistics: PrintedStatistics, start: Moments, margin: float
) -> tuple[Moments, np.ndarray]:
    space = _Space(statistics, start)
    inner = np.minimum(margin * statistics.half, (statistics.high - statistics.low) / 2)
    low = np.where(np.isfinite(statistics.low), statistics.middle - inner, statistics.low)
    high = np.where(np.isfinite(statistics.high), statistics.middle + inner, statistics.high)
    bounded = ~(np.isfinite(statistics.low) & np.isfinite(statistics.high))
    low[bounded], high[bounded] = statistics.low[bounded], statistics.high[bounded]
    unit = statistics.half

    def excess(values: np.ndarray) -> np.ndarray:
        return np.maximum(values - high, 0) / unit - np.maximum(low - values, 0) / unit

    theta, weight = np.zeros(space.size), SHORTNESS
    values, jacobian = space.linearised(theta)
    cost = np.square(excess(values)).sum()
    best, least = theta, np.abs(statistics.misses(values)).sum()
    for _ in range(STEPS):
        step = step_into(
            jacobian / unit[:, None], (low - values) / unit, (high - values) / unit, weight
        )
        if not step.any() or np.isnan(cost):
            break
        trial = theta + step * min(1.0, 20.0 / max(np.abs(step).max(), 1e-300))
        reached = space.evaluate(trial[None])[0]
        if not np.square(excess(reached)).sum() < cost or not space.is_definite(trial):
            # Too far for the linearisation (Levenberg 1944): shorter, and more down the slope.
            weight *= 30
            continue
        theta, weight = trial, max(weight / 10, SHORTNESS)
        values, jacobian = space.linearised(theta)
        cost = np.square(excess(values)).sum()
        if (missed := np.abs(statistics.misses(values)).sum()) < least:
            best, least = theta, missed
    return space.moments(best), statistics.misses(space.evaluate(best[None])[0])


def step_into(jacobian: np.ndarray, low: np.ndarray, high: np.ndarray, weight: float) -> np.ndarray:
    """The step d with low <= J d <= high, or the least violation, that is nearly the shortest.

    Semismooth Newton on |excess of J d|^2 + weight |d|^2, which is piecewise quadratic.
    """

    def excess(step: np.ndarray) -> np.ndarray:
        values = jacobian @ step
        return np.maximum(values - high, 0) - np.maximum(low - values, 0)

    step = np.zeros(jacobian.shape[1])
    over = excess(step)
    cost = over @ over
    for _ in range(60):
        active = jacobian[np.abs(over) > 1e-12]
        gradient = jacobian.T @ over + weight * step
        if np.abs(gradient).max() < 1e-10:
            break
        move = np.linalg.solve(_ridged(active, weight), -gradient)
        length = 1.0
        while length > 1e-4:
            trial = step + length * move
            over = excess(trial)
            new = over @ over + weight * (trial @ trial)
            if new < cost:
                break
            length /= 2
        else:
            break
        step, cost = trial, new
    return step


def _ridged(rows: np.ndarray, weight: float) -> np.ndarray:
    """J'J + weight I, shape (m, m), definite in floating point too, where rows J are steep."""
    squares = rows.T @ rows
    return squares + max(weight, DEFINITE * np.trace(squares)) * np.eye(len(squares))


def _wander(statistics: PrintedStatistics, start: Moments, rng: np.random.Generator) -> Moments:
    """A random point among those that print the same, from one of them.

    Hit-and-run (Smith 1984): a random direction, then a random point of the line inside. What
    prints the same is so small that its bounds are linear; it is flat, so that directions are
    drawn in the metric of its bounds. What is not printed stays within `STRAY` of the start.
    Even draws in many dimensions leave its corners out, so each draw leans towards one end of one
    correlation, its density rising exponentially that way.
    """
    space = _Space(statistics, start)
    values = space.evaluate(np.vstack([np.zeros(space.size), np.eye(space.size) * 1e-4]))
    free = np.eye(space.size)[space.is_free]
    bounds = np.vstack([(values[1:] - values[0]).T / 1e-4 / statistics.half[:, None], free])
    room = np.full(len(free), STRAY)
    low = np.append((statistics.low - values[0]) / statistics.half, -room)
    high = np.append((statistics.high - values[0]) / statistics.half, room)
    bounding = np.abs(bounds).max(axis=1) > 1e-9  # not of columns that no model uses
    bounds, low, high = bounds[bounding], low[bounding], high[bounding]
    low, high = np.minimum(low + INSIDE, 0), np.maximum(high - INSIDE, 0)
    metric = np.linalg.cholesky(_ridged(bounds, SHORTNESS))
    directions = np.linalg.solve(metric.T, rng.standard_normal((space.size, WALK))).T
    leaning = rng.uniform(-LEANING, LEANING) * directions[:, rng.integers(len(space.i))]
    speeds, theta, moved = directions @ bounds.T, np.zeros(space.size), np.zeros(len(bounds))
    for direction, speed, lean, at in zip(
        directions, speeds, leaning, rng.random(WALK), strict=True
    ):
        first, last = _ends(low - moved, high - moved, speed)
        step = first + (last - first) * _exponential(lean * (last - first), at)
        theta, moved = theta + step * direction, moved + step * speed
    # Where the bounds bend after all, part of the way.
    ways = np.linspace(1, 0, 21)[:, None] * theta
    mean, sd, R = space.batch(ways)
    sound = ~statistics.misses(statistics.evaluate(mean, sd, R)).any(axis=1)
    sound &= np.linalg.eigvalsh(R)[:, 0] >= min(SMALLEST_EIGENVALUE, np.linalg.eigvalsh(start.R)[0])
    return space.moments(ways[np.argmax(sound)]) if sound.any() else start


def _ends(low: np.ndarray, high: np.ndarray, speed: np.ndarray) -> tuple[float, float]:
    """Between which steps something that moves at these speeds stays from low to high."""
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = low / speed, high / speed
    first, last = np.minimum(one, other).max(), np.maximum(one, other).min()
    if np.isnan(first) or np.isnan(last):
        # On a bound, and moving along it.
        ends = np.sort(np.stack([one, other]), axis=0)
        first, last = np.nanmax(ends[0]), np.nanmin(ends[1])
    return float(first), float(last)


def _exponential(rate: float, at: float) -> float:
    """Quantile of the density proportional to exp(rate x) on the unit interval."""
    if abs(rate) < 1e-9:
        return at
    below = -np.log(at + (1 - at) * np.exp(-abs(rate))) / abs(rate)
    return 1 - below if rate > 0 else below


class _Space:
    """Coordinates of the search: correlations, log SDs and means of the columns in models."""

    def __init__(self, statistics: PrintedStatistics, start: Moments):
        self.statistics, self.start = statistics, start
        used = set().union(*(row.columns for row in statistics.rows if row.model >= 0))
        self.columns = np.array(sorted(used), dtype=int)
        pairs = [(i, j) for i in self.columns for j in self.columns if j < i]
        self.i, self.j = np.array(pairs, dtype=int).T
        half = _half_widths(statistics.target)[self.i, self.j]
        self.unit = np.where(half > 0, half, MOMENT_UNIT)
        self.size = len(pairs) + 2 * len(self.columns)
        # What has no interval of its own: correlations that are not printed, and moments.
        self.is_free = np.append(half == 0, np.full(2 * len(self.columns), True))
        self.is_whole = bool((half > 0).all())

    def batch(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        pairs, columns = len(self.i), len(self.columns)
        R = np.repeat(self.start.R[None], len(theta), axis=0)
        R[:, self.i, self.j] += theta[:, :pairs] * self.unit
        R[:, self.j, self.i] = R[:, self.i, self.j]
        sd = np.repeat(self.start.sd[None], len(theta), axis=0)
        sd[:, self.columns] *= np.exp(MOMENT_UNIT * theta[:, pairs : pairs + columns])
        mean = np.repeat(self.start.mean[None], len(theta), axis=0)
        shift = MOMENT_UNIT * self.start.sd[self.columns]
        mean[:, self.columns] += shift * theta[:, pairs + columns :]
        return mean, sd, R

    def is_definite(self, theta: np.ndarray) -> bool:
        """Whether correlations are positive definite; where all are printed they are nearly so."""
        if self.is_whole:
            return True
        return np.linalg.eigvalsh(self.batch(theta[None])[2][0])[0] >= SMALLEST_EIGENVALUE

    def evaluate(self, theta: np.ndarray) -> np.ndarray:
        return self.statistics.evaluate(*self.batch(theta))

    def linearised(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The statistics at a point, shape (S,), and how they change with it, (S, size)."""
        values = self.evaluate(np.vstack([theta, theta + np.eye(self.size) * 1e-4]))
        return values[0], (values[1:] - values[0]).T / 1e-4

    def moments(self, theta: np.ndarray) -> Moments:
        mean, sd, R = self.batch(theta[None])
        return Moments(mean[0], sd[0], R[0])


def _batch(moments: Moments) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return moments.mean[None], moments.sd[None], moments.R[None]


def _half_widths(target: LikertTarget) -> np.ndarray:
    half = np.zeros((target.k,) * 2)
    for row, column, cell in target.correlations:
        i, j = target.names.index(row), target.names.index(column)
        half[i, j] = half[j, i] = cell.half_width
    return half


def completed_matrix(target: LikertTarget) -> np.ndarray:
    """The printed correlations, or the central matrix of those that print alike, shape (k, k).

    A printed matrix may be indefinite by rounding only; cells that are not printed are anything.

    Raises
    ------
    IndefiniteMatrixError
        If no positive definite matrix prints the correlations, or none was found.
    """
    R, half, is_open = target.R, _half_widths(target), target.is_open
    if not is_open.any() and np.linalg.eigvalsh(R)[0] >= SMALLEST_EIGENVALUE:
        return R
    upper = cell_places(len(R))
    half = np.where(is_open, 1.0, half)
    low, high = (np.clip(end[upper], -1.0, 1.0) for end in (R - half, R + half))
    try:
        return matrices(central_matrix(low, high), len(R))
    except NoMatrixError:
        R = nearest_completion(R, is_open) if is_open.any() else R
        raise IndefiniteMatrixError(R, target.names) from None
