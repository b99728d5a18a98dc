"""Arrange a column's values so that its cross products with other columns are what is wanted.

The values stay; only who has them changes, so means, SDs and distributions are untouched.
Exchanging the values of two rows i, j of column y changes its cross product with column x by
-(y_i - y_j)(x_i - x_j), a whole number on a lattice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from retrace.synthetic.first_arrangement import lay_out

# Random exchanges compared at once.
EXCHANGES = 1024

# Rounds without progress before the exact search begins.
PATIENCE = 6

# Exchanges paired up: all against all where ranges are wanted, by hashing where one point is.
COMPARED = 400
HASHED = 50_000

# A window this wide, in cross products of standardised columns for each row, wants nothing: from -1
# to 1 it is two wide.
OPEN = 1.9

# Exchanges that annealing draws one from.
ANNEALED = 64

# Up to this many cross products two exchanges suffice; beyond it, four of so many small ones, of
# more after a few rounds.
TWO_SUFFICE = 5
FEW_ROUNDS = 4
QUARTERED = 1000
QUARTERED_LATER = 2000

# Beyond this many, hitting one point is hopeless, and ranges are aimed for.
EXACT_PRODUCTS = 10

# Rounds of pairing, each from another arrangement nearby.
ROUNDS = 24


@dataclass
class Effort:
    """Work that a search may still do, in exchanges looked at, singly or summed with others.

    Counted, not timed, so that the same is found on every machine. What begins with effort left
    is finished: the count may end a little below zero.
    """

    left: int

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return self.left <= 0

    def on(self, looked_at: int) -> None:
        """Take off what was looked at."""
        self.left -= looked_at


@dataclass(frozen=True)
class Window:
    """Wanted whole-number cross products of a column with each of c others: closed ranges.

    Attributes
    ----------
    low, high : numpy.ndarray, shape (c,)
    goal : numpy.ndarray, shape (c,), optional
        Where in the ranges to begin; their middle by default.
    """

    low: np.ndarray
    high: np.ndarray
    goal: np.ndarray | None = None

    def miss(self, products: np.ndarray) -> np.ndarray:
        """Signed distances to the window, zero inside."""
        return np.maximum(products - self.high, 0) - np.maximum(self.low - products, 0)


def arrange(
    values: np.ndarray,
    X: np.ndarray,
    window: Window,
    rng: np.random.Generator,
    effort: Effort,
    enough: Callable[[np.ndarray], bool] = lambda products: False,
) -> tuple[np.ndarray, bool]:
    """Arrange values so that `y @ X` falls into a window.

    Values are laid out by the ranks of a linear combination of the columns and noise, whose
    coefficients are corrected until the correlations are near; then single exchanges, the best
    of many at a time, descend; then two exchanges at once are looked for that together give
    what is missing.

    Parameters
    ----------
    values : numpy.ndarray of int, shape (n,)
    X : numpy.ndarray of int, shape (n, c)
        Columns already in place.
    window : Window
    rng : numpy.random.Generator
    effort : Effort
        What two exchanges at once may cost; single ones are always made.
    enough : callable
        Whether cross products that single exchanges have come to will do, in a window or not.

    Returns
    -------
    y : numpy.ndarray of int, shape (n,)
        A permutation of `values`.
    reached : bool
        Whether the cross products are in their windows, or enough; otherwise `y` is the nearest
        found.
    """
    if X.shape[1] == 0:
        return rng.permutation(values), True
    y = lay_out(values, X, window, rng)
    y, reached = descend(y, X, window, rng)
    return (y, True) if reached or enough(y @ X) else pair_up(y, X, window, rng, effort)


def anneal(
    X: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    rng: np.random.Generator,
    effort: Effort,
    steps: int = 4000,
) -> bool:
    """Rearrange all columns, in place, until all cross products are in their windows.

    Columns placed early have play left in their windows that the last ones need; with few rows
    and tight windows descent alone gets stuck. A step draws one exchange of a column from many
    with Boltzmann's weights (simulated annealing; Kirkpatrick et al. 1983), misses counted in
    half widths of their windows.

    Parameters
    ----------
    X : numpy.ndarray of int, shape (n, k)
    low, high : numpy.ndarray of int, shape (k, k)
        Symmetric; the diagonal is not looked at.
    rng : numpy.random.Generator
    effort : Effort
    steps : int
        Fewer where less effort is left.

    Returns
    -------
    bool
        Whether they are.
    """
    (n, k), window = X.shape, Window(low, high)
    unit = _half_widths(X, low, high)
    products = X.T @ X
    steps = max(min(steps, effort.left // (ANNEALED * k)), 0)
    effort.on(steps * ANNEALED * k)
    for temperature in np.geomspace(2.0, 0.02, steps):
        missing = window.miss(products)
        np.fill_diagonal(missing, 0)
        if not missing.any():
            return True
        # Mostly a column that misses something; any other now and then makes room for it.
        wanting = np.flatnonzero(missing.any(axis=1))
        c = int(rng.choice(wanting)) if rng.random() < 0.7 else int(rng.integers(k))
        i, j = rng.integers(0, n, (2, ANNEALED))
        change = (X[j, c] - X[i, c])[:, None] * (X[i] - X[j])
        change[:, c] = 0
        change[0] = 0  # staying is an exchange of nothing
        row = Window(low[c], high[c])
        misses = row.miss(products[c] + change) / unit[c]
        misses[:, c] = 0
        costs = (misses**2).sum(axis=1)
        pick = int(np.argmin(costs / temperature + np.log(rng.exponential(size=ANNEALED))))
        if pick > 0:
            X[i[pick], c], X[j[pick], c] = X[j[pick], c], X[i[pick], c]
            products[c] += change[pick]
            products[:, c] = products[c]
    missing = window.miss(products)
    np.fill_diagonal(missing, 0)
    return not missing.any()


def _half_widths(X: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """What a miss of each cross product is measured in: half a window that is typical of all."""
    spread = X.std(axis=0)
    widths = (high - low + 1) / np.outer(spread, spread)
    narrow = widths < OPEN * len(X)
    return np.outer(spread, spread) * np.median(widths[narrow] if narrow.any() else widths) / 2


def descend(
    y: np.ndarray, X: np.ndarray, window: Window, rng: np.random.Generator
) -> tuple[np.ndarray, bool]:
    """Make the best of many random exchanges until nothing is missing or nothing helps."""
    y, n = y.copy(), len(y)
    weight = 1 / np.maximum(X.std(axis=0), 1e-12)
    products = y @ X
    cost = ((window.miss(products) * weight) ** 2).sum()
    idle = 0
    while cost > 0 and idle < PATIENCE:
        i, j = rng.integers(0, n, (2, EXCHANGES))
        change = (y[j] - y[i])[:, None] * (X[i] - X[j])
        costs = ((window.miss(products + change) * weight) ** 2).sum(axis=1)
        best = int(np.argmin(costs))
        if costs[best] < cost:
            y[i[best]], y[j[best]] = y[j[best]], y[i[best]]
            products, cost, idle = products + change[best], costs[best], 0
        else:
            idle += 1
    return y, bool(cost == 0)


def pair_up(
    y: np.ndarray, X: np.ndarray, window: Window, rng: np.random.Generator, effort: Effort
) -> tuple[np.ndarray, bool]:
    """Look for two exchanges that together put every cross product into its window."""
    pairs = len(y) * (len(y) - 1) // 2
    ranges = (window.high > window.low).all() or pairs <= COMPARED
    for attempt in range(ROUNDS):
        if effort.spent:
            break
        if ranges or X.shape[1] > EXACT_PRODUCTS:
            search, cost = _compare, COMPARED**2
        elif X.shape[1] <= TWO_SUFFICE:
            search, cost = _match, min(pairs, HASHED)
        else:
            count = QUARTERED if attempt < FEW_ROUNDS else QUARTERED_LATER
            search, cost = partial(_match_four, count=count), min(pairs, count) ** 2 // 2
        start = y if attempt == 0 else _kick(y, X, window, rng)
        found = search(start, X, window, rng)
        effort.on(cost)
        if found is not None:
            return found, True
    return y, False


def _compare(
    y: np.ndarray, X: np.ndarray, window: Window, rng: np.random.Generator
) -> np.ndarray | None:
    """All pairs of the most promising exchanges, compared with the window."""
    i, j = _pairs(y, rng)
    change = (y[j] - y[i])[:, None] * (X[i] - X[j])
    weight = 1 / np.maximum(X.std(axis=0), 1e-12)
    products = y @ X
    costs = ((window.miss(products + change) * weight) ** 2).sum(axis=1)
    near = np.argsort(costs, kind="stable")[:COMPARED]
    i, j, change = i[near], j[near], change[near]
    inside = np.ones((len(near), len(near)), dtype=bool)
    for d in range(X.shape[1]):
        sums = products[d] + change[:, d] + change[:, d, None]
        inside &= (sums >= window.low[d]) & (sums <= window.high[d])
    return _exchange(y, i, j, np.argwhere(inside))


def _match(
    y: np.ndarray, X: np.ndarray, window: Window, rng: np.random.Generator
) -> np.ndarray | None:
    """A pair of exchanges that together change the cross products by exactly what is missing.

    Changes are hashed linearly, so that hash(a) + hash(b) = hash(a + b): sorting one list and
    looking up what is missing from the other compares every pair of exchanges at once.
    """
    i, j = _pairs(y, rng)
    change = (y[j] - y[i])[:, None] * (X[i] - X[j])
    odd = _odd_numbers(X.shape[1], rng)
    missing = -window.miss(y @ X)
    first, second = _adding_up(_hash(change, odd), _hash(missing[None], odd)[0])
    exact = (change[first] + change[second] == missing).all(axis=1)
    return _exchange(y, i, j, np.column_stack([first, second])[exact])


def _match_four(
    y: np.ndarray, X: np.ndarray, window: Window, rng: np.random.Generator, count: int
) -> np.ndarray | None:
    """Like `_match`, with four of the smallest exchanges, two on either side of the equation."""
    i, j = _pairs(y, rng)
    change = (y[j] - y[i])[:, None] * (X[i] - X[j])
    size = (np.abs(change) / np.maximum(X.std(axis=0), 1e-12)).sum(axis=1)
    small = np.argsort(size, kind="stable")[:count]
    i, j, change = i[small], j[small], change[small]
    one, two = np.triu_indices(len(small), 1)
    odd = _odd_numbers(X.shape[1], rng)
    single = _hash(change, odd)
    missing = -window.miss(y @ X)
    first, second = _adding_up(single[one] + single[two], _hash(missing[None], odd)[0])
    return _exchange(y, i, j, np.column_stack([one[first], two[first], one[second], two[second]]))


def _adding_up(keys: np.ndarray, total: np.uint64) -> tuple[np.ndarray, np.ndarray]:
    """Indices of pairs of keys that add up to a total; of equal keys, one is enough.

    What is missing from sorted keys is sorted too, but for one wrap at 2**64, so that looking it
    up walks through memory once instead of jumping about.
    """
    order = np.argsort(keys)
    ascending = keys[order]
    rest = total - ascending
    at = np.minimum(np.searchsorted(ascending, rest), len(keys) - 1)
    found = np.flatnonzero(ascending[at] == rest)
    found = found[np.argsort(order[found])]
    return order[found], order[at[found]]


def _exchange(
    y: np.ndarray, i: np.ndarray, j: np.ndarray, choices: np.ndarray
) -> np.ndarray | None:
    """Make the first choice of exchanges of which no two concern the same row."""
    rows = np.sort(np.concatenate([i[choices], j[choices]], axis=1), axis=1)
    apart = np.flatnonzero((np.diff(rows, axis=1) > 0).all(axis=1))
    if len(apart) == 0:
        return None
    y = y.copy()
    for one in choices[apart[0]]:
        y[i[one]], y[j[one]] = y[j[one]], y[i[one]]
    return y


def _pairs(y: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    n = len(y)
    if n * (n - 1) // 2 <= HASHED:
        i, j = np.triu_indices(n, 1)
    else:
        i, j = rng.integers(0, n, (2, HASHED))
    useful = y[i] != y[j]
    return i[useful], j[useful]


def _odd_numbers(count: int, rng: np.random.Generator) -> np.ndarray:
    return rng.integers(1, 2**62, count, dtype=np.uint64) * np.uint64(2) + np.uint64(1)


def _hash(change: np.ndarray, multipliers: np.ndarray) -> np.ndarray:
    return (change.astype(np.uint64) * multipliers).sum(axis=1, dtype=np.uint64)


def _kick(y: np.ndarray, X: np.ndarray, window: Window, rng: np.random.Generator) -> np.ndarray:
    """One of the better random exchanges, so that the exact search starts elsewhere nearby."""
    i, j = rng.integers(0, len(y), (2, EXCHANGES))
    change = (y[j] - y[i])[:, None] * (X[i] - X[j])
    weight = 1 / np.maximum(X.std(axis=0), 1e-12)
    costs = ((window.miss(y @ X + change) * weight) ** 2).sum(axis=1)
    moved = np.flatnonzero(change.any(axis=1))
    if len(moved) == 0:
        return y
    best = moved[np.argsort(costs[moved], kind="stable")[: max(1, len(moved) // 50)]]
    pick = int(rng.choice(best))
    y = y.copy()
    y[i[pick]], y[j[pick]] = y[j[pick]], y[i[pick]]
    return y
