"""What a printed correlation table implies for a model: every statistic with its envelope."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, TypeVar

import numpy as np
from scipy.special import fdtrc

from retrace.checks.regression.constant import recompute_constant
from retrace.checks.regression.intervals import (
    Recomputed,
    both_ends,
    p_range,
    positive_quotient,
    reciprocal,
)
from retrace.checks.regression.printed_model import WHOLE_MODEL, PrintedModel
from retrace.estimators.least_squares import critical_t, ols_from_correlations, two_sided_p
from retrace.matrices.envelope import BUDGET, Envelopes, envelopes
from retrace.matrices.rounding_box import matrices, positive_definite
from retrace.printed.reported import belongs_to_b

# Confidence level of printed intervals where a paper names none.
LEVEL = 0.95
# Those in use, the custom first.
LEVELS = (LEVEL, 0.90, 0.99)
# Missing pairs from which on halving their ranges shows nothing in reasonable time.
MOST_HALVED = 4
# Kinds of statistic that are optimised; all others are increasing functions or sums of these.
_PRIMITIVES = ("beta", "rho", "vif", "log_se2")

Number = TypeVar("Number", float, np.ndarray)


def t_from_partial(rho: Number, df: float) -> Number:
    """t = rho sqrt(df / (1 - rho^2))."""
    with np.errstate(divide="ignore"):
        return np.sign(rho) * np.sqrt(df * rho**2 / np.maximum(1.0 - rho**2, 0.0))


def recompute(model: PrintedModel, level: float = LEVEL) -> dict[tuple[str, str], Recomputed]:
    """Every statistic that the correlations (and printed SDs) of a model imply.

    Parameters
    ----------
    model : PrintedModel
        Where it is `incomplete`, values at face value are NaN, tight is what some completions of
        the printed correlations attain, safe holds for all of them, and there is no constant.
    level : float
        Confidence level of `ci_low` and `ci_high`.

    Returns
    -------
    dict
        (term, statistic) to Recomputed. For each predictor beta, beta_se, t, p, vif, tolerance,
        se, ci_low, ci_high, and b where SDs are printed; without, or where the paper prints beta
        and no b, se and the interval are those of beta; sd_ratio where the paper prints b. For the
        constant b, se, t, p, ci_low, ci_high where means and SDs are printed. For the model r2,
        adjusted_r2, f, f_p.

    Raises
    ------
    NoMatrixError
        If no positive definite matrix prints like the table.
    ValueError
        If there are no correlations of the model, nor any to be completed.
    """
    if model.missing_correlations and not model.incomplete:
        raise ValueError(model.no_matrix or f"not printed: {model.missing_in_words}")
    k = model.k
    wanted = [(kind, j) for kind in _PRIMITIVES for j in range(k)] + [("r2", 0)]
    low, high = (np.ascontiguousarray(end, dtype=float).tobytes() for end in model.cells)
    budget = 0 if len(model.missing_pairs) > MOST_HALVED else BUDGET
    found = _envelopes(low, high, tuple(wanted), budget)
    fit = _fit_at_face_value(model)
    results: dict[tuple[str, str], Recomputed] = {}
    for j, term in enumerate(model.predictors):
        row = _row_of(model, j, found, fit, level)
        results |= {(term, name): each for name, each in row.items()}
    r2 = _bracket(found, len(wanted) - 1, fit.r2)
    if model.constant and not model.missing_moments and not model.incomplete:
        slopes = [results[term, "beta"].safe for term in model.predictors]
        cells = np.unique(found.witnesses.reshape(-1, found.witnesses.shape[-1]), axis=0)
        implied = recompute_constant(model, slopes, r2.safe, cells, level)
        results |= {(model.constant, name): each for name, each in implied.items()}
    whole = _whole_model(r2, model)
    return results | {(WHOLE_MODEL, name): each for name, each in whole.items()}


@lru_cache(maxsize=64)
def _envelopes(
    low: bytes, high: bytes, wanted: tuple[tuple[str, int], ...], budget: int
) -> Envelopes:
    """Envelopes of a box, which a table that is read in several ways has each time."""
    return envelopes(np.frombuffer(low), np.frombuffer(high), list(wanted), budget=budget)


def _bracket(found: Envelopes, index: int, value: float) -> Recomputed:
    (tight_low, tight_high), (safe_low, safe_high) = found.tight[index], found.safe[index]
    return Recomputed(float(value), (tight_low, tight_high), (safe_low, safe_high))


def _row_of(
    model: PrintedModel, j: int, found: Envelopes, fit: _Fit, level: float
) -> dict[str, Recomputed]:
    """Every statistic of predictor j, by name."""
    k, df, test, term = model.k, model.df, model.test_df, model.predictors[j]
    at = {kind: place * k + j for place, kind in enumerate(_PRIMITIVES)}
    beta = _bracket(found, at["beta"], fit.beta[j])
    t = _bracket(found, at["rho"], fit.rho[j]).through(lambda rho: t_from_partial(rho, df))
    se = _bracket(found, at["log_se2"], np.log(fit.se[j] ** 2 * df)).through(
        lambda x: np.sqrt(np.exp(x) / df)
    )
    vif = _bracket(found, at["vif"], fit.vif[j])
    kept = np.concatenate([found.witnesses[at[kind]] for kind in ("beta", "log_se2")])
    limits = _limits(model, j, beta, se, kept, level)
    row = {
        "beta": beta,
        "beta_se": se,
        "t": t,
        "p": Recomputed(
            float(two_sided_p(t.value, test)), p_range(t.tight, test), p_range(t.safe, test)
        ),
        "vif": vif,
        "tolerance": Recomputed(1.0 / vif.value, reciprocal(vif.tight), reciprocal(vif.safe)),
    }
    ratio, printed = model.sd_ratio(term), model.reported.get(term, {})
    if ratio is not None:
        row["b"] = beta.times(ratio)
        if belongs_to_b(printed):
            se = se.times(ratio)
            limits = [limit.times(ratio) for limit in limits]
    row["se"], (row["ci_low"], row["ci_high"]) = se, limits
    b = printed.get("b")
    if b is not None and not b.bound:
        row["sd_ratio"] = Recomputed(
            b.value / beta.value if beta.value else np.nan,
            positive_quotient(b.interval, beta.tight),
            positive_quotient(b.interval, beta.safe),
        )
    return row


def _whole_model(r2: Recomputed, model: PrintedModel) -> dict[str, Recomputed]:
    """R2 and what follows from it alone."""
    k, df = model.k, model.df
    f = r2.through(lambda x: np.inf if x >= 1.0 else (x / k) / ((1.0 - x) / df))
    return {
        "r2": r2,
        "adjusted_r2": r2.through(lambda x: 1.0 - (1.0 - x) * (model.n - 1) / df),
        "f": f,
        "f_p": Recomputed(
            float(fdtrc(k, df, f.value)),
            both_ends(f.tight[::-1], lambda x: fdtrc(k, df, x)),
            both_ends(f.safe[::-1], lambda x: fdtrc(k, df, x)),
        ),
    }


class _Fit(NamedTuple):
    """Statistics of each predictor, shape (k,), and R2; NaN where nothing is computed."""

    beta: np.ndarray
    rho: np.ndarray
    vif: np.ndarray
    se: np.ndarray
    r2: float


def _fit_at_face_value(model: PrintedModel) -> _Fit:
    if model.incomplete or model.has_stand_in or not positive_definite(model.R):
        gap = np.full(model.k, np.nan)
        return _Fit(gap, gap, gap, gap, np.nan)
    fit = ols_from_correlations(model.R, model.n)
    rho = fit.t / np.sqrt(fit.t**2 + fit.df)
    return _Fit(fit.beta, rho, fit.vif, fit.beta_se * np.sqrt(fit.df / model.df), float(fit.r2))


def _limits(
    model: PrintedModel, j: int, beta: Recomputed, se: Recomputed, kept: np.ndarray, level: float
) -> list[Recomputed]:
    """Confidence limits of beta: tight over the kept matrices, safe by interval sums."""
    reach = float(critical_t(1.0 - level, model.test_df))
    fit = ols_from_correlations(matrices(kept, model.k + 1), model.n)
    limits = []
    for sign in (-1.0, 1.0):
        errors = fit.beta_se[:, j] * np.sqrt(fit.df / model.df)
        attained = fit.beta[:, j] + sign * reach * errors
        ends = sorted(sign * reach * np.array(se.safe))
        limits.append(
            Recomputed(
                beta.value + sign * reach * se.value,
                (float(attained.min()), float(attained.max())),
                (beta.safe[0] + ends[0], beta.safe[1] + ends[1]),
            )
        )
    return limits
