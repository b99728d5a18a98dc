"""Changes between blocks, df and legends of tables as printed: published ones, and honest ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed_tables import STUDIES, find, hierarchical, rows_of, write_study, wrong

from retrace.printed.verdicts import (
    CONTRADICTED,
    NOT_CHECKABLE,
    REPRODUCED,
    WITHIN_ROUNDING,
)

# What is wrong in the papers, each confirmed by hand from the printed numbers alone.
WRONG = {
    # t = b / se is at least 5.22; the limits give an error of .1226 to .1231; F from R2 .322 is
    # 27.01 to 27.13; 59 people and two predictors leave 56 df; the change of F is 13.48 to 13.61.
    "mtam2022": {
        ("rows", "UA", "model_1, t", "5.21"),
        ("rows", "UA", "model_1, se", "0.122"),
        ("rows", "f", "model_1", "27.16"),
        ("rows", "UA", "model_2, ci_low", "−0.504"),
        ("rows", "UA", "model_2, se", "0.215"),
        ("blocks", "df", "model_2", "55"),
        ("blocks", "df2_change", "model_2", "55"),
        ("blocks", "f_change", "model_2", "12.385"),
    },
    # No correlation is 17.
    "oreilly2024": {("(reading)", "tobin", "performance", "17**")},
    # p of r = .120 with n = 248 is .058 to .060.
    "ren2022": {("stars", "EL", "age", "0.120**")},
    # With n = 137, R2, the adjusted R2 and F give none of each other in any model.
    "villagrasa2024": {
        ("rows", row, f"Model_{number}", printed)
        for number, *cells in (
            (1, "0.541", "0.495", "16.221***"),
            (2, "0.578", "0.531", "16.526***"),
            (3, "0.588", "0.508", "9.826***"),
            (4, "0.651", "0.562", "9.547***"),
        )
        for row, printed in zip(("r2", "adjusted_r2", "f"), cells, strict=True)
    },
    "workaholism2020": set(),
    # n = 501 and a mean of 4.577 leave the total 2293; with deviations over n, which the other
    # twelve fit, a SD of .568 leaves squares of 10656.1 to 10656.6, where no whole number is.
    "camilleri2022": {("granularity", "PU1", "sd", "0.568")},
}


@pytest.fixture(scope="module")
def published():
    return {name: rows_of(STUDIES / name) for name in WRONG}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_in_published_tables_is_found_and_nothing_else(published, name):
    assert wrong(published[name]) == WRONG[name]


def test_the_change_of_f_follows_from_the_change_of_r2(published):
    """By hand, from the ends of R2 .456 and its change .134: (change / 1) / ((1 - R2) / 55)."""
    row = find(published["mtam2022"], statistic="f_change")
    assert (row.low, row.high) == (
        pytest.approx(0.1335 / ((1 - 0.4555) / 55)),
        pytest.approx(0.1345 / ((1 - 0.4565) / 55)),
    )
    df = find(published["mtam2022"], statistic="df", printed="55")
    assert (df.recomputed, df.cause) == (56, "n = 58 in this model")


def test_one_df_may_be_the_total_one(published):
    """adj. R2 .20 and F 6.79 with 301 df: F = 1 + .20 * 301 / (.80 k) gives k = 13 predictors."""
    row = find(published["oreilly2024"], check="rows", row="f", column="tobin")
    assert row.verdict != CONTRADICTED
    assert row.because.endswith("read 13 and 288 df")


def test_r2_is_borne_out_by_the_adjusted_one_where_f_does_not_fit(published):
    """mtam, one predictor and n = 59: adj. R2 .310 gives R2 .3214 to .3224, F 27.16 .3226."""
    row = find(published["mtam2022"], statistic="R2 from adjusted R2", column="model_1")
    ends = [1 - (1 - adjusted) * 57 / 58 for adjusted in (0.3095, 0.3105)]
    assert (row.low, row.high) == (pytest.approx(ends[0]), pytest.approx(ends[1]))
    assert row.printed == "0.322"
    row = find(published["mtam2022"], statistic="R2 from F", column="model_2")
    assert row.recomputed == pytest.approx(2 * 23.09 / (2 * 23.09 + 55))


def test_adjusted_r2_of_f_may_be_printed_as_zero_where_it_is_negative(published):
    """oreilly, F 0.49: adj. R2 / (1 - adj. R2) = k (F - 1) / (n - 1), below 0 for every k."""
    row = find(published["oreilly2024"], statistic="adjusted R2 from F", column="roe")
    assert (row.verdict, row.high) == (WITHIN_ROUNDING, 0.0)
    row = find(published["oreilly2024"], statistic="adjusted R2 from F", column="tobin")
    ratio = 13 * 5.79 / 301
    assert row.recomputed == pytest.approx(ratio / (1 + ratio))


def test_every_printed_df_has_a_verdict(published):
    """By hand: .436 - .310; two predictors, one of them new; 309 firms have a total df of 308."""
    rows = published["mtam2022"]
    row = find(rows, statistic="adjusted_r2_change")
    assert (row.verdict, row.recomputed) == (REPRODUCED, pytest.approx(0.126))
    for statistic, column, count in (
        ("df1", "model_1", 1),
        ("df1", "model_2", 2),
        ("df1_change", "model_2", 1),
    ):
        row = find(rows, statistic=statistic, column=column)
        assert (row.verdict, row.recomputed) == (REPRODUCED, count)
    row = find(published["oreilly2024"], statistic="df", printed="308")
    assert (row.verdict, row.because) == (
        REPRODUCED,
        "model growth: the total df, n - 1 with n = 309",
    )


def test_f_without_stars_is_judged_where_its_table_stars_others(published):
    """oreilly, F 0.49: below 1, so that p is above .05 whatever the df."""
    row = find(published["oreilly2024"], check="stars", row="f", column="roe")
    assert row.verdict in (REPRODUCED, WITHIN_ROUNDING)


def test_a_table_has_the_legend_of_its_marks(published):
    """The study's legend has three stars; the correlations print two at most."""
    legends = [row for row in published["workaholism2020"] if row.statistic == "legend"]
    assert {row.verdict for row in legends} == {REPRODUCED}
    assert (legends[0].printed, legends[0].because) == (
        "** 0.01, * 0.05",
        "the correlations: 0 of 28 cells contradict it",
    )


