"""What studies print and assume, held against what responses can have, before anything runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from retrace.papers import Paper, PaperError, Problem
from retrace.printed.numbers import Printed
from retrace.synthetic.attainable import check_target
from retrace.synthetic.from_study import likert_target, unstated
from retrace.synthetic.target import InfeasibleTargetError, LikertTarget

# A slip of transcription is likelier than a paper that prints the impossible, so a person looks
# before anything runs; what such a paper prints is then a finding, and no longer a target.
CELLS = ("mean of", "SD of", "correlation (", "alpha of")
ADVICE = (
    "check the transcription; if the paper prints it so, that is a finding: leave the mean, SD or "
    "alpha out of `constructs:` and assume one that can be"
)


def check_targets(papers: Iterable[Paper]) -> None:
    """Find the studies that no responses can stand behind, before any job.

    A study whose tables or models are at fault is no study yet; its constructs are looked at all
    the same, so that nothing else comes to light only once those are mended.

    Raises
    ------
    PaperError
        With every problem of every study.
    """
    problems = []
    for paper in papers:
        for text in _problems(paper):
            printed = text.startswith(CELLS) and "assumed" not in text
            message = f"{text}; {ADVICE}" if printed else text
            problems.append(Problem(paper.description, "study", message))
    if problems:
        raise PaperError(problems)


def _problems(paper: Paper) -> list[str]:
    study = paper.study or paper.outline
    if study is None:
        return []
    # A faulty description may lack only what could not be read of it.
    problems = unstated(study) if paper.facts else []
    if paper.study and not problems:
        return _infeasible(likert_target(study))
    for name in study.names:
        constructs = {name: study.constructs[name]}
        alone = {"constructs": constructs, "correlations": [], "stand_in": [], "models": {}}
        try:
            target = likert_target(study.model_copy(update=alone))
        except InfeasibleTargetError:
            continue  # what keeps it from being a target has been named
        if not all(isinstance(moment, Printed) for moment in (*target.means, *target.sds)):
            # Printed coefficients may move assumed moments, and with them what alpha can be.
            target = replace(target, alphas=(None,))
        problems += _infeasible(target)
    return problems


def _infeasible(target: LikertTarget) -> list[str]:
    try:
        check_target(target)
    except InfeasibleTargetError as error:
        return list(error.problems)
    return []
