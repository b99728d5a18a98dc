"""Works, links, citations and uncited references as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from retrace.bibliography.citations.citation import Citation, cited_as, year_and_letter
from retrace.bibliography.citations.linking import Link
from retrace.bibliography.record import Reference, format_names
from retrace.bibliography.works.matching import references_of
from retrace.bibliography.works.work import Bibliography, papers_by_work


# Each begins with the columns of the contract; then what only some readers need.
class WorkRow(NamedTuple):
    """A work, a row of `works.csv`.

    `described_by` is `reference`, or `citation` where only author and year are known.
    `pages_status` is `printed`, `inferred` (a lost dash restored) or `confirmed` (restored, and
    printed the same by another paper). `cited_as` is how a text would cite the work.
    """

    work: str
    doi: str
    year: str
    first_author: str
    title: str
    papers: str
    n_papers: int
    described_by: str
    pages: str
    pages_status: str
    cited_as: str


class LinkRow(NamedTuple):
    """A reference and its work, or a citation and a work it may mean, a row of `links.csv`.

    `pages_status` is, of each reference, what `WorkRow` says of a work: a paper's own table of
    references is made before others can confirm a page range that had lost its dash.

    `score` is the similarity of the title to the work's first reference for `doi` and `title`, 1
    for a citation whose names and year agree, 0.5 where one of them differs.
    """

    paper: str
    source: str
    index: int  # type: ignore[assignment]  # a field hides the method of tuples
    work: str
    method: str
    score: float
    pages_status: str = ""


class CitationRow(NamedTuple):
    """A citation of a paper, a row of `citations.csv`.

    `work` lists every candidate of an ambiguous citation, joined with `;`. `reference` is the
    index in the paper's own list, `difference` says where the two disagree.
    """

    paper: str
    citation: str
    year: str
    mentions: int
    work: str
    status: str
    reference: str
    difference: str


class UncitedRow(NamedTuple):
    """A reference that its paper's text does not cite, a row of `uncited.csv`."""

    paper: str
    index: int  # type: ignore[assignment]  # a field hides the method of tuples
    authors: str
    year: str
    title: str


class ResolvedRow(NamedTuple):
    """A citation and the references of its own list that it may mean, joined with `;`."""

    paper: str
    citation: str
    year: str
    mentions: int
    references: str
    difference: str


def works_table(
    bibliography: Bibliography, references: Mapping[str, Sequence[Reference]]
) -> pd.DataFrame:
    """One `WorkRow` a work, by key."""
    papers = papers_by_work(bibliography)
    described = references_of(bibliography.works, references)
    rows = []
    for work in bibliography.works:
        r = work.reference
        names = r.authors or r.editors
        pages, status = known_pages([reference for _, reference in described[work.key]])
        rows.append(
            WorkRow(
                work=work.key,
                doi=r.doi,
                year=year_and_letter(r.year)[0],
                first_author=names[0].family if names else "",
                title=r.title,
                papers=";".join(papers[work.key]),
                n_papers=len(papers[work.key]),
                described_by="reference",
                pages=pages,
                pages_status=status,
                cited_as=cited_as(r),
            )
        )
    for entry in bibliography.entries:
        rows.append(
            WorkRow(
                work=entry.key,
                doi="",
                year=entry.citation.year,
                first_author=entry.citation.text,
                title="",
                papers=";".join(papers[entry.key]),
                n_papers=len(papers[entry.key]),
                described_by="citation",
                pages="",
                pages_status="",
                cited_as=f"{entry.citation.text} ({entry.citation.year})",
            )
        )
    rows.sort(key=lambda row: row.work)
    return pd.DataFrame(rows, columns=list(WorkRow._fields))


def known_pages(references: Sequence[Reference]) -> tuple[str, str]:
    """The pages of a work, and how they are known: see `WorkRow`."""
    ranges = [
        (f"{r.first_page}-{r.last_page}" if r.last_page else r.first_page, r.pages_inferred)
        for r in references
        if r.first_page
    ]
    printed = [pages for pages, inferred in ranges if not inferred]
    restored = [pages for pages, inferred in ranges if inferred]
    confirmed = sorted(set(printed) & set(restored))
    if confirmed:
        return confirmed[0], "confirmed"
    if printed:
        return printed[0], "printed"
    return (restored[0], "inferred") if restored else ("", "")


