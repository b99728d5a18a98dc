"""The smallest misprint that explains a number."""

import pytest

from retrace.checks.shared.mistakes import exchanged, smallest_mistake
from retrace.printed.numbers import Printed


@pytest.mark.parametrize(
    ("text", "meant", "said"),
    [
        ("0.182", "-0.182", "sign: -0.182"),
        ("-.18*", "0.18", "sign: 0.18"),
        ("2.541", "2.451", "digits exchanged: 2.451"),
        ("0.520", "0.052", "decimal point: 0.0520"),
        ("0.52", "5.2", "decimal point: 5.2"),
        ("1.23", "0.0123", "decimal point: 0.0123"),
        ("2.46", "2.45", "last digit: 2.45"),
        ("7.31", "7.36", "one digit: 7.36"),
        ("7.31", "4.31", "one digit: 4.31"),
        ("0.30", "0.74", ""),
        ("0.00", "0.03", "one digit: 0.03"),
        ("<0.01", "0.0009", "decimal point: <0.001"),
        ("0.1234", "12.34", "decimal point: 12.34"),
        ("12.3", "0.123", "decimal point: 0.123"),
        ("0.10", "1.00", "decimal point: 1.0"),
    ],
)
def test_mistakes_are_told_from_each_other(text, meant, said):
    value = float(meant)

    def fits(cell: Printed) -> bool:
        if cell.bound:
            return cell.admits(value) and cell.value <= 0.001
        return abs(cell.value - value) < 1e-9

    assert smallest_mistake(Printed.parse(text), fits) == said


def test_numbers_fit_in_each_others_places_or_they_are_not_exchanged():
    printed = {"a": Printed.parse("1.0"), "b": Printed.parse("2.0"), "c": Printed.parse("3.0")}

    def exactly(value: float):
        return lambda cell: cell.value == value

    meant = {"a": exactly(2.0), "b": exactly(1.0), "c": exactly(3.0)}
    assert exchanged("a", printed, meant) == "exchanged with the one of b: 2.0"
    assert exchanged("b", printed, meant) == "exchanged with the one of a: 1.0"
    # c is right where it is, though its number would fit in a's place.
    assert exchanged("a", printed, meant | {"a": exactly(3.0)}) == ""
    assert exchanged("a", printed, meant | {"b": exactly(7.0)}) == ""


def test_mistakes_come_in_the_order_in_which_they_are_thought_of():
    tried: list[str] = []
    cell = Printed.parse("-1.2*")
    assert smallest_mistake(cell, lambda mended: bool(tried.append(mended.text))) == ""
    assert tried[:8] == ["1.2", "-2.1", "-0.12", "-12", "-0.012", "-1.3", "-1.1", "-1.0"]
    assert tried[8:14] == [f"-1.{digit}" for digit in "456789"]
    assert tried[14:] == [f"-{digit}.2" for digit in "023456789"]


def test_of_nought_there_is_no_other_sign_and_no_last_digit_below():
    def anything(cell: Printed) -> bool:
        return True

    assert smallest_mistake(Printed.parse("0.00"), anything) == "one digit: 0.01"
    # The nought before the point is not exchanged, and a bound has no sign.
    assert smallest_mistake(Printed.parse("0.33"), lambda cell: cell.value > 3) == (
        "decimal point: 3.3"
    )
    assert smallest_mistake(Printed.parse("<0.01"), anything) == "digits exchanged: <0.10"
