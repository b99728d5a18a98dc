"""The robustness suite of a study, as tables: what the rules of stage `sem` write.

Each function returns rows (dictionaries in the order of their columns) computed from a study's
printed correlations and n.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from retrace.sem.draws import Counts, fit_draws, normal_draws
from retrace.sem.fitting import Estimate, Fit, fit
from retrace.sem.intervals import bias_corrected_interval, monte_carlo_draws, percentile_interval
from retrace.sem.reliability import (
    CONVENTIONS,
    decide,
    regress_true_scores,
    robustness,
    single_indicator_model,
)
from retrace.sem.study_models import StudyModel

if TYPE_CHECKING:
    from retrace.study import Hypothesis, Study

Rows = list[dict]

# Columns of tables, some of which may have no rows.
SEM_COLUMNS = ("model", "lhs", "op", "rhs", "est", "se", "z", "p", "std")
FIT_COLUMNS = (
    *("model", "chi2", "df", "p", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high", "srmr"),
    *("aic", "bic", "converged", "sabic", "p_close", "npar", "n", "kind", "assumed", "problems"),
)
RESIDUAL_COLUMNS = (
    "model",
    "row",
    "column",
    "sample",
    "implied",
    "residual",
    "correlation_residual",
)
MODIFICATION_COLUMNS = ("model", "lhs", "op", "rhs", "index", "expected_change")
DECISION_COLUMNS = ("hypothesis", "analysis", "estimate", "p", "decision")
EFFECT_COLUMNS = (
    *("model", "effect", "kind", "est", "se", "p", "std"),
    *("percentile_low", "percentile_high", "bias_corrected_low", "bias_corrected_high"),
    *("monte_carlo_low", "monte_carlo_high", "expected", "sign"),
)
COUNT_COLUMNS = ("model", "draws", "unusable", "retried", "failed", "improper")
RELIABILITY_COLUMNS = (
    *("hypothesis", "model", "term", "convention", "reliability", "est", "std", "p", "decision"),
)
ROBUSTNESS_COLUMNS = (
    *("hypothesis", "model", "reported", "convention", "decision", "changes_at"),
    *("share_supported", "share_error", "share_possible", "lowest", "estimator_gap"),
)

# Closed form and estimator have to agree to this, in standard errors.
AGREEMENT = 1e-6
# Modification indices are listed from the 5 % point of chi-square with one degree of freedom.
NOTABLE_INDEX = 3.841


def fit_study(study: Study, models: Iterable[StudyModel]) -> dict[str, Fit]:
    """Fit every model to the printed correlations."""
    matrix, names = study.correlation_matrix, study.names
    return {model.name: fit(model.syntax, matrix, study.n, names) for model in models}


def estimate_rows(fits: dict[str, Fit]) -> Rows:
    """Every parameter of every model."""
    return [
        {
            "model": name,
            "lhs": e.lhs,
            "op": e.op,
            "rhs": e.rhs,
            **{key: getattr(e, key) for key in ("est", "se", "z", "p", "std")},
        }
        for name, solution in fits.items()
        for e in solution.estimates
    ]


def fit_rows(fits: dict[str, Fit], models: Sequence[StudyModel]) -> Rows:
    """Fit measures and problems of every model."""
    by_name = {model.name: model for model in models}
    leading = ("chi2", "df", "p", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high", "srmr")
    rows = []
    for name, solution in fits.items():
        m = solution.measures
        rows.append(
            {
                "model": name,
                **{key: getattr(m, key) for key in (*leading, "aic", "bic")},
                "converged": solution.converged,
                "sabic": m.sabic,
                "p_close": m.p_close,
                "npar": m.npar,
                "n": solution.n,
                "kind": by_name[name].kind,
                "assumed": by_name[name].assumed,
                "problems": "; ".join(solution.problems),
            }
        )
    return rows


def residual_rows(fits: dict[str, Fit]) -> Rows:
    """Sample and implied (co)variances of every model that leaves any difference."""
    rows = []
    for name, solution in fits.items():
        if solution.structure.df == 0:
            continue
        names = solution.structure.specification.observed
        for i, row in enumerate(names):
            for j, column in enumerate(names[: i + 1]):
                rows.append(
                    {
                        "model": name,
                        "row": row,
                        "column": column,
                        "sample": solution.sample[i, j],
                        "implied": solution.implied[i, j],
                        "residual": solution.residuals[i, j],
                        "correlation_residual": solution.correlation_residuals[i, j],
                    }
                )
    return rows


def modification_rows(fits: dict[str, Fit]) -> Rows:
    """Modification indices that are notable, of every model that has degrees of freedom."""
    return [
        {"model": name, **asdict(index)}
        for name, solution in fits.items()
        if solution.structure.df > 0
        for index in solution.modification_indices()
        if index.index >= NOTABLE_INDEX
    ]


# Effects and their intervals ------------------------------------------------------------------


def effect_rows(
    study: Study, fits: dict[str, Fit], draws: int, rng: np.random.Generator
) -> tuple[Rows, Rows]:
    """Paths and defined effects with three kinds of intervals.

    For every alternative that has expected signs or defined effects. Percentile and bias-corrected
    intervals come from fits to `draws` matrices of normal samples with the printed correlations in
    the population (a parametric bootstrap: there are no data to resample); the third is the Monte
    Carlo method.

    Returns
    -------
    effects, counts : list of dict
        One row an effect; and one a model: what became of its draws.
    """
    effects, counts = [], []
    for name, alternative in study.alternatives.items():
        solution = fits[name]
        structure = solution.structure
        if not (alternative.expected or structure.specification.definitions):
            continue
        if not solution.converged:
            counts.append({"model": name, **asdict(Counts(0, 0, 0, 0, 0))})
            continue
        matrices = normal_draws(solution.sample, study.n, draws, rng)
        repeated = fit_draws(structure, matrices * ((study.n - 1) / study.n))
        counts.append({"model": name, **asdict(repeated.counts)})
        drawn = (
            monte_carlo_draws(
                structure, solution.free_values, solution.parameter_covariance, draws, rng
            )
            if np.isfinite(solution.parameter_covariance).all()
            else {}
        )
        for k, e in enumerate(solution.estimates):
            if e.op not in ("~", ":="):
                continue
            own = repeated.defined[e.lhs] if e.op == ":=" else repeated.values[:, k]
            simulated = drawn.get(e.lhs) if e.op == ":=" else None
            expected = _expected(alternative.expected, e)
            effects.append(_effect_row(name, e, own, simulated, expected))
    return effects, counts


def _expected(expected: dict[str, str], e: Estimate) -> str:
    for key, sign in expected.items():
        if "".join(key.split()) in (e.label, e.lhs if e.op == ":=" else f"{e.lhs}{e.op}{e.rhs}"):
            return sign
    return ""


def _effect_row(
    model: str, e: Estimate, draws: np.ndarray, simulated: np.ndarray | None, expected: str
) -> dict:
    row = {
        "model": model,
        "effect": e.lhs if e.op == ":=" else f"{e.lhs} ~ {e.rhs}",
        "kind": "defined" if e.op == ":=" else "path",
        "est": e.est,
        "se": e.se,
        "p": e.p,
        "std": e.std,
    }
    usable = bool(np.isfinite(draws).any())
    low, high = percentile_interval(draws) if usable else (np.nan, np.nan)
    row |= {"percentile_low": low, "percentile_high": high}
    bc_low, bc_high = bias_corrected_interval(draws, e.est) if usable else (np.nan, np.nan)
    row |= {"bias_corrected_low": bc_low, "bias_corrected_high": bc_high}
    mc_low, mc_high = percentile_interval(simulated) if simulated is not None else (np.nan, np.nan)
    row |= {"monte_carlo_low": mc_low, "monte_carlo_high": mc_high}
    # Where the kinds of intervals disagree about 0, so would readers: the widest decides.
    lows, highs = (low, bc_low, mc_low), (high, bc_high, mc_high)
    widest = (np.nanmin(lows), np.nanmax(highs)) if usable else (np.nan, np.nan)
    row |= {"expected": expected, "sign": compare_sign(expected, e.est, *widest)}
    return row


def compare_sign(expected: str, estimate: float, low: float, high: float) -> str:
    """An effect's sign against the one that theory expects.

    `agrees` or `opposes` where the interval leaves out 0, `open` where it does not; empty where
    theory expects nothing or there is no interval.
    """
    if not expected or not np.isfinite([low, high]).all():
        return ""
    if low <= 0 <= high:
        return "open"
    return "agrees" if (estimate > 0) == (expected == "positive") else "opposes"


# Reliability ----------------------------------------------------------------------------------


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
) -> tuple[Rows, Rows]:
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

    Raises
    ------
    ArithmeticError
        If the estimator disagrees with the closed form.
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
                    "estimator_gap": gaps[hypothesis.model],
                }
            )
    return grid, summary


def _estimator_gap(study: Study, model: str, common: np.ndarray) -> float:
    """Largest difference of closed form and estimator, in standard errors."""
    outcome, predictors = study.models[model].outcome, study.models[model].predictors
    index = [study.names.index(v) for v in (*predictors, outcome)]
    matrix = study.correlation_matrix[np.ix_(index, index)]
    worst = 0.0
    for reliability in common:
        rho = dict.fromkeys((*predictors, outcome), float(reliability))
        syntax = single_indicator_model(outcome, predictors, rho)
        closed = regress_true_scores(
            matrix, [[reliability] * len(predictors)], reliability, study.n
        )
        if not closed.possible[0]:
            continue
        own = fit(syntax, study.correlation_matrix, study.n, study.names, rescale=False)
        for k, name in enumerate(predictors):
            e = own[f"true.{outcome} ~ true.{name}"]
            se = closed.errors[0, k]
            worst = max(worst, abs(e.est - closed.coefficients[0, k]) / se, abs(e.se - se) / se)
    if worst > AGREEMENT:
        raise ArithmeticError(
            f"{model}: estimator and closed form are {worst:.2g} standard errors apart"
        )
    return worst


# Decisions ------------------------------------------------------------------------------------


def decision_rows(
    study: Study, fits: dict[str, Fit], models: Sequence[StudyModel], alpha: float
) -> Rows:
    """Each hypothesis under every model that has its path, direct effects only."""
    rows = []
    for name, hypothesis in study.hypotheses.items():
        outcome = study.models[hypothesis.model].outcome
        for model in models:
            if model.kind == "path" and model.name != hypothesis.model:
                continue
            solution = fits[model.name]
            e = _direct_effect(solution, outcome, hypothesis.term)
            if e is None:
                continue
            p = np.nan if solution.problems else e.p
            rows.append(
                {
                    "hypothesis": name,
                    "analysis": f"sem: {model.name}",
                    "estimate": e.std,
                    "p": p,
                    "decision": str(decide(e.est, p, hypothesis.direction, alpha)),
                }
            )
    return rows


def _direct_effect(solution: Fit, outcome: str, term: str) -> Estimate | None:
    """The path from a construct to the outcome, or between the factors that stand for them."""
    for e in solution.estimates:
        if e.op == "~" and e.lhs.split(".")[-1] == outcome and e.rhs.split(".")[-1] == term:
            return e
    return None


__all__ = [
    "decision_rows",
    "effect_rows",
    "estimate_rows",
    "fit_rows",
    "fit_study",
    "modification_rows",
    "reliability_rows",
    "residual_rows",
]
