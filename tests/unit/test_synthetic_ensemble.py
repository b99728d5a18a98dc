"""Ensembles: what printed tables leave open, and what they settle."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.optimize import minimize
from synthesis_targets import TABLE_5, magni

from retrace.decisions import NOT_ATTAINABLE, NOT_SUPPORTED, SUPPORTED, UNDETERMINED, Hypothesis
from retrace.estimators.diagnostics import residual_diagnostics
from retrace.estimators.estimators_on_data import estimates_on_responses, resampling_counts
from retrace.provenance.streams import random_stream, share_of
from retrace.reporting.synthetic_figures import ensemble_spread
from retrace.synthetic.ensemble import (
    DRAW,
    MISSED,
    OpenStatistic,
    analyse_ensemble,
    draw_ensemble,
    ensemble_frame,
)
from retrace.synthetic.ensemble_summary import (
    EnsembleDecision,
    decide_ensemble,
    describe_ensemble,
    stated_ensemble,
    summarise_ensemble,
)
from retrace.synthetic.moments import feasible_moments
from retrace.synthetic.printed_statistics import PrintedStatistics

stream = partial(random_stream, 1, "tests", "ensemble")


COUNTS = resampling_counts(300, random_stream(1, "tests", "bootstrap"), 500)


@pytest.fixture(scope="module")
def ensemble():
    target = magni(4)
    return target, ensemble_frame(target, draw_ensemble(target, range(12), stream))


def analyse(target, frame):
    """Statistics and estimates of data sets in the form in which jobs leave them."""
    names = list(target.names)
    drawn = [(draw, part[names].to_numpy()) for draw, part in frame.groupby(DRAW)]
    models = {model.name: model for model in target.models}
    return analyse_ensemble(target, models, drawn, COUNTS)


@pytest.fixture(scope="module")
def analysed(ensemble):
    return analyse(*ensemble)


@pytest.fixture(scope="module")
def described(ensemble, analysed):
    return describe_ensemble(*ensemble, *analysed)


@pytest.mark.parametrize("chunks", [2, 3])
def test_any_number_of_jobs_draws_and_analyses_the_same_ensemble(ensemble, analysed, chunks):
    target, whole = ensemble
    shares = [share_of(range(12), chunk, chunks) for chunk in range(1, chunks + 1)]
    frames = [ensemble_frame(target, draw_ensemble(target, own, stream)) for own in shares]
    found = [(frame, *analyse(target, frame)) for frame in frames]
    for parts, expected in zip(zip(*found, strict=True), (whole, *analysed), strict=True):
        together = pd.concat(parts).sort_values(DRAW, kind="stable", ignore_index=True)
        pd.testing.assert_frame_equal(together, expected, check_exact=True)


def test_every_data_set_prints_the_tables_and_none_is_a_copy(ensemble, described):
    by = described.groupby("statistic")["value"]
    assert by.max()[MISSED] == 0
    assert by.max()["rows_shared"] < 0.02
    # Independent orders of 300 rows: 66 pairs of 5 columns, SD 0.058 each.
    assert by.max()["order_shared"] < 0.35
    spearman = described[described["statistic"] == "spearman"].groupby("term")["value"].std()
    assert len(spearman) == 10
    assert spearman.min() > 0.002
    assert described[described["statistic"] == "skewness"]["value"].std() > 0.05
    # Digits that print leaves open differ, and stay within half a unit of the last printed place.
    digits = described[described["statistic"] == "r_beyond_print"].groupby("term")["value"]
    assert digits.apply(lambda values: values.abs().max()).max() <= 1
    assert digits.std().min() > 0.02
    # One cross product more, by algebra: the step in half widths of 0.0005.
    target, frame = ensemble
    first = frame[frame[DRAW] == 0][list(target.names)]
    m = 4 * first.std().to_numpy()
    step = described[(described[DRAW] == 0) & (described["statistic"] == "r_step")]
    expected = [1 / (299 * m[i] * m[j] * 0.0005) for i in range(5) for j in range(i)]
    assert np.allclose(step["value"], expected)


def test_data_sets_go_through_all_that_print_leaves_open_of_the_correlations(ensemble):
    # The range of each correlation, in half widths, over all matrices that print Table 4 and the
    # t, p and VIF of Table 5, by SciPy's SLSQP from four starts; SDs are free, and so is B.
    target, frame = ensemble
    below = np.tril_indices(5, -1)
    wanted = {
        kind: np.array([float(row[kind].rstrip("*")) for row in TABLE_5.values()])
        for kind in ("t", "p", "vif")
    }

    def slack(away):
        R = np.eye(5)
        R[below] = target.R[below] + 0.0005 * away
        R = np.tril(R) + np.tril(R, -1).T
        inverse = np.linalg.inv(R[:4, :4])
        beta = inverse @ R[:4, 4]
        t = beta / np.sqrt((1 - beta @ R[:4, 4]) / 295 * np.diag(inverse))
        found = {"t": t, "p": 2 * stats.t.sf(np.abs(t), 295), "vif": np.diag(inverse)}
        return np.concatenate(
            [1 - np.abs(found[kind] - value) / 0.0005 for kind, value in wanted.items()]
        )

    rng = stream(1)
    statistics = PrintedStatistics(target)
    drawn = [feasible_moments(statistics, rng) for _ in range(100)]
    assert not any(misses.any() for _, misses in drawn)
    away = np.array([(point.R - target.R)[below] / 0.0005 for point, _ in drawn])
    names = list(target.names)
    data = [np.corrcoef(part[names].to_numpy().T) for _, part in frame.groupby(DRAW)]
    of_data = np.array([(R - target.R)[below] / 0.0005 for R in data])
    covered = []
    for pair in range(10):
        ends = []
        for sign in (1, -1):
            found = [
                minimize(
                    lambda z, sign=sign, pair=pair: sign * z[pair],
                    rng.uniform(-1, 1, 10),
                    bounds=[(-1, 1)] * 10,
                    constraints=[{"type": "ineq", "fun": slack}],
                    method="SLSQP",
                )
                for _ in range(4)
            ]
            ends.append(sign * min(each.fun for each in found if slack(each.x).min() > -1e-4))
        covered.append(np.ptp(of_data[:, pair]) / (ends[1] - ends[0]))
        assert np.ptp(away[:, pair]) > 0.6 * (ends[1] - ends[0])
        assert away[:, pair].min() > ends[0] - 0.01
        assert away[:, pair].max() < ends[1] + 0.01
    # Twelve data sets alone, on the lattice.
    assert min(covered) > 0.2
    assert np.mean(covered) > 0.45


def spread_of_ratios(data_sets) -> tuple[float, list[float]]:
    """Ratios of HC3 to usual errors: largest over smallest of a term, the median of four terms.

    And the p of Breusch and Pagan, of each data set.
    """
    found = [residual_diagnostics(data[:, :4], data[:, 4]) for data in data_sets]
    ratios = np.array([(each.se_hc3 / each.se)[1:] for each in found])
    return np.median(ratios.max(axis=0) / ratios.min(axis=0)), [e.breusch_pagan_p for e in found]


def test_data_sets_that_print_the_same_differ_in_how_evenly_residuals_spread(ensemble):
    # Data sets made by hand, whose disturbance spreads as exp(1.5 |z|) or exp(-1.5 |z|) of one
    # predictor, print Tables 4 and 5 too, and by statsmodels have HC3 p of H1 from .0001 to .078
    # and a Breusch-Pagan p from below .0001 upwards. So data sets must differ by more than chance
    # gives those of one normal population, whose disturbances spread evenly.
    target, frame = ensemble
    columns = [*TABLE_5, "readiness"]
    own, tests = spread_of_ratios(data[columns].to_numpy() for _, data in frame.groupby(DRAW))
    rng = random_stream(1, "tests", "even disturbances")
    places = [target.names.index(name) for name in columns]
    root = np.linalg.cholesky(target.R[np.ix_(places, places)])
    even = [spread_of_ratios(rng.standard_normal((12, target.n, 5)) @ root.T)[0] for _ in range(60)]
    assert own > max(even)
    # Even disturbances: 3 of 12 p below .001 once in four million ensembles.
    assert sum(p < 0.001 for p in tests) >= 3
    assert max(tests) > 0.2


def test_a_summary_holds_what_pandas_says_of_each_statistic(described, analysed):
    summary = summarise_ensemble(described, analysed[1], 0.05).set_index(["statistic", "term"])
    p = described.query("statistic == 'ordered logit, p' and term == 'full: market'")["value"]
    row = summary.loc[("ordered logit, p", "full: market")]
    assert row["smallest"] == p.min()
    assert row["largest"] == p.max()
    assert row["median"] == pytest.approx(p.median())
    assert row["significant"] == (p <= 0.05).mean()
    assert np.isfinite(summary.loc[("breusch_pagan_p", "full"), "significant"])
    assert np.isnan(summary.loc[("skewness", "risk"), "significant"])
    assert np.isnan(summary.loc[("ordered logit, estimate", "full: risk"), "significant"])


def test_every_data_set_is_analysed_by_every_estimator(ensemble, analysed):
    _, frame = ensemble
    _, estimates = analysed
    assert len(estimates) == 12 * 7 * 4
    data = frame[frame[DRAW] == 7][[*TABLE_5, "readiness"]].to_numpy()
    expected = pd.DataFrame(estimates_on_responses(data, list(TABLE_5), COUNTS))
    found = estimates[estimates[DRAW] == 7].reset_index(drop=True)
    pd.testing.assert_frame_equal(found[expected.columns], expected)
    # Print settles least squares: t and p of Table 5, at three decimals, in every data set.
    ols = estimates[estimates["specification"] == "ordinary least squares"]
    for term, cells in TABLE_5.items():
        own = ols[ols["term"] == term]
        assert np.allclose(own["estimate"] / own["se"], float(cells["t"]), atol=0.0005 + 1e-9)
        assert np.allclose(own["p"], float(cells["p"].rstrip("*")), atol=0.0005 + 1e-9)


def separated(frame, draws):
    """Data sets in which one predictor tells every category of the outcome in some draws."""
    changed = frame[frame[DRAW] < 3].copy()
    those = changed[DRAW].isin(draws)
    changed.loc[those, "readiness"] = np.where(changed.loc[those, "customer"] > 4, 5.0, 3.0)
    return changed


def test_data_whose_categories_separate_are_left_out_of_the_ordinal_rows(ensemble):
    # No maximum of the likelihood (Albert and Anderson 1984).
    target, whole = ensemble
    frame = separated(whole, [1])
    statistics, estimates = analyse(target, frame)
    described = describe_ensemble(target, frame, statistics, estimates)
    summary = summarise_ensemble(described, estimates, 0.05)
    counts = summary.groupby("statistic")["data_sets"].unique()
    for link in ("logit", "probit"):
        assert counts[f"ordered {link}, p"].tolist() == [2]
        assert counts[f"ordered {link}, estimate"].tolist() == [2]
    assert counts["HC3 standard errors, p"].tolist() == counts["spearman"].tolist() == [3]
    # Where no data set has an ordinal estimate, the figure has no row for it.
    labels = [
        label.get_text()
        for own in (estimates, estimates[estimates[DRAW] == 1])
        for axes in ensemble_spread(target, described, own, 0.05, "").axes[1:]
        for label in axes.get_yticklabels()
    ]
    assert sum("HC3" in label for label in labels) == 8
    assert sum("ordered logit" in label for label in labels) == 4


def test_the_figure_names_the_model_of_a_term_where_there_are_several(ensemble, analysed):
    target, _ = ensemble
    statistics, estimates = analysed
    labels = [
        [label.get_text() for label in figure.axes[1].get_yticklabels()]
        for own in (estimates, pd.concat([estimates, estimates.assign(model="other")]))
        for figure in [ensemble_spread(target, statistics, own, 0.05, "")]
    ]
    alone, both = (set(shown) for shown in labels)
    assert "customer, HC3 standard errors" in alone
    assert {f"full: {label}" for label in alone} | {f"other: {label}" for label in alone} == both


TESTED = [
    Hypothesis(f"H{i + 1}", term, "full", -1 if term == "risk" else 1, SUPPORTED)
    for i, term in enumerate(TABLE_5)
]


def test_what_the_ensemble_decides_is_what_its_data_sets_decide(analysed):
    statistics, estimates = analysed
    decided = decide_ensemble(statistics, estimates, TESTED, 0.05)
    assert tuple(decided.columns) == EnsembleDecision._fields
    assert len(decided) == 4 * 7
    assert (decided[["data_sets", "not_attainable", "missed"]] == [12, 0, 0]).all(axis=None)
    for row in decided.itertuples():
        sign = -1 if row.hypothesis == "H4" else 1
        term = list(TABLE_5)[int(row.hypothesis[1]) - 1]
        same = (estimates["specification"] == row.analysis) & (estimates["term"] == term)
        own = estimates[same]
        supported = int(((own["p"] <= 0.05) & (own["estimate"] * sign > 0)).sum())
        assert row.supported == supported
        words = {0: NOT_SUPPORTED, 12: SUPPORTED}
        assert row.decision == words.get(supported, UNDETERMINED)
        numbers = (row.median_estimate, row.smallest_p, row.median_p, row.largest_p)
        p = own["p"]
        assert numbers == (own["estimate"].median(), p.min(), p.median(), p.max())
    found = decided.set_index(["hypothesis", "analysis"])["decision"]
    # Table 5 prints p of 0.015, 0.052 and 0.011, whatever the data.
    ols = [found[name, "ordinary least squares"] for name in ("H1", "H2", "H4")]
    assert ols == [SUPPORTED, NOT_SUPPORTED, SUPPORTED]
    # No data set has a significant estimate of the other sign.
    turned = [replace(hypothesis, sign=-hypothesis.sign) for hypothesis in TESTED]
    assert decide_ensemble(statistics, estimates, turned, 0.05)["supported"].sum() == 0


def test_a_study_without_hypotheses_has_nothing_to_decide(analysed):
    decided = decide_ensemble(*analysed, [], 0.05)
    assert decided.empty
    assert tuple(decided.columns) == EnsembleDecision._fields


def test_data_sets_without_an_answer_are_counted_and_decide_nothing(ensemble):
    target, whole = ensemble
    for draws, answers in (([1], 2), ([0, 1, 2], 0)):
        frame = separated(whole, draws)
        statistics, estimates = analyse(target, frame)
        # As if they printed the tables: what is asked here is what becomes of the estimators.
        statistics.loc[statistics["statistic"] == MISSED, "value"] = 0.0
        decided = decide_ensemble(statistics, estimates, TESTED, 0.05)
        own = decided[decided["analysis"].str.startswith("ordered")]
        assert (own["data_sets"] == answers).all()
        assert (own["not_attainable"] == len(draws)).all()
        assert (own["decision"] == NOT_ATTAINABLE).all() == (answers == 0)
        others = decided[~decided["analysis"].str.startswith("ordered")]
        assert (others["data_sets"] == 3).all()


def test_only_data_sets_that_print_the_tables_decide_where_there_are_any(ensemble):
    target, whole = ensemble
    statistics, estimates = analyse(target, separated(whole, [1, 2]))
    decided = decide_ensemble(statistics, estimates, TESTED, 0.05)
    assert (decided["data_sets"] == 1).all()
    assert (decided["missed"] == 0).all()
    others = statistics[DRAW] > 0
    none = decide_ensemble(statistics[others], estimates[estimates[DRAW] > 0], TESTED, 0.05)
    most = statistics.loc[statistics["statistic"] == MISSED, "value"].max()
    assert most > 0
    assert (none["missed"] == most).all()
    assert set(none["data_sets"]) == {0, 2}


@pytest.mark.parametrize(
    ("missed", "expected"),
    [
        ([0, 0, 0], "3 data sets that print the same tables"),
        ([2, 9, 1], "3 data sets, none of which prints the tables (statistics missed: 1 to 9)"),
        (
            [0, 2, 0],
            "3 data sets, 2 of which print the same tables (statistics missed by others: 2)",
        ),
    ],
)
def test_the_title_says_how_many_data_sets_print_the_tables(missed, expected):
    rows = [(draw, MISSED, "", float(count)) for draw, count in enumerate(missed)]
    rows.append((0, "skewness", "risk", 5.0))
    assert stated_ensemble(pd.DataFrame(rows, columns=list(OpenStatistic._fields))) == expected


def test_diagnostics_are_those_of_the_textbook(ensemble):
    _, frame = ensemble
    data = frame[frame[DRAW] == 0]
    X, y = data[list(TABLE_5)].to_numpy(), data["readiness"].to_numpy()
    found, n, p = residual_diagnostics(X, y), len(y), X.shape[1]
    D = np.column_stack([np.ones(n), X])
    b, *_ = np.linalg.lstsq(D, y, rcond=None)
    e, (Q, R) = y - D @ b, np.linalg.qr(D)
    free, inverse = 1 - (Q**2).sum(axis=1), np.linalg.inv(R)
    variance = e @ e / (n - p - 1)
    assert np.allclose(found.b, b)
    assert np.allclose(found.se, np.sqrt(variance * (inverse**2).sum(axis=1)))
    # MacKinnon and White (1985): (D'D)^-1 D' diag(e^2 / (1 - h)^2) D (D'D)^-1.
    spread = inverse @ Q.T * (e / free)
    assert np.allclose(found.se_hc3, np.sqrt((spread**2).sum(axis=1)))
    # Koenker (1981): n R2 of the squares on the predictors, chi-squared with p degrees of freedom.
    squares = e**2 - (e**2).mean()
    r2 = ((Q.T @ squares) ** 2).sum() / (squares @ squares)
    assert found.breusch_pagan_p == pytest.approx(stats.chi2.sf(n * r2, p))
    studentised = e / np.sqrt(variance * free)
    assert found.largest_studentised == pytest.approx(np.abs(studentised).max())
    # Cook (1977).
    cook = studentised**2 * (1 - free) / free / (p + 1)
    assert found.largest_cook == pytest.approx(cook.max())
    z = e / np.sqrt((e**2).mean())
    assert found.skewness == pytest.approx((z**3).mean())
    assert found.kurtosis == pytest.approx((z**4).mean())
