"""What other analyses say of a study's conclusions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrace.decisions import DECISIONS, NOT_ATTAINABLE, REPORTED, SUPPORTED, UNDETERMINED
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
        judged = analyses[analyses["decision"].isin(DECISIONS)]
        decisions = judged["decision"].value_counts()
        text = f"{hypothesis} supported in {decisions.get(SUPPORTED, 0)} of {len(judged)} analyses"
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
