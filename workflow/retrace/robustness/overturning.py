"""The smallest change of each kind that overturns a decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from retrace.checks.regression.recomputed import t_from_partial
from retrace.decisions import Hypothesis, supported_by_t, word
from retrace.estimators.least_squares import critical_t, degrees_of_freedom, ols_from_correlations
from retrace.estimators.measurement import correct_for_method_variance, correct_for_unreliability
from retrace.matrices.envelope import envelopes
from retrace.robustness.suppression import fit_subsets, subsets_with

if TYPE_CHECKING:
    import pandas as pd

LOWEST_RELIABILITY = 0.3
HIGHEST_MARKER = 0.6
WIDEST_CHANGE = 0.5
LARGEST_N = 1_000_000
STEP = 0.0005
_STEPS = 60
_HALVINGS = 40
# Of an amount by which correlations change.
TOLERANCE = 1e-7
# Amounts that are proven and found are told apart from this share of them on.
_SAME = 1e-3
# Boxes to examine for each amount.
_BOXES = 60


class Overturning(NamedTuple):
    """The smallest change of one kind that overturns a decision, a row of `overturning.csv`.

    Attributes
    ----------
    hypothesis, change : str
        `change` is its kind.
    decision : str
        As it is now.
    from_, to : float
        What is changed, as it is and where the decision is another: NaN where it is so nowhere in
        the range searched.
    detail : str
    """

    hypothesis: str
    change: str
    decision: str
    from_: float
    to: float
    detail: str


# A word of Python's cannot be a field without a line below it.
OVERTURNING_COLUMNS = tuple(name.removesuffix("_") for name in Overturning._fields)


def first_crossing(holds: Callable[[float], bool | None], start: float, end: float) -> float:
    """Where `holds` first differs from its value at `start` on the way to `end`; NaN if nowhere.

    A coarse scan (60 steps) finds the interval, halving the place. Where `holds` is None there is
    nothing to decide any more: that turns no decision, and the way ends there.
    """
    before = holds(start)
    previous = start
    for value in np.linspace(start, end, _STEPS + 1)[1:]:
        now = holds(value)
        if now != before:
            low, high, turned = previous, value, now is not None
            for _ in range(_HALVINGS):
                middle = (low + high) / 2.0
                now = holds(middle)
                if now == before:
                    low = middle
                else:
                    high, turned = middle, turned or now is not None
            return float(high) if turned else float("nan")
        previous = value
    return float("nan")


def overturning_table(
    R: ArrayLike,
    n: int,
    names: Sequence[str],
    outcome: str,
    hypotheses: Sequence[Hypothesis],
    level: float,
) -> pd.DataFrame:
    """For each hypothesis, the smallest change of every kind that turns its decision round.

    Kinds: the reliability of all constructs; a marker correlation; all correlations at once, each
    by up to the amount given, in the worst direction; one correlation alone; the sample size with
    the same correlations; predictors left out. That no smaller change of all correlations does it
    is proven; where the smallest that was found to is larger, as near singular matrices, `detail`
    has that.

    Returns
    -------
    pandas.DataFrame
        Rows of `Overturning`, with `OVERTURNING_COLUMNS`.
    """
    import pandas as pd

    R = np.asarray(R, dtype=float)
    names = list(names)
    rows = []
    for hypothesis in hypotheses:
        j = names.index(hypothesis.term)
        fit = ols_from_correlations(R, n)
        now = bool(supported_by_t(fit.t[j], hypothesis.sign, fit.df, level))

        def add(
            change: str,
            start: float,
            end: float,
            detail: str = "",
            own: tuple[str, str] = (hypothesis.name, word(now)),
        ) -> None:
            rows.append(Overturning(own[0], change, own[1], start, end, detail))

        add("reliability of all constructs", 1.0, _reliability(R, n, j, hypothesis.sign, level))
        add("marker correlation", 0.0, _marker(R, n, j, hypothesis.sign, level))
        add("every correlation, by up to", 0.0, *_every_cell(R, n, j, hypothesis.sign, level))
        start, end, cell = _one_cell(R, n, j, hypothesis.sign, level)
        label = [*names, outcome]
        add("one correlation", start, end, f"{label[cell[0]]} and {label[cell[1]]}" if cell else "")
        add("sample size", float(n), _sample_size(R, n, j, hypothesis.sign, level))
        left_out = _left_out(R, n, j, hypothesis.sign, level)
        detail = "" if left_out is None else ", ".join(names[i] for i in left_out)
        count = float("nan") if left_out is None else float(len(left_out))
        add("predictors left out", 0.0, count, detail)
    return pd.DataFrame(rows, columns=OVERTURNING_COLUMNS)


def _reliability(R: np.ndarray, n: int, j: int, sign: int, level: float) -> float:
    def holds(reliability: float) -> bool | None:
        found = correct_for_unreliability(R, n, np.full(len(R), reliability))
        if np.isnan(found.t[j]):  # no correlation matrix any more: no decision to turn
            return None
        return bool(supported_by_t(found.t[j], sign, found.df, level))

    return first_crossing(holds, 1.0, LOWEST_RELIABILITY)


def _marker(R: np.ndarray, n: int, j: int, sign: int, level: float) -> float:
    def holds(marker: float) -> bool | None:
        found = correct_for_method_variance(R, n, marker)
        if np.isnan(found.t[j]):  # no correlation matrix any more: no decision to turn
            return None
        return bool(supported_by_t(found.t[j], sign, found.df, level))

    return first_crossing(holds, 0.0, HIGHEST_MARKER)


def _every_cell(R: np.ndarray, n: int, j: int, sign: int, level: float) -> tuple[float, str]:
    """Amount below which no matrix, no cell further away than this, decides otherwise: proven; and
    in words where one was found that does, if not there.
    """
    df = degrees_of_freedom(n, len(R) - 1)
    cells = R[np.triu_indices(len(R), 1)]
    critical = sign * critical_t(level, df)
    t = ols_from_correlations(R, n).t[j]
    worst = 0 if bool(supported_by_t(t, sign, df, level)) == (sign > 0) else 1
    turned = []  # largest changes of cells of matrices that decide otherwise

    @cache
    def beyond(amount: float) -> np.ndarray:
        found = envelopes(cells - amount, cells + amount, [("rho", j)], budget=_BOXES)
        ends = t_from_partial(np.array([found.safe[0, worst], found.tight[0, worst]]), df)
        # rho can reach 1, where t has no value.
        ends = np.clip(ends, -1e9, 1e9) - critical
        if ends[1] * (t - critical) < 0:
            turned.append(float(np.abs(found.witnesses[0, worst] - cells).max()))
        return ends

    proven = _first_root(lambda amount: float(beyond(amount)[0]))
    found = _first_root(lambda amount: float(beyond(amount)[1]))
    if found - proven <= _SAME * found:
        return found + 2 * TOLERANCE, ""
    found = min(turned, default=np.nan)
    detail = f"none found up to {WIDEST_CHANGE:g}" if np.isnan(found) else f"found at {found:.4g}"
    return max(proven - TOLERANCE, 0.0), "" if np.isnan(proven) else detail


def _first_root(beyond: Callable[[float], float]) -> float:
    """Root of a function of an amount, sought upwards; NaN where it keeps its sign."""
    from scipy.optimize import brentq

    low, high, start = 0.0, 0.01, beyond(0.0)
    while beyond(high) * start > 0:
        low, high = high, 2.0 * high
        if high > WIDEST_CHANGE:
            return float("nan")
    return float(brentq(beyond, low, high, xtol=TOLERANCE))


def _one_cell(
    R: np.ndarray, n: int, j: int, sign: int, level: float
) -> tuple[float, float, tuple[int, int] | None]:
    """The cell that needs the least change, its printed value and the one that overturns.

    Changes are tried in steps of 0.0005, the half width of a correlation printed to 3 decimals,
    until no correlation matrix is left.
    """
    a, b = np.triu_indices(len(R), 1)
    df = degrees_of_freedom(n, len(R) - 1)
    now = bool(supported_by_t(ols_from_correlations(R, n).t[j], sign, df, level))
    # Smallest changes first; of each cell upwards and downwards.
    amounts = STEP * np.arange(1, round(WIDEST_CHANGE / STEP) + 1)
    changes = np.multiply.outer(amounts, [1.0, -1.0])[:, :, None]
    rho, definite = partials_with_one_changed(R, j, a, b, changes)
    turned = definite & (supported_by_t(t_from_partial(rho, df), sign, df, level) != now)
    if not turned.any():
        return float("nan"), float("nan"), None
    step, way, cell = np.argwhere(turned)[0]
    at = int(a[cell]), int(b[cell])
    return float(R[at]), round(float(R[at] + changes[step, way, 0]), 6), at


def partials_with_one_changed(
    R: np.ndarray, j: int, a: np.ndarray, b: np.ndarray, changes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Partial correlation of predictor j and the outcome after the change of one correlation.

    A cell and its mirror change R by a matrix of rank 2, for which the inverse has a closed form
    (Woodbury's; Hager 1989, eq. 2).

    Parameters
    ----------
    R : ndarray, shape (p, p)
        Outcome last.
    j : int
    a, b : ndarray of int, shape (m,)
        Rows and columns of the cells.
    changes : ndarray, shape (s, ..., 1) or (s, ..., m)
        Not 0, growing in size along the first axis.

    Returns
    -------
    rho : ndarray, shape (s, ..., m)
        NaN where the matrix is not positive definite.
    definite : ndarray of bool, shape (s, ..., m)
        Whether the matrix of this change, and of all smaller ones, is.
    """
    P = np.linalg.inv(R)
    y = len(R) - 1
    # The determinant's share that is left; R stays definite until that first falls to zero.
    share = (1.0 + changes * P[a, b]) ** 2 - changes**2 * P[a, a] * P[b, b]
    definite = np.logical_and.accumulate(share > 1e-10, axis=0)
    slope, curve = changes * (1.0 + changes * P[a, b]), changes**2
    share = np.where(definite, share, np.nan)

    def updated(x: int, z: int) -> np.ndarray:
        mixed = P[x, a] * P[b, z] + P[x, b] * P[a, z]
        own = P[b, b] * P[x, a] * P[a, z] + P[a, a] * P[x, b] * P[b, z]
        return P[x, z] - (slope * mixed - curve * own) / share

    rho = -updated(j, y) / np.sqrt(updated(j, j) * updated(y, y))
    return rho, definite


