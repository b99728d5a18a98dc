"""CSL-JSON files as references."""

from __future__ import annotations

import json

from retrace.bibliography.checks import note_problems
from retrace.bibliography.fields import (
    FormatError,
    bare_doi,
    fill_pages,
    given_names,
    one_line,
    settle_editors,
)
from retrace.bibliography.record import Name, Reference

_TYPES = {
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
    except RecursionError:
        raise FormatError("nested too deeply; a list of CSL items is expected") from None
    items = content.get("items") if isinstance(content, dict) else content
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise FormatError("no list of CSL items, each an object with a type and a title")
    return [_from_item(index, item) for index, item in enumerate(items, start=1)]


def _from_item(index: int, item: dict) -> Reference:
    def text(name: str) -> str:
        value = item.get(name, "")
        return one_line(str(value)) if isinstance(value, str | int | float) else ""

    raw = json.dumps(item, ensure_ascii=True, sort_keys=True)
    r = Reference(index, raw, style="csl-json")
    r.type = _TYPES.get(text("type"), "other")
    r.authors, r.editors = _names(item.get("author")), _names(item.get("editor"))
    r.year = _date(item.get("issued"))[:4]
    r.title, r.container = text("title"), text("container-title")
    r.volume, r.issue, r.edition = text("volume"), text("issue"), text("edition")
    fill_pages(r, text("page"))
    r.publisher, r.place = text("publisher"), text("publisher-place")
    r.doi = bare_doi(text("DOI"))
    r.url, r.accessed = text("URL"), _date(item.get("accessed"))
    settle_editors(r)
    note_problems(r)
    return r


def _names(people: object) -> list[Name]:
    names = []
    for person in people if isinstance(people, list) else ():
        if not isinstance(person, dict):
            continue
        parts = ("dropping-particle", "non-dropping-particle", "family")
        family = " ".join(str(person[part]) for part in parts if person.get(part))
        family = one_line(family or str(person.get("literal", "")))
        if family:
            given = given_names(str(person.get("given") or ""))
            names.append(Name(family, given, str(person.get("suffix") or "").rstrip(".")))
    return names


def _date(date: object) -> str:
    """`2022-06-06`, as far as it is given."""
    if not isinstance(date, dict):
        return ""
    parts = date.get("date-parts")
    if not (isinstance(parts, list) and parts and isinstance(parts[0], list)):
        return str(date.get("literal") or date.get("raw") or "")
    numbers = [str(part) for part in parts[0] if str(part).isdecimal()]
    return "-".join(part.zfill(2) for part in numbers)
