"""Whether a decision depends on assumptions: constructed cases whose answer is known."""

import numpy as np
import pandas as pd
import pytest
from assumed_studies import magni_study, printing
from scipy import stats

from retrace.assumptions.assumed import combinations
from retrace.assumptions.decide_again import DATA_SET, NO_RESPONSES, SAMPLES, Decision
from retrace.assumptions.dependence import (
    CANNOT,
    DEPENDS,
    DOES_NOT,
    LEFT_OPEN,
    UNDECIDED,
    Dependence,
    compare_shares,
    dependence_table,
)
from retrace.assumptions.sensitivity import NO_DRAW, DataSet, Statistic, Task
from retrace.assumptions.tables import (
    combination_table,
    decision_table,
    rows_to_answer,
    statistic_table,
)
from retrace.decisions import ALL, SUPPORTED, decide_one
from retrace.reporting.assumption_figure import decisions_by_assumption
from retrace.robustness.verdicts import decide_share

LEVEL = 0.05
DRAWS = 6


@pytest.fixture(scope="module")
def study():
    return magni_study()


@pytest.fixture(scope="module")
def varied(study):
    return combinations(study)


def frame(rows):
    return pd.DataFrame(rows, columns=[*Task._fields, *Decision._fields])


def data_set(place, draw, z, hypothesis="H1", analysis="made up", change=np.nan):
    """A data set that decides by a signed z."""
    p = 2 * stats.norm.sf(abs(z))
    decision = decide_one(z, p, 1, LEVEL)
    row = Decision(hypothesis, "family", analysis, DATA_SET, z, p, decision)
    counted = {"data_sets": 1, "supported": int(decision == SUPPORTED), "change": change}
    return (place, draw, *row._replace(**counted))


def answers(varied, rows, verdicts=(), missing=(), signs=None):
    """Answers where every data set prints the tables, but for those of `missing`."""
    places = dict.fromkeys(row[:2] for row in rows if row[1] != NO_DRAW)
    sets = [DataSet(*place, place not in set(missing), "") for place in places]
    return dependence_table(
        varied,
        frame(rows),
        pd.DataFrame(sets, columns=list(DataSet._fields)),
        signs or {"H1": 1, "H2": 1},
        verdicts,
        np.random.default_rng(99),
    )


def listed(varied):
    """The table of combinations, of which no responses were drawn."""
    rows = [DataSet(place, NO_DRAW, False, "") for place in range(len(varied))]
    return combination_table(varied, pd.DataFrame(rows))


def number(combination, kind):
    return float(combination.labels[kind])


def drawn(varied, z, rng, **kinds):
    """Data sets of every combination whose z is a function of it, and noise."""
    return [
        data_set(place, draw, z(combination) + 0.3 * rng.standard_normal(), **kinds)
        for place, combination in enumerate(varied)
        for draw in range(DRAWS)
    ]


def test_a_threshold_on_the_assumed_mean_depends(varied):
    rng = np.random.default_rng(1)
    rows = drawn(varied, lambda combination: 2 * (number(combination, "mean") - 3), rng)
    [row] = answers(varied, rows).itertuples()
    assert row.dependence == DEPENDS
    assert row.p_ranks < 1e-6
    assert row.p_shares < 1e-3
    assert (row.lowest_share, row.highest_share) == (0, 1)
    assert "0 of 6 data sets at mean 3," in row.because
    assert "6 of 6 data sets at mean 5," in row.because
    assert row.data_sets == 21 * DRAWS


def test_an_effect_of_the_assumed_sd_alone_is_found(varied):
    rng = np.random.default_rng(2)
    rows = drawn(varied, lambda combination: 1.96 * number(combination, "sd"), rng)
    [row] = answers(varied, rows).itertuples()
    assert row.dependence == DEPENDS


def test_noise_about_the_level_is_left_open_by_print(varied):
    rng = np.random.default_rng(3)
    [row] = answers(varied, drawn(varied, lambda _: 1.96, rng)).itertuples()
    assert row.dependence == LEFT_OPEN
    assert min(row.p_ranks, row.p_shares) > LEVEL
    assert set(row.decisions.split("; ")) == {"supported", "not supported"}


