"""Every number of a fit against lavaan's, recorded and, where R is there, live."""

from __future__ import annotations

import numpy as np
import pytest
from sem_reference import Case, ask_lavaan, published_cases, recorded, why_no_lavaan

from retrace.sem import Fit, fit
from retrace.sem.modification import candidates
from retrace.sem.specification import Parameter

CASES = list(published_cases())
# lavaan's name for what FitMeasures calls otherwise.
MEASURES = {
    "chi2": "chisq",
    "df": "df",
    "p": "pvalue",
    "baseline_chi2": "baseline.chisq",
    "baseline_df": "baseline.df",
    "cfi": "cfi",
    "tli": "tli",
    "rmsea": "rmsea",
    "rmsea_low": "rmsea.ci.lower",
    "rmsea_high": "rmsea.ci.upper",
    "p_close": "rmsea.pvalue",
    "srmr": "srmr",
    "log_likelihood": "logl",
    "npar": "npar",
    "aic": "aic",
    "bic": "bic",
    "sabic": "bic2",
}
ESTIMATE_TOLERANCE = 1e-5
OBJECTIVE_TOLERANCE = 1e-8


def fitted(case: Case) -> Fit:
    return fit(
        case.model,
        case.matrix,
        case.n,
        case.names,
        std_lv=case.std_lv,
        rescale=case.rescale,
    )


def scale_of(case: Case) -> float:
    """Estimates are compared in units of the data: Wheaton's index has a variance of 450."""
    return float(np.sqrt(np.max(np.diag(case.matrix))))


def assert_estimates_agree(solution: Fit, answer: dict, scale: float) -> None:
    compared = 0
    # lavaan's optimiser stops short of the minimum by `gap`; that is what its estimates may be off.
    gap = max(answer["measures"]["fmin"] - solution.discrepancy / 2, 0.0)
    assert gap < OBJECTIVE_TOLERANCE
    short = np.sqrt(2 * solution.n * gap)
    for row in answer["estimates"]:
        op = row["op"]
        if op == "==":
            continue
        name = row["lhs"] if op == ":=" else f"{row['lhs']} {op} {row['rhs']}"
        own = solution[name]
        tolerance = ESTIMATE_TOLERANCE * scale + short * (own.se if own.se > 0 else 0.0)
        assert own.est == pytest.approx(row["est"], abs=tolerance), name
        assert own.std == pytest.approx(row["std.all"], abs=ESTIMATE_TOLERANCE + short), name
        if row["se"] and np.isfinite(own.se):
            assert own.se == pytest.approx(row["se"], abs=tolerance), name
        else:
            assert not row["se"], name
            assert np.isnan(own.se), name
        compared += 1
    assert compared == len(solution.estimates)


def assert_measures_agree(solution: Fit, answer: dict) -> None:
    for own_name, name in MEASURES.items():
        own, other = getattr(solution.measures, own_name), answer["measures"][name]
        if other is None:
            assert np.isnan(own), own_name
        else:
            assert own == pytest.approx(other, abs=1e-4 if abs(other) < 1e3 else 1e-3), own_name
    # lavaan's objective is half of F.
    assert solution.discrepancy / 2 == pytest.approx(
        answer["measures"]["fmin"], abs=OBJECTIVE_TOLERANCE
    )


@pytest.mark.parametrize("name", CASES)
def test_estimates_and_standard_errors_are_those_lavaan_reported(name):
    case = published_cases()[name]
    assert_estimates_agree(fitted(case), recorded()[name], scale_of(case))


@pytest.mark.parametrize("name", CASES)
def test_fit_measures_are_those_lavaan_reported(name):
    assert_measures_agree(fitted(published_cases()[name]), recorded()[name])


@pytest.mark.parametrize("name", CASES)
def test_explained_variances_are_those_lavaan_reported(name):
    case = published_cases()[name]
    own, other = fitted(case).r_squared, recorded()[name]["r2"]
    assert set(own) == set(other)
    for variable, value in other.items():
        if value is not None:
            assert own[variable] == pytest.approx(value, abs=ESTIMATE_TOLERANCE), variable


@pytest.mark.parametrize("name", CASES)
def test_the_implied_matrix_is_the_one_lavaan_reported(name):
    case = published_cases()[name]
    solution = fitted(case)
    used = [n for n in case.names if n in solution.structure.specification.observed]
    order = [solution.structure.position[n] for n in used]
    implied = solution.implied[np.ix_(order, order)]
    expected = np.array(recorded()[name]["implied"])
    np.testing.assert_allclose(implied, expected, atol=1e-5 * scale_of(case) ** 2)
    residuals = solution.residuals[np.ix_(order, order)]
    factor = (case.n - 1) / case.n if case.rescale else 1.0
    places = [case.names.index(n) for n in used]
    sample = np.array(case.matrix)[np.ix_(places, places)] * factor
    np.testing.assert_allclose(residuals, sample - expected, atol=1e-5 * scale_of(case) ** 2)


# Equality constraints change what lavaan tests. Where a factor of factors and one of these stand in
# regressions, lavaan 0.6-14 has the same effect twice and so every index wrong.
LISTED = [n for n in CASES if "equal" not in n and n != "second_order_mimic"]


@pytest.mark.parametrize("name", LISTED)
def test_modification_indices_are_those_lavaan_reported(name):
    solution = fitted(published_cases()[name])
    own = {(m.lhs, m.op, m.rhs): m for m in solution.modification_indices()}
    own |= {(m.rhs, m.op, m.lhs): m for m in own.values() if m.op == "~~"}
    compared = 0
    for row in recorded()[name].get("modification", []):
        if row["mi"] is None or row["mi"] < 0.01:
            continue
        if row["op"] == "~" and row["lhs"] in solution.structure.specification.exogenous:
            continue  # lavaan also lets fixed variables depend on others
        found = own[row["lhs"], row["op"], row["rhs"]]
        assert found.index == pytest.approx(row["mi"], rel=1e-3), row
        assert found.expected_change == pytest.approx(row["epc"], rel=1e-3), row
        compared += 1
    if solution.structure.df > 4:
        assert compared > 5


