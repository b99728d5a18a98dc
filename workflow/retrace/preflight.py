"""What is checked of all papers before the first job, beyond the reading of their folders."""

from __future__ import annotations

from collections.abc import Iterable

from retrace.claims.folders import check_queries
from retrace.papers import Paper, PaperError, Problem
from retrace.sem.declared import check_alternatives
from retrace.synthesis.declared import check_targets


def check_papers(papers: Iterable[Paper], undecided: Iterable[Paper]) -> None:
    """Check the claims' queries, the targets of synthetic data and the structural models.

    Parameters
    ----------
    papers : iterable of Paper
        All papers.
    undecided : iterable of Paper
        Those whose claims are not decided yet: running their queries is the longest of the checks.

    Raises
    ------
    PaperError
        With every problem of every paper.
    """
    problems: list[Problem] = []
    checks = ((check_queries, undecided), (check_targets, papers), (check_alternatives, papers))
    for check, checked in checks:
        try:
            check(checked)
        except PaperError as error:
            problems += error.problems
    if problems:
        raise PaperError(problems)
