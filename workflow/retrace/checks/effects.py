"""Do printed effects follow from their paths, from each other and from their errors?

- An indirect effect is the product of its paths; a total effect the direct one and the indirect
  ones together, for least squares on one sample with the same other predictors (MacKinnon 2008,
  chapter 3).
- Its z by Sobel (1982), Aroian (1947) or Goodman (1960), whichever of these fits.
- A simple slope is b + b3 w, with the variance of that sum (Aiken and West 1991, p. 16).
- z = estimate / error, p from z or t, limits from estimate and error; limits of a bootstrap lie on
  both sides of the estimate, at whatever distance.

A number is contradicted only if it fits no way of computing it that its table may have. Paths are
those of the same table, or else of regressions that have them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple

from retrace.checks.contract import Check, Row
from retrace.checks.regression.printed_model import PrintedModel
from retrace.checks.regression.recomputed import LEVELS
from retrace.checks.regression.tables import SIDES
from retrace.checks.shared.addresses import of_effect
from retrace.checks.shared.coefficients import (
    ANY_CORRELATION,
    UNKNOWN,
    Correlations,
    printed_coefficient,
)
from retrace.checks.shared.effects import (
    Coefficient,
    Ranged,
    aroian,
    error_of_sum,
    goodman,
    product_se,
    sobel,
    sum_of,
)
from retrace.checks.shared.mistakes import smallest_mistake
from retrace.checks.shared.record import Record
from retrace.decisions import critical_t, two_sided_p
from retrace.papers.study import PrintedEffect
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import (
    CONTRADICTED,
    NOT_CHECKABLE,
    REPRODUCED,
    WITHIN_ROUNDING,
    verdict,
)

# Ways of computing one number that are tried: models that have its paths, times conventions.
MOST_READINGS = 64
# Predictors that a model may have that is not printed, for the df of its tests.
MOST_UNPRINTED = 20
# By how many of its errors the mean of bootstrap draws may differ from the estimate.
DRAWS_APART = 0.1
# Errors whose tests are by t or the normal distribution, with the residual df.
_BY_T = ("ols", "robust")
_BEST = (REPRODUCED, WITHIN_ROUNDING, CONTRADICTED)
_ONE, _NONE = Ranged(1.0, 1.0, 1.0), Ranged(0.0, 0.0, 0.0)
VARIANTS: dict[str, Callable[[Sequence[float]], float]] = {
    "Sobel": sobel,
    "Aroian": aroian,
    "Goodman": goodman,
}


class Reading(NamedTuple):
    """A way of computing a number: what it gives, and in words how."""

    implied: Ranged
    how: str


class Path(NamedTuple):
    """A coefficient that a path may be: its number, unit (`b`, `beta`, or empty) and where from."""

    coefficient: Coefficient
    unit: str
    where: str
    sure: bool


class Slope(NamedTuple):
    """A simple slope: terms of a model, their coefficients, and the values that these count by."""

    model: PrintedModel
    terms: list[str]
    coefficients: list[Coefficient]
    weights: list[Ranged]
    how: str


class Relation(NamedTuple):
    """What a printed number has to fit: any of the readings.

    `sure` is False where another way of computing it, which nothing shows, may have been taken;
    `needs` says what would show it, or give a reading. `cut` says that there are more chains of
    paths than were tried.
    """

    readings: list[Reading]
    needs: str = ""
    sure: bool = True
    cut: bool = False


class Chains(NamedTuple):
    """Paths that an indirect effect may be the product of; `cut` where there are more."""

    found: list[tuple[Path, ...]]
    cut: bool = False


def judge(record: Record) -> Iterator[Row]:
    """One row for each printed number of an effect."""
    effects = _Effects(record)
    for effect in record.the_study.effects:
        for statistic, cell in effect.reported.items():
            if effect.kind == "r2":  # of a regression, as those of a table of regressions
                continue
            address = of_effect(record.the_study, effect, statistic)
            relation = effects.relation(effect, statistic)
            says = partial(address.says, statistic=f"{effect.kind}: {statistic}", printed=cell.text)
            yield _row(says, statistic, cell, relation)


def _row(says: Callable[..., Row], statistic: str, cell: Printed, relation: Relation) -> Row:
    """What `says` of a number, a `statistic` of an effect, by the readings of its relation."""
    judged = [(verdict(cell, *each.implied), each) for each in relation.readings]
    if not judged:
        because = f"nothing that is printed gives this {statistic}"
        return says(verdict=NOT_CHECKABLE, because=because, needs=relation.needs)
    word, best = min(judged, key=lambda each: _BEST.index(each[0]))
    recomputed, low, high = best.implied
    says = partial(says, recomputed=recomputed, low=low, high=high)
    if word != CONTRADICTED:
        return says(verdict=word, because=best.how)
    others = "; ".join(dict.fromkeys(each.how for _, each in judged[1:6]))
    because = f"{best.how}" + (f"; nor does it fit as {others}" if others else "")
    if relation.cut:
        because += f"; only {MOST_READINGS} chains of paths were tried of those that there are"
    if relation.cut or not relation.sure:
        return says(verdict=NOT_CHECKABLE, because=because, needs=relation.needs)

    def mended(tried: Printed) -> bool:
        return any(verdict(tried, *each.implied) != CONTRADICTED for each in relation.readings)

    cause = smallest_mistake(cell, mended)
    return says(verdict=word, because=because, cause=cause)


class _Effects:
    """What the numbers of a study's tables of effects have to fit."""

    def __init__(self, record: Record):
        self.study, self.models = record.the_study, record.models
        self._levels: dict[str, float] = {}
        self._correlations = Correlations(self.models)

    def relation(self, effect: PrintedEffect, statistic: str) -> Relation:
        """What a number of an effect has to fit."""
        if statistic == "estimate":
            finders = {
                "indirect": self._indirect,
                "slope": self._slope,
                "total": self._sum,
                "total indirect": self._sum,
            }
            return finders.get(effect.kind, self._coefficient)(effect)
        if statistic == "se":
            return self._se(effect)
        if statistic in ("z", "t"):
            return self._test(effect)
        if statistic == "p":
            return self._p(effect)
        return self._limit(effect, statistic)

    # Estimates

    def _indirect(self, effect: PrintedEffect) -> Relation:
        readings, sure = [], True
        chains = self._chains(effect)
        for paths in chains.found:
            found = _times(each.coefficient.estimate for each in paths)
            how = "product of " + " and ".join(each.where for each in paths)
            readings.append(Reading(found, how))
            sure = sure and all(each.sure for each in paths)
            readings += self._standardised(effect, paths, readings[-1])
        needs = "paths " + " and ".join(f"of {b} on {a}" for a, b in self._steps(effect))
        if readings and (se := effect.reported.get("se")) and effect.test == "bootstrap":
            apart = Ranged.of(se).scaled(DRAWS_APART)
            near = Ranged(0.0, -apart.high, apart.high)
            readings += [
                Reading(each.implied.plus(near), f"{each.how}, as a mean of draws")
                for each in list(readings)
            ]
        needs = needs if not readings else "the models of its paths"
        return Relation(readings, needs, sure, chains.cut)

    def _sum(self, effect: PrintedEffect) -> Relation:
        """Total effects, of the indirect ones beside them, and of the direct one."""
        of_all = effect.kind == "total"
        needs = "the direct effect and every indirect one"
        readings: list[Reading] = []
        for group, here in self._groups(effect):
            direct = _only(group, "direct") if of_all else _NONE
            whole = _only(group, "total indirect") if of_all else None
            parts = [each for each in group if each.kind == "indirect"]
            rest = _sum_if_printed([_number(each, "estimate") for each in parts])
            if direct is None:
                continue
            before = "direct and " if of_all else ""
            if whole is not None:
                told = f"{before}total indirect effect together"
                readings.append(Reading(direct.plus(whole), told))
            if parts and rest is not None:
                told = f"{before}{len(parts)} indirect effects together"
                readings.append(Reading(direct.plus(rest), told))
            if readings:
                left_out = [] if whole is not None else self._other_mediators(effect, parts)
                if left_out:
                    needs = f"the indirect effect through {', '.join(left_out)}"
                return Relation(readings, needs, sure=here and not left_out)
        return Relation(readings, needs)

    def _other_mediators(self, effect: PrintedEffect, parts: Sequence[PrintedEffect]) -> list[str]:
        """Variables between the two in the study's models that no indirect effect goes through."""
        first, last = effect.of[0], effect.of[-1]
        through = {name for each in parts for name in each.of}
        affected = {each.outcome for each in self.models.values() if first in each.predictors}
        between = {
            name
            for model in self.models.values()
            if model.outcome == last
            for name in model.predictors
            if name in affected
        }
        return sorted(between - through)

    def _coefficient(self, effect: PrintedEffect) -> Relation:
        """A path or a direct effect: beside the total and indirect ones, or as in a model."""
        readings = [
            Reading(each.coefficient.estimate, f"as {each.where}")
            for each in self._of_models(effect, tuple(effect.of[:2]))
        ]
        for group, _ in self._groups(effect) if effect.kind == "direct" else ():
            total, whole = _only(group, "total"), _only(group, "total indirect")
            rows = [each for each in group if each.kind == "indirect"]
            parts = [_number(each, "estimate") for each in rows] if whole is None else [whole]
            rest = _sum_if_printed(parts)
            if total is not None and parts and rest is not None:
                less = total.plus(rest.scaled(-1.0))
                readings.append(Reading(less, "total effect less the indirect ones"))
        # Which of the three is wrong where they do not fit is said of the total effect alone.
        return Relation(readings, "the model that it is of, and its correlations", sure=False)

    def _slope(self, effect: PrintedEffect) -> Relation:
        models = self._slope_models(effect)
        readings = [
            Reading(_times_sum(each), f"b + b3 w with the coefficients of {each.how}")
            for each in models
        ]
        sure = len({each.model.name for each in models}) == 1
        return Relation(readings, "the coefficients of the variable and its product", sure)

    def _slope_models(self, effect: PrintedEffect) -> list[Slope]:
        """The slope by every model that has the variable and its products, raw or standardised.

        Values of a moderator are those that its product is of, or where that is centred, also
        those of the variable itself.
        """
        first, last = effect.of
        units = {True: ["beta"], False: ["b"], None: ["b", "beta"]}[effect.standardised]
        found = []
        for model in self.models.values():
            terms = {
                moderator: name
                for moderator in effect.at
                for name in model.predictors
                if sorted(self.study.constructs[name].product or ()) == sorted([first, moderator])
            }
            if model.outcome != last or first not in model.predictors:
                continue
            for unit in units if len(terms) == len(effect.at) else ():
                names = [first, *terms.values()]
                rows = [model.reported.get(name, {}) for name in names]
                own = [printed_coefficient(row, unit, model.test_dfs) for row in rows]
                if any(each.estimate is UNKNOWN for each in own):
                    continue
                for shifted in (False, True):
                    if (values := self._values(effect, terms, shifted=shifted)) is not None:
                        weights = [_ONE, *values]
                        how = model.name + ", at values less the mean" * shifted
                        found.append(Slope(model, names, own, weights, how))
        return found

    def _values(
        self, effect: PrintedEffect, terms: Mapping[str, str], *, shifted: bool
    ) -> list[Ranged] | None:
        """Values of the moderators; with `shifted` less their means, None where that is nothing."""
        found = []
        for moderator, name in terms.items():
            value, construct = Ranged.of(effect.at[moderator]), self.study.constructs[moderator]
            if shifted:
                if construct.mean is None or not self.study.constructs[name].centred:
                    return None
                value = value.plus(Ranged.of(construct.mean).scaled(-1.0))
            found.append(value)
        return found

    # Errors and tests

    def _se(self, effect: PrintedEffect) -> Relation:
        estimate = _number(effect, "estimate")
        tested = next((t for name in ("t", "z") if (t := _number(effect, name))), None)
        readings = []
        if estimate and tested:
            readings.append(Reading(estimate.size.over(tested.size), "estimate / t or z"))
        if effect.kind == "indirect":
            chains = self._chains(effect)
            for paths in chains.found:
                own = [each.coefficient for each in paths]
                if any(each.se is UNKNOWN for each in own):
                    continue
                for variant in VARIANTS if len(own) == 2 else ("Sobel",):
                    readings.append(Reading(product_se(own, variant), f"error by {variant}"))
                    readings += self._standardised(effect, paths, readings[-1])
            needs = "the paths with their errors, and how it was tested (`test: sobel`)"
            return Relation(readings, needs, effect.test == "sobel", chains.cut)
        if effect.kind == "slope" and effect.errors == "ols":
            models = self._slope_models(effect)
            own_models = [
                _error(each, self._correlations)
                for each in models
                if all(own.se is not UNKNOWN for own in each.coefficients)
            ]
            if own_models:
                sure = len({each.model.name for each in models}) == 1
                return Relation(own_models, "the model that it is of", sure)
        return Relation(readings, "t, or the model that it is of", sure=effect.errors == "ols")

    def _test(self, effect: PrintedEffect) -> Relation:
        estimate, se = (_number(effect, name) for name in ("estimate", "se"))
        readings = []
        if estimate and se:
            readings.append(Reading(estimate.over(se), "estimate / error"))
        if effect.kind == "indirect":
            chains = self._chains(effect)
            for paths in chains.found:
                readings += _tests_of_product([each.coefficient for each in paths])
            # Without the error that it is over, a z may be by a bootstrap.
            sure = effect.test == "sobel" or (effect.test is None and se is not None)
            needs = "the estimate, its error, and how it was tested"
            return Relation(readings, needs, sure, chains.cut)
        return Relation(readings, "the estimate and its error", effect.errors != "bootstrap")

    def _p(self, effect: PrintedEffect) -> Relation:
        estimate, se = (_number(effect, name) for name in ("estimate", "se"))
        tests = [
            (tested, name) for name in ("z", "t") if (tested := _number(effect, name)) is not None
        ]
        sure = effect.errors in _BY_T and effect.test != "bootstrap"
        sure = sure and (bool(tests) or effect.kind != "indirect")
        if not tests and estimate and se:
            tests = [(estimate.over(se), "estimate / error")]
        chains = Chains([])
        if not tests and effect.kind == "indirect":
            chains = self._chains(effect)
            tests = [
                (each.implied, each.how)
                for paths in chains.found
                for each in _tests_of_product([path.coefficient for path in paths])
            ]
            sure = effect.test == "sobel"
        readings = [
            Reading(_p_of(tested, df, sides), f"p of {how} {called}, {SIDES[sides]}")
            for tested, how in tests
            for df, called in self._dfs(effect)
            for sides in (2, 1)
        ]
        needs = "z or t, the estimate with its error, and how it was tested"
        return Relation(readings, needs, sure, chains.cut)

    def _limit(self, effect: PrintedEffect, statistic: str) -> Relation:
        estimate, se = (_number(effect, name) for name in ("estimate", "se"))
        if estimate is None:
            return Relation([], "the estimate")
        upper = statistic == "ci_high"
        ends = (estimate.low, math.inf) if upper else (-math.inf, estimate.high)
        around = Reading(Ranged(math.nan, *ends), "limits lie on both sides of the estimate")
        free = effect.kind == "indirect" and effect.test != "sobel"
        if se is None or free or effect.errors not in _BY_T:
            return Relation([around])
        level = effect.level or self._level(effect.file)
        return Relation(self._reaches(effect, statistic, level), "how its error was estimated")

    def _reaches(self, effect: PrintedEffect, statistic: str, level: float) -> list[Reading]:
        """A limit from the estimate and its error, by every df that the test may have."""
        estimate, se = (_number(effect, name) for name in ("estimate", "se"))
        if estimate is None or se is None:
            return []
        readings = []
        for df, called in self._dfs(effect):
            reach = _critical(1 - level, df).scaled(1.0 if statistic == "ci_high" else -1.0)
            found = estimate.plus(se.times(reach))
            readings.append(Reading(found, f"limit of {100 * level:g} % {called}"))
        return readings

    def _level(self, file: str) -> float:
        """The confidence level of a table that names none: one that fits most of its limits."""
        if file not in self._levels:
            limits = [
                (effect, name, effect.reported[name])
                for effect in self.study.effects
                for name in ("ci_low", "ci_high")
                if effect.file == file and name in effect.reported
            ]

            def misfits(level: float) -> int:
                readings = ((cell, self._reaches(e, name, level)) for e, name, cell in limits)
                return sum(
                    bool(own) and all(not cell.meets(*each.implied[1:]) for each in own)
                    for cell, own in readings
                )

            self._levels[file] = min(LEVELS, key=misfits)
        return self._levels[file]

    def _dfs(self, effect: PrintedEffect) -> list[tuple[tuple[float, float], str]]:
        """Degrees of freedom that a test may have, fewest and most, in words."""
        found: list[tuple[tuple[float, float], str]] = [((math.inf, math.inf), "by the normal")]
        known = {
            float(df)
            for model in self.models.values()
            if model.outcome == effect.of[-1] and effect.of[0] in model.predictors
            for df in model.residual_dfs
        }
        found += [((df, df), f"by t with {df:g} df") for df in sorted(known)]
        n = effect.n or self.study.n
        least = float(max(n - MOST_UNPRINTED - 2, 1))
        return [*found, ((least, float(n)), f"by t with {least:g} df or more")]

    # What there is of other numbers

    def _steps(self, effect: PrintedEffect) -> list[tuple[str, str]]:
        return list(zip(effect.of, effect.of[1:], strict=False))

    def _chains(self, effect: PrintedEffect) -> Chains:
        """The paths of an indirect effect, of one unit, from the same table or from regressions."""
        each = [self._paths(effect, step) for step in self._steps(effect)]
        known = [units for paths in each if (units := {path.unit for path in paths}) != {""}]
        # A unit that some step has not is of no chain: to look for one would have no bound.
        common = set.intersection(*known) if known else set()
        able = [[path for path in paths if path.unit in {"", *common}] for paths in each]
        found = list(islice(_of_one_unit(able), MOST_READINGS + 1))
        return Chains(found[:MOST_READINGS], len(found) > MOST_READINGS)

    def _paths(self, effect: PrintedEffect, step: tuple[str, str]) -> list[Path]:
        own = [
            each
            for each in self.study.effects
            if (each.file, each.column) == (effect.file, effect.column)
            and each.standardised == effect.standardised
            and each.kind == "path"
            and tuple(each.of) == step
            and "estimate" in each.reported
        ]
        if own:
            return [Path(_coefficient(each), "", f"{each.row} of the table", True) for each in own]
        return self._of_models(effect, step)

    def _of_models(self, effect: PrintedEffect, step: tuple[str, ...]) -> list[Path]:
        """A path as regressions print it."""
        first, last = step
        able = [
            model
            for model in self.models.values()
            if model.outcome == last and first in model.predictors
        ]
        units = {True: ["beta"], False: ["b"], None: ["b", "beta"]}[effect.standardised]
        return [
            Path(own, unit, f"{first} in {model.name}", len(able) == 1)
            for model in able
            for unit in units
            for own in [printed_coefficient(model.reported.get(first, {}), unit, model.test_dfs)]
            if own.estimate is not UNKNOWN
        ]

    def _groups(self, effect: PrintedEffect) -> list[tuple[list[PrintedEffect], bool]]:
        """Effects with the same ends: of the same table and group of columns, and of all tables."""
        alike = [
            each
            for each in self.study.effects
            if each.standardised == effect.standardised
            and (each.of[0], each.of[-1]) == (effect.of[0], effect.of[-1])
        ]
        own = [each for each in alike if (each.file, each.column) == (effect.file, effect.column)]
        return [(own, True), (alike, False)]

    def _standardised(
        self, effect: PrintedEffect, paths: Sequence[Path], raw: Reading
    ) -> Iterator[Reading]:
        """What is read of raw paths, wholly or in part standardised by the printed SDs."""
        if effect.standardised is False or any(each.unit == "beta" for each in paths):
            return
        one, other = (self.study.constructs[name].sd for name in (effect.of[0], effect.of[-1]))
        if other is None:
            return
        partly = raw.implied.over(Ranged.of(other))
        yield Reading(partly, f"{raw.how}, over the SD of the outcome")
        if one is not None:
            yield Reading(partly.times(Ranged.of(one)), f"{raw.how}, standardised by the SDs")


