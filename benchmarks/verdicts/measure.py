"""Which printed numbers of seven published papers get a verdict, and why others get none.

Usage: PYTHONPATH=workflow:tests/unit python benchmarks/verdicts/measure.py

The papers are those of `tests/studies`, read and checked as any paper's folder. What they print and
what follows from the rest was listed by hand (`tests/data/determined`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from determined import ABSENT, PAPERS, read_determined, verdict_of
from printed_tables import STUDIES

from retrace.checks import check_paper
from retrace.checks.contract import Row
from retrace.checks.shared.record import Record
from retrace.papers import read_paper
from retrace.printed.verdicts import NOT_CHECKABLE, WRONG

# The kinds of studies that today's checks are for, and those that come next.
NOW, NEXT = "15", "16"


def table(heading: str, rows: list[tuple]) -> None:
    """Print rows as a table of Markdown."""
    columns = heading.split(", ")
    print(f"| {' | '.join(columns)} |\n|---|{'--:|' * (len(columns) - 1)}")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |")
    print()


def shares(checked: dict[str, list[Row]]) -> None:
    """Of what is determined, how much has a verdict."""
    rows = []
    for paper in PAPERS:
        listed = read_determined(paper)
        words = [verdict_of(x, checked.get(paper, [])) for x in listed if x.issue == NOW]
        later = [x for x in listed if x.issue == NEXT]
        judged = [word for word in words if word not in (NOT_CHECKABLE, ABSENT)]
        wrong = sum(word in WRONG for word in words)
        rows.append((paper, len(words), len(judged), wrong, len(later)))
    total = [sum(row[i] for row in rows) for i in range(1, 5)]
    rows.append(("all", *total))
    shown = [
        (*row[:3], f"{100 * row[2] / row[1]:.1f} %" if row[1] else "", *row[3:]) for row in rows
    ]
    table(
        "paper, determined, with a verdict, share, contradicted or impossible, of issue 16", shown
    )


def best_rows(rows: list[Row]) -> Iterator[Row]:
    """Of each printed number, and of its stars, the row that says most: with a verdict if any."""
    numbers: dict[tuple, list[Row]] = {}
    for row in rows:
        if row.printed and row.where and row.statistic != "legend":
            key = (row.where, row.row, row.column, row.statistic == "stars")
            numbers.setdefault(key, []).append(row)
    for own in numbers.values():
        yield next((row for row in own if row.verdict != NOT_CHECKABLE), own[0])


def not_checkable(checked: dict[str, list[Row]]) -> None:
    """Of all printed numbers, how many have no verdict, by kind and what they would need."""
    counts, reasons = [], Counter()
    for paper, rows in checked.items():
        best = list(best_rows(rows))
        idle = [row for row in best if row.verdict == NOT_CHECKABLE]
        share = f"{100 * len(idle) / len(best):.0f} %"
        counts.append((paper, len(best), len(idle), share))
        reasons.update((paper, row.statistic.rpartition(": ")[2], row.needs) for row in idle)
    table("paper, printed numbers and stars, not checkable, share", counts)
    table(
        "kind, paper, needs, numbers",
        [(kind, paper, needs, n) for (paper, kind, needs), n in sorted(reasons.items())],
    )


def contradictions(checked: dict[str, list[Row]]) -> None:
    """Every number that is called wrong."""
    table(
        "paper, row, column, statistic, printed, low, high",
        [
            (paper, row.row, row.column, row.statistic, row.printed, row.low, row.high)
            for paper, rows in checked.items()
            for row in rows
            if row.verdict in WRONG
        ],
    )


def main() -> None:
    """Check the papers and print every table."""
    papers = [paper for paper in PAPERS if (STUDIES / paper).is_dir()]
    checked = {p: check_paper(Record(p, read_paper(STUDIES / p).study)) for p in papers}
    shares(checked)
    not_checkable(checked)
    contradictions(checked)


if __name__ == "__main__":
    main()
