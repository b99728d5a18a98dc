"""Other defensible analyses: measurement, predictors, estimators, confounders, what overturns."""

from itertools import starmap

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regression_examples import CONSTRUCTS, N, magni_model, mtcars, printed_model, table_4_matrix
from scipy import stats

from retrace.decisions import (
    NOT_ATTAINABLE,
    NOT_SUPPORTED,
    SUPPORTED,
    UNDETERMINED,
    Hypothesis,
    critical_t,
    decide_printed,
    decide_range,
    supported_by_t,
)
from retrace.estimators.least_squares import ols_from_correlations
from retrace.estimators.measurement import (
    correct_for_method_variance,
    correct_for_unreliability,
    reliability_grid,
)
from retrace.provenance.streams import random_stream
from retrace.robustness.confounding import (
    adjusted_t,
    bias_to,
    bounds_from_covariate,
    confounding_table,
    impact_threshold,
    partial_r2,
    percent_bias,
    robustness_value,
    strongest,
)
from retrace.robustness.overturning import (
    first_crossing,
    overturning_table,
    partials_with_one_changed,
)
from retrace.robustness.specifications import (
    EQUATION,
    METHOD_VARIANCE,
    PREDICTORS,
    SpecificationResult,
    from_correlations,
    from_equations,
    robustness_table,
    specification_table,
)
from retrace.robustness.suppression import subsets_with, suppression_table

PREDICTORS_OF_MAGNI = CONSTRUCTS[:4]
HYPOTHESES = [
    Hypothesis(f"H{i}", term, "full", -1 if term == "risk" else 1, SUPPORTED)
    for i, term in enumerate(PREDICTORS_OF_MAGNI, start=1)
]


def sample(n=400, k=3, seed=7):
    stream = np.random.default_rng(seed)
    data = stream.normal(size=(n, k + 1))
    data[:, k] += 0.4 * data[:, 0] - 0.2 * data[:, 1]
    return data


# --- decisions ---------------------------------------------------------------------------------


def test_a_decision_needs_the_sign_and_the_level():
    # t(10) = 2.228 at 5 % two-sided (Fisher and Yates' table).
    assert supported_by_t(2.229, 1, 10, 0.05)
    assert not supported_by_t(2.227, 1, 10, 0.05)
    assert not supported_by_t(2.229, -1, 10, 0.05)
    assert supported_by_t(-2.229, -1, 10, 0.05)
    assert decide_range((2.2, 2.3), 1, 10, 0.05) == UNDETERMINED
    assert decide_range((2.3, 2.4), 1, 10, 0.05) == SUPPORTED
    assert decide_range((-2.4, -2.3), 1, 10, 0.05) == NOT_SUPPORTED


@pytest.mark.parametrize(
    ("estimate", "p", "decision"),
    [
        ("0.182", "0.015", SUPPORTED),
        ("0.129", "0.052", NOT_SUPPORTED),
        ("0.088", "0.050", UNDETERMINED),  # 0.0495 to 0.0505
        ("-0.162", "0.011", NOT_SUPPORTED),
        ("0.000", "0.011", UNDETERMINED),
        ("0.30", "<0.001", SUPPORTED),
    ],
)
def test_a_printed_p_decides_at_its_own_precision(estimate, p, decision):
    from retrace.printed.numbers import Printed

    assert decide_printed(1, Printed.parse(estimate), Printed.parse(p), 0.05) == decision


# --- measurement -------------------------------------------------------------------------------


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), k=st.integers(1, 5))
def test_perfect_reliability_and_no_marker_are_ordinary_least_squares(seed, k):
    R = np.corrcoef(np.random.default_rng(seed).normal(size=(40, k + 1)), rowvar=False)
    fit = ols_from_correlations(R, 40)
    corrected = correct_for_unreliability(R, 40, np.ones(k + 1))
    marked = correct_for_method_variance(R, 40, 0.0)
    for found in (corrected, marked):
        np.testing.assert_allclose(found.estimate, fit.beta, atol=1e-10)
        np.testing.assert_allclose(found.se, fit.beta_se, rtol=1e-8)
        np.testing.assert_allclose(found.p, fit.p, rtol=1e-7)


