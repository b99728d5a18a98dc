"""The room that correlations leave each other."""

from types import SimpleNamespace

import numpy as np
import pytest
from extreme_studies import extreme_study
from hypothesis import given, settings
from hypothesis import strategies as st

from retrace.checks.correlations import judge, room_left
from retrace.checks.shared.record import Record
from retrace.papers.check_study import find_stand_in
from retrace.papers.study import Construct, Study
from retrace.printed.numbers import Printed
from retrace.printed.ranges import within
from retrace.printed.verdicts import IMPOSSIBLE, NOT_CHECKABLE, REPRODUCED, WITHIN_ROUNDING


def test_of_three_variables_the_room_is_that_of_stanley_and_wang():
    # r12 lies within r13 r23 -+ sqrt((1 - r13^2)(1 - r23^2)): .12 -+ sqrt(.84 * .91).
    R = np.array([[1, 0.2, 0.4], [0.2, 1, 0.3], [0.4, 0.3, 1]])
    low, high = room_left(R)
    reach = np.sqrt((1 - 0.16) * (1 - 0.09))
    assert (low[0, 1], high[0, 1]) == (pytest.approx(0.12 - reach), pytest.approx(0.12 + reach))


@settings(deadline=None)
@given(seed=st.integers(0, 2**31), k=st.integers(2, 7))
def test_at_the_ends_of_its_room_a_matrix_is_singular(seed, k):
    rng = np.random.default_rng(seed)
    R = np.corrcoef(rng.standard_normal((k, k + 3)) + rng.standard_normal(k + 3))
    low, high = room_left(R)
    for i in range(k):
        for j in range(i):
            for end, inside in ((low[i, j], 1e-6), (high[i, j], -1e-6)):
                moved = R.copy()
                moved[i, j] = moved[j, i] = end
                assert np.linalg.eigvalsh(moved)[0] == pytest.approx(0, abs=1e-9)
                moved[i, j] = moved[j, i] = end - inside
                assert np.linalg.eigvalsh(moved)[0] < 0 < np.linalg.eigvalsh(R)[0]


def rows_of(study):
    whole, *cells = judge(Record(study.paper, study))
    return whole, {(row.row, row.column): row for row in cells}


def test_a_table_is_judged_as_printed_or_by_one_that_rounds_to_it():
    whole, cells = rows_of(extreme_study(["0.50", "0.50 0.50"], 100))
    assert whole.verdict == REPRODUCED
    assert whole.recomputed == pytest.approx(0.5)
    # Two others of .5 leave .25 -+ .75.
    assert (cells["b", "a"].low, cells["b", "a"].high) == pytest.approx((-0.5, 1.0))
    # .9, .9 and .6: 1 + 2 * .486 - .81 - .81 - .36 = -.008; as .9, .9 and .62 and more definite.
    whole, cells = rows_of(extreme_study([".9", ".9 .6"], 100))
    assert whole.recomputed < 0
    assert whole.verdict == WITHIN_ROUNDING
    for row in cells.values():
        assert row.verdict == WITHIN_ROUNDING
        low, high = Printed.parse(row.printed).interval
        assert max(low, row.low) < min(high, row.high)


def changed(cells: dict, count: int = 3):
    study = extreme_study([" ".join(["0.5"] * k) for k in range(1, count)], 100)
    correlations = [
        (row, column, Printed.parse(cells.get((row, column), cell.text)))
        for row, column, cell in study.correlations
        if cells.get((row, column), "") is not None
    ]
    entry = SimpleNamespace(constructs=study.constructs, correlations="correlations.csv")
    # A matrix is looked for where all correlations are there, and possible by themselves.
    stand_in, impossible = [], None
    if all(cells.values()) and all(within(cell, "r") for *_, cell in correlations):
        stand_in, impossible = find_stand_in(entry, correlations)
    aside = [impossible] if impossible else []
    return study.model_copy(
        update={"correlations": correlations, "stand_in": stand_in, "impossible": aside}
    )


