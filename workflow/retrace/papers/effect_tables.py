"""Printed tables of effects as they look: paths, direct, indirect and total ones, simple slopes.

Rows are effects, columns their numbers; where a table has several chains side by side, a group of
columns each. What a row is, its words say (`a`, `c'`, `Total effect`, `ab indirect`) where the
table's entry names the chain, or the entry says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from retrace.papers.hypotheses import undeclared
from retrace.papers.printed_tables import impossible_number
from retrace.papers.reading import Folder, Place, Say
from retrace.papers.schema import EffectColumn, EffectRow, EffectTable, StudyEntry
from retrace.papers.study import EffectKind, Impossible, PrintedEffect
from retrace.printed.cells import Cell, read_cell
from retrace.printed.headings import normal, statistic_of
from retrace.printed.numbers import Printed
from retrace.printed.ranges import out_of_range
from retrace.untrusted.nearest import did_you_mean

MOST_EFFECTS = 2_000
# Of a heading so many characters say what a column holds, or what a row is.
LONGEST_HEADING = 200
_KINDS: tuple[EffectKind, ...] = (
    *("path", "direct", "total", "indirect"),
    *("total indirect", "slope"),
)
# Further names of what a column of effects holds, as `statistic_of` has those of regressions.
_HELD = {
    "estimate": "estimate effect ab pointestimate indirecteffect value est effectsize",
    "se": "bootse se(boot) sandwichse bootstrapse standarderror bootseab",
    "z": "z zvalue sobelz sobel sobeltest zscore teststatistic",
    "ci_low": "bootllci bootcilower bootlower bcllci lowerci",
    "ci_high": "bootulci bootciupper bootupper bculci upperci",
    "ci": "bootci 95%bootci 95%bootstrapci bootstrapci 95%bcci percentileci",
}
_HELD_AS = {normal(word): held for held, words in _HELD.items() for word in words.split()}
_REGRESSION = {"b": "estimate", "beta": "estimate"}
_OWN = ("se", "t", "p", "ci_low", "ci_high", "ci")
# Words of rows, by the short name of what they are.
_R2 = r"r(?:2|²| ?-?squared?)(?: of| in|,|:)? ?(?:the )?"
_ROWS = {
    "a": r"(?:path )?a(?: path)?",
    "b": r"(?:path )?b(?: path)?",
    "total": r"(?:path )?c(?: path)?|(?:c )?\(?total(?: effects?)?(?: \(?c\)?)?\)?"
    r"|total effect of .*",
    "direct": r"(?:path )?c['’′](?: path)?|(?:c['’′] )?\(?direct(?: effects?)?(?: \(?c['’′]\)?)?\)?"
    r"|direct effect of .*",
    "indirect": r"(?:ab?[x×*·]?b )?\(?indirect(?: effects?)?(?: \(?a ?[x×*·]? ?b\)?)?\)?"
    r"|a ?[x×*·]? ?b|indirect effect of .*|mediation effect|mediated effect",
    "r2_mediator": rf"{_R2}m(?:ediator)?(?: model)?",
    "r2_outcome": rf"{_R2}(?:y|outcome|dependent variable)(?: model)?",
    "r2_total": rf"{_R2}total(?: effect)?(?: model)?",
}
_SHORT = {short: re.compile(words, re.IGNORECASE) for short, words in _ROWS.items()}


class _Row(NamedTuple):
    """What a row is."""

    kind: EffectKind
    of: list[str]
    at: dict[str, Printed]
    standardised: bool | None
    predictors: list[str] | None


class _Group(NamedTuple):
    """Columns whose numbers belong together: places in a row, with what they hold."""

    name: str
    through: list[str] | None
    columns: list[tuple[int, str, tuple[str, ...]]]


def read_effects(folder: Folder, entry: StudyEntry, place: Place) -> list[PrintedEffect]:
    """The effects of a study's tables, in their order; what is wrong is noted in `folder`."""
    found: list[PrintedEffect] = []
    for key, table in entry.effects.items():
        found += _Reader(folder, entry, key, place).read(table)
    if len(found) > MOST_EFFECTS:
        message = f"{len(found)} effects; at most {MOST_EFFECTS} are read"
        folder.problem("paper.yaml", place("study", "effects"), message)
    return found


