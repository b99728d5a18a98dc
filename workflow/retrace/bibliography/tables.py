"""Works, links, citations and uncited references as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from retrace.bibliography.citations.citation import Citation, cited_as, year_and_letter
from retrace.bibliography.citations.linking import Link
from retrace.bibliography.record import Reference, format_names
from retrace.bibliography.works.matching import references_of
from retrace.bibliography.works.work import Bibliography, papers_by_work

# Each the columns of the contract, then what only some readers need.
WORK_COLUMNS = [
    *("work", "doi", "year", "first_author", "title", "papers", "n_papers"),
    *("described_by", "pages", "pages_status", "cited_as"),
]
LINK_COLUMNS = [
    *("paper", "source", "index", "work", "method", "score"),
    "pages_status",
]
CITATION_COLUMNS = [
    *("paper", "citation", "year", "mentions", "work", "status"),
    *("reference", "difference"),
]
UNCITED_COLUMNS = ["paper", "index", "authors", "year", "title"]
RESOLVED_COLUMNS = ["paper", "citation", "year", "mentions", "references", "difference"]


def works_table(
    bibliography: Bibliography, references: Mapping[str, Sequence[Reference]]
) -> pd.DataFrame:
    """One row a work, by key: `WORK_COLUMNS`.

    `described_by` is `reference`, or `citation` where only author and year are known.
    `pages_status` is `printed`, `inferred` (a lost dash restored) or `confirmed` (restored, and
    printed the same by another paper). `cited_as` is how a text would cite the work.
    """
    papers = papers_by_work(bibliography)
    described = references_of(bibliography.works, references)
    rows: list[dict[str, Any]] = []
    for work in bibliography.works:
        r = work.reference
        names = r.authors or r.editors
        pages, status = known_pages([reference for _, reference in described[work.key]])
        rows.append(
            {
                "work": work.key,
                "doi": r.doi,
                "year": year_and_letter(r.year)[0],
                "first_author": names[0].family if names else "",
                "title": r.title,
                "described_by": "reference",
                "pages": pages,
                "pages_status": status,
                "cited_as": cited_as(r),
            }
        )
    for entry in bibliography.entries:
        rows.append(
            {
                "work": entry.key,
                "year": entry.citation.year,
                "first_author": entry.citation.text,
                "described_by": "citation",
                "cited_as": f"{entry.citation.text} ({entry.citation.year})",
            }
        )
    for row in rows:
        row |= {"papers": ";".join(papers[row["work"]]), "n_papers": len(papers[row["work"]])}
    rows.sort(key=lambda row: row["work"])
    return pd.DataFrame(rows, columns=WORK_COLUMNS).fillna("")


def known_pages(references: Sequence[Reference]) -> tuple[str, str]:
    """The pages of a work, and how they are known: see `works_table`."""
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
    """One row for each reference, and for each work a citation may mean: `LINK_COLUMNS`.

    `pages_status` is, of each reference, what `works_table` says of a work: a paper's own table of
    references is made before others can confirm a page range that had lost its dash.

    `score` is the similarity of the title to the work's first reference for `doi` and `title`, 1
    for a citation whose names and year agree, 0.5 where one of them differs.
    """
    rows = []
    described = references_of(bibliography.works, references)
    for work in bibliography.works:
        same = [reference for _, reference in described[work.key]]
        linked = zip(work.sources, work.methods, work.scores, _pages_statuses(same), strict=True)
        for source, method, score, status in linked:
            row = (source.paper, "reference", source.index, work.key, method, score)
            rows.append((*row, status))
    for link in bibliography.citations:
        score = 0.5 if link.difference else 1.0
        for key in link.works:
            rows.append((link.paper, "citation", link.index, key, "author-year", score, ""))
    order = {"reference": 0, "citation": 1}
    rows.sort(key=lambda row: (row[0], order[row[1]], row[2], row[3]))
    return pd.DataFrame(rows, columns=LINK_COLUMNS)


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
    """One row a citation, in each paper's order: `CITATION_COLUMNS`.

    `work` lists every candidate of an ambiguous citation, joined with `;`. `reference` is the
    index in the paper's own list, `difference` says where the two disagree.
    """
    rows = [
        {
            "paper": c.paper,
            "citation": c.citation.text,
            "year": c.citation.year,
            "mentions": c.citation.mentions,
            "work": ";".join(c.works),
            "status": c.status,
            "reference": "" if c.reference is None else str(c.reference),
            "difference": c.difference,
        }
        for c in bibliography.citations
    ]
    return pd.DataFrame(rows, columns=CITATION_COLUMNS)


def uncited_table(
    resolved: Mapping[str, Sequence[Link]], references: Mapping[str, Sequence[Reference]]
) -> pd.DataFrame:
    """References that their paper's text does not cite: `UNCITED_COLUMNS`.

    Only papers whose citations are known are looked at, and only their reference lists, not
    their further reading.
    """
    rows = []
    for paper in sorted(resolved):
        cited = {index for link in resolved[paper] for index in link.candidates}
        rows += [
            (paper, r.index, format_names(r.authors), r.year, r.title)
            for r in references.get(paper, ())
            if r.list == "references" and r.index not in cited
        ]
    return pd.DataFrame(rows, columns=UNCITED_COLUMNS)


def resolved_table(resolved: Mapping[str, Sequence[Link]]) -> pd.DataFrame:
    """Citations with the references of their own list that they may mean: `RESOLVED_COLUMNS`."""
    rows = [
        (paper, *link.citation, ";".join(map(str, link.candidates)), link.difference)
        for paper in sorted(resolved)
        for link in resolved[paper]
    ]
    return pd.DataFrame(rows, columns=RESOLVED_COLUMNS)


def read_resolved(frame: pd.DataFrame) -> dict[str, list[Link]]:
    """What `resolved_table` wrote, from its cells as text."""
    resolved: dict[str, list[Link]] = {}
    for row in frame.to_dict("records"):
        citation = Citation(row["citation"], row["year"], int(row["mentions"]))
        candidates = [int(index) for index in row["references"].split(";") if index]
        link = Link(citation, candidates, row["difference"])
        resolved.setdefault(row["paper"], []).append(link)
    return resolved
