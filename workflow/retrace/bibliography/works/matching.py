"""Works: which references of several papers are one and the same publication.

`sameness` says when two references are one work. Pairs are looked for within blocks (same DOI, same
first author and about the same year, same beginning of the title, same first author and place), so
that the work grows with the number of references and not with its square (Christen 2012, chapter
4).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz, process

from retrace.bibliography.journals import JournalCodes
from retrace.bibliography.keys import assign_keys, fold
from retrace.bibliography.record import Reference
from retrace.bibliography.works.sameness import (
    DIFFERENT,
    NAME_THRESHOLD,
    SAME,
    TITLE_THRESHOLD,
    Features,
    compare,
    features,
    slip_of_title,
)


class Source(NamedTuple):
    """Where a reference stands: its paper and its index in that paper's list."""

    paper: str
    index: int  # type: ignore[assignment]  # a field hides the method of tuples


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

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.find(one), self.find(other)))
        if low == high:
            return
        self._parent[high] = low
        fewer, more = sorted((self._members.pop(low), self._members.pop(high)), key=len)
        more += fewer
        self._members[low] = more

    def members(self) -> list[list[int]]:
        return [sorted(self._members[leader]) for leader in sorted(self._members)]


def _grouped(compared: Sequence[Features]) -> _Groups:
    """Groups of references of one work each. Their order makes no difference.

    References with the same features are put together first, then what is left of differences is
    settled between distinct ones, those printed most often before others.
    """
    groups = _Groups(len(compared))
    alike: dict[Features, list[int]] = defaultdict(list)
    for index, f in enumerate(compared):
        alike[f].append(index)
    # What is not one work with its own repetition, as `Editorial` without a place, is so with none.
    nodes = [f for f in alike if compare(f, f) == SAME]
    nodes.sort(key=lambda f: (-len(alike[f]), -sum(map(bool, f)), repr(f)))
    for f in nodes:
        for other in alike[f][1:]:
            groups.join(alike[f][0], other)
    pairs = _same_pairs(nodes)
    order = sorted(pairs, key=lambda pair: (_unsureness(nodes[pair[0]], nodes[pair[1]]), pair))
    views = _as_represented(nodes, pairs)
    joined = _Groups(len(nodes))
    held = {index: {view} for index, view in enumerate(views)}
    for one, other in order:
        first, second = sorted((joined.find(one), joined.find(other)))
        if first == second or _differ(held[first], held[second]):
            continue
        joined.join(first, second)
        held[first] |= held.pop(second)
        groups.join(alike[nodes[one]][0], alike[nodes[other]][0])
    return groups


def _differ(some: set[Features], others: set[Features]) -> bool:
    """Whether two groups hold a pair of different works: `in 2009` and `in 2011` are not one work
    because a third reference says 2010.
    """
    # What both hold has been compared with either before.
    return any(compare(a, b) == DIFFERENT for a in some - others for b in others - some)


def _same_pairs(nodes: Sequence[Features]) -> list[tuple[int, int]]:
    """Pairs of distinct features that are one work: each with every representative of its blocks.

    The nodes of a block are gone through in order; one that is no work of an earlier
    representative becomes one itself. So a work that thousands list is compared with its most
    frequent description, not with thousands of others.
    """
    by_doi, others = _blocks(nodes)
    pairs: dict[tuple[int, int], None] = {}
    for blocks in (by_doi, others):
        for block in blocks:
            for pair in _pairs_of_block(nodes, block, blocks is by_doi):
                pairs[pair] = None
    return list(pairs)


def _blocks(nodes: Sequence[Features]) -> tuple[list[list[int]], list[list[int]]]:
    """Nodes that may be one work: those with one DOI, and those with another key in common."""
    by_doi: dict[str, list[int]] = defaultdict(list)
    others: dict[tuple, list[int]] = defaultdict(list)
    for index, f in enumerate(nodes):
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
    return [b for b in by_doi.values() if b[1:]], [b for b in others.values() if b[1:]]


def _pairs_of_block(
    nodes: Sequence[Features], block: Sequence[int], one_doi: bool
) -> Iterator[tuple[int, int]]:
    leaders = _Representatives(one_doi)
    followers: list[tuple[int, int]] = []
    for node in block:
        f = nodes[node]
        same = [other for other in leaders.near(f) if compare(nodes[other], f) == SAME]
        yield from ((other, node) for other in same)
        if same:
            followers.append((node, len(leaders)))
        else:
            leaders.add(node, f)
    for node, earlier in followers:
        f = nodes[node]
        for other in leaders.near(f, earlier):
            if compare(nodes[other], f) == SAME:
                yield min(node, other), max(node, other)


class _Representatives:
    """The representatives of a block, and which of them a node can be one work with.

    What `compare` calls the same has similar titles or one place, or, with one DOI, authors in
    common; only those are looked at. Titles are compared many at a time by rapidfuzz.
    """

    def __init__(self, one_doi: bool) -> None:
        self._one_doi = one_doi
        self._nodes: list[int] = []
        self._titles: list[str] = []
        self._families: list[str] = []
        self._at: dict[tuple, list[int]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._nodes)

    def add(self, node: int, f: Features) -> None:
        for key in self._keys(f):
            self._at[key].append(len(self._nodes))
        self._nodes.append(node)
        self._titles.append(f.title)
        self._families.append(f.families[0] if f.families else "")

    def near(self, f: Features, start: int = 0) -> list[int]:
        """Those from `start` on that may be one work with `f`, in their order."""
        found: set[int] = set()
        for key in self._keys(f):
            at = self._at.get(key, [])
            found.update(at[bisect_left(at, start) :])
        if self._one_doi or not f.recurrent:  # `Editorial` needs a place or a DOI
            found |= _similar(f.title, self._titles, start, TITLE_THRESHOLD)
        if self._one_doi and f.families:
            found |= _similar(f.families[0], self._families, start, NAME_THRESHOLD)
        return [self._nodes[place] for place in sorted(found)]

    def _keys(self, f: Features) -> Iterator[tuple]:
        """What two works have in common where their titles are not similar."""
        if f.volume and f.first_page:
            yield "place", f.volume, f.first_page
        if self._one_doi:
            yield from (("name", word) for name in {*f.families} for word in {name, *name.split()})
            if not f.families:
                yield ("nobody",)


def _similar(text: str, texts: Sequence[str], start: int, threshold: float) -> set[int]:
    """Places of texts that are at least so similar to one text."""
    searched = texts[start:] if start else texts
    if not searched:
        return set()
    found = process.extract(
        text, searched, scorer=fuzz.ratio, score_cutoff=threshold, limit=None, processor=None
    )
    return {place + start for _, _, place in found}


def _as_represented(nodes: Sequence[Features], pairs: Iterable[tuple[int, int]]) -> list[Features]:
    """Each node with title and names as its first representative spells them.

    Two slips in one word are further apart than either is from the title itself; spelt as it is,
    they do not part a work.
    """
    spelt = list(range(len(nodes)))
    for one, other in pairs:
        if one < spelt[other] and slip_of_title(nodes[one], nodes[other]):
            spelt[other] = one
    return [
        f._replace(title=nodes[lead].title, families=nodes[lead].families)
        for f, lead in zip(nodes, spelt, strict=True)
    ]


def _unsureness(one: Features, other: Features) -> tuple:
    """A key that sorts the surest pairs first, whatever the order of the references is."""
    a, b = sorted((one, other), key=repr)
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
