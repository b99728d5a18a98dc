"""What assumed means and item counts change, and what they cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr

from retrace.regression.diagnostics import residual_diagnostics
from retrace.regression.ordinal import ordered_regression
from retrace.synthesis.fidelity import check_data
from retrace.synthesis.likert import LikertSampler
from retrace.synthesis.target import InfeasibleTargetError, LikertTarget

if TYPE_CHECKING:
    import pandas as pd

# Assumptions that are varied.
MEANS = (3.0, 4.0, 5.0)
ITEMS = (1, 2, 3, 4, 5)

# Statistics in the units of a scale; every other is the same for a X + c as for X, by algebra.
IN_SCALE_UNITS = frozenset({"mean", "sd", "b", "se", "ci_low", "ci_high"})

# What decisions are counted by.
GROUPS = ("hypothesis", "analysis", "mean", "items")

# Shift and stretches, different for every column, by which that is shown on data.
SHIFT, STRETCH = -1.7, (0.7, 1.6)


@dataclass(frozen=True)
class Expected:
    """A hypothesis: the sign of one predictor's effect in a regression."""

    name: str
    term: str
    outcome: str
    predictors: tuple[str, ...]
    sign: int


@dataclass(frozen=True)
class Variation:
    """Data under one set of assumptions."""

    mean: float
    items: int
    draw: int
    scores: np.ndarray


def vary_assumptions(
    target: LikertTarget,
    draws: int,
    stream: Callable[[int], np.random.Generator],
    means: Sequence[float] = MEANS,
    items: Sequence[int] = ITEMS,
    refused: Callable[[float, int, InfeasibleTargetError], None] | None = None,
) -> Iterator[Variation]:
    """Data sets under every combination of an assumed mean and number of items.

    Printed means stay; assumed ones are replaced.

    Parameters
    ----------
    target : LikertTarget
    draws : int
        Data sets for each combination.
    stream : callable
        Random stream of a data set by its number.
    means, items : sequences
        What is assumed in turn.
    refused : callable, optional
        Told of a mean, a number of items, and why no responses can have them. Such a combination
        is left out: what cannot be is no assumption to be sensitive to.
    """
    for i, (mean, m) in enumerate((mean, m) for mean in means for m in items):
        try:
            sampler = LikertSampler(target.assuming(mean=mean, items=m))
        except InfeasibleTargetError as error:
            if refused:
                refused(mean, m, error)
            continue
        for draw in range(draws):
            yield Variation(mean, m, draw, sampler.draw(stream(i * draws + draw)).data)


def decide_variations(
    target: LikertTarget,
    variations: Sequence[Variation],
    hypotheses: Sequence[Expected],
    alpha: float,
) -> pd.DataFrame:
    """Decisions on every hypothesis under every assumption and analysis.

    Returns
    -------
    DataFrame
        hypothesis, analysis (OLS, OLS alone, HC3, ordinal logit), mean, items, data_sets,
        supported (how many of them), smallest_p, largest_p. Data whose categories the predictors
        separate have no ordinal estimate; the data sets of the ordinal logit are those that do.
    """
    rows = [
        (expected.name, analysis, variation.mean, variation.items, p, p <= alpha and right)
        for variation in variations
        for expected in hypotheses
        for analysis, p, right in _analyses(target, variation.scores, expected)
    ]
    return decision_table(rows)


def decision_table(rows: Sequence[tuple]) -> pd.DataFrame:
    """Decisions of single data sets, `GROUPS`, p and whether supported, counted by `GROUPS`."""
    import pandas as pd

    columns = [*GROUPS, "p", "supported"]
    groups = pd.DataFrame(rows, columns=columns).groupby(list(GROUPS), sort=False)
    return groups.agg(
        data_sets=("p", "size"),
        supported=("supported", "sum"),
        smallest_p=("p", "min"),
        largest_p=("p", "max"),
    ).reset_index()


def compare_variations(target: LikertTarget, variations: Sequence[Variation]) -> pd.DataFrame:
    """What each printed statistic becomes under the assumptions.

    Returns
    -------
    DataFrame
        statistic, term, printed; smallest and largest value over the data sets; data_sets, and
        how many of them print the same; and `rescaled`: the largest change when the same data
        are shifted and stretched to another mean and SD, which is rounding error for everything
        that cannot depend on them.
    """
    import pandas as pd

    rows = []
    for variation in variations:
        changed = variation.scores * np.linspace(*STRETCH, target.k) + SHIFT
        pairs = zip(check_data(target, variation.scores), check_data(target, changed), strict=True)
        rows += [
            (
                *(row.statistic, row.term, row.printed.text, row.achieved, row.matched),
                abs(again.achieved - row.achieved),
            )
            for row, again in pairs
        ]
    columns = ["statistic", "term", "printed", "achieved", "matched", "change"]
    groups = pd.DataFrame(rows, columns=columns).groupby(columns[:3], sort=False)
    table = groups.agg(
        smallest=("achieved", "min"),
        largest=("achieved", "max"),
        data_sets=("matched", "size"),
        print_the_same=("matched", "sum"),
        rescaled=("change", "max"),
    ).reset_index()
    table.insert(3, "in_scale_units", table["statistic"].isin(IN_SCALE_UNITS))
    # Rounding error differs between machines; below this it is none.
    table["rescaled"] = table["rescaled"].where(table["rescaled"] > 1e-9, 0.0)
    return table


def _analyses(target: LikertTarget, scores: np.ndarray, expected: Expected):
    y = scores[:, target.names.index(expected.outcome)]
    X = scores[:, [target.names.index(name) for name in expected.predictors]]
    j = expected.predictors.index(expected.term)
    joint, alone = residual_diagnostics(X, y), residual_diagnostics(X[:, [j]], y)
    df = len(y) - X.shape[1] - 1
    for analysis, t, degrees in (
        ("OLS", joint.t[j + 1], df),
        ("OLS alone", alone.t[1], len(y) - 2),
        ("HC3", joint.t_hc3[j + 1], df),
    ):
        yield analysis, float(2 * stdtr(degrees, -abs(t))), bool(t * expected.sign > 0)
    try:
        logit = ordered_regression(y, X)
    except ArithmeticError:  # the likelihood has no maximum
        return
    yield "ordinal logit", float(logit.p[j]), bool(logit.coefficients[j] * expected.sign > 0)
