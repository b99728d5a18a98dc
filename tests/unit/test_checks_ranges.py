"""Numbers that no data have, whatever else is printed."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from checked_studies import checked_study, with_cell, with_construct
from hypothesis import given, settings
from hypothesis import strategies as st
from test_checks_contract import assert_never_silent

from retrace.checks import check_paper
from retrace.checks.finding import READING
from retrace.checks.ranges import judge
from retrace.checks.rows import judge as rows_check
from retrace.checks.shared.limits import within
from retrace.checks.shared.record import Record
from retrace.papers import read_paper
from retrace.papers.study import Impossible, Study
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import IMPOSSIBLE, NOT_CHECKABLE, WITHIN_ROUNDING

PAPER = Path(__file__).parents[2] / "resources/papers/magni2022"


@pytest.fixture(scope="module")
def honest():
    return next(s for seed in range(99) if (s := checked_study(seed, n=40, constructs=3)))


def rows_of(study):
    return list(judge(Record(study.paper, study)))


def test_numbers_of_data_are_in_their_ranges(honest):
    (row,) = rows_of(honest)
    assert row.verdict == WITHIN_ROUNDING
    # r, sd, alpha; se, p, VIF, tolerance of two terms, se and p of the constant; R2, F and so on.
    alphas = sum(construct.alpha is not None for construct in honest.constructs.values())
    count = 3 + 3 + alphas + 2 * 4 + 2 + 4
    assert row.because == f"{count} of {count} numbers are in their range"


@pytest.mark.parametrize(
    ("statistic", "wrong", "cause"),
    [
        ("p", "1.20", "decimal point: 0.120"),
        ("p", "-0.03", "sign: 0.03"),
        ("p", ">1.1", "decimal point: >0.11"),
        ("vif", "0.84", "decimal point: 8.4"),
        ("se", "-0.11", "sign: 0.11"),
        ("tolerance", "8.1", "decimal point: 0.81"),
    ],
)
def test_a_number_out_of_range_is_impossible(honest, statistic, wrong, cause):
    found, _ = rows_of(with_cell(honest, "m", "x0", **{statistic: wrong}))
    assert (found.where, found.row, found.column) == ("tables/regression.csv", "x0", statistic)
    assert (found.verdict, found.cause) == (IMPOSSIBLE, cause)


def test_numbers_in_their_range_are_counted_beside_those_that_are_not(honest):
    _, counted = rows_of(with_cell(honest, "m", "x0", p="1.20"))
    assert counted.verdict == WITHIN_ROUNDING
    assert re.fullmatch(r"the other \d+ of \d+ numbers are in their range", counted.because)
    of_none = honest.model_copy(update={"correlations": [], "models": {}, "beside": []})
    one = honest.constructs["x0"].model_copy(update={"alpha": None})
    study = with_construct(of_none.model_copy(update={"constructs": {"x0": one}}), "x0", sd="-1.00")
    _, counted = rows_of(study)
    assert counted.verdict == NOT_CHECKABLE
    assert counted.because == "no number is in its range; each has a row of its own"


@pytest.mark.parametrize(
    ("statistic", "edge"),
    [("p", "1.00"), ("p", "<0.001"), ("p", "0.00"), ("vif", "1.0"), ("vif", "0.9996"), ("se", "0")],
)
def test_ends_belong_to_the_range_as_far_as_rounding_reaches(honest, statistic, edge):
    rows = rows_of(with_cell(honest, "m", "x0", **{statistic: edge}))
    assert (len(rows) == 2) == (edge == "0.9996")


@pytest.mark.parametrize(
    ("statistics", "inside", "outside"),
    [
        (["r"], ["-1.00", "0.00", "1.00"], ["-1.01", "1.01"]),
        (["p", "f_p", "r2", "tolerance"], ["0.00", "1.00"], ["-0.01", "1.01"]),
        (["vif"], ["1.00", "250.00"], ["0.99"]),
        (["sd", "se", "f"], ["0.00", "250.00"], ["-0.01"]),
        (["durbin_watson"], ["0.00", "4.00"], ["-0.01", "4.01"]),
        (["alpha", "adjusted_r2"], ["-3.00", "1.00"], ["1.01"]),
    ],
)
def test_ranges_are_those_of_the_definitions(statistics, inside, outside):
    for statistic in statistics:
        assert all(within(Printed.parse(text), statistic) for text in inside)
        assert not any(within(Printed.parse(text), statistic) for text in outside)


def test_alpha_may_be_negative_and_not_above_one(honest):
    name = next(n for n, construct in honest.constructs.items() if construct.alpha)
    assert len(rows_of(with_construct(honest, name, alpha="-0.40"))) == 1
    assert len(rows_of(with_construct(honest, name, alpha="1.20"))) == 2


def test_what_rests_on_a_negative_deviation_is_not_checkable(honest):
    study = with_construct(honest, "x1", sd="-1.00")
    assert [row.column for row in rows_of(study)][:-1] == ["sd"]
    verdicts = {
        (row.row, row.column): row.verdict
        for row in check_paper(Record("made_up", study))
        if row.check == "regressions"
    }
    for place in (("x1", "b"), ("x1", "se"), ("(constant)", "ci_high")):
        assert verdicts[place] == NOT_CHECKABLE
    assert verdicts["x0", "b"] != NOT_CHECKABLE


ODD = ("0", "-1", "1.2", "<0.001", ">0.05", "0.00", "999999999", "-1.00", "0.0000000001", "12.5%")
ODD += ("3.5**", "≤0.05", "-0.3", "123456789012345678901234567890")


def oddly_printed(study: Study, rng: np.random.Generator) -> Study:
    """Some cells of a study as no honest paper prints them."""
    content = study.model_dump(mode="json") | {"stand_in": []}
    regression = content["models"]["m"]
    for _ in range(rng.integers(1, 5)):
        text = str(rng.choice(ODD))
        match rng.integers(4):
            case 0:
                cells = content["correlations"]
                cells[rng.integers(len(cells))][2] = text
            case 1:
                names = ["mean", "sd", "alpha", "skewness", "kurtosis"]
                construct = content["constructs"][str(rng.choice(list(content["constructs"])))]
                construct[str(rng.choice(names))] = text
            case 2:
                row = regression["reported"][str(rng.choice(list(regression["reported"])))]
                row[str(rng.choice(list(row)))] = text
            case 3:
                names = ["r2", "adjusted_r2", "f", "f_p", "durbin_watson"]
                regression[str(rng.choice(names))] = text
    return Study.model_validate(content)


@settings(deadline=None, max_examples=3)
@given(seed=st.integers(0, 2**31))
def test_whatever_is_printed_is_judged_and_nothing_fails(seed):
    study = checked_study(seed % 40, constructs=3)
    if study is not None:
        assert_never_silent(oddly_printed(study, np.random.default_rng(seed)))


def test_a_number_of_many_digits_is_no_trouble(honest):
    study = with_construct(honest, "x0", sd="-1234567890123456789012345678")
    found, _ = rows_of(study)
    assert found.cause == "sign: 1234567890123456789012345678"
    assert Printed.parse(found.printed).decimals == 0


def paper_with(tmp_path, table: str, old: str, new: str):
    folder = tmp_path / "magni2022"
    shutil.copytree(PAPER, folder)
    text = (folder / table).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / table).write_text(text.replace(old, new), encoding="utf-8")
    return read_paper(folder).study


def test_what_reading_set_aside_has_its_address_and_cause_and_is_counted(tmp_path):
    study = paper_with(tmp_path, "tables/table4.csv", "0.067", "1.67")
    rows = check_paper(Record("magni2022", study))
    (aside,) = [row for row in rows if row.check == READING]
    assert (aside.where, aside.verdict) == ("tables/table4.csv", IMPOSSIBLE)
    assert {aside.row, aside.column} == {"economic", "market"}
    assert aside.cause == "decimal point: 0.167"
    (counted,) = [row for row in rows if row.check == "ranges"]
    within, of = map(int, re.findall(r"\d+", counted.because))
    assert of == within + 1


def test_stars_that_were_set_aside_with_their_number_are_not_missed(tmp_path):
    study = paper_with(tmp_path, "tables/table5.csv", "0.015**", "1.015**")
    rows = check_paper(Record("magni2022", study))
    judged = {row.row for row in rows if row.check == "stars" and row.where == "tables/table5.csv"}
    assert judged == {"market", "economic", "risk"}


def test_a_p_that_was_set_aside_is_not_asked_for_again(honest):
    aside = Impossible(
        file="tables/regression.csv",
        place="line 2, column p",
        statistic="p",
        model="m",
        row="x0",
        column="p",
        printed="1.015",
        why="p 1.015 is outside [0, 1]",
    )
    model = honest.models["m"]
    left = {"x0": {"b": Printed.parse("0.20")}}
    fields = dict.fromkeys(("r2", "adjusted_r2", "f", "f_p"))
    bare = model.model_copy(update={"reported": left, **fields})
    study = honest.model_copy(update={"models": {"m": bare}, "impossible": [aside]})
    rows = [row for row in rows_check(Record("made_up", study)) if row.row == "x0"]
    assert [(row.verdict, row.needs) for row in rows] == [(NOT_CHECKABLE, "p as data can have")]
    assert rows[0].because.endswith("without p, impossible as printed")


def test_what_rests_on_an_impossible_correlation_says_so_and_not_that_nothing_is_printed(tmp_path):
    study = paper_with(tmp_path, "tables/table4.csv", "0.067", "1.67")
    rows = check_paper(Record("magni2022", study))
    rest = [row for row in rows if row.check == "regressions" and row.column in ("t", "p", "vif")]
    assert all("outside [-1, 1]" in row.because for row in rest)
    # VIF has a lower bound whatever that correlation is; t and p are open.
    assert {row.verdict for row in rest if row.column == "vif"} == {WITHIN_ROUNDING}
    others = [row for row in rest if row.column != "vif"]
    assert {(row.verdict, row.needs) for row in others} == {
        (NOT_CHECKABLE, "correlation of market and economic")
    }
