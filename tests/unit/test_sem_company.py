"""What one matrix comes to must not depend on which others are fitted beside it."""

from __future__ import annotations

import numpy as np
import pytest
from sem_reference import published_cases

from retrace.sem import Structure, compile_model, fit, specify
from retrace.sem.discrepancy import log_determinants
from retrace.sem.estimator import STARTS, _solve, estimate, estimate_together
from retrace.sem.fitting import select
from retrace.sem.starts import Starts

GOOD = np.array([[2.0, 0.5, 0.3], [0.5, 1.5, 0.2], [0.3, 0.2, 1.1]])
# Determinant 1 - 0.9**2 - 0.9**2 - 0.1**2 + 2 * 0.9 * 0.9 * 0.1, by hand: -0.468.
INDEFINITE = np.array([[1.0, 0.9, 0.9], [0.9, 1.0, 0.1], [0.9, 0.1, 1.0]])


def test_a_determinant_is_the_same_beside_a_matrix_that_is_not_definite():
    assert np.linalg.det(INDEFINITE) == pytest.approx(-0.468)
    logs, definite = log_determinants(np.stack([GOOD, INDEFINITE, GOOD]))
    assert definite.tolist() == [True, False, True]
    alone, _ = log_determinants(GOOD[None])
    assert logs[0] == logs[2] == alone[0]
    # Rule of Sarrus.
    sarrus = 2 * 1.5 * 1.1 + 2 * 0.5 * 0.2 * 0.3 - 1.5 * 0.3**2 - 2 * 0.2**2 - 1.1 * 0.5**2
    assert alone[0] == pytest.approx(np.log(sarrus), rel=1e-14)


def test_a_step_is_the_same_beside_information_that_is_singular():
    singular, gradient = np.zeros((3, 3)), np.array([[0.1, -0.2, 0.3]])
    both = _solve(np.stack([GOOD, singular]), np.repeat(gradient, 2, axis=0), np.zeros(2))
    assert np.array_equal(both[0], _solve(GOOD[None], gradient, np.zeros(1))[0])
    assert (both[1] == 0).all()  # the shortest of all steps


@pytest.mark.parametrize("name", ["holzinger_swineford", "political_democracy", "wheaton"])
def test_starts_end_together_where_each_ends_alone(name):
    case = published_cases()[name]
    structure = compile_model(case.model, std_lv=case.std_lv)
    sample = select(structure, case.matrix, case.names)
    starts, (share, damping) = Starts(structure, sample[None]), STARTS[0]
    several = np.concatenate([starts.at(s) for s in (share, 0.8, 0.2)])
    together = estimate_together(structure, sample, several, np.array([damping, 0.0, 0.0]))
    assert together.converged.all()
    first = estimate(structure, sample[None])
    assert np.array_equal(together.x[0], first.x[0])
    for k in (1, 2):
        alone = estimate(structure, sample[None], start=several[k][None])
        assert np.array_equal(together.x[k], alone.x[0])
        assert together.iterations[k] == alone.iterations[0]


def test_a_matrix_that_is_not_definite_is_refused_with_factors_and_without():
    names = ["a", "b", "c"]
    for model in ("f =~ a + b + c", "c ~ a + b"):
        with pytest.raises(ValueError, match="not positive definite"):
            fit(Structure(specify(model)), INDEFINITE, 100, names)


def test_a_model_of_factors_with_nothing_to_estimate_is_refused():
    model = "f =~ 1*a + 1*b\nf ~~ 1*f\na ~~ 1*a\nb ~~ 1*b"
    with pytest.raises(ValueError, match="nothing to estimate"):
        fit(model, [[2.0, 1.0], [1.0, 2.0]], 100, ["a", "b"])
