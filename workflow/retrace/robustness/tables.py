"""Every analysis of a study's hypotheses beside the reported one, in five tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrace.checks.regression.printed_model import PrintedModel
from retrace.decisions import Stated, effects_of, terms_of
from retrace.estimators.effects_on_data import estimate_effect_on_data
from retrace.estimators.estimators_on_data import (
    estimates_on_data,
    estimates_on_responses,
    resampling_counts,
)
from retrace.robustness.confounding import Confounding, confounding_table
from retrace.robustness.overturning import OVERTURNING_COLUMNS, overturning_table
from retrace.robustness.specifications import (
    CONTINUOUS,
    ERRORS,
    LIKERT,
    SpecificationResult,
    from_correlations,
    from_effect,
    from_effect_on_data,
    from_equations,
    from_estimates,
    from_nothing,
    robustness_table,
    specification_table,
)
from retrace.robustness.suppression import Suppression, suppression_table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Robustness:
    """Tables of all hypotheses, as the modules that make them describe them."""

    specifications: pd.DataFrame
    robustness: pd.DataFrame
    overturning: pd.DataFrame
    suppression: pd.DataFrame
    confounding: pd.DataFrame


def analyse(
    models: Mapping[str, PrintedModel],
    hypotheses: Sequence[Stated],
    continuous: pd.DataFrame,
    likert: pd.DataFrame,
    level: float,
    stream: np.random.Generator,
) -> Robustness:
    """Analyse every hypothesis in every way; tables list hypotheses in the order given.

    Parameters
    ----------
    models : mapping
        All models of the study, by name.
    hypotheses : sequence of Hypothesis or EffectHypothesis
        Effects of several coefficients are decided on data, and have a row for each other family
        that says that it does not decide them.
    continuous, likert : DataFrame
        Synthetic data, a column for each construct; without rows where none are drawn.
    level : float
        Two-sided level of decisions.
    stream : numpy.random.Generator
        For the bootstrap.
    """
    tables = []
    counts = resampling_counts(len(likert), stream)
    rows = _of_effects(models, hypotheses, {CONTINUOUS: continuous, LIKERT: likert}, counts, level)
    terms = terms_of(hypotheses)
    for name in dict.fromkeys(h.model for h in terms):
        model = models[name]
        own = [h for h in terms if h.model == name]
        for hypothesis in own:
            # Other regressions may have correlations that data can have where this one has not.
            rows += from_equations(models, hypothesis, level)
            if model.no_matrix:
                rows += from_nothing(model, hypothesis)
            else:
                rows += from_correlations(model, hypothesis, level)
        if not model.drawn_whole:
            continue
        columns = [*model.predictors, model.outcome]
        for label, data, estimate in (
            (CONTINUOUS, continuous, estimates_on_data),
            (LIKERT, likert, estimates_on_responses),
        ):
            found = estimate(data[columns], model.predictors, counts)
            rows += from_estimates(found, own, label, level)
        if model.no_matrix:
            continue
        printed = (model.R, model.n, model.predictors)
        overturning = overturning_table(*printed, model.outcome, own, level)
        others = (table(*printed, own, level) for table in (suppression_table, confounding_table))
        tables.append((overturning, *others))
    stand_in = any(model.has_stand_in for model in models.values())
    specifications = specification_table(rows, hypotheses, stand_in)
    names = [h.name for h in hypotheses]

    joined = (_joined(parts, names) for parts in zip(*(tables or [_empty()]), strict=True))
    return Robustness(specifications, robustness_table(specifications), *joined)


def _of_effects(
    models: Mapping[str, PrintedModel],
    hypotheses: Sequence[Stated],
    data: Mapping[str, pd.DataFrame],
    counts: np.ndarray,
    level: float,
) -> list[SpecificationResult]:
    """Specifications of effects of several coefficients, on data of the models that have them."""
    rows = []
    for effect in effects_of(hypotheses):
        own = [models.get(model) for model, _ in effect.coefficients]
        decided = bool(own) and all(model and model.drawn_whole for model in own)
        rows += from_effect(effect, (ERRORS,) if decided else ())
        for label, frame in data.items() if decided else ():
            columns = {name: frame[name].to_numpy() for name in frame}
            found = estimate_effect_on_data(
                columns, models, effect, counts, responses=label == LIKERT
            )
            rows += from_effect_on_data(found, effect, label, level)
    return rows


def _joined(parts: Sequence[pd.DataFrame], names: Sequence[str]) -> pd.DataFrame:
    """Tables of several models as one, by hypothesis in the order of `names`."""
    import pandas as pd

    joined = pd.concat(parts, ignore_index=True)
    place = joined.hypothesis.map(names.index)
    return joined.iloc[np.argsort(place.to_numpy(), kind="stable")].reset_index(drop=True)


def _empty() -> tuple[pd.DataFrame, ...]:
    """Overturning, suppression and confounding of no hypothesis."""
    import pandas as pd

    kinds = (OVERTURNING_COLUMNS, Suppression._fields, Confounding._fields)
    return tuple(pd.DataFrame(columns=list(columns)) for columns in kinds)
