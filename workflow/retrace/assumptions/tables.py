"""The tables of a study that was varied over its assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrace.assumptions.assumed import Combination
from retrace.assumptions.decide_again import NO_RESPONSES, SAMPLES
from retrace.assumptions.sensitivity import NO_DRAW
from retrace.printed.reported import INTERVAL, belongs_to_b

if TYPE_CHECKING:
    import pandas as pd

# Statistics in the units of a scale, where standard error and limits are those of b. Every other is
# the same for a X + c as for X, by algebra, but t and p of a constant.
IN_SCALE_UNITS = INTERVAL | {"mean", "sd", "b"}
# Differences below this are rounding error, which differs between machines.
SAME = 1e-9

ROW = ("hypothesis", "family", "analysis")


def in_order(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One table of the shares of several jobs, in the same order however many they are."""
    import pandas as pd

    # A job with nothing to do has columns without types.
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    return pd.concat(filled, ignore_index=True).sort_values(
        ["combination", "draw"], kind="stable", ignore_index=True
    )


def rows_to_answer(verdicts: Sequence[pd.DataFrame]) -> list[tuple[str, str]]:
    """Hypothesis and analysis of every row of tables of verdicts, of which there may be none."""
    return [row for table in verdicts for row in zip(table.hypothesis, table.analysis, strict=True)]


class Varied(NamedTuple):
    """A combination of assumptions, a row of `assumption_combinations.csv`.

    `own` marks the study's own assumptions; `data_sets` were found for it, and so many of them
    print the tables; `problem` says why no responses can have others, or of how many draws none
    were found.
    """

    mean: str
    sd: str
    items: str
    own: bool
    data_sets: int
    print_the_tables: int
    problem: str


def combination_table(combinations: Sequence[Combination], data_sets: pd.DataFrame) -> pd.DataFrame:
    """What was varied: a `Varied` each."""
    import pandas as pd

    rows = []
    for place, combination in enumerate(combinations):
        found = data_sets[data_sets.combination == place]
        drawn = found[found.draw != NO_DRAW]
        failed = drawn[drawn.problem != ""]
        problem = found.problem[found.draw == NO_DRAW].iloc[0]
        if len(failed):
            problem = f"{len(failed)} of {len(drawn)} draws: {failed.problem.iloc[0]}"
        rows.append(
            Varied(
                **combination.labels,
                own=combination.own,
                data_sets=len(drawn) - len(failed),
                print_the_tables=int(drawn.prints.sum()),
                problem=problem,
            )
        )
    return pd.DataFrame(rows, columns=Varied._fields)


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
    own = _in_rows(decisions[decisions.kind != NO_RESPONSES]).copy()
    tried = own.kind != SAMPLES
    own["undecided"] = (tried & (own.data_sets == 0)).astype(int)
    own.loc[own.data_sets == 0, "p"] = np.nan
    own["prints"] = np.where(tried, printing(own, data_sets), np.nan)
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
    printed = table[table.printed != ""].groupby("term").statistic.agg(frozenset)
    in_units = [
        kind in IN_SCALE_UNITS and (kind not in INTERVAL or belongs_to_b(printed[term]))
        for kind, term in zip(table.statistic, table.term, strict=True)
    ]
    table.insert(3, "in_scale_units", np.array(in_units, dtype=bool))
    table["print_the_same"] = table.print_the_same.astype("Int64").where(table.printed != "")
    table["rescaled"] = table.rescaled.where(table.rescaled > SAME, 0.0)
    return table


def printing(decisions: pd.DataFrame, data_sets: pd.DataFrame) -> np.ndarray:
    """Whether the data set of each decision decides, and prints all that the paper prints.

    Parameters
    ----------
    decisions, data_sets : DataFrame
        As `retrace.assumptions.sensitivity.Found.frames` makes them.

    Returns
    -------
    ndarray of bool, shape (decisions,)
    """
    prints = data_sets.set_index(["combination", "draw"]).prints
    places = zip(decisions.combination, decisions.draw, strict=True)
    shown = np.array([prints.get(place, False) for place in places], dtype=bool)
    return shown & (decisions.data_sets.to_numpy() > 0)


def _in_rows(decisions: pd.DataFrame) -> pd.DataFrame:
    """Hypothesis by hypothesis and analysis by analysis, in the order in which they first occur."""
    import pandas as pd

    for column in reversed(ROW):
        place, _ = pd.factorize(decisions[column])
        decisions = decisions.iloc[np.argsort(place, kind="stable")]
    return decisions
