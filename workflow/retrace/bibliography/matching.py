"""Works: which references of several papers are one and the same publication.

Two references are one work when they share a DOI and do not contradict each other, or when title,
first author and year agree. Pairs are looked for within blocks (same DOI, same first author and
about the same year, same beginning of the title), so that the work grows with the number of
references and not with its square; record linkage after Fellegi and Sunter (1969), with blocking
as in Christen (2012, chapter 4).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz

from retrace.bibliography.journals import JournalCodes
from retrace.bibliography.keys import assign_keys, fold
from retrace.bibliography.record import Reference

# Similarity of titles, 0 to 100: normalised Indel similarity (rapidfuzz `ratio`) of folded titles.
# In the three printed lists the variants of one work reach 98 and more, and different works of one
# first author and about the same year 73 at most; in a bibliography kept for years, with double
# entries, these are 93.9 and 92.3. `tests/unit/test_bibliography_works.py` holds both.
TITLE_THRESHOLD = 93.0
# Titles that differ more than this need volume and first page not to speak against them.
SURE_TITLE = 97.0
# With the same DOI a title may differ more, but not be another title altogether.
TITLE_THRESHOLD_WITH_DOI = 60.0
# How far apart years may be: online first and in print.
YEAR_TOLERANCE = 1

_WORDS = re.compile(r"[a-z0-9]+")
_ISE = re.compile(r"is(?=(?:ation|e|ed|es|ing)s?\b)")
_TITLE_NUMBERS = re.compile(r"\b(?:\d+|i{1,3}|iv|v|vi{0,3})\b")


class Source(NamedTuple):
    """Where a reference stands: its paper and its index in that paper's list."""

    paper: str
    index: int


@dataclass(slots=True)
class Work:
    """A publication and the references that point at it.

    Attributes
    ----------
    key : str
    reference : Reference
        The reference that describes it best.
    sources : list of Source
        Its references, by paper and index.
    methods : list of str
        For each source, how it came in: `first`, `doi` or `title`.
    scores : list of float
        For each source, the title's similarity to the work's first, 0 to 1.
    """

    key: str
    reference: Reference
    sources: list[Source]
    methods: list[str]
    scores: list[float]

    @property
    def papers(self) -> list[str]:
        return sorted({source.paper for source in self.sources})


class _Features(NamedTuple):
    doi: str
    title: str
    numbers: tuple[str, ...]
    families: tuple[str, ...]
    year: int | None
    volume: str
    first_page: str
    container: str


def normal_title(title: str) -> str:
    """A title for comparison: folded, words only, British and American endings alike."""
    return " ".join(_WORDS.findall(_ISE.sub("iz", fold(title).replace("'", ""))))


def normal_doi(doi: str) -> str:
    """A DOI for comparison: they do not distinguish case (ISO 26324)."""
    return doi.strip().lower()


def _features(reference: Reference) -> _Features:
    title = normal_title(reference.title)
    names = reference.authors or reference.editors
    return _Features(
        normal_doi(reference.doi),
        title,
        tuple(sorted(_TITLE_NUMBERS.findall(title))),
        tuple(" ".join(_WORDS.findall(fold(name.family))) for name in names[:3]),
        reference.year_number,
        reference.volume,
        reference.first_page,
        normal_title(reference.container),
    )


def match_references(references: Mapping[str, Sequence[Reference]]) -> list[Work]:
    """Match the references of several papers to works.

    Parameters
    ----------
    references : mapping
        Each paper's references.

    Returns
    -------
    list of Work
        By key. Every reference belongs to exactly one.
    """
    sources: list[Source] = []
    records: list[Reference] = []
    for paper in sorted(references):
        for reference in references[paper]:
            sources.append(Source(paper, reference.index))
            records.append(reference)
    features = [_features(record) for record in records]
    groups = _Groups(len(records))
    for one, other in _candidate_pairs(features):
        if groups.find(one) != groups.find(other) and _groups_agree(groups, features, one, other):
            groups.join(one, other)
    codes = JournalCodes(
        (groups.find(i), r.doi, r.container) for i, r in enumerate(records) if r.type == "article"
    )
    works = [_work(members, sources, records, features, codes) for members in groups.members()]
    for work, key in zip(works, assign_keys([w.reference for w in works]), strict=True):
        work.key = key
    return sorted(works, key=lambda work: work.key)


