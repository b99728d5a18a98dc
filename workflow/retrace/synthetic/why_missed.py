"""Why synthetic data miss a printed statistic, proven where it can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrace.printed.numbers import Printed
from retrace.printed.regression import PrintedRegression
from retrace.synthetic.alphas import attainable_alpha
from retrace.synthetic.attainable import all_printed_moments
from retrace.synthetic.contradictions import conflict_of
from retrace.synthetic.fidelity import Fidelity
from retrace.synthetic.integer_moments import correlation_steps
from retrace.synthetic.product_columns import mean_bounds
from retrace.synthetic.target import LikertTarget, ProductColumn

if TYPE_CHECKING:
    import pandas as pd

# Pairs of marginal distributions that are looked through for a proof.
MOST_PAIRS = 4_000_000

# What double precision may lose on a cross product, beside its size and relative to it.
SLACK, ROUNDING = 1e-6, 1e-14

NOT_FOUND = "not found by the search; no proof that there is none"
# Of what products print, which no column of their own is drawn for.
NOT_ARRANGED = f"not found among the joint distributions of the factors drawn; {NOT_FOUND}"


class Reason(NamedTuple):
    """Why data miss a statistic, and whether that is proven of all responses."""

    why: str
    proven: bool = False


class Unmet(NamedTuple):
    """A printed statistic that data miss, a row of the table of these.

    `half_widths_away` is how far `achieved` is from it; NaN, both, where nothing is drawn.
    """

    statistic: str
    term: str
    printed: str
    achieved: float
    half_widths_away: float
    why: str
    proven: bool


def unmet_frame(
    target: LikertTarget, missed: Sequence[Fidelity], scores: np.ndarray
) -> pd.DataFrame:
    """What data miss, how close they come, and why.

    Parameters
    ----------
    target : LikertTarget
    missed : sequence of Fidelity
    scores : numpy.ndarray, shape (n, k)
        The data, in scale units; none where none are drawn.

    Returns
    -------
    DataFrame
        A row an `Unmet`. Where nothing is drawn and nothing is printed that data could miss, one
        row says why.
    """
    import pandas as pd

    columns = list(Unmet._fields)
    if why := target.why_not_drawn:
        rows = [
            Unmet(row.statistic, row.term, row.printed.text, np.nan, np.nan, why, False)
            for row in missed
        ] or [Unmet("", "every statistic", "", np.nan, np.nan, why, False)]
        return pd.DataFrame(rows, columns=columns)
    of_models = {row.model for row in missed}
    conflicts = {
        model.name: stated_conflict(target, model)
        for model in target.models
        if model.name in of_models
    }
    rows = [
        Unmet(
            *(row.statistic, row.term, row.printed.text, row.achieved, row.distance),
            *_reason(target, row, conflicts, scores),
        )
        for row in missed
    ]
    return pd.DataFrame(rows, columns=columns)


def with_rows(unmet: pd.DataFrame, rows: Sequence[Unmet]) -> pd.DataFrame:
    """A table of what is unmet with more rows below."""
    import pandas as pd

    if not rows:
        return unmet
    more = pd.DataFrame(rows, columns=list(Unmet._fields))
    return pd.concat([unmet, more], ignore_index=True) if len(unmet) else more


def stated_conflict(target: LikertTarget, model: PrintedRegression) -> str:
    """The printed numbers of a model that no correlation matrix gives together, or nothing."""
    conflict = conflict_of(target, model)
    if not conflict:
        return ""
    numbers = ", ".join(f"{each.statistic} {each.printed} of {each.term}" for each in conflict)
    together = " together" if len(conflict) > 1 else ""
    return f"no correlation matrix that prints like this one gives {numbers}{together}"


def no_product_prints(target: LikertTarget, row: str, column: str, cell: Printed) -> bool:
    """Whether a correlation is proven unreachable with the printed means and SDs.

    Every pair of sums and sums of squares that print them is looked at, ties included: is there a
    whole number between the cross products at the two ends of the printed correlation? Nothing is
    proven where a mean or an SD is assumed, or there are too many pairs to look at all.
    """
    one, other = (all_printed_moments(target, target.names.index(name)) for name in (row, column))
    if one is None or other is None:
        return False
    (s, q), (u, v) = one, other
    if len(s) * len(u) > MOST_PAIRS:
        return False
    n = target.n
    scale = np.sqrt(np.outer(_spread(n, s, q), _spread(n, u, v)))
    shift = np.outer(s / n, u)
    slack = SLACK + ROUNDING * (scale + np.abs(shift))
    low, high = cell.interval
    none = np.ceil(low * scale + shift - slack) > np.floor(high * scale + shift + slack)
    return bool(none.all())


def _spread(n: int, sums: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """Sums of squares about the mean, from whole numbers without loss."""
    exact = n * squares.astype(object) - sums.astype(object) ** 2
    return exact.astype(float) / n


def _reason(
    target: LikertTarget, row: Fidelity, conflicts: dict[str, str], scores: np.ndarray
) -> Reason:
    if row.statistic == "alpha":
        return Reason(_why_alpha(target, row, scores))
    derived = {each.name: each for each in target.products}
    if row.statistic in ("mean", "sd"):
        product = derived.get(row.of[0])
        return _why_product(target, row, product) if product else Reason(NOT_FOUND)
    if row.statistic == "r":
        one, two = row.of
        if derived.keys() & {one, two}:
            return Reason(NOT_ARRANGED)
        if no_product_prints(target, one, two, row.printed):
            return _proven(
                "no responses with the printed means and SDs have a cross product that prints this"
            )
        columns = [target.names.index(one), target.names.index(two)]
        return Reason(_coarse(target, columns) or NOT_FOUND)
    if conflicts[row.model]:
        return _proven(conflicts[row.model])
    model = next(each for each in target.models if each.name == row.model)
    columns = [target.names.index(each) for each in (*model.predictors, model.outcome)]
    if derived.keys() & {*model.predictors, model.outcome}:
        return Reason(NOT_ARRANGED)
    coarse = _coarse(target, columns)
    return Reason(f"{coarse}; {NOT_FOUND}" if coarse else NOT_FOUND)


def _why_product(target: LikertTarget, row: Fidelity, product: ProductColumn) -> Reason:
    """Why the mean or the SD of a product is missed: its mean follows from what is printed."""
    ends = mean_bounds(target, product) if row.statistic == "mean" else None
    if ends is None or row.printed.meets(*ends):
        return Reason(NOT_ARRANGED)
    low, high = ends
    return _proven(
        f"the means, SDs and correlation of {' and '.join(product.factors)} give its mean, from "
        f"{low:.4g} to {high:.4g}"
    )


def _proven(why: str) -> Reason:
    """A reason that holds for all responses."""
    return Reason(f"proven: {why}", True)


def _why_alpha(target: LikertTarget, row: Fidelity, scores: np.ndarray) -> str:
    """What the scores drawn allow, which is no proof: other scores print the same."""
    column = target.names.index(row.of[0])
    m = int(target.items[column])
    totals = np.rint(scores[:, column] * m).astype(np.int64)
    measure = target.measures[column]
    low, high = attainable_alpha(totals, m, measure.low, measure.high)
    if row.printed.meets(low, high):
        return NOT_FOUND
    return f"items of the scores drawn have an alpha from {low:.3f} to {high:.3f}; {NOT_FOUND}"


def _coarse(target: LikertTarget, columns: Sequence[int]) -> str:
    """Says so where a correlation of these columns moves in steps wider than its print."""
    derived = {each.name for each in target.products}
    steps = correlation_steps(target)
    wide = [
        steps[i, j]
        for one, two, cell in target.correlations
        for i, j in [(target.names.index(one), target.names.index(two))]
        if {i, j} <= set(columns)
        and derived.isdisjoint((one, two))
        and steps[i, j] > 2 * cell.half_width
    ]
    if not wide:
        return ""
    return f"on this lattice correlations move in steps of up to {max(wide):.2g}, wider than print"
