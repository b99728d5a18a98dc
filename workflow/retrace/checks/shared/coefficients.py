"""Coefficients as printed, with their errors and tests, and how estimates of a model correlate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from retrace.checks.regression.printed_model import PrintedModel
from retrace.checks.shared.effects import Coefficient, Ranged
from retrace.decisions import critical_t
from retrace.matrices.envelope import envelopes
from retrace.matrices.rounding_box import cell_places
from retrace.printed.numbers import Printed
from retrace.printed.reported import belongs_to_b

UNKNOWN = Ranged(math.nan, -math.inf, math.inf)
# A pair takes half a second in a model of so many predictors, and in one of eight next to nothing.
MOST_PREDICTORS = 20
MOST_PAIRS = 200
ANY_CORRELATION = Ranged(math.nan, -1.0, 1.0)


class Correlations:
    """Correlations of estimates of one model, each computed once.

    Anything from -1 to 1 where the correlations of the predictors are not printed or the errors are
    others than those of least squares; of models with more than `MOST_PREDICTORS`, whose bounds
    say little; and beyond `MOST_PAIRS` of all models together.
    """

    def __init__(self, models: Mapping[str, PrintedModel]):
        self.models = models
        self.found: dict[tuple[str, ...], Ranged] = {}

    def of(self, name: str, one: str, other: str) -> Ranged:
        """Of the estimates of two terms of a model."""
        model, pair = self.models[name], (name, *sorted((one, other)))
        if model.missing_correlations or model.errors != "ols" or model.k > MOST_PREDICTORS:
            return ANY_CORRELATION
        if pair not in self.found:
            if len(self.found) >= MOST_PAIRS:
                return ANY_CORRELATION
            self.found[pair] = estimates_correlation(model, one, other)
        return self.found[pair]


def estimates_correlation(model: PrintedModel, one: str, other: str) -> Ranged:
    """Correlation of the estimates of two coefficients, over every matrix that prints alike.

    It is the negative of the partial correlation of their predictors given the others (Cohen,
    Cohen, West and Aiken 2003, appendix 2), which is that of one of them as the outcome of a
    regression on the rest.
    """
    a, b = (model.predictors.index(term) for term in (one, other))
    rest = [i for i in range(model.k) if i not in (a, b)]
    places = np.ix_([*rest, b, a], [*rest, b, a])
    upper = cell_places(model.k)
    low, high = (np.asarray(ends)[places][upper] for ends in (model.low, model.high))
    found = envelopes(low, high, [("rho", len(rest))])
    inverse = np.linalg.inv(np.asarray(model.R)[:-1, :-1])
    face = inverse[a, b] / math.sqrt(inverse[a, a] * inverse[b, b])
    least, most = found.safe[0]
    return Ranged(math.nan if model.has_stand_in else float(face), -float(most), -float(least))


def printed_coefficient(row: Mapping[str, Printed], unit: str, dfs: Sequence[float]) -> Coefficient:
    """A printed coefficient with its error and t, as far as its row gives them.

    Parameters
    ----------
    row : mapping
        Statistic to printed number.
    unit : str
        `b` or `beta`.
    dfs : sequence of float
        Degrees of freedom that its test may have.
    """
    estimate = Ranged.of(row[unit]) if unit in row else UNKNOWN
    signed = next((Ranged.of(row[name]) for name in ("t", "b", "beta") if name in row), UNKNOWN)
    own = ("b" if belongs_to_b(row) else "beta") == unit
    t = se = UNKNOWN
    if "t" in row:
        t = Ranged.of(row["t"])
    elif "se" in row and (stated := row.get("b" if belongs_to_b(row) else "beta")):
        t = Ranged.of(stated).over(Ranged.of(row["se"]))
    elif "p" in row and dfs and signed is not UNKNOWN:
        t = _t_of_p(row["p"], signed, dfs)
    if "se" in row and own:
        se = Ranged.of(row["se"])
    elif t is not UNKNOWN and estimate is not UNKNOWN:
        se = estimate.size.over(t.size)
    return Coefficient(estimate, se, t)


def _t_of_p(p: Printed, signed: Ranged, dfs: Sequence[float]) -> Ranged:
    """t of a two-sided p, with the sign of the coefficient; of either sign where that may be 0."""
    least, most = (min(max(end, 0.0), 1.0) for end in p.interval)
    ends = [
        float(critical_t(end, df)) if end > 0 else math.inf for end in (most, least) for df in dfs
    ]
    face = float(critical_t(p.value, dfs[0])) if p.value > 0 and not p.bound else math.nan
    found = Ranged(math.copysign(face, signed.value), min(ends), max(ends))
    if signed.low < 0 < signed.high:
        return Ranged(found.value, -found.high, found.high)
    return Ranged(found.value, -found.high, -found.low) if signed.high <= 0 else found
