"""Drawings of graphs without a system package."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path


def svg_from_dot(dot: str) -> str:
    """Lay out a graph in Graphviz's language with `dot` and return it as SVG.

    The layout is by graphviz-pure, a port of Graphviz that is installed with the workflow and
    writes the same bytes on every platform.

    Raises
    ------
    FileNotFoundError
        If graphviz-pure is not installed.
    ValueError
        If the text is not a graph; the message is Graphviz's.
    """
    beside = Path(sys.executable).parent / "graphviz-pure"
    program = str(beside) if beside.is_file() else shutil.which("graphviz-pure")
    if program is None:
        raise FileNotFoundError("graphviz-pure is not installed; see envs/requirements.txt")
    done = subprocess.run(
        [program, "-Kdot", "-Tsvg"],
        input=dot.encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise ValueError(f"Graphviz: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()
