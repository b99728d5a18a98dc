"""Printed numbers that no correlation matrix gives together: no search can find data for them.

A proof over every matrix that rounds to the printed one (`retrace.checks.regression.feasibility`)
names a smallest set of them. What is left to aim for is everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrace.checks.regression.constraints import Constraint
from retrace.checks.regression.feasibility import INFEASIBLE, joint_feasibility
from retrace.checks.regression.printed_model import WHOLE_MODEL, Sample, printed_model
from retrace.printed.numbers import Printed
from retrace.printed.regression import PrintedRegression
from retrace.synthetic.target import LikertTarget

# Conflicts of a model that are set aside one after another, before all of it is.
MOST_CONFLICTS = 6


def conflict_of(target: LikertTarget, model: PrintedRegression) -> tuple[Constraint, ...]:
    """The printed numbers of a model that no correlation matrix gives together; or none.

    Empty too where some of its correlations are not printed.
    """
    names = set(model.predictors) | {model.outcome}
    cells = {(row, column): cell for row, column, cell in target.correlations}
    sample = Sample(
        n=target.n,
        correlations={pair: cell for pair, cell in cells.items() if set(pair) <= names},
        sds={
            name: moment
            for name, moment in zip(target.names, target.sds, strict=True)
            if isinstance(moment, Printed)
        },
    )
    reported = {term: dict(row) for term, row in model.reported.items() if term in names}
    checked = printed_model(
        model.name, model.outcome, model.predictors, sample, reported, model.overall
    )
    if checked.missing_correlations:
        return ()
    found = joint_feasibility(checked)
    return found.conflict if found.status == INFEASIBLE else ()


def without_contradictions(target: LikertTarget) -> LikertTarget:
    """A target without the rows of models, and statistics of whole ones, that are in a conflict.

    A row goes as a whole: its b, SE and limits say the same of one coefficient. What is not
    proven to be in conflict stays.
    """
    models = tuple(_sound(target, model) for model in target.models)
    return target if models == target.models else replace(target, models=models)


def _sound(target: LikertTarget, model: PrintedRegression) -> PrintedRegression:
    for _ in range(MOST_CONFLICTS):
        conflict = conflict_of(target, model)
        if not conflict:
            return model
        model = _without(model, conflict)
    return replace(model, reported={}, overall={})


def _without(model: PrintedRegression, conflict: Sequence[Constraint]) -> PrintedRegression:
    terms = {each.term for each in conflict}
    whole = {each.statistic for each in conflict if each.term == WHOLE_MODEL}
    reported = {term: row for term, row in model.reported.items() if term not in terms}
    overall = {name: cell for name, cell in model.overall.items() if name not in whole}
    return replace(model, reported=reported, overall=overall)
