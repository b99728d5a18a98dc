"""Claims of paper folders: the tables they are about, and their queries checked before any job."""

from __future__ import annotations

from collections.abc import Iterable

from retrace.papers import Paper, PaperError, Problem
from retrace.papers.reading import Folder


def read_tables(paper: Paper) -> dict[str, tuple[list[str], list[list[str]]]]:
    """The transcribed tables of a paper by key: columns, and rows of cells as printed.

    Raises
    ------
    PaperError
        If a table has changed since the paper was read and is none any more.
    """
    folder = Folder(paper.folder)
    tables = {key: folder.table(paper.folder / name) for key, name in _names(paper).items()}
    if folder.problems:
        raise PaperError(folder.problems)
    return {key: (header, [cells for _, cells in rows]) for key, (header, rows) in tables.items()}


def check_queries(papers: Iterable[Paper]) -> None:
    """Prepare and run the queries of all claims, so that a wrong one stops before any job.

    DuckDB is imported only where a paper has claims.

    Raises
    ------
    PaperError
        With every claim that cannot be decided, by its file and id.
    """
    problems: list[Problem] = []
    for paper in papers:
        if paper.claims is None or not paper.claims.claims:
            continue
        from retrace.claims.database import ClaimDatabase
        from retrace.claims.query import QueryError
        from retrace.claims.verdicts import find_problems

        file = paper.file(paper.facts.claims.claims)
        try:
            with ClaimDatabase(read_tables(paper)) as database:
                found = find_problems(paper.claims.claims, database)
        except QueryError as error:
            problems.append(Problem(paper.description, "tables", str(error)))
            continue
        problems += [Problem(file, f"claim {error.claim}", error.message) for error in found]
    if problems:
        raise PaperError(problems)


def _names(paper: Paper) -> dict[str, str]:
    return {key: table.file for key, table in paper.facts.tables.items()}
