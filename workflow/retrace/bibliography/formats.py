"""Bibliographies that come as files of their own: BibTeX, RIS and CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable

from retrace.bibliography.checks import note_problems
from retrace.bibliography.names import initials
from retrace.bibliography.pages import expand_range
from retrace.bibliography.record import Name, Reference
from retrace.bibliography.references import read_list

_BIBTEX_TYPES = {
    "article": "article",
    "book": "book",
    "booklet": "book",
    "collection": "edited book",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "conference paper",
    "conference": "conference paper",
    "techreport": "report",
    "report": "report",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "online": "web page",
}
_CSL_TYPES = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "chapter",
    "paper-conference": "conference paper",
    "report": "report",
    "thesis": "thesis",
    "webpage": "web page",
    "post-weblog": "web page",
}
_RIS_TYPES = {
    "JOUR": "article",
    "MGZN": "article",
    "NEWS": "article",
    "EJOUR": "article",
    "BOOK": "book",
    "EBOOK": "book",
    "EDBOOK": "edited book",
    "CHAP": "chapter",
    "ECHAP": "chapter",
    "CONF": "conference paper",
    "CPAPER": "conference paper",
    "RPRT": "report",
    "THES": "thesis",
    "ELEC": "web page",
    "WEB": "web page",
}
_PAGES = re.compile(r"\s*(?P<first>[^\s\-–—,]+)\s*(?:(?:-{1,3}|–|—)\s*(?P<last>[^\s\-–—,]+))?")
_RIS_LINE = re.compile(r"(?P<tag>[A-Z][A-Z0-9])  ?- ?(?P<value>.*)")
_RESOLVER = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_TEX = re.compile(r"[\\{}$~]")


class FormatError(ValueError):
    """A file that cannot be read as what it says it is, in words for the person who fixes it."""


def read_file(text: str, name: str, style: str = "auto") -> list[Reference]:
    """Read a bibliography, by the ending of its file's name.

    Parameters
    ----------
    text : str
        The content.
    name : str
        The file's name: `.bib`, `.ris` and `.json` are formats of their own, anything else is
        one printed reference a line.
    style : str
        The printed style, as `references.read_list` takes it.

    Raises
    ------
    FormatError
        If a `.json` file is no list of CSL items.
    """
    readers: dict[str, Callable[[str], list[Reference]]] = {
        "bib": read_bibtex,
        "ris": read_ris,
        "json": read_csl_json,
    }
    reader = readers.get(name.rpartition(".")[2].lower())
    if reader is None:
        return read_list(text.splitlines(), style)
    return reader(text)


# --- BibTeX ----------------------------------------------------------------------------------


def read_bibtex(text: str) -> list[Reference]:
    """References from BibTeX, in order. What bibtexparser cannot read stays as an entry.

    An entry that repeats a key or a field is read all the same, with a problem noted; a block
    that is no BibTeX keeps its text as `raw`.
    """
    import bibtexparser
    from bibtexparser.model import Entry, ParsingFailedBlock

    references = []
    for block in bibtexparser.parse_string(text).blocks:
        problems = []
        if isinstance(block, ParsingFailedBlock):
            problems.append(f"not valid BibTeX: {' '.join(str(block.error).split())}")
            block = block.ignore_error_block or block
        elif not isinstance(block, Entry):
            continue
        index = len(references) + 1
        raw = " ".join((block.raw or "").split())
        reference = Reference(index, raw, style="bibtex", problems=problems)
        if isinstance(block, Entry):
            _fill_from_bibtex(reference, block)
        note_problems(reference)
        references.append(reference)
    return references


def _fill_from_bibtex(reference: Reference, entry) -> None:
    fields = _bibtex_fields(entry)
    get = fields.get
    r = reference
    r.type = _BIBTEX_TYPES.get(entry.entry_type.lower(), "other")
    r.authors, r.editors = _split_names(get("author", "")), _split_names(get("editor", ""))
    r.year = get("year", "") or get("date", "")[:4]
    r.title = get("title", "")
    if get("subtitle"):
        r.title = f"{r.title}: {fields['subtitle']}"
    r.container = get("journal") or get("journaltitle") or get("booktitle", "")
    if not r.container and "://" not in get("howpublished", "://"):
        r.container = fields["howpublished"]
    r.volume, r.issue = get("volume", ""), get("number") or get("issue", "")
    r.publisher = get("publisher") or get("institution") or get("school", "")
    r.place = get("address") or get("location", "")
    r.edition, r.note = get("edition", ""), get("note", "")
    r.url, r.accessed = get("url", ""), get("urldate", "")
    r.doi = _RESOLVER.sub("", get("doi", ""))
    if r.type == "report" and get("number"):
        r.issue, r.note = "", f"No. {fields['number']}"
    if r.type == "other" and r.url and (r.accessed or not r.container):
        r.type = "web page"
    _pages(r, get("pages", ""))
    _editors_of_a_book(r)


def _bibtex_fields(entry) -> dict[str, str]:
    """Fields of an entry without TeX; names as `family<US>given<US>suffix<RS>…`."""
    from bibtexparser.middlewares import LatexDecodingMiddleware
    from bibtexparser.middlewares.names import (
        InvalidNameError,
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )
    from bibtexparser.model import Entry, Field

    fields = []
    for field in entry.fields:
        key, value = field.key.lower(), str(field.value)
        if key in ("author", "editor"):
            people = []
            for person in split_multiple_persons_names(value):
                try:
                    parts = parse_single_name_into_parts(person, strict=False)
                except InvalidNameError:
                    people.append(person)
                    continue
                family = " ".join([*parts.von, *parts.last])
                people.append("\x1f".join((family, " ".join(parts.first), " ".join(parts.jr))))
            value = "\x1e".join(people)
        fields.append(Field(key, value))
    plain = Entry(entry.entry_type, entry.key, fields)
    if any(_TEX.search(field.value) for field in fields):
        decoded = LatexDecodingMiddleware(keep_math_mode=False).transform_entry(plain, None)
        plain = decoded if isinstance(decoded, Entry) else plain
    return {field.key: " ".join(field.value.split(" ")).strip() for field in plain.fields}


def _split_names(text: str) -> list[Name]:
    names = []
    for person in text.split("\x1e") if text else ():
        family, given, suffix = (*person.split("\x1f"), "", "")[:3]
        if family.strip() and family != "others":
            names.append(Name(_one_line(family), _given(given), suffix.strip().rstrip(".")))
    return names


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _given(text: str) -> str:
    """Given names as printed lists have them: initials spaced, full names as they are."""
    text = _one_line(text)
    if "." in text and all(len(part) <= 4 for part in text.split()):
        return initials(text)
    return text


def _pages(reference: Reference, text: str) -> None:
    match = _PAGES.match(text)
    if match:
        first, last = match["first"], match["last"] or ""
        reference.first_page, reference.last_page = (
            expand_range(first, last) if last else (first, "")
        )


def _editors_of_a_book(reference: Reference) -> None:
    if reference.type in ("book", "edited book") and not reference.authors:
        reference.type = "edited book" if reference.editors else "book"
        reference.authors, reference.editors = reference.editors, []


# --- RIS -------------------------------------------------------------------------------------


def read_ris(text: str) -> list[Reference]:
    """References from RIS (Research Information Systems, tagged), in order.

    A record begins with `TY` and ends with `ER`. Lines without a tag continue the one before.
    """
    references = []
    for number, lines in enumerate(_ris_records(text.splitlines()), start=1):
        tags: dict[str, list[str]] = {}
        last = ""
        for line in lines:
            match = _RIS_LINE.match(line)
            if match:
                last = match["tag"]
                tags.setdefault(last, []).append(match["value"].strip())
            elif last and line.strip():
                tags[last][-1] = f"{tags[last][-1]} {line.strip()}"
        references.append(_from_ris(number, "\n".join(lines), tags))
    return references


def _ris_records(lines: Iterable[str]) -> list[list[str]]:
    records: list[list[str]] = []
    current: list[str] = []
    for line in lines:
        line = line.strip("\ufeff").rstrip()
        if line.startswith("TY  -") and current:
            records.append(current)
            current = []
        if line and not line.startswith("ER  -"):
            current.append(line)
        elif line.startswith("ER  -") and current:
            records.append(current)
            current = []
    return [*records, current] if current else records


def _from_ris(index: int, raw: str, tags: dict[str, list[str]]) -> Reference:
    def first(*names: str) -> str:
        return next((tags[name][0] for name in names if tags.get(name) and tags[name][0]), "")

    def people(*names: str) -> list[Name]:
        listed = [person for name in names for person in tags.get(name, [])]
        return [_comma_name(person) for person in listed if person.strip(" ,")]

    r = Reference(index, raw, style="ris")
    if "TY" not in tags:
        r.problems.append("not valid RIS: no TY line")
    r.type = _RIS_TYPES.get(first("TY"), "other")
    r.authors, r.editors = people("AU", "A1"), people("ED", "A2", "A3")
    r.year = first("PY", "Y1", "DA")[:4]
    r.title = first("TI", "T1", "CT", "BT")
    r.container = first("JO", "JF", "T2", "JA") if r.type not in ("book", "edited book") else ""
    r.volume, r.issue = first("VL"), first("IS")
    _pages(r, first("SP"))
    if not r.last_page and first("EP"):
        r.first_page, r.last_page = expand_range(r.first_page, first("EP"))
    r.publisher, r.place, r.edition = first("PB"), first("CY", "PP"), first("ET")
    r.doi = _RESOLVER.sub("", first("DO"))
    r.url, r.accessed = first("UR", "L2"), first("Y2").replace("/", "-").strip("-")
    _editors_of_a_book(r)
    note_problems(r)
    return r


def _comma_name(text: str) -> Name:
    """`Family, Given, Suffix`; without a comma an organisation."""
    family, given, suffix = (*(part.strip() for part in text.split(",")), "", "")[:3]
    return Name(_one_line(family), _given(given), suffix.rstrip("."))


# --- CSL-JSON --------------------------------------------------------------------------------


def read_csl_json(text: str) -> list[Reference]:
    """References from CSL-JSON (Citation Style Language 1.0.2), in order.

    Raises
    ------
    FormatError
        If the text is no JSON, or no list of objects.
    """
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise FormatError(
            f"line {error.lineno}: not valid JSON ({error.msg}); a list of CSL items is expected"
        ) from None
    items = content.get("items") if isinstance(content, dict) else content
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise FormatError("no list of CSL items, each an object with a type and a title")
    return [_from_csl(index, item) for index, item in enumerate(items, start=1)]


def _from_csl(index: int, item: dict) -> Reference:
    def text(name: str) -> str:
        value = item.get(name, "")
        return _one_line(str(value)) if isinstance(value, str | int | float) else ""

    raw = json.dumps(item, ensure_ascii=True, sort_keys=True)
    r = Reference(index, raw, style="csl-json")
    r.type = _CSL_TYPES.get(text("type"), "other")
    r.authors, r.editors = _csl_names(item.get("author")), _csl_names(item.get("editor"))
    r.year = _csl_date(item.get("issued"))[:4]
    r.title, r.container = text("title"), text("container-title")
    r.volume, r.issue, r.edition = text("volume"), text("issue"), text("edition")
    _pages(r, text("page"))
    r.publisher, r.place = text("publisher"), text("publisher-place")
    r.doi = _RESOLVER.sub("", text("DOI"))
    r.url, r.accessed = text("URL"), _csl_date(item.get("accessed"))
    _editors_of_a_book(r)
    note_problems(r)
    return r


def _csl_names(people: object) -> list[Name]:
    names = []
    for person in people if isinstance(people, list) else ():
        if not isinstance(person, dict):
            continue
        parts = ("dropping-particle", "non-dropping-particle", "family")
        family = " ".join(str(person[part]) for part in parts if person.get(part))
        family = _one_line(family or str(person.get("literal", "")))
        if family:
            given = _given(str(person.get("given") or ""))
            names.append(Name(family, given, str(person.get("suffix") or "").rstrip(".")))
    return names


def _csl_date(date: object) -> str:
    """`2022-06-06`, as far as it is given."""
    if not isinstance(date, dict):
        return ""
    parts = date.get("date-parts")
    if not (isinstance(parts, list) and parts and isinstance(parts[0], list)):
        return str(date.get("literal") or date.get("raw") or "")
    numbers = [str(part) for part in parts[0] if str(part).isdecimal()]
    return "-".join(part.zfill(2) for part in numbers)
