"""Columns of result files have one vocabulary; old names stand beside new ones for a release."""

import csv
import re
from pathlib import Path

import pytest

DOCUMENTED = Path(__file__).parents[2] / "docs/reference/results.md"


def renamed() -> list[tuple[str, list[str], list[str]]]:
    """Each file of the documentation's table, with its old names and the new ones."""
    text = DOCUMENTED.read_text(encoding="utf-8").partition("\n## Renamed columns\n")[2]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    cells = [[re.findall(r"`([^`]+)`", cell) for cell in row] for row in rows if len(row) == 3]
    return [(file, *names) for files, *names in cells for file in files]


def tables(folder: Path, pattern: str) -> list[list[list[str]]]:
    found = []
    for path in sorted(folder.glob(pattern)):
        with path.open(encoding="utf-8", newline="") as file:
            found.append(list(csv.reader(file)))
    return found


def same(old: list[str], new: list[str]) -> bool:
    words = {"True": "supported", "False": "not supported"}
    return [words.get(cell, cell) for cell in old] == new


def test_the_documentation_names_what_was_renamed():
    assert len(renamed()) >= 8


def check(results: Path, file: str, old: list[str], new: list[str]) -> None:
    new = [name for name in new if name not in ("supported", "not supported")]
    found = tables(results, file.replace("<study>", "*"))
    assert found
    for header, *rows in found:
        here = [(was, now) for was, now in zip(old, new, strict=True) if was in header]
        assert header[-len(here) :] == [now for _, now in here]
        for was, now in here:
            before, after = ([row[header.index(name)] for row in rows] for name in (was, now))
            assert same(before, after)
        if not file.startswith("studies/<study>/opinions"):
            assert len(here) == len(old)


OF_LAVAAN = [row for row in renamed() if row[0].startswith("lavaan/")]


@pytest.mark.parametrize(("file", "old", "new"), [row for row in renamed() if row not in OF_LAVAAN])
def test_a_renamed_column_stands_beside_its_old_one_with_the_same_values(finished, file, old, new):
    check(finished.root / "results", file, old, new)


@pytest.mark.long
def test_renamed_columns_of_lavaan_stand_beside_their_old_ones(checkout):
    done = checkout.snakemake("--cores", "1", "results/lavaan/magni2022.csv", check=False)
    if done.returncode:
        assert "MissingRuleException" in done.stdout
        pytest.skip("R has no lavaan here")
    for row in OF_LAVAAN:
        check(checkout.root / "results", *row)


def test_an_estimate_is_called_recomputed_only_beside_a_printed_number(finished):
    results = finished.root / "results"
    for path in results.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        if "recomputed" in header:
            assert "printed" in header or "estimate" in header, path
        for name in header:
            if name == "est" or name.startswith("est_"):
                assert name.replace("est", "estimate", 1) in header, path
            if name == "supported_with":
                assert "decision_with" in header, path
