"""Synthetic data of products: their columns are those of their factors, and print what they do.

Surveys with a moderator are simulated, their regressions are statsmodels', and what these print is
what data are drawn for; expected moments are algebra.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from mediation_papers import survey, write_paper

from retrace.checks.regression.from_study import models_of
from retrace.papers import read_paper
from retrace.printed.numbers import Printed
from retrace.printed.regression import PrintedRegression
from retrace.robustness.study_regressions import estimate_regressions
from retrace.synthetic import (
    InfeasibleTargetError,
    LikertTarget,
    Measure,
    check_data,
    continuous,
    likert,
)
from retrace.synthetic.arrange_products import ProductArranger
from retrace.synthetic.continuous_products import steer_products
from retrace.synthetic.product_columns import (
    expected_moments,
    mean_bounds,
    product_measure,
    with_products,
)
from retrace.synthetic.study_continuous import draw_continuous
from retrace.synthetic.study_responses import draw_responses
from retrace.synthetic.target import ProductColumn
from retrace.synthetic.why_missed import unmet_frame

NAMES = ("control", "trust", "risk", "effort", "trust_risk")
STEPS = {"M1": NAMES[:3], "M2": (*NAMES[:3], "trust_risk")}


def printed(value, decimals=2):
    return Printed.parse(f"{value:.{decimals}f}")


def moderated(n, seed, centred=True):
    """Answers on scales, the outcome with an interaction; and the product, by hand."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=n)

    def answers(m, of):
        raw = 4 + 1.2 * (0.7 * of[:, None] + rng.normal(size=(n, m)))
        return np.clip(np.rint(raw), 1, 7).mean(axis=1)

    control, trust, risk = (answers(4, 0.6 * z + 0.8 * rng.normal(size=n)) for _ in range(3))
    pull = 0.4 * (trust - 4) + 0.3 * (risk - 4) + 0.25 * (trust - 4) * (risk - 4)
    effort = answers(3, pull + 0.8 * rng.normal(size=n))
    factors = (trust - trust.mean(), risk - risk.mean()) if centred else (trust, risk)
    columns = (control, trust, risk, effort, factors[0] * factors[1])
    return pd.DataFrame(dict(zip(NAMES, columns, strict=True)))


def target_of(data, centred=True, models=("M1", "M2"), correlated=False):
    """What a paper prints of the data: two decimals, R² with three, by statsmodels."""
    product = ProductColumn("trust_risk", ("trust", "risk"), centred)
    measures = [Measure.of_responses(1, 7, m) for m in (4, 4, 4, 3)]
    measures.append(product_measure(product, measures[1:3]))
    R = data.corr().to_numpy()
    pairs = [(i, j) for i in range(5) for j in range(i) if correlated or i < 4]
    means, sds = ([printed(each) for each in row] for row in (data.mean(), data.std()))
    if not correlated:
        own = data[["trust", "risk"]]
        moments = expected_moments(product, own.mean(), own.std(), own.corr().to_numpy())
        means[4], sds[4] = moments
    regressions = []
    for name in models:
        fit = sm.OLS(data["effort"], sm.add_constant(data[list(STEPS[name])])).fit()
        rows = {
            term: {"b": printed(fit.params[term]), "se": printed(fit.bse[term])}
            for term in STEPS[name]
        }
        whole = {"r2": printed(fit.rsquared, 3), "f": printed(fit.fvalue)}
        regressions.append(PrintedRegression(name, "effort", STEPS[name], rows, whole))
    return LikertTarget(
        names=NAMES,
        n=len(data),
        measures=tuple(measures),
        correlations=tuple((NAMES[i], NAMES[j], printed(R[i, j])) for i, j in pairs),
        means=tuple(means),
        sds=tuple(sds),
        models=tuple(regressions),
        products=(product,),
    )


@pytest.mark.parametrize("centred", [True, False])
def test_moments_of_a_product_of_normal_variables_are_those_of_the_textbook(centred):
    # Bohrnstedt and Goldberger (1969), for two normal variables.
    mean, sd, r = (3.0, 5.0), (1.2, 0.8), 0.4
    R = np.array([[1, r], [r, 1]])
    found = expected_moments(ProductColumn("ab", ("a", "b"), centred), mean, sd, R)
    a, b = (0.0, 0.0) if centred else mean
    s, t = sd
    variance = (a * t) ** 2 + (b * s) ** 2 + 2 * a * b * r * s * t + (1 + r**2) * (s * t) ** 2
    assert found == pytest.approx((a * b + r * s * t, np.sqrt(variance)))


