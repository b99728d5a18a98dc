"""Ordinary least squares on data, by statsmodels, and the table of estimates `ols.csv`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from retrace.estimators.diagnostics import unique_regression
from retrace.estimators.least_squares import (
    critical_t,
    degrees_of_freedom,
    ols_from_correlations,
    two_sided_p,
)

if TYPE_CHECKING:
    import pandas as pd

INTERCEPT = "(intercept)"
# Confidence of the intervals.
LEVEL = 0.95


class LeastSquares(NamedTuple):
    """A coefficient with its regression, a row of `ols.csv`; NaN where a number is missing.

    `se` and the interval belong to b where b is known, else to beta.
    """

    model: str
    data: str
    term: str
    b: float
    beta: float
    se: float
    t: float
    p: float
    ci_low: float
    ci_high: float
    vif: float
    r2: float
    durbin_watson: float


def estimate_on_data(
    X: ArrayLike, y: ArrayLike, terms: Sequence[str], model: str, data: str
) -> pd.DataFrame:
    """Regress y on the columns of X and an intercept.

    The fit is statsmodels' QR decomposition of the design, which keeps half of the digits that the
    normal equations lose where predictors are nearly collinear.

    Parameters
    ----------
    X, y : array_like, shape (n, k), (n,)
    terms : sequence of str
        Names of the k columns.
    model, data : str
        Labels of the model and of the data set, for the first two columns.

    Returns
    -------
    pandas.DataFrame
        The intercept and one row a term, a `LeastSquares` each. The Durbin-Watson statistic
        (Durbin and Watson 1950) is of the rows in the order given. Every number is missing where
        a predictor or the outcome is constant or predictors determine each other, and where there
        are no data.
    """
    import pandas as pd
    from statsmodels.regression.linear_model import OLS
    from statsmodels.stats.stattools import durbin_watson

    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    k = X.shape[1]
    df = degrees_of_freedom(len(y), k) if len(y) else 0
    names = {"model": model, "data": data, "term": [INTERCEPT, *terms]}
    if not (len(y) and unique_regression(X) and unique_regression(y[:, None])):
        return pd.DataFrame({**names, **dict.fromkeys(LeastSquares._fields[3:], np.nan)})
    design = np.column_stack([np.ones(len(y)), X])
    fitted = OLS(y, design).fit(method="qr")
    b = np.asarray(fitted.params)
    # Standard errors from the rows of the inverse triangle: statsmodels inverts R'R, which squares
    # the condition number, and its df_resid counts a numerical rank.
    inverse = np.linalg.inv(np.linalg.qr(design, mode="r"))
    se = np.sqrt(fitted.ssr / df) * np.linalg.norm(inverse, axis=1)
    t = b / se
    reach = critical_t(1.0 - LEVEL, df) * se
    correlations = np.corrcoef(X, rowvar=False).reshape(k, k)
    return pd.DataFrame(
        {
            **names,
            "b": b,
            "beta": np.concatenate([[np.nan], b[1:] * X.std(axis=0, ddof=1) / y.std(ddof=1)]),
            "se": se,
            "t": t,
            "p": two_sided_p(t, df),
            "ci_low": b - reach,
            "ci_high": b + reach,
            "vif": np.concatenate([[np.nan], np.diag(np.linalg.inv(correlations))]),
            "r2": fitted.rsquared,
            "durbin_watson": durbin_watson(fitted.resid),
        },
        columns=LeastSquares._fields,
    )


def estimate_on_matrix(
    R: ArrayLike,
    n: int,
    terms: Sequence[str],
    model: str,
    sds: ArrayLike | None = None,
    data: str = "matrix",
) -> pd.DataFrame:
    """The same table from a correlation matrix (outcome last), named `data`.

    Without standard deviations, and where one prints as 0, b is missing, and `se` and the interval
    are those of beta; a matrix has no rows, so the Durbin-Watson statistic is always missing.

    Raises
    ------
    ValueError
        As `least_squares.ols_from_correlations`.
    """
    import pandas as pd

    if sds is not None and not (np.asarray(sds) > 0).all():
        sds = None
    fit = ols_from_correlations(R, n, sds=sds, level=LEVEL)
    return pd.DataFrame(
        {
            "model": model,
            "data": data,
            "term": list(terms),
            "b": fit.b,
            "beta": fit.beta,
            "se": fit.beta_se if sds is None else fit.se,
            "t": fit.t,
            "p": fit.p,
            "ci_low": fit.ci_low,
            "ci_high": fit.ci_high,
            "vif": fit.vif,
            "r2": float(fit.r2),
            "durbin_watson": np.nan,
        },
        columns=LeastSquares._fields,
    )
