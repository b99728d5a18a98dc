"""Effects of several coefficients on data: statsmodels' tests, and algebra, beside ours."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from mediation_papers import MODELS, survey

from retrace.decisions import (
    DIFFERENCE,
    INDIRECT,
    NOT_ATTAINABLE,
    SLOPE,
    TOTAL,
    EffectHypothesis,
    Product,
    two_sided_p,
)
from retrace.estimators.effects_on_data import estimate_effect_on_data, is_of_one_model
from retrace.estimators.estimators_on_data import (
    BOOTSTRAP,
    HC3,
    LEAST_SQUARES,
    estimates_on_data,
    resampling_counts,
)

REGRESSIONS = {
    name: SimpleNamespace(outcome=outcome, predictors=tuple(terms))
    for name, (outcome, terms) in MODELS.items()
}
A, B, DIRECT = ("M", "x"), ("Y", "m"), ("Y", "x")
EFFECTS = {
    DIFFERENCE: (Product(1.0, (B,)), Product(-1.0, (DIRECT,))),
    SLOPE: (Product(1.0, (("V", "x"),)), Product(1.1, (("V", "xw"),))),
    INDIRECT: (Product(1.0, (A, B)),),
    TOTAL: (Product(1.0, (DIRECT,)), Product(1.0, (A, B))),
}


def effect(kind):
    return EffectHypothesis("H1", kind, f"the {kind}", EFFECTS[kind], 1, "supported")


def estimates(data, kind, counts=None, responses=False):
    counts = np.ones((2, len(data)), dtype=np.uint8) if counts is None else counts
    rows = estimate_effect_on_data(data, REGRESSIONS, effect(kind), counts, responses=responses)
    return {row.specification: row for row in rows}


@pytest.fixture(scope="module")
def data():
    return survey(11, 160).data


def fit(data, name):
    """A regression of `MODELS` by statsmodels."""
    outcome, terms = MODELS[name]
    return sm.OLS(data[outcome], sm.add_constant(data[list(terms)])).fit()


def standardised(data):
    return (data - data.mean()) / data.std()


def test_what_is_of_one_model():
    assert [is_of_one_model(EFFECTS[kind]) for kind in EFFECTS] == [True, True, False, False]


@pytest.mark.parametrize("errors", [LEAST_SQUARES, HC3])
@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [(DIFFERENCE, "Y", "m - x = 0"), (SLOPE, "V", "x + 1.1 * xw = 0")],
)
def test_sums_within_a_model_are_tested_as_statsmodels_tests_them(data, kind, name, said, errors):
    found = estimates(data, kind)[errors]
    # A difference is of standardised coefficients, a slope of raw ones.
    own = fit(standardised(data) if kind == DIFFERENCE else data, name)
    own = own.get_robustcov_results("HC3") if errors == HC3 else own
    tested = own.t_test(said)
    assert found.estimate / found.se == pytest.approx(float(np.squeeze(tested.tvalue)))
    assert found.p == pytest.approx(float(np.squeeze(tested.pvalue)), rel=1e-6, abs=0)
    assert found.df == int(own.df_resid)
    assert found.term == f"the {kind}"
    if kind == DIFFERENCE:
        assert found.estimate == pytest.approx(float(np.squeeze(tested.effect)))


def test_an_indirect_effect_has_sobels_z(data):
    found = estimates(data, INDIRECT)[LEAST_SQUARES]
    m, y = (fit(standardised(data), name) for name in "MY")
    a, b, sa, sb = m.params["x"], y.params["m"], m.bse["x"], y.bse["m"]
    assert found.estimate == pytest.approx(a * b)
    # Sobel (1982); that of raw coefficients is the same.
    z = a * b / math.sqrt(a**2 * sb**2 + b**2 * sa**2)
    assert found.estimate / found.se == pytest.approx(z)
    assert found.p == pytest.approx(two_sided_p(z, math.inf))


def test_a_total_effect_has_the_delta_method_s_error(data):
    found = estimates(data, TOTAL)[LEAST_SQUARES]
    m, y = (fit(standardised(data), name) for name in "MY")
    a, b = m.params["x"], y.params["m"]
    # Of Y: direct + a times b, as statsmodels tests it; of M: b times a.
    own = y.t_test(f"x + {a!r} * m = 0".replace("np.float64(", "").replace(")", ""))
    se = math.hypot(float(own.sd.item()), b * m.bse["x"])
    assert found.estimate == pytest.approx(y.params["x"] + a * b)
    assert found.se == pytest.approx(se)


def test_all_models_share_the_resamples_of_a_bootstrap(data):
    counts = resampling_counts(len(data), np.random.default_rng(1), 400)
    for kind in (INDIRECT, TOTAL):
        found = estimates(data, kind, counts)[BOOTSTRAP]
        resampled = []
        for count in counts[:60]:
            some = standardised(data.loc[np.repeat(data.index, count)])
            m, y = (fit(some, name).params for name in "MY")
            resampled.append(m["x"] * y["m"] + (y["x"] if kind == TOTAL else 0.0))
        first = estimates(data, kind, counts[:60])[BOOTSTRAP]
        assert first.se == pytest.approx(np.std(resampled, ddof=1))
        least = min(np.sum(np.array(resampled) <= 0), np.sum(np.array(resampled) > 0))
        assert first.p == pytest.approx(min(2 * (1 + least) / 61, 1))
        assert 0 < found.p < 1


def test_robust_estimators_add_up_as_their_own_coefficients_do(data):
    """They are equivariant: a sum of Huber's coefficients is Huber's coefficient of the sum."""
    columns = data[["x", "m", "z", "y"]]
    single = estimates_on_data(columns, ("x", "m", "z"), np.ones((2, len(data)), dtype=np.uint8))
    by = {(row.specification, row.term): row.estimate for row in single}
    robust = {n: e for n, e in estimates(data, DIFFERENCE).items() if n.startswith("robust")}
    assert len(robust) == 2
    for name, found in robust.items():
        assert found.estimate == pytest.approx(by[name, "m"] - by[name, "x"], abs=1e-6)


def test_ordered_regressions_are_of_effects_within_a_model_alone():
    data = survey(12, 120).data
    ordered = data.assign(y=np.clip(np.rint(data.y), 2, 6), m=np.clip(np.rint(data.m), 2, 6))
    within = estimates(ordered, DIFFERENCE, responses=True)
    assert within["ordered logit"].p > 0
    over = estimates(ordered, INDIRECT, responses=True)
    assert math.isnan(over["ordered logit"].p)
    assert "no common scale" in over["ordered logit"].problem


def test_of_no_data_nothing_is_estimated():
    empty = pd.DataFrame(columns=["x", "m", "z", "y", "w", "xw", "v"], dtype=float)
    for kind in EFFECTS:
        rows = estimates(empty, kind, np.ones((2, 0), dtype=np.uint8), responses=True)
        assert all(math.isnan(row.p) and row.problem for row in rows.values())
        assert len(rows) == 7


def test_ensembles_decide_effects_by_every_estimator():
    from retrace.synthetic.ensemble_summary import decide_ensemble

    columns = ["draw", "model", "term", "specification", "estimate", "se", "p", "df", "problem"]
    about = "the difference"
    rows = [(d, "H1", about, HC3, 0.3, 0.1, p, 9, "") for d, p in ((0, 0.01), (1, 0.2))]
    missed = pd.DataFrame(
        [(d, "printed_statistics_missed", "", 0.0) for d in range(2)],
        columns=["draw", "statistic", "term", "value"],
    )
    path = EffectHypothesis("H2", "path of a structural model", "y ~ x in sem", (), 1, "supported")
    found = decide_ensemble(
        missed, pd.DataFrame(rows, columns=columns), [effect(DIFFERENCE), path], 0.05
    )
    first, other = found.itertuples()
    assert (first.analysis, first.data_sets, first.supported) == (HC3, 2, 1)
    assert first.decision == "undetermined"
    assert other.decision == NOT_ATTAINABLE
    assert other.analysis == "no estimator is of this effect on data of one sample"
