"""A model's printed numbers as intervals for the statistics of `enclosures.KINDS`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv

from retrace.checks.regression.intervals import Ends, both_ends, over, reciprocal
from retrace.checks.regression.printed_model import PrintedModel
from retrace.checks.regression.recomputed import LEVEL
from retrace.checks.regression.relations import t_from_coefficient
from retrace.estimators.least_squares import critical_t
from retrace.printed.numbers import TIE_TOLERANCE, Printed
from retrace.printed.reported import belongs_to_b

# The statistic of the correlations, and the ends of its interval.
Demand = tuple[str, float, float]


@dataclass(frozen=True)
class Constraint:
    """low <= statistic (kind, j) <= high, because of one printed number."""

    term: str
    statistic: str
    printed: str
    kind: str
    j: int
    low: float
    high: float


def constraints_of(
    model: PrintedModel, one_sided: Collection[str] = (), level: float = LEVEL
) -> list[Constraint]:
    """What each printed number demands of the correlations.

    The constant demands nothing: it rests on means too. p is read two-sided, for the
    terms `one_sided` as the tail on the side of t. Confidence limits are of `level`.

    A b without printed standard deviations demands the sign of beta; with them, the range of
    beta that they allow, term by term (`sd_ratios` holds all b of a study together). A b with its
    standard error, or with both confidence limits, has a t, and the error or the upper limit
    demands that. Where both signs of t are open, p only limits |t|. Durbin-Watson statistics
    demand nothing, nor does what rests on errors that are not those of least squares, nor a p
    that is corrected for several tests.
    """
    found = []
    for term, statistic, printed in model.reports():
        if term == model.constant or model.hangs_on_errors(statistic):
            continue
        if statistic == "p" and model.correction:
            continue
        j = model.predictors.index(term) if term in model.predictors else 0
        if statistic == "p" and term in one_sided:
            low, high = _closed(printed)
            demand: Demand | None = ("rho", *_rho_of_p(model, term, 2 * low, 2 * high))
        else:
            demand = _demand(model, term, statistic, printed, level)
        if demand is not None:
            kind, low, high = demand
            if np.isfinite(low) or np.isfinite(high):
                found.append(Constraint(term, statistic, printed.text, kind, j, low, high))
    return found


def _demand(
    model: PrintedModel, term: str, statistic: str, printed: Printed, level: float
) -> Demand | None:
    low, high = _closed(printed)
    if statistic == "t":
        return "rho", _rho(low, model.df), _rho(high, model.df)
    if statistic == "p":
        return ("rho", *_rho_of_p(model, term, low, high))
    if statistic == "beta":
        return "beta", low, high
    if statistic == "vif":
        return "vif", low, high
    if statistic == "tolerance":
        return ("vif", *reciprocal((low, high)))
    if statistic == "b":
        return _beta_of_b(model, term, low, high)
    if statistic == "se" and "b" in model.reported[term]:
        _, least, most = t_from_coefficient(model.reported[term]["b"], printed)
        return "rho", _rho(least, model.df), _rho(most, model.df)
    if statistic == "ci_high" and "ci_low" in model.reported[term]:
        return ("rho", *_rho_of_limits(model, model.reported[term]["ci_low"], printed, level))
    if statistic == "se" and not belongs_to_b(model.reported[term]):
        squares = np.log(np.maximum([low, high], 1e-300)) * 2.0 + np.log(model.df)
        return "log_se2", float(squares[0]), float(squares[1])
    if statistic == "r2":
        return "r2", low, high
    if statistic == "adjusted_r2":
        df, total = model.df, model.n - 1
        return ("r2", *both_ends((low, high), lambda x: 1.0 - (1.0 - x) * df / total))
    if statistic == "f":
        return ("r2", *both_ends((low, high), lambda x: _r2_of_f(x, model)))
    if statistic == "f_p":
        ends = (min(high, 1.0), max(low, 0.0))
        # p is the lower tail of 1 - R2, whose law is beta (df / 2, k / 2).
        halves = (model.df / 2, model.k / 2)
        return ("r2", *both_ends(ends, lambda p: 1.0 - betaincinv(*halves, p)))
    return None


def _closed(printed: Printed) -> tuple[float, float]:
    low, high = printed.interval
    slack = TIE_TOLERANCE * max(1.0, abs(printed.value))
    return low - slack, high + slack


def _rho(t: float, df: int) -> float:
    return float(np.sign(t)) if np.isinf(t) else t / np.sqrt(t * t + df)


def _r2_of_f(f: float, model: PrintedModel) -> float:
    # Below 0, as half a unit under an F of 0 is, the quotient has a pole.
    f = max(f, 0.0)
    return 1.0 if np.isinf(f) else f * model.k / (f * model.k + model.df)


def _rho_of_limits(model: PrintedModel, low: Printed, high: Printed, level: float) -> Ends:
    """From t = t* (high + low) / (high - low), t* the critical t of the interval's level."""
    if (
        high.interval[0] <= low.interval[1]
        or not np.isfinite([*low.interval, *high.interval]).all()
    ):
        return -1.0, 1.0
    ends = [(upper + lower) / (upper - lower) for upper in high.interval for lower in low.interval]
    reach = float(critical_t(1.0 - level, model.test_df))
    return _rho(reach * min(ends), model.df), _rho(reach * max(ends), model.df)


def _rho_of_p(model: PrintedModel, term: str, low: float, high: float) -> Ends:
    least = 0.0 if high >= 1.0 else float(critical_t(high, model.test_df))
    most = np.inf if low <= 0.0 else float(critical_t(low, model.test_df))
    sign = _printed_sign(model.reported[term])
    if sign > 0:
        ends = (least, most)
    elif sign < 0:
        ends = (-most, -least)
    else:
        ends = (-most, most)
    return both_ends(ends, lambda t: _rho(t, model.df))


def _printed_sign(reported: Mapping[str, Printed]) -> int:
    for statistic in ("t", "beta", "b"):
        if statistic in reported:
            low, high = reported[statistic].interval
            if low > 0 or high < 0:
                return 1 if low > 0 else -1
    return 0


def _beta_of_b(model: PrintedModel, term: str, low: float, high: float) -> Demand | None:
    ratio = model.sd_ratio(term)
    if ratio is None:
        if low > 0:
            return "beta", 0.0, np.inf
        return ("beta", -np.inf, 0.0) if high < 0 else None
    return ("beta", *over((low, high), ratio[1:]))
