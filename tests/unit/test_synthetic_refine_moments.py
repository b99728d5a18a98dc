"""Whole-number moments are moved until every printed statistic follows."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from synthesis_targets import magni

from retrace.provenance.streams import random_stream
from retrace.synthetic.choose_moments import Aimer
from retrace.synthetic.moments import feasible_moments, step_into
from retrace.synthetic.printed_statistics import PrintedStatistics
from retrace.synthetic.refine_moments import _combine, polish


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 30),
    columns=st.integers(1, 4),
    width=st.floats(0.05, 2.0),
    seed=st.integers(0, 10**6),
)
def test_combinations_are_those_that_comparing_all_pairs_finds(rows, columns, width, seed):
    rng = random_stream(seed, "tests", "polish")
    sums, middle = rng.normal(size=(rows, columns)), rng.normal(size=columns)
    low, high = middle - width, middle + width
    together = sums[:, None] + sums
    inside = ((together >= low) & (together <= high)).all(axis=2)
    expected = {tuple(sorted(pair)) for pair in np.argwhere(inside).tolist()}
    found = _combine(sums, low, high)
    assert {tuple(sorted(pair)) for pair in found.tolist()} == expected
    assert len(found) == len(expected)


def test_polished_moments_are_whole_symmetric_and_nearer():
    # Two items a construct: a lattice on which aims alone miss some of Table 5.
    statistics = PrintedStatistics(magni(2))
    aimer = Aimer(statistics)
    gained = 0
    for seed in range(4):
        rng = random_stream(seed, "tests", "polish")
        point, _ = feasible_moments(statistics, rng)
        aims = aimer.aims(point, rng, effort=0)
        before = aimer.misses(aims[0])
        polished, misses = polish(statistics, aims, rng)
        assert np.array_equal(misses, aimer.misses(polished))
        assert (misses != 0).sum() <= (before != 0).sum()
        gained += (before != 0).sum() - (misses != 0).sum()
        assert np.array_equal(polished.products, polished.products.T)
        assert np.array_equal(np.diagonal(polished.products), polished.squares)
        # x and x squared have the same parity, and so have their sums.
        assert not ((polished.squares - polished.sums) % 2).any()
    assert gained > 0


@settings(max_examples=100, deadline=None)
@given(
    steepness=st.integers(0, 14),
    copies=st.integers(1, 4),
    unknowns=st.integers(2, 5),
    low=st.floats(0.5, 10),
)
def test_constraints_however_steep_and_alike_are_met_by_the_shortest_step(
    steepness, copies, unknowns, low
):
    """All say that the sum is from low to low + 1: equal steps sum to low (Cauchy and Schwarz)."""
    jacobian = np.full((copies, unknowns), 10.0**steepness)
    step = step_into(jacobian, np.full(copies, low), np.full(copies, low + 1), 1e-5)
    assert np.allclose(jacobian @ step, low, rtol=1e-3)
    shortest = low / 10.0**steepness / np.sqrt(unknowns)
    assert np.linalg.norm(step) < 1.1 * shortest
