"""Specifications: every defensible analysis of each hypothesis, in one table.

A specification curve (Simonsohn, Simmons and Nelson 2020) over analyses that the printed
correlations, and data synthesised from them, allow. Families: rounding, equations as written,
predictors, errors and estimators, method variance, reliability.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrace.checks.regression.printed_model import PrintedModel
from retrace.decisions import (
    NOT_ATTAINABLE,
    SUPPORTED,
    EffectHypothesis,
    Hypothesis,
    Stated,
    decide_one,
)
from retrace.estimators.estimators_on_data import Estimate
from retrace.estimators.least_squares import ols_from_correlations
from retrace.estimators.measurement import (
    correct_for_method_variance,
    correct_for_unreliability,
    reliability_grid,
)
from retrace.matrices.envelope import envelopes
from retrace.matrices.rounding_box import matrices
from retrace.robustness.suppression import fit_subsets, subsets_with

if TYPE_CHECKING:
    import pandas as pd

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
# Data that specifications of errors and estimators are run on.
CONTINUOUS, LIKERT = "continuous data", "Likert data"
# What the specifications of a family rest on that no paper prints.
ASSUMED = {
    ERRORS: "synthetic data",
    METHOD_VARIANCE: "marker correlation",
    RELIABILITY: "reliabilities",
    RELIABILITY_EACH: "reliabilities",
}
STAND_IN = "correlations of a stand-in that prints alike"
# Of estimate, standard error and p: specifications closer than this are the same analysis. Data
# made to have given correlations have them to 1e-12.
SAME = 1e-7

# From the analysis as reported, which is the first of each, to the limits of what is plausible.
_WITH, _ALONE = "with ", "alone"
MARKERS = np.round(np.arange(0.0, 0.301, 0.05), 2)
RELIABILITIES = np.round(np.arange(1.0, 0.599, -0.05), 2)
LOWEST_RELIABILITY = 0.6
RELIABILITY_POINTS = 64

NO_CORRELATION_MATRIX = "the adjusted correlations are no correlation matrix"
# In place of a specification where there is none.
NO_SPECIFICATION = "none"
NO_DEGREES_OF_FREEDOM = "no degrees of freedom are left"


class SpecificationResult(NamedTuple):
    """One analysis of a hypothesis, a row of `specifications.csv`.

    Attributes
    ----------
    hypothesis, family, specification : str
    estimate, se, p : float
        NaN where the decision is not attainable, for which `problem` has the reason.
    decision : str
    df : int
        Residual degrees of freedom.
    problem : str
    repeats : str
        The first specification of the hypothesis that is the same analysis under another name.
    assumed : str
        What it rests on that the paper does not print.
    """

    hypothesis: str
    family: str
    specification: str
    estimate: float
    se: float
    p: float
    decision: str
    df: int
    problem: str
    repeats: str = ""
    assumed: str = ""


class Support(NamedTuple):
    """Different specifications that decide, that support, their share; idle ones, and repeats."""

    specifications: int
    supported: int
    share: float
    not_attainable: int
    repeats: int


class FamilySupport(NamedTuple):
    """Support of a hypothesis by a family of specifications, a row of `robustness.csv`."""

    hypothesis: str
    family: str
    specifications: int
    supported: int
    share: float
    not_attainable: int
    repeats: int
    pooled_share: float


class Company(NamedTuple):
    """The predictors beside a hypothesis's own in one regression; its words are a specification."""

    others: tuple[str, ...]

    @classmethod
    def read(cls, specification: str) -> Company:
        """What its own words say; names of predictors have no commas."""
        return cls(
            tuple(specification.removeprefix(_WITH).split(", ")) if specification != _ALONE else ()
        )

    def __str__(self) -> str:
        return f"{_WITH}{', '.join(self.others)}" if self.others else _ALONE


class OnData(NamedTuple):
    """An estimator on synthetic data, `CONTINUOUS` or `LIKERT`; its words are a specification."""

    estimator: str
    data: str

    @classmethod
    def read(cls, specification: str) -> OnData:
        """What its own words say; kinds of data have no commas. Other words are of no such data."""
        estimator, _, data = specification.rpartition(", ")
        return cls(estimator, data)

    def __str__(self) -> str:
        return f"{self.estimator}, {self.data}"


class Tested(NamedTuple):
    """A coefficient with its test: NaN where there is none."""

    estimate: float
    se: float
    p: float
    df: int


