"""Every search ends: by counted effort, with the nearest found and the list of what it misses."""

import importlib

import numpy as np
import pytest

from retrace.provenance.streams import random_stream
from retrace.synthetic import LikertTarget, Scale, likert
from retrace.synthetic.arrange_columns import QUARTERED_LATER, Effort, Window, anneal, arrange

# `retrace.synthetic.likert` as an attribute is the function.
likert_module = importlib.import_module("retrace.synthetic.likert")


@pytest.fixture
def made(monkeypatch):
    """Every effort that a draw is given."""
    efforts = []

    def recorded(left):
        efforts.append(Effort(left))
        return efforts[-1]

    monkeypatch.setattr(likert_module, "Effort", recorded)
    return efforts


def twenty_single_items(n=100, k=20):
    """Printed by raw responses, so that data which print it exist; steps of 0.009, print 0.01."""
    rng = random_stream(1, "tests", "effort")
    latent = rng.standard_normal((n, k)) + 0.6 * rng.standard_normal((n, 1))
    raw = np.clip(np.rint(0.9 * (latent + rng.standard_normal((n, k))) + 4), 1, 7)
    R = np.corrcoef(raw.T)
    return LikertTarget.from_table(
        {f"c{i}": [f"{R[i, j]:.2f}" for j in range(i)] for i in range(k)},
        n,
        Scale(1, 7, 1),
        [f"{value:.2f}" for value in raw.mean(axis=0)],
        [f"{value:.2f}" for value in raw.std(axis=0, ddof=1)],
    )


def test_twenty_single_items_of_a_hundred_respondents_end_with_what_is_unmet(made):
    target = twenty_single_items()
    result = likert(target, random_stream(1, "tests", "effort", 1))
    (effort,) = made
    # The last thing begun is finished: at most one comparison of all pairs.
    assert effort.left >= -(QUARTERED_LATER**2)
    assert result.missed
    assert all(np.isfinite(row.distance) and row.distance > 0 for row in result.missed)
    assert {row.statistic for row in result.missed} == {"r"}
    # Nearly everything prints, and nothing is far away: half a printed unit is one half width.
    assert len(result.missed) < len(result.fidelity) / 4
    assert max(row.distance for row in result.missed) < 4


def test_a_draw_without_effort_still_gives_responses_with_the_printed_moments(monkeypatch):
    monkeypatch.setattr(likert_module, "EFFORT", 0)
    result = likert(twenty_single_items(), random_stream(1, "tests", "effort", 2))
    assert all(row.matched for row in result.fidelity if row.statistic in ("mean", "sd"))
    assert result.missed


@pytest.mark.parametrize("columns", [2, 7, 12])
def test_a_window_that_nothing_reaches_ends_with_the_effort(columns):
    rng = random_stream(2, "tests", "effort", columns)
    X = rng.integers(4, 29, (60, columns))
    # Sums of products of even numbers are even, so that odd ones are out of reach.
    X, values = 2 * X, 2 * rng.integers(4, 29, 60)
    wanted = 2 * (rng.permutation(values) @ X // 2) + 1
    effort = Effort(2_000_000)
    y, reached = arrange(values, X, Window(wanted, wanted), rng, effort)
    assert not reached
    assert np.array_equal(np.sort(y), np.sort(values))
    assert effort.left >= -(QUARTERED_LATER**2)
    assert effort.spent or columns == 2  # rounds of pairs alone cost less


def test_annealing_stops_where_no_effort_is_left():
    rng = random_stream(3, "tests", "effort")
    X = rng.integers(1, 8, (30, 4))
    before, out_of_reach = X.copy(), np.full((4, 4), 10**6)
    assert not anneal(X, out_of_reach, out_of_reach, rng, Effort(0))
    assert np.array_equal(X, before)
