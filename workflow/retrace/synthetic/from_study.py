"""Targets of synthetic data from a checked study, its assumptions included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal

import numpy as np

from retrace.matrices.correlations import IndefiniteMatrixError
from retrace.papers.study import Model, Study, too_few
from retrace.printed.numbers import Printed
from retrace.printed.regression import PrintedRegression
from retrace.printed.reported import is_constant
from retrace.synthetic.attainable import check_target
from retrace.synthetic.measures import measure_of, sd_of_two, two_values
from retrace.synthetic.moments import completed_matrix
from retrace.synthetic.product_columns import expected_moments, product_measure
from retrace.synthetic.target import InfeasibleTargetError, LikertTarget, Measure, ProductColumn

# What responses need of every construct.
NEEDED = ("mean", "sd", "items")
# Where something is assumed of what has a unit.
ASSUMED_OF_ONE = "its name under `constructs:` of `assumptions:`"
# In the place of what is not stated, where nothing is drawn and none of it is looked at.
UNSTATED = MappingProxyType({"mean": 0.0, "sd": 0.0, "items": 2})
# Constructs of which some correlations may be missing: a matrix of more takes long to complete.
MOST_COMPLETED = 50
# Missing correlations of variables in regressions that are looked for: those of ten variables.
MOST_SOUGHT = 45
NOTHING: Mapping[str, float] = MappingProxyType({})


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
    few = too_few(target.n, target.k)
    if not few and (why := _why_no_matrix(study, target)):
        problems.append(why)
    try:
        check_target(target.drawn)
    except InfeasibleTargetError as error:
        problems += error.problems
    return replace(target, impossible="; ".join(problems))


def _why_no_matrix(study: Study, target: LikertTarget) -> str:
    """Why no data have the correlations, whatever those are that no cell is left of."""
    target = target.drawn
    if not target.is_open.any():
        return study.why_no_matrix(target.names)
    if target.k > MOST_COMPLETED:
        missing = study.why_no_matrix(target.names)
        return (
            f"{missing}; what completes the matrix is looked for among at most "
            f"{MOST_COMPLETED} constructs, not {target.k}"
        )
    columns = {name for each in target.models for name in (each.outcome, *each.predictors)}
    pairs = study.missing_pairs(columns)
    if len(pairs) > MOST_SOUGHT:
        return (
            f"{len(pairs)} correlations of variables in regressions are not printed; those that "
            f"give the regressions are looked for among at most {MOST_SOUGHT}"
        )
    try:
        completed_matrix(target)
    except IndefiniteMatrixError as error:
        return str(error)
    return ""


def _target(study: Study, instead: Mapping[str, float] = NOTHING) -> LikertTarget:
    def stated(construct: str, name: str) -> Printed | float:
        value, assumed = _stated(study, construct, name)
        if value is None:
            return instead[name]
        return value.value if assumed and isinstance(value, Printed) else value

    def measure(construct: str) -> Measure:
        found = measure_of(study, construct)
        if isinstance(found, Measure):
            return found
        items, _ = study.item_count(construct)
        return Measure.of_responses(0, 1, int(instead["items"]) if items is None else items)

    names = study.drawn
    drawn = LikertTarget(
        names=tuple(names),
        n=study.n,
        measures=tuple(measure(construct) for construct in names),
        correlations=tuple(cell for cell in study.correlations if {*cell[:2]} <= {*names}),
        means=tuple(stated(construct, "mean") for construct in names),
        sds=tuple(stated(construct, "sd") for construct in names),
        alphas=tuple(_alpha(study, construct) for construct in names),
    )
    if len(names) < len(study.names):
        drawn = _with_products(study, drawn)
    return replace(drawn, models=tuple(_reported_models(study)))


def _with_products(study: Study, drawn: LikertTarget) -> LikertTarget:
    """A target of what is drawn with the study's products among its columns, in their order.

    Where no mean or SD of a product is printed, its factors say which: those of normal variables.
    """
    values: dict[str, tuple] = {
        name: tuple(each)
        for name, *each in zip(drawn.names, drawn.measures, drawn.means, drawn.sds, strict=True)
    }
    products = []
    for name in study.names:
        if name in values:
            continue
        construct = study.constructs[name]
        product = ProductColumn(name, tuple(construct.product or ()), construct.centred)
        at = [drawn.names.index(factor) for factor in product.factors]
        expected = expected_moments(product, drawn.mean[at], drawn.sd[at], drawn.R[np.ix_(at, at)])
        printed = construct.mean, construct.sd
        moments = [e if cell is None else cell for cell, e in zip(printed, expected, strict=True)]
        measure = product_measure(product, [drawn.measures[i] for i in at])
        values[name] = (measure, *moments)
        products.append(product)
    measures, means, sds = zip(*(values[name] for name in study.names), strict=True)
    alphas = dict(zip(drawn.names, drawn.alphas, strict=True))
    return replace(
        drawn,
        names=tuple(study.names),
        measures=measures,
        correlations=tuple(study.correlations),
        means=means,
        sds=sds,
        alphas=tuple(alphas.get(name) for name in study.names),
        products=tuple(products),
    )


def number_of(study: Study, construct: str, name: Literal["mean", "sd"]) -> float | None:
    """A construct's mean or SD, printed or assumed; None where it is neither."""
    value, _ = _stated(study, construct, name)
    return value.value if isinstance(value, Printed) else value


