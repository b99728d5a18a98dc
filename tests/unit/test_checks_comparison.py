"""Verdicts on printed numbers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judged_tables import compare, relations_of
from regression_examples import TABLE_4, magni_model, printed_model
from simulated_studies import hard_study, honest_study, wrong_stars

from retrace.checks.regression import comparison
from retrace.checks.regression.comparison import judge_numbers
from retrace.checks.regression.recomputed import recompute
from retrace.checks.regression.tables import ONE_SIDED, Compared, Missing
from retrace.matrices.rounding_box import NoMatrixError
from retrace.printed.numbers import Printed
from retrace.printed.reported import belongs_to_b
from retrace.printed.verdicts import (
    CONTRADICTED,
    NOT_CHECKABLE,
    REPRODUCED,
    VERDICTS,
    WITHIN_ROUNDING,
)


def verdicts(model):
    frame, *_ = compare(model)
    return frame.set_index(["term", "statistic"])["verdict"]


def test_every_checkable_number_of_table_5_follows_from_table_4():
    # By hand: a number is reproduced where the value from Table 4 at face value rounds to it.
    expected = {
        ("customer", "t"): WITHIN_ROUNDING,  # 2.460 against 2.451
        ("customer", "p"): WITHIN_ROUNDING,  # 0.0145 against 0.015
        ("customer", "vif"): REPRODUCED,
        ("market", "t"): WITHIN_ROUNDING,  # 1.951 against 1.950
        ("market", "p"): REPRODUCED,
        ("market", "vif"): REPRODUCED,
        ("economic", "t"): WITHIN_ROUNDING,  # 1.958 against 1.968
        ("economic", "p"): WITHIN_ROUNDING,  # 0.0512 against 0.050
        ("economic", "vif"): REPRODUCED,
        ("risk", "t"): WITHIN_ROUNDING,  # -2.565 against -2.566
        ("risk", "p"): REPRODUCED,
        ("risk", "vif"): WITHIN_ROUNDING,  # 1.2446 against 1.244
        ("(model)", "durbin_watson"): NOT_CHECKABLE,
    }
    found = verdicts(magni_model())
    for key, word in expected.items():
        assert found[key] == word, key
    assert (found.xs("b", level="statistic") == NOT_CHECKABLE).all()


def test_the_table_has_the_columns_and_words_of_the_contract():
    columns = ["model", "term", "statistic", "printed", "recomputed", "low", "high", "verdict"]
    assert list(Compared._fields) == columns
    frame, missing, _ = compare(magni_model())
    assert list(frame.columns) == columns
    assert frame.printed.tolist()[:4] == ["0.182", "2.451", "0.015**", "1.234"]
    assert (
        *("reproduced", "within rounding", "contradicted", "impossible", "not checkable"),
    ) == VERDICTS
    lacking = missing.set_index(["term", "statistic"])["missing"]
    assert lacking["customer", "b"] == "standard deviations of customer and readiness"
    assert len(missing) == (frame.verdict == NOT_CHECKABLE).sum() == 5


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        (("customer", "t"), "2.541"),  # digits exchanged
        (("customer", "t"), "-2.451"),  # sign
        (("market", "p"), "0.520*"),  # decimal point
        (("risk", "vif"), "1.027"),  # another row's
        (("customer", "b"), "-0.182"),  # the sign of B needs no standard deviation
        (("risk", "p"), "<0.001"),
    ],
)
def test_an_error_in_one_cell_is_contradicted_and_only_there(cell, wrong):
    found = verdicts(magni_model({cell: wrong}))
    assert found[found == CONTRADICTED].index.tolist() == [cell]


def test_another_sample_size_contradicts_the_tests_but_not_the_inflation_factors():
    found = verdicts(magni_model(n=200))
    assert (found.xs("t", level="statistic") == CONTRADICTED).all()
    assert (found.xs("vif", level="statistic") != CONTRADICTED).all()


def test_a_bound_on_p_is_met_by_what_lies_below_it():
    assert verdicts(magni_model({("risk", "p"): "<0.05"}))["risk", "p"] == REPRODUCED


def test_coarser_printing_is_never_contradicted():
    # The same study printed with fewer decimals: rounding once more cannot turn it false.
    for decimals in (1, 2):
        cells = {
            pair: Printed.parse(f"{float(text.strip('*')):.{decimals}f}")
            for pair, text in TABLE_4.items()
        }
        found = verdicts(magni_model(correlations=cells))
        assert (found != CONTRADICTED).all()


def test_printed_standard_deviations_make_b_checkable():
    # b = r SD(y) / SD(x) for one predictor: 0.50 * 1.20 / 0.80 = 0.75; se = 0.75 / t.
    t = 0.5 * np.sqrt(98 / 0.75)
    reported = {"x": {"b": Printed.parse("0.75"), "se": Printed.parse(f"{0.75 / t:.2f}")}}
    sds = {"x": Printed.parse("0.80"), "y": Printed.parse("1.20")}
    model = printed_model(
        "m", "y", ["x"], 100, {("y", "x"): Printed.parse("0.50")}, reported, sds=sds
    )
    frame, missing, _ = compare(model)
    assert frame.verdict.tolist() == [REPRODUCED, REPRODUCED]
    assert missing.empty
    # The extremes by algebra: r and SDs at the ends of their intervals.
    assert frame.low[0] == pytest.approx(0.495 * 1.195 / 0.805)
    assert frame.high[0] == pytest.approx(0.505 * 1.205 / 0.795)


def test_the_statistics_of_the_whole_model_are_compared():
    model = magni_model()
    for name, text, word in (
        ("r2", "0.053", REPRODUCED),
        ("adjusted_r2", "0.040", REPRODUCED),
        ("f", "4.13", REPRODUCED),
        ("f", "4.16", WITHIN_ROUNDING),
        ("f", "4.31", CONTRADICTED),
    ):
        whole = printed_model(
            "full", "readiness", model.predictors, 300, _cells(), {}, {name: Printed.parse(text)}
        )
        assert verdicts(whole)["(model)", name] == word, text


def _cells():
    return {pair: Printed.parse(text) for pair, text in TABLE_4.items()}


def test_a_correlation_that_is_not_printed_leaves_a_model_of_other_data_unchecked():
    cells = _cells()
    del cells["risk", "market"]
    reported = {"risk": {"t": Printed.parse("-2.566")}}
    model = printed_model(
        "full", "readiness", ["customer", "market", "economic", "risk"], 300, cells, reported
    )
    frame, missing, envelopes = compare(replace(model, completable=False))
    assert frame.verdict.tolist() == [NOT_CHECKABLE]
    assert missing.missing.tolist() == ["correlation of market and risk"]
    assert envelopes.empty


def test_cells_may_be_given_as_text():
    def model(read):
        cells = {pair: read(text) for pair, text in {("y", "x"): "0.50"}.items()}
        reported = {"x": {"b": read("0.75"), "t": read("5.72***")}, "(constant)": {"b": read("1")}}
        moments = [{"x": read("0.80"), "y": read(text)} for text in ("1.0", "1.20")]
        return printed_model("m", "y", ["x"], 100, cells, reported, {"r2": read(".25")}, *moments)

    for found, expected in zip(compare(model(str)), compare(model(Printed.parse)), strict=True):
        pd.testing.assert_frame_equal(found, expected)
    assert model(str).sds == model(Printed.parse).sds


@pytest.mark.parametrize(
    ("where", "cell", "message"),
    [
        (0, 0.5, r"model m: y and x: 0\.5 is a float; a printed number is a string"),
        (0, "0,5", r"model m: y and x: '0,5' is not a printed number .* behind a point"),
        (1, 2, "model m, x: t: 2 is a int"),
        (1, "n.s.", r"model m, x: t: 'n\.s\.' is not a printed number"),
        (2, None, "model m: r2: None is a NoneType"),
        (3, "", "model m: x: '' is not a printed number"),
        (4, True, "model m: x: True is a bool"),
    ],
)
def test_a_cell_that_is_no_printed_number_is_refused_by_its_place(where, cell, message):
    tables = [{("y", "x"): "0.5"}, {"x": {"t": "2.0"}}, {"r2": "0.2"}, {"x": "1.0"}, {"x": "1.0"}]
    place = next(iter(tables[where]))
    tables[where][place] = {"t": cell} if where == 1 else cell
    with pytest.raises(ValueError, match=message):
        printed_model("m", "y", ["x"], 100, *tables)


def test_numbers_from_an_impossible_table_are_contradicted():
    cells = {
        ("b", "a"): Printed.parse("0.90"),
        ("y", "a"): Printed.parse("0.90"),
        ("y", "b"): Printed.parse("-0.90"),
    }
    row = {"a": {"t": Printed.parse("2.0")}}
    model = printed_model("m", "y", ["a", "b"], 50, cells, row, {"durbin_watson": "2.01"})
    # No correlation says anything of the order of observations.
    assert verdicts(model).tolist() == [CONTRADICTED, NOT_CHECKABLE]


def test_where_no_matrix_is_found_and_none_disproven_nothing_is_contradicted(monkeypatch):
    def not_found(model, level):
        raise NoMatrixError

    monkeypatch.setattr(comparison, "recompute", not_found)
    frame, missing, _ = compare(magni_model())
    assert set(frame.verdict) == {NOT_CHECKABLE}
    assert missing.missing.str.contains("neither was found").sum() == 12  # of 17: t, p and VIF


@pytest.mark.parametrize(
    ("row", "of_b"),
    [({"se"}, True), ({"b", "se"}, True), ({"beta", "se"}, False), ({"b", "beta", "se"}, True)],
)
def test_an_error_is_that_of_b_but_where_beta_stands_alone(row, of_b):
    assert belongs_to_b(row) == of_b


@pytest.mark.parametrize(
    ("reported", "message"),
    [
        ({"trust": {}}, "trust is reported but is no predictor"),
        ({"x": {"tt": Printed.parse("1")}}, "unknown statistic tt"),
    ],
)
def test_reported_numbers_must_belong_to_the_model(reported, message):
    with pytest.raises(ValueError, match=message):
        printed_model("m", "y", ["x"], 100, {("y", "x"): Printed.parse("0.5")}, reported)


def test_a_coefficient_of_exactly_zero_implies_no_sd_ratio():
    model = printed_model(
        "m",
        "y",
        ["x"],
        100,
        {("y", "x"): Printed.parse("0.00")},
        {"x": {"b": Printed.parse("0.01")}},
    )
    frame, missing, envelopes = compare(model)
    assert frame.verdict.tolist() == [NOT_CHECKABLE]
    ratio = envelopes.set_index("statistic").loc["sd_ratio"]
    assert np.isnan(ratio.recomputed)
    # b of 0.005 at least takes a beta above 0, of 0.005 at most.
    assert (ratio.safe_low, ratio.safe_high) == (pytest.approx(1.0), np.inf)
    assert len(missing) == 1


def test_a_standard_deviation_that_prints_as_zero_allows_any_larger_b():
    # b = r SD(y) / SD(x) with SD(x) at most 0.05 is at least 0.25 * 0.95 / 0.05 = 4.75.
    def verdict_on(b):
        model = printed_model(
            "m",
            "y",
            ["x"],
            100,
            {("y", "x"): Printed.parse("0.3")},
            {"x": {"b": Printed.parse(b)}},
            sds={"x": Printed.parse("0.0"), "y": Printed.parse("1.0")},
        )
        return compare(model)[0].verdict.tolist()

    assert verdict_on("40.0") == [WITHIN_ROUNDING]
    assert verdict_on("4.0") == [CONTRADICTED]


@pytest.mark.parametrize("simulated", [honest_study, hard_study])
@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 2**31))
def test_an_honest_table_is_never_called_wrong(simulated, seed):
    # Computed from raw data and printed with 1 to 3 decimals; benchmarks/detection has thousands.
    study = simulated(seed)
    if study is None:
        return
    model, correlations = study
    comparison, *_ = compare(model)
    wrong = comparison[comparison.verdict == CONTRADICTED]
    assert wrong.empty, wrong.to_string()
    relations = relations_of(model)
    wrong = relations[(relations.reading != ONE_SIDED) & (relations.verdict == CONTRADICTED)]
    assert wrong.empty, wrong.to_string()
    assert wrong_stars(model, correlations) == 0


def one_sided(changed=None):
    """Table 5 with one-sided p, half of what its t of 2.451, 1.950, 1.968 and -2.566 have by R's
    2 pt(-|t|, 295): 0.01482, 0.05212, 0.05000, 0.01078."""
    halves = {"customer": "0.007", "market": "0.026", "economic": "0.025", "risk": "0.005"}
    return magni_model({(term, "p"): p for term, p in halves.items()} | (changed or {}))


def test_one_sided_p_values_are_told_as_such():
    found = verdicts(one_sided())
    for term in ("customer", "market", "economic", "risk"):
        assert (term, "p") not in found.index
        assert found[term, "p_one_sided"] in (REPRODUCED, WITHIN_ROUNDING)


def test_a_p_that_fits_neither_test_is_contradicted():
    found = verdicts(one_sided({("risk", "p"): "0.020"}))
    assert found["risk", "p"] == CONTRADICTED
    assert found["market", "p_one_sided"] == REPRODUCED


def test_a_table_of_one_sided_p_values_is_feasible_once_read_so():
    from retrace.checks.regression.feasibility import feasibility_record, joint_feasibility

    model = one_sided()
    assert joint_feasibility(model).status == "infeasible"
    record = feasibility_record(model, list(model.predictors))
    assert (record["status"], record["one_sided_p"]) == ("feasible", list(model.predictors))
    for term, text in (("customer", 0.007), ("market", 0.026), ("risk", 0.005)):
        assert record["gives"][term]["p"] / 2 == pytest.approx(text, abs=0.0005)


def test_limits_of_one_predictor_are_those_of_algebra():
    # beta = r from 0.45 to 0.55, and se = sqrt((1 - r^2) / 100); t(100) = 1.983972.
    row = {"beta": Printed.parse("0.5"), "se": Printed.parse("0.1")}
    model = printed_model("m", "y", ["x"], 102, {("y", "x"): Printed.parse("0.5")}, {"x": row})
    found = recompute(model)

    def se(r):
        return np.sqrt((1 - r**2) / 100)

    for name, reach in (("ci_low", -1.983972), ("ci_high", 1.983972)):
        limit = found["x", name]
        assert limit.value == pytest.approx(0.5 + reach * se(0.5), rel=1e-6)
        assert limit.tight == pytest.approx([r + reach * se(r) for r in (0.45, 0.55)], rel=1e-6)
        # The safe ones take both parts at their ends, which are not extreme at once.
        least, most = sorted(reach * se(r) for r in (0.45, 0.55))
        assert limit.safe == pytest.approx((0.45 + least, 0.55 + most), rel=1e-6)
    at_90 = recompute(model, 0.90)["x", "ci_high"].value
    assert at_90 == pytest.approx(0.5 + 1.660234 * se(0.5), rel=1e-6)
    assert found["x", "t"].tight == pytest.approx([r / se(r) for r in (0.45, 0.55)])
    assert found["x", "se"].tight == pytest.approx([se(r) for r in (0.55, 0.45)])
    assert found["x", "tolerance"].safe == pytest.approx((1.0, 1.0))
    f = found["(model)", "f"]
    assert f.tight == pytest.approx([(r / se(r)) ** 2 for r in (0.45, 0.55)])
    assert found["(model)", "adjusted_r2"].value == pytest.approx(1 - 0.75 * 101 / 100)
    # F of one predictor is t^2, and so is its p.
    assert found["(model)", "f_p"].tight == pytest.approx(found["x", "p"].tight, rel=1e-6)
    assert found["(model)", "f_p"].value == pytest.approx(found["x", "p"].value)


def test_an_r2_of_one_has_no_end_of_f():
    # r prints as 1.0: R2 from 0.9025 to 1.
    cells = {("y", "x"): Printed.parse("1.0")}
    found = recompute(printed_model("m", "y", ["x"], 102, cells))
    f = found["(model)", "f"]
    assert f.safe == (pytest.approx(0.9025 / (0.0975 / 100), rel=1e-6), np.inf)
    assert found["(model)", "f_p"].safe[0] == 0.0
    assert np.isnan([f.value, found["x", "t"].value]).all()  # no data have it as printed


def test_what_was_set_aside_as_impossible_is_not_checkable():
    aside = Missing("full", "risk", "se", "-0.1", "impossible: it is negative")
    found = judge_numbers(magni_model(), aside=[aside])
    assert found.missing[-1] == aside
    row = found.compared[-1]
    assert (*row[:4], row.verdict) == ("full", "risk", "se", "-0.1", NOT_CHECKABLE)
    assert np.isnan([row.recomputed, row.low, row.high]).all()
    assert len(found.compared) == len(judge_numbers(magni_model()).compared) + 1
