"""Specifications: every defensible analysis of each hypothesis, in one table.

A specification curve (Simonsohn, Simmons and Nelson 2020) over analyses that the printed
correlations, and data synthesised from them, allow. Families: rounding, equations as written,
predictors, errors and estimators, method variance, reliability.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrace.regression.decisions import NOT_ATTAINABLE, SUPPORTED, Hypothesis, word
from retrace.regression.envelope import envelopes
from retrace.regression.matrix import ols_from_correlations
from retrace.regression.measurement import (
    correct_for_method_variance,
    correct_for_unreliability,
    reliability_grid,
)
from retrace.regression.printed_model import PrintedModel
from retrace.regression.suppression import fit_subsets, subsets_with
from retrace.rounding_box import matrices

SPECIFICATION_COLUMNS = (
    "hypothesis",
    "family",
    "specification",
    "estimate",
    "se",
    "p",
    "decision",
    "df",
    "problem",
)
ROBUSTNESS_COLUMNS = (
    "hypothesis",
    "family",
    "specifications",
    "supported",
    "share",
    "not_attainable",
)

ROUNDING = "rounding"
EQUATION = "equation as written"
PREDICTORS = "predictors"
ERRORS = "errors and estimators"
METHOD_VARIANCE = "method variance"
RELIABILITY = "reliability, common"
RELIABILITY_EACH = "reliability, each"
FAMILIES = (
    EQUATION,
    ROUNDING,
    PREDICTORS,
    ERRORS,
    METHOD_VARIANCE,
    RELIABILITY,
    RELIABILITY_EACH,
)
ALL_FAMILIES = "all"

# From the analysis as reported, which is the first of each, to the limits of what is plausible.
MARKERS = np.round(np.arange(0.0, 0.301, 0.05), 2)
RELIABILITIES = np.round(np.arange(1.0, 0.599, -0.05), 2)
LOWEST_RELIABILITY = 0.6
RELIABILITY_POINTS = 64

NO_CORRELATION_MATRIX = "the adjusted correlations are no correlation matrix"
NO_DEGREES_OF_FREEDOM = "no degrees of freedom are left"


def _row(hypothesis: Hypothesis, family, specification, numbers, df, alpha, problem=""):
    """One specification; `numbers` are estimate, standard error and p, NaN where there are none."""
    estimate, se, p = (float(number) for number in numbers)
    if np.isnan(p):
        decision = NOT_ATTAINABLE
        estimate = se = p
    else:
        decision = word(bool(estimate * hypothesis.sign > 0 and p <= alpha))
        problem = ""
    own = (hypothesis.name, family, specification)
    return (*own, estimate, se, p, decision, int(df), problem)


def from_correlations(model: PrintedModel, hypothesis: Hypothesis, alpha: float) -> list[tuple]:
    """Specifications of one hypothesis that the printed correlations alone allow."""
    R, n, k = np.asarray(model.R), model.n, model.k
    j = model.predictors.index(hypothesis.term)
    rows = []
    extremes = envelopes(*model.cells, [("rho", j)]).witnesses[0]
    fit = ols_from_correlations(matrices(extremes, k + 1), n)
    for place, label in enumerate(("lowest t", "highest t")):
        numbers = (fit.beta[place, j], fit.beta_se[place, j], fit.p[place, j])
        label = f"{label} that prints the same"
        rows.append(_row(hypothesis, ROUNDING, label, numbers, fit.df, alpha))
    subsets = subsets_with(j, k)
    for subset, (beta, se, _, p) in zip(subsets, fit_subsets(R, n, j, subsets), strict=True):
        others = [model.predictors[i] for i in subset if i != j]
        label = f"with {', '.join(others)}" if others else "alone"
        df = n - len(subset) - 1
        rows.append(_row(hypothesis, PREDICTORS, label, (beta, se, p), df, alpha))
    marked = correct_for_method_variance(R, n, MARKERS)
    common = correct_for_unreliability(R, n, np.repeat(RELIABILITIES[:, None], k + 1, axis=1))
    points = np.round(reliability_grid(k, LOWEST_RELIABILITY, RELIABILITY_POINTS), 3)
    each = correct_for_unreliability(R, n, points)
    for family, found, labels in (
        (METHOD_VARIANCE, marked, [f"marker {value:.2f}" for value in MARKERS]),
        (RELIABILITY, common, [f"all {value:.2f}" for value in RELIABILITIES]),
        (RELIABILITY_EACH, each, [" ".join(f"{value:.3f}" for value in point) for point in points]),
    ):
        dfs = np.broadcast_to(found.df, len(labels))
        for at, label in enumerate(labels):
            numbers = (found.estimate[at, j], found.se[at, j], found.p[at, j])
            problem = NO_CORRELATION_MATRIX if dfs[at] > 0 else NO_DEGREES_OF_FREEDOM
            rows.append(_row(hypothesis, family, label, numbers, dfs[at], alpha, problem))
    return rows


def from_equations(
    models: dict[str, PrintedModel], hypothesis: Hypothesis, alpha: float
) -> list[tuple]:
    """Every other regression of the outcome that the paper writes down or reports with the term."""
    outcome = models[hypothesis.model].outcome
    rows = []
    for name, model in models.items():
        comparable = model.outcome == outcome and hypothesis.term in model.predictors
        if comparable and name != hypothesis.model and not model.missing_correlations:
            j = model.predictors.index(hypothesis.term)
            fit = ols_from_correlations(model.R, model.n)
            numbers = (fit.beta[j], fit.beta_se[j], fit.p[j])
            rows.append(_row(hypothesis, EQUATION, name, numbers, fit.df, alpha))
    return rows


def from_estimates(estimates, hypotheses, label: str, alpha: float) -> list[tuple]:
    """Specifications from a table of `errors.ESTIMATE_COLUMNS`, one row a term."""
    rows = []
    for hypothesis in hypotheses:
        for row in estimates[estimates.term == hypothesis.term].itertuples():
            numbers = (row.estimate, row.se, row.p)
            specification = f"{row.specification}, {label}"
            arguments = (specification, numbers, row.df, alpha, row.problem)
            rows.append(_row(hypothesis, ERRORS, *arguments))
    return rows


def specification_table(rows: list[tuple], hypotheses: Sequence[Hypothesis]):
    """Rows as a table: by hypothesis as listed, then family, then as they were run."""
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(SPECIFICATION_COLUMNS))
    names = [h.name for h in hypotheses]
    place = frame.hypothesis.map(names.index) * len(FAMILIES) + frame.family.map(FAMILIES.index)
    return frame.iloc[np.argsort(place.to_numpy(), kind="stable")].reset_index(drop=True)


def robustness_table(specifications):
    """Share of specifications that support each hypothesis, by family and over all families.

    share = supported / specifications, in every row. What is not attainable has no decision: it
    is counted beside and in neither number.

    Returns
    -------
    pandas.DataFrame
        Columns `ROBUSTNESS_COLUMNS`.
    """
    import pandas as pd

    rows = []
    for hypothesis, own in specifications.groupby("hypothesis", sort=False):
        by_family = dict(tuple(own.groupby("family")))
        for family in (*FAMILIES, ALL_FAMILIES):
            part = own if family == ALL_FAMILIES else by_family.get(family)
            if part is not None:
                rows.append((hypothesis, family, *support(part.decision)))
    return pd.DataFrame(rows, columns=list(ROBUSTNESS_COLUMNS))


def support(decisions) -> tuple[int, int, float, int]:
    """Specifications that decide, those that support, their share, and how many do not decide."""
    idle = int((decisions == NOT_ATTAINABLE).sum())
    deciding, supported = len(decisions) - idle, int((decisions == SUPPORTED).sum())
    return deciding, supported, supported / deciding if deciding else np.nan, idle
