"""Do the tests notice a slip? Mutants drawn by a seed, each tried against the tests of its room.

Usage: python benchmarks/mutation/measure.py [--seed 1] [--count 400] [--out mutants.csv] \\
    [--workers 1] [ROOM ...]

A mutant is a module with one operator, comparison, constant, condition or sign exchanged (DeMillo,
Lipton & Sayward 1978). It is caught where a test fails, the tests do not end in time, or a module
cannot be imported. What survives is a missing test, or equivalent to the original; a person says
which, in `equivalents.csv`.
"""

from __future__ import annotations

import argparse
import ast
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
LIBRARY = Path("workflow/retrace")
# Rooms, and the tests that are to notice what changes in them.
ROOMS = {
    "printed": ["test_printed*", "test_papers*", "test_checks*"],
    "decisions.py": ["test_decisions*", "test_robustness*", "test_checks*", "test_assumptions*"],
    "matrices": ["test_matrices*", "test_checks*", "test_robustness*", "test_synthetic_cont*"],
    "checks": ["test_checks*", "test_matrices*", "test_robustness*"],
}
LINKED = ("config", "resources", "profiles", "Snakefile", "envs", "docs", "benchmarks", "README.md")
# Seconds that the tests of a mutant may take: those of the original take far less.
PATIENCE = 300

_COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_BOOLEAN = {ast.And: ast.Or, ast.Or: ast.And}


class Mutant(NamedTuple):
    """One exchange in one file: what stands at `line`, and what stands there instead."""

    file: str
    line: int
    number: int
    before: str
    after: str


class _Mutator(ast.NodeTransformer):
    """Exchange the `wanted`-th place that can be, counted in the order of the tree."""

    def __init__(self, wanted: int | None = None):
        self.wanted = wanted
        self.places: list[tuple[int, str, str]] = []

    def _at(self, node: ast.expr, changed: ast.expr) -> ast.expr:
        number = len(self.places)
        before = ast.unparse(node)
        self.places.append((node.lineno, before, ast.unparse(changed)))
        return ast.copy_location(changed, node) if number == self.wanted else node

    def visit(self, node: ast.AST) -> ast.AST:
        # Annotations and docstrings do nothing, and names of dunder variables are no decisions.
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            node.value = self.visit(node.value)
            return node
        if isinstance(node, ast.arg | ast.Expr) and not isinstance(
            getattr(node, "value", None), ast.Call
        ):
            return node
        if isinstance(node, ast.FunctionDef):
            returns, node.returns = node.returns, None
            node = self.generic_visit(node)
            node.returns = returns
            return node
        node = self.generic_visit(node)
        return self._exchanged(node) if isinstance(node, ast.expr) else node

    def _exchanged(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.Compare(ops=[op]) if type(op) in _COMPARISONS:
                other = _COMPARISONS[type(op)]()
                return self._at(node, ast.Compare(node.left, [other], node.comparators))
            case ast.BinOp() if type(node.op) in _OPERATORS and not _is_text(node):
                return self._at(node, ast.BinOp(node.left, _OPERATORS[type(node.op)](), node.right))
            case ast.BoolOp():
                return self._at(node, ast.BoolOp(_BOOLEAN[type(node.op)](), node.values))
            case ast.UnaryOp(op=ast.Not() | ast.USub()):
                return self._at(node, node.operand)
            case ast.Constant(value=bool(value)):
                return self._at(node, ast.Constant(not value))
            case ast.Constant(value=int() | float() as value):
                return self._at(node, ast.Constant(value + 1))
            case ast.IfExp():
                return self._at(node, ast.IfExp(node.test, node.orelse, node.body))
        return node


def _is_text(node: ast.BinOp) -> bool:
    """Whether an operand is a text, or the operator joins types: not a matter of numbers."""
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def mutants_of(file: Path) -> Iterator[Mutant]:
    """Every mutant of a file of the library."""
    mutator = _Mutator()
    mutator.visit(ast.parse((ROOT / file).read_text(encoding="utf-8")))
    for number, (line, before, after) in enumerate(mutator.places):
        yield Mutant(file.as_posix(), line, number, before, after)


def mutated(mutant: Mutant) -> str:
    """The source of a mutant."""
    tree = ast.parse((ROOT / mutant.file).read_text(encoding="utf-8"))
    changed = _Mutator(mutant.number).visit(tree)
    return ast.unparse(ast.fix_missing_locations(changed))


def draw(rooms: list[str], count: int, seed: int) -> list[Mutant]:
    """So many mutants of the rooms, at random from all there are, in the order of the files."""
    files = [
        file.relative_to(ROOT)
        for room in rooms
        for place in [ROOT / LIBRARY / room]
        for file in (sorted(place.rglob("*.py")) if place.is_dir() else [place])
    ]
    everything = [mutant for file in files for mutant in mutants_of(file)]
    return sorted(random.Random(seed).sample(everything, min(count, len(everything))))


def room_of(mutant: Mutant) -> str:
    return Path(mutant.file).relative_to(LIBRARY).parts[0]


def try_mutant(mutant: Mutant) -> str:
    """What the tests of its room make of a mutant: `caught by …`, `no end`, or `survived`."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in LINKED:
            (root / name).symlink_to(ROOT / name)
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "workflow", root / "workflow", ignore=ignore)
        shutil.copytree(ROOT / "tests", root / "tests", ignore=ignore)
        shutil.copy(ROOT / "pyproject.toml", root)
        (root / mutant.file).write_text(mutated(mutant), encoding="utf-8")
        tests = [
            str(test.relative_to(root))
            for pattern in ROOMS[room_of(mutant)]
            for test in sorted((root / "tests/unit").glob(f"{pattern}.py"))
        ]
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not long", "--no-header"]
        command += ["-p", "no:cacheprovider", "--basetemp", str(root / "made"), *tests]
        try:
            done = subprocess.run(
                command,
                cwd=root,
                env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
            )
        except subprocess.TimeoutExpired:
            return "no end"
        if done.returncode == 0:
            return "survived"
        lines = done.stdout.splitlines()
        failed = [line.split()[1] for line in lines if line.startswith(("FAILED", "ERROR"))]
        return f"caught by {failed[0].split('[')[0]}" if failed else "cannot be imported"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rooms", nargs="*", default=list(ROOMS), metavar="ROOM")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("mutants.csv"))
    given = parser.parse_args()
    mutants = draw(given.rooms, given.count, given.seed)
    with (
        given.out.open("w", encoding="utf-8", newline="") as file,
        ThreadPoolExecutor(given.workers) as pool,
    ):
        table = csv.writer(file, lineterminator="\n")
        table.writerow([*Mutant._fields, "outcome"])
        survived = 0
        for mutant, outcome in zip(mutants, pool.map(try_mutant, mutants), strict=True):
            survived += outcome == "survived"
            table.writerow([*mutant, outcome])
            file.flush()
    print(f"{len(mutants)} mutants, seed {given.seed}: {survived} survived")


if __name__ == "__main__":
    main()
