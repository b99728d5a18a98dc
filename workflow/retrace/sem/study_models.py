"""The structural equation models of a study: its regressions, and what else it could have been."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrace.sem.reliability import method_factor_model

if TYPE_CHECKING:
    from retrace.study import Study

# What every model takes for granted where rounding has made the printed matrix indefinite.
STAND_IN = "correlations of a stand-in that prints alike"


@dataclass(frozen=True)
class StudyModel:
    """A named model of a study.

    Attributes
    ----------
    name : str
        Unique within the study.
    syntax : str
    kind : str
        `path` (a regression of the paper), `method factor` or `alternative`.
    assumed : str
        What it takes for granted that the paper does not print; empty if nothing.
    """

    name: str
    syntax: str
    kind: str
    assumed: str = ""


def path_model(outcome: str, predictors: Iterable[str]) -> str:
    """A regression as a model of observed variables."""
    return f"{outcome} ~ " + " + ".join(predictors)


def study_models(study: Study, method_shares: Iterable[float] = ()) -> list[StudyModel]:
    """Every model of a study, in the order in which reports list them.

    Parameters
    ----------
    study : Study
    method_shares : iterable of float
        Shares of variance that a method factor is assumed to explain in each score.
    """
    found = [
        StudyModel(name, path_model(model.outcome, model.predictors), "path")
        for name, model in study.models.items()
    ]
    for name, model in study.models.items():
        if any(h.model == name for h in study.hypotheses.values()):
            for share in method_shares:
                found.append(
                    StudyModel(
                        f"{name}_method_{share:.2f}",
                        method_factor_model(model.outcome, model.predictors, share),
                        "method factor",
                        f"method explains {share:.0%} of every score",
                    )
                )
    for name, alternative in study.alternatives.items():
        found.append(
            StudyModel(name, alternative.model, "alternative", "another causal order or structure")
        )
    if study.stand_in:
        found = [
            replace(model, assumed="; ".join(filter(None, [model.assumed, STAND_IN])))
            for model in found
        ]
    return found
