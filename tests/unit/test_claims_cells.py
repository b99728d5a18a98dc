"""What claims ask of cells, on cells as the four papers print them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrace.claims import cells


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("six", 6),
        ("Twenty-one", 21),
        ("a", 1),
        ("1,320", 1320),
        ("86.6%", 86.6),
        ("0.433**", 0.433),
    ],
)
def test_numbers_are_read_as_printed_or_in_words(cell, value):
    assert cells.number(cell) == value


@pytest.mark.parametrize("cell", ["16 cooperatives", "60-65%", "", "several", "A"])
def test_a_cell_that_is_no_number_is_quoted(cell):
    with pytest.raises(ValueError, match="is not a printed number"):
        cells.number(cell)


def test_a_bound_is_no_number_but_limits_a_count():
    with pytest.raises(ValueError, match="'<10' is a bound"):
        cells.number("<10")
    assert (cells.at_least("<10"), cells.at_most("<10")) == (None, 10)
    assert (cells.at_least(">100,000"), cells.at_most(">100,000")) == (100_000, None)
    assert (cells.at_least("190"), cells.at_most("190")) == (190, 190)


@pytest.mark.parametrize("cell", ["200+", "200 +", "200+*", "1,200+"])
def test_a_plus_behind_a_whole_number_makes_it_the_least(cell):
    least = float(cell.rstrip("+* ").replace(",", ""))
    assert (cells.at_least(cell), cells.at_most(cell)) == (least, None)
    assert cells.prints_like(least + 1000, cell)
    with pytest.raises(ValueError, match="is a bound"):
        cells.number(cell)


def test_a_plus_behind_decimals_is_a_mark_of_significance():
    assert (cells.number("0.130+"), cells.stars("0.130+")) == (0.13, "+")


def test_the_ends_of_a_printed_number_are_half_a_unit_away():
    assert (cells.smallest("0.130"), cells.largest("0.130")) == (0.1295, 0.1305)
    assert cells.decimals("0.130") == 3
    assert cells.stars("0.433**") == "**"
    assert cells.prints_like(0.12951, "0.130")
    assert not cells.prints_like(0.1294, "0.130")


def test_numbers_are_found_among_words():
    assert cells.first_number("19 years at an Indian MNE") == 19
    assert cells.first_number("Global digital presence 7—North America, UK") == 7
    assert cells.numbers("60-65%") == [60, 65]
    assert cells.numbers("none") == []
    assert cells.numbers("pages 12-15, 2013–2015, 5 -10, 50%-60%") == [
        *(12, 15, 2013, 2015),
        *(5, 10, 50, 60),
    ]
    assert cells.numbers("3,000€–7,000€") == [3000, 7000]
    with pytest.raises(ValueError, match="no number"):
        cells.first_number("Worked with foreign clients")


def test_a_minus_before_a_number_is_read():
    assert cells.first_number("-5") == -5
    assert cells.first_number("−5 degrees") == -5
    assert cells.numbers("-0.43 to 0.2") == [-0.43, 0.2]
    assert cells.numbers("(-.5, −1,200)") == [-0.5, -1200]


def test_a_year_is_one_year():
    assert cells.year_of("May 2018") == 2018
    with pytest.raises(ValueError, match="holds 2 years"):
        cells.year_of("2013–2015")
    with pytest.raises(ValueError, match="holds 0 years"):
        cells.year_of("12 years")


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("3—UAE, UK, USA", ["UAE", "UK", "USA"]),
        ("2—Sweden and USA", ["Sweden", "USA"]),
        ("6- UK, UAE, Nigeria", ["UK", "UAE", "Nigeria"]),
        ("Global digital presence 7—North America, UK", ["North America", "UK"]),
        ("Japan, Switzerland and Germany", ["Japan", "Switzerland", "Germany"]),
        ("product, international, and market", ["product", "international", "market"]),
        ("one", ["one"]),
        ("E-commerce, 5-star hotels, B2B", ["E-commerce", "5-star hotels", "B2B"]),
        ("5-star hotels, B2B", ["5-star hotels", "B2B"]),
        ("USA, Asia, G7-countries", ["USA", "Asia", "G7-countries"]),
        ("UK (2010–2012), Spain", ["UK (2010–2012)", "Spain"]),
        ("2010–2012, 2014", ["2010–2012", "2014"]),
        ("UK, 3 — Spain", ["UK", "3 — Spain"]),
        ("2 - UK and Spain", ["UK", "Spain"]),
        ("", []),
    ],
)
def test_printed_lists_are_split(cell, items):
    assert cells.items(cell) == items


def test_brackets_are_read_where_there_are_any():
    assert cells.in_brackets("Equal (3)") == "3"
    assert cells.in_brackets("Sole ownership") is None


@given(st.integers(0, 99))
def test_number_words_read_back(number):
    words = [word for word, value in cells.NUMBER_WORDS.items() if value == number]
    assert words
    assert {cells.number(word) for word in words} == {float(number)}


@given(st.lists(st.text("abcdefghij XYZ", min_size=1).filter(str.strip), min_size=1, max_size=9))
def test_a_list_printed_with_commas_has_its_items(names):
    names = [" ".join(name.split()) for name in names]
    names = [name for name in names if " and " not in f" {name} "]
    assert cells.items(f"{len(names)}—{', '.join(names)}") == names


@given(st.text(max_size=40))
def test_no_text_breaks_a_cell_function(text):
    for function in (cells.number, cells.year_of, cells.first_number, cells.at_most):
        with suppress(ValueError):
            assert isinstance(function(text), int | float | None)
    assert isinstance(cells.items(text), list)
    assert isinstance(cells.numbers(text), list)
