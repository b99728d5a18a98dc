"""Likert data that print what a paper prints: Tables 4 and 5 of Magni et al. (2022)."""

import itertools
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.outliers_influence import variance_inflation_factor
from statsmodels.stats.stattools import durbin_watson
from synthesis_targets import DURBIN_WATSON, TABLE_4, TABLE_5, magni, model

from retrace.printed.numbers import Printed
from retrace.provenance.streams import random_stream
from retrace.synthetic import (
    IndefiniteMatrixError,
    InfeasibleTargetError,
    LikertSampler,
    LikertTarget,
    PrintedRegression,
    Scale,
    likert,
)
from retrace.synthetic.attainable import check_target, correlation_bounds
from retrace.synthetic.integer_moments import correlation_steps
from retrace.synthetic.marginals import MarginalNotFoundError


def stream(chunk=0):
    return random_stream(1, "tests", "likert", chunk)


def printed(value, cell):
    """Rounded as a statistics package rounds: to the printed decimals."""
    number = Printed.parse(cell)
    return f"{value:.{number.decimals}f}" == str(number.number)


@pytest.mark.parametrize("items", [3, 4, 5])
def test_statsmodels_prints_tables_4_and_5_from_the_data(items):
    for seed in range(4):
        result = likert(magni(items), stream(seed))
        data = result.frame()
        assert result.matched
        R = data.corr().to_numpy()
        for i, cells in enumerate(TABLE_4.values()):
            assert all(printed(R[i, j], cell) for j, cell in enumerate(cells))
        X = sm.add_constant(data[list(TABLE_5)])
        fit = sm.OLS(data["readiness"], X).fit()
        for position, (term, row) in enumerate(TABLE_5.items(), start=1):
            assert printed(fit.params[term], row["b"])
            assert printed(fit.tvalues[term], row["t"])
            assert printed(fit.pvalues[term], row["p"])
            assert printed(variance_inflation_factor(X.to_numpy(), position), row["vif"])
        assert printed(durbin_watson(fit.resid), DURBIN_WATSON)


@pytest.mark.parametrize("items", [1, 3, 5])
def test_responses_lie_on_the_lattice_of_the_scale(items):
    data = likert(magni(items, models=[]), stream()).data
    assert data.shape == (300, 5)
    assert data.min() >= 1
    assert data.max() <= 7
    assert np.array_equal(np.rint(data * items), data * items)


def test_single_items_print_every_correlation_although_a_step_is_wider_than_print():
    target = magni(1, models=[])
    # Algebra: 1 / ((n - 1) sd sd) at unit SDs, against printed steps of 0.001.
    assert correlation_steps(target)[1, 0] == pytest.approx(1 / 299)
    for seed in range(10):
        assert likert(target, stream(seed)).matched


def test_the_same_stream_gives_the_same_bytes_and_another_gives_other_data():
    target = magni(4)
    first, again, other = (likert(target, stream(c)).data for c in (0, 0, 1))
    assert first.tobytes() == again.tobytes()
    assert (first != other).mean() > 0.5


def test_a_sampler_draws_what_single_calls_draw():
    target = magni(4)
    sampler = LikertSampler(target)
    assert all(
        sampler.draw(stream(c)).data.tobytes() == likert(target, stream(c)).data.tobytes()
        for c in range(3)
    )


