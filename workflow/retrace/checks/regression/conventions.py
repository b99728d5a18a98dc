"""Conventions in which a printed table may differ from what is usual, and which of them fits.

Programs take the normal distribution in place of Student's t (structural models, partial least
squares) and divide by n in place of the degrees of freedom (maximum likelihood); authors cut digits
off in place of rounding, standardise the predictors and not the outcome, correct p for several
tests, divide deviations by n, or do not name the errors that they take. A table has one convention.
One that is not the usual is tried where the usual contradicts numbers that hang on it, and taken
where it contradicts none of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrace.checks.regression.corrections import CORRECTIONS
from retrace.checks.regression.linear_programs import INFEASIBLE
from retrace.checks.regression.printed_model import OF_ERRORS, WHOLE_MODEL, PrintedModel
from retrace.papers.study import Model, Study
from retrace.printed.numbers import Printed
from retrace.printed.reported import CONSTANT_STATISTICS, is_constant
from retrace.printed.verdicts import CONTRADICTED

if TYPE_CHECKING:
    from retrace.checks.contract import Check
    from retrace.checks.shared.addresses import Address
    from retrace.checks.shared.record import Record

# Moments of a standardised variable, exact as far as anything printed can tell.
_ZERO, _ONE = Printed.parse("0.000000000000"), Printed.parse("1.000000000000")
# What hangs on the distribution of a test, on the scale of a predictor, and on its errors.
_TESTED = frozenset({"p", "se", "ci_low", "ci_high"})
_SCALED = frozenset({"b", "se", "ci_low", "ci_high"})
_ESTIMATED = frozenset({"se", "t", "p", "ci_low", "ci_high"})


class Place(NamedTuple):
    """A number of a regression's table, by what it is; of the legend of its stars there is only
    the model."""

    model: str
    term: str = ""
    statistic: str = ""


class Wrong(NamedTuple):
    """A number of a regression's table, or a legend, that a check contradicts."""

    check: str
    place: Place
    printed: str
    recomputed: float


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
    likelihood : str
        Errors by maximum likelihood, with the normal distribution: divided by `n` or `n - 1`.
    correction : str
        How p is corrected for several tests: one of `CORRECTIONS`.
    sd_of_n : bool
        Standard deviations divided by n.
    unnamed : bool
        Errors that are none of least squares, and not named.
    """

    normal: bool = False
    standardised: bool = False
    truncated: bool = False
    likelihood: str = ""
    correction: str = ""
    sd_of_n: bool = False
    unnamed: bool = False

    def touches(self, wrong: Wrong) -> bool:
        """Whether a verdict may be another by this convention."""
        _, term, statistic = wrong.place
        tested = wrong.check == "stars"
        of_b = statistic in _SCALED and wrong.check != "standard_deviations"
        of_constant = is_constant(term) and statistic in CONSTANT_STATISTICS
        of_whole_errors = term == WHOLE_MODEL and statistic in OF_ERRORS
        hangs = [
            (self.normal, statistic in _TESTED or tested),
            # Of standardised predictors nothing is known that deviations could contradict.
            (self.standardised, of_b),
            # A constant is the outcome where standardised predictors are at their means.
            (self.standardised or self.sd_of_n, of_constant),
            (self.truncated, True),
            (bool(self.likelihood), statistic in _ESTIMATED or tested),
            # Stars alone cannot tell a correction from another legend.
            (bool(self.correction), statistic == "p" and not tested),
            (self.sd_of_n, of_b),
            (self.unnamed, wrong.check != "rows" or of_whole_errors),
        ]
        return any(applies and may_be for applies, may_be in hangs)

    @property
    def parts(self) -> list[Convention]:
        """The conventions that are not the usual ones, each alone."""
        unusual = {name: value for name, value in self._asdict().items() if value}
        return [Convention(**{name: value}) for name, value in unusual.items()]

    def says(self, statistic: str, term: str = "") -> str:
        """How a number is read, of a term or of the whole, where not as usual; else empty."""
        estimated = statistic in _ESTIMATED
        scaled = statistic in _SCALED or (is_constant(term) and statistic in CONSTANT_STATISTICS)
        by = "Wishart's" if self.likelihood == "n - 1" else "maximum"
        said = [
            (self.normal and statistic in _TESTED, "by the normal distribution"),
            (self.standardised and scaled, "with standardised predictors"),
            (self.truncated, "as truncated"),
            (self.likelihood and estimated, f"with errors of {by} likelihood"),
            (self.correction and statistic == "p", f"as corrected by {self.correction}"),
            (self.sd_of_n, "with deviations divided by n"),
            (self.unnamed and estimated, "with errors that are not named"),
        ]
        return ", ".join(how for applies, how in said if applies)


USUAL = Convention()
_ALONE = (
    Convention(normal=True),
    Convention(standardised=True),
    Convention(truncated=True),
    *(Convention(likelihood=divisor) for divisor in ("n", "n - 1")),
    *(Convention(correction=each) for each in CORRECTIONS),
    Convention(sd_of_n=True),
)
# Errors that may be anything leave least to judge, and come last.
_UNNAMED = Convention(unnamed=True)


def _both(one: Convention, other: Convention) -> Convention:
    unusual = {name: value for name, value in other._asdict().items() if value}
    return one._replace(**unusual)


def _others() -> tuple[Convention, ...]:
    """Every convention that is not the usual, then two of them at once."""
    pairs = [
        _both(one, other)
        for one, other in combinations(_ALONE, 2)
        # Of one kind there is one; maximum likelihood has the normal distribution as it is.
        if not (one.likelihood and (other.likelihood or other.normal))
        and not (other.likelihood and one.normal)
        and not (one.correction and other.correction)
    ]
    cut = _both(_UNNAMED, Convention(truncated=True))
    return (*_ALONE, *pairs, _UNNAMED, cut)


_OTHERS = _others()


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
    if convention.normal or convention.likelihood:
        model = replace(model, normal=True)
    model = replace(
        model,
        likelihood=convention.likelihood,
        correction=convention.correction or model.correction,
        sd_of_n=convention.sd_of_n,
        errors="other" if convention.unnamed else model.errors,
    )
    if convention.standardised:
        model = replace(
            model,
            standardised=True,
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
    at_once, others = _checks_of_tables()
    for names in _tables(record.the_study):
        places = _places(record.the_study, names)
        wrong: list[Wrong] = []
        # Which numbers are in conflict takes longest to narrow down.
        for checks in (others, at_once):
            more = list(_contradicted(record, places, checks))
            wrong += more
            convention = _fitting(record, places, wrong, others, at_once) if more else None
            if convention:
                found |= dict.fromkeys(names, convention)
                break
    return found


def _checks_of_tables() -> tuple[list[Check], list[Check]]:
    """Checks whose verdicts hang on a convention: those of all numbers at once, and the others."""
    from retrace.checks.contract import Basis, find_checks

    of_tables = sorted((c for c in find_checks() if c.basis), key=lambda check: check.basis)
    at_once = [check for check in of_tables if check.basis == Basis.ALL_AT_ONCE]
    return at_once, [check for check in of_tables if check not in at_once]


def _fitting(
    record: Record,
    places: Mapping[Address, Place],
    wrong: list[Wrong],
    checks: list[Check],
    at_once: list[Check],
) -> Convention | None:
    """Of the conventions that fit a table the first that leaves the fewest numbers wrong."""
    names = dict.fromkeys(place.model for place in places.values())
    models = {name: record.the_study.models[name] for name in names}
    table = record.the_study.model_copy(update={"models": models})
    best, fewest = None, len(wrong)
    # What each convention alone leaves wrong that hangs on others too.
    alone: dict[Convention, list[Wrong]] = {}
    for convention in _OTHERS:
        if not _may_be(convention, table, wrong, alone):
            continue
        conventions = dict.fromkeys(names, convention)
        study = as_read(table, conventions)
        tried = replace(record, study=study, conventions=conventions)
        rows: Iterable[Wrong] = _contradicted(tried, places, checks)
        if len(convention.parts) == 1:
            rows = alone[convention] = list(rows)
        left = _left(convention, rows, fewest)
        if left < fewest and _infeasible(tried):
            if convention in alone:
                alone[convention] += _contradicted(tried, places, at_once)
            continue
        if left < fewest:
            best, fewest = convention, left
        if not fewest:
            break
    return best


def _infeasible(record: Record) -> bool:
    """Whether all numbers of some model cannot hold at once, at the level of its limits."""
    return not record.the_study.not_of_one_sample and any(
        each.feasibility is not None and each.feasibility.status == INFEASIBLE
        for each in record.levelled.values()
    )


def _left(convention: Convention, wrong: Iterable[Wrong], most: int) -> int:
    """How many numbers a convention leaves wrong; `most` where it leaves one that it touches."""
    left = 0
    for each in wrong:
        left += 1
        if left >= most or convention.touches(each):
            return most
    return left


def _may_be(
    convention: Convention,
    table: Study,
    wrong: list[Wrong],
    alone: Mapping[Convention, list[Wrong]],
) -> bool:
    """Whether a convention touches what is wrong, and may be that of a table.

    Of two at once each has to have something to explain: what the usual reading contradicts, or
    what the other alone does, as digits that are cut off leave less room than digits rounded.

    Errors may be others than those of least squares where the table names none and no misprint of
    one cell or of two, as of rows exchanged, would explain it: the correlations contradict three
    or more, and most, of its errors and t, none by its sign or by more than twofold.
    """
    if not convention.unnamed:
        parts = convention.parts
        left = [alone.get(other, []) for other in reversed(parts)]
        explains = [any(map(part.touches, wrong)) for part in parts]
        return any(explains) and all(
            done or any(map(part.touches, more))
            for part, done, more in zip(parts, explains, left, strict=True)
        )
    if any(model.errors != "ols" for model in table.models.values()):
        return False
    of_errors = [
        each
        for each in wrong
        if each.check == "regressions" and each.place.statistic in ("se", "t")
    ]
    printed = [
        (name, term)
        for name, model in table.models.items()
        for term, row in model.reported.items()
        if "se" in row or "t" in row
    ]
    terms = {(each.place.model, each.place.term) for each in of_errors}
    near = all(
        _within_twofold(Printed.parse(each.printed).value, each.recomputed) for each in of_errors
    )
    return near and 2 * len(terms) >= max(len(printed), 6)


def _within_twofold(one: float, other: float) -> bool:
    return one * other > 0 and abs(other) / 2 <= abs(one) <= abs(other) * 2


def _tables(study: Study) -> list[list[str]]:
    """Models by the table that they stand in."""
    tables: dict[str, list[str]] = {}
    for name, model in study.models.items():
        tables.setdefault(model.file or f" {name}", []).append(name)
    return list(tables.values())


def _places(study: Study, names: list[str]) -> dict[Address, Place]:
    """What stands at the addresses of some models' numbers, and of the legends of their stars."""
    from retrace.checks.shared.addresses import Address, legend_of, numbers_of_model

    found = {}
    for name in names:
        found[Address(legend_of(study), name)] = Place(name)
        for number in numbers_of_model(study, name):
            found[number.address] = Place(name, number.term, number.statistic)
    return found


def _contradicted(
    record: Record, places: Mapping[Address, Place], checks: Iterable[Check]
) -> Iterator[Wrong]:
    """What checks contradict, of the numbers at some addresses."""
    from retrace.checks.shared.addresses import Address

    for check in checks:
        for row in check.judge(record):
            place = places.get(Address(row.where, row.row, row.column))
            if row.verdict == CONTRADICTED and place:
                yield Wrong(check.name, place, row.printed, row.recomputed)
