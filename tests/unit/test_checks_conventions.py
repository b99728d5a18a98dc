"""Numbers that are right by a convention of a program or a table, and wrong by all of them."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from printed_tables import conventional, find, rows_of, wrong

from retrace.checks import check_paper
from retrace.checks.regression.conventions import Convention, Wrong, _places
from retrace.checks.regression.printed_model import WHOLE_MODEL
from retrace.checks.shared.record import Record
from retrace.papers import read_paper
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import CONTRADICTED, IMPOSSIBLE

NAMES = {
    "sex": "Gender",
    "age": "Age",
    "support": "Support",
    "climate": "Climate",
    "y": "Commitment",
}
LEGEND = {"*": 0.05, "**": 0.01, "***": 0.001}


def study_of(folder, table, n=212, correlations=None, constructs=NAMES, **keys):
    """The checked rows of a paper with one table of regressions, as typed."""
    folder.mkdir(exist_ok=True)
    study = {
        "n": n,
        "stars": LEGEND,
        "constructs": {key: {"label": label, "unit": "score"} for key, label in constructs.items()},
    }
    if table is not None:
        (folder / "t.csv").write_text(table.strip() + "\n")
        study["regressions"] = {"t": {"file": "t.csv", "outcome": "y", **keys}}
    if correlations is not None:
        text, own = correlations
        (folder / "c.csv").write_text(text.strip() + "\n")
        study["correlations"] = {"file": "c.csv", **own}
    description = {"title": "A study", "authors": [{"family": "Nobody"}]}
    description |= {"licence": {"name": "none"}, "study": study}
    (folder / "paper.yaml").write_text(yaml.safe_dump(description, sort_keys=False))
    return rows_of(folder)


PERCENT = """
,Model 1,Model 2
Support,.31***,.30***
Climate,,.21**
R²,9.6%,14.0%
Adj. R²,9.2%,13.2%
ΔR²,,4.4%
F,22.3***,17.0***
ΔF,,10.7**
"""


def test_a_percentage_is_a_share(tmp_path):
    """By hand: F = .0955 to .0965 over its rest with 210 df, 22.17 to 22.43; 9.6 % is no 9.6."""
    rows = study_of(tmp_path / "p", PERCENT, estimate="beta")
    assert wrong(rows) == set()
    row = find(rows, statistic="F from R2", column="Model_1")
    assert (row.low, row.high) == (pytest.approx(22.173, abs=1e-3), pytest.approx(22.430, abs=1e-3))
    other = study_of(tmp_path / "q", PERCENT.replace("22.3***", "24.3***"), estimate="beta")
    assert ("rows", "f", "Model_1", "24.3***") in wrong(other)
    rows = study_of(tmp_path / "r", PERCENT.replace("14.0%", "140.0%"), estimate="beta")
    assert ("(reading)", "r2", "Model_2", "140.0%") in wrong(rows)


def test_a_number_is_what_it_is_whatever_its_column_is_called(tmp_path):
    """`R2` under a heading that ends as a column of errors does is no error, and hangs on none."""
    study_of(tmp_path / "paper", PERCENT, estimate="beta")
    study = read_paper(tmp_path / "paper").study
    named = {
        name: model.model_copy(update={"column": f"{name}, se"})
        for name, model in study.models.items()
    }
    places = _places(study.model_copy(update={"models": named}), list(named)).values()
    of_r2 = [place for place in places if place.statistic == "r2"]
    assert [place.term for place in of_r2] == [WHOLE_MODEL, WHOLE_MODEL]
    for place in of_r2:
        wrong = Wrong("rows", place, "0.1", 0.2)
        of_errors = (
            Convention(normal=True),
            Convention(likelihood="n"),
            Convention(standardised=True),
            Convention(sd_of_n=True),
        )
        assert not any(convention.touches(wrong) for convention in of_errors)
        assert Convention(truncated=True).touches(wrong)


# By statsmodels from data of 212 people: both changes of model 4 are beside model 1.
NESTED = """
,Model 1,Model 2,Model 3,Model 4
Gender,−0.080 (0.101),−0.073 (0.094),−0.037 (0.090),−0.039 (0.087)
Age,−0.009 (0.005),−0.008 (0.005),−0.008 (0.005),−0.007 (0.005)
Support,,0.320 (0.057),,0.210 (0.056)
Climate,,,0.407 (0.054),0.340 (0.055)
R²,.015,.144,.227,.277
ΔR²,,.129,.213,.262
ΔF,,31.24,57.23,37.55
"""


def test_changes_are_beside_any_earlier_model_that_is_part_of_the_later(tmp_path):
    rows = study_of(tmp_path / "p", NESTED, estimate="b", brackets="se")
    assert wrong(rows) == set()
    row = find(rows, row="r2_change", column="Model_4", check="blocks")
    assert row.because.startswith("model Model_4 after Model_1:")
    # .262 beside model 1 and 38.26 beside model 2: no model has both.
    mixed = study_of(tmp_path / "q", NESTED.replace("37.55", "38.26"), estimate="b", brackets="se")
    assert len(wrong(mixed)) == 1


# By statsmodels, with HC1 errors: F of the robust Wald test is 20.29, that of R2 19.83.
ROBUST = """
,(1)
Gender,−0.039
,(0.086)
Age,−0.007
,(0.004)
Support,0.210***
,(0.056)
Climate,0.340***
,(0.053)
R-squared,0.277
F,20.29
"""


@pytest.mark.parametrize("errors", ["robust", "clustered", "bootstrap"])
def test_what_rests_on_other_errors_is_not_judged_by_r2_or_correlations(tmp_path, errors):
    keys = {"estimate": "b", "brackets": "se"}
    rows = study_of(tmp_path / "p", ROBUST, errors=errors, **keys)
    assert wrong(rows) == set()
    row = find(rows, check="regressions", statistic="f")
    assert row.needs == f"data: {errors} standard errors do not follow from correlations or R2"
    usual = study_of(tmp_path / "q", ROBUST, **keys)
    assert wrong(usual) == {("rows", "model_1", "f", "20.29")}


# Percentiles of 2,000 resamples beside errors of least squares.
BOOTSTRAP = """
term,b,se,p,ci_low,ci_high
Gender,−0.039,0.087,.652,−0.210,0.132
Age,−0.007,0.005,.126,−0.015,0.001
Support,0.210,0.056,<.001,0.100,0.316
Climate,0.340,0.055,<.001,0.231,0.440
"""


def test_limits_of_a_bootstrap_lie_on_both_sides_of_the_estimate(tmp_path):
    assert wrong(study_of(tmp_path / "p", BOOTSTRAP, errors="bootstrap")) == set()
    beyond = BOOTSTRAP.replace("0.231,0.440", "0.342,0.440")
    assert wrong(study_of(tmp_path / "q", beyond, errors="bootstrap")) == {
        ("rows", "climate", "ci_low", "0.342")
    }


# By statsmodels from data of 212 people: limits of 90 %, b -+ 1.6523 SE with 207 df.
NINETY = """
term,b,se,p,ci_low,ci_high
Gender,−0.039,0.087,.652,−0.183,0.104
Age,−0.007,0.005,.126,−0.014,0.001
Support,0.210,0.056,<.001,0.118,0.302
Climate,0.340,0.055,<.001,0.249,0.431
"""


def test_limits_have_the_level_that_the_table_names_or_that_fits_all_of_them(tmp_path):
    rows = study_of(tmp_path / "p", NINETY)
    assert wrong(rows) == set()
    limits = [row for row in rows if row.check == "rows" and "limit" in row.statistic]
    assert sum("read as limits of 90 %" in row.because for row in limits) == 12
    assert wrong(study_of(tmp_path / "q", NINETY, level=0.90)) == set()
    named = study_of(tmp_path / "r", NINETY, level=0.95)
    assert ("rows", "support", "ci_low", "0.118") in wrong(named)
    # One limit of another level: 0.320 is that of 95 %.
    mixed = study_of(tmp_path / "s", NINETY.replace("0.302", "0.320"), level=0.90)
    assert wrong(mixed) == {
        ("rows", "support", "ci_high", "0.320"),
        ("rows", "support", "se", "0.056"),
        ("rows", "support", "b", "0.210"),
    }


def test_p_and_limits_without_a_t_or_an_error(tmp_path):
    """By hand: .50 / .05 has p below 10^-15; limits .31 -+ 1.972 .31 / 5.2 are .192 and .428."""
    table = "term,b,se,p\nSupport,0.50,0.05,.900\nClimate,0.01,0.05,<.001"
    assert wrong(study_of(tmp_path / "p", table)) == {
        ("rows", "support", "p", ".900"),
        ("rows", "climate", "p", "<.001"),
    }
    rows = study_of(tmp_path / "q", "term,beta,t,ci_low,ci_high\nSupport,.31,5.2,.19,.43")
    assert wrong(rows) == set()
    low = find(rows, statistic="confidence limit from coefficient and t", column="ci_low")
    assert low.recomputed == pytest.approx(0.31 - 1.97131 * 0.31 / 5.2, abs=1e-5)
    other = study_of(tmp_path / "r", "term,beta,t,ci_low,ci_high\nSupport,.31,5.2,.21,.43")
    assert ("rows", "support", "ci_low", ".21") in wrong(other)


# By statsmodels, printed to three decimals by cutting off: p .1257 and t 3.7715 among them.
TRUNCATED = """
Term,B,SE,Beta,t,Sig.,R2,Adj R2,F
Gender,-0.039,0.086,-0.027,-0.452,0.651,0.277,0.263,19.841
Age,-0.006,0.004,-0.092,-1.536,0.125,,,
Support,0.210,0.055,0.235,3.771,0.000,,,
Climate,0.340,0.055,0.386,6.185,0.000,,,
"""


def test_a_whole_table_may_be_truncated(tmp_path):
    rows = study_of(tmp_path / "p", TRUNCATED)
    assert wrong(rows) == set()
    row = find(rows, statistic="p from t", row="age")
    assert row.because.endswith("read two-sided; read as truncated")
    # 0.281 is adjusted to 0.267 by whichever way of shortening: one number that neither fits.
    rows = study_of(tmp_path / "q", TRUNCATED.replace("0.277", "0.281"))
    assert {("rows", "support", "t", "3.771")} < wrong(rows)


# By statsmodels from 45 people, 40 df: p and limits by the normal distribution.
NORMAL = """
term,b,se,p,ci_low,ci_high
(Constant),−0.195,0.613,.750,−1.396,1.006
Gender,0.038,0.188,.841,−0.330,0.405
Age,0.020,0.011,.076,−0.002,0.042
Support,0.479,0.110,<.001,0.262,0.695
Climate,0.222,0.122,.068,−0.016,0.460
"""


def test_p_and_limits_of_a_whole_table_may_be_normal(tmp_path):
    rows = study_of(tmp_path / "p", NORMAL, n=45)
    assert wrong(rows) == set()
    row = find(rows, row="climate", column="ci_low", check="rows")
    assert row.because.endswith("read by the normal distribution")
    # With 40 df, b - 2.0211 SE is -.025: one limit by t, and the others are not.
    mixed = study_of(tmp_path / "q", NORMAL.replace("−0.016", "−0.025"), n=45)
    assert len(wrong(mixed)) > 1


def test_t_may_be_printed_without_its_sign(tmp_path):
    table = "term,b,se,t\nSupport,-0.50,0.10,5.00\nClimate,0.20,0.10,2.00"
    rows = study_of(tmp_path / "p", table)
    assert wrong(rows) == set()
    assert find(rows, row="support", column="t", check="rows").because.endswith("without its sign")
    # A coefficient that rounds to minus zero shows it too (honest paper 41282).
    rows = study_of(tmp_path / "r", "term,b,se,t\nSupport,-0.0,0.1,0.3\nClimate,0.2,0.1,2.0")
    assert find(rows, row="support", column="t", check="rows").because.endswith("without its sign")
    # Where another t has its sign, this one lacks it.
    rows = study_of(tmp_path / "q", table + "\nAge,-0.30,0.10,-3.00")
    assert wrong(rows) == {("rows", "support", "t", "5.00")}


CORRELATIONS = """
Variable,M,SD,1,2,3,4,5
1. Gender,0.47,0.50,–,,,,
2. Age,34.54,9.63,−.17,–,,,
3. Support,3.40,0.81,−.01,−.05,–,,
4. Climate,3.41,0.82,−.06,−.03,.32,–,
5. Commitment,2.95,0.72,−.04,−.11,.36,.47,–
"""
# By statsmodels: b of standardised predictors, beta times the deviation .72 of the outcome.
STANDARDISED = """
,Model 1
Gender,−0.020 (0.043)
Age,−0.067 (0.043)
Support,0.170 (0.045)
Climate,0.280 (0.045)
R²,0.277
"""


def test_predictors_may_be_standardised_and_the_outcome_not(tmp_path):
    keys = {"estimate": "b", "brackets": "se", "correlations": (CORRELATIONS, {})}
    rows = study_of(tmp_path / "p", STANDARDISED, **keys)
    assert wrong(rows) == set()
    row = find(rows, row="support", statistic="b", check="regressions")
    assert row.because.endswith("read with standardised predictors")
    # beta .386 times .72 is .278: no other b has .30.
    rows = study_of(tmp_path / "q", STANDARDISED.replace("0.280", "0.300"), **keys)
    assert len(wrong(rows)) > 1


def test_stars_of_r2_f_and_their_changes_are_those_of_the_p_of_f(tmp_path):
    """By hand: F = 0.30 with 2 and 209 df has p = .741; PERCENT has p below .001 but for .0013."""
    assert wrong(study_of(tmp_path / "p", PERCENT, estimate="beta")) == set()
    rows = study_of(tmp_path / "q", PERCENT.replace("10.7**", "10.7***"), estimate="beta")
    assert wrong(rows) == {("stars", "f_change", "Model_2", "10.7***")}
    row = find(rows, check="stars", row="f_change")
    assert (row.low, row.high) == (
        pytest.approx(1.2214e-3, abs=1e-7),
        pytest.approx(1.2858e-3, abs=1e-7),
    )
    # No stars where those of the other model stand.
    rows = study_of(tmp_path / "r", PERCENT.replace("17.0***", "17.0"), estimate="beta")
    assert wrong(rows) == {("stars", "f", "Model_2", "17.0")}
    alone = ",Model 1\nSupport,.30***\nClimate,.01\nF,0.30***"
    rows = study_of(tmp_path / "s", alone, estimate="beta")
    row = find(rows, check="stars", statistic="stars", printed="0.30***")
    assert (row.verdict, row.recomputed) == (CONTRADICTED, pytest.approx(0.7411, abs=1e-4))
    # A test of F has one side, whatever the tails of the table.
    rows = study_of(tmp_path / "t", PERCENT.replace("10.7**", "3.0*"), estimate="beta", tails=1)
    assert ("stars", "f_change", "Model_2", "3.0*") in wrong(rows)


# Indefinite: a and b, a and c correlate .9, b and c -.5.
INDEFINITE = "v,a,b,y\na,{0},,\nb,.90,{0},\ny,.90,-.50,{0}"


@pytest.mark.parametrize(
    ("diagonal", "keys", "said"),
    [
        (".81", {"diagonal": "ave_root"}, "latent variables may have them"),
        ("–", {"n": "pairwise"}, "without missing values has these correlations"),
    ],
)
def test_correlations_that_are_not_of_one_sample_may_be_indefinite(tmp_path, diagonal, keys, said):
    names = {"a": "A1", "b": "B1", "y": "C1"}
    text = INDEFINITE.format(diagonal)
    rows = study_of(tmp_path / "p", None, constructs=names, correlations=(text, keys))
    assert wrong(rows) == set()
    row = find(rows, check="correlations", row="", column="")
    assert said in row.because
    assert row.needs == "correlations of scores of one sample, with values of all variables"
    text = INDEFINITE.format("–")
    usual = study_of(tmp_path / "q", None, constructs=names, correlations=(text, {}))
    assert {row.verdict for row in usual if row.check == "correlations"} >= {IMPOSSIBLE}


@pytest.mark.parametrize(
    ("text", "truncated", "either"),
    [
        (".125", (0.125, 0.126), (0.1245, 0.126)),
        ("-0.5", (-0.6, -0.5), (-0.6, -0.45)),
        ("0.00", (-0.01, 0.01), (-0.01, 0.01)),
        ("-0.00", (-0.01, 0.01), (-0.01, 0.01)),
    ],
)
def test_what_is_cut_off_lies_away_from_zero(text, truncated, either):
    printed = Printed.parse(text)
    assert printed.cut.interval == pytest.approx(truncated)
    assert printed.cut_or_rounded.interval == pytest.approx(either)
    assert Printed.parse("<" + text.lstrip("-")).cut.interval[0] == -float("inf")


@given(st.integers(0, 2**31))
def test_an_honest_regression_of_any_convention_is_never_called_wrong(tmp_path_factory, seed):
    folder = tmp_path_factory.mktemp("honest") / "study"
    form = conventional(folder, seed)
    rows = check_paper(Record("study", read_paper(folder).study))
    assert wrong(rows) == set(), form


def test_honest_tables_are_read_by_several_conventions(tmp_path):
    """What the test above would not show: that its tables need another reading than the usual."""
    found = set()
    for seed in range(40):
        folder = tmp_path / f"study{seed}"
        conventional(folder, seed)
        found.update(Record("s", read_paper(folder).study).by_convention.conventions.values())
    assert {c.normal for c in found} == {c.standardised for c in found} == {True, False}
    assert any(c.truncated for c in found)