def test_printed_sd_ratios_are_honoured():
    # Algebra: SD(y)/SD(x) = B/beta, each B and correlation somewhere in its rounding interval.
    # beta moves with each correlation in one direction over so small a box: its ends are corners.
    sd = likert(magni(5), stream()).data.std(axis=0, ddof=1)
    printed_r = [Printed.parse(cell).value for cells in TABLE_4.values() for cell in cells]
    corners = np.array(list(itertools.product((-0.0005, 0.0005), repeat=len(printed_r))))
    R = np.tile(np.eye(5), (len(corners), 1, 1))
    rows, columns = np.tril_indices(5, -1)
    R[:, rows, columns] = R[:, columns, rows] = np.array(printed_r) + corners
    beta = np.linalg.solve(R[:, :4, :4], R[:, :4, 4:])[..., 0]
    for j, term in enumerate(TABLE_5):
        b = np.array(Printed.parse(TABLE_5[term]["b"]).interval)
        low, high = np.min(b / beta[:, j, None]), np.max(b / beta[:, j, None])
        assert low <= sd[4] / sd[j] <= high
        # Narrow enough to tell the ratio from 1, but for the last.
        assert high - low < 0.03


def test_r2_f_and_intercept_are_met_where_they_are_printed():
    # From statsmodels on one synthetic data set, printed at three decimals.
    data = likert(magni(4), stream(99)).frame()
    fit = sm.OLS(data["readiness"], sm.add_constant(data[list(TABLE_5)])).fit()
    table = {
        **TABLE_5,
        "constant": {"b": f"{fit.params['const']:.2f}", "se": f"{fit.bse['const']:.2f}"},
    }
    fit_statistics = {
        "r2": f"{fit.rsquared:.3f}",
        "adjusted_r2": f"{fit.rsquared_adj:.3f}",
        "f": f"{fit.fvalue:.2f}",
    }
    reported = model(table, fit_statistics, "1.80")
    result = likert(magni(4, models=[reported]), stream(3))
    assert result.matched, result.missed
    assert {row.statistic for row in result.fidelity} >= {"r2", "adjusted_r2", "f", "se"}


def test_tables_that_contradict_each_other_are_matched_as_far_as_they_go():
    # R2 follows from Table 4 (0.053, computed independently); 0.400 cannot stand beside it.
    wrong = model(fit={"r2": "0.400"})
    result = likert(magni(4, models=[wrong]), stream())
    assert not result.matched
    assert "r2" in {row.statistic for row in result.missed}
    assert all(row.matched for row in result.fidelity if row.statistic == "r")
    worst = max(result.missed, key=lambda row: row.distance)
    assert worst.achieved == pytest.approx(0.053, abs=0.01)


@settings(max_examples=25, deadline=None)
@given(
    n=st.integers(40, 400),
    k=st.integers(2, 5),
    items=st.integers(2, 5),
    points=st.sampled_from([5, 7]),
    seed=st.integers(0, 10**6),
)
def test_what_raw_data_print_at_two_decimals_is_always_matched(n, k, items, points, seed):
    # The tables come from raw responses, so data that print them exist.
    rng = stream(seed)
    latent = rng.standard_normal((n, k)) + 0.6 * rng.standard_normal((n, 1))
    responses = (latent[:, :, None] + rng.standard_normal((n, k, items))) * 0.9 + (points + 1) / 2
    raw = np.clip(np.rint(responses), 1, points).mean(axis=2)
    R = np.corrcoef(raw.T)
    names = [f"c{i}" for i in range(k)]
    target = LikertTarget.from_table(
        {name: [f"{R[i, j]:.2f}" for j in range(i)] for i, name in enumerate(names)},
        n,
        Scale(1, points, items),
        [f"{value:.2f}" for value in raw.mean(axis=0)],
        [f"{value:.2f}" for value in raw.std(axis=0, ddof=1)],
    )
    result = likert(target, rng)
    assert result.matched, [(row.term, row.printed.text, row.achieved) for row in result.missed]


