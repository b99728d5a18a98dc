"""Scores at the ends of a scale: which sums of squares exist, by enumeration, and their draws."""

import itertools

import numpy as np
import pytest

from retrace.provenance.streams import random_stream
from retrace.synthetic import InfeasibleTargetError, LikertTarget, Scale, likert
from retrace.synthetic.attainable import check_target, printed_moments
from retrace.synthetic.marginals import Lattice, draw_marginal


def stream(chunk=0):
    return random_stream(1, "tests", "ends", chunk)


@pytest.mark.parametrize(("n", "low", "high"), [(6, 1, 7), (9, 1, 5), (7, 2, 10), (12, -1, 3)])
def test_sums_and_squares_that_exist_are_those_of_an_enumeration(n, low, high):
    # Every multiset of n whole numbers on the scale.
    columns = np.array(list(itertools.combinations_with_replacement(range(low, high + 1), n)))
    existing = {(int(x.sum()), int((x * x).sum())) for x in columns}
    lattice = Lattice(n, 1, low, high)
    gaps = 0
    for total in range(n * low, n * high + 1):
        squares = np.arange(lattice.fewest_squares(total), lattice.most_squares(total) + 1)
        possible = lattice.are_possible(np.full(len(squares), total), squares)
        # Only near the ends is the answer exact; elsewhere it may say yes to a gap.
        near = lattice.is_near_ends(total, squares)
        truth = np.array([(total, int(q)) in existing for q in squares])
        assert not (truth & ~possible).any()
        assert (truth == possible)[near].all()
        gaps += int((near & ~truth & ((squares - total) % 2 == 0)).sum())
    assert gaps > 0


def test_values_near_the_ends_have_the_sums_asked_for_and_differ_between_draws():
    # 300 responses of four items, 295 at the floor and the rest near the top.
    lattice = Lattice(300, 4, 4, 28)
    total, squares = 295 * 4 + 5 * 28, 295 * 16 + 5 * 784
    only = draw_marginal(lattice, total, squares, stream())
    assert only.tolist() == [4] * 295 + [28] * 5
    totals, wanted = lattice.candidates(np.array([total + 3]), np.array([squares - 300]))
    total, squares = int(totals[0]), int(wanted[0])
    drawn = [draw_marginal(lattice, total, squares, stream(chunk)) for chunk in range(9)]
    assert all(x.sum() == total and x @ x == squares for x in drawn)
    assert len({x.tobytes() for x in drawn}) > 1


@pytest.mark.parametrize(
    ("scale", "n", "mean", "sd", "items"),
    [
        ((1, 7), 300, "1.10", "0.77", 4),
        ((1, 5), 300, "1.00", "0.05", 3),
        ((1, 5), 300, "3.00", "2.00", 3),
        ((1, 2), 60, "1.50", "0.50", 3),
        ((0, 10), 200, "5.0", "5.0", 1),
        ((1, 7), 300, 1.1, 0.77, 4),
        ((1, 7), 300, 4.0, 3.004, 3),
    ],
)
def test_scores_at_the_ends_of_the_scale_have_their_printed_moments(scale, n, mean, sd, items):
    # That such responses exist is elementary: 295 ones and 5 sevens have the first mean and SD.
    # Whether the correlation can be had too is for the result to say.
    target = LikertTarget.from_table({"a": [], "b": ["0.31"]}, n, Scale(*scale, items), mean, sd)
    for seed in range(3):
        result = likert(target, stream(seed))
        assert {row.statistic for row in result.missed} <= {"r"}
        # An assumed mean may give way, and the largest SD with it.
        assert (result.data.std(axis=0, ddof=1) < target.sd + 0.006).all()


def test_a_gap_below_the_largest_sd_is_refused_before_any_search():
    # 60 single responses from 1 to 5 with a mean of 3: thirty at either end have an SD of 2.0169,
    # and one move inwards of the least size, 5 to 4 and 1 to 2, leaves 1.9915.
    target = LikertTarget.from_table({"a": [], "b": ["0.31"]}, 60, Scale(1, 5, 1), "3.00", "2.01")
    with pytest.raises(InfeasibleTargetError, match=r"SD of a: .* nearest is .* \(GRIMMER\)"):
        check_target(target)


@pytest.mark.parametrize("sd", ["0.00", 0.0])
def test_an_sd_of_zero_beside_a_correlation_is_refused_by_its_cells(sd):
    target = LikertTarget.from_table(
        {"a": [], "b": ["0.10"], "c": ["", "0.20"]}, 60, Scale(1, 7, 3), "4.00", [1.0, sd, 1.0]
    )
    with pytest.raises(InfeasibleTargetError, match=r"^no .* SD of b: .* \(b, a\), \(c, b\) needs"):
        check_target(target)


def test_an_sd_that_prints_as_zero_is_met_where_scores_can_differ():
    # One of 60,000 respondents a point away: an SD of 0.0041.
    target = LikertTarget.from_table({"a": [], "b": ["0.00"]}, 60_000, Scale(1, 7, 1), 4.0, "0.00")
    check_target(target)
    sums, squares = printed_moments(target, 0)
    assert len(sums)
    assert (squares * 60_000 > sums**2).all()
