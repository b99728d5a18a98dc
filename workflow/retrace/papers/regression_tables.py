"""Printed tables of regressions as they look: models side by side, or stacked in steps.

A table has its terms in rows and its models in columns (`wide`), or one row a term of a model and
one column a statistic (`long`). Of a wide table, rows with the name of a statistic are its foot,
rows without a name belong to the row above (a t or an error in brackets), and a row with a name and
nothing else, such as `Step 2`, opens a step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from retrace.papers.decimals import Table
from retrace.papers.schema import ColumnEntry, RegressionTable
from retrace.printed.cells import Cell, is_nothing, read_cell
from retrace.printed.headings import (
    STATISTIC,
    VARIABLE,
    Meaning,
    Variables,
    ambiguous,
    normal,
    statistic_of,
)
from retrace.printed.numbers import Printed
from retrace.printed.reported import (
    CHANGE_OF,
    CHANGE_STATISTICS,
    CONSTANT_NAMES,
    MODEL_COUNTS,
    MODEL_STATISTICS,
    TERM_STATISTICS,
    is_constant,
)
from retrace.untrusted.nearest import did_you_mean

_STEP = re.compile(r"(?:step|block|stage|model|panel)\s*[0-9IVX]+\b.*", re.IGNORECASE)
_DEGREES = re.compile(r"\(?\s*([0-9]{1,6})\s*[,;/]\s*([0-9]{1,9})\s*\)?")
# `F (2, 209)` as the heading of a row: F with its degrees of freedom.
_TESTED = re.compile(r"(?P<name>[^()]+)\(\s*(?P<df1>[0-9]{1,6})\s*[,;]\s*(?P<df2>[0-9]{1,9})\s*\)")
# Ratios that logistic, Cox and Poisson regressions print, by a heading alone or as part of one.
_RATIO = re.compile(
    r"\b(?:a?OR|a?HR|IRR|RRR)\b|\bExp\s?\(\s?[Bbβ]\s?\)|(?i:\b(?:odds|hazard)\s+ratio)"
)
_RATIOS = ("or", "aor", "hr", "irr", "expb", "expβ", "oddsratio", "hazardratio")
# What is said of a model as a whole.
_OVERALL = {*MODEL_STATISTICS, *CHANGE_STATISTICS, *MODEL_COUNTS, "df"}
_OF_TWO_DF = ("f", "f_change")
# What a row of a long table is called that has the changes beside the model before.
_CHANGES = ("change", "changes", "δ", "delta", "difference")
# What is in a model of which a table prints numbers and no coefficient of a predictor.
UNNAMED = "what its table does not name"
# Columns of a long table that say what a row is about.
_PLACES = ("model", "step", "term")


@dataclass
class TableModel:
    """One model of a printed table.

    Attributes
    ----------
    name, outcome : str
    predictors : list of str
        Variables that the model has by this table, in the order of its rows.
    rows : list of str
        Terms that have a row of their own, the constant among them.
    unprinted : dict
        What is in the model and has no coefficient printed, with the number of predictors that it
        stands for, or None where the table does not say.
    reported : dict
        Term to statistic to printed number.
    overall : dict
        Statistic of the whole model to printed number.
    counts : dict
        n, df1 and df2 where printed.
    places : dict
        (term, statistic) to line and column of the table, as a person looks them up.
    after : str
        The model of the step before, whose predictors this one has too; empty for the first of its
        outcome, None where there is none such.
    order : (int, int)
        Its step and column.
    """

    name: str
    outcome: str
    predictors: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    unprinted: dict[str, int | None] = field(default_factory=dict)
    reported: dict[str, dict[str, Printed]] = field(default_factory=dict)
    overall: dict[str, Printed] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    after: str | None = None
    order: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class _Column:
    """A column of a wide table: whose model it is, and what its cells hold."""

    heading: str
    place: int
    model: str
    outcome: str
    holds: tuple[str, ...]


class _Text(NamedTuple):
    """A cell as it stands in a wide table; `is_below` where it belongs to the row above."""

    cell: str
    place: str
    is_below: bool


class RegressionTableReader:
    """Reads one table; what is wrong is said to `problem(place, message)`.

    Parameters
    ----------
    key : str
        The table's key in `paper.yaml`.
    entry : RegressionTable
    variables : Variables
    legend : mapping
        Levels of the stars of the table.
    problem : callable
    """

    def __init__(
        self,
        key: str,
        entry: RegressionTable,
        variables: Variables,
        legend: Mapping[str, float],
        problem: Callable[[str, str], None],
    ):
        self.key, self.entry, self.variables = key, entry, variables
        self.legend, self.problem = legend, problem
        self.models: dict[str, TableModel] = {}

    def read(self, table: Table) -> list[TableModel]:
        """The models of the table, in the order in which they stand there."""
        if ratios := [heading for heading in table[0] if _is_a_ratio(heading)]:
            self._no_ratios(ratios[0])
        elif self._is_long(table[0]):
            self.read_long(table)
        else:
            self._read_wide(table)
        rows = {name for _, (name, *_) in table[1]}
        # By step, then by column: a model of controls alone may have its first number further down.
        self.models = dict(sorted(self.models.items(), key=lambda item: item[1].order))
        for model in self.models.values():
            # What the note of a table says is in all its models has no row.
            model.unprinted |= {
                what: count for what, count in self.entry.unprinted.items() if what not in rows
            }
            if not model.predictors and not model.unprinted:
                model.unprinted = {UNNAMED: None}
        self._chain()
        return list(self.models.values())

    def _no_ratios(self, heading: str) -> None:
        self.problem(
            f"line 1, column {heading}",
            "ratios of a logistic, Cox or Poisson regression are not read yet; take the table out "
            f"of `regressions:` ({self.key}); under `tables:` of the paper claims can use it",
        )

    def _is_long(self, header: list[str]) -> bool:
        """Whether columns are statistics: one column of terms, and mostly names of statistics."""
        if self.entry.columns:
            return False
        if "term" in map(normal, header):
            return True
        named = [self._held_in(heading) for heading in header if normal(heading) not in _PLACES]
        return sum(each is not None for each in named) > len(named) / 2

    # Models -----------------------------------------------------------------------------------

    def _model(self, name: str, outcome: str, order: tuple[int, int]) -> TableModel:
        if name not in self.models:
            self.models[name] = TableModel(name, outcome, order=order)
        return self.models[name]

    def _outcome(self, heading: str, line: str) -> str:
        """The outcome of a column: as its entry says, of the whole table, or by the heading."""
        if self.entry.outcome:
            return self.entry.outcome
        if found := self.variables.find(heading):
            return found
        self.problem(
            line,
            f"{heading!r} is no variable of the study; say which outcome its model has: "
            f"`outcome:` of the table, or `columns: {{{heading}: <variable>}}`",
        )
        return ""

    def _chain(self) -> None:
        """Which model each continues: the last before it of its outcome whose predictors it has."""
        seen: list[TableModel] = []
        for model in self.models.values():
            before = self.models.get(model.after or "")
            if self.entry.steps != "all" and before:
                model.predictors[:0] = [p for p in before.predictors if p not in model.predictors]
                model.unprinted = before.unprinted | model.unprinted
            earlier = [before for before in seen if before.outcome == model.outcome]
            own = {*model.predictors, *model.unprinted}
            nested = [b.name for b in earlier if {*b.predictors, *b.unprinted} < own]
            model.after = nested[-1] if nested else None if earlier else ""
            seen.append(model)

    # Wide -------------------------------------------------------------------------------------

    def _read_wide(self, table: Table) -> None:
        header, rows = table
        columns = [self._column(i, heading) for i, heading in enumerate(header[1:])]
        row, step, last = "", 0, sum(_opens_a_step(name, cells) for _, (name, *cells) in rows)
        for line, (name, *cells) in rows:
            if name and all(is_nothing(cell) for cell in cells):
                # A step, or a heading over some rows; a variable without numbers is in no model.
                row, step = "", step + _opens_a_step(name, cells)
                continue
            row = name or row
            if not row:
                self.problem(f"line {line}", "a row without a name, and none above it")
                continue
            kind = self._kind(row)
            if kind is None:
                self._unknown_row(line, row)
                continue
            for column, cell in zip(columns, cells, strict=True):
                if column is not None and not is_nothing(cell):
                    model = self._step_of(column, step)
                    if kind[0] == "term" and self.entry.steps == "final" and step < last:
                        self._is_predictor(model, kind[1])
                        model = self._step_of(column, last)
                    place = f"line {line}, column {column.heading}"
                    self._enter(model, column.holds, kind, _Text(cell, place, not name))
                    if tested := _TESTED.fullmatch(row):
                        self._enter_tested(model, kind, tested)

    def _column(self, place: int, heading: str) -> _Column | None:
        columns = self.entry.columns
        # A heading of statistics alone is of a table of one model; a variable may be called so.
        is_variable = self.variables.find(heading) is not None
        name, holds = (heading, ()) if is_variable else split_heading(heading)
        # The name of a model stands for all its columns: `Women` for `Women B` and `Women SE`.
        key = heading if heading in columns else name
        given = columns.get(key)
        if given is None and columns:
            if key not in columns:
                message = f"column {heading!r} is not among the table's `columns:`"
                self.problem("line 1", f"{message}; `{heading}: null` leaves it unread")
            return None
        if isinstance(given, str):
            given = ColumnEntry(outcome=given)
        model = (given and given.model) or name or self.key
        outcome = (given and given.outcome) or self._outcome(name or heading, "line 1")
        said = list(given.holds) if given else []
        held = (said or holds if key == heading else holds or said) or self._usual()
        return _Column(heading, place, model, outcome, tuple(held)) if outcome else None

    def _usual(self) -> tuple[str, ...]:
        """What a cell holds where its column does not say it."""
        entry = self.entry
        return tuple(part for part in (entry.estimate, entry.brackets) if part)

    def _kind(self, row: str) -> tuple[str, str] | None:
        """What a row is: a term, a statistic of the model, or what is in it and not printed."""
        if row in self.entry.unprinted:
            return "unprinted", row
        if is_constant(row.strip()):
            return "term", row.strip()
        tested = _TESTED.fullmatch(row)
        heading = tested["name"] if tested and statistic_of(tested["name"]) in _OF_TWO_DF else row
        meanings = [m for m in self.variables.meanings(heading) if _may_be_a_row(m)]
        if message := ambiguous(row, meanings):
            self.problem("", message)
        if not meanings:
            return None
        kind, name = meanings[0]
        if kind == STATISTIC:
            # In the foot, the p is that of F.
            return "model", "f_p" if name == "p" else name
        return ("term", name) if kind == VARIABLE else ("not read", name)

    def _unknown_row(self, line: int, row: str) -> None:
        self.problem(
            f"line {line}",
            f"construct {row!r} is not declared, and is no statistic of a model; there are "
            f"{self.variables.known}, and the constant is {CONSTANT_NAMES}. Say which it is under "
            "`rows:`, or what is in the models without its coefficients under `unprinted:`"
            + did_you_mean(row, self.variables.keys),
        )

    def _step_of(self, column: _Column, step: int) -> TableModel:
        """The model of a column at a step, 0 in a table without steps."""
        name = f"{column.model}_step{step}" if step else column.model
        model = self._model(identifier(name), column.outcome, (step, column.place))
        if step > 1:
            model.after = model.after or identifier(f"{column.model}_step{step - 1}")
        return model

    def _enter(
        self, model: TableModel, holds: tuple[str, ...], kind: tuple[str, str], text: _Text
    ) -> None:
        what, row = kind
        if what == "not read":
            return
        if what == "unprinted":
            if normal(text.cell) not in ("no", "0"):
                model.unprinted[row] = self.entry.unprinted[row]
            return
        if what == "model":
            self._enter_overall(model, row, text.cell, text.place)
            return
        self._has_row(model, row)
        try:
            cell = read_cell(text.cell)
        except ValueError as error:
            self.problem(text.place, str(error))
            return
        for statistic, number in self._held(cell, holds, text.place, is_below=text.is_below):
            self._set(model, row, statistic, number, text.place)

    def _held(
        self, cell: Cell, holds: tuple[str, ...], place: str, *, is_below: bool
    ) -> Iterator[tuple[str, Printed]]:
        """The numbers of a cell with what each is."""
        first, behind = (*holds, "", "")[:2]
        if cell.word:
            yield from self._word(cell, first, place)
            return
        if first == "ci":
            first = ""
            if cell.low is None:
                self.problem(place, f"{cell.text!r} is no interval, such as [0.11, 0.31]")
                return
        if cell.estimate is not None:
            if not first and not is_below:
                self.problem(place, f"{cell.text!r}: say what it is, `estimate:` b or beta")
                return
            yield (behind if is_below else first) or first, cell.estimate
        if cell.bracket is not None:
            alone = cell.estimate is None and not is_below and len(holds) == 1
            statistic = cell.kind or behind or (first if alone else "")
            if statistic not in TERM_STATISTICS:
                self.problem(
                    place,
                    f"{cell.text!r}: say what stands in brackets, `brackets:` se, t or p",
                )
                return
            yield statistic, cell.bracket
        if cell.low is not None and cell.high is not None:
            yield "ci_low", cell.low
            yield "ci_high", cell.high

    def _word(self, cell: Cell, first: str, place: str) -> Iterator[tuple[str, Printed]]:
        """A p that is printed as stars, or as not significant: a bound by the table's legend."""
        levels = self.legend
        if first != "p" and cell.word == "ns":
            return  # a coefficient that is not printed, as one that is not significant
        if first != "p":
            message = f"{cell.text!r} stands where {first or 'a number'} is expected"
            self.problem(place, message)
        elif cell.word == "ns":
            # Whichever of its levels the paper means by significance, p is not below this.
            level = min(0.05, max(levels.values(), default=0.05))
            yield "p", Printed.parse(f">{level:g}")
        elif cell.stars not in levels:
            self.problem(place, f"{cell.text!r} has stars that `stars:` does not explain")
        else:
            yield "p", Printed.parse(f"<{levels[cell.stars]:g}")

    def _enter_overall(self, model: TableModel, statistic: str, text: str, place: str) -> None:
        if statistic in MODEL_COUNTS or statistic == "df":
            self._enter_counts(model, statistic, text, place)
            return
        try:
            cell = read_cell(text)
        except ValueError as error:
            self.problem(place, str(error))
            return
        if cell.word and statistic in ("f_p", "f_change_p"):
            for _, number in self._word(cell, "p", place):
                self._set(model, "", statistic, number, place)
            return
        if cell.estimate is None:
            self.problem(place, f"{text!r} is no {statistic}")
            return
        if statistic in _OF_TWO_DF and cell.low is not None and cell.high is not None:
            # `17.0 (2, 109)`: F with its degrees of freedom.
            df1, df2 = (int(end.number) for end in (cell.low, cell.high))
            self._enter_dfs(model, statistic, df1, df2)
        self._set(model, "", statistic, cell.estimate, place)

    def _enter_tested(self, model: TableModel, kind: tuple[str, str], tested: re.Match) -> None:
        """The degrees of freedom in the heading of an F."""
        if kind[0] == "model":
            self._enter_dfs(model, kind[1], int(tested["df1"]), int(tested["df2"]))

    def _enter_dfs(self, model: TableModel, statistic: str, df1: int, df2: int) -> None:
        """The degrees of freedom of an F; that of a change has the residual ones of the model."""
        if statistic == "f":
            model.counts |= {"df1": df1, "df2": df2}
        elif statistic == "f_change":
            model.counts |= {"df1_change": df1, "df2": df2}

    def _enter_counts(self, model: TableModel, statistic: str, text: str, place: str) -> None:
        both = _DEGREES.fullmatch(text)
        if statistic == "df" and both:
            model.counts |= {"df1": int(both[1]), "df2": int(both[2])}
        elif re.fullmatch(r"[0-9]{1,3}(?:[.,\u2009\u202f\u00a0 ]?[0-9]{3})*|[0-9]+", text):
            count = int(re.sub(r"[^0-9]", "", text))
            if statistic != "df":
                model.counts[statistic] = count
            elif count not in _dfs_of_f(model):
                # Beside those of F a single df is the residual or the total one again.
                model.counts["df2"] = count
        else:
            self.problem(place, f"{text!r} is no whole number")
        model.places["", statistic] = place

    def _set(
        self, model: TableModel, term: str, statistic: str, number: Printed, place: str
    ) -> None:
        cells = model.overall if not term else model.reported.setdefault(term, {})
        if statistic in cells:
            what = f"{statistic} of {term}" if term else statistic
            self.problem(place, f"{what} of model {model.name!r} stands there twice")
            return
        cells[statistic] = number
        model.places[term, statistic] = place

    # Long -------------------------------------------------------------------------------------

    def read_long(self, table: Table) -> None:
        """Read a table of one row a term of a model and one column a statistic."""
        header, rows = table
        by_model, by_term = self._places(header)
        given = ""
        for line, cells in rows:
            named = (cells[by_model] if by_model is not None else "") or given
            changes = bool(given) and normal(named) in _CHANGES
            given = given if changes else named
            name = identifier(f"{self.key}_{given}" if given else self.key)
            if name not in self.models:
                self._model(name, self._outcome("", "line 1"), (0, len(self.models)))
            model = self.models[name]
            term = self._long_term(model, line, cells[by_term])
            for heading, text in zip(header, cells, strict=True):
                statistic = self._held_in(heading)
                if changes and statistic:
                    statistic = CHANGE_OF.get(statistic, statistic)
                if statistic and term is not None and not is_nothing(text):
                    held = _Text(text, f"line {line}, column {heading}", is_below=False)
                    kind = ("model", statistic) if statistic in _OVERALL else ("term", term)
                    self._enter(model, (statistic,), kind, held)

    def _places(self, header: list[str]) -> tuple[int | None, int]:
        """The columns that name models, if one does, and terms; others have to be statistics."""
        names = [normal(heading) for heading in header]
        by_model = next((i for i, name in enumerate(names) if name in ("model", "step")), None)
        others = [i for i in range(len(names)) if i != by_model and not self._held_in(header[i])]
        by_term = names.index("term") if "term" in names else others[0] if others else 0
        if not others:
            self.problem("line 1", "no column of terms")
        known = ", ".join((*TERM_STATISTICS, *sorted(_OVERALL)))
        for i in others:
            if i != by_term:
                message = f"unknown statistic {header[i]!r}; known are {known}"
                message += did_you_mean(header[i], TERM_STATISTICS)
                self.problem("line 1", message)
        return by_model, by_term

    def _held_in(self, heading: str) -> str | None:
        return None if normal(heading) in _PLACES else statistic_of(heading)

    def _long_term(self, model: TableModel, line: int, name: str) -> str | None:
        """The term of a row, empty where it is about the whole model; None where it is none."""
        kind = self._kind(name) if name else ("term", "")
        if kind is None or kind[0] == "model":
            self._unknown_row(line, name)
            return None
        what, term = kind
        if what == "unprinted":
            model.unprinted[term] = self.entry.unprinted[term]
        if what != "term":
            return None
        if term in model.rows or (is_constant(term) and any(map(is_constant, model.rows))):
            called = "the constant stands" if is_constant(term) else "a term stands"
            self.problem(f"line {line}", f"{called} there twice: {name!r}")
        self._has_row(model, term)
        return term

    def _has_row(self, model: TableModel, term: str) -> None:
        if term and term not in model.rows:
            model.rows.append(term)
            self._is_predictor(model, term)

    def _is_predictor(self, model: TableModel, term: str) -> None:
        if not is_constant(term) and term not in model.predictors:
            model.predictors.append(term)


