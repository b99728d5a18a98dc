"""Verdicts on hypotheses: each under every analysis, in one table that fits on a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrace.checks.regression.printed_model import PrintedModel
from retrace.checks.regression.recomputed import recompute
from retrace.decisions import (
    CONFOUNDER,
    NOT_ATTAINABLE,
    PRINTED,
    RECOMPUTED,
    REPLICATION,
    REPORTED,
    EffectHypothesis,
    Hypothesis,
    Stated,
    combine,
    decide_printed,
    decide_range,
    decide_share,
    effects_of,
    terms_of,
    two_sided_p,
)
from retrace.robustness.effect_verdicts import compound_rows, effect_rows
from retrace.robustness.specifications import ERRORS, FAMILIES, LIKERT, ROUNDING, STAND_IN, OnData
from retrace.robustness.verdict import NOTHING, Verdict, at_level

if TYPE_CHECKING:
    import pandas as pd

    from retrace.papers.study import CompoundHypothesis


def reported_rows(
    hypotheses: Sequence[Stated], compounds: Mapping[str, CompoundHypothesis] | None = None
) -> list[Verdict]:
    """What the paper concludes; of a hypothesis of several parts before what it does of these."""
    whole = {each.parts[0]: name for name, each in (compounds or {}).items()}
    rows = []
    for h in hypotheses:
        if compounds and h.name in whole:
            name = whole[h.name]
            rows.append(Verdict(name, REPORTED, np.nan, np.nan, compounds[name].reported))
        rows.append(Verdict(h.name, REPORTED, np.nan, np.nan, h.reported))
    return rows


def printed_rows(
    models: dict[str, PrintedModel], hypotheses: Sequence[Hypothesis], levels: Sequence[float]
) -> list[Verdict]:
    """What the printed coefficient and p decide, at their printed precision, at each level."""
    rows = []
    for level in levels:
        for h in hypotheses:
            cell = models[h.model].reported.get(h.term, {})
            estimate = cell.get("b", cell.get("beta", cell.get("t")))
            p = cell.get("p")
            decision = decide_printed(h.sign, estimate, p, level)
            numbers = (np.nan, np.nan)
            if estimate is not None and p is not None and decision != NOT_ATTAINABLE:
                numbers = (estimate.value, p.value)
            rows.append(Verdict(h.name, at_level(PRINTED, level), *numbers, decision))
    return rows


def recomputed_rows(
    models: dict[str, PrintedModel], hypotheses: Sequence[Hypothesis], levels: Sequence[float]
) -> list[Verdict]:
    """What the printed correlations decide: undetermined unless proven to be the same for every
    matrix that prints alike. Without such a matrix nothing is attainable.
    """
    rows = []
    implied = {
        name: recompute(models[name])
        for name in {h.model for h in hypotheses}
        if not models[name].no_matrix
    }
    for level in levels:
        for h in hypotheses:
            analysis = at_level(RECOMPUTED, level)
            if models[h.model].no_matrix:
                rows.append(Verdict(h.name, analysis, *NOTHING))
                continue
            found = implied[h.model]
            t, beta, p = (found[h.term, name] for name in ("t", "beta", "p"))
            decision = decide_range(t.safe, h.sign, models[h.model].df, level)
            rows.append(Verdict(h.name, analysis, beta.value, p.value, decision))
    return rows


def family_rows(
    specifications: pd.DataFrame,
    hypotheses: Sequence[Stated],
    families: Sequence[str] = FAMILIES,
) -> list[Verdict]:
    """One row a hypothesis and family: undetermined if its specifications disagree.

    Estimate and p are medians over what decides; rounding has its own analysis and is left out.
    What is not attainable takes no part; where nothing else is there, so is the family, because
    of the problems of all of it.
    """
    rows = []
    groups: dict[tuple[str, str], list[int]] = {}
    pairs = zip(specifications.family, specifications.hypothesis, strict=True)
    for at, pair in enumerate(pairs):
        groups.setdefault(pair, []).append(at)
    decisions = specifications.decision.tolist()
    numbers = specifications[["estimate", "p"]].to_numpy(dtype=float)
    for family in families:
        if family == ROUNDING:
            continue
        for h in hypotheses:
            if (own := groups.get((family, h.name))) is not None:
                counted = numbers[[at for at in own if decisions[at] != NOT_ATTAINABLE]]
                estimate, p = (_median(column) for column in counted.T)
                decision = combine([decisions[at] for at in own])
                because = ""
                if decision == NOT_ATTAINABLE and "problem" in specifications:
                    problems = specifications.problem.iloc[own].fillna("")
                    because = "; ".join(filter(None, dict.fromkeys(problems)))
                rows.append(Verdict(h.name, family, estimate, p, decision, because=because))
    return rows


def _median(values: np.ndarray) -> float:
    """Of the numbers among the values; NaN where there are none."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else np.nan


