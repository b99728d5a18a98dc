"""Effects of several coefficients by the estimators that data admit.

A sum of coefficients of one model is a coefficient itself: with predictors x_j - (w_j / w) x in the
place of x_j, that of x / w is the sum of all w_j b_j and w b, to every estimator to which
predictors of the same span are the same. Products, and sums over models, have the variance of the
delta method, estimates of two models taken as independent, as from a table; or are bootstrapped,
all models on the same resamples (MacKinnon, Lockwood and Williams 2004).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from retrace.decisions import SLOPE, EffectHypothesis, Product, two_sided_p
from retrace.estimators.diagnostics import unique_regression
from retrace.estimators.estimators_on_data import (
    BOOTSTRAP,
    ESTIMABLE,
    Estimate,
    estimates_on_data,
    estimates_on_responses,
    resampled_betas,
    share_beyond_zero,
    standardise,
)
from retrace.estimators.ordinal import LOGIT, PROBIT

NO_COMMON_SCALE = "coefficients of latent responses of two models have no common scale"
# Resamples where the bootstrap is not asked.
FEW = 2

# A coefficient, by model and term.
Place = tuple[str, str]


def estimate_effect_on_data(
    columns: Mapping,
    models: Mapping,
    effect: EffectHypothesis,
    counts: np.ndarray,
    *,
    responses: bool,
) -> list[Estimate]:
    """An effect of several coefficients on one data set, by every estimator.

    Parameters
    ----------
    columns : DataFrame or mapping of str to array_like, shape (n,)
    models : mapping
        By name what has `predictors` and `outcome`.
    effect : EffectHypothesis
        With products of coefficients of these models.
    counts : numpy.ndarray, shape (resamples, n)
        Of the bootstrap.
    responses : bool
        Whether the data are of ordered responses, which ordered regression takes.

    Returns
    -------
    list of Estimate
        One an estimator. Of standardised coefficients; a slope at a value of a moderator in
        standard deviations of its term and of the outcome. Over several models p is by the normal
        distribution, and `df` the least of theirs.
    """
    if is_of_one_model(effect.products):
        return _of_one_model(columns, models, effect, counts, responses)
    found = _by_delta_method(columns, models, effect, counts)
    if responses:
        nothing = (math.nan, math.nan, math.nan, 0, NO_COMMON_SCALE)
        names = (f"ordered {link.name}" for link in (LOGIT, PROBIT))
        found += [Estimate(name, effect.about, *nothing) for name in names]
    return found


def is_of_one_model(products: Sequence[Product]) -> bool:
    """Whether an effect is a sum of coefficients of one model."""
    models = {model for each in products for model, _ in each.coefficients}
    return len(models) == 1 and all(len(each.coefficients) == 1 for each in products)


def _data(columns: Mapping, model: Any) -> np.ndarray:
    """The columns of a model, shape (n, k + 1), outcome last."""
    return np.column_stack([columns[name] for name in (*model.predictors, model.outcome)])


def summed(data: np.ndarray, weights: Mapping[int, float]) -> tuple[np.ndarray, int]:
    """Data of a model that has a sum of coefficients as one of its own.

    Parameters
    ----------
    data : numpy.ndarray, shape (n, k + 1)
        Outcome last.
    weights : mapping
        Place of a predictor to the weight of its coefficient, none of them 0.

    Returns
    -------
    data : numpy.ndarray, shape (n, k + 1)
    place : int
        Of the predictor whose coefficient is the sum.
    """
    (first, own), *others = weights.items()
    changed = np.array(data, dtype=float)
    for place, weight in others:
        changed[:, place] -= weight / own * changed[:, first]
    changed[:, first] /= own
    return changed, first


def _of_one_model(
    columns: Mapping, models: Mapping, effect: EffectHypothesis, counts: np.ndarray, responses: bool
) -> list[Estimate]:
    [name] = {model for model, _ in effect.coefficients}
    model = models[name]
    weights: dict[int, float] = {}
    for factor, [(_, term)] in effect.products:
        place = list(model.predictors).index(term)
        weights[place] = weights.get(place, 0.0) + factor
    weights = {place: weight for place, weight in weights.items() if weight}
    data = _data(columns, model)
    is_raw = effect.kind == SLOPE
    if not is_raw and len(data) and all(unique_regression(column[:, None]) for column in data.T):
        data = standardise(data)
    changed, place = summed(data, weights)
    estimate = estimates_on_responses if responses else estimates_on_data
    rows = estimate(changed, model.predictors, counts)
    own = model.predictors[place]
    return [row._replace(term=effect.about) for row in rows if row.term == own]


def _by_delta_method(
    columns: Mapping, models: Mapping, effect: EffectHypothesis, counts: np.ndarray
) -> list[Estimate]:
    names = list(dict.fromkeys(model for model, _ in effect.coefficients))
    data = {name: _data(columns, models[name]) for name in names}
    rows: dict[str, dict[Place, Estimate]] = {}
    for name in names:
        for row in estimates_on_data(data[name], models[name].predictors, counts):
            rows.setdefault(row.specification, {})[name, row.term] = row
    found = []
    for specification, by_place in rows.items():
        own = [by_place[place] for place in effect.coefficients]
        df = min(row.df for row in own)
        problem = next((row.problem for row in own if row.problem), "")
        numbers = (math.nan, math.nan, math.nan)
        if not problem and specification == BOOTSTRAP:
            numbers = _bootstrapped(data, models, effect, counts)
        elif not problem:
            values = {place: row.estimate for place, row in by_place.items()}
            slopes = {
                place: _slope(effect.products, values, place) for place in effect.coefficients
            }
            errors = [
                _error(data[name], models[name], specification, name, slopes, by_place)
                for name in names
            ]
            value, se = _value(effect.products, values), math.hypot(*errors)
            p = float(two_sided_p(value / se, math.inf)) if se > 0 else math.nan
            numbers = (value, se, p)
        if not problem and math.isnan(numbers[2]):
            problem = "has no standard error"
        found.append(Estimate(specification, effect.about, *numbers, df, problem))
    return found


def _value(products: Sequence[Product], values: Mapping[Place, float]) -> float:
    return float(
        sum(each.factor * math.prod(values[p] for p in each.coefficients) for each in products)
    )


def _slope(products: Sequence[Product], values: Mapping[Place, float], of: Place) -> float:
    """How an effect changes with one of its coefficients, each at most once in a product."""
    rest = [
        each._replace(coefficients=tuple(place for place in each.coefficients if place != of))
        for each in products
        if of in each.coefficients
    ]
    return _value(rest, values)


def _error(
    data: np.ndarray,
    model: Any,
    specification: str,
    name: str,
    slopes: Mapping[Place, float],
    by_place: Mapping[Place, Estimate],
) -> float:
    """Standard error of a model's part of an effect, linearised: of a weighted sum of its own."""
    own = {place: slope for place, slope in slopes.items() if place[0] == name and slope}
    if len(own) < 2:
        return sum(abs(slope) * by_place[place].se for place, slope in own.items())
    terms = list(model.predictors)
    weights = {terms.index(term): slope for (_, term), slope in own.items()}
    changed, place = summed(standardise(data), weights)
    few = np.ones((FEW, len(data)), dtype=np.uint8)
    rows = estimates_on_data(changed, terms, few)
    row = next(r for r in rows if (r.specification, r.term) == (specification, terms[place]))
    # Of the predictor in its own standard deviations.
    return row.se / float(changed[:, place].std(ddof=1))


def _bootstrapped(
    data: Mapping[str, np.ndarray], models: Mapping, effect: EffectHypothesis, counts: np.ndarray
) -> tuple[float, float, float]:
    """Estimate, standard deviation and p over resamples that all models share."""
    values: dict[Place, float] = {}
    resampled: dict[Place, np.ndarray] = {}
    unique = np.ones(len(counts), dtype=bool)
    for name, own in data.items():
        Z = standardise(own)
        betas, is_unique = resampled_betas(Z, counts)
        unique &= is_unique
        fit = np.linalg.lstsq(Z[:, :-1], Z[:, -1], rcond=None)[0]
        for place, term in enumerate(models[name].predictors):
            values[name, term], resampled[name, term] = float(fit[place]), betas[place]
    if unique.sum() < ESTIMABLE * len(counts):
        return math.nan, math.nan, math.nan
    over = sum(
        each.factor * np.prod([resampled[place][unique] for place in each.coefficients], axis=0)
        for each in effect.products
    )
    p = share_beyond_zero(np.asarray(over)[None])[0]
    return _value(effect.products, values), float(np.std(over, ddof=1)), float(p)
