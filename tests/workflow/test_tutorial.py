"""The tutorial's blocks run as they stand and print what the page shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from checkouts import ROOT

PAGE = ROOT / "docs/tutorial/first-paper.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```\n```text\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_every_block_of_the_tutorial_prints_what_is_shown(tmp_path):
    text = PAGE.read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) == text.count("```sh\n") == 5
    # The command as an installed one is: by name, on the path.
    command = tmp_path / "bin" / "retrace"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m retrace "$@"\n')
    command.chmod(0o755)
    here = tmp_path / "own"
    here.mkdir()
    environment = {key: value for key, value in os.environ.items() if "SNAKEMAKE" not in key}
    environment["PYTHONPATH"] = str(ROOT / "workflow")
    environment["PATH"] = f"{command.parent}{os.pathsep}{environment['PATH']}"
    for code, shown in blocks:
        done = subprocess.run(
            ["bash", "-c", code], cwd=here, env=environment, capture_output=True, text=True
        )
        assert done.stdout == shown, done.stderr


def code_of(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def test_the_library_does_what_its_page_shows():
    (code,) = code_of("docs/how-to/using-the-library.md", "python")
    checks = """
assert possible is True
assert study.n == 300
assert [round(float(t), 3) for t in regression.t] == [5.669, -2.549]
assert round(model["export ~ trust"].est, 4) == round(float(regression.beta[0]), 4)
assert f"{survey.frame().corr().iloc[0, 1]:.2f}" == "-0.31"
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "workflow")}
    subprocess.run([sys.executable, "-c", code + checks], cwd=ROOT, env=environment, check=True)


def test_the_example_of_a_command_works(tmp_path):
    from retrace.cli import Commands

    (code,) = code_of("docs/reference/commands.md", "python")
    (tmp_path / "counts").mkdir()
    (tmp_path / "counts" / "commands.py").write_text(code)
    commands = Commands(tmp_path)
    assert not commands.broken
    options = commands.parse(["counts", "4"])
    status, rows, _ = options.run(options)
    assert (status, [row["percentage"] for row in rows]) == (0, [0, 25, 50, 75, 100])


def test_every_command_is_in_its_reference():
    from retrace import cli

    text = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `retrace (\w+)", text, re.MULTILINE))
    assert listed == set(cli.Commands(ROOT / "workflow" / "retrace")._commands.choices)
