"""Printed tests against each other: what one printed number of a row implies of another.

The checks that statcheck (Nuijten et al. 2016) makes on sentences, for the cells of a table and
for intervals: p from t, t from a coefficient and its standard error, confidence limits from both
and back, F and R2, tolerance and VIF. Every input stands for its whole rounding interval; p is
read two-sided and one-sided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from scipy.special import fdtrc, stdtr

from retrace.checks.regression.corrections import corrected_ends
from retrace.checks.regression.intervals import over, reciprocal
from retrace.checks.regression.printed_model import WHOLE_MODEL, PrintedModel
from retrace.checks.regression.recomputed import LEVEL
from retrace.checks.regression.tables import Reading, Related
from retrace.estimators.least_squares import critical_t
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import CONTRADICTED, fewest, verdict

# The relations that hang on the level of the limits.
LIMIT = "confidence limit from coefficient and SE"
LIMIT_BY_T = "confidence limit from coefficient and t"
SE_FROM_LIMITS = "SE from confidence limits"
ORDERED = "order of coefficient and confidence limits"

_AS_IT_IS = Reading()

# A recomputed number: at face value, least, most.
Implied = tuple[float, float, float]


def _p_of_range(t: Implied, df: float, sides: int) -> Implied:
    """p of a t at face value and of all t between two ends; the nearer to 0, the larger."""
    face, low, high = t
    nearest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    sizes = (abs(face), max(abs(low), abs(high)), nearest)
    p, least, most = (float(sides * stdtr(df, -size)) for size in sizes)
    return p, least, most


def p_from_t(t: Printed, df: float, sides: int = 2) -> Implied:
    """p value of a printed t; one-sided means the tail on the side of t."""
    return _p_of_range((t.value, *t.interval), df, sides)


def p_from_coefficient(b: Printed, se: Printed, df: float, sides: int = 2) -> Implied:
    """p value of a coefficient over its standard error; NaN at face value where both print as 0."""
    return _p_of_range(t_from_coefficient(b, se), df, sides)


def p_from_r(r: Printed, n: int, sides: int = 2) -> Implied:
    """p value of a printed correlation, by t = r sqrt((n - 2) / (1 - r^2)) with n - 2 df.

    Of two observations there is none, and nothing that it cannot be.
    """
    if n < 3:
        return np.nan, 0.0, 1.0

    def t(value: float) -> float:
        size = min(abs(value), 1.0)
        found = np.inf if size == 1.0 else size * np.sqrt((n - 2) / (1 - size**2))
        return float(np.copysign(found, value))

    face, low, high = map(t, (r.value, *r.interval))
    return _p_of_range((face, low, high), n - 2, sides)


def t_from_coefficient(b: Printed, se: Printed) -> Implied:
    """t as a coefficient over its standard error; without limit where that may be 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        face = np.divide(b.value, se.value)
    return (float(face), *over(b.interval, se.interval))


def limit_from_coefficient(
    b: Printed, se: Printed, df: float, upper: bool, level: float = LEVEL
) -> Implied:
    """Confidence limit b -+ t(df) se."""
    reach = float(critical_t(1 - level, df)) * (1 if upper else -1)
    ends = sorted(reach * end for end in (max(se.interval[0], 0.0), se.interval[1]))
    return b.value + reach * se.value, b.interval[0] + ends[0], b.interval[1] + ends[1]


def limit_from_t(b: Printed, t: Printed, df: float, upper: bool, level: float = LEVEL) -> Implied:
    """Confidence limit b -+ t(df) |b / t|; without limit where t may be 0.

    It is piecewise linear in b and monotone in t, so that its ends are at theirs and at b = 0.
    """
    reach = float(critical_t(1 - level, df)) * (1 if upper else -1)
    if t.interval[0] <= 0.0 <= t.interval[1]:
        return np.nan, -np.inf, np.inf

    def limit(coefficient: float, test: float) -> float:
        return coefficient + reach * abs(coefficient / test)

    ends = [limit(coefficient, test) for coefficient in b.interval for test in t.interval]
    if b.interval[0] < 0.0 < b.interval[1]:
        ends.append(0.0)
    return limit(b.value, t.value), min(ends), max(ends)


