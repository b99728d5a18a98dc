"""A study's hypotheses under measurement error, as tables; the method is in `reliability`."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from retrace.sem.decisions import decide
from retrace.sem.fitting import fit
from retrace.sem.reliability import CONVENTIONS, regress_true_scores, robustness
from retrace.sem.study_models import single_indicator_model

if TYPE_CHECKING:
    from retrace.study import Hypothesis, Study

RELIABILITY_COLUMNS = (
    *("hypothesis", "model", "term", "convention", "reliability", "est", "std", "p", "decision"),
)
ROBUSTNESS_COLUMNS = (
    *("hypothesis", "model", "reported", "convention", "decision", "changes_at", "impossible_at"),
    *("share_supported", "share_error", "share_possible", "lowest", "estimator_gap"),
    "estimator_note",
)
# Closed form and estimator agree if they are no further apart than this, in standard errors.
AGREEMENT = 1e-6
# The estimator stops within this of the discrepancy's minimum, and an objective within d of its
# minimum leaves estimates within sqrt(n d) standard errors: large samples tell them apart.
DISCREPANCY = 1e-14


def hypothesised(study: Study) -> list[tuple[str, Hypothesis, list[str], np.ndarray]]:
    """Each hypothesis with its model's predictors, and their correlations, the outcome last."""
    found = []
    for name, hypothesis in study.hypotheses.items():
        model = study.models[hypothesis.model]
        index = [study.names.index(v) for v in (*model.predictors, model.outcome)]
        matrix = study.correlation_matrix[np.ix_(index, index)]
        found.append((name, hypothesis, model.predictors, matrix))
    return found


def reliability_rows(
    study: Study, alpha: float, lowest: float, points: int, rng: np.random.Generator
) -> tuple[list[dict], list[dict]]:
    """Each hypothesis under measurement error.

    Parameters
    ----------
    study : Study
    alpha : float
        Two-sided level.
    lowest : float
        Lowest reliability considered.
    points : int
        Points of the per-construct reliability space, drawn uniformly from `lowest` to 1.
    rng : numpy.random.Generator

    Returns
    -------
    grid, summary : list of dict
        A row a hypothesis, convention and common reliability; and one a hypothesis and convention.
        In the summary, `estimator_gap` is how far the estimator of structural models is from the
        closed form, in standard errors, at worst; `estimator_note` is empty where that is what
        arithmetic leaves, and else says what keeps the one from confirming the other.
    """
    common = np.round(np.linspace(1.0, lowest, round((1.0 - lowest) / 0.01) + 1), 10)
    grid, summary = [], []
    gaps: dict[str, tuple[float, str]] = {}
    for name, hypothesis, predictors, matrix in hypothesised(study):
        k = len(predictors)
        term = predictors.index(hypothesis.term)
        found = regress_true_scores(matrix, np.repeat(common[:, None], k, axis=1), common, study.n)
        for convention in CONVENTIONS:
            p = found.p_values(study.n, convention)[:, term]
            words = decide(found.coefficients[:, term], p, hypothesis.direction, alpha)
            for i, reliability in enumerate(common):
                grid.append(
                    {
                        "hypothesis": name,
                        "model": hypothesis.model,
                        "term": hypothesis.term,
                        "convention": convention,
                        "reliability": reliability,
                        "est": found.coefficients[i, term],
                        "std": found.standardised[i, term],
                        "p": p[i],
                        "decision": words[i],
                    }
                )
        if hypothesis.model not in gaps:
            gaps[hypothesis.model] = _estimator_gap(study, hypothesis.model, common[::5])
        space = rng.uniform(lowest, 1.0, (points, k))
        for r in robustness(matrix, study.n, term, hypothesis.direction, alpha, lowest, space):
            summary.append(
                {
                    "hypothesis": name,
                    "model": hypothesis.model,
                    "reported": hypothesis.reported,
                    **asdict(r),
                    "lowest": lowest,
                    "estimator_gap": gaps[hypothesis.model][0],
                    "estimator_note": gaps[hypothesis.model][1],
                }
            )
    return grid, summary


def agreement(n: int) -> float:
    """Standard errors by which estimator and closed form may differ for arithmetic alone."""
    return max(AGREEMENT, math.sqrt(n * DISCREPANCY))


def _estimator_gap(study: Study, model: str, common: np.ndarray) -> tuple[float, str]:
    """Largest difference of closed form and estimator, in standard errors, and what is wrong.

    NaN where the estimator has no solution to compare at any of the reliabilities.
    """
    outcome, predictors = study.models[model].outcome, study.models[model].predictors
    index = [study.names.index(v) for v in (*predictors, outcome)]
    matrix = study.correlation_matrix[np.ix_(index, index)]
    gaps, unsolved = [], []
    for reliability in common:
        rho = dict.fromkeys((*predictors, outcome), float(reliability))
        syntax = single_indicator_model(outcome, predictors, rho)
        closed = regress_true_scores(
            matrix, [[reliability] * len(predictors)], reliability, study.n
        )
        if not closed.possible[0]:
            continue
        try:
            own = fit(syntax, study.correlation_matrix, study.n, study.names, rescale=False)
        except ValueError as error:
            unsolved.append(f"{reliability:g} ({error})")
            continue
        rows = [own[f"true.{outcome} ~ true.{name}"] for name in predictors]
        b, se = closed.coefficients[0], closed.errors[0]
        apart = [abs(np.array([row.est for row in rows]) - b), abs([row.se for row in rows] - se)]
        gap = float(np.max(apart / se))
        if own.converged and math.isfinite(gap):
            gaps.append(gap)
        else:
            unsolved.append(f"{reliability:g} ({own.problems[0] if own.problems else 'no errors'})")
    worst = max(gaps, default=math.nan)
    note = f"the estimator has no solution at reliability {', '.join(unsolved)}" if unsolved else ""
    if worst > agreement(study.n):
        note = f"estimator and closed form are {worst:.2g} standard errors apart"
    return worst, note
