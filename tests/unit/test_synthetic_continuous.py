"""Continuous synthetic data: the promise is algebra, sample moments equal to their targets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrace.provenance.streams import random_stream
from retrace.synthetic import IndefiniteMatrixError, continuous, nearest_correlation

# Magni et al. (2022), Table 4, lower triangle; order customer, market, economic, risk, readiness.
TABLE_4 = np.array(
    [
        [1, 0.011, 0.108, 0.433, 0.098],
        [0.011, 1, 0.067, 0.031, 0.115],
        [0.108, 0.067, 1, 0.139, 0.114],
        [0.433, 0.031, 0.139, 1, -0.076],
        [0.098, 0.115, 0.114, -0.076, 1],
    ]
)


def stream(chunk=0):
    return random_stream(1, "tests", "continuous", chunk)


def test_sample_correlations_equal_table_4_to_1e_12():
    X = continuous(TABLE_4, 300, stream())
    assert X.shape == (300, 5)
    assert np.abs(np.corrcoef(X.T) - TABLE_4).max() < 1e-12
    assert np.abs(X.mean(axis=0)).max() < 1e-12
    assert np.abs(X.std(axis=0, ddof=1) - 1).max() < 1e-12


@settings(max_examples=60, deadline=None)
@given(
    k=st.integers(1, 12),
    extra=st.integers(1, 40),
    rank=st.integers(1, 12),
    chunk=st.integers(0, 10**6),
)
def test_moments_are_exact_for_any_n_above_k(k, extra, rank, chunk):
    rng = stream(chunk)
    loadings = rng.standard_normal((k, rank))
    loadings /= np.linalg.norm(loadings, axis=1)[:, None]
    R = loadings @ loadings.T
    np.fill_diagonal(R, 1.0)
    mean, sd = rng.uniform(-5, 5, k), rng.uniform(0.5, 3, k)
    X = continuous(R, k + extra, rng, mean=mean, sd=sd)
    assert np.abs(np.corrcoef(X.T) - R).max() < 1e-12
    assert np.abs(X.mean(axis=0) - mean).max() < 1e-12
    assert np.abs(X.std(axis=0, ddof=1) - sd).max() < 1e-12


def test_the_same_stream_gives_the_same_data_and_another_gives_other_data():
    first, again, other = (continuous(TABLE_4, 300, stream(c)) for c in (0, 0, 1))
    assert first.tobytes() == again.tobytes()
    assert np.abs(first - other).max() > 0.1


def test_n_at_the_number_of_columns_is_refused():
    with pytest.raises(ValueError, match=r"n is 5 for 5 columns.*n of 6 or more"):
        continuous(TABLE_4, 5, stream())


def test_an_indefinite_matrix_is_refused_with_its_distance_and_the_nearest_one():
    # Three variables cannot all correlate at -0.6: the smallest eigenvalue is 1 - 2 x 0.6 = -0.2,
    # and by symmetry the nearest correlation matrix has -0.5 everywhere.
    R = np.full((3, 3), -0.6) + 1.6 * np.eye(3)
    with pytest.raises(IndefiniteMatrixError, match=r"\(b, a\) -0.6 \(nearest -0.5000\)") as error:
        continuous(R, 50, stream(), labels=["a", "b", "c"])
    assert error.value.smallest_eigenvalue == pytest.approx(-0.2)
    assert np.allclose(error.value.nearest, np.full((3, 3), -0.5) + 1.5 * np.eye(3), atol=1e-8)


def test_the_nearest_correlation_matrix_is_the_published_one():
    # Higham (2002), section 4: the tridiagonal matrix of ones, its nearest correlation matrix.
    R = np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]])
    published = np.array([[1, 0.7607, 0.1573], [0.7607, 1, 0.7607], [0.1573, 0.7607, 1]])
    assert np.abs(nearest_correlation(R) - published).max() < 5e-5


@pytest.mark.parametrize(
    ("cell", "value", "message"),
    [
        ((1, 0), 1.2, r"\(2, 1\) is 1.2, outside \[-1, 1\]"),
        ((1, 0), 0.3, r"\(2, 1\) is 0.3 below the diagonal, 0.011 above it"),
        ((2, 2), 0.9, r"\(3, 3\) is 0.9, a correlation with itself is 1"),
        ((1, 0), np.nan, r"\(2, 1\) is nan"),
    ],
)
def test_what_is_no_correlation_matrix_is_refused_cell_by_cell(cell, value, message):
    R = TABLE_4.copy()
    R[cell] = value
    with pytest.raises(ValueError, match=message):
        continuous(R, 300, stream())


def test_a_matrix_that_is_not_square_is_refused():
    with pytest.raises(ValueError, match=r"square.*\(4, 5\)"):
        continuous(TABLE_4[:4], 300, stream())


def test_a_negative_standard_deviation_is_refused():
    with pytest.raises(ValueError, match="not negative"):
        continuous(TABLE_4, 300, stream(), sd=-1.0)
