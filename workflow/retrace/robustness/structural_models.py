"""The structural equation models of a study: its regressions, and what else it could have been."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from retrace.papers.study import METHOD_FACTOR, Study

# Responses to the items (n, items) of every construct.
Items = Mapping[str, np.ndarray]

# What the table of verdicts calls models that differ in an assumed number only.
FAMILIES = {
    "path": "path model, p by the normal distribution",
    "method factor": "method factor",
    "latent": "latent model, synthetic items",
    "latent with method factor": "latent model, method factor",
}
# What stands before the name of a construct where a factor stands for it, by kind.
TRUE, TRAIT = "true.", "trait."
FACTORS = {
    "method factor": TRAIT,
    "errors in variables": TRUE,
    "latent": TRUE,
    "latent with method factor": TRUE,
}

# Reliability of every score in the errors-in-variables models that other programs are asked about.
ASKED_RELIABILITY = 0.8

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
        `path` (a regression of the paper), `method factor`, `errors in variables`, `alternative`,
        or `latent` and `latent with method factor` (on synthetic items).
    assumed : str
        What it takes for granted that the paper does not print; empty if nothing.
    regression : str
        The regression of the paper that it is, or is made of; empty for an alternative.
    """

    name: str
    syntax: str
    kind: str
    assumed: str = ""
    regression: str = ""

    @property
    def family(self) -> str:
        """The analysis it belongs to in the table of verdicts: models that differ by a number."""
        return FAMILIES.get(self.kind) or f"{self.kind}: {self.name}"

    @property
    def analysis(self) -> str:
        """What the table of verdicts calls it."""
        return f"sem: {self.name}"

    def variable(self, construct: str) -> str:
        """The variable that stands for a construct: its score, or a factor behind it."""
        return FACTORS.get(self.kind, "") + construct

    @property
    def fixes_shares(self) -> bool:
        """Whether it fixes shares of the scores' variances, which have to be 1 for that."""
        return self.kind in ("method factor", "errors in variables")


def study_models(study: Study, method_shares: Iterable[float] = ()) -> list[StudyModel]:
    """Every model of a study's scores, in the order in which reports list them.

    A regression of which no predictor is named, as one of controls alone, is none.

    Parameters
    ----------
    study : Study
    method_shares : iterable of float
        Shares of variance that a method factor is assumed to explain in each score.
    """
    found = [
        StudyModel(name, path_model(model.outcome, model.predictors), "path", regression=name)
        for name, model in study.models.items()
        if model.predictors
    ]
    for name, model in study.models.items():
        if any(h.model == name for h in study.term_hypotheses.values()):
            for share in method_shares:
                found.append(
                    StudyModel(
                        f"{name}_method_{share:.2f}",
                        method_factor_model(model.outcome, model.predictors, share),
                        "method factor",
                        f"method explains {share:.0%} of every score",
                        name,
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


def errors_in_variables_models(study: Study) -> list[StudyModel]:
    """Every hypothesised regression among true scores, all with one reliability.

    Tables over all reliabilities come from the closed form
    (`retrace.estimators.errors_in_variables`); these are the same models at one point, for other
    programs to fit.
    """
    found = []
    for name in dict.fromkeys(h.model for h in study.term_hypotheses.values()):
        model = study.models[name]
        rho = dict.fromkeys((*model.predictors, model.outcome), ASKED_RELIABILITY)
        found.append(
            StudyModel(
                f"{name}_reliability_{ASKED_RELIABILITY:.2f}",
                single_indicator_model(model.outcome, model.predictors, rho),
                "errors in variables",
                f"every score has a reliability of {ASKED_RELIABILITY}",
                name,
            )
        )
    return found


def path_model(outcome: str, predictors: Iterable[str]) -> str:
    """A regression as a model of observed variables."""
    return f"{outcome} ~ " + " + ".join(predictors)


def single_indicator_model(
    outcome: str, predictors: Sequence[str], reliability: Mapping[str, float]
) -> str:
    """A regression among the true scores behind standardised scores.

    Every construct `x` becomes a factor `true.x` whose only indicator has the error variance that
    its reliability leaves.
    """
    lines = []
    for name in (*predictors, outcome):
        lines.append(f"{TRUE}{name} =~ 1*{name}")
        lines.append(f"{name} ~~ {1.0 - reliability[name]:.12f}*{name}")
    lines.append(f"{TRUE}{outcome} ~ " + " + ".join(f"{TRUE}{name}" for name in predictors))
    return "\n".join(lines)


def method_factor_model(outcome: str, predictors: Sequence[str], share: float) -> str:
    """A regression net of a method factor that explains `share` of every score's variance.

    All scores are raised or lowered together by whatever the method adds (Podsakoff et al. 2003);
    with one score a construct its share cannot be estimated and is assumed.
    """
    scores = (*predictors, outcome)
    loading = f"{sqrt(share):.12f}"
    lines = [f"{METHOD_FACTOR} =~ " + " + ".join(f"{loading}*{name}" for name in scores)]
    lines.append(f"{METHOD_FACTOR} ~~ 1*{METHOD_FACTOR}")
    for name in scores:
        lines.append(f"{TRAIT}{name} =~ 1*{name}")
        lines.append(f"{name} ~~ 0*{name}")
    lines += [f"{METHOD_FACTOR} ~~ 0*{TRAIT}{name}" for name in predictors]
    lines.append(f"{TRAIT}{outcome} ~ " + " + ".join(f"{TRAIT}{name}" for name in predictors))
    return "\n".join(lines)


def item_names(items: Items, construct: str) -> list[str]:
    """`construct_1`, `construct_2`, ..."""
    return [f"{construct}_{j + 1}" for j in range(items[construct].shape[1])]


def latent_model(
    outcome: str,
    predictors: Sequence[str],
    items: Items,
    *,
    method: bool = False,
    measured: Collection[str] = (),
) -> str:
    """A regression among factors, each measured by its construct's items.

    With `method`, all items load alike on one more factor that is uncorrelated with the others
    (Podsakoff et al. 2003); its variance, which is what the method adds to every covariance, is
    estimated. Constructs that are `measured` in years or dollars are no responses to a method.
    """
    constructs = (*predictors, outcome)
    lines = [f"{TRUE}{name} =~ " + " + ".join(item_names(items, name)) for name in constructs]
    lines.append(f"{TRUE}{outcome} ~ " + " + ".join(f"{TRUE}{name}" for name in predictors))
    if method:
        asked = [name for name in constructs if name not in measured]
        every = [item for name in asked for item in item_names(items, name)]
        lines.append(f"{METHOD_FACTOR} =~ " + " + ".join(f"1*{item}" for item in every))
        lines += [f"{METHOD_FACTOR} ~~ 0*{TRUE}{name}" for name in predictors]
    return "\n".join(lines)
