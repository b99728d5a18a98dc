"""What studies print and assume, held against what responses can have, before anything runs."""

from __future__ import annotations

from collections.abc import Iterable

from retrace.papers import Paper, PaperError, Problem
from retrace.synthesis.from_study import likert_target
from retrace.synthesis.marginals import check_moments
from retrace.synthesis.target import InfeasibleTargetError


def check_targets(papers: Iterable[Paper]) -> None:
    """Find the studies that no responses can stand behind, before any job.

    Raises
    ------
    PaperError
        With every problem of every study.
    """
    problems = []
    for paper in papers:
        if paper.study is None:
            continue
        try:
            check_moments(likert_target(paper.study))
        except InfeasibleTargetError as error:
            problems += [Problem(paper.description, "study", text) for text in error.problems]
    if problems:
        raise PaperError(problems)
