"""Checking a study: do its tables and its description in `paper.yaml` fit together?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from retrace.matrices.correlations import IndefiniteMatrixError
from retrace.matrices.rounding_box import (
    DEFINITE,
    NoMatrixError,
    cell_places,
    central_matrix,
    matrices,
    positive_definite,
)
from retrace.papers.description import read_description
from retrace.papers.effect_tables import read_effects
from retrace.papers.hypotheses import resolve_hypotheses, undeclared
from retrace.papers.printed_tables import (
    CorrelationPart,
    correlations_of,
    impossible_number,
    no_tests_of,
    read_correlations,
    read_regressions,
    read_reported,
)
from retrace.papers.reading import Folder, PaperError, Place, Problem
from retrace.papers.sample_differences import compare_samples
from retrace.papers.samples import STAND_IN_N, Sample, files_of, read_with, samples_of
from retrace.papers.schema import CorrelationTable, StudyEntry
from retrace.papers.study import (
    CORRELATION,
    CORRELATIONS,
    DESCRIPTION,
    METHOD_FACTOR,
    MOST_ITEMS,
    Assumed,
    Beside,
    Construct,
    Impossible,
    Model,
    Scale,
    Study,
    shown,
    size_problem,
    too_few,
)
from retrace.printed.numbers import Printed
from retrace.printed.ranges import out_of_range
from retrace.printed.reported import MODEL_STATISTICS, is_constant

# Keys of constructs are variables of structural models.
_CONSTRUCT_KEY = re.compile(r"[A-Za-z]\w*", re.ASCII)
# What statistics of a whole model are that are no percentage.
_SHARES = {
    "r2": "share of variance such as 0.33",
    "adjusted_r2": "share of variance such as 0.33",
    "f_p": "p value such as <0.001",
}
# The search for a matrix that stands in for an indefinite one takes seconds for so many constructs,
# and time with a high power of them.
MOST_IN_STAND_IN = 50
# Decimals of the matrix that stands in for an indefinite one.
STAND_IN_DIGITS = 9
# Statistics of a construct, and what messages call them; nobody assumes the last two.
_MOMENTS = {
    "mean": "mean",
    "sd": "SD",
    "alpha": "alpha",
    "skewness": "skewness",
    "kurtosis": "kurtosis",
}


def read_study(root: str | Path, sample: str = "") -> Study:
    """Read the study of a paper's folder, or of one of its samples, and nothing else of it.

    Raises
    ------
    PaperError
        With every problem of the description and the study.
    """
    folder = Folder(Path(root))
    description = read_description(folder)
    section = description.sections.study
    studies = check_samples(
        folder, folder.root.name, read_with(samples_of(section), sample), description.place
    )
    if folder.problems or sample not in studies:
        raise PaperError(folder.problems)
    return studies[sample]


def check_samples(
    folder: Folder, key: str, samples: Sequence[Sample], place: Place
) -> dict[str, Study]:
    """Read the tables of samples; those without a problem, and every problem in `folder`.

    Parameters
    ----------
    folder : Folder
    key : str
        Of the paper.
    samples : sequence of Sample
    place : callable
        What names a field of the description by its path.

    Returns
    -------
    dict
        The studies by the names of their samples. What several samples have wrong is said once.
    """
    studies: dict[str, Study] = {}
    noted, aside = folder.problems, folder.impossible
    _read_shared(folder, samples)
    found: dict[Problem, list[str]] = {}
    for sample in samples:
        # Each sample has its own.
        folder.problems, folder.impossible = [], []
        if study := check_study(folder, key, sample, sample.place(place)):
            studies[sample.name] = study
        aside += folder.impossible
        for problem in folder.problems:
            found.setdefault(problem, []).append(sample.name)
    noted += [_of_samples(problem, names) for problem, names in found.items()]
    folder.problems, folder.impossible = noted, aside
    return compare_samples(folder, samples, studies, place)


def _read_shared(folder: Folder, samples: Sequence[Sample]) -> None:
    """Read the tables of several samples, so that what is wrong with them is no sample's fault."""
    files = {file for sample in samples for file in sample.shared & set(files_of(sample.entry))}
    noted = folder.problems
    for file in sorted(files):
        # A file that is not there is missed by each sample.
        folder.problems = []
        path = folder.path(file, "")
        folder.problems = noted
        if path:
            folder.numbers(path)


