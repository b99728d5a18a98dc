"""What files of different formats share: given names, pages, editors and DOIs."""

from __future__ import annotations

import html
import re

from retrace.bibliography.names import initials
from retrace.bibliography.pages import expand_range
from retrace.bibliography.record import Reference
from retrace.bibliography.texts import one_line

# What ends a line: `splitlines` would also split at a form feed or a Unicode separator inside a
# reference.
LINE_END = re.compile(r"\r\n|\r|\n")
_PAGES = re.compile(r"\s*(?P<first>[^\s\-–—,]+)\s*(?:(?:-{1,3}|–|—)\s*(?P<last>[^\s\-–—,]+))?")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)[a-z]?")
_REPORT_NOTE = re.compile(
    r"(?P<series>[^;\d]{0,100}?),?"
    r"(?: ?(?:\b[Nn]os?\b\.? ?|#)?(?P<number>[\w./–-]{0,20}\d[\w./–-]{0,20}))?"
)
# Rich text of CSL's fields (citeproc-js, as Zotero and pandoc write it), and the HTML and JATS that
# publishers deposit with Crossref.
_RICH_TEXT = re.compile(
    r"</?(?:jats:)?(?:i|b|u|sub|sup|sc|scp|em|strong|italic|bold|span)(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
# An entity has its semicolon: `AT&T` and `Q&A` are none.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});")
_RESOLVER = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


# What one field may come to, once macros are expanded, and what macros and cross-references may add
# to a whole file; text of TeX that is read; how deep braces may nest; and how many entries
# a cross-reference may lead over. Printed references need a hundredth of it.
LONGEST_VALUE = 100_000
MOST_ADDED = 10_000_000
LONGEST_TEX = 20_000
DEEPEST = 100
LONGEST_CHAIN = 10


class FormatError(ValueError):
    """A file that cannot be read as what it says it is, in words for the person who fixes it."""


def bare_doi(text: str) -> str:
    """A DOI without the resolver before it."""
    return _RESOLVER.sub("", text)


def plain_text(text: str) -> str:
    """A text without the tags of rich text and with its entities as characters, in one line.

    `H<sub>2</sub>O &amp; <i>doing</i>` is `H2O & doing`. What only looks like a tag stays:
    `5 < n > 3`, `&lt;i&gt;`.
    """
    if "<" in text:
        text = _RICH_TEXT.sub("", text)
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return one_line(text)


def given_names(text: str) -> str:
    """Given names as printed lists have them: initials spaced, full names as they are."""
    text = one_line(text)
    if "." in text and all(len(part) <= 4 for part in text.split()):
        return initials(text)
    return text


def fill_pages(reference: Reference, text: str) -> None:
    """Set first and last page from `909--24`, in place."""
    match = _PAGES.match(text)
    if match:
        first, last = match["first"], match["last"] or ""
        reference.first_page, reference.last_page = (
            expand_range(first, last) if last else (first, "")
        )


def year_in(text: str) -> str:
    """The first four-digit year of a date; the text itself where there is none: `in press`."""
    match = _YEAR.search(text)
    return match[0] if match else one_line(text)


def report_note(series: str, number: str) -> str:
    """What a report calls itself: `Working Paper No. 12`, `No. 12`, `Working Paper`."""
    return " ".join(filter(None, (series, f"No. {number}" if number else "")))


def split_report_note(note: str) -> tuple[str, str]:
    """Series and number of a report, the inverse of `report_note`; empty where it says neither."""
    match = _REPORT_NOTE.fullmatch(note)
    return (match["series"], match["number"] or "") if match else ("", "")


def settle_editors(reference: Reference) -> None:
    """Let the editors of a book without authors stand as its authors, in place."""
    if reference.type in ("book", "edited book") and not reference.authors:
        reference.type = "edited book" if reference.editors else "book"
        reference.authors, reference.editors = reference.editors, []
