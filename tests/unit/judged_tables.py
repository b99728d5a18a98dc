"""What checks judge of printed numbers, as tables that tests look rows up in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from retrace.checks.regression.comparison import judge_numbers
from retrace.checks.regression.printed_model import PrintedModel
from retrace.checks.regression.recomputed import LEVEL
from retrace.checks.regression.relations import judge_relations
from retrace.checks.regression.stars import StarredCell, judge_table
from retrace.checks.regression.tables import (
    Bracket,
    Compared,
    FittedLegend,
    Missing,
    Related,
    Starred,
    table_of,
)

if TYPE_CHECKING:
    from pandas import DataFrame


def compare(model: PrintedModel, level: float = LEVEL) -> tuple[DataFrame, DataFrame, DataFrame]:
    """Numbers beside what the correlations imply, those that are not checkable, and envelopes."""
    found = judge_numbers(model, level)
    return (
        table_of(found.compared, Compared),
        table_of(found.missing, Missing),
        table_of(found.brackets, Bracket),
    )


def relations_of(model: PrintedModel, level: float = LEVEL) -> DataFrame:
    """Numbers beside what others of their rows imply."""
    return table_of(judge_relations(model, level), Related)


def judge_stars(
    cells: Sequence[StarredCell], printed: Mapping[str, float]
) -> tuple[DataFrame, DataFrame]:
    """Stars of one table, and how legends fit it."""
    judged = judge_table(None, cells, printed)
    legends = table_of(judged.legends, FittedLegend).drop(columns="table")
    return table_of(judged.rows, Starred), legends