def _sample_size(R: np.ndarray, n: int, j: int, sign: int, level: float) -> float:
    """Nearest sample size with the other decision, the correlations unchanged."""
    k = len(R) - 1
    fit = ols_from_correlations(R, n)
    rho = fit.t[j] / np.sqrt(fit.t[j] ** 2 + fit.df)

    def holds(size: int) -> bool:
        df = size - k - 1
        return bool(supported_by_t(t_from_partial(rho, df), sign, df, level))

    low, high = k + 2, LARGEST_N
    # Support grows with n: find the first size that has it.
    if not holds(high):
        return float("nan")
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    if not holds(n):
        return float(low)
    return float(low - 1) if low > k + 2 else float("nan")


def _left_out(R: np.ndarray, n: int, j: int, sign: int, level: float) -> list[int] | None:
    """The fewest predictors whose omission turns the decision round."""
    k = len(R) - 1
    subsets = subsets_with(j, k)
    found = fit_subsets(R, n, j, subsets)
    df = np.array([n - len(subset) - 1 for subset in subsets])
    supported = supported_by_t(found[:, 2], sign, df, level)
    full = max(range(len(subsets)), key=lambda row: len(subsets[row]))
    turned = [subsets[row] for row in np.flatnonzero(supported != supported[full])]
    if not turned:
        return None
    largest = max(turned, key=len)
    return [i for i in range(k) if i not in largest]
