"""The wheel holds what the library needs, and the library works from it, outside any checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from checkouts import ROOT, copy

PACKAGE = ROOT / "workflow" / "retrace"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Built as `pip install .` builds it, from a copy, with the locked setuptools."""
    parts = ("pyproject.toml", "README.md", "LICENSE", "workflow")
    source = copy(ROOT, tmp_path_factory.mktemp("wheel") / "source", parts).root
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    subprocess.run(
        [*command, "--no-build-isolation", "--wheel-dir", source.parent, source], check=True
    )
    (made,) = source.parent.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """A folder with what the wheel installs, its command included, and nothing else."""
    folder = wheel.parent / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*command, "--target", folder, wheel], check=True)
    return folder


def from_the_wheel(installed: Path, code: str, cwd: Path) -> str:
    """What a program prints whose only `retrace` is that of the wheel."""
    # -I: neither the folder it runs in nor PYTHONPATH can offer another.
    program = f"import sys; sys.path.insert(0, {str(installed)!r})\n{code}"
    return subprocess.check_output([sys.executable, "-I", "-c", program], cwd=cwd, text=True)


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    held = {name for name in names if ".dist-info/" not in name}
    tracked = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == tracked
    # What no Python file is, and code reads all the same.
    assert {Path(name).name for name in held if not name.endswith(".py")} == {
        *("ask_lavaan.R", "config.schema.yaml", "imprints.yaml", "paper.schema.yaml", "py.typed"),
        *("page.html.j2", "style.css", "table.html.j2", "table.md.j2", "table.tex.j2"),
    }


def test_the_wheel_sets_a_table_reads_settings_and_finds_lavaans_script(installed, tmp_path):
    code = """
import json, retrace
from importlib.resources import files
from retrace.reporting import Column, Table, render_all
from retrace.running.settings import SettingsError, read_settings
made = render_all(Table("Means", [Column("Construct")], [["Trust"]]))
try:
    read_settings({}, {"seed": "x"})
except SettingsError as error:
    refused = str(error)
script = files("retrace.robustness") / "ask_lavaan.R"
print(json.dumps([retrace.__file__, sorted(made), made["html"], refused, script.is_file()]))
"""
    file, kinds, page, refused, script = json.loads(from_the_wheel(installed, code, tmp_path))
    assert Path(file).is_relative_to(installed)
    assert kinds == ["csv", "html", "md", "tex"]
    assert '<td class="left">Trust</td>' in page
    assert "--ink" in page
    assert "seed: found 'x', allowed is a whole number" in refused
    assert script


def test_the_wheels_command_answers_and_says_where_a_checkout_is_needed(installed, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(installed)}

    def ask(*arguments):
        return subprocess.run(
            [sys.executable, installed / "bin" / "retrace", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    done = ask("grim", "5.19", "28")
    assert done.returncode == 1
    assert "impossible" in done.stdout
    assert ask("check", ROOT / "resources/papers/hu2024").returncode == 0
    done = ask("run", "--cores", "1")
    assert done.returncode == 2
    assert "there is no checkout of Retrace here" in done.stderr
    found = ask("run", "--cores", "1", "--dry-run", "papers", "--directory", ".")
    assert found.returncode == 2
    environment["RETRACE_WORKFLOW"] = str(ROOT)
    assert "list_papers" in ask("run", "--cores", "1", "--dry-run", "papers").stdout


def test_the_version_stands_in_one_place(wheel):
    import retrace

    assert wheel.name.startswith(f"retrace-{retrace.__version__}-")
