"""Drawn covariances against what algebra says of the Wishart distribution."""

import numpy as np
import pytest
from scipy import stats

from retrace.matrices.wishart import bartlett, sample_covariances

SIGMA = np.array([[2.0, 0.5, 0.1], [0.5, 1.0, -0.3], [0.1, -0.3, 0.7]])


def test_covariances_of_samples_have_the_mean_and_covariances_of_a_wishart_distribution():
    # Wishart (1928): E[s_ij] = sigma_ij and
    # cov(s_ij, s_kl) = (sigma_ik sigma_jl + sigma_il sigma_jk) / (n - 1).
    n, draws = 30, 40_000
    cells = sample_covariances(SIGMA, n, draws, np.random.default_rng(1)).reshape(draws, 9)
    swapped = np.einsum("ik,jl->ijkl", SIGMA, SIGMA) + np.einsum("il,jk->ijkl", SIGMA, SIGMA)
    expected = swapped.reshape(9, 9) / (n - 1)
    error = np.sqrt(np.diag(expected) / draws)
    np.testing.assert_array_less(np.abs(cells.mean(axis=0) - SIGMA.ravel()), 5 * error)
    found = np.cov(cells, rowvar=False)
    # Of a covariance, under normality; a Wishart cell's tails are near enough with 29 df.
    spread = np.sqrt((expected**2 + np.outer(np.diag(expected), np.diag(expected))) / draws)
    np.testing.assert_array_less(np.abs(found - expected), 6 * spread)


def test_a_variance_follows_chi_squared_and_what_is_left_of_the_next_one_with_less_freedom():
    # Bartlett (1933): squares on the diagonal are chi-squared with n - 1, n - 2, ... degrees of
    # freedom, elements below it standard normal.
    T = bartlett(8, 3, 20_000, np.random.default_rng(2))
    for i in range(3):
        assert stats.kstest(T[i, i] ** 2, stats.chi2(7 - i).cdf).pvalue > 1e-3
        for j in range(i):
            assert stats.kstest(T[i, j], "norm").pvalue > 1e-3
    assert not T[np.triu_indices(3, 1)].any()


def test_few_observations_give_singular_matrices_of_their_rank():
    T = np.moveaxis(bartlett(3, 5, 10, np.random.default_rng(3)), -1, 0)
    assert set(np.linalg.matrix_rank(T @ T.transpose(0, 2, 1)).tolist()) == {2}


def test_too_few_observations_and_an_indefinite_population_are_refused():
    with pytest.raises(ValueError, match="3 observations are too few for 3 variables"):
        sample_covariances(SIGMA, 3, 1, np.random.default_rng(4))
    with pytest.raises(np.linalg.LinAlgError):
        sample_covariances(-SIGMA, 30, 1, np.random.default_rng(4))
