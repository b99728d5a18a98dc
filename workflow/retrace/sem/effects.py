"""Direct and indirect effects of the alternatives, their intervals, and the signs of theory."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from retrace.sem.draws import Counts, fit_draws, normal_draws
from retrace.sem.fitting import Estimate, Fit
from retrace.sem.intervals import bias_corrected_interval, monte_carlo_draws, percentile_interval

if TYPE_CHECKING:
    from retrace.study import Study

EFFECT_COLUMNS = (
    *("model", "effect", "kind", "est", "se", "p", "std"),
    *("percentile_low", "percentile_high", "bias_corrected_low", "bias_corrected_high"),
    *("monte_carlo_low", "monte_carlo_high", "expected", "sign"),
)
COUNT_COLUMNS = ("model", "draws", "unusable", "retried", "failed", "improper")


def effect_rows(
    study: Study, fits: dict[str, Fit], draws: int, rng: np.random.Generator
) -> tuple[list[dict], list[dict]]:
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
