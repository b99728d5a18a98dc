"""CSL-JSON files as references."""

from __future__ import annotations

import json

from retrace.bibliography.pages import MOST_DIGITS
from retrace.bibliography.problem_codes import Problem, ProblemCode
from retrace.bibliography.problems import note_problems
from retrace.bibliography.readers.fields import (
    FormatError,
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
from retrace.untrusted.nesting import too_deep
from retrace.untrusted.reference_counts import MOST_REFERENCES

_TYPES = {
    "article": "article",
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "chapter",
    "entry-encyclopedia": "chapter",
    "entry-dictionary": "chapter",
    "paper-conference": "conference paper",
    "report": "report",
    "thesis": "thesis",
    "webpage": "web page",
    "post": "web page",
    "post-weblog": "web page",
}
# What may hold the characters of tags and entities as its own.
_IDENTIFIERS = ("DOI", "URL")
_NAME_PARTS = ("dropping-particle", "non-dropping-particle", "family")


def read_csl_json(text: str) -> list[Reference]:
    """References from CSL-JSON (Citation Style Language 1.0.2), in order.

    An item that is no object stays as an entry of its own with a problem noted, and so does what
    is wrong in a field of one: names and dates that have not the form of CSL, values that are no
    text.

    Parameters
    ----------
    text : str
        A JSON list of items, or an object whose `items` are one.

    Returns
    -------
    list of Reference

    Raises
    ------
    FormatError
        If the text is no JSON, no list with an object in it, or one of too many.
    """
    if problem := too_deep(text):
        raise FormatError(f"{problem}; a list of CSL items is expected")
    try:
        # Numbers stay as they are written: neither `1e999` nor 5,000 digits are a number here.
        content = json.loads(
            text, parse_int=_whole, parse_float=str, parse_constant=lambda name: None
        )
    except json.JSONDecodeError as error:
        raise FormatError(
            f"line {error.lineno}: not valid JSON ({error.msg}); a list of CSL items is expected"
        ) from None
    items = content.get("items") if isinstance(content, dict) else content
    objects = isinstance(items, list) and any(isinstance(item, dict) for item in items)
    if not isinstance(items, list) or (items and not objects):
        raise FormatError("no list of CSL items, each an object with a type and a title")
    if len(items) > MOST_REFERENCES:
        raise FormatError(f"{len(items):,} references; {MOST_REFERENCES:,} are allowed")
    return [_from_item(index, item) for index, item in enumerate(items, start=1)]


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= MOST_DIGITS else digits


def _from_item(index: int, item: object) -> Reference:
    r = Reference(index, json.dumps(item, ensure_ascii=True, sort_keys=True), style="csl-json")
    if not isinstance(item, dict):
        r.problems.append(ProblemCode.NO_OBJECT.of(index=index, kind=_kind(item)))
        note_problems(r)
        return r

    def text(name: str) -> str:
        value = item.get(name)
        if value is None or value == []:
            return ""
        if isinstance(value, list) and len(value) == 1:
            (value,) = value  # Crossref's own form of titles
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            r.problems.append(ProblemCode.NO_TEXT.of(field=name, kind=_kind(value)))
            return ""
        return one_line(str(value)) if name in _IDENTIFIERS else plain_text(str(value))

    r.type = _TYPES.get(text("type"), "other")
    r.authors = _names(item.get("author"), "author", r.problems)
    r.editors = _names(item.get("editor"), "editor", r.problems)
    r.year = year_in(_date(item.get("issued"), "issued", r.problems))
    r.title, r.container = text("title"), text("container-title")
    r.volume, r.issue, r.edition = text("volume"), text("issue"), text("edition")
    fill_pages(r, text("page") or text("number") * (r.type == "article"))
    r.publisher, r.place = text("publisher"), text("publisher-place")
    r.doi = bare_doi(text("DOI"))
    r.url, r.accessed = text("URL"), _date(item.get("accessed"), "accessed", r.problems)
    if r.type == "report":
        r.note = report_note(text("genre"), text("number"))
    settle_editors(r)
    note_problems(r)
    return r


def _kind(value: object) -> str:
    """What JSON calls a value, as a person would say it."""
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return "nothing" if value is None else kinds.get(type(value), "a number")


def _names(people: object, field: str, problems: list[Problem]) -> list[Name]:
    """Names of persons and, under `literal`, of organisations; a bare text is one of those."""
    if people is None:
        return []
    if not isinstance(people, list):
        people = [people]
    names = []
    for number, person in enumerate(people, start=1):
        if isinstance(person, str):
            person = {"literal": person}
        parts = person if isinstance(person, dict) else {}
        texts = {name: plain_text(part) for name, part in parts.items() if isinstance(part, str)}
        family = " ".join(texts[part] for part in _NAME_PARTS if texts.get(part))
        family = family or texts.get("literal", "") or texts.get("name", "")
        given = texts.get("given", "")
        if not family:
            family, given = given, ""
        if family:
            names.append(Name(family, given_names(given), texts.get("suffix", "").rstrip(".")))
        else:
            problems.append(ProblemCode.NO_NAME.of(field=field, number=number))
    return names


def _date(date: object, field: str, problems: list[Problem]) -> str:
    """`2022-06-06`, as far as it is given; a date as text stays a text."""
    if date is None:
        return ""
    if isinstance(date, str | int) and not isinstance(date, bool):
        return one_line(str(date))
    if isinstance(date, dict):
        parts = date.get("date-parts")
        # A list of one date, or of the ends of a range: the first counts. Some write it bare.
        first = parts[0] if isinstance(parts, list) and parts else None
        numbers = first if isinstance(first, list) else parts if isinstance(parts, list) else []
        digits = [str(n).strip() for n in numbers if not isinstance(n, bool)]
        known = [n for n in digits if n.isascii() and n.isdecimal() and n.strip("0")]
        if known and known == digits[: len(known)]:
            return "-".join(part.zfill(2) for part in known)
        for name in ("literal", "raw"):
            if isinstance(date.get(name), str):
                return one_line(date[name])
        if not parts and not date:
            return ""
    problems.append(ProblemCode.NO_DATE.of(field=field))
    return ""