class _Groups:
    """Disjoint sets of references, joined two at a time; the smallest index leads."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))
        self._members: dict[int, list[int]] = {i: [i] for i in range(size)}

    def find(self, item: int) -> int:
        parent = self._parent
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    def of(self, item: int) -> list[int]:
        return self._members[self.find(item)]

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.find(one), self.find(other)))
        self._parent[high] = low
        self._members[low] += self._members.pop(high)

    def members(self) -> list[list[int]]:
        return [sorted(self._members[leader]) for leader in sorted(self._members)]


# Blocks larger than this hold a meaningless key (an empty title, a placeholder DOI).
LARGEST_BLOCK = 400


def _candidate_pairs(features: Sequence[_Features]) -> list[tuple[int, int]]:
    """Pairs that share a block, DOI pairs first, then in the order of the references."""
    by_doi: dict[str, list[int]] = defaultdict(list)
    others: dict[tuple, list[int]] = defaultdict(list)
    for index, f in enumerate(features):
        if f.doi:
            by_doi[f.doi].append(index)
        if len(f.title) >= 4:
            words = f.title.split()
            others[("title", *sorted(words[:3]), *words[3:4])].append(index)
            if f.families and f.year is not None:
                # Two even spans of years put any two years one apart into a common block.
                last = f.families[0].split()[-1:] or [""]
                for start in (f.year // 2 * 2, (f.year + 1) // 2 * 2 - 1):
                    others[("name", last[0], start, f.title[:1])].append(index)
                if f.volume and f.first_page:
                    others[("page", last[0], f.volume, f.first_page)].append(index)
    pairs: dict[tuple[int, int], None] = {}
    for blocks in (by_doi.values(), others.values()):
        for block in blocks:
            for position, one in enumerate(block[:LARGEST_BLOCK]):
                for other in block[position + 1 : LARGEST_BLOCK]:
                    pairs[(one, other)] = None
    return list(pairs)


def _groups_agree(groups: _Groups, features: Sequence[_Features], one: int, other: int) -> bool:
    """Whether two groups may be joined: the pair agrees, and each with the other group's first."""
    if not same_work(features[one], features[other]):
        return False
    first, second = groups.of(one)[0], groups.of(other)[0]
    return (first == one and second == other) or same_work(features[first], features[second])


def same_work(one: _Features, other: _Features) -> bool:
    """Whether two references describe one work.

    With the same DOI, titles must reach `TITLE_THRESHOLD_WITH_DOI` or contain one another, so
    that a DOI printed for the wrong work joins nothing. Without, titles must reach
    `TITLE_THRESHOLD` with the same numbers in them (`Part 1` is not `Part 2`), or `SURE_TITLE`
    where both volume and first page differ; first authors must be the same, and years differ by
    `YEAR_TOLERANCE` at most.
    """
    if one.doi and one.doi == other.doi:
        if not one.title or not other.title:
            return bool(set(one.families) & set(other.families))
        similar = fuzz.ratio(one.title, other.title)
        contained = min(len(one.title), len(other.title)) >= 12 and (
            one.title in other.title or other.title in one.title
        )
        return similar >= TITLE_THRESHOLD_WITH_DOI or contained
    if one.year is None or other.year is None:
        if one.year != other.year:
            return False
    elif abs(one.year - other.year) > YEAR_TOLERANCE:
        return False
    if one.numbers != other.numbers or not _authors_agree(one, other):
        return False
    similar = fuzz.ratio(one.title, other.title) if one.title else 0.0
    pages_differ = one.first_page and other.first_page and one.first_page != other.first_page
    elsewhere = pages_differ and one.volume and other.volume and one.volume != other.volume
    if pages_differ and one.doi and other.doi:
        return False  # DOI and page differ: `Editorial`, twice in a year
    if elsewhere and fuzz.ratio(one.container, other.container) < 80.0:
        return False  # another journal, volume and page
    return similar >= (SURE_TITLE if elsewhere else TITLE_THRESHOLD)


def _authors_agree(one: _Features, other: _Features) -> bool:
    """Whether the first authors are the same, misspelt a little, or one name part of the other."""
    if not one.families or not other.families:
        return not one.families and not other.families
    first, second = one.families[0], other.families[0]
    if first == second or fuzz.ratio(first, second) >= 80:
        return True
    return bool(set(first.split()) & set(second.split()))


def _work(
    members: list[int],
    sources: Sequence[Source],
    records: Sequence[Reference],
    features: Sequence[_Features],
    codes: JournalCodes,
) -> Work:
    first = members[0]
    methods, scores = ["first"], [1.0]
    dois = Counter(features[member].doi for member in members)
    for member in members[1:]:
        doi = features[member].doi
        methods.append("doi" if doi and dois[doi] > 1 else "title")
        similar = fuzz.ratio(features[first].title, features[member].title) / 100
        scores.append(round(similar, 4))
    description = best_description([records[m] for m in members], codes)
    return Work("", description, [sources[m] for m in members], methods, scores)


def best_description(references: Sequence[Reference], codes: JournalCodes) -> Reference:
    """The reference that describes a work best.

    First those whose DOI can belong to their journal, then those that agree with most others
    field by field, then those whose pages are printed rather than restored, then the first.
    """
    if len(references) == 1:
        return references[0]
    fields = ("year", "title", "container", "volume", "issue", "first_page", "last_page", "doi")
    votes = {
        name: Counter(fold(getattr(r, name)) for r in references if getattr(r, name))
        for name in fields
    }

    def merit(item: tuple[int, Reference]) -> tuple:
        position, r = item
        agreed = sum(votes[name][fold(getattr(r, name))] for name in fields if getattr(r, name))
        return codes.fit(r.doi, r.container), agreed, not r.pages_inferred, -position

    return max(enumerate(references), key=merit)[1]


def references_of(
    works: Iterable[Work], references: Mapping[str, Sequence[Reference]]
) -> dict[str, list[tuple[str, Reference]]]:
    """Each work's references, as (paper, reference) pairs, by the work's key."""
    by_source = {
        Source(paper, reference.index): reference
        for paper, listed in references.items()
        for reference in listed
    }
    return {
        work.key: [(source.paper, by_source[source]) for source in work.sources] for work in works
    }