def _of_one_unit(steps: Sequence[Sequence[Path]], unit: str = "") -> Iterator[tuple[Path, ...]]:
    """A path of each step, in their order, all of one unit where they have any."""
    if not steps:
        yield ()
        return
    for path in steps[0]:
        if not unit or path.unit in ("", unit):
            for rest in _of_one_unit(steps[1:], unit or path.unit):
                yield (path, *rest)


def _times_sum(slope: Slope) -> Ranged:
    """A slope at the values of its moderators."""
    parts = zip(slope.coefficients, slope.weights, strict=True)
    return sum_of(coefficient.estimate.times(weight) for coefficient, weight in parts)


def _error(slope: Slope, correlations: Correlations) -> Reading:
    """Its standard error, by the correlation of the estimates, or by any where none is known."""
    open_pairs = []

    def between(i: int, j: int) -> Ranged:
        found = correlations.of(slope.model.name, slope.terms[i], slope.terms[j])
        if found is ANY_CORRELATION:
            open_pairs.append((i, j))
        return found

    weighted = zip(slope.coefficients, slope.weights, strict=True)
    implied = error_of_sum([each.se.times(weight) for each, weight in weighted], between)
    which = "any correlation" if open_pairs else "the correlation"
    return Reading(implied, f"error of b + b3 w, with {which} of both estimates, by {slope.how}")


