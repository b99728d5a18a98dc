"""What a paper prints, in one row."""

from __future__ import annotations

from retrace.papers.paper import Paper


def describe(paper: Paper) -> dict[str, object]:
    """A paper's bibliographic facts and what there is of it to work with.

    Returns
    -------
    dict
        Columns paper, authors, year, title, licence, tables, n, constructs, models, hypotheses;
        empty where the paper does not print it or has no quantitative part.
    """
    facts, study = paper.facts, paper.study
    return {
        "paper": paper.key,
        "authors": "; ".join(
            f"{person.family}, {person.given}" if person.given else person.family
            for person in facts.authors
        ),
        "year": facts.year or "",
        "title": facts.title,
        "licence": facts.licence.name,
        "tables": len(facts.tables),
        "n": study.n if study else "",
        "constructs": len(study.constructs) if study else "",
        "models": len(study.models) if study else "",
        "hypotheses": len(study.hypotheses) if study else "",
    }