def test_one_decision_in_every_data_set_does_not_depend_however_p_moves(varied):
    rng = np.random.default_rng(4)
    rows = drawn(varied, lambda combination: 5 + number(combination, "mean"), rng)
    [row] = answers(varied, rows).itertuples()
    assert row.dependence == DOES_NOT
    assert row.p_ranks < LEVEL
    assert row.p_shares == 1
    assert row.because == (
        "supported in 126 of 126 data sets, under 21 of 21 combinations: evidence, no proof"
    )


def test_what_is_the_same_on_other_data_with_the_same_correlations_cannot_depend(varied):
    rng = np.random.default_rng(5)
    [row] = answers(varied, drawn(varied, lambda _: 5, rng, change=1e-13)).itertuples()
    assert (row.dependence, row.change) == (CANNOT, 0.0)
    [row] = answers(varied, drawn(varied, lambda _: 5, rng, change=1e-3)).itertuples()
    assert row.dependence == DOES_NOT


def test_a_function_of_correlations_that_decides_differently_is_left_open_by_print(varied):
    """Which correlations exist depends on the items: of single items here only lower ones do."""
    rng = np.random.default_rng(5)
    rows = drawn(varied, lambda c: 1.8 if number(c, "items") == 1 else 2.1, rng, change=0.0)
    [row] = answers(varied, rows).itertuples()
    assert (row.dependence, row.change) == (LEFT_OPEN, 0.0)
    assert "their unprinted digits decide" in row.because


def test_what_has_no_p_anywhere_is_undecided_though_its_estimate_never_changes(varied):
    row = Decision("H1", "errors", "HC3", DATA_SET, 0.1, np.nan, "not attainable", change=0.0)
    [answer] = answers(varied, [(place, 0, *row) for place in range(21)]).itertuples()
    assert (answer.dependence, answer.because) == (UNDECIDED, "none of 21 data sets decides")
    assert (answer.data_sets, answer.undecided, answer.combinations) == (0, 21, 0)
    row = Decision("H1", "errors", "HC3", NO_RESPONSES, 0.1, np.nan, "not attainable")
    [answer] = answers(varied, [(place, NO_DRAW, *row) for place in range(21)]).itertuples()
    assert answer.dependence == UNDECIDED


def test_left_open_needs_both_answers_among_data_sets_that_print(varied):
    rows = drawn(varied, lambda _: 5, np.random.default_rng(13))
    rows[7] = data_set(*rows[7][:2], 1.0)
    [row] = answers(varied, rows).itertuples()
    assert row.dependence == LEFT_OPEN
    assert (row.data_sets, row.print_the_tables) == (126, 126)
    assert row.because == (
        "supported in 125 of 126 data sets, in 125 of 126 that print the tables; "
        "no difference among combinations is shown"
    )
    [row] = answers(varied, rows, missing=[rows[7][:2], rows[8][:2]]).itertuples()
    assert row.dependence == UNDECIDED
    assert row.because == (
        "supported in 125 of 126 data sets, but in 124 of 124 that print the tables"
    )


def test_tails_that_differ_are_found_though_the_middles_do_not(varied):
    """z of the same median everywhere, and of a spread that crosses the level at mean 3 alone."""
    ends = np.linspace(-1, 1, 12)
    rows = [
        data_set(place, draw, 3 + (2.5 if number(combination, "mean") == 3 else 0.5) * end)
        for place, combination in enumerate(varied)
        for draw, end in enumerate(ends)
    ]
    [row] = answers(varied, rows).itertuples()
    assert row.p_ranks > 0.9
    assert row.p_shares < 1e-3
    assert row.dependence == DEPENDS


def test_shares_are_compared_as_fisher_does_and_as_chi_squared_does_of_many():
    rng = np.random.default_rng(1)
    # Of two groups of one size both order the tables alike.
    exact = stats.fisher_exact([[3, 5], [8, 0]]).pvalue
    assert compare_shares([3, 8], [8, 8], rng) == pytest.approx(exact, rel=0.5)
    many = stats.chi2_contingency([[700, 740, 690], [324, 284, 334]]).pvalue
    assert compare_shares([700, 740, 690], [1024] * 3, rng) == pytest.approx(many, rel=0.5)
    # All of one group and none of the other, of 200: no p is smaller than one way in all.
    assert compare_shares([100, 0], [100, 100], rng) == 1e-5
    assert compare_shares([5, 5, 0], [5, 5, 0], rng) == 1