def test_one_predictor_is_corrected_for_attenuation():
    # Spearman (1904): r_true = r / sqrt(rel_x rel_y) = 0.3 / sqrt(0.8 * 0.5).
    R = np.array([[1, 0.3], [0.3, 1]])
    found = correct_for_unreliability(R, 100, np.array([0.8, 0.5]))
    assert found.estimate[0] == pytest.approx(0.3 / np.sqrt(0.4))


def test_two_predictors_give_the_regression_of_the_disattenuated_correlations():
    # Cohen et al. (2003, section 4.3): regress with every correlation corrected first.
    R = np.array([[1, 0.4, 0.3], [0.4, 1, 0.2], [0.3, 0.2, 1]])
    reliability = np.array([0.8, 0.7, 0.9])
    corrected = R / np.sqrt(np.outer(reliability, reliability))
    np.fill_diagonal(corrected, 1.0)
    expected = ols_from_correlations(corrected, 100).beta
    found = correct_for_unreliability(R, 100, reliability)
    np.testing.assert_allclose(found.estimate, expected, atol=1e-12)


def test_the_standard_error_under_unreliability_is_that_of_repeated_samples():
    # Simulated: true scores x1, x2 (r = 0.4), errors of variance 1 - rel, known reliabilities.
    stream = random_stream(11, "test", "unreliability")
    n, rel = 200, np.array([0.8, 0.7, 1.0])
    true = np.array([[1, 0.4, 0.36], [0.4, 1, 0.3], [0.36, 0.3, 1]])
    observed = true * np.sqrt(np.outer(rel, rel))
    np.fill_diagonal(observed, 1.0)
    L = np.linalg.cholesky(observed)
    data = stream.standard_normal((4000, n, 3)) @ L.T
    data -= data.mean(axis=1, keepdims=True)
    S = np.swapaxes(data, 1, 2) @ data / (n - 1)
    M = S[:, :2, :2].copy()
    M[:, [0, 1], [0, 1]] *= rel[:2]
    slopes = np.linalg.solve(M, S[:, :2, 2:])[..., 0]
    found = correct_for_unreliability(observed, n, rel)
    per_slope = found.se / np.sqrt(rel[:2] / rel[2])
    np.testing.assert_allclose(slopes.std(axis=0), per_slope, rtol=0.06)


def test_the_marker_is_taken_out_of_every_correlation():
    # Lindell and Whitney (2001), eq. 4: (0.30 - 0.10) / (1 - 0.10); eq. 5: t with n - 3 df.
    r = (0.30 - 0.10) / 0.90
    found = correct_for_method_variance(np.array([[1, 0.3], [0.3, 1]]), 103, 0.10)
    assert found.estimate[0] == pytest.approx(r)
    assert found.t[0] == pytest.approx(r / np.sqrt((1 - r**2) / 100))
    assert found.df == 100


def test_corrections_that_leave_no_correlation_matrix_are_missing():
    R = np.array([[1, 0.8, 0.8], [0.8, 1, 0.3], [0.8, 0.3, 1]])
    assert np.isnan(correct_for_unreliability(R, 100, np.full(3, 0.6)).p).all()
    assert np.isnan(correct_for_method_variance(table_4_matrix(), N, 0.3).p).all()


@pytest.mark.parametrize("reliability", [0.0, 1.1, -0.5])
def test_impossible_reliabilities_are_refused(reliability):
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        correct_for_unreliability(np.eye(2), 50, np.full(2, reliability))
    with pytest.raises(ValueError, match="at least 0 and below 1"):
        correct_for_method_variance(np.eye(2), 50, -0.1)


def test_the_reliability_sample_fills_its_range_evenly():
    points = reliability_grid(4, 0.6, 64)
    assert points.shape == (64, 5)
    assert (points >= 0.6).all()
    assert (points <= 1.0).all()
    # Each quarter of each axis gets close to its 16 of the 64 points.
    counts = [np.histogram(column, bins=4, range=(0.6, 1.0))[0] for column in points.T]
    assert np.min(counts) >= 13
    assert np.max(counts) <= 19


# --- predictors --------------------------------------------------------------------------------


