"""How the library's rooms stand: who imports whom, and how large a function may be.

The order of the rooms is the plan of the house: each imports only rooms above it, so that what is
below can be changed, or taken out, without a look at what is above.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "workflow/retrace"
# Beside the library, where no function is too large either.
OTHERS = ("workflow/scripts", "benchmarks", "envs")
# From the top; those of one line do not import each other.
ROOMS = (
    ("untrusted",),
    ("printed",),
    ("decisions", "findings"),
    ("provenance",),
    ("matrices",),
    ("estimators",),
    ("sem",),
    ("claims",),
    ("papers",),
    ("checks",),
    ("synthetic",),
    ("power",),
    ("robustness",),
    ("assumptions",),
    ("bibliography",),
    ("preflight",),
    ("running",),
    ("intake", "corpus"),
    ("reporting",),
    ("cli",),
    ("__main__",),
)
BIBLIOGRAPHY = (
    ("problem_codes", "texts"),
    ("record",),
    ("names", "pages", "keys"),
    ("journals", "problems"),
    ("printed_lists",),
    ("readers",),
    ("citations",),
    ("works",),
    ("export", "tables"),
    ("commands", "findings"),
)
LONGEST, MOST_ARGUMENTS = 60, 6


@dataclass(frozen=True)
class Import:
    """A module (`matrices.envelope`, without the library's name) that another one imports."""

    by: str
    of: str
    line: int
    for_types: bool

    def __str__(self) -> str:
        return f"{self.by}, line {self.line}, imports {self.of}"


def trees(library: Path) -> dict[str, ast.Module]:
    """Every module by its dotted name; a package's own by the package's, the library's by ''."""
    found = {}
    for file in sorted(library.rglob("*.py")):
        parts = file.relative_to(library).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(file.read_text(encoding="utf-8"), str(file))
    return found


def imports(modules: dict[str, ast.Module], library: str = "retrace") -> list[Import]:
    """Everything that modules import of each other, in functions and for types alone too."""
    return [
        Import(name, of, node.lineno, for_types)
        for name, tree in modules.items()
        for node, for_types in _statements(tree, False)
        for of in _imported(node, name, modules, library)
    ]


def _statements(node: ast.AST, for_types: bool) -> Iterator[tuple[ast.AST, bool]]:
    """All nodes, and whether each is there for type checkers only."""
    for child in ast.iter_child_nodes(node):
        types_only = for_types
        if isinstance(node, ast.If) and child in node.body:
            types_only |= "TYPE_CHECKING" in ast.unparse(node.test)
        yield child, types_only
        yield from _statements(child, types_only)


def _imported(node: ast.AST, by: str, modules: dict, library: str) -> list[str]:
    if isinstance(node, ast.Import):
        named = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        if node.level:
            raise AssertionError(f"{by}, line {node.lineno}: imports name the library, not dots")
        named = [f"{node.module}.{alias.name}" for alias in node.names]
    else:
        return []
    found = []
    for name in named:
        if name.split(".")[0] == library:
            inside = name.partition(".")[2]
            # Of `from retrace.sem import fit`, the module is `sem`.
            found.append(inside if inside in modules else inside.rpartition(".")[0])
    return found


def below(found: list[Import], order: tuple[tuple[str, ...], ...], room: str = "") -> list[str]:
    """Imports that go against the order of the rooms of the library, or of those in one `room`.

    What stands on one line of an order imports only what is above that line.
    """
    rank = {name: k for k, names in enumerate(order) for name in names}
    prefix = f"{room}." if room else ""
    wrong = []
    for one in found:
        by, of = (_inside(name, prefix) for name in (one.by, one.of))
        # The library's own module, and a room's, are front doors.
        if not by or not of or by == of:
            continue
        unknown = [name for name in (by, of) if name not in rank]
        if unknown:
            wrong.append(f"{one}: {unknown[0]} has no place in the order")
        elif rank[of] >= rank[by]:
            wrong.append(str(one))
    return wrong


def _inside(name: str, prefix: str) -> str:
    """Which part of a room a module belongs to; empty where it is of another room, or its door."""
    return name.removeprefix(prefix).split(".")[0] if name.startswith(prefix) else ""


def circles(found: list[Import]) -> list[list[str]]:
    """Modules that need each other when they run."""
    graph = nx.DiGraph((one.by, one.of) for one in found if not one.for_types and one.by != one.of)
    return [sorted(group) for group in nx.strongly_connected_components(graph) if len(group) > 1]


def too_large(modules: dict[str, ast.Module]) -> list[str]:
    """Functions with more lines, docstring included, or arguments than a reader can hold."""
    wrong = []
    for name, tree in modules.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                called = getattr(node, "name", "a lambda")
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST:
                    wrong.append(f"{name}, line {node.lineno}: {called} has {lines} lines")
                if (count := len(_arguments(node.args))) > MOST_ARGUMENTS:
                    wrong.append(f"{name}, line {node.lineno}: {called} has {count} arguments")
    return wrong


def _arguments(given: ast.arguments) -> list[str]:
    plain = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    starred = [a for a in (given.vararg, given.kwarg) if a is not None]
    return [a.arg for a in (*plain, *starred) if a.arg not in ("self", "cls")]


def is_check(name: str, tree: ast.Module) -> bool:
    """Whether a module at the top of `checks` is one: it has a `CHECK`."""
    given = [
        target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets
    ]
    given += [node.target for node in tree.body if isinstance(node, ast.AnnAssign)]
    named = {target.id for target in given if isinstance(target, ast.Name)}
    return name.startswith("checks.") and name.count(".") == 1 and "CHECK" in named


@pytest.fixture(scope="module")
def modules() -> dict[str, ast.Module]:
    return trees(LIBRARY)


def test_no_room_imports_one_below_it(modules):
    assert below(imports(modules), ROOMS) == []


def test_no_room_of_the_bibliography_imports_one_below_it(modules):
    assert below(imports(modules), BIBLIOGRAPHY, "bibliography") == []


def test_what_checks_share_imports_no_check(modules):
    """A check is found by its module's name, so that none of them is needed by anything else."""
    checks = {name for name, tree in modules.items() if is_check(name, tree)}
    wrong = [
        str(one)
        for one in imports(modules)
        if one.by.startswith("checks.") and one.by not in checks and one.of in checks
    ]
    assert wrong == []


def test_no_modules_need_each_other(modules):
    assert circles(imports(modules)) == []


def test_no_function_is_too_large(modules):
    assert too_large(modules) == []
    assert [wrong for folder in OTHERS for wrong in too_large(trees(ROOT / folder))] == []


# What these tests say of modules that are wrong, so that they cannot pass for seeing nothing.


def parsed(**texts: str) -> dict[str, ast.Module]:
    return {name.replace("__", "."): ast.parse(text) for name, text in texts.items()}


@pytest.mark.parametrize(
    "text",
    [
        "from retrace.checks.stars import find",
        "from retrace.checks import stars",
        "import retrace.checks.stars",
        "def f():\n    from retrace.checks.stars import find",
        "if TYPE_CHECKING:\n    from retrace.checks.stars import find",
        "from retrace import checks",
    ],
)
def test_an_import_of_a_room_below_is_seen_wherever_it_stands(text):
    wrong = parsed(sem__fitting=text, checks__stars="", checks="")
    [said] = below(imports(wrong), ROOMS)
    assert said.startswith("sem.fitting, line ")
    assert "imports checks" in said
    turned = parsed(checks__stars=text.replace("checks", "sem"), sem__stars="", sem="")
    assert below(imports(turned), ROOMS) == []


def test_a_room_without_a_place_in_the_order_is_seen():
    found = imports(parsed(attic__box="from retrace.sem import fit", sem=""))
    assert below(found, ROOMS) == [
        "attic.box, line 1, imports sem: attic has no place in the order"
    ]


def test_modules_that_need_each_other_are_seen_unless_for_types_alone():
    one = "from retrace.sem.b import x"
    other = "def f():\n    from retrace.sem.a import y"
    assert circles(imports(parsed(sem__a=one, sem__b=other))) == [["sem.a", "sem.b"]]
    for_types = "if TYPE_CHECKING:\n    from retrace.sem.a import y"
    assert circles(imports(parsed(sem__a=one, sem__b=for_types))) == []


def test_functions_that_are_too_large_are_seen():
    arguments = ", ".join("abcdefg")
    long = "def long():\n" + "    x = 1\n" * LONGEST
    inner = f"class A:\n    def f(self, {arguments[:-3]}, *, g): ..."
    assert len(too_large(parsed(a=long))) == 1
    assert too_large(parsed(a=long.removesuffix("    x = 1\n"))) == []
    assert len(too_large(parsed(a=inner))) == 1
    assert too_large(parsed(a=inner.replace(", *, g", ""))) == []
