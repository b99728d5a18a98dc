"""Every statistic that a study may print, by moments and from data, against statsmodels."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.outliers_influence import variance_inflation_factor
from synthesis_targets import magni

from retrace.papers.study import Construct, Model, Scale, Study
from retrace.printed.numbers import Printed
from retrace.printed.reported import (
    CONSTANT_STATISTICS,
    MODEL_STATISTICS,
    TERM_STATISTICS,
    is_constant,
)
from retrace.provenance.streams import random_stream
from retrace.reporting.synthetic_figures import target_against_achieved
from retrace.synthetic import LikertTarget, PrintedRegression, check_data, check_items
from retrace.synthetic import Scale as Responses
from retrace.synthetic.from_study import likert_target
from retrace.synthetic.moments import feasible_moments
from retrace.synthetic.printed_statistics import PrintedStatistics

PREDICTORS = ("trust", "risk", "size")
NAMES = (*PREDICTORS, "export")


def responses(seed, n=60):
    """Correlated answers on a scale from 1 to 7."""
    rng = np.random.default_rng(seed)
    latent = rng.standard_normal((n, 1)) + rng.standard_normal((n, len(NAMES)))
    return pd.DataFrame(np.clip(np.rint(4 + latent), 1, 7), columns=list(NAMES))


def rows_of(fit, place):
    """A term's statistics as statsmodels reports them."""
    low, high = fit.conf_int().to_numpy()[place]
    columns = (fit.params, fit.bse, fit.tvalues, fit.pvalues)
    row = dict(zip(("b", "se", "t", "p"), (c.iloc[place] for c in columns), strict=True))
    return row | {"ci_low": low, "ci_high": high}


def statsmodels_says(data):
    """Every statistic of the regression: raw, and standardised without b."""
    X = sm.add_constant(data[list(PREDICTORS)])
    fit = sm.OLS(data["export"], X).fit()
    z = (data - data.mean()) / data.std()
    standardised = sm.OLS(z["export"], sm.add_constant(z[list(PREDICTORS)])).fit()
    expected = {("(Constant)", name): v for name, v in rows_of(fit, 0).items()}
    for place, term in enumerate(PREDICTORS, start=1):
        vif = variance_inflation_factor(X.to_numpy(), place)
        raw, beta = rows_of(fit, place), rows_of(standardised, place)
        # The first predictor prints B, the others beta alone: their errors belong to that.
        own = raw if term == "trust" else {"t": raw["t"], "p": raw["p"]}
        own |= {"beta": beta["b"], "vif": vif, "tolerance": 1 / vif}
        if term != "trust":
            own |= {name: beta[name] for name in ("se", "ci_low", "ci_high")}
        expected |= {(term, name): value for name, value in own.items()}
    whole = (fit.rsquared, fit.rsquared_adj, fit.fvalue, fit.f_pvalue)
    expected |= {
        ("", name): v for name, v in zip(("r2", "adjusted_r2", "f", "f_p"), whole, strict=True)
    }
    return expected


def target_printing(data, expected):
    """A target of everything expected, at nine decimals."""
    coefficients, fit = {}, {}
    for (term, name), value in expected.items():
        cell = Printed.parse(f"{value:.9f}")
        (coefficients.setdefault(term, {}) if term else fit)[name] = cell
    R = data.corr().to_numpy()
    lower = {name: [f"{r:.9f}" for r in R[i, :i]] for i, name in enumerate(NAMES)}
    model = PrintedRegression("main", "export", PREDICTORS, coefficients, fit)
    return LikertTarget.from_table(lower, len(data), (1, 7), [4.0] * 4, [1.0] * 4, models=[model])


@pytest.mark.parametrize("seed", range(5))
def test_every_statistic_is_that_of_statsmodels_from_data_and_from_moments(seed):
    data = responses(seed)
    expected = statsmodels_says(data)
    assert {name for _, name in expected} == {*TERM_STATISTICS, *MODEL_STATISTICS[:-1]}
    target = target_printing(data, expected)
    wanted = {
        (f"main: {term}" if term else "main", name): value
        for (term, name), value in expected.items()
    }
    found = {(row.term, row.statistic): row.achieved for row in check_data(target, data.to_numpy())}
    assert {key: found[key] for key in wanted} == pytest.approx(wanted, rel=1e-9, abs=1e-12)
    statistics = PrintedStatistics(target)
    moments = data.mean(), data.std(), data.corr()
    values = statistics.evaluate(*(np.asarray(each)[None] for each in moments))[0]
    found = {(r.term, r.kind): v for r, v in zip(statistics.rows, values, strict=True)}
    assert {key: found[key] for key in wanted} == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def some(names):
    """Printed numbers for some of the statistics."""
    return st.dictionaries(st.sampled_from(names), st.just(Printed.parse("0.5")))


@st.composite
def studies(draw):
    """Studies that print any of what a folder may hold."""
    constructs = {
        name: Construct(label=name, items=draw(st.integers(2, 4)), **draw(some(MOMENTS)))
        for name in NAMES
    }
    pairs = [(row, column) for i, row in enumerate(NAMES) for column in NAMES[:i]]
    terms = {term: some(TERM_STATISTICS) for term in PREDICTORS}
    terms |= {"(Intercept)": some(CONSTANT_STATISTICS)}
    models = {
        name: Model(
            outcome="export",
            predictors=list(PREDICTORS),
            reported=draw(st.fixed_dictionaries({}, optional=terms)),
            **draw(some(MODEL_STATISTICS)),
        )
        for name in draw(st.sets(st.sampled_from(["one", "two"])))
    }
    return Study(
        paper="made-up",
        n=40,
        scale=Scale(min=1, max=7),
        constructs=constructs,
        correlations=[(*pair, Printed.parse("0.10")) for pair in pairs],
        models=models,
        assumptions={"mean": "4", "sd": "1"},
    )