def _row(
    hypothesis: Stated,
    family: str,
    specification: str,
    tested: Tested,
    level: float,
    problem: str = "",
) -> SpecificationResult:
    """One specification."""
    estimate, se, p = (float(number) for number in tested[:3])
    decision = decide_one(estimate, p, hypothesis.sign, level)
    if decision == NOT_ATTAINABLE:
        estimate = se = p
    else:
        problem = ""
    own = (hypothesis.name, family, specification)
    return SpecificationResult(*own, estimate, se, p, decision, int(tested.df), problem)


def from_correlations(
    model: PrintedModel, hypothesis: Hypothesis, level: float
) -> list[SpecificationResult]:
    """Specifications of one hypothesis that the printed correlations alone allow."""
    R, n, k = np.asarray(model.R), model.n, model.k
    j = model.predictors.index(hypothesis.term)
    rows = []
    extremes = envelopes(*model.cells, [("rho", j)]).witnesses[0]
    fit = ols_from_correlations(matrices(extremes, k + 1), n)
    for place, label in enumerate(("lowest t", "highest t")):
        tested = Tested(fit.beta[place, j], fit.beta_se[place, j], fit.p[place, j], fit.df)
        rows.append(_row(hypothesis, ROUNDING, f"{label} that prints the same", tested, level))
    subsets = subsets_with(j, k)
    for subset, (beta, se, _, p) in zip(subsets, fit_subsets(R, n, j, subsets), strict=True):
        label = str(Company(tuple(model.predictors[i] for i in subset if i != j)))
        tested = Tested(beta, se, p, n - len(subset) - 1)
        rows.append(_row(hypothesis, PREDICTORS, label, tested, level))
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
            tested = Tested(found.estimate[at, j], found.se[at, j], found.p[at, j], dfs[at])
            problem = NO_CORRELATION_MATRIX if dfs[at] > 0 else NO_DEGREES_OF_FREEDOM
            rows.append(_row(hypothesis, family, label, tested, level, problem))
    return rows


def from_nothing(model: PrintedModel, hypothesis: Hypothesis) -> list[SpecificationResult]:
    """One row a family for a hypothesis of a model whose correlations no data have: why not.

    Not of errors and estimators, where only correlations of products are missing: data have those.
    """
    numbers = (np.nan, np.nan, np.nan)
    nothing = (NO_SPECIFICATION, *numbers, NOT_ATTAINABLE, model.df, model.no_matrix)
    return [
        SpecificationResult(hypothesis.name, family, *nothing)
        for family in FAMILIES
        if family != EQUATION and not (family == ERRORS and model.drawn_whole)
    ]


def of_no_term(hypothesis: EffectHypothesis) -> str:
    """Why an analysis of single terms does not decide on an effect."""
    return f"of single terms, and the hypothesis is about {hypothesis.about}"


def from_effect(
    hypothesis: EffectHypothesis, decided: Collection[str] = ()
) -> list[SpecificationResult]:
    """One row a family for a hypothesis about no single term: that it is not decided there.

    None of the families where it is `decided`.
    """
    nothing = (NO_SPECIFICATION, np.nan, np.nan, np.nan, NOT_ATTAINABLE, 0)
    return [
        SpecificationResult(hypothesis.name, family, *nothing, of_no_term(hypothesis))
        for family in FAMILIES
        if family != EQUATION and family not in decided
    ]


def from_equations(
    models: Mapping[str, PrintedModel], hypothesis: Hypothesis, level: float
) -> list[SpecificationResult]:
    """Every other regression of the outcome that the paper writes down or reports with the term."""
    outcome = models[hypothesis.model].outcome
    rows = []
    for name, model in models.items():
        comparable = model.outcome == outcome and hypothesis.term in model.predictors
        if comparable and name != hypothesis.model and not model.missing_correlations:
            j = model.predictors.index(hypothesis.term)
            fit = ols_from_correlations(model.R, model.n)
            tested = Tested(fit.beta[j], fit.beta_se[j], fit.p[j], fit.df)
            rows.append(_row(hypothesis, EQUATION, name, tested, level))
    return rows


def from_estimates(
    estimates: Iterable[Estimate], hypotheses: Sequence[Hypothesis], label: str, level: float
) -> list[SpecificationResult]:
    """Specifications from a list of `estimators_on_data.Estimate`."""
    rows = []
    for hypothesis in hypotheses:
        for row in estimates:
            if row.term == hypothesis.term:
                specification = str(OnData(row.specification, label))
                tested = Tested(row.estimate, row.se, row.p, row.df)
                rows.append(_row(hypothesis, ERRORS, specification, tested, level, row.problem))
    return rows


