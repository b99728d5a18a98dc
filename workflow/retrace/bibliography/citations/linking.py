"""Which reference of a list, or which work, a citation means."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz import fuzz

from retrace.bibliography.citations.citation import (
    NAME_THRESHOLD,
    Citation,
    Cited,
    fold_name,
    name_authors,
    printed_families,
    read_citation,
    year_and_letter,
)
from retrace.bibliography.names import PARTICLE
from retrace.bibliography.problem_codes import ProblemCode
from retrace.bibliography.record import Reference

_PARTICLES = re.compile(PARTICLE)
# A year that differs by no more than this, between names that agree, is taken for a slip.
YEAR_SLIP = 2


def _families(reference: Reference) -> list[str]:
    """Folded family names; two that are not known follow where the list itself says `et al.`"""
    names = [fold_name(family) for family in printed_families(reference)]
    return names + ["", ""] * reference.has(ProblemCode.AUTHORS_LEFT_OUT)


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
    if len(families) == 1 and cited.whole == families[0]:
        return True
    if cited.et_al and len(families) < count + 2:
        return False
    if not cited.et_al and count != len(families):
        return False
    return all(map(_same_name, cited.names, families))


def _named_alike(cited: Cited, families: Sequence[str]) -> bool:
    """Whether names that agree are the same but for particles: `Frahan` is `de Frahan`."""
    if len(families) == 1 and cited.whole == families[0]:
        return True
    return all(
        _without_particles(name) == _without_particles(family)
        for name, family in zip(cited.names, families, strict=False)
    )


def _without_particles(name: str) -> list[str]:
    words = name.split()
    return [word for word in words[:-1] if not _PARTICLES.fullmatch(word)] + words[-1:]


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
    """Whether two years differ as by a slip: a little, in one digit, or in the order of digits.

    What is in press where it is cited may have appeared in the list.
    """
    if not cited.isdigit() or not printed.isdigit():
        return bool(cited and printed)
    if abs(int(cited) - int(printed)) <= YEAR_SLIP:
        return True
    digits = sum(a != b for a, b in zip(cited, printed, strict=True))
    return digits == 1 or (digits == 2 and sorted(cited) == sorted(printed))


class Target(NamedTuple):
    """Something that citations may mean: a reference by its index, a work by its key."""

    identity: int | str
    families: list[str]
    year: str
    letter: str
    printed: list[str]
    paper: str = ""


class Targets:
    """What citations may mean, found by year and the first author's name.

    Parameters
    ----------
    targets : iterable of Target
    """

    def __init__(self, targets: Iterable[Target]) -> None:
        self.all = list(targets)
        self._by_word: dict[tuple[str, str], list[Target]] = defaultdict(list)
        self._by_letter: dict[tuple[str, str], list[Target]] = defaultdict(list)
        for target in self.all:
            if not target.families:
                continue
            for word in dict.fromkeys(target.families[0].split()):
                self._by_word[target.year, word].append(target)
            for letter in dict.fromkeys(family[:1] for family in target.families):
                self._by_letter[target.year, letter].append(target)

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
    return Targets(
        Target(r.index, _families(r), *year_and_letter(r.year), printed_families(r))
        for r in references
    )


def work_targets(described: Mapping[str, Sequence[tuple[str, Reference]]]) -> Targets:
    """Works as targets, by key: one for each reference of theirs."""
    return Targets(
        # Letters mean something in one list only.
        Target(key, _families(r), year_and_letter(r.year)[0], "", printed_families(r), paper)
        for key in sorted(described)
        for paper, r in described[key]
    )


def link_citations(
    citations: Sequence[Citation], targets: Targets, elsewhere_than: str = ""
) -> list[Link]:
    """Link each citation to what it means.

    Names and year must agree, with the year's letter where both have one; a second family name
    that only one of them has (`Bryan`, `Bryan Jean`) is stated. What is left over links to the
    one target from which it differs only as by a slip, and the difference is
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
        fits = [t for t in fits if t.letter == citation.letter] or fits
        link = Link(citation, _identities(fits))
        if len(link.candidates) == 1 and not any(_named_alike(cited, t.families) for t in fits):
            _settle(link, fits, "authors")
        links.append(link)
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
    same_year = [t for t in targets.all if t.year == citation.year_number]
    close = [t for t in same_year if misspelt(cited, t.families)]
    if citation.letter:
        close = [t for t in close if t.letter == citation.letter] or close
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
        and _year_slip(citation.year_number, t.year)
    ]
    _settle(link, close, "year")


def _settle(link: Link, close: Sequence[Target], field: str) -> bool:
    """Link to a target if it is the only one, and say what differs."""
    if len(_identities(close)) != 1:
        return False
    target, citation = close[0], link.citation
    link.candidates = [target.identity]
    in_full = not read_citation(citation.text).et_al
    cited, listed = (
        (citation.text, name_authors(target.printed, in_full))
        if field == "authors"
        else (citation.year, target.year + target.letter)
    )
    link.difference = f"{field}: {cited} cited, {listed} listed"
    return True


def _identities(targets: Iterable[Target]) -> list:
    return list(dict.fromkeys(target.identity for target in targets))