def over_ensemble(specifications: pd.DataFrame, ensemble: pd.DataFrame) -> pd.DataFrame:
    """Specifications with all data sets of an ensemble in place of one data set of responses.

    What one data set says of an estimator, any other that prints the same tables may deny. Each
    estimator stays one specification: medians over the ensemble, and undetermined where its data
    sets disagree.

    Parameters
    ----------
    specifications : DataFrame
        Columns of `specifications.csv`.
    ensemble : DataFrame
        Columns of `ensemble_decisions.csv`.

    Returns
    -------
    DataFrame
        hypothesis, family, specification, estimate, p, decision.
    """
    import pandas as pd

    columns = ["hypothesis", "family", "specification", "estimate", "p", "decision"]
    on_responses = [OnData.read(each).data == LIKERT for each in specifications.specification]
    single = (specifications.family == ERRORS) & np.array(on_responses, dtype=bool)
    found = ensemble.rename(
        columns={"analysis": "specification", "median_estimate": "estimate", "median_p": "p"}
    )
    return pd.concat(
        [specifications.loc[~single, columns], found.assign(family=ERRORS)[columns]],
        ignore_index=True,
    )


def _of_effects(
    specifications: pd.DataFrame, over: pd.DataFrame, ensemble: pd.DataFrame
) -> pd.DataFrame:
    """Specifications of effects of several coefficients, with what keeps families from deciding.

    Over the data sets of the ensemble where these decide, as `over_ensemble` has the others.
    """
    deciding = set(ensemble.hypothesis[ensemble.decision != NOT_ATTAINABLE])
    on_data = over[(over.family == ERRORS) & over.hypothesis.isin(deciding)]
    rest = (specifications.family != ERRORS) | ~specifications.hypothesis.isin(deciding)
    import pandas as pd

    return pd.concat([specifications[rest], on_data], ignore_index=True)


def what_ensemble_misses(ensemble: pd.DataFrame, latent: pd.DataFrame) -> pd.DataFrame:
    """Where no data set of an ensemble prints the tables, what rests on such data.

    Parameters
    ----------
    ensemble, latent : DataFrame
        As in `Analyses`; latent models are fitted to items of data sets of the ensemble.

    Returns
    -------
    DataFrame
        family, assumed.
    """
    import pandas as pd

    most, rows = ensemble["missed"].max(), []
    if most > 0:
        rows.append((ERRORS, f"data that miss up to {most:.0f} printed statistics"))
        # Items of one more data set are among them, which may miss more.
        rows += [(name, "data that miss printed statistics") for name in latent.family.unique()]
    return pd.DataFrame(rows, columns=["family", "assumed"])


def confounder_rows(confounding: pd.DataFrame) -> list[Verdict]:
    """An omitted confounder as strong as the strongest observed predictor."""
    rows = []
    for row in confounding[confounding.strength == 1.0].itertuples():
        p, decision = np.nan, NOT_ATTAINABLE
        if not np.isnan(row.t_adjusted):
            p, decision = float(two_sided_p(row.t_adjusted, row.df - 1)), row.decision_adjusted
        rows.append(Verdict(row.hypothesis, CONFOUNDER, np.nan, p, decision))
    return rows


def replication_rows(
    replication: pd.DataFrame, hypotheses: Sequence[Stated], level: float
) -> list[Verdict]:
    """A new sample of the same size from the printed correlations, normal population.

    Supported where at least 80 % of new samples support the hypothesis, not supported where at
    most 20 % do; `estimate` is that share. Not attainable where no samples were simulated.
    """
    rows = []
    own = replication[(replication.population == "normal") & (replication.level == level)]
    for h in hypotheses:
        shares = own[own.hypothesis == h.name].probability
        for share in shares:
            decision = decide_share(share)
            rows.append(Verdict(h.name, REPLICATION, float(share), np.nan, decision))
        if shares.empty:
            because = ""
            if isinstance(h, EffectHypothesis):
                because = f"no new samples are drawn of {h.about}"
            rows.append(Verdict(h.name, REPLICATION, *NOTHING, because=because))
    return rows


def assumptions_of(tables: Sequence, stand_in: bool) -> dict[str, str]:
    """What each analysis rests on that the paper does not print; analyses without are left out.

    Parameters
    ----------
    tables : sequence of DataFrame
        Families of specifications and of structural models, with the column `assumed`.
    stand_in : bool
        Whether rounding has left no correlation matrix.
    """
    found: dict[str, list[str]] = {
        CONFOUNDER: ["a confounder", *([STAND_IN] if stand_in else [])],
        REPLICATION: ["samples of a normal population", *([STAND_IN] if stand_in else [])],
    }
    for table in tables:
        for family, assumed in zip(table.family, table.assumed.fillna(""), strict=True):
            if assumed and assumed not in found.setdefault(family, []):
                found[family].append(assumed)
    return {analysis: "; ".join(parts) for analysis, parts in found.items() if parts}


