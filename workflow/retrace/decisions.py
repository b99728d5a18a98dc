"""Decisions on hypotheses: one vocabulary and one rule, over estimate, p and level alone.

- `supported`: the estimate has the hypothesised sign, and its two-sided p is at most the level.
- `not supported`: there is a p, and not both.
- `not attainable`: there is no p. The numbers do not admit the analysis, or its solution is
  improper; it is no decision, and takes no part where decisions are compared.
- `undetermined`: both decisions occur among what is compared (`combine`), or an interval allows
  both (`decide_range`, `decide_printed`).
- `partly supported`: of a hypothesis of several parts, some are supported and some are not
  (`of_parts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from retrace.printed.numbers import Printed

SUPPORTED = "supported"
NOT_SUPPORTED = "not supported"
UNDETERMINED = "undetermined"
PARTLY = "partly supported"
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
# What hypotheses of more than one coefficient are about.
DIFFERENCE, SLOPE, INDIRECT, TOTAL = "difference", "simple slope", "indirect effect", "total effect"
PATH = "path of a structural model"
# What is about two samples.
GROUPS, CORRELATIONS = "difference between samples", "difference of correlations"
# A new sample supports where it does so with conventional power, and not where that rarely happens.
LIKELY, UNLIKELY = 0.8, 0.2

SIGNS = {"positive": 1, "negative": -1}


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


class Product(NamedTuple):
    """A number times the product of coefficients, each given as (model, term)."""

    factor: float
    coefficients: tuple[tuple[str, str], ...]


class PrintedCorrelation(NamedTuple):
    """A printed correlation of a sample with the least and most observations it may be of.

    None where it is not printed.
    """

    sample: str
    cell: Printed | None
    n: tuple[int, int]


@dataclass(frozen=True)
class EffectHypothesis:
    """A hypothesised sign of an effect of several coefficients, or in a structural model.

    Attributes
    ----------
    name : str
    kind : str
        `DIFFERENCE`, `SLOPE`, `INDIRECT`, `TOTAL`, `PATH`, `GROUPS` or `CORRELATIONS`.
    about : str
        The effect in words.
    products : tuple of Product
        The effect is their sum; none of a path of a structural model.
    sign : int
        1 for a positive effect, -1 for a negative one.
    reported : str
        The paper's own decision.
    alternative, parameter : str
        Of a path, the structural model and the path in it.
    row : mapping
        Statistic to printed number, where a table of effects has the effect itself.
    row_level : float or None
        The confidence level of limits there, where it is named.
    correlations : tuple of PrintedCorrelation
        Of two samples, the first less the second; empty where it is about coefficients.
    """

    name: str
    kind: str
    about: str
    products: tuple[Product, ...]
    sign: int
    reported: str
    alternative: str = ""
    parameter: str = ""
    row: Mapping[str, Printed] = field(default_factory=dict)
    row_level: float | None = None
    correlations: tuple[PrintedCorrelation, ...] = ()

    @property
    def coefficients(self) -> list[tuple[str, str]]:
        """Each coefficient that the effect is made of, once, as (model, term)."""
        return list(dict.fromkeys(one for each in self.products for one in each.coefficients))


Stated = Hypothesis | EffectHypothesis


def terms_of(hypotheses: Iterable[Stated]) -> list[Hypothesis]:
    """Those of hypotheses that are about one term of one model."""
    return [each for each in hypotheses if isinstance(each, Hypothesis)]


def effects_of(hypotheses: Iterable[Stated]) -> list[EffectHypothesis]:
    """Those of hypotheses that are about more than one term, or about a structural model."""
    return [each for each in hypotheses if isinstance(each, EffectHypothesis)]


def two_sided_p(t: ArrayLike, df: ArrayLike) -> Any:
    """Two-sided p value of t with df degrees of freedom, accurate in the far tail."""
    # Imported where it is used: it takes longer than all else that reading a decision needs.
    from scipy.special import stdtr

    return 2.0 * stdtr(df, -np.abs(t))


def critical_t(level: ArrayLike, df: ArrayLike) -> Any:
    """|t| at which the two-sided p value is the level."""
    from scipy.special import stdtrit

    return -stdtrit(df, np.asarray(level) / 2.0)


def decide(estimate: ArrayLike, p: ArrayLike, sign: int, level: float) -> NDArray[np.str_]:
    """The rule: the decision on each estimate (...,) from its two-sided p (...,).

    Parameters
    ----------
    estimate, p : array (...,)
        NaN where there is none.
    sign : int
        1 for a positive effect, -1 for a negative one.
    level : float
        Of the two-sided test.

    Returns
    -------
    array of str (...,)
    """
    value, probability = np.asarray(estimate, float), np.asarray(p, float)
    words = np.where((value * sign > 0) & (probability <= level), SUPPORTED, NOT_SUPPORTED)
    return np.where(np.isnan(value) | np.isnan(probability), NOT_ATTAINABLE, words)


def decide_one(estimate: float, p: float, sign: int, level: float) -> str:
    """`decide` on one estimate."""
    return str(decide(estimate, p, sign, level))


def supported_by_t(t: ArrayLike, sign: int, df: ArrayLike, level: float) -> NDArray[np.bool_]:
    """Whether t (...,) supports: the rule for t tests, where p <= level is |t| >= its critical t.

    For draws by the million, which need no p. What has no t supports nothing; where that can be,
    `decide_t` tells it from `not supported`.
    """
    return np.asarray(t) * sign >= critical_t(level, df)


def decide_t(t: float, sign: int, df: float, level: float) -> str:
    """The decision of one t test."""
    if np.isnan(t):
        return NOT_ATTAINABLE
    return word(bool(supported_by_t(t, sign, df, level)))


def word(supported: bool) -> str:
    """The decision's word."""
    return SUPPORTED if supported else NOT_SUPPORTED


