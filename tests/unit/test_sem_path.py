"""Path models: algebra of least squares, and the table of Magni et al. (2022)."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from sem_reference import BLAU_DUNCAN, BLAU_DUNCAN_MODEL, BLAU_DUNCAN_NAMES, MAGNI, MAGNI_NAMES

from retrace.sem import fit, fit_data
from retrace.sem.estimator import estimate
from retrace.sem.fitting import compile_model

PATH_MODEL = "readiness ~ customer + market + economic + risk"
PREDICTORS = ["customer", "market", "economic", "risk"]


@pytest.fixture(scope="module")
def solution():
    return fit(PATH_MODEL, MAGNI, 300, MAGNI_NAMES)


def ols():
    """Standardised coefficients and standard errors from the normal equations."""
    r = np.array(MAGNI)
    inverse = np.linalg.inv(r[:4, :4])
    beta = inverse @ r[:4, 4]
    residual = (1 - r[4, :4] @ beta) / (300 - 4 - 1)
    return beta, np.sqrt(residual * np.diag(inverse))


def test_coefficients_of_a_path_model_are_those_of_least_squares(solution):
    beta, _ = ols()
    own = [solution[f"readiness ~ {name}"].est for name in PREDICTORS]
    np.testing.assert_allclose(own, beta, atol=1e-12)


def test_standard_errors_are_those_of_least_squares_times_the_root_of_295_300(solution):
    _, se = ols()
    own = [solution[f"readiness ~ {name}"].se for name in PREDICTORS]
    np.testing.assert_allclose(own, se * np.sqrt(295 / 300), rtol=1e-9)


def test_the_t_values_that_table_5_prints_follow_up_to_its_own_error(solution):
    # Table 5 of the paper prints t = 2.451, 1.950, 1.968, -2.566; an independent computation from
    # table 4 gives t = 2.460, 1.951, 1.958, -2.565.
    t = [solution[f"readiness ~ {n}"].z * np.sqrt(295 / 300) for n in PREDICTORS]
    np.testing.assert_allclose(t, [2.460, 1.951, 1.958, -2.565], atol=5e-4)


def test_a_saturated_path_model_has_no_degrees_of_freedom_and_fits(solution):
    m = solution.measures
    assert (m.df, m.baseline_df) == (0, 4)
    assert (m.cfi, m.tli, m.rmsea, m.srmr) == pytest.approx((1, 1, 0, 0), abs=1e-9)
    assert np.isnan(m.p)
    assert np.isnan(m.p_close)
    assert solution.r_squared["readiness"] == pytest.approx(0.0530, abs=5e-5)


def test_occupational_attainment_has_the_published_path_coefficients():
    # Blau and Duncan (1967), figure 5.1: .310, .279; .440, .224; .281, .394, .115.
    solution = fit(BLAU_DUNCAN_MODEL, BLAU_DUNCAN, 20700, BLAU_DUNCAN_NAMES)
    published = {
        "education ~ father_edu": 0.310,
        "education ~ father_occ": 0.279,
        "first_job ~ education": 0.440,
        "first_job ~ father_occ": 0.224,
        "occupation ~ first_job": 0.281,
        "occupation ~ education": 0.394,
        "occupation ~ father_occ": 0.115,
    }
    for name, value in published.items():
        assert solution[name].std == pytest.approx(value, abs=0.0015), name
    assert solution["through_first_job"].est == pytest.approx(0.440 * 0.281, abs=0.001)


def test_an_indirect_effect_has_sobels_standard_error():
    # Sobel (1982): var(ab) = a^2 var(b) + b^2 var(a), where a and b are independent.
    model = "risk ~ a*customer\nreadiness ~ b*risk + customer\nindirect := a*b"
    solution = fit(model, MAGNI, 300, MAGNI_NAMES)
    a, b, indirect = solution["a"], solution["b"], solution["indirect"]
    assert indirect.est == pytest.approx(a.est * b.est, abs=1e-14)
    assert indirect.se == pytest.approx(np.hypot(a.est * b.se, b.est * a.se), rel=1e-10)


def test_data_and_their_covariance_matrix_give_the_same_solution():
    rng = np.random.default_rng(5)
    data = rng.normal(size=(80, 3)) @ rng.normal(size=(3, 3))
    names = ["a", "b", "c"]
    from_data = fit_data("c ~ a + b", data, names)
    from_matrix = fit("c ~ a + b", np.cov(data, rowvar=False), 80, names)
    assert from_data["c ~ a"].est == pytest.approx(from_matrix["c ~ a"].est, rel=1e-10)
    assert from_data["c ~ a"].se == pytest.approx(from_matrix["c ~ a"].se, rel=1e-10)


@pytest.mark.parametrize(
    ("matrix", "n", "names", "message"),
    [
        (MAGNI, 300, MAGNI_NAMES[:4], "does not fit 4 names"),
        (MAGNI, 300, ["a", *MAGNI_NAMES[1:]], "'customer' is not in the matrix"),
        (MAGNI, 5, MAGNI_NAMES, "too few"),
        (np.ones((5, 5)), 300, MAGNI_NAMES, "not positive definite"),
        (np.triu(MAGNI), 300, MAGNI_NAMES, "not symmetric"),
        (np.diag([np.nan, 1, 1, 1, 1]), 300, MAGNI_NAMES, "missing or infinite values"),
        (MAGNI, 300, ["market", "market", "economic", "risk", "readiness"], "'customer' is not"),
    ],
)
def test_a_matrix_that_cannot_be_fitted_is_refused(matrix, n, names, message):
    with pytest.raises(ValueError, match=message):
        fit(PATH_MODEL, matrix, n, names)


def test_importing_the_package_loads_none_of_the_heavy_libraries():
    heavy = ["pandas", "scipy", "semopy", "statsmodels", "matplotlib", "pydantic"]
    code = f"import sys, retrace.sem; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_with_path()
    )
    assert found.stdout.strip() == "[]"


def _with_path():
    import os

    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("c ~ a + b", True),
        ("b ~ a\nc ~ 0.5*a + b\nd ~ c + a", True),
        ("b ~ a\nc ~ a\nb ~~ 0*c", False),
        ("b ~ a\nc ~ a\nb ~~ c", False),
        ("b ~ p*a\nc ~ p*a", False),
        ("b ~ c + a\nc ~ b + d", False),
        ("c ~ p*a + q*b\np == q", False),
        ("f =~ a + b + c\nd ~ f", False),
    ],
)
def test_regressions_of_their_own_are_told_from_other_models(model, expected):
    assert compile_model(model).is_of_regressions is expected


def test_regressions_of_their_own_end_at_least_squares_from_wherever_they_start():
    """Algebra: F is least where each equation's coefficients are those of its least squares."""
    rng = np.random.default_rng(20261130)
    structure = compile_model("b ~ a\nc ~ a + b\nd ~ c + a")
    for _ in range(20):
        matrix = np.cov(rng.standard_normal((30, 4)) @ rng.standard_normal((4, 4)), rowvar=False)
        start = rng.normal(0, 2, structure.q)
        start[[parameter.is_variance for parameter in _free(structure)]] = rng.uniform(0.1, 9)
        found = estimate(structure, matrix[None], start=start)
        assert found.converged[0]
        for e in structure.directed:
            x = [other.column for other in structure.directed if other.row == e.row]
            least = np.linalg.solve(matrix[np.ix_(x, x)], matrix[x, e.row])
            own = structure.row_values(found.x, matrix[None])[0, e.table_row]
            assert own == pytest.approx(least[x.index(e.column)], abs=1e-7)


def _free(structure):
    return [structure.specification.parameters[rows[0]] for rows in structure.free]
