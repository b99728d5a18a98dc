"""What other analyses say of a study's conclusions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrace.decisions import (
    DECISIONS,
    NOT_ATTAINABLE,
    NOT_SUPPORTED,
    PARTLY,
    REPORTED,
    SUPPORTED,
    UNDETERMINED,
)
from retrace.findings import CONCLUSIONS, DOUBT, OPEN, TALLY, Finding, count, rows_of

if TYPE_CHECKING:
    import pandas as pd


def verdict_findings(paper: str, verdicts: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Hypotheses on which some analysis differs from the paper, or cannot be had; and a count.

    The paper's own conclusion is not counted.

    Parameters
    ----------
    paper : str
    verdicts : DataFrame
        Columns of `verdicts.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    parts = []
    for hypothesis, own in verdicts.groupby("hypothesis", sort=False):
        reported = own.loc[own["analysis"] == REPORTED, "decision"]
        analyses = own[own["analysis"] != REPORTED]
        judged = analyses[analyses["decision"].isin((*DECISIONS, PARTLY))]
        decisions = judged["decision"].value_counts()
        text = f"{hypothesis} supported in {decisions.get(SUPPORTED, 0)} of {len(judged)} analyses"
        if partly := decisions.get(PARTLY, 0):
            text += f", partly in {partly}"
        if undetermined := decisions.get(UNDETERMINED, 0):
            text += f", undetermined in {undetermined}"
        if len(judged):
            parts.append(text)
        for concluded in reported:
            others = judged[judged["decision"] != concluded]
            if len(others):
                said = f"{text}; the paper concludes: {concluded}"
                evidence = rows_of(file, others.index)
                yield Finding(paper, CONCLUSIONS, "verdicts", said, DOUBT, evidence)
        idle = analyses[analyses["decision"] == NOT_ATTAINABLE]
        if len(idle):
            said = f"{hypothesis}: {count(len(idle), 'analysis', 'analyses')} not attainable"
            yield Finding(paper, CONCLUSIONS, "verdicts", said, OPEN, rows_of(file, idle.index))
    said = "; ".join(parts) or "No analysis decides a hypothesis"
    yield Finding(paper, CONCLUSIONS, "verdicts", said, TALLY, file)


def model_findings(paper: str, fit: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Structural models without a proper solution.

    Parameters
    ----------
    paper : str
    fit : DataFrame
        Columns of `sem_fit.csv` or `sem_latent_fit.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    for problem, own in fit[fit["problems"] != ""].groupby("problems", sort=False):
        said = f"no proper solution of {', '.join(own['model'])}: {problem}"
        yield Finding(paper, CONCLUSIONS, "structural models", said, OPEN, rows_of(file, own.index))


def effect_findings(paper: str, effects: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Effects of alternative models whose sign opposes the paper's theory.

    Parameters
    ----------
    paper : str
    effects : DataFrame
        Columns of `mediation.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    for place, row in effects[effects["sign"] == "opposes"].iterrows():
        said = f"{row['effect']} in {row['model']} opposes the expected sign, {row['expected']}"
        yield Finding(paper, CONCLUSIONS, "mediation", said, DOUBT, rows_of(file, [place]))


def opinion_findings(paper: str, opinions: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Models of which another program has other estimates.

    Parameters
    ----------
    paper : str
    opinions : DataFrame
        Columns of the table of opinions, all as text.
    file : str
        Where it stands under `results/`.
    """
    for model, own in opinions[opinions["agrees"] == "False"].groupby("model", sort=False):
        said = f"another program differs in {count(len(own), 'estimate')} of {model}"
        yield Finding(paper, CONCLUSIONS, "other programs", said, OPEN, rows_of(file, own.index))


