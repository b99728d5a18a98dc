"""What is assumed is varied, what is printed is not, and what cannot be is said to."""

import pytest
from assumed_studies import assuming_for_all, magni_study, printing

from retrace.assumptions.assumed import assuming, combinations
from retrace.papers.study import Assumed, Scale
from retrace.printed.numbers import Printed
from retrace.synthetic.from_study import likert_target

NAMES = ["customer", "market", "economic", "risk", "readiness"]


@pytest.fixture(scope="module")
def study():
    return magni_study()


def labels(study):
    return [tuple(combination.labels.values()) for combination in combinations(study)]


def stated(study, kind):
    return [study.statistic(name, kind)[0] for name in study.names]


def test_means_of_3_to_5_and_1_to_5_items_are_crossed_and_sds_varied_beside(study):
    grid = {(mean, "1", items) for mean in "345" for items in "12345"}
    sds = {(mean, sd, "4") for mean in "345" for sd in ("0.8", "1.3")}
    assert set(labels(study)) == grid | sds
    assert len(labels(study)) == 21


def test_the_studys_own_assumptions_are_one_of_the_combinations(study):
    own = [combination for combination in combinations(study) if combination.own]
    assert [tuple(c.labels.values()) for c in own] == [("4", "1", "4")]
    other = assuming_for_all(study, mean="4.40", items=6)
    own = [combination for combination in combinations(other) if combination.own]
    assert [tuple(c.labels.values()) for c in own] == [("4.4", "1", "6")]
    assert len(combinations(other)) == 22


def test_means_are_a_third_half_and_two_thirds_of_any_scale(study):
    five = study.model_copy(update={"scale": Scale(min=1, max=5)})
    # 1 + 4/3, 1 + 4/2, 1 + 8/3; and 4, which the study assumes.
    assert {mean for mean, _, _ in labels(five)} == {"2.33", "3", "3.67", "4"}


def test_nothing_that_a_study_prints_is_varied(study):
    printed = printing(study, **{name: {"mean": "4.12", "items": 3} for name in NAMES})
    assert labels(printed) == [("printed", sd, "printed") for sd in ("1", "0.8", "1.3")]
    for combination in combinations(printed):
        assert [str(mean) for mean in stated(combination.study, "mean")] == ["4.12"] * 5
        assert stated(combination.study, "items") == [3] * 5
        target = likert_target(combination.study)
        assert target.items == (3,) * 5
        assert [str(mean) for mean in target.means] == ["4.12"] * 5


def test_a_study_that_prints_everything_has_one_combination(study):
    cells = {"mean": "4.12", "sd": "1.05", "items": 3}
    [only] = combinations(printing(study, **dict.fromkeys(NAMES, cells)))
    assert only.own
    assert set(only.labels.values()) == {"printed"}


def test_one_constructs_printed_numbers_stay_while_the_others_vary(study):
    printed = printing(study, risk={"mean": "4.12", "sd": "1.31", "items": 6})
    for combination in combinations(printed):
        mean, sd, items = (stated(combination.study, kind)[3] for kind in ("mean", "sd", "items"))
        assert (str(mean), str(sd), items) == ("4.12", "1.31", 6)
    assert len(combinations(printed)) == 21


def test_exceptions_of_single_constructs_are_varied_from_what_they_are(study):
    own = {"risk": Assumed(mean=Printed.parse("5.00"), sd=Printed.parse("1.50"))}
    mixed = assuming_for_all(study, constructs=own)
    assert ("4 to 5", "1 to 1.5", "4") in labels(mixed)
    wider = assuming(mixed, sd=0.8)
    assert [sd.value for sd in stated(wider, "sd")] == [0.8, 0.8, 0.8, 1.2, 0.8]


def test_other_assumptions_change_nothing_but_assumptions(study):
    other = assuming(study, mean=3.0, sd=1.3, items=2)
    kept = {"assumptions": None}
    assert other.model_copy(update=kept) == study.model_copy(update=kept)
    assert stated(other, "alpha") == stated(study, "alpha")
    assert assuming(study).assumptions.scale == study.assumptions.scale


def test_an_sd_beyond_the_scale_is_refused_where_it_cannot_be(study):
    # No scores on [1, 7] of mean m have a variance above (m - 1)(7 - m) (Bhatia and Davis 2000),
    # save for n / (n - 1): SDs of 2.86 are beyond means of 3 and 5, and not beyond 4.
    wide = assuming_for_all(study, sd="2.2", alpha=None)
    problems = {tuple(c.labels.values()): c.problem for c in combinations(wide)}
    assert "SD of customer" in problems["3", "2.86", "4"]
    assert "SD of customer" in problems["5", "2.86", "4"]
    assert "SD of" not in problems["4", "2.86", "4"]
    assert problems["4", "2.2", "4"] == ""


def test_one_item_is_refused_where_an_alpha_is_printed(study):
    printed = printing(study, risk={"alpha": "0.85"})
    problems = {c.labels["items"]: c.problem for c in combinations(printed)}
    assert problems["1"].startswith("alpha of risk is printed")
    assert problems["4"] == ""
