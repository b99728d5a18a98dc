"""Printed numbers: what a string of digits says, and which values it stands for."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrace.printed.numbers import MAX_CHARACTERS, Printed, decimal_sign, with_point


@pytest.mark.parametrize(
    ("text", "value", "decimals", "bound", "stars"),
    [
        ("0.130", 0.13, 3, "", ""),
        (".08", 0.08, 2, "", ""),
        ("-0.076", -0.076, 3, "", ""),
        ("−0.162", -0.162, 3, "", ""),  # the minus sign of Unicode
        ("0.433**", 0.433, 3, "", "**"),
        ("<0.001", 0.001, 3, "<", ""),
        ("86.6%", 86.6, 1, "", ""),
        ("1,234", 1234, 0, "", ""),
        (" 12 ", 12, 0, "", ""),
        ("0.11†", 0.11, 2, "", "†"),
        ("0.43∗∗", 0.43, 2, "", "**"),  # the operator U+2217 of PDF files
        ("‑0.21 *", -0.21, 2, "", "*"),  # a hyphen that does not break
        ("<\u2009.001", 0.001, 3, "<", ""),  # a thin space
        ("12\u202f345", 12345, 0, "", ""),  # thousands by a narrow space
        ("0.31a", 0.31, 2, "", "a"),
        ("12 345.6".replace(" ", "\u00a0"), 12345.6, 1, "", ""),
        ("-.31⁎⁎", -0.31, 2, "", "**"),  # U+204E, of Elsevier's pages
        (".32＊＊＊", 0.32, 2, "", "***"),
        (".32✱", 0.32, 2, "", "*"),
        (".32﹡†", 0.32, 2, "", "*†"),
        ("9" * 30, 1e30, 0, "", ""),
    ],
)
def test_a_printed_number_keeps_what_is_printed(text, value, decimals, bound, stars):
    printed = Printed.parse(text)
    assert (printed.value, printed.decimals, printed.bound, printed.stars) == (
        value,
        decimals,
        bound,
        stars,
    )


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("1.2e-05", (0.0000115, 0.0000125)),
        ("1.2 × 10−5", (0.0000115, 0.0000125)),
        ("1.2×10⁻⁵", (0.0000115, 0.0000125)),
        ("3x10^-2**", (0.025, 0.035)),
        ("-4.512E+02", (-451.25, -451.15)),
        ("1.20e-05", (0.00001195, 0.00001205)),
    ],
)
def test_a_power_of_ten_moves_the_last_place(text, interval):
    assert Printed.parse(text).interval == interval


@pytest.mark.parametrize(
    "text", ["", "n.s.", "1.2.3", "1,23", "--1", "0.1 0.2", "nan", "1e5", "–", "12a", "0,31", "ns"]
)
def test_what_is_no_number_is_refused_with_what_was_found(text):
    with pytest.raises(ValueError, match="not a printed number") as error:
        Printed.parse(text)
    assert repr(text) in str(error.value)


@pytest.mark.parametrize(
    ("text", "hint"),
    [("0,05", "behind a point"), ("n.s.", "write the bound, as in >0.05"), ("(0.09)", "brackets")],
)
def test_common_ways_of_printing_are_refused_with_what_to_write(text, hint):
    with pytest.raises(ValueError, match=hint):
        Printed.parse(text)


def test_a_float_is_refused_because_it_has_lost_its_zeros():
    with pytest.raises(ValueError, match="float"):
        Printed.parse(0.130)


def test_the_interval_is_half_a_unit_of_the_last_place_to_each_side():
    printed = Printed.parse("0.130")
    assert printed.half_width == 0.0005
    assert printed.interval == (0.1295, 0.1305)


def test_a_bound_admits_every_smaller_value():
    printed = Printed.parse("<0.001")
    assert printed.admits(1e-9)
    assert not printed.admits(0.0011)


@given(
    st.decimals(-1000, 1000, allow_nan=False, allow_infinity=False, places=6),
    st.integers(0, 5),
)
def test_every_value_prints_as_the_number_it_rounds_to(value, places):
    """Algebra: half up and half to even differ at ties only, and both belong to the interval."""
    for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN):
        text = str(value.quantize(Decimal(1).scaleb(-places), rounding=rounding))
        assert Printed.parse(text).admits(float(value))


@given(
    st.decimals(-1000, 1000, allow_nan=False, allow_infinity=False, places=3),
    st.integers(0, 2),
)
def test_no_value_prints_as_the_next_number(value, places):
    unit = Decimal(1).scaleb(-places)
    rounded = value.quantize(unit)
    neighbour = Printed.parse(str(rounded + 2 * unit))
    assert not neighbour.admits(float(value))


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_with_a_value_error(text):
    try:
        printed = Printed.parse(text)
    except ValueError:
        return
    assert printed.text == text


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("0.001", 0.0005, 0.0015), ("-0.13", -0.135, -0.125), ("1234.5", 1234.45, 1234.55)],
)
def test_a_tie_that_misses_by_the_last_bits_is_a_tie_and_nothing_else_is(text, low, high):
    """Sums in another order differ by units in the last place; a millionth is no such error."""
    printed = Printed.parse(text)
    for end, outwards in ((low, -1), (high, 1)):
        bits = outwards * 4e-16 * abs(end)
        more = outwards * 2e-6 * max(1.0, abs(end))
        assert printed.admits(end)
        assert printed.admits(end + bits)
        assert not printed.admits(end + more)
        assert printed.meets(end + bits, end + bits)
        assert not printed.meets(end + more, end + more)
        # An envelope on the other side of the whole interval meets it too.
        assert printed.meets(*sorted((end + more, end - more)))
    assert printed.meets(low - 1, high + 1)
    assert not printed.meets(high + 1, high + 2)
    assert not printed.meets(low - 2, low - 1)


def test_ties_of_large_numbers_miss_by_more():
    """Relative to the number: a unit in the last place of 1234567.5 is 2e-10."""
    assert Printed.parse("1234567").admits(1234567.5 * (1 + 4e-16))
    assert Printed.parse("1234567").meets(1234567.5 * (1 + 4e-16), 1234568)


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("≤.05", (float("-inf"), 0.05)),
        ("≥ 10", (10.0, float("inf"))),
        (">.05", (np.nextafter(0.05, 1), float("inf"))),
        ("<.05", (float("-inf"), np.nextafter(0.05, 0))),
        ("+.25", (0.245, 0.255)),
        ("−5", (-5.5, -4.5)),
        ("86.6%", (86.55, 86.65)),
    ],
)
def test_what_a_number_stands_for(text, interval):
    assert Printed.parse(text).interval == interval


def test_a_percentage_says_so():
    assert Printed.parse("86.6%").percent
    assert not Printed.parse("86.6").percent


@pytest.mark.parametrize("text", ["12a", "0.1d", "12\u202f345,678.5", "1,2345", "0,123.4"])
def test_letters_and_groups_that_are_none_are_refused(text):
    with pytest.raises(ValueError, match="is not a printed number"):
        Printed.parse(text)


def test_letters_behind_decimals_are_marks():
    assert [Printed.parse(f"0.31{letter}").stars for letter in "abcᵃᵇᶜ"] == list("abcᵃᵇᶜ")


def test_nan_prints_as_nothing():
    assert not Printed.parse("0.1").admits(float("nan"))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("-4.5E+02", "power of ten: -450"),
        ("1.2 × 105", "power of ten: 120000"),
        ("０.５", "０ (U+FF10, FULLWIDTH DIGIT ZERO): write 0"),
        ("٣", "٣ (U+0663, ARABIC-INDIC DIGIT THREE): write 3"),
        ("0.5²", "² (U+00B2, SUPERSCRIPT TWO) is none of the characters of a number"),
        ("0.5\u202e", "(U+202E, RIGHT-TO-LEFT OVERRIDE) is none"),
        ("0.5\x07", "(U+0007, a control character) is none"),
        ("nan", "leave the cell empty"),
        ("-Infinity", "leave the cell empty"),
        ("0,98", "decimals stand behind a point"),
        (
            "1" * 400,
            "(400 characters) is not a printed number such as 0.130, -.08** or <0.001; at most",
        ),
        ("9" * 31, "more than 30 digits"),
        ("0." + "1" * 40, "more than 30 digits"),
    ],
)
def test_what_is_no_printed_number_is_told_with_what_to_write(text, hint):
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the message is looked at below
        Printed.parse(text)
    assert hint in str(error.value)
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 250


@pytest.mark.parametrize("digits", ["9" * 28 + "57", "1234567890123456789012345678.91"])
def test_a_number_of_very_many_digits_is_kept_as_it_is(digits):
    # Python's own decimal arithmetic keeps 28 digits; a fraction has no such end.
    exact, half = Fraction(digits), Fraction(1, 2 * 10 ** len(digits.partition(".")[2]))
    for text, sign in ((digits, 1), (f"-{digits}", -1)):
        found = Printed.parse(text)
        assert Fraction(found.number) == sign * exact
        assert found.interval == (float(sign * exact - half), float(sign * exact + half))
    with pytest.raises(ValueError, match=f"power of ten: 12{'3' * 28}00"):
        Printed.parse(f"12.{'3' * 28}e30")


@pytest.mark.parametrize(
    "text", [" " * 5_000_000 + "x", "1," * 2_000_000, "<" + "\t" * 10**6 + "-"]
)
def test_a_long_text_is_refused_without_being_looked_at(text):
    """A pattern with three runs of spaces would take time with the cube of their length."""
    with pytest.raises(ValueError, match=f"at most {MAX_CHARACTERS} characters are read"):
        Printed.parse(text)


@pytest.mark.parametrize(
    ("cell", "sign"),
    [
        ("0.98", "."), (".5", "."), ("12.3456", "."), ("0.123", "."), ("1234.567", "."),
        ("1,234.5", "."), ("1,234,567", "."), ("<0.001**", "."), ("-.08", "."), ("5.", "."),
        ("0,98", ","), (",5", ","), ("12,3456", ","), ("0,123", ","), ("1234,567", ","),
        ("1.234,5", ","), ("1.234.567", ","), ("< 0,001***", ","), ("−,08", ","), ("86,6%", ","),
        ("12\u202f345,678", ","), ("12\u202f345.678", "."),
        ("1,968", "either"), ("1.968", "either"), ("-12,345*", "either"),
        ("12", ""), ("", ""), ("1,2,3", ""), ("1,23,456", ""), ("a,b", ""), ("2,5 and 6", ""),
        ("1.2.3", ""), ("0,98" + " " * 100, ""),
    ],
)  # fmt: skip
def test_a_cell_shows_its_decimal_sign_or_not(cell, sign):
    assert decimal_sign(cell) == sign


@given(
    st.decimals(-99999, 99999, allow_nan=False, allow_infinity=False, places=4),
    st.sampled_from([",", "\u202f", ""]),
)
def test_a_number_printed_with_a_comma_is_the_number(value, group):
    """Python prints it with points; the comma comes by exchanging the two marks."""
    text = f"{value:,}".replace(",", group)
    other = text.translate(str.maketrans(".,", ",."))
    assert (decimal_sign(text), decimal_sign(other)) == (".", ",")
    assert Printed.parse(with_point(other)).number == value