MOMENTS = ("mean", "sd", "alpha")


@settings(max_examples=60, deadline=None)
@given(study=studies())
def test_every_printed_number_of_a_study_has_one_row_of_fidelity(study):
    printed = [
        (name, c)
        for c, entry in study.constructs.items()
        for name in MOMENTS
        if getattr(entry, name) is not None
    ]
    printed += [("r", f"{row}, {column}") for row, column, _ in study.correlations]
    for name, model in study.models.items():
        for term, cells in model.reported.items():
            printed += [(statistic, f"{name}: {term}") for statistic in cells]
        printed += [(s, name) for s in MODEL_STATISTICS if getattr(model, s) is not None]
    target = likert_target(study)
    scores = responses(1, study.n).to_numpy()
    items = {c: np.repeat(scores[:, [i]], 2, axis=1) for i, c in enumerate(NAMES)}
    rows = [*check_data(target, scores), *check_items(target, items)]
    assert sorted((row.statistic, row.term) for row in rows) == sorted(printed)
    assert all(np.isfinite(row.achieved) for row in rows)


@pytest.mark.parametrize("name", ["(Intercept)", "(Constant)", "constant", "_cons", "const"])
def test_the_constant_is_known_by_the_names_that_packages_print(name):
    assert is_constant(name)
    assert not is_constant("constancy")


def test_columns_without_variance_and_indefinite_moments_miss_what_needs_their_correlations():
    statistics = PrintedStatistics(magni())
    R = np.repeat(statistics.target.R[None], 3, axis=0)
    R[1, 0, 1:] = R[1, 1:, 0] = np.nan  # 0 / 0: the correlations of scores that are all the same
    R[2, :4, :4] = 2 * np.eye(4) - 1  # algebra: 1 - 3 is an eigenvalue
    mean, sd = np.full((3, 5), 4.0), np.ones((3, 5))
    sd[1, 0] = 0.0
    misses = statistics.misses(statistics.evaluate(mean, sd, R))
    assert np.isfinite(misses[0]).all()
    ruined = np.array([0 in row.columns for row in statistics.rows])
    assert np.isinf(misses[1][ruined]).all()
    assert np.isfinite(misses[1][~ruined]).all()
    of_a_model = np.array([row.model >= 0 for row in statistics.rows])
    assert np.isinf(misses[2][of_a_model]).all()


def test_printed_constants_say_what_the_means_are():
    """Means are assumed at 4; the constants of two regressions of other data move them."""
    data = responses(3, 120) * [1, 1, 1, 0.8] + [0.4, 0.2, 0.5, 0.6]
    models = []
    for name, predictors in (("one", ["size"]), ("all", list(PREDICTORS))):
        fit = sm.OLS(data["export"], sm.add_constant(data[predictors])).fit()
        rows = {
            term: {
                statistic: Printed.parse(f"{value:.3f}")
                for statistic, value in rows_of(fit, place).items()
            }
            for place, term in enumerate(["(Constant)", *predictors])
        }
        models.append(PrintedRegression(name, "export", tuple(predictors), rows))
    R = data.corr().to_numpy()
    lower = {name: [f"{r:.2f}" for r in R[i, :i]] for i, name in enumerate(NAMES)}
    target = LikertTarget.from_table(lower, 120, Responses(1, 7, 3), 4.0, 1.0, models=models)
    statistics = PrintedStatistics(target)
    truth = (np.asarray(each)[None] for each in (data.mean(), data.std(), data.corr()))
    assert not statistics.misses(statistics.evaluate(*truth)).any()
    for seed in range(3):
        moments, misses = feasible_moments(statistics, random_stream(seed, "constant", "test"))
        assert not misses.any()
        assert np.abs(moments.mean - 4.0).max() > 0.1


def labels_of(rows):
    """What the figure writes beside its dots, and where they are."""
    columns = ["data", "statistic", "term", "printed", "achieved"]
    frame = pd.DataFrame([("likert", *row) for row in rows], columns=columns)
    cell = {"b": Printed.parse("0.50")}
    reported = dict.fromkeys(("trust", "a", "b"), cell)
    models = [
        PrintedRegression(name, "y", ("trust", "a", "b"), reported) for name in ("one", "two", "on")
    ]
    axes = target_against_achieved(frame, "made up", models).axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    return labels, axes.collections[-1].get_offsets().data.tolist()


def test_each_model_has_a_row_of_its_own_in_the_figure():
    rows = [("b", "one: trust", "0.50", 0.5), ("b", "two: trust", "0.60", 0.6)]
    assert labels_of(rows)[0] == ["B  one: trust", "B  two: trust"]
    assert labels_of(rows[:1])[0] == ["B  trust"]


def test_a_bound_that_is_not_met_is_drawn_at_the_edge():
    _, dots = labels_of([("p", "one: a", "<.001", 0.0004), ("p", "one: b", "<.001", 0.002)])
    assert dots == [[0.0, 1.0], [4.0, 0.0]]
