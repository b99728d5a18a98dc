"""Checking a study: do its tables and its description in `paper.yaml` fit together?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

from retrace.matrices.correlations import IndefiniteMatrixError
from retrace.matrices.rounding_box import (
    NoMatrixError,
    cell_places,
    central_matrix,
    matrices,
    positive_definite,
)
from retrace.papers.description import STAND_IN_N, read_description
from retrace.papers.reading import Folder, PaperError
from retrace.papers.schema import StudyEntry
from retrace.papers.study import (
    CORRELATION,
    CORRELATIONS,
    METHOD_FACTOR,
    MOST_IN_STAND_IN,
    MOST_ITEMS,
    Assumed,
    Construct,
    Hypothesis,
    Impossible,
    Model,
    Study,
    shown,
    size_problem,
)
from retrace.printed.numbers import Printed
from retrace.printed.reported import (
    CONSTANT_NAMES,
    CONSTANT_STATISTICS,
    TERM_STATISTICS,
    is_constant,
)
from retrace.untrusted.nearest import did_you_mean

Place = Callable[..., str]

# Keys of constructs are variables of structural models.
_CONSTRUCT_KEY = re.compile(r"[A-Za-z]\w*", re.ASCII)
# What statistics of a whole model are that cannot be above 1.
_SHARES = {
    "r2": "share of variance such as 0.33",
    "adjusted_r2": "share of variance such as 0.33",
    "f_p": "p value such as <0.001",
}
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


def read_study(root: str | Path) -> Study:
    """Read the study of a paper's folder, and nothing else of it.

    Raises
    ------
    PaperError
        With every problem of the description and the study.
    """
    folder = Folder(Path(root))
    description = read_description(folder)
    entry = description.sections.study
    study = check_study(folder, folder.root.name, entry, description.place) if entry else None
    if folder.problems or study is None:
        raise PaperError(folder.problems)
    return study


def check_study(folder: Folder, key: str, entry: StudyEntry, place: Place) -> Study | None:
    """Read a study's tables; None, with every problem noted in `folder`, where one is wrong."""
    before = len(folder.problems)
    for name in entry.constructs:
        if not _CONSTRUCT_KEY.fullmatch(name) or name == METHOD_FACTOR or is_constant(name):
            folder.problem(
                "paper.yaml",
                place("study", "constructs", name),
                f"{name!r} is no construct key: letters, digits and _, a letter first, not "
                f"{METHOD_FACTOR!r} and no name of a regression's constant; the label says it in "
                "words",
            )
    if entry.n <= len(entry.constructs):
        needed = len(entry.constructs) + 1
        message = f"n = {entry.n} for {needed - 1} constructs: their correlations need {needed}"
        folder.problem("paper.yaml", place("study", "n"), message)
    known = len(folder.problems)
    correlations = _read_correlations(folder, entry, place)
    stand_in: list[tuple[str, str, float]] = []
    no_matrix = ""
    if aside := [each.why for each in folder.impossible if each.statistic == CORRELATION]:
        no_matrix = f"printed correlations are impossible: {'; '.join(aside)}"
    elif len(folder.problems) == known:
        stand_in, indefinite = find_stand_in(entry, correlations)
        if indefinite:
            folder.impossible.append(indefinite)
            no_matrix = indefinite.why
    models = {}
    for name in entry.models:
        _check_model(folder, entry, name, place)
        models[name] = _read_model(folder, entry, name, place)
    hypotheses = _resolve_hypotheses(folder, entry, place)
    constructs = _check_moments(folder, entry, place)
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
        alternatives=entry.alternatives,
        assumptions=entry.assumptions,
        decimal_commas=sorted(
            path.relative_to(folder.root).as_posix() for path in folder.decimal_commas
        ),
        correlations_file=entry.correlations,
        impossible=folder.impossible,
        no_matrix=no_matrix,
    )


def outline_of(key: str, entry: StudyEntry) -> Study | None:
    """A study without its tables and models, which may be at fault; None without a usable n."""
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
    )


def _parse(folder: Folder, entry: StudyEntry, file: str, where: str, cell: str) -> Printed | None:
    try:
        printed = Printed.parse(cell)
    except ValueError as error:
        folder.problem(file, where, str(error))
        return None
    if printed.stars and printed.stars not in entry.stars:
        legend = ", ".join(entry.stars) or "no stars"
        folder.problem(file, where, f"{cell!r} has stars that `stars:` does not explain ({legend})")
    return printed