class Analyses(NamedTuple):
    """What other rules have found about a study's hypotheses, a table each.

    Attributes
    ----------
    specifications, confounding, replication : DataFrame
        As `robustness.tables.analyse` and `power.tables.tables` make them.
    ensemble : DataFrame
        Decisions of data sets that print the same tables, as
        `retrace.synthetic.ensemble_summary.decide_ensemble` makes them.
    sem, latent : DataFrame
        Rows of `retrace.robustness.structural_decisions.StructuralDecision`: structural models of
        the scores, and of synthetic items.
    """

    specifications: pd.DataFrame
    ensemble: pd.DataFrame
    confounding: pd.DataFrame
    replication: pd.DataFrame
    sem: pd.DataFrame
    latent: pd.DataFrame


def decide_all(
    models: dict[str, PrintedModel],
    hypotheses: Sequence[Stated],
    levels: Sequence[float],
    level: float,
    analyses: Analyses,
    compounds: Mapping[str, CompoundHypothesis] | None = None,
) -> pd.DataFrame:
    """Every hypothesis under every analysis, from the models and the tables of other rules.

    Parameters
    ----------
    models, hypotheses
        Of the study.
    levels : sequence of float
        Levels for what is printed and what is recomputed.
    level : float
        Level of everything else.
    analyses : Analyses
    compounds : mapping, optional
        Hypotheses of several parts, by name.

    Returns
    -------
    pandas.DataFrame
        A row a `Verdict`.
    """
    specifications, ensemble, _, _, sem, latent = analyses
    over = over_ensemble(specifications, ensemble)
    rows = [
        *reported_rows(hypotheses, compounds),
        *_rows_of_terms(models, terms_of(hypotheses), levels, level, analyses),
        *effect_rows(models, effects_of(hypotheses), levels),
        *family_rows(_of_effects(specifications, over, ensemble), effects_of(hypotheses)),
        *replication_rows(analyses.replication, effects_of(hypotheses), level),
        *family_rows(sem, hypotheses, list(dict.fromkeys(sem.family))),
        *family_rows(latent, hypotheses, list(dict.fromkeys(latent.family))),
    ]
    rows += compound_rows(compounds or {}, rows)
    rest_on = (specifications, sem, latent, what_ensemble_misses(ensemble, latent))
    stand_in = any(model.has_stand_in for model in models.values())
    return verdict_table(rows, assumptions_of(rest_on, stand_in), left_out_of((over, sem, latent)))


def _rows_of_terms(
    models: dict[str, PrintedModel],
    terms: Sequence[Hypothesis],
    levels: Sequence[float],
    level: float,
    analyses: Analyses,
) -> list[Verdict]:
    """Hypotheses about single terms under every analysis of regressions."""
    over = over_ensemble(analyses.specifications, analyses.ensemble)
    return [
        *printed_rows(models, terms, levels),
        *recomputed_rows(models, terms, levels),
        *family_rows(over, terms),
        *confounder_rows(analyses.confounding),
        *(Verdict(h.name, CONFOUNDER, *NOTHING) for h in terms if models[h.model].no_matrix),
        *replication_rows(analyses.replication, terms, level),
    ]


def left_out_of(tables: Sequence) -> dict[tuple[str, str], int]:
    """How many specifications or models of each hypothesis and family take no part in its decision.

    Parameters
    ----------
    tables : sequence of DataFrame
        With the columns hypothesis, family and decision.
    """
    idle = [table[table.decision == NOT_ATTAINABLE] for table in tables]
    return Counter(
        pair for table in idle for pair in zip(table.hypothesis, table.family, strict=True)
    )


def verdict_table(
    rows: Sequence[Verdict],
    assumed: Mapping[str, str] | None = None,
    left_out: Mapping[tuple[str, str], int] | None = None,
) -> pd.DataFrame:
    """All rows as a table, hypotheses and analyses in the order of their first rows.

    `assumed` has what an analysis rests on that the paper does not print, `left_out` how many of
    its specifications take no part in a decision; of any other analysis that is itself or none.
    """
    import pandas as pd

    assumed, left_out = assumed or {}, left_out or {}
    completed = [
        row._replace(
            assumed=assumed.get(row.analysis, ""),
            not_attainable=left_out.get(
                (row.hypothesis, row.analysis), int(row.decision == NOT_ATTAINABLE)
            ),
        )
        for row in rows
    ]
    frame = pd.DataFrame(completed, columns=list(Verdict._fields))
    for column in ("analysis", "hypothesis"):
        place, _ = pd.factorize(frame[column])
        frame = frame.iloc[np.argsort(place, kind="stable")]
    return frame.reset_index(drop=True)
