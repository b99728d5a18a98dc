"""The constant of a regression, from printed correlations, means and standard deviations."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from judged_tables import compare, relations_of
from regression_examples import printed_model

from retrace.checks.regression.constant import _quadratic_form
from retrace.checks.regression.feasibility import feasibility_record
from retrace.checks.regression.recomputed import recompute
from retrace.checks.regression.stars import row_cells
from retrace.checks.regression.tables import ONE_SIDED
from retrace.printed.numbers import Printed
from retrace.printed.reported import CONSTANT_STATISTICS
from retrace.printed.verdicts import CONTRADICTED, NOT_CHECKABLE, REPRODUCED

CONSTANT = "(Constant)"


def survey(seed, n, k, mean=4.0):
    rng = np.random.default_rng(seed)
    latent = rng.standard_normal((n, 1)) + rng.standard_normal((n, k + 1))
    names = [*(f"x{j}" for j in range(k)), "y"]
    return pd.DataFrame(mean + latent * rng.uniform(0.5, 1.5, k + 1), columns=names)


def statsmodels_says(data):
    """The constant's statistics by statsmodels."""
    fit = sm.OLS(data["y"], sm.add_constant(data.drop(columns="y"))).fit()
    low, high = fit.conf_int().iloc[0]
    each = (fit.params.iloc[0], fit.bse.iloc[0], fit.tvalues.iloc[0], fit.pvalues.iloc[0])
    return dict(zip(CONSTANT_STATISTICS, (*each, low, high), strict=True))


def printing(data, decimals, rows=None, moments=True):
    """The model as a paper prints it: correlations, means, SDs and the constant's row."""
    names = list(data.columns)

    def cells(values):
        return {name: Printed.parse(f"{values[name]:.{decimals}f}") for name in values.index}

    R = data.corr()
    correlations = {
        (a, b): Printed.parse(f"{R.loc[a, b]:.{decimals}f}")
        for i, a in enumerate(names)
        for b in names[:i]
    }
    found = statsmodels_says(data) if rows is None else rows
    reported = {CONSTANT: {s: Printed.parse(f"{v:.{decimals}f}") for s, v in found.items()}}
    return printed_model(
        *("m", "y", names[:-1], len(data), correlations, reported),
        means=cells(data.mean()) if moments else None,
        sds=cells(data.std()) if moments else None,
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_constant_is_that_of_statsmodels(seed):
    data = survey(seed, 80, 3)
    implied = recompute(printing(data, 12))
    found = {s: implied[CONSTANT, s].value for s in CONSTANT_STATISTICS}
    assert found == pytest.approx(statsmodels_says(data), rel=1e-7)
    for s in CONSTANT_STATISTICS:
        assert implied[CONSTANT, s].safe == pytest.approx([found[s]] * 2, rel=1e-6, abs=1e-8)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n=st.sampled_from([30, 200]),
    k=st.integers(1, 3),
    mean=st.sampled_from([-3.0, 0.0, 4.0]),
    decimals=st.integers(1, 3),
)
def test_an_honest_constant_is_never_contradicted(seed, n, k, mean, decimals):
    """What rounding took away is inside the safe bounds; what is attained is too."""
    data = survey(seed, n, k, mean)
    model = printing(data, decimals)
    frame, missing, _ = compare(model)
    assert len(frame) == 6
    assert (frame.verdict != CONTRADICTED).all()
    assert missing.empty
    implied, truth = recompute(model), statsmodels_says(data)
    for s in CONSTANT_STATISTICS:
        each = implied[CONSTANT, s]
        assert each.safe[0] - 1e-9 <= truth[s] <= each.safe[1] + 1e-9
        assert each.safe[0] - 1e-9 <= each.tight[0] <= each.tight[1] <= each.safe[1] + 1e-9


def test_a_wrong_constant_is_contradicted():
    data = survey(1, 200, 2)
    truth = statsmodels_says(data)
    wrong = {"b": -truth["b"], "se": 3 * truth["se"], "t": -truth["t"], "p": 0.9}
    frame, *_ = compare(printing(data, 3, wrong))
    assert frame.verdict.tolist() == [CONTRADICTED] * 4
    right = {s: truth[s] for s in wrong}
    assert (compare(printing(data, 3, right))[0].verdict != CONTRADICTED).all()


def test_one_predictor_by_hand():
    # b0 = 5 - 0.5 (1 / 2) 8 = 3 for means 8 and 5, SDs 2 and 1.
    parse = Printed.parse
    model = printed_model(
        *("m", "y", ["x"], 102, {("y", "x"): parse("0.50")}, {"const": {"b": parse("3.00")}}),
        means={"x": parse("8"), "y": parse("5")},
        sds={"x": parse("2.0"), "y": parse("1.0")},
    )
    row = compare(model)[0].iloc[0]
    assert (row.verdict, row.recomputed) == (REPRODUCED, pytest.approx(3.0))
    # r, means and SDs at the ends of their intervals.
    assert row.low == pytest.approx(4.5 - 0.505 * 1.05 / 1.95 * 8.5)
    assert row.high == pytest.approx(5.5 - 0.495 * 0.95 / 2.05 * 7.5)
    tight = recompute(model)["const", "b"].tight
    assert tight == pytest.approx((row.low, row.high), rel=1e-3)


def test_without_means_the_constant_is_not_checkable_and_the_reason_is_named():
    data = survey(3, 60, 2)
    frame, missing, _ = compare(printing(data, 2, moments=False))
    assert (frame.verdict == NOT_CHECKABLE).all()
    assert set(missing.missing) == {"means of x0, x1 and y; standard deviations of x0, x1 and y"}


