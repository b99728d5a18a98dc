"""Targets of synthetic data from a checked study, its assumptions included."""

from __future__ import annotations

from retrace.papers.study import Model, Study
from retrace.printed.numbers import Printed
from retrace.synthetic.target import InfeasibleTargetError, LikertTarget, ReportedModel
from retrace.synthetic.wellformed import FIT_STATISTICS

# What responses need of every construct.
NEEDED = ("mean", "sd", "items")


def likert_target(study: Study) -> LikertTarget:
    """Everything that responses have to print for a study.

    Printed means and SDs are met at their decimals; assumed ones are where the search starts.
    Alphas are met at their decimals either way.

    Raises
    ------
    InfeasibleTargetError
        If a study neither prints nor assumes what responses need, with every such thing.
    """
    problems = unstated(study)
    if problems:
        raise InfeasibleTargetError(problems)
    scale = study.scale or study.assumptions.scale

    def moments(name):
        stated = (study.statistic(construct, name) for construct in study.names)
        return tuple(value.value if assumed else value for value, assumed in stated)

    return LikertTarget(
        names=tuple(study.names),
        n=study.n,
        scale=(scale.min, scale.max),
        items=tuple(study.statistic(construct, "items")[0] for construct in study.names),
        correlations=tuple(study.correlations),
        means=moments("mean"),
        sds=moments("sd"),
        alphas=tuple(_alpha(study, construct) for construct in study.names),
        models=tuple(
            ReportedModel(
                name,
                model.outcome,
                tuple(model.predictors),
                model.reported,
                _fit(model),
                model.durbin_watson,
            )
            for name, model in study.models.items()
            if model.reported or model.durbin_watson or _fit(model)
        ),
    )


def estimated_models(study: Study) -> dict[str, Model]:
    """The regressions that a table reports or a hypothesis is about, by name."""
    tested = {hypothesis.model for hypothesis in study.hypotheses.values()}
    reported = {model.name for model in likert_target(study).models}
    return {name: model for name, model in study.models.items() if name in tested | reported}


def unstated(study: Study) -> list[str]:
    """What responses need that a study neither prints nor assumes, one message each."""
    problems = []
    if (study.scale or study.assumptions.scale) is None:
        problems.append("scale is neither printed nor assumed; write `scale: {min: …, max: …}`")
    for name in NEEDED:
        missing = [c for c in study.names if study.statistic(c, name)[0] is None]
        if missing:
            problems.append(
                f"{name} of {', '.join(missing)} is neither printed nor assumed; "
                f"write `{name}:` under `assumptions:`"
            )
    single = [
        c for c in study.names if study.constructs[c].alpha and study.statistic(c, "items")[0] == 1
    ]
    if single:
        problems.append(
            f"alpha of {', '.join(single)} is printed, and only several items have one; assume "
            "2 items or more"
        )
    return problems


def _alpha(study: Study, construct: str) -> Printed | None:
    alpha, _ = study.statistic(construct, "alpha")
    items, _ = study.statistic(construct, "items")
    return alpha if items > 1 else None  # one item has no alpha


def _fit(model: Model) -> dict[str, Printed]:
    printed = {name: getattr(model, name) for name in FIT_STATISTICS}
    return {name: cell for name, cell in printed.items() if cell is not None}
