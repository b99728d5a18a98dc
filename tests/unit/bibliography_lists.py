"""The printed lists and citations of the four papers, as records, for the bibliography tests."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from retrace.bibliography.citations.citation import Citation
from retrace.bibliography.printed_lists.references import read_list
from retrace.bibliography.record import Reference

PAPERS = Path(__file__).resolve().parents[2] / "resources" / "papers"


def printed_lines(paper: str, file: str = "references.txt") -> list[str]:
    return (PAPERS / paper / file).read_text(encoding="utf-8").splitlines()


@cache
def references() -> dict[str, list[Reference]]:
    """The three printed lists, read; not to be changed by a test."""
    return {
        paper: read_list(printed_lines(paper))
        for paper in ("hu2024", "magni2022", "osarenkhoe2024")
    }


@cache
def citations() -> dict[str, list[Citation]]:
    """The hand-made citation tables of all four papers."""
    tables = {}
    for path in sorted(PAPERS.glob("*/citations.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.parent.name] = [
                Citation(row["citation"], row["year"], int(row["mentions"]))
                for row in csv.DictReader(file)
            ]
    return tables


def reference_of(paper: str, start: str) -> Reference:
    """The one reference of a paper whose line starts like this, extraction marks aside."""
    found = [r for r in references()[paper] if r.raw.lstrip("- ").startswith(start)]
    assert len(found) == 1, f"{len(found)} references of {paper} start with {start!r}"
    return found[0]
