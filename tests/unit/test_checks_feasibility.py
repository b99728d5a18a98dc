"""Joint feasibility: one matrix for all printed numbers, or a proven conflict."""

from dataclasses import replace
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regression_examples import CONSTRUCTS, N, magni_model, printed_model, table_4
from simulated_studies import hard_study, honest_study

from retrace.checks.regression import conflict, feasibility
from retrace.checks.regression.feasibility import (
    FEASIBLE,
    INFEASIBLE,
    UNDECIDED,
    feasibility_record,
    joint_feasibility,
)
from retrace.checks.regression.linear_programs import Solution
from retrace.estimators.least_squares import ols_from_correlations
from retrace.printed.numbers import Printed


def printed_study(seed, k, n, decimals):
    """A model whose numbers come from raw data and are printed with so many decimals."""
    stream = np.random.default_rng(seed)
    data = stream.normal(size=(n, 2)) @ stream.normal(scale=0.5, size=(2, k + 1))
    R = np.corrcoef(data + stream.normal(size=data.shape), rowvar=False)
    fit = ols_from_correlations(R, n)
    names = [*(f"x{j}" for j in range(k)), "y"]

    def cell(value):
        return Printed.parse(f"{value:.{decimals}f}")

    cells = {(names[a], names[b]): cell(R[a, b]) for a in range(k + 1) for b in range(a)}
    reported = {
        names[j]: {
            "beta": cell(fit.beta[j]),
            "t": cell(fit.t[j]),
            "p": cell(fit.p[j]),
            "vif": cell(fit.vif[j]),
        }
        for j in range(k)
    }
    overall = {"r2": cell(fit.r2), "f": cell(fit.f)}
    return printed_model("m", "y", names[:k], n, cells, reported, overall)


def gives_everything(model, R):
    """Whether a matrix prints like the table and gives every checkable number, by closed form."""
    fit = ols_from_correlations(R, model.n)
    values = {"beta": fit.beta, "t": fit.t, "p": fit.p, "vif": fit.vif}
    for term, statistic, printed in model.reports():
        if statistic in values:
            value = values[statistic][model.predictors.index(term)]
        elif statistic in ("r2", "f"):
            value = getattr(fit, statistic)
        else:
            continue
        if not printed.admits(float(value)):
            return False
    return bool(((model.low - 1e-12 <= R) & (model.high + 1e-12 >= R)).all())


def test_one_matrix_gives_every_number_of_table_5():
    # That such a matrix exists was found independently of this code.
    model = magni_model()
    found = joint_feasibility(model)
    assert found.status == FEASIBLE
    assert found.margin > 0
    assert gives_everything(model, found.matrix)


def test_an_impossible_number_is_the_whole_conflict():
    found = joint_feasibility(magni_model({("customer", "t"): "2.541"}))
    assert found.status == INFEASIBLE
    assert [(c.term, c.statistic) for c in found.conflict] == [("customer", "t")]
    assert found.smallest


def test_two_numbers_that_each_hold_alone_may_not_hold_together():
    # Each t is inside its own envelope (test of envelopes), at opposite ends.
    ends = {"customer": {"t": Printed.parse("2.441")}, "risk": {"t": Printed.parse("-2.584")}}

    def reporting(*terms):
        reported = {term: ends[term] for term in terms}
        return printed_model("full", "readiness", CONSTRUCTS[:4], N, table_4(), reported)

    assert joint_feasibility(reporting("customer")).status == FEASIBLE
    assert joint_feasibility(reporting("risk")).status == FEASIBLE
    found = joint_feasibility(reporting("customer", "risk"))
    assert found.status == INFEASIBLE
    assert [(c.term, c.statistic) for c in found.conflict] == [("customer", "t"), ("risk", "t")]
    assert found.smallest


def test_two_numbers_of_one_statistic_that_lie_apart_are_the_conflict(monkeypatch):
    """By SciPy with 298 df: r from .25 to .35 has t from 4.46 to 6.45, and p = .00001 t = 4.49."""
    row = {"t": Printed.parse("5.43"), "p": Printed.parse(".00001")}
    cells = {("y", "x"): Printed.parse("0.3")}
    # No program is solved for it, nor is anything narrowed down before it is asked for.
    for name in ("program", "climb"):
        monkeypatch.setattr(f"retrace.checks.regression.linear_programs.Demands.{name}", None)
    found = joint_feasibility(printed_model("m", "y", ["x"], 300, cells, {"x": row}))
    assert (found.status, "_narrowed_down" in vars(found)) == (INFEASIBLE, False)
    assert [c.statistic for c in found.conflict] == ["t", "p"]
    assert found.smallest


