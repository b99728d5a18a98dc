"""How strong an omitted confounder would have to be, from t and df alone.

Partial R2 and robustness values are those of Cinelli and Hazlett (2020, J. R. Stat. Soc. B 82,
39-67, section 4), benchmarks their bounds with an observed covariate (section 4.4). The impact
threshold is Frank's (2000, Sociol. Methods Res. 29, 147-194), the percentage of bias that of
Frank, Maroulis, Duong and Kelcey (2013), both also for estimates that are not significant (Xu,
Frank, Maroulis and Rosenberg 2019, Stata J. 19, 523-550).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from retrace.estimators.least_squares import critical_t, ols_from_correlations

if TYPE_CHECKING:
    import pandas as pd

    from retrace.decisions import Hypothesis

# One number, or several.
Numbers = float | np.ndarray


class Confounding(NamedTuple):
    """What a confounder would have to be like, a row of `confounding.csv`.

    From `partial_r2` to `bias_to` without one in view; then one `strength` times as strong as the
    `benchmark`, a predictor; NaN where `problem` says why there is none.
    """

    hypothesis: str
    model: str
    term: str
    t: float
    df: int
    partial_r2: float
    robustness_value: float
    robustness_value_alpha: float
    impact_threshold: float
    percent_bias: float
    bias_to: str
    benchmark: str
    strength: float
    benchmark_r2_treatment: float
    benchmark_r2_outcome: float
    t_adjusted: float
    decision_adjusted: str
    problem: str


def partial_r2(t: Numbers, df: Numbers) -> np.ndarray:
    """Partial R2 of a predictor with the outcome: t^2 / (t^2 + df)."""
    t = np.asarray(t, dtype=float)
    return t**2 / (t**2 + df)


def robustness_value(
    t: Numbers, df: Numbers, q: float = 1.0, level: float | None = None
) -> np.ndarray:
    """Share of the residual variance of treatment and of outcome that a confounder must explain.

    Parameters
    ----------
    t, df : float
    q : float
        Proportion of the estimate to be explained away.
    level : float, optional
        If given, down to where the estimate is no longer significant at this level; then the
        confounder takes one more degree of freedom.

    Returns
    -------
    float
        Between 0 and 1; 0 where the estimate is not significant to begin with.
    """
    f = q * np.abs(np.asarray(t, dtype=float)) / np.sqrt(df)
    if level is None:
        return 0.5 * (np.sqrt(f**4 + 4 * f**2) - f**2)
    f_critical = critical_t(level, df - 1) / np.sqrt(df - 1)
    excess = np.maximum(f - f_critical, 0.0)
    value = 0.5 * (np.sqrt(excess**4 + 4 * excess**2) - excess**2)
    # With f above 1 / f_critical the outcome's share alone binds (their extreme scenario).
    extreme = (f**2 - f_critical**2) / (1 + f**2)
    return np.where((excess > 0) & (f > 1 / f_critical), extreme, value)[()]


def impact_threshold(t: Numbers, df: Numbers, level: float = 0.05) -> np.ndarray:
    """Frank's impact threshold: product of the confounder's two partial correlations.

    With one degree of freedom taken for the confounder, as in the authors' program konfound. Two
    such correlations of one size and of product k leave (r - k) / (1 - |k|) of a partial
    correlation r; at the threshold that is the critical one. Negative where the
    estimate is not significant: it takes a suppressor of this impact to make it so.
    """
    t = np.asarray(t, dtype=float)
    reached = np.abs(t) / np.sqrt(t**2 + df - 1)
    critical = critical_t(level, df)
    threshold = critical / np.sqrt(critical**2 + df - 1)
    excess = reached - threshold
    return (excess / np.where(excess > 0, 1 - threshold, 1 + threshold))[()]


def percent_bias(t: Numbers, df: Numbers, level: float = 0.05) -> np.ndarray:
    """Percentage of bias that would change the inference.

    Where the estimate is significant, the percentage of it that would have to be bias to
    invalidate the inference; where it is not, the percentage of the significant estimate that
    bias would have to have taken away to sustain one. `bias_to` says which.
    """
    t, critical = np.abs(np.asarray(t, dtype=float)), critical_t(level, df)
    return 100.0 * (1.0 - np.minimum(t, critical) / np.maximum(t, critical))


def bias_to(t: float, df: float, level: float = 0.05) -> str:
    """What bias or a confounder could do to the inference: `invalidate` or `sustain` it."""
    return "invalidate" if abs(t) >= critical_t(level, df) else "sustain"


def adjusted_t(
    t: Numbers,
    df: Numbers,
    r2_treatment: Numbers,
    r2_outcome: Numbers,
    sign: int | None = None,
) -> np.ndarray:
    """t after adjusting for a confounder with these partial R2.

    The confounder works against an effect of this sign; without one against the effect found.
    """
    t = np.asarray(t, dtype=float)
    way = np.sign(t) if sign is None else sign
    bias = np.sqrt(df * r2_outcome * r2_treatment / (1 - r2_treatment))
    deflation = np.sqrt((1 - r2_outcome) / (1 - r2_treatment) * df / (df - 1))
    return way * (way * t - bias) / deflation


def bounds_from_covariate(
    r2_treatment: float, r2_outcome: float, strength: float = 1.0
) -> tuple[float, float]:
    """Bounds on a confounder `strength` times as strong as a covariate with these partial R2.

    Raises
    ------
    ValueError
        If a confounder so much stronger cannot exist.
    """
    treatment = strength * r2_treatment / (1 - r2_treatment)
    if treatment >= 1:
        raise ValueError(
            f"a confounder {strength:g} times as strong would explain more than all of the "
            "treatment's variance"
        )
    overlap = strength * r2_treatment**2 / ((1 - strength * r2_treatment) * (1 - r2_treatment))
    eta = (np.sqrt(strength) + np.sqrt(overlap)) / np.sqrt(1 - overlap)
    outcome = eta**2 * r2_outcome / (1 - r2_outcome)
    if outcome >= 1:
        raise ValueError(
            f"a confounder {strength:g} times as strong would explain more than all of the "
            "outcome's variance"
        )
    return float(treatment), float(outcome)


def partial_r2_of_others(R: ArrayLike, n: int, term: int) -> dict[int, tuple[float, float]]:
    """Partial R2 of every other predictor with one term, and with the outcome.

    Parameters
    ----------
    R : array_like, shape (k + 1, k + 1)
        Correlations, outcome last.
    n : int
    term : int
        Index of the predictor whose effect is in question.
    """
    R = np.asarray(R, dtype=float)
    others = [j for j in range(len(R) - 1) if j != term]
    if not others:
        return {}
    fit = ols_from_correlations(R, n)
    order = [*others, term]
    treatment = ols_from_correlations(R[np.ix_(order, order)], n)
    return {
        j: (
            float(partial_r2(treatment.t[place], treatment.df)),
            float(partial_r2(fit.t[j], fit.df)),
        )
        for place, j in enumerate(others)
    }


def strongest(t: float, df: float, sign: int, shares: dict[int, tuple[float, float]]) -> int:
    """The predictor whose likeness, omitted, would most weaken a hypothesis of this sign.

    `shares` are those of `partial_r2_of_others`.
    """

    def left(j: int) -> float:
        try:
            of_treatment, of_outcome = bounds_from_covariate(*shares[j])
            return float(sign * adjusted_t(t, df, of_treatment, of_outcome, sign))
        except ValueError:  # stronger than any confounder can be: nothing would be left
            return -np.inf

    return min(shares, key=left)


def confounding_table(
    R: ArrayLike,
    n: int,
    names: Sequence[str],
    hypotheses: Sequence[Hypothesis],
    level: float,
    strengths: Sequence[float] = (1.0, 2.0, 3.0),
) -> pd.DataFrame:
    """Sensitivity of every hypothesis of one model, against its strongest observed predictor.

    The confounder works against the hypothesis: it takes from an effect of the hypothesised sign,
    and adds to one of the other.

    Parameters
    ----------
    R : array_like, shape (k + 1, k + 1)
    n : int
    names : sequence of str
        The k predictors.
    hypotheses : sequence of decisions.Hypothesis
        Those about this model.
    level : float
    strengths : sequence of float
        How many times as strong as that predictor the confounder is.

    Returns
    -------
    pandas.DataFrame
        A row a `Confounding`, for each hypothesis and strength.
    """
    import pandas as pd

    from retrace.decisions import NOT_ATTAINABLE, decide_t

    fit = ols_from_correlations(R, n)
    rows = []
    for hypothesis in hypotheses:
        j = list(names).index(hypothesis.term)
        t, df = float(fit.t[j]), fit.df
        own = (hypothesis.name, hypothesis.model, hypothesis.term, t, df, *_limits(t, df, level))
        shares = partial_r2_of_others(R, n, j)
        benchmark = strongest(t, df, hypothesis.sign, shares) if shares and df > 1 else None
        for strength in strengths:
            name, numbers, decision = "", (np.nan, np.nan, np.nan), NOT_ATTAINABLE
            problem = "no other predictor" if not shares else "no degree of freedom is left"
            if benchmark is not None:
                name, problem = names[benchmark], ""
                try:
                    bounds = bounds_from_covariate(*shares[benchmark], strength)
                except ValueError as error:
                    problem = str(error)
                else:
                    adjusted = float(adjusted_t(t, df, bounds[0], bounds[1], hypothesis.sign))
                    numbers = (*bounds, adjusted)
                    decision = decide_t(adjusted, hypothesis.sign, df - 1, level)
            rows.append(Confounding(*own, name, strength, *numbers, decision, problem))
    return pd.DataFrame(rows, columns=list(Confounding._fields))


def _limits(t: float, df: int, level: float) -> tuple[float, float, float, float, float, str]:
    """How much an omitted variable would have to explain, from `partial_r2` to `bias_to`."""
    return (
        float(partial_r2(t, df)),
        float(robustness_value(t, df)),
        float(robustness_value(t, df, level=level)),
        float(impact_threshold(t, df, level)),
        float(percent_bias(t, df, level)),
        bias_to(t, df, level),
    )