def test_a_correlation_above_one_is_impossible_and_the_others_are_completed_without_it():
    whole, cells = rows_of(changed({("b", "a"): "1.20"}))
    assert whole.verdict == NOT_CHECKABLE
    assert cells["b", "a"].verdict == IMPOSSIBLE
    assert (cells["b", "a"].low, cells["b", "a"].high) == (-1.0, 1.0)
    # Three variables: any two correlations can be had, with their product as the third.
    assert cells["c", "a"].verdict == WITHIN_ROUNDING
    assert rows_of(changed({("b", "a"): "1.00"}))[0].verdict == WITHIN_ROUNDING


def test_a_correlation_that_is_not_printed_is_needed():
    whole, cells = rows_of(changed({("b", "a"): None}))
    assert whole.verdict == NOT_CHECKABLE
    assert whole.needs == "all correlations of the constructs"
    assert set(cells) == {("c", "a"), ("c", "b")}
    assert {row.verdict for row in cells.values()} == {WITHIN_ROUNDING}


def test_variables_without_correlations_are_no_part_of_the_table():
    study = changed({})
    more = study.constructs | {"d": Construct(label="D", items=1)}
    _, cells = rows_of(study.model_copy(update={"constructs": more}))
    assert {row.verdict for row in cells.values()} == {WITHIN_ROUNDING}


def test_what_reading_has_proven_impossible_is_so_with_the_sign_that_explains_it():
    # 1 + 2 * .9 * .9 * (-.9) - 3 * .81 = -2.888; with +.9 it is 1 + 1.458 - 2.43 = .028.
    study = changed({("b", "a"): "0.90", ("c", "a"): "0.90", ("c", "b"): "-0.90"})
    whole, cells = rows_of(study)
    assert (whole.verdict, whole.because) == (IMPOSSIBLE, study.impossible[0].why)
    assert whole.cause == "sign: -0.9 for b and a"
    assert {row.verdict for row in cells.values()} == {NOT_CHECKABLE}
    aside = study.impossible[0].model_copy(update={"proven": False})
    whole, _ = rows_of(study.model_copy(update={"impossible": [aside]}))
    assert (whole.verdict, whole.because) == (NOT_CHECKABLE, aside.why)


def test_a_table_is_judged_as_printed_whoever_has_asked_for_its_matrix_before():
    study = extreme_study([".9", ".9 .6"], 100)
    assert np.linalg.eigvalsh(study.correlation_matrix)[0] > 0
    # Its determinant is 1 + 2 * .486 - .81 - .81 - .36 = -.008, so that an eigenvalue is negative.
    whole, _ = rows_of(study)
    assert (whole.verdict, whole.recomputed < 0) == (WITHIN_ROUNDING, True)


def test_the_check_looks_for_no_matrix_again(monkeypatch):
    study = extreme_study([".9", ".9 .6"], 100)

    def sought(*_):
        raise AssertionError("a matrix is looked for")

    monkeypatch.setattr("retrace.matrices.rounding_box.matrix_in_box", sought)
    assert rows_of(study)[0].verdict == WITHIN_ROUNDING
    assert rows_of(study.model_copy(update={"stand_in": []}))[0].verdict == NOT_CHECKABLE


def test_of_many_constructs_no_matrix_is_looked_for():
    names = [f"c{k}" for k in range(52)]
    constructs = dict.fromkeys(names, Construct(label="C"))
    cells = [(names[a], names[b], Printed.parse("0.50")) for a in range(52) for b in range(a)]
    # One sign: of three correlations of .5 one is -.5; 1 - .75 + 2 * (-.125) = 0, with others < 0.
    cells[0] = (*cells[0][:2], Printed.parse("-0.90"))
    entry = SimpleNamespace(constructs=constructs, correlations="correlations.csv")
    _, aside = find_stand_in(entry, cells)
    content = {"constructs": constructs, "correlations": cells, "impossible": [aside]}
    whole, _ = rows_of(Study(paper="large", n=100, models={}, **content))
    assert whole.verdict == NOT_CHECKABLE
    assert "looked for among at most 50 constructs, not 52" in whole.because