def test_one_data_set_of_each_combination_compares_nothing(varied):
    rows = [data_set(place, 0, 1.0 + place % 2 * 3) for place in range(21)]
    [row] = answers(varied, rows).itertuples()
    assert row.dependence == UNDECIDED
    assert np.isnan([row.p_ranks, row.p_shares]).all()
    assert "not compared" in row.because


def test_few_data_sets_that_decide_alike_are_no_evidence(varied):
    improper = Decision("H1", "family", "made up", DATA_SET, 0.2, np.nan, "not attainable")
    rows = [
        data_set(place, draw, 5.0) if place < 7 else (place, draw, *improper)
        for place in range(21)
        for draw in range(2)
    ]
    [row] = answers(varied, rows).itertuples()
    assert row.dependence == DOES_NOT
    assert row.because == (
        "supported in 14 of 14 data sets that decide, of 42, under 7 of 21 combinations: "
        "evidence, no proof"
    )
    assert (row.combinations, row.data_sets, row.undecided) == (7, 14, 28)
    [row] = answers(varied, rows, missing=[(0, 0)]).itertuples()
    assert row.because.endswith("no proof; 13 of these data sets print the tables")
    for few in (rows[:1], rows[:8], [data_set(3, draw, 5.0) for draw in range(20)]):
        [row] = answers(varied, few).itertuples()
        assert row.dependence == UNDECIDED
        assert row.because.endswith("too few to say")


def without_responses(varied, estimate, word):
    return [
        (
            place,
            NO_DRAW,
            *Decision("H1", "family", "whole", NO_RESPONSES, estimate(c), 0.01, word(c)),
        )
        for place, c in enumerate(varied)
    ]


def test_what_uses_no_responses_cannot_depend_where_it_is_the_same(varied):
    [row] = answers(
        varied, without_responses(varied, lambda c: 0.15, lambda c: SUPPORTED)
    ).itertuples()
    assert row.dependence == CANNOT
    assert row.because == "the same under all 21 combinations of assumptions"


def test_combinations_that_responses_cannot_have_are_not_counted(varied):
    rows = without_responses(varied, lambda c: 0.15, lambda c: SUPPORTED)
    [row] = answers(varied, rows[:10]).itertuples()
    assert row.dependence == CANNOT
    assert row.because == "the same under all 10 of 21 combinations that responses can have"
    [row] = answers(varied, rows[:1]).itertuples()
    assert row.dependence == UNDECIDED
    assert row.because == "responses can have only 1 of 21 combinations"


def test_a_coefficient_in_scale_units_is_not_said_to_be_unable_to_depend(varied):
    """B = beta SD(y) / SD(x): decided against a least B of interest, it depends on assumed SDs."""

    def b(combination):
        sd = combination.study.statistic("readiness", "sd")[0].value
        return 0.155 * sd  # SD(x) of 1

    def word(combination):
        return decide_share(1.0 if b(combination) >= 0.15 else 0.0)

    [row] = answers(varied, without_responses(varied, b, word)).itertuples()
    assert row.dependence == DEPENDS
    assert row.change == np.inf
    assert row.because == ("supported under 18 combinations; not supported under 3 combinations")
    [row] = answers(varied, without_responses(varied, b, lambda c: SUPPORTED)).itertuples()
    assert row.dependence == DOES_NOT
    assert row.change == pytest.approx(0.155 * (1.3 - 0.8))


def samples(varied, share, draws=1024, hypothesis="H1"):
    rows = []
    for place, combination in enumerate(varied):
        count = round(share(combination) * draws)
        decision = Decision(
            *(hypothesis, "new", "responses", SAMPLES, count / draws, np.nan),
            *(decide_share(count / draws), draws, count),
        )
        rows.append((place, NO_DRAW, *decision))
    return rows


