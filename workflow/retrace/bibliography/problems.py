"""Checks that every reference is put through, from whatever form it was read."""

from __future__ import annotations

import re

from retrace.bibliography.pages import MOST_DIGITS
from retrace.bibliography.record import Reference
from retrace.bibliography.texts import shown

# ISO 26324: prefix 10., a registrant, a slash, a suffix.
WELL_FORMED_DOI = re.compile(r"10\.\d{4,9}/[^\s/]\S*")


def _number(page: str) -> int:
    """A page as a number, -1 for what is none."""
    return int(page) if page.isdecimal() and len(page) <= MOST_DIGITS else -1


def note_problems(reference: Reference) -> None:
    """Note, in place, what is missing or cannot be right."""
    problems = reference.problems
    if not reference.authors:
        problems.append("no author")
    if not reference.year:
        problems.append("no year")
    if not reference.title:
        problems.append("no title")
    sources = (reference.container, reference.publisher, reference.url, reference.doi)
    if reference.type == "other" and not any(sources):
        problems.append("no source: neither container, publisher, URL nor DOI")
    if reference.doi and not WELL_FORMED_DOI.fullmatch(reference.doi):
        problems.append(f"malformed DOI: {shown(reference.doi)}")
    first, last = reference.first_page, reference.last_page
    if _number(first) > _number(last) > -1:
        problems.append(f"pages run backwards: {first}-{last}")
