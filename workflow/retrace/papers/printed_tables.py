"""From the printed tables of a study to its record: correlations, statistics and regressions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import permutations
from typing import NamedTuple

from retrace.papers.correlation_tables import (
    CorrelationCells,
    PlacedNumber,
    read_correlation_table,
)
from retrace.papers.reading import Folder, Place
from retrace.papers.regression_tables import (
    RegressionTableReader,
    TableModel,
    numbers_of,
)
from retrace.papers.samples import Sample
from retrace.papers.schema import MAX_MODELS, CorrelationTable, RegressionTable, StudyEntry
from retrace.papers.study import CORRELATION, DESCRIPTION, Beside, Impossible, Model
from retrace.printed.headings import Variables, normal, statistic_of
from retrace.printed.numbers import Printed
from retrace.printed.ranges import out_of_range
from retrace.printed.reported import CONSTANT_STATISTICS, is_constant

# What stands between the factors of a product.
_TIMES = (" × ", " x ", " * ", "·", ":", " by ")


def labels_of(entry: StudyEntry) -> dict[str, str]:
    """The label of each variable of a study, by its key."""
    return {key: construct.label for key, construct in entry.constructs.items()}


def variables_of(entry: StudyEntry, rows: Mapping[str, str | None]) -> Variables:
    """The variables of a study as a table calls them: keys, labels, `rows`, names of products.

    A product may stand under the keys or labels of its factors in any order, with any usual sign
    between, as `Support × Age`.
    """
    labels = labels_of(entry)
    known = {normal(name) for pair in labels.items() for name in pair}
    called: dict[str, str | None] = {}
    for key, construct in entry.constructs.items():
        for order in permutations(construct.product or ()):
            for names in (order, [labels.get(factor, factor) for factor in order]):
                for sign in _TIMES:
                    heading = sign.join(names)
                    if construct.product and normal(heading) not in known:
                        called.setdefault(heading, key)
    return Variables(labels, {**called, **rows})


class CorrelationPart(NamedTuple):
    """What the table of correlations adds to a study.

    Attributes
    ----------
    entry : StudyEntry
        With the means, SDs and other statistics that the table has of its variables.
    correlations : list of (row, column, Printed)
        Below the diagonal, in the order of the variables.
    beside : list of Beside
        What stands above the diagonal in place of correlations, and statistics of variables that
        are printed elsewhere with as many decimals or more.
    in_table : list of str
        The statistics of variables that the study has from the table, as `leader.mean`.
    """

    entry: StudyEntry
    correlations: list[tuple[str, str, Printed]]
    beside: list[Beside]
    in_table: list[str]


def correlations_of(entry: StudyEntry) -> CorrelationTable | None:
    """A study's table of correlations; one that is a file alone has all of them, and no more."""
    table = entry.correlations
    if not isinstance(table, str):
        return table
    # Headings are keys, whatever else they may name.
    return CorrelationTable(file=table, rows={key: key for key in entry.constructs})


def read_correlations(folder: Folder, sample: Sample, place: Place) -> CorrelationPart:
    """What a table of correlations says, as it looks; what is wrong is noted in `folder`."""
    entry = sample.entry
    table_entry = correlations_of(entry)
    if table_entry is None:
        return CorrelationPart(entry, [], [], [])
    path = folder.path(table_entry.file, place("study", "correlations"))
    table = folder.numbers(path) if path else None
    if table is None:
        return CorrelationPart(entry, [], [], [])
    say = partial(folder.problem, table_entry.file)
    variables = variables_of(entry, table_entry.rows)
    _check_headings(folder, table_entry.rows, entry, place, ("study", "correlations"))
    cells = read_correlation_table(table_entry, table, variables, say)
    correlations = _below_the_diagonal(folder, table_entry.file, entry, cells)
    if isinstance(entry.correlations, str):
        _check_whole(folder, entry, cells)
    beside = [
        Beside(statistic=table_entry.above, row=row, column=column, printed=cell.printed)
        for (row, column), cell in cells.above.items()
    ]
    beside += [
        Beside(statistic=end, row=row, column=column, printed=cell.printed)
        for (row, column, end), cell in cells.limits.items()
    ]
    added, in_table, again = _with_statistics(folder, sample, table_entry.file, cells)
    return CorrelationPart(added, correlations, beside + again, in_table)


