"""Decisions on hypotheses: a direction, a level, and what rounding leaves open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrace.regression.matrix import critical_t

SUPPORTED = "supported"
NOT_SUPPORTED = "not supported"
UNDETERMINED = "undetermined"
# In place of a decision: an analysis that these numbers do not admit.
NOT_ATTAINABLE = "not attainable"
# Analyses in `verdicts.csv` that are no family of specifications; the first only repeats what the
# paper decides.
REPORTED = "paper's conclusion"
PRINTED, RECOMPUTED = "printed", "recomputed"
CONFOUNDER = "confounder like the strongest predictor"
REPLICATION = "new sample of the same size"
# In place of a hypothesis: all of them at once.
ALL = "all"
# In place of a hypothesis: all of those that the paper reports as supported.
AGAIN = "all that the paper supports"
DECISIONS = (SUPPORTED, NOT_SUPPORTED, UNDETERMINED)


@dataclass(frozen=True)
class Hypothesis:
    """A hypothesised sign of one coefficient of one model.

    Attributes
    ----------
    name, term, model : str
    sign : int
        1 for a positive effect, -1 for a negative one.
    reported : str
        The paper's own decision.
    """

    name: str
    term: str
    model: str
    sign: int
    reported: str


def decide(t, sign: int, df: int, alpha: float):
    """Supported where the effect has the hypothesised sign and two-sided p <= alpha.

    Parameters
    ----------
    t : float or ndarray
    sign : int
    df : int
    alpha : float

    Returns
    -------
    bool or ndarray of bool
    """
    return np.asarray(t) * sign >= critical_t(alpha, df)


def word(supported: bool) -> str:
    """The decision's word."""
    return SUPPORTED if supported else NOT_SUPPORTED


def decide_estimate(estimate: float, p: float, sign: int, alpha: float) -> str:
    """The decision from an estimate and its two-sided p; without a p it is not attainable."""
    if np.isnan(p):
        return NOT_ATTAINABLE
    return word(bool(estimate * sign > 0 and p <= alpha))


def decide_range(t_range, sign: int, df: int, alpha: float) -> str:
    """The decision over a range of t: undetermined if both answers occur in it."""
    answers = {bool(decide(t, sign, df, alpha)) for t in t_range}
    return UNDETERMINED if len(answers) == 2 else word(answers.pop())


def decide_printed(sign: int, estimate, p, alpha: float) -> str:
    """The decision from a printed coefficient (or t) and a printed p, each at its own precision.

    p decides against alpha over its rounding interval: `0.050` at 5 % is undetermined.
    """
    low, high = estimate.interval
    if not (low * sign > 0 and high * sign > 0):
        return UNDETERMINED if low * sign > 0 or high * sign > 0 else NOT_SUPPORTED
    least, most = p.interval
    if most <= alpha:
        return SUPPORTED
    return NOT_SUPPORTED if least > alpha else UNDETERMINED
