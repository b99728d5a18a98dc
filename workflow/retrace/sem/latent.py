"""Full latent models on synthetic items: what a study's items could have shown.

The items of a study are not printed. Responses that print what the study prints are split into
items with a given Cronbach's alpha; the factors of these items are then free of the measurement
error that alpha says is there. Everything here is under that assumption.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from retrace.printed import Printed
from retrace.sem.fitting import Fit, fit_data
from retrace.sem.reliability import decide
from retrace.sem.study_models import StudyModel
from retrace.synthesis.from_study import likert_target
from retrace.synthesis.items import split_all
from retrace.synthesis.target import InfeasibleTargetError

if TYPE_CHECKING:
    from retrace.study import Study

Items = Mapping[str, np.ndarray]


def item_names(items: Items, construct: str) -> list[str]:
    """`construct_1`, `construct_2`, ..."""
    return [f"{construct}_{j + 1}" for j in range(items[construct].shape[1])]


def latent_model(
    outcome: str, predictors: Sequence[str], items: Items, *, method: bool = False
) -> str:
    """A regression among factors, each measured by its construct's items.

    With `method`, all items load alike on one more factor that is uncorrelated with the others
    (Podsakoff et al. 2003); its variance, which is what the method adds to every covariance, is
    estimated.
    """
    constructs = (*predictors, outcome)
    lines = [f"true.{name} =~ " + " + ".join(item_names(items, name)) for name in constructs]
    lines.append(f"true.{outcome} ~ " + " + ".join(f"true.{name}" for name in predictors))
    if method:
        every = [item for name in constructs for item in item_names(items, name)]
        lines.append("method =~ " + " + ".join(f"1*{item}" for item in every))
        lines += [f"method ~~ 0*true.{name}" for name in predictors]
    return "\n".join(lines)


@dataclass(frozen=True)
class LatentModels:
    """The latent models of a study over several alphas.

    Attributes
    ----------
    fits : dict
        By name, `<model>_alpha_<alpha>` and `<model>_method_alpha_<alpha>`.
    models : list of StudyModel
        The same models with what they assume.
    decisions : list of dict
        Each hypothesis in each of them, as `suite.decision_rows`.
    impossible : dict
        Alphas that the responses cannot have, with the reasons.
    """

    fits: dict[str, Fit]
    models: list[StudyModel]
    decisions: list[dict]
    impossible: dict[str, list[str]]


def fit_latent_models(
    study: Study,
    scores: np.ndarray,
    alphas: Sequence[str],
    level: float,
    rng: np.random.Generator,
) -> LatentModels:
    """Split responses into items with each alpha and fit every hypothesised model to them.

    Parameters
    ----------
    study : Study
    scores : array (n, k)
        Responses that print what the study prints, in the order of its constructs.
    alphas : sequence of str
        Cronbach's alphas, with their decimals; met at these by every construct of several items.
    level : float
        Two-sided level of decisions.
    rng : numpy.random.Generator
    """
    target = likert_target(study)
    found = LatentModels({}, [], [], {})
    for text in alphas:
        alpha = Printed.parse(text)
        wanted = tuple(alpha if m > 1 else None for m in target.items)
        try:
            items = split_all(replace(target, alphas=wanted), scores, rng)
        except InfeasibleTargetError as error:
            found.impossible[text] = list(error.problems)
            continue
        _fit_items(study, items, text, level, found)
    return found


def _fit_items(study: Study, items: Items, alpha: str, level: float, found: LatentModels) -> None:
    names = [item for construct in items for item in item_names(items, construct)]
    data = np.concatenate(list(items.values()), axis=1)
    for key in dict.fromkeys(h.model for h in study.hypotheses.values()):
        model = study.models[key]
        for suffix, method in (("", False), ("_method", True)):
            syntax = latent_model(model.outcome, model.predictors, items, method=method)
            name = f"{key}{suffix}_alpha_{alpha}"
            solution = found.fits[name] = fit_data(syntax, data, names)
            assumed = f"synthetic items, alpha {alpha}"
            found.models.append(StudyModel(name, syntax, "latent", assumed))
            for hypothesis_name, hypothesis in study.hypotheses.items():
                if hypothesis.model != key:
                    continue
                e = solution[f"true.{model.outcome} ~ true.{hypothesis.term}"]
                p = np.nan if solution.problems else e.p
                found.decisions.append(
                    {
                        "hypothesis": hypothesis_name,
                        "analysis": f"sem: {name}",
                        "estimate": e.std,
                        "p": p,
                        "decision": str(decide(e.est, p, hypothesis.direction, level)),
                    }
                )
