"""BibTeX and biblatex files as references."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from retrace.bibliography.problem_codes import Problem, ProblemCode
from retrace.bibliography.problems import note_problems
from retrace.bibliography.readers.bibtex_values import (
    VERBATIM,
    TooLong,
    define_macros,
    expand,
    inherit,
    plain_text,
)
from retrace.bibliography.readers.fields import (
    DEEPEST,
    LONGEST_CHAIN,
    LONGEST_TEX,
    MOST_ADDED,
    bare_doi,
    fill_pages,
    given_names,
    report_note,
    settle_editors,
    year_in,
)
from retrace.bibliography.record import Name, Reference
from retrace.bibliography.texts import one_line, shown

if TYPE_CHECKING:
    from bibtexparser.model import Entry

_TYPES = {
    "article": "article",
    "suppperiodical": "article",
    "book": "book",
    "mvbook": "book",
    "booklet": "book",
    "collection": "edited book",
    "mvcollection": "edited book",
    "proceedings": "edited book",
    "mvproceedings": "edited book",
    "reference": "edited book",
    "inbook": "chapter",
    "bookinbook": "chapter",
    "suppbook": "chapter",
    "incollection": "chapter",
    "suppcollection": "chapter",
    "inreference": "chapter",
    "inproceedings": "conference paper",
    "conference": "conference paper",
    "techreport": "report",
    "report": "report",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "online": "web page",
    "electronic": "web page",
    "www": "web page",
}
_ESCAPED = re.compile(r"\\([_%&#~{}])")
_NAMES = ("author", "editor")
# Whoever kept the publication.
_PUBLISHERS = ("publisher", "institution", "school", "organization")
# The fields that are read, and so worth freeing from TeX: abstracts are not.
_READ = frozenset(
    {"year", "title", "subtitle", "journal", "journaltitle", "journalsubtitle", "booktitle"}
    | {
        "booksubtitle",
        "howpublished",
        "volume",
        "number",
        "issue",
        "address",
        "location",
        "edition",
    }
    | {"note", "type", "pages", "eid", "eprinttype", "archiveprefix", *_PUBLISHERS}
)
_EXPANDED = _READ | VERBATIM | {"crossref", *_NAMES}


def read_bibtex(text: str) -> list[Reference]:
    """References from BibTeX or biblatex, in order. What cannot be read stays as an entry.

    Macros are expanded, parts joined by `#`, fields taken over from the entry that `crossref`
    names. An entry that repeats a key or a field, uses an undefined macro or refers to an entry
    that is not there is read all the same, with a problem noted; a block that is no BibTeX keeps
    its text as `raw`. Comments and preambles are no entries. What macros and cross-references would
    expand to more than `fields` allows is left out, with a problem noted.

    Parameters
    ----------
    text : str
        The content of a `.bib` file.

    Returns
    -------
    list of Reference
    """
    import bibtexparser
    from bibtexparser.model import Entry, ParsingFailedBlock

    # Without middleware values keep their braces and quotes, which tell texts from macros.
    library = bibtexparser.parse_string(text, parse_stack=[])
    budget = _Budget()
    macros = define_macros((string.key, str(string.value)) for string in library.strings)
    read: list[tuple[Reference, Entry | None, dict[str, str]]] = []
    # Keys are told apart without regard to case, as BibTeX does.
    by_key: dict[str, dict[str, str]] = {}
    for block in library.blocks:
        problems: list[Problem] = []
        if isinstance(block, ParsingFailedBlock):
            # What follows `Note:` is for users of the library.
            reason = one_line(str(block.error)).partition(" Note:")[0]
            reason = reason.rstrip(".") or "a block that does not end where it should"
            problems.append(ProblemCode.NOT_BIBTEX.of(reason=reason))
            block = block.ignore_error_block or block
        elif not isinstance(block, Entry):
            continue
        raw = " ".join((block.raw or "").split())
        reference = Reference(len(read) + 1, raw, style="bibtex", problems=problems)
        if isinstance(block, Entry):
            fields = _expanded(block, macros, problems, budget)
            by_key.setdefault(block.key.lower(), fields)
            read.append((reference, block, fields))
        else:
            read.append((reference, None, {}))
    for reference, entry, fields in read:
        if entry is not None:
            fields = _with_parents(entry, fields, by_key, reference.problems, budget)
            _fill(reference, entry.entry_type.lower(), fields)
        note_problems(reference)
    return [reference for reference, *_ in read]


class _Budget:
    """How much macros and cross-references may still add to a file, in characters."""

    def __init__(self) -> None:
        self.left = MOST_ADDED

    def allows(self, added: int, what: str, problems: list[Problem]) -> bool:
        """Take what is added off what is left; note what there is no room for."""
        if added > self.left:
            problems.append(ProblemCode.ADDS_TOO_MUCH.of(what=what, most=MOST_ADDED))
            return False
        self.left -= max(added, 0)
        return True


def _expanded(
    entry: Entry, macros: Mapping[str, str | TooLong], problems: list[Problem], budget: _Budget
) -> dict[str, str]:
    """An entry's fields by name in lower case, with macros replaced but TeX as it is."""
    fields: dict[str, str] = {}
    key = shown(entry.key)
    for field in entry.fields:
        if field.key.lower() not in _EXPANDED:
            continue  # An abstract, a file: nobody reads it.
        text, undefined = expand(str(field.value), macros)
        what = f"{key}: {shown(field.key)}"
        if isinstance(text, TooLong):
            problems.append(ProblemCode.LONG_FIELD.of(field=what, why=text))
        elif budget.allows(len(text) - len(field.value), what, problems):
            fields[field.key.lower()] = text
        problems += [
            ProblemCode.UNDEFINED_MACRO.of(field=what, macro=shown(name)) for name in undefined
        ]
    return fields


