"""Reading a paper's folder as untrusted data: sizes bounded, no path out, every problem named."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from retrace.papers.plain_yaml import Lines, read_yaml

if TYPE_CHECKING:
    from retrace.papers.paper import Paper

MIB = 1024 * 1024
MAX_YAML_BYTES = 1 * MIB
MAX_FILE_BYTES = 32 * MIB
MAX_COLUMNS = 1_000
MAX_ROWS = 200_000


# A header, and rows of cells with their line numbers.
Table = tuple[list[str], list[tuple[int, list[str]]]]


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a paper's folder: where it is, what was found, what is allowed."""

    file: str
    place: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: {self.message}"


class PaperError(Exception):
    """Every problem of one or more paper folders.

    Attributes
    ----------
    problems : list of Problem
        What is wrong.
    papers : list of Paper
        What could be read all the same, for further checks: `facts` and `study` are None where
        something in them is wrong, and of the claims those are there that are whole.
    """

    def __init__(self, problems: list[Problem], papers: Sequence[Paper] = ()):
        self.problems = problems
        self.papers = list(papers)
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"{count} in the paper folders:\n{lines}")


@dataclass
class Folder:
    """A paper's folder, and the problems found in it so far."""

    root: Path
    problems: list[Problem] = field(default_factory=list)
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
        path = self.root / relative
        try:
            inside = path.resolve().is_relative_to(self.root.resolve())
            is_file = path.is_file()
        except (OSError, ValueError):
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
        size = path.stat().st_size
        if size > limit:
            self.problem(name, "", f"{size:,} bytes; at most {limit:,} are read")
            return None
        raw = path.read_bytes()
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

    def _read_table(self, path: Path) -> tuple[Table | None, bool]:
        name = path.relative_to(self.root).as_posix()
        text = self.text(path)
        if text is None:
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
            for column in sorted({column for column in header if header.count(column) > 1}):
                whole = False
                self.problem(name, "line 1", f"column {column!r} stands in the header twice")
            for count, cells in enumerate(reader):
                if count >= MAX_ROWS:
                    self.problem(name, "", f"more than {MAX_ROWS:,} rows")
                    return None, False
                if not cells:
                    continue
                if len(cells) != len(header):
                    self.problem(
                        name,
                        f"line {reader.line_num}",
                        f"{len(cells)} cells, the header has {len(header)}",
                    )
                    whole = False
                    continue
                rows.append((reader.line_num, [cell.strip() for cell in cells]))
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
