"""Standard deviations behind printed coefficients: agreement across models and with printed SDs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judged_tables import compare
from regression_examples import magni_model, printed_model

from retrace.checks.regression.comparison import judge_numbers
from retrace.checks.regression.sd_ratios import Bound, conflict_among, sd_conflict, sd_record
from retrace.estimators.least_squares import ols_from_correlations
from retrace.printed.numbers import Printed


def bound(above, below, limit, printed=""):
    return Bound(above, below, limit, "m", above, printed)


def hierarchical(seed, decimals, changed=None, with_sds=False):
    """Models of x0; x0, x1; x0, x1, x2 on the same data, B alone printed; `changed` replaces B."""
    stream = np.random.default_rng(seed)
    data = stream.normal(size=(200, 4)) @ stream.normal(size=(4, 4)) * stream.uniform(0.5, 3, 4)
    R, sds = np.corrcoef(data, rowvar=False), data.std(axis=0, ddof=1)
    names = ["x0", "x1", "x2", "y"]
    cells = {
        (names[a], names[b]): Printed.parse(f"{R[a, b]:.3f}") for a in range(4) for b in range(a)
    }
    models = []
    for k in (1, 2, 3):
        index = [*range(k), 3]
        fit = ols_from_correlations(R[np.ix_(index, index)], 200, sds=sds[index])
        reported = {
            names[j]: {
                "b": Printed.parse((changed or {}).get((k, names[j]), f"{fit.b[j]:.{decimals}f}"))
            }
            for j in range(k)
        }
        printed = {n: Printed.parse(f"{s:.{decimals}f}") for n, s in zip(names, sds, strict=True)}
        models.append(
            printed_model(
                f"step{k}", "y", names[:k], 200, cells, reported, sds=printed if with_sds else None
            )
        )
    return models


def record_of(models):
    brackets = [row for model in models for row in judge_numbers(model).brackets]
    return sd_record(*sd_conflict(models, brackets))


def test_a_cycle_with_a_negative_sum_is_the_conflict():
    # y - a <= 1, a - b <= 1, b - y <= -3 sum to 0 <= -1; z takes no part.
    bounds = [bound("y", "a", 1.0), bound("a", "b", 1.0), bound("b", "y", -3.0)]
    found = conflict_among([*bounds, bound("z", "y", 0.1), bound("y", "z", 0.1)])
    assert sorted(b.above for b in found) == ["a", "b", "y"]
    assert conflict_among([*bounds[:2], bound("b", "y", -2.0)]) == []


def test_the_smaller_of_two_conflicts_is_named():
    three = [bound("y", "a", 0.0), bound("a", "b", 0.0), bound("b", "y", -1.0)]
    two = [bound("y", "c", 0.0), bound("c", "y", -0.1)]
    assert {b.above for b in conflict_among([*three, *two])} == {"c", "y"}


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10**6), decimals=st.integers(2, 3), with_sds=st.booleans())
def test_honest_models_of_the_same_data_agree(seed, decimals, with_sds):
    assert record_of(hierarchical(seed, decimals, with_sds=with_sds))["status"] != "infeasible"


def test_a_coefficient_that_disagrees_with_another_model_is_found():
    # B of x0 in the first model is doubled: alone nothing contradicts it, its sign is right.
    honest = hierarchical(3, 3)
    b = honest[0].reported["x0"]["b"]
    models = hierarchical(3, 3, {(1, "x0"): f"{2 * b.value:.3f}"})
    assert all((compare(model)[0].verdict != "contradicted").all() for model in models)
    record = record_of(models)
    assert record["status"] == "infeasible"
    assert [number["term"] for number in record["conflict"]] == ["x0", "x0"]
    assert {"model": "step1", "term": "x0", "statistic": "b", "printed": f"{2 * b.value:.3f}"} in (
        record["conflict"]
    )


def test_a_printed_standard_deviation_takes_part():
    # SD(y) is shared: with all SDs printed, one B that is ten times too large names its own ratio.
    b = hierarchical(3, 3)[2].reported["x2"]["b"]
    record = record_of(hierarchical(3, 3, {(3, "x2"): f"{10 * b.value:.3f}"}, with_sds=True))
    assert record["status"] == "infeasible"
    kinds = sorted((n["term"], n["statistic"]) for n in record["conflict"])
    assert kinds == [("x2", "b"), ("x2", "sd"), ("y", "sd")]


def test_one_b_a_construct_can_always_be_met():
    model = magni_model()
    assert record_of([model]) == {"status": "not checkable"}


@pytest.mark.parametrize(
    ("row", "status"),
    [
        # Table 5: t = 2.451. 0.182 / 0.074 = 2.459; 0.182 / 0.065 = 2.80 lies above the envelope.
        ({"b": "0.182", "se": "0.074"}, "feasible"),
        ({"b": "0.182", "se": "0.065"}, "infeasible"),
        # Limits 0.182 -+ 1.968 * 0.0743, and with half that width.
        ({"ci_low": "0.036", "ci_high": "0.328"}, "feasible"),
        ({"ci_low": "0.109", "ci_high": "0.255"}, "infeasible"),
    ],
)
def test_errors_and_limits_of_raw_coefficients_demand_their_t(row, status):
    from regression_examples import CONSTRUCTS, N, table_4

    from retrace.checks.regression.feasibility import joint_feasibility

    cells = {name: Printed.parse(text) for name, text in row.items()}
    model = printed_model("full", "readiness", CONSTRUCTS[:4], N, table_4(), {"customer": cells})
    assert joint_feasibility(model).status == status
