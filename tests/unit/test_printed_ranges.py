"""The range of each kind of number: the definitions of the statistics, at their ends."""

import pytest

from retrace.papers.printed_tables import CALLED, OF_RESIDUALS
from retrace.printed.numbers import Printed
from retrace.printed.ranges import RANGES, out_of_range, within
from retrace.printed.reported import CHANGE_STATISTICS, MODEL_STATISTICS, TERM_STATISTICS


@pytest.mark.parametrize(
    ("statistic", "inside", "outside", "said"),
    [
        ("r", ("1.00", "-1", "-1.0"), ("1.01", "-1.1", "2"), "is outside [-1, 1]"),
        ("p", ("0", "1.0", "<0.001", ">0.05", "<1.5"), ("1.1", "-0.1", ">1"), "is outside [0, 1]"),
        ("f_p", ("1.00",), ("1.01",), "is outside [0, 1]"),
        ("r2", ("0.00", "1"), ("-0.01", "1.2"), "is outside [0, 1]"),
        ("tolerance", ("1.000",), ("1.001",), "is outside [0, 1]"),
        ("durbin_watson", ("0.00", "4.00"), ("4.01", "-0.1"), "is outside [0, 4]"),
        # 0.9996 would print as 1.000, 0.96 as 1.0.
        ("vif", ("1", "1.0", "12.3"), ("0.9", "0.99", "0.9996"), "is below 1"),
        ("sd", ("0", "-0.00", "12"), ("-0.01", "-1"), "is negative"),
        ("se", ("0.000",), ("-0.074",), "is negative"),
        ("f", ("0.0", "1234.5"), ("-3.1",), "is negative"),
        ("alpha", ("1.00", "-0.40", "-12"), ("1.01", "2"), "is above 1"),
        ("adjusted_r2", ("-0.02", "1.0"), ("1.1",), "is above 1"),
    ],
)
def test_a_number_is_in_its_range_as_far_as_rounding_reaches(statistic, inside, outside, said):
    for text in inside:
        assert within(Printed.parse(text), statistic), text
        assert out_of_range(Printed.parse(text), statistic) == ""
    for text in outside:
        assert not within(Printed.parse(text), statistic), text
        assert out_of_range(Printed.parse(text), statistic) == said


def test_a_coefficient_may_be_any_number():
    assert not RANGES.keys() & {"b", "beta", "t", "ci_low", "ci_high", "mean"}
    assert out_of_range(Printed.parse("-12345"), "b") == ""


def test_a_tie_does_not_bring_a_number_back_into_its_range():
    # Ten decimals leave no room: what prints so is above 1 throughout.
    assert not within(Printed.parse("1.0000000001"), "r")


def test_reading_has_a_name_for_every_statistic_of_a_regression_that_has_a_range():
    ranged = RANGES.keys() & {*TERM_STATISTICS, *MODEL_STATISTICS, *CHANGE_STATISTICS}
    assert CALLED.keys() == ranged | OF_RESIDUALS
