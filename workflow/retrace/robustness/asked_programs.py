"""The opinions of other programs on all models of a study, asked for and put into tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from retrace.robustness.lavaan_estimates import ask_lavaan
from retrace.robustness.other_programs import (
    Answer,
    Opinions,
    opinion_rows,
    why_not_comparable,
)
from retrace.robustness.semopy_estimates import ask_semopy
from retrace.sem.fitting import Fit

if TYPE_CHECKING:
    import pandas as pd

# The table with semopy's opinion, and the one that has lavaan's too.
OPINIONS, LAVAAN = "opinions", "lavaan"


class Asked(NamedTuple):
    """What programs answered.

    Attributes
    ----------
    tables : dict of DataFrame
        `OPINIONS`, and `LAVAAN` where it was wanted: rows of `Opinions`. Without lavaan
        a table is the same whatever is installed beside Retrace.
    answered : list of str
        A line for each model and program: whether it has an opinion, or why not.
    differing : list of str
        A line for each opinion that differs by more than its tolerance.
    """

    tables: dict[str, pd.DataFrame]
    answered: list[str]
    differing: list[str]


def ask_programs(fits: Mapping[str, Fit], wanted: Collection[str], script: Path) -> Asked:
    """Ask other programs about every solution that can be compared.

    Parameters
    ----------
    fits : mapping
        Solutions by model.
    wanted : collection of str
        Names of tables; lavaan is asked where `LAVAAN` is among them.
    script : Path
        What R runs to ask lavaan.
    """
    import pandas as pd

    asked = {name: fit for name, fit in fits.items() if not why_not_comparable(fit)}
    answers = {
        "semopy": {name: ask_semopy(fit) for name, fit in asked.items()},
        "lavaan": dict.fromkeys(asked, Answer(why_not="lavaan was not asked")),
    }
    rows, differing = opinion_rows(fits, answers)
    two = [column for column in Opinions._fields if not column.endswith("_lavaan")]
    tables = {OPINIONS: pd.DataFrame(rows, columns=Opinions._fields)[two]}
    if LAVAAN in wanted:
        answers["lavaan"] = ask_lavaan(asked, script)
        rows, differing = opinion_rows(fits, answers)
        tables[LAVAAN] = pd.DataFrame(rows, columns=Opinions._fields)
    answered = [
        f"{name}: {program}: {answer.why_not or 'has an opinion'}"
        for program, about in answers.items()
        for name, answer in about.items()
    ]
    return Asked(tables, answered, differing)
