"""The confidence level of printed limits."""

from types import SimpleNamespace

import pytest
from regression_examples import printed_model
from scipy import stats

from retrace.checks.regression.comparison import judge_numbers
from retrace.checks.regression.constraints import Constraint
from retrace.checks.regression.feasibility import Feasibility
from retrace.checks.regression.levels import (
    Levelled,
    _are_blameless,
    _fits,
    fitting_level,
    limits_at,
)
from retrace.checks.regression.linear_programs import FEASIBLE, INFEASIBLE
from retrace.printed.numbers import Printed

N = 102
R = 0.5


def with_limits(level: float):
    """One predictor: beta = r, and its error sqrt((1 - r^2) / (n - 2))."""
    se = ((1 - R**2) / (N - 2)) ** 0.5
    reach = stats.t.ppf((1 + level) / 2, N - 2) * se
    row = {"beta": R, "se": se, "ci_low": R - reach, "ci_high": R + reach}
    cells = {name: Printed.parse(f"{value:.4f}") for name, value in row.items()}
    return printed_model("m", "y", ["x"], N, {("y", "x"): Printed.parse("0.5000")}, {"x": cells})


def in_conflict(*blamed):
    """That numbers cannot hold at once, because of some statistics of x; of none, nobody knows."""
    conflict = tuple(Constraint("x", name, "", "rho", 0, 0.0, 1.0) for name in blamed)
    return SimpleNamespace(status=INFEASIBLE, conflict=conflict)


@pytest.mark.parametrize("level", [0.95, 0.90, 0.99])
def test_limits_are_of_the_level_that_gives_them(level):
    model = with_limits(level)
    found = judge_numbers(model)
    # At 95 % the other limits are in conflict with what they stand beside.
    at_custom = Feasibility(FEASIBLE) if level == 0.95 else in_conflict("ci_high")
    assert fitting_level(model, found, at_custom).level == level
    for row in limits_at(model, found, level):
        assert row.low <= float(row.printed) <= row.high
        assert row.high - row.low < 0.001
        assert row.recomputed == pytest.approx(float(row.printed), abs=5e-5)


def test_a_conflict_speaks_against_a_level_where_limits_may_be_in_it():
    model = with_limits(0.95)
    found = judge_numbers(model)

    def blameless(*blamed):
        return _are_blameless(model, found, Levelled(0.95, in_conflict(*blamed)))

    assert not blameless()  # it is not known what is in it
    assert not blameless("ci_high")
    assert not blameless("t", "ci_low")
    assert blameless("t")
    assert not _are_blameless(model, found, Levelled(0.90, in_conflict("t")))
    assert not _are_blameless(model, found, Levelled(0.95, None))
    assert _fits(model, found, Levelled(0.95, None))
    assert not _fits(model, found, Levelled(0.95, in_conflict("t")))
    assert not _fits(model, found, Levelled(0.90, None))
