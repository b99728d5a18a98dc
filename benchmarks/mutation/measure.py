"""Do the tests notice a slip? Mutants drawn by a seed, each tried against the tests that reach it.

Usage: python benchmarks/mutation/measure.py [--seed 1] [--count 400] [--out mutants.csv] \\
    [--again mutants.csv] [ROOM ...]

A mutant is a module with one operator, comparison, constant, condition or sign exchanged (DeMillo,
Lipton & Sayward 1978). It is caught where a test fails or does not end in time, or a module cannot
be imported. What survives is a missing test, or equivalent to the original; a person says which, in
`equivalents.csv`.

One process imports what the library rests on, and a child of it tries each mutant. One run of the
original says which tests reach which line.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import csv
import gc
import importlib
import json
import os
import random
import resource
import runpy
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import NamedTuple

import pytest
from exchanges import count_places, exchanged

ROOT = Path(__file__).parents[2]
LIBRARY = Path("workflow/retrace")
EQUIVALENTS = Path(__file__).with_name("equivalents.csv")
# Rooms, and the tests that are to notice what changes in them.
ROOMS = {
    "printed": ["test_printed*", "test_papers*", "test_checks*", "test_cli*"],
    "decisions.py": ["test_decisions*", "test_robustness*", "test_checks*", "test_assumptions*"],
    "matrices": ["test_matrices*", "test_checks*", "test_robustness*", "test_synthetic_[cu]*"],
    "checks": ["test_checks*", "test_findings*", "test_matrices*", "test_robustness*", "test_cli*"],
}
LINKED = ("config", "resources", "profiles", "Snakefile", "envs", "docs", "benchmarks", "README.md")
# Imported once, before any child.
HEAVY = (
    "hypothesis.extra.numpy",
    "matplotlib.figure",
    "networkx",
    "pandas",
    "pyarrow",
    "pydantic",
    "rapidfuzz",
    "scipy.optimize",
    "scipy.sparse.csgraph",
    "scipy.stats",
    "statsmodels.api",
    "yaml",
)
# Bytes that a child may address, and seconds of the processor that a test may take: those of the
# original take less than half.
MEMORY = 8 * 2**30
PATIENCE = 25.0
OPTIONS = ["-q", "-m", "not long", "-p", "no:cacheprovider", "--basetemp", "made"]


class Mutant(NamedTuple):
    """One exchange in one file, counted by `number`: the statement at `line` before and after."""

    file: str
    line: int
    number: int
    before: str
    after: str


def draw(rooms: list[str], count: int, seed: int) -> Iterator[Mutant]:
    """So many mutants of the rooms, at random from all there are, in the order of the files."""
    places = [
        (file.relative_to(ROOT).as_posix(), number)
        for room in rooms
        for place in [ROOT / LIBRARY / room]
        for file in (sorted(place.rglob("*.py")) if place.is_dir() else [place])
        for number in range(count_places(file.read_text(encoding="utf-8")))
    ]
    for file, number in sorted(random.Random(seed).sample(places, min(count, len(places)))):
        yield Mutant(file, *exchanged((ROOT / file).read_text(encoding="utf-8"), number)[1:])


def survivors(table: Path) -> Iterator[Mutant]:
    """What survived according to a table, wherever it stands now."""
    left = [row for row in read(table) if row["outcome"] == "survived"]
    for file in sorted({row["file"] for row in left}):
        source = (ROOT / file).read_text(encoding="utf-8")
        wanted = Counter((row["before"], row["after"]) for row in left if row["file"] == file)
        for number in range(count_places(source)):
            mutant = Mutant(file, *exchanged(source, number)[1:])
            if wanted[mutant[3:]]:
                wanted[mutant[3:]] -= 1
                yield mutant


class Watch:
    """A plugin of pytest: which tests in which order, their time, and what failed."""

    def __init__(self, ranks: dict[str, tuple] | None = None):
        self.ranks = ranks
        self.failed: list[str] = []

    def pytest_collection_modifyitems(self, items):
        if self.ranks is not None:
            items[:] = [item for item in items if item.nodeid in self.ranks]
            items.sort(key=lambda item: self.ranks[item.nodeid])

    def pytest_runtest_logstart(self):
        signal.setitimer(signal.ITIMER_PROF, PATIENCE)
        signal.setitimer(signal.ITIMER_REAL, 20 * PATIENCE)

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failed.append(f"caught by {report.nodeid}")

    def pytest_collectreport(self, report):
        if report.failed:
            self.failed.append(f"cannot be imported: {report.nodeid}")


def in_child(root: Path, arguments: list[str], watch: Watch) -> list[str]:
    """What failed where pytest runs in a child of this process."""
    told = root / "told.json"
    told.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        os.chdir(root)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        with (root / "said.txt").open("w") as said:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
        status = pytest.main([*OPTIONS, *arguments], plugins=[watch])
        told.write_text(json.dumps([int(status), watch.failed]))
        os._exit(0)
    _, ended = os.waitpid(child, 0)
    if not told.exists():
        number = os.WTERMSIG(ended)
        slow = number in (signal.SIGPROF, signal.SIGALRM)
        return ["no end" if slow else f"caught by signal {number}"]
    status, failed = json.loads(told.read_text())
    if status not in (0, 5) and not failed:
        raise RuntimeError((root / "said.txt").read_text())
    return failed


class Tests:
    """Which tests reach which line of the original, as coverage recorded it.

    Attributes
    ----------
    reaching : dict
        File, below `workflow`, to line to tests, and of each whether it reaches the line itself.
        Else a fixture does, of which it is not known which tests of the file take it.
    width : Counter
        How many lines each test reaches.
    """

    def __init__(self, recorded: Path, failing: set[str]):
        import coverage

        data = coverage.CoverageData(str(recorded))
        data.read()
        self.reaching: dict[str, dict[int, dict[str, bool]]] = {}
        self.width: Counter[str] = Counter()
        made: dict[str, list[dict[str, bool]]] = {}
        for name in data.measured_files():
            lines = self.reaching.setdefault(name.partition("/workflow/")[2], {})
            for line, contexts in data.contexts_by_lineno(name).items():
                tests = lines.setdefault(line, {})
                for test, _, phase in (each.rpartition("|") for each in contexts if each):
                    if test not in failing:
                        self.width[test] += 1
                        if phase == "run":
                            tests[test] = True
                        else:
                            made.setdefault(_file(test), []).append(tests)
        for test in self.width:
            for tests in made.get(_file(test), ()):
                tests.setdefault(test, False)

    def of(self, mutant: Mutant, most: int) -> dict[str, tuple]:
        """The tests for a mutant, with their rank: so many of those that reach its statement.

        Those that reach it themselves and few other lines come first, as the nearest and fastest;
        tests of a file stay together. What is run when its module is imported is a matter of all
        tests that reach anything of it, or of its room where none does.
        """
        lines = self.reaching.get(mutant.file.partition("/")[2], {})
        room = Path(mutant.file).relative_to(LIBRARY).parts[0]
        span = _span((ROOT / mutant.file).read_text(encoding="utf-8"), mutant.line)
        ours: dict[str, bool] = {}
        for line in span or lines:
            for test, itself in lines.get(line, {}).items():
                ours[test] = itself or ours.get(test, False)
        if not span and not ours:
            ours = dict.fromkeys(self.width, True)
        found = [t for t in ours if any(fnmatch(Path(_file(t)).stem, p) for p in ROOMS[room])]
        chosen = sorted(found, key=lambda test: (not ours[test], self.width[test], test))[:most]
        width = Counter()
        for test in chosen:
            width[_file(test)] += self.width[test]
        return {test: (width[_file(test)], _file(test), i) for i, test in enumerate(chosen)}


def _file(test: str) -> str:
    return test.partition("::")[0]


def _span(source: str, line: int) -> range | None:
    """Lines of the innermost statement around a line, None outside of functions."""
    around = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.stmt) and node.lineno <= line <= node.end_lineno
    ]
    if not any(isinstance(node, ast.FunctionDef) for node in around):
        return None
    least = min(around, key=lambda node: node.end_lineno - node.lineno)
    return range(least.lineno, least.end_lineno + 1)


def copy_of_the_checkout(root: Path) -> None:
    """Library and tests, with bytecode that goes by what a file holds, not by its time."""
    for name in LINKED:
        (root / name).symlink_to(ROOT / name)
    for name in ("workflow", "tests"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    mode = PycInvalidationMode.CHECKED_HASH
    compileall.compile_dir(root / "workflow", quiet=1, invalidation_mode=mode)


def original_tests(root: Path) -> Tests:
    """Run the tests of all rooms on a copy of the original."""
    patterns = sorted({pattern for room in ROOMS.values() for pattern in room})
    files = {str(f) for pattern in patterns for f in (root / "tests/unit").glob(f"{pattern}.py")}
    options = ["--cov=retrace", "--cov-context=test", "--cov-report="]
    failed = in_child(root, options + sorted(files), Watch())
    for said in failed:
        print(f"left out, for the original is {said} in a copy of the checkout")
    return Tests(root / ".coverage", {said.removeprefix("caught by ") for said in failed})


def try_mutant(root: Path, mutant: Mutant, ranks: dict[str, tuple]) -> str:
    """`caught by …`, `cannot be imported: …`, `no end`, or `survived`."""
    if not ranks:
        return "survived"
    original = (root / mutant.file).read_text(encoding="utf-8")
    (root / mutant.file).write_text(exchanged(original, mutant.number)[0], encoding="utf-8")
    try:
        files = sorted({_file(test) for test in ranks})
        return next(iter(in_child(root, ["-x", *files], Watch(ranks))), "survived")
    finally:
        (root / mutant.file).write_text(original, encoding="utf-8")


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def prepare() -> None:
    """Import what is heavy, under the settings that all tests compute with."""
    runpy.run_path(str(ROOT / "tests/conftest.py"))  # sets how NumPy computes
    os.environ |= {"RETRACE_LINEAR_ALGEBRA": "machine", "PYTHONDONTWRITEBYTECODE": "1"}
    for module in HEAVY:
        importlib.import_module(module)
    gc.freeze()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rooms", nargs="*", default=list(ROOMS), metavar="ROOM")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--most", type=int, default=60, help="tests that a mutant is tried against")
    parser.add_argument("--out", type=Path, default=Path("mutants.csv"))
    parser.add_argument("--again", type=Path, help="try what survived in this table, draw none")
    given = parser.parse_args()
    drawn = survivors(given.again) if given.again else draw(given.rooms, given.count, given.seed)
    mutants = list(drawn)
    equivalents = {(row["file"], row["before"], row["after"]) for row in read(EQUIVALENTS)}
    prepare()
    counts = Counter()
    with tempfile.TemporaryDirectory() as folder, given.out.open("w", newline="") as file:
        root = Path(folder)
        copy_of_the_checkout(root)
        tests = original_tests(root)
        sys.dont_write_bytecode = True
        table = csv.writer(file, lineterminator="\n")
        table.writerow([*Mutant._fields, "outcome"])
        for mutant in mutants:
            outcome = "equivalent"
            if (mutant.file, mutant.before, mutant.after) not in equivalents:
                outcome = try_mutant(root, mutant, tests.of(mutant, given.most))
            counts[outcome.partition(" by ")[0].partition(":")[0]] += 1
            table.writerow([*mutant, outcome])
            file.flush()
    print(f"seed {given.seed}, {len(mutants)} mutants: {dict(sorted(counts.items()))}")


if __name__ == "__main__":
    main()