def _opens_a_step(name: str, cells: list[str]) -> bool:
    """Whether a row is the heading of a step."""
    return _STEP.fullmatch(name) is not None and all(map(is_nothing, cells))


def _may_be_a_row(meaning: Meaning) -> bool:
    """Whether what a heading stands for can be a row: a statistic only of a whole model."""
    return meaning.kind != STATISTIC or meaning.name in {*_OVERALL, "p"}


def split_heading(heading: str) -> tuple[str, tuple[str, ...]]:
    """The model that a column belongs to, and what its cells hold where its heading says it.

    `safety_b_se` is the model `safety` with `b (se)`, `Model 1 β` the model `Model 1` with beta;
    `B (SE)` names none.
    """
    parts = re.split(r"[\s_(),;/]+", heading.strip().rstrip(")"))
    for start in range(len(parts)):
        whole = statistic_of("".join(parts[start:]))
        held = [whole] if whole else [statistic_of(part) for part in parts[start:]]
        if all(held) and set(held) <= {*TERM_STATISTICS, "ci"} and len(held) <= 2:
            return " ".join(parts[:start]), tuple(str(each) for each in held)
    return heading, ()


def _is_a_ratio(heading: str) -> bool:
    """Whether a column holds odds ratios or their like."""
    return normal(heading) in _RATIOS or _RATIO.search(heading) is not None


def _dfs_of_f(model: TableModel) -> set[int]:
    """The residual and the total df that a printed F has; empty where it has none."""
    df1, df2 = model.counts.get("df1"), model.counts.get("df2")
    return set() if df1 is None or df2 is None else {df2, df1 + df2}


def identifier(name: str) -> str:
    """A name for a model that files, syntax and messages can carry."""
    found = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")
    return found if found[:1].isalpha() else f"model_{found}" if found else "model"


def numbers_of(model: TableModel) -> Iterator[tuple[tuple[str, str], Printed]]:
    """Every printed number of a model with its term, empty for the whole, and its statistic."""
    for term, row in model.reported.items():
        for statistic, number in row.items():
            yield (term, statistic), number
    for statistic, number in model.overall.items():
        yield ("", statistic), number
