"""The values of BibTeX fields: macros, concatenation, cross-references, TeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from bibtexparser.library import Library

from retrace.bibliography.readers.fields import DEEPEST, LONGEST_TEX, LONGEST_VALUE, MOST_ADDED

if TYPE_CHECKING:
    from bibtexparser.middlewares import LatexDecodingMiddleware

# The macros that every BibTeX style defines.
MONTH_MACROS = {
    "jan": "January",
    "feb": "February",
    "mar": "March",
    "apr": "April",
    "may": "May",
    "jun": "June",
    "jul": "July",
    "aug": "August",
    "sep": "September",
    "oct": "October",
    "nov": "November",
    "dec": "December",
}
# Identifiers are no TeX: an underscore or a percent sign in them stands for itself.
VERBATIM = frozenset({"url", "doi", "eprint", "urldate", "date", "file"})
# What a part takes from the book or issue that `crossref` names, under another name.
_RENAMED = {"title": "booktitle", "subtitle": "booksubtitle"}
_RENAMED_IN_ARTICLES = {"title": "journaltitle", "subtitle": "journalsubtitle"}
# What belongs to the book or issue alone (biblatex, appendix B, and identifiers).
_OWN = frozenset(
    {"crossref", "xref", "pages", "doi", "url", "urldate", "isbn", "issn", "note", "abstract"}
    | {"author", "shorttitle", "sorttitle", "indextitle", "keywords", "annote", "pagetotal"}
)
_TEX = re.compile(r"[\\{}$~]|``|''|--")
_BRACE = re.compile(r"[{}]")
_PERCENT = re.compile(r"(?<!\\)%")
_DOLLAR = re.compile(r"(?<!\\)\$")


# Lengths are counted so far: of macros that double, they grow beyond any number worth printing.
LONGEST_COUNTED = 10**18


class TooLong(NamedTuple):
    """What stands for a text that macros would make longer than is read.

    `together` says that it is all macros of a file which are.
    """

    length: int
    together: bool = False

    def __str__(self) -> str:
        if self.together:
            return (
                f"uses a macro that brings the macros of the file above {MOST_ADDED:,} characters, "
                "which are allowed"
            )
        more = " or more" * (self.length == LONGEST_COUNTED)
        return f"comes to {self.length:,} characters{more}; {LONGEST_VALUE:,} are allowed"


def expand(value: str, macros: Mapping[str, str | TooLong]) -> tuple[str | TooLong, list[str]]:
    """A field's value without its enclosing, its macros replaced and its parts joined.

    Lengths are added up first: what would be longer than `fields.LONGEST_VALUE` is never made.

    Parameters
    ----------
    value : str
        As in the file: `{text}`, `"text"`, `2001`, `jbr # " Letters"`.
    macros : mapping
        Texts by name, in lower case.

    Returns
    -------
    text : str or TooLong
        An undefined macro stands for itself.
    undefined : list of str
        The macros that are not defined.
    """
    texts: list[str | TooLong] = []
    undefined: list[str] = []
    for part in _parts(value):
        if part[:1] in '{"':
            texts.append(part[1:-1] if len(part) > 1 and part[-1] in '}"' else part[1:])
        elif part.isdecimal() or part.lower() in macros:
            texts.append(macros.get(part.lower(), part))
        else:
            texts.append(part)
            undefined.append(part)
    length = sum(t.length if isinstance(t, TooLong) else len(t) for t in texts)
    together = any(isinstance(t, TooLong) and t.together for t in texts)
    if together or length > LONGEST_VALUE:
        return TooLong(min(length, LONGEST_COUNTED), together), undefined
    return "".join(map(str, texts)), list(dict.fromkeys(undefined))


def _parts(value: str) -> list[str]:
    """The operands of `#`, which joins texts outside braces and quotes."""
    parts, depth, quoted, start = [], 0, False, 0
    for position, character in enumerate(value):
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        elif character == '"' and depth == 0:
            quoted = not quoted
        elif character == "#" and depth == 0 and not quoted:
            parts.append(value[start:position].strip())
            start = position + 1
    return [*parts, value[start:].strip()]


def define_macros(strings: Iterable[tuple[str, str]]) -> dict[str, str | TooLong]:
    """The macros of `@string` blocks, in their order, beside those of months.

    Those that would make them `fields.MOST_ADDED` characters longer than they are written, all
    together, are not made.
    """
    macros: dict[str, str | TooLong] = dict(MONTH_MACROS)
    left = MOST_ADDED
    for name, value in strings:
        text = expand(value, macros)[0]
        added = 0 if isinstance(text, TooLong) else max(len(text) - len(value), 0)
        if added > left:
            text = TooLong(len(text), together=True)
        else:
            left -= added
        macros[name.lower()] = text
    return macros


def inherit(fields: dict[str, str], parent: Mapping[str, str], article: bool) -> dict[str, str]:
    """The fields of an entry, with those that it leaves to the entry that `crossref` names.

    Author and pages are a part's own; the title of the whole is the part's book title, or the
    journal's for an article (biblatex 3.19, appendix B).
    """
    renamed = _RENAMED_IN_ARTICLES if article else _RENAMED
    inherited = {renamed.get(name, name): text for name, text in parent.items() if name not in _OWN}
    return inherited | fields


def _depth(value: str) -> int:
    """How deep braces nest."""
    depth = deepest = 0
    for brace in _BRACE.findall(value):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    return deepest


@cache
def _decoder() -> LatexDecodingMiddleware:
    from bibtexparser.middlewares import LatexDecodingMiddleware

    return LatexDecodingMiddleware(keep_math_mode=False)


def plain_text(value: str) -> tuple[str, str]:
    """A text without TeX, and what TeX in it could not be read: accents, braces, quotes, dashes."""
    if not _TEX.search(value):
        return value, ""
    if len(value) > LONGEST_TEX or _depth(value) > DEEPEST:
        return value, value
    from bibtexparser.model import Entry, Field

    # A bare percent sign is no comment in BibTeX, and a lone dollar sign no mathematics.
    text = _PERCENT.sub(r"\\%", value)
    dollars = list(_DOLLAR.finditer(text))
    if len(dollars) % 2:
        text = f"{text[: dollars[-1].start()]}\\{text[dollars[-1].start() :]}"
    entry = Entry("misc", "", [Field("text", text)])
    decoded = _decoder().transform_entry(entry, Library())
    if isinstance(decoded, Entry):
        return str(decoded.fields_dict["text"].value), ""
    return value, value
