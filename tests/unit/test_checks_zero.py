"""Ratios, signs and intervals that touch zero: every relation against true values that print so."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judged_tables import compare, relations_of
from regression_examples import printed_model
from simulated_studies import hard_study, near_zero_study, study_of

from retrace.checks.regression import relations
from retrace.checks.regression.constraints import constraints_of
from retrace.checks.regression.feasibility import FEASIBLE, INFEASIBLE, joint_feasibility
from retrace.checks.regression.intervals import (
    over,
    p_range,
    positive_quotient,
    product,
    reciprocal,
)
from retrace.checks.regression.sd_ratios import sd_conflict
from retrace.checks.regression.tables import ONE_SIDED
from retrace.estimators.least_squares import critical_t, two_sided_p
from retrace.matrices.enclosures import at_points
from retrace.matrices.rounding_box import cell_places
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import CONTRADICTED
from retrace.provenance.streams import random_stream

# Ends of intervals: zero itself, either side of it, and far away.
ENDS = st.sampled_from([-np.inf, -3.0, -1.0, -1e-9, 0.0, 1e-9, 1.0, 3.0, np.inf])
INTERVALS = st.tuples(ENDS, ENDS).map(sorted).filter(lambda x: np.isfinite(x).any())
SHARES = st.sampled_from([0.0, 1e-12, 0.3, 1.0])


def inside(interval, share):
    """A finite number of an interval."""
    low, high = np.clip(interval, -1e12, 1e12)
    return np.clip(low + share * (high - low), low, high)


def contains(interval, value):
    slack = 1e-9 * max(1.0, abs(value))
    return interval[0] - slack <= value <= interval[1] + slack


@given(x=INTERVALS, y=INTERVALS, one=SHARES, two=SHARES)
def test_quotients_and_products_hold_every_pair_of_numbers(x, y, one, two):
    a, b = inside(x, one), inside(y, two)
    assert contains(product(x, y), a * b)
    if b > 0:
        assert contains(over(x, y), a / b)
        assert contains(reciprocal(y), 1 / b)
    if a * b > 0:
        assert contains(positive_quotient(x, y), a / b)


@pytest.mark.parametrize(
    ("x", "y", "quotient"),
    [
        # By algebra: the ends are approached, so that nothing narrower would do.
        ((1.0, 2.0), (4.0, 5.0), (0.2, 0.5)),
        ((1.0, 2.0), (-0.5, 5.0), (0.2, np.inf)),
        ((-1.0, 2.0), (-0.5, 5.0), (0.0, np.inf)),
        ((-2.0, -1.0), (-0.5, 5.0), (2.0, np.inf)),
        ((-2.0, -1.0), (-5.0, -4.0), (0.2, 0.5)),
        ((-1.0, 2.0), (-5.0, -4.0), (0.0, 0.25)),
        ((0.0, 2.0), (0.0, 5.0), (0.0, np.inf)),
    ],
)
def test_a_positive_quotient_takes_the_sign_that_both_can_have(x, y, quotient):
    assert positive_quotient(x, y) == pytest.approx(quotient)


def test_numbers_of_opposite_signs_have_no_positive_quotient():
    assert np.isnan(positive_quotient((1.0, 2.0), (-5.0, -4.0))).all()


@given(t=INTERVALS, share=SHARES, df=st.integers(1, 500))
def test_the_p_of_every_t_of_an_interval_is_inside(t, share, df):
    assert contains(p_range(t, df), two_sided_p(inside(t, share), df))


NUMBERS = st.floats(-3, 3) | st.sampled_from([0.0, 1e-9, -1e-9, 0.05, -0.05, 0.5, -0.5])
POSITIVE = NUMBERS.map(abs).filter(lambda x: x > 1e-12)
DECIMALS = st.integers(0, 4)


def printed(value, decimals):
    return Printed.parse(f"{value:.{decimals}f}")


@settings(max_examples=300)
@given(
    b=NUMBERS,
    se=POSITIVE,
    r2=st.floats(0, 0.9999) | st.just(0.0),
    vif=st.floats(1, 9),
    n=st.integers(6, 3000),
    k=st.integers(1, 4),
    decimals=st.lists(DECIMALS, min_size=6, max_size=6),
)
def test_what_one_printed_number_implies_of_another_holds_its_true_value(
    b, se, r2, vif, n, k, decimals
):
    df = n - k - 1
    t, reach = b / se, float(critical_t(0.05, df))
    low, high = b - reach * se, b + reach * se
    f = r2 / k / ((1 - r2) / df)
    numbers = zip((b, se, t, r2, vif, f), decimals, strict=True)
    b_cell, se_cell, t_cell, r2_cell, vif_cell, f_cell = (printed(*each) for each in numbers)
    low_cell, high_cell = printed(low, decimals[0]), printed(high, decimals[1])
    implied = {
        "p": (relations.p_from_t(t_cell, df), two_sided_p(t, df)),
        "t": (relations.t_from_coefficient(b_cell, se_cell), t),
        "low": (relations.limit_from_coefficient(b_cell, se_cell, df, upper=False), low),
        "high": (relations.limit_from_coefficient(b_cell, se_cell, df, upper=True), high),
        "se": (relations.se_from_limits(low_cell, high_cell, df), se),
        "b": (relations.coefficient_from_limits(low_cell, high_cell), b),
        "f": (relations.f_from_r2(r2_cell, n, k), f),
        "adjusted": (relations.adjusted_from_r2(r2_cell, n, k), 1 - (1 - r2) * (n - 1) / df),
        "f_p": (relations.p_from_f(f_cell, n, k), relations.fdtrc(k, df, f)),
        "tolerance": (relations.tolerance_from_vif(vif_cell), 1 / vif),
    }
    for name, ((_, least, most), truth) in implied.items():
        assert contains((least, most), truth), (name, least, truth, most)


@pytest.mark.parametrize("vif", ["0", "0.0", "-1.0", "0.9"])
def test_a_vif_that_no_data_have_leaves_no_tolerance(vif):
    assert np.isnan(relations.tolerance_from_vif(Printed.parse(vif))[1:]).all()


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    k=st.integers(1, 3),
    n=st.integers(5, 60),
    decimals=DECIMALS,
    logs=st.lists(st.floats(-3, 1), min_size=4, max_size=4),
    strength=st.floats(0, 30),
)
def test_every_demand_of_an_honest_table_is_met_by_the_true_correlations(
    seed, k, n, decimals, logs, strength
):
    """No search: each printed number's interval for its statistic holds the true one."""
    stream = random_stream(seed, "test", "demands")
    data = stream.standard_normal((n, k + 1))
    data[:, -1] += strength * data[:, :-1].sum(axis=1)
    data *= 10.0 ** np.array(logs[: k + 1])
    study = study_of(data, decimals, more=True)
    if study is None:
        return
    cells = np.corrcoef(data, rowvar=False)[cell_places(k + 1)]
    # With standard deviations b and beta bound each other; without, b has a sign.
    for moments in (True, False):
        model = study[0]
        if not moments:
            model = printed_model(
                "m", "y", model.predictors, n, study[1], model.reported, model.overall
            )
        for demand in constraints_of(model):
            (value,), _, (definite,) = at_points(demand.kind, np.array([demand.j]), cells[None])
            slack = 1e-7 * max(1.0, abs(value))
            if definite:
                assert demand.low - slack <= value <= demand.high + slack, demand


