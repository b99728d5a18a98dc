"""The regressions and hypotheses of a study, from its checked record."""

from __future__ import annotations

from dataclasses import replace

from retrace.checks.regression.printed_model import (
    WHOLE_MODEL,
    PrintedModel,
    Sample,
    printed_model,
)
from retrace.checks.regression.tables import Missing
from retrace.decisions import SIGNS, Hypothesis
from retrace.papers.study import Model, Study


def models_of(study: Study) -> dict[str, PrintedModel]:
    """Every model of a study with the printed numbers that belong to it, by name."""
    described = study.constructs.items()
    means = {name: each.mean for name, each in described if each.mean}
    # No data have a negative deviation: what rests on it is not checkable.
    sds = {name: each.sd for name, each in described if each.sd and each.sd.interval[1] > 0}
    sample = Sample(
        n=study.n,
        correlations={(row, column): cell for row, column, cell in study.correlations},
        means=means,
        sds=sds,
        stand_in={(row, column): value for row, column, value in study.stand_in},
    )
    models = {}
    for each in study.regressions:
        model = study.models[each.name]
        own = sample if model.n is None else replace(sample, n=model.n)
        found = printed_model(
            each.name, each.outcome, each.predictors, own, each.reported, each.overall
        )
        models[each.name] = replace(
            found,
            no_matrix=_why_no_matrix(study, model),
            unprinted=model.unprinted,
            printed_df1=model.df1,
            printed_df=model.df2,
            errors=model.errors,
            level=model.level,
        )
    return models


def _why_no_matrix(study: Study, model: Model) -> str:
    """Why nothing follows from the correlations of a model's variables; empty where it does."""
    why = study.why_no_matrix([*model.predictors, model.outcome])
    if model.unprinted:
        also = f"in the model, and their correlations not printed: {', '.join(model.unprinted)}"
        why = f"{why}; {also}" if why else also
    if model.n is not None and model.n != (study.correlation_n or study.n):
        also = f"correlations of the {model.n} observations of the model are not printed"
        why = f"{why}; {also}" if why else also
    return why


def set_aside(study: Study, model: str) -> list[Missing]:
    """The statistics of a model that are printed and impossible, as what cannot be checked."""
    return [
        Missing(
            model, each.row or WHOLE_MODEL, each.column, each.printed, f"impossible: {each.why}"
        )
        for each in study.impossible
        if each.model == model
    ]


def hypotheses_of(study: Study) -> list[Hypothesis]:
    """The hypotheses of a study, by name."""
    return [
        Hypothesis(name, h.term, h.model, SIGNS[h.direction], h.reported)
        for name, h in study.hypotheses.items()
    ]


def signs_of(study: Study) -> dict[str, int]:
    """The hypothesised sign of each hypothesis, 1 or -1, by name."""
    return {hypothesis.name: hypothesis.sign for hypothesis in hypotheses_of(study)}


def levels_of(study: Study, alpha: float) -> tuple[float, ...]:
    """The level of the configuration and those of the printed legend, strictest first."""
    return tuple(sorted({alpha, *study.stars.values()}))