def _check_whole(folder: Folder, entry: StudyEntry, cells: CorrelationCells) -> None:
    """Whether a table that is to have every correlation has them."""
    file, names, there = str(entry.correlations), list(entry.constructs), set(cells.order)
    for name in names:
        if name not in there:
            folder.problem(file, "", f"row: construct {name!r} is missing")
    for i, row in enumerate(names):
        for column in names[:i]:
            pairs = {(row, column), (column, row)}
            if {row, column} <= there and not pairs & (cells.correlations.keys() | cells.refused):
                folder.problem(
                    file,
                    "",
                    f"no correlation of {row} with {column}; where a paper does not print all of "
                    f"them, write `correlations: {{file: {file}}}`",
                )


def _below_the_diagonal(
    folder: Folder, file: str, entry: StudyEntry, cells: CorrelationCells
) -> list[tuple[str, str, Printed]]:
    found, names = [], list(entry.constructs)
    if _two_tables(folder, file, cells):
        return []
    for i, row in enumerate(names):
        for column in names[:i]:
            below, above = (cells.correlations.get(pair) for pair in ((row, column), (column, row)))
            cell = below or above
            if cell is None:
                continue
            aside = partial(Impossible, file=file, statistic=CORRELATION, row=row, column=column)
            if below and above and below.printed.number != above.printed.number:
                one, other = f"{column} with {row}", f"{row} with {column}"
                why = f"not symmetric: {one} is {above.printed}, {other} is {below.printed}"
                both = f"{above.printed} and {below.printed}"
                place = f"{above.place} and {below.place}"
                folder.impossible.append(aside(place=place, printed=both, why=why))
            elif cell.printed.bound or cell.printed.percent:
                folder.problem(file, cell.place, f"{cell.printed.text!r} is not a correlation")
            elif problem := out_of_range(cell.printed, "r"):
                text = cell.printed.text
                why = f"correlation {text} {problem}"
                folder.impossible.append(aside(place=cell.place, printed=text, why=why))
            else:
                found.append((row, column, cell.printed))
    return found


def _two_tables(folder: Folder, file: str, cells: CorrelationCells) -> bool:
    """Whether most of what stands above the diagonal is something else than stands below it."""
    printed = cells.correlations
    twice = [(cell, printed[pair[::-1]]) for pair, cell in printed.items() if pair[::-1] in printed]
    other = sum(one.printed.number != two.printed.number for one, two in twice) // 2
    if other < 2 or other * 4 <= len(twice):
        return False
    folder.problem(
        file,
        "",
        f"what stands above the diagonal is not what stands below it, in {other} of "
        f"{len(twice) // 2} pairs; say what it is, `above: htmt` or `above: other`; of two samples "
        "one has `triangle: lower` and the other `triangle: upper`",
    )
    return True


def _with_statistics(
    folder: Folder, sample: Sample, file: str, cells: CorrelationCells
) -> tuple[StudyEntry, list[str], list[Beside]]:
    """The study with what its table of correlations says of the variables.

    Returns
    -------
    entry : StudyEntry
        Of what is printed twice it has the one that says more.
    in_table : list of str
        The statistics that it has from the table, as `leader.mean`.
    again : list of Beside
        The others of what is printed twice, for a check to compare.
    """
    section = f"{DESCRIPTION}, {sample.path('constructs')}"
    printed: dict[tuple[str, str], list[Beside]] = {}
    for (name, statistic), cell in cells.statistics.items():
        of = {"statistic": statistic, "row": name, "column": statistic}
        here = Beside(**of, printed=cell.printed, where=file)
        printed[name, statistic] = [here]
        stated = getattr(sample.entry.constructs[name], statistic)
        if stated is not None:
            printed[name, statistic].append(Beside(**of, printed=stated, where=section))
    for name, statistic, cell in cells.again:
        column = f"{statistic}, {cell.place}"
        printed[name, statistic].append(
            Beside(statistic=statistic, row=name, column=column, printed=cell.printed, where=file)
        )
    added: dict[str, dict[str, object]] = {}
    in_table: list[str] = []
    again: list[Beside] = []
    for (name, statistic), places in printed.items():
        # Of several that say as much, the first: that of the table.
        best = max(places, key=_says)
        added.setdefault(name, {})[statistic] = best.printed
        again += [each for each in places if each is not best]
        if best.where == file:
            in_table.append(f"{name}.{statistic}")
    for (name, count), cell in cells.counts.items():
        if (whole := _whole(folder, file, count, cell)) is not None:
            added.setdefault(name, {})[count] = whole
    constructs = {
        name: construct.model_copy(update=added.get(name, {}))
        for name, construct in sample.entry.constructs.items()
    }
    return sample.entry.model_copy(update={"constructs": constructs}), in_table, again


