"""Every analysis of a study's hypotheses, decided again under other assumptions.

The functions decide as the stages of the workflow do, by the same code. What a study assumes can
reach a decision in three ways: by what is built from the study (`decide_without_responses`, which
it should not reach), by responses on the assumed scale (`decide_on_scores` and
`decide_latent_models`), and by a population of such responses (`decide_new_samples`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrace.checks.regression.from_study import (
    effects_on_data,
    hypotheses_of,
    levels_of,
    models_compared,
    models_of,
)
from retrace.checks.regression.printed_model import PrintedModel
from retrace.decisions import (
    REPLICATION,
    SUPPORTED,
    Hypothesis,
    Stated,
    decide_one,
    decide_share,
    decides,
    effects_of,
    terms_of,
)
from retrace.estimators.effects_on_data import estimate_effect_on_data
from retrace.estimators.estimators_on_data import Estimate, decide_on_responses, estimates_on_data
from retrace.papers.study import Study
from retrace.power.plans import left_out, plan_of
from retrace.power.simulation import LIKERT, NORMAL, simulate_block
from retrace.power.tables import Replication, replication_rows
from retrace.robustness.confounding import Confounding, confounding_table
from retrace.robustness.latent_models import fit_latent_models
from retrace.robustness.specifications import (
    CONTINUOUS,
    ERRORS,
    OnData,
    SpecificationResult,
    from_correlations,
    from_effect,
    from_equations,
    from_estimates,
)
from retrace.robustness.specifications import LIKERT as LIKERT_DATA
from retrace.robustness.structural_decisions import StructuralDecision, decision_rows
from retrace.robustness.structural_models import study_models
from retrace.robustness.structural_tables import fit_study, unfit_models
from retrace.robustness.verdicts import Analyses, at_level, decide_all
from retrace.synthetic.continuous import continuous
from retrace.synthetic.ensemble_summary import EnsembleDecision
from retrace.synthetic.from_study import likert_target
from retrace.synthetic.study_continuous import draw_columns

if TYPE_CHECKING:
    import pandas as pd

# What the simulated samples are called, and a bound on their Monte Carlo error that one block of
# them keeps.
NEW_SAMPLE = "new samples of responses"
MC_ERROR = 0.016

# The analysis where a family of `verdicts.csv` is decided as a whole.
WHOLE = "all of it"

# By what something is decided.
NO_RESPONSES, DATA_SET, SAMPLES = "no responses", "data set", "samples"


class Decision(NamedTuple):
    """One hypothesis decided in one way.

    Attributes
    ----------
    hypothesis, family, analysis : str
        `family` is its analysis in `verdicts.csv`, `analysis` one within it.
    kind : str
        `no responses`, `data set` (of responses) or `samples` (simulated ones).
    estimate, p : float
        Of samples the share that supports, and no p.
    decision : str
        As in `verdicts.csv`.
    data_sets, supported : int
        Data sets, or samples, that decide, and how many of them support.
    change : float
        By how much estimate or p differ in other data with the same correlations, other means and
        other SDs; NaN where that is not asked.
    """

    hypothesis: str
    family: str
    analysis: str
    kind: str
    estimate: float
    p: float
    decision: str
    data_sets: int = 0
    supported: int = 0
    change: float = np.nan


def decide_without_responses(
    study: Study,
    level: float,
    method_shares: Sequence[float],
    counts: np.ndarray,
    normal: np.random.Generator,
    samples: np.random.Generator,
) -> list[Decision]:
    """Everything that `verdicts.csv` decides from what a study prints, and continuous data.

    Parameters
    ----------
    study : Study
    level : float
    method_shares : sequence of float
        As in the settings.
    counts : array (resamples, n)
        Of the bootstrap.
    normal, samples : numpy.random.Generator
        For continuous data, and for new samples from a normal population: `MC_ERROR` and not the
        settings bound the error of these. Equal streams let nothing differ but the study.
    """
    import pandas as pd

    if not study.hypotheses:
        return []
    models, hypotheses = models_of(study), terms_of(hypotheses_of(study))
    specifications, confounding = _specifications(models, hypotheses_of(study), level)
    replication = []
    if left_out(study).keys() != study.hypotheses.keys():
        plan = plan_of(study, level, MC_ERROR)
        block = simulate_block(plan, (NORMAL, study.n, 0), samples)
        replication = replication_rows(plan, [block])
    structural = study_models(study, method_shares)
    fits = fit_study(study, structural)
    verdicts = decide_all(
        models_compared(study),
        hypotheses_of(study),
        levels_of(study, level),
        level,
        Analyses(
            specifications,
            pd.DataFrame(columns=EnsembleDecision._fields),
            confounding,
            pd.DataFrame(replication, columns=list(Replication._fields)),
            pd.DataFrame(
                decision_rows(study, fits, structural, level, unfit_models(study, structural)),
                columns=StructuralDecision._fields,
            ),
            pd.DataFrame(columns=StructuralDecision._fields),
        ),
        study.compounds,
    )
    found = [
        Decision(v.hypothesis, v.analysis, WHOLE, NO_RESPONSES, v.estimate, v.p, v.decision)
        for v in verdicts.itertuples()
    ]
    return found + _on_continuous_data(study, models, hypotheses, level, counts, normal)


def _specifications(
    models: Mapping[str, PrintedModel], stated: Sequence[Stated], level: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Specifications that correlations allow, and confounding, of hypotheses about terms.

    Of effects of several coefficients, which are decided on responses, what does not decide them.
    """
    import pandas as pd

    hypotheses, confounding = terms_of(stated), []
    rows = [row for effect in effects_of(stated) for row in from_effect(effect, (ERRORS,))]
    for name in dict.fromkeys(h.model for h in hypotheses):
        model, own = models[name], [h for h in hypotheses if h.model == name]
        for hypothesis in own:
            rows += from_equations(models, hypothesis, level)
            rows += from_correlations(model, hypothesis, level)
        printed = (model.R, model.n, model.predictors)
        confounding.append(confounding_table(*printed, own, level))
    none = pd.DataFrame(columns=list(Confounding._fields))
    specifications = pd.DataFrame(rows, columns=list(SpecificationResult._fields))
    return specifications, pd.concat(confounding or [none])


