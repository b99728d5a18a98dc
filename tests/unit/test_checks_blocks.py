"""Changes between blocks, df and legends of tables as printed: published ones, and honest ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed_tables import STUDIES, find, hierarchical, rows_of, wrong

from retrace.printed.verdicts import CONTRADICTED, NOT_CHECKABLE, REPRODUCED

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
        ("blocks", "f_change", "model_2", "12.385"),
    },
    # No correlation is 17.
    "oreilly2024": {("(reading)", "tobin", "performance", "17**")},
    # p of r = .120 with n = 248 is .058 to .060.
    "ren2022": {("stars", "EL", "age", "0.120**")},
    # R2 with n = 137 gives neither the adjusted R2 nor F of any model.
    "villagrasa2024": {
        ("rows", row, f"Model_{number}", printed)
        for number, adjusted, f in (
            (1, "0.495", "16.221***"),
            (2, "0.531", "16.526***"),
            (3, "0.508", "9.826***"),
            (4, "0.562", "9.547***"),
        )
        for row, printed in (("adjusted_r2", adjusted), ("f", f))
    },
    "workaholism2020": set(),
    "camilleri2022": set(),
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