def _says(each: Beside) -> tuple[bool, bool, int]:
    """How much a number says: one in its range before one that is none, a bound least of these."""
    share = each.printed.as_share
    possible = not out_of_range(share, each.statistic)
    return possible, not share.bound, share.decimals


def _whole(folder: Folder, file: str, what: str, cell: PlacedNumber) -> int | None:
    if cell.printed.decimals or cell.printed.bound or cell.printed.value < 1:
        folder.problem(file, cell.place, f"{cell.printed.text!r} is no whole number for {what}")
        return None
    return int(cell.printed.number)


def _check_headings(
    folder: Folder, rows: Mapping[str, str | None], entry: StudyEntry, place: Place, at: tuple
) -> None:
    for heading, key in rows.items():
        if key is not None and key not in entry.constructs and statistic_of(key) != key:
            known = ", ".join(entry.constructs)
            message = f"{key!r} is no variable of the study and no statistic; there are {known}"
            folder.problem("paper.yaml", place(*at, "rows", heading), message)


def read_regressions(folder: Folder, entry: StudyEntry, place: Place) -> dict[str, Model]:
    """The models of a study's tables of regressions, by name."""
    models: dict[str, Model] = {}
    for key, table_entry in entry.regressions.items():
        for name, model in _models_of(folder, entry, key, table_entry, place).items():
            if name in models or name in entry.models:
                where = place("study", "regressions", key)
                message = f"model {name!r} is in another table too; name it under `columns:`"
                folder.problem("paper.yaml", where, message)
            models[name] = model
    if len(models) > MAX_MODELS:
        where = place("study", "regressions")
        message = f"{len(models)} models; at most {MAX_MODELS} are read"
        folder.problem("paper.yaml", where, message)
    return models


def _models_of(
    folder: Folder, entry: StudyEntry, key: str, table_entry: RegressionTable, place: Place
) -> dict[str, Model]:
    at = ("study", "regressions", key)
    path = folder.path(table_entry.file, place(*at, "file"))
    table = folder.numbers(path) if path else None
    outcomes = [table_entry.outcome] if table_entry.outcome else []
    for column in table_entry.columns.values():
        outcome = column if isinstance(column, str | None) else column.outcome
        outcomes += [outcome] if outcome else []
    for outcome in dict.fromkeys(outcomes):
        if outcome not in entry.constructs:
            known = ", ".join(entry.constructs)
            message = f"outcome {outcome!r} is no variable of the study; there are {known}"
            folder.problem("paper.yaml", place(*at), message)
    _check_headings(folder, table_entry.rows, entry, place, at)
    if table is None or any(outcome not in entry.constructs for outcome in outcomes):
        return {}
    say = partial(folder.problem, table_entry.file)
    legend = entry.stars if table_entry.stars is None else table_entry.stars
    variables = variables_of(entry, table_entry.rows)
    found = RegressionTableReader(key, table_entry, variables, legend, say).read(table)
    several = len(found) > 1
    return {
        model.name: _record(folder, entry, table_entry, model, several=several) for model in found
    }


def _record(
    folder: Folder,
    study: StudyEntry,
    entry: RegressionTable,
    model: TableModel,
    *,
    several: bool,
) -> Model:
    """A model of a table as the study's record has it, less what no regression has."""
    n = model.counts.get("n", entry.n)
    no_tests = ""
    if entry.errors == "ols" and model.counts.get("df2", 0) <= 0:
        counts = (1 if count is None else count for count in model.unprinted.values())
        no_tests = why_no_tests(n or study.n, len(model.predictors) + sum(counts))
    reported, overall = _possible(folder, entry.file, model, no_tests)
    return Model(
        outcome=model.outcome,
        predictors=model.predictors,
        reported=reported,
        **overall,
        printed=entry.printed,
        file=entry.file,
        column=model.name if several else "",
        n=n,
        df1=model.counts.get("df1"),
        df2=model.counts.get("df2"),
        df1_change=model.counts.get("df1_change"),
        df2_change=model.counts.get("df2_change"),
        after=model.after,
        unprinted=model.unprinted,
        stars=entry.stars,
        tails=entry.tails,
        errors=entry.errors,
        level=entry.level,
        corrected=entry.corrected,
    )