def test_the_constants_own_numbers_are_held_against_each_other():
    # 2.00 / 0.50 = 4; p of t = 4 with 57 df is < .001 (Fisher and Yates, table III).
    row = {"b": 2.0, "se": 0.5, "t": 4.0, "p": 0.04}
    tests = relations_of(printing(survey(3, 60, 2), 2, row, moments=False))
    words = tests[tests.reading != ONE_SIDED].set_index("relation")["verdict"]
    assert words["t from coefficient and SE"] == REPRODUCED
    assert words["p from t"] == CONTRADICTED


def test_the_stars_of_a_constant_are_judged():
    model = printing(survey(3, 60, 2), 2, {"b": 2.0}, moments=False)
    starred = {"b": Printed.parse("2.00**"), "p": Printed.parse("0.004")}
    model.reported[CONSTANT].update(starred)
    assert [(cell.row, cell.column, cell.p) for cell in row_cells(model)] == [
        (CONSTANT, "b", 0.004)
    ]


def test_a_constant_demands_nothing_of_the_correlations():
    data = survey(3, 60, 2)
    assert feasibility_record(printing(data, 2, {"b": 99.0, "t": -50.0}))["status"] == "feasible"


@pytest.mark.parametrize(("b", "word"), [("-900.00", "within rounding"), ("7.00", CONTRADICTED)])
def test_a_standard_deviation_that_prints_as_zero_leaves_the_constant_one_limit(b, word):
    # SD(x) below 0.05 and r near 0.5 leave 5.5 - 0.495 (0.95 / 0.05) 7.5 at most.
    parse = Printed.parse
    model = printed_model(
        *("m", "y", ["x"], 102, {("y", "x"): parse("0.50")}, {"const": {"b": parse(b)}}),
        means={"x": parse("8"), "y": parse("5")},
        sds={"x": parse("0.0"), "y": parse("1.0")},
    )
    row = compare(model)[0].iloc[0]
    assert (row.verdict, row.low) == (word, -np.inf)
    assert row.high == pytest.approx(5.5 - 0.495 * 0.95 / 0.05 * 7.5)


@pytest.mark.parametrize("moment", ["means", "sds"])
@pytest.mark.parametrize("cell", ["<0.5", ">0.5"])
@pytest.mark.parametrize("place", [0, 2])
def test_a_moment_that_is_a_bound_leaves_the_constant_without_one_limit(moment, cell, place):
    """No infinite mean or deviation is tried: what is attained is a number inside what is safe."""
    model = printing(survey(1, 80, 2), 2)
    cells = list(getattr(model, moment))
    cells[place] = Printed.parse(cell)
    with np.errstate(all="raise"):
        implied = recompute(replace(model, **{moment: tuple(cells)}))
    for name in CONSTANT_STATISTICS:
        found = implied[CONSTANT, name]
        assert np.isfinite(found.tight).all(), name
        assert found.safe[0] <= found.tight[0] <= found.tight[1] <= found.safe[1], name
    # b follows a mean wherever it goes.
    assert moment == "sds" or not np.isfinite(implied[CONSTANT, "b"].safe).all()


@pytest.mark.parametrize(
    ("reported", "message"),
    [
        ({"const": {"vif": "1.2"}}, "m, const: unknown statistic vif"),
        ({"const": {"b": "1.2"}, "_cons": {"b": "1.2"}}, "the constant twice, as const, _cons"),
    ],
)
def test_what_no_constant_has_is_refused(reported, message):
    cells = {t: {s: Printed.parse(c) for s, c in row.items()} for t, row in reported.items()}
    with pytest.raises(ValueError, match=message):
        printed_model("m", "y", ["x"], 50, {("y", "x"): Printed.parse("0.50")}, cells)


def with_two_predictors(r):
    cells = {("b", "a"): r, ("y", "a"): "0.3", ("y", "b"): "0.2"}
    cells = {pair: Printed.parse(text) for pair, text in cells.items()}
    return printed_model("m", "y", ["a", "b"], 100, cells)


def test_the_bounds_of_the_quadratic_form_are_those_of_algebra():
    # At r = 0 -+ d the Neumann series is [[1, d], [d, 1]] / (1 - d^2): Q lies within
    # d^2 / (1 - d^2) of 1 on the diagonal, and within d / (1 - d^2) of 0 beside it.
    d = 0.05
    diagonal, beside = d**2 / (1 - d**2), d / (1 - d**2)
    found = _quadratic_form(with_two_predictors("0.0"), [(1.0, 1.0), (2.0, 2.0)])
    assert found == pytest.approx(
        (5 * (1 - diagonal) - 4 * beside, 5 * (1 + diagonal) + 4 * beside), rel=1e-12
    )
    # f_1 may be 0, and its square is at most 4.
    found = _quadratic_form(with_two_predictors("0.0"), [(-2.0, 1.0), (0.0, 0.0)])
    assert found == pytest.approx((0.0, 4 * (1 + diagonal)))


def test_singular_predictors_leave_the_quadratic_form_without_limit():
    for r in ("1.0", "-1.0", "0.96", "-0.9"):
        low, high = _quadratic_form(with_two_predictors(r), [(1.0, 1.0), (1.0, 1.0)])
        assert (low >= 0.0, np.isinf(high)) == (True, abs(float(r)) == 1)
    f = [(1.0, np.inf), (1.0, 1.0)]
    assert _quadratic_form(with_two_predictors("0.0"), f) == (0.0, np.inf)
