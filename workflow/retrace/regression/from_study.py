"""The regressions of a study, from its checked record."""

from __future__ import annotations

import numpy as np

from retrace.regression.decisions import Hypothesis
from retrace.regression.montecarlo import (
    latent_correlations,
    normal_thresholds,
    response_lattice,
)
from retrace.regression.power import Likert
from retrace.regression.printed_model import PrintedModel, printed_model
from retrace.regression.stars import (
    LEGEND_COLUMNS,
    STAR_COLUMNS,
    correlation_cells,
    judge_stars,
    p_cells,
)
from retrace.study import Study


def models_of(study: Study) -> dict[str, PrintedModel]:
    """Every model of a study with the printed numbers that belong to it, by name."""
    correlations = {(row, column): cell for row, column, cell in study.correlations}
    sds = {name: c.sd for name, c in study.constructs.items() if c.sd is not None}
    models = {}
    for name, model in study.models.items():
        overall = {
            statistic: getattr(model, statistic)
            for statistic in ("r2", "adjusted_r2", "f", "durbin_watson")
            if getattr(model, statistic) is not None
        }
        models[name] = printed_model(
            name=name,
            outcome=model.outcome,
            predictors=model.predictors,
            n=study.n,
            correlations=correlations,
            reported=model.reported,
            overall=overall,
            sds=sds,
        )
    return models


def hypotheses_of(study: Study) -> list[Hypothesis]:
    """The hypotheses of a study, by name."""
    return [
        Hypothesis(name, h.term, h.model, 1 if h.direction == "positive" else -1, h.reported)
        for name, h in study.hypotheses.items()
    ]


def levels_of(study: Study, alpha: float) -> tuple[float, ...]:
    """The level of the configuration and those of the printed legend, strictest first."""
    return tuple(sorted({alpha, *study.stars.values()}))


def likert_of(study: Study, model: PrintedModel) -> Likert | None:
    """Discretised scores of a model's constructs: printed means, SDs and items, else the assumed.

    None where the scale, a mean, an SD or a number of items is neither printed nor assumed, or
    where scores on such scales cannot have the printed correlations.
    """
    scale = study.scale or study.assumptions.scale
    thresholds, lattices = [], []
    for construct in (*model.predictors, model.outcome):
        mean, sd, items = (
            study.statistic(construct, name)[0] for name in ("mean", "sd", "items")
        )
        if scale is None or mean is None or sd is None or items is None:
            return None
        lattices.append(response_lattice(scale.min, scale.max, items))
        thresholds.append(normal_thresholds(mean.value, sd.value, lattices[-1]))
    try:
        latent = latent_correlations(np.asarray(model.R), thresholds, lattices)
    except ValueError:
        return None
    return Likert(latent, thresholds, lattices)


def stars_of(study: Study):
    """Verdicts on all stars of a study, and the fit of candidate legends, table by table.

    Returns
    -------
    stars, legends : pandas.DataFrame
        As `stars.judge_stars`, the legends with a first column `table`; empty where the study
        prints no legend.
    """
    import pandas as pd

    tables = {"correlations": correlation_cells(study.correlations, study.n)}
    tables |= {name: p_cells(model) for name, model in models_of(study).items()}
    starred = {name: cells for name, cells in tables.items() if cells and study.stars}
    if not starred:
        return (
            pd.DataFrame(columns=list(STAR_COLUMNS)),
            pd.DataFrame(columns=["table", *LEGEND_COLUMNS]),
        )
    judged = {name: judge_stars(cells, study.stars) for name, cells in starred.items()}
    stars = [stars for stars, _ in judged.values()]
    legends = [legends.assign(table=name) for name, (_, legends) in judged.items()]
    return (
        pd.concat(stars, ignore_index=True),
        pd.concat(legends, ignore_index=True)[["table", *LEGEND_COLUMNS]],
    )
