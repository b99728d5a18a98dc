"""What measurement error does to a regression: errors in variables over reliabilities.

A construct's score with reliability `rho` carries error variance `1 - rho` of its standardised
variance. With `D = diag(1 - rho)` for the predictors, the regression among the true scores is

    b = (R_xx - D)^-1 r_xy                                           (Fuller 1987, eq. 2.2.12)

and with the residual `v = y - x'b`, whose variance is `s_vv`,

    V(b) = M^-1 (R_xx s_vv + D b b' D) M^-1 / n,   M = R_xx - D      (Fuller 1987, theorem 2.2.1)

for known error variances. This is what maximum likelihood gives for the structural equation model
with one indicator a construct (`study_models.single_indicator_model`), because that model is
saturated. The outcome's own reliability changes its standardised coefficients, but neither `b / se`
nor p.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from retrace.decisions import NOT_ATTAINABLE, NOT_SUPPORTED, SIGNS, SUPPORTED, decide

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Two ways to get p from the same coefficients: maximum likelihood divides by n and refers to the
# normal distribution; least squares divides by n - k - 1 and refers to t.
CONVENTIONS = ("ml", "ols")


@dataclass(frozen=True)
class TrueScores:
    """A regression among true scores for `b` sets of reliabilities; NaN where impossible.

    Attributes
    ----------
    coefficients : array (b, k)
        In units of the observed scores' standard deviations.
    standardised : array (b, k)
        In units of the true scores' standard deviations.
    errors : array (b, k)
        Standard errors of `coefficients`, by maximum likelihood.
    possible : array of bool (b,)
        Whether true scores with these reliabilities can have the observed correlations.
    """

    coefficients: Array
    standardised: Array
    errors: Array
    possible: Flags

    def p_values(self, n: int, convention: str = "ml") -> Array:
        """Two-sided p (b, k) by one of `CONVENTIONS`."""
        from scipy.special import ndtr, stdtr

        z = np.abs(self.coefficients / self.errors)
        if convention == "ml":
            return 2.0 * ndtr(-z)
        df = n - self.coefficients.shape[1] - 1
        return 2.0 * stdtr(df, -z * np.sqrt(df / n))


def regress_true_scores(
    correlations: ArrayLike, reliabilities: ArrayLike, outcome_reliability: ArrayLike, n: int
) -> TrueScores:
    """Errors-in-variables regression.

    Parameters
    ----------
    correlations : array (k + 1, k + 1)
        Of the predictors, and the outcome last.
    reliabilities : array (b, k)
        Of the predictors.
    outcome_reliability : array (b,) or float
    n : int
        Observations.
    """
    r = np.asarray(correlations, float)
    rho = np.atleast_2d(np.asarray(reliabilities, float))
    b, k = rho.shape
    rho_y = np.broadcast_to(np.asarray(outcome_reliability, float), (b,))
    true = np.broadcast_to(r, (b, k + 1, k + 1)).copy()
    np.einsum("ijj->ij", true)[:] = np.concatenate([rho, rho_y[:, None]], axis=1)
    possible = np.linalg.eigvalsh(true)[:, 0] > 1e-10
    m = np.where(possible[:, None, None], true[:, :k, :k], np.eye(k))
    inverse = np.linalg.inv(m)
    coefficients = inverse @ r[:k, k]
    residual = 1.0 - 2.0 * coefficients @ r[:k, k]
    residual += np.einsum("ij,jk,ik->i", coefficients, r[:k, :k], coefficients)
    spread = (1.0 - rho) * coefficients
    middle = residual[:, None, None] * r[:k, :k] + spread[:, :, None] * spread[:, None, :]
    errors = np.sqrt(np.einsum("ijj->ij", inverse @ middle @ inverse) / n)
    standardised = coefficients * np.sqrt(rho / rho_y[:, None])
    for values in (coefficients, standardised, errors):
        values[~possible] = np.nan
    return TrueScores(coefficients, standardised, errors, possible)


class Robustness(NamedTuple):
    """Under which reliabilities one hypothesis holds, by one of `CONVENTIONS`.

    Attributes
    ----------
    convention : str
    decision : str
        With perfectly reliable scores: the regression as it stands.
    changes_at : float
        Largest common reliability below 1 at which the decision is the opposite; NaN if there is
        none down to the lowest considered.
    impossible_at : float
        Largest common reliability of the predictors at which no true scores can have the observed
        correlations, even with a perfect outcome; NaN if there is none down to the lowest
        considered.
    share_supported : float
        Share of the per-construct reliability space in which the hypothesis is supported, among
        the points that are possible.
    share_error : float
        Monte Carlo standard error of that share.
    share_possible : float
        Share of the space in which true scores can have the observed correlations.
    """

    convention: str
    decision: str
    changes_at: float
    impossible_at: float
    share_supported: float
    share_error: float
    share_possible: float


@dataclass(frozen=True)
class TrueScoreTest:
    """A hypothesis about one predictor of a regression among true scores.

    Attributes
    ----------
    correlations : array (k + 1, k + 1)
        Of the predictors, and the outcome last.
    n : int
        Observations.
    term : int
        Index of the predictor.
    direction : str
        `positive` or `negative`.
    level : float
        Two-sided level.
    """

    correlations: ArrayLike
    n: int
    term: int
    direction: str
    level: float

    @property
    def k(self) -> int:
        """Number of predictors."""
        return len(np.asarray(self.correlations)) - 1

    def decisions(self, reliabilities: Array, convention: str) -> NDArray[np.str_]:
        """Decisions (b,) at reliabilities (b, k) of the predictors."""
        # The outcome's reliability changes no p; 1 is always possible.
        found = regress_true_scores(self.correlations, reliabilities, 1.0, self.n)
        p = found.p_values(self.n, convention)[:, self.term]
        return decide(found.coefficients[:, self.term], p, SIGNS[self.direction], self.level)

    def largest(self, convention: str, words: tuple[str, ...], lowest: float) -> float:
        """Largest common reliability at which the decision is one of `words`; NaN if none."""

        def found(reliabilities: Array) -> Flags:
            alike = np.repeat(reliabilities[:, None], self.k, axis=1)
            return np.isin(self.decisions(alike, convention), words)

        common = np.linspace(1.0, lowest, 1001)
        places = np.flatnonzero(found(common))
        if not len(places) or places[0] == 0:
            return float(common[0]) if len(places) else np.nan
        near, far = common[places[0] - 1], common[places[0]]
        for _ in range(40):
            middle = (near + far) / 2
            near, far = (near, middle) if found(np.array([middle]))[0] else (middle, far)
        return float(far)


def robustness(test: TrueScoreTest, lowest: float, space: ArrayLike) -> list[Robustness]:
    """How a hypothesis depends on reliability.

    Parameters
    ----------
    test : TrueScoreTest
    lowest : float
        Lowest reliability considered.
    space : array (b, k)
        Points of the per-construct reliability space.
    """
    points = np.asarray(space, float)
    results = []
    for convention in CONVENTIONS:
        decision = str(test.decisions(np.ones((1, test.k)), convention)[0])
        opposite = tuple({SUPPORTED, NOT_SUPPORTED} - {decision})
        inside = test.decisions(points, convention)
        possible = inside != NOT_ATTAINABLE
        share = float(np.mean(inside[possible] == SUPPORTED)) if possible.any() else np.nan
        results.append(
            Robustness(
                convention,
                decision,
                test.largest(convention, opposite, lowest),
                test.largest(convention, (NOT_ATTAINABLE,), lowest),
                share,
                float(np.sqrt(share * (1 - share) / max(possible.sum(), 1))),
                float(possible.mean()),
            )
        )
    return results
