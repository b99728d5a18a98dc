"""What structural equation models decide about a study's hypotheses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from retrace.sem.fitting import Estimate, Fit

if TYPE_CHECKING:
    from retrace.sem.study_models import StudyModel
    from retrace.study import Study

SUPPORTED, NOT_SUPPORTED, UNDETERMINED = "supported", "not supported", "undetermined"
DECISION_COLUMNS = ("hypothesis", "family", "analysis", "estimate", "p", "decision", "assumed")


def decide(estimate: ArrayLike, p: ArrayLike, direction: str, alpha: float) -> NDArray[np.str_]:
    """`supported`, `not supported`, or `undetermined` where there is no estimate."""
    sign = 1.0 if direction == "positive" else -1.0
    value, probability = np.asarray(estimate, float), np.asarray(p, float)
    supported = (sign * value > 0) & (probability < alpha)
    words = np.where(supported, SUPPORTED, NOT_SUPPORTED)
    return np.where(np.isfinite(value) & np.isfinite(probability), words, UNDETERMINED)


def decision_rows(
    study: Study, fits: Mapping[str, Fit], models: Sequence[StudyModel], alpha: float
) -> list[dict]:
    """Each hypothesis under every model that has its path, direct effects only.

    A regression of the paper, and what is made of it, decides about the hypotheses that name it;
    an alternative about all of them. An improper solution decides nothing.
    """
    rows = []
    for name, hypothesis in study.hypotheses.items():
        outcome = study.models[hypothesis.model].outcome
        for model in models:
            if model.regression not in ("", hypothesis.model):
                continue
            e = _direct_effect(fits[model.name], outcome, hypothesis.term)
            if e is None:
                continue
            p = e.p if fits[model.name].proper else np.nan
            rows.append(
                {
                    "hypothesis": name,
                    "family": model.family,
                    "analysis": f"sem: {model.name}",
                    "estimate": e.std,
                    "p": p,
                    "decision": str(decide(e.est, p, hypothesis.direction, alpha)),
                    "assumed": model.assumed,
                }
            )
    return rows


def _direct_effect(solution: Fit, outcome: str, term: str) -> Estimate | None:
    """The path from a construct to the outcome, or between the factors that stand for them."""
    for e in solution.estimates:
        if e.op == "~" and e.lhs.split(".")[-1] == outcome and e.rhs.split(".")[-1] == term:
            return e
    return None