def se_from_limits(low: Printed, high: Printed, df: float, level: float = LEVEL) -> Implied:
    """Standard error as the width of the confidence interval over 2 t(df)."""
    reach = 2 * float(critical_t(1 - level, df))
    least = max(high.interval[0] - low.interval[1], 0.0)
    most = high.interval[1] - low.interval[0]
    return (high.value - low.value) / reach, least / reach, most / reach


def coefficient_from_limits(low: Printed, high: Printed) -> Implied:
    """Coefficient as the middle of its confidence interval."""
    ends = [(low.interval[i] + high.interval[i]) / 2 for i in (0, 1)]
    return (low.value + high.value) / 2, ends[0], ends[1]


def f_from_r2(r2: Printed, n: int, k: int) -> Implied:
    """F = (R2 / k) / ((1 - R2) / (n - k - 1))."""
    df = n - k - 1

    def f(value: float) -> float:
        value = max(value, 0.0)
        return np.inf if value >= 1 else float(value / k / ((1 - value) / df))

    return f(r2.value), f(r2.interval[0]), f(r2.interval[1])


def adjusted_from_r2(r2: Printed, n: int, k: int) -> Implied:
    """Adjusted R2 = 1 - (1 - R2) (n - 1) / (n - k - 1)."""
    shrink = (n - 1) / (n - k - 1)
    face, low, high = (1 - (1 - value) * shrink for value in (r2.value, *r2.interval))
    return face, low, high


def f_from_adjusted(adjusted: Printed, n: int, k: int) -> Implied:
    """F from R2 = 1 - (1 - adjusted R2) (n - k - 1) / (n - 1).

    A negative one is printed as zero by many, so that zero stands for all of them too.
    """
    df = n - k - 1
    least = -np.inf if adjusted.interval[0] <= 0 <= adjusted.interval[1] else adjusted.interval[0]

    def f(value: float) -> float:
        r2 = max(1 - (1 - value) * df / (n - 1), 0.0)
        return np.inf if r2 >= 1 else float(r2 / k / ((1 - r2) / df))

    return f(adjusted.value), f(least), f(adjusted.interval[1])


def r2_from_f(f: Printed, n: int, k: int) -> Implied:
    """R2 = k F / (k F + n - k - 1)."""
    df = n - k - 1

    def r2(value: float) -> float:
        explained = k * max(value, 0.0)
        return 1.0 if np.isinf(explained) else float(explained / (explained + df))

    return r2(f.value), r2(f.interval[0]), r2(f.interval[1])


def r2_from_adjusted(adjusted: Printed, n: int, k: int) -> Implied:
    """R2 = 1 - (1 - adjusted R2) (n - k - 1) / (n - 1); a zero stands for what is below it too."""
    shrink = (n - k - 1) / (n - 1)
    low, high = adjusted.interval
    face, least, most = (1 - (1 - value) * shrink for value in (adjusted.value, low, high))
    return face, 0.0 if low <= 0.0 <= high else least, most


def adjusted_from_f(f: Printed, n: int, k: int) -> Implied:
    """Adjusted R2 as `adjusted_from_r2`, with R2 of F."""
    shrink = (n - 1) / (n - k - 1)
    face, low, high = (1 - (1 - r2) * shrink for r2 in r2_from_f(f, n, k))
    return face, low, high


def _or_zero(adjusted: Printed, implied: Implied) -> Implied:
    """What is implied of an adjusted R2, with zero where it prints so and is negative by that.

    Many print a negative one as zero.
    """
    face, low, high = implied
    prints_zero = adjusted.interval[0] <= 0.0 <= adjusted.interval[1]
    return (face, low, max(high, 0.0)) if prints_zero and low <= 0.0 else implied


def p_from_f(f: Printed, n: int, k: int) -> Implied:
    """Upper tail of the F distribution with k and n - k - 1 degrees of freedom."""
    values = (f.value, f.interval[1], max(f.interval[0], 0.0))
    face, low, high = (float(fdtrc(k, n - k - 1, value)) for value in values)
    return face, low, high


def tolerance_from_vif(vif: Printed) -> Implied:
    """Tolerance = 1 / VIF; NaN where no VIF, which is at least 1, prints so."""
    if vif.interval[1] < 1.0:
        return np.nan, np.nan, np.nan
    face, _ = reciprocal((vif.value, vif.value))
    return face, *reciprocal((max(vif.interval[0], 1.0), vif.interval[1]))


