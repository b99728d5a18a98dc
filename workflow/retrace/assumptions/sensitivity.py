"""A study decided and recomputed under other assumptions, in tasks that any number of jobs share.

A task is a combination of assumptions decided without responses, or one data set of it. Which job
works on it never changes what it finds: its random streams are its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from retrace.assumptions.assumed import Combination
from retrace.assumptions.decide_again import (
    Decision,
    decide_latent_models,
    decide_new_samples,
    decide_on_scores,
    decide_without_responses,
    with_matrices,
)
from retrace.estimators.estimators_on_data import resampling_counts
from retrace.papers.study import Study
from retrace.provenance.streams import random_stream
from retrace.synthetic.fidelity import check_data, check_items, model_statistics
from retrace.synthetic.items import split_all
from retrace.synthetic.target import LikertTarget

# Data sets of single items alone take by far the longest to find: at most so many are drawn.
SINGLE_ITEM_DRAWS = 2
# Data sets of a combination that latent models are fitted to, which takes longest by far.
LATENT_DRAWS = 2

# In place of a draw: what is decided without responses.
NO_DRAW = -1

# Different for every column: the same data in other units.
SHIFT, STRETCH = -1.7, (0.7, 1.6)

# Statistics of a coefficient that cannot depend on means and SDs: shown, printed or not.
FREE_OF_UNITS = ("beta", "t", "p", "vif")

# Random stream by what it is for, the combination and the draw.
Stream = Callable[[str, int, int], np.random.Generator]


class Task(NamedTuple):
    """A combination by its place, and a draw of it or `NO_DRAW`."""

    combination: int
    draw: int


class DataSet(NamedTuple):
    """A draw, or what keeps a combination or one draw from having data."""

    combination: int
    draw: int
    prints: bool
    problem: str


class Statistic(NamedTuple):
    """A statistic of one data set, printed or not; `rescaled` is its change in other units."""

    combination: int
    draw: int
    statistic: str
    term: str
    printed: str
    achieved: float
    matched: bool
    rescaled: float


@dataclass
class Found:
    """What tasks found: decisions with the task before each."""

    data_sets: list[DataSet] = field(default_factory=list)
    decisions: list[tuple] = field(default_factory=list)
    statistics: list[Statistic] = field(default_factory=list)

    def frames(self) -> dict:
        """Three tables, by name."""
        import pandas as pd

        return {
            "data_sets": pd.DataFrame(self.data_sets, columns=list(DataSet._fields)),
            "decisions": pd.DataFrame(self.decisions, columns=[*Task._fields, *Decision._fields]),
            "statistics": pd.DataFrame(self.statistics, columns=list(Statistic._fields)),
        }


@dataclass(frozen=True)
class Settings:
    """Level of decisions, reliabilities of synthetic items, and shares of a method factor."""

    level: float
    reliabilities: Sequence[str]
    method_shares: Sequence[float]


def stream_of(seed: int, paper: str) -> Stream:
    """The random streams of a study that is varied over its assumptions."""

    def stream(what: str, combination: int, draw: int) -> np.random.Generator:
        return random_stream(seed, paper, f"vary_assumptions: {what} {combination}", draw)

    return stream


def tasks_of(combinations: Sequence[Combination], draws: int) -> list[Task]:
    """Every combination without responses, then its data sets.

    Parameters
    ----------
    combinations : sequence of Combination
    draws : int
        Data sets of each, or `SINGLE_ITEM_DRAWS` of single items where that is fewer.
    """
    return [
        Task(place, draw)
        for place, combination in enumerate(combinations)
        for draw in range(NO_DRAW, draws_of(combination.study, draws))
    ]


def draws_of(study: Study, draws: int) -> int:
    """How many data sets are drawn for a study of so many items."""
    single = all(study.item_count(name)[0] == 1 for name in study.drawn)
    return min(draws, SINGLE_ITEM_DRAWS) if single else draws


def vary_assumptions(
    combinations: Sequence[Combination],
    tasks: Sequence[Task],
    settings: Settings,
    stream: Stream,
    done: Callable[[int, int], None] = lambda number, total: None,
) -> Found:
    """Work on tasks.

    A combination that no responses can have, or of which none are drawn, decides nothing: what
    cannot be is no assumption to be sensitive to.

    Parameters
    ----------
    combinations : sequence of Combination
    tasks : sequence of Task
    settings : Settings
    stream : callable
    done : callable, optional
        Told how many tasks are done, and how many there are.
    """
    found = Found()
    drawn = not all(combination.problem for combination in combinations)
    n = combinations[0].study.n if drawn else 0
    counts = resampling_counts(n, stream("bootstrap", 0, 0))
    for number, task in enumerate(tasks, start=1):
        combination = combinations[task.combination]
        problem = combination.problem
        if task.draw == NO_DRAW:
            found.data_sets.append(DataSet(*task, False, problem))
        if not problem:
            work = _without_responses if task.draw == NO_DRAW else _on_a_draw
            work(found, task, combination, settings, counts, stream)
        done(number, len(tasks))
    return found


def _without_responses(
    found: Found,
    task: Task,
    combination: Combination,
    settings: Settings,
    counts: np.ndarray,
    stream: Stream,
) -> None:
    study = with_matrices(combination.study)
    # Streams are those of the study: every combination has the same, which lets nothing differ
    # that does not depend on what is assumed.
    same = stream("continuous data", 0, 0), stream("normal samples", 0, 0)
    shares = settings.method_shares
    decisions = decide_without_responses(study, settings.level, shares, counts, *same)
    samples = stream("new samples", task.combination, 0)
    decisions += decide_new_samples(study, settings.level, samples)
    found.decisions += [(*task, *decision) for decision in decisions]


def _on_a_draw(
    found: Found,
    task: Task,
    combination: Combination,
    settings: Settings,
    counts: np.ndarray,
    stream: Stream,
) -> None:
    study, target = combination.study, combination.sampler.target
    result = combination.sampler.draw(stream("scores", *task))
    items = {}
    if any(cronbach_alpha is not None for cronbach_alpha in target.alphas):
        items = split_all(target, result.data, stream("items of alpha", *task), nearest=True)
    rows = [Statistic(*task, *row) for row in statistics_of(study, target, result.data, items)]
    prints = all(row.matched for row in rows if row.printed)
    found.data_sets.append(DataSet(task.combination, task.draw, prints, ""))
    other = stream("other data", *task) if task.draw == 0 else None
    decisions = decide_on_scores(study, result.data, settings.level, counts, other)
    if task.draw < LATENT_DRAWS and study.term_hypotheses:
        rng = stream("items", *task)
        decisions += decide_latent_models(
            study, result.data, settings.reliabilities, settings.level, rng
        )
    found.decisions += [(*task, *decision) for decision in decisions]
    found.statistics += rows


def statistics_of(
    study: Study, target: LikertTarget, scores: np.ndarray, items: dict[str, np.ndarray]
) -> list[tuple]:
    """Every printed statistic, and beta, t, p and VIF of every regression, printed or not.

    Parameters
    ----------
    study : Study
    target : LikertTarget
    scores : array (n, k)
    items : dict of array (n, m)
        Of the constructs, as `retrace.synthetic.items.split_all` makes them; empty where no alpha
        is printed or assumed.

    Returns
    -------
    list of tuple
        statistic, term, printed (empty where it is not), achieved, matched, and by how much it
        changes when each construct is shifted and stretched by numbers of its own.
    """
    factors = np.linspace(*STRETCH, target.k)
    by_name = dict(zip(target.names, factors.tolist(), strict=True))
    elsewhere = {name: values * by_name[name] + SHIFT for name, values in items.items()}
    pairs = zip(
        _statistics(study, target, scores, items),
        _statistics(study, target, scores * factors + SHIFT, elsewhere),
        strict=True,
    )
    return [(*row, abs(row[3] - again[3])) for row, again in pairs]


def _statistics(
    study: Study, target: LikertTarget, scores: np.ndarray, items: dict[str, np.ndarray]
) -> Iterator[tuple]:
    for row in check_items(target, items) if items else ():
        # An assumed alpha is met as a printed one is, and yet not printed.
        _, assumed = study.statistic(row.of[0], "alpha")
        printed = "" if assumed else row.printed.text
        yield row.statistic, row.term, printed, row.achieved, row.matched and not assumed
    for row in check_data(target, scores):
        yield row.statistic, row.term, row.printed.text, row.achieved, row.matched
    # Of a model of unprinted controls alone there is nothing to regress on.
    for model in (each for each in study.regressions if each.predictors):
        values, *_ = model_statistics(target, model, scores)
        for place, term in enumerate(model.predictors, start=1):
            for kind in FREE_OF_UNITS:
                if kind not in model.reported.get(term, {}):
                    yield kind, f"{model.name}: {term}", "", float(values[kind][place]), False