def _stated(study: Study, construct: str, name: str) -> tuple[Printed | float | None, bool]:
    """`Study.statistic`, and of two values of a kind the SD that their mean leaves."""
    value, assumed = study.statistic(construct, name)
    two = two_values(study.constructs[construct].unit)
    mean, _ = study.moment(construct, "mean")
    if name != "sd" or value is not None or two is None or mean is None:
        return value, assumed
    return sd_of_two(mean.value, study.n, two[0]), True


def _reported_models(study: Study) -> Iterator[PrintedRegression]:
    """Regressions with printed numbers, of the variables and respondents that are drawn.

    A model with predictors that are not among the variables, or of another number of respondents,
    is one of other data. Without the constant, where that is at the means of centred factors.
    """
    for each in study.regressions:
        model = study.models[each.name]
        own_data = not model.unprinted and model.n in (None, study.n)
        if own_data and has_centred_products(study, model):
            terms = {t: cells for t, cells in each.reported.items() if not is_constant(t)}
            each = replace(each, reported=terms)
        if own_data and (each.reported or each.overall):
            yield each


def has_centred_products(study: Study, model: Model) -> bool:
    """Whether predictors are products of centred factors, so that its constant is at some means."""
    return any(study.constructs[name].centred for name in model.predictors)


def estimated_models(study: Study) -> dict[str, Model]:
    """The regressions that a table reports or a hypothesis is about, by name."""
    tested = {hypothesis.model for hypothesis in study.term_hypotheses.values()}
    reported = {model.name for model in _reported_models(study)}
    return {name: model for name, model in study.models.items() if name in tested | reported}


def unstated(study: Study) -> list[str]:
    """What responses need that a study neither prints nor assumes, one message each."""
    problems = []
    asked = [name for name in study.drawn if study.constructs[name].unit is None]
    if study.assumptions.scale is None and not all(map(study.scale_of, asked)):
        problems.append("scale is neither printed nor assumed; write `scale: {min: …, max: …}`")
    for name in NEEDED:
        missing = [c for c in study.drawn if _stated(study, c, name)[0] is None]
        if missing:
            # What is printed and impossible is a finding, and as good as not printed.
            aside = {each.row for each in study.impossible if each.column == name}
            is_not = "neither printed nor assumed"
            if aside.issuperset(missing):
                is_not = "printed and impossible, and not assumed"
            where = "`assumptions:`" if set(missing) <= set(asked) else ASSUMED_OF_ONE
            problems.append(
                f"{name} of {', '.join(missing)} is {is_not}; write `{name}:` under {where}"
            )
    problems += alpha_of_one_item(study)
    if not problems:
        found = (measure_of(study, name) for name in study.drawn)
        problems += [each for each in found if isinstance(each, str)]
    return problems


def alpha_of_one_item(study: Study) -> list[str]:
    """That constructs of one item have an alpha, in one message; none where there are none."""
    asked = [name for name in study.drawn if study.constructs[name].unit is None]
    single = [c for c in asked if study.constructs[c].alpha and study.item_count(c)[0] == 1]
    if not single:
        return []
    return [
        f"alpha of {', '.join(single)} is printed, and only several items have one; assume "
        "2 items or more"
    ]


def _alpha(study: Study, construct: str) -> Printed | None:
    alpha, _ = study.moment(construct, "alpha")
    items, _ = study.item_count(construct)
    return None if items == 1 else alpha  # one item has no alpha