def judged(model):
    """What is wrong with an honest table, all checks together."""
    comparison, _, envelopes = compare(model)
    tests = relations_of(model)
    wrong = comparison[comparison.verdict == CONTRADICTED]
    crossed = tests[(tests.reading != ONE_SIDED) & (tests.verdict == CONTRADICTED)]
    assert wrong.empty, wrong.to_string()
    assert crossed.empty, crossed.to_string()
    assert sd_conflict([model], envelopes.itertuples())[0] != INFEASIBLE
    assert joint_feasibility(model, boxes=2).status != INFEASIBLE


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_an_honest_table_of_zeros_is_never_called_wrong(seed):
    if (study := near_zero_study(seed)) is not None:
        judged(study[0])


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, 300, 100))
def test_no_honest_table_of_hundreds_is_called_wrong(first):
    for seed in range(first, first + 100):
        if (study := near_zero_study(seed)) is not None:
            judged(study[0])


# The outcome's SD prints as 0.0 beside n 2,000 and t -23.8: seen as infeasible.
@pytest.mark.parametrize("seed", [37980473])
def test_a_study_whose_outcome_has_an_sd_of_zero_is_feasible(seed):
    model, _ = hard_study(seed)
    assert model.sds[-1].text == "0.0"
    judged(model)
    assert joint_feasibility(model).status == FEASIBLE


