"""Matrices that print like a table: found where there are any, and proven absent where not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from retrace.matrices import rounding_box
from retrace.matrices.rounding_box import (
    NoMatrixError,
    central_matrix,
    matrices,
    matrix_in_box,
    order_of,
    positive_definite,
    start_in_box,
    trace_ceiling,
)


def honest_box(seed: int, p: int, n: int, decimals: int):
    """The box of a table computed from data and rounded, so that some matrix prints like it."""
    rng = np.random.default_rng(seed)
    data = rng.standard_normal((n, 2)) @ rng.normal(size=(2, p)) + rng.standard_normal((n, p)) / 2
    printed = np.corrcoef(data, rowvar=False)[np.triu_indices(p, 1)].round(decimals)
    half = 0.5 * 10.0**-decimals
    return np.clip(printed - half, -1, 1), np.clip(printed + half, -1, 1)


def test_a_table_that_rounding_made_indefinite_is_repaired_inside_its_box():
    # Exactly singular: x3 = x1 + x2 of uncorrelated x1, x2 has r = sqrt(1/2) = 0.7071 with both.
    # Printed as 0.71 the matrix is indefinite, but 0.7071 lies in the box.
    centre, half = np.array([0.0, 0.71, 0.71]), 0.005
    assert np.linalg.eigvalsh(matrices(centre, 3))[0] < 0
    for cells in (
        matrix_in_box(centre - half, centre + half),
        central_matrix(centre - half, centre + half),
    ):
        assert (np.abs(cells - centre) <= half).all()
        assert np.linalg.eigvalsh(matrices(cells, 3))[0] > 0


def test_the_central_matrix_is_the_one_of_algebra():
    # Three correlations of -0.5: by symmetry one number r, with det = (1 - r)^2 (1 + 2 r) and the
    # box from -0.55 to -0.45. The derivative of the logarithms' sum is zero at the centre.
    def slope(r):
        return -2 / (1 - r) + 2 / (1 + 2 * r) + 3 / (r + 0.55) - 3 / (-0.45 - r)

    expected = brentq(slope, -0.4999999, -0.4500001)
    cells = central_matrix(np.full(3, -0.55), np.full(3, -0.45))
    np.testing.assert_allclose(cells, expected, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 12), st.integers(1, 2))
def test_every_honest_table_has_a_central_matrix_inside_its_box(seed, p, decimals):
    low, high = honest_box(seed, p, 60, decimals)
    cells = central_matrix(low, high)
    assert ((low < cells) & (cells < high)).all()
    assert positive_definite(matrices(cells, p))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(3, 7))
def test_a_box_without_a_matrix_is_proven_to_have_none(seed, p):
    rng = np.random.default_rng(seed)
    centre = rng.uniform(-1, 1, p * (p - 1) // 2).round(1)
    low, high = centre - 0.05, centre + 0.05
    try:
        assert positive_definite(matrices(matrix_in_box(low, high), p))
    except NoMatrixError as error:
        W = error.certificate
        assert W is not None
        assert np.linalg.eigvalsh(W)[0] > -1e-12
        # tr(W R) is linear in the cells: any matrix of the box stays below zero with its worst.
        worst = matrices(np.where(W[np.triu_indices(p, 1)] > 0, high, low), p)
        assert np.trace(W @ worst) < 0


@pytest.mark.parametrize("seed", range(6))
def test_newtons_method_finds_the_centre_in_a_few_steps(monkeypatch, seed):
    # The slopes of log det R + sum log (high - r) + sum log (r - low) are zero there.
    monkeypatch.setattr(rounding_box, "_NEWTON_STEPS", 5)
    low, high = honest_box(seed, 5, 60, 1)
    cells = central_matrix(low, high)
    a, b = np.triu_indices(5, 1)
    slopes = 2 * np.linalg.inv(matrices(cells, 5))[a, b] - 1 / (high - cells) + 1 / (cells - low)
    assert np.abs(slopes * (high - low)).max() < 1e-6


def test_the_centre_is_off_a_face_on_which_the_nearest_matrix_lies():
    # r12 is printed with more decimals: what the nearest matrix changes of it ends at its interval.
    low, high = np.array([0.571, 0.45, -0.55]), np.array([0.579, 0.55, -0.45])
    assert matrix_in_box(low, high)[0] == low[0]
    cells = central_matrix(low, high)
    assert ((low < cells) & (cells < high)).all()
    a, b = np.triu_indices(3, 1)
    slopes = 2 * np.linalg.inv(matrices(cells, 3))[a, b] - 1 / (high - cells) + 1 / (cells - low)
    assert np.abs(slopes * (high - low)).max() < 1e-6


def test_the_order_of_a_matrix_follows_from_its_cells():
    assert [order_of(p * (p - 1) // 2) for p in (2, 3, 10, 77)] == [2, 3, 10, 77]
    assert matrices(np.array([0.1, 0.2, 0.3]), 3).tolist() == [
        [1, 0.1, 0.2],
        [0.1, 1, 0.3],
        [0.2, 0.3, 1],
    ]


def test_the_largest_trace_over_a_box_is_that_of_algebra():
    # W = [[1, -2], [-2, 5]]: tr(W R) = 6 - 4 r, largest at the lower end of r.
    W = np.array([[1.0, -2.0], [-2.0, 5.0]])
    assert trace_ceiling(W, np.array([0.5]), np.array([0.1])) == pytest.approx(6 - 4 * 0.4)


def test_it_is_said_whether_there_is_no_matrix_or_none_was_found():
    with pytest.raises(NoMatrixError, match="every matrix that rounds to the table is indefinite"):
        matrix_in_box([0.85, 0.85, -0.95], [0.95, 0.95, -0.85])
    # One round reaches none of the matrices of this box, nor proves that there are none.
    centre, half = np.array([0.0, 0.71, 0.71]), 0.005
    with pytest.raises(NoMatrixError, match="that rounds to the table was found") as none:
        matrix_in_box(centre - half, centre + half, iterations=1)
    assert none.value.certificate is None


def test_a_search_starts_in_the_middle_where_that_is_a_matrix():
    assert start_in_box([0.1, 0.2, 0.3], [0.2, 0.3, 0.4]) == pytest.approx([0.15, 0.25, 0.35])
    found = start_in_box([-0.005, 0.705, 0.705], [0.005, 0.715, 0.715])
    assert positive_definite(matrices(found, 3))