def decide_on_scores(
    study: Study,
    scores: np.ndarray,
    level: float,
    counts: np.ndarray,
    rng: np.random.Generator | None = None,
) -> list[Decision]:
    """Every estimator that responses admit, on one data set.

    Parameters
    ----------
    study : Study
    scores : array (n, k)
        In the order of the study's constructs.
    level : float
    counts : array (resamples, n)
        Of the bootstrap.
    rng : numpy.random.Generator, optional
        With it every estimator that normal data admit is run on such data too, which have the
        same correlations, to 1e-12, and other means and SDs. An analysis that gives the same there
        is one of the correlations and n alone; `change` says by how much it does not.
    """
    models, hypotheses = study.models, terms_of(hypotheses_of(study))
    columns = dict(zip(study.names, scores.T, strict=True))
    others = {} if rng is None else _on_other_data(study, scores, counts, rng)
    by_name = {h.name: h for h in hypotheses}
    found = []
    for h in effects_on_data(study):
        for one in estimate_effect_on_data(columns, models, h, counts, responses=True):
            decision = decide_one(one.estimate, one.p, h.sign, level)
            analysis = str(OnData(one.specification, LIKERT_DATA))
            own = (h.name, ERRORS, analysis, DATA_SET, one.estimate, one.p, decision)
            found.append(Decision(*own, *_counted(decision)))
    for row in decide_on_responses(columns, models, hypotheses, counts, level):
        hypothesis, change = by_name[row.hypothesis], np.nan
        if other := others.get((hypothesis.model, hypothesis.term, row.analysis)):
            change = _change((row.estimate, row.p), (other.estimate, other.p))
        found.append(
            Decision(
                row.hypothesis,
                ERRORS,
                str(OnData(row.analysis, LIKERT_DATA)),
                DATA_SET,
                row.estimate,
                row.p,
                row.decision,
                *_counted(row.decision),
                change=change,
            )
        )
    return found


