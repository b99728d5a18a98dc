"""Residual diagnostics of a least-squares regression, by statsmodels and SciPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Rounding error of 1 - leverage.
LEAST_FREE = 1e-10

# Why there is nothing to diagnose or estimate.
NOT_UNIQUE = "a predictor is constant, or predictors determine each other"

_BREUSCH_PAGAN = "breusch_pagan_p"
# Of the diagnostics that are single numbers, the p values.
P_VALUES = (_BREUSCH_PAGAN,)


@dataclass(frozen=True)
class ResidualDiagnostics:
    """What the residuals of one regression say.

    Attributes
    ----------
    b, se, se_hc3 : numpy.ndarray, shape (p + 1,)
        Coefficients, intercept first, and their standard errors: the usual ones, and
        heteroscedasticity-consistent ones of type 3 (MacKinnon and White 1985).
    skewness, kurtosis : float
        Of the residuals; kurtosis is 3 for a normal distribution.
    breusch_pagan_p : float
        Of Koenker's (1981) studentised test.
    largest_cook : float
        The largest of Cook's (1977) distances.
    largest_studentised : float
        The largest internally studentised residual, in absolute value.
    """

    b: np.ndarray
    se: np.ndarray
    se_hc3: np.ndarray
    skewness: float
    kurtosis: float
    breusch_pagan_p: float
    largest_cook: float
    largest_studentised: float

    def whole_model(self) -> dict[str, float]:
        """The diagnostics that are single numbers."""
        return {
            "residual_skewness": self.skewness,
            "residual_kurtosis": self.kurtosis,
            _BREUSCH_PAGAN: self.breusch_pagan_p,
            "largest_cook": self.largest_cook,
            "largest_studentised": self.largest_studentised,
        }


def unique_regression(X: np.ndarray) -> bool:
    """Whether no column of X, shape (n, p), is constant or a sum of multiples of others."""
    centred = X - X.mean(axis=0)
    # The mean of equal numbers may miss them by an ulp.
    spread, size = np.abs(centred).max(axis=0), np.abs(X).max(axis=0)
    if not (spread > 1e-12 * size).all():
        return False
    return bool(np.linalg.matrix_rank(centred / spread) == X.shape[1])


def residual_diagnostics(X: np.ndarray, y: np.ndarray) -> ResidualDiagnostics:
    """Diagnose the regression of y, shape (n,), on X, shape (n, p), and an intercept.

    HC3 errors, Cook's distances and studentised residuals are NaN where an observation has a
    leverage of 1, so that its residual is zero whatever its response. Everything is NaN where
    predictors are constant or determine each other, as on coarse scales in small samples: no
    regression is unique.
    """
    n = len(y)
    D = np.column_stack([np.ones(n), X])
    if not unique_regression(X):
        nothing = np.full(D.shape[1], np.nan)
        return ResidualDiagnostics(nothing, nothing, nothing, *[np.nan] * 5)
    from scipy.stats import kurtosis, skew
    from statsmodels.regression.linear_model import OLS
    from statsmodels.stats.diagnostic import het_breuschpagan

    fitted = OLS(y, D).fit()
    se_hc3, cook, studentised = np.full(D.shape[1], np.nan), np.nan, np.nan
    influence = fitted.get_influence()
    # An observation that some combination of predictors has to itself: its residual is zero.
    if influence.hat_matrix_diag.max() < 1 - LEAST_FREE:
        se_hc3, cook = fitted.HC3_se, influence.cooks_distance[0].max()
        studentised = np.abs(influence.resid_studentized_internal).max()
    return ResidualDiagnostics(
        b=fitted.params,
        se=fitted.bse,
        se_hc3=se_hc3,
        skewness=float(skew(fitted.resid)),
        kurtosis=float(kurtosis(fitted.resid, fisher=False)),
        breusch_pagan_p=float(het_breuschpagan(fitted.resid, D)[1]),
        largest_cook=float(cook),
        largest_studentised=float(studentised),
    )
