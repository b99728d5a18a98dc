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
