"""Checks of a transcription against the text of the paper, shared by the papers' tests.

Each function returns the problems it finds, so that a test can show that the transcription has
none and that an altered copy has some.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT.parent / "shared" / "papers"

YEAR = r"(?:19|20)\d\d[a-z]?"


def text_of(name: str) -> str:
    """The text of a paper, or a skipped test where the texts are not beside the repository."""
    path = TEXTS / name
    if not path.is_file():
        pytest.skip(f"the text of the paper is not at {path}: it is not part of the repository")
    return path.read_text(encoding="utf-8")


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file as dictionaries."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def cells(path: Path) -> list[list[str]]:
    """The rows of a CSV file as lists, heading first, every row as long as the heading."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}, f"{path} has ragged rows"
    return rows


def between(text: str, start: str, end: str) -> str:
    """The part of a text from `start`, inclusive, to the first `end` behind it."""
    first = text.index(start)
    return text[first : text.index(end, first + len(start))]


def printed_beside(text: str, number: str, word: str) -> bool:
    """Whether a number and a word stand within a few words of one another, in either order."""
    number, word = (rf"(?<![\w,.-]){re.escape(part)}(?!\w)" for part in (number, word))
    between = r"[^.;:()]{0,60}?"
    return bool(re.search(rf"{number}{between}{word}|{word}{between}{number}", text))


def unmarked(text: str) -> str:
    """The text without emphasis marks and link markup, with plain spaces."""
    text = text.replace("*", "").replace("\xa0", " ")
    text = re.sub(r"\[([^\[\]]*)\]\(#\)", r"\1", text)
    return text.replace("\\(", "(").replace("\\)", ")")


def reference_problems(printed: str, transcribed: str) -> list[str]:
    """Lines that are not printed, printed entries that no line has, and lines out of order."""
    problems = []
    position = 0
    for number, line in enumerate(transcribed.rstrip("\n").split("\n"), start=1):
        found = printed.find(f"\n{line}\n", max(position - 1, 0))
        if found < 0:
            found = printed.find(f"\n- {line}\n", max(position - 1, 0))
        if found < 0:
            problems.append(f"line {number} is not printed there: {line[:60]}")
            continue
        position = found + 1 + len(line)
    entries = [entry for entry in printed.split("\n")[1:] if entry.strip(" -")]
    count = transcribed.count("\n")
    if count != len(entries):
        problems.append(f"{count} lines for {len(entries)} printed entries")
    return problems


def citation_problems(
    body: str, citations: list[dict[str, str]], other_years: list[str]
) -> list[str]:
    """Wrong counts of mentions, wrong order, and years of the body that no citation accounts for.

    Parameters
    ----------
    body : str
        The text of the paper outside its reference list.
    citations : list of dict
        Rows with `citation`, `year` and `mentions`.
    other_years : list of str
        The years of the body, in order, that belong to no citation, read by eye.
    """
    body = unmarked(body)
    problems = []
    spans: dict[int, int] = {}
    previous = (-1, -1)
    for row in citations:
        # `Zhou et al., ’s (2007)` is printed, and `Johanson & Vahlne, 1977, 1990, 1992; 2003`.
        pattern = re.compile(
            rf"(?<![\w-]){re.escape(row['citation'])},?\s*(?:[’']s?)?\s*\(?"
            rf"(?:{YEAR}[,;] )*(?P<year>{row['year']})(?![\da-z])"
        )
        matches = list(pattern.finditer(body))
        if len(matches) != int(row["mentions"]):
            problems.append(
                f"{row['citation']} {row['year']}: {row['mentions']} mentions transcribed, "
                f"{len(matches)} printed"
            )
        for match in matches:
            spans[match.start("year")] = match.end("year")
        if matches:
            first = (matches[0].start(), matches[0].start("year"))
            if first < previous:
                problems.append(f"{row['citation']} {row['year']} is printed before its forerunner")
            previous = first
    left = [
        match.group()
        for match in re.finditer(rf"(?<!\d){YEAR}(?!\d)", body)
        if match.start() not in spans
    ]
    if left != other_years:
        problems.append(f"years that no citation accounts for: {left}, expected {other_years}")
    return problems


def listed_problems(citations: list[dict[str, str]], references: str) -> list[str]:
    """Citations whose first author and year no reference has, as `authors year`."""
    lines = unmarked(references).split("\n")
    problems = []
    for row in citations:
        first = re.split(r", | et al| and | & ", row["citation"])[0]
        if not any(line.startswith(first) and f"({row['year']})" in line for line in lines):
            problems.append(f"{row['citation']} {row['year']}")
    return problems
