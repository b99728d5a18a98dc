"""What is checked of all papers before the first job, beyond the reading of their folders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from retrace.papers import Paper, PaperError, Problem, read_papers
from retrace.preflight.claims import check_queries
from retrace.preflight.responses import check_targets
from retrace.preflight.structural_models import check_alternatives


def check_papers(
    roots: Iterable[str | Path],
    decided: Callable[[Paper], bool] = lambda paper: False,
    warn: Callable[[str], object] = lambda message: None,
) -> dict[str, Paper]:
    """Read all papers, and check their queries, targets of synthetic data and structural models.

    Parameters
    ----------
    roots : iterable of path
        Folders whose subfolders are papers.
    decided : callable
        Whether the claims of a paper without a problem are decided already: running their
        queries is the longest of the checks.
    warn : callable
        Told of what is no problem and yet wants a look.

    Returns
    -------
    dict
        Papers by key, as `read_papers` gives them.

    Raises
    ------
    PaperError
        With every problem of every paper.
    """
    problems: list[Problem] = []
    found: dict[str, Paper] = {}
    try:
        found = read_papers(roots)
        papers = list(found.values())
        undecided = [paper for paper in papers if not decided(paper)]
    except PaperError as error:
        problems += error.problems
        papers = undecided = error.papers
    for paper in papers:
        for file in _decimal_commas(paper):
            warn(str(Problem(paper.description, "", f"decimals behind a comma are read in {file}")))
    checks = (
        (partial(check_queries, warn=warn), undecided),
        (check_targets, papers),
        (check_alternatives, papers),
    )
    for check, checked in checks:
        try:
            check(checked)
        except PaperError as error:
            problems += error.problems
    if problems:
        raise PaperError(problems)
    return found


def _decimal_commas(paper: Paper) -> list[str]:
    """The tables of a paper that are read with decimal commas, by file or key."""
    files = set(paper.study.decimal_commas) if paper.study else set()
    if paper.claims and paper.facts:
        files |= {paper.facts.tables[key].file for key in paper.claims.decimal_commas}
    return sorted(files)
