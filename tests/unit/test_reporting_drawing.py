"""Texts in figures are as they are, whatever marks of other languages they hold."""

import html
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure

from retrace.claims.crosswalk import Statement, compare
from retrace.reporting.crosswalk_figure import draw_crosswalk

sys.path.insert(0, str(Path(__file__).parents[2] / "workflow/scripts"))
from adapter import write_svg

AWKWARD = ["$x$", r"a $\frac$ b", "$5 to $6", r"50 % of #1_{x} & \n", "<b>R&D</b>", "^_^", "{0}"]


def texts_of(figure: Figure, tmp_path: Path) -> list[str]:
    """The texts that were drawn: matplotlib names each in a comment of the SVG."""
    write_svg(tmp_path / "figure.svg", figure)
    svg = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    ElementTree.fromstring(svg)
    return [html.unescape(text) for text in re.findall("<!-- (.*?) -->", svg)]


@pytest.mark.parametrize("text", AWKWARD)
def test_a_crosswalk_shows_awkward_words_as_they_are(text, tmp_path):
    """Mathematics would come out as another text, or fail."""
    statement = Statement(text, "finding", "p. 1", text, text, "positive", "x")
    figure = draw_crosswalk(compare({"a": [statement], "b": [statement]}), {"a": text, "b": "B"})
    found = texts_of(figure, tmp_path)
    assert {text, f"{text} → {text}", f"+  {text}"} <= set(found)


def test_titles_ticks_and_legends_are_texts_and_powers_of_ten_are_not(tmp_path):
    figure = Figure()
    axes = figure.add_subplot()
    axes.plot([1, 1000], [1, 2], label="$a$")
    axes.set_xscale("log")
    axes.set_yticks([1, 2], labels=["$b$", r"$\frac$"])
    axes.set_xlabel("$c$")
    axes.set_title("$d$")
    axes.legend()
    figure.suptitle("$e$")
    found = texts_of(figure, tmp_path)
    assert {"$a$", "$b$", r"$\frac$", "$c$", "$d$", "$e$"} <= set(found)
    paths = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    # Set as mathematics, the exponent is drawn smaller, at a place of its own.
    assert paths.count("scale(0.7)") >= 3