@settings(deadline=None, max_examples=20)
@given(
    seed=st.integers(0, 2**32 - 1),
    k=st.integers(1, 5),
    n=st.integers(30, 500),
    decimals=st.integers(2, 3),
)
def test_an_honest_table_is_never_in_conflict(seed, k, n, decimals):
    model = printed_study(seed, k, n, decimals)
    found = joint_feasibility(model, boxes=3)
    assert found.status != INFEASIBLE
    if found.status == FEASIBLE:
        assert gives_everything(model, found.matrix)


def test_an_honest_table_of_fourteen_predictors_is_feasible():
    model = printed_study(5, 14, 300, 3)
    found = joint_feasibility(model)
    assert found.status == FEASIBLE
    assert gives_everything(model, found.matrix)


def test_a_table_without_any_matrix_is_infeasible_by_itself():
    cells = {("b", "a"): "0.90", ("y", "a"): "0.90", ("y", "b"): "-0.90"}
    cells = {pair: Printed.parse(text) for pair, text in cells.items()}
    model = printed_model("m", "y", ["a", "b"], 50, cells, {"a": {"t": Printed.parse("2.0")}})
    found = joint_feasibility(model)
    assert found.status == INFEASIBLE
    assert found.conflict == ()


def test_feasibility_needs_correlations_of_the_models_own_data():
    some = printed_model("m", "y", ["a", "b"], 50, {("y", "a"): Printed.parse("0.3")})
    for model in (printed_model("m", "y", ["a", "b"], 50, {}), replace(some, completable=False)):
        with pytest.raises(ValueError, match="not printed: correlation of a and b"):
            joint_feasibility(model)


@pytest.mark.parametrize("simulated", [honest_study, hard_study])
@settings(deadline=None, max_examples=12)
@given(seed=st.integers(0, 2**31))
def test_raw_coefficients_and_whole_model_statistics_hold_together_in_honest_tables(
    simulated, seed
):
    study = simulated(seed)
    if study is not None:
        assert joint_feasibility(study[0], boxes=2).status != INFEASIBLE


@pytest.mark.parametrize(
    ("statistic", "honest", "wrong"),
    [
        ("adjusted_r2", "0.040", "0.053"),  # 1 - (1 - 0.0530) 299 / 295
        ("f", "4.13", "4.31"),
        ("f_p", "0.003", "0.030"),
        ("r2", "0.053", "0.035"),
    ],
)
def test_statistics_of_the_whole_model_take_part(statistic, honest, wrong):
    def model(text):
        overall = {statistic: Printed.parse(text)}
        return printed_model("full", "readiness", CONSTRUCTS[:4], N, table_4(), {}, overall)

    assert joint_feasibility(model(honest)).status == FEASIBLE
    found = joint_feasibility(model(wrong))
    assert found.status == INFEASIBLE
    assert [c.statistic for c in found.conflict] == [statistic]


def test_tolerance_and_standardised_errors_take_part():
    # 1 / 1.2343 = 0.810 and the standard error 0.0629 of Table 5's first coefficient.
    def model(tolerance, se):
        # Beside beta, 0.155, the error is that of beta.
        row = {"tolerance": tolerance, "beta": "0.2", "se": se}
        row = {name: Printed.parse(cell) for name, cell in row.items()}
        return printed_model("full", "readiness", CONSTRUCTS[:4], N, table_4(), {"customer": row})

    assert joint_feasibility(model("0.810", "0.063")).status == FEASIBLE
    for tolerance, se, culprit in (("0.801", "0.063", "tolerance"), ("0.810", "0.073", "se")):
        found = joint_feasibility(model(tolerance, se))
        assert [c.statistic for c in found.conflict] == [culprit]


def test_the_record_holds_the_matrix_and_what_it_gives():
    record = feasibility_record(magni_model())
    assert record["status"] == FEASIBLE
    assert record["constructs"] == list(CONSTRUCTS)
    assert gives_everything(magni_model(), np.array(record["matrix"]))
    assert round(record["gives"]["customer"]["t"], 3) == 2.451
    assert round(record["gives"]["economic"]["p"], 3) == 0.050
    # Nine digits, the same on every machine.
    cells = [cell for row in record["matrix"] for cell in row]
    assert cells == [round(cell, 9) for cell in cells] != [round(cell, 8) for cell in cells]


def test_the_record_names_the_conflict_or_what_is_missing():
    record = feasibility_record(magni_model({("customer", "t"): "2.541"}))
    assert record == {
        "status": INFEASIBLE,
        "conflict": [{"term": "customer", "statistic": "t", "printed": "2.541"}],
        "smallest": True,
    }
    bare = printed_model("m", "y", ["a", "b"], 50, {})
    assert feasibility_record(bare)["status"] == "not checkable"
    some = printed_model("m", "y", ["a", "b"], 50, {("y", "a"): Printed.parse("0.3")})
    record = feasibility_record(replace(some, no_matrix="not every correlation is printed"))
    assert record["status"] == FEASIBLE
    assert record["completing"] == ["correlation of a and b", "correlation of b and y"]
    cells = {("b", "a"): "0.90", ("y", "a"): "0.90", ("y", "b"): "-0.90"}
    cells = {pair: Printed.parse(text) for pair, text in cells.items()}
    record = feasibility_record(printed_model("m", "y", ["a", "b"], 50, cells))
    assert record["conflict"] == []
    assert "no correlation matrix" in record["reason"]


