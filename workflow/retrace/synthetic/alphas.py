"""Cronbach's alpha of items, of scores that are given, and of all scores with a mean and an SD.

alpha = m / (m - 1) (1 - W / V) (Cronbach 1951), W the sum of the item variances and V the variance
of the row totals, both here as sums of squares over the n rows.
"""

from __future__ import annotations

import numpy as np

from retrace.synthetic.duality import least_mean
from retrace.synthetic.marginals import Lattice

# Nodes of a branch-and-bound search, whose bound holds wherever it stops, and what its tolerance
# may cost a sum of squares.
MOST_NODES = 1000
SLACK = 1e-6

# What the tolerances of the integer program may move a bound on alpha by.
WIDER = 1e-5

# Rows up to which it matters that their number is whole, and totals that are looked at.
FEW_ROWS = 2000
MOST_TOTALS = 600

# Items of which it matters that their number leaves remainders.
FEW_ITEMS = 12


def cronbach_alpha(items: np.ndarray) -> float:
    """Cronbach's alpha of items, shape (n, m), m of 2 or more."""
    m = items.shape[1]
    total = items.sum(axis=1).var()
    return float(m / (m - 1) * (1 - items.var(axis=0).sum() / total))


def attainable_alpha(totals: np.ndarray, m: int, low: int, high: int) -> tuple[float, float]:
    """Bounds on alpha over all items with given row totals.

    The largest is attained: with items floor((total + j) / m), j = 0 ... m - 1, every pair of rows
    differs as evenly over the items as whole numbers can, which makes the sum of the item
    variances, a sum over pairs of rows, the smallest there is. The smallest is a bound: rows
    spread to the ends of the scale and items of equal means cannot vary more.

    Parameters
    ----------
    totals : numpy.ndarray of int, shape (n,)
        Row totals, m * score.
    m, low, high : int
        Items, lowest and highest response.

    Returns
    -------
    (float, float)
    """
    # Counted from the lowest response: alpha is the same, and far from zero squares lose digits.
    totals, counts = np.unique(np.asarray(totals, dtype=np.int64) - m * low, return_counts=True)
    low, high = 0, high - low
    n, mean = counts.sum(), counts @ totals / counts.sum()
    V = counts @ (totals - mean) ** 2
    even, rest = np.divmod(totals, m)
    # Item j has one point more than even in the rows whose rest is m - j or more.
    more = np.bincount(rest, counts, minlength=m)[::-1].cumsum()[:-1]
    sums = counts @ even + np.append(0.0, more) - n * mean / m
    squares = counts @ (m * (even - mean / m) ** 2 + rest * (2 * (even - mean / m) + 1))
    largest = m / (m - 1) * (1 - (squares - sums @ sums / n) / V)
    spread = counts @ most_squares(totals, m, low, high) - n * mean**2 / m
    return float(m / (m - 1) * (1 - spread / V)), float(largest)