def test_power_depends_where_it_passes_four_fifths_by_more_than_monte_carlo_error(varied):
    def by_mean(combination):
        return {3: 0.70, 4: 0.75, 5: 0.90}[number(combination, "mean")]

    [row] = answers(varied, samples(varied, by_mean)).itertuples()
    assert row.dependence == DEPENDS
    assert row.highest_share == pytest.approx(0.90, abs=1e-3)
    rng = np.random.default_rng(60)
    [row] = answers(varied, samples(varied, lambda c: rng.binomial(1024, 0.8) / 1024)).itertuples()
    assert len(row.decisions.split("; ")) == 2
    assert row.dependence == UNDECIDED
    assert "lies about a limit" in row.because


def test_power_of_a_half_everywhere_is_called_power_and_no_agreement_of_data_sets(varied):
    [row] = answers(varied, samples(varied, lambda _: 0.5)).itertuples()
    assert row.dependence == DOES_NOT
    assert row.because == (
        "undetermined under all 21 combinations of assumptions: "
        "power of 0.50 to 0.50 by 1024 new samples of each"
    )
    assert pd.isna(row.print_the_tables)


def test_several_hypotheses_together_have_answers_after_each_and_no_panel(varied):
    def by_mean(combination):
        return {3: 0.10, 4: 0.50, 5: 0.90}[number(combination, "mean")]

    rows = samples(varied, by_mean, hypothesis=ALL) + samples(varied, lambda _: 0.95)
    table = answers(varied, rows)
    assert table.hypothesis.tolist() == ["H1", ALL]
    assert table.dependence.tolist() == [DOES_NOT, DEPENDS]
    decided = decision_table(varied, frame(rows), pd.DataFrame([DataSet(0, NO_DRAW, False, "")]))
    figure = decisions_by_assumption(decided, table, listed(varied), "made up")
    panels = [axes.get_title(loc="left") for axes in figure.axes if axes.get_title(loc="left")]
    assert panels == ["H1"]


def test_the_comparison_is_the_kruskal_wallis_statistic_in_its_form_as_f(varied):
    rng = np.random.default_rng(7)
    rows = drawn(varied, lambda combination: number(combination, "items") / 8, rng)
    [row] = answers(varied, rows).itertuples()
    z = frame(rows).estimate.to_numpy().reshape(21, DRAWS)
    h = stats.kruskal(*z).statistic
    # Conover and Iman (1981): F = (H / (k - 1)) / ((N - 1 - H) / (N - k)).
    k, n = 21, 21 * DRAWS
    f = (h / (k - 1)) / ((n - 1 - h) / (n - k))
    # Holm (1979): the smaller of two p is doubled.
    assert row.p_ranks == pytest.approx(2 * stats.f.sf(f, k - 1, n - k), rel=1e-6)


def test_a_hypothesis_of_the_other_sign_counts_its_z_the_other_way(varied):
    rng = np.random.default_rng(8)
    rows = drawn(varied, lambda combination: number(combination, "items") / 8, rng)
    [one] = answers(varied, rows, signs={"H1": 1}).p_ranks
    [two] = answers(varied, rows, signs={"H1": -1}).p_ranks
    assert one == pytest.approx(two, rel=1e-9)


def test_p_is_corrected_for_all_rows_by_holm(varied):
    rng = np.random.default_rng(9)
    weak = drawn(varied, lambda combination: 1.96 + number(combination, "mean") / 4, rng)
    [alone] = answers(varied, weak).p_ranks
    many = [
        row for i in range(9) for row in drawn(varied, lambda _: 1.96, rng, analysis=f"noise {i}")
    ]
    table = answers(varied, weak + many).set_index("analysis")
    assert alone < 0.05
    # Alone, the smaller of two is doubled; the smallest of twenty is multiplied by twenty (Holm
    # 1979).
    assert table.p_ranks["made up"] == pytest.approx(10 * alone)


def test_of_a_hundred_analyses_of_noise_none_is_said_to_depend(varied):
    rng = np.random.default_rng(11)
    rows = [
        row for i in range(100) for row in drawn(varied, lambda _: 1.96, rng, analysis=f"noise {i}")
    ]
    assert set(answers(varied, rows).dependence) == {LEFT_OPEN}


