"""Drawings of graphs without a system package, and of texts as they are in any figure."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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


def show_texts_as_they_are(figure: Figure) -> None:
    """Have no text of a figure typeset as mathematics but the powers of ten of logarithmic axes.

    Labels, causes and names are a paper's: matplotlib would typeset what stands between two dollar
    signs, or fail at it.
    """
    from matplotlib.text import Text
    from matplotlib.ticker import LogFormatter

    ticks = {
        text
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        if isinstance(axis.get_major_formatter(), LogFormatter)
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())
        for text in tick.findobj(Text)
    }
    for text in figure.findobj(Text):
        if text not in ticks:
            text.set_parse_math(False)