def test_two_hypotheses_of_magni2022_hold_only_in_each_others_company():
    # Computed independently: customer and risk alone in one regression 2.54 and -2.30, each
    # without any other predictor 1.70 and -1.32.
    table = suppression_table(table_4_matrix(), N, PREDICTORS_OF_MAGNI, HYPOTHESES, 0.05)
    mutual = table[table.mutual]
    assert set(zip(mutual.term, mutual.other, strict=True)) == {
        ("customer", "risk"),
        ("risk", "customer"),
    }
    assert mutual.grows.all()
    assert mutual.supported_with.all()
    assert not mutual.supported_without.any()
    assert set(mutual.decision_with) == {"supported"}
    assert set(mutual.decision_without) == {"not supported"}
    rows = pd.DataFrame(
        [row for h in HYPOTHESES for row in from_correlations(magni_model(), h, 0.05)]
    )
    rows = rows[rows.family == PREDICTORS].set_index(["hypothesis", "specification"])
    t = (rows.estimate / rows.se).round(2)
    assert t["H1", "with risk"] == 2.54
    assert t["H4", "with customer"] == -2.30
    assert t["H1", "alone"] == 1.70
    assert t["H4", "alone"] == -1.32


def test_all_subsets_hold_the_term_and_each_comes_once():
    subsets = subsets_with(1, 4)
    assert len(set(subsets)) == len(subsets) == 8
    assert all(1 in subset for subset in subsets)
    many = subsets_with(0, 16)
    assert len(set(many)) == len(many)
    assert tuple(range(16)) in many


def test_the_equations_as_written_decide_the_other_way_round():
    # One predictor each (section 4.4 of the paper): H2 and H3 hold, H1 and H4 do not.
    cells = {
        name: printed_model(f"{name}_alone", "readiness", [name], N, _cells())
        for name in PREDICTORS_OF_MAGNI
    }
    models = {"full": magni_model(), **{f"{name}_alone": model for name, model in cells.items()}}
    rows = [row for h in HYPOTHESES for row in from_equations(models, h, 0.05)]
    assert [row[:3] for row in rows] == [(h.name, EQUATION, f"{h.term}_alone") for h in HYPOTHESES]
    assert [row.decision for row in rows] == [NOT_SUPPORTED, SUPPORTED, SUPPORTED, NOT_SUPPORTED]


def _cells():
    from regression_examples import table_4

    return table_4()


def test_a_share_counts_the_analyses_that_decide_each_once():
    rows = [("H1", PREDICTORS, str(i), 0.1 + i, 0.05, 0.04, SUPPORTED, 50, "") for i in range(3)]
    rows += [("H1", EQUATION, "alone", 0.1, 0.06, 0.2, NOT_SUPPORTED, 50, "")]
    rows += [("H1", METHOD_VARIANCE, "marker 0.00", 0.1, 0.05, 0.04, SUPPORTED, 50, "")]
    rows += [("H1", METHOD_VARIANCE, "marker 0.30", *[np.nan] * 3, NOT_ATTAINABLE, 49, "no matrix")]
    # Like the first but for its degrees of freedom: another analysis.
    rows += [("H1", METHOD_VARIANCE, "marker 0.05", 0.1, 0.05, 0.04, SUPPORTED, 49, "")]
    specifications = specification_table(list(starmap(SpecificationResult, rows)), HYPOTHESES)
    repeats = specifications.set_index("specification").repeats
    assert repeats[repeats != ""].to_dict() == {"marker 0.00": "predictors: 0"}
    table = robustness_table(specifications).set_index("family")
    columns = ["specifications", "supported", "share", "not_attainable", "repeats", "pooled_share"]
    assert table.loc[PREDICTORS, columns].tolist() == [3, 3, 1.0, 0, 0, 1.0]
    assert table.loc[METHOD_VARIANCE, columns].tolist() == [1, 1, 1.0, 1, 1, 1.0]
    # Three families: (0 + 1 + 1) / 3; five analyses, four of which support.
    assert table.loc["all", columns].tolist() == [5, 4, 2 / 3, 1, 1, 0.8]


def test_a_family_that_decides_nothing_has_no_share():
    nothing = ("marker 0.30", *[np.nan] * 3, NOT_ATTAINABLE, 49, "no matrix")
    rows = [SpecificationResult("H1", METHOD_VARIANCE, *nothing)]
    table = robustness_table(specification_table(rows, HYPOTHESES)).set_index("family")
    assert table.specifications.tolist() == [0, 0]
    assert table[["share", "pooled_share"]].isna().all(axis=None)


