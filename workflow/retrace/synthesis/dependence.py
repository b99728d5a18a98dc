"""Whether decisions depend on what a study assumes: the tables of a varied study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import ndtri

from retrace.regression.decisions import AGAIN, ALL
from retrace.synthesis.assumptions import Combination
from retrace.synthesis.downstream import NO_RESPONSES, SAMPLES, WHOLE
from retrace.synthesis.sensitivity import NO_DRAW

if TYPE_CHECKING:
    import pandas as pd

# Statistics in the units of a scale; every other is the same for a X + c as for X, by algebra.
IN_SCALE_UNITS = frozenset({"mean", "sd", "b", "se", "ci_low", "ci_high"})
# Differences below this are rounding error, which differs between machines.
SAME = 1e-9

# Of the comparison of combinations, over all rows: one study in a hundred that depends on nothing
# is said to.
LEVEL = 0.01

# Answers to whether a decision depends on what is assumed.
CANNOT, DOES_NOT, DEPENDS = "cannot", "does not", "depends"
LEFT_OPEN, UNDECIDED = "left open by print", "undecided"

ROW = ("hypothesis", "family", "analysis")
DEPENDENCE_COLUMNS = (
    *ROW,
    *("dependence", "because", "decisions", "data_sets", "lowest_share", "highest_share"),
    *("p_combinations", "change"),
)


def in_order(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One table of the shares of several jobs, in the same order however many they are."""
    import pandas as pd

    # A job with nothing to do has columns without types.
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    return pd.concat(filled, ignore_index=True).sort_values(
        ["combination", "draw"], kind="stable", ignore_index=True
    )


def combination_table(combinations: Sequence[Combination], data_sets: pd.DataFrame) -> pd.DataFrame:
    """What was varied: mean, sd, items, own, data_sets, print_the_tables, problem.

    `own` marks the study's own assumptions; `problem` says why no responses can have others, or
    of how many draws none were found.
    """
    import pandas as pd

    rows = []
    for place, combination in enumerate(combinations):
        found = data_sets[data_sets.combination == place]
        drawn = found[found.draw != NO_DRAW]
        failed = drawn[drawn.problem != ""]
        problem = found.problem[found.draw == NO_DRAW].iloc[0]
        if len(failed):
            problem = f"{len(failed)} of {len(drawn)} draws: {failed.problem.iloc[0]}"
        counts = (len(drawn) - len(failed), int(drawn.prints.sum()))
        rows.append((*combination.labels.values(), combination.own, *counts, problem))
    columns = ["mean", "sd", "items", "own", "data_sets", "print_the_tables", "problem"]
    return pd.DataFrame(rows, columns=columns)


def decision_table(
    combinations: Sequence[Combination], decisions: pd.DataFrame, data_sets: pd.DataFrame
) -> pd.DataFrame:
    """What data decide under each combination: one row a hypothesis, analysis and combination.

    Returns
    -------
    DataFrame
        hypothesis, family, analysis; mean, sd, items; data_sets that decide (`undecided` do not:
        an improper solution, or an alpha that the scores cannot have), how many of them support;
        smallest, median and largest p; and how many of them print all that the paper prints. Of
        new samples there is neither p nor print.
    """
    prints = data_sets.set_index(["combination", "draw"]).prints
    own = _in_rows(decisions[decisions.kind != NO_RESPONSES]).copy()
    tried = own.kind != SAMPLES
    own["undecided"] = (tried & (own.data_sets == 0)).astype(int)
    own.loc[own.data_sets == 0, "p"] = np.nan
    places = zip(own.combination, own.draw, strict=True)
    shown = np.array([prints.get(place, False) for place in places], dtype=bool)
    own["prints"] = np.where(tried, shown & (own.data_sets > 0), np.nan)
    table = own.groupby([*ROW, "combination"], sort=False).agg(
        data_sets=("data_sets", "sum"),
        undecided=("undecided", "sum"),
        supported=("supported", "sum"),
        smallest_p=("p", "min"),
        median_p=("p", "median"),
        largest_p=("p", "max"),
        print_the_tables=("prints", lambda values: values.sum(min_count=1)),
    )
    table = table.reset_index()
    labels = [combinations[place].labels for place in table.pop("combination")]
    for at, kind in enumerate(("mean", "sd", "items"), start=len(ROW)):
        table.insert(at, kind, [label[kind] for label in labels])
    return table.astype({"print_the_tables": "Int64"})


