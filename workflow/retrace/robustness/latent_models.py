"""Full latent models on synthetic items: what a study's items could have shown.

The items of a study are not printed. Responses that print what the study prints are split into
items with a given Cronbach's alpha; the factors of these items are then free of the measurement
error that alpha says is there. Everything here is under that assumption.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from retrace.matrices.rounding_box import positive_definite
from retrace.printed.numbers import Printed
from retrace.robustness.structural_models import Items, StudyModel, item_names, latent_model
from retrace.sem.fitting import Fit, fit_data
from retrace.synthetic.from_study import target_to_draw
from retrace.synthetic.items import split_all
from retrace.synthetic.target import ItemsNotFoundError

if TYPE_CHECKING:
    from retrace.papers.study import Study

SINGLE_ITEMS = "single items leave nothing to tell a factor from its error"
SINGULAR = "items that do not vary, or follow from the others, have no covariances to fit"


@dataclass(frozen=True)
class LatentModels:
    """The latent models of a study over several reliabilities.

    Attributes
    ----------
    fits : dict
        By name, `<model>_alpha_<alpha>` and `<model>_method_alpha_<alpha>`.
    models : list of StudyModel
        The same models with what they assume, and those that cannot be fitted.
    unfit : dict
        Why, by name, a model cannot be fitted: responses that cannot have its alpha, too few of
        them, single items only, or items without covariances.
    """

    fits: dict[str, Fit]
    models: list[StudyModel]
    unfit: dict[str, str]


def fit_latent_models(
    study: Study,
    scores: np.ndarray,
    reliabilities: Sequence[str],
    rng: np.random.Generator,
) -> LatentModels:
    """Split responses into items with each alpha and fit every hypothesised model to them.

    Parameters
    ----------
    study : Study
    scores : array (n, k)
        Responses that print what the study prints, in the order of its constructs.
    reliabilities : sequence of str
        Cronbach's alphas, with their decimals; met at these by every construct of several items.
    rng : numpy.random.Generator
    """
    target = target_to_draw(study)
    found = LatentModels({}, [], {})
    for text in reliabilities:
        cronbach_alpha = Printed.parse(text)
        wanted = tuple(cronbach_alpha if m > 1 else None for m in target.items)
        try:
            if target.why_not_drawn:
                raise ItemsNotFoundError([target.why_not_drawn])
            items, reason = split_all(replace(target, alphas=wanted), scores, rng), ""
        except ItemsNotFoundError as error:
            # Responses of no one, with as many items: what the models would have been.
            items = {
                name: np.empty((0, m)) for name, m in zip(study.names, target.items, strict=True)
            }
            reason = "; ".join(error.problems)
        _fit_items(study, items, text, reason, found)
    return found


def _fit_items(
    study: Study, items: Items, reliability: str, reason: str, found: LatentModels
) -> None:
    names = [item for construct in items for item in item_names(items, construct)]
    data = np.concatenate(list(items.values()), axis=1)
    for key in dict.fromkeys(h.model for h in study.term_hypotheses.values()):
        model = study.models[key]
        constructs = (*model.predictors, model.outcome)
        own = sum(items[construct].shape[1] for construct in constructs)
        why_not = reason
        if own == len(constructs):
            why_not = SINGLE_ITEMS
        elif study.n <= own:
            why_not = why_not or f"{study.n} observations are too few for {own} items"
        elif not why_not and _are_singular([items[construct] for construct in constructs]):
            why_not = SINGULAR
        for suffix, method in (("", False), ("_method", True)):
            own_units = ((c, study.constructs[c]) for c in constructs)
            measured = [c for c, each in own_units if each.unit is not None or each.product]
            syntax = latent_model(
                model.outcome, model.predictors, items, method=method, measured=measured
            )
            name = f"{key}{suffix}_alpha_{reliability}"
            kind = "latent with method factor" if method else "latent"
            assumed = f"synthetic items, alpha {reliability}"
            found.models.append(StudyModel(name, syntax, kind, assumed, key))
            if why_not:
                found.unfit[name] = why_not
            else:
                found.fits[name] = fit_data(syntax, data, names)


def _are_singular(items: Sequence[np.ndarray]) -> bool:
    """Whether items have no positive definite covariances, as where all answer alike."""
    data = np.concatenate(items, axis=1)
    if not np.ptp(data, axis=0).all():
        return True
    return not positive_definite(np.corrcoef(data, rowvar=False))
