"""How much do printed tables pin down? Many data sets that print the same, compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr

from retrace.regression.diagnostics import residual_diagnostics
from retrace.regression.ordinal import ordered_regression
from retrace.synthesis.fidelity import check_data
from retrace.synthesis.likeness import order_shared, rows_shared
from retrace.synthesis.likert import LikertSampler
from retrace.synthesis.ordinal import polychoric, spearman
from retrace.synthesis.target import LikertTarget
from retrace.synthesis.whole import lattice_steps

if TYPE_CHECKING:
    import pandas as pd

# Column that tells the data sets of an ensemble apart.
DRAW = "draw"

# Quantiles of the summary.
LOWER, UPPER = 0.05, 0.95


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
        Number and scores, shape (n, k).
    """
    sampler = LikertSampler(target)
    for draw in draws:
        yield draw, sampler.draw(stream(draw)).data


def share(total: int, chunk: int, chunks: int) -> range:
    """Data sets that job `chunk` of `chunks` draws, both counted from 1."""
    return range(chunk - 1, total, chunks)


def ensemble_frame(target: LikertTarget, drawn: Iterable[tuple[int, np.ndarray]]) -> pd.DataFrame:
    """Data sets below each other, in the order of their numbers: draw, then the constructs."""
    import pandas as pd

    frames = [
        pd.DataFrame(scores, columns=list(target.names)).assign(**{DRAW: draw})
        for draw, scores in sorted(drawn, key=lambda pair: pair[0])
    ]
    return pd.concat(frames, ignore_index=True)[[DRAW, *target.names]]


def open_statistics(target: LikertTarget, scores: np.ndarray) -> Iterator[tuple[str, str, float]]:
    """What tables of this kind do not print, computed from one data set.

    Yields
    ------
    (str, str, float)
        Statistic, term and value: skewness of each construct; Spearman and polychoric
        correlation of each pair; for each reported model the ordinal regression's coefficients
        and p (none where predictors separate its categories, so that the likelihood has no
        maximum), p with HC3 standard errors, and residual diagnostics. Of each printed correlation
        its unprinted digits (`r_beyond_print`): how far it lies from the printed value, in half
        widths, from -1 to 1 within print; and by how many half widths one step of the lattice
        moves it (`r_step`): above 2, only some marginals let it print right.
    """
    names = target.names
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
            yield "polychoric", pair, polychoric(scores[:, i], scores[:, j])
    for model in target.models:
        columns = [names.index(name) for name in model.predictors]
        X, y = scores[:, columns], scores[:, names.index(model.outcome)]
        try:
            fit = ordered_regression(y, X)
        except ArithmeticError:  # categories that predictors separate have no estimate
            fit = None
        for j, term in enumerate(model.predictors if fit else ()):
            yield "ordinal_b", f"{model.name}: {term}", float(fit.coefficients[j])
            yield "ordinal_p", f"{model.name}: {term}", float(fit.p[j])
        diagnostics = residual_diagnostics(X, y)
        p = 2 * stdtr(len(y) - X.shape[1] - 1, -np.abs(diagnostics.t_hc3[1:]))
        for term, value in zip(model.predictors, p, strict=True):
            yield "hc3_p", f"{model.name}: {term}", float(value)
        yield from ((name, model.name, value) for name, value in diagnostics.whole_model().items())


def describe_ensemble(target: LikertTarget, ensemble: pd.DataFrame) -> pd.DataFrame:
    """Open statistics of every data set: draw, statistic, term, value.

    `printed_statistics_missed` counts what a data set prints otherwise than the paper;
    `rows_shared` is the share of its rows that the likest other data set has too, and
    `order_shared` the largest correlation, row by row, of a construct's scores with those in
    another data set.
    """
    import pandas as pd

    rows, data_sets = [], {}
    for draw, part in ensemble.groupby(DRAW, sort=True):
        scores = part[list(target.names)].to_numpy()
        missed = sum(not row.matched for row in check_data(target, scores))
        rows.append((draw, "printed_statistics_missed", "", float(missed)))
        rows += [(draw, *row) for row in open_statistics(target, scores)]
        data_sets[draw] = scores
    if len(data_sets) > 1:
        for name, likeness in (("rows_shared", rows_shared), ("order_shared", order_shared)):
            alike = likeness(list(data_sets.values()))
            np.fill_diagonal(alike, 0.0)
            nearest = zip(data_sets, alike.max(axis=1).tolist(), strict=True)
            rows += [(draw, name, "", value) for draw, value in nearest]
    return pd.DataFrame(rows, columns=[DRAW, "statistic", "term", "value"])


def summarise_ensemble(described: pd.DataFrame, alpha: float) -> pd.DataFrame:
    """How far each open statistic varies among data sets that print the same.

    Parameters
    ----------
    described : DataFrame
        From `describe_ensemble`.
    alpha : float
        Level that p values are held against.

    Returns
    -------
    DataFrame
        statistic, term, data_sets (those that have it), mean, sd, smallest, q05, median, q95,
        largest, and the share of data sets that are significant, for p values.
    """
    groups = described.groupby(["statistic", "term"], sort=False)["value"]
    summary = groups.agg(
        data_sets="size",
        mean="mean",
        sd="std",
        smallest="min",
        q05=lambda values: values.quantile(LOWER),
        median="median",
        q95=lambda values: values.quantile(UPPER),
        largest="max",
        significant=lambda values: (values <= alpha).mean(),
    ).reset_index()
    summary.loc[~summary["statistic"].str.endswith("_p"), "significant"] = np.nan
    return summary