def suppression_findings(paper: str, suppression: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Hypotheses that are supported only beside another predictor.

    Its company lets the coefficient grow (suppression), or each needs the other's.

    Parameters
    ----------
    paper : str
    suppression : DataFrame
        Columns of `suppression.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    alone = (suppression["decision_with"] == SUPPORTED) & (
        suppression["decision_without"] == NOT_SUPPORTED
    )
    needed = (suppression[["grows", "mutual"]] == "True").any(axis=1)
    for hypothesis, own in suppression[alone & needed].groupby("hypothesis", sort=False):
        others = [
            f"{row['other']} (t {_short(row['t_with'])} with it, {_short(row['t_without'])} without"
            + ("; each needs the other)" if row["mutual"] == "True" else ")")
            for _, row in own.iterrows()
        ]
        said = f"{hypothesis}: {own['term'].iloc[0]} is supported only beside {', '.join(others)}"
        yield Finding(paper, CONCLUSIONS, "suppression", said, DOUBT, rows_of(file, own.index))


def confounding_findings(paper: str, confounding: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Hypotheses that a confounder no stronger than the strongest predictor would overturn.

    Parameters
    ----------
    paper : str
    confounding : DataFrame
        Columns of `confounding.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    like = confounding["strength"].map(float) == 1.0
    overturned = (confounding["bias_to"] == "invalidate") & (
        confounding["decision_adjusted"] == NOT_SUPPORTED
    )
    for place, row in confounding[like & overturned].iterrows():
        said = (
            f"{row['hypothesis']}: an omitted variable no stronger than {row['benchmark']} would "
            f"overturn it: t of {row['term']} {_short(row['t_adjusted'])} in place of "
            f"{_short(row['t'])}"
        )
        yield Finding(paper, CONCLUSIONS, "confounding", said, DOUBT, rows_of(file, [place]))


# A decision that so little overturns is told: one correlation by so much, or this share of n.
LEAST_CHANGE, LEAST_SHARE = 0.01, 0.05


def overturning_findings(paper: str, overturning: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Decisions that a change of one correlation by 0.01, or of n by 5 %, turns round.

    Parameters
    ----------
    paper : str
    overturning : DataFrame
        Columns of `overturning.csv`, all as text; `to` is empty where nothing turns it.
    file : str
        Where it stands under `results/`.
    """
    for hypothesis, own in overturning[overturning["to"] != ""].groupby("hypothesis", sort=False):
        small = {}
        for place, row in own.iterrows():
            start, end = float(row["from"]), float(row["to"])
            # 0.108 and 0.098 differ by 0.01, if not as computers add.
            change = round(abs(end - start), 9)
            if row["change"] == "one correlation" and change <= LEAST_CHANGE:
                small[place] = f"a correlation of {row['detail']} of {end:g} in place of {start:g}"
            elif row["change"] == "sample size" and change <= LEAST_SHARE * start:
                small[place] = f"a sample of {end:.0f} in place of {start:.0f} with the same table"
        if small:
            said = (
                f"{hypothesis}: {own['decision'].iloc[0]} by least squares from the printed table, "
                f"and the opposite with {', or with '.join(small.values())}"
            )
            yield Finding(paper, CONCLUSIONS, "overturning", said, DOUBT, rows_of(file, small))


def reliability_findings(paper: str, reliability: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Decisions that turn round below some reliability of all constructs.

    Parameters
    ----------
    paper : str
    reliability : DataFrame
        Columns of `reliability_summary.csv`, all as text; `changes_at` is empty where no
        reliability considered turns a decision.
    file : str
        Where it stands under `results/`.
    """
    # The conventions for p, as the table names them.
    tests = {"ml": "normal", "ols": "t"}
    turned = reliability[reliability["changes_at"] != ""]
    for hypothesis, own in turned.groupby("hypothesis", sort=False):
        parts = [
            f"{row['decision']} with perfect scores, and the opposite at a reliability of "
            f"{float(row['changes_at']):.2f} (p by {tests[row['convention']]})"
            for _, row in own.iterrows()
        ]
        said = f"{hypothesis}: {'; '.join(parts)}"
        yield Finding(paper, CONCLUSIONS, "reliability", said, DOUBT, rows_of(file, own.index))


def _short(number: str) -> str:
    """A t with two decimals."""
    return f"{float(number):.2f}"