def _only(effects: Sequence[PrintedEffect], kind: str) -> Ranged | None:
    """The estimate of the effect of a kind; None unless there is just one."""
    found = [_number(each, "estimate") for each in effects if each.kind == kind]
    return found[0] if len(found) == 1 else None


def _sum_if_printed(numbers: Sequence[Ranged | None]) -> Ranged | None:
    """The sum; None where one of them is not printed."""
    printed = [number for number in numbers if number is not None]
    return sum_of(printed) if len(printed) == len(numbers) else None


def _times(numbers: Iterable[Ranged]) -> Ranged:
    total = _ONE
    for number in numbers:
        total = total.times(number)
    return total


def _number(effect: PrintedEffect, statistic: str) -> Ranged | None:
    cell = effect.reported.get(statistic)
    return None if cell is None else Ranged.of(cell)


def _coefficient(effect: PrintedEffect) -> Coefficient:
    """A path of a table of effects as a coefficient."""
    estimate, se = (_number(effect, name) for name in ("estimate", "se"))
    tested = next((t for name in ("t", "z") if (t := _number(effect, name))), None)
    assert estimate is not None
    if tested is None:
        tested = UNKNOWN if se is None else estimate.over(se)
    elif se is None:
        se = estimate.size.over(tested.size)
    return Coefficient(estimate, se or UNKNOWN, tested)


