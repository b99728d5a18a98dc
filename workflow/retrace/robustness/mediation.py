"""Direct and indirect effects of the alternatives, their intervals, and the signs of theory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import numpy as np

from retrace.matrices.wishart import sample_covariances
from retrace.robustness.structural_decisions import is_called
from retrace.sem.draws import Counts, fit_draws
from retrace.sem.fitting import Estimate, Fit
from retrace.sem.inference import defined_parameters
from retrace.sem.intervals import bias_corrected_interval, monte_carlo_draws, percentile_interval
from retrace.sem.specification import specify

if TYPE_CHECKING:
    from retrace.papers.study import Study

INTERVAL_COLUMNS = (
    *("percentile_low", "percentile_high", "bias_corrected_low", "bias_corrected_high"),
    *("monte_carlo_low", "monte_carlo_high"),
)
EFFECT_COLUMNS = (
    *("model", "effect", "kind", "est", "se", "p", "std", *INTERVAL_COLUMNS),
    *("expected", "sign", "problems", "estimate"),
)
_NO_COUNTS = Counts(0, 0, 0, 0, 0, 0)
COUNT_COLUMNS = ("model", "draws", "unusable", "retried", "failed", "improper", "singular")


def effect_rows(
    study: Study, fits: dict[str, Fit], draws: int, rng: np.random.Generator
) -> tuple[list[dict], list[dict]]:
    """Paths and defined effects with three kinds of intervals.

    For every alternative that has expected signs or defined effects. Percentile and bias-corrected
    intervals come from fits to `draws` matrices of normal samples with the printed correlations in
    the population (a parametric bootstrap: there are no data to resample); the third is the Monte
    Carlo method. A solution with problems has neither intervals nor signs, one that did not
    converge no estimates either.

    Returns
    -------
    effects, counts : list of dict
        One row an effect, or one that says why a model was not fitted; and one a model: what
        became of its draws.
    """
    effects, counts = [], []
    for name, alternative in study.alternatives.items():
        specification = specify(alternative.model)
        if not (alternative.expected or specification.definitions):
            continue
        if name not in fits:
            effects.append(_not_fitted(name, study.why_no_matrix(specification.observed)))
            counts.append({"model": name, **asdict(_NO_COUNTS)})
            continue
        solution = fits[name]
        structure = solution.structure
        repeated = None
        if solution.proper:
            matrices = sample_covariances(solution.sample, study.n, draws, rng)
            repeated = fit_draws(structure, matrices * ((study.n - 1) / study.n))
            drawn = monte_carlo_draws(
                solution.free_values, solution.parameter_covariance, draws, rng
            )
            simulated = defined_parameters(structure, drawn)
        became = repeated.counts if repeated else _NO_COUNTS
        counts.append({"model": name, **asdict(became)})
        for k, e in enumerate(solution.estimates):
            if e.op not in ("~", ":="):
                continue
            row = _estimate_row(name, e if solution.converged else _unknown(e))
            row |= dict.fromkeys(INTERVAL_COLUMNS, np.nan)
            row |= {"expected": _expected(alternative.expected, e), "sign": ""}
            row |= {"problems": "; ".join(solution.problems), "estimate": row["est"]}
            # What is fixed has no interval.
            if repeated and np.isfinite(e.se):
                if e.op == ":=":
                    pair = repeated.defined[e.lhs], simulated[e.lhs][0]
                else:
                    pair = repeated.values[:, k], drawn[:, structure.free_of_row[k]]
                row |= _intervals(e.est, *pair)
                # Where kinds of intervals disagree about 0, so would readers: the widest decides.
                limits = [row[column] for column in INTERVAL_COLUMNS]
                row["sign"] = compare_sign(
                    row["expected"], e.est, np.nanmin(limits), np.nanmax(limits)
                )
            effects.append(row)
    return effects, counts


def _not_fitted(model: str, why: str) -> dict:
    """In place of the effects of a model that is not fitted."""
    nothing = dict.fromkeys(("est", "se", "p", "std", *INTERVAL_COLUMNS, "estimate"), np.nan)
    own = {"model": model, "effect": "", "kind": "", "expected": "", "sign": ""}
    return {**own, **nothing, "problems": why}


def _expected(expected: Mapping[str, str], e: Estimate) -> str:
    for key, sign in expected.items():
        if is_called(e, key):
            return sign
    return ""


def _unknown(e: Estimate) -> Estimate:
    return replace(e, est=np.nan, se=np.nan, z=np.nan, p=np.nan, std=np.nan)


def _estimate_row(model: str, e: Estimate) -> dict:
    return {
        "model": model,
        "effect": e.lhs if e.op == ":=" else f"{e.lhs} ~ {e.rhs}",
        "kind": "defined" if e.op == ":=" else "path",
        "est": e.est,
        "se": e.se,
        "p": e.p,
        "std": e.std,
    }


def _intervals(estimate: float, draws: np.ndarray, simulated: np.ndarray) -> dict:
    """The three kinds of intervals; NaN for those without draws."""
    found = [(np.nan, np.nan)] * 2
    if np.isfinite(draws).any():
        found = [percentile_interval(draws), bias_corrected_interval(draws, estimate)]
    found.append(percentile_interval(simulated))
    return dict(zip(INTERVAL_COLUMNS, (limit for pair in found for limit in pair), strict=True))


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
