"""Other estimators on data: robust standard errors, bootstrap, robust and ordinal regression.

The data are synthetic: they reproduce the printed correlations, everything else about them is an
assumption. Predictors and outcome are standardised, so that estimates compare with beta; those of
ordinal regression are in units of the latent response a standard deviation of the predictor.

Every function takes milliseconds for 300 observations, so that hundreds of data sets that print
the same tables can be analysed and not one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from retrace.decisions import Hypothesis, decide_one
from retrace.estimators.diagnostics import NOT_UNIQUE, residual_diagnostics, unique_regression
from retrace.estimators.least_squares import degrees_of_freedom, two_sided_p
from retrace.estimators.ordinal import LOGIT, PROBIT, ordered_regression
from retrace.estimators.robust import HUBER, TUKEY, Weighting, robust_regression

RESAMPLES = 2000
# Resampling counts that are numbers of eight bytes at a time.
COUNTS_AT_ONCE = 10_000_000
# Of responses that are too many to draw.
NO_DATA = "the study has more responses than are drawn"
# On any data, in the order of their estimates.
LEAST_SQUARES, HC3, BOOTSTRAP = "ordinary least squares", "HC3 standard errors", "pairs bootstrap"
# Share of the resamples that must have a unique regression.
ESTIMABLE = 0.9
# A predictor of which the ones before it leave less than this share of variance is one of them.
_LEAST_PIVOT = 1e-10


class Estimate(NamedTuple):
    """One coefficient by one estimator; p is NaN where it has none, and `problem` says why."""

    specification: str
    term: str
    estimate: float
    se: float
    p: float
    df: int
    problem: str


ESTIMATE_COLUMNS = Estimate._fields


class Decided(NamedTuple):
    """One hypothesis by one estimator."""

    hypothesis: str
    analysis: str
    estimate: float
    p: float
    decision: str


def standardise(data: ArrayLike) -> np.ndarray:
    """Columns with mean 0 and standard deviation 1.

    Raises
    ------
    ValueError
        If a column is constant.
    """
    data = np.asarray(data, dtype=float)
    sd = data.std(axis=0, ddof=1)
    if not (sd > 0).all():
        raise ValueError(f"column {int(np.argmin(sd))} of the data is constant")
    return (data - data.mean(axis=0)) / sd


def resampling_counts(
    n: int, stream: np.random.Generator, resamples: int = RESAMPLES
) -> np.ndarray:
    """How often each of n observations is drawn in each resample, shape (resamples, n).

    Drawn once for all data sets that are to be compared: they then differ by their data alone.
    One byte each: that one of n observations is drawn 256 times has a chance below 1e-500.
    """
    counts = np.empty((resamples, n), dtype=np.uint8)
    for resample in counts:
        resample[:] = np.bincount(stream.integers(n, size=n), minlength=n)
    return counts


def bootstrap(Z: ArrayLike, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs bootstrap of standardised regression coefficients (Efron and Tibshirani 1993, ch. 9).

    Parameters
    ----------
    Z : array_like, shape (n, k + 1)
        Outcome last.
    counts : numpy.ndarray, shape (resamples, n)
        From `resampling_counts`.

    Returns
    -------
    se, p : ndarray, shape (k,)
        Standard deviation over resamples, and twice the smaller share of resamples on the far
        side of zero, itself counted: p = 2 (1 + count) / (1 + resamples). NaN where so few
        observations are drawn that fewer than 90 % of resamples have a unique regression.
    """
    betas, unique = resampled_betas(np.asarray(Z, dtype=float), counts)
    if unique.sum() < ESTIMABLE * len(counts):
        return np.full(len(betas), np.nan), np.full(len(betas), np.nan)
    betas = betas[:, unique]
    return betas.std(axis=1, ddof=1), share_beyond_zero(betas)


def share_beyond_zero(resampled: np.ndarray) -> np.ndarray:
    """p of a bootstrap, shape (k,), from estimates of resamples, shape (k, resamples)."""
    found = resampled.shape[1]
    below = (resampled <= 0).sum(axis=1)
    far = np.minimum(below, found - below)
    return np.minimum(2 * (1 + far) / (1 + found), 1.0)


