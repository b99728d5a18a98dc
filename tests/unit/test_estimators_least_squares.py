"""Least squares from a correlation matrix and on data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nist import (
    FILIP_B,
    FILIP_R2,
    FILIP_SE,
    FILIP_X,
    FILIP_Y,
    LONGLEY_B,
    LONGLEY_R2,
    LONGLEY_SE,
    WAMPLER_1_Y,
    WAMPLER_2_Y,
    WAMPLER_3_R2,
    WAMPLER_3_SE,
    WAMPLER_3_Y,
    WAMPLER_X,
)
from regression_examples import CONSTRUCTS, N, table_4_matrix

from retrace.estimators.least_squares import ols_from_correlations
from retrace.estimators.least_squares_on_data import (
    INTERCEPT,
    LeastSquares,
    estimate_on_data,
    estimate_on_matrix,
)


def digits(found, certified) -> float:
    """Smallest number of significant digits that agree (log relative error)."""
    error = np.abs(np.asarray(found) - certified) / np.abs(certified)
    return float((-np.log10(np.maximum(error, 1e-16))).min())


def polynomial(x, y, degree):
    powers = np.column_stack([x**power for power in range(1, degree + 1)])
    return estimate_on_data(powers, y, [f"x{i}" for i in range(1, degree + 1)], "poly", "nist")


def test_table_5_follows_from_table_4():
    # Computed independently of this code (issue on the first results).
    fit = ols_from_correlations(table_4_matrix(), N)
    assert fit.t.round(3).tolist() == [2.460, 1.951, 1.958, -2.565]
    assert fit.vif.round(4).tolist() == [1.2343, 1.0050, 1.0268, 1.2446]
    assert fit.p.round(4).tolist() == [0.0145, 0.0521, 0.0512, 0.0108]
    assert round(float(fit.r2), 4) == 0.0530
    assert round(float(fit.f), 3) == 4.131


@pytest.mark.parametrize(
    ("term", "t"), [("customer", 1.700), ("market", 1.998), ("economic", 1.981), ("risk", -1.316)]
)
def test_one_predictor_at_a_time_gives_other_conclusions(term, t):
    # Computed independently; for one predictor t = r sqrt((n - 2) / (1 - r^2)).
    index = [CONSTRUCTS.index(term), CONSTRUCTS.index("readiness")]
    R = table_4_matrix()[np.ix_(index, index)]
    fit = ols_from_correlations(R, N)
    r = R[0, 1]
    assert fit.t.round(3).tolist() == [t]
    assert fit.t[0] == pytest.approx(r * np.sqrt((N - 2) / (1 - r**2)), rel=1e-12)
    assert fit.vif.tolist() == [1.0]


@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(0, 2**32 - 1),
    k=st.integers(1, 7),
    extra=st.integers(2, 60),
)
def test_the_matrix_gives_what_statsmodels_gives_on_the_data(seed, k, extra):
    import statsmodels.api as sm
    from statsmodels.stats.outliers_influence import variance_inflation_factor

    stream = np.random.default_rng(seed)
    mixing = np.eye(k + 1) + stream.normal(scale=0.3, size=(k + 1, k + 1))
    data = stream.normal(size=(k + 1 + extra, k + 1)) @ mixing
    peer = sm.OLS(data[:, k], sm.add_constant(data[:, :k])).fit()
    sds = data.std(axis=0, ddof=1)
    if peer.condition_number > 100:  # the normal equations square it
        return
    fit = ols_from_correlations(np.corrcoef(data, rowvar=False), len(data), sds=sds)
    frame = estimate_on_data(data[:, :k], data[:, k], range(k), "m", "d")
    limits = peer.conf_int()
    for found, expected in (
        (fit.b, peer.params[1:]),
        (fit.se, peer.bse[1:]),
        (fit.t, peer.tvalues[1:]),
        (fit.p, peer.pvalues[1:]),
        (fit.ci_low, limits[1:, 0]),
        (fit.ci_high, limits[1:, 1]),
        (fit.r2, peer.rsquared),
        (fit.adjusted_r2, peer.rsquared_adj),
        (fit.f, peer.fvalue),
        (fit.f_p, peer.f_pvalue),
        (frame.b, peer.params),
        (frame.se, peer.bse),
        (frame.p, peer.pvalues),
        (frame.ci_low, limits[:, 0]),
        (frame.beta[1:], fit.beta),
        (frame.vif[1:], fit.vif),
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10)
    if k > 1:
        design = sm.add_constant(data[:, :k])
        vif = [variance_inflation_factor(design, j) for j in range(1, k + 1)]
        np.testing.assert_allclose(fit.vif, vif, rtol=1e-10)


def test_longley_agrees_with_the_certified_values():
    from statsmodels.datasets import longley

    data = longley.load_pandas()
    frame = estimate_on_data(data.exog, data.endog, list(data.exog), "longley", "nist")
    assert digits(frame.b, LONGLEY_B) > 9
    assert digits(frame.se, LONGLEY_SE) > 9
    assert digits(frame.r2, LONGLEY_R2) > 13
    raw = np.column_stack([data.exog, data.endog])
    fit = ols_from_correlations(
        np.corrcoef(raw, rowvar=False), len(raw), sds=raw.std(axis=0, ddof=1)
    )
    assert digits(fit.b, LONGLEY_B[1:]) > 9
    assert digits(fit.se, LONGLEY_SE[1:]) > 9


@pytest.mark.parametrize(
    ("y", "certified"), [(WAMPLER_1_Y, np.ones(6)), (WAMPLER_2_Y, 10.0 ** -np.arange(6))]
)
def test_wampler_polynomials_come_back_exactly(y, certified):
    assert digits(polynomial(WAMPLER_X, y, 5).b, certified) > 9


def test_wampler_3_agrees_with_the_certified_values():
    frame = polynomial(WAMPLER_X, WAMPLER_3_Y, 5)
    assert digits(frame.b, np.ones(6)) > 9
    assert digits(frame.se, WAMPLER_3_SE) > 11
    assert digits(frame.r2, WAMPLER_3_R2) > 13


@pytest.mark.parametrize(("noise", "kept"), [(100, 7), (10_000, 5)])
def test_wampler_4_and_5_lose_what_their_noise_costs(noise, kept):
    # NIST: y4 and y5 are y1 and 100 and 10,000 times the noise of y3; so are the certified errors.
    y = WAMPLER_1_Y + noise * (WAMPLER_3_Y - WAMPLER_1_Y)
    frame = polynomial(WAMPLER_X, y, 5)
    assert digits(frame.b, np.ones(6)) > kept
    assert digits(frame.se, noise * WAMPLER_3_SE) > 11


def test_filip_keeps_the_seven_digits_that_double_precision_allows():
    # statsmodels' default, the pseudoinverse, keeps none at this condition number.
    frame = polynomial(FILIP_X, FILIP_Y, 10)
    assert digits(frame.b, FILIP_B) > 7
    assert digits(frame.se, FILIP_SE) > 7
    assert digits(frame.r2, FILIP_R2) > 9


def test_the_table_of_estimates_has_the_columns_of_the_contract():
    columns = [
        "model",
        "data",
        "term",
        "b",
        "beta",
        "se",
        "t",
        "p",
        "ci_low",
        "ci_high",
        "vif",
        "r2",
        "durbin_watson",
    ]
    assert list(LeastSquares._fields) == columns
    frame = estimate_on_matrix(table_4_matrix(), N, CONSTRUCTS[:4], "full")
    assert list(frame.columns) == columns
    assert frame.term.tolist() == list(CONSTRUCTS[:4])
    assert frame.b.isna().all()
    assert frame.durbin_watson.isna().all()
    on_data = polynomial(WAMPLER_X, WAMPLER_3_Y, 2)
    assert on_data.term.tolist() == [INTERCEPT, "x1", "x2"]


def test_durbin_watson_is_of_the_rows_in_order():
    # Residuals of a mean-only fit of 1, -1, 1, -1, ... differ by 2 each: DW = (n - 1) 4 / n.
    y = np.tile([1.0, -1.0], 10)
    x = np.tile([1.0, 1.0, -1.0, -1.0], 5)  # orthogonal to y and to the intercept
    frame = estimate_on_data(x[:, None], y, ["x"], "m", "d")
    assert frame.durbin_watson[0] == pytest.approx(19 * 4 / 20)


@pytest.mark.parametrize(
    ("R", "n", "message"),
    [
        (np.eye(5), 5, "n = 5 is too small for 4 predictors.*at least 6"),
        ([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]], 50, "not positive definite"),
    ],
)
def test_what_cannot_be_a_regression_is_refused(R, n, message):
    with pytest.raises(ValueError, match=message):
        ols_from_correlations(R, n)


def test_a_standard_deviation_of_zero_is_refused():
    with pytest.raises(ValueError, match="must be positive"):
        ols_from_correlations(np.eye(2), 30, sds=[1.0, 0.0])


def test_an_indefinite_matrix_is_refused_with_its_least_eigenvalue():
    # Algebra: 1 + 2 r for three equal correlations r = -0.6.
    with pytest.raises(ValueError, match=r"least eigenvalue -0\.2\): no sample"):
        ols_from_correlations([[1, -0.6, -0.6], [-0.6, 1, -0.6], [-0.6, -0.6, 1]], 50)
