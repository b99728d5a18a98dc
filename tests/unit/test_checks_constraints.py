"""What printed numbers demand of the correlations, each by its formula."""

import numpy as np
import pytest
from regression_examples import printed_model
from scipy import stats

from retrace.checks.regression.constraints import constraints_of
from retrace.printed.numbers import Printed

N, K, DF = 23, 2, 20
TIE = 1e-7  # more than what a tie may miss


def demands(row=(), overall=(), **options):
    """Kind and ends by statistic, of two predictors of an outcome of 23 people."""
    cells = {pair: Printed.parse("0.3") for pair in (("b", "a"), ("y", "a"), ("y", "b"))}
    row, overall = ({s: Printed.parse(c) for s, c in dict(each).items()} for each in (row, overall))
    sds = {name: Printed.parse(text) for name, text in dict(options.pop("sds", ())).items()}
    model = printed_model("m", "y", ["a", "b"], N, cells, {"b": row}, overall, sds=sds)
    return {c.statistic: (c.kind, c.low, c.high) for c in constraints_of(model, **options)}


def rho(t):
    return t / np.sqrt(t**2 + DF)


def critical(p):
    return stats.t.isf(p / 2, DF)


def close(kind, low, high):
    return (kind, pytest.approx(low, abs=TIE), pytest.approx(high, abs=TIE))


def test_t_demands_its_partial_correlation():
    assert demands({"t": "2.1"})["t"] == close("rho", rho(2.05), rho(2.15))
    assert demands({"t": "<-2.1"})["t"] == close("rho", -1.0, rho(-2.1))


@pytest.mark.parametrize(
    ("t", "p", "ends"),
    [
        ("2.1", "0.05", (critical(0.055), critical(0.045))),
        ("-2.1", "0.05", (-critical(0.045), -critical(0.055))),
        ("0.0", "0.05", (-critical(0.045), critical(0.045))),
        ("0.1", "1.00", (0.0, critical(0.995))),
        ("2.1", "<0.05", (critical(0.05), np.inf)),
        ("2.1", ">0.05", (0.0, critical(0.05))),
    ],
)
def test_p_demands_the_size_of_t_on_its_side(t, p, ends):
    low, high = (1.0 if np.isinf(end) else rho(end) for end in ends)
    assert demands({"t": t, "p": p})["p"] == close("rho", low, high)


def test_a_one_sided_p_is_the_tail_on_the_side_of_t():
    found = demands({"t": "2.1", "p": "0.05"}, one_sided=["b"])["p"]
    assert found == close("rho", rho(critical(0.11)), rho(critical(0.09)))


@pytest.mark.parametrize(("t", "sign"), [("-0.3", -1), ("0.3", 1)])
def test_the_sign_of_p_is_that_of_the_printed_coefficient(t, sign):
    for statistic in ("t", "beta", "b"):
        _, low, high = demands({statistic: t, "p": "0.20"})["p"]
        assert np.sign([low, high]).tolist() == [sign, sign]


def test_coefficients_inflation_and_tolerance_demand_themselves():
    assert demands({"beta": "0.3"})["beta"] == close("beta", 0.25, 0.35)
    assert demands({"vif": "1.3"})["vif"] == close("vif", 1.25, 1.35)
    assert demands({"tolerance": "0.8"})["tolerance"] == close("vif", 1 / 0.85, 1 / 0.75)


def test_a_raw_coefficient_demands_the_sign_or_what_deviations_leave():
    assert demands({"b": "0.3"})["b"] == ("beta", 0.0, np.inf)
    assert demands({"b": "-0.3"})["b"] == ("beta", -np.inf, 0.0)
    assert demands({"b": "0.0"}) == {}
    # beta = b SD(x) / SD(y).
    found = demands({"b": "0.3"}, sds={"b": "2.0", "y": "1.0"})["b"]
    assert found == close("beta", 0.25 * 1.95 / 1.05, 0.35 * 2.05 / 0.95)


def test_an_error_demands_t_beside_a_raw_coefficient_and_itself_beside_beta():
    found = demands({"b": "0.3", "se": "0.2"})["se"]
    assert found == close("rho", rho(0.25 / 0.25), rho(0.35 / 0.15))
    # se^2 = (1 - R2) VIF / df.
    found = demands({"beta": "0.3", "se": "0.2"})["se"]
    assert found == close("log_se2", np.log(DF * 0.15**2), np.log(DF * 0.25**2))


def test_limits_demand_the_t_of_their_middle_and_width():
    # b / se = t* (high + low) / (high - low), for limits from 0.95 to 1.05 and from 2.95 to 3.05.
    found = demands({"ci_low": "1.0", "ci_high": "3.0"})
    ends = [critical(0.05) * (u + v) / (u - v) for u in (2.95, 3.05) for v in (0.95, 1.05)]
    assert found == {
        "ci_high": ("rho", pytest.approx(rho(min(ends))), pytest.approx(rho(max(ends))))
    }
    at_90 = demands({"ci_low": "1.0", "ci_high": "3.0"}, level=0.90)["ci_high"]
    assert at_90[1] == pytest.approx(rho(min(ends) * critical(0.1) / critical(0.05)))
    # Limits that may be one number, or have no end, allow every t.
    assert demands({"ci_low": "1.0", "ci_high": "1.0"})["ci_high"] == ("rho", -1.0, 1.0)
    assert demands({"ci_low": "1.0", "ci_high": ">3.0"})["ci_high"] == ("rho", -1.0, 1.0)
    assert demands({"ci_high": "3.0"}) == demands({"ci_low": "3.0"}) == {}


def test_statistics_of_the_whole_model_demand_r2():
    assert demands(overall={"r2": "0.4"})["r2"] == close("r2", 0.35, 0.45)
    # 1 - R2 = (1 - adjusted R2) df / (n - 1), and R2 = F k / (F k + df).
    found = demands(overall={"adjusted_r2": "0.4"})["adjusted_r2"]
    assert found == close("r2", 1 - 0.65 * DF / (N - 1), 1 - 0.55 * DF / (N - 1))
    found = demands(overall={"f": "4.0"})["f"]
    assert found == close("r2", 3.95 * K / (3.95 * K + DF), 4.05 * K / (4.05 * K + DF))
    found = demands(overall={"f": ">0.0"})["f"]
    assert found == close("r2", 0.0, 1.0)
    # With two predictors p = (1 + 2 F / df)^(-df / 2) = (1 - R2)^(df / 2).
    found = demands(overall={"f_p": "0.1"})["f_p"]
    assert found == close("r2", 1 - 0.15 ** (2 / DF), 1 - 0.05 ** (2 / DF))
    assert demands(overall={"f_p": "1.0"})["f_p"] == close("r2", 0.0, 1 - 0.95 ** (2 / DF))
    assert demands(overall={"f_p": "0.0"})["f_p"] == close("r2", 1 - 0.05 ** (2 / DF), 1.0)
    assert demands(overall={"durbin_watson": "2.0"}) == {}
