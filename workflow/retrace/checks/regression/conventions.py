"""Conventions in which a printed table may differ from what is usual, and which of them fits.

Programs take the normal distribution in place of Student's t (structural models, partial least
squares), authors cut digits off in place of rounding, and standardise the predictors and not the
outcome. A table has one convention. One that is not the usual is tried where the usual contradicts
numbers that hang on it, and taken where it contradicts none of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrace.checks.regression.printed_model import PrintedModel
from retrace.papers.study import Model, Study
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import CONTRADICTED

if TYPE_CHECKING:
    from retrace.checks.contract import Row
    from retrace.checks.shared.record import Record

# Moments of a standardised variable, exact as far as anything printed can tell.
_ZERO, _ONE = Printed.parse("0.000000000000"), Printed.parse("1.000000000000")
# The checks whose verdicts hang on a convention, the cheap ones first.
_CHECKS = ("rows", "stars", "blocks", "regressions", "joint_feasibility")
# What hangs on the distribution of a test, and on the scale of a predictor.
_TESTED = frozenset({"p", "se", "ci_low", "ci_high"})
_SCALED = frozenset({"b", "se", "ci_low", "ci_high"})


class Convention(NamedTuple):
    """How the table of a regression is read.

    Attributes
    ----------
    normal : bool
        p and limits by the normal distribution.
    standardised : bool
        Predictors standardised, the outcome not: b = beta SD(y).
    truncated : bool
        Digits cut off in place of rounded.
    """

    normal: bool = False
    standardised: bool = False
    truncated: bool = False

    def touches(self, row: Row) -> bool:
        """Whether a verdict may be another by this convention."""
        statistic = row.column.rpartition(", ")[2]
        return (
            self.truncated
            or (self.normal and (statistic in _TESTED or row.check == "stars"))
            or (self.standardised and statistic in _SCALED)
        )

    def says(self, statistic: str) -> str:
        """How a number is read, where not as usual; else empty."""
        said = [
            (self.normal and statistic in _TESTED, "by the normal distribution"),
            (self.standardised and statistic in _SCALED, "with standardised predictors"),
            (self.truncated, "as truncated"),
        ]
        return ", ".join(how for applies, how in said if applies)


USUAL = Convention()
_OTHERS = (
    Convention(normal=True),
    Convention(standardised=True),
    Convention(truncated=True),
    Convention(normal=True, standardised=True),
    Convention(normal=True, truncated=True),
    Convention(standardised=True, truncated=True),
)


def as_read(study: Study, conventions: Mapping[str, Convention]) -> Study:
    """A study with the numbers of truncated tables as such."""
    models = {
        name: _truncated(model) if conventions.get(name, USUAL).truncated else model
        for name, model in study.models.items()
    }
    return study.model_copy(update={"models": models})


def _truncated(model: Model) -> Model:
    cells = {name: cell.cut for name, cell in model if isinstance(cell, Printed)}
    reported = {
        term: {name: cell.cut for name, cell in row.items()} for term, row in model.reported.items()
    }
    return model.model_copy(update={**cells, "reported": reported})


def apply(model: PrintedModel, convention: Convention) -> PrintedModel:
    """A model of a study `as_read` by a convention; correlations cut or rounded, as may be."""
    if convention.normal:
        model = replace(model, normal=True)
    if convention.standardised:
        model = replace(
            model,
            means=(*(_ZERO for _ in model.predictors), model.means[-1]) if model.means else (),
            sds=(*(_ONE for _ in model.predictors), model.sds[-1]) if model.sds else (),
        )
    if convention.truncated:
        width = np.asarray(model.high) - model.low
        centre = (np.asarray(model.high) + model.low) / 2
        # The end of a bound is infinite: nothing is cut off there.
        width, centre = (np.where(np.isfinite(width), each, np.nan) for each in (width, centre))
        model = replace(
            model,
            low=np.where(centre <= 0, centre - width, model.low),
            high=np.where(centre >= 0, centre + width, model.high),
        )
        np.fill_diagonal(model.low, 1.0)
        np.fill_diagonal(model.high, 1.0)
        if model.means:
            means, sds = (
                tuple(cell and cell.cut_or_rounded for cell in row)
                for row in (model.means, model.sds)
            )
            model = replace(model, means=means, sds=sds)
    return model


def fitting_conventions(record: Record) -> dict[str, Convention]:
    """The conventions of the tables that are not read as usual, by model.

    Parameters
    ----------
    record : Record
        Of a study, with every table as usual.
    """
    found: dict[str, Convention] = {}
    for names in _tables(record.the_study):
        at = set(_places(record.the_study, names))
        wrong = list(_contradicted(record, at))
        if not wrong:
            continue
        if convention := _fitting(record, names, wrong, at):
            found |= dict.fromkeys(names, convention)
    return found


def _fitting(
    record: Record, names: list[str], wrong: list[Row], at: set[tuple[str, str, str]]
) -> Convention | None:
    """Of the conventions that fit a table the first that leaves the fewest numbers wrong."""
    models = {name: record.the_study.models[name] for name in names}
    table = record.the_study.model_copy(update={"models": models})
    best, fewest = None, len(wrong)
    for convention in _OTHERS:
        if not any(map(convention.touches, wrong)):
            continue
        conventions = dict.fromkeys(names, convention)
        tried = replace(record, study=as_read(table, conventions), conventions=conventions)
        left = list(islice(_contradicted(tried, at), fewest))
        if len(left) < fewest and not any(map(convention.touches, left)):
            best, fewest = convention, len(left)
        if not fewest:
            break
    return best


def _tables(study: Study) -> list[list[str]]:
    """Models by the table that they stand in."""
    tables: dict[str, list[str]] = {}
    for name, model in study.models.items():
        tables.setdefault(model.file or f" {name}", []).append(name)
    return list(tables.values())


def _places(study: Study, names: list[str]) -> Iterator[tuple[str, str, str]]:
    from retrace.checks.shared.addresses import numbers_of_model

    for name in names:
        for number in numbers_of_model(study, name):
            yield number.address


def _contradicted(record: Record, at: set[tuple[str, str, str]]) -> Iterator[Row]:
    """What the checks that hang on a convention contradict, of the numbers at some addresses."""
    for name in _CHECKS:
        check = import_module(f"retrace.checks.{name}").CHECK
        for row in check.judge(record):
            if row.verdict == CONTRADICTED and (row.where, row.row, row.column) in at:
                yield row._replace(check=check.name)
