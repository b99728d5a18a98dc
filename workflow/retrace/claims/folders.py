"""Claims of paper folders: their queries checked before any job."""

from __future__ import annotations

from collections.abc import Iterable

from retrace.claims.query import QueryError
from retrace.claims.sandbox import SandboxError, find_problems
from retrace.papers import Paper, PaperError, Problem


def check_queries(papers: Iterable[Paper]) -> None:
    """Run the queries of all claims, so that a wrong one stops before any job.

    Raises
    ------
    PaperError
        With every claim that cannot be decided, by its file and id.
    """
    problems: list[Problem] = []
    for paper in papers:
        if paper.claims is None or not paper.claims.claims:
            continue
        try:
            found = find_problems(paper.claims.claims, paper.claims.tables)
        except QueryError as error:
            problems.append(Problem(paper.description, "tables", str(error)))
            continue
        except SandboxError as error:
            problems.append(Problem(paper.claims.file, "", str(error)))
            continue
        file = paper.claims.file
        problems += [Problem(file, f"claim {error.claim}", error.message) for error in found]
    if problems:
        raise PaperError(problems)