def _possible(
    folder: Folder, file: str, model: TableModel, no_tests: str
) -> tuple[dict[str, dict[str, Printed]], dict[str, Printed]]:
    """The numbers of a model's terms, and of the whole, less those that no regression has.

    These are set aside as impossible; `no_tests` is as of `impossible_number`.
    """
    reported: dict[str, dict[str, Printed]] = {term: {} for term in model.rows}
    overall: dict[str, Printed] = {}
    for (term, statistic), number in numbers_of(model):
        place = model.places[term, statistic]
        if number.percent and statistic not in SHARES:
            folder.problem(file, place, f"{number.text!r}: {statistic} is no percentage")
        if is_constant(term) and statistic not in CONSTANT_STATISTICS:
            has = ", ".join(CONSTANT_STATISTICS)
            message = f"{number.text!r}: the constant has no {statistic}; it has {has}"
            folder.problem(file, place, message)
        if why := impossible_number(statistic, number, no_tests):
            folder.impossible.append(
                Impossible(
                    file=file,
                    place=place,
                    statistic=statistic,
                    model=model.name,
                    row=term,
                    column=statistic,
                    printed=number.text,
                    why=why,
                )
            )
        else:
            cells = reported.setdefault(term, {}) if term else overall
            cells[statistic] = number
    return reported, overall


# Statistics of a model that may be printed as percentages.
SHARES = ("r2", "adjusted_r2", "r2_change", "adjusted_r2_change")
# What messages call statistics that have a range.
CALLED = {
    "t": "t",
    "p": "p",
    "se": "standard error",
    "ci_low": "lower confidence limit",
    "ci_high": "upper confidence limit",
    "vif": "VIF",
    "tolerance": "tolerance",
    "r2": "R2",
    "adjusted_r2": "adjusted R2",
    "f": "F",
    "f_p": "p of F",
    "durbin_watson": "Durbin-Watson",
    "r2_change": "change of R2",
    "adjusted_r2_change": "change of adjusted R2",
    "f_change": "F of the change",
    "f_change_p": "p of the change",
}

# What is divided by residual degrees of freedom, or referred to them.
OF_RESIDUALS = frozenset(
    ("se", "t", "p", "ci_low", "ci_high", "f", "f_p", "adjusted_r2", "f_change", "f_change_p")
)


def why_no_tests(n: int, predictors: int) -> str:
    """Why least squares give nothing that rests on residuals; empty where they do."""
    df = n - predictors - 1
    if df > 0:
        return ""
    of = "predictor" if predictors == 1 else "predictors"
    return f"of {n} observations and {predictors} {of}, which leave {df} residual df"


def impossible_number(statistic: str, printed: Printed, no_tests: str = "") -> str:
    """Why no regression has a printed statistic; empty where one may.

    `no_tests` says why the model has none of `OF_RESIDUALS`; it is empty where it has them.
    """
    problem = out_of_range(printed.as_share, statistic)
    if not problem and statistic in OF_RESIDUALS:
        problem = no_tests
    return f"{CALLED[statistic]} {printed} {problem}" if problem else ""


def no_tests_of(entry: StudyEntry, name: str) -> str:
    """Why a declared model has nothing that rests on residuals; empty where it may have."""
    declared = entry.models[name]
    return why_no_tests(entry.n, len(declared.predictors)) if declared.errors == "ols" else ""


def read_reported(
    folder: Folder, entry: StudyEntry, name: str, place: Place
) -> dict[str, dict[str, Printed]]:
    """The table of a declared model: one row a term, one column a statistic."""
    declared = entry.models[name]
    table_entry = RegressionTable(file=str(declared.reported), outcome=declared.outcome)
    path = folder.path(table_entry.file, place("study", "models", name, "reported"))
    table = folder.numbers(path) if path else None
    if table is None:
        return {}
    say = partial(folder.problem, table_entry.file)
    # Terms are keys, whatever else they may name.
    variables = Variables(labels_of(entry), {key: key for key in entry.constructs})
    reader = RegressionTableReader(name, table_entry, variables, entry.stars, say)
    reader.read_long(table)
    if len(reader.models) > 1:
        say("line 1", "several models; a table of several goes under `regressions:`")
    found = next(iter(reader.models.values()), TableModel(name, declared.outcome))
    for term in found.predictors:
        if term not in declared.predictors:
            say("", f"{term!r} is no predictor of model {name!r}")
    for statistic in found.overall:
        message = f"{statistic} of the whole model stands beside `reported:`, in paper.yaml"
        say(found.places["", statistic], message)
    reported, _ = _possible(folder, table_entry.file, found, no_tests_of(entry, name))
    return reported
