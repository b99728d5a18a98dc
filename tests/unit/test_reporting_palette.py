"""One palette: nothing is coloured otherwise, pages say the same, and texts can be read on it."""

import re
from pathlib import Path

import pytest

from retrace.reporting import palette
from retrace.reporting.table import package_templates

PACKAGE = Path(__file__).parents[2] / "workflow/retrace"
HEX = re.compile(r"#[0-9a-fA-F]{6}\b")


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2: 21 of black on white."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_no_other_module_has_a_colour_of_its_own():
    own = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if HEX.search(path.read_text(encoding="utf-8"))
    }
    assert own == {"reporting/palette.py"}


def test_pages_have_the_colours_of_figures():
    style = package_templates()["style.css"]
    named = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", style))
    assert named == {
        "ink": palette.INK,
        "quiet": palette.QUIET,
        "stripe": palette.BAND,
        "link": palette.LINK,
    }
    assert set(HEX.findall(style)) == set(named.values())


def test_contrast_is_as_wcag_counts_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    # The grey that WCAG's own techniques give as the lightest for text on white.
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("ink", "grounds", "least"),
    [
        # AAA for texts, AA for quiet ones; 3 is asked of lines and of large numbers.
        ("INK", ["WHITE", "BAND", "SOFT_BLUE", "SOFT_ORANGE", "SOFT_VIOLET", "PALE"], 7.0),
        ("QUIET", ["WHITE", "BAND"], 4.5),
        ("LINK", ["WHITE", "BAND"], 4.5),
        ("GREY", ["WHITE", "BAND"], 3.0),
        # Marks on tiles of decisions.
        ("WHITE", ["BLUE", "VERMILION"], 3.0),
        ("INK", ["YELLOW"], 3.0),
    ],
)
def test_what_is_written_can_be_read(ink, grounds, least):
    for ground in grounds:
        assert contrast(getattr(palette, ink), getattr(palette, ground)) >= least, ground


def test_texts_can_be_read_on_every_field():
    assert all(contrast(palette.INK, field) >= 7 for field in palette.FIELDS)
