"""RIS files as references."""

from __future__ import annotations

import re
from collections.abc import Iterable

from retrace.bibliography.pages import expand_range
from retrace.bibliography.problem_codes import ProblemCode
from retrace.bibliography.problems import note_problems
from retrace.bibliography.readers.fields import (
    LINE_END,
    bare_doi,
    fill_pages,
    given_names,
    plain_text,
    report_note,
    settle_editors,
    year_in,
)
from retrace.bibliography.record import Name, Reference
from retrace.bibliography.texts import one_line

_TYPES = {
    "JOUR": "article",
    "JFULL": "article",
    "MGZN": "article",
    "NEWS": "article",
    "EJOUR": "article",
    "INPR": "article",
    "ABST": "article",
    "BOOK": "book",
    "EBOOK": "book",
    "CLSWK": "book",
    "EDBOOK": "edited book",
    "CHAP": "chapter",
    "ECHAP": "chapter",
    "ENCYC": "chapter",
    "DICT": "chapter",
    "CONF": "conference paper",
    "CPAPER": "conference paper",
    "RPRT": "report",
    "GOVDOC": "report",
    "THES": "thesis",
    "ELEC": "web page",
    "WEB": "web page",
    "BLOG": "web page",
}
_WHOLE_BOOKS = ("book", "edited book", "report", "thesis")
# The standard has two spaces before the dash; files with one or none, and lines without a value,
# are about as well.
_LINE = re.compile(r"(?P<tag>[A-Z][A-Z0-9])\s{0,2}-(?:\s(?P<value>.*))?$")
_DOI_IN_URL = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\d{4,9}/\S+)")
_DATE = re.compile(r"(?P<year>\d{4})(?:[/-](?P<month>\d{1,2})?)?(?:[/-](?P<day>\d{1,2})?)?")


def read_ris(text: str) -> list[Reference]:
    """References from RIS (Research Information Systems, tagged), in order.

    A record begins with `TY` and ends with `ER`, or where the next begins. Lines without a tag
    continue the one before. Where reference managers differ in the tag for the same thing, all of
    them are read: the journal under `JO`, `JF`, `T2`, `J2` or `JA`, the book of a chapter under
    `BT`, `T2` or `TI` beside `CT`, pages under `SP` and `EP` or a range under `SP`.

    Parameters
    ----------
    text : str
        The content of a `.ris` file, with any line ends.

    Returns
    -------
    list of Reference
    """
    references = []
    for number, lines in enumerate(_records(LINE_END.split(text)), start=1):
        tags: dict[str, list[list[str]]] = {}
        last = ""
        for line in lines:
            match = _LINE.match(line)
            if match:
                last = match["tag"]
                tags.setdefault(last, []).append([(match["value"] or "").strip()])
            elif last and line.strip():
                tags[last][-1].append(line.strip())
        values = {tag: [" ".join(parts) for parts in several] for tag, several in tags.items()}
        references.append(_from_tags(number, "\n".join(lines), values))
    return references


def _records(lines: Iterable[str]) -> list[list[str]]:
    """The lines of each record, without the one that ends it."""
    records: list[list[str]] = []
    current: list[str] = []
    for line in lines:
        line = line.strip("\ufeff").rstrip()
        match = _LINE.match(line)
        tag = match["tag"] if match else ""
        if tag in ("TY", "ER") and current:
            records.append(current)
            current = []
        if line and tag != "ER":
            current.append(line)
    return [*records, current] if current else records


def _from_tags(index: int, raw: str, tags: dict[str, list[str]]) -> Reference:
    def first(*names: str) -> str:
        found = (value for name in names for value in tags.get(name, ()) if value)
        return plain_text(next(found, ""))

    def people(*names: str) -> list[Name]:
        listed = [person for name in names for person in tags.get(name, [])]
        return [_comma_name(person) for person in listed if person.strip(" ,")]

    r = Reference(index, raw, style="ris")
    if "TY" not in tags:
        r.problems.append(ProblemCode.NOT_RIS.of())
    r.type = _TYPES.get(first("TY").upper(), "other")
    r.authors = people("AU", "A1")
    # A2 is the editor of a book's chapter, but the editor of a series where there is an ED.
    r.editors = people("ED") or people("A2") or people("A3")
    r.year = year_in(first("PY", "Y1", "DA"))
    titles = ("CT", "TI", "T1") if r.type == "chapter" else ("TI", "T1", "CT")
    r.title = first(*titles, "BT")
    if r.type not in _WHOLE_BOOKS:
        books = ("BT", "T2", "C3") if r.type in ("chapter", "conference paper") else ()
        r.container = first(*books, "JO", "JF", "T2", "J2", "JA", "J1")
    if r.type == "chapter" and r.container == "" and tags.get("CT"):
        r.container = first("TI", "T1")
    r.volume, r.issue = first("VL"), first("IS", "CP")
    fill_pages(r, first("SP"))
    if first("EP") and not r.last_page:
        r.first_page, r.last_page = expand_range(r.first_page, first("EP"))
        if r.first_page == r.last_page:
            r.last_page = ""
    if not r.first_page:
        fill_pages(r, first("C7", "AR"))  # the number of an article, as EndNote and Scopus have it
    r.publisher, r.place, r.edition = first("PB"), first("CY", "PP"), first("ET")
    if r.type == "report":
        r.note, r.issue = report_note(first("M3"), r.issue or first("M1")), ""
    links = [
        value for name in ("UR", "L2", "LK", "L1", "L3") for value in tags.get(name, ()) if value
    ]
    dois = [match[1] for link in links if (match := _DOI_IN_URL.match(link))]
    numbers = [bare_doi(value) for name in ("DO", "DI", "M3", "L3") for value in tags.get(name, ())]
    stated = [one_line(value) for value in tags.get("DO", ()) if value]
    numbers = stated or [n for n in numbers if n.startswith("10.")]
    r.doi = bare_doi(next(iter([*numbers, *dois]), ""))
    r.url = next((link for link in links if "://" in link and not _DOI_IN_URL.match(link)), "")
    r.accessed = _iso_date(first("Y2"))
    settle_editors(r)
    note_problems(r)
    return r


def _iso_date(text: str) -> str:
    """`2023/09/15/` and `2023/9/15/other` as `2023-09-15`; what is no date as it is."""
    match = _DATE.match(text)
    if not match:
        return text
    parts = [match["year"]]
    for name in ("month", "day"):
        if not match[name]:
            break
        parts.append(match[name].zfill(2))
    return "-".join(parts)


def _comma_name(text: str) -> Name:
    """`Family, Given, Suffix`; without a comma an organisation."""
    family, given, suffix = (*(part.strip() for part in plain_text(text).split(",")), "", "")[:3]
    return Name(family, given_names(given), suffix.rstrip("."))
