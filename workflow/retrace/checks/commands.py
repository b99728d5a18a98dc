"""Commands on printed regressions: what does a correlation table imply?"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrace.printed.numbers import Printed

MOST_N = 1_000_000_000
MOST_VARIABLES = 200
_STATISTICS = ("beta", "se", "t", "p", "vif")
_OF_THE_MODEL = ("r2", "adjusted_r2", "f", "f_p")


def add_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    """`retrace regression`."""
    command = add(
        "regression",
        "what does a printed correlation table imply for a regression, with bounds?",
        regression,
        description=(
            "Standardised regression from a printed correlation table and n: each statistic from "
            "the table at face value, and the proven bounds on it over all tables that print the "
            "same. TABLE is a CSV whose first column and other headings name the variables; a "
            "triangle is enough, the diagonal is not used."
        ),
        example="retrace regression --r table.csv --n 300 --outcome export --predictors trust,risk",
    )
    command.add_argument("--r", type=Path, required=True, metavar="TABLE", help="correlations")
    command.add_argument("--n", type=_sample_size, required=True, help="sample size")
    command.add_argument("--outcome", required=True, help="the variable that is explained")
    command.add_argument(
        "--predictors", help="by commas, in any order (default: every other variable of the table)"
    )


def _sample_size(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 3 <= int(text) <= MOST_N):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 3 to {MOST_N:,}")
    return int(text)


def regression(options: argparse.Namespace) -> tuple[int, list[dict], str]:
    """A row a statistic of each predictor, then of the model: at face value, and its bounds."""
    from retrace.checks.regression.printed_model import (
        WHOLE_MODEL,
        PrintedModel,
        correlation_matrices,
    )
    from retrace.checks.regression.recomputed import recompute
    from retrace.matrices.rounding_box import NoMatrixError

    names, cells = read_correlations(options.r)
    predictors = _predictors(options, names)
    R, low, high = correlation_matrices([*predictors, options.outcome], cells)
    try:
        model = PrintedModel(
            "regression", options.outcome, tuple(predictors), n=options.n, R=R, low=low, high=high
        )
        found = recompute(model)
    except NoMatrixError as error:
        return 1, [{"verdict": "impossible", "because": str(error)}], ""
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    wanted = [(term, name) for term in predictors for name in _STATISTICS]
    wanted += [(WHOLE_MODEL, name) for name in _OF_THE_MODEL]
    rows = [
        {
            "term": term,
            "statistic": name,
            "value": found[term, name].value,
            "low": float(found[term, name].safe[0]),
            "high": float(found[term, name].safe[1]),
        }
        for term, name in wanted
    ]
    remark = (
        f"n = {options.n}, df = {model.df}; low and high are proven for every table that prints so"
    )
    if model.incomplete:
        remark += f", whatever is not printed: {model.missing_in_words}"
    return 0, rows, remark


def read_correlations(path: Path) -> tuple[list[str], dict[tuple[str, str], Printed]]:
    """The variables of a table and its printed correlations by pair, read as a paper's are.

    Raises
    ------
    argparse.ArgumentTypeError
        With every problem of the table, by line.
    """
    from retrace.papers.reading import Folder
    from retrace.printed.numbers import Printed

    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {str(path)!r}")
    folder = Folder(path.parent)
    table = folder.numbers(path)
    problems = [str(problem) for problem in folder.problems]
    cells: dict[tuple[str, str], Printed] = {}
    header, rows = table or ([], [])
    if len(header) > MOST_VARIABLES + 1:
        problems.append(f"{path}: {len(header) - 1:,} variables; at most {MOST_VARIABLES}")
        rows = []
    for line, row in rows:
        for name, text in zip(header[1:], row[1:], strict=True):
            if not text or name == row[0]:
                continue
            try:
                cell = Printed.parse(text)
            except ValueError as error:
                problems.append(f"{path}, line {line}, {name}: {error}")
                continue
            pair = (name, row[0]) if (name, row[0]) in cells else (row[0], name)
            if cell.bound or abs(cell.number) > 1:
                problems.append(f"{path}, line {line}, {name}: {text} is no correlation")
            elif cells.setdefault(pair, cell).number != cell.number:
                problems.append(
                    f"{path}, line {line}, {name}: {text}, and {cells[pair].text} across"
                )
    if problems:
        raise argparse.ArgumentTypeError("\n  ".join(["the table cannot be read:", *problems]))
    # A triangle's first variable may be a row alone, or its last a heading alone.
    return list(dict.fromkeys([*header[1:], *(row[0] for _, row in rows)])), cells


def _predictors(options: argparse.Namespace, names: list[str]) -> list[str]:
    """The predictors asked for, or all other variables; refused where the table lacks one."""
    asked = [name.strip() for name in (options.predictors or "").split(",") if name.strip()]
    predictors = asked or [name for name in names if name != options.outcome]
    missing = [name for name in (options.outcome, *predictors) if name not in names]
    if missing or options.outcome in predictors or len(set(predictors)) < len(predictors):
        wrong = f"no {', '.join(missing)} in it" if missing else "a variable is named twice"
        raise argparse.ArgumentTypeError(f"{wrong}; the table has {', '.join(names)}")
    return predictors
