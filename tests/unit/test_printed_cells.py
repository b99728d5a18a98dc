"""Cells of printed tables, in the ways in which papers print them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrace.printed.cells import MAX_CELL, Cell, cell_decimal_sign, cell_with_points, read_cell


def as_texts(cell):
    found = (cell.estimate, cell.bracket, cell.low, cell.high)
    numbers = [None if number is None else float(number.number) for number in found]
    return (*numbers, cell.estimate.stars if cell.estimate else "")


@pytest.mark.parametrize(
    ("text", "estimate", "bracket", "low", "high", "stars"),
    [
        # As in the papers of tests/studies and in APA's manual, section 6.
        ("0.21", 0.21, None, None, None, ""),
        ("-0.01 (0.00)*", -0.01, 0.0, None, None, "*"),
        ("0.75 (0.06)***", 0.75, 0.06, None, None, "***"),
        ("0.21** (0.05)", 0.21, 0.05, None, None, "**"),
        (".21*** [.11, .31]", 0.21, None, 0.11, 0.31, "***"),
        ("[-0.52, -0.33]", None, None, -0.52, -0.33, ""),
        ("(−0.52; −0.33)", None, None, -0.52, -0.33, ""),
        ("[0.11 to 0.31]", None, None, 0.11, 0.31, ""),
        ("[0.11–0.31]", None, None, 0.11, 0.31, ""),
        ("[-.42 – -.11]", None, None, -0.42, -0.11, ""),
        ("0.21 (0.05) [0.11, 0.31]***", 0.21, 0.05, 0.11, 0.31, "***"),
        ("0.21 (SE = 0.05)", 0.21, 0.05, None, None, ""),
        ("1.35 (1.10, 1.65)", 1.35, None, 1.10, 1.65, ""),
        ("1.35 95% CI [1.10, 1.65]", 1.35, None, 1.10, 1.65, ""),
        ("(2.45)", None, 2.45, None, None, ""),
        ("(.90)", None, 0.90, None, None, ""),
        ("3.46 ± .79", 3.46, 0.79, None, None, ""),
        ("− 0.34⁎⁎", -0.34, None, None, None, "**"),
        ("1.2e-05 (3.4e-06)", 1.2e-05, 3.4e-06, None, None, ""),
        ("1.2 × 10−5", 1.2e-05, None, None, None, ""),
        ("1.2×10⁻⁵", 1.2e-05, None, None, None, ""),
        ("510.37(5)", 510.37, 5, None, None, ""),
        ("< 0.001", 0.001, None, None, None, ""),
        ("11,144", 11144, None, None, None, ""),
        (".000", 0.0, None, None, None, ""),
        ("0.31a", 0.31, None, None, None, "a"),
        (".670 [.776]", 0.67, 0.776, None, None, ""),
        (".05 ns", 0.05, None, None, None, ""),
    ],
)
def test_what_a_cell_prints(text, estimate, bracket, low, high, stars):
    assert as_texts(read_cell(text)) == (estimate, bracket, low, high, stars)


@pytest.mark.parametrize("text", ["", " ", "-", "–", "—", "--", "−", "n.a.", "NA", "n/a", "…"])
def test_ways_of_printing_nothing(text):
    assert read_cell(text) == Cell(text)


@pytest.mark.parametrize("text", ["ns", "n.s.", "NS", "n. s."])
def test_a_test_that_is_not_significant_is_a_word(text):
    assert read_cell(text) == Cell(text, word="ns")


def test_stars_alone_stand_for_a_number():
    assert (read_cell("⁎⁎⁎").word, read_cell("⁎⁎⁎").stars) == ("stars", "***")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("0.2 (t = 2.1)", "t"), ("0.2 (p = .04)", "p"), ("0.2 (s.e. .1)", "se"), ("3.4 ± .7", "sd")],
)
def test_a_cell_that_names_what_is_in_brackets(text, kind):
    assert read_cell(text).kind == kind


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0.2* (0.1)*", "stars in 2 places"),
        ("0.2 / 0.3", "not a printed number"),
        ("0.2 (0.1) (0.3)", "not a printed number"),
        ("yes", "not a printed number"),
        ("[0.1", "not a printed number"),
        ("9" * (MAX_CELL + 1), "no cell of a table"),
    ],
)
def test_what_is_no_cell_is_refused_with_what_was_found(text, message):
    with pytest.raises(ValueError, match=message):
        read_cell(text)


_NUMBERS = st.decimals(-99, 99, places=3).map(str)


@given(_NUMBERS, st.decimals(0, 9, places=2).map(str), _NUMBERS, _NUMBERS, st.integers(0, 3))
def test_a_cell_that_is_put_together_is_taken_apart(estimate, error, low, high, stars):
    marks = "*" * stars
    for text in (
        f"{estimate}{marks} ({error}) [{low}, {high}]",
        f"{estimate} ({error}){marks} [{low}; {high}]",
        f"{estimate}({error})[{low} , {high}]{marks}",
        f"{estimate} ({error}) ({low} to {high}) {marks}".replace("-", "−"),
    ):
        expected = tuple(map(float, (estimate, error, low, high)))
        assert as_texts(read_cell(text)) == (*expected, marks)


@given(st.text(alphabet="0123456789.,-−() []*±<e×n sta", max_size=40))
def test_any_cell_is_read_or_refused_with_a_value_error(text):
    try:
        cell = read_cell(text)
    except ValueError:
        return
    assert cell.text == text


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("0,21 (0,05)**", ","),
        ("0.21 (0.05)", "."),
        ("[0,11; 0,31]", ","),
        ("[0.11, 0.31]", "."),
        ("1,234 (5)", "either"),
        ("12 (5)", ""),
        ("–", ""),
    ],
)
def test_the_decimal_sign_of_a_cell(text, sign):
    assert cell_decimal_sign(text) == sign


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("0,21 (0,05)**", "0.21 (0.05)**"),
        ("[0,11; 0,31]", "[0.11; 0.31]"),
        ("[0,11, 0,31]", "[0.11, 0.31]"),
        ("1.234,5 (2,1)", "1,234.5 (2.1)"),
    ],
)
def test_decimal_commas_become_points(text, points):
    assert cell_with_points(text) == points
