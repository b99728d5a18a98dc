"""What the checks of printed numbers say, from the tables that they write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from retrace.checks.regression.linear_programs import INFEASIBLE
from retrace.checks.regression.printed_model import WHOLE_MODEL
from retrace.findings import GRAVE, NUMBERS, OPEN, TALLY, Finding, count, rows_of
from retrace.printed.verdicts import (
    CONTRADICTED,
    NOT_CHECKABLE,
    REPRODUCED,
    WITHIN_ROUNDING,
)

if TYPE_CHECKING:
    import pandas as pd


def comparison_findings(
    paper: str, comparison: pd.DataFrame, missing: pd.DataFrame, file: str
) -> Iterator[Finding]:
    """Contradicted numbers, what could not be compared and why, and how many of each verdict.

    Parameters
    ----------
    paper : str
    comparison, missing : DataFrame
        Columns of `comparison.csv` and `not_checkable.csv`, all as text.
    file : str
        Where the first stands under `results/`.
    """
    verdicts = comparison["verdict"]
    for place, row in comparison[verdicts == CONTRADICTED].iterrows():
        implied = "no data have the correlations"
        if row["low"]:
            implied = f"recomputed {_short(row['low'])} to {_short(row['high'])}"
        said = f"contradicted: {_number(row)} is printed as {row['printed']}, {implied}"
        yield Finding(paper, NUMBERS, "comparison", said, GRAVE, rows_of(file, [place]))
    # The same reason for many numbers is one finding.
    reasons = dict(
        zip(zip(*(missing[c] for c in _KEY), strict=True), missing["missing"], strict=True)
    )
    places: dict[str, list[int]] = {}
    for place, row in comparison[verdicts == NOT_CHECKABLE].iterrows():
        reason = reasons.get(tuple(row[c] for c in _KEY), "")
        places.setdefault(reason, []).append(place)
    for reason, rows in places.items():
        named = ", ".join(_number(comparison.loc[place]) for place in rows[:MOST_NAMED])
        more = f" and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
        said = f"not checkable: {named}{more} ({reason})"
        yield Finding(paper, NUMBERS, "comparison", said, OPEN, rows_of(file, rows))
    counts = verdicts.value_counts()
    parts = ", ".join(f"{counts.get(verdict, 0)} {verdict}" for verdict in COMPARED)
    said = f"{count(len(comparison), 'printed number')}: {parts}"
    yield Finding(paper, NUMBERS, "comparison", said, TALLY, file)


# A comparison with correlations alone calls nothing impossible.
COMPARED = (REPRODUCED, WITHIN_ROUNDING, CONTRADICTED, NOT_CHECKABLE)
_KEY = ("model", "term", "statistic", "printed")
# Numbers that one finding names at most.
MOST_NAMED = 6


def relation_findings(paper: str, tests: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Printed tests that no reading of what else their row prints gives.

    Parameters
    ----------
    paper : str
    tests : DataFrame
        Columns of `printed_tests.csv`, all as text.
    file : str
        Where it stands under `results/`.
    """
    for (model, term, relation), own in tests.groupby(["model", "term", "relation"], sort=False):
        # A p may be one-sided: only what fits no reading contradicts.
        if (own["verdict"] == CONTRADICTED).all():
            printed = own["printed"].iloc[0]
            said = f"contradicted: {relation} of {_of(model, term)}, printed as {printed}"
            yield Finding(paper, NUMBERS, "printed tests", said, GRAVE, rows_of(file, own.index))


def star_findings(
    paper: str, stars: pd.DataFrame, legends: pd.DataFrame, file: str
) -> Iterator[Finding]:
    """Stars that the printed legend does not give, table by table.

    Parameters
    ----------
    paper : str
    stars, legends : DataFrame
        Columns of `stars.csv` and `legends.csv`, all as text.
    file : str
        Where the first stands under `results/`.
    """
    wrong = stars[stars["verdict"] == CONTRADICTED]
    for table, own in wrong.groupby("table", sort=False):
        of = int((stars["table"] == table).sum())
        said = f"contradicted: stars of {count(len(own), 'cell')} of {of} in {table}"
        best = legends[(legends["table"] == table) & (legends["best"] == "True")]
        if len(best) and (own["best_verdict"] != CONTRADICTED).all():
            said += f"; all follow {best['legend'].iloc[0]}, {best['sides'].iloc[0]}-sided"
        yield Finding(paper, NUMBERS, "stars", said, GRAVE, rows_of(file, own.index))


def feasibility_findings(
    paper: str, records: Mapping[str, Mapping], file: str
) -> Iterator[Finding]:
    """Printed numbers of a model, or standard deviations of a study, that cannot hold at once.

    Parameters
    ----------
    paper : str
    records : mapping
        Content of `feasibility.json`.
    file : str
        Where it stands under `results/`.
    """
    for name, record in records.items():
        if record["status"] != INFEASIBLE:
            continue
        numbers = "; ".join(
            f"{each['statistic']} {each['printed']} of {each['term']}"
            for each in record.get("conflict", [])
        )
        said = f"contradicted: printed numbers of {name} cannot hold at once: "
        said += numbers or record.get("reason", "")
        yield Finding(paper, NUMBERS, "feasibility", said, GRAVE, f"{file}, {name}")


def _number(row: pd.Series) -> str:
    return f"{row['statistic']} of {_of(row['model'], row['term'])}"


def _of(model: str, term: str) -> str:
    return f"model {model}" if term == WHOLE_MODEL else f"{term} in {model}"


def _short(number: str) -> str:
    return f"{float(number):.4g}"
