"""What analyses further down decide under other assumed means and item counts.

The latent models on synthetic items and the simulated samples of responses rest on assumed means
and numbers of items too; they are run again under each, as their own stages run them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from retrace.printed import Printed
from retrace.regression.plans import plan_of
from retrace.regression.power import LIKERT, simulate_block
from retrace.sem.decisions import decision_rows
from retrace.sem.latent import fit_latent_models
from retrace.study import Study
from retrace.synthesis.sensitivity import GROUPS, Variation, decision_table

if TYPE_CHECKING:
    import pandas as pd

# What the simulated samples are called, and a bound on their Monte Carlo error that one block of
# them keeps.
NEW_SAMPLE = "new sample of responses"
MC_ERROR = 0.016


def assuming(study: Study, mean: float, items: int) -> Study:
    """A study with another mean and number of items wherever these are not printed."""
    changed = {"mean": Printed.parse(f"{mean:g}"), "items": items}
    own = {
        name: assumed.model_copy(update=dict.fromkeys(changed))
        for name, assumed in study.assumptions.constructs.items()
    }
    assumptions = study.assumptions.model_copy(update={**changed, "constructs": own})
    return study.model_copy(update={"assumptions": assumptions})


def decide_latent_models(
    study: Study,
    variations: Sequence[Variation],
    alphas: Sequence[str],
    level: float,
    stream: Callable[[int], np.random.Generator],
) -> pd.DataFrame:
    """Decisions in latent models on items of every data set.

    Single items leave nothing to tell a factor from its error, so there are none of these; nor of
    data whose scores cannot have an alpha, or whose solution is improper.

    Parameters
    ----------
    study : Study
    variations : sequence of Variation
    alphas : sequence of str
        Cronbach's alphas of the items, with their decimals.
    level : float
    stream : callable
        Random stream of a variation by its place.

    Returns
    -------
    DataFrame
        As `retrace.synthesis.sensitivity.decide_variations`.
    """
    return decision_table(list(_latent(study, variations, alphas, level, stream)))


def decide_new_samples(
    study: Study,
    variations: Sequence[Variation],
    level: float,
    stream: Callable[[int], np.random.Generator],
) -> pd.DataFrame:
    """How many new samples of responses, of the study's size, support each hypothesis.

    Returns
    -------
    DataFrame
        As `retrace.synthesis.sensitivity.decide_variations`; `data_sets` are simulated samples,
        enough for a Monte Carlo error of `MC_ERROR`, and there is no range of p.
    """
    import pandas as pd

    rows = []
    # Without hypotheses there is nothing to decide.
    varied = variations if study.hypotheses else ()
    combinations = dict.fromkeys((variation.mean, variation.items) for variation in varied)
    for place, (mean, items) in enumerate(combinations):
        plan = plan_of(assuming(study, mean, items), level, MC_ERROR)
        if plan.likert is None:
            continue
        counts = simulate_block(plan, (LIKERT, study.n, 0), stream(place))
        supported = counts[f"{level:g}"]["supported"]
        for name, count in zip(plan.names, supported, strict=True):
            rows.append((name, NEW_SAMPLE, mean, items, counts["draws"], count, np.nan, np.nan))
    columns = [*GROUPS, "data_sets", "supported", "smallest_p", "largest_p"]
    return pd.DataFrame(rows, columns=columns)


def _latent(study, variations, alphas, level, stream) -> Iterator[tuple]:
    for place, variation in enumerate(variations):
        assumed = assuming(study, variation.mean, variation.items)
        if all(assumed.statistic(name, "items")[0] == 1 for name in assumed.names):
            continue
        found = fit_latent_models(assumed, variation.scores, alphas, stream(place))
        for row in decision_rows(assumed, found.fits, found.models, level, found.unfit):
            if np.isfinite(row["p"]):
                supported = row["decision"] == "supported"
                own = (row["hypothesis"], row["analysis"], variation.mean, variation.items)
                yield (*own, row["p"], supported)
