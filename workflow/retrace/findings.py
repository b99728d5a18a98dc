"""Findings: what a reader should act on, of every stage of the workflow, in one kind of row.

Each room has a module `findings` with what its results say. A finding never stops a run. Beside
single cases a stage says how many there are of what it looked at; such a row weighs `tally`, and
summaries are made of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from retrace.printed.listing import listed

READING, NUMBERS, CONCLUSIONS = "reading", "numbers", "conclusions"
LITERATURE, CLAIMS = "literature", "claims"

# What a finding answers, in the order of summaries.
QUESTIONS = {
    READING: "Can the paper's folder be read?",
    NUMBERS: "Do the printed results follow from the printed statistics?",
    CONCLUSIONS: "Would the conclusions survive another defensible analysis?",
    LITERATURE: "Is the literature sound?",
    CLAIMS: "Do the paper's statements agree with its own tables?",
}

UNREAD, GRAVE, DOUBT, OPEN, TALLY = "unread", "grave", "doubt", "open", "tally"

# How much a reader should care, heaviest first.
WEIGHTS = {
    UNREAD: "nothing of the paper could be looked at until its folder is mended",
    GRAVE: "what is printed cannot be, or contradicts what else is printed: look here first",
    DOUBT: "a conclusion or an entry that another look may overturn",
    OPEN: "could not be checked or found, with the reason; nothing is said against the paper",
    TALLY: "how many cases there are, of every weight and of none; nothing to act on",
}


class Finding(NamedTuple):
    """One finding.

    Attributes
    ----------
    paper : str
        Its key; of a folder that cannot be read, the folder's name.
    question : str
        A key of `QUESTIONS`.
    check : str
        What found it.
    finding : str
        What was found, as a statement.
    weight : str
        A key of `WEIGHTS`.
    evidence : str
        The file under `results/` with the details, and its rows as `rows_of` names them.
    """

    paper: str
    question: str
    check: str
    finding: str
    weight: str
    evidence: str


COLUMNS = Finding._fields
# Names that one finding lists at most.
MOST_NAMED = 6


def rows_of(file: str, rows: Iterable[int]) -> str:
    """Evidence: a file under `results/` and some of its rows, the first below the header being 1.

    Parameters
    ----------
    file : str
    rows : iterable of int
        Places in the table, from 0.
    """
    numbers = _runs(sorted({row + 1 for row in rows}))
    several = "s" if len(numbers) != 1 or "-" in numbers[0] else ""
    return f"{file}, row{several} {', '.join(numbers)}" if numbers else file


def _runs(numbers: list[int]) -> list[str]:
    """Whole numbers as texts, neighbours as `first-last`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [f"{first}" if first == last else f"{first}-{last}" for first, last in runs]


def named(names: Sequence[str]) -> str:
    """The first of some names, and how many there are beside these."""
    return listed(names, MOST_NAMED)


def count(number: int, singular: str, plural: str = "") -> str:
    """A number with its noun."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def in_order(findings: Iterable[Finding], papers: Iterable[str]) -> list[Finding]:
    """Findings by paper, as listed and then those that are not, by question, heaviest first.

    What weighs alike stays in its order.
    """
    place = {paper: at for at, paper in enumerate(papers)}
    questions, weights = list(QUESTIONS), list(WEIGHTS)
    return sorted(
        findings,
        key=lambda row: (
            place.get(row.paper, len(place)),
            row.paper,
            questions.index(row.question),
            weights.index(row.weight),
        ),
    )