def test_no_specification_is_left_out_without_a_word():
    # Table 4 of magni2022 less a marker of 0.30 has a negative eigenvalue.
    table = specification_table(
        [row for h in HYPOTHESES for row in from_correlations(magni_model(), h, 0.05)], HYPOTHESES
    )
    assert np.linalg.eigvalsh((table_4_matrix() - 0.3) / 0.7)[0] < 0
    own = table[table.family == METHOD_VARIANCE]
    markers = [f"marker {value:.2f}" for value in np.arange(0, 0.301, 0.05)]
    assert own[own.hypothesis == "H1"].specification.tolist() == markers
    idle = table[table.decision == NOT_ATTAINABLE]
    assert set(idle.specification) == {"marker 0.30"}
    assert set(idle.problem) == {"the adjusted correlations are no correlation matrix"}
    assert idle[["estimate", "se", "p"]].isna().all(axis=None)
    # The first of each range is the analysis as reported.
    fit = ols_from_correlations(table_4_matrix(), N)
    for first in ("marker 0.00", "all 1.00"):
        found = table[table.specification == first]
        np.testing.assert_allclose(found.p, fit.p, rtol=1e-7)
        assert (found.df == 295).all()


def test_a_sample_too_small_for_a_marker_says_so():
    cells = np.array([[1, 0.3], [0.3, 1]])
    found = correct_for_method_variance(cells, 3, np.array([0.0, 0.1]))
    assert found.df.tolist() == [1, 0]
    assert np.isfinite(found.p[0]).all()
    assert np.isnan(found.p[1]).all()


# --- overturning -------------------------------------------------------------------------------


def test_each_overturning_change_does_overturn():
    R = table_4_matrix()
    table = overturning_table(R, N, PREDICTORS_OF_MAGNI, "readiness", HYPOTHESES, 0.05)
    table = table.set_index(["hypothesis", "change"])
    fit = ols_from_correlations(R, N)
    for j, h in enumerate(HYPOTHESES):
        now = bool(supported_by_t(fit.t[j], h.sign, fit.df, 0.05))
        reliability = table.to[h.name, "reliability of all constructs"]
        if not np.isnan(reliability):
            there = correct_for_unreliability(R, N, np.full(5, reliability))
            before = correct_for_unreliability(R, N, np.full(5, reliability + 1e-3))
            assert bool(supported_by_t(there.t[j], h.sign, there.df, 0.05)) != now
            assert bool(supported_by_t(before.t[j], h.sign, before.df, 0.05)) == now
        size = int(table.to[h.name, "sample size"])
        rho = fit.t[j] / np.sqrt(fit.t[j] ** 2 + fit.df)
        step = 1 if now else -1
        for n, expected in ((size, not now), (size + step, now)):
            t = rho * np.sqrt((n - 5) / (1 - rho**2))
            assert bool(supported_by_t(t, h.sign, n - 5, 0.05)) == expected
        change = table.loc[(h.name, "one correlation")]
        names = [*PREDICTORS_OF_MAGNI, "readiness"]
        a, b = (names.index(name) for name in change.detail.split(" and "))
        moved = R.copy()
        moved[a, b] = moved[b, a] = change.to
        assert bool(supported_by_t(ols_from_correlations(moved, N).t[j], h.sign, 295, 0.05)) != now
        left = table.detail[h.name, "predictors left out"].split(", ")
        kept = [i for i, name in enumerate(PREDICTORS_OF_MAGNI) if name not in left]
        smaller = ols_from_correlations(R[np.ix_([*kept, 4], [*kept, 4])], N)
        assert bool(supported_by_t(smaller.t[kept.index(j)], h.sign, smaller.df, 0.05)) != now
    # H3 turns inside the rounding box of three decimals (half width 0.0005), H2 just outside.
    assert table.to["H3", "every correlation, by up to"] < 0.0005
    assert table.to["H2", "every correlation, by up to"] > 0.0005


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), k=st.integers(1, 5))
def test_a_changed_correlation_gives_the_regression_of_the_changed_matrix(seed, k):
    R = np.corrcoef(np.random.default_rng(seed).normal(size=(30, k + 1)), rowvar=False)
    a, b = np.triu_indices(k + 1, 1)
    changes = 0.01 * np.arange(1, 101)[:, None]
    rho, definite = partials_with_one_changed(R, 0, a, b, changes)
    for step in range(0, 100, 9):
        for cell in range(len(a)):
            moved = R.copy()
            moved[a[cell], b[cell]] = moved[b[cell], a[cell]] = (
                R[a[cell], b[cell]] + changes[step, 0]
            )
            smallest = np.linalg.eigvalsh(moved)[0]
            if abs(smallest) > 1e-6:
                assert definite[step, cell] == (smallest > 0)
            if definite[step, cell] and smallest > 1e-6:
                t = ols_from_correlations(moved, 30).t[0]
                expected = t / np.sqrt(t**2 + 30 - k - 1)
                assert rho[step, cell] == pytest.approx(expected, abs=1e-8)
            elif not definite[step, cell]:
                assert np.isnan(rho[step, cell])


