"""Verdicts on effects of several coefficients, and on hypotheses of several parts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from retrace.checks.regression.printed_model import PrintedModel
from retrace.checks.regression.recomputed import LEVEL
from retrace.checks.shared.effects import Ranged
from retrace.decisions import (
    CONFOUNDER,
    PATH,
    PRINTED,
    RECOMPUTED,
    REPORTED,
    EffectHypothesis,
    decide_limits,
    decide_printed,
    decide_range,
    of_parts,
    two_sided_p,
)
from retrace.robustness.effect_tests import Effects, NoEffectError, Tested
from retrace.robustness.specifications import of_no_term
from retrace.robustness.verdict import NOTHING, Verdict, at_level

if TYPE_CHECKING:
    from retrace.papers.study import CompoundHypothesis


def effect_rows(
    models: Mapping[str, PrintedModel],
    effects: Sequence[EffectHypothesis],
    levels: Sequence[float],
) -> list[Verdict]:
    """What the printed numbers, and the correlations, decide on effects of several coefficients.

    Undetermined unless all that prints alike, and of a product every test in use, decide alike.
    A confounder is one of single terms, and has a row that says so.

    Parameters
    ----------
    models : mapping
        All models of the study, by name.
    effects : sequence of EffectHypothesis
    levels : sequence of float
    """
    tests = Effects(models)
    rows: list[Verdict] = []
    for h in effects:
        for label, tested in ((PRINTED, tests.printed), (RECOMPUTED, tests.recomputed)):
            rows += _decided(h, label, tested, levels)
        rows.append(Verdict(h.name, CONFOUNDER, *NOTHING, because=of_no_term(h)))
    return rows


def _decided(
    h: EffectHypothesis,
    label: str,
    test: Callable[[EffectHypothesis], Tested],
    levels: Sequence[float],
) -> Iterator[Verdict]:
    """One analysis at each level."""
    why, tested = "", None
    try:
        if h.kind == PATH:
            raise NoEffectError(f"about {h.about}, which no table of regressions has")
        tested = test(h)
    except NoEffectError as error:
        why = str(error)
    for level in levels:
        analysis = at_level(label, level)
        if label == PRINTED and (row := decide_row(h, level)) is not None:
            yield Verdict(h.name, analysis, *row)
            continue
        if tested is None:
            yield Verdict(h.name, analysis, *NOTHING, because=why)
            continue
        effect, df = tested
        statistic = effect.statistic
        decision = decide_range(statistic[1:], h.sign, df, level)
        p = float(two_sided_p(statistic.value, df))
        yield Verdict(
            h.name, analysis, effect.estimate.value, p, decision, because=f"{h.kind}: {effect.how}"
        )


def decide_row(h: EffectHypothesis, level: float) -> tuple[float, float, str, str, int, str] | None:
    """The decision from the row that a table of effects has of an effect, by its own test.

    From p, else limits of the level, else z or t, else estimate and error by the normal
    distribution. None where it has none of these.

    Returns
    -------
    tuple
        The fields of a `Verdict` from `estimate` on.
    """
    estimate, p, low, high = (h.row.get(name) for name in ("estimate", "p", "ci_low", "ci_high"))
    value = math.nan if estimate is None else estimate.value
    if estimate is not None and p is not None:
        decision = decide_printed(h.sign, estimate, p, level)
        return value, p.value, decision, "", 0, f"{h.kind}: printed p"
    if low is not None and high is not None and math.isclose(1 - level, h.row_level or LEVEL):
        decision = decide_limits(h.sign, low, high)
        return value, math.nan, decision, "", 0, f"{h.kind}: printed limits"
    tested = next((Ranged.of(h.row[name]) for name in ("z", "t") if name in h.row), None)
    if tested is None and estimate is not None and "se" in h.row:
        tested = Ranged.of(estimate).over(Ranged.of(h.row["se"]))
    if tested is None:
        return None
    p_value = float(two_sided_p(tested.value, math.inf))
    decision = decide_range(tested[1:], h.sign, math.inf, level)
    return value, p_value, decision, "", 0, f"{h.kind}: printed test, by the normal distribution"


def compound_rows(
    compounds: Mapping[str, CompoundHypothesis], done: Sequence[Verdict]
) -> list[Verdict]:
    """What analyses that decide on every part of a hypothesis say of the whole."""
    found = {(row.hypothesis, row.analysis): row.decision for row in done}
    analyses = list(dict.fromkeys(row.analysis for row in done if row.analysis != REPORTED))
    return [
        Verdict(name, analysis, *NOTHING[:2], of_parts(decisions), because="from its parts")
        for name, compound in compounds.items()
        for analysis in analyses
        if all(decisions := [found.get((part, analysis), "") for part in compound.parts])
    ]