@pytest.mark.parametrize(("sign", "r"), [("", "0.30"), ("-", "-0.30")])
def test_a_standard_error_that_prints_as_zero_is_feasible(sign, r):
    # One predictor: t = r sqrt(298 / (1 - r^2)) = 5.4, which 0.002 over less than 0.0005 allows.
    row = {"b": Printed.parse(f"{sign}0.002"), "se": Printed.parse("0.000")}
    model = printed_model("m", "y", ["x"], 300, {("y", "x"): Printed.parse(r)}, {"x": row})
    assert joint_feasibility(model).status == FEASIBLE


def test_a_linear_program_that_is_not_solved_leaves_it_undecided(monkeypatch):
    ends = {"customer": {"t": Printed.parse("2.441")}, "risk": {"t": Printed.parse("-2.584")}}
    model = printed_model("full", "readiness", CONSTRUCTS[:4], N, table_4(), ends)
    gives_up = type("Solution", (), {"status": 4, "message": "numerical difficulties"})
    monkeypatch.setattr(
        "retrace.checks.regression.linear_programs.linprog", lambda *_, **__: gives_up
    )
    feasibility._decided.cache_clear()
    record = feasibility_record(model)
    feasibility._decided.cache_clear()
    assert record["status"] == UNDECIDED
    assert record["reason"] == "linear program not solved: numerical difficulties"


class MadeUpDemands:
    """Demands of which it is known which sets cannot hold; each linear in one free cell."""

    middle, half = np.zeros(1), np.ones(1)
    apart: frozenset[int] = frozenset()

    def __init__(self, count, conflicts, value=0.0, error=0.0, floor=-1.0, solved=False):
        self.constraints, self.conflicts, self.solved = range(count), conflicts, solved
        self.floor, self.ceiling = np.full(count, floor), np.full(count, 1.0)
        self.unit = np.ones(count)
        self.linear = SimpleNamespace(
            value=np.full(count, value),
            error=np.full(count, error),
            gradient=np.zeros((count, 1)),
            centre=np.zeros(1),
            radius=np.ones(1),
        )

    def over(self, centre, radius):
        return self.linear

    def program(self, linear, which, proving):
        return Solution(0.0, np.zeros(1), None) if self.solved else None

    def decide(self, which, boxes):
        return (INFEASIBLE if any(c <= which for c in self.conflicts) else FEASIBLE), None


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("solved", [False, True])
def test_of_all_conflicts_the_smallest_is_named(seed, solved):
    stream = np.random.default_rng(seed)
    sizes = stream.integers(1, 5, size=4)
    conflicts = [frozenset(stream.choice(7, size, replace=False).tolist()) for size in sizes]
    found, smallest = conflict.smallest_conflict(MadeUpDemands(7, conflicts, solved=solved), 1)
    assert smallest
    least = next(
        size
        for size in range(8)
        if any(c <= set(which) for which in combinations(range(7), size) for c in conflicts)
    )
    assert len(found) == least
    assert found in conflicts


def test_a_conflict_that_is_not_proven_smallest_has_no_number_too_many(monkeypatch):
    monkeypatch.setattr(conflict, "_TRIALS", 1)
    conflicts = [frozenset({1, 2, 3}), frozenset({3, 4})]
    found, smallest = conflict.smallest_conflict(MadeUpDemands(6, conflicts), 1)
    assert found in conflicts
    assert not smallest


def test_a_number_is_a_conflict_alone_only_where_no_point_of_the_box_gives_it():
    both = [frozenset({0, 1})]
    for value, error, floor, alone in (
        (0.0, 0.4, 0.5, True),
        (0.0, 0.6, 0.5, False),
        (0.0, 0.0, 0.5e-7, False),  # within the margin of a proof
        (2.0, 0.4, 0.0, True),
        (2.0, 1.1, 0.0, False),
    ):
        demands = MadeUpDemands(2, both, value=value, error=error, floor=floor)
        found, smallest = conflict.smallest_conflict(demands, 1)
        assert (len(found), smallest) == (1 if alone else 2, True)


def test_of_smallest_sets_that_meet_all_others_the_first_is_taken():
    meet = conflict._hitting_set
    assert meet([], range(4)) == frozenset()
    assert meet([{1, 2}], range(4)) == {1}
    assert meet([{0, 1}, {1, 2}, {2, 3}], range(4)) == {0, 2}
    assert meet([{0, 3}, {1, 3}, {2, 3}], range(4)) == {3}
