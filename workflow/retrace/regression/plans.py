"""What to simulate about a study, and with which random streams."""

from __future__ import annotations

import numpy as np

from retrace.regression.from_study import hypotheses_of, levels_of, models_of
from retrace.regression.montecarlo import (
    latent_correlations,
    normal_thresholds,
    response_lattice,
)
from retrace.regression.power import LIKERT, NORMAL, PREDICTIVE, Likert, Plan, plan
from retrace.regression.printed_model import PrintedModel
from retrace.streams import random_stream
from retrace.study import Study


def likert_of(study: Study, model: PrintedModel) -> Likert | None:
    """Discretised scores of a model's constructs: printed means, SDs and items, else the assumed.

    None where the scale, a mean, an SD or a number of items is neither printed nor assumed, or
    where scores on such scales cannot have the printed correlations.
    """
    scale = study.scale or study.assumptions.scale
    thresholds, lattices = [], []
    for construct in (*model.predictors, model.outcome):
        mean, sd, items = (study.statistic(construct, name)[0] for name in ("mean", "sd", "items"))
        if scale is None or mean is None or sd is None or items is None:
            return None
        lattices.append(response_lattice(scale.min, scale.max, items))
        thresholds.append(normal_thresholds(mean.value, sd.value, lattices[-1]))
    try:
        latent = latent_correlations(np.asarray(model.R), thresholds, lattices)
    except ValueError:
        return None
    return Likert(latent, thresholds, lattices)


def plans_of(study: Study, alpha: float, mc_error: float) -> dict[str, Plan]:
    """What to simulate about each model that a hypothesis is about, by name of the model."""
    models, hypotheses = models_of(study), hypotheses_of(study)
    plans = {}
    for name in dict.fromkeys(h.model for h in hypotheses):
        model = models[name]
        if model.missing_correlations:
            continue
        plans[name] = plan(
            model.R,
            model.n,
            model.predictors,
            [h for h in hypotheses if h.model == name],
            levels_of(study, alpha),
            mc_error,
            likert=likert_of(study, model),
        )
    return plans


def stream_of(seed: int, paper: str, model: int):
    """The random stream of each block of the model with this number: a function of its task."""
    kinds = (NORMAL, PREDICTIVE, LIKERT)

    def stream(task):
        population, n, block = task
        place = ((model * len(kinds) + kinds.index(population)) * 10_000_000 + n) * 10_000 + block
        return random_stream(seed, paper, "simulate_power", place)

    return stream