def _read_correlations(
    folder: Folder, entry: StudyEntry, place: Place
) -> list[tuple[str, str, Printed]]:
    """The correlations below the diagonal, in the order of the constructs."""
    path = folder.path(entry.correlations, place("study", "correlations"))
    table = folder.numbers(path) if path else None
    if table is None:
        return []
    file, (header, rows), names = entry.correlations, table, list(entry.constructs)
    columns = header[1:]
    found = {"column": [(1, column) for column in columns]}
    found["row"] = [(line, cells[0]) for line, cells in rows]
    for what, headings in found.items():
        for line, name in headings:
            if name not in entry.constructs:
                folder.problem(file, f"line {line}", f"{what}: {_undeclared(name, entry)}")
        there = {name for _, name in headings}
        for name in (name for name in names if name not in there):
            folder.problem(file, "", f"{what}: construct {name!r} is missing")
    keys = Counter(name for _, name in found["row"])
    for name in sorted(name for name, count in keys.items() if count > 1):
        folder.problem(file, "", f"row {name!r} stands there twice")

    cells: dict[tuple[str, str], tuple[int, Printed]] = {}
    refused: set[frozenset[str]] = set()
    for line, (row, *values) in rows:
        for column, cell in zip(columns, values, strict=True):
            where = f"line {line}, column {column}"
            if row == column:
                # The diagonal may print 1, a reliability, a dash or nothing: it is not used.
                continue
            if not cell:
                continue
            printed = _parse(folder, entry, file, where, cell)
            if printed is None:
                refused.add(frozenset((row, column)))
            elif printed.bound or printed.percent:
                refused.add(frozenset((row, column)))
                folder.problem(file, where, f"{cell!r} is not a correlation")
            elif not -1 <= printed.value <= 1:
                refused.add(frozenset((row, column)))
                why = f"correlation {cell} is outside [-1, 1]"
                folder.impossible.append(_no_correlation(file, where, row, column, cell, why))
            else:
                cells[row, column] = (line, printed)
    result = []
    for i, row in enumerate(names):
        for column in names[:i]:
            below, above = cells.get((row, column)), cells.get((column, row))
            if frozenset((row, column)) in refused:
                continue
            if (either := below or above) is None:
                if {row, column} - keys.keys() and {row, column} - set(columns):
                    continue  # its row or column is missing, which has been said
                folder.problem(file, "", f"no correlation of {row} with {column}")
            elif below and above and below[1].number != above[1].number:
                folder.impossible.append(_not_symmetric(file, row, column, below, above))
            else:
                result.append((row, column, either[1]))
    return result


def _not_symmetric(file: str, row: str, column: str, below: tuple, above: tuple) -> Impossible:
    where = f"lines {above[0]} and {below[0]}"
    one, other = f"{column} with {row} is {above[1]}", f"{row} with {column} is {below[1]}"
    why = f"not symmetric: {one}, {other}"
    return _no_correlation(file, where, row, column, f"{above[1]} and {below[1]}", why)


def _no_correlation(
    file: str, where: str, row: str, column: str, cell: str, why: str
) -> Impossible:
    return Impossible(
        file=file, place=where, statistic=CORRELATION, row=row, column=column, printed=cell, why=why
    )


def find_stand_in(
    entry: StudyEntry, correlations: list[tuple[str, str, Printed]]
) -> tuple[list[tuple[str, str, float]], Impossible | None]:
    """Cells of a matrix that prints alike where rounding has made the printed one indefinite.

    Empty where the printed matrix is positive definite; and, with what is then impossible beside
    them, where no positive definite matrix prints like it or none was found.
    """
    names = list(entry.constructs)
    place = {name: i for i, name in enumerate(names)}
    index = [sorted((place[row], place[column])) for row, column, _ in correlations]
    a, b = np.array(index, dtype=int).reshape(-1, 2).T
    printed, low, high = (np.eye(len(names)) for _ in range(3))
    for matrix, ends in (
        (printed, [cell.value for *_, cell in correlations]),
        (low, [max(cell.interval[0], -1.0) for *_, cell in correlations]),
        (high, [min(cell.interval[1], 1.0) for *_, cell in correlations]),
    ):
        matrix[a, b] = matrix[b, a] = ends
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
    at = {"file": entry.correlations, "place": "", "statistic": CORRELATIONS}
    return [], Impossible(**at, why=why, proven=proven)


def _undeclared(name: str, entry: StudyEntry, more: str = "") -> str:
    """What is said of a name that is no construct of the study, with the one that it is like."""
    return f"construct {name!r} is not declared{more}{did_you_mean(name, entry.constructs)}"


