"""Reading `paper.yaml`: its content against its schema, with the line of every problem."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from retrace.papers.reading import Folder, PaperError
from retrace.papers.samples import section_problems
from retrace.papers.schema import (
    BibliographyFiles,
    ClaimFiles,
    PaperEntry,
    StudySection,
    TableFile,
)
from retrace.printed.numbers import decimal_sign
from retrace.printed.reported import MODEL_STATISTICS
from retrace.untrusted.nearest import did_you_mean

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

# Keys of a study with a printed number each.
_NUMBERS = frozenset({"mean", "sd", "alpha", "skewness", "kurtosis", *MODEL_STATISTICS})


T = TypeVar("T")


@dataclass(frozen=True)
class Sections:
    """The parts of a description that lead to other files and can be checked further.

    None, or no table, where a part is not there or is none.
    """

    bibliography: BibliographyFiles | None = None
    tables: dict[str, TableFile] = field(default_factory=dict)
    study: StudySection | None = None
    claims: ClaimFiles | None = None


@dataclass(frozen=True)
class Description:
    """What `paper.yaml` says.

    Attributes
    ----------
    facts : PaperEntry or None
        Its content; None where something in it is wrong.
    sections : Sections
        The parts that lead to other files and can be checked further.
    lines : dict
        The line of every key, by its path.
    """

    facts: PaperEntry | None
    sections: Sections
    lines: dict[tuple, int]

    def place(self, *at: str | int) -> str:
        """A field with its line, or that of the nearest key above it."""
        return _place(at, self.lines)


def read_description(folder: Folder) -> Description:
    """Read a folder's `paper.yaml`; what is wrong in it is noted in `folder`.

    Raises
    ------
    PaperError
        If there is none, or it is no YAML: then nothing else can be checked.
    """
    path = folder.root / "paper.yaml"
    if not path.is_file() or path.is_symlink():
        folder.problem("paper.yaml", "", "there is no such file; it describes the paper")
        raise PaperError(folder.problems)
    document = folder.yaml(path)
    if document is None:
        raise PaperError(folder.problems)
    content, lines = document
    if isinstance(content, dict):
        sign = content.get("decimal_sign")
        folder.decimal_sign = sign if sign in (".", ",") else None
        for at, cell in _ambiguous(content.get("study"), ("study",)):
            message = (
                f"{cell!r} is {cell.replace(',', '')} or {cell.replace(',', '.')}; write it so"
            )
            folder.problem("paper.yaml", _place(at, lines), message)
    try:
        facts = PaperEntry.model_validate(content)
    except ValidationError as error:
        faults = list(_faults(content, error))
        for at, detail in faults:
            message = _message(detail)
            if detail["type"] == "extra_forbidden":
                *above, key = at
                known = _known_keys(above)
                nearest = did_you_mean(key, known)
                message += nearest or f"; there are {', '.join(known)}"
            folder.problem("paper.yaml", _place(at, lines), message)
        wrong = [at for at, _ in faults]
        sections = _sound_sections(content, wrong)
        _note_samples(folder, sections.study, lines, wrong)
        return Description(None, sections, lines)
    sections = Sections(facts.bibliography, facts.tables, facts.study, facts.claims)
    whole = _note_samples(folder, facts.study, lines)
    return Description(facts if whole else None, sections, lines)


def _note_samples(
    folder: Folder, study: StudySection | None, lines: dict[tuple, int], wrong: Sequence[tuple] = ()
) -> bool:
    """Note what is wrong with the samples of a study, and say whether nothing is.

    Of what is `wrong` already nothing else is said, such as that it is missing.
    """
    problems = list(section_problems(study)) if study else []
    for at, message in problems:
        said = (at, ("study", at[-1]))
        if not any(each[: len(path)] == path for each in wrong for path in said):
            folder.problem("paper.yaml", _place(at, lines), message)
    return not problems


def _faults(content: object, error: ValidationError) -> Iterator[tuple[tuple, ErrorDetails]]:
    """What is wrong with a description and where, as its keys lead there.

    Of an entry that may be of several kinds, pydantic says what keeps it from being each, and names
    the kind in the path. Only the kind that the entry looks like is of use to who wrote it.
    """
    found = [(_path(content, detail), detail) for detail in error.errors()]
    seen = set()
    for at, detail in found:
        looks_like_keys = isinstance(detail.get("input"), dict | list)
        of_its_kind = any(
            other[: len(at)] == at and (len(other) > len(at) or not each["type"].endswith("_type"))
            for other, each in found
        )
        if (looks_like_keys and detail["type"].endswith("_type") and of_its_kind) or at in seen:
            continue
        seen.add(at)
        yield at, detail


def _path(content: object, detail: ErrorDetails) -> tuple:
    """The path of a fault by keys that are there, without the kinds that it might have been of."""
    found: list[str | int] = []
    *above, last = detail["loc"] or ("",)
    for part in above:
        keys = content if isinstance(content, dict) else ()
        if part in keys or (isinstance(content, list) and part in range(len(content))):
            content = content[part]  # type: ignore[index]
            found.append(part)
    lacks = detail["type"] in ("missing", "extra_forbidden") or last == "[key]"
    there = isinstance(content, dict) and last in content
    if lacks or there or isinstance(content, list):
        found.append(last)
    return tuple(found)


def _ambiguous(content: object, at: tuple) -> Iterator[tuple[tuple, str]]:
    """Printed numbers with a comma that may be a decimal sign or stand between thousands."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _ambiguous(value, (*at, key))
    elif isinstance(content, str) and at[-1] in _NUMBERS and decimal_sign(content) == "either":
        # A point is a decimal sign here.
        yield from [(at, content)] if "," in content else []


