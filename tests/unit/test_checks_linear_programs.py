"""Demands over a box of cells, by hand: one correlation r, whose beta is r itself."""

import numpy as np
import pytest

from retrace.checks.regression.constraints import Constraint
from retrace.checks.regression.linear_programs import (
    FEASIBLE,
    INFEASIBLE,
    UNDECIDED,
    Demands,
    Solution,
)


def demands_on_beta(low, high, *more, cells=(0.25, 0.35)):
    """That beta lies between two ends, and any other such demands, of r between two others."""
    wanted = [Constraint("x", "beta", "", "beta", 0, *ends) for ends in ((low, high), *more)]
    return Demands(wanted, np.array([cells[0]]), np.array([cells[1]]), 2)


def violation(demands, r):
    return demands.violation(demands.over(np.array([r]), np.zeros(1)))


def test_a_violation_is_counted_in_half_widths_from_the_worst_edge():
    # 0.325 is 3/4 of a half width inside 0.2 to 0.4, and 1/2 inside its own 0.25 to 0.35.
    assert violation(demands_on_beta(0.2, 0.4), 0.325) == pytest.approx(-0.5)
    assert violation(demands_on_beta(0.2, 0.4), 0.3) == pytest.approx(-1.0)
    assert violation(demands_on_beta(0.2, 0.4), 0.275) == pytest.approx(-0.5)
    # 0.3 is two half widths below the middle of 0.35 to 0.45, and 0.4 two above that of its own.
    assert violation(demands_on_beta(0.35, 0.45), 0.3) == pytest.approx(1.0)
    assert violation(demands_on_beta(0.2, 0.6), 0.4) == pytest.approx(1.0)
    # Without an end on one side the unit is that of the statistic.
    assert violation(demands_on_beta(0.5, np.inf), 0.3) == pytest.approx(0.2)
    assert violation(demands_on_beta(-np.inf, 0.1), 0.3) == pytest.approx(0.2)
    # A cell that is printed exactly is not off its middle; no data have 1.
    assert violation(demands_on_beta(0.2, 0.4, cells=(0.3, 0.3)), 0.3) == pytest.approx(-1.0)
    assert violation(demands_on_beta(0.2, 0.4), 1.0) == np.inf
    # Nothing is better met than by a half width, or a unit.
    assert violation(demands_on_beta(-np.inf, 2.0, cells=(0.3, 0.3)), 0.3) == -1.0


def test_a_climb_ends_as_deep_inside_as_can_be():
    for low, high, best, depth in (
        (0.2, 0.4, 0.3, -1.0),
        # As far from the middle 0.3 of its own as from that of the demand, half widths 0.05.
        (0.35, 0.45, 0.35, 0.0),
        (0.31, 0.41, 0.33, -0.4),
        # r - 0.32 = 1 - (r - 0.3) / 0.05.
        (0.32, np.inf, 7.32 / 21, 0.32 - 7.32 / 21),
    ):
        point, found = demands_on_beta(low, high).climb(np.array([0.26]))
        assert (point[0], found) == (pytest.approx(best), pytest.approx(depth, abs=1e-6))


def test_a_linear_program_tells_how_far_a_demand_is_missed():
    # From 0.35, the end of the cell, to 0.5: 0.15, and 0.55 is the middle, with half width 0.05.
    demands = demands_on_beta(0.5, 0.6)
    whole = demands.over(demands.middle, demands.half)
    missed, point, _ = demands.program(whole, [0], proving=True)
    assert (missed, point[0]) == (pytest.approx(3.0), pytest.approx(0.35))
    missed, point, _ = demands_on_beta(0.0, 0.1).program(whole, [0], proving=True)
    assert (missed, point[0]) == (pytest.approx(3.0), pytest.approx(0.25))
    # What is met by more than a unit is no better met than that.
    assert demands_on_beta(-np.inf, 2.0).program(whole, [0], proving=True)[0] == -1.0
    # What is demanded on no side is met at once.
    nothing = demands_on_beta(-np.inf, np.inf)
    assert nothing.program(whole, [0], proving=True)[0] == -1.0


