"""A paper as checks see it: its study, and what several checks compute from it, computed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from retrace.checks.regression.comparison import Comparison
    from retrace.checks.regression.conventions import Convention
    from retrace.checks.regression.feasibility import Feasibility
    from retrace.checks.regression.levels import Levelled
    from retrace.checks.regression.printed_model import PrintedModel
    from retrace.checks.regression.sd_ratios import Bound
    from retrace.checks.regression.stars import JudgedTable, StarredTable
    from retrace.checks.regression.tables import Related
    from retrace.papers.study import Study


class Ratios(NamedTuple):
    """Whether standard deviations exist that give every printed B, and the numbers in conflict."""

    status: str
    conflict: list[Bound]


@dataclass(frozen=True)
class Record:
    """A paper's key and study; what is computed from them, is so when it is first asked for.

    Attributes
    ----------
    paper : str
    study : Study or None
        None for a paper without a quantitative part; then nothing else may be asked for.
    conventions : mapping
        Model to the convention of its table, where that is not the usual one.
    """

    paper: str
    study: Study | None
    conventions: Mapping[str, Convention] = field(default_factory=dict)

    @property
    def the_study(self) -> Study:
        """The study, for what is only asked where there is one.

        Raises
        ------
        ValueError
            If the paper has none.
        """
        if self.study is None:
            raise ValueError(f"{self.paper} has no study")
        return self.study

    @cached_property
    def models(self) -> dict[str, PrintedModel]:
        """Regressions with their printed numbers, by name."""
        from retrace.checks.regression.conventions import USUAL, apply
        from retrace.checks.regression.from_study import models_of

        return {
            name: apply(model, self.conventions.get(name, USUAL))
            for name, model in models_of(self.the_study).items()
        }

    @cached_property
    def by_convention(self) -> Record:
        """The record with every table read by the convention that fits it."""
        from retrace.checks.regression.conventions import as_read, fitting_conventions

        if self.study is None or self.conventions:
            return self
        found = fitting_conventions(self)
        return Record(self.paper, as_read(self.study, found), found) if found else self

    def read_as(self, model: str, statistic: str, term: str = "") -> str:
        """How a number of a model is read where not as usual, to end a sentence; else empty."""
        convention = self.conventions.get(model)
        said = convention.says(statistic, term) if convention else ""
        if statistic == "t" and self.models[model].absolute_t:
            said = ", ".join(filter(None, (said, "without its sign")))
        return f"; read {said}" if said else ""

    @cached_property
    def comparisons(self) -> dict[str, Comparison]:
        """Printed numbers beside what the correlations imply, by model."""
        from retrace.checks.regression.comparison import judge_numbers
        from retrace.checks.regression.from_study import set_aside

        return {
            name: judge_numbers(model, aside=set_aside(self.the_study, name))
            for name, model in self.models.items()
        }

    @cached_property
    def relations(self) -> dict[str, list[Related]]:
        """Printed numbers beside what others of their rows imply, by model."""
        from retrace.checks.regression.relations import judge_relations

        return {name: judge_relations(model) for name, model in self.models.items()}

    @cached_property
    def stars(self) -> list[JudgedTable]:
        """The stars of every table that has some, and a legend."""
        from retrace.checks.regression.stars import starred_tables

        return starred_tables(self.starred_tables)

    @cached_property
    def starred_tables(self) -> list[StarredTable]:
        """Every table with the cells of it that have a p, and its legend."""
        from retrace.checks.regression.corrections import DECLARED
        from retrace.checks.regression.stars import (
            Legend,
            StarredTable,
            correlation_reading,
            row_cells,
            used,
            whole_cells,
        )
        from retrace.printed.numbers import Printed

        study = self.the_study
        legend, sides = study.correlation_stars, study.correlation_tails
        printed = Legend.of(study.stars if legend is None else legend, sides)
        correction = DECLARED.get(study.correlation_corrected or "", "")
        cells, how = correlation_reading(study.correlations, study.pair_n, printed, correction)
        tables: list[tuple] = [(None, cells, legend, sides, how)]
        # Where a number was set aside with the stars of its row, the others have none to judge.
        aside = {
            (each.model, each.row)
            for each in study.impossible
            if each.model and Printed.parse(each.printed).stars
        }
        for name, model in study.models.items():
            starred = row_cells(self.models[name], model.tails) + whole_cells(
                study, self.models, name
            )
            own = [each for each in starred if (name, each.row) not in aside]
            tables.append((name, own, model.stars, model.tails, ""))
        return [
            StarredTable(
                name, own, used(own, study.stars) if legend is None else legend, sides, how
            )
            for name, own, legend, sides, how in tables
        ]

    @cached_property
    def one_sided(self) -> dict[str, list[str]]:
        """Terms whose printed p is one-sided, by model: it fits so alone, or its table says it.

        All of a model where only so its numbers can hold at once.
        """
        from retrace.checks.regression.comparison import ONE_SIDED_P
        from retrace.checks.regression.relations import one_sided_terms

        found = {}
        for name, compared in self.comparisons.items():
            terms = [row.term for row in compared.compared if row.statistic == ONE_SIDED_P]
            terms += one_sided_terms(self.relations[name])
            every = [term for term, row in self.models[name].reported.items() if "p" in row]
            if self.the_study.models[name].tails == 1:
                terms += every
            terms = list(dict.fromkeys(terms))
            other = len(terms) < len(every) and self._cannot_hold(name, terms)
            found[name] = every if other and not self._cannot_hold(name, every) else terms
        return found

    def _cannot_hold(self, model: str, one_sided: list[str]) -> bool:
        """Whether the numbers of a model cannot hold at once, with p of some terms one-sided."""
        from retrace.checks.regression.linear_programs import INFEASIBLE

        found = self._at_its_level(model, one_sided).feasibility
        return found is not None and found.status == INFEASIBLE

    @cached_property
    def feasibility(self) -> dict[str, Feasibility | None]:
        """Whether the printed numbers of a model can hold at once, by model that prints some.

        None where there are no correlations of it, nor any to be completed.
        """
        return {
            name: self._feasibility(name, self.one_sided[name])
            for name, model in self.models.items()
            if any(model.reports())
        }

    def _feasibility(self, name: str, one_sided: list[str]) -> Feasibility | None:
        from retrace.checks.regression.feasibility import joint_feasibility

        model = self.models[name]
        if (model.missing_correlations and not model.incomplete) or not any(model.reports()):
            return None
        return joint_feasibility(model, one_sided=one_sided)

    @cached_property
    def levelled(self) -> dict[str, Levelled]:
        """The confidence level of the printed limits, and feasibility at it, by model."""
        return {name: self._at_its_level(name, terms) for name, terms in self.one_sided.items()}

    def _at_its_level(self, model: str, one_sided: list[str]) -> Levelled:
        from retrace.checks.regression.levels import fitting_level

        joint = self._feasibility(model, one_sided)
        return fitting_level(self.models[model], self.comparisons[model], joint, one_sided)

    def level_of(self, model: str) -> float:
        """The confidence level of a model's printed limits; of one without any, the usual."""
        from retrace.checks.regression.recomputed import LEVEL

        cells = self.models[model].reported.values()
        limited = any("ci_low" in row or "ci_high" in row for row in cells)
        return self.levelled[model].level if limited else LEVEL

    @cached_property
    def ratios(self) -> Ratios:
        """Whether one set of standard deviations gives the printed B of all models."""
        from retrace.checks.regression.sd_ratios import sd_conflict

        brackets = [row for found in self.comparisons.values() for row in found.brackets]
        # A standardised predictor says nothing of the deviation of its variable, nor do weights.
        usual = [
            model
            for name, model in self.models.items()
            if (name not in self.conventions or not self.conventions[name].standardised)
            and model.errors != "weighted"
        ]
        own = {model.name for model in usual}
        return Ratios(*sd_conflict(usual, [row for row in brackets if row.model in own]))
