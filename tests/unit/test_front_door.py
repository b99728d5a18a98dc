"""`import retrace` is small, and every door it names leads into its room."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import retrace

PACKAGE = Path(__file__).parents[2] / "workflow" / "retrace"


def loaded(code: str) -> set[str]:
    """The modules that an interpreter of its own has loaded after some code, beyond its own."""
    program = f"import sys; before = set(sys.modules); {code}; print(*(set(sys.modules) - before))"
    # -S: what an environment loads for itself at each start is none of ours.
    command = [
        sys.executable,
        "-S",
        "-c",
        f"import sys; sys.path.insert(0, sys.argv[1]); {program}",
    ]
    return set(subprocess.check_output([*command, str(PACKAGE.parent)], text=True).split())


def test_importing_the_package_imports_nothing_heavy():
    """Nothing but itself: without site-packages NumPy, pandas and the like could not be found."""
    found = {name for name in loaded("import retrace") if not name.startswith("importlib")}
    assert found <= {"retrace", "warnings", "_warnings"}


def test_a_door_opens_its_own_room_only():
    assert "retrace.printed.granularity" in loaded("import retrace; retrace.grim")
    assert not loaded("import retrace; retrace.grim") & {"numpy", "pandas", "retrace.papers"}


@pytest.mark.parametrize("name", sorted(retrace._DOORS))
def test_a_door_leads_to_what_its_room_has(name):
    assert getattr(retrace, name) is getattr(importlib.import_module(retrace._DOORS[name]), name)


def test_type_checkers_are_told_of_the_same_doors():
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    told = {alias.name: node.module for node in block.body for alias in node.names}
    assert told == retrace._DOORS
    assert set(retrace.__all__) == {*told, "__version__"}
    assert set(retrace.__all__) <= set(dir(retrace))


def test_what_is_no_door_is_refused_by_name():
    with pytest.raises(AttributeError, match="'retrace' has no attribute 'grimm'"):
        _ = retrace.grimm


def test_the_example_of_the_package_holds():
    import doctest

    assert doctest.testmod(retrace) == (0, 2)