def _of_samples(problem: Problem, names: Sequence[str]) -> Problem:
    """A problem with the samples that have it, where its place does not say so."""
    named = [name for name in names if name and f"study.samples.{name}." not in problem.place]
    if not named:
        return problem
    several = "s" if named[1:] else ""
    return replace(problem, message=f"sample{several} {', '.join(named)}: {problem.message}")


def check_study(folder: Folder, key: str, sample: Sample, place: Place) -> Study | None:
    """Read a sample's tables; None, with every problem noted in `folder`, where one is wrong."""
    before, entry = len(folder.problems), sample.entry
    _check_keys(folder, entry, place)
    known = len(folder.problems)
    part = read_correlations(folder, sample, place)
    entry, correlations = part.entry, part.correlations
    stand_in: list[tuple[str, str, float]] = []
    no_matrix = ""
    if len(folder.problems) == known:
        stand_in, no_matrix = _matrix(folder, entry, correlations)
    models = {}
    for name in entry.models:
        _check_model(folder, entry, name, place)
        models[name] = _read_model(folder, sample, name, place)
    models |= read_regressions(folder, entry, place)
    if (
        not models
        and not entry.correlations
        and not entry.effects
        and len(folder.problems) == known
    ):
        message = "neither correlations nor regressions; a study prints one of them"
        folder.problem("paper.yaml", place("study"), message)
    effects = read_effects(folder, entry, place)
    hypotheses, compounds = resolve_hypotheses(folder, entry, models, effects, place)
    constructs, bounds = _check_moments(folder, sample, part, place)
    _check_assumptions(folder, entry, place)
    if len(folder.problems) > before:
        return None
    return Study(
        paper=key,
        n=entry.n,
        scale=entry.scale,
        constructs=constructs,
        correlations=correlations,
        stand_in=stand_in,
        stars=entry.stars,
        models=models,
        hypotheses=hypotheses,
        compounds=compounds,
        effects=effects,
        alternatives=entry.alternatives,
        assumptions=entry.assumptions,
        decimal_commas=_decimal_commas(folder, entry),
        **_of_correlations(entry),
        in_table=part.in_table,
        beside=[*part.beside, *bounds],
        impossible=folder.impossible,
        no_matrix=no_matrix,
        sample=sample.name,
        shared=sorted(sample.shared),
    )


def _decimal_commas(folder: Folder, entry: StudyEntry) -> list[str]:
    """The tables of a sample that were read with decimal commas."""
    read = {path.relative_to(folder.root).as_posix() for path in folder.decimal_commas}
    return sorted(read & {Path(file).as_posix() for file in files_of(entry)})


def _of_correlations(entry: StudyEntry) -> dict[str, Any]:
    """What a sample's record keeps of the entry of its table of correlations."""
    table = correlations_of(entry)
    if table is None:
        return {}
    return {
        "correlations_file": table.file,
        "correlation_n": table.n if isinstance(table.n, int) else None,
        "correlation_stars": table.stars,
        "correlation_tails": table.tails,
        "correlations_above": table.triangle == "upper",
        "correlation_corrected": table.corrected,
        "pairwise": table.n == "pairwise",
        "latent": table.diagonal == "ave_root",
    }


def _check_keys(folder: Folder, entry: StudyEntry, place: Place) -> None:
    """Whether variables have names that models can carry."""
    for name in entry.constructs:
        if not _CONSTRUCT_KEY.fullmatch(name) or name == METHOD_FACTOR or is_constant(name):
            folder.problem(
                "paper.yaml",
                place("study", "constructs", name),
                f"{name!r} is no construct key: letters, digits and _, a letter first, not "
                f"{METHOD_FACTOR!r} and no name of a regression's constant; the label says it in "
                "words",
            )