def _tests_of_product(own: Sequence[Coefficient]) -> Iterator[Reading]:
    """z of a product by each variant; from t, on which alone it hangs."""
    if any(each.t is UNKNOWN for each in own):
        return
    sizes = [each.t.size for each in own]
    sign = _times(Ranged(*(math.copysign(1.0, x) for x in each.t)) for each in own)
    for variant in VARIANTS if len(own) == 2 else ("Sobel",):
        function = VARIANTS[variant]
        if variant == "Goodman" and min(each.low for each in sizes) <= 1.0:
            continue
        value, low, high = (function([each[at] for each in sizes]) for at in range(3))
        yield Reading(Ranged(value, low, high).times(sign), f"z by {variant}")


def _p_of(tested: Ranged, df: tuple[float, float], sides: int) -> Ranged:
    """p of a test over a range of its statistic and of its df; fewer df, larger p."""
    size = tested.size
    least, most = (
        float(two_sided_p(t, d)) * sides / 2 for t, d in ((size.high, df[1]), (size.low, df[0]))
    )
    value = float(two_sided_p(size.value, df[0])) * sides / 2 if df[0] == df[1] else math.nan
    return Ranged(value, least, most)


def _critical(level: float, df: tuple[float, float]) -> Ranged:
    least, most = (float(critical_t(level, d)) for d in (df[1], df[0]))
    return Ranged(least if df[0] == df[1] else math.nan, least, most)


CHECK = Check(
    name="effects",
    question="Do printed effects follow from their paths, from each other and from their errors?",
    needs="a table of effects: paths, direct, indirect and total ones, or simple slopes",
    source="Sobel 1982; Aroian 1947; Goodman 1960; MacKinnon 2008; slopes by Aiken and West 1991",
    judge=judge,
)
