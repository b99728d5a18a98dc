"""Reading a paper's folder as untrusted data: sizes bounded, no path out, every problem named."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from retrace.papers.decimals import Table, find_decimal_sign, with_points
from retrace.papers.study import Impossible
from retrace.printed.headings import join_heads
from retrace.untrusted.plain_yaml import Lines, read_yaml
from retrace.untrusted.texts import no_text, shown

if TYPE_CHECKING:
    from retrace.papers.paper import PaperParts

MIB = 1024 * 1024
MAX_YAML_BYTES = 1 * MIB
MAX_FILE_BYTES = 32 * MIB
MAX_COLUMNS = 1_000
MAX_ROWS = 200_000
# Of all files of a folder, and of all its tables.
MAX_BYTES = 128 * MIB
MAX_CELLS = 2_000_000
# Cells that samples and models read of tables, several of them of the same: so many times.
MAX_CELLS_READ = 5 * MAX_CELLS
MAX_LISTED = 50  # problems of one file that a message shows
# What people save tables with in place of a comma, and how to call it.
SEPARATORS = {";": "';'", "|": "'|'", "\t": "a tab"}

# Where an entry of `paper.yaml` stands, given the keys that lead to it.
Place = Callable[..., str]
# Takes the place of a problem and what is wrong there.
Say = Callable[[str, str], None]


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a paper's folder: where it is, what was found, what is allowed."""

    file: str
    place: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{shown(where)}: {shown(self.message)}"


class PaperError(Exception):
    """Every problem of one or more paper folders.

    Attributes
    ----------
    problems : list of Problem
        What is wrong.
    papers : list of PaperParts
        What could be read all the same, for further checks: `facts` and `study` are None where
        something in them is wrong, and of the claims those are there that are whole.
    """

    def __init__(self, problems: list[Problem], papers: Sequence[PaperParts] = ()):
        self.problems = problems
        self.papers = list(papers)
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
        lines = "\n".join(f"  {line}" for line in _listed(problems))
        super().__init__(f"{count} in the paper folders:\n{lines}")


def _listed(problems: Sequence[Problem]) -> Iterator[str]:
    """Problems as lines, the first ones of each file, and how many more it has."""
    of_file = Counter(problem.file for problem in problems)
    seen: Counter[str] = Counter()
    for problem in problems:
        seen[problem.file] += 1
        if seen[problem.file] <= MAX_LISTED:
            yield str(problem)
        elif seen[problem.file] == of_file[problem.file]:
            yield f"{shown(problem.file)}: {of_file[problem.file] - MAX_LISTED:,} more problems"