def _matrix(
    folder: Folder, entry: StudyEntry, correlations: list[tuple[str, str, Printed]]
) -> tuple[list[tuple[str, str, float]], str]:
    """A stand-in for the printed matrix where it needs one, and why there is none, or empty."""
    if aside := [each.why for each in folder.impossible if each.statistic == CORRELATION]:
        return [], f"printed correlations are impossible: {'; '.join(aside)}"
    if len(correlations) < len(entry.constructs) * (len(entry.constructs) - 1) // 2:
        return [], "not every correlation is printed"
    stand_in, indefinite = find_stand_in(entry, correlations)
    few = too_few(entry.n, len(entry.constructs))
    if few and not indefinite:
        indefinite = _not_singular(entry, correlations, few)
    if indefinite:
        folder.impossible.append(indefinite)
    return stand_in, few or (indefinite.why if indefinite else "")


def outline_of(key: str, sample: Sample) -> Study | None:
    """A study without its tables and models, which may be at fault; None without a usable n."""
    entry = sample.entry
    if entry.n == STAND_IN_N:
        return None
    return Study(
        paper=key,
        n=entry.n,
        scale=entry.scale,
        constructs=entry.constructs,
        correlations=[],
        models={},
        assumptions=entry.assumptions,
        sample=sample.name,
    )


def _not_singular(
    entry: StudyEntry, correlations: list[tuple[str, str, Printed]], few: str
) -> Impossible | None:
    """What is impossible about correlations of too few observations that are not singular.

    Of k variables and n observations, k - n + 1 eigenvalues are 0. None of the printed matrix is
    farther from those of a matrix that rounds to it than the norm of the half widths of its cells
    (Weyl 1912; Horn and Johnson 2013, theorem 4.3.1). None where that proves nothing, as where
    pairs may each be of other observations.
    """
    table = correlations_of(entry)
    counts = {each.n for each in entry.constructs.values()}
    if table is None or _not_of_one_sample(table) or not {table.n, *counts} <= {None, entry.n}:
        return None
    _, low, high = _matrices_of(entry, correlations)
    nil = len(low) - entry.n + 1
    eigenvalue = float(np.linalg.eigvalsh((low + high) / 2.0)[nil - 1])
    reach = float(np.linalg.norm((high - low) / 2.0, 2))
    if eigenvalue <= reach + DEFINITE:
        return None
    which = "the smallest eigenvalue is" if nil == 1 else f"{nil} eigenvalues are"
    why = (
        f"{few}, so that {which} 0; as printed {'it' if nil == 1 else 'the largest of them'} is "
        f"{eigenvalue:.4f}, and rounding moves it by less than {reach:.4f}"
    )
    return Impossible(file=table.file, place="", statistic=CORRELATIONS, why=why)


def find_stand_in(
    entry: StudyEntry, correlations: list[tuple[str, str, Printed]]
) -> tuple[list[tuple[str, str, float]], Impossible | None]:
    """Cells of a matrix that prints alike where rounding has made the printed one indefinite.

    Empty where the printed matrix is positive definite; and, with what is then impossible beside
    them, where no positive definite matrix prints like it or none was found.
    """
    names = list(entry.constructs)
    place = {name: i for i, name in enumerate(names)}
    printed, low, high = _matrices_of(entry, correlations)
    if positive_definite(printed):
        return [], None
    upper, proven = cell_places(len(names)), False
    if len(names) > MOST_IN_STAND_IN:
        why = (
            f"not positive definite: {IndefiniteMatrixError(printed, names)}; a matrix that rounds "
            f"to it is looked for among at most {MOST_IN_STAND_IN} constructs, not {len(names)}"
        )
    else:
        try:
            cells = central_matrix(low[upper], high[upper])
            # So many digits keep it definite and leave no trace of the machine.
            found = np.round(matrices(cells, len(names)), STAND_IN_DIGITS)
            return [
                (row, column, float(found[place[row], place[column]]))
                for row, column, _ in correlations
            ], None
        except NoMatrixError as error:
            proven = error.certificate is not None
        distance = IndefiniteMatrixError(printed, names)
        was = "rounds to this one" if proven else "that rounds to this one was found"
        why = f"no positive definite matrix {was}: {distance}"
    table = correlations_of(entry)
    if other := table and _not_of_one_sample(table):
        least = float(np.linalg.eigvalsh(printed)[0])
        why, proven = f"{other}: the smallest eigenvalue of the matrix is {least:.4f}", False
    at = {"file": table.file if table else "", "place": "", "statistic": CORRELATIONS}
    return [], Impossible(**at, why=why, proven=proven)


