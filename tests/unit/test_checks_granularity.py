"""Means and standard deviations of whole answers, against all answers that there are."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
from checked_studies import checked_study, with_construct

from retrace.checks.granularity import Score, can_have, judge, largest_deviation, totals_of
from retrace.checks.shared.record import Record
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import IMPOSSIBLE, NOT_CHECKABLE, WITHIN_ROUNDING


def every_score(n: int, items: int, low: int, high: int) -> np.ndarray:
    """All sets of n people's sums of items, as means of their items; shape (N, n)."""
    sums = range(low * items, high * items + 1)
    return np.array(list(combinations_with_replacement(sums, n)), dtype=float) / items


def cells(values: np.ndarray, decimals: int) -> set[str]:
    return {f"{value:.{decimals}f}" for value in values}


@pytest.mark.parametrize(("n", "items"), [(4, 1), (4, 2), (5, 1), (3, 3)])
@pytest.mark.parametrize("decimals", [1, 2, 3])
def test_the_means_that_answers_have_are_all_and_only_those_allowed(n, items, decimals):
    scores = every_score(n, items, 1, 5)
    had = cells(scores.mean(axis=1), decimals)
    score = Score(n, items, 1, 5, "means")
    unit = 10**decimals
    allowed = {
        text
        for cell in range(unit, 5 * unit + 1)
        if totals_of(Printed.parse(text := f"{cell / unit:.{decimals}f}"), score)
    }
    # A tie is charitably allowed either way; Python's text has one of the two.
    for text in allowed - had:
        middle = float(text) * unit
        steps = np.arange(n * items, 5 * n * items + 1) / (n * items) * unit
        assert np.isclose(np.abs(steps - middle), 0.5).any(), text
    assert had <= allowed


@pytest.mark.parametrize(("n", "items"), [(4, 1), (4, 2), (5, 1)])
@pytest.mark.parametrize("decimals", [1, 2, 3])
def test_no_answers_are_called_impossible(n, items, decimals):
    scores = every_score(n, items, 1, 5)
    pairs = {
        (f"{mean:.{decimals}f}", f"{sd:.{decimals}f}")
        for mean, sd in zip(scores.mean(axis=1), scores.std(axis=1, ddof=1), strict=True)
    }
    score = Score(n, items, 1, 5, "means")
    for mean, sd in pairs:
        assert can_have(Printed.parse(mean), Printed.parse(sd), score), (mean, sd)


def test_the_largest_deviation_is_attained_with_half_the_answers_at_each_end():
    # By hand: five answers of 1 and five of 7 have mean 4 and SD sqrt(10 * 9 / 9).
    score = Score(10, 1, 1, 7, "means")
    assert largest_deviation(Printed.parse("4.00"), score) == pytest.approx(np.sqrt(10))
    x = np.repeat([1.0, 7.0], 5)
    assert x.std(ddof=1) == pytest.approx(np.sqrt(10))
    assert can_have(Printed.parse("4.00"), Printed.parse("3.16"), score)
    assert not can_have(Printed.parse("4.00"), Printed.parse("3.18"), score)
    # S = 160 + 9 * 3.20^2 = 252.2, and 252 is as even as the total: only the scale speaks against.
    assert not can_have(Printed.parse("4.00"), Printed.parse("3.20"), score)


def test_a_deviation_that_is_the_largest_and_a_tie_is_allowed():
    # 0, 0, 0, 1: mean 1/4, which prints as 0.2 or 0.3, and SD sqrt(1/4 3/4 4/3) = 1/2, as 0 or 1.
    assert can_have(Printed.parse("0.2"), Printed.parse("1"), Score(4, 1, 0, 1, "means"))


def test_totals_end_with_the_scale():
    # From 4.5 to 5.5 lie totals of two answers from 9 to 11, and 10 is the most.
    assert list(totals_of(Printed.parse("5"), Score(2, 1, 1, 5, "means"))) == [9, 10]
    assert list(totals_of(Printed.parse("1"), Score(2, 1, 1, 5, "means"))) == [2, 3]


def judged(**cells: str):
    """Verdicts on a construct of one item that 20 people answered from 1 to 7."""
    study = next(s for seed in range(200) if (s := checked_study(seed, n=20, constructs=2)))
    scale = study.scale.model_copy(update={"min": 1, "max": 7})
    study = with_construct(study.model_copy(update={"scale": scale}), "x0", **cells)
    one = study.constructs["x0"].model_copy(update={"items": 1, "alpha": None})
    study = study.model_copy(update={"constructs": {"x0": one}})
    return {row.column: row for row in judge(Record("made_up", study))}


def test_brown_and_heathers_example_is_impossible():
    # Brown and Heathers (2017): a mean of 5.19 of 28 whole answers; here of 20: multiples of .05.
    rows = judged(mean="5.19", sd="1.00")
    assert rows["mean"].verdict == IMPOSSIBLE
    assert (rows["mean"].low, rows["mean"].high) == (5.15, 5.20)
    assert rows["mean"].because.endswith("the nearest are 5.15 and 5.2")
    assert rows["mean"].cause == "last digit: 5.20"
    assert rows["sd"].verdict == NOT_CHECKABLE
    # 104 / 20, and no other total.
    mean = judged(mean="5.20", sd="1.28")["mean"]
    assert (mean.verdict, mean.low, mean.high) == (WITHIN_ROUNDING, 5.2, 5.2)