def judge_relations(model: PrintedModel, level: float = LEVEL) -> list[Related]:
    """Judge every printed number of a model that others of its row imply."""
    rows = [row for term in model.terms for row in _of_a_term(model, term, level)]
    if model.correction:
        rows = _with_corrected_p(model, rows)
    return [*rows, *_of_the_whole(model)]


def _with_corrected_p(model: PrintedModel, rows: list[Related]) -> list[Related]:
    """Rows with p of the predictors corrected as one family, reading by reading."""
    families: dict[Reading, list[int]] = {}
    for place, row in enumerate(rows):
        if row.statistic == "p" and row.term != model.constant:
            families.setdefault(row.reading, []).append(place)
    found = list(rows)
    for places in families.values():
        own = [(rows[i].recomputed, rows[i].low, rows[i].high) for i in places]
        others = model.k - len(places)
        for i, implied in zip(places, corrected_ends(own, model.correction, others), strict=True):
            word = verdict(model.reported[rows[i].term]["p"], *implied)
            recomputed, low, high = implied
            found[i] = rows[i]._replace(recomputed=recomputed, low=low, high=high, verdict=word)
    return found


def one_sided_terms(rows: Iterable[Related]) -> list[str]:
    """Terms whose printed p contradicts its own t or error two-sided, and fits one-sided."""
    fits: dict[str, dict[int | None, bool]] = {}
    for row in rows:
        if row.statistic == "p":
            own, sides = fits.setdefault(row.term, {}), row.reading.sides
            own[sides] = own.get(sides, False) or row.verdict != CONTRADICTED
    return [term for term, own in fits.items() if own.get(1) and not own.get(2)]


def _of_a_term(model: PrintedModel, term: str, level: float) -> list[Related]:
    cell, found = model.reported.get(term, {}), _Relations(model.name, term)
    add = found.add
    coefficient = "b" if "b" in cell else "beta"
    b = cell.get(coefficient)
    t, p, se, vif = (cell.get(name) for name in ("t", "p", "se", "vif"))
    low, high = cell.get("ci_low"), cell.get("ci_high")
    if p and t:
        for implied, reading in _p_readings(model, partial(p_from_t, t)):
            add("p", "p from t", p, implied, reading)
    elif p and b and se:
        for implied, reading in _p_readings(model, partial(p_from_coefficient, b, se)):
            add("p", "p from coefficient and SE", p, implied, reading)
    if b and se and t:
        add("t", "t from coefficient and SE", t, t_from_coefficient(b, se))
    if model.errors == "bootstrap":
        _add_order(found, coefficient, cell)
    else:
        _add_limits(found, model, coefficient, cell, level)
    if low and high and b and model.errors != "bootstrap":
        implied = coefficient_from_limits(low, high)
        add(coefficient, "coefficient from confidence limits", b, implied)
    if vif and "tolerance" in cell:
        add("tolerance", "tolerance from VIF", cell["tolerance"], tolerance_from_vif(vif))
    return found.rows


def _p_readings(
    model: PrintedModel, p: Callable[..., Implied]
) -> Iterator[tuple[Implied, Reading]]:
    """p by every df that the test may have, two- and one-sided, with how it is read."""
    readings = {sides: _df_readings(model, partial(p, sides=sides)) for sides in (2, 1)}
    for of_a_df in zip(*readings.values(), strict=True):
        for sides, (implied, reading) in zip(readings, of_a_df, strict=True):
            yield implied, reading._replace(sides=sides)


def _df_readings(
    model: PrintedModel, implied: Callable[[float], Implied]
) -> Iterator[tuple[Implied, Reading]]:
    """What is implied by each df that a test may have; one that is not counted is said.

    Where these are all between two, what lies between that which the two imply: it rises or falls
    with the df throughout.
    """
    dfs = model.test_dfs
    if model.of_any_df and dfs:
        (_, *one), (_, *other) = implied(dfs[0]), implied(dfs[-1])
        ends = np.nan, min(one[0], other[0]), max(one[1], other[1])
        yield ends, Reading(df="with any df")
        return
    for df in dfs:
        called = "by the normal distribution" if np.isinf(df) else f"{df} df"
        yield implied(df), Reading(df=called if dfs[1:] else "")