def decide_latent_models(
    study: Study,
    scores: np.ndarray,
    reliabilities: Sequence[str],
    level: float,
    rng: np.random.Generator,
) -> list[Decision]:
    """The latent models on items of one data set.

    Single items leave nothing to tell a factor from its error, so there are none of these; data
    whose scores cannot have an alpha, or whose solution is improper, decide nothing.

    Parameters
    ----------
    study : Study
    scores : array (n, k)
    reliabilities : sequence of str
        Cronbach's alphas of the items, with their decimals.
    level : float
    rng : numpy.random.Generator
    """
    if all(study.item_count(name)[0] == 1 for name in study.drawn):
        return []
    found = fit_latent_models(study, scores, reliabilities, rng)
    names = {model.analysis: model.name for model in found.models}
    return [
        Decision(
            row.hypothesis,
            row.family,
            names[row.analysis],
            DATA_SET,
            row.estimate,
            row.p,
            row.decision,
            *_counted(row.decision),
        )
        for row in decision_rows(study, found.fits, found.models, level, found.unfit)
    ]


def decide_new_samples(study: Study, level: float, rng: np.random.Generator) -> list[Decision]:
    """How many new samples of responses, of the study's size, support what the paper does.

    Each hypothesis, all of them and all that the paper supports, at `level` and at those of the
    printed legend. `data_sets` are simulated samples, enough for a Monte Carlo error of
    `MC_ERROR`. None where scores on such scales cannot have the printed correlations.
    """
    if left_out(study).keys() == study.hypotheses.keys():
        return []
    plan = plan_of(study, level, MC_ERROR)
    if plan.likert is None:
        return []
    block = simulate_block(plan, (LIKERT, study.n, 0), rng)
    found = []
    for row in replication_rows(plan, [block]):
        analysis = NEW_SAMPLE if row.level == level else at_level(NEW_SAMPLE, row.level)
        share, draws = row.probability, row.draws
        own = (row.hypothesis, REPLICATION, analysis, SAMPLES, share, np.nan, decide_share(share))
        found.append(Decision(*own, draws, round(share * draws)))
    return found


def with_matrices(study: Study) -> Study:
    """A study without the hypotheses of models whose correlations are not all printed."""
    aside = left_out(study)
    kept = {name: each for name, each in study.hypotheses.items() if name not in aside}
    return study.model_copy(update={"hypotheses": kept})


def _on_continuous_data(
    study: Study,
    models: Mapping[str, PrintedModel],
    hypotheses: Sequence[Hypothesis],
    level: float,
    counts: np.ndarray,
    rng: np.random.Generator,
) -> list[Decision]:
    data = draw_columns(study, likert_target(study), rng)
    found = []
    for name in dict.fromkeys(h.model for h in hypotheses):
        model, own = models[name], [h for h in hypotheses if h.model == name]
        columns = [study.names.index(c) for c in (*model.predictors, model.outcome)]
        estimates = estimates_on_data(data[:, columns], model.predictors, counts)
        for row in from_estimates(estimates, own, CONTINUOUS, level):
            hypothesis, family, specification, estimate, _, p, decision, *_ = row
            found.append(
                Decision(hypothesis, family, specification, NO_RESPONSES, estimate, p, decision)
            )
    return found


def _on_other_data(
    study: Study, scores: np.ndarray, counts: np.ndarray, rng: np.random.Generator
) -> dict[tuple[str, str, str], Estimate]:
    """Estimates, by model, term and estimator, on normal data with the correlations of scores."""
    k = len(study.names)
    # Different for every column, and such as no scale of responses has.
    mean, sd = np.linspace(-1.7, 20.0, k), np.geomspace(0.1, 10.0, k)
    other = continuous(np.corrcoef(scores.T), len(scores), rng, mean, sd)
    found = {}
    for name in dict.fromkeys(h.model for h in study.term_hypotheses.values()):
        model = study.models[name]
        columns = [study.names.index(c) for c in (*model.predictors, model.outcome)]
        for estimate in estimates_on_data(other[:, columns], model.predictors, counts):
            found[name, estimate.term, estimate.specification] = estimate
    return found


def _change(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Largest difference: NaN where a number is missing from both, infinite where from one."""
    if (np.isnan(one) != np.isnan(other)).any():
        return np.inf
    return float(np.abs(np.subtract(one, other)).max())


def _counted(decision: str) -> tuple[int, int]:
    """Whether a data set decides, and whether it supports."""
    return int(decides(decision)), int(decision == SUPPORTED)
