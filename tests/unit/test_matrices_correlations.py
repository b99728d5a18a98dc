"""Which correlation matrices data can have, and the nearest one that they can."""

import numpy as np
import pytest

from retrace.matrices.correlations import (
    IndefiniteMatrixError,
    correlation_matrix,
    nearest_correlation,
)


def test_the_nearest_matrix_is_highams():
    # Higham (2002), section 4: the example of a tridiagonal matrix of ones.
    R = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]])
    expected = [[1, 0.7607, 0.1573], [0.7607, 1, 0.7607], [0.1573, 0.7607, 1]]
    np.testing.assert_allclose(nearest_correlation(R), expected, atol=5e-5)


def test_all_alike_below_what_they_can_be_become_what_they_can_be():
    # The eigenvalue of (1, ..., 1) is 1 + (k - 1) r: at least 0 for r >= -1 / (k - 1).
    R = np.full((4, 4), -0.5) + 1.5 * np.eye(4)
    expected = np.full((4, 4), -1 / 3) + 4 / 3 * np.eye(4)
    np.testing.assert_allclose(nearest_correlation(R), expected, atol=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_found_early_is_a_correlation_matrix_too(seed):
    R = np.triu(np.random.default_rng(seed).uniform(-1, 1, (5, 5)), 1)
    found = nearest_correlation(R + R.T + np.eye(5), tolerance=0.1)
    assert np.linalg.eigvalsh(found)[0] > -1e-12
    assert (np.diag(found) == 1).all()
    assert (found == found.T).all()


def test_what_changes_is_named_largest_first_and_counted_from_the_seventh():
    # Four that all correlate -.5 become -1/3 (six cells); 1.01 becomes 1.
    R = np.eye(6)
    R[:4, :4] = np.full((4, 4), -0.5) + 1.5 * np.eye(4)
    R[4, 5] = R[5, 4] = 1.01
    error = IndefiniteMatrixError(R, list("abcdef"))
    assert error.smallest_eigenvalue == pytest.approx(-0.5)
    said = str(error)
    assert "its smallest eigenvalue is -0.5." in said
    assert said.count("-0.5 (nearest -0.3333)") == 6
    assert "(b, a) -0.5 (nearest -0.3333)" in said
    assert said.endswith("; and 1 more")
    assert "more" not in str(IndefiniteMatrixError(R[:4, :4])).partition("changes")[2]
    assert "(2, 1) -0.5" in str(IndefiniteMatrixError(R[:4, :4]))


def test_a_matrix_is_taken_as_it_is():
    R = np.array([[1.0, -0.3], [-0.3, 1.0]])
    assert (correlation_matrix(R) == R).all()
    assert correlation_matrix([[1, 1], [1, 1]]).tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize(
    ("R", "said"),
    [
        ([[1.0, 0.3]], r"is square; this one has shape \(1, 2\)"),
        ([1.0], r"is square; this one has shape \(1,\)"),
        ([[1.0, 0.3], [0.3, 0.9]], r": \(b, b\) is 0.9, a correlation with itself is 1$"),
        ([[2.0, 0.3], [0.3, 1.0]], r": \(a, a\) is 2, a correlation with itself is 1$"),
        ([[1.0, 1.5], [1.5, 1.0]], r": \(b, a\) is 1.5, outside \[-1, 1\]$"),
        ([[1.0, 1.5], [0.5, 1.0]], r": \(b, a\) is 0.5, outside \[-1, 1\]$"),
        ([[1.0, 0.4], [0.3, 1.0]], r": \(b, a\) is 0.3 below the diagonal, 0.4 above it$"),
        ([[1.0, np.nan], [np.nan, 1.0]], r": \(b, a\) is nan, outside"),
    ],
)
def test_what_is_no_correlation_matrix_is_refused_by_cell(R, said):
    with pytest.raises(ValueError, match=said):
        correlation_matrix(np.array(R), ["a", "b"])
