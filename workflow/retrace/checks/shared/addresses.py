"""Where a person finds a printed number: a file or a section of `paper.yaml`, row and column.

Where several samples have numbers in one of these, it has the sample behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Unpack

from retrace.checks.contract import Row, Says
from retrace.checks.regression.printed_model import WHOLE_MODEL
from retrace.papers.study import (
    CORRELATION,
    CORRELATIONS,
    DESCRIPTION,
    Beside,
    Impossible,
    PrintedEffect,
    Study,
    section_path,
)
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import NOT_CHECKABLE

# Of a construct; `items` is no printed statistic but how the score was made.
MOMENTS = (
    *("mean", "sd", "alpha", "skewness", "kurtosis"),
    *("omega", "cr", "ave", "ave_root", "icc"),
)

# What would make a number checkable that no check looks at.
_LACKING = {
    "alpha": "standard deviations of the items and of their sum",
    "durbin_watson": "residuals in the order of the observations",
}


class Address(NamedTuple):
    """The address of a printed number; a whole table has no row and column."""

    where: str
    row: str = ""
    column: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in self if part)

    def says(self, **fields: Unpack[Says]) -> Row:
        """A row of a check about the number at this address."""
        return Row(where=self.where, row=self.row, column=self.column, **fields)


def of_file(study: Study, file: str) -> str:
    """A file of the paper's folder as a place; with the sample where others have numbers in it."""
    return f"{file}, {study.sample}" if file in study.shared else file


def of_section(study: Study, name: str, below: str = "") -> str:
    """A section of a study's description as a place, and what is `below` it; likewise."""
    section = f"{DESCRIPTION}, {study.place(name)}"
    sample = f", {study.sample}" if section in study.shared else ""
    return f"{section}{below}{sample}"


def whole_sample(study: Study) -> str:
    """Where a sample stands that is one of several; empty where the paper has one."""
    return f"{DESCRIPTION}, {section_path(study.sample)}" if study.sample else ""


def legend_of(study: Study) -> str:
    """Where the legend of a study's stars stands."""
    return of_section(study, "stars")


def correlation(study: Study, row: str = "", column: str = "") -> Address:
    """A cell of the correlation table, or the whole of it."""
    if study.correlations_above:
        row, column = column, row
    if not study.correlations_file:
        return Address(of_section(study, "correlations"), row, column)
    return Address(of_file(study, study.correlations_file), row, column)


def moment(study: Study, construct: str, name: str) -> Address:
    """A construct's mean, standard deviation, alpha or another of its statistics."""
    if f"{construct}.{name}" in study.in_table:
        return Address(of_file(study, study.correlations_file), construct, name)
    return Address(of_section(study, "constructs"), construct, name)


def reported(study: Study, model: str, term: str = "", statistic: str = "") -> Address:
    """A cell of a regression's table, or the whole of it; or a statistic of the whole model."""
    printed = study.models[model]
    # In a table of several models, the columns of one have its name before them.
    column = f"{printed.column}, {statistic}".rstrip(", ") if printed.column else statistic
    if term != WHOLE_MODEL:
        where = of_file(study, printed.file) or of_section(study, "models", f".{model}")
        return Address(where, term, column)
    if printed.column:
        return Address(of_file(study, printed.file), statistic, printed.column)
    return Address(of_section(study, "models"), model, statistic)


def of_effect(study: Study, effect: PrintedEffect, statistic: str) -> Address:
    """A number of a table of effects."""
    column = f"{effect.column}, {statistic}" if effect.column else statistic
    return Address(of_file(study, effect.file), effect.row, column)


def address_of(study: Study, aside: Impossible) -> Address:
    """Where something stands that was set aside as impossible when the study was read."""
    if aside.model:
        return reported(study, aside.model, aside.row or WHOLE_MODEL, aside.column)
    if aside.statistic in (CORRELATION, CORRELATIONS):
        return correlation(study, aside.row, aside.column)
    if aside.column in MOMENTS:
        return moment(study, aside.row, aside.column)
    return Address(of_file(study, aside.file), aside.row, aside.column)


def of_beside(study: Study, each: Beside) -> Address:
    """A number that nothing is computed from."""
    if each.where:
        return Address(of_file(study, each.where), each.row, each.column)
    column = f"{each.column}, {each.statistic}"
    return Address(of_file(study, study.correlations_file), each.row, column)


class Number(NamedTuple):
    """A printed number with its address and what it is; of a model, `term` is what it is of."""

    address: Address
    statistic: str
    printed: Printed
    term: str = ""


def printed_numbers(study: Study) -> Iterator[Number]:
    """Every number that a study prints of its sample and models, in the order of the study."""
    for row, column, cell in study.correlations:
        yield Number(correlation(study, row, column), "r", cell)
    for name, construct in study.constructs.items():
        for statistic in MOMENTS:
            if (cell := getattr(construct, statistic)) is not None:
                yield Number(moment(study, name, statistic), statistic, cell)
    for each in study.beside:
        yield Number(of_beside(study, each), each.statistic, each.printed)
    for name in study.models:
        yield from numbers_of_model(study, name)
    for effect in study.effects:
        for statistic, cell in effect.reported.items():
            yield Number(of_effect(study, effect, statistic), statistic, cell)


def numbers_of_model(study: Study, name: str) -> Iterator[Number]:
    """Every number that a study prints of a model."""
    model = study.models[name]
    for term, cells in model.reported.items():
        for statistic, cell in cells.items():
            yield Number(reported(study, name, term, statistic), statistic, cell, term)
    for statistic, cell in (model.overall | model.changes).items():
        address = reported(study, name, WHOLE_MODEL, statistic)
        yield Number(address, statistic, cell, WHOLE_MODEL)


def unseen(study: Study, rows: Iterable[Row]) -> list[Row]:
    """Rows for the printed numbers that no row so far is about."""
    seen = {(row.where, row.row, row.column) for row in rows}
    return [
        number.address.says(
            statistic=number.statistic,
            printed=number.printed.text,
            verdict=NOT_CHECKABLE,
            because=f"no check looks at a printed {number.statistic}",
            needs=_LACKING.get(number.statistic, "a relation with other printed numbers"),
        )
        for number in printed_numbers(study)
        if number.address not in seen
    ]