def test_fifteen_constructs_of_two_to_five_items_match_every_statistic():
    # The size of the published study that LikertMakeR's pages rebuild, with a factor structure.
    rng = np.random.default_rng(0)
    loadings = rng.uniform(0.2, 0.75, (15, 3))
    C = loadings @ loadings.T
    root = np.sqrt(np.diag(C) + 0.35)
    R = C / np.outer(root, root)
    target = LikertTarget.from_table(
        {f"c{i}": [f"{R[i, j]:.2f}" for j in range(i)] for i in range(15)},
        340,
        Scale(1, 5, [2, 3, 3, 4, 2, 3, 3, 2, 5, 3, 2, 3, 3, 3, 2]),
        [f"{value:.2f}" for value in rng.uniform(2.8, 4.0, 15)],
        [f"{value:.2f}" for value in rng.uniform(0.6, 1.0, 15)],
    )
    result = likert(target, stream())
    assert result.matched
    assert len(result.fidelity) == 15 + 15 + 105


def test_a_regression_on_eight_predictors_is_met_to_its_last_digit():
    # Tables at two and three decimals from raw responses, by statsmodels.
    rng = stream(8)
    n, p, items = 250, 8, 4
    latent = 0.8 * rng.standard_normal((n, p)) + 0.5 * rng.standard_normal((n, 1))
    outcome = latent @ rng.uniform(-0.2, 0.4, p) + rng.standard_normal(n)
    latent = np.column_stack([latent, outcome])[:, :, None]
    responses = (latent + 0.7 * rng.standard_normal((n, p + 1, items))) * 0.9 + 4
    raw = np.clip(np.rint(responses), 1, 7).mean(axis=2)
    names = [f"x{j}" for j in range(p)]
    fit = sm.OLS(raw[:, p], sm.add_constant(raw[:, :p])).fit()
    cells = {
        name: {
            "b": Printed.parse(f"{fit.params[j]:.3f}"),
            "se": Printed.parse(f"{fit.bse[j]:.3f}"),
            "t": Printed.parse(f"{fit.tvalues[j]:.2f}"),
        }
        for j, name in enumerate(names, start=1)
    }
    whole = {"r2": Printed.parse(f"{fit.rsquared:.3f}"), "f": Printed.parse(f"{fit.fvalue:.2f}")}
    R = np.corrcoef(raw.T)
    target = LikertTarget.from_table(
        {name: [f"{R[i, j]:.2f}" for j in range(i)] for i, name in enumerate([*names, "y"])},
        n,
        Scale(1, 7, items),
        [f"{value:.2f}" for value in raw.mean(axis=0)],
        [f"{value:.2f}" for value in raw.std(axis=0, ddof=1)],
        models=[PrintedRegression("full", "y", tuple(names), cells, whole)],
    )
    result = likert(target, stream())
    assert result.matched, result.missed


def test_an_indefinite_matrix_is_refused_by_its_cells():
    lower = {"a": [], "b": ["-0.60"], "c": ["-0.60", "-0.60"]}
    target = LikertTarget.from_table(lower, 100, Scale(1, 5, 3), 3.0, 1.0)
    with pytest.raises(IndefiniteMatrixError, match=r"\(b, a\) -0.6 \(nearest -0.5000\)"):
        likert(target, stream())


def test_a_matrix_indefinite_by_rounding_alone_is_met():
    # Algebra: the determinant is 1 + 2 rst - r^2 - s^2 - t^2, negative at (0.8, 0.8, 0.2) and
    # positive at (0.75, 0.75, 0.25), which prints the same.
    lower = {"a": [], "b": ["0.2"], "c": ["0.8", "0.8"]}
    target = LikertTarget.from_table(lower, 400, Scale(1, 7, 5), 4.0, 1.0)
    assert np.linalg.eigvalsh(target.R)[0] < 0
    assert likert(target, stream()).matched


