"""What structural equation models decide about a study's hypotheses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrace.checks.regression.from_study import hypotheses_of
from retrace.decisions import NOT_ATTAINABLE, PATH, SIGNS, decide_one, effects_of
from retrace.robustness.specifications import of_no_term
from retrace.sem.fitting import Estimate, Fit

if TYPE_CHECKING:
    from retrace.papers.study import Study
    from retrace.robustness.structural_models import StudyModel


class StructuralDecision(NamedTuple):
    """What one model decides on a hypothesis, a row of `sem_verdicts.csv`.

    Attributes
    ----------
    hypothesis, family, analysis : str
        `family` is the analysis of `verdicts.csv`, `analysis` its model.
    estimate, p : float
        NaN where there are none.
    decision, assumed : str
        `assumed` is what the model rests on that the paper does not print.
    problem : str
        Of the solution, or why the model cannot be fitted.
    """

    hypothesis: str
    family: str
    analysis: str
    estimate: float
    p: float
    decision: str
    assumed: str
    problem: str


def decision_rows(
    study: Study,
    fits: Mapping[str, Fit],
    models: Sequence[StudyModel],
    level: float,
    unfit: Mapping[str, str],
) -> list[StructuralDecision]:
    """Each hypothesis under every model that has its path, direct effects only.

    A regression of the paper, and what is made of it, decides about the hypotheses that name it;
    an alternative about all of them. Without a proper solution there is no p, and so the decision
    is not attainable; the same of a model that cannot be fitted, for which `unfit` has the
    reason.
    """
    rows = _of_effects(study, fits, models, level, unfit)
    for name, hypothesis in study.term_hypotheses.items():
        outcome = study.models[hypothesis.model].outcome
        for model in models:
            if model.regression not in ("", hypothesis.model):
                continue
            estimate = p = np.nan
            decision, problem = NOT_ATTAINABLE, unfit.get(model.name, "")
            if not problem:
                solution = fits[model.name]
                path = (model.variable(outcome), "~", model.variable(hypothesis.term))
                e = next((e for e in solution.estimates if (e.lhs, e.op, e.rhs) == path), None)
                if e is None:
                    continue
                estimate, p = e.std, e.p if solution.proper else np.nan
                decision = decide_one(e.est, p, SIGNS[hypothesis.direction], level)
                problem = "" if solution.proper else "; ".join(solution.problems)
            rows.append(_row(name, model, (estimate, p, decision), problem))
    places = {name: place for place, name in enumerate(study.hypotheses)}
    return sorted(rows, key=lambda row: places[row.hypothesis])


def _row(
    name: str, model: StudyModel, decided: tuple[float, float, str], problem: str
) -> StructuralDecision:
    return StructuralDecision(name, model.family, model.analysis, *decided, model.assumed, problem)


def _of_effects(
    study: Study,
    fits: Mapping[str, Fit],
    models: Sequence[StudyModel],
    level: float,
    unfit: Mapping[str, str],
) -> list[StructuralDecision]:
    """Hypotheses about a path of an alternative in that one; of other effects, that none decides.

    A path is a parameter by `lhs ~ rhs` or label, or an effect that the model defines.
    """
    rows: list[StructuralDecision] = []
    nothing = (np.nan, np.nan, NOT_ATTAINABLE)
    own_kind = {model.family: model for model in models if model.kind != "alternative"}
    for h in effects_of(hypotheses_of(study)):
        rows += [_row(h.name, model, nothing, of_no_term(h)) for model in own_kind.values()]
        for model in models:
            if h.kind != PATH or model.name != h.alternative or model.kind != "alternative":
                continue
            if why := unfit.get(model.name, ""):
                rows.append(_row(h.name, model, nothing, why))
                continue
            solution = fits[model.name]
            e = next((e for e in solution.estimates if is_called(e, h.parameter)), None)
            if e is None:
                problem = f"the model has no {h.parameter!r}"
                rows.append(_row(h.name, model, nothing, problem))
                continue
            p = e.p if solution.proper else np.nan
            decision = decide_one(e.est, p, h.sign, level)
            problem = "" if solution.proper else "; ".join(solution.problems)
            rows.append(_row(h.name, model, (e.std, p, decision), problem))
    return rows


def is_called(e: Estimate, name: str) -> bool:
    """Whether a parameter or a defined effect is meant by `lhs ~ rhs`, a label, or its name."""
    bare = "".join(name.split())
    return bare in (e.label, e.lhs if e.op == ":=" else f"{e.lhs}{e.op}{e.rhs}")