def statistic_table(statistics: pd.DataFrame) -> pd.DataFrame:
    """What each statistic becomes under the assumptions.

    Returns
    -------
    DataFrame
        statistic, term, printed (empty where it is not); smallest and largest value over the data
        sets; data_sets, and how many of them print the same; and `rescaled`: the largest change
        when the same data are shifted and stretched to another mean and SD, which is nothing for
        everything that cannot depend on them.
    """
    groups = statistics.groupby(["statistic", "term", "printed"], sort=False)
    table = groups.agg(
        smallest=("achieved", "min"),
        largest=("achieved", "max"),
        data_sets=("matched", "size"),
        print_the_same=("matched", "sum"),
        rescaled=("rescaled", "max"),
    ).reset_index()
    table.insert(3, "in_scale_units", table.statistic.isin(IN_SCALE_UNITS))
    table["print_the_same"] = table.print_the_same.astype("Int64").where(table.printed != "")
    table["rescaled"] = table.rescaled.where(table.rescaled > SAME, 0.0)
    return table


def dependence_table(
    combinations: Sequence[Combination],
    decisions: pd.DataFrame,
    signs: Mapping[str, int],
    verdicts: Sequence[tuple[str, str]],
) -> pd.DataFrame:
    """Whether each hypothesis under each analysis depends on what is assumed, in a line each.

    `cannot`: what decides is the same, to `SAME`, under every combination; or on other data with
    the same correlations, so that it is a matter of these alone. `does not`: one decision in every
    data set. `depends`: both occur, and the combinations differ by more than data sets of one
    combination do. `left open by print`: both occur, and so many data sets show no such difference.
    `undecided`: nothing decides.

    The combinations are compared by an analysis of variance of the ranks of signed z, the rank
    transform of Conover and Iman (1981), and shares of new samples by a chi-squared test; p values
    are corrected for all rows together by Holm's (1979) method.

    Parameters
    ----------
    combinations : sequence of Combination
    decisions : DataFrame
        As `retrace.synthesis.sensitivity.Found.frames` makes it.
    signs : mapping
        Hypothesised sign by hypothesis.
    verdicts : sequence of (str, str)
        Hypothesis and analysis of every row of `verdicts.csv`, each of which has an answer here, in
        the same order.

    Returns
    -------
    DataFrame
        Columns `DEPENDENCE_COLUMNS`: `decisions` that occur, data sets (or samples) that decide,
        lowest and highest share of them that supports over the combinations, `p_combinations` of
        the comparison, and `change`, which shows that something cannot depend.
    """
    import pandas as pd
    from statsmodels.stats.multitest import multipletests

    groups = list(decisions.groupby(list(ROW), sort=False))
    # Several hypotheses together, of new samples, have no sign.
    found = [_summary(own, signs.get(key[0], 1)) for key, own in groups]
    compared = np.array([summary.p for summary in found], dtype=float)
    tested = np.isfinite(compared)
    if tested.any():
        compared[tested] = multipletests(compared[tested], method="holm")[1]
    rows = []
    for (key, own), summary, p in zip(groups, found, compared.tolist(), strict=True):
        if len(combinations) == 1:
            answer = CANNOT, "nothing is assumed that could be something else"
        else:
            answer = _answer(own, summary, p <= LEVEL, combinations)
        words = "; ".join(summary.words)
        change = 0.0 if summary.change <= SAME else summary.change
        rows.append((*key, *answer, words, *summary[1:4], p, change))
    answered = {row[:2] for row in rows}
    rows += [
        (*key, WHOLE, UNDECIDED, "not decided again", "", 0, *(np.nan,) * 4)
        for key in verdicts
        if key not in answered
    ]
    table = pd.DataFrame(rows, columns=list(DEPENDENCE_COLUMNS))
    orders = {"family": [row[1] for row in verdicts], "hypothesis": [*signs, ALL, AGAIN]}
    for column, order in orders.items():
        places = {name: place for place, name in enumerate(dict.fromkeys(order))}
        table = table.sort_values(column, key=lambda names, p=places: names.map(p), kind="stable")
    return table.reset_index(drop=True)


def _in_rows(decisions: pd.DataFrame) -> pd.DataFrame:
    """Hypothesis by hypothesis and analysis by analysis, in the order in which they first occur."""
    import pandas as pd

    for column in reversed(ROW):
        place, _ = pd.factorize(decisions[column])
        decisions = decisions.iloc[np.argsort(place, kind="stable")]
    return decisions


