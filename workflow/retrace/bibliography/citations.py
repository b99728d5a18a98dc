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


def cited_names(text: str) -> tuple[list[str], bool]:
    """The names in a citation as printed, and whether it says `et al.`"""
    names = [name for name in _AND.split(_ET_AL.sub("", text)) if name]
    return names, bool(_ET_AL.search(text))


def read_citation(text: str) -> Cited:
    """The family names of `Hadley and Wilson`, `Fait et al.`, `Lee, Kao, & Yang`."""
    names, et_al = cited_names(text)
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


class Target(NamedTuple):
    """Something that citations may mean: a reference by its index, a work by its key."""

    identity: int | str
    families: list[str]
    year: str
    shown: str
    paper: str = ""


class Targets:
    """What citations may mean, found by year and the first author's name."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self.all = list(targets)
        self._by_word: dict[tuple[str, str], list[Target]] = defaultdict(list)
        self._by_letter: dict[tuple[str, str], list[Target]] = defaultdict(list)
        for target in self.all:
            if not target.families:
                continue
            year = target.year[:4]
            for word in dict.fromkeys(target.families[0].split()):
                self._by_word[year, word].append(target)
            for letter in dict.fromkeys(family[:1] for family in target.families):
                self._by_letter[year, letter].append(target)

    def named(self, cited: Cited, year: str) -> list[Target]:
        """Targets of a year whose authors a citation names exactly."""
        found: dict[int, Target] = {}
        for word in cited.names[0].split() if cited.names else ():
            for target in self._by_word[year, word]:
                found[id(target)] = target
        return [target for target in found.values() if names_agree(cited, target.families)]

    def near(self, cited: Cited, year: str) -> list[Target]:
        """Targets of a year with an author whose name begins like the citation's first."""
        return self._by_letter[year, cited.names[0][:1]] if cited.names else []


def reference_targets(references: Iterable[Reference]) -> Targets:
    """References of one list as targets, by index."""
    return Targets(Target(r.index, _families(r), r.year, _shown(r)) for r in references)


def work_targets(described: Mapping[str, Sequence[tuple[str, Reference]]]) -> Targets:
    """Works as targets, by key: one for each reference of theirs."""
    return Targets(
        Target(key, _families(r), r.year[:4], _shown(r), paper)
        for key in sorted(described)
        for paper, r in described[key]
    )


def cited_as(reference: Reference) -> str:
    """How a text cites a reference: `Fait et al. (2019)`."""
    return f"{_shown(reference)} ({reference.year or 'n.d.'})"


def _shown(reference: Reference) -> str:
    names = [name.family for name in reference.authors or reference.editors]
    if len(names) > 2:
        return f"{names[0]} et al."
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def link_citations(
    citations: Sequence[Citation], targets: Targets, elsewhere_than: str = ""
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
    targets : Targets
        What they may mean: the paper's own list, in which every citation should stand, or works.
    elsewhere_than : str
        The paper whose own references do not count, where `targets` are works.

    Returns
    -------
    list of Link
        One a citation, in order, with every target that fits equally well.
    """
    read = [read_citation(citation.text) for citation in citations]
    links = []
    for citation, cited in zip(citations, read, strict=True):
        fits = _of_others(targets.named(cited, citation.year_number), elsewhere_than)
        lettered = [t for t in fits if t.year[4:] == citation.letter]
        links.append(Link(citation, _identities(lettered or fits)))
    used = {identity for link in links for identity in link.candidates}
    for link, cited in zip(links, read, strict=True):
        if link.candidates:
            continue
        if elsewhere_than:
            _link_misspelt(link, cited, targets, elsewhere_than)
        else:
            _link_by_slip(link, cited, targets, used)
    return links


def _of_others(targets: Sequence[Target], paper: str) -> list[Target]:
    return [target for target in targets if not paper or target.paper != paper]


def _link_misspelt(link: Link, cited: Cited, targets: Targets, paper: str) -> None:
    """Link a citation of two names or more to the one work whose authors it misspells.

    One misspelt name alone says too little about the lists of other papers.
    """
    near = targets.near(cited, link.citation.year_number) if len(cited.names) > 1 else []
    close = [t for t in _of_others(near, paper) if misspelt(cited, t.families)]
    _settle(link, close, "authors")


def _link_by_slip(link: Link, cited: Cited, targets: Targets, used: set) -> None:
    """Link a citation to the one reference from which it differs only as by a slip."""
    citation = link.citation
    same_year = [t for t in targets.all if t.year[:4] == citation.year_number]
    close = [t for t in same_year if misspelt(cited, t.families)]
    if citation.letter:
        close = [t for t in close if t.year[4:] == citation.letter] or close
    if not close:
        close = [
            t
            for t in same_year
            if miscounted(cited, t.families) and (len(cited.names) > 1 or t.identity not in used)
        ]
    if _settle(link, close, "authors"):
        return
    close = [
        t
        for t in targets.all
        if t.identity not in used
        and names_agree(cited, t.families)
        and _year_slip(citation.year_number, t.year[:4])
    ]
    _settle(link, close, "year")


def _settle(link: Link, close: Sequence[Target], field: str) -> bool:
    """Link to a target if it is the only one, and say what differs."""
    if len(_identities(close)) != 1:
        return False
    target, citation = close[0], link.citation
    link.candidates = [target.identity]
    cited, listed = (
        (citation.text, target.shown) if field == "authors" else (citation.year, target.year)
    )
    link.difference = f"{field}: {cited} cited, {listed} listed"
    return True


def _identities(targets: Iterable[Target]) -> list:
    return list(dict.fromkeys(target.identity for target in targets))


def author_year_key(citation: Citation) -> str:
    """The key of an entry that is known by author and year alone: `trudgenfreeman2014`."""
    cited = read_citation(citation.text)
    names = "".join("".join(name.split()) for name in cited.names[:2]) or "anonymous"
    return f"{names}{'etal' if cited.et_al else ''}{citation.year.replace('.', '')}"


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
