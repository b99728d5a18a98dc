"""A study's hypotheses under measurement error, as tables; the method is in `reliability`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrace.decisions import NOT_ATTAINABLE, SIGNS, decide
from retrace.estimators.errors_in_variables import (
    CONVENTIONS,
    TrueScoreTest,
    regress_true_scores,
    robustness,
)
from retrace.robustness.structural_models import single_indicator_model
from retrace.sem.fitting import fit

if TYPE_CHECKING:
    from retrace.papers.study import EffectHypothesis, Hypothesis, Study


class AtReliability(NamedTuple):
    """A hypothesis at one reliability of all constructs, a row of `reliability.csv`.

    Attributes
    ----------
    hypothesis, model, term, convention : str
        `convention` is one of `errors_in_variables.CONVENTIONS`.
    reliability : float
    est, std, p : float
        `est` is in units of the observed scores' SDs, `std` of the true scores'.
    decision : str
    estimate : float
        The same as `est`.
    """

    hypothesis: str
    model: str
    term: str
    convention: str
    reliability: float
    est: float
    std: float
    p: float
    decision: str
    estimate: float


class OverReliabilities(NamedTuple):
    """A hypothesis over all reliabilities, a row of `reliability_summary.csv`.

    `convention` to `share_possible` are those of `errors_in_variables.Robustness`; `lowest` is the
    lowest reliability considered, `estimator_gap` the largest difference of closed form and
    estimator, in standard errors. NaN where a number is missing.
    """

    hypothesis: str
    model: str
    reported: str
    convention: str
    decision: str
    changes_at: float = np.nan
    impossible_at: float = np.nan
    share_supported: float = np.nan
    share_error: float = np.nan
    share_possible: float = np.nan
    lowest: float = np.nan
    estimator_gap: float = np.nan


def hypothesised(study: Study) -> list[tuple[str, Hypothesis, list[str], np.ndarray]]:
    """Each hypothesis with its model's predictors, and their correlations, the outcome last.

    Without those of models whose correlations no data have.
    """
    found = []
    for name, hypothesis in study.term_hypotheses.items():
        model = study.models[hypothesis.model]
        own = [*model.predictors, model.outcome]
        if not study.why_no_matrix(own):
            found.append((name, hypothesis, model.predictors, study.correlations_of(own)))
    return found


def reliability_rows(
    study: Study, level: float, lowest: float, points: int, rng: np.random.Generator
) -> tuple[list[AtReliability], list[OverReliabilities]]:
    """Each hypothesis under measurement error.

    Parameters
    ----------
    study : Study
    level, lowest : float
        Two-sided level, and the lowest reliability considered.
    points : int
        Points of the per-construct reliability space, drawn uniformly from `lowest` to 1.
    rng : numpy.random.Generator

    Returns
    -------
    grid : list of AtReliability
        A row a hypothesis, convention and common reliability.
    summary : list of OverReliabilities
        One a hypothesis and convention, not attainable where no data have the correlations of the
        hypothesis' model, and where it is about no single term.
    """
    common = np.round(np.linspace(1.0, lowest, round((1.0 - lowest) / 0.01) + 1), 10)
    grid, summary = [], []
    gaps: dict[str, float] = {}
    for name, hypothesis, predictors, matrix in hypothesised(study):
        k = len(predictors)
        term = predictors.index(hypothesis.term)
        found = regress_true_scores(matrix, np.repeat(common[:, None], k, axis=1), common, study.n)
        for convention in CONVENTIONS:
            p = found.p_values(study.n, convention)[:, term]
            words = decide(found.coefficients[:, term], p, SIGNS[hypothesis.direction], level)
            for i, reliability in enumerate(common):
                estimate = found.coefficients[i, term]
                grid.append(
                    AtReliability(
                        *(name, hypothesis.model, hypothesis.term, convention),
                        *(reliability, estimate, found.standardised[i, term], p[i]),
                        words[i],
                        estimate,
                    )
                )
        if hypothesis.model not in gaps:
            gaps[hypothesis.model] = _estimator_gap(study, hypothesis.model, common[::5])
        space = rng.uniform(lowest, 1.0, (points, k))
        test = TrueScoreTest(matrix, study.n, term, hypothesis.direction, level)
        own = (name, hypothesis.model, hypothesis.reported)
        summary += [
            OverReliabilities(
                *own, **r._asdict(), lowest=lowest, estimator_gap=gaps[hypothesis.model]
            )
            for r in robustness(test, lowest, space)
        ]
    done = {row.hypothesis for row in summary}
    others = {name: h for name, h in study.hypotheses.items() if name not in done}
    return grid, summary + _not_attainable(others, lowest)


def _not_attainable(
    hypotheses: Mapping[str, Hypothesis | EffectHypothesis], lowest: float
) -> list[OverReliabilities]:
    """The summary of hypotheses of models whose correlations no data have, or of no one term."""
    return [
        OverReliabilities(
            *(name, getattr(hypothesis, "model", ""), hypothesis.reported),
            *(convention, NOT_ATTAINABLE),
            lowest=lowest,
        )
        for name, hypothesis in hypotheses.items()
        for convention in CONVENTIONS
    ]


def _estimator_gap(study: Study, model: str, common: np.ndarray) -> float:
    """Largest difference of closed form and estimator, in standard errors.

    It grows with the square root of n, as an optimiser's distance from the minimum does. NaN where
    the estimator has no standard error.
    """
    outcome, predictors = study.models[model].outcome, study.models[model].predictors
    own_names = [*predictors, outcome]
    matrix = study.correlations_of(own_names)
    whole = (study.correlation_matrix, study.names)
    if study.no_matrix:
        whole = (matrix, own_names)
    gaps = [0.0]
    for reliability in common:
        rho = dict.fromkeys((*predictors, outcome), float(reliability))
        syntax = single_indicator_model(outcome, predictors, rho)
        closed = regress_true_scores(
            matrix, [[reliability] * len(predictors)], reliability, study.n
        )
        if not closed.possible[0]:
            continue
        own = fit(syntax, whole[0], study.n, whole[1], rescale=False)
        for k, name in enumerate(predictors):
            e = own[f"true.{outcome} ~ true.{name}"]
            se = closed.errors[0, k]
            gaps += [abs(e.est - closed.coefficients[0, k]) / se, abs(e.se - se) / se]
    return float(np.max(gaps))