@pytest.mark.parametrize("items", [1, 2, 4])
def test_assumed_means_and_sds_give_way_as_little_as_the_manual_says(items):
    # docs/explanation/synthesis.md, "Printed or assumed". No statistic of t, p and VIF has a unit,
    # so that nothing printed moves the assumed mean of 4 and SD of 1.
    cells = {
        term: {kind: cell for kind, cell in row.items() if kind != "b"}
        for term, row in TABLE_5.items()
    }
    for models, mean, sd in (([], 0.0, 0.0), ([model(cells)], 0.015, 0.015)):
        sampler = LikertSampler(magni(items, models=models))
        data = [sampler.draw(stream(seed)).data for seed in range(4)]
        means = np.array([scores.mean(axis=0) for scores in data])
        sds = np.array([scores.std(axis=0, ddof=1) for scores in data])
        steps = 6 / (300 * items) if models else 0.0  # of a set of moves
        assert np.abs(means - 4).max() <= 0.25 / items + mean + steps + 1e-9
        assert np.abs(np.log(sds)).max() <= 0.002 + sd + steps + 1e-9


def test_a_correlation_beyond_the_marginals_is_refused_with_the_range():
    # One construct near the top of the scale, one near the bottom: both skewed, opposite ways.
    lower = {"a": [], "b": ["0.95"]}
    target = LikertTarget.from_table(lower, 200, Scale(1, 5, 1), ["1.30", "4.70"], ["0.60", "0.60"])
    with pytest.raises(InfeasibleTargetError, match=r"correlation \(b, a\): 0.95 .* from -"):
        likert(target, stream())


def test_no_responses_correlate_beyond_the_bounds():
    # All pairs of columns of five responses from 1 to 3, by enumeration; the bounds allow for
    # assumed moments to give way, so they are wider than what is reached.
    columns = [np.array(c) for c in itertools.combinations_with_replacement((1, 2, 3), 5)]
    columns = [column for column in columns if column.std() > 0]
    checked = 0
    for x, y in itertools.combinations(columns, 2):
        reached = [np.corrcoef(x, p)[0, 1] for p in set(itertools.permutations(y.tolist()))]
        moments = [[column.mean() for column in (x, y)], [column.std(ddof=1) for column in (x, y)]]
        target = LikertTarget.from_table({"a": [], "b": ["0.00"]}, 5, (1, 3), *moments)
        low, high = correlation_bounds(target, 0, 1)
        assert low <= min(reached) + 1e-9
        assert high >= max(reached) - 1e-9
        checked += high < 1
    assert checked > 0


@pytest.mark.parametrize(
    ("mean", "sd", "message"),
    [
        ("8.00", "1.00", r"mean of customer: 8.00 is off the scale from 1 to 7"),
        ("6.90", "2.00", r"SD of customer: 2.00 with a mean of 6.90; .* to 0\.77"),
        # 300 respondents of single items: means are multiples of 1/300; 3.335 is none.
        ("3.3350", "1.00", r"mean of customer: 300 respondents .* nearest is 3.333333 \(GRIM\)"),
        # At a mean of 4 the SDs of 300 whole numbers near 1 are 0.99833, 1.00167, ...
        ("4.000", "1.0000", r"SD of customer: .* cannot have an SD of 1.0000; .* \(GRIMMER\)"),
        ("3.50", "0.30", r"SD of customer: 0.30 with a mean of 3.50; .* SD from 0\.5"),
    ],
)
def test_moments_that_no_responses_have_are_refused(mean, sd, message):
    target = LikertTarget.from_table(TABLE_4, 300, Scale(1, 7, 1), mean, sd)
    with pytest.raises(InfeasibleTargetError, match=message):
        likert(target, stream())