def test_next_to_singular_matrices_an_amount_is_proven_and_a_larger_one_found():
    # Motor Trend 1974 (R's mtcars), mpg on all others, least eigenvalue 0.022. Sequential quadratic
    # programming (SciPy's SLSQP, twelve starts) gets 0.002360 for disp to become significant.
    names, R, n = mtcars()
    hypotheses = [Hypothesis("H", "disp", "m", 1, "supported")]
    table = overturning_table(R, n, names[:-1], "mpg", hypotheses, 0.05)
    row = table.set_index("change").loc["every correlation, by up to"]
    assert 0 < row.to < 0.002360
    assert float(row.detail.removeprefix("found at ")) == pytest.approx(0.002360, rel=2e-3)


def test_a_way_that_ends_before_the_decision_turns_has_no_crossing():
    """A marker of 0.278 makes Table 4 of magni2022 indefinite; H4 is supported up to there."""
    assert np.isnan(first_crossing(lambda value: True if value < 0.5 else None, 0.0, 1.0))
    assert first_crossing(lambda v: v < 0.3 if v < 0.5 else None, 0.0, 1.0) == pytest.approx(0.3)
    R = table_4_matrix()
    table = overturning_table(R, N, PREDICTORS_OF_MAGNI, "readiness", HYPOTHESES, 0.05)
    markers = table[table["change"].str.contains("marker")].set_index("hypothesis")["to"]
    assert np.isnan(markers["H4"])
    assert markers["H1"] < 0.1


def test_a_crossing_is_found_where_it_is():
    assert first_crossing(lambda x: x < 0.3217, 0.0, 1.0) == pytest.approx(0.3217, abs=1e-9)
    assert np.isnan(first_crossing(lambda x: True, 0.0, 1.0))


# --- confounding -------------------------------------------------------------------------------


@pytest.mark.parametrize("q", [None, 1.0, 0.5, 0.25])
@pytest.mark.parametrize(("t", "df"), [(4.18445, 783), (-2.0, 20), (30.0, 10), (0.0, 50)])
def test_a_confounder_of_the_robustness_value_takes_the_share_q_of_the_estimate(t, df, q):
    # Cinelli and Hazlett (2020, section 4.2): bias over the estimate is
    # sqrt(rv * rv / (1 - rv)) sqrt(df) / |t|; without q all of it is taken.
    value = robustness_value(t, df) if q is None else robustness_value(t, df, q)
    taken = np.sqrt(value * value / (1 - value)) * np.sqrt(df)
    assert taken == pytest.approx((1.0 if q is None else q) * abs(t), rel=1e-9, abs=1e-12)
    assert 0 <= value < 1


@pytest.mark.parametrize(("t", "df"), [(3.0, 10), (2.5, 40), (4.0, 5), (8.0, 4)])
@pytest.mark.parametrize("level", [0.05, 0.10])
def test_no_confounder_of_the_robustness_value_leaves_less_than_the_critical_t(t, df, level):
    # By enumeration of the outcome's share up to the value (Cinelli and Hazlett 2020, section 4.3):
    # all of it, or less where that widens the error too much. One degree of freedom is taken.
    value = robustness_value(t, df, level=level)
    left = adjusted_t(t, df, value, np.linspace(0, value, 200_001)).min()
    assert left == pytest.approx(stats.t.ppf(1 - level / 2, df - 1), rel=1e-8)
    assert robustness_value(-t, df, level=level) == value