def decide_range(t_range: Iterable[float], sign: int, df: float, level: float) -> str:
    """The decision over a range of t: undetermined if both answers occur in it."""
    return combine(decide_t(t, sign, df, level) for t in t_range)


def decide_printed(sign: int, estimate: Printed | None, p: Printed | None, level: float) -> str:
    """The decision from a printed coefficient (or t) and a printed p, each at its own precision.

    Undetermined where both decisions occur among the values that print so: `0.050` at 5 % is, and
    `>0.05`, which leaves the level out, is not. A coefficient printed as zero has no sign to tell,
    yet with p above the level it supports nothing. Without a printed coefficient or a printed p the
    decision is not attainable.
    """
    if estimate is None or p is None:
        return NOT_ATTAINABLE
    ends = sorted(end * sign for end in estimate.interval)
    least, most = p.interval
    if ends[1] <= 0 or least > level:
        return NOT_SUPPORTED
    return SUPPORTED if ends[0] > 0 and most <= level else UNDETERMINED


def decide_limits(sign: int, low: Printed, high: Printed) -> str:
    """The decision from printed confidence limits: whether they leave 0 out, on the right side.

    Undetermined where what prints as the nearer limit may be on either side of 0.
    """
    near, far = (low, high) if sign > 0 else (high, low)
    ends = sorted(end * sign for end in near.interval)
    if far.value * sign < 0.0 or ends[1] <= 0.0:
        return NOT_SUPPORTED
    return SUPPORTED if ends[0] > 0.0 else UNDETERMINED


def decide_share(share: float) -> str:
    """The decision from the share of new samples that support a hypothesis.

    Supported where at least 80 % do, not supported where at most 20 % do.
    """
    if np.isnan(share):
        return NOT_ATTAINABLE
    if UNLIKELY < share < LIKELY:
        return UNDETERMINED
    return word(share >= LIKELY)


def combine(decisions: Iterable[str]) -> str:
    """One decision from several: undetermined where those that decide disagree.

    What is not attainable takes no part; where nothing else is there, so is the whole.
    """
    different = set(decisions) - {NOT_ATTAINABLE} or {NOT_ATTAINABLE}
    return different.pop() if len(different) == 1 else UNDETERMINED


def of_parts(decisions: Iterable[str]) -> str:
    """The decision on a hypothesis of several parts from those on all of its parts.

    Supported where all are, not supported where none is, partly supported where some are and the
    others are not. A part that is undetermined leaves the whole so, and one that is not attainable
    too: what it would say could be either.
    """
    found = set(decisions)
    for open_one in (NOT_ATTAINABLE, UNDETERMINED):
        if open_one in found or not found:
            return open_one
    return found.pop() if len(found) == 1 else PARTLY


def decides(decision: str) -> bool:
    """Whether a decision settles a hypothesis, one way or the other."""
    return decision in (SUPPORTED, NOT_SUPPORTED)