def _with_parents(
    entry: Entry,
    fields: dict[str, str],
    entries: Mapping[str, dict[str, str]],
    problems: list[Problem],
    budget: _Budget,
) -> dict[str, str]:
    """The fields with those of the entry that `crossref` names, and of the one that that names."""
    key, seen = shown(entry.key), {entry.key.lower()}
    named = fields.get("crossref", "")
    while named:
        parent = entries.get(named.lower())
        if parent is None or named.lower() in seen:
            problems.append(ProblemCode.NO_OTHER_ENTRY.of(key=key, named=shown(named)))
            break
        if len(seen) > LONGEST_CHAIN:
            problems.append(
                ProblemCode.LONG_CROSSREF.of(key=key, most=LONGEST_CHAIN, named=shown(named))
            )
            break
        seen.add(named.lower())
        whole = inherit(fields, parent, entry.entry_type.lower() == "article")
        added = sum(len(text) for name, text in whole.items() if name not in fields)
        if not budget.allows(
            added, f"{key}: what crossref takes over from {shown(named)}", problems
        ):
            break
        fields = whole
        named = parent.get("crossref", "")
    return fields


def _fill(reference: Reference, kind: str, expanded: Mapping[str, str]) -> None:
    """Set a reference's fields from those of an entry, in place."""
    r = reference
    fields: dict[str, str] = {}
    for name, value in expanded.items():
        if name in VERBATIM:
            fields[name] = _ESCAPED.sub(r"\1", value).strip()
        elif name in _READ:
            text, unread = plain_text(value)
            fields[name] = " ".join(text.split(" ")).strip()
            if unread:
                r.problems.append(_unread(name, unread))
    get = fields.get
    r.type = _TYPES.get(kind, "other")
    r.authors, r.editors = (_names(expanded.get(name, "")) for name in _NAMES)
    r.year = year_in(get("year") or get("date", ""))
    r.title = _joined(get("title", ""), get("subtitle", ""))
    journal = get("journal") or _joined(get("journaltitle", ""), get("journalsubtitle", ""))
    r.container = journal or _joined(get("booktitle", ""), get("booksubtitle", ""))
    if not r.container and "://" not in get("howpublished", "://"):
        r.container = fields["howpublished"]
    r.volume, r.issue = get("volume", ""), get("number") or get("issue", "")
    r.publisher = next((get(name, "") for name in _PUBLISHERS if get(name)), "")
    r.place = get("address") or get("location", "")
    r.edition, r.note = get("edition", ""), get("note", "")
    r.url, r.accessed = get("url", ""), get("urldate", "")
    r.doi = bare_doi(get("doi", ""))
    if get("eprint") and not r.note:
        r.note = f"{get('eprinttype') or get('archiveprefix') or 'eprint'}:{fields['eprint']}"
    if r.type == "report":
        r.issue, r.note = "", report_note(get("type", ""), get("number", "")) or r.note
    if r.type == "other" and r.url and (r.accessed or not r.container):
        r.type = "web page"
    fill_pages(r, get("pages") or get("eid", ""))
    settle_editors(r)


def _unread(name: str, text: str) -> Problem:
    """Why TeX stays as it is."""
    if len(text) > LONGEST_TEX:
        return ProblemCode.LONG_TEX.of(
            field=name, length=len(text), most=LONGEST_TEX, text=shown(text)
        )
    return ProblemCode.UNREAD_TEX.of(field=name, deepest=DEEPEST, text=shown(text))


def _joined(title: str, subtitle: str) -> str:
    """`Title: subtitle`."""
    return f"{title}: {subtitle}" if title and subtitle else title or subtitle


def _names(text: str) -> list[Name]:
    """The persons of a field, `and` between them; braces make an organisation of a name."""
    from bibtexparser.middlewares.names import (
        InvalidNameError,
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )

    names = []
    for person in split_multiple_persons_names(text) if text else ():
        try:
            parts = parse_single_name_into_parts(person, strict=False)
        except InvalidNameError:
            names.append(Name(one_line(plain_text(person)[0])))
            continue
        family, given, suffix = (
            one_line(plain_text(" ".join(words))[0])
            for words in ([*parts.von, *parts.last], parts.first, parts.jr)
        )
        if family and family != "others":
            names.append(Name(family, given_names(given), suffix.rstrip(".")))
    return names