class _Reader:
    """Reads one table of effects."""

    def __init__(self, folder: Folder, entry: StudyEntry, key: str, place: Place):
        self.folder, self.entry = folder, entry
        self.at = partial(place, "study", "effects", key)
        self.say: Say = partial(folder.problem, "paper.yaml")

    def read(self, table: EffectTable) -> Iterator[PrintedEffect]:
        """Every effect of the table."""
        path = self.folder.path(table.file, self.at("file"))
        read = self.folder.numbers(path) if path else None
        if read is None or not self._declared(table):
            return
        header, rows = read
        groups = self._groups(table, header)
        headings = {cells[0].strip() for _, cells in rows}
        for heading in table.rows.keys() - headings:
            message = f"the table has no row {heading!r}{did_you_mean(heading, headings)}"
            self.say(self.at("rows", heading), message)
        for line, cells in rows:
            for group in groups:
                row = self._row(table, group, cells[0].strip(), line)
                if row is None:
                    continue
                numbers = self._numbers(table, group, cells, header, line)
                if row.kind == "r2":
                    numbers = self._r2(numbers, table.file, line)
                if numbers:
                    yield PrintedEffect(
                        **row._asdict(),
                        reported=numbers,
                        file=table.file,
                        row=cells[0].strip(),
                        column=group.name,
                        printed=table.printed,
                        n=table.n,
                        errors=table.errors,
                        test=table.test,
                        level=table.level,
                        stars=table.stars,
                        tails=table.tails,
                    )

    def _declared(self, table: EffectTable) -> bool:
        """Whether every variable that the entry names is one of the study."""
        chains: list[tuple[tuple[str, ...], list[str] | None]] = [
            (("through",), table.through),
            (("controls",), table.controls),
        ]
        for heading, column in table.columns.items():
            chains.append((("columns", heading), column.through if column else None))
        for heading, row in table.rows.items():
            if isinstance(row, EffectRow):
                chains += [(("rows", heading), chain) for chain in (_chain(row)[1], list(row.at))]
        sound = True
        for at, chain in chains:
            for name in chain or ():
                if name not in self.entry.constructs:
                    self.say(self.at(*at), undeclared(name, self.entry))
                    sound = False
        return sound

    def _groups(self, table: EffectTable, header: list[str]) -> list[_Group]:
        """The groups of columns, in their order; of a table without, all columns."""
        found: dict[str, _Group] = {}
        for heading in table.columns.keys() - set(header[1:]):
            message = f"the table has no column {heading!r}{did_you_mean(heading, header[1:])}"
            self.say(self.at("columns", heading), message)
        for place, heading in enumerate(header[1:], start=1):
            if heading in table.columns and table.columns[heading] is None:
                continue
            column = table.columns.get(heading) or EffectColumn()
            holds = tuple(column.holds) or _holds(heading)
            if not holds:
                message = (
                    f"column {heading!r}: say what it holds, `columns: {{{heading}: {{holds: …}}}}`"
                )
                self.folder.problem(table.file, "line 1", message + ", or null")
                continue
            through = column.through or table.through
            name = column.group or ("" if column.through is None else " to ".join(through or ()))
            group = found.setdefault(name, _Group(name, through, []))
            group.columns.append((place, heading, holds))
        return list(found.values())

    def _row(self, table: EffectTable, group: _Group, heading: str, line: int) -> _Row | None:
        """What a row is in a group of columns; None where it is not read."""
        stated = table.rows[heading] if heading in table.rows else _short(heading)
        if stated is None:
            if heading not in table.rows:
                how = f"`rows: {{{heading}: {{indirect: …}}}}`, or null"
                message = f"row {heading!r}: say what it is, {how}"
                self.folder.problem(table.file, f"line {line}", message)
            return None
        if isinstance(stated, EffectRow):
            kinds, chain = _chain(stated)
            problem = _wrong(kinds, chain, stated)
            if problem:
                self.say(self.at("rows", heading), problem)
                return None
            own = stated.standardised if stated.standardised is not None else table.standardised
            given = _predictors(kinds[0], chain, group.through, table.controls)
            return _Row(kinds[0], chain, stated.at, own, given)
        of_three = stated in ("a", "b") or stated.startswith("r2_")
        if group.through is None or (of_three and len(group.through) != 3):
            what = "a chain of three variables" if of_three else "the chain of variables"
            message = f"row {heading!r} is {stated!r} of a chain: say {what}, `through: [x, m, y]`"
            self.folder.problem(table.file, f"line {line}", message)
            return None
        first, *_, last = through = group.through
        ends = {
            **{"a": through[:2], "b": through[-2:], "indirect": through},
            **{"r2_mediator": through[:2], "r2_outcome": through},
        }
        of, kind = ends.get(stated, [first, last]), _kind(stated)
        given = _predictors(kind, of, through, table.controls)
        return _Row(kind, of, {}, table.standardised, given)

    def _numbers(
        self, table: EffectTable, group: _Group, cells: list[str], header: list[str], line: int
    ) -> dict[str, Printed]:
        """The numbers of a row; those that no effect has are set aside as impossible."""
        found: dict[str, Printed] = {}
        for place, heading, holds in group.columns:
            say = partial(self.folder.problem, table.file, f"line {line}, column {heading}")
            try:
                cell = read_cell(cells[place])
            except ValueError as error:
                say(str(error))
                continue
            for statistic, number in _of_cell(cell, holds, table.brackets, say):
                if statistic in found:
                    say(f"{number.text!r} is a second {statistic} of {cells[0]}")
                elif number.percent:
                    say(f"{number.text!r}: {statistic} is no percentage")
                elif why := impossible_number(statistic, number):
                    self.folder.impossible.append(
                        Impossible(
                            file=table.file,
                            place=f"line {line}, column {heading}",
                            statistic=statistic,
                            row=cells[0].strip(),
                            column=", ".join(filter(None, (group.name, statistic))),
                            printed=number.text,
                            why=why,
                        )
                    )
                else:
                    found[statistic] = number
        return found

    def _r2(self, numbers: dict[str, Printed], file: str, line: int) -> dict[str, Printed]:
        """The one number of a row of R2."""
        r2 = numbers.get("estimate")
        others = [number.text for name, number in numbers.items() if name != "estimate"]
        why = out_of_range(r2, "r2") if r2 else ""
        if others or why:
            wrong = f"{r2} {why}" if why else f"{others[0]!r} stands beside it"
            self.folder.problem(file, f"line {line}", f"R2 {wrong}")
        return {"r2": r2} if r2 else {}


