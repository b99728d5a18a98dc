"""Granularity tests against published examples, scrutiny's documentation, and made data."""

from __future__ import annotations

import math
from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrace.printed.granularity import (
    ROUNDINGS,
    Interval,
    debit,
    grim,
    grimmer,
    possible_counts,
    possible_squares,
    possible_totals,
    unrounded,
)
from retrace.printed.numbers import Printed

# scrutiny 0.6.1, data sets pigs1, pigs5 and pigs3 with the consistency that its documentation and
# tests print.
PIGS1 = {
    ("7.22", 32): True,
    ("4.74", 25): False,
    ("5.23", 29): False,
    ("2.57", 24): False,
    ("6.77", 27): False,
    ("2.68", 28): True,
    ("7.01", 29): False,
    ("7.38", 26): True,
    ("3.14", 27): False,
    ("6.89", 31): False,
    ("5.00", 25): True,
    ("0.24", 28): False,
}
PIGS5 = {
    ("7.22", "5.30", 38): False,
    ("4.74", "6.55", 31): True,
    ("5.23", "2.55", 35): False,
    ("2.57", "2.57", 30): True,
    ("6.77", "2.18", 33): False,
    ("2.68", "2.59", 34): True,
    ("7.01", "6.68", 35): False,
    ("7.38", "3.65", 32): True,
    ("3.14", "5.32", 33): False,
    ("6.89", "4.18", 37): True,
    ("5.00", "2.18", 31): True,
    ("0.24", "6.43", 34): True,
}
PIGS3 = {
    ("0.53", "0.50", 1683): True,
    ("0.44", "0.50", 1683): True,
    ("0.77", "0.42", 1683): True,
    ("0.19", "0.35", 1683): False,
    ("0.34", "0.47", 1683): True,
    ("0.93", "0.25", 1683): True,
    ("0.12", "0.33", 1683): True,
}

DECIMAL_ROUNDING = {
    "up": ROUND_HALF_UP,
    "down": ROUND_HALF_DOWN,
    "even": ROUND_HALF_EVEN,
    "trunc": ROUND_DOWN,
}


def p(text: str) -> Printed:
    return Printed.parse(text)


def test_grim_finds_brown_and_heathers_first_example_impossible():
    # Brown and Heathers (2017): a mean of 5.19 from 28 whole numbers; 5.18 and 5.21 are possible.
    assert not grim(p("5.19"), 28)
    assert grim(p("5.18"), 28)
    assert grim(p("5.21"), 28)


def test_grim_agrees_with_the_examples_by_which_it_was_explained():
    # Heathers (2016), twelve ages that add up to 251 or 252; Allard (2018), ten answers.
    assert grim(p("20.92"), 12)
    assert grim(p("21.00"), 12)
    assert not grim(p("20.95"), 12)
    assert not grim(p("3.45"), 10)


def test_grim_agrees_with_scrutiny_on_pigs1():
    assert {case: grim(p(case[0]), case[1]) for case in PIGS1} == PIGS1


def test_grim_agrees_with_scrutiny_on_its_vignette():
    assert not grim(p("5.27"), 43)
    means = ["8.97", "2.61", "7.26", "3.64", "9.26", "10.46", "7.39"]
    assert [grim(p(mean), 28) for mean in means] == [False, True, False, True, False, True, True]


def test_grim_counts_the_items_of_a_scale_as_scrutiny_does():
    means = ["5.90", "5.71", "3.50", "3.82", "4.61", "5.24"]
    assert [grim(p(mean), 40) for mean in means] == [True, False, True, True, False, False]
    assert all(grim(p(mean), 40, items=3) for mean in means)


def test_counts_from_percentages_agree_with_scrutiny():
    cases = {("32.5", 438): False, ("35.6", 455): True, ("21.7", 501): False, ("39.3", 516): True}
    assert {case: bool(possible_counts(p(case[0]), case[1])) for case in cases} == cases


def test_a_percentage_of_300_can_be_truncated_though_not_rounded():
    # Algebra: 260 of 300 is 86.666... per cent.
    assert not possible_counts(p("86.6%"), 300)
    assert list(possible_counts(p("86.6%"), 300, "trunc")) == [260]
    assert list(possible_counts(p("65%"), 300)) == [194, 195, 196]


def test_grimmer_agrees_with_scrutiny_on_pigs5():
    assert {case: grimmer(p(case[0]), p(case[1]), case[2]) for case in PIGS5} == PIGS5


