"""Printed numbers: what a string of digits says, and which values it stands for."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrace.printed import Printed


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


def test_nan_prints_as_nothing():
    assert not Printed.parse("0.1").admits(float("nan"))