def test_every_problem_of_a_target_is_named_at_once():
    target = LikertTarget.from_table(TABLE_4, 300, Scale(1, 7, 2), ["9.0", 4.0, 4.0, 4.0, 0.5], 1.0)
    with pytest.raises(InfeasibleTargetError) as error:
        likert(target, stream())
    assert len(error.value.problems) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scale": (7, 1)}, "scale runs from 7 to 1"),
        ({"items": 0}, "customer has 0 items"),
        ({"items": [3, 3]}, "2 items for 5 constructs"),
        ({"lower": {**TABLE_4, "risk": ["0.1"]}}, "row risk has 1 cells left of the diagonal"),
        ({"lower": {**TABLE_4, "market": ["1.2"]}}, r"\(market, customer\): 1.2 is outside"),
        ({"lower": {**TABLE_4, "market": ["x"]}}, r"\(market, customer\): 'x' is not a printed"),
        ({"lower": {**TABLE_4, "market": [0.2]}}, r"\(market, customer\): 0.2 is a float"),
        ({"lower": {**TABLE_4, "market": [">.2"]}}, r"\(market, customer\): >.2 is a bound"),
        ({"n": 100.7}, "n is 100.7; it is a whole number"),
        ({"scale": (1.5, 5)}, r"the scale is \(1.5, 5\); it is two whole numbers"),
        ({"mean": "<3.10"}, "mean of customer: <3.10 is a bound; it has to be a value"),
        ({"sd": "62%"}, "SD of customer: 62% is a percentage"),
        ({"mean": "many"}, "mean of customer: 'many' is not a printed number"),
        ({"alpha": "80%", "items": 2}, "alpha of customer: 80% is a percentage"),
        ({"alpha": [".80"] * 5}, "alpha of customer: .80 of one item"),
        ({"alpha": [0.8] * 5, "items": 2}, "alpha of customer is 0.8; it is a printed number"),
    ],
)
def test_a_target_that_does_not_fit_together_is_refused(arguments, message):
    defaults = {"lower": TABLE_4, "n": 300, "scale": (1, 7), "mean": 4.0, "sd": 1.0}
    given = {**defaults, **arguments}
    asked = {name: given.pop(name) for name in ("items", "alpha") if name in given}
    with pytest.raises(ValueError, match=message):
        LikertTarget.from_table(**{**given, "scale": Scale(*given["scale"], **asked)})


@pytest.mark.parametrize("n", [4, 5])
def test_people_no_more_than_constructs_are_refused(n):
    target = LikertTarget.from_table(TABLE_4, n, Scale(1, 7), 4.0, 1.0)
    with pytest.raises(InfeasibleTargetError, match=f"5 variables are singular in {n} observ"):
        check_target(target)


def test_every_cell_that_is_no_number_is_named_at_once():
    lower = {**TABLE_4, "market": ["x"], "economic": ["0.1", "0,2"]}
    with pytest.raises(InfeasibleTargetError) as error:
        LikertTarget.from_table(lower, 300, (1, 7), "four", 1.0)
    assert len(error.value.problems) == 2 + len(TABLE_4)


def test_one_alpha_for_all_is_that_of_the_constructs_of_several_items():
    target = LikertTarget.from_table(
        {"a": [], "b": ["0.1"]}, 60, Scale(1, 7, [1, 3], ".80"), 4.0, 1.0
    )
    assert [str(alpha) for alpha in target.alphas] == ["None", ".80"]


CELL = Printed.parse("0.50")


def reporting(term, statistic, cell="0.50"):
    """A model with one printed cell."""
    return PrintedRegression("m", "b", ("a",), {term: {statistic: Printed.parse(cell)}})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mean": float("nan")}, r"mean of a is nan; it must be a number"),
        ({"sd": float("inf")}, r"SD of a is inf; it must be a number of 0 or more"),
        ({"sd": -1.0}, r"SD of b is -1; it must be a number of 0 or more"),
        ({"models": [PrintedRegression("m", "b", ("a", "b"))]}, "model m predicts b from itself"),
        ({"models": [PrintedRegression("m", "b", ("a", "a"))]}, "model m has a predictor twice"),
        ({"models": [reporting("a", "odds")]}, "model m, a: unknown statistic 'odds'"),
        ({"models": [reporting("(Intercept)", "vif")]}, "Intercept.: unknown statistic 'vif'"),
        ({"models": [reporting("a", "p", "1%")]}, "model m, a: p: 1% is a percentage"),
        (
            {"models": [PrintedRegression("m", "b", ("a",), {"a": {"b": 0.5}})]},
            "m, a: b is 0.5; it",
        ),
        (
            {"models": [PrintedRegression("m", "b", ("a",), {}, {"r": CELL})]},
            "unknown statistic 'r'",
        ),
    ],
)
def test_numbers_that_are_none_and_models_of_themselves_are_refused(changes, message):
    arguments = {"n": 60, "scale": Scale(1, 7, 3), "mean": 4.0, "sd": 1.0, **changes}
    with pytest.raises(InfeasibleTargetError, match=message):
        LikertTarget.from_table({"a": [], "b": ["0.10"]}, **arguments)