def _sound_sections(content: object, errors: list[tuple]) -> Sections:
    """The sections of a faulty description that can be checked further, less what is wrong."""
    if not isinstance(content, dict):
        return Sections()
    pruned = copy.deepcopy(content)
    for at in errors:
        # Without its samples a section would be taken for one itself.
        _remove(pruned, ("study",) if at == ("study", "samples") else at)
    return Sections(
        bibliography=_section(pruned, "bibliography", BibliographyFiles),
        tables=_section(pruned, "tables", dict[str, TableFile]) or {},
        study=_section(pruned, "study", StudySection),
        claims=_section(pruned, "claims", ClaimFiles),
    )


def _section(content: dict, name: str, kind: type[T]) -> T | None:
    """A section of a description; None where it is none: what is wrong with it has been said."""
    with suppress(ValidationError):
        if name in content:
            return TypeAdapter(kind).validate_python(content[name])
    return None


def _remove(content: object, at: tuple) -> None:
    """Take the value at a path out of nested mappings, as far as the path leads."""
    with suppress(KeyError, IndexError, TypeError):
        for key in at[:-1]:
            if not isinstance(content, dict | list):
                return
            content = content[key]
        if isinstance(content, dict):
            content.pop(at[-1], None)


def _place(at: tuple, lines: dict[tuple, int]) -> str:
    """A field of `paper.yaml` with its line, or that of the nearest key above it."""
    field = ".".join(str(part) for part in at if part != "[key]")
    for depth in range(len(at), 0, -1):
        if at[:depth] in lines:
            return f"line {lines[at[:depth]]}, {field}"
    return field


def _known_keys(at: Iterable[str | int]) -> Collection[str]:
    """The keys that the schema has at a path of sections, of dictionaries and of lists."""
    kind: Any = PaperEntry
    for part in at:
        # A field of a section, or what a dictionary or a list is of.
        kind = kind.model_fields[part].annotation if _is_section(kind) else get_args(kind)[-1]
        # A section that may be left out, or be a file's name in short, is one or something else.
        kind = next(filter(_is_section, _either(kind)), kind)
    return kind.model_fields


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _either(kind: Any) -> tuple:
    """What a union is of; nothing of dictionaries and lists, whose entries are parts too."""
    return () if get_origin(kind) in (dict, list) else get_args(kind)


def _message(detail: ErrorDetails) -> str:
    """One of pydantic's messages in the words of the person who fixes the file."""
    found = detail.get("input")
    match detail["type"]:
        case "extra_forbidden":
            return "unknown key"
        case "missing":
            return "missing; it is required"
        case "model_type" | "dict_type":
            return "expected keys with values"
        case "int_type":
            return f"input should be a valid integer without quotes, found {found!r}"
        case "value_error":
            return str(detail["ctx"]["error"])
        case _:
            shown = f", found {found!r}" if isinstance(found, str | int | float) else ""
            text = detail["msg"]
            return f"{text[0].lower()}{text[1:]}{shown}"
