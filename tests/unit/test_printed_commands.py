"""`retrace grim`: what it lists, and which n it takes."""

import argparse
import json

import pytest

from retrace.cli import main
from retrace.printed.commands import count


def because(capsys, *arguments: str) -> list[str]:
    main(["grim", *arguments, "--json"])
    return [row["because"] for row in json.loads(capsys.readouterr().out)]


def test_totals_are_listed_and_counted_from_the_fourth(capsys):
    # Of four people and three items: 2.495 * 12 = 29.94 to 2.505 * 12 = 30.06.
    assert because(capsys, "2.50", "4", "--items", "3") == ["totals of 12: 30"]
    # 2.45 * 20 = 49 to 2.55 * 20 = 51, and 2.5 * 20 = 50 to 3.5 * 20 = 70.
    assert because(capsys, "2.5", "20") == ["totals of 20: 49, 50, 51"]
    assert because(capsys, "3", "20") == ["totals of 20: 50, 51, 52 and 18 more"]
    assert because(capsys, "2.6", "3") == ["next to it are 7/3 = 2.333 and 8/3 = 2.667"]


def test_a_deviation_without_a_total_says_so(capsys):
    assert because(capsys, "2.6", "3", "--sd", "1.0")[1] == (
        "no whole sum of squares gives it, for there is no total"
    )
    assert because(capsys, "3.00", "5", "--sd", "1.58")[1] == (
        "a whole sum of squares of these totals gives it"
    )
    assert because(capsys, "0.5", "10", "--sd", "0.53", "--binary")[1] == (
        "a share of ones that prints like the mean gives it"
    )


def test_n_is_from_one_to_a_thousand_million():
    assert [count(text) for text in ("1", "1000000000")] == [1, 10**9]
    for text in ("0", "1000000001", "00000000001", "²", "1.0", "-1", ""):
        with pytest.raises(argparse.ArgumentTypeError):
            count(text)