def test_grimmer_agrees_with_scrutiny_on_its_vignette():
    assert not grimmer(p("7.3"), p("2.51"), 12)
    cases = [("7.2", "2.89"), ("3.6", "3.11"), ("9.2", "7.13"), ("10.4", "2.53"), ("7.3", "3.14")]
    assert all(grimmer(p(mean), p(sd), 25) for mean, sd in cases)
    items = [("5.90", "2.19"), ("5.71", "1.42"), ("3.50", "1.81"), ("4.61", "1.92")]
    assert all(grimmer(p(mean), p(sd), 40, items=3) for mean, sd in items)


def test_grimmer_tries_every_total_that_a_short_mean_allows():
    # scrutiny 0.6 calls mean 8.9, SD 2.81, n = 25 inconsistent, a false alarm it warns of (its
    # issue 80): these 25 whole numbers have that mean and deviation.
    scores = [4] + [5] * 3 + [7] * 5 + [8] * 2 + [9] * 5 + [10] + [11] * 2 + [12] * 4 + [14] * 2
    assert _summary(scores, 1, 2, "up") == ("8.9", "2.81")
    assert grimmer(p("8.9"), p("2.81"), 25)


def test_debit_agrees_with_scrutiny_on_pigs3():
    assert {case: debit(p(case[0]), p(case[1]), case[2]) for case in PIGS3} == PIGS3
    assert not debit(p("0.35"), p("0.18"), 20)


def test_debit_finds_scrutinys_neighbours_of_an_impossible_mean():
    means = ["0.14", "0.15", "0.16", "0.17", "0.18", "0.20", "0.21"]
    found = [debit(p(mean), p("0.35"), 1683) for mean in means]
    assert found == [True, True, False, False, False, False, False]


def _round(value: Fraction, decimals: int, rounding: str) -> str:
    unit = Decimal(1).scaleb(-decimals)
    # Thirty digits are enough to tell a tie of these small samples from its neighbours.
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(unit, rounding=DECIMAL_ROUNDING[rounding]))


def _summary(scores: list[int], mean_decimals: int, sd_decimals: int, rounding: str):
    """Mean and sample deviation of whole numbers as a paper would print them."""
    n, total = len(scores), sum(scores)
    variance = Fraction(n * sum(score * score for score in scores) - total * total, n * (n - 1))
    unit = Decimal(1).scaleb(-sd_decimals)
    deviation = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
    return (
        _round(Fraction(total, n), mean_decimals, rounding),
        str(deviation.quantize(unit, rounding=DECIMAL_ROUNDING[rounding])),
    )


@given(
    st.lists(st.integers(-50, 50), min_size=2, max_size=60),
    st.integers(0, 3),
    st.integers(1, 3),
    st.sampled_from(sorted(DECIMAL_ROUNDING)),
)
@settings(deadline=None)
def test_statistics_of_whole_numbers_always_pass(scores, mean_decimals, sd_decimals, rounding):
    mean, sd = _summary(scores, mean_decimals, sd_decimals, rounding)
    # Decimal rounds a tie away from zero for `up`, the interval towards plus infinity.
    tie = rounding in ("up", "down") and sum(scores) < 0
    mode = "up_or_down" if tie else rounding
    assert grim(p(mean), len(scores), rounding=mode)
    assert grimmer(p(mean), p(sd), len(scores), rounding=mode)
    if rounding not in ("trunc",):
        assert grimmer(p(mean), p(sd), len(scores))


