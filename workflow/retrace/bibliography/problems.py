"""Checks that every reference is put through, from whatever form it was read."""

from __future__ import annotations

import re

from retrace.bibliography.pages import MOST_DIGITS
from retrace.bibliography.problem_codes import ProblemCode
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
        problems.append(ProblemCode.NO_AUTHOR.of())
    if not reference.year:
        problems.append(ProblemCode.NO_YEAR.of())
    if not reference.title:
        problems.append(ProblemCode.NO_TITLE.of())
    sources = (reference.container, reference.publisher, reference.url, reference.doi)
    if reference.type == "other" and not any(sources):
        problems.append(ProblemCode.NO_SOURCE.of())
    if reference.doi and not WELL_FORMED_DOI.fullmatch(reference.doi):
        problems.append(ProblemCode.MALFORMED_DOI.of(doi=shown(reference.doi)))
    first, last = reference.first_page, reference.last_page
    if _number(first) > _number(last) > -1:
        problems.append(ProblemCode.PAGES_RUN_BACKWARDS.of(first=first, last=last))
