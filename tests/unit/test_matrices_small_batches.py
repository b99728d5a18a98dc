"""Elimination over batches of small matrices beside LAPACK, which works on one at a time."""

import numpy as np
import pytest

from retrace.matrices.small_batches import inverse, more_definite_than


def symmetric(seed, N, p):
    X = np.random.default_rng(seed).normal(size=(N, p, p))
    return X + np.swapaxes(X, 1, 2)


@pytest.mark.parametrize("p", [1, 2, 5, 8, 9])
@pytest.mark.parametrize("N", [1, 40])
def test_eigenvalues_tell_which_matrices_are_definite(N, p):
    A = symmetric(p, N, p) + np.linspace(0, 3 * p, N)[:, None, None] * np.eye(p)
    least = np.linalg.eigvalsh(A)[:, 0]
    np.testing.assert_array_equal(more_definite_than(A, 0.25), least > 0.25)
    # Each matrix beside a margin of its own, just below and just above its least eigenvalue.
    assert more_definite_than(A, least - 1e-9).all()
    assert not more_definite_than(A, least + 1e-9).any()


@pytest.mark.parametrize("p", [1, 2, 5, 8, 9])
@pytest.mark.parametrize("N", [1, 40])
def test_a_matrix_times_its_inverse_is_the_identity(N, p):
    X = symmetric(p, N, p)
    A = X @ X + np.eye(p)
    found = inverse(A)
    np.testing.assert_allclose(found @ A, np.broadcast_to(np.eye(p), A.shape), atol=1e-10)
    # M-matrices, I - A with row sums of A below 1, are not symmetric.
    M = np.eye(p) - 0.9 * np.abs(X) / np.abs(X).sum(axis=2).max()
    M[:, 0] *= 0.5
    np.testing.assert_allclose(inverse(M) @ M, np.broadcast_to(np.eye(p), A.shape), atol=1e-10)


def test_a_singular_matrix_has_no_inverse_in_a_batch_either():
    A = np.tile(np.eye(3), (40, 1, 1))
    A[7] = 0.0
    for batch in (A, A[:8]):
        with pytest.raises(np.linalg.LinAlgError):
            inverse(batch)
