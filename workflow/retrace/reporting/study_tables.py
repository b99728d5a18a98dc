"""Tables of a study: its correlations, and every printed result beside the recomputed."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from retrace.papers.study import CORRELATION, Study
from retrace.printed.numbers import Printed
from retrace.printed.reported import is_constant
from retrace.reporting.table import Column, Table, decimal_comma_notes

if TYPE_CHECKING:
    import pandas as pd

# Beyond the printed decimals, so that a reader sees how a number rounds.
EXTRA_DECIMALS = 1

STATISTICS = {
    "b": "B",
    "beta": "Standardised coefficient",
    "se": "Standard error",
    "t": "t",
    "p": "p",
    "p_one_sided": "p, one-sided",
    "ci_low": "Confidence limit, lower",
    "ci_high": "Confidence limit, upper",
    "vif": "VIF",
    "tolerance": "Tolerance",
    "r2": "R²",
    "adjusted_r2": "Adjusted R²",
    "f": "F",
    "f_p": "p of F",
    "durbin_watson": "Durbin–Watson",
}


def fixed(value: float | str, decimals: int) -> str:
    """A number with so many decimals and a minus sign; an empty text for a missing one.

    The shortest decimal that is the number is rounded, ties to the even digit (IEEE 754, and rule A
    of ISO 80000-1): 0.125 and 2.675 become 0.12 and 2.68. No verdict depends on it: a printed
    number admits what rounds to it either way. The end of an envelope may be infinite.
    """
    if value == "" or value != value:
        return ""
    if float(value) in (float("inf"), float("-inf")):
        return "∞" if float(value) > 0 else "−∞"
    quantum = Decimal(1).scaleb(-decimals)
    text = str(Decimal(repr(float(value))).quantize(quantum, rounding=ROUND_HALF_EVEN))
    # A small negative number that rounds to zero is printed without its sign.
    if not text.strip("-0."):
        text = text.lstrip("-")
    return text.replace("-", "−")


# In the place of a correlation that a paper does not print.
NOT_PRINTED = "n.p."


def correlation_table(study: Study) -> Table:
    """The correlation matrix as printed, stars included, with the constructs numbered."""
    names = study.names
    cells = {(row, column): cell.text for row, column, cell in study.correlations}
    aside = [each for each in study.impossible if each.statistic == CORRELATION]
    cells |= {(each.row, each.column): each.printed for each in aside}
    rows = []
    for number, row in enumerate(names, start=1):
        below = [
            cells[row, column].replace("-", "−") if (row, column) in cells else NOT_PRINTED
            for column in names[: number - 1]
        ]
        empty = [""] * (len(names) - number)
        rows.append([f"{number}. {study.constructs[row].label}", *below, "1", *empty])
    levels = study.stars if study.correlation_stars is None else study.correlation_stars
    legend = ", ".join(
        f"{stars} significant at {100 * level:g} %" for stars, level in levels.items()
    )
    return Table(
        title=f"Correlations printed by {study.called} (n = {study.correlation_n or study.n})",
        columns=[
            Column("Construct"),
            *(Column(str(number), "right") for number in range(1, len(names) + 1)),
        ],
        rows=rows,
        notes=[
            *([f"Stars as printed: {legend}."] if legend else []),
            *([f"{NOT_PRINTED} not printed."] if study.missing_pairs(names) else []),
            *_impossible(study),
            *_stand_in(study),
            *decimal_comma_notes(study.decimal_commas),
        ],
        label=f"{study.key}-correlations",
    )


def comparison_table(study: Study, comparison: pd.DataFrame, missing: pd.DataFrame) -> Table:
    """Every number that a study reports of its models, beside what its correlations imply.

    Parameters
    ----------
    study : Study
    comparison : DataFrame
        The columns of `comparison.csv`, printed numbers as text.
    missing : DataFrame
        The columns of `not_checkable.csv`: which input a number without a verdict lacks.

    Returns
    -------
    Table
        One row a printed number: recomputed from the inputs as printed, the envelope over every
        input that rounds to what is printed, and the verdict. The model is a column only where
        the paper reports several.
    """
    several = len(set(comparison["model"])) > 1
    rows = []
    for row in comparison.to_dict("records"):
        printed = Printed.parse(row["printed"])
        decimals = printed.decimals + EXTRA_DECIMALS
        low, high = (fixed(row[end], decimals) for end in ("low", "high"))
        rows.append(
            [
                *([row["model"]] if several else []),
                _term_label(study, row["term"]),
                STATISTICS.get(row["statistic"], row["statistic"]),
                row["printed"].replace("-", "−"),
                fixed(row["recomputed"], decimals),
                f"{low} to {high}" if low and high else "",
                row["verdict"],
            ]
        )
    return Table(
        title=f"What {study.called} prints, and what its correlations imply (n = {study.n})",
        columns=[
            *([Column("Model")] if several else []),
            Column("Term", width=0.2),
            Column("Statistic"),
            Column("Printed", "right"),
            Column("Recomputed", "right"),
            Column("Envelope", "right"),
            Column("Verdict"),
        ],
        rows=rows,
        notes=[
            "Recomputed: from the correlations as printed. Envelope: smallest and largest value "
            "over every correlation matrix that rounds to the printed one.",
            "reproduced: the recomputed value rounds to the printed number; within rounding: some "
            "value of the envelope does; contradicted: none does; not checkable: an input is not "
            "printed.",
            *_impossible(study),
            *_stand_in(study),
            *_missing_inputs(missing),
            *decimal_comma_notes(study.decimal_commas),
        ],
        label=f"{study.key}-comparison",
    )


def _term_label(study: Study, term: str) -> str:
    """A construct's label, and what to call the terms that are none."""
    if term in study.constructs:
        return study.constructs[term].label
    return "Constant" if is_constant(term) else "Whole model"


def _stand_in(study: Study) -> list[str]:
    """What a reader must know where no data have exactly the printed correlations."""
    if not study.stand_in:
        return []
    cells = ", ".join(
        f"{row} with {column} {fixed(value, cell.decimals + 2)}"
        for (row, column, cell), (*_, value) in zip(study.correlations, study.stand_in, strict=True)
    )
    return [
        "Rounding has made the printed matrix indefinite: no data have exactly these correlations, "
        "and nothing can be recomputed from them as printed where a model needs all of them. "
        "Synthetic data, structural models, specifications and simulations rest on a stand-in, the "
        f"centre of the matrices that print alike: {cells}."
    ]


def _impossible(study: Study) -> list[str]:
    """What is printed and no data have, and what becomes of it."""
    if not study.impossible:
        return []
    reasons = "; ".join(dict.fromkeys(each.why for each in study.impossible))
    return [f"Set aside, with all that rests on it: {reasons}."]


def _missing_inputs(missing: pd.DataFrame) -> list[str]:
    """One note that names, for each kind of number without a verdict, the inputs it lacks."""
    lacking: dict[str, list[str]] = {}
    for row in missing.to_dict("records"):
        name = STATISTICS.get(row["statistic"], row["statistic"])
        lacking.setdefault(name, []).append(row["missing"])
    parts = [f"{name}: {', '.join(dict.fromkeys(texts))}" for name, texts in lacking.items()]
    return [f"Not printed, for {'; for '.join(parts)}."] if parts else []
