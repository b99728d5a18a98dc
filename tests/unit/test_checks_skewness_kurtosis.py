"""Skewness and kurtosis against their bounds, in every convention of programs."""

from itertools import combinations_with_replacement

import numpy as np
import pandas as pd
import pytest
from checked_studies import checked_study, moments_of, printed_shape, with_construct
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from retrace.checks.shared.record import Record
from retrace.checks.skewness_kurtosis import (
    CONVENTIONS,
    Convention,
    fits,
    judge,
    largest_kurtosis,
    largest_skewness,
    reach,
)
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import CONTRADICTED, IMPOSSIBLE, WITHIN_ROUNDING, WRONG


def samples(n: int) -> np.ndarray:
    """Every sample of n answers from 0 to 3 that has a spread, order aside."""
    drawn = np.array(list(combinations_with_replacement(range(4), n)), dtype=float)
    return drawn[np.ptp(drawn, axis=1) > 0]


@pytest.mark.parametrize("n", [4, 5, 6, 7, 8, 11])
def test_the_bounds_hold_for_every_sample_and_are_attained(n):
    g1, b2 = np.array([moments_of(x) for x in samples(n)]).T
    assert (b2 - g1**2 - 1).min() == pytest.approx(0, abs=1e-12)  # two values
    # n - 1 equal answers and one other.
    assert g1.max() == pytest.approx(largest_skewness(n), rel=1e-12)
    assert b2.max() == pytest.approx(largest_kurtosis(n), rel=1e-12)


@settings(deadline=None)
@given(seed=st.integers(0, 2**31), n=st.integers(4, 60))
def test_no_sample_of_numbers_is_beyond_the_bounds(seed, n):
    x = np.random.default_rng(seed).standard_t(1.2, size=n)
    g1, b2 = moments_of(x)
    assert abs(g1) <= largest_skewness(n) * (1 + 1e-9)
    assert g1**2 + 1 <= b2 * (1 + 1e-9)
    assert b2 <= largest_kurtosis(n) * (1 + 1e-9)


def test_conventions_are_those_of_programs():
    # SciPy and pandas compute kinds 1 and 2; kind 3 is m3 / s^3 and m4 / s^4 (e1071's own words).
    x = np.array([1, 1, 2, 2, 2, 3, 3, 5, 7, 7.5])
    n, (g1, b2) = len(x), moments_of(x)
    s, d = x.std(ddof=1), x - x.mean()
    expected = {
        (1, True): (stats.skew(x), stats.kurtosis(x)),
        (1, False): (stats.skew(x), stats.kurtosis(x, fisher=False)),
        (2, True): (pd.Series(x).skew(), pd.Series(x).kurt()),
        (2, False): (stats.skew(x, bias=False), stats.kurtosis(x, fisher=False, bias=False)),
        (3, True): ((d**3).mean() / s**3, (d**4).mean() / s**4 - 3),
        (3, False): ((d**3).mean() / s**3, (d**4).mean() / s**4),
    }
    assert {(c.kind, c.excess) for c in CONVENTIONS} == set(expected)
    for convention in CONVENTIONS:
        found = convention.skewness(g1, n), convention.kurtosis(b2, n)
        assert found == pytest.approx(expected[convention.kind, convention.excess])
        back = convention.moments((found[0],) * 2, (found[1],) * 2, n)
        assert back == (pytest.approx((g1, g1)), pytest.approx((b2, b2)))


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("decimals", [0, 1, 2, 3])
def test_every_sample_fits_as_it_is_printed(convention, decimals):
    for n in (4, 5, 7):
        for x in samples(n):
            cells = printed_shape(x, convention.kind, convention.excess)
            skewness, kurtosis = (Printed.parse(f"{value:.{decimals}f}") for value in cells)
            assert fits(skewness, kurtosis, n, convention), (x, cells)
            assert fits(skewness, None, n, convention)
            assert fits(None, kurtosis, n, convention)


def test_what_a_number_may_be_ends_where_samples_end():
    # Of 10 people three answer 1, the others 0: g1 = .4 / sqrt(.21), b2 = g1^2 + 1.
    plain = Convention(1, False)
    g1 = 0.4 / np.sqrt(0.21)
    found = reach((g1, g1), (-np.inf, np.inf), 10, plain)
    assert found.kurtosis == pytest.approx((g1**2 + 1, largest_kurtosis(10)))
    found = reach((-np.inf, np.inf), (g1**2 + 1, g1**2 + 1), 10, plain)
    assert found.skewness == pytest.approx((-g1, g1))
    assert fits(Printed.parse("0.873"), Printed.parse("1.762"), 10, plain)  # .8729, 1.7619
    assert not fits(Printed.parse("0.873"), Printed.parse("1.760"), 10, plain)
    assert fits(Printed.parse("2.67"), None, 10, plain)  # 8 / 3
    assert not fits(Printed.parse("2.68"), None, 10, plain)
    assert fits(None, Printed.parse("8.11"), 10, plain)  # 73 / 9
    assert not fits(None, Printed.parse("8.12"), 10, plain)
    assert not fits(None, Printed.parse("0.99"), 10, plain)


