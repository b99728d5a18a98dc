"""Do paths, effects and R2 of mediations follow from the printed correlations?

A table of effects prints coefficients of several regressions: of a mediator on what comes before it
in the chain, of the outcome on all of it, and of the outcome without the mediators (MacKinnon 2008,
chapter 3). Where its entry says what else is in them (`controls:`), these are judged as any printed
regression is: by the correlations and, for stars, by each coefficient over its error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrace.checks import regressions, stars
from retrace.checks.contract import Check, Row
from retrace.checks.regression.printed_model import WHOLE_MODEL
from retrace.checks.shared.addresses import Address, of_effect, reported
from retrace.checks.shared.record import Record
from retrace.papers.study import Model, PrintedEffect, Study
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import CONTRADICTED, NOT_CHECKABLE, fewest

# What an effect prints, as a coefficient of a regression has it; the estimate is b or beta.
_OF_A_TERM = ("se", "t", "p", "ci_low", "ci_high")
# Where each number of a regression stands in the table of effects.
Places = dict[Address, Address]


def judge(record: Record) -> Iterator[Row]:
    """One row for each number of an effect whose model is known, and one for its stars.

    Of the others, R2 and stars have a row that says what is lacking.

    Where the table does not say whether it is standardised, it is read so that fewer are wrong.
    """
    study = record.the_study
    tables: dict[str, list[PrintedEffect]] = {}
    for effect in study.effects:
        tables.setdefault(effect.file, []).append(effect)
    for effects in tables.values():
        known = [effect for effect in effects if _has_a_test(effect, study.n)]
        yield from _fitting(record, known) if known else ()
        yield from (_left_open(study, each) for each in effects if _is_open(each, known))


def _is_open(effect: PrintedEffect, known: list[PrintedEffect]) -> bool:
    """Whether an effect has R2 or stars that nothing judges."""
    estimate = effect.reported.get("estimate")
    return effect not in known and (effect.kind == "r2" or bool(estimate and estimate.stars))


def _left_open(study: Study, effect: PrintedEffect) -> Row:
    """The row of an R2, or of the stars of an effect, whose model is not known."""
    held, what = ("r2", "r2") if effect.kind == "r2" else ("estimate", "stars")
    because = "its model is not known, or leaves no degree of freedom"
    needs = "what else is in the models of the table, under `controls:`"
    if effect.kind in ("indirect", "total indirect", "slope"):
        because, needs = "it is of several coefficients", "a p in place of the stars"
    return of_effect(study, effect, held).says(
        statistic=what,
        printed=effect.reported[held].text,
        verdict=NOT_CHECKABLE,
        because=because,
        needs=needs,
    )


def _has_a_test(effect: PrintedEffect, n: int) -> bool:
    """Whether the model of an effect is known, and has degrees of freedom."""
    return effect.predictors is not None and (effect.n or n) - len(effect.predictors) > 1


def _fitting(record: Record, effects: list[PrintedEffect]) -> Sequence[Row]:
    """The rows of a table's effects, read as b or as beta, whichever leaves fewer wrong."""
    stated = {effect.standardised for effect in effects if effect.kind != "r2"}
    units = ["beta"] if stated == {True} else ["b"] if stated == {False} else ["b", "beta"]
    return fewest(CONTRADICTED, (_rows(record, effects, unit) for unit in units))


def _rows(record: Record, effects: list[PrintedEffect], unit: str) -> list[Row]:
    """What the checks of regressions say, each at the address of its number."""
    study, places = _as_regressions(record.the_study, effects, unit)
    own = Record(record.paper, study).by_convention
    return [
        row._replace(**places[at]._asdict())
        for row in (*regressions.judge(own), *stars.judge(own))
        if (at := Address(row.where, row.row, row.column)) in places
    ]


def _as_regressions(study: Study, effects: list[PrintedEffect], unit: str) -> tuple[Study, Places]:
    """The study with the regressions of a table of effects in place of its own, and their places.

    A number that stands there twice, as a total effect of two chains, is one of the first.
    """
    models: dict[str, Model] = {}
    sources: dict[str, list[PrintedEffect]] = {}
    for effect in effects:
        outcome, predictors = effect.of[-1], effect.predictors or []
        name = f"{effect.column} {outcome} on {', '.join(predictors)}".strip()
        sources.setdefault(name, []).append(effect)
    for name, own in sources.items():
        models[name] = _regression(name, own, unit)
    found = study.model_copy(
        update={"models": models, "effects": [], "hypotheses": {}, "compounds": {}}
    )
    places: Places = {}
    for name, own in sources.items():
        for effect in own:
            for statistic in effect.reported:
                term = WHOLE_MODEL if effect.kind == "r2" else effect.of[0]
                held = unit if statistic == "estimate" else statistic
                at = reported(found, name, term, held)
                places[at] = of_effect(study, effect, statistic)
    return found, places


def _regression(name: str, effects: list[PrintedEffect], unit: str) -> Model:
    """The regression that some effects are of, as far as their table prints it."""
    first = effects[0]
    rows: dict[str, dict[str, Printed]] = {}
    r2 = None
    for effect in effects:
        if effect.kind == "r2":
            r2 = effect.reported["r2"]
            continue
        cells = effect.reported
        row = {held: cells[held] for held in _OF_A_TERM if held in cells}
        if "estimate" in cells:
            row[unit] = cells["estimate"]
        rows[effect.of[0]] = row
    return Model(
        outcome=first.of[-1],
        predictors=first.predictors or [],
        reported=rows,
        r2=r2,
        file=first.file,
        column=name,
        n=first.n,
        errors=first.errors,
        level=first.level,
        stars=first.stars,
        tails=first.tails,
    )


CHECK = Check(
    name="mediations",
    question="Do paths, effects and R2 of mediations follow from the printed correlations?",
    needs="a table of effects that says what else is in its models",
    source="MacKinnon 2008, chapter 3; envelopes over all matrices that round to the table",
    judge=judge,
)
