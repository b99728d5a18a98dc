"""The record of one reference, and its table form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from retrace.bibliography.problem_codes import (
    Problem,
    ProblemCode,
    join_problems,
    split_problems,
)

if TYPE_CHECKING:
    import pandas as pd

# A year, or a date without its dashes; more digits are neither.
_YEAR_FIRST = re.compile(r"([0-9]{4})[0-9]{0,4}(?![0-9])")


class Name(NamedTuple):
    """A person (family, given, suffix), or an organisation (family alone)."""

    family: str
    given: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in self if part)


@dataclass(slots=True)
class Reference:
    """One entry of a reference list.

    Attributes
    ----------
    index : int
        Position in the list, from 1.
    raw : str
        The line as printed, byte for byte where it is valid UTF-8.
    style : str
        The grammar that read it.
    type : str
        Article, book, edited book, chapter, conference paper, report, thesis, web page or other.
    authors, editors : list of Name
        In printed order. Of an edited book the editors stand under `authors`.
    year : str
        As printed, with its letter: `2017a`, `n.d.`
    pages_inferred : bool
        Whether the page range was recovered from digits that had lost their dash.
    problems : list of Problem
        What a reader should look at.
    """

    index: int
    raw: str
    style: str = ""
    type: str = "other"
    authors: list[Name] = field(default_factory=list)
    year: str = ""
    title: str = ""
    container: str = ""
    volume: str = ""
    issue: str = ""
    first_page: str = ""
    last_page: str = ""
    pages_inferred: bool = False
    publisher: str = ""
    doi: str = ""
    url: str = ""
    problems: list[Problem] = field(default_factory=list)
    editors: list[Name] = field(default_factory=list)
    edition: str = ""
    place: str = ""
    accessed: str = ""
    note: str = ""
    list: str = "references"

    @property
    def year_number(self) -> int | None:
        """The year without its letter; None where no year is printed."""
        match = _YEAR_FIRST.match(self.year)
        return int(match[1]) if match else None

    @property
    def problem_texts(self) -> Sequence[str]:
        """The sentences about what a reader should look at."""
        return [problem.text for problem in self.problems]

    def has(self, code: ProblemCode) -> bool:
        """Whether a problem of this kind was noted."""
        return any(problem.code is code for problem in self.problems)

    def row(self) -> tuple:
        """The values of `COLUMNS`; names are joined with `; `, problems and their codes too."""
        values = {own.name: getattr(self, own.name) for own in fields(self)}
        for names in ("authors", "editors"):
            values[names] = format_names(values[names])
        values["problems"], values["problem_codes"] = join_problems(self.problems)
        return tuple(values[name] for name in COLUMNS)


# A row of references.csv: problems stand in words and, for programs, by their codes.
COLUMNS = (*(own.name for own in fields(Reference)), "problem_codes")


def format_names(names: Iterable[Name]) -> str:
    """`Family, Given; Family, Given`, the form of the contract."""
    return "; ".join(str(name) for name in names)


# Words that names of organisations have, and names of persons have not: `Ministry of Economy, Trade
# and Industry` is no Trade and Industry of the family Ministry of Economy.
_JOINING = re.compile(r" (?:of|for|on|and|&) ")


def read_names(text: str) -> list[Name]:
    """Names from the form that `format_names` writes."""
    names = []
    for entry in text.split("; "):
        if _JOINING.search(entry):
            names.append(Name(entry.strip()))
        elif entry.strip():
            family, _, rest = entry.strip().partition(", ")
            given, _, suffix = rest.partition(", ")
            names.append(Name(family, given, suffix))
    return names


def to_frame(references: Iterable[Reference]) -> pd.DataFrame:
    """The references as a table with `COLUMNS`, one row a reference."""
    import pandas as pd

    frame = pd.DataFrame([r.row() for r in references], columns=list(COLUMNS))
    kinds = dict.fromkeys(COLUMNS, "str") | {"index": "int64", "pages_inferred": "bool"}
    return frame.astype(kinds)


def from_frame(frame: pd.DataFrame) -> list[Reference]:
    """References from the table that `to_frame` makes, also when it was read from CSV."""
    texts = [c for c in COLUMNS if c not in ("index", "pages_inferred") and c in frame]
    references = []
    for row in frame.fillna("").to_dict("records"):
        values: dict[str, Any] = {column: str(row[column]) for column in texts}
        for names in ("authors", "editors"):
            values[names] = read_names(values.get(names, ""))
        codes = values.pop("problem_codes", "")
        values["problems"] = split_problems(values.get("problems", ""), codes)
        inferred = str(row.get("pages_inferred", False)) == "True"
        references.append(Reference(index=int(row["index"]), pages_inferred=inferred, **values))
    return references
