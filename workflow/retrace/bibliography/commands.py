"""Commands on printed references: what is read from one, and what is wrong with it?"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

# Characters of a list that is read from standard input.
MOST_CHARACTERS = 32 * 1024 * 1024


def add_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    """`retrace ref`."""
    command = add(
        "ref",
        "what is read from a printed reference?",
        ref,
        description=(
            "Type, authors, year, title, container, numbers and DOI of printed references, and "
            "what a reader should look at. Several are read as one list; `-` reads one a line from "
            "standard input."
        ),
        example='retrace ref "Kessler, M. M. (1963). Bibliographic coupling between scientific '
        'papers. American Documentation, 14(1), 10-25."',
    )
    command.add_argument("references", nargs="+", metavar="REFERENCE", help="one, as printed")
    command.add_argument(
        "--style",
        default="auto",
        help="auto (default), apa, apa6, apa7, emerald, springer, elsevier or chicago",
    )


def ref(options: argparse.Namespace) -> tuple[int, list[dict], str]:
    """A row a reference, with the columns of references.csv that have something in them."""
    from retrace.bibliography.printed_lists.references import read_list
    from retrace.bibliography.record import COLUMNS

    lines = [line for text in options.references for line in _lines(text)]
    if not lines:
        raise argparse.ArgumentTypeError("there is no reference to read")
    try:
        found = read_list(lines, options.style)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    rows = [dict(zip(COLUMNS, reference.row(), strict=True)) for reference in found]
    for row, reference in zip(rows, found, strict=True):
        row["problems"] = reference.problem_texts
        row["problem_codes"] = [problem.code.name.lower() for problem in reference.problems]
        if not options.json:
            del row["problem_codes"]  # for programs
        # Its own where it says anything: that no dash was lost, and which list it is of, do not.
        del row["list"], row["index"]
        row["pages_inferred"] = row["pages_inferred"] or None
    if not options.json and len(rows) > 1:
        shown = ("type", "authors", "year", "title", "container", "problems")
        rows = [{key: row[key] for key in shown} for row in rows]
    return int(any(row["problems"] for row in rows)), rows, ""


def _lines(text: str) -> list[str]:
    if text != "-":
        return [text]
    read = sys.stdin.read(MOST_CHARACTERS + 1)
    if len(read) > MOST_CHARACTERS:
        raise argparse.ArgumentTypeError(f"more than {MOST_CHARACTERS:,} characters to read")
    return [line for line in read.splitlines() if line.strip()]
