"""What to simulate about a study, and with which random streams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from retrace.checks.regression.from_study import hypotheses_of, levels_of
from retrace.papers.study import MOST_RESPONSES, Study
from retrace.power.montecarlo import latent_correlations, normal_thresholds, response_lattice
from retrace.power.simulation import LIKERT, NORMAL, PREDICTIVE, Likert, Plan, Population, plan
from retrace.provenance.streams import random_stream


def likert_of(study: Study, constructs: Sequence[str]) -> Likert:
    """Discretised scores of constructs: printed means, SDs and items, else the assumed.

    Raises
    ------
    ValueError
        If the scale, a mean, an SD or a number of items is neither printed nor assumed, scores on
        such scales cannot have the printed correlations, or a sample has more scores than are
        drawn.
    """
    scores = study.n * len(constructs)
    if scores > MOST_RESPONSES:
        raise ValueError(f"a sample has {scores} scores; at most {MOST_RESPONSES} are drawn")
    scale = study.scale or study.assumptions.scale
    thresholds, lattices = [], []
    for construct in constructs:
        (mean, _), (sd, _) = study.moment(construct, "mean"), study.moment(construct, "sd")
        items, _ = study.item_count(construct)
        if scale is None or mean is None or sd is None or items is None:
            raise ValueError(f"scale, mean, SD or items of {construct} are not printed or assumed")
        lattices.append(response_lattice(scale.min, scale.max, items))
        thresholds.append(normal_thresholds(mean.value, sd.value, lattices[-1]))
    latent = latent_correlations(_correlations(study, constructs), thresholds, lattices)
    return Likert(latent, thresholds)


def _correlations(study: Study, constructs: Sequence[str]):
    places = [study.names.index(name) for name in constructs]
    return study.correlation_matrix[np.ix_(places, places)]


def plan_of(study: Study, alpha: float, mc_error: float) -> Plan:
    """What to simulate about a study's hypotheses, at the configured and the printed levels."""
    hypotheses = hypotheses_of(study)
    models = {h.model: study.models[h.model] for h in hypotheses}
    used = {name for model in models.values() for name in (*model.predictors, model.outcome)}
    constructs = [name for name in study.names if name in used]
    try:
        likert, no_likert = likert_of(study, constructs), ""
    except ValueError as error:
        likert, no_likert = None, str(error)
    planned = plan(
        Population(_correlations(study, constructs), study.n, constructs, likert),
        {name: (model.predictors, model.outcome) for name, model in models.items()},
        hypotheses,
        levels_of(study, alpha),
        mc_error,
    )
    return replace(planned, no_likert=no_likert)


def stream_of(seed: int, paper: str):
    """The random stream of each block: a function of its task."""
    kinds = (NORMAL, PREDICTIVE, LIKERT)

    def stream(task):
        population, n, block = task
        place = (kinds.index(population) * 10_000_000 + n) * 10_000 + block
        return random_stream(seed, paper, "simulate_power", place)

    return stream