@pytest.mark.parametrize(
    ("sds", "b", "beta", "possible"),
    [
        # By algebra: beta = b SD(x) / SD(y), with SDs that print as 0.0 from 0 to 0.05.
        (("1.0", "0.0"), "0.0", "0.9", True),
        (("1.0", "0.0"), "0.1", "0.1", False),  # at least 0.05 * 0.95 / 0.05
        (("1.0", "0.0"), "-0.1", "0.9", False),
        (("0.0", "1.0"), "9.0", "0.1", True),
        (("0.0", "1.0"), "9.0", "0.6", False),  # at most 9.05 * 0.05 / 0.95
        (("0.0", "1.0"), "-9.0", "0.1", False),
        (("0.0", "0.0"), "9.0", "0.1", True),
        (("0.0", "0.0"), "0.0", "-0.9", True),
        (("0.0", "0.0"), "0.1", "-0.9", False),
    ],
)
def test_an_sd_that_prints_as_zero_limits_beta_on_one_side(sds, b, beta, possible):
    cells = {name: Printed.parse(text) for name, text in (("b", b), ("beta", beta))}
    r = Printed.parse(beta)
    model = printed_model(
        *("m", "y", ["x"], 100, {("y", "x"): r}, {"x": cells}),
        sds=dict(zip(("x", "y"), map(Printed.parse, sds), strict=True)),
    )
    assert joint_feasibility(model).status == (FEASIBLE if possible else INFEASIBLE)


@pytest.mark.parametrize("n", [4, 5, 12])
@pytest.mark.parametrize("k", [1, 2])
def test_an_f_that_prints_as_0_demands_no_more_than_a_small_r2(n, k):
    # Half a unit below F = 0 the quotient F k / (F k + df) changes its sign.
    names = [f"x{j}" for j in range(k)]
    labels = [*names, "y"]
    cells = {(labels[a], labels[b]): Printed.parse("0") for a in range(k + 1) for b in range(a)}
    overall = {"f": Printed.parse("0"), "f_p": Printed.parse("1"), "r2": Printed.parse("0")}
    model = printed_model("m", "y", names, n, cells, {}, overall)
    judged(model)
    assert joint_feasibility(model).status == FEASIBLE


@pytest.mark.parametrize("more", [{}, {("c", "a"): "0.1", ("c", "b"): "0.1", ("y", "c"): "0.2"}])
@pytest.mark.parametrize("r", ["1.0", "-1.0", "1", "1.00"])
def test_a_correlation_of_one_beside_a_constant_has_bounds(r, more):
    # The interval ends at a singular matrix; with a third predictor its middle is one, unclipped.
    sign = "" if r[0] == "1" else "-"
    more = {pair: sign + text if pair == ("c", "b") else text for pair, text in more.items()}
    names = ["a", "b", *(["c"] if more else []), "y"]
    cells = {("b", "a"): r, ("y", "a"): "0.5", ("y", "b"): f"{sign}0.5"} | more
    reported = {"const": {"b": "2.0", "se": "1.0"}}
    moments = [dict.fromkeys(names, text) for text in ("4.0", "1.0")]
    model = printed_model("m", "y", names[:-1], 50, cells, reported, None, *moments)
    frame, missing, _ = compare(model)
    assert missing.empty
    assert (frame.verdict != CONTRADICTED).all()


def test_face_values_of_a_standard_deviation_of_zero_are_missing():
    for sds in (("0.0", "1.0"), ("1.0", "0.0")):
        model = printed_model(
            *("m", "y", ["x"], 50, {("y", "x"): "0.50"}, {"x": {"b": "0.0"}}),
            sds=dict(zip(("x", "y"), sds, strict=True)),
        )
        (row,) = compare(model)[0].itertuples()
        assert np.isnan(row.recomputed)
        assert row.verdict != "reproduced"