def _check_model(folder: Folder, entry: StudyEntry, name: str, place: Place) -> None:
    model = entry.models[name]
    terms = [("outcome", model.outcome), *(("predictors", term) for term in model.predictors)]
    for field, term in terms:
        if term not in entry.constructs:
            folder.problem(
                "paper.yaml",
                place("study", "models", name, field),
                _undeclared(term, entry, " under constructs"),
            )
    for term in sorted({t for t in model.predictors if model.predictors.count(t) > 1}):
        folder.problem("paper.yaml", place("study", "models", name), f"predictor {term!r} twice")
    if model.outcome in model.predictors:
        folder.problem(
            "paper.yaml", place("study", "models", name), "the outcome is one of the predictors"
        )
    if entry.n < len(model.predictors) + 3:
        folder.problem(
            "paper.yaml",
            place("study", "n"),
            f"n = {entry.n} is too small for model {name!r} with {len(model.predictors)} "
            f"predictors; at least {len(model.predictors) + 3} are needed",
        )
    for field in ("r2", "adjusted_r2", "f_p"):
        share = getattr(model, field)
        if share is not None and share.percent:
            message = f"{share} is not a {_SHARES[field]}"
            folder.problem("paper.yaml", place("study", "models", name, field), message)


def _impossible_fit(entry: StudyEntry, name: str) -> dict[str, str]:
    """The statistics of a whole model that no regression has, with the reason."""
    model, found = entry.models[name], {}
    for field, what in _SHARES.items():
        share = getattr(model, field)
        if share is not None and not share.percent and share.interval[0] > 1:
            found[field] = f"{share} is not a {what}"
    watson = model.durbin_watson
    if watson is not None and not 0 <= watson.value <= 4:
        found["durbin_watson"] = f"Durbin-Watson {watson} is outside [0, 4]"
    return found


def _read_model(folder: Folder, entry: StudyEntry, name: str, place: Place) -> Model:
    model = entry.models[name]
    reported: dict[str, dict[str, Printed]] = {}
    if model.reported:
        path = folder.path(model.reported, place("study", "models", name, "reported"))
        table = folder.numbers(path) if path else None
        if table is not None:
            reported = _read_reported(folder, entry, name, model.reported, *table)
    impossible = _impossible_fit(entry, name)
    for field, why in impossible.items():
        folder.impossible.append(
            Impossible(
                file="paper.yaml",
                place=f"study.models.{name}.{field}",
                statistic=field,
                model=name,
                column=field,
                printed=getattr(model, field).text,
                why=why,
            )
        )
    fields = model.model_dump(exclude={"reported"}) | dict.fromkeys(impossible)
    return Model(**fields, reported=reported, file=model.reported or "")


def _read_reported(
    folder: Folder, entry: StudyEntry, name: str, file: str, header: list[str], rows: list
) -> dict[str, dict[str, Printed]]:
    model = entry.models[name]
    if header[0] != "term":
        folder.problem(file, "line 1", f"first column {header[0]!r}, expected 'term'")
    for column in header[1:]:
        if column not in TERM_STATISTICS:
            known = ", ".join(TERM_STATISTICS)
            meant = did_you_mean(column, TERM_STATISTICS)
            folder.problem(
                file, "line 1", f"unknown statistic {column!r}; known are {known}{meant}"
            )
    seen: set[str] = set()
    for line, (term, *_) in rows:
        if is_constant(term):
            continue
        if term not in entry.constructs:
            message = _undeclared(term, entry, f"; the constant is {CONSTANT_NAMES}")
            folder.problem(file, f"line {line}", message)
        elif term not in model.predictors:
            folder.problem(file, f"line {line}", f"{term!r} is no predictor of model {name!r}")
        if term in seen:
            folder.problem(file, f"line {line}", f"term {term!r} stands there twice")
        seen.add(term)
    constants = [(line, term) for line, (term, *_) in rows if is_constant(term)]
    for line, term in constants[1:]:
        folder.problem(file, f"line {line}", f"the constant stands there twice: {term!r}")
    reported: dict[str, dict[str, Printed]] = {}
    for line, (term, *values) in rows:
        cells = {}
        for column, cell in zip(header[1:], values, strict=True):
            where = f"line {line}, column {column}"
            printed = _parse(folder, entry, file, where, cell) if cell else None
            if printed is not None:
                if why := _impossible_cell(column, printed):
                    at = {"statistic": column, "model": name, "row": term, "column": column}
                    folder.impossible.append(
                        Impossible(file=file, place=where, **at, printed=cell, why=why)
                    )
                else:
                    cells[column] = printed
                if is_constant(term) and column not in CONSTANT_STATISTICS:
                    has = ", ".join(CONSTANT_STATISTICS)
                    message = f"{cell!r}: the constant has no {column}; it has {has}"
                    folder.problem(file, where, message)
                if printed.percent:
                    folder.problem(file, where, f"{cell!r}: {column} is no percentage")
        reported[term] = cells
    return reported