def from_effect_on_data(
    estimates: Iterable[Estimate], hypothesis: EffectHypothesis, label: str, level: float
) -> list[SpecificationResult]:
    """Specifications of an effect of several coefficients, from estimates of it on data."""
    return [
        _row(
            hypothesis,
            ERRORS,
            str(OnData(row.specification, label)),
            Tested(row.estimate, row.se, row.p, row.df),
            level,
            row.problem,
        )
        for row in estimates
    ]


def specification_table(
    rows: Sequence[SpecificationResult], hypotheses: Sequence[Stated], stand_in: bool = False
) -> pd.DataFrame:
    """Rows as a table: by hypothesis as listed, then family, then as they were run.

    `repeats` names the first specification of the hypothesis that is the same analysis under
    another name, such as ordinary least squares at a marker correlation of 0; else it is empty.
    `assumed` says what a specification rests on that the paper does not print; with `stand_in`
    also that rounding has left no correlation matrix.

    Parameters
    ----------
    rows : sequence of SpecificationResult
        Whatever they say to be repeated and assumed.
    hypotheses : sequence of Hypothesis or EffectHypothesis
    stand_in : bool
    """
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(SpecificationResult._fields))
    names = [h.name for h in hypotheses]
    place = frame.hypothesis.map(names.index) * len(FAMILIES) + frame.family.map(FAMILIES.index)
    frame = frame.iloc[np.argsort(place.to_numpy(), kind="stable")].reset_index(drop=True)
    found = (_repeats(own) for _, own in frame.groupby("hypothesis", sort=False))
    assumed = {family: _assumed(family, stand_in) for family in FAMILIES}
    return frame.assign(
        repeats=[name for names in found for name in names], assumed=frame.family.map(assumed)
    )


def _assumed(family: str, stand_in: bool) -> str:
    # The matrices of the family of rounding are all in the box, stand-in or not.
    return "; ".join(
        filter(None, [ASSUMED.get(family), STAND_IN if stand_in and family != ROUNDING else None])
    )


def _repeats(own: pd.DataFrame) -> list[str]:
    """What each specification of one hypothesis repeats; empty for the first of its kind."""
    numbers = own[["estimate", "se", "p", "df"]].to_numpy(dtype=float)
    labels = (own.family + ": " + own.specification).tolist()
    firsts: list[int] = []
    names = []
    for at, row in enumerate(numbers):
        # NaN is like nothing: what is not attainable repeats nothing.
        alike = np.isclose(numbers[firsts], row, rtol=SAME, atol=1e-12).all(axis=1)
        names.append(labels[firsts[int(np.argmax(alike))]] if alike.any() else "")
        if not alike.any():
            firsts.append(at)
    return names


def robustness_table(specifications: pd.DataFrame) -> pd.DataFrame:
    """Share of specifications that support each hypothesis, by family and over all families.

    In a family share = supported / specifications. Over all families it is the mean of their
    shares, so that a family does not weigh more for having more points; `pooled_share` has
    supported / specifications in every row. An analysis counts once: what repeats another is
    counted beside. So is what is not attainable, which has no decision.

    Parameters
    ----------
    specifications : DataFrame
        As `specification_table` makes it.

    Returns
    -------
    pandas.DataFrame
        A row a `FamilySupport`.
    """
    import pandas as pd

    rows = []
    for hypothesis, own in specifications.groupby("hypothesis", sort=False):
        by_family = dict(tuple(own.groupby("family")))
        found = {family: _support(by_family[family]) for family in FAMILIES if family in by_family}
        shares = [support.share for support in found.values() if support.specifications]
        rows += [
            FamilySupport(hypothesis, family, *support, support.share)
            for family, support in found.items()
        ]
        pooled = _support(own)
        mean = pooled._replace(share=float(np.mean(shares)) if shares else np.nan)
        rows.append(FamilySupport(hypothesis, ALL_FAMILIES, *mean, pooled.share))
    return pd.DataFrame(rows, columns=list(FamilySupport._fields))


def _support(specifications: pd.DataFrame) -> Support:
    """How many of a family, or of all, decide and support."""
    repeats = int((specifications.repeats != "").sum())
    decisions = specifications.decision[specifications.repeats == ""]
    idle = int((decisions == NOT_ATTAINABLE).sum())
    deciding, supported = len(decisions) - idle, int((decisions == SUPPORTED).sum())
    share = supported / deciding if deciding else np.nan
    return Support(deciding, supported, share, idle, repeats)