def test_a_variable_with_respondents_of_its_own_is_held_against_their_number():
    # Of 20 whole answers a mean is a multiple of .05, of 21 of 1/21: 109 / 21 = 5.190.
    study = next(s for seed in range(200) if (s := checked_study(seed, n=20, constructs=2)))
    scale = study.scale.model_copy(update={"min": 1, "max": 7})
    study = with_construct(study.model_copy(update={"scale": scale}), "x0", mean="5.19")
    own = study.constructs["x0"].model_copy(update={"items": 1, "alpha": None, "sd": None, "n": 21})
    study = study.model_copy(update={"constructs": {"x0": own}})
    (mean,) = judge(Record("made_up", study))
    assert mean.verdict == WITHIN_ROUNDING


def test_a_deviation_beyond_the_scale_is_impossible():
    # Mean 6.5 of answers up to 7: at most sqrt(.5 * 5.5 * 20 / 19) = 1.70.
    row = judged(mean="6.50", sd="2.30")["sd"]
    assert row.verdict == IMPOSSIBLE
    assert row.high == pytest.approx(1.705, abs=0.02)
    assert row.because.endswith(f"it is beyond {row.high:.4g}, the most that the scale allows")


def test_sums_of_items_are_taken_for_sums():
    study = next(s for seed in range(200) if (s := checked_study(seed, n=20, constructs=2)))
    scale = study.scale.model_copy(update={"min": 1, "max": 7})
    study = with_construct(study.model_copy(update={"scale": scale}), "x0", mean="14.35", sd="3.1")
    four = study.constructs["x0"].model_copy(update={"items": 4, "alpha": None})
    study = study.model_copy(update={"constructs": {"x0": four}})
    rows = {row.column: row for row in judge(Record("made_up", study))}
    assert "sums" in rows["mean"].because
    assert rows["mean"].verdict == WITHIN_ROUNDING
    study = with_construct(study, "x0", mean="14.37")
    rows = {row.column: row for row in judge(Record("made_up", study))}
    assert rows["mean"].verdict == IMPOSSIBLE


def judged_without_items(low: int, high: int, **cells: str):
    """Verdicts on a construct of an unknown number of items that 20 people answered."""
    study = next(s for seed in range(200) if (s := checked_study(seed, n=20, constructs=2)))
    scale = study.scale.model_copy(update={"min": low, "max": high})
    study = with_construct(study.model_copy(update={"scale": scale}), "x0", **cells)
    some = study.constructs["x0"].model_copy(update={"items": None, "alpha": None})
    study = study.model_copy(update={"constructs": {"x0": some}})
    return {row.column: row for row in judge(Record("made_up", study))}


@pytest.mark.parametrize(
    ("low", "high", "mean", "expected"),
    [
        (1, 7, "0.50", IMPOSSIBLE),
        (1, 7, "0.994", IMPOSSIBLE),
        # Rounds from 0.995, which is no mean, to 1.005, and 1 is one.
        (1, 7, "1.00", NOT_CHECKABLE),
        (1, 7, "1.0", NOT_CHECKABLE),
        # Any integer up to 1 may be meant.
        (1, 7, "1", NOT_CHECKABLE),
        # The sum of two items can be that much.
        (1, 7, "8.00", NOT_CHECKABLE),
        # Between sums of one item, up to 6, and of two, from 10 on.
        (5, 6, "8.00", IMPOSSIBLE),
        (0, 4, "-0.20", IMPOSSIBLE),
        (-3, 3, "-7.00", NOT_CHECKABLE),
        (-5, -1, "0.40", IMPOSSIBLE),
    ],
)
def test_a_mean_that_no_number_of_items_has_is_impossible(low, high, mean, expected):
    row = judged_without_items(low, high, mean=mean)["mean"]
    assert row.verdict == expected
    assert ("any number of items" in row.because) == (expected == IMPOSSIBLE)
    assert (row.needs == "the number of items") == (expected == NOT_CHECKABLE)


def test_a_deviation_that_no_number_of_items_has_is_impossible():
    # By hand, for a mean of 4 of 20 people: one item allows a variance of 3 * 3 * 20 / 19, a sum of
    # two (14 - 4)(4 - 2) = 20 in place of 9 and so a deviation of 4.588, of three (21 - 4)(4 - 3) =
    # 17, and four items have their least sum there. To 4.0005 a little more, 4.589.
    x = np.repeat([14.0, 2.0], [1, 5])
    assert x.mean() == 4
    assert x.var(ddof=0) == pytest.approx(20)
    assert judged_without_items(1, 7, mean="4.000", sd="4.58")["sd"].verdict == NOT_CHECKABLE
    row = judged_without_items(1, 7, mean="4.000", sd="4.60")["sd"]
    assert (row.verdict, row.low) == (IMPOSSIBLE, 0)
    assert row.high == pytest.approx(np.sqrt(20 * 20 / 19), abs=1e-3)
    assert "beyond 4.589" in row.because


def test_a_deviation_beside_an_impossible_mean_is_not_checkable():
    row = judged_without_items(1, 7, mean="0.50", sd="9.00")["sd"]
    assert (row.verdict, row.needs) == (NOT_CHECKABLE, "a mean that answers can have")


def test_without_a_scale_no_mean_is_impossible():
    study = next(s for seed in range(200) if (s := checked_study(seed, n=20, constructs=2)))
    study = with_construct(study, "x0", mean="0.50", sd="99.0")
    some = study.constructs["x0"].model_copy(update={"items": None, "unit": "years"})
    study = study.model_copy(update={"constructs": {"x0": some}})
    rows = list(judge(Record("made_up", study)))
    assert [row.verdict for row in rows] == [NOT_CHECKABLE, NOT_CHECKABLE]
