"""Which confidence level do printed limits have, where a paper names none?

95 % is the custom; where limits of a model contradict that and all of them fit another level in
use, they are of that. Without correlations the other numbers of their rows decide.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from retrace.checks.regression.comparison import Comparison
from retrace.checks.regression.feasibility import Feasibility, joint_feasibility
from retrace.checks.regression.linear_programs import INFEASIBLE
from retrace.checks.regression.printed_model import PrintedModel
from retrace.checks.regression.recomputed import LEVEL, LEVELS
from retrace.checks.regression.relations import (
    LIMIT,
    LIMIT_BY_T,
    SE_FROM_LIMITS,
    judge_relations,
)
from retrace.checks.regression.tables import Compared
from retrace.estimators.least_squares import critical_t
from retrace.printed.reported import belongs_to_b
from retrace.printed.verdicts import CONTRADICTED, NOT_CHECKABLE, verdict

# Relations that hang on it.
OF_A_LEVEL = (LIMIT, LIMIT_BY_T, SE_FROM_LIMITS)
LIMITS = ("ci_low", "ci_high")


class Levelled(NamedTuple):
    """The level of a model's printed limits, and whether its numbers can hold at once then.

    The second is None where not all correlations are printed.
    """

    level: float
    feasibility: Feasibility | None


def fitting_level(
    model: PrintedModel,
    found: Comparison,
    at_custom: Feasibility | None,
    one_sided: Collection[str] = (),
) -> Levelled:
    """The level of a model's limits: the named one, or 0.95 unless another alone fits all.

    Parameters
    ----------
    model : PrintedModel
    found : Comparison
        Of the model, at 0.95.
    at_custom : Feasibility or None
        Of the model, at 0.95.
    one_sided : collection of str
        Terms whose printed p is one-sided.
    """
    custom = Levelled(LEVEL, at_custom)
    limited = any(row.statistic in LIMITS for row in found.compared)
    if not limited or not found.possible:
        return custom
    if model.level is not None:
        return _at(model, model.level, at_custom, one_sided)
    if _fits(model, found, custom):
        return custom
    for level in LEVELS[1:]:
        # The cheap questions first.
        if not _fits(model, found, Levelled(level, None)):
            continue
        tried = _at(model, level, at_custom, one_sided)
        if _fits(model, found, tried):
            return custom if _are_blameless(model, found, custom) else tried
    return custom


def _are_blameless(model: PrintedModel, found: Comparison, custom: Levelled) -> bool:
    """Whether the limits fit the custom level, and others alone cannot hold at once."""
    joint = custom.feasibility
    # The cheap question first: a conflict is narrowed down when it is asked for.
    if joint is None or not _fits(model, found, Levelled(custom.level, None)):
        return False
    return bool(joint.conflict) and all(each.statistic not in LIMITS for each in joint.conflict)


def _at(
    model: PrintedModel,
    level: float,
    at_custom: Feasibility | None,
    one_sided: Collection[str],
) -> Levelled:
    """A level with feasibility at it, where there is one at the custom level."""
    if at_custom is None or level == LEVEL:
        return Levelled(level, at_custom)
    joint = joint_feasibility(model, one_sided=one_sided, level=level)
    return Levelled(level, joint)


def _fits(model: PrintedModel, found: Comparison, tried: Levelled) -> bool:
    """Whether no printed limit is contradicted at a level, and all numbers may hold at once."""
    if tried.feasibility and tried.feasibility.status == INFEASIBLE:
        return False
    # Of several readings of a number one has to fit.
    fits: dict[tuple[str, str, str], bool] = {}
    for row in judge_relations(model, tried.level):
        if row.relation in OF_A_LEVEL:
            at = (row.term, row.relation, row.statistic)
            fits[at] = fits.get(at, False) or row.verdict != CONTRADICTED
    compared = limits_at(model, found, tried.level)
    return all(fits.values()) and all(row.verdict != CONTRADICTED for row in compared)


def limits_at(model: PrintedModel, found: Comparison, level: float) -> list[Compared]:
    """The printed limits of a model that can be compared, at any level.

    At 0.95 as the comparison has them. Else safe bounds are those of the coefficient and of its
    error, which are not extreme at once: they hold, and are a little wider than need be.
    """
    if level == LEVEL:
        return [row for row in found.compared if row.statistic in LIMITS]
    brackets = {(row.term, row.statistic): row for row in found.brackets}
    reach = float(critical_t(1.0 - level, model.test_df))
    rows = []
    for row in found.compared:
        if row.statistic not in LIMITS or row.verdict == NOT_CHECKABLE:
            continue
        cells = model.reported[row.term]
        b = brackets[row.term, "b" if belongs_to_b(cells) else "beta"]
        se = brackets[row.term, "se"]
        step = reach if row.statistic == "ci_high" else -reach
        value = b.recomputed + step * se.recomputed
        ends = sorted((step * se.safe_low, step * se.safe_high))
        low, high = b.safe_low + ends[0], b.safe_high + ends[1]
        word = verdict(cells[row.statistic], value, low, high)
        rows.append(row._replace(recomputed=value, low=low, high=high, verdict=word))
    return rows
