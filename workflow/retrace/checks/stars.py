"""Are the stars those that the printed legend demands, and does the legend fit its table?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from retrace.checks.contract import Basis, Check, Row
from retrace.checks.shared.addresses import Address, correlation, legend_of, reported
from retrace.checks.shared.limits import unless_latent
from retrace.checks.shared.record import Record
from retrace.printed.reported import is_constant
from retrace.printed.verdicts import (
    CONTRADICTED,
    NOT_CHECKABLE,
    REPRODUCED,
    WITHIN_ROUNDING,
)

if TYPE_CHECKING:
    from retrace.checks.regression.stars import JudgedTable, Legend, StarredCell
    from retrace.checks.regression.tables import Starred

_BECAUSE = {
    REPRODUCED: "p as printed demands these stars",
    WITHIN_ROUNDING: "some p that rounds to what is printed demands these stars",
    CONTRADICTED: "p demands other stars",
}


def judge(record: Record) -> Iterator[Row]:
    """One row for the legend of each table, then one for each cell.

    Where the printed legend contradicts several cells of a table, and another of the usual ones
    none, the legend is contradicted and the cells are judged by the other. A table without stars,
    or without p to judge them by, says so.
    """
    study = record.the_study
    yield from _without_a_legend(record)
    legends = (study.stars, study.correlation_stars, *(m.stars for m in study.models.values()))
    if not any(legends):
        return
    for judged in record.stars:
        wrong, best = _misfits(judged, judged.own), _misfits(judged, judged.best)
        other = best == 0 and (wrong > 1 or judged.other_tails)
        rows = [_of_the_legend(judged, wrong, best, legend_of(study))]
        rows += [
            _of_a_cell(record, judged, cell, row, other)
            for cell, row in zip(judged.cells, judged.rows, strict=True)
        ]
        latent = judged.model is None and study.latent
        yield from (unless_latent(study, row) for row in rows) if latent else rows
    starred = {judged.model for judged in record.stars}
    for name in (None, *record.models):
        if name not in starred:
            table = correlation(study) if name is None else reported(study, name)
            yield table.says(
                statistic="stars",
                verdict=NOT_CHECKABLE,
                because="no cell with a p has stars",
                needs="stars, and t or p beside them",
            )


def _without_a_legend(record: Record) -> Iterator[Row]:
    """One row for each cell whose mark no legend explains."""
    for table in record.starred_tables:
        for cell in table.cells:
            if cell.printed.stars and cell.printed.stars not in table.printed:
                yield _address(record, table.model, cell).says(
                    statistic="stars",
                    printed=cell.printed.text,
                    verdict=NOT_CHECKABLE,
                    because=f"no legend explains {cell.printed.stars}",
                    needs="the level of each mark, under `stars:`",
                )


def _address(record: Record, model: str | None, cell: StarredCell) -> Address:
    if model is None:
        return correlation(record.the_study, cell.row, cell.column)
    return reported(record.the_study, model, cell.row, cell.column)


def _left_open(cell: StarredCell) -> bool:
    """Whether a cell may have no stars whatever its p: the constant's often has none."""
    return is_constant(cell.row) and not cell.printed.stars


def _misfits(judged: JudgedTable, legend: Legend) -> int:
    from retrace.checks.regression.stars import verdict_on_stars

    judged_cells = [cell for cell in judged.cells if not _left_open(cell)]
    return sum(verdict_on_stars(cell, legend) == CONTRADICTED for cell in judged_cells)


def _of_the_legend(judged: JudgedTable, wrong: int, best: int, where: str) -> Row:
    count = len(judged.cells)
    table = "the correlations" if judged.model is None else f"model {judged.model}"
    because = f"{table}: {wrong} of {count} cells contradict it"
    # One cell that does not fit speaks against the cell.
    word = CONTRADICTED if wrong > 1 and not judged.other_tails else REPRODUCED
    if wrong and judged.best != judged.own:
        sides = "" if judged.best.sides == 2 else " one-sided"
        because += f"; {best} contradict {judged.best}{sides}"
    cause = "the legend of another table" if word == CONTRADICTED and best == 0 else ""
    if judged.how:
        because += f"; read {judged.how}"
    # One legend may be read of several tables: each has a row of its own.
    return Address(where, judged.rows[0].table).says(
        statistic="legend",
        printed=str(judged.own),
        verdict=word,
        because=because,
        cause=cause,
    )


def _of_a_cell(
    record: Record, judged: JudgedTable, cell: StarredCell, row: Starred, other: bool
) -> Row:
    from retrace.checks.regression.stars import demanded, verdict_on_stars

    address = _address(record, judged.model, cell)
    says = partial(
        address.says,
        statistic="stars",
        printed=row.printed,
        recomputed=cell.p,
        low=cell.p_low,
        high=cell.p_high,
    )
    legend = judged.best if other else judged.own
    word = verdict_on_stars(cell, legend)
    because = f"{_BECAUSE[word]} by {legend}"
    if math.isnan(cell.p):
        because += ", p as large as R2 makes it at least"
    if legend.sides == 1 and not judged.other_tails:
        because += ", read one-sided"
    if other and judged.other_tails:
        because += f", {'two' if legend.sides == 2 else 'one'}-sided, which fits the whole table"
    elif other:
        because += ", which fits the table where the printed legend does not"
    if judged.how:
        because += f"; read {judged.how}"
    if judged.model is not None:
        because += record.read_as(judged.model, cell.column)
    wanted = demanded(cell, legend)
    if word == CONTRADICTED and _left_open(cell):
        because, needs = "tables often leave the constant without stars", "stars of the constant"
        return says(verdict=NOT_CHECKABLE, because=because, needs=needs)
    if word == CONTRADICTED:
        cause = _cause(cell.printed.stars, wanted)
        because += f": {wanted}"
        return says(verdict=word, because=because, cause=cause)
    return says(verdict=word, because=because)


def _cause(printed: str, wanted: str) -> str:
    if not printed:
        return f"stars left out: {wanted}"
    if wanted == "none":
        return "stars where there are none"
    return f"other stars: {wanted}"


CHECK = Check(
    name="stars",
    question="Are the stars those that the legend demands?",
    needs="a legend, and stars beside p, t or correlations",
    source="p from t, or from r and n; legends as journals use them",
    judge=judge,
    basis=Basis.OTHER_CELLS,
)