@pytest.fixture(scope="module")
def study():
    """Four constructs of 250 people, printed with two decimals as SPSS prints them."""
    found = next(s for seed in range(99) if (s := checked_study(seed, n=250, constructs=4)))
    rng = np.random.default_rng(4)
    for name in found.constructs:
        x = np.clip(np.round(rng.normal(4, 1.2, 250) + rng.exponential(1.0, 250)), 1, 7)
        skewness, kurtosis = printed_shape(x, 2, excess=True)
        cells = {"skewness": f"{skewness:.2f}", "kurtosis": f"{kurtosis:.2f}"}
        found = with_construct(found, name, **cells)
    return found


def verdicts(study) -> dict[tuple[str, str], str]:
    return {(row.row, row.column): row.verdict for row in judge(Record("made_up", study))}


def test_an_honest_table_is_within_its_bounds(study):
    assert set(verdicts(study).values()) == {WITHIN_ROUNDING}
    assert len(verdicts(study)) == 8


def test_a_kurtosis_below_what_skewness_allows_is_found(study):
    # SPSS's G1 = 1.50 of 250 is g1 = 1.491, so that b2 >= 3.223: G2 >= .24 or so.
    changed = with_construct(study, "x1", skewness="1.50", kurtosis="-0.71")
    rows = [row for row in judge(Record("made_up", changed)) if row.verdict in WRONG]
    assert [(row.row, row.column) for row in rows] == [("x1", "skewness"), ("x1", "kurtosis")]
    low = rows[1].low
    g1 = 1.495 / (np.sqrt(250 * 249) / 248)
    expected = 249 / (248 * 247) * (251 * (g1**2 + 1 - 3) + 6)
    assert low == pytest.approx(expected)
    # The same sign error the other way round: kurtosis 0.71 is above .24.
    assert rows[1].cause == "sign: 0.71"
    assert {row.verdict for row in rows} == {IMPOSSIBLE}


def test_a_kurtosis_that_only_another_convention_has_is_contradicted(study):
    # The largest G1 and G2 + 3 of 20 people are 4.472 and 23.00 (one of them apart from the
    # others): no other convention reaches 23. The least G2 + 3 beside a G1 of 0.095 is 0.775, so
    # that 0.40 is an excess.
    small = study.model_copy(update={"n": 20})
    for name in ("x0", "x1", "x2"):
        small = with_construct(small, name, skewness="4.47", kurtosis="23.00")
    small = with_construct(small, "y", skewness="0.10", kurtosis="0.40")
    rows = {row.row: row for row in judge(Record("made_up", small)) if row.column == "kurtosis"}
    assert rows["x0"].verdict == WITHIN_ROUNDING
    assert rows["y"].verdict == CONTRADICTED
    assert "it would fit" in rows["y"].because
    g1 = 0.095 * 18 / np.sqrt(20 * 19)
    assert rows["y"].low == pytest.approx(19 / (18 * 17) * (21 * (g1**2 - 2) + 6) + 3)


def test_where_no_convention_is_ruled_out_nothing_is_accused(study):
    # 0.40 is no kurtosis, and 3.60 may be an excess.
    for name in study.constructs:
        study = with_construct(study, name, skewness="1.60", kurtosis="3.60")
    changed = with_construct(study, "y", skewness="0.10", kurtosis="0.40")
    assert set(verdicts(changed).values()) == {WITHIN_ROUNDING}
    # -1.90 is no kurtosis either, and as an excess too little beside a skewness of 0.80.
    changed = with_construct(study, "y", skewness="0.80", kurtosis="-1.90")
    assert verdicts(changed)["y", "kurtosis"] == IMPOSSIBLE
    assert verdicts(changed)["x0", "kurtosis"] == WITHIN_ROUNDING


def test_nothing_is_said_where_none_is_printed(study):
    bare = {
        name: construct.model_copy(update={"skewness": None, "kurtosis": None})
        for name, construct in study.constructs.items()
    }
    assert list(judge(Record("made_up", study.model_copy(update={"constructs": bare})))) == []


def test_one_of_the_two_is_enough_to_be_looked_at(study):
    for statistic, other in (("skewness", "kurtosis"), ("kurtosis", "skewness")):
        alone = study.constructs["x1"].model_copy(update={other: None})
        changed = study.model_copy(update={"constructs": {"x1": alone}})
        assert verdicts(changed) == {("x1", statistic): WITHIN_ROUNDING}


def test_conventions_are_named_by_programs_and_by_what_they_take_from_kurtosis():
    assert str(Convention(2, True)) == "as SPSS, SAS and Excel; kurtosis less 3"
    assert str(Convention(1, False)).endswith("Stata; kurtosis 3 for a normal distribution")


def test_the_description_takes_them_as_printed_numbers(tmp_path):
    from pathlib import Path
    from shutil import copytree

    from retrace.papers import PaperError, read_paper

    source = Path(__file__).parents[2] / "resources/papers/magni2022"
    folder = tmp_path / "magni2022"
    copytree(source, folder)
    text = (folder / "paper.yaml").read_text()
    plain = text.index("constructs:", text.index("study:"))
    line = text[text.index("\n", plain) + 1 :].split("\n", 1)[0]
    assert line.rstrip().endswith("}"), line
    for cell, problem in (('"-0.35"', ""), ('"2%"', "percentage"), ("-0.35", "written|quotes")):
        new = line.rstrip()[:-1] + f", skewness: {cell}}}"
        (folder / "paper.yaml").write_text(text.replace(line, new))
        if problem:
            with pytest.raises(PaperError, match=problem):
                read_paper(folder)
        else:
            first = next(iter(read_paper(folder).study.constructs.values()))
            assert first.skewness.text == "-0.35"
