"""Specifications: every defensible analysis of each hypothesis, in one table.

A specification curve (Simonsohn, Simmons and Nelson 2020) over analyses that the printed
correlations, and data synthesised from them, allow. Families: rounding, equations as written,
predictors, errors and estimators, method variance, reliability.
"""

from __future__ import annotations

import numpy as np

from retrace.regression.decisions import Hypothesis, decide, word
from retrace.regression.envelope import envelopes
from retrace.regression.matrix import ols_from_correlations
from retrace.regression.measurement import (
    correct_for_method_variance,
    correct_for_unreliability,
    reliability_grid,
)
from retrace.regression.printed_model import PrintedModel
from retrace.regression.statistics import matrices
from retrace.regression.suppression import fit_subsets, subsets_with

SPECIFICATION_COLUMNS = (
    "hypothesis",
    "family",
    "specification",
    "estimate",
    "se",
    "p",
    "decision",
)
ROBUSTNESS_COLUMNS = ("hypothesis", "family", "specifications", "supported", "share")

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

MARKERS = np.round(np.arange(0.05, 0.301, 0.05), 2)
RELIABILITIES = np.round(np.arange(0.95, 0.599, -0.05), 2)
LOWEST_RELIABILITY = 0.6
RELIABILITY_POINTS = 64


def _row(hypothesis: Hypothesis, family, specification, estimate, se, p, alpha):
    if np.isnan(p):  # the adjusted correlations are no correlation matrix
        return None
    supported = bool(estimate * hypothesis.sign > 0 and p <= alpha)
    return (
        hypothesis.name,
        family,
        specification,
        float(estimate),
        float(se),
        float(p),
        word(supported),
    )


def from_correlations(model: PrintedModel, hypothesis: Hypothesis, alpha: float) -> list[tuple]:
    """Specifications of one hypothesis that the printed correlations alone allow."""
    R, n, k = np.asarray(model.R), model.n, model.k
    j = model.predictors.index(hypothesis.term)
    rows = []
    extremes = envelopes(*model.cells, [("rho", j)]).witnesses[0]
    fit = ols_from_correlations(matrices(extremes, k + 1), n)
    for place, label in enumerate(("lowest t", "highest t")):
        numbers = (fit.beta[place, j], fit.beta_se[place, j], fit.p[place, j])
        rows.append(_row(hypothesis, ROUNDING, f"{label} that prints the same", *numbers, alpha))
    subsets = subsets_with(j, k)
    for subset, (beta, se, _, p) in zip(subsets, fit_subsets(R, n, j, subsets), strict=True):
        others = [model.predictors[i] for i in subset if i != j]
        label = f"with {', '.join(others)}" if others else "alone"
        rows.append(_row(hypothesis, PREDICTORS, label, beta, se, p, alpha))
    markers = correct_for_method_variance(R, n, MARKERS)
    for at, marker in enumerate(MARKERS):
        numbers = (markers.estimate[at, j], markers.se[at, j], markers.p[at, j])
        rows.append(_row(hypothesis, METHOD_VARIANCE, f"marker {marker:.2f}", *numbers, alpha))
    common = correct_for_unreliability(R, n, np.repeat(RELIABILITIES[:, None], k + 1, axis=1))
    for at, reliability in enumerate(RELIABILITIES):
        numbers = (common.estimate[at, j], common.se[at, j], common.p[at, j])
        rows.append(_row(hypothesis, RELIABILITY, f"all {reliability:.2f}", *numbers, alpha))
    points = np.round(reliability_grid(k, LOWEST_RELIABILITY, RELIABILITY_POINTS), 3)
    each = correct_for_unreliability(R, n, points)
    for at, point in enumerate(points):
        label = " ".join(f"{value:.3f}" for value in point)
        numbers = (each.estimate[at, j], each.se[at, j], each.p[at, j])
        rows.append(_row(hypothesis, RELIABILITY_EACH, label, *numbers, alpha))
    return [row for row in rows if row is not None]


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
            rows.append(_row(hypothesis, EQUATION, name, *numbers, alpha))
    return rows


def from_estimates(estimates, hypotheses, label: str, alpha: float) -> list[tuple]:
    """Specifications from a table of `errors.ESTIMATE_COLUMNS`, one row a term."""
    rows = []
    for hypothesis in hypotheses:
        for row in estimates[estimates.term == hypothesis.term].itertuples():
            numbers = (row.estimate, row.se, row.p)
            specification = f"{row.specification}, {label}"
            rows.append(_row(hypothesis, ERRORS, specification, *numbers, alpha))
    return rows


def specification_table(rows: list[tuple]):
    """Rows as a table, by hypothesis, family and the order in which they were run."""
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(SPECIFICATION_COLUMNS))
    frame["family"] = pd.Categorical(frame.family, categories=list(FAMILIES))
    frame = frame.sort_values(["hypothesis", "family"], kind="stable").reset_index(drop=True)
    return frame.assign(family=frame.family.astype(str))


def robustness_table(specifications):
    """Share of specifications that support each hypothesis, by family and over all families.

    Over all, each family has the same weight, so that a finer grid does not count for more.

    Returns
    -------
    pandas.DataFrame
        Columns `ROBUSTNESS_COLUMNS`.
    """
    import pandas as pd

    rows = []
    for hypothesis, own in specifications.groupby("hypothesis", sort=True):
        shares = []
        for family in FAMILIES:
            decisions = own[own.family == family].decision
            if len(decisions):
                supported = int((decisions == word(True)).sum())
                shares.append(supported / len(decisions))
                rows.append((hypothesis, family, len(decisions), supported, shares[-1]))
        total = int((own.decision == word(True)).sum())
        rows.append((hypothesis, ALL_FAMILIES, len(own), total, float(np.mean(shares))))
    return pd.DataFrame(rows, columns=list(ROBUSTNESS_COLUMNS))


def supports(model: PrintedModel, hypothesis: Hypothesis, alpha: float) -> bool:
    """Whether the printed correlations, taken at face value, support a hypothesis."""
    fit = ols_from_correlations(model.R, model.n)
    j = model.predictors.index(hypothesis.term)
    return bool(decide(fit.t[j], hypothesis.sign, fit.df, alpha))