def test_nothing_is_said_of_models_whose_correlations_are_not_printed(published):
    rows = [row for row in published["villagrasa2024"] if row.check == "regressions"]
    assert {row.verdict for row in rows} == {NOT_CHECKABLE}


@given(st.integers(0, 2**31))
def test_an_honest_hierarchical_regression_is_never_called_wrong(tmp_path_factory, seed):
    folder = tmp_path_factory.mktemp("honest") / "study"
    form = hierarchical(folder, seed)
    rows = rows_of(folder)
    assert wrong(rows) == set(), form
    assert {row.verdict for row in rows if row.check == "blocks"} - {NOT_CHECKABLE}, form


@pytest.mark.parametrize(
    ("adjusted", "is_wrong"), [("-.10", False), (".00", False), ("-.06", True)]
)
def test_a_negative_adjusted_r2_is_itself_or_zero(tmp_path, adjusted, is_wrong):
    """By hand, n = 39 and four predictors: 1 - (1 - .020) 38 / 34 is -.095."""
    names = [f"x{j}" for j in range(4)]
    lines = ["row,y", *(f"{name},0.05" for name in names), "R2,.020", f"Adjusted R2,{adjusted}"]
    table = {"file": "t.csv", "estimate": "beta"}
    labels = {name: name for name in (*names, "y")}
    write_study(tmp_path, 39, labels, {"t.csv": "\n".join(lines)}, regressions={"t": table})
    assert bool(wrong(rows_of(tmp_path))) == is_wrong
