"""Whether the parts of a target fit together, before anything is asked of responses."""

from __future__ import annotations

import math
from collections.abc import Iterator
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from retrace.papers.study import MOST_ITEMS, MOST_RESPONDENTS, shown, size_problem
from retrace.printed.numbers import Printed
from retrace.printed.ranges import out_of_range
from retrace.printed.reported import (
    CONSTANT_STATISTICS,
    MODEL_STATISTICS,
    TERM_STATISTICS,
    is_constant,
)

if TYPE_CHECKING:
    from retrace.printed.regression import PrintedRegression
    from retrace.synthetic.target import LikertTarget


def problems_of(target: LikertTarget) -> list[str]:
    """What is wrong with a target, whatever the responses: one message each, naming the cell."""
    problems = [*_counts(target), *_constructs(target)]
    for model in target.models:
        problems += _model(target, model)
    return problems


def is_whole(value: object) -> bool:
    """Whether a value is a whole number, of whatever type."""
    if isinstance(value, Integral):
        return True
    return isinstance(value, Real) and math.isfinite(value) and value == math.floor(value)


def _counts(target: LikertTarget) -> Iterator[str]:
    n, k = target.n, target.k
    if not is_whole(n):
        yield f"n is {n!r}; it is a whole number of respondents"
    derived = {each.name for each in target.products}
    measured = zip(target.names, target.measures, strict=False)
    ends = ((each.low, each.high) for name, each in measured if name not in derived)
    for low, high in dict.fromkeys(ends):
        yield from _ends(low, high)
    if is_whole(n) and n > MOST_RESPONDENTS:
        yield f"n is {shown(n)}; at most {MOST_RESPONDENTS}"
    counts = {"items": target.measures} | {
        name: getattr(target, name) for name in ("means", "sds", "alphas")
    }
    for name, values in counts.items():
        if len(values) != k:
            yield f"{len(values)} {name} for {k} constructs"


def _ends(low: Any, high: Any) -> Iterator[str]:
    """What is wrong with the two ends of a measure."""
    if not is_whole(low) or not is_whole(high):
        ends = (low, high)
        yield f"the scale is {ends!r}; it is two whole numbers, its lowest and highest response"
    elif low >= high:
        yield f"the scale runs from {low} to {high}"
    elif problem := size_problem(low, high):
        yield f"the scale {problem}"


def _steps(target: LikertTarget) -> Iterator[str]:
    """What is wrong with the items and steps of constructs."""
    for name, each in zip(target.names, target.measures, strict=False):
        m, steps = each.items, each.steps
        if not is_whole(m) or not 1 <= m <= MOST_ITEMS:
            yield f"{name} has {shown(m)} items; a construct has 1 or more, at most {MOST_ITEMS}"
        elif m != steps and not each.unit:
            yield f"{name} has {m} items and {shown(steps)} steps; of responses they are as many"
        elif not is_whole(steps) or steps < 1:
            yield f"{name} has {shown(steps)} steps to one unit; that is a whole number above 0"


def _constructs(target: LikertTarget) -> Iterator[str]:
    if len(set(target.names)) != target.k:
        yield f"constructs must have different names: {', '.join(target.names)}"
    for name in target.names:
        if is_constant(name):
            yield f"construct {name} has a name of a regression's constant"
    yield from _steps(target)
    yield from _products(target)
    for what, moments in (("mean", target.means), ("SD", target.sds)):
        for name, moment in zip(target.names, moments, strict=False):
            yield from _moment(f"{what} of {name}", moment, least=0 if what == "SD" else None)
    for name, m, alpha in zip(target.names, target.items, target.alphas, strict=False):
        if alpha is not None:
            yield from _cell(f"alpha of {name}", alpha, bound=False)
            if m == 1:
                yield f"alpha of {name}: {alpha} of one item; only several have an alpha"
    known, seen = set(target.names), set()
    for row, column, cell in target.correlations:
        where = f"correlation ({row}, {column})"
        if row not in known or column not in known or row == column:
            yield f"{where} is of no two constructs of {', '.join(target.names)}"
        elif frozenset((row, column)) in seen:
            yield f"{where} is given twice"
        seen.add(frozenset((row, column)))
        yield from _cell(where, cell, bound=False)
        if isinstance(cell, Printed) and (problem := out_of_range(cell, "r")):
            yield f"{where}: {cell} {problem}"


def _products(target: LikertTarget) -> Iterator[str]:
    """What is wrong with the products of constructs."""
    derived = {each.name for each in target.products}
    for each in target.products:
        unknown = sorted(set(each.factors) - (set(target.names) - derived))
        if each.name not in target.names:
            yield f"the product {each.name} is no construct"
        if unknown or len(each.factors) < 2:
            what = f"{', '.join(unknown)}, which are not drawn" if unknown else "one factor"
            yield f"{each.name} is the product of {what}; name two constructs that are, or more"


def _model(target: LikertTarget, model: PrintedRegression) -> Iterator[str]:
    known, called = set(target.names), f"model {model.name}"
    unknown = sorted({model.outcome, *model.predictors} - known)
    if unknown:
        yield f"{called} has no constructs {', '.join(unknown)}"
    if model.outcome in model.predictors:
        yield f"{called} predicts {model.outcome} from itself"
    if len(set(model.predictors)) < len(model.predictors):
        yield f"{called} has a predictor twice"
    constants = [term for term in model.reported if is_constant(term)]
    terms = sorted(set(model.reported) - {*model.predictors, *constants})
    if terms:
        yield f"{called} has no predictors {', '.join(terms)}"
    if len(constants) > 1:
        yield f"{called} has the constant twice: {', '.join(constants)}"
    rows = [
        (f"{called}, {term}", cells, CONSTANT_STATISTICS if term in constants else TERM_STATISTICS)
        for term, cells in model.reported.items()
    ]
    for where, cells, names in [*rows, (called, model.overall, MODEL_STATISTICS)]:
        for name, cell in cells.items():
            if name not in names:
                yield f"{where}: unknown statistic {name!r}; known are {', '.join(names)}"
            yield from _cell(f"{where}: {name}", cell)


def _moment(what: str, moment: object, least: float | None) -> Iterator[str]:
    if isinstance(moment, Printed):
        yield from _cell(what, moment, bound=False)
        value = moment.value
    elif isinstance(moment, Real):
        value = float(moment)
    else:
        yield f"{what} is {moment!r}; it is a printed number (`Printed.parse`) or an assumed float"
        return
    if not math.isfinite(value) or (least is not None and value < least):
        yield f"{what} is {value:g}; it must be a number" + (
            "" if least is None else f" of {least} or more"
        )


def _cell(what: str, cell: object, bound: bool = True) -> Iterator[str]:
    """What is wrong with a printed number that is no percentage and, unless allowed, no bound."""
    if not isinstance(cell, Printed):
        yield f"{what} is {cell!r}; it is a printed number: `Printed.parse` makes one of its text"
    elif cell.percent:
        yield f"{what}: {cell} is a percentage; write the number itself"
    elif cell.bound and not bound:
        yield f"{what}: {cell} is a bound; it has to be a value"
