"""Other estimators on data: robust standard errors, bootstrap, robust and ordinal regression.

The data are synthetic: they reproduce the printed correlations, everything else about them is an
assumption. Predictors and outcome are standardised, so that estimates compare with beta; those of
ordinal regression are log odds a standard deviation of the predictor.
"""

from __future__ import annotations

import numpy as np

from retrace.regression.matrix import degrees_of_freedom, two_sided_p

ESTIMATE_COLUMNS = ("specification", "term", "estimate", "se", "p", "df", "problem")
RESAMPLES = 2000
# Share of the resamples that must have a unique regression.
ESTIMABLE = 0.9
_BATCH = 500


def standardise(data) -> np.ndarray:
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


def bootstrap(Z, stream: np.random.Generator, resamples: int = RESAMPLES):
    """Pairs bootstrap of standardised regression coefficients (Efron and Tibshirani 1993, ch. 9).

    Parameters
    ----------
    Z : array_like, shape (n, k + 1)
        Outcome last.
    stream : numpy.random.Generator
    resamples : int

    Returns
    -------
    se, p : ndarray, shape (k,)
        Standard deviation over resamples, and twice the smaller share of resamples on the far
        side of zero, itself counted: p = 2 (1 + count) / (1 + resamples). NaN where so few
        observations are drawn that fewer than 90 % of resamples have a unique regression.
    """
    Z = np.asarray(Z, dtype=float)
    n, p = Z.shape
    # Weighted moments of a resample are its counts times all products of columns.
    design = np.column_stack([np.ones(n), Z])
    products = (design[:, :, None] * design[:, None, :]).reshape(n, -1)
    draws = []
    for start in range(0, resamples, _BATCH):
        size = min(_BATCH, resamples - start)
        counts = stream.multinomial(n, np.full(n, 1.0 / n), size=size)
        moments = (counts @ products).reshape(size, p + 1, p + 1)
        mean = moments[:, 0, 1:] / n
        S = moments[:, 1:, 1:] / n - mean[:, :, None] * mean[:, None, :]
        sd = np.sqrt(np.maximum(np.diagonal(S, axis1=1, axis2=2), 0.0))
        varies = (sd > 1e-9).all(axis=1)
        R = S[varies] / (sd[varies, :, None] * sd[varies, None, :])
        R = R[np.linalg.eigvalsh(R[:, :-1, :-1])[:, 0] > 1e-10]
        draws.append(np.linalg.solve(R[:, :-1, :-1], R[:, :-1, -1:])[..., 0])
    betas = np.concatenate(draws)
    found = len(betas)
    if found < ESTIMABLE * resamples:
        return np.full(p - 1, np.nan), np.full(p - 1, np.nan)
    below = (betas <= 0).sum(axis=0)
    far = np.minimum(below, found - below)
    return betas.std(axis=0, ddof=1), np.minimum(2 * (1 + far) / (1 + found), 1.0)


def estimates_under_other_errors(data, terms, stream: np.random.Generator, resamples=RESAMPLES):
    """Least squares, HC3 errors, bootstrap and robust regression of the last column on the others.

    HC3 (MacKinnon and White 1985) and robust regression with Huber's and Tukey's weights (Huber
    1981) are statsmodels'; p values are from t with n - k - 1 degrees of freedom.

    Parameters
    ----------
    data : array_like, shape (n, k + 1)
        Outcome last.
    terms : sequence of str
        Names of the k predictors.
    stream : numpy.random.Generator
        For the bootstrap.

    Returns
    -------
    pandas.DataFrame
        Columns `ESTIMATE_COLUMNS`.
    """
    import pandas as pd
    from statsmodels.regression.linear_model import OLS
    from statsmodels.robust import norms
    from statsmodels.robust.robust_linear_model import RLM

    Z = standardise(data)
    n, k = Z.shape[0], Z.shape[1] - 1
    df = degrees_of_freedom(n, k)
    X, y = np.column_stack([np.ones(n), Z[:, :k]]), Z[:, k]
    ols = OLS(y, X).fit()
    found = {"ordinary least squares": (ols.params[1:], ols.bse[1:], None)}
    found["HC3 standard errors"] = (ols.params[1:], ols.HC3_se[1:], None)
    se, p = bootstrap(Z, stream, resamples)
    found["pairs bootstrap"] = (ols.params[1:], se, p)
    for name, norm in (("Huber", norms.HuberT()), ("Tukey", norms.TukeyBiweight())):
        robust = RLM(y, X, M=norm).fit()
        found[f"robust regression, {name} weights"] = (robust.params[1:], robust.bse[1:], None)
    rows = []
    for name, (estimate, se, p) in found.items():
        p = two_sided_p(estimate / se, df) if p is None else p
        problem = "" if np.isfinite(p).all() else "too few observations"
        rows += [(name, *row, df, problem) for row in zip(terms, estimate, se, p, strict=True)]
    return pd.DataFrame(rows, columns=list(ESTIMATE_COLUMNS))


def ordinal_estimates(data, terms):
    """Ordered logit and probit of the last column on the others (McCullagh 1980).

    Parameters
    ----------
    data : array_like, shape (n, k + 1)
        Outcome last, on a response lattice.
    terms : sequence of str

    Returns
    -------
    pandas.DataFrame
        Columns `ESTIMATE_COLUMNS`; p values from t with n - k - 1 degrees of freedom, like those
        of every other estimator here, where asymptotic theory has the normal distribution. A fit
        that does not converge, or has no standard errors, is missing with that as its problem.
    """
    import pandas as pd
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    data = np.asarray(data, dtype=float)
    X, y = standardise(data[:, :-1]), data[:, -1]
    k = X.shape[1]
    df = degrees_of_freedom(len(y), k)
    rows = []
    for link in ("logit", "probit"):
        fit = OrderedModel(y, X, distr=link).fit(method="bfgs", maxiter=500, disp=False)
        estimate, se = fit.params[:k], fit.bse[:k]
        p = two_sided_p(estimate / se, df)
        problem = "" if fit.mle_retvals["converged"] else "did not converge"
        if not np.isfinite(p).all():
            problem = "has no standard errors"
        if problem:
            p = np.full(k, np.nan)
        for row in zip(terms, estimate, se, p, strict=True):
            rows.append((f"ordered {link}", *row, df, problem))
    return pd.DataFrame(rows, columns=list(ESTIMATE_COLUMNS))