@dataclass
class Folder:
    """A paper's folder, the problems found in it so far, and what it prints that is impossible.

    `decimal_sign` is that of the paper's tables whose numbers do not show it, `decimal_commas` are
    the tables that were read with a comma.
    """

    root: Path
    problems: list[Problem] = field(default_factory=list)
    impossible: list[Impossible] = field(default_factory=list)
    decimal_sign: str | None = None
    decimal_commas: set[Path] = field(default_factory=set)
    _numbers: dict[Path, Table | None] = field(default_factory=dict)
    _bytes: int = 0
    _cells: int = 0
    _cells_read: int = 0
    _tables: dict[Path, tuple[Table | None, bool]] = field(default_factory=dict)

    def problem(self, file: str, place: str, message: str) -> None:
        """Note a problem; `file` is relative to the folder."""
        self.problems.append(Problem(f"{self.root.as_posix()}/{file}", place, message))

    def path(self, name: str, place: str) -> Path | None:
        """The file that `paper.yaml` names at `place`, or None with a problem noted."""
        relative = Path(name)
        if relative.is_absolute() or ".." in relative.parts:
            self.problem("paper.yaml", place, f"{name!r} leads out of the paper's folder")
            return None
        if {"{", "}"} & set(name):
            message = f"{name!r} has a brace, which Snakemake reads as a wildcard; rename the file"
            self.problem("paper.yaml", place, message)
            return None
        path = self.root / relative
        try:
            inside = path.resolve().is_relative_to(self.root.resolve())
            is_file = path.is_file()
        except (OSError, ValueError, RuntimeError):  # a link to itself, to Python 3.11 and 3.12
            self.problem("paper.yaml", place, f"{name!r} is not a usable file name")
            return None
        if not inside:
            self.problem("paper.yaml", place, f"{name!r} is a link out of the paper's folder")
            return None
        if not is_file:
            self.problem("paper.yaml", place, f"there is no file {name!r} in the folder")
            return None
        return path

    def text(self, path: Path, limit: int = MAX_FILE_BYTES) -> str | None:
        """A file's text, or None with a problem noted where it is too large or not UTF-8."""
        name = path.relative_to(self.root).as_posix()
        try:
            size = path.stat().st_size
            if size > limit:
                self.problem(name, "", f"{size:,} bytes; at most {limit:,} are read")
                return None
            if self._bytes + size > MAX_BYTES:
                message = f"with it the files of the folder have more than {MAX_BYTES:,} bytes"
                self.problem(name, "", message)
                return None
            self._bytes += size
            raw = path.read_bytes()
        except OSError as error:
            self.problem(name, "", f"cannot be read: {error.strerror or error}")
            return None
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            self.problem(name, f"line {line}", "not UTF-8; save the file as UTF-8")
            return None

    def table(self, path: Path) -> Table | None:
        """A CSV table: its header, and its rows with their line numbers.

        None, with every problem noted, where the header is empty or repeats a column, or a row
        has another number of cells than the header. A table that several sections of a
        description use is read, and its problems are noted, once.
        """
        table, whole = self.sound_rows(path)
        return table if whole else None

    def sound_rows(self, path: Path) -> tuple[Table | None, bool]:
        """A CSV table without the rows of another length, and whether that is the whole table.

        For tables whose rows stand each for itself: what else is wrong with them can be named too.
        """
        if path not in self._tables:
            self._tables[path] = self._read_table(path)
        return self._tables[path]

    def numbers(self, path: Path) -> Table | None:
        """A CSV table of printed numbers, as `table`, with the decimals behind a point.

        A table has one decimal sign, which all its numbers together show. Where none shows it,
        because each may be one of thousands (`1,968`), `decimal_sign` of the paper says it.
        Each call counts its cells: whoever asks for them reads them all.
        """
        if path not in self._numbers:
            self._numbers[path] = self._read_numbers(path)
        table = self._numbers[path]
        if table is None:
            return None
        header, rows = table
        self._cells_read += len(header) * len(rows)
        if self._cells_read > MAX_CELLS_READ:
            name = path.relative_to(self.root).as_posix()
            message = f"with it samples and models read more than {MAX_CELLS_READ:,} cells"
            self.problem(name, "", f"{message}, of the same tables several times")
            return None
        return table

    def _read_numbers(self, path: Path) -> Table | None:
        table = self.table(path)
        if table is None:
            return None
        sign, fault = find_decimal_sign(table, self.decimal_sign)
        if fault:
            # What else is wrong with the table is found with each number's own sign.
            self.problem(path.relative_to(self.root).as_posix(), *fault)
        elif sign == ",":
            self.decimal_commas.add(path)
        return with_points(table, either=sign == ",")

    def _read_table(self, path: Path) -> tuple[Table | None, bool]:
        name = path.relative_to(self.root).as_posix()
        text = self.text(path)
        if text is None:
            return None, False
        if other := _other_separator(text):
            self.problem(
                name, "line 1", f"columns are separated by {other}; save the table with commas"
            )
            return None, False
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        whole = True
        rows: list[tuple[int, list[str]]] = []
        header: list[str] = []
        try:
            header = [cell.strip() for cell in next(reader, [])]
            if not any(header):
                self.problem(name, "line 1", "no header row")
                return None, False
            if len(header) > MAX_COLUMNS:
                self.problem(name, "line 1", f"{len(header):,} columns; at most {MAX_COLUMNS:,}")
                return None, False
            first = next(reader, [])
            if joined := join_heads(header, [cell.strip() for cell in first]):
                header, first = joined, []
            for column in sorted({column for column in header if header.count(column) > 1}):
                whole = False
                self.problem(name, "line 1", f"column {column!r} stands in the header twice")
            for count, cells in enumerate(chain([first], reader)):
                if count >= MAX_ROWS:
                    self.problem(name, "", f"more than {MAX_ROWS:,} rows")
                    return None, False
                if not cells:
                    continue
                self._cells += len(cells)
                if self._cells > MAX_CELLS:
                    message = f"with it the tables of the folder have more than {MAX_CELLS:,} cells"
                    self.problem(name, f"line {reader.line_num}", message)
                    return None, False
                if len(cells) != len(header):
                    self.problem(
                        name,
                        f"line {reader.line_num}",
                        f"{len(cells)} cells, the header has {len(header)}{_unquoted(cells)}",
                    )
                    whole = False
                    continue
                rows.append((reader.line_num, [cell.strip() for cell in cells]))
            for line, cells in [(1, header), *rows] if no_text(text) else ():
                for number, cell in enumerate(cells, start=1):
                    if problem := no_text(cell):
                        whole = False
                        self.problem(name, f"line {line}, column {number}", f"a cell {problem}")
        except csv.Error as error:
            self.problem(name, f"line {reader.line_num}", f"not a CSV table: {error}")
            return None, False
        return (header, rows), whole

    def yaml(self, path: Path) -> tuple[object, Lines] | None:
        """A YAML file's content and the line of every key and list item, by its path.

        None, with every problem noted, where it cannot be read at all.
        """
        name = path.relative_to(self.root).as_posix()
        text = self.text(path, MAX_YAML_BYTES)
        if text is None:
            return None
        content, lines, problems = read_yaml(text)
        for line, message in problems:
            self.problem(name, f"line {line}", message)
        return None if lines is None else (content, lines)


def _unquoted(cells: Sequence[str]) -> str:
    """What to write where a comma inside of brackets has parted a cell; else empty."""
    for one, other in pairwise(cells):
        opened = max(one.rfind("["), one.rfind("("))
        if opened > max(one.rfind("]"), one.rfind(")")) and other.rstrip().endswith(("]", ")")):
            return f'; write a cell with a comma in quotes: "{one.strip()}, {other.strip()}"'
    return ""


def _other_separator(text: str) -> str:
    """What separates the columns of a table in place of commas; empty where commas may do it."""
    lines = [line for line in text[: 64 * 1024].splitlines() if line.strip()][:2]
    for separator, called in SEPARATORS.items():
        columns = [next(csv.reader([line], delimiter=separator)) for line in lines]
        by_comma = [next(csv.reader([line])) for line in lines]
        as_many = len({len(cells) for cells in columns}) == 1 < len(columns[0]) if lines else False
        if as_many and (len(by_comma[0]) == 1 or len(by_comma[0]) != len(by_comma[-1])):
            return called
    return ""
