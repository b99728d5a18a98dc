"""How much do printed tables pin down? Data sets that print the same, compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrace.decisions import (
    NOT_ATTAINABLE,
    SUPPORTED,
    EffectHypothesis,
    Stated,
    combine,
    decide,
)
from retrace.estimators.diagnostics import P_VALUES
from retrace.synthetic.diversity import order_shared, rows_shared
from retrace.synthetic.ensemble import DRAW, MISSED, OpenStatistic
from retrace.synthetic.target import LikertTarget

if TYPE_CHECKING:
    import pandas as pd


class EnsembleDecision(NamedTuple):
    """What data sets decide on a hypothesis by one estimator.

    Attributes
    ----------
    hypothesis, analysis : str
    data_sets, supported : int
        Data sets that have an answer, and how many of them support the hypothesis.
    median_estimate, smallest_p, median_p, largest_p : float
    decision : str
        Undetermined where both answers occur.
    not_attainable : int
        Data sets whose estimator has no answer.
    missed : int
        The largest number of printed statistics that one of those counted misses.
    """

    hypothesis: str
    analysis: str
    data_sets: int = 0
    supported: int = 0
    median_estimate: float = np.nan
    smallest_p: float = np.nan
    median_p: float = np.nan
    largest_p: float = np.nan
    decision: str = NOT_ATTAINABLE
    not_attainable: int = 0
    missed: int = 0


# In place of an analysis where there are none.
NO_DATA_SET = "no data set is drawn"
# In place of an estimator, of a path of a structural model and of what is about two samples.
NOT_ON_DATA = "no estimator is of this effect on data of one sample"

# Quantiles of the summary.
LOWER, UPPER = 0.05, 0.95


def describe_ensemble(
    target: LikertTarget,
    ensemble: pd.DataFrame,
    statistics: pd.DataFrame,
    estimates: pd.DataFrame,
) -> pd.DataFrame:
    """All that is known of every data set: draw, statistic, term, value; in the order of draws.

    Beside the statistics, estimate and p of each estimator and term, where the data have them;
    `rows_shared`, the share of a data set's rows that the likest other one has too; and
    `order_shared`, the largest correlation, row by row, of a construct's scores with those in
    another data set.
    """
    import pandas as pd

    found = estimates[estimates["p"].notna()]
    term = found["model"] + ": " + found["term"]
    parts = [statistics]
    for kind in ("estimate", "p"):
        parts.append(
            pd.DataFrame(
                {
                    DRAW: found[DRAW],
                    "statistic": _statistic(found, kind),
                    "term": term,
                    "value": found[kind],
                }
            )
        )
    groups = ensemble.groupby(DRAW, sort=True)
    data_sets = {draw: part[list(target.names)].to_numpy() for draw, part in groups}
    if len(data_sets) > 1:
        for name, likeness in (("rows_shared", rows_shared), ("order_shared", order_shared)):
            alike = likeness(list(data_sets.values()))
            np.fill_diagonal(alike, 0.0)
            nearest = zip(data_sets, alike.max(axis=1).tolist(), strict=True)
            rows = [OpenStatistic(draw, name, "", value) for draw, value in nearest]
            parts.append(pd.DataFrame(rows, columns=list(OpenStatistic._fields)))
    described = pd.concat(parts, ignore_index=True)
    return described.sort_values(DRAW, kind="stable", ignore_index=True)


def stated_ensemble(statistics: pd.DataFrame) -> str:
    """How many data sets there are, and whether they print the tables, as a title says it.

    Parameters
    ----------
    statistics : DataFrame
        From `analyse_ensemble`.
    """
    missed = statistics.loc[statistics["statistic"] == MISSED, "value"].astype(int)
    count, others = len(missed), missed[missed > 0]
    if not count:
        return NO_DATA_SET
    if others.empty:
        return f"{count} data sets that print the same tables"
    ends = " to ".join(dict.fromkeys(str(end) for end in (others.min(), others.max())))
    if len(others) == count:
        return f"{count} data sets, none of which prints the tables (statistics missed: {ends})"
    return (
        f"{count} data sets, {count - len(others)} of which print the same tables "
        f"(statistics missed by others: {ends})"
    )


def summarise_ensemble(
    described: pd.DataFrame, estimates: pd.DataFrame, level: float
) -> pd.DataFrame:
    """How far each open statistic varies among data sets that print the same.

    Parameters
    ----------
    described : DataFrame
        From `describe_ensemble`.
    estimates : DataFrame
        From `analyse_ensemble`, whose p are described.
    level : float
        Level that p values are held against.

    Returns
    -------
    DataFrame
        statistic, term, data_sets (those that have it), mean, sd, smallest, q05, median, q95,
        largest, and the share of data sets that are significant, for p values.
    """
    groups = described.groupby(["statistic", "term"], sort=False)["value"]
    summary = groups.agg(
        data_sets="count",
        mean="mean",
        sd="std",
        smallest="min",
        q05=lambda values: values.quantile(LOWER),
        median="median",
        q95=lambda values: values.quantile(UPPER),
        largest="max",
        significant=lambda values: (values.dropna() <= level).mean(),
    ).reset_index()
    p_values = {*P_VALUES, *_statistic(estimates, "p")}
    summary.loc[~summary["statistic"].isin(p_values), "significant"] = np.nan
    return summary


def _statistic(estimates: pd.DataFrame, kind: str) -> pd.Series:
    """What the estimate or p of each estimator is called among the statistics."""
    return estimates["specification"] + f", {kind}"


def _term(hypothesis: Stated) -> str:
    """What stands in the place of a term of a hypothesis among the estimates."""
    return hypothesis.about if isinstance(hypothesis, EffectHypothesis) else hypothesis.term


def decide_ensemble(
    statistics: pd.DataFrame,
    estimates: pd.DataFrame,
    hypotheses: Sequence[Stated],
    level: float,
) -> pd.DataFrame:
    """What data sets that print the same tables decide, by hypothesis and estimator.

    Parameters
    ----------
    statistics, estimates : DataFrame
        From `analyse_ensemble`.
    hypotheses : sequence of Hypothesis or EffectHypothesis
    level : float
        Two-sided level.

    Returns
    -------
    DataFrame
        Rows of `EnsembleDecision`. Each data set is an example, so that an undetermined decision
        proves that the tables leave it open; that all agree is evidence and no proof. Data sets
        that print something otherwise are left out, where there are others; only where `missed` is
        0 there is a proof. What no estimator is of has a row that says so; without any data
        set one row a hypothesis does.
    """
    import pandas as pd

    missed = statistics[statistics["statistic"] == MISSED].set_index(DRAW)["value"]
    if missed.empty:
        none = [EnsembleDecision(hypothesis.name, NO_DATA_SET) for hypothesis in hypotheses]
        return pd.DataFrame(none, columns=EnsembleDecision._fields)
    if missed.eq(0).any():
        missed = missed[missed.eq(0)]
    counted = estimates[estimates[DRAW].isin(missed.index)]
    rows = []
    for hypothesis in hypotheses:
        own = (getattr(hypothesis, "model", hypothesis.name), _term(hypothesis))
        about = (counted["model"] == own[0]) & (counted["term"] == own[1])
        if isinstance(hypothesis, EffectHypothesis) and not about.any():
            rows.append(EnsembleDecision(hypothesis.name, NOT_ON_DATA))
            continue
        for analysis, own in counted[about].groupby("specification", sort=False):
            answers = own[own["p"].notna()]
            decisions = decide(answers["estimate"], answers["p"], hypothesis.sign, level).tolist()
            rows.append(
                EnsembleDecision(
                    hypothesis.name,
                    analysis,
                    len(answers),
                    decisions.count(SUPPORTED),
                    answers["estimate"].median(),
                    answers["p"].min(),
                    answers["p"].median(),
                    answers["p"].max(),
                    combine(decisions),
                    len(own) - len(answers),
                    int(missed.max()),
                )
            )
    return pd.DataFrame(rows, columns=EnsembleDecision._fields)