@given(st.integers(2, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(deadline=None)
def test_statistics_of_zeros_and_ones_always_pass_debit(case):
    ones, n = case
    mean, sd = _summary([1] * ones + [0] * (n - ones), 2, 2, "even")
    assert debit(p(mean), p(sd), n)
    percentage = _round(Fraction(100 * ones, n), 1, "even")
    assert ones in possible_counts(p(percentage), n)


@given(
    st.decimals(-20, 20, places=2),
    st.integers(1, 99),
    st.integers(1, 4),
    st.sampled_from(sorted(DECIMAL_ROUNDING)),
)
@settings(deadline=None)
def test_possible_totals_are_those_that_print_like_the_mean(mean, n, items, rounding):
    mean = abs(mean)
    n_scores = n * items
    near = int(mean * n_scores)
    expected = [
        total
        for total in range(near - n_scores // 50 - 3, near + n_scores // 50 + 4)
        if total >= 0 and _round(Fraction(total, n_scores), 2, rounding) == f"{mean:.2f}"
    ]
    found = [t for t in possible_totals(p(f"{mean:.2f}"), n, items, rounding) if t >= 0]
    assert found == expected


@pytest.mark.parametrize(
    ("rounding", "ends"),
    [
        ("up_or_down", (True, True)),
        ("up", (True, False)),
        ("down", (False, True)),
        ("even", (True, True)),
    ],
)
def test_a_tie_is_in_or_out_by_the_rounding(rounding, ends):
    values = unrounded(p("0.12"), rounding)
    assert (Fraction(115, 1000) in values, Fraction(125, 1000) in values) == ends


def test_even_rounding_moves_no_tie_to_an_odd_last_digit():
    values = unrounded(p("0.13"), "even")
    assert Fraction(125, 1000) not in values
    assert Fraction(135, 1000) not in values


@pytest.mark.parametrize(
    ("rounding", "text", "inside", "outside"),
    [
        ("ceiling", "0.12", "0.1101", "0.1201"),
        ("floor", "0.12", "0.1299", "0.1199"),
        ("trunc", "-0.12", "-0.1299", "-0.1199"),
        ("trunc", "0.00", "-0.0099", "0.01"),
    ],
)
def test_rounding_to_one_side_takes_in_one_unit(rounding, text, inside, outside):
    values = unrounded(p(text), rounding)
    assert Fraction(inside) in values
    assert Fraction(outside) not in values


def test_what_cannot_be_tested_is_refused_with_what_was_found():
    with pytest.raises(ValueError, match=r"'<0.5' is a bound"):
        grim(p("<0.5"), 10)
    with pytest.raises(ValueError, match=r"outside \[0, 1\]"):
        debit(p("1.20"), p("0.40"), 10)
    with pytest.raises(ValueError, match="it is negative"):
        grimmer(p("1.20"), p("-0.40"), 10)
    with pytest.raises(ValueError, match="n = 1 is too small"):
        debit(p("0.5"), p("0.5"), 1)
    with pytest.raises(ValueError, match="0 items"):
        grim(p("0.5"), 10, items=0)
    with pytest.raises(ValueError, match=f"known are {', '.join(ROUNDINGS)}"):
        grim(p("0.5"), 10, rounding="nearest")


def test_a_deviation_too_large_for_two_values_is_impossible():
    # Algebra: the sample deviation of zeros and ones is at most sqrt(n / (n - 1)) / 2.
    largest = math.sqrt(20 / 19) / 2
    assert debit(p("0.50"), p(f"{largest:.2f}"), 20)
    assert not debit(p("0.50"), p(f"{largest + 0.01:.2f}"), 20)


@pytest.mark.parametrize("n", [2, 3, 10])
@pytest.mark.parametrize("mean", ["0.0", "0.1", "0.4", "0.5", "0.6", "1.0"])
def test_debit_allows_the_deviations_of_the_means_that_print_so_and_no_other(n, mean):
    # Of means a two-thousandth apart; a tie of the deviation may print either way.
    centre = Fraction(mean)
    means = (centre + Fraction(step, 2000) for step in range(-100, 101))
    squares = [Fraction(n, n - 1) * m * (1 - m) for m in means if 0 <= m <= 1]
    for cell in range(100):
        unit, half = Fraction(1, 100), Fraction(1, 200)
        low, high = max(cell * unit - half, Fraction(0)), cell * unit + half
        between = min(squares) <= high**2 and max(squares) >= low**2
        assert debit(p(mean), p(f"{cell / 100:.2f}"), n) is between, cell


def test_debit_leaves_out_a_deviation_that_only_an_excluded_mean_has():
    # n = 2: the variance is 2 m (1 - m), 1/2 at m = 1/2. Truncated, 0.4 is below 1/2: the deviation
    # stays below .7071; rounded up, 0.5 may be 0.5 itself. Truncated again, 0.70 is from .70 on.
    assert debit(p("0.5"), p("0.71"), 2)
    assert debit(p("0.4"), p("0.70"), 2, "trunc")
    assert not debit(p("0.4"), p("0.71"), 2, "trunc")
    # m = 0 alone has no deviation, and a mean rounded up to 0.1 is above 0.
    assert not debit(p("0.1"), p("0.00"), 50, "ceiling")
    assert debit(p("0.0"), p("0.00"), 50, "ceiling")
    assert debit(p("1.0"), p("0.0"), 50, "floor")


@pytest.mark.parametrize("decimals", [0, 1])
def test_sums_of_squares_are_those_of_all_answers(decimals):
    # Every three whole numbers from -4 to 4 with a total, against the deviation they print.
    found: dict[tuple[int, str], set[int]] = {}
    numbers = range(-4, 5)
    for scores in ((a, b, c) for a in numbers for b in numbers for c in numbers):
        _, sd = _summary(list(scores), 0, decimals, "even")
        found.setdefault((sum(scores), sd), set()).add(sum(x * x for x in scores))
    for (total, sd), squares in found.items():
        possible = possible_squares(p(sd), total, 3)
        assert squares <= set(possible)
        assert all((square - total) % 2 == 0 for square in possible)
        variances = [(Fraction(s) - Fraction(total**2, 3)) / 2 for s in possible]
        assert all(p(sd).admits(math.sqrt(v)) for v in variances)


def test_sums_of_squares_count_items():
    # Two people, three items: 1/3 and 4/3 have mean 5/6 and SD 1 / sqrt 2; y = 1, 4, S = 17.
    assert list(possible_squares(p("0.707"), 5, 2, 3)) == [17]
    assert list(possible_squares(p("0.707"), 5, 2)) == [13]


def test_a_deviation_that_prints_as_nought_may_be_nought():
    for rounding in ROUNDINGS:
        assert 8 in possible_squares(p("0.0"), 4, 2, 1, rounding), rounding
    with pytest.raises(ValueError, match="n = 1 is too small; at least 2"):
        grimmer(p("0.5"), p("0.5"), 1)
    assert grimmer(p("0.5"), p("0.7"), 2)
    assert grim(p("1"), 1)
    with pytest.raises(ValueError, match="n = 0 is too small; at least 1"):
        grim(p("1"), 0)


@pytest.mark.parametrize(
    ("rounding", "text", "low", "high", "ends"),
    [
        ("up_or_down", "0.12", "0.115", "0.125", (True, True)),
        ("up", "0.12", "0.115", "0.125", (True, False)),
        ("down", "0.12", "0.115", "0.125", (False, True)),
        ("even", "0.12", "0.115", "0.125", (True, True)),
        ("even", "0.13", "0.125", "0.135", (False, False)),
        ("ceiling", "0.12", "0.11", "0.12", (False, True)),
        ("floor", "0.12", "0.12", "0.13", (True, False)),
        ("trunc", "0.12", "0.12", "0.13", (True, False)),
        ("trunc", "-0.12", "-0.13", "-0.12", (False, True)),
        ("trunc", "0.00", "-0.01", "0.01", (False, False)),
    ],
)
def test_the_values_that_print_so_end_where_the_rule_says(rounding, text, low, high, ends):
    values = unrounded(p(text), rounding)
    assert (values.low, values.high) == (Fraction(low), Fraction(high))
    assert (values.low_included, values.high_included) == ends


def test_whole_numbers_of_an_interval_go_by_its_ends():
    for ends, expected in {
        (True, True): [1, 2, 3],
        (False, True): [2, 3],
        (True, False): [1, 2],
        (False, False): [2],
    }.items():
        interval = Interval(Fraction(1), Fraction(3), *ends)
        assert list(interval.integers()) == expected
        assert [v for v in range(5) if v in interval] == expected
        assert list(interval.squared().integers()) == [
            v for v in range(10) if 1 <= v <= 9 and (v > 1 or ends[0]) and (v < 9 or ends[1])
        ]
    assert list(Interval(Fraction(1, 2), Fraction(5, 2), False, False).integers()) == [1, 2]


def test_intervals_that_touch_overlap_where_both_have_the_point():
    def interval(low, high, *ends):
        return Interval(Fraction(low), Fraction(high), *ends)

    for first in (True, False):
        for second in (True, False):
            below, above = interval(0, 1, True, first), interval(1, 2, second, True)
            assert below.overlaps(above) is above.overlaps(below) is (first and second)
    assert interval(0, 2, False, False).overlaps(interval(1, 3, False, False))
    assert not interval(0, 1).overlaps(interval(2, 3))
    # Of two ends at one place the open one counts.
    assert not interval(0, 1, True, False).overlaps(interval(1, 1))
    assert interval(1, 2, False, True).overlaps(interval(1, 3))


def test_debit_leaves_out_the_upper_end_of_truncated_means():
    # Of 4 zeros and ones a mean of 1/4 has SD 1/2; what is truncated to 0.24 is below both.
    assert debit(p("0.25"), p("0.50"), 4, "trunc")
    assert debit(p("0.24"), p("0.49"), 4, "trunc")
    assert not debit(p("0.24"), p("0.50"), 4, "trunc")
