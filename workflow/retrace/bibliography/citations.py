"""Author-year citations: what they name, and which reference or work they mean."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz import fuzz

from retrace.bibliography.keys import fold
from retrace.bibliography.record import Reference

# A misspelt family name still is at least this similar (0 to 100, rapidfuzz `ratio` of folded
# names): Dalmoro and Dalmero 86, Pillegrino and Pellegrino 90; other names lie below 80.
NAME_THRESHOLD = 80.0
# A year that differs by no more than this, between names that agree, is taken for a slip.
YEAR_SLIP = 2

_AND = re.compile(r"\s*(?:,\s*(?:and|&)\s+|,|;|\s(?:and|&)\s)\s*")
_ET_AL = re.compile(r",?\s*(?:\band\s+)?(?:\bet\.?\s*al\b\.?|\band (?:others|colleagues)\b)")
_WORD = re.compile(r"[a-z0-9]+")


class Citation(NamedTuple):
    """An author-year citation of one paper, with how often the paper makes it."""

    text: str
    year: str
    mentions: int = 1

    @property
    def year_number(self) -> str:
        return self.year[:4]

    @property
    def letter(self) -> str:
        return self.year[4:]


class Cited(NamedTuple):
    """The names of a citation, folded for comparison."""

    names: tuple[str, ...]
    et_al: bool


@dataclass(slots=True)
class Link:
    """What a citation points at.

    Attributes
    ----------
    candidates : list of str or int
        What fits: keys of works, or indices of references.
    difference : str
        Where the citation and what it points at disagree; empty where they agree.
    """

    citation: Citation
    candidates: list = field(default_factory=list)
    difference: str = ""


def read_citation(text: str) -> Cited:
    """The family names of `Hadley and Wilson`, `Fait et al.`, `Lee, Kao, & Yang`."""
    et_al = bool(_ET_AL.search(text))
    names = [n for n in _AND.split(_ET_AL.sub("", text)) if n]
    return Cited(tuple(_folded(name) for name in names), et_al)


def _folded(name: str) -> str:
    """Words of a name, folded; `the` before an organisation goes."""
    words = _WORD.findall(fold(name).replace("'", ""))
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def _families(reference: Reference) -> list[str]:
    return [_folded(name.family) for name in reference.authors or reference.editors]


def _same_name(cited: str, family: str) -> bool:
    """Whether a cited name is a family name, or one with or without a particle or second name."""
    if cited == family:
        return True
    short, long = sorted((cited.split(), family.split()), key=len)
    return bool(short) and (long[-len(short) :] == short or long[: len(short)] == short)


def names_agree(cited: Cited, families: Sequence[str]) -> bool:
    """Whether a citation names exactly these authors: all, or the first of three with `et al.`"""
    count = len(cited.names)
    if not count:
        return False
    if cited.et_al and len(families) < count + 2:
        return False
    if not cited.et_al and count != len(families):
        return False
    return all(map(_same_name, cited.names, families))


def misspelt(cited: Cited, families: Sequence[str]) -> bool:
    """Whether a citation names these authors with a slip of spelling, or in another order."""
    count = len(cited.names)
    if not count or (len(families) < count + 1 if cited.et_al else count != len(families)):
        return False
    if all(
        _same_name(name, family) or fuzz.ratio(name, family) >= NAME_THRESHOLD
        for name, family in zip(cited.names, families, strict=False)
    ):
        return True
    return not cited.et_al and sorted(cited.names) == sorted(families)


def miscounted(cited: Cited, families: Sequence[str]) -> bool:
    """Whether a citation names the first of these authors and leaves out or adds others."""
    if not cited.names or not families or not _same_name(cited.names[0], families[0]):
        return False
    shared = sum(any(_same_name(n, f) for f in families) for n in cited.names)
    return shared * 2 >= len(cited.names)


def _year_slip(cited: str, printed: str) -> bool:
    """Whether two years differ as by a slip: a little, in one digit, or in the order of digits."""
    if len(cited) != 4 or len(printed) != 4 or not (cited + printed).isdigit():
        return False
    if abs(int(cited) - int(printed)) <= YEAR_SLIP:
        return True
    digits = sum(a != b for a, b in zip(cited, printed, strict=True))
    return digits == 1 or (digits == 2 and sorted(cited) == sorted(printed))


class _Known(NamedTuple):
    """Something that citations may mean: a reference by its index, a work by its key."""

    identity: object
    families: list[str]
    year: str
    shown: str


def known_references(references: Iterable[Reference]) -> list[_Known]:
    """References of one list as targets, by index."""
    return [
        _Known(r.index, _families(r), r.year, _shown(r))
        for r in references
        if r.list == "references" or r.authors
    ]


def known_works(
    described: Mapping[str, Sequence[tuple[str, Reference]]], without: str = ""
) -> list[_Known]:
    """Works as targets, by key: one for each reference of theirs outside paper `without`."""
    return [
        _Known(key, _families(r), r.year[:4], _shown(r))
        for key in sorted(described)
        for paper, r in described[key]
        if paper != without
    ]


def cited_as(reference: Reference) -> str:
    """How a text cites a reference: `Fait et al. (2019)`."""
    return f"{_shown(reference)} ({reference.year or 'n.d.'})"


def _shown(reference: Reference) -> str:
    names = [name.family for name in reference.authors or reference.editors]
    if len(names) > 2:
        return f"{names[0]} et al."
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def link_citations(
    citations: Sequence[Citation], known: Sequence[_Known], own: bool = True
) -> list[Link]:
    """Link each citation to what it means.

    Names and year must agree, with the year's letter where both have one. What is left over
    links to the one target from which it differs only as by a slip, and the difference is
    stated: a misspelt or transposed name; in the paper's own list also authors left out, or the
    year, if nothing else is linked to that target.

    Parameters
    ----------
    citations : sequence of Citation
        Those of one paper.
    known : sequence of _Known
        What they may mean, from `known_references` or `known_works`.
    own : bool
        Whether `known` is the paper's own list, in which every citation should stand.

    Returns
    -------
    list of Link
        One a citation, in order, with every target that fits equally well.
    """
    by_year: dict[str, list[_Known]] = defaultdict(list)
    for target in known:
        by_year[target.year[:4]].append(target)
    read = [read_citation(citation.text) for citation in citations]
    links = []
    for citation, cited in zip(citations, read, strict=True):
        fits = [t for t in by_year[citation.year_number] if names_agree(cited, t.families)]
        lettered = [t for t in fits if t.year[4:] == citation.letter]
        links.append(Link(citation, _identities(lettered or fits)))
    used = {identity for link in links for identity in link.candidates}
    for link, cited in zip(links, read, strict=True):
        if not link.candidates:
            _link_by_slip(link, cited, known, by_year[link.citation.year_number], used, own)
    return links


def _link_by_slip(
    link: Link,
    cited: Cited,
    known: Sequence[_Known],
    same_year: Sequence[_Known],
    used: set,
    own: bool,
) -> None:
    """Link a citation to the one target from which it differs only as by a slip."""
    citation = link.citation
    close = [t for t in same_year if misspelt(cited, t.families)]
    if citation.letter:
        close = [t for t in close if t.year[4:] == citation.letter] or close
    if not own and len(cited.names) < 2:
        close = []  # one misspelt name alone says too little about another paper's list
    if own and not close:
        close = [
            t
            for t in same_year
            if miscounted(cited, t.families) and (len(cited.names) > 1 or t.identity not in used)
        ]
    if _one(close):
        link.candidates = [close[0].identity]
        link.difference = f"authors: {citation.text} cited, {close[0].shown} listed"
        return
    close = [
        t
        for t in known
        if own
        and t.identity not in used
        and names_agree(cited, t.families)
        and _year_slip(citation.year_number, t.year[:4])
    ]
    if _one(close):
        link.candidates = [close[0].identity]
        link.difference = f"year: {citation.year} cited, {close[0].year} listed"


def _identities(targets: Iterable[_Known]) -> list:
    return list(dict.fromkeys(target.identity for target in targets))


def _one(targets: Sequence[_Known]) -> bool:
    return len(_identities(targets)) == 1


def author_year_key(citation: Citation) -> str:
    """The key of an entry that is known by author and year alone: `trudgenfreeman2014`."""
    cited = read_citation(citation.text)
    names = "".join("".join(name.split()) for name in cited.names[:2]) or "anonymous"
    return f"{names}{'etal' if cited.et_al else ''}{citation.year.replace('.', '')}"


def same_entry(one: Citation, other: Citation) -> bool:
    """Whether two citations of one paper name the same entry, spelt a little differently."""
    if one.year != other.year:
        return False
    first, second = read_citation(one.text), read_citation(other.text)
    if first.et_al != second.et_al or len(first.names) != len(second.names) or not first.names:
        return False
    return all(
        fuzz.ratio(a, b) >= NAME_THRESHOLD for a, b in zip(first.names, second.names, strict=True)
    )
