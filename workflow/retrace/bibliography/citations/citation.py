"""Author-year citations: whom they name, and when two of them name the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from retrace.bibliography.keys import fold
from retrace.bibliography.record import Reference

# A misspelt family name still is at least this similar (0 to 100, rapidfuzz `ratio` of folded
# names): Dalmoro and Dalmero 86, Pillegrino and Pellegrino 90; other names lie below 80.
NAME_THRESHOLD = 80.0

_AND = re.compile(r"\s*(?:,\s*(?:and|&)\s+|,|;|\s(?:and|&)\s)\s*")
# `et al.`, or what stands for it in words.
ET_AL = (
    r"(?:\bet\.? ?al\b\.?|\b(?:and|&) (?:(?:his|her|their) )?"
    r"(?:colleagues|co-?authors|co-?workers|others)\b)"
)
_ET_AL = re.compile(rf",?\s*(?:\band\s+)?{ET_AL}")
_WORD = re.compile(r"[a-z0-9]+")
_YEAR_PARTS = re.compile(
    r"(\d{4}|n\. ?d\.|in press|forthcoming)(?:[/–-]\d{2,4})?-?([a-z]*)$", re.IGNORECASE
)


def year_and_letter(year: str) -> tuple[str, str]:
    """The two parts of `2017a`, `n.d.-b` or `in press`, the first in one form."""
    match = _YEAR_PARTS.match(year)
    if not match:
        return year, ""
    return match[1].lower().replace("n. d.", "n.d."), match[2]


class Citation(NamedTuple):
    """An author-year citation of one paper, with how often the paper makes it.

    Attributes
    ----------
    text : str
        The names as the text has them: `Hadley and Wilson`, `Fait et al.`
    year : str
        With its letter: `2017a`, `n.d.`, `in press`.
    mentions : int
    """

    text: str
    year: str
    mentions: int = 1

    @property
    def year_number(self) -> str:
        """The year without its letter."""
        return year_and_letter(self.year)[0]

    @property
    def letter(self) -> str:
        """What tells works of one year apart; empty for most."""
        return year_and_letter(self.year)[1]


class Cited(NamedTuple):
    """The names of a citation, folded for comparison.

    `whole` reads them as one name: an organisation may have `and` in it.
    """

    names: tuple[str, ...]
    et_al: bool
    whole: str = ""


def cited_names(text: str) -> tuple[list[str], bool]:
    """The names in a citation as printed, and whether it says `et al.`"""
    names = [name for name in _AND.split(_ET_AL.sub("", text)) if name]
    return names, bool(_ET_AL.search(text))


def read_citation(text: str) -> Cited:
    """The family names of `Hadley and Wilson`, `Fait et al.`, `Lee, Kao, & Yang`."""
    names, et_al = cited_names(text)
    return Cited(tuple(fold_name(name) for name in names), et_al, fold_name(text))


def fold_name(name: str) -> str:
    """Words of a name, folded; `the` before an organisation goes."""
    words = _WORD.findall(fold(name).replace("'", "").replace("&", " and "))
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def cited_as(reference: Reference) -> str:
    """How a text cites a reference: `Fait et al. (2019)`."""
    return f"{name_authors(printed_families(reference))} ({reference.year or 'n.d.'})"


def printed_families(reference: Reference) -> list[str]:
    """Family names of the authors of a reference, or of its editors, as printed."""
    return [name.family for name in reference.authors or reference.editors]


def name_authors(families: Sequence[str], in_full: bool = False) -> str:
    """How a text names authors: `Hadley and Wilson`, `Fait et al.`; or all of them, in full."""
    if len(families) > 2 and not in_full:
        return f"{families[0]} et al."
    return " and ".join(filter(None, [", ".join(families[:-1]), *families[-1:]]))


def author_year_key(citation: Citation) -> str:
    """The key of an entry that is known by author and year alone: `trudgenfreeman2014`."""
    cited = read_citation(citation.text)
    names = "".join("".join(name.split()) for name in cited.names[:2]) or "anonymous"
    return f"{names}{'etal' if cited.et_al else ''}{''.join(_WORD.findall(citation.year))}"


def entry_block(citation: Citation) -> tuple[str, bool, int, str]:
    """What citations of one entry have in common, however they spell it."""
    cited = read_citation(citation.text)
    return citation.year, cited.et_al, len(cited.names), cited.names[0][:1] if cited.names else ""


def same_entry(one: Citation, other: Citation) -> bool:
    """Whether two citations name the same entry, spelt a little differently."""
    if one.year != other.year:
        return False
    first, second = read_citation(one.text), read_citation(other.text)
    if first.et_al != second.et_al or len(first.names) != len(second.names) or not first.names:
        return False
    return all(
        fuzz.ratio(a, b) >= NAME_THRESHOLD for a, b in zip(first.names, second.names, strict=True)
    )
