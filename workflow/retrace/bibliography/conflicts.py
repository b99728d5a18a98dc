"""Where papers disagree about a work, and identifiers that cannot be right."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from retrace.bibliography.checks import WELL_FORMED_DOI
from retrace.bibliography.journals import JournalCodes, same_journal, words
from retrace.bibliography.record import Name, Reference, format_names
from retrace.bibliography.sameness import normal_doi, normal_number

KINDS = (
    "doi differs",
    "doi malformed",
    "doi does not fit the journal",
    "doi of two works",
    "year",
    "volume",
    "issue",
    "pages",
    "title",
    "author spelling",
    "container",
)
COLUMNS = ["work", "field", "paper_a", "value_a", "paper_b", "value_b", "kind"]

_LETTERS = re.compile(rf"[{'A-Za-zÀ-ÖØ-öø-žΑ-ωА-я'}]")


class Conflict(NamedTuple):
    """A row of the conflicts table; `paper_b` is empty where one reference alone is at fault."""

    work: str
    field: str
    paper_a: str
    value_a: str
    paper_b: str
    value_b: str
    kind: str


def find_conflicts(described: Mapping[str, Sequence[tuple[str, Reference]]]) -> list[Conflict]:
    """Every field on which two references of one work disagree, and every DOI at fault.

    What one list leaves out is no disagreement. Titles, containers and authors are compared
    without case, punctuation and accents; initials only as far as both are printed.

    Parameters
    ----------
    described : mapping
        Each work's references as (paper, reference) pairs, from `matching.references_of`.

    Returns
    -------
    list of Conflict
        By work, field and papers.
    """
    conflicts: list[Conflict] = []
    for key, listed in described.items():
        for (paper_a, a), (paper_b, b) in combinations(listed, 2):
            for field, kind, value_a, value_b in _disagreements(a, b):
                conflicts.append(Conflict(key, field, paper_a, value_a, paper_b, value_b, kind))
    conflicts += _malformed(described)
    conflicts += _shared_dois(described)
    conflicts += _misfits(described)
    return sorted(set(conflicts))


def conflicts_table(conflicts: Iterable[Conflict]):
    """Conflicts as a table with the columns of the contract."""
    import pandas as pd

    return pd.DataFrame(list(conflicts), columns=COLUMNS)


def _disagreements(a: Reference, b: Reference) -> Iterator[tuple[str, str, str, str]]:
    """Field, kind and both values of everything on which two references disagree."""
    if a.doi and b.doi and normal_doi(a.doi) != normal_doi(b.doi):
        yield "doi", "doi differs", a.doi, b.doi
    if a.year_number and b.year_number and a.year_number != b.year_number:
        yield "year", "year", a.year, b.year
    for field in ("volume", "issue"):
        value_a, value_b = getattr(a, field), getattr(b, field)
        if value_a and value_b and normal_number(value_a) != normal_number(value_b):
            yield field, field, value_a, value_b
    if _pages_differ(a, b):
        yield "pages", "pages", _pages(a), _pages(b)
    if words(a.title) != words(b.title):
        yield "title", "title", a.title, b.title
    if _authors_differ(a.authors, b.authors) and not (_truncated(a) or _truncated(b)):
        yield "authors", "author spelling", format_names(a.authors), format_names(b.authors)
    if a.container and b.container and _containers_differ(a.container, b.container):
        yield "container", "container", a.container, b.container


def _pages(reference: Reference) -> str:
    if not reference.last_page:
        return reference.first_page
    return f"{reference.first_page}-{reference.last_page}"


def _pages_differ(a: Reference, b: Reference) -> bool:
    if not a.first_page or not b.first_page:
        return False
    if a.first_page.lower() != b.first_page.lower():
        return True
    return bool(a.last_page and b.last_page) and a.last_page != b.last_page


def _containers_differ(one: str, other: str) -> bool:
    """Whether two names differ by more than an article, a subtitle, or one being abbreviated."""
    if same_journal(one, other):
        return False
    first, second = words(one), words(other)
    first = first[first[:1] == ["the"] :]
    second = second[second[:1] == ["the"] :]
    short, long = sorted((first, second), key=len)
    return first != second and not (long[: len(short)] == short and ":" in one + other)


def _truncated(reference: Reference) -> bool:
    return "not every author is printed" in reference.problems


def _authors_differ(a: Sequence[Name], b: Sequence[Name]) -> bool:
    """Whether two author lists differ in number, in a family name, or in an initial of both."""
    if not a or not b:
        return False
    if len(a) != len(b):
        return True
    for one, other in zip(a, b, strict=True):
        if one.family.lower() != other.family.lower():
            return True
        first, second = _initials(one.given), _initials(other.given)
        shorter = min(len(first), len(second))
        if first[:shorter] != second[:shorter]:
            return True
    return False


def _initials(given: str) -> list[str]:
    """First letters of given names, in order; a full name counts as its first letter."""
    return [part[0].lower() for part in re.split(r"[\s.\-()]+", given) if _LETTERS.match(part)]


def _malformed(described: Mapping[str, Sequence[tuple[str, Reference]]]) -> Iterator[Conflict]:
    for key, listed in described.items():
        for paper, r in listed:
            if r.doi and not WELL_FORMED_DOI.fullmatch(r.doi):
                yield Conflict(key, "doi", paper, r.doi, "", "", "doi malformed")


def _shared_dois(described: Mapping[str, Sequence[tuple[str, Reference]]]) -> Iterator[Conflict]:
    """A DOI printed for two works, one conflict for each other work that has it."""
    users: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, listed in described.items():
        for paper, r in listed:
            if r.doi:
                users[normal_doi(r.doi)].append((key, paper))
    for doi in sorted(users):
        for (key_a, paper_a), (key_b, paper_b) in combinations(sorted(set(users[doi])), 2):
            if key_a != key_b:
                yield Conflict(key_a, "doi", paper_a, doi, paper_b, key_b, "doi of two works")


def _misfits(described: Mapping[str, Sequence[tuple[str, Reference]]]) -> Iterator[Conflict]:
    """DOIs whose journal code belongs to another journal than the reference names."""
    codes = JournalCodes(
        (key, r.doi, r.container) for key, listed in described.items() for _, r in _articles(listed)
    )
    for key, listed in described.items():
        for paper, r in _articles(listed):
            if not codes.fit(r.doi, r.container):
                kind = "doi does not fit the journal"
                yield Conflict(key, "doi", paper, r.doi, "", r.container, kind)


def _articles(listed: Sequence[tuple[str, Reference]]) -> Iterator[tuple[str, Reference]]:
    return ((paper, r) for paper, r in listed if r.type == "article")
