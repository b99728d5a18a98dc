"""What studies print and assume, held against what responses can have, before anything runs."""

from __future__ import annotations

from dataclasses import replace

from retrace.papers import PaperParts
from retrace.papers.study import Study
from retrace.printed.numbers import Printed
from retrace.synthetic.attainable import Unattainable, unattainable
from retrace.synthetic.from_study import alpha_of_one_item, likert_target, unstated
from retrace.synthetic.target import InfeasibleTargetError

# A slip of transcription is likelier than a paper that prints the impossible.
ADVICE = "check the transcription; if the paper prints it so, that is a finding"


def target_problems(paper: PaperParts) -> list[tuple[str, str]]:
    """What keeps responses from printing what a study prints, and what it should be looked at for.

    A study whose tables or models are at fault is no study yet; its constructs are looked at all
    the same, so that nothing else comes to light only once those are mended.

    Returns
    -------
    list of (str, str)
        Sample, empty where the paper has one, and message.
    """
    return [
        (study.sample, f"{text}; {ADVICE}" if as_printed else text)
        for key, study in (paper.outlines | paper.studies).items()
        for text, as_printed in _problems(
            study, is_whole=key in paper.studies, has_facts=bool(paper.facts)
        )
    ]


def _problems(study: Study, *, is_whole: bool, has_facts: bool) -> list[Unattainable]:
    # A faulty description may lack only what could not be read of it.
    stated = unstated(study) if has_facts else []
    of_print = alpha_of_one_item(study)
    problems = [Unattainable(text, as_printed=text in of_print) for text in stated]
    if is_whole and not problems:
        return unattainable(likert_target(study).drawn)
    for name in study.drawn:
        constructs = {name: study.constructs[name]}
        alone = {"constructs": constructs, "correlations": [], "stand_in": [], "models": {}}
        try:
            target = likert_target(study.model_copy(update=alone))
        except InfeasibleTargetError:
            continue  # what keeps it from being a target has been named
        if not all(isinstance(moment, Printed) for moment in (*target.means, *target.sds)):
            # Printed coefficients may move assumed moments, and with them what alpha can be.
            target = replace(target, alphas=(None,))
        problems += unattainable(target.drawn)
    return problems
