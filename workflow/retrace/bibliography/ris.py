"""RIS files as references."""

from __future__ import annotations

import re
from collections.abc import Iterable

from retrace.bibliography.checks import note_problems
from retrace.bibliography.fields import (
    bare_doi,
    fill_pages,
    given_names,
    one_line,
    settle_editors,
)
from retrace.bibliography.pages import expand_range
from retrace.bibliography.record import Name, Reference

_TYPES = {
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
_LINE = re.compile(r"(?P<tag>[A-Z][A-Z0-9])  ?- ?(?P<value>.*)")


def read_ris(text: str) -> list[Reference]:
    """References from RIS (Research Information Systems, tagged), in order.

    A record begins with `TY` and ends with `ER`. Lines without a tag continue the one before.
    """
    references = []
    for number, lines in enumerate(_records(text.splitlines()), start=1):
        tags: dict[str, list[str]] = {}
        last = ""
        for line in lines:
            match = _LINE.match(line)
            if match:
                last = match["tag"]
                tags.setdefault(last, []).append(match["value"].strip())
            elif last and line.strip():
                tags[last][-1] = f"{tags[last][-1]} {line.strip()}"
        references.append(_from_tags(number, "\n".join(lines), tags))
    return references


def _records(lines: Iterable[str]) -> list[list[str]]:
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


def _from_tags(index: int, raw: str, tags: dict[str, list[str]]) -> Reference:
    def first(*names: str) -> str:
        return next((tags[name][0] for name in names if tags.get(name) and tags[name][0]), "")

    def people(*names: str) -> list[Name]:
        listed = [person for name in names for person in tags.get(name, [])]
        return [_comma_name(person) for person in listed if person.strip(" ,")]

    r = Reference(index, raw, style="ris")
    if "TY" not in tags:
        r.problems.append("not valid RIS: no TY line")
    r.type = _TYPES.get(first("TY"), "other")
    r.authors, r.editors = people("AU", "A1"), people("ED", "A2", "A3")
    r.year = first("PY", "Y1", "DA")[:4]
    r.title = first("TI", "T1", "CT", "BT")
    r.container = first("JO", "JF", "T2", "JA") if r.type not in ("book", "edited book") else ""
    r.volume, r.issue = first("VL"), first("IS")
    fill_pages(r, first("SP"))
    if not r.last_page and first("EP"):
        r.first_page, r.last_page = expand_range(r.first_page, first("EP"))
    r.publisher, r.place, r.edition = first("PB"), first("CY", "PP"), first("ET")
    r.doi = bare_doi(first("DO"))
    r.url, r.accessed = first("UR", "L2"), first("Y2").replace("/", "-").strip("-")
    settle_editors(r)
    note_problems(r)
    return r


def _comma_name(text: str) -> Name:
    """`Family, Given, Suffix`; without a comma an organisation."""
    family, given, suffix = (*(part.strip() for part in text.split(",")), "", "")[:3]
    return Name(one_line(family), given_names(given), suffix.rstrip("."))