@pytest.mark.parametrize("name", CASES)
def test_what_a_model_could_have_besides_scores_as_lavaan_says_of_each_alone(name):
    solution, scores = fitted(published_cases()[name]), recorded()[name].get("score", {})
    own = {(m.lhs, m.op, m.rhs): m.index for m in solution.modification_indices()}
    written = {f"{lhs}{op}{rhs}": index for (lhs, op, rhs), index in own.items()}
    written |= {f"{rhs}~~{lhs}": index for (lhs, op, rhs), index in own.items() if op == "~~"}
    for relation, score in scores.items():
        if score is not None and score >= 0.01:
            assert written[relation] == pytest.approx(score, rel=1e-3), relation
    # lavaan has been asked about all of them.
    listed = {p.place for p in solution.structure.specification.parameters}
    for m in solution.modification_indices():
        place = Parameter(m.lhs, m.op, m.rhs).place
        if place not in listed and m.index >= 0.01:
            assert {f"{m.lhs}{m.op}{m.rhs}", f"{m.rhs}{m.op}{m.lhs}"} & set(scores), m


def test_an_index_is_not_larger_than_the_whole_misfit_where_factor_and_indicator_are_regressed():
    solution = fitted(published_cases()["mimic"])
    assert solution.measures.chi2 == pytest.approx(0.487, abs=1e-3)
    largest = solution.modification_indices()[0]
    # lavaan 0.6-14: x1~~x2 0.487, x1~~x3 0.487, and nothing else.
    assert largest.index == pytest.approx(0.487, abs=1e-3)


@pytest.mark.parametrize(
    "name", ["mimic", "mimic_indicators", "observed_path", "indicators_predict"]
)
def test_indices_have_no_units(name):
    case = published_cases()[name]
    units = np.array([10.0 ** ((-1) ** i * (2 + i % 3)) for i in range(len(case.names))])
    matrix = np.array(case.matrix) * np.outer(units, units)
    other = fit(case.model, matrix, case.n, case.names, rescale=case.rescale)
    found = {(m.lhs, m.op, m.rhs): m.index for m in other.modification_indices()}
    expected = {(m.lhs, m.op, m.rhs): m.index for m in fitted(case).modification_indices()}
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_no_effect_is_among_the_candidates_twice_or_in_the_model_already(name):
    specification = fitted(published_cases()[name]).structure.specification
    found = [p.place for p in (*specification.parameters, *candidates(specification))]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("name", CASES)
def test_published_models_have_proper_solutions(name):
    solution = fitted(published_cases()[name])
    assert solution.converged
    if name != "bifactor":
        assert solution.problems == ()


@pytest.fixture(scope="module")
def lavaan():
    reason = why_no_lavaan()
    if reason:
        pytest.skip(reason)
    return ask_lavaan


def random_cases(count: int) -> dict[str, Case]:
    """Random models on random data: factors, cross-loadings, effects, correlated residuals."""
    rng = np.random.default_rng(20220115)
    cases = {}
    for k in range(count):
        factors = int(rng.integers(2, 5))
        per_factor = int(rng.integers(3, 5))
        p = factors * per_factor
        lines = [
            f"f{j} =~ " + " + ".join(f"x{j}_{i}" for i in range(per_factor)) for j in range(factors)
        ]
        loadings = np.zeros((p, factors))
        for j in range(factors):
            loadings[j * per_factor : (j + 1) * per_factor, j] = rng.uniform(0.5, 0.9, per_factor)
        if rng.random() < 0.5:
            lines.append("f0 =~ x1_1")
            loadings[per_factor + 1, 0] = 0.3
        if rng.random() < 0.6:
            lines.append("f1 ~ f0" + (" + f2" if factors > 2 else ""))
        if rng.random() < 0.5:
            lines.append("x0_0 ~~ x1_0")
        phi = 0.3 + 0.7 * np.eye(factors)
        sigma = loadings @ phi @ loadings.T
        sigma += np.diag(1.0 - np.minimum(np.diag(sigma), 0.8))
        n = int(rng.integers(150, 600))
        data = rng.multivariate_normal(np.zeros(p), sigma, n)
        names = [f"x{j}_{i}" for j in range(factors) for i in range(per_factor)]
        matrix = np.cov(data, rowvar=False).tolist()
        std_lv = bool(rng.random() < 0.3)
        cases[f"random{k}"] = Case(f"random{k}", "\n".join(lines), names, matrix, n, std_lv=std_lv)
    return cases


@pytest.mark.long
def test_random_models_agree_with_lavaan_now(lavaan):
    cases = random_cases(8)
    answers = lavaan(cases)
    for name, case in cases.items():
        if not answers[name]["measures"]["converged"]:
            continue
        solution = fitted(case)
        assert solution.converged, name
        assert_measures_agree(solution, answers[name])
        assert_estimates_agree(solution, answers[name], 1.0)


def test_published_models_agree_with_lavaan_now(lavaan):
    chosen = {n: published_cases()[n] for n in ("wheaton", "magni_path", "magni_mediation")}
    answers = lavaan(chosen)
    for name, case in chosen.items():
        assert_estimates_agree(fitted(case), answers[name], scale_of(case))
        assert_measures_agree(fitted(case), answers[name])
