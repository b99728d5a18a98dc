"""Choices of a column's moments, against comparing everything there is."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from synthesis_targets import magni

from retrace.provenance.streams import random_stream
from retrace.synthetic import likert
from retrace.synthetic.attainable import MEAN_TOLERANCE, SD_TOLERANCE
from retrace.synthetic.lattice_search import EMPTY, Earlier, Goal, Pairs, nearest_choices
from retrace.synthetic.marginals import Lattice


def stream(chunk=0):
    return random_stream(1, "tests", "choices", chunk)


def test_pairs_are_those_of_every_column_with_about_the_assumed_moments():
    lattice, mean, root = Lattice(7, 1, 1, 7), np.array([3.9, 4.1]), np.array([4.2, 4.6])
    columns = np.array(list(itertools.combinations_with_replacement(range(1, 8), 7)))
    roots = columns.std(axis=1) * np.sqrt(7)
    near = np.abs(columns.mean(axis=1) - 4.0) <= 0.1 + MEAN_TOLERANCE
    near &= (roots >= 4.2 * np.exp(-SD_TOLERANCE)) & (roots <= 4.6 * np.exp(SD_TOLERANCE))
    sums, squares = columns[near].sum(axis=1), (columns[near] ** 2).sum(axis=1)
    pairs = Pairs.near(lattice, mean, root, stream())
    found = set(zip(pairs.sums.tolist(), pairs.squares.tolist(), strict=True))
    assert found == set(zip(sums.tolist(), squares.tolist(), strict=True))
    assert (np.diff(pairs.root) >= 0).all()


@settings(max_examples=40, deadline=None)
@given(
    goal=st.lists(st.floats(-0.5, 0.5), min_size=2, max_size=2),
    half=st.sampled_from([0.005, 0.02, 0.1]),
    lean=st.floats(-0.6, 0.6),
    seed=st.integers(0, 10**6),
)
def test_the_nearest_choice_is_that_of_comparing_all_cross_products(goal, half, lean, seed):
    # Two columns before; the second weighs on the first by `lean`, so that its rounding error is
    # made up for: at so coarse a lattice the nearest plane may differ from the nearest point by
    # its own error alone.
    rng = random_stream(seed, "tests", "choices")
    lattice, n = Lattice(40, 1, 1, 7), 40
    pairs = Pairs.near(lattice, np.array([4.0]), np.array([8.0]), rng)
    sums, roots = np.array([[150, 171]]), np.array([[7.5, 9.1]])
    goal, metric = np.array(goal), np.diag([50.0, 50.0, 3.0, 1.0])
    metric[0, 1] = 50.0 * lean
    low, high = goal - half, goal + half
    wanted = Goal(goal[None], np.array([4.0]), np.array([1.28]), None, None, metric)
    at = np.arange(len(pairs.sums))[None]
    found = nearest_choices(wanted, pairs, at, Earlier(sums, roots, low, high), lattice, 10**6)
    assert len(found.pair) == len(pairs.sums)
    for which in range(len(found.pair)):
        s, root = pairs.sums[found.pair[which]], pairs.root[found.pair[which]]
        scale, shift = root * roots[0], s * sums[0] / n
        products = np.array([found.products[1][which], found.products[0][which]])
        r = (products - shift) / scale
        printed = (r >= low - 1e-9) & (r <= high + 1e-9)
        # Empty where no whole number prints the correlation, by looking at all near it.
        near = np.rint(goal * scale + shift)[:, None] + np.arange(-60, 61)
        values = (near - shift[:, None]) / scale[:, None]
        fits = (values >= low[:, None] - 1e-9) & (values <= high[:, None] + 1e-9)
        assert found.distance[which] // EMPTY == (~fits.any(axis=1)).sum()
        assert printed[fits.any(axis=1)].all()
        moves = np.array([*(r - goal), np.log(root / np.sqrt(39) / 1.28), s / n - 4.0])
        assert np.allclose(found.distance[which] % EMPTY, ((metric @ moves) ** 2).sum(), atol=1e-3)
        if fits.any(axis=1).all():
            # The last column's is the best there is, and the first's the best beside it.
            second = np.where(fits[1], np.abs(values[1] - goal[1]), np.inf).min()
            assert np.isclose(abs(r[1] - goal[1]), second, atol=1e-9)
            first = np.abs(values[0] - goal[0] + lean * (r[1] - goal[1]))
            least = np.where(fits[0], first, np.inf).min()
            assert np.isclose(abs(r[0] - goal[0] + lean * (r[1] - goal[1])), least, atol=1e-9)


def test_choices_that_are_kept_are_the_nearest():
    lattice, metric = Lattice(300, 2, 2, 14), np.diag([900.0, 900.0, 900.0, 30.0, 1.0])
    pairs = Pairs.near(lattice, np.array([8.0]), np.array([34.0]), stream())
    goal = Goal(np.full((4, 3), 0.2), np.full(4, 4.0), np.full(4, 0.98), None, None, metric)
    earlier = Earlier(
        stream(1).integers(2300, 2500, (4, 3)),
        stream(2).uniform(30, 40, (4, 3)),
        np.full(3, -1.0),
        np.ones(3),
    )
    at = pairs.around(np.full(4, 34.0), 400, stream(3))
    every = nearest_choices(goal, pairs, at, earlier, lattice, 10**6)
    few = nearest_choices(goal, pairs, at, earlier, lattice, 5)
    assert len(few.distance) == 5
    # Giving up early may lose some, but hardly the very nearest.
    assert few.distance.min() == every.distance.min()
    assert few.distance.max() <= np.sort(every.distance)[50]


def test_two_items_a_construct_match_both_tables():
    # A lattice whose t moves in steps fifteen times as wide as print.
    for seed in range(5):
        assert likert(magni(2), stream(seed)).matched
