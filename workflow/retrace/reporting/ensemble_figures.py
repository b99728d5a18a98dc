"""The figures of a study's synthetic data: its ensemble, and one data set of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from retrace.papers.study import Study
from retrace.reporting.nothing_figure import nothing_figure
from retrace.reporting.synthetic_figures import (
    ensemble_spread,
    response_distributions,
    target_against_achieved,
)
from retrace.synthetic.target import LikertTarget

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class Drawn(NamedTuple):
    """What is drawn.

    Attributes
    ----------
    stated : str
        How many data sets of the ensemble print the tables, as a title says it.
    described : DataFrame
        Of the ensemble: draw, statistic, term, value.
    estimates : DataFrame
        Of the ensemble, by each estimator.
    fidelity : DataFrame
        Columns of `fidelity.csv`, all as text.
    scores : DataFrame
        Of one data set: a column for each construct.
    """

    stated: str
    described: pd.DataFrame
    estimates: pd.DataFrame
    fidelity: pd.DataFrame
    scores: pd.DataFrame


def ensemble_figures(
    study: Study, target: LikertTarget, drawn: Drawn, level: float
) -> dict[str, Figure]:
    """Draw the spread of open statistics, printed against achieved, and distributions of responses.

    Parameters
    ----------
    study : Study
    target : LikertTarget
        Of this study. Where it has no responses, the figures say why.
    drawn : Drawn
    level : float
        Level that p values are held against.

    Returns
    -------
    dict of matplotlib.figure.Figure
        `spread`, `achieved`, `distributions`.
    """
    titles = {
        "spread": f"{study.called}: {drawn.stated}",
        "achieved": f"{study.called}: printed against achieved",
        "distributions": f"{study.called}: one synthetic data set",
    }
    if why := target.why_not_drawn:
        return {name: nothing_figure(title, why) for name, title in titles.items()}
    fidelity = drawn.fidelity.astype({"achieved": float})
    scores = drawn.scores[list(target.names)].to_numpy()
    labels = {name: construct.label for name, construct in study.constructs.items()}
    return {
        "spread": ensemble_spread(
            target, drawn.described, drawn.estimates, level, titles["spread"]
        ),
        "achieved": target_against_achieved(fidelity, titles["achieved"], target.models),
        "distributions": response_distributions(target, scores, labels, titles["distributions"]),
    }
