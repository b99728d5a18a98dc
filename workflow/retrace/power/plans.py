"""What to simulate about a study, and with which random streams."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from retrace.checks.regression.from_study import hypotheses_of, levels_of
from retrace.decisions import EffectHypothesis, Stated
from retrace.papers.study import MOST_RESPONSES, Study
from retrace.power.montecarlo import latent_correlations, normal_thresholds, response_lattice
from retrace.power.simulation import (
    LIKERT,
    NORMAL,
    PREDICTIVE,
    Likert,
    Plan,
    Population,
    Task,
    plan,
    simulated,
)
from retrace.provenance.streams import random_stream
from retrace.synthetic.from_study import number_of
from retrace.synthetic.measures import measure_of


class Settings(NamedTuple):
    """Level of decisions, bound on the Monte Carlo error of a probability, and seed."""

    level: float
    mc_error: float
    seed: int


def likert_of(study: Study, constructs: Sequence[str]) -> Likert:
    """Discretised scores of constructs: printed means, SDs and items, else the assumed.

    What has a unit is a normal variable cut to its grid, or two values with their shares.

    Raises
    ------
    ValueError
        If a construct is a product, the scale, a mean, an SD or a number of items is neither
        printed nor assumed, scores on such scales cannot have the printed correlations, or a
        sample has more scores than are drawn.
    """
    scores = study.n * len(constructs)
    if scores > MOST_RESPONSES:
        raise ValueError(f"a sample has {scores} scores; at most {MOST_RESPONSES} are drawn")
    thresholds, lattices = [], []
    for construct in constructs:
        if study.constructs[construct].product:
            raise ValueError(f"{construct} is a product, and has no scale of its own")
        mean, sd = (number_of(study, construct, name) for name in ("mean", "sd"))
        measure = measure_of(study, construct)
        if isinstance(measure, str) or mean is None or sd is None:
            raise ValueError(f"scale, mean, SD or items of {construct} are not printed or assumed")
        lattices.append(response_lattice(measure.low, measure.high, measure.steps))
        thresholds.append(_thresholds(mean, sd, lattices[-1]))
    latent = latent_correlations(study.correlations_of(constructs), thresholds, lattices)
    return Likert(latent, thresholds)


def _thresholds(mean: float, sd: float, lattice: np.ndarray) -> np.ndarray:
    """Thresholds of a normal variable with a mean and an SD; of two values, by their shares."""
    share = mean - lattice[0]
    if len(lattice) == 2 and lattice[1] - lattice[0] == 1 and 0 < share < 1:
        return np.array([-ndtri(share)])
    return normal_thresholds(mean, sd, lattice)


def left_out(study: Study) -> dict[str, str]:
    """Hypotheses of which no samples can be drawn, with the reason.

    Those about effects that are not `simulated`; those of models whose correlations no data have;
    and all of them where no data have all the correlations of the others' models together.
    """
    why: dict[str, str] = {}
    others: list[str] = []
    for h in hypotheses_of(study):
        if isinstance(h, EffectHypothesis) and not simulated(h):
            why[h.name] = f"it is about {h.about}, and samples are of terms, differences, products"
            continue
        why[h.name] = study.why_no_matrix(_constructs(study, models_tested(h)))
        if not why[h.name]:
            others += models_tested(h)
    together = study.why_no_matrix(_constructs(study, others)) if others else ""
    return {name: reason or together for name, reason in why.items() if reason or together}


def models_tested(hypothesis: Stated) -> list[str]:
    """The models that test a hypothesis, each once."""
    if isinstance(hypothesis, EffectHypothesis):
        return list(dict.fromkeys(model for model, _ in hypothesis.coefficients))
    return [hypothesis.model]


def _constructs(study: Study, names: Iterable[str]) -> list[str]:
    """The constructs of some models, in the order of the study."""
    models = [study.models[name] for name in names]
    used = {name for model in models for name in (*model.predictors, model.outcome)}
    return [name for name in study.names if name in used]


def plan_of(study: Study, level: float, mc_error: float) -> Plan:
    """What to simulate about a study's hypotheses, at the configured and the printed levels.

    Parameters
    ----------
    study : Study
        With a hypothesis that is not `left_out`.
    level, mc_error : float
    """
    aside = left_out(study)
    hypotheses = [h for h in hypotheses_of(study) if h.name not in aside]
    models = {name: study.models[name] for h in hypotheses for name in models_tested(h)}
    constructs = _constructs(study, models)
    try:
        likert, no_likert = likert_of(study, constructs), ""
    except ValueError as error:
        likert, no_likert = None, str(error)
    planned = plan(
        Population(study.correlations_of(constructs), study.n, constructs, likert),
        {name: (model.predictors, model.outcome) for name, model in models.items()},
        hypotheses,
        levels_of(study, level),
        mc_error,
    )
    return replace(planned, no_likert=no_likert)


def plan_if_any(study: Study, settings: Settings) -> Plan | None:
    """What to simulate; None where no samples can be drawn for any hypothesis."""
    if left_out(study).keys() == study.hypotheses.keys():
        return None
    return plan_of(study, settings.level, settings.mc_error)


def stream_of(seed: int, paper: str) -> Callable[[Task], np.random.Generator]:
    """The random stream of each block: a function of its task."""
    kinds = (NORMAL, PREDICTIVE, LIKERT)

    def stream(task: Task) -> np.random.Generator:
        population, n, block = task
        place = (kinds.index(population) * 10_000_000 + n) * 10_000 + block
        return random_stream(seed, paper, "simulate_power", place)

    return stream
