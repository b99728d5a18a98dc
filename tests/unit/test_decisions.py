"""The rule of decisions, and that every room decides by it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrace.decisions import (
    DECISIONS,
    NOT_ATTAINABLE,
    NOT_SUPPORTED,
    SUPPORTED,
    UNDETERMINED,
    combine,
    critical_t,
    decide,
    decide_one,
    decide_printed,
    decide_range,
    decide_share,
    decide_t,
    decides,
    supported_by_t,
    two_sided_p,
)
from retrace.papers.study import Hypothesis as StatedOfTerm
from retrace.printed.numbers import Printed

NAN = float("nan")


@pytest.mark.parametrize(
    ("estimate", "p", "sign", "decision"),
    [
        (0.2, 0.049, 1, SUPPORTED),
        (0.2, 0.05, 1, SUPPORTED),  # at the level
        (0.2, np.nextafter(0.05, 1), 1, NOT_SUPPORTED),
        (-0.2, 0.05, -1, SUPPORTED),
        (-0.2, 0.001, 1, NOT_SUPPORTED),
        (0.2, 0.001, -1, NOT_SUPPORTED),
        (0.0, 0.001, 1, NOT_SUPPORTED),
        (0.0, 1.0, -1, NOT_SUPPORTED),
        (0.2, NAN, 1, NOT_ATTAINABLE),
        (-0.2, NAN, 1, NOT_ATTAINABLE),
        (NAN, 0.01, 1, NOT_ATTAINABLE),
        (NAN, NAN, 1, NOT_ATTAINABLE),
        (float("inf"), 0.0, 1, SUPPORTED),
    ],
)
def test_the_rule(estimate, p, sign, decision):
    assert decide_one(estimate, p, sign, 0.05) == decision
    # Of many at once it is that of each.
    assert decide([0.2, estimate], [0.5, p], sign, 0.05).tolist() == [NOT_SUPPORTED, decision]


@given(st.floats(-50, 50), st.sampled_from([1, -1]), st.integers(1, 500))
def test_a_t_test_decides_as_its_p_does(t, sign, df):
    p = float(two_sided_p(t, df))
    # At the level itself the two ways of computing it round apart.
    if abs(p - 0.05) > 1e-12:
        assert decide_t(t, sign, df, 0.05) == decide_one(t, p, sign, 0.05)


@pytest.mark.parametrize("df", [1, 2, 10, 295])
def test_t_at_its_critical_value_supports(df):
    critical = float(critical_t(0.05, df))
    assert decide_t(critical, 1, df, 0.05) == decide_t(-critical, -1, df, 0.05) == SUPPORTED
    assert decide_t(np.nextafter(critical, 0), 1, df, 0.05) == NOT_SUPPORTED
    assert supported_by_t([critical, -critical], 1, df, 0.05).tolist() == [True, False]


def test_without_t_nothing_is_decided():
    assert decide_t(NAN, 1, 10, 0.05) == NOT_ATTAINABLE
    assert decide_range((NAN, NAN), 1, 10, 0.05) == NOT_ATTAINABLE
    # t of an exact fit is infinite.
    assert decide_t(float("inf"), 1, 10, 0.05) == SUPPORTED
    assert decide_range((-float("inf"), float("inf")), 1, 10, 0.05) == UNDETERMINED


@pytest.mark.parametrize(
    ("several", "one"),
    [
        ([SUPPORTED, SUPPORTED], SUPPORTED),
        ([NOT_SUPPORTED], NOT_SUPPORTED),
        ([SUPPORTED, NOT_SUPPORTED], UNDETERMINED),
        ([SUPPORTED, UNDETERMINED], UNDETERMINED),
        ([UNDETERMINED], UNDETERMINED),
        ([SUPPORTED, NOT_ATTAINABLE], SUPPORTED),
        ([NOT_SUPPORTED, NOT_ATTAINABLE, NOT_SUPPORTED], NOT_SUPPORTED),
        ([NOT_ATTAINABLE, NOT_ATTAINABLE], NOT_ATTAINABLE),
        ([], NOT_ATTAINABLE),
    ],
)
def test_what_is_not_attainable_takes_no_part(several, one):
    assert combine(several) == combine(reversed(several)) == one


def test_only_supported_and_not_supported_settle_a_hypothesis():
    assert [decides(word) for word in (*DECISIONS, NOT_ATTAINABLE)] == [True, True, False, False]


def test_a_data_set_that_leaves_a_hypothesis_open_is_not_counted_as_deciding():
    from retrace.assumptions.decide_again import _counted

    words = (SUPPORTED, NOT_SUPPORTED, UNDETERMINED, NOT_ATTAINABLE)
    assert [_counted(word) for word in words] == [(1, 1), (1, 0), (0, 0), (0, 0)]


def test_printed_numbers_decide_at_their_precision_and_only_with_a_p():
    number = Printed.parse
    assert decide_printed(1, number("0.2"), number("0.050"), 0.05) == UNDETERMINED
    assert decide_printed(1, number("0.2"), number("0.049"), 0.05) == SUPPORTED
    # Ends in powers of 2, which the computer has exactly: at the level they support.
    exact = SimpleNamespace(interval=(0.03125, 0.0625))
    assert decide_printed(1, number("0.2"), exact, 0.0625) == SUPPORTED
    assert decide_printed(1, number("0.2"), exact, 0.03125) == UNDETERMINED
    assert decide_printed(1, number("0.2"), exact, 0.03) == NOT_SUPPORTED
    # No value of what prints so is on the side that is expected, nought itself neither.
    assert decide_printed(1, number("≤0"), number("0.01"), 0.05) == NOT_SUPPORTED
    assert decide_printed(1, number("0.2"), None, 0.05) == NOT_ATTAINABLE
    assert decide_printed(1, None, number("0.01"), 0.05) == NOT_ATTAINABLE


@pytest.mark.parametrize(
    ("estimate", "p", "decision"),
    [
        # Bounds: what is printed for `ns` and for stars. p = level supports, and `>` leaves it out.
        ("0.20", ">0.05", NOT_SUPPORTED),
        ("0.20", "> .05", NOT_SUPPORTED),
        ("0.20", "≥0.05", UNDETERMINED),
        ("0.20", ">0.04", UNDETERMINED),
        ("0.20", ">0.10", NOT_SUPPORTED),
        ("0.20", "<0.05", SUPPORTED),
        ("0.20", "≤0.05", SUPPORTED),
        ("0.20", "<0.10", UNDETERMINED),
        # A coefficient of either sign: neither supports with such a p.
        ("0.00", "0.93", NOT_SUPPORTED),
        ("0.00", "0.050", UNDETERMINED),
        ("0.00", "0.001", UNDETERMINED),
        # Of the other sign p decides nothing more.
        ("-0.20", "0.050", NOT_SUPPORTED),
        ("-0.20", ">0.05", NOT_SUPPORTED),
    ],
)
def test_every_value_that_prints_so_decides_or_it_is_undetermined(estimate, p, decision):
    cells = Printed.parse(estimate), Printed.parse(p)
    assert decide_printed(1, *cells, 0.05) == decision
    mirrored = Printed.parse(estimate.removeprefix("-") if "-" in estimate else f"-{estimate}")
    assert decide_printed(-1, mirrored, cells[1], 0.05) == decision


@pytest.mark.parametrize(
    ("share", "decision"),
    [
        (0.8, SUPPORTED),
        (0.79, UNDETERMINED),
        (0.21, UNDETERMINED),
        (0.2, NOT_SUPPORTED),
        (NAN, NOT_ATTAINABLE),
    ],
)
def test_new_samples_decide_by_the_share_that_supports(share, decision):
    assert decide_share(share) == decision


# What a study states of one term.
STATED = {"H1": StatedOfTerm(term="x", model="m", direction="positive", reported=SUPPORTED)}


# Every room ---------------------------------------------------------------------------------------


def estimates_of_every_room(estimate: float, p: float) -> dict[str, str]:
    """What each room makes of one estimate and p, the hypothesised sign positive."""
    import pandas as pd

    from retrace.decisions import Hypothesis
    from retrace.robustness.specifications import Tested, _row
    from retrace.robustness.structural_decisions import decision_rows
    from retrace.robustness.structural_models import StudyModel
    from retrace.synthetic.ensemble import DRAW, MISSED
    from retrace.synthetic.ensemble_summary import decide_ensemble

    hypothesis = Hypothesis("H1", "x", "m", 1, SUPPORTED)
    solution = SimpleNamespace(
        proper=True,
        problems=(),
        estimates=[SimpleNamespace(op="~", lhs="y", rhs="x", std=estimate, est=estimate, p=p)],
    )
    study = SimpleNamespace(
        hypotheses=STATED,
        term_hypotheses=STATED,
        models={"m": SimpleNamespace(outcome="y")},
    )
    model = StudyModel("m", "", "path", regression="m")
    statistics = pd.DataFrame({DRAW: [0], "statistic": [MISSED], "value": [0.0]})
    data_sets = pd.DataFrame(
        {DRAW: [0], "model": "m", "term": "x", "specification": "a"}
        | {"estimate": [estimate], "p": [p]}
    )
    tested = Tested(estimate, 0.1, p, 10)
    return {
        "specifications": _row(hypothesis, "f", "s", tested, 0.05)[6],
        "structural models": decision_rows(study, {"m": solution}, [model], 0.05, {})[0].decision,
        "ensemble": decide_ensemble(statistics, data_sets, [hypothesis], 0.05).decision[0],
    }


@pytest.mark.parametrize(
    ("estimate", "p", "decision"),
    [
        (0.2, 0.05, SUPPORTED),
        (0.2, np.nextafter(0.05, 1), NOT_SUPPORTED),
        (-0.2, 0.01, NOT_SUPPORTED),
        (0.2, NAN, NOT_ATTAINABLE),
    ],
)
def test_every_room_decides_alike(estimate, p, decision):
    found = estimates_of_every_room(estimate, p)
    assert found == dict.fromkeys(found, decision)


def test_a_structural_model_decides_by_the_path_to_the_outcome_alone():
    from retrace.robustness.structural_decisions import decision_rows
    from retrace.robustness.structural_models import StudyModel

    def path(lhs, rhs, est, op="~"):
        return SimpleNamespace(op=op, lhs=lhs, rhs=rhs, std=est, est=est, p=0.01)

    # What leads elsewhere, or from elsewhere, comes first; factors are named as their scores.
    for kind, prefix in (("path", ""), ("latent", "true."), ("method factor", "trait.")):
        y, x, z = (f"{prefix}{name}" for name in "yxz")
        others = [path(z, x, -0.3), path(y, z, -0.2), path(x, y, -0.1), path(y, x, -0.4, "~~")]
        study = SimpleNamespace(
            hypotheses=STATED,
            term_hypotheses=STATED,
            models={"m": SimpleNamespace(outcome="y")},
        )
        for estimates, decisions in (([*others, path(y, x, 0.5)], [SUPPORTED]), (others, [])):
            solution = SimpleNamespace(proper=True, problems=(), estimates=estimates)
            rows = decision_rows(study, {"a": solution}, [StudyModel("a", "", kind)], 0.05, {})
            assert [row.decision for row in rows] == decisions
            assert [row.estimate for row in rows] == [0.5] * len(decisions)