def test_moments_of_a_square_and_of_three_factors_are_those_of_the_textbook():
    # E z^4 = 3 and E z^2 = 1; of three independent variables the square of each has mean 1.
    square = ProductColumn("aa", ("a", "a"), True)
    assert expected_moments(square, (2, 2), (1, 1), np.ones((2, 2))) == pytest.approx((1, 2**0.5))
    three = ProductColumn("abc", ("a", "b", "c"), True)
    assert expected_moments(three, (1, 2, 3), (1, 1, 1), np.eye(3)) == pytest.approx((0, 1))


def test_data_with_a_product_print_the_tables_of_a_moderated_regression():
    data = moderated(200, 1)
    target = target_of(data, correlated=True)
    assert all(row.matched for row in check_data(target, data.to_numpy()))
    result = likert(target, np.random.default_rng(5))
    assert result.matched
    frame = result.frame()
    own = frame[["trust", "risk"]] - frame[["trust", "risk"]].mean()
    np.testing.assert_array_equal(frame["trust_risk"], own["trust"] * own["risk"])
    # The scores are on their lattices still.
    np.testing.assert_array_equal(frame["trust"] * 4, np.rint(frame["trust"] * 4))
    fit = sm.OLS(frame["effort"], sm.add_constant(frame[list(STEPS["M2"])])).fit()
    cell = target.models[1].reported["trust_risk"]
    assert cell["b"].admits(fit.params["trust_risk"])
    assert cell["se"].admits(fit.bse["trust_risk"])


def test_products_that_are_not_centred_are_met_where_their_moments_are_not_printed():
    data = moderated(200, 2, centred=False)
    target = target_of(data, centred=False)
    result = likert(target, np.random.default_rng(6))
    assert result.matched
    frame = result.frame()
    np.testing.assert_array_equal(frame["trust_risk"], frame["trust"] * frame["risk"])


