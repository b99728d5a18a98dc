"""Ordered categories: against SciPy, R's polycor, and algebra."""

import numpy as np
import pytest
from scipy import stats

from retrace.provenance.streams import random_stream
from retrace.synthetic.ordinal import polychoric, spearman


@pytest.fixture
def data():
    rng = random_stream(1, "tests", "ordinal")
    latent = rng.standard_normal((250, 3)) @ np.array([[1, 0.5, 0.3], [0, 0.9, 0.2], [0, 0, 0.9]])
    return np.clip(np.rint(latent * 1.2 + 4), 1, 7)


def test_rank_correlations_are_those_of_scipy(data):
    assert np.allclose(spearman(data), stats.spearmanr(data).statistic, atol=1e-14)


@pytest.mark.parametrize("r", [-0.8, -0.3, 0.0, 0.05, 0.6, 0.9])
def test_a_median_split_has_the_tetrachoric_correlation_of_sheppard(r):
    # Sheppard (1899): P(X < 0, Y < 0) = 1/4 + arcsin(r) / (2 pi).
    both = 0.25 + np.arcsin(r) / (2 * np.pi)
    n = 400_000
    cells = np.rint(np.array([both, 0.5 - both, 0.5 - both, both]) * n).astype(int)
    x = np.repeat([0, 0, 1, 1], cells)
    y = np.repeat([0, 1, 0, 1], cells)
    assert polychoric(x, y) == pytest.approx(r, abs=1e-5)


def test_polychoric_correlations_are_those_of_polycor():
    # R 4.2, polycor 0.8-1: x <- rep(rep(1:3, each = 4), c(14, 6, 3, 1, 5, 11, 7, 4, 1, 3, 9, 12)),
    # y <- rep(rep(1:4, 3), same counts); polychor(x, y) with its two-step default.
    counts = [14, 6, 3, 1, 5, 11, 7, 4, 1, 3, 9, 12]
    x = np.repeat(np.repeat([1, 2, 3], 4), counts)
    y = np.repeat(np.tile([1, 2, 3, 4], 3), counts)
    assert polychoric(x, y) == pytest.approx(0.69365073, abs=2e-5)


def test_a_single_category_has_no_polychoric_correlation():
    with pytest.raises(ValueError, match="single category"):
        polychoric(np.ones(10), np.arange(10))