def test_every_verdict_has_an_answer_in_the_order_of_the_verdicts(varied):
    rng = np.random.default_rng(10)
    rows = drawn(varied, lambda _: 5, rng, hypothesis="H2")
    rows += without_responses(varied, lambda c: 0.15, lambda c: SUPPORTED)
    verdicts = [("H1", "latent"), ("H1", "family"), ("H2", "latent"), ("H2", "family")]
    table = answers(varied, rows, verdicts)
    assert list(zip(table.hypothesis, table.family, strict=True)) == verdicts
    assert table.dependence.tolist() == [UNDECIDED, CANNOT, UNDECIDED, DOES_NOT]
    assert tuple(table.columns) == Dependence._fields


def test_where_no_data_set_decides_nothing_is_said(varied):
    row = Decision("H1", "latent", "improper", DATA_SET, 0.2, np.nan, "not attainable")
    [answer] = answers(varied, [(0, 0, *row), (1, 0, *row)]).itertuples()
    assert (answer.dependence, answer.data_sets) == (UNDECIDED, 0)


def test_with_everything_printed_nothing_can_depend(study):
    cells = {"mean": "4.12", "sd": "1.05", "items": 3}
    whole = combinations(printing(study, **dict.fromkeys(study.names, cells)))
    rows = [data_set(0, draw, z) for draw, z in enumerate((1.5, 2.5))]
    [row] = answers(whole, rows).itertuples()
    assert row.dependence == CANNOT
    assert row.decisions == "not supported; supported"


def test_data_sets_are_counted_by_combination(varied):
    rows = [
        *(data_set(8, draw, z) for draw, z in enumerate((1.0, 2.5, 3.0))),
        (8, 3, *Decision("H1", "family", "made up", DATA_SET, 0.1, 0.5, "not attainable")),
    ]
    sets = pd.DataFrame([DataSet(8, draw, draw != 1, "") for draw in range(4)])
    [row] = decision_table(varied, frame(rows), sets).itertuples()
    assert (row.mean, row.sd, row.items) == ("4", "1", "4")
    assert (row.data_sets, row.undecided, row.supported) == (3, 1, 2)
    assert row.print_the_tables == 2
    assert row.smallest_p == pytest.approx(2 * stats.norm.sf(3.0))
    assert row.median_p == pytest.approx(2 * stats.norm.sf(2.5))
    assert row.largest_p == pytest.approx(2 * stats.norm.sf(1.0))


def test_the_figure_has_a_panel_a_hypothesis_and_a_row_an_analysis(varied):
    rng = np.random.default_rng(12)
    rows = [
        row
        for hypothesis in ("H1", "H2")
        for analysis in ("one", "two")
        for row in drawn(varied, lambda _: 5, rng, hypothesis=hypothesis, analysis=analysis)
    ]
    sets = pd.DataFrame([DataSet(*row[:2], True, "") for row in rows[: 21 * DRAWS]])
    decided = decision_table(varied, frame(rows), sets)
    figure = decisions_by_assumption(decided, answers(varied, rows), listed(varied), "made up")
    panels = [axes for axes in figure.axes if axes.get_title(loc="left")]
    assert [axes.get_title(loc="left") for axes in panels] == ["H1", "H2"]
    labels = [label.get_text() for label in panels[0].get_yticklabels()]
    assert labels == ["family: one", "family: two"]
    for axes in panels:
        shares = axes.collections[0].get_array()
        assert shares.shape == (2, 21)
        assert (shares == 1).all()
        beside = [text.get_text() for text in axes.texts]
        assert beside == ["in a cell", "depends?", "6", "6", "no", "no"]
        # The study's own means of 4, SDs of 1 and four items.
        [own] = axes.patches
        ticks = [label.get_text() for label in axes.get_xticklabels()]
        assert ticks[round(own.get_x())] == "4 · 1 · 4"