def _matrices_of(
    entry: StudyEntry, correlations: list[tuple[str, str, Printed]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Correlations as printed, and the ends of their intervals, each shape (k, k)."""
    place = {name: i for i, name in enumerate(entry.constructs)}
    index = [sorted((place[row], place[column])) for row, column, _ in correlations]
    a, b = np.array(index, dtype=int).reshape(-1, 2).T
    printed, low, high = (np.eye(len(place)) for _ in range(3))
    for matrix, ends in (
        (printed, [cell.value for *_, cell in correlations]),
        (low, [max(cell.interval[0], -1.0) for *_, cell in correlations]),
        (high, [min(cell.interval[1], 1.0) for *_, cell in correlations]),
    ):
        matrix[a, b] = matrix[b, a] = ends
    return printed, low, high


def _not_of_one_sample(table: CorrelationTable) -> str:
    """Why correlations may be indefinite without being wrong; empty where they may not."""
    if table.n == "pairwise":
        return "no sample without missing values has these correlations, which are of pairwise n"
    if table.diagonal == "ave_root":
        return "no sample has these correlations of scores; latent variables may have them"
    return ""


def _check_model(folder: Folder, entry: StudyEntry, name: str, place: Place) -> None:
    model = entry.models[name]
    terms = [("outcome", model.outcome), *(("predictors", term) for term in model.predictors)]
    for field, term in terms:
        if term not in entry.constructs:
            folder.problem(
                "paper.yaml",
                place("study", "models", name, field),
                undeclared(term, entry, " under constructs"),
            )
    for term in sorted({t for t in model.predictors if model.predictors.count(t) > 1}):
        folder.problem("paper.yaml", place("study", "models", name), f"predictor {term!r} twice")
    if model.outcome in model.predictors:
        folder.problem(
            "paper.yaml", place("study", "models", name), "the outcome is one of the predictors"
        )
    for field in ("r2", "adjusted_r2", "f_p"):
        share = getattr(model, field)
        if share is not None and share.percent:
            message = f"{share} is not a {_SHARES[field]}"
            folder.problem("paper.yaml", place("study", "models", name, field), message)


def _impossible_fit(entry: StudyEntry, name: str) -> dict[str, str]:
    """The statistics of a whole model that no regression has, with the reason."""
    model = entry.models[name]
    printed = {field: getattr(model, field) for field in MODEL_STATISTICS}
    no_tests = no_tests_of(entry, name)
    return {
        field: why
        for field, cell in printed.items()
        if cell is not None and (why := impossible_number(field, cell, no_tests))
    }


def _read_model(folder: Folder, sample: Sample, name: str, place: Place) -> Model:
    entry = sample.entry
    model = entry.models[name]
    reported = read_reported(folder, entry, name, place) if model.reported else {}
    impossible = _impossible_fit(entry, name)
    for field, why in impossible.items():
        folder.impossible.append(
            Impossible(
                file="paper.yaml",
                place=sample.path("models", name, field),
                statistic=field,
                model=name,
                column=field,
                printed=getattr(model, field).text,
                why=why,
            )
        )
    fields = model.model_dump(exclude={"reported"}) | dict.fromkeys(impossible)
    return Model(**fields, reported=reported, file=model.reported or "")


def _check_moments(
    folder: Folder, sample: Sample, part: CorrelationPart, place: Place
) -> tuple[dict[str, Construct], list[Beside]]:
    """Whether means, SDs, alphas and moments of the shape, printed or assumed, are numbers.

    Returns
    -------
    constructs : dict
        The constructs, without what they print and no responses have. What is assumed and
        impossible is a problem of the description.
    bounds : list of Beside
        What is printed of them as a bound, such as an alpha above .70: it is no number to compute
        with, and the constructs are without it too.
    """
    entry = part.entry
    table = correlations_of(entry)
    assumed, constructs = entry.assumptions, dict(entry.constructs)
    bounds: list[Beside] = []
    stated: list[tuple[tuple[str, Construct | Assumed], tuple[str, ...]]] = [
        *(((c, each), ("constructs", c)) for c, each in entry.constructs.items()),
        *(((c, each), ("assumptions", "constructs", c)) for c, each in assumed.constructs.items()),
        (("every construct", assumed), ("assumptions",)),
    ]
    for (name, each), path in stated:
        aside = {}
        for field, what in _MOMENTS.items():
            cell = getattr(each, field, None)
            where = place("study", *path, field)
            if cell and cell.bound and path[0] == "constructs":
                of = {"statistic": field, "row": name, "column": field}
                at = f"{DESCRIPTION}, {sample.path('constructs')}"
                if table and f"{name}.{field}" in part.in_table:
                    at = table.file
                bounds.append(Beside(**of, printed=cell, where=at))
                constructs[name] = constructs[name].model_copy(update={field: None})
            elif cell and (problem := _moment_problem(cell)):
                folder.problem("paper.yaml", where, f"{what} of {name}: {problem}")
            elif cell and (why := _impossible_moment(field, cell, each.items)):
                aside[field] = f"{what} of {name}: {why}"
                if path[0] != "constructs":
                    folder.problem("paper.yaml", where, aside[field])
        if each.items is not None and not 1 <= each.items <= MOST_ITEMS:
            found = shown(each.items)
            message = f"items of {name}: {found}; a construct has 1 or more, at most {MOST_ITEMS}"
            folder.problem("paper.yaml", place("study", *path, "items"), message)
        if isinstance(each, Construct) and aside:
            constructs[name] = constructs[name].model_copy(update=dict.fromkeys(aside))
            folder.impossible += [
                Impossible(
                    file="paper.yaml",
                    place=sample.path("constructs", name, field),
                    statistic=field,
                    row=name,
                    column=field,
                    printed=getattr(each, field).text,
                    why=why,
                )
                for field, why in aside.items()
            ]
    return constructs, bounds


def _moment_problem(cell: Printed) -> str:
    if cell.bound:
        return f"{cell} is a bound; leave it out, or assume a value"
    if cell.percent:
        return f"{cell} is a percentage; write the number itself, as in 0.80"
    if cell.stars:
        return f"{cell} has stars; write the number alone"
    return ""


def _impossible_moment(field: str, cell: Printed, items: int | None) -> str:
    if problem := out_of_range(cell, field):
        return f"{cell} {problem}"
    if field == "alpha" and items == 1:
        return f"{cell} of one item; only several have an alpha"
    return ""


def _check_assumptions(folder: Folder, entry: StudyEntry, place: Place) -> None:
    for name in entry.assumptions.constructs:
        if name not in entry.constructs:
            folder.problem(
                "paper.yaml",
                place("study", "assumptions", "constructs", name),
                undeclared(name, entry, " under constructs"),
            )
    scales: list[tuple[tuple[str, ...], Scale | None]] = [
        (("scale",), entry.scale),
        (("assumptions",), entry.assumptions.scale),
        *((("constructs", name), each.scale) for name, each in entry.constructs.items()),
    ]
    for name, each in entry.constructs.items():
        if each.scale is not None and each.unit is not None:
            message = f"{name} has a scale and a unit; a unit is for what has no response scale"
            folder.problem("paper.yaml", place("study", "constructs", name), message)
    _check_products(folder, entry, place)
    for at, scale in scales:
        if scale is None:
            continue
        if scale.min >= scale.max:
            problem = f"runs from {shown(scale.min)} to {shown(scale.max)}; min must be below max"
        else:
            problem = size_problem(scale.min, scale.max)
        if problem:
            folder.problem("paper.yaml", place("study", *at), f"the scale {problem}")


def _check_products(folder: Folder, entry: StudyEntry, place: Place) -> None:
    """Whether variables that are products are so of other variables of the study."""
    for name, each in entry.constructs.items():
        problems = [
            undeclared(factor, entry)
            for factor in each.product or ()
            if factor not in entry.constructs
        ]
        if name in (each.product or ()):
            problems.append(f"{name} is a product of itself")
        problems += [
            f"{factor} is a product itself; name its factors in its place"
            for factor in dict.fromkeys(each.product or ())
            if factor != name and factor in entry.constructs and entry.constructs[factor].product
        ]
        if each.centred and each.product is None:
            problems.append("centred, and no product: `product: [a, b]` names its factors")
        for problem in problems:
            folder.problem("paper.yaml", place("study", "constructs", name), problem)
