"""Structural models of studies that print what is extreme: every table is made, and says why not.

What is right is known by algebra: a path model is least squares, whatever the matrix.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from extreme_studies import STUDIES, extreme_study, studies

from retrace.decisions import DECISIONS, NOT_ATTAINABLE
from retrace.reporting.path_diagram import draw_path_diagram
from retrace.robustness import structural_tables as tables
from retrace.robustness.latent_models import fit_latent_models
from retrace.robustness.measurement_error import reliability_rows
from retrace.robustness.mediation import effect_rows
from retrace.robustness.other_programs import Answer, opinion_rows, why_not_comparable
from retrace.robustness.semopy_estimates import ask_semopy
from retrace.robustness.structural_decisions import decision_rows
from retrace.robustness.structural_models import errors_in_variables_models, study_models
from retrace.robustness.structural_solutions import read_solutions, solution_records

SHARES = (0.05, 0.2)
# More predictors or respondents decide nothing else, and take long.
SMALL = [name for name, (rows, _) in STUDIES.items() if len(rows) < 3]
FEW = [name for name in SMALL if STUDIES[name][1] <= 1000]


@pytest.fixture(scope="module", params=STUDIES)
def study(request):
    return studies()[request.param]


@pytest.fixture(scope="module")
def models(study):
    return study_models(study, SHARES)


@pytest.fixture(scope="module")
def fits(study, models):
    return tables.fit_study(study, models)


def test_every_model_has_a_solution_or_a_reason(study, models, fits):
    assert list(fits) == [model.name for model in models]
    for row in tables.fit_rows(fits, models):
        assert row.converged or row.problems, row.model
    assert {row.model for row in tables.estimate_rows(fits)} == set(fits)
    assert all(
        np.isfinite(row.residual) or fits[row.model].problems for row in tables.residual_rows(fits)
    )
    for row in tables.modification_rows(fits):
        assert np.isfinite([row.index, row.expected_change]).all()


def test_a_regression_is_least_squares_whatever_it_prints(study, fits):
    matrix = study.correlation_matrix
    expected = np.linalg.solve(matrix[:-1, :-1], matrix[:-1, -1])
    outcome = study.names[-1]
    own = [fits["full"][f"{outcome} ~ {name}"] for name in study.names[:-1]]
    # To what the condition of the matrix leaves of 16 digits.
    error = 1e-13 * np.linalg.cond(matrix[:-1, :-1])
    np.testing.assert_allclose([e.est for e in own], expected, atol=max(error, 1e-9))
    inverse = np.diag(np.linalg.inv(matrix[:-1, :-1]))
    residual = 1 - matrix[:-1, -1] @ expected
    np.testing.assert_allclose(
        [e.se for e in own], np.sqrt(inverse * residual / study.n), rtol=1e-6
    )
    assert fits["full"].problems == ()


def test_every_hypothesis_is_decided_by_a_proper_solution_only(study, models, fits):
    rows = decision_rows(study, fits, models, 0.05, {})
    assert {row.hypothesis for row in rows} == set(study.hypotheses)
    by_analysis = {model.analysis: fits[model.name] for model in models}
    for row in rows:
        solution = by_analysis[row.analysis]
        assert row.decision in (*DECISIONS, NOT_ATTAINABLE)
        if not solution.proper:
            assert row.decision == NOT_ATTAINABLE
            assert row.problem == "; ".join(solution.problems)
    own = [r for r in rows if r.analysis == "sem: full"]
    assert NOT_ATTAINABLE not in {r.decision for r in own}
    if not study.correlation_matrix[:-1, -1].any():
        assert {r.decision for r in own} == {"not supported"}


def test_solutions_are_written_read_and_drawn(study, models, fits):
    text = json.dumps(solution_records(fits, models), allow_nan=False)
    again = read_solutions(json.loads(text))
    assert list(again) == list(fits)
    for name, solution in again.items():
        ET.fromstring(draw_path_diagram(solution, {}, title=name, level=0.05))


def test_effects_have_intervals_or_a_problem(study, fits):
    rows, counts = effect_rows(study, fits, 30, np.random.default_rng(1))
    assert {row.model for row in rows} == {row.model for row in counts}
    for row in rows:
        assert row.problems or np.isfinite(row.monte_carlo_low) or np.isnan(row.se)


@pytest.mark.parametrize("study", SMALL, indirect=True)
def test_reliability_is_told_whatever_n_is(study):
    _, summary = reliability_rows(study, 0.05, 0.6, 50, np.random.default_rng(1))
    assert len(summary) == 2 * len(study.hypotheses)
    # An optimiser's distance from the minimum, in standard errors, grows with the root of n.
    assert all(row.estimator_gap < 1e-6 * max(1.0, np.sqrt(study.n / 300)) for row in summary)


@pytest.mark.parametrize("study", FEW, indirect=True)
def test_latent_models_of_any_scores_have_solutions_or_reasons(study):
    rng = np.random.default_rng(2)
    scores = rng.integers(4, 29, size=(study.n, len(study.names))) / 4
    found = fit_latent_models(study, scores, ["0.70"], rng)
    assert set(found.fits) | set(found.unfit) == {model.name for model in found.models}
    assert all(found.unfit.values())
    rows = decision_rows(study, found.fits, found.models, 0.05, found.unfit)
    assert len(rows) == len(study.hypotheses) * len(found.models)
    assert all(row.problem for row in rows if row.decision == NOT_ATTAINABLE)


@pytest.mark.parametrize("name", ["collinear", "all but one", "large", "five observations"])
def test_another_program_agrees_or_has_a_reason(name):
    study = studies()[name]
    fits = tables.fit_study(study, study_models(study, SHARES[:1]))
    fits |= tables.fit_study(study, errors_in_variables_models(study))
    asked = {k: solution for k, solution in fits.items() if not why_not_comparable(solution)}
    answers = {
        "semopy": {k: ask_semopy(solution) for k, solution in asked.items()},
        "lavaan": dict.fromkeys(asked, Answer(why_not="not asked")),
    }
    rows, differing = opinion_rows(fits, answers)
    assert differing == []
    for row in rows:
        assert row.agrees is True or row.why_not_semopy
    # Whether semopy stops early near singular matrices hangs on the linear algebra below it.
    if name == "five observations":
        assert not any(row.why_not_semopy for row in rows)


def test_single_items_have_no_latent_model_and_say_so():
    # A factor with one indicator is that indicator.
    study = extreme_study([".30", ".20 .10"], 200, items=1)
    rng = np.random.default_rng(3)
    found = fit_latent_models(study, rng.integers(1, 8, size=(200, 3)) + 0.0, ["0.80"], rng)
    assert not found.fits
    assert set(found.unfit.values()) == {
        "single items leave nothing to tell a factor from its error"
    }