class _Summary(NamedTuple):
    """What one hypothesis is under one analysis, over all combinations."""

    words: tuple[str, ...]
    data_sets: int
    lowest_share: float
    highest_share: float
    p: float
    change: float


def _summary(own: pd.DataFrame, sign: int) -> _Summary:
    if own.kind.iloc[0] == NO_RESPONSES:
        words = tuple(dict.fromkeys(own.decision))
        return _Summary(words, 0, np.nan, np.nan, np.nan, _largest_change(own))
    deciding = own[own.data_sets > 0]
    words = tuple(dict.fromkeys(deciding.decision))
    shares = _shares(deciding)
    ends = (shares.share.min(), shares.share.max()) if len(shares) else (np.nan, np.nan)
    compare = _compare_shares if own.kind.iloc[0] == SAMPLES else _compare_draws
    change = own.change.max() if own.change.notna().any() else np.nan
    return _Summary(words, int(deciding.data_sets.sum()), *ends, compare(deciding, sign), change)


def _answer(own, summary: _Summary, differ: bool, combinations) -> tuple[str, str]:
    deciding = own[own.data_sets > 0]
    kind, number = own.kind.iloc[0], len(combinations)
    if summary.change <= SAME:
        if kind == NO_RESPONSES:
            return CANNOT, f"the same under all {number} combinations of assumptions"
        return CANNOT, "the same on other data with the same correlations"
    if kind == NO_RESPONSES:
        if len(summary.words) == 1:
            return DOES_NOT, f"{summary.words[0]} under all {number} combinations of assumptions"
        return DEPENDS, "; ".join(
            f"{word} under {int((own.decision == word).sum())} combinations"
            for word in summary.words
        )
    if not summary.data_sets:
        return UNDECIDED, "no data set decides"
    what = "new samples" if kind == SAMPLES else "data sets"
    every = f"{int(deciding.supported.sum())} of {summary.data_sets} {what}"
    if len(summary.words) == 1 or (kind == SAMPLES and not differ):
        return DOES_NOT, f"supported in {every}"
    if not differ:
        return LEFT_OPEN, f"supported in {every}; no difference among combinations is shown"
    shares = _shares(deciding)
    return DEPENDS, "supported in " + ", in ".join(
        f"{int(end.supported)} of {int(end.data_sets)} {what} {_stated(combinations[end.Index])}"
        for at in (shares.share.idxmin(), shares.share.idxmax())
        for end in shares.loc[[at]].itertuples()
    )


def _stated(combination: Combination) -> str:
    labels = combination.labels
    return f"at mean {labels['mean']}, SD {labels['sd']} and items {labels['items']}"


def _shares(deciding: pd.DataFrame) -> pd.DataFrame:
    counts = deciding.groupby("combination")[["supported", "data_sets"]].sum()
    return counts.assign(share=counts.supported / counts.data_sets)


def _largest_change(own: pd.DataFrame) -> float:
    """By how much estimate and p differ among combinations; infinite where decisions do."""
    if len(set(own.decision)) > 1:
        return np.inf
    numbers = own[["estimate", "p"]].to_numpy(dtype=float)
    missing = np.isnan(numbers)
    if (missing != missing[0]).any():
        return np.inf
    return float(np.max(np.ptp(numbers[:, ~missing[0]], axis=0), initial=0.0))


def _compare_draws(deciding: pd.DataFrame, sign: int) -> float:
    """p of no difference among combinations, from ranks of signed z; NaN where none can be told."""
    from scipy.stats import f_oneway, rankdata

    z = -ndtri(deciding.p.to_numpy() / 2) * np.sign(deciding.estimate.to_numpy() * sign)
    ranks = rankdata(z)
    groups = [ranks[places] for places in deciding.groupby("combination").indices.values()]
    if len(groups) < 2 or len(ranks) <= len(groups):
        return np.nan
    return 1.0 if np.ptp(ranks) == 0 else float(f_oneway(*groups).pvalue)


def _compare_shares(deciding: pd.DataFrame, sign: int) -> float:
    """p of the same share in all combinations; NaN where there is one combination."""
    from scipy.stats import chi2_contingency

    counts = _shares(deciding)
    table = np.column_stack([counts.supported, counts.data_sets - counts.supported])
    if len(table) < 2:
        return np.nan
    return 1.0 if (table.sum(axis=0) == 0).any() else float(chi2_contingency(table).pvalue)
