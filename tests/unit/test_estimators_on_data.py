"""Estimators on data: against statsmodels, R's MASS, resampling by hand, and algebra."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrace.decisions import NOT_ATTAINABLE, NOT_SUPPORTED, SUPPORTED, Hypothesis
from retrace.estimators.estimators_on_data import (
    NO_DATA,
    bootstrap,
    decide_on_responses,
    estimates_on_data,
    estimates_on_responses,
    ordinal_estimates,
    resampling_counts,
    standardise,
)
from retrace.estimators.least_squares import ols_from_correlations
from retrace.estimators.ordinal import LOGIT, ordered_regression
from retrace.estimators.robust import HUBER, TUKEY, robust_regression
from retrace.provenance.streams import random_stream

TERMS = ["a", "b", "c"]
LINKS = ("logit", "probit")


def sample(n=400, k=3, seed=7):
    stream = np.random.default_rng(seed)
    data = stream.normal(size=(n, k + 1))
    data[:, k] += 0.4 * data[:, 0] - 0.2 * data[:, 1]
    return data


def counts_of(n, resamples=2000):
    return resampling_counts(n, random_stream(3, "test", "errors"), resamples)


def table(estimates):
    return pd.DataFrame(estimates).set_index(["specification", "term"])


# --- bootstrap ---------------------------------------------------------------------------------


def test_a_resample_draws_every_observation_with_the_same_chance():
    counts = counts_of(40)
    assert counts.shape == (2000, 40)
    assert (counts.sum(axis=1) == 40).all()
    # Binomial(40 * 2000, 1/40): mean 2000, SD 44.2.
    assert np.abs(counts.sum(axis=0, dtype=int) - 2000).max() < 5 * 44.2
    # A resample misses an observation with probability (1 - 1/n)^n.
    assert (counts == 0).mean() == pytest.approx((1 - 1 / 40) ** 40, abs=0.01)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 1000), n=st.integers(12, 60), k=st.integers(1, 5))
def test_the_bootstrap_is_least_squares_on_every_resample(seed, n, k):
    Z = standardise(sample(n, max(k, 2), seed)[:, -k - 1 :])
    counts = counts_of(n, 30)
    betas = []
    for often in counts.astype(int):
        drawn = Z.repeat(often, axis=0)
        predictors = drawn[:, :k] - drawn[:, :k].mean(axis=0)
        if np.linalg.matrix_rank(predictors) == k:
            drawn = standardise(drawn)
            betas.append(np.linalg.lstsq(drawn[:, :k], drawn[:, k], rcond=None)[0])
    se, p = bootstrap(Z, counts)
    below = (np.array(betas) <= 0).sum(axis=0)
    far = np.minimum(below, len(betas) - below)
    assert np.allclose(se, np.std(betas, axis=0, ddof=1), rtol=1e-6)
    assert np.allclose(p, np.minimum(2 * (1 + far) / (1 + len(betas)), 1))


def test_the_bootstrap_agrees_with_theory_on_normal_data():
    # White's asymptotic standard error of standardised slopes; here independent predictors.
    Z = standardise(sample(n=1500))
    se, p = bootstrap(Z, counts_of(1500))
    fit = ols_from_correlations(np.corrcoef(Z, rowvar=False), len(Z))
    np.testing.assert_allclose(se, fit.beta_se, rtol=0.12)
    assert p[0] == pytest.approx(2 / 2001)  # never on the other side of zero
    assert p[2] > 0.05


def test_resamples_without_a_unique_regression_are_not_reported_as_evidence():
    # Of 12 observations a resample holds 7.8 different ones on average: rarely 12 for 11 unknowns.
    data = np.random.default_rng(5).normal(size=(14, 11))
    found = table(estimates_on_data(data, [f"x{i}" for i in range(10)], counts_of(14)))
    own = found.loc["pairs bootstrap"]
    assert own.p.isna().all()
    assert (own.problem == "too few observations").all()


def test_a_predictor_that_few_resamples_vary_leaves_too_few_of_them():
    # One observation of 30 tells the predictor from a constant: (1 - 1/30)^30 = 36 % miss it.
    data = sample(30, 2)
    data[:, 1] = np.arange(30) == 4
    found = table(estimates_on_data(data, ["a", "b"], counts_of(30)))
    assert (found.loc["pairs bootstrap"].problem == "too few observations").all()
    # Its leverage is 1, so that HC3 divides zero by zero.
    assert (found.loc["HC3 standard errors"].problem == "has no standard errors").all()
    assert found.loc["HC3 standard errors"].p.isna().all()
    assert (found.loc["ordinary least squares"].problem == "").all()


# --- robust regression -------------------------------------------------------------------------

# R 4.2.2, MASS 7.3-58.2: rlm(stack.loss ~ ., stackloss, psi, acc = 1e-12, maxit = 500), the example
# of its manual (Brownlee 1965).
RLM = {
    HUBER: (-41.026485373295, 0.829385770254, 0.926059415549, -0.127846317965),
    TUKEY: (-42.285321536491, 0.927558992802, 0.650711198390, -0.112333123036),
}


@pytest.mark.parametrize("weighting", RLM, ids=["Huber", "Tukey"])
def test_stack_loss_has_the_robust_estimates_of_mass(weighting):
    import statsmodels.api as sm

    data = sm.datasets.stackloss.load_pandas()
    X = sm.add_constant(data.exog.to_numpy())
    b, se = robust_regression(data.endog, X, weighting)
    assert np.allclose(b, RLM[weighting], atol=1e-7)
    # Huber (1981, eq. 7.6.9), with psi of the residuals in units of the scale and its slope.
    residuals, (n, p) = data.endog.to_numpy() - X @ b, X.shape
    scale = np.median(np.abs(residuals)) / 0.6744897501960817
    u = residuals / scale
    if weighting is HUBER:
        psi, slope = np.clip(u, -1.345, 1.345), (np.abs(u) <= 1.345).astype(float)
    else:
        left = np.maximum(1 - (u / 4.685) ** 2, 0)
        psi, slope = u * left**2, left**2 - 4 * (u / 4.685) ** 2 * left
    k = 1 + p / n * slope.var() / slope.mean() ** 2
    variance = (k * scale / slope.mean()) ** 2 * (psi**2).sum() / (n - p)
    assert np.allclose(se, np.sqrt(variance * np.diag(np.linalg.inv(X.T @ X))), rtol=1e-6)


def test_weights_that_do_not_settle_say_so(monkeypatch):
    data = sample(60)
    monkeypatch.setattr("retrace.estimators.robust.ITERATIONS", 3)
    with pytest.raises(ArithmeticError, match="Huber weights: did not converge"):
        robust_regression(data[:, 3], data[:, :3], HUBER)


def test_an_outcome_that_half_of_the_data_fit_exactly_has_no_robust_estimate():
    data = sample(40)
    data[:30, 3] = data[:30, 0]
    data[30:, 3] = data[30:, 0] + 1e-3 * (data[30:, 1] > 0)
    found = table(estimates_on_responses(data, TERMS, counts_of(40)))
    for name in ("Huber", "Tukey"):
        own = found.loc[f"robust regression, {name} weights"]
        assert own.p.isna().all()
        assert own.problem.str.contains("half of the residuals are zero").all()


# --- all of them -------------------------------------------------------------------------------


def test_other_errors_are_those_of_statsmodels_by_formula():
    import statsmodels.formula.api as smf

    data = sample()
    found = table(estimates_on_data(data, TERMS, counts_of(400)))
    Z = pd.DataFrame(standardise(data), columns=[*TERMS, "y"])
    hc3 = smf.ols("y ~ a + b + c", Z).fit(cov_type="HC3", use_t=True)
    own = found.loc["HC3 standard errors"]
    np.testing.assert_allclose(own.se, hc3.bse[1:], rtol=1e-10)
    np.testing.assert_allclose(own.p, hc3.pvalues[1:], rtol=1e-8)
    ols = smf.ols("y ~ a + b + c", Z).fit()
    np.testing.assert_allclose(found.loc["ordinary least squares"].p, ols.pvalues[1:], rtol=1e-8)
    assert len(found) == 5 * 3
    assert (found.df == 396).all()


def test_ordered_estimates_are_a_standard_deviation_of_the_predictor_with_normal_p():
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    data = sample()
    data[:, 3] = np.clip(np.rint(data[:, 3]), -2, 2)
    found = table(ordinal_estimates(data, TERMS))
    for link in LINKS:
        model = OrderedModel(data[:, 3], standardise(data[:, :3]), distr=link)
        fit = model.fit(method="bfgs", maxiter=1000, gtol=1e-9, disp=0)
        own = found.loc[f"ordered {link}"]
        np.testing.assert_allclose(own.estimate, fit.params[:3], atol=1e-5)
        np.testing.assert_allclose(own.se, fit.bse[:3], rtol=1e-5)
        np.testing.assert_allclose(own.p, fit.pvalues[:3], rtol=1e-3)


def test_estimates_do_not_depend_on_the_units_of_the_responses():
    data = np.clip(np.rint(sample() + 4), 1, 7)
    counts = counts_of(400)
    found = estimates_on_responses(data, TERMS, counts)
    moved = estimates_on_responses(data * [2, 0.5, 3, 10] + [1, -1, 5, 100], TERMS, counts)
    assert len(found) == 7 * 3
    for row, other in zip(found, moved, strict=True):
        assert row[:2] == other[:2]
        assert np.allclose(row[2:5], other[2:5], rtol=1e-6, atol=1e-9)


def no_regression():
    """Data sets whose last column has no unique regression on the others, as few coarse scores may
    be: a constant predictor, one that repeats another or is linear in it, and a constant outcome.
    """
    stream = random_stream(9, "tests", "errors")
    x, z, y = stream.integers(1, 6, size=(3, 12)).astype(float)
    return [
        np.column_stack([x, np.full(12, 0.1), y]),
        np.column_stack([x, x, y]),
        np.column_stack([x, 3 * x - 1, y]),
        np.column_stack([x, z, x + 2 * z, y]),
        np.column_stack([x, z, np.full(12, 3.0)]),
    ]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("data", no_regression())
def test_data_without_a_unique_regression_say_so_in_every_row(data):
    from retrace.estimators.diagnostics import residual_diagnostics
    from retrace.estimators.least_squares_on_data import estimate_on_data

    terms = [f"x{j}" for j in range(data.shape[1] - 1)]
    counts = resampling_counts(12, random_stream(1, "tests", "errors"), 50)
    sound = estimates_on_responses(sample(12, len(terms)), terms, counts)
    found = estimates_on_responses(data, terms, counts)
    assert [row[:2] for row in found] == [row[:2] for row in sound]
    for row in found:
        assert np.isnan([row.estimate, row.se, row.p]).all()
        assert "constant" in row.problem or "alike" in row.problem
    table = estimate_on_data(data[:, :-1], data[:, -1], terms, "m", "Likert")
    assert table.term.tolist() == ["(intercept)", *terms]
    assert table.drop(columns=["model", "data", "term"]).isna().all(axis=None)
    if data[:, -1].std() > 0:
        assert np.isnan(residual_diagnostics(data[:, :-1], data[:, -1]).b).all()


def test_an_outcome_that_predictors_determine_has_rows_for_every_estimator():
    # No residual is left: some estimators have no error, and say so; none ends the job.
    x, z = random_stream(9, "tests", "errors").integers(1, 6, size=(2, 12)).astype(float)
    counts = resampling_counts(12, random_stream(1, "tests", "errors"), 50)
    found = estimates_on_responses(np.column_stack([x, z, x - z]), ["x", "z"], counts)
    assert len(found) == 14
    for row in found:
        assert np.isfinite(row.p) or row.problem


def test_without_data_every_estimator_has_a_row_that_says_why():
    counts = resampling_counts(0, random_stream(1, "tests", "errors"))
    rows = estimates_on_responses(np.empty((0, 3)), ["a", "b"], counts)
    whole = estimates_on_responses(
        np.random.default_rng(1).integers(1, 5, (50, 3)),
        ["a", "b"],
        resampling_counts(50, random_stream(1, "tests", "errors")),
    )
    assert [(row.specification, row.term) for row in rows] == [
        (row.specification, row.term) for row in whole
    ]
    assert {row.problem for row in rows} == {NO_DATA}
    assert np.isnan([row.p for row in rows]).all()


def test_resamples_of_many_take_a_byte_each_and_parts_of_them_give_what_all_do(monkeypatch):
    stream = random_stream(1, "tests", "errors")
    Z = standardise(stream.standard_normal((300, 3)))
    counts = resampling_counts(300, stream, 500)
    assert counts.nbytes == 500 * 300
    assert (counts.sum(axis=1, dtype=int) == 300).all()
    whole = bootstrap(Z, counts)
    monkeypatch.setattr("retrace.estimators.estimators_on_data.COUNTS_AT_ONCE", 7_000)
    np.testing.assert_allclose(bootstrap(Z, counts), whole, rtol=1e-12)


def test_more_categories_than_thresholds_are_looked_for_say_so():
    # Answers on a scale of a million points, each given once.
    y, x = np.arange(1_000.0), np.random.default_rng(1).standard_normal((1_000, 1))
    with pytest.raises(ArithmeticError, match="1000 categories of 1000 observations"):
        ordered_regression(y, x, LOGIT)


def test_constant_data_are_refused():
    with pytest.raises(ValueError, match="column 1 of the data is constant"):
        standardise(np.column_stack([np.arange(5.0), np.ones(5)]))


class Joint:
    predictors, outcome = ("a", "b", "c"), "y"


class Alone:
    predictors, outcome = ("b",), "y"


def test_hypotheses_of_several_models_are_each_decided_in_their_own():
    data = np.clip(np.rint(sample() * 2 + 4), 1, 7)
    columns = pd.DataFrame(data, columns=[*TERMS, "y"])
    hypotheses = [
        Hypothesis("H1", "a", "joint", 1, SUPPORTED),
        Hypothesis("H1 turned", "a", "joint", -1, SUPPORTED),
        Hypothesis("H2", "b", "alone", 1, SUPPORTED),
    ]
    counts = counts_of(400)
    models = {"joint": Joint, "alone": Alone}
    found = decide_on_responses(columns, models, hypotheses, counts, 0.05)
    joint = table(estimates_on_responses(data, TERMS, counts))
    alone = table(estimates_on_responses(data[:, [1, 3]], ["b"], counts))
    assert len(found) == 3 * 7
    for row in found:
        own = joint if row.hypothesis != "H2" else alone
        expected = own.loc[row.analysis, "b" if row.hypothesis == "H2" else "a"]
        assert row[2:4] == pytest.approx((expected.estimate, expected.p), rel=1e-9)
    # Simulated with a slope of .4 for a and -.2 for b.
    assert {row.decision for row in found if row.hypothesis == "H1"} == {SUPPORTED}
    assert {row.decision for row in found if row.hypothesis != "H1"} == {NOT_SUPPORTED}


def test_separated_categories_have_no_decision_and_say_why():
    # One predictor tells every category: no maximum of the likelihood (Albert and Anderson 1984).
    data = sample()
    data[:, 3] = data[:, 0] > 0
    columns = dict(zip([*TERMS, "y"], data.T, strict=True))
    hypotheses = [Hypothesis("H1", "a", "joint", 1, SUPPORTED)]
    found = decide_on_responses(columns, {"joint": Joint}, hypotheses, counts_of(400), 0.05)
    decided = {row.analysis: row.decision for row in found}
    assert decided["ordered logit"] == decided["ordered probit"] == NOT_ATTAINABLE
    assert decided["HC3 standard errors"] == SUPPORTED
    problems = {row.problem for row in ordinal_estimates(data, TERMS)}
    assert problems == {f"ordered {link}: the likelihood has no maximum" for link in LINKS}
