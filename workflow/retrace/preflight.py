"""What is checked of all papers before the first job, beyond the reading of their folders."""

from __future__ import annotations

from collections.abc import Iterable

from retrace.claims.folders import check_queries
from retrace.papers import Paper, PaperError, Problem
from retrace.sem.declared import check_alternatives
from retrace.synthesis.from_study import check_targets


def check_papers(papers: Iterable[Paper]) -> None:
    """Check the claims' queries, the targets of synthetic data and the structural models.

    Raises
    ------
    PaperError
        With every problem of every paper.
    """
    problems: list[Problem] = []
    for check in (check_queries, check_targets, check_alternatives):
        try:
            check(papers)
        except PaperError as error:
            problems += error.problems
    if problems:
        raise PaperError(problems)