def test_the_darfur_example_of_sensemakr():
    # Cinelli and Hazlett (2020, section 5) and the tests of their program sensemakr: t = 4.18445
    # with 783 df; benchmark covariate `female` one to three times as strong.
    t, df = 4.18445, 783
    assert partial_r2(t, df) == pytest.approx(0.02187, abs=1e-5)
    assert robustness_value(t, df) == pytest.approx(0.13878, abs=1e-5)
    assert robustness_value(t, df, level=0.05) == pytest.approx(0.07626, abs=1e-5)
    published = [
        (1, 0.00916428667504862, 0.12464092303637, 3.43890386024675),
        (2, 0.0183285733500972, 0.249324064199975, 2.60024623913809),
        (3, 0.0274928600251459, 0.374050471038094, 1.62806202131271),
    ]
    treatment = published[0][1] / (1 + published[0][1])
    # The covariate's partial R2 with the outcome, from the first published bound.
    low, high = 0.0, 0.5
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (
            (middle, high)
            if bounds_from_covariate(treatment, middle)[1] < published[0][2]
            else (low, middle)
        )
    for strength, r2_treatment, r2_outcome, t_adjusted in published:
        found = bounds_from_covariate(treatment, low, strength)
        assert found == pytest.approx((r2_treatment, r2_outcome), rel=1e-9)
        assert adjusted_t(t, df, *found) == pytest.approx(t_adjusted, rel=1e-5)


def test_the_example_of_konfound():
    # Documentation of konfound: estimate 2, SE 0.4, n = 100, 3 covariates: 60.3 % of the estimate
    # would have to be bias; a confounder needs correlations of 0.568 with both.
    t, df = 2 / 0.4, 100 - 3 - 2
    assert percent_bias(t, df) == pytest.approx(60.3, abs=0.05)
    assert np.sqrt(impact_threshold(t, df)) == pytest.approx(0.568, abs=5e-4)


def test_an_insignificant_estimate_has_no_robustness_to_lose():
    assert robustness_value(1.5, 100, level=0.05) == 0.0
    assert impact_threshold(1.5, 100) < 0
    assert bias_to(1.5, 100) == "sustain"


@settings(deadline=None, max_examples=100)
@given(t=st.floats(-30, 30), df=st.integers(3, 5000), level=st.sampled_from([0.01, 0.05, 0.10]))
def test_a_confounder_of_the_threshold_s_impact_leaves_exactly_the_critical_correlation(
    t, df, level
):
    # Algebra. A confounder's partial correlations a with treatment and b with outcome leave the
    # partial correlation (r - ab) / sqrt((1 - a^2)(1 - b^2)); |a| = |b| at the threshold (Frank
    # 2000), with opposite signs where the confounder suppresses.
    k = impact_threshold(t, df, level)
    a = np.sqrt(abs(k))
    b = np.copysign(a, k)
    r = abs(t) / np.sqrt(t**2 + df - 1)
    left = (r - a * b) / np.sqrt((1 - a**2) * (1 - b**2))
    critical = stats.t.ppf(1 - level / 2, df)
    assert left == pytest.approx(critical / np.sqrt(critical**2 + df - 1), rel=1e-9)
    assert (k < 0) == (bias_to(t, df, level) == "sustain")


def test_what_an_insignificant_estimate_lacks_is_that_of_konfound():
    # By hand with the formulas of pkonfound (Xu et al. 2019): (r - r*) / (1 + r*) for r = .2 at
    # n = 40, and the percentage to sustain an inference for r = .05 at n = 300; one predictor.
    def t_of(r, n):
        return r * np.sqrt((n - 2) / (1 - r**2))

    assert impact_threshold(t_of(0.2, 40), 38) == pytest.approx(-0.0860, abs=5e-5)
    assert percent_bias(t_of(0.05, 300), 298) == pytest.approx(56.1, abs=0.05)


def test_a_confounder_as_strong_as_the_other_would_undo_h1_and_h4():
    table = confounding_table(table_4_matrix(), N, PREDICTORS_OF_MAGNI, HYPOTHESES, 0.05)
    once = table[table.strength == 1.0].set_index("hypothesis")
    assert once.benchmark["H1"] == "risk"
    assert once.benchmark["H4"] == "customer"
    assert (once.decision_adjusted == NOT_SUPPORTED).all()
    assert (once.t_adjusted.abs() < once.t.abs()).all()


