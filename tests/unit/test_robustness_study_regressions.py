"""Regressions of a study: which matrix and which data each is estimated on, and which are left."""

import numpy as np
import pandas as pd
import pytest
from assumed_studies import magni_study

from retrace.checks.regression.from_study import models_of
from retrace.estimators.least_squares_on_data import LeastSquares
from retrace.robustness.study_regressions import estimate_regressions


@pytest.fixture(scope="module")
def study():
    return magni_study()


def test_slopes_solve_the_normal_equations_of_the_matrix_and_of_each_data_set(study):
    rng = np.random.default_rng(1)
    data = pd.DataFrame(rng.normal(size=(50, len(study.names))), columns=study.names)
    found = estimate_regressions(models_of(study), {"mine": data})
    assert tuple(found.table.columns) == LeastSquares._fields
    assert found.not_estimated == {}
    assert found.table["model"].unique().tolist() == list(study.models)
    model, table = study.models["full"], found.table[found.table["model"] == "full"]
    # Textbook: beta solves R_xx beta = r_xy; on data, b is the solution of least squares.
    R = study.correlations_of([*model.predictors, model.outcome])
    own = table[table["data"] == "matrix"].set_index("term")
    expected = np.linalg.solve(R[:-1, :-1], R[:-1, -1])
    np.testing.assert_allclose(own.loc[list(model.predictors), "beta"], expected, rtol=1e-9)
    X = np.column_stack([np.ones(50), data[list(model.predictors)]])
    expected = np.linalg.lstsq(X, data[model.outcome], rcond=None)[0]
    own = table[table["data"] == "mine"].set_index("term")
    np.testing.assert_allclose(own.loc[list(model.predictors), "b"], expected[1:], rtol=1e-9)


def test_a_model_that_lacks_a_correlation_is_left_out_with_what_it_lacks(study):
    [lost, *kept] = study.correlations
    fewer = study.model_copy(update={"correlations": kept})
    found = estimate_regressions(models_of(fewer), {})
    both = {name for name, m in study.models.items() if {*lost[:2]} <= {*m.predictors, m.outcome}}
    assert set(found.not_estimated) == both
    assert set(found.table["model"]) == set(study.models) - both
    assert all(lost[0] in said and lost[1] in said for [said] in found.not_estimated.values())


def test_without_a_model_there_are_columns_and_no_rows():
    found = estimate_regressions({}, {})
    assert found.table.empty
    assert tuple(found.table.columns) == LeastSquares._fields
