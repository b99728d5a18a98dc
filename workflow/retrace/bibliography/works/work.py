"""The works that several papers' references and citations point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from retrace.bibliography.citations.citation import (
    Citation,
    author_year_key,
    entry_block,
    same_entry,
)
from retrace.bibliography.citations.linking import (
    Link,
    link_citations,
    reference_targets,
    work_targets,
)
from retrace.bibliography.record import Reference
from retrace.bibliography.works.matching import Source, Work, match_references, references_of


@dataclass(slots=True)
class Entry:
    """A work known by author and year alone, from citations that no list explains."""

    key: str
    papers: list[str]
    citation: Citation


@dataclass(slots=True)
class CitationLink:
    """A citation of a paper, linked.

    `status` is `listed` (in the paper's own list), `linked` (to one work of another list),
    `ambiguous` (several fit) or `unlisted` (none does).
    """

    paper: str
    index: int
    citation: Citation
    works: list[str]
    status: str
    reference: int | None = None
    difference: str = ""


@dataclass(slots=True)
class Bibliography:
    """Works with everything that points at them."""

    works: list[Work]
    entries: list[Entry] = field(default_factory=list)
    citations: list[CitationLink] = field(default_factory=list)


def resolve(
    references: Mapping[str, Sequence[Reference]], citations: Mapping[str, Sequence[Citation]]
) -> dict[str, list[Link]]:
    """Link each paper's citations to the references of its own list, by index.

    Parameters
    ----------
    references : mapping
        Each paper's references; a paper without a printed list has none.
    citations : mapping
        Each paper's citations.
    """
    return {
        paper: link_citations(citations[paper], reference_targets(references.get(paper, ())))
        for paper in sorted(citations)
    }


def build(
    references: Mapping[str, Sequence[Reference]],
    resolved: Mapping[str, Sequence[Link]] | None = None,
) -> Bibliography:
    """Match references to works, and what their own list does not explain of the citations.

    Parameters
    ----------
    references : mapping
        Each paper's references.
    resolved : mapping, optional
        Each paper's citations with the references they mean, from `resolve`.
    """
    works = match_references(references)
    bibliography = Bibliography(works)
    described = references_of(works, references)
    work_of = {source: work.key for work in works for source in work.sources}
    targets = work_targets(described)
    for paper, links in sorted((resolved or {}).items()):
        left = [link.citation for link in links if not link.candidates]
        elsewhere = iter(link_citations(left, targets, elsewhere_than=paper))
        for index, link in enumerate(links, start=1):
            listed = [work_of[Source(paper, reference)] for reference in link.candidates]
            found = link if listed else next(elsewhere)
            keys = list(dict.fromkeys(listed or found.candidates))
            status = {0: "unlisted", 1: "listed" if listed else "linked"}.get(
                len(keys), "ambiguous"
            )
            reference = link.candidates[0] if len(link.candidates) == 1 else None
            bibliography.citations.append(
                CitationLink(paper, index, link.citation, keys, status, reference, found.difference)
            )
    _add_entries(bibliography, {work.key for work in works})
    return bibliography


def _add_entries(bibliography: Bibliography, taken: set[str]) -> None:
    """Give each citation that nothing explains an author-year entry, one for all its spellings."""
    unlisted = [c for c in bibliography.citations if c.status == "unlisted"]
    # The spelling that is used most names the entry.
    alike: dict[tuple, list[Entry]] = {}
    for link in sorted(unlisted, key=lambda c: (-c.citation.mentions, c.paper, c.index)):
        near = alike.setdefault(entry_block(link.citation), [])
        entry = next((e for e in near if same_entry(e.citation, link.citation)), None)
        if entry is None:
            key = author_year_key(link.citation)
            while key in taken:
                key += "x"
            taken.add(key)
            entry = Entry(key, [], link.citation)
            near.append(entry)
            bibliography.entries.append(entry)
        elif entry.citation.text != link.citation.text:
            link.difference = f"authors: {link.citation.text} here, {entry.citation.text} elsewhere"
        entry.papers = sorted({*entry.papers, link.paper})
        link.works = [entry.key]
    bibliography.entries.sort(key=lambda entry: entry.key)


def papers_by_work(bibliography: Bibliography) -> dict[str, list[str]]:
    """The papers that refer to or cite each work, by key; ambiguous citations count for none."""
    papers = {work.key: set(work.papers) for work in bibliography.works}
    papers |= {entry.key: set(entry.papers) for entry in bibliography.entries}
    for link in bibliography.citations:
        if len(link.works) == 1:
            papers[link.works[0]].add(link.paper)
    return {key: sorted(papers[key]) for key in sorted(papers)}