def test_the_figure_tells_how_few_data_sets_are_behind_a_cell(varied):
    rows = [data_set(place, draw, 5.0) for place in range(7) for draw in range(2 + place)]
    sets = pd.DataFrame([DataSet(*row[:2], True, "") for row in rows])
    decided = decision_table(varied, frame(rows), sets)
    figure = decisions_by_assumption(decided, answers(varied, rows), listed(varied), "made up")
    [axes] = [axes for axes in figure.axes if axes.get_title(loc="left")]
    assert "2 to 8" in [text.get_text() for text in axes.texts]


def test_without_hypotheses_the_figure_is_a_sentence(varied):
    empty = decision_table(varied, frame([]), pd.DataFrame([DataSet(0, 0, True, "")]))
    figure = decisions_by_assumption(empty, answers(varied, []), listed(varied), "nothing")
    assert not figure.axes
    assert any("No responses decide" in text.get_text() for text in figure.texts)


def test_refused_combinations_and_lost_draws_are_rows(varied):
    rows = [DataSet(place, NO_DRAW, False, "") for place in range(21)]
    rows[3] = DataSet(3, NO_DRAW, False, "SD of risk: no")
    rows += [DataSet(0, 0, True, ""), DataSet(0, 1, False, ""), DataSet(1, 0, False, "none found")]
    table = combination_table(varied, pd.DataFrame(rows))
    assert len(table) == 21
    assert table.own.sum() == 1
    assert table.problem[3] == "SD of risk: no"
    assert table.problem[1] == "1 of 1 draws: none found"
    assert table.data_sets.tolist()[:4] == [2, 0, 0, 0]
    assert table.print_the_tables[0] == 1


def test_statistics_are_summed_up_over_data_sets():
    rows = [
        Statistic(0, 0, "t", "full: risk", "-2.566", -2.5660, True, 1e-14),
        Statistic(1, 0, "t", "full: risk", "-2.566", -2.5690, False, 1e-13),
        Statistic(0, 0, "b", "full: risk", "-0.162", -0.162, True, 0.03),
        Statistic(0, 0, "beta", "full: risk", "", -0.16, False, 0.0),
    ]
    table = statistic_table(pd.DataFrame(rows)).set_index("statistic")
    assert table.loc["t", ["smallest", "largest"]].tolist() == [-2.569, -2.566]
    assert table.loc["t", ["data_sets", "print_the_same", "rescaled"]].tolist() == [2, 1, 0]
    assert table.in_scale_units.to_dict() == {"t": False, "b": True, "beta": False}
    assert table.rescaled["b"] == 0.03
    assert pd.isna(table.print_the_same["beta"])


def test_tables_of_a_study_without_hypotheses_have_their_columns(varied):
    sets = pd.DataFrame([DataSet(0, 0, True, "")])
    assert list(answers(varied, []).columns) == list(Dependence._fields)
    table = decision_table(varied, frame([]), sets)
    assert table.empty
    assert "median_p" in table.columns


def test_standard_errors_are_in_scale_units_where_the_table_has_b():
    # By algebra: the standard error of beta is a function of correlations and n, that of b is not.
    rows = [
        Statistic(0, 0, "b", "full: risk", "-0.162", -0.162, True, 0.03),
        Statistic(0, 0, "se", "full: risk", "0.063", 0.063, True, 0.01),
        Statistic(0, 0, "beta", "alone: risk", "-0.076", -0.076, True, 0.0),
        Statistic(0, 0, "se", "alone: risk", "0.058", 0.058, True, 0.0),
        Statistic(0, 0, "ci_low", "alone: risk", "-0.190", -0.190, True, 0.0),
    ]
    table = statistic_table(pd.DataFrame(rows))
    assert table.in_scale_units.tolist() == [True, True, False, False, False]
    assert ((table.rescaled > 0) == table.in_scale_units).all()


def test_every_row_of_verdicts_is_to_be_answered():
    verdicts = pd.DataFrame(
        {"hypothesis": ["H1", "H1", "H2"], "analysis": ["a", "b", "a"], "p": 0.1}
    )
    assert rows_to_answer([verdicts]) == [("H1", "a"), ("H1", "b"), ("H2", "a")]
    assert rows_to_answer([]) == []