def _add_limits(
    found: _Relations,
    model: PrintedModel,
    coefficient: str,
    cell: Mapping[str, Printed],
    level: float,
) -> None:
    """Limits from the coefficient and its error, or its t where there is none, and the error."""
    b, t, se, low, high = (cell.get(name) for name in (coefficient, "t", "se", "ci_low", "ci_high"))
    for name, limit in (("ci_low", low), ("ci_high", high)):
        upper = name == "ci_high"
        if b and se and limit:
            by, relation = partial(limit_from_coefficient, b, se, upper=upper, level=level), LIMIT
        elif b and t and limit:
            by, relation = partial(limit_from_t, b, t, upper=upper, level=level), LIMIT_BY_T
        else:
            continue
        for implied, other in _df_readings(model, by):
            found.add(name, relation, limit, implied, other)
    if low and high and se:
        for implied, other in _df_readings(model, partial(se_from_limits, low, high, level=level)):
            found.add("se", SE_FROM_LIMITS, se, implied, other)


def _add_order(found: _Relations, coefficient: str, cell: Mapping[str, Printed]) -> None:
    """Limits of a bootstrap lie on both sides of the coefficient, at whatever distance."""
    b, low, high = (cell.get(name) for name in (coefficient, "ci_low", "ci_high"))
    if b and low:
        found.add("ci_low", ORDERED, low, (np.nan, -np.inf, b.interval[1]))
    if b and high:
        found.add("ci_high", ORDERED, high, (np.nan, b.interval[0], np.inf))


def _of_the_whole(model: PrintedModel) -> Sequence[Related]:
    """Relations by the df that contradict the fewest of them, first those that are counted."""
    dfs = model.f_dfs
    readings = (
        _by_df(model, k, df, Reading(df=f"{k} and {df} df" if dfs[1:] else "")) for k, df in dfs
    )
    return fewest(CONTRADICTED, readings)


def _by_df(model: PrintedModel, k: int, df: int, reading: Reading) -> list[Related]:
    found, n = _Relations(model.name, WHOLE_MODEL), k + df + 1
    r2, adjusted, f, p = (model.overall.get(name) for name in ("r2", "adjusted_r2", "f", "f_p"))
    by_r2, by_f = model.errors == "ols", model.errors in ("ols", "robust")
    if r2 and f and by_r2:
        found.add("f", "F from R2", f, f_from_r2(r2, n, k), reading)
    if r2 and adjusted and model.errors != "weighted":
        implied = _or_zero(adjusted, adjusted_from_r2(r2, n, k))
        found.add("adjusted_r2", "adjusted R2 from R2", adjusted, implied, reading)
    if f and adjusted and not r2 and by_r2:
        found.add("f", "F from adjusted R2", f, f_from_adjusted(adjusted, n, k), reading)
        implied = _or_zero(adjusted, adjusted_from_f(f, n, k))
        if verdict(adjusted, *implied) != CONTRADICTED:  # else F has said so
            found.add("adjusted_r2", "adjusted R2 from F", adjusted, implied, reading)
    _add_r2(found, model, (n, k), reading)
    if f and p and by_f:
        found.add("f_p", "p from F", p, p_from_f(f, n, k), reading)
    return found.rows


def _add_r2(
    found: _Relations, model: PrintedModel, size: tuple[int, int], reading: Reading
) -> None:
    """R2 by the one of F and adjusted R2 that fits it; where neither does, by F.

    What does not fit it has a row of its own: R2 is doubted only where both speak against it.
    """
    r2, adjusted, f = (model.overall.get(name) for name in ("r2", "adjusted_r2", "f"))
    if r2 is None:
        return
    ways = []
    if f and model.errors == "ols":
        ways.append(("R2 from F", r2_from_f(f, *size)))
    if adjusted and model.errors != "weighted":
        ways.append(("R2 from adjusted R2", r2_from_adjusted(adjusted, *size)))
    fits = [way for way in ways if verdict(r2, *way[1]) != CONTRADICTED]
    if fits or ways[1:]:
        relation, implied = (fits or ways)[0]
        found.add("r2", relation, r2, implied, reading)


class _Relations:
    """Rows of one term, as they are found."""

    def __init__(self, model: str, term: str):
        self.model, self.term = model, term
        self.rows: list[Related] = []

    def add(
        self,
        statistic: str,
        relation: str,
        printed: Printed,
        implied: Implied,
        reading: Reading = _AS_IT_IS,
    ) -> None:
        word = verdict(printed, *implied)
        row = (self.model, self.term, relation, reading, printed.text, *implied, word, statistic)
        self.rows.append(Related(*row))