def test_data_sets_of_one_stream_are_the_same():
    target = target_of(moderated(80, 3), models=("M2",))
    one, other = (likert(target, np.random.default_rng(7)).data for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_continuous_data_keep_the_moments_of_what_is_drawn_and_print_the_product():
    data = moderated(150, 4)
    target = target_of(data, correlated=True)
    drawn = data[list(NAMES[:4])]
    R, mean, sd = drawn.corr().to_numpy(), drawn.mean(), drawn.std()
    start = continuous(R, 150, np.random.default_rng(8), mean, sd)
    before = check_data(target, with_products(target, start), "continuous")
    steered = steer_products(target, start)
    np.testing.assert_allclose(np.corrcoef(steered.T), R, atol=1e-12)
    np.testing.assert_allclose(steered.mean(axis=0), mean, atol=1e-12)
    np.testing.assert_allclose(steered.std(axis=0, ddof=1), sd, atol=1e-12)
    after = check_data(target, with_products(target, steered), "continuous")
    assert sum(not row.matched for row in before) > 5
    assert all(row.matched for row in after)


def test_what_no_joint_distribution_gives_is_missed_and_said_and_harms_nothing_else():
    target = target_of(moderated(120, 5), models=(), correlated=True)
    # Of 120 people with SDs near 1, none has products with such an SD, and r gives the mean.
    moments = {"means": (*target.means[:4], printed(3.0)), "sds": (*target.sds[:4], printed(50.0))}
    wrong = LikertTarget(**{**vars_of(target), **moments})
    result = likert(wrong, np.random.default_rng(9))
    missed = {(row.statistic, row.of) for row in result.missed}
    assert missed == {("mean", ("trust_risk",)), ("sd", ("trust_risk",))}
    unmet = unmet_frame(wrong, result.missed, result.data).set_index("statistic")
    assert unmet.loc["mean", "proven"]
    assert "give its mean, from" in unmet.loc["mean", "why"]
    assert not unmet.loc["sd", "proven"]
    assert "joint distributions of the factors" in unmet.loc["sd", "why"]


def test_numbers_of_a_product_that_contradict_each_other_are_named_and_not_searched_for(
    monkeypatch,
):
    """With t of another coefficient than R2 and the correlations give, whatever the data are."""
    target = target_of(moderated(120, 8), models=("M2",), correlated=True)
    (model,) = target.models
    cell = model.reported["trust_risk"]
    other = {**cell, "b": printed(cell["b"].value + 0.3)}
    wrong = replace(model, reported={**model.reported, "trust_risk": other})
    target = replace(target, models=(wrong,))
    arranged = []
    arrange = ProductArranger.arrange
    monkeypatch.setattr(
        ProductArranger, "arrange", lambda *given: arranged.append(1) or arrange(*given)
    )
    result = likert(target, np.random.default_rng(10))
    assert len(arranged) == 1
    missed = {(row.statistic, row.term) for row in result.missed}
    assert ("b", "M2: trust_risk") in missed
    # What they say of it is missed, and nothing else but what the conflict has in it.
    assert missed <= {(name, "M2: trust_risk") for name in cell} | {("r2", "M2"), ("f", "M2")}
    unmet = unmet_frame(target, result.missed, result.data)
    assert unmet["proven"].all()
    assert unmet["why"].str.contains(f"b {other['b'].text} of trust_risk").all()


def vars_of(target):
    names = ("names", "n", "measures", "correlations", "means", "sds", "alphas", "models")
    return {name: getattr(target, name) for name in (*names, "products")}


@pytest.mark.parametrize("centred", [True, False])
def test_the_mean_of_a_product_is_bounded_by_its_factors(centred):
    target = target_of(moderated(90, 6, centred), centred, models=(), correlated=True)
    data = moderated(90, 6, centred)
    low, high = mean_bounds(target, target.products[0])
    # Algebra: the mean of a product is that of the means and the covariance.
    own = data[["trust", "risk"]]
    exact = own.cov().iloc[0, 1] * 89 / 90 + (0 if centred else own.mean().prod())
    assert low < exact < high
    assert exact == pytest.approx(data["trust_risk"].mean())


def test_a_target_says_which_products_are_none():
    target = target_of(moderated(60, 7), models=())
    for factors, problem in ((("trust", "nobody"), "nobody, which are not"), (("trust",), "one")):
        product = ProductColumn("trust_risk", factors)
        with pytest.raises(InfeasibleTargetError, match=problem):
            LikertTarget(**{**vars_of(target), "products": (product,)})


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    """A paper with a centred product, of whose means nothing is printed, in wider scales."""
    found = survey(3, 240)
    scale = {"min": -20, "max": 30}
    assumed = {"mean": "4", "items": 4}
    folder = tmp_path_factory.mktemp("paper")
    study = {"scale": scale, "assumptions": assumed}
    return read_paper(write_paper(folder / "made2024", found, 2, **study)).study, found


def test_a_study_with_a_product_is_drawn_estimated_and_decided(paper):
    study, found = paper
    data, why_not = draw_continuous(study, np.random.default_rng(1))
    assert not why_not
    responses = draw_responses(study, data, np.random.default_rng(2))
    for frame in (data, responses.scores):
        own = frame[["x", "w"]] - frame[["x", "w"]].mean()
        np.testing.assert_allclose(frame["xw"], own["x"] * own["w"], atol=1e-12)
    rows = responses.fidelity[responses.fidelity["data"] == "likert"]
    about = rows["term"].str.contains("xw")
    assert about.sum() > 8
    assert rows.loc[about, "matched"].all()
    words = responses.measures.set_index("construct").loc["xw", "assumed"]
    assert words == "not drawn: the product of the centred factors x and w"
    # Least squares on the data are those of the paper, at its two decimals.
    table = estimate_regressions(models_of(study), {"likert": responses.scores}).table
    own = table[(table["model"] == "V") & (table["term"] == "xw") & (table["data"] == "likert")]
    assert own["t"].iloc[0] == pytest.approx(found.fits["V"].tvalues["xw"], abs=0.4)


def test_regressions_whose_products_alone_lack_correlations_are_estimated_on_data(paper):
    study, _ = paper
    cells = [cell for cell in study.correlations if "xw" not in cell[:2]]
    without = study.model_copy(update={"correlations": cells})
    data = pd.DataFrame(np.random.default_rng(1).normal(size=(50, 7)), columns=study.names)
    found = estimate_regressions(models_of(without), {"likert": data})
    of_v = found.table[found.table["model"] == "V"]
    assert set(of_v["data"]) == {"likert"}
    assert list(found.not_estimated) == ["V"]
    fewer = [cell for cell in cells if set(cell[:2]) != {"w", "x"}]
    without = study.model_copy(update={"correlations": fewer})
    found = estimate_regressions(models_of(without), {"likert": data})
    assert not (found.table["model"] == "V").any()


def test_constants_at_the_means_of_centred_factors_are_not_sought_and_said_so(paper):
    study, _ = paper
    model = study.models["V"]
    rows = {**model.reported, "Constant": {"b": printed(4.0)}}
    changed = model.model_copy(update={"reported": rows})
    other = study.model_copy(update={"models": {**study.models, "V": changed}})
    data, _ = draw_continuous(other, np.random.default_rng(1))
    unmet = draw_responses(other, data, np.random.default_rng(2)).unmet
    row = unmet[unmet["term"] == "V: Constant"].iloc[0]
    assert row["why"].startswith("not sought: some factors are centred")
