"""Many matrices at once, intervals, measurement error, and a study's suite."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sem_reference import (
    HOLZINGER_SWINEFORD,
    MAGNI,
    MAGNI_NAMES,
    published_cases,
    recorded,
    symmetric,
)

from retrace.decisions import decide
from retrace.estimators.errors_in_variables import TrueScoreTest, regress_true_scores, robustness
from retrace.matrices.wishart import sample_covariances
from retrace.preflight.structural_models import alternative_problems
from retrace.robustness.mediation import compare_sign
from retrace.robustness.structural_models import method_factor_model, single_indicator_model
from retrace.sem import Structure, compile_model, fit, select, specify
from retrace.sem.discrepancy import discrepancy
from retrace.sem.draws import fit_draws
from retrace.sem.estimator import (
    MAX_ITERATIONS,
    MAX_ITERATIONS_SINGLE,
    PATIENCE,
    default_batch_size,
    estimate,
)
from retrace.sem.inference import (
    defined_parameters,
    information,
    parameter_covariance,
    parameter_names,
    singular_directions,
)
from retrace.sem.intervals import bias_corrected_interval, monte_carlo_draws, percentile_interval

PREDICTORS = MAGNI_NAMES[:4]


THREE_FACTORS = "f =~ x0 + x1 + x2; g =~ x3 + x4 + x5; h =~ x6 + x7 + x8; g ~ f; h ~ g"


def weak_factor_draws(n: int, loading: float, seed: int) -> np.ndarray:
    """3,000 samples of three factors with three weak items each and correlations of .3.

    In the order of random numbers in which lavaan was asked about some of them.
    """
    loadings = np.kron(np.eye(3), np.full((3, 1), loading))
    population = loadings @ (0.3 + 0.7 * np.eye(3)) @ loadings.T
    np.fill_diagonal(population, 1.0)
    rng, T = np.random.default_rng(seed), np.zeros((3000, 9, 9))
    rows, columns = np.tril_indices(9, -1)
    T[:, rows, columns] = rng.standard_normal((3000, 36))
    T[:, range(9), range(9)] = np.sqrt(rng.chisquare(n - 1 - np.arange(9), (3000, 9)))
    factor = np.linalg.cholesky(population) @ T
    return factor @ factor.transpose(0, 2, 1) / (n - 1)


@pytest.fixture(scope="module")
def factor_draws():
    case = published_cases()["holzinger_swineford"]
    structure = compile_model(HOLZINGER_SWINEFORD)
    population = select(structure, case.matrix, case.names)
    matrices = sample_covariances(population, case.n, 60, np.random.default_rng(3))
    return structure, matrices, fit_draws(structure, matrices)


def test_a_stack_of_matrices_has_the_solutions_of_its_members(factor_draws):
    structure, matrices, draws = factor_draws
    assert draws.converged.all()
    names = structure.variables[: structure.p]
    errors = draws.standard_errors(301)
    for k in (0, 17, 59):
        alone = fit(structure, matrices[k], 301, names, rescale=False)
        np.testing.assert_allclose(draws.estimates.x[k], alone.x, atol=1e-6)
        assert draws.estimates.discrepancy[k] == pytest.approx(alone.discrepancy, abs=1e-12)
        own = np.array([e.se for e in alone.estimates])
        np.testing.assert_allclose(errors[k], own, atol=1e-6, equal_nan=True)
        standardised = [e.std for e in alone.estimates]
        np.testing.assert_allclose(draws.standardised[k], standardised, atol=1e-6)


def test_the_size_of_batches_changes_nothing_but_memory(factor_draws):
    structure, matrices, draws = factor_draws
    small = fit_draws(structure, matrices, batch_size=7)
    np.testing.assert_allclose(small.estimates.x, draws.estimates.x, atol=1e-12)


def test_the_size_of_batches_bounds_the_memory(factor_draws):
    structure, matrices, _ = factor_draws
    many = np.concatenate([matrices] * 5)
    own = many.nbytes + len(many) * structure.q * 8

    def working_memory(batch_size: int) -> int:
        tracemalloc.start()
        estimate(structure, many, batch_size=batch_size)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak - own

    # 16 batch_size q^2 doubles, as the docstring of `estimate` has it.
    for batch_size in (10, 100):
        assert working_memory(batch_size) < 16 * batch_size * structure.q**2 * 8 + 200_000
    assert working_memory(10) < working_memory(300) / 4


def test_what_is_made_of_draws_takes_no_more_memory_for_more_of_them(factor_draws):
    structure, matrices, _ = factor_draws

    def working_memory(copies: int) -> int:
        draws = fit_draws(structure, np.concatenate([matrices] * copies))
        assert len(draws.sample) > 2 * default_batch_size(structure)
        own = draws.values.nbytes
        tracemalloc.start()
        assert draws.counts.improper + draws.counts.singular == 0
        assert np.isfinite(draws.standardised).all()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak - own

    assert working_memory(60) < 1.2 * working_memory(15)


def test_draws_in_which_nothing_tells_parameters_apart_are_counted():
    # Algebra: two effects between the same two variables have one covariance to come from.
    structure = compile_model("risk ~ a*customer; customer ~ b*risk; readiness ~ c*risk")
    population = select(structure, MAGNI, MAGNI_NAMES)
    draws = fit_draws(structure, sample_covariances(population, 300, 20, np.random.default_rng(1)))
    assert draws.converged.sum() > 0
    assert draws.counts.singular == draws.converged.sum()


def test_bootstrap_standard_errors_are_those_that_theory_gives():
    # For normal data the standard deviation over samples is the expected-information SE.
    structure = compile_model("risk ~ a*customer\nreadiness ~ b*risk + customer\nab := a*b")
    population = select(structure, MAGNI, MAGNI_NAMES)
    solution = fit(structure, MAGNI, 300, MAGNI_NAMES)
    matrices = sample_covariances(population, 300, 4000, np.random.default_rng(8))
    drawn = fit_draws(structure, matrices)
    ratio = np.std(drawn.values[:, 0]) / solution["a"].se
    assert ratio == pytest.approx(1.0, abs=0.05)
    assert np.std(drawn.defined["ab"]) / solution["ab"].se == pytest.approx(1.0, abs=0.06)


def test_what_does_not_converge_is_retried_and_counted():
    # A factor of three nearly uncorrelated scores: many samples have no finite solution.
    structure = compile_model("f =~ customer + market + economic")
    population = select(structure, MAGNI, MAGNI_NAMES)
    matrices = sample_covariances(population, 300, 200, np.random.default_rng(5))
    matrices[3] = -np.eye(3)
    matrices[4] = np.nan
    draws = fit_draws(structure, matrices)
    counts = draws.counts
    assert counts.draws == 200
    assert counts.unusable == 2
    assert counts.retried >= counts.failed > 0
    assert counts.improper > 0
    assert np.isnan(draws.values[~draws.converged]).all()
    assert counts.failed + counts.unusable == np.sum(~draws.converged)


def test_a_model_that_undamped_steps_lose_converges_where_lavaan_does():
    # lavaan 0.6-14: sem(model, sample.cov = R, sample.nobs = 300) has chi-square 5.7503869.
    model = "k =~ customer + market + economic\nk ~~ risk\nreadiness ~ k + risk"
    solution = fit(model, MAGNI, 300, MAGNI_NAMES)
    assert solution.converged
    assert solution.measures.chi2 == pytest.approx(5.7503869, abs=1e-5)
    structure = solution.structure
    bad_start = np.full((1, structure.q), -1.0)  # negative variances: no matrix at all
    restarted = estimate(structure, solution.sample[None], start=bad_start)
    assert restarted.converged[0]
    assert restarted.start[0] > 0
    assert restarted.n_retried == 1
    assert restarted.discrepancy[0] == pytest.approx(solution.discrepancy, abs=1e-10)


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        ("f =~ customer + risk", "under-identified: 4 parameters for 3 moments"),
        ("f =~ NA*customer + risk + readiness", "under-identified"),
        ("f =~ customer + risk; g =~ market + economic; f ~~ 0*g", "under-identified"),
        ("f =~ customer + market\n g =~ readiness + risk; economic ~ f", "negative variance"),
    ],
)
def test_what_is_wrong_with_a_solution_is_named(model, problem):
    solution = fit(model, MAGNI, 300, MAGNI_NAMES)
    assert any(problem in found for found in solution.problems), solution.problems
    if "identified" in problem:
        assert all(np.isnan(e.se) for e in solution.estimates)


def test_a_defined_parameter_without_a_value_is_named_and_spoils_nothing_else():
    solution = fit("risk ~ a*customer\nq := a/0\nr := log(0*a)", MAGNI, 300, MAGNI_NAMES)
    assert solution.problems == ("not finite: q, r",)
    assert solution.proper
    assert solution["q"].est == np.inf
    assert np.isnan(solution["q"].se)
    assert solution["a"].est == pytest.approx(0.433)


def test_a_label_may_make_an_effect_and_a_variance_equal():
    # lavaan 0.6-14: coef(sem("readiness ~ a*risk; readiness ~~ a*readiness", sample.cov = R,
    # sample.nobs = 300)).
    solution = fit("readiness ~ a*risk\nreadiness ~~ a*readiness", MAGNI, 300, MAGNI_NAMES)
    assert solution.converged
    assert solution["readiness ~ risk"].est == solution["readiness ~~ readiness"].est
    assert solution["a"].est == pytest.approx(0.617110596, abs=1e-6)


def test_every_parameter_that_cannot_be_told_apart_is_named():
    # Without variance of the factor no loading means anything.
    solution = fit("f =~ customer + market + risk; f ~~ 0*f", MAGNI, 300, MAGNI_NAMES)
    assert solution.problems == ("under-identified: f=~market, f=~risk",)


@pytest.mark.parametrize(
    "model",
    [
        "customer ~~ -1*customer\nrisk ~ customer",
        # A feedback loop with a gain of 1 has no total effects.
        "risk ~ 1*readiness + customer\nreadiness ~ 1*risk + market",
    ],
)
def test_a_model_that_implies_no_matrix_has_no_solution_and_says_so(model):
    solution = fit(model, MAGNI, 300, MAGNI_NAMES)
    assert not solution.converged
    assert solution.problems[0].startswith("not converged: no starting values")
    assert np.isnan(solution.measures.chi2)
    assert all(np.isnan(e.se) for e in solution.estimates)
    assert solution.modification_indices() == []


@pytest.mark.parametrize(
    ("n", "loading", "seed", "draw", "chi2"),
    [(200, 0.45, 5, 1424, 37.4216134), (200, 0.5, 1, 2344, 28.8616185)],
)
def test_a_saddle_is_left_for_the_minimum(n, loading, seed, draw, chi2):
    # From the common start, these draws reach points without gradient at chi-squares of 66.59 and
    # 50.27. Expected: lavaan 0.6-14, sem(model, sample.cov = S, sample.nobs = n,
    # sample.cov.rescale = FALSE).
    structure = compile_model(THREE_FACTORS)
    draws = weak_factor_draws(n, loading, seed)
    common = estimate(structure, draws.mean(axis=0)[None]).x[0]
    found = estimate(structure, draws[[draw]], start=common)
    assert found.converged[0]
    assert n * found.discrepancy[0] == pytest.approx(chi2, abs=1e-6)


def test_what_converges_is_a_minimum_with_usable_standard_errors():
    # Where no solution exists, points without gradient do, which lavaan 0.6-14 does not take for
    # solutions: of these it fits the first only, with a chi-square of 29.6947663.
    structure = compile_model(THREE_FACTORS)
    draws = weak_factor_draws(200, 0.45, 5)[[241, 461, 702, 829, 882, 1502, 2648, 2712]]
    found = estimate(structure, draws)
    assert found.converged.tolist() == [True] + 7 * [False]
    assert 200 * found.discrepancy[0] == pytest.approx(29.6947663, abs=1e-6)


def test_draws_in_long_valleys_converge_where_lavaan_does():
    # Chi-squares: lavaan 0.6-14, sem(model, sample.cov = S, sample.nobs = 200,
    # sample.cov.rescale = FALSE). Scoring zigzags in these for hundreds of iterations.
    structure = compile_model(THREE_FACTORS)
    draws = weak_factor_draws(200, 0.45, 5)[[274, 482, 538, 649, 851, 960]]
    found = estimate(structure, draws)
    assert found.converged.all()
    expected = [34.98374, 29.15171, 26.92933, 15.23726, 34.40086, 22.61417]
    assert 200 * found.discrepancy == pytest.approx(expected, abs=1e-5)


def three_items(r: float) -> np.ndarray:
    """Correlations of .3 of the first item with two others, which correlate `r`."""
    return np.array([[1, 0.3, 0.3], [0.3, 1, r], [0.3, r, 1]])


@pytest.mark.parametrize("r", [0.05, 0.02, 0.01])
def test_a_minimum_at_the_end_of_a_long_valley_is_found(r):
    # Spearman: the covariances of three items are products of two loadings each, so that the
    # factor's variance in the unit of the first is 0.3 * 0.3 / r, whatever that leaves for error.
    solution = fit("f =~ x1 + x2 + x3", three_items(r), 300, ["x1", "x2", "x3"], rescale=False)
    assert solution.problems == ("negative variance: x1~~x1",)
    assert solution["f ~~ f"].est == pytest.approx(0.09 / r, rel=1e-6)
    assert solution["f =~ x3"].est == pytest.approx(r / 0.3, rel=1e-6)


def test_a_model_without_a_minimum_is_given_up_soon(monkeypatch):
    # Spearman again: with r = 0, F falls towards 0 as the factor's variance grows, for ever.
    tried = []

    def counted(*arguments):
        tried.append(1)
        return discrepancy(*arguments)

    monkeypatch.setattr("retrace.sem.estimator.discrepancy", counted)
    solution = fit("f =~ x1 + x2 + x3", three_items(0.0), 300, ["x1", "x2", "x3"], rescale=False)
    assert solution.problems[0] == "not converged"
    # All starts together first, then one after the other.
    assert len(tried) <= PATIENCE + MAX_ITERATIONS_SINGLE + 3 * MAX_ITERATIONS


def test_a_parameter_without_any_information_is_not_scaled_up_to_some():
    # Algebra: with no variance of h and no effect on it, nothing depends on its loadings.
    structure = compile_model(THREE_FACTORS)
    sample = weak_factor_draws(200, 0.45, 5)[:1]
    x = estimate(structure, sample).x
    names = parameter_names(structure)
    x[0, names.index("h~~h")] = x[0, names.index("h~g")] = 1e-16
    info = information(structure, x, sample)
    singular, part = singular_directions(structure, info, sample)
    assert singular[0]
    assert part[0, [names.index("h=~x7"), names.index("h=~x8")]] == pytest.approx(1.0)
    assert np.isnan(parameter_covariance(structure, x, sample, 200)).all()


def test_a_loop_that_breaks_one_matrix_leaves_the_others_alone():
    structure = Structure(specify("a ~ p*b + x\nb ~ q*a + z"))
    x = np.tile(np.array([[0.3, 0.2, 0.3, 0.2, 1.0, 1.0]]), (3, 1))
    x[1, [0, 2]] = 1.0
    moments = structure.moments(x, np.tile(np.eye(4), (3, 1, 1)))
    assert np.isfinite(moments.sigma[[0, 2]]).all()
    assert np.isnan(moments.sigma[1]).any()
    np.testing.assert_array_equal(moments.sigma[0], moments.sigma[2])


def test_a_heywood_case_is_named():
    # Spearman: with one factor, the first squared loading is 0.9 * 0.9 / 0.65 = 1.246.
    r = np.array([[1, 0.9, 0.9], [0.9, 1, 0.65], [0.9, 0.65, 1]])
    solution = fit("f =~ a + b + c", r, 200, list("abc"), std_lv=True)
    assert solution.problems == ("negative variance: a~~a",)
    assert solution["f =~ a"].std ** 2 == pytest.approx(0.81 / 0.65, abs=1e-6)


@pytest.mark.parametrize(
    "model",
    [
        "f =~ a + b + 0.5*c; g =~ d + e + h; g ~ f",
        "f =~ a + b + l*c; g =~ d + e + h; l == 0.5; g ~ f",
    ],
)
def test_of_two_minima_the_lower_one_is_the_solution(model):
    # A loading far from what the units of a and c suggest leaves another minimum, at 89.929.
    # lavaan 0.6-14: sem(model, sample.cov = S, sample.nobs = 237) has chi-square 89.1397593.
    rows = [
        [1.118730602],
        [5.509471792, 126.010900895],
        [0.050622819, 0.408066749, 0.009568339917],
        [0.939952551, 14.607359739, 0.070519551, 32.196076136],
        [0.560608684, 7.853542271, 0.060985103, 4.462356557, 4.477617992],
        [0.067820132, 2.305141146, 0.004536079, 2.466586311, 0.911306191, 1.166906307],
    ]
    solution = fit(model, symmetric(rows), 237, list("abcdeh"))
    assert solution.measures.chi2 == pytest.approx(89.1397593, abs=1e-4)
    assert solution.problems == ("negative variance: c~~c",)


@pytest.mark.parametrize("unit", [1e-6, 1e-4, 1.0, 1e3, 1e6])
def test_what_is_wrong_with_a_solution_does_not_hang_on_units(unit):
    # Algebra: covariances in other units have the same solution in these units.
    sd = np.array([unit, 1.0, 1.0 / unit, unit])
    heywood = np.array([[1, 0.9, 0.9], [0.9, 1, 0.65], [0.9, 0.65, 1]]) * unit**2
    assert fit("f =~ a + b + c", heywood, 200, list("abc")).problems == ("negative variance: a~~a",)
    r = (0.5 + 0.5 * np.eye(4)) * np.outer(sd, sd)
    assert fit("f =~ a + b + c + d", r, 200, list("abcd")).problems == ()
    apart = fit("f =~ a + b; g =~ c + d; f ~~ 0*g", r, 200, list("abcd")).problems
    assert any(problem.startswith("under-identified") for problem in apart)
    lopsided = r.copy()
    lopsided[0, 1] *= 1.01
    with pytest.raises(ValueError, match="not symmetric"):
        fit("f =~ a + b + c + d", lopsided, 200, list("abcd"))


def test_a_correlation_of_factors_beyond_1_is_named():
    r = np.array([[1, 0.5, 0.6, 0.6], [0.5, 1, 0.6, 0.6], [0.6, 0.6, 1, 0.5], [0.6, 0.6, 0.5, 1]])
    solution = fit("f =~ a + b; g =~ c + d", r, 200, list("abcd"))
    assert solution.converged
    assert solution.problems == ("correlation beyond 1: f~~g",)
    assert solution["f ~~ g"].std == pytest.approx(1.2, abs=1e-6)


# Intervals ------------------------------------------------------------------------------------


def test_percentile_intervals_are_quantiles_of_what_converged():
    values = [np.nan, *np.linspace(0, 1, 1001)]
    assert percentile_interval(values) == pytest.approx((0.025, 0.975))


def test_bias_correction_moves_the_interval_away_from_the_draws_bias():
    # Efron (1982); in R: pnorm(2 * qnorm(.3) + c(-1, 1) * qnorm(.975)).
    values = np.linspace(0, 1, 100_001)
    low, high = bias_corrected_interval(values, 0.3)
    assert (low, high) == pytest.approx((0.0013115596, 0.8188952412), abs=2e-5)
    assert bias_corrected_interval(values, 0.5) == pytest.approx((0.025, 0.975), abs=1e-4)


def test_monte_carlo_intervals_are_those_of_a_product_of_normals():
    # MacKinnon, Lockwood and Williams (2004): the product of two independent normal estimates.
    structure = Structure(specify("m ~ a*x\ny ~ b*m + x\nab := a*b"))
    values = np.array([0.4, 0.3, 0.1, 1.0, 1.0])
    covariance = np.diag([0.1, 0.1, 0.1, 0.1, 0.1]) ** 2
    drawn = monte_carlo_draws(values, covariance, 200_000, np.random.default_rng(1))
    own = percentile_interval(defined_parameters(structure, drawn)["ab"][0])
    rng = np.random.default_rng(2)
    product = (0.4 + 0.1 * rng.normal(size=200_000)) * (0.3 + 0.1 * rng.normal(size=200_000))
    assert own == pytest.approx(percentile_interval(product), abs=0.002)


# Measurement error ----------------------------------------------------------------------------


@given(st.lists(st.floats(0.65, 1.0), min_size=5, max_size=5))
def test_closed_form_and_estimator_agree_on_errors_in_variables(reliabilities):
    rho = dict(zip(MAGNI_NAMES, reliabilities, strict=True))
    closed = regress_true_scores(MAGNI, [reliabilities[:4]], reliabilities[4], 300)
    model = single_indicator_model("readiness", PREDICTORS, rho)
    solution = fit(model, MAGNI, 300, MAGNI_NAMES, rescale=False)
    for k, name in enumerate(PREDICTORS):
        e = solution[f"true.readiness ~ true.{name}"]
        assert e.est == pytest.approx(closed.coefficients[0, k], abs=1e-8)
        assert e.se == pytest.approx(closed.errors[0, k], abs=1e-8)
        assert e.std == pytest.approx(closed.standardised[0, k], abs=1e-7)


def test_perfect_reliability_is_the_regression_itself():
    found = regress_true_scores(MAGNI, [[1.0] * 4], 1.0, 300)
    # An independent computation from table 4: t = 2.460, 1.951, 1.958, -2.565.
    t = found.coefficients[0] / found.errors[0] * np.sqrt(295 / 300)
    np.testing.assert_allclose(t, [2.460, 1.951, 1.958, -2.565], atol=5e-4)
    # R: summary(lm()) on MASS::mvrnorm(300, rep(0, 5), R, empirical = TRUE).
    from_r = [0.014476994, 0.052052941, 0.051220600, 0.010824584]
    np.testing.assert_allclose(found.p_values(300, "ols")[0], from_r, atol=1e-8)


def test_a_single_predictor_is_disattenuated_by_its_reliability():
    # Spearman (1904): r / sqrt(rho_x rho_y).
    found = regress_true_scores([[1.0, 0.3], [0.3, 1.0]], [[0.8]], 0.7, 100)
    assert found.coefficients[0, 0] == pytest.approx(0.3 / 0.8)
    assert found.standardised[0, 0] == pytest.approx(0.3 / np.sqrt(0.8 * 0.7))


def test_true_scores_that_cannot_have_the_correlations_are_told_apart():
    found = regress_true_scores([[1.0, 0.8], [0.8, 1.0]], [[0.9], [0.5]], 0.9, 100)
    assert found.possible.tolist() == [True, False]
    assert np.isnan(found.coefficients[1]).all()
    decisions = decide(found.coefficients[:, 0], found.p_values(100)[:, 0], 1, 0.05)
    assert decisions.tolist() == ["supported", "not attainable"]


def test_the_reliability_at_which_a_decision_changes_is_where_p_crosses_the_level():
    space = np.random.default_rng(1).uniform(0.6, 1.0, (500, 4))
    test = TrueScoreTest(MAGNI, 300, 1, "positive", 0.05)
    by_convention = {r.convention: r for r in robustness(test, 0.6, space)}
    ml, ols = by_convention["ml"], by_convention["ols"]
    assert (ml.decision, ols.decision) == ("supported", "not supported")
    at = regress_true_scores(MAGNI, [[ml.changes_at] * 4], 1.0, 300)
    assert at.p_values(300)[0, 1] == pytest.approx(0.05, abs=1e-6)
    assert np.isnan(ols.changes_at)
    assert 0 < ml.share_supported < 1
    assert ml.share_error == pytest.approx(
        np.sqrt(ml.share_supported * (1 - ml.share_supported) / 500)
    )


def test_where_true_scores_end_is_no_change_of_a_decision():
    # Algebra: true scores need r^2 <= rho of the predictor, here .64, and a disattenuated slope
    # .8 / rho that large stays significant up to there; of rho from .6 to 1, 9 in 10 are possible.
    space = np.linspace(0.6, 1.0, 4001)[:, None]
    test = TrueScoreTest([[1, 0.8], [0.8, 1]], 300, 0, "positive", 0.05)
    for found in robustness(test, 0.6, space):
        assert found.decision == "supported"
        assert np.isnan(found.changes_at)
        assert found.impossible_at == pytest.approx(0.64, abs=1e-6)
        assert found.share_supported == 1.0
        assert found.share_possible == pytest.approx(0.9, abs=1e-3)


def test_a_method_factor_takes_its_share_from_every_correlation():
    # Algebra: with loadings sqrt(m) on all scores, traits have covariances r - m, variances 1 - m.
    share = 0.1
    solution = fit(
        method_factor_model("readiness", PREDICTORS, share), MAGNI, 300, MAGNI_NAMES, rescale=False
    )
    traits = np.array(MAGNI) - share
    beta = np.linalg.solve(traits[:4, :4], traits[:4, 4])
    own = [solution[f"trait.readiness ~ trait.{name}"].est for name in PREDICTORS]
    np.testing.assert_allclose(own, beta, atol=1e-8)


@pytest.mark.parametrize(
    ("expected", "estimate", "low", "high", "sign"),
    [
        ("positive", 0.2, 0.1, 0.3, "agrees"),
        ("positive", -0.2, -0.3, -0.1, "opposes"),
        ("negative", -0.2, -0.3, -0.1, "agrees"),
        ("negative", 0.2, -0.1, 0.4, "open"),
        ("", 0.2, 0.1, 0.3, ""),
        ("positive", 0.2, np.nan, np.nan, ""),
    ],
)
def test_a_sign_agrees_or_opposes_only_where_the_interval_leaves_out_0(
    expected, estimate, low, high, sign
):
    assert compare_sign(expected, estimate, low, high) == sign


def test_an_alternative_is_checked_before_anything_runs():
    names = MAGNI_NAMES
    assert alternative_problems(names, "risk ~ customer\nreadiness ~ risk") == []
    assert "line 1, column 8" in alternative_problems(names, "risk ~ & customer")[0]
    assert "name of a construct" in alternative_problems(names, "risk =~ market + economic")[0]
    assert "'profit'" in alternative_problems(names, "profit ~ risk")[0]
    assert "`expected:`" in alternative_problems(names, "risk ~ customer", ["a1"])[0]
    assert alternative_problems(names, "risk ~ a1*customer", ["a1", "risk ~ customer"]) == []
    # What can be read and not be told apart is a finding about the model, and refuses nothing.
    assert alternative_problems(names, "f =~ risk + customer") == []


def test_recorded_answers_cover_every_published_case():
    assert set(recorded()) == set(published_cases())
