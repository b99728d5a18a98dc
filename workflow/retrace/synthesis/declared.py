"""What studies print and assume, held against what responses can have, before anything runs."""

from __future__ import annotations

from collections.abc import Iterable

from retrace.papers import Paper, PaperError, Problem
from retrace.synthesis.attainable import check_target
from retrace.synthesis.from_study import likert_target
from retrace.synthesis.target import InfeasibleTargetError

# A slip of transcription is likelier than a paper that prints the impossible, so a person looks
# before anything runs; what such a paper prints is then a finding, and no longer a target.
CELLS = ("mean of", "SD of", "correlation (", "alpha of")
ADVICE = (
    "check the transcription; if the paper prints it so, that is a finding: leave the mean, SD or "
    "alpha out of `constructs:` and assume one that can be"
)


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
            check_target(likert_target(paper.study))
        except InfeasibleTargetError as error:
            for text in error.problems:
                printed = text.startswith(CELLS) and "assumed" not in text
                message = f"{text}; {ADVICE}" if printed else text
                problems.append(Problem(paper.description, "study", message))
    if problems:
        raise PaperError(problems)