def resampled_betas(Z: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of resamples, shape (k, resamples), and which have a unique regression."""
    n, p = Z.shape
    # Moments of a resample are its counts times products of columns, resamples along the last axis.
    row, column = np.tril_indices(p)
    products = np.concatenate([Z, Z[:, row] * Z[:, column]], axis=1).T
    parts = np.array_split(counts, -(-counts.size // COUNTS_AT_ONCE))
    moments = np.concatenate([products @ part.T.astype(float) for part in parts], axis=1) / n
    mean = moments[:p]
    R = np.empty((p, p, len(counts)))
    R[row, column] = R[column, row] = moments[p:] - mean[row] * mean[column]
    sd = np.sqrt(np.maximum(R[range(p), range(p)], 0.0))
    unique = np.asarray((sd > 1e-9).all(axis=0))
    with np.errstate(all="ignore"):
        R /= sd[:, None] * sd[None]
        # Gauss-Jordan elimination, one predictor at a time in all resamples at once. A pivot is
        # the share of the predictor's variance that those before it leave.
        for j in range(p - 1):
            pivot = R[j, j].copy()
            unique &= pivot > _LEAST_PIVOT
            own = R[j] / pivot
            R -= R[:, j, None] * own[None]
            R[j] = own
    return R[:-1, -1], unique


def estimates_on_data(data: ArrayLike, terms: Sequence[str], counts: np.ndarray) -> list[Estimate]:
    """Least squares, HC3 errors, bootstrap and robust regression of the last column on the others.

    HC3 errors are MacKinnon and White's (1985). Every p but the bootstrap's is from t with
    n - k - 1 degrees of freedom.

    Parameters
    ----------
    data : array_like, shape (n, k + 1)
        Outcome last.
    terms : sequence of str
        Names of the k predictors.
    counts : numpy.ndarray, shape (resamples, n)
        Of the bootstrap, from `resampling_counts`.

    Returns
    -------
    list of Estimate
        By estimator, then term. None has an estimate where a column is constant or predictors
        determine each other, as on coarse scales in small samples, nor where there are no data.

    Raises
    ------
    ValueError
        If n is too small.
    """
    data = np.asarray(data, dtype=float)
    n, k = data.shape[0], data.shape[1] - 1
    df = degrees_of_freedom(n, k) if n else 0
    if problem := _no_regression(data):
        names = (LEAST_SQUARES, HC3, BOOTSTRAP, *map(_robust_name, (HUBER, TUKEY)))
        nothing = np.full(k, np.nan)
        nothing_found = (_Found(name, nothing, nothing, nothing, problem) for name in names)
        return [row for found in nothing_found for row in _rows(found, terms, df)]
    Z = standardise(data)
    usual = residual_diagnostics(Z[:, :k], Z[:, k])
    beta = usual.b[1:]
    found = [
        _Found(LEAST_SQUARES, beta, usual.se[1:], None),
        _Found(HC3, beta, usual.se_hc3[1:], None),
    ]
    se, p = bootstrap(Z, counts)
    problem = "" if np.isfinite(p).all() else "too few observations"
    found.append(_Found(BOOTSTRAP, beta, se, p, problem))
    X = np.column_stack([np.ones(n), Z[:, :k]])
    for weighting in (HUBER, TUKEY):
        name = _robust_name(weighting)
        try:
            b, se = robust_regression(Z[:, k], X, weighting)
            found.append(_Found(name, b[1:], se[1:], None))
        except ArithmeticError as error:
            found.append(_without(name, k, error))
    return [row for one in found for row in _rows(one, terms, df)]


def ordinal_estimates(data: ArrayLike, terms: Sequence[str]) -> list[Estimate]:
    """Ordered logit and probit of the last column on the others (McCullagh 1980).

    Parameters and return values as of `estimates_on_data`. p is from the normal distribution, as
    every package prints it and `OrdinalFit` does.
    """
    data = np.asarray(data, dtype=float)
    X, y = data[:, :-1], data[:, -1]
    n, k = X.shape
    if not n:
        nothing = np.full(k, np.nan)
        names = (f"ordered {link.name}" for link in (LOGIT, PROBIT))
        missing = [_Found(name, nothing, nothing, nothing, NO_DATA) for name in names]
        return [row for one in missing for row in _rows(one, terms, 0)]
    df = degrees_of_freedom(n, k)
    if unique_regression(X):
        X = standardise(X)
    rows = []
    for link in (LOGIT, PROBIT):
        name = f"ordered {link.name}"
        try:
            fit = ordered_regression(y, X, link)
            found = _Found(name, fit.coefficients, fit.standard_errors, fit.p)
        except ArithmeticError as error:
            found = _without(name, k, error)
        rows += _rows(found, terms, df)
    return rows


def estimates_on_responses(
    data: ArrayLike, terms: Sequence[str], counts: np.ndarray
) -> list[Estimate]:
    """Every estimator that responses admit: `estimates_on_data`, then `ordinal_estimates`."""
    return estimates_on_data(data, terms, counts) + ordinal_estimates(data, terms)


def estimate_models(
    columns: Mapping, models: Mapping, counts: np.ndarray
) -> dict[str, list[Estimate]]:
    """`estimates_on_responses` of several regressions on one data set, by the regression's name.

    Parameters
    ----------
    columns : DataFrame or mapping of str to array_like, shape (n,)
        Scores of each construct.
    models : mapping
        By name what has `predictors` and `outcome`, names of constructs.
    counts : numpy.ndarray, shape (resamples, n)
        From `resampling_counts`.
    """
    found = {}
    for name, model in models.items():
        data = np.column_stack([columns[term] for term in (*model.predictors, model.outcome)])
        found[name] = estimates_on_responses(data, model.predictors, counts)
    return found


def decide_on_responses(
    columns: Mapping,
    models: Mapping,
    hypotheses: Sequence[Hypothesis],
    counts: np.ndarray,
    level: float,
) -> list[Decided]:
    """Every hypothesis by every estimator on one data set of responses.

    Parameters
    ----------
    columns, models, counts
        As of `estimate_models`; models that no hypothesis is about are not estimated.
    hypotheses : sequence of Hypothesis
    level : float
        Two-sided level.

    Returns
    -------
    list of Decided
        By hypothesis as listed, then estimator. Without a p the decision is `not attainable`.
    """
    tested = {hypothesis.model: models[hypothesis.model] for hypothesis in hypotheses}
    estimates = estimate_models(columns, tested, counts)
    return [
        Decided(
            hypothesis.name,
            row.specification,
            row.estimate,
            row.p,
            decide_one(row.estimate, row.p, hypothesis.sign, level),
        )
        for hypothesis in hypotheses
        for row in estimates[hypothesis.model]
        if row.term == hypothesis.term
    ]


def _no_regression(data: np.ndarray) -> str:
    """Why the last column has no unique regression on the others; empty if it has."""
    if not len(data):
        return NO_DATA
    if not unique_regression(data[:, -1:]):
        return "the outcome is constant"
    return "" if unique_regression(data[:, :-1]) else NOT_UNIQUE


def _robust_name(weighting: Weighting) -> str:
    return f"robust regression, {weighting.name} weights"


class _Found(NamedTuple):
    """What one estimator says of all k terms; None for p is that of t."""

    name: str
    b: np.ndarray
    se: np.ndarray
    p: np.ndarray | None
    problem: str = ""


def _without(name: str, k: int, error: ArithmeticError) -> _Found:
    nothing = np.full(k, np.nan)
    return _Found(name, nothing, nothing, nothing, str(error))


def _rows(found: _Found, terms: Sequence[str], df: int) -> list[Estimate]:
    name, b, se, p, problem = found
    p = two_sided_p(b / se, df) if p is None else p
    if not problem and not np.isfinite(p).all():
        problem = "has no standard errors"
    cells = zip(terms, b.tolist(), se.tolist(), p.tolist(), strict=True)
    return [Estimate(name, *row, df, problem) for row in cells]