def test_a_confounder_that_cannot_exist_is_named_and_the_weaker_one_still_bounds():
    # Partial R2 of the predictors with each other is 0.6^2: Cinelli and Hazlett's bound, strength
    # times R2 / (1 - R2), exceeds all of the treatment's variance at twice, not at once.
    R = np.array([[1, 0.6, 0.5], [0.6, 1, 0.4], [0.5, 0.4, 1]])
    table = confounding_table(R, 100, ["x", "z"], [Hypothesis("H1", "x", "m", 1, SUPPORTED)], 0.05)
    assert (table.benchmark == "z").all()
    assert table.benchmark_r2_treatment[0] == pytest.approx(0.36 / 0.64)
    assert table.problem[0] == ""
    assert table.problem[1].startswith("a confounder 2 times as strong would explain more than all")
    assert table.t_adjusted.isna().tolist() == [False, True, True]


def test_a_confounder_works_against_the_hypothesis_not_against_the_estimate():
    # Published above: the estimate against its own sign is the estimate for the other hypothesis.
    R = np.array([[1, 0.3, 0.3], [0.3, 1, 0.3], [0.3, 0.3, 1]])
    signs = [Hypothesis(f"H{sign}", "x", "m", sign, SUPPORTED) for sign in (1, -1)]
    table = confounding_table(R, 100, ["x", "z"], signs, 0.05)
    found = table[table.strength == 1.0].set_index("hypothesis")
    fit = ols_from_correlations(R, 100)
    assert found.t_adjusted["H1"] < fit.t[0] < found.t_adjusted["H-1"]
    # No confounder that works against a hypothesis can support it.
    assert (found.decision_adjusted == NOT_SUPPORTED).all()


def test_a_confounder_takes_a_degree_of_freedom_of_the_decision_too():
    # By hand: the other predictor is next to nothing, so t = 4.52 of 3 degrees of freedom becomes
    # t sqrt(2 / 3) = 3.69 of 2, between the critical t of 3 degrees, 3.18, and of 2, 4.30.
    R = np.array([[1, 0, 0.934], [0, 1, 0.001], [0.934, 0.001, 1]])
    table = confounding_table(R, 6, ["x", "z"], [Hypothesis("H1", "x", "m", 1, SUPPORTED)], 0.05)
    once = table[table.strength == 1.0].iloc[0]
    assert stats.t.ppf(0.975, 3) < once.t_adjusted < stats.t.ppf(0.975, 2)
    assert once.t_adjusted == pytest.approx(once.t * np.sqrt(2 / 3), rel=0.01)
    assert once.decision_adjusted == NOT_SUPPORTED


def test_a_predictor_stronger_than_any_confounder_is_the_benchmark():
    # Of the first, with partial R2 of 0.6 with the treatment, none can be as strong.
    assert strongest(3.0, 50, 1, {0: (0.6, 0.1), 1: (0.3, 0.3)}) == 0
    assert strongest(3.0, 50, 1, {0: (0.05, 0.01), 1: (0.3, 0.3)}) == 1


@pytest.mark.parametrize("df", [2, 20, 783])
def test_at_the_critical_t_the_inference_can_only_be_invalidated(df):
    # p = level is supported, and so there is something to lose, if nothing at all.
    critical = critical_t(0.05, df)
    assert bias_to(critical, df) == bias_to(-critical, df) == "invalidate"
    assert bias_to(np.nextafter(critical, 0), df) == "sustain"
    assert percent_bias(critical, df) == 0
    assert impact_threshold(critical, df) == pytest.approx(0, abs=1e-12)


def test_a_confounder_of_more_than_the_outcome_is_refused():
    # By hand: eta^2 = (1 + 1/9)^2 / (1 - 0.01 / 0.81) = 1.25, times 0.6 / 0.4 is 1.875.
    with pytest.raises(ValueError, match="more than all of the outcome's variance"):
        bounds_from_covariate(0.1, 0.6)
    assert bounds_from_covariate(0.1, 0.4)[1] == pytest.approx(1.25 * 0.4 / 0.6)


def test_a_single_predictor_has_no_benchmark():
    R = np.array([[1, 0.3], [0.3, 1]])
    table = confounding_table(R, 100, ["x"], [Hypothesis("H1", "x", "m", 1, SUPPORTED)], 0.05)
    assert (table.benchmark == "").all()
    assert (table.problem == "no other predictor").all()
    with pytest.raises(ValueError, match="more than all of the treatment's variance"):
        bounds_from_covariate(0.6, 0.1)
