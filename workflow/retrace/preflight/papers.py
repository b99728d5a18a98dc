"""What is checked of all papers before the first job, beyond the reading of their folders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from retrace.papers import Paper, PaperError, PaperParts, Papers, Problem, read_folders
from retrace.papers.paper import refusal
from retrace.papers.study import section_path


def check_papers(
    roots: Iterable[str | Path],
    checked: Callable[[Paper], bool] = lambda paper: False,
    warn: Callable[[Problem], object] = lambda problem: None,
) -> Papers:
    """Read all papers, and check their queries, targets of synthetic data and structural models.

    What a paper prints, however impossible, refuses nothing: that is a finding, and `warn` is told.

    Parameters
    ----------
    roots : iterable of path
        Folders whose subfolders are papers.
    checked : callable
        Whether a paper that can be read was checked before, without a word: nothing is looked at
        again, nor is what looks imported.
    warn : callable
        Told of what is no problem and yet wants a look.

    Returns
    -------
    Papers
        Those that can be read and whose queries and models can; the others with every problem.

    Raises
    ------
    PaperError
        As `read_folders`; and with every problem of every paper if none can be read.
    """
    found = read_folders(roots)
    problems = {each.folder: list(each.problems) for each in found.refused}
    for paper in (*found.read.values(), *found.partial):
        if isinstance(paper, Paper) and checked(paper):
            continue
        if own := _check(paper, warn):
            problems.setdefault(paper.folder.as_posix(), []).extend(own)
    names = {paper.folder.as_posix(): key for key, paper in found.read.items()}
    read = {key: found.read[key] for folder, key in names.items() if folder not in problems}
    if not read:
        raise PaperError([problem for own in problems.values() for problem in own], found.partial)
    refused = [refusal(Path(folder), own) for folder, own in sorted(problems.items())]
    return Papers(read, refused, found.partial)


def _check(paper: PaperParts, warn: Callable[[Problem], object]) -> list[Problem]:
    """What refuses a paper that can be read; `warn` is told of what does not."""
    from retrace.preflight.claims import check_queries
    from retrace.preflight.structural_models import check_alternatives

    for problem in _worth_a_look(paper):
        warn(problem)
    problems = []
    for check in (partial(check_queries, warn=warn), check_alternatives):
        try:
            check([paper])
        except PaperError as error:
            problems.extend(error.problems)
    return problems


def _worth_a_look(paper: PaperParts) -> Iterator[Problem]:
    """What a person should look at before a run, and what no run stops for."""
    from retrace.preflight.responses import ADVICE, target_problems

    root = paper.folder.as_posix()
    for file in _decimal_commas(paper):
        yield Problem(paper.description, "", f"decimals behind a comma are read in {file}")
    # What samples have in common is told once.
    for each in dict.fromkeys(paper.impossible):
        yield Problem(f"{root}/{each.file}", each.place, f"{each.why}; {ADVICE}")
    for sample, message in target_problems(paper):
        yield Problem(paper.description, section_path(sample), message)


def _decimal_commas(paper: PaperParts) -> list[str]:
    """The tables of a paper that are read with decimal commas, by file or key."""
    files = {file for study in paper.studies.values() for file in study.decimal_commas}
    if paper.claims and paper.facts:
        files |= {paper.facts.tables[key].file for key in paper.claims.decimal_commas}
    return sorted(files)
