"""Few scores: which sums of squares exist, and draws with them, against an enumeration."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrace.provenance.streams import random_stream
from retrace.synthetic import LikertTarget, Scale, likert
from retrace.synthetic.few_integers import FEW, all_values
from retrace.synthetic.marginals import Lattice, draw_marginal


def every_column(n, low, high):
    """Every multiset of n whole numbers on the scale, one a row."""
    return np.array(list(itertools.combinations_with_replacement(range(low, high + 1), n)))


@pytest.mark.parametrize(
    ("n", "low", "high"), [(2, 1, 9), (3, 5, 40), (4, 4, 28), (5, 3, 15), (6, 2, 10)]
)
def test_sums_of_squares_of_few_scores_are_those_of_an_enumeration(n, low, high):
    columns = every_column(n, low, high)
    existing = set(zip(columns.sum(axis=1), (columns**2).sum(axis=1), strict=True))
    lattice = Lattice(n, 1, low, high)
    gaps = 0
    for total in range(n * low, n * high + 1):
        squares = np.arange(lattice.fewest_squares(total), lattice.most_squares(total) + 1)
        possible = lattice.are_possible(np.full(len(squares), total), squares)
        truth = np.array([(total, q) in existing for q in squares])
        # Exact everywhere: at the smallest spreads as at the largest.
        assert (truth == possible).all()
        gaps += int((~truth & ((squares - total) % 2 == 0)).sum())
    assert gaps > 0


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.integers(0, 36), min_size=3, max_size=7),
    seed=st.integers(0, 10**6),
)
def test_sums_that_few_scores_have_are_drawn(values, seed):
    x = np.array(values)
    lattice = Lattice(len(x), 6, 6, 42)
    total, squares = int((x + 6).sum()), int(((x + 6) ** 2).sum())
    drawn = draw_marginal(lattice, total, squares, random_stream(seed, "tests", "few"))
    assert drawn.sum() == total
    assert drawn @ drawn == squares
    assert drawn.min() >= 6
    assert drawn.max() <= 42


@pytest.mark.parametrize("n", range(2, FEW + 1))
def test_all_values_are_those_of_an_enumeration(n):
    columns = every_column(n, 0, 7)
    for total, squares in ((2 * n, 6 * n), (3 * n + 1, 11 * n + 3), (0, 0), (7 * n, 49 * n)):
        right = (columns.sum(axis=1) == total) & ((columns**2).sum(axis=1) == squares)
        expected = {tuple(row) for row in columns[right].tolist()}
        assert {tuple(row) for row in all_values(n, 7, total, squares).tolist()} == expected


def test_the_smallest_sds_that_four_respondents_have_are_met():
    # 11, 13, 14 and 22 points of six items: sums that unit moves mostly miss.
    x = np.array([11, 13, 14, 22]) / 6 + 1
    mean, sd = f"{x.mean():.2f}", f"{x.std(ddof=1):.3f}"
    target = LikertTarget.from_table({"a": [], "b": [""]}, 4, Scale(1, 7, 6), mean, sd)
    for seed in range(10):
        assert likert(target, random_stream(seed, "tests", "few")).matched
