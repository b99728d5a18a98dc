"""Alternative models that papers declare, checked before any job."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from retrace.papers import PaperError, PaperParts, Problem
from retrace.papers.study import EffectHypothesis, Study
from retrace.sem.specification import specify
from retrace.sem.structure import Structure
from retrace.sem.syntax import ModelSyntaxError
from retrace.untrusted.nearest import did_you_mean

# Names of models are names of files too: each has a path diagram.
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


def check_alternatives(papers: Iterable[PaperParts]) -> None:
    """Read every alternative, so that a wrong one stops before any job.

    Raises
    ------
    PaperError
        With every problem of every paper's models.
    """
    problems = [
        Problem(paper.description, place, message)
        for paper in papers
        for study in paper.studies.values()
        for place, message in _model_problems(study)
    ]
    if problems:
        # What samples have in common is wrong once.
        raise PaperError(list(dict.fromkeys(problems)))


def _model_problems(study: Study) -> Iterator[tuple[str, str]]:
    """What is wrong with the models of a study: the place and the message of each problem."""
    for field, names in (("models", study.models), ("alternatives", study.alternatives)):
        for name in names:
            if not _NAME.fullmatch(name):
                yield (
                    study.place(field),
                    f"{name!r}: a model's name has letters, digits, `.`, `-` and `_` only, "
                    "and starts with a letter or digit",
                )
    for name, alternative in study.alternatives.items():
        tested = [
            h.parameter
            for h in study.hypotheses.values()
            if isinstance(h, EffectHypothesis) and h.alternative == name
        ]
        found = alternative_problems(
            study.names, alternative.model, [*alternative.expected, *tested]
        )
        if name in study.models or any(
            re.match(rf"{re.escape(model)}_(method|alpha|reliability)_", name)
            for model in study.models
        ):
            found.append(f"there is a model {name!r} already, or the name of one of its checks")
        for message in found:
            yield f"{study.place('alternatives')}.{name}", message


def alternative_problems(
    constructs: Iterable[str], syntax: str, expected: Iterable[str] = ()
) -> list[str]:
    """What is wrong with an alternative model.

    Unreadable syntax, variables that are neither constructs nor factors, nothing to estimate, and
    expected signs of effects that the model has not. One that is under-identified can be read; its
    solution says so.
    """
    try:
        structure = Structure(specify(syntax))
    except ModelSyntaxError as error:
        return [str(error)]
    names, specification = list(constructs), structure.specification
    problems = [
        f"variable {name!r} is neither a construct ({', '.join(names)}) nor a factor of the model"
        + did_you_mean(name, [*names, *specification.latent])
        for name in specification.observed
        if name not in names
    ]
    problems += [
        f"factor {name!r} has the name of a construct"
        for name in specification.latent
        if name in names
    ]
    effects = {p.name for p in specification.parameters if p.op == "~"}
    effects |= {p.label for p in specification.parameters if p.label}
    effects |= {d.name for d in specification.definitions}
    problems += [
        f"`expected:` or a hypothesis names {key!r}, which is no effect of the model"
        + did_you_mean("".join(key.split()), effects)
        for key in expected
        if "".join(key.split()) not in effects
    ]
    if structure.q == 0:
        problems.append("every parameter is fixed: there is nothing to estimate")
    return problems
