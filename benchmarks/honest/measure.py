"""Honest papers in every form and convention: how many of their numbers are called wrong?

Usage: PYTHONPATH=workflow:tests/unit python benchmarks/honest/measure.py FIRST COUNT [misprints]

A seed draws a study, its conventions, and the form of its tables (`tests/unit/honest_papers.py`,
`honest_forms.py`); statsmodels analyses it. Its folder is read and checked as any paper's. With
`misprints`, one digit of one cell is changed, and what is found is counted by statistic.
"""

from __future__ import annotations

import gc
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from altered_numbers import change_a_digit
from honest_forms import write
from honest_papers import make

from retrace.checks import check_paper
from retrace.checks.contract import Row
from retrace.checks.shared.record import Record
from retrace.papers import read_paper
from retrace.papers.reading import PaperError
from retrace.printed.verdicts import (
    CONTRADICTED,
    IMPOSSIBLE,
    NOT_CHECKABLE,
    REPRODUCED,
    WITHIN_ROUNDING,
    WRONG,
)

# Of several verdicts on a number the first of these counts, as in the findings.
WORST_FIRST = (IMPOSSIBLE, CONTRADICTED, WITHIN_ROUNDING, REPRODUCED, NOT_CHECKABLE)
# A reason without its names and numbers is a kind of reason.
NAMES = re.compile(r"\b(?:x[0-9]|y)\b(?:(?:, | and )(?:x[0-9]|y)\b)*")
SHOWN = 12


def verdicts(rows: Iterable[Row]) -> dict[tuple, tuple[str, str]]:
    """The verdict on each printed number, by its address, and what it needs if it has none."""
    found: dict[tuple, tuple[int, str]] = {}
    for row in rows:
        if row.printed and row.statistic != "legend":
            at, rank = (row.where, row.row, row.column), WORST_FIRST.index(row.verdict)
            if at not in found or rank < found[at][0]:
                found[at] = rank, NAMES.sub("...", row.needs)
    return {at: (WORST_FIRST[rank], needs) for at, (rank, needs) in found.items()}


def rows_of(folder: Path) -> list[Row]:
    """What all checks say of a folder."""
    return check_paper(Record(folder.name, read_paper(folder).study))


def honest(seed: int, root: Path, counts: Counter, needs: Counter) -> dict:
    """Check one honest paper; what form it has."""
    folder = root / f"paper{seed}"
    form = write(folder, make(seed))
    counts["papers"] += 1
    try:
        rows = rows_of(folder)
    except PaperError as error:
        counts["papers refused"] += 1
        print(f"seed {seed} refused: {error}", file=sys.stderr)
        return form
    found = verdicts(rows)
    counts["printed numbers"] += len(found)
    for at, (word, lacking) in found.items():
        counts[f"  {word}"] += 1
        if word == NOT_CHECKABLE:
            needs[lacking] += 1
        elif word in WRONG:
            print(f"seed {seed}: {at} {word}; {form}", file=sys.stderr)
    legends = [r for r in rows if r.statistic == "legend" and r.verdict in WRONG]
    counts["legends contradicted"] += len(legends)
    whole = {r.where for r in rows if r.verdict in WRONG and not r.printed}
    counts["tables called impossible"] += len(whole)
    return form


def misprinted(seed: int, root: Path, found: dict[str, Counter]) -> None:
    """Change one digit of one number of the paper; whether something is then called wrong."""
    folder = root / f"paper{seed}"
    change = change_a_digit(folder, np.random.default_rng([seed, 2]))
    if change is None:
        return
    try:
        flagged = any(row.verdict in WRONG for row in rows_of(folder))
    except PaperError:
        flagged = True
    kind = "of a correlation table" if change.file.startswith("c") else "of a regression table"
    for name in ("any number", kind):
        found.setdefault(name, Counter()).update(cases=1, found=flagged)


def main() -> None:
    first, count = int(sys.argv[1]), int(sys.argv[2])
    counts, needs, found = Counter(), Counter(), {}
    # statsmodels collects garbage at each correction of p: what is imported is none.
    gc.freeze()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for seed in range(first, first + count):
            honest(seed, root, counts, needs)
            if "misprints" in sys.argv[3:]:
                misprinted(seed, root, found)
            for file in (root / f"paper{seed}").iterdir():
                file.unlink()
            if (seed + 1 - first) % 200 == 0:
                done = f"{seed + 1 - first} of {count}: {counts['printed numbers']:,} numbers"
                print(f"  {done}", file=sys.stderr, flush=True)
    print(f"Seeds {first} to {first + count - 1}.\n\n| honest papers | count |\n|---|--:|")
    for name in (
        *("papers", "papers refused", "printed numbers"),
        *(f"  {word}" for word in WORST_FIRST),
        *("legends contradicted", "tables called impossible"),
    ):
        print(f"| {name.replace('  ', '&nbsp;&nbsp;')} | {counts[name]:,} |")
    print("\n| not checkable for want of | numbers |\n|---|--:|")
    for lacking, number in needs.most_common(SHOWN):
        print(f"| {lacking} | {number:,} |")
    print(f"| {len(needs) - SHOWN} further reasons | {sum(sorted(needs.values())[:-SHOWN]):,} |")
    if found:
        print("\n| one digit changed | cases | found |\n|---|--:|--:|")
        for name, own in found.items():
            print(f"| {name} | {own['cases']:,} | {100 * own['found'] / own['cases']:.1f} % |")


if __name__ == "__main__":
    main()