def _impossible_cell(statistic: str, printed: Printed) -> str:
    """Why no regression has a printed statistic; empty where one may."""
    if printed.percent:
        return ""
    if statistic in ("p", "tolerance") and not 0 <= printed.value <= 1:
        return f"{statistic} = {printed} is outside [0, 1]"
    if statistic == "vif" and printed.interval[1] < 1:
        return f"VIF {printed} is below 1"
    if statistic == "se" and printed.value < 0:
        return f"standard error {printed} is negative"
    return ""


def _resolve_hypotheses(folder: Folder, entry: StudyEntry, place: Place) -> dict[str, Hypothesis]:
    resolved = {}
    for name, hypothesis in entry.hypotheses.items():
        where = place("study", "hypotheses", name)
        with_term = [m for m, model in entry.models.items() if hypothesis.term in model.predictors]
        model = hypothesis.model or (with_term[0] if len(with_term) == 1 else None)
        if hypothesis.term not in entry.constructs:
            message = _undeclared(hypothesis.term, entry, " under constructs")
        elif hypothesis.model is not None and hypothesis.model not in entry.models:
            message = f"there is no model {hypothesis.model!r}"
            message += did_you_mean(hypothesis.model, entry.models)
        elif not with_term:
            message = f"no model has the term {hypothesis.term!r}"
        elif model is None:
            message = f"say which `model:` tests it: {', '.join(with_term)}"
        elif model not in with_term:
            message = f"model {model!r} has no term {hypothesis.term!r}"
        else:
            fields = hypothesis.model_dump() | {"model": model}
            resolved[name] = Hypothesis(**fields)
            continue
        folder.problem("paper.yaml", where, message)
    return resolved


def _check_moments(folder: Folder, entry: StudyEntry, place: Place) -> dict[str, Construct]:
    """Whether means, SDs, alphas and moments of the shape, printed or assumed, are numbers.

    Returns
    -------
    dict
        The constructs, without what they print and no responses have. What is assumed and
        impossible is a problem of the description.
    """
    assumed, constructs = entry.assumptions, dict(entry.constructs)
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
            if cell and (problem := _moment_problem(cell)):
                folder.problem("paper.yaml", where, f"{what} of {name}: {problem}")
            elif cell and (why := _impossible_moment(what, cell, each.items)):
                aside[field] = f"{what} of {name}: {why}"
                if path[0] != "constructs":
                    folder.problem("paper.yaml", where, aside[field])
        if each.items is not None and not 1 <= each.items <= MOST_ITEMS:
            found = shown(each.items)
            message = f"items of {name}: {found}; a construct has 1 or more, at most {MOST_ITEMS}"
            folder.problem("paper.yaml", place("study", *path, "items"), message)
        if isinstance(each, Construct) and aside:
            constructs[name] = each.model_copy(update=dict.fromkeys(aside))
            folder.impossible += [
                Impossible(
                    file="paper.yaml",
                    place=f"study.constructs.{name}.{field}",
                    statistic=field,
                    row=name,
                    column=field,
                    printed=getattr(each, field).text,
                    why=why,
                )
                for field, why in aside.items()
            ]
    return constructs


def _moment_problem(cell: Printed) -> str:
    if cell.bound:
        return f"{cell} is a bound; leave it out, or assume a value"
    if cell.percent:
        return f"{cell} is a percentage; write the number itself, as in 0.80"
    if cell.stars:
        return f"{cell} has stars; write the number alone"
    return ""


def _impossible_moment(what: str, cell: Printed, items: int | None) -> str:
    if what == "SD" and cell.value < 0:
        return f"{cell} is negative"
    if what == "alpha" and cell.interval[0] > 1:
        return f"{cell} is above 1"
    if what == "alpha" and items == 1:
        return f"{cell} of one item; only several have an alpha"
    return ""


def _check_assumptions(folder: Folder, entry: StudyEntry, place: Place) -> None:
    for name in entry.assumptions.constructs:
        if name not in entry.constructs:
            folder.problem(
                "paper.yaml",
                place("study", "assumptions", "constructs", name),
                _undeclared(name, entry, " under constructs"),
            )
    for field, scale in (("scale", entry.scale), ("assumptions", entry.assumptions.scale)):
        if scale is None:
            continue
        if scale.min >= scale.max:
            problem = f"runs from {shown(scale.min)} to {shown(scale.max)}; min must be below max"
        else:
            problem = size_problem(scale.min, scale.max)
        if problem:
            folder.problem("paper.yaml", place("study", field), f"the scale {problem}")