def smallest_alpha(lattice: Lattice, sums: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """A bound below alpha over all items whose scores have these sums and sums of squares.

    Rows have the most squares with responses at the ends of the scale alone, which makes them a
    linear function of the total; items of equal sums have the least squares of these.
    """
    n, m = lattice.n, lattice.m
    sums, squares = (np.asarray(each, dtype=float) for each in lattice.from_zero(sums, squares))
    V = squares - np.square(sums, dtype=float) / n
    W = sums * (lattice.width // m) - np.square(sums, dtype=float) / (n * m)
    with np.errstate(divide="ignore"):
        return m / (m - 1) * (1 - W / V)


def alpha_bounds(
    lattice: Lattice, sums: tuple[int, int], sds: tuple[float, float]
) -> tuple[float, float]:
    """Bounds on alpha over all items whose scores have a sum and an SD.

    How many rows have each total is an integer program with the sum and the sum of squares as its
    constraints, which keeps what their parity and remainders leave out. Upwards: as in
    `attainable_alpha`, W - V / m is at least D, the sum over pairs of rows of r (m - r) / m over n,
    r the remainder by m of the difference of their totals. With G the least sum over rows of
    r (m - r) / m, r counted from one remainder for all, D >= G (1 - m G / ((m - 1) n)), since at
    least n - m G / (m - 1) rows have that remainder, and D >= G / 2, since every row is such a
    one to the rest. Two items attain it. Downwards: W is at most that of rows spread to the
    ends of the scale, with item sums as equal as whole numbers can be.

    Parameters
    ----------
    lattice : Lattice
        Of m items or more than one.
    sums : (int, int)
        First and last of the sums of the n totals.
    sds : (float, float)
        Smallest and largest sample SD, in scale units.

    Returns
    -------
    (float, float)
        Below and above which no items have an alpha; not every alpha between need be attained.
    """
    n, m = lattice.n, lattice.m
    if lattice.width >= MOST_TOTALS:
        return -np.inf, 1.0
    # Counted from the lowest total: alpha is the same, and far from zero squares lose digits.
    first, last = (total - n * lattice.low for total in sums)
    # V of totals that differ is 1 - 1 / n or more.
    v_low, v_high = (n - 1) * (m * np.maximum(sds, 0.0)) ** 2
    v_low = max(v_low, 1 - 1 / n)
    totals = np.arange(lattice.width + 1)
    middle, away = (first + last) / (2 * n), (last - first) / 2
    rows = np.stack([np.ones(len(totals)), totals - middle, (totals - middle) ** 2])
    lowest = np.array([n, -away - SLACK, v_low - SLACK])
    highest = np.array([n, away + SLACK, v_high + away**2 / n + SLACK])

    def least(costs: np.ndarray) -> float:
        return _least(costs, rows, lowest, highest, n) - SLACK

    G = np.inf if m <= FEW_ITEMS else 0.0
    for shift in range(m if m <= FEW_ITEMS else 0):
        remainders = (totals - shift) % m
        G = max(min(G, least(remainders * (m - remainders) / m)), 0.0)
        if G == 0:
            break
    D = G * max(1 - m * G / ((m - 1) * n), 0.5)
    # W - V by squares about the middle of the mean, of which items of equal means have the most.
    squares = most_squares(totals, m, 0, lattice.width // m)
    excess = squares - 2 * middle / m * totals + middle**2 / m - (totals - middle) ** 2
    uneven = np.arange(first, min(last, first + m - 1) + 1) % m
    F = away**2 / n - least(-excess) - (uneven * (m - uneven)).min() / (m * n)
    low = -m / (m - 1) * F / (v_low if F > 0 else v_high)
    return float(low - WIDER), min(float(1 - m / (m - 1) * D / v_high + WIDER), 1.0)


def most_squares(totals: np.ndarray, m: int, low: int, high: int) -> np.ndarray:
    """The largest sum of squares of m responses with each total: all but one at the ends."""
    at_top, rest = np.divmod(totals - m * low, high - low)
    between = (low + rest) ** 2 + np.maximum(m - at_top - 1, 0) * low**2
    return at_top * high**2 + np.where(at_top < m, between, 0)


def _least(
    costs: np.ndarray, rows: np.ndarray, lowest: np.ndarray, highest: np.ndarray, n: int
) -> float:
    """A bound below the cost of n whole numbers of values, between limits on sums over them."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    if n > FEW_ROWS:
        mean = least_mean(costs, rows[1:], lowest[1:] / n, highest[1:] / n)
        return n * (costs.min() if mean is None else mean)
    found = milp(
        costs,
        integrality=np.ones(len(costs)),
        bounds=Bounds(0, n),
        constraints=LinearConstraint(rows, lowest, highest),
        options={"node_limit": MOST_NODES},
    )
    bound = found.mip_dual_bound
    return n * costs.min() if bound is None or not np.isfinite(bound) else bound