def test_a_pair_that_is_not_printed_is_left_open():
    lower = {**TABLE_4, "risk": ["", "0.031", "0.139"]}
    target = LikertTarget.from_table(lower, 300, Scale(1, 7, 4), 4.0, 1.0)
    result = likert(target, stream())
    assert result.matched
    assert len(result.fidelity) == 9


def test_a_model_that_prints_only_its_durbin_watson_is_met():
    model = PrintedRegression("m", "b", ("a",), {}, {"durbin_watson": Printed.parse("1.98")})
    target = LikertTarget.from_table(
        {"a": [], "b": ["0.31"]}, 150, Scale(1, 7, 3), 4.0, 1.2, models=[model]
    )
    assert likert(target, stream()).matched


@pytest.mark.parametrize("seed", range(8))
def test_a_high_correlation_in_a_small_sample_is_not_called_impossible(seed):
    """Two equal columns correlate at 1, so 0.90 is within reach of equal means and SDs."""
    target = LikertTarget.from_table({"a": [], "b": ["0.90"]}, 30, Scale(1, 5, 2), 4.0, 0.8)
    assert likert(target, stream(seed)).matched


def test_the_example_of_the_documentation_runs_and_matches(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "synthesis.md").read_text(
        encoding="utf-8"
    )
    script = tmp_path / "notebook.py"
    script.write_text(page.split("```python\n")[1].split("```")[0], encoding="utf-8")
    result = runpy.run_path(str(script))["result"]
    assert result.matched
    assert list(result.frame()) == ["trust", "risk"]


def test_where_no_values_are_found_for_a_columns_sums_the_nearest_are_taken(monkeypatch):
    # What four answers on a million points do now and then, here each time: `nearest` has the sum,
    # and not the sum of squares, of what is looked for.
    def none_found(lattice, total, squares, *args):
        floor, rest = divmod(total - lattice.n * lattice.low, lattice.n)
        near = lattice.low + floor + (np.arange(lattice.n) < rest)
        raise MarginalNotFoundError("none", near + np.arange(lattice.n) - (lattice.n - 1) // 2)

    # By its name `retrace.synthetic.likert` is the function.
    module = sys.modules[LikertSampler.__module__]
    monkeypatch.setattr(module, "draw_marginal", none_found)
    target = LikertTarget.from_table({"a": [], "b": [".30"]}, 5, (1, 7), "4.00", "2.00")
    result = likert(target, stream())
    assert result.data.shape == (5, 2)
    np.testing.assert_array_equal(np.sort(result.data, axis=0), np.c_[2:7, 2:7])
    missed = {(row.statistic, row.term): row.achieved for row in result.missed}
    assert missed["sd", "a"] == missed["sd", "b"] == pytest.approx(2.5**0.5)
    assert ("mean", "a") not in missed


def test_responses_on_a_million_points_print_their_correlations_though_squares_of_sums_overflow():
    # 20,000 answers about 500,000 add up to 1e10, the square of which is beyond 64 bits.
    cells = {"a": [], "b": [".30"], "c": ["-.25", ".10"]}
    target = LikertTarget.from_table(cells, 20_000, (1, 1_000_000), "500000.50", "200000.00")
    result = likert(target, stream())
    assert result.matched
    assert printed(np.corrcoef(result.data.T)[1, 0], ".30")
