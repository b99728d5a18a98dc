"""What structural equation models decide about a study's hypotheses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrace.decisions import NOT_ATTAINABLE, SIGNS, decide_one
from retrace.sem.fitting import Fit

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
    unfit: Mapping[str, str] | None = None,
) -> list[StructuralDecision]:
    """Each hypothesis under every model that has its path, direct effects only.

    A regression of the paper, and what is made of it, decides about the hypotheses that name it;
    an alternative about all of them. Without a proper solution there is no p, and so the decision
    is not attainable; the same of a model that cannot be fitted, for which `unfit` has the
    reason.
    """
    rows = []
    for name, hypothesis in study.hypotheses.items():
        outcome = study.models[hypothesis.model].outcome
        for model in models:
            if model.regression not in ("", hypothesis.model):
                continue
            estimate = p = np.nan
            decision, problem = NOT_ATTAINABLE, (unfit or {}).get(model.name, "")
            if not problem:
                solution = fits[model.name]
                path = (model.variable(outcome), "~", model.variable(hypothesis.term))
                e = next((e for e in solution.estimates if (e.lhs, e.op, e.rhs) == path), None)
                if e is None:
                    continue
                estimate, p = e.std, e.p if solution.proper else np.nan
                decision = decide_one(e.est, p, SIGNS[hypothesis.direction], level)
                problem = "" if solution.proper else "; ".join(solution.problems)
            rows.append(
                StructuralDecision(
                    name,
                    model.family,
                    model.analysis,
                    estimate,
                    p,
                    decision,
                    model.assumed,
                    problem,
                )
            )
    return rows
