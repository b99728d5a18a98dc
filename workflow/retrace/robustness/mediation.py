"""Direct and indirect effects of the alternatives, their intervals, and the signs of theory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from retrace.matrices.wishart import sample_covariances
from retrace.robustness.structural_decisions import is_called
from retrace.sem.draws import fit_draws
from retrace.sem.fitting import Estimate, Fit
from retrace.sem.inference import defined_parameters
from retrace.sem.intervals import bias_corrected_interval, monte_carlo_draws, percentile_interval
from retrace.sem.specification import specify

if TYPE_CHECKING:
    from retrace.papers.study import Study


class Effect(NamedTuple):
    """A path or defined effect of a model, a row of `mediation.csv`; NaN where a number is missing.

    Attributes
    ----------
    model, effect, kind : str
        `kind` is `path` or `defined`; the last two are empty where the model is not fitted.
    est, se, p, std : float
        `std` is standardised.
    percentile_low ... monte_carlo_high : float
        Limits of three kinds of intervals.
    expected, sign : str
        The sign that theory expects, and what `compare_sign` says of it.
    problems : str
        Of the solution, or why the model is not fitted.
    estimate : float
        The same as `est`.
    """

    model: str
    effect: str = ""
    kind: str = ""
    est: float = np.nan
    se: float = np.nan
    p: float = np.nan
    std: float = np.nan
    percentile_low: float = np.nan
    percentile_high: float = np.nan
    bias_corrected_low: float = np.nan
    bias_corrected_high: float = np.nan
    monte_carlo_low: float = np.nan
    monte_carlo_high: float = np.nan
    expected: str = ""
    sign: str = ""
    problems: str = ""
    estimate: float = np.nan


class Drawn(NamedTuple):
    """What became of a model's draws, a row of `mediation_draws.csv`; see `sem.draws.Counts`."""

    model: str
    draws: int = 0
    unusable: int = 0
    retried: int = 0
    failed: int = 0
    improper: int = 0
    singular: int = 0


def effect_rows(
    study: Study, fits: dict[str, Fit], draws: int, rng: np.random.Generator
) -> tuple[list[Effect], list[Drawn]]:
    """Paths and defined effects with three kinds of intervals.

    For every alternative that has expected signs or defined effects. Percentile and bias-corrected
    intervals come from fits to `draws` matrices of normal samples with the printed correlations in
    the population (a parametric bootstrap: there are no data to resample); the third is the Monte
    Carlo method. A solution with problems has neither intervals nor signs, one that did not
    converge no estimates either.

    Returns
    -------
    effects : list of Effect
        One row an effect, or one that says why a model was not fitted.
    counts : list of Drawn
        One row a model.
    """
    effects: list[Effect] = []
    counts: list[Drawn] = []
    for name, alternative in study.alternatives.items():
        specification = specify(alternative.model)
        if not (alternative.expected or specification.definitions):
            continue
        if name not in fits:
            effects.append(Effect(name, problems=study.why_no_matrix(specification.observed)))
            counts.append(Drawn(name))
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
        counts.append(Drawn(name, **asdict(repeated.counts)) if repeated else Drawn(name))
        for k, e in enumerate(solution.estimates):
            if e.op not in ("~", ":="):
                continue
            row = _without_intervals(name, e, solution, alternative.expected)
            # What is fixed has no interval.
            if repeated and np.isfinite(e.se):
                if e.op == ":=":
                    pair = repeated.defined[e.lhs], simulated[e.lhs][0]
                else:
                    pair = repeated.values[:, k], drawn[:, structure.free_of_row[k]]
                limits = _intervals(e.est, *pair)
                # Where kinds of intervals disagree about 0, so would readers: the widest decides.
                ends = [*limits.values()]
                sign = compare_sign(row.expected, e.est, np.nanmin(ends), np.nanmax(ends))
                row = row._replace(sign=sign, **limits)
            effects.append(row)
    return effects, counts


def _expected(expected: Mapping[str, str], e: Estimate) -> str:
    for key, sign in expected.items():
        if is_called(e, key):
            return sign
    return ""


def _without_intervals(
    model: str, e: Estimate, solution: Fit, expected: Mapping[str, str]
) -> Effect:
    """An effect with the estimates that its solution has."""
    row = Effect(
        model,
        e.lhs if e.op == ":=" else f"{e.lhs} ~ {e.rhs}",
        "defined" if e.op == ":=" else "path",
        expected=_expected(expected, e),
        problems="; ".join(solution.problems),
    )
    if not solution.converged:
        return row
    return row._replace(est=e.est, se=e.se, p=e.p, std=e.std, estimate=e.est)


def _intervals(estimate: float, draws: np.ndarray, simulated: np.ndarray) -> dict[str, Any]:
    """Limits of the three kinds of intervals, by field; NaN for those without draws."""
    found = {"monte_carlo": percentile_interval(simulated)}
    if np.isfinite(draws).any():
        found["percentile"] = percentile_interval(draws)
        found["bias_corrected"] = bias_corrected_interval(draws, estimate)
    return {
        f"{kind}_{side}": limit
        for kind, pair in found.items()
        for side, limit in zip(("low", "high"), pair, strict=True)
    }


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
