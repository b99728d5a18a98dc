"""Targets of synthetic data from a checked study, its assumptions included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from retrace.papers.study import Model, Scale, Study
from retrace.printed.numbers import Printed
from retrace.printed.regression import PrintedRegression
from retrace.synthetic.attainable import check_target
from retrace.synthetic.target import InfeasibleTargetError, LikertTarget

# What responses need of every construct.
NEEDED = ("mean", "sd", "items")
# In the place of what is not stated, where nothing is drawn and none of it is looked at.
UNSTATED = MappingProxyType({"mean": 0.0, "sd": 0.0, "items": 2})


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
    return _target(study)


def target_to_draw(study: Study) -> LikertTarget:
    """The same of any study: of one that no responses can print, its `impossible` says why.

    Nothing is drawn for such a target, so that what is neither printed nor assumed has any value in
    it.
    """
    if problems := unstated(study):
        return replace(_target(study, UNSTATED), impossible="; ".join(problems))
    target, problems = _target(study), []
    if why := study.why_no_matrix():
        problems.append(why)
    try:
        check_target(target)
    except InfeasibleTargetError as error:
        problems += error.problems
    return replace(target, impossible="; ".join(problems))


def _target(study: Study, instead: Mapping[str, float] = MappingProxyType({})) -> LikertTarget:
    scale = study.scale or study.assumptions.scale or Scale(min=0, max=1)

    def stated(construct, name):
        value, assumed = study.statistic(construct, name)
        return (instead[name], True) if value is None else (value, assumed)

    def moments(name):
        found = (stated(construct, name) for construct in study.names)
        return tuple(
            value.value if assumed and isinstance(value, Printed) else value
            for value, assumed in found
        )

    return LikertTarget(
        names=tuple(study.names),
        n=study.n,
        scale=(scale.min, scale.max),
        items=tuple(stated(construct, "items")[0] for construct in study.names),
        correlations=tuple(study.correlations),
        means=moments("mean"),
        sds=moments("sd"),
        alphas=tuple(_alpha(study, construct) for construct in study.names),
        models=tuple(_reported_models(study)),
    )


def _reported_models(study: Study) -> Iterator[PrintedRegression]:
    """Regressions with printed numbers, of the variables and respondents that are drawn.

    A model with predictors that are not among the variables, or of another number of respondents,
    is one of other data.
    """
    for each in study.regressions:
        model = study.models[each.name]
        own_data = not model.unprinted and model.n in (None, study.n)
        if own_data and (each.reported or each.overall):
            yield each


def estimated_models(study: Study) -> dict[str, Model]:
    """The regressions that a table reports or a hypothesis is about, by name."""
    tested = {hypothesis.model for hypothesis in study.term_hypotheses.values()}
    reported = {model.name for model in _reported_models(study)}
    return {name: model for name, model in study.models.items() if name in tested | reported}


def unstated(study: Study) -> list[str]:
    """What responses need that a study neither prints nor assumes, one message each."""
    problems = []
    others = [
        f"{name} ({each.unit or 'a scale of its own'})"
        for name, each in study.constructs.items()
        if each.unit is not None or (each.scale or study.scale) != study.scale
    ]
    if others:
        return [
            "only responses on one scale are drawn, and these have another measure: "
            + ", ".join(others)
        ]
    if (study.scale or study.assumptions.scale) is None:
        problems.append("scale is neither printed nor assumed; write `scale: {min: …, max: …}`")
    for name in NEEDED:
        missing = [c for c in study.names if study.statistic(c, name)[0] is None]
        if missing:
            # What is printed and impossible is a finding, and as good as not printed.
            aside = {each.row for each in study.impossible if each.column == name}
            is_not = "neither printed nor assumed"
            if aside.issuperset(missing):
                is_not = "printed and impossible, and not assumed"
            problems.append(
                f"{name} of {', '.join(missing)} is {is_not}; write `{name}:` under `assumptions:`"
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
    alpha, _ = study.moment(construct, "alpha")
    items, _ = study.item_count(construct)
    return None if items == 1 else alpha  # one item has no alpha
