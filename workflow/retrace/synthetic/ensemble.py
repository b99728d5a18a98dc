"""Many data sets that print the same tables, each with all that is computed from it alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrace.decisions import EffectHypothesis
from retrace.estimators.diagnostics import residual_diagnostics
from retrace.estimators.effects_on_data import estimate_effect_on_data
from retrace.estimators.estimators_on_data import ESTIMATE_COLUMNS, estimate_models
from retrace.synthetic.fidelity import check_data
from retrace.synthetic.integer_moments import lattice_steps
from retrace.synthetic.likert import LikertSampler
from retrace.synthetic.ordinal import polychoric, spearman
from retrace.synthetic.target import LikertTarget

if TYPE_CHECKING:
    import pandas as pd

# Column that tells the data sets of an ensemble apart.
DRAW = "draw"


class OpenStatistic(NamedTuple):
    """What one data set has of something that tables do not print; `term` is what it is of."""

    draw: int
    statistic: str
    term: str
    value: float


# How many printed statistics a data set prints otherwise.
MISSED = "printed_statistics_missed"


class EffectsOnData(NamedTuple):
    """Effects of several coefficients, and the regressions by name that these are of."""

    effects: Sequence[EffectHypothesis]
    models: Mapping


NO_EFFECTS = EffectsOnData((), {})


def draw_ensemble(
    target: LikertTarget,
    draws: Iterable[int],
    stream: Callable[[int], np.random.Generator],
) -> Iterator[tuple[int, np.ndarray]]:
    """Data sets of an ensemble, each from a stream of its own.

    Parameters
    ----------
    target : LikertTarget
    draws : iterable of int
        Which data sets; how they are shared out over jobs changes none of them.
    stream : callable
        Random stream of a data set by its number.

    Yields
    ------
    (int, numpy.ndarray)
        Number and scores, shape (n, k). Nothing where nothing is drawn.
    """
    if target.why_not_drawn:
        return
    sampler = LikertSampler(target)
    for draw in draws:
        yield draw, sampler.draw(stream(draw)).data


def draw_share(
    target: LikertTarget,
    draws: Collection[int],
    stream: Callable[[int], np.random.Generator],
    done: Callable[[int, int], None] = lambda number, total: None,
) -> list[tuple[int, np.ndarray]]:
    """All of `draw_ensemble` at once; `done` is told how many are drawn, and how many will be."""
    drawn = []
    for data_set in draw_ensemble(target, draws, stream):
        drawn.append(data_set)
        done(len(drawn), len(draws))
    return drawn


def ensemble_frame(target: LikertTarget, drawn: Iterable[tuple[int, np.ndarray]]) -> pd.DataFrame:
    """Data sets below each other, in the order of their numbers: draw, then the constructs."""
    import pandas as pd

    # Of no data set too there are columns.
    frames = [pd.DataFrame(columns=[DRAW, *target.names], dtype=float).astype({DRAW: int})]
    frames += [
        pd.DataFrame(scores, columns=list(target.names)).assign(**{DRAW: draw})
        for draw, scores in sorted(drawn, key=lambda pair: pair[0])
    ]
    return pd.concat(frames[1:] or frames, ignore_index=True)[[DRAW, *target.names]]


def join_shares(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One table of all jobs' shares, in the order of draws however they were shared out."""
    import pandas as pd

    # A job with nothing to do has columns without types.
    filled = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(filled).sort_values(DRAW, kind="stable", ignore_index=True)


def open_statistics(target: LikertTarget, scores: np.ndarray) -> Iterator[tuple[str, str, float]]:
    """What tables of this kind do not print, computed from one data set.

    Yields
    ------
    (str, str, float)
        Statistic, term and value: how many printed statistics the data print otherwise; skewness
        of each construct; Spearman and, of ordered categories, polychoric correlation of each pair;
        residual diagnostics of each reported model. Of each printed correlation its unprinted
        digits (`r_beyond_print`): how far it lies from the printed value, in half widths, from -1
        to 1 within print; and by how many half widths one step of the lattice moves it (`r_step`):
        above 2, only some marginals let it print right.
    """
    names = target.names
    yield MISSED, "", float(sum(not row.matched for row in check_data(target, scores)))
    R, steps = np.corrcoef(scores.T), lattice_steps(target, scores.std(axis=0, ddof=1))
    for row, column, cell in target.correlations:
        pair, place = f"{row}, {column}", (names.index(row), names.index(column))
        yield "r_beyond_print", pair, float((R[place] - cell.value) / cell.half_width)
        yield "r_step", pair, float(steps[place] / cell.half_width)
    centred = scores - scores.mean(axis=0)
    skewness = (centred**3).mean(axis=0) / (centred**2).mean(axis=0) ** 1.5
    yield from (("skewness", name, float(v)) for name, v in zip(names, skewness, strict=True))
    rank = spearman(scores)
    for i in range(target.k):
        for j in range(i):
            pair = f"{names[i]}, {names[j]}"
            yield "spearman", pair, float(rank[i, j])
            if target.measures[i].is_ordered and target.measures[j].is_ordered:
                yield "polychoric", pair, polychoric(scores[:, i], scores[:, j])
    for model in target.models:
        columns = [names.index(name) for name in model.predictors]
        X, y = scores[:, columns], scores[:, names.index(model.outcome)]
        diagnostics = residual_diagnostics(X, y).whole_model()
        yield from ((name, model.name, value) for name, value in diagnostics.items())


def analyse_ensemble(
    target: LikertTarget,
    models: Mapping,
    drawn: Iterable[tuple[int, np.ndarray]],
    counts: np.ndarray,
    effects: EffectsOnData = NO_EFFECTS,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Everything that one data set at a time says, of all data sets given.

    Parameters
    ----------
    target : LikertTarget
    models : mapping
        Regressions by name, as of `retrace.estimators.estimators_on_data.estimate_models`.
    drawn : iterable of (int, numpy.ndarray)
        From `draw_ensemble`.
    counts : numpy.ndarray, shape (resamples, n)
        Of the bootstrap, the same for all data sets.
    effects : EffectsOnData
        Of several coefficients; in `estimates` the hypothesis stands in the place of a model, and
        what it is about in that of a term.

    Returns
    -------
    statistics : DataFrame
        `open_statistics` of each, as `OpenStatistic`.
    estimates : DataFrame
        draw, model, and `retrace.estimators.estimators_on_data.ESTIMATE_COLUMNS`.
    """
    import pandas as pd

    statistics, estimates = [], []
    for draw, scores in sorted(drawn, key=lambda pair: pair[0]):
        statistics += [OpenStatistic(draw, *row) for row in open_statistics(target, scores)]
        columns = dict(zip(target.names, scores.T, strict=True))
        for model, found in estimate_models(columns, models, counts).items():
            estimates += [(draw, model, *row) for row in found]
        for effect in effects.effects:
            rows = estimate_effect_on_data(columns, effects.models, effect, counts, responses=True)
            estimates += [(draw, effect.name, *row) for row in rows]
    return (
        pd.DataFrame(statistics, columns=list(OpenStatistic._fields)),
        pd.DataFrame(estimates, columns=[DRAW, "model", *ESTIMATE_COLUMNS]),
    )
