"""Ways up inside a box of correlation matrices, against algebra and numeric derivatives."""

import numpy as np
import pytest

from retrace.matrices.ascent import interior_way, way_to_singularity
from retrace.matrices.rounding_box import matrices


def test_a_way_of_one_correlation_ends_where_it_is_one():
    # 0.2 + s way = 1 or -1; standing still never gets there.
    cells = np.full((5, 1), 0.2)
    way = np.array([[1.0], [-1.0], [0.01], [-4.0], [0.0]])
    assert way_to_singularity(cells, way) == pytest.approx([0.8, 1.2, 80.0, 0.3, np.inf])


def test_a_way_of_three_correlations_ends_in_a_singular_matrix():
    # 1 + 2 r^3 - 3 r^2 = (1 - r)^2 (1 + 2 r): all alike may grow to 1 and fall to -1/2.
    cells, way = np.full((2, 3), 0.1), np.array([[0.3] * 3, [-0.3] * 3])
    assert way_to_singularity(cells, way) == pytest.approx([3.0, 2.0])
    ends = cells + way_to_singularity(cells, way)[:, None] * way
    assert np.linalg.eigvalsh(matrices(ends, 3))[:, 0] == pytest.approx([0, 0], abs=1e-12)


def barrier(cells, low, high):
    """-log det R - sum log (high - r) - sum log (r - low) (Boyd and Vandenberghe 2004)."""
    p = round((1 + np.sqrt(1 + 8 * len(cells))) / 2)
    logdet = np.linalg.slogdet(matrices(cells, p))[1]
    return -logdet - np.log(high - cells).sum() - np.log(cells - low).sum()


def hessian(function, x, step=1e-4):
    m = len(x)
    moves = step * np.eye(m)
    return np.array(
        [
            [
                sum(s * t * function(x + s * a + t * b) for s in (1, -1) for t in (1, -1))
                for b in moves
            ]
            for a in moves
        ]
    ) / (4 * step**2)


def test_the_way_is_the_gradient_in_the_metric_of_the_barrier():
    cells = np.array([0.3, 0.5, 0.2, 0.1, -0.2, 0.35])
    low = cells - np.array([0.05, 0.1, 0.2, 0.03, 0.04, 0.3])
    high = cells + np.array([0.15, 0.1, 0.05, 0.07, 0.2, 0.1])
    gradient = np.array([1.0, -2.0, 0.5, 0.0, 3.0, -1.0])
    way, reach = interior_way(cells[None], gradient[None], low, high)
    expected = np.linalg.solve(hessian(lambda x: barrier(x, low, high), cells), gradient)
    np.testing.assert_allclose(way[0] / way[0, 0], expected / expected[0], rtol=1e-4)
    # Scaled to the nearest face of the box; the matrices end later.
    ends = np.where(way[0] > 0, high - cells, cells - low) / np.abs(way[0])
    assert ends.min() == pytest.approx(1.0)
    assert way[0] @ gradient > 0
    assert reach == pytest.approx([1.0])


def test_the_way_keeps_to_a_cell_without_width_and_ends_with_the_matrices():
    # r12 = .9 is fixed; of r13 = r23 the matrix is definite below sqrt(.95).
    cells = np.array([[0.9, 0.5, 0.5]] * 2)
    low, high = np.array([0.9, -1.0, -1.0]), np.array([0.9, 1.0, 1.0])
    way, reach = interior_way(cells, np.array([[5.0, 1.0, 1.0], [0.0, -1.0, -1.0]]), low, high)
    np.testing.assert_allclose(way, [[0.0, 0.5, 0.5], [0.0, -1.5, -1.5]], atol=1e-12)
    ends = np.sqrt(0.95)
    np.testing.assert_allclose(reach, [(ends - 0.5) / 0.5, (ends + 0.5) / 1.5])
