"""One digit of one printed number changed, as a misprint does it; not the last digit by one."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

_NUMBER = re.compile(r"[0-9]*[.,]?[0-9]+")


class Change(NamedTuple):
    """A changed cell: the file, the row's and the column's name, before and after."""

    file: str
    row: str
    column: str
    before: str
    after: str


def change_a_digit(folder: Path, rng: np.random.Generator) -> Change | None:
    """Change one digit of one number of a folder's tables; None where no cell has a number.

    Not changed are first columns, and counts (n and df), which are no statistics.
    """
    cells = []
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))
        first = 2 if rows[0][0] == "model" else 1
        for i, row in enumerate(rows[1:], start=1):
            if row[0] in ("N", "df") or row[0].startswith("Step "):
                continue
            for j, cell in enumerate(row[first:], start=first):
                if rows[0][j] not in ("N", "n", "df") and _NUMBER.search(cell):
                    cells.append((file, rows, i, j))
    if not cells:
        return None
    file, rows, i, j = cells[rng.integers(len(cells))]
    before = rows[i][j]
    rows[i][j] = _changed(before, rng)
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(rows)
    return Change(file.name, rows[i][0], rows[0][j], before, rows[i][j])


def _changed(cell: str, rng: np.random.Generator) -> str:
    # Degrees of freedom in brackets behind an F are counts.
    numbers = list(_NUMBER.finditer(re.sub(r"\(\d+[,;] \d+\)", lambda m: " " * len(m[0]), cell)))
    number = numbers[rng.integers(len(numbers))]
    places = [p for p in range(number.start(), number.end()) if cell[p].isdigit()]
    at = places[rng.integers(len(places))]
    old = int(cell[at])
    near = {old, old - 1, old + 1} if at == places[-1] else {old}
    new = int(rng.choice([d for d in range(10) if d not in near]))
    return f"{cell[:at]}{new}{cell[at + 1 :]}"
