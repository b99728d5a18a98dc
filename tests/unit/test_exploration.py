"""Examples are the same at each run, more when asked for, and new ones are recorded."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# It fails on numbers that few seeds draw, and prints all that it drew.
TESTS = """\
import pytest
from hypothesis import example, given, settings, strategies as st

@pytest.mark.parametrize("parameter", [1, 2])
@settings(max_examples=20)
@given(st.integers(0, 10**9))
def test_some(parameter, number):
    print("drawn", parameter, number)

@settings(max_examples=5)
@given(st.integers())
def test_one_that_fails(number):
    assert number == "a number"

def test_without_examples():
    pass
"""


@pytest.fixture
def drawn(tmp_path):
    """Runs tests of its own with the settings of all tests; returns what `test_some` drew."""
    (tmp_path / "test_mine.py").write_text(TESTS)

    def run(*options: str) -> tuple[list[str], str]:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "--confcutdir", ROOT, "-p", "no:cacheprovider"),
                *(
                    "--config-file",
                    ROOT / "pyproject.toml",
                    "--rootdir",
                    tmp_path,
                    "-p",
                    "conftest",
                ),
                *("--capture", "no", *options, tmp_path),
            ],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT / 'tests'}:{ROOT / 'workflow'}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 1, done.stdout
        return [line for line in done.stdout.splitlines() if "drawn" in line], done.stdout

    return run


def test_examples_are_the_same_at_each_run_and_more_where_asked_for(drawn):
    first, _ = drawn()
    assert len(first) == 40
    assert drawn()[0] == first
    more, _ = drawn("--examples-times", "3")
    assert len(more) == 120
    assert set(first) <= set(more)


def test_new_examples_come_from_the_seed_and_are_recorded(drawn, tmp_path):
    def explore(seed):
        options = ("--hypothesis-profile", "explore", "--record", str(tmp_path / "record.csv"))
        return drawn(*options, "--hypothesis-seed", str(seed))

    first, said = explore(7)
    assert "make explore SEED=7" in said
    assert explore(8)[0] != first
    assert explore(7)[0] == first
    with (tmp_path / "record.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["seed"] for row in rows] == ["8", "7"]
    for row in rows:
        assert row["tests"] == "3"
        assert row["failed"] == "test_mine.py::test_one_that_fails"
        assert int(row["examples"]) > 40
