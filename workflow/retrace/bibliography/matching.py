"""Works: which references of several papers are one and the same publication.

`sameness` says when two references are one work. Pairs are looked for within blocks (same DOI, same
first author and about the same year, same beginning of the title, same first author and place), so
that the work grows with the number of references and not with its square (Christen 2012, chapter
4).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz

from retrace.bibliography.journals import JournalCodes
from retrace.bibliography.keys import assign_keys, fold
from retrace.bibliography.record import Reference
from retrace.bibliography.sameness import DIFFERENT, SAME, Features, compare, features


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
        """Keys of the papers that list the work, in order."""
        return sorted({source.paper for source in self.sources})


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
    compared = [features(record) for record in records]
    groups = _grouped(compared)
    codes = JournalCodes(
        (groups.find(i), r.doi, r.container) for i, r in enumerate(records) if r.type == "article"
    )
    works = [_work(members, sources, records, compared, codes) for members in groups.members()]
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


def _candidate_pairs(compared: Sequence[Features]) -> list[tuple[int, int]]:
    """Pairs that share a block, DOI pairs first, then in the order of the references."""
    by_doi: dict[str, list[int]] = defaultdict(list)
    others: dict[tuple, list[int]] = defaultdict(list)
    for index, f in enumerate(compared):
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


def _grouped(compared: Sequence[Features]) -> _Groups:
    """Groups of references of one work each, the surest pairs joined first.

    Two groups are joined if a pair of theirs is of one work and no pair is of different ones:
    `in 2009` and `in 2011` are not one work because a third reference says 2010. The order of the
    references makes no difference.
    """
    groups = _Groups(len(compared))
    same = [pair for pair in _candidate_pairs(compared) if _verdict(compared, *pair) == SAME]
    for one, other in sorted(same, key=lambda pair: _unsureness(compared, *pair)):
        first, second = groups.of(one), groups.of(other)
        if first is not second and not any(
            _verdict(compared, a, b) == DIFFERENT for a in first for b in second
        ):
            groups.join(one, other)
    return groups


def _verdict(compared: Sequence[Features], one: int, other: int) -> str:
    return compare(compared[one], compared[other])


def _unsureness(compared: Sequence[Features], one: int, other: int) -> tuple:
    """A key that sorts the surest pairs first, whatever the order of the references is."""
    a, b = sorted((compared[one], compared[other]), key=repr)
    return not a.doi or a.doi != b.doi, -fuzz.ratio(a.title, b.title), repr(a), repr(b)


def _work(
    members: list[int],
    sources: Sequence[Source],
    records: Sequence[Reference],
    compared: Sequence[Features],
    codes: JournalCodes,
) -> Work:
    first = members[0]
    methods, scores = ["first"], [1.0]
    dois = Counter(compared[member].doi for member in members)
    for member in members[1:]:
        doi = compared[member].doi
        methods.append("doi" if doi and dois[doi] > 1 else "title")
        similar = fuzz.ratio(compared[first].title, compared[member].title) / 100
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