@pytest.mark.parametrize(
    ("ends", "status"),
    [
        ([(0.2, 0.4)], FEASIBLE),
        ([(0.34, 0.5)], FEASIBLE),
        ([(0.36, 0.5)], INFEASIBLE),
        ([(0.1, 0.24)], INFEASIBLE),
        ([(0.36, np.inf)], INFEASIBLE),
        ([(0.2, 0.29), (0.31, 0.4)], INFEASIBLE),
        ([(0.2, 0.3), (0.29, 0.4)], FEASIBLE),
    ],
)
def test_one_correlation_is_decided_by_its_interval(ends, status):
    demands = demands_on_beta(*ends[0], *ends[1:])
    found, met = demands.decide(range(len(ends)), 10)
    assert found == status
    if status == FEASIBLE:
        point, depth = met
        assert depth <= 0
        assert 0.25 <= point[0] <= 0.35
        assert all(low <= point[0] <= high for low, high in ends)
    # Without a box to look at only two ends of one statistic tell.
    assert demands.decide(range(len(ends)), 0)[0] == (INFEASIBLE if demands.apart else UNDECIDED)
    assert (demands.apart == {0, 1}) == (ends == [(0.2, 0.29), (0.31, 0.4)])


def test_a_box_is_halved_until_a_demand_that_bends_is_decided():
    # R2 = r^2 of r from -0.5 to 0.5 is no more than 0.25; linearised in the middle nothing is
    # known of it, and in half of the box enough.
    wanted = [Constraint("x", "r2", "", "r2", 0, 0.27, 0.5)]
    demands = Demands(wanted, np.array([-0.5]), np.array([0.5]), 2)
    assert demands.decide([0], 1) == (UNDECIDED, None)
    assert demands.decide([0], 100) == (INFEASIBLE, None)
    halves = {
        float(radius) for _, radius in ((k[0], np.frombuffer(k[1])[0]) for k in demands.linear)
    }
    assert max(halves) == 0.5
    assert all(np.log2(0.5 / half) % 1 == 0 for half in halves)
    assert demands.decide([], 1)[0] == UNDECIDED


@pytest.mark.parametrize("ends", [(-0.4, -0.3), (0.3, 0.4)])
def test_neither_half_of_a_box_is_passed_over(ends):
    # Of two demands one alone is looked at: it can be met, so that nothing is ever proven.
    demands = demands_on_beta(*ends, (-0.1, 0.1), cells=(-0.5, 0.5))
    assert demands.decide([0], 12) == (UNDECIDED, None)
    assert demands.decide([0, 1], 12) == (INFEASIBLE, None)


def test_a_climb_that_overshoots_takes_smaller_steps():
    # The tangent of r^2 at 0.05 meets 0.09 at 0.925: the step ends at 0.5, which is worse, and a
    # quarter of it at 0.3, where r^2 = 0.09.
    wanted = [Constraint("x", "r2", "", "r2", 0, 0.08, 0.1)]
    demands = Demands(wanted, np.array([-0.5]), np.array([0.5]), 2)
    point, depth = demands.climb(np.array([0.05]))
    assert depth < -0.4
    assert 0.08 < point[0] ** 2 < 0.1


def test_multipliers_prove_a_conflict_only_by_what_they_add_up_to(monkeypatch):
    # r <= 0.35 is no conflict with beta >= 0.32, whatever the solver says; with 0.36 it is one.
    for low, conflict in ((0.32, False), (0.36, True)):
        demands = demands_on_beta(low, 0.4)
        whole = demands.over(demands.middle, demands.half)
        _, point, (A, b, _) = demands.program(whole, [0], proving=True)
        assert A.tolist() == [[1.0, -demands.unit[0]], [-1.0, -demands.unit[0]]]
        said = Solution(1.0, point, (A, b, np.array([0.0, 1.0])))
        monkeypatch.setattr(demands, "program", lambda *_, said=said, **__: said)
        assert demands._proves_conflict(whole, [0]) is conflict
