"""New samples of effects of several coefficients, beside samples drawn and tested one by one."""

import math

import numpy as np
import pytest

from retrace.decisions import DIFFERENCE, INDIRECT, SLOPE, EffectHypothesis, Hypothesis, Product
from retrace.power.montecarlo import latent_correlations, normal_thresholds, response_lattice
from retrace.power.simulation import (
    BLOCK,
    LIKERT,
    NORMAL,
    PREDICTIVE,
    Likert,
    Population,
    plan,
    simulate_block,
    simulated,
)

NAMES = ("x", "z", "m", "y")
R = np.array([[1, 0.3, 0.3, 0.3], [0.3, 1, 0.1, 0.1], [0.3, 0.1, 1, 0.35], [0.3, 0.1, 0.35, 1]])
N, LEVEL = 90, 0.05
MODELS = {"M": (("x", "z"), "m"), "Y": (("x", "z", "m"), "y")}
TERM = Hypothesis("term", "m", "Y", 1, "supported")
LESS = EffectHypothesis(
    "less",
    DIFFERENCE,
    "m less z in Y",
    (Product(1.0, (("Y", "m"),)), Product(-1.0, (("Y", "z"),))),
    1,
    "supported",
)
THROUGH = EffectHypothesis(
    "through",
    INDIRECT,
    "x on y through m",
    (Product(1.0, (("M", "x"), ("Y", "m"))),),
    1,
    "supported",
)


def planned(likert=None):
    population = Population(R, N, NAMES, likert)
    return plan(population, MODELS, [TERM, LESS, THROUGH], (LEVEL,), 0.02)


def shares(block):
    return np.array(block[f"{LEVEL:g}"]["supported"]) / block["draws"]


def one_by_one(draws, seed):
    """Share of samples that support: each drawn, regressed and tested by the textbook."""
    rng = np.random.default_rng(seed)
    L = np.linalg.cholesky(R)
    found = np.zeros((draws, 3), dtype=bool)
    for draw in range(draws):
        data = rng.standard_normal((N, 4)) @ L.T
        m, y = (_regress(data, columns) for columns in ((0, 1, 2), (0, 1, 2, 3)))
        b, V = y
        t = b[3] / math.sqrt(V[3, 3])
        less = (b[3] - b[2]) / math.sqrt(V[3, 3] + V[2, 2] - 2 * V[2, 3])
        a, sa = m[0][1], math.sqrt(m[1][1, 1])
        # Sobel (1982).
        z = a * b[3] / math.sqrt(a**2 * V[3, 3] + b[3] ** 2 * sa**2)
        found[draw] = t >= 1.9879, less >= 1.9879, z >= 1.95996  # t of 86 df at 2.5 %
    return found.mean(axis=0)


def _regress(data, columns):
    """Coefficients, the constant first, of the last column on the others, and their covariance."""
    *predictors, outcome = columns
    X = np.column_stack([np.ones(len(data)), data[:, predictors]])
    inverse = np.linalg.inv(X.T @ X)
    b = inverse @ X.T @ data[:, outcome]
    rest = ((data[:, outcome] - X @ b) ** 2).sum() / (len(X) - X.shape[1])
    return b, inverse * rest


def test_new_samples_support_effects_as_often_as_samples_drawn_one_by_one():
    found = shares(simulate_block(planned(), (NORMAL, N, 0), np.random.default_rng(1)))
    true = one_by_one(4000, 2)
    error = np.sqrt(true * (1 - true) * (1 / 4000 + 1 / BLOCK[NORMAL]))
    np.testing.assert_array_less(np.abs(found - true), 4 * error)
    assert 0.1 < true[1] < true[0]


def test_the_truth_of_an_effect_is_that_of_the_population():
    found = planned()
    beta = np.linalg.solve(R[:3, :3], R[:3, 3])
    a = np.linalg.solve(R[:2, :2], R[:2, 2])[0]
    assert found.truth == pytest.approx((beta[2], beta[2] - beta[1], a * beta[2]))
    assert found.dfs == (-4, -4, math.inf)
    assert [len(rows) for rows in found.slopes] == [1, 1, 2]


def test_terms_are_as_without_effects():
    """An effect more changes no sample, and no answer about a term."""
    alone = plan(Population(R, N, NAMES), MODELS | {}, [TERM], (LEVEL,), 0.02)
    for task in ((NORMAL, N, 0), (PREDICTIVE, N, 0)):
        one, other = (
            simulate_block(each, task, np.random.default_rng(3)) for each in (alone, planned())
        )
        assert one[f"{LEVEL:g}"]["supported"] == other[f"{LEVEL:g}"]["supported"][:1]


def test_responses_on_a_fine_scale_are_as_normal_samples():
    lattice = response_lattice(1, 7, 20)
    thresholds = [normal_thresholds(4.0, 1.0, lattice)] * 4
    likert = Likert(latent_correlations(R, thresholds, [lattice] * 4), thresholds)
    found = planned(likert)
    few = shares(simulate_block(found, (LIKERT, N, 0), np.random.default_rng(4)))
    many = shares(simulate_block(found, (NORMAL, N, 0), np.random.default_rng(5)))
    error = np.sqrt(many * (1 - many) * (1 / BLOCK[LIKERT] + 1 / BLOCK[NORMAL]))
    np.testing.assert_array_less(np.abs(few - many), 4 * error)


def test_slopes_and_sums_over_models_are_not_simulated():
    slope = EffectHypothesis("s", SLOPE, "a slope", LESS.products, 1, "supported")
    assert [simulated(each) for each in (LESS, THROUGH, slope)] == [True, True, False]