def _pages_statuses(work: Sequence[Reference]) -> list[str]:
    """How the pages of each reference are known, among all that mean the same work."""
    known = [known_pages([reference]) for reference in work]
    printed = {pages for pages, status in known if status == "printed"}
    return [
        "confirmed" if status == "inferred" and pages in printed else status
        for pages, status in known
    ]


def links_table(
    bibliography: Bibliography, references: Mapping[str, Sequence[Reference]]
) -> pd.DataFrame:
    """One row for each reference, and for each work a citation may mean: `LinkRow`."""
    rows = []
    described = references_of(bibliography.works, references)
    for work in bibliography.works:
        same = [reference for _, reference in described[work.key]]
        linked = zip(work.sources, work.methods, work.scores, _pages_statuses(same), strict=True)
        for source, method, score, status in linked:
            own = (source.paper, "reference", source.index)
            rows.append(LinkRow(*own, work.key, method, score, status))
    for link in bibliography.citations:
        score = 0.5 if link.difference else 1.0
        for key in link.works:
            own = (link.paper, "citation", link.index)
            rows.append(LinkRow(*own, key, "author-year", score))
    order = {"reference": 0, "citation": 1}
    rows.sort(key=lambda row: (row.paper, order[row.source], row.index, row.work))
    return pd.DataFrame(rows, columns=list(LinkRow._fields))


def read_described(
    links: pd.DataFrame, references: Mapping[str, Sequence[Reference]]
) -> dict[str, list[tuple[str, Reference]]]:
    """Each work's references as (paper, reference) pairs, from the table of links as text."""
    by_source = {(paper, str(r.index)): r for paper in references for r in references[paper]}
    described: dict[str, list[tuple[str, Reference]]] = {}
    for link in links[links["source"] == "reference"].itertuples():
        pair = (link.paper, by_source[link.paper, link.index])
        described.setdefault(link.work, []).append(pair)
    return dict(sorted(described.items()))


def citations_table(bibliography: Bibliography) -> pd.DataFrame:
    """One row a citation, in each paper's order: `CitationRow`."""
    rows = [
        CitationRow(
            paper=c.paper,
            citation=c.citation.text,
            year=c.citation.year,
            mentions=c.citation.mentions,
            work=";".join(c.works),
            status=c.status,
            reference="" if c.reference is None else str(c.reference),
            difference=c.difference,
        )
        for c in bibliography.citations
    ]
    return pd.DataFrame(rows, columns=list(CitationRow._fields))


def uncited_table(
    resolved: Mapping[str, Sequence[Link]], references: Mapping[str, Sequence[Reference]]
) -> pd.DataFrame:
    """References that their paper's text does not cite: `UncitedRow`.

    Only papers whose citations are known are looked at, and only their reference lists, not
    their further reading.
    """
    rows = []
    for paper in sorted(resolved):
        cited = {index for link in resolved[paper] for index in link.candidates}
        rows += [
            UncitedRow(paper, r.index, format_names(r.authors), r.year, r.title)
            for r in references.get(paper, ())
            if r.list == "references" and r.index not in cited
        ]
    return pd.DataFrame(rows, columns=list(UncitedRow._fields))


def resolved_table(resolved: Mapping[str, Sequence[Link]]) -> pd.DataFrame:
    """Citations with the references of their own list that they may mean: `ResolvedRow`."""
    rows = [
        ResolvedRow(paper, *link.citation, ";".join(map(str, link.candidates)), link.difference)
        for paper in sorted(resolved)
        for link in resolved[paper]
    ]
    return pd.DataFrame(rows, columns=list(ResolvedRow._fields))


def read_resolved(frame: pd.DataFrame) -> dict[str, list[Link]]:
    """What `resolved_table` wrote, from its cells as text."""
    resolved: dict[str, list[Link]] = {}
    for row in frame.to_dict("records"):
        citation = Citation(row["citation"], row["year"], int(row["mentions"]))
        candidates = [int(index) for index in row["references"].split(";") if index]
        link = Link(citation, candidates, row["difference"])
        resolved.setdefault(row["paper"], []).append(link)
    return resolved