def _kind(short: str) -> EffectKind:
    """The kind of a row by its short name."""
    if short in ("a", "b"):
        return "path"
    return "r2" if short.startswith("r2_") else short  # type: ignore[return-value]


def _predictors(
    kind: EffectKind, of: list[str], through: list[str] | None, controls: list[str] | None
) -> list[str] | None:
    """The predictors of the regression that a row is of, where the table's entry says them.

    Of a total effect the first variable, of others all of the chain before the outcome, and the
    controls of the table.
    """
    if controls is None or kind not in ("path", "direct", "total", "r2"):
        return None
    chain = of if kind in ("total", "r2") else through
    if (
        chain is None
        or of[-1] not in chain
        or not set(of) <= set(chain)
        or set(controls) & set(chain)
    ):
        return None
    return [*chain[: chain.index(of[-1])], *controls]


def _chain(row: EffectRow) -> tuple[list[EffectKind], list[str]]:
    """The kinds that a row is said to be of, and the variables of the first."""
    given = [(kind, getattr(row, kind.replace(" ", "_"))) for kind in _KINDS]
    stated = [(kind, chain) for kind, chain in given if chain is not None]
    return [kind for kind, _ in stated], stated[0][1] if stated else []


def _wrong(kinds: list[EffectKind], chain: list[str], row: EffectRow) -> str:
    """What is wrong with what a row is said to be; else empty."""
    if len(kinds) != 1:
        names = ", ".join(kind.replace(" ", "_") for kind in _KINDS)
        return f"is exactly one of {names}; found {' and '.join(kinds) or 'none'}"
    if len(set(chain)) < len(chain):
        return "names a variable twice"
    if kinds[0] == "indirect" and len(chain) < 3:
        return "an indirect effect goes through a mediator: `indirect: [x, m, y]`"
    if kinds[0] != "indirect" and len(chain) != 2:
        return f"{kinds[0]} goes from one variable to another"
    if bool(row.at) != (kinds[0] == "slope"):
        return "`at` goes with a slope, and a slope with `at`: the values of its moderators"
    return ""


def _short(heading: str) -> str | None:
    """What a row is by its words."""
    bare = " ".join(heading[:LONGEST_HEADING].replace("′", "'").replace("’", "'").split())
    return next((short for short, words in _SHORT.items() if words.fullmatch(bare)), None)


def _holds(heading: str) -> tuple[str, ...]:
    """What a column holds by its heading; one number, or an estimate and what is in brackets."""
    if (whole := _held(heading)) is not None:
        return (whole,)
    short = heading.strip()[:LONGEST_HEADING]
    match = re.fullmatch(r"([^(\[]+)[(\[]([^)\]]+)[)\]]", short)
    parts = [_held(part) for part in match.groups()] if match else []
    return tuple(part for part in parts if part) if parts and all(parts) else ()


def _held(heading: str) -> str | None:
    known = statistic_of(heading)
    if (own := _HELD_AS.get(normal(heading))) is not None:
        return own
    return known if known in _OWN else _REGRESSION.get(known or "")


def _of_cell(
    cell: Cell, holds: tuple[str, ...], brackets: str | None, say: Callable[[str], None]
) -> Iterator[tuple[str, Printed]]:
    """The numbers of a cell, each with what it is."""
    first, behind = holds[0], holds[1] if len(holds) > 1 else brackets or ""
    if cell.word:
        if cell.word == "ns" and first == "p":
            yield "p", Printed.parse(">0.05")
        elif cell.word != "ns":
            say(f"{cell.text!r} stands where {first} is expected")
        return
    if cell.estimate is not None:
        yield first if first != "ci" else "estimate", cell.estimate
    if cell.bracket is not None:
        kind = cell.kind or behind or (first if cell.estimate is None else "")
        if kind not in ("se", "z", "t", "p"):
            say(f"{cell.text!r}: say what stands in brackets, `brackets:` se, z, t or p")
        else:
            yield kind, cell.bracket
    if cell.low is not None and cell.high is not None:
        yield "ci_low", cell.low
        yield "ci_high", cell.high
