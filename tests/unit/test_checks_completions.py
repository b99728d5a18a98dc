"""Regressions whose correlations are not all printed: bounds over every completing matrix."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regression_examples import printed_model
from simulated_studies import cell, hard_study, honest_study

from retrace.checks import correlations, regressions
from retrace.checks import joint_feasibility as joint_feasibility_check
from retrace.checks.regression.comparison import judge_numbers
from retrace.checks.regression.feasibility import FEASIBLE, INFEASIBLE, joint_feasibility
from retrace.checks.regression.printed_model import WHOLE_MODEL
from retrace.checks.regression.recomputed import recompute
from retrace.checks.shared.limits import needs_of_a_matrix
from retrace.checks.shared.record import Record
from retrace.estimators.least_squares import ols_from_correlations
from retrace.papers import read_paper
from retrace.papers.study import CORRELATION, Impossible, Lack, NoMatrix
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import CONTRADICTED, IMPOSSIBLE, NOT_CHECKABLE, WITHIN_ROUNDING

MAGNI = Path(__file__).parents[2] / "resources" / "papers" / "magni2022"


def without(model, places):
    """The model with some pairs, by their place above the diagonal, left out of the table."""
    a, b = (each[list(places)] for each in np.triu_indices(model.k + 1, 1))
    matrices = [np.array(each) for each in (model.R, model.low, model.high)]
    for matrix in matrices:
        matrix[a, b] = matrix[b, a] = np.nan
    return replace(model, **dict(zip(("R", "low", "high"), matrices, strict=True)))


def changed(model, term, statistic, text):
    """The model with another number in one cell."""
    if term == WHOLE_MODEL:
        return replace(model, overall={**model.overall, statistic: Printed.parse(text)})
    row = {**model.reported[term], statistic: Printed.parse(text)}
    return replace(model, reported={**model.reported, term: row})


def verdict_on(model, term, statistic):
    rows = judge_numbers(model).compared
    return next(row for row in rows if (row.term, row.statistic) == (term, statistic))


@settings(deadline=None, max_examples=12)
@given(seed=st.integers(0, 10**6), hard=st.booleans(), data=st.data())
def test_no_honest_number_is_contradicted_whatever_is_not_printed(seed, hard, data):
    found = (hard_study if hard else honest_study)(seed)
    if found is None or found[0].k < 2:
        return
    model, _ = found
    pairs = model.k * (model.k + 1) // 2
    places = data.draw(st.sets(st.integers(0, pairs - 1), min_size=1, max_size=min(4, pairs - 1)))
    model = without(model, places)
    judged = judge_numbers(model)
    assert judged.possible
    assert [row for row in judged.compared if row.verdict == CONTRADICTED] == []
    assert joint_feasibility(model).status != INFEASIBLE


EXACT = 9


def two_predictors(r_ab, r_ay, r_by, n=100):
    """A model of two predictors; None for a pair that is not printed, nine decimals else."""
    pairs = {("a", "b"): r_ab, ("a", "y"): r_ay, ("b", "y"): r_by}
    cells = {pair: cell(r, EXACT) for pair, r in pairs.items() if r is not None}
    return printed_model("m", "y", ["a", "b"], n, cells)


@pytest.mark.parametrize(("r_ay", "r_by"), [(0.5, -0.3), (0.6, 0.2), (-0.7, 0.1), (0.3, 0.2)])
def test_a_missing_pair_of_predictors_has_the_bounds_of_a_grid(r_ay, r_by):
    # With r = r_ab within r_ay r_by -+ sqrt((1 - r_ay^2)(1 - r_by^2)) (Stanley and Wang 1969):
    # beta_a = (r_ay - r r_by) / (1 - r^2), VIF = 1 / (1 - r^2), R2 = r_ay beta_a + r_by beta_b.
    reach = np.sqrt((1 - r_ay**2) * (1 - r_by**2))
    r = np.linspace(r_ay * r_by - reach, r_ay * r_by + reach, 200_001)[1:-1]
    beta = (r_ay - r * r_by) / (1 - r**2), (r_by - r * r_ay) / (1 - r**2)
    r2 = r_ay * beta[0] + r_by * beta[1]
    vif = 1 / (1 - r**2)
    t = [b / np.sqrt(vif * (1 - r2) / 97) for b in beta]
    implied = recompute(two_predictors(None, r_ay, r_by))
    for truth, at in (
        (beta[0], ("a", "beta")),
        (beta[1], ("b", "beta")),
        (vif, ("a", "vif")),
        (r2, (WHOLE_MODEL, "r2")),
        (t[0], ("a", "t")),
        (t[1], ("b", "t")),
    ):
        low, high = implied[at].safe
        least, most = truth.min(), truth.max()
        slack = 1e-6 * max(1, abs(least)), 1e-6 * max(1, abs(most))
        assert low <= least + slack[0], at
        assert high >= most - slack[1], at
        # Useful besides: near what is attained, where that has a bound.
        assert least - low <= 0.02 * max(1, abs(least)) or least < -100, at
        assert high - most <= 0.05 * max(1, abs(most)) or most > 100, at


def test_a_missing_correlation_with_the_outcome_has_the_bounds_of_algebra():
    # r = r_ay within r_ab r_by -+ sqrt((1 - r_ab^2)(1 - r_by^2)), and beta_a, (r - r_ab r_by) /
    # (1 - r_ab^2), within -+ sqrt((1 - r_by^2) / (1 - r_ab^2)); R2 is least where beta_a is 0.
    r_ab, r_by = 0.4, 0.3
    implied = recompute(two_predictors(r_ab, None, r_by))
    end = np.sqrt((1 - r_by**2) / (1 - r_ab**2))
    np.testing.assert_allclose(implied["a", "beta"].safe, (-end, end), atol=0.03)
    assert implied["a", "beta"].safe[0] <= -end <= end <= implied["a", "beta"].safe[1]
    assert implied[WHOLE_MODEL, "r2"].safe == (pytest.approx(r_by**2, abs=1e-6), 1.0)
    vif = 1 / (1 - r_ab**2)
    assert implied["a", "vif"].safe == (pytest.approx(vif), pytest.approx(vif))


def test_a_coefficient_beyond_every_completion_is_contradicted_and_one_inside_is_not():
    # As above beta_a of (.5, -.3) is at least .45, and R2 at least .25 (that of a alone, reached
    # at r_ab = -.6).
    model = two_predictors(None, 0.5, -0.3)
    reported = {"a": {"beta": Printed.parse("0.44")}, "b": {"vif": Printed.parse("1.2")}}
    model = replace(model, reported=reported, overall={"r2": Printed.parse("0.26")})
    assert verdict_on(model, "a", "beta").verdict == CONTRADICTED
    assert verdict_on(changed(model, "a", "beta", "0.46"), "a", "beta").verdict == WITHIN_ROUNDING
    assert verdict_on(model, WHOLE_MODEL, "r2").verdict == WITHIN_ROUNDING
    less = changed(model, WHOLE_MODEL, "r2", "0.24")
    assert verdict_on(less, WHOLE_MODEL, "r2").verdict == CONTRADICTED
    # |r_ab| is at most .15 + sqrt(.75 * .91) = .976, and VIF at most 21.2.
    assert verdict_on(changed(model, "b", "vif", "25"), "b", "vif").verdict == CONTRADICTED


@pytest.mark.parametrize("seed", range(6))
def test_a_changed_coefficient_is_found_where_no_completion_has_its_sign(seed):
    # Data with one strong predictor: its correlation with another is not printed, and the sign of
    # its coefficient is that of every completion, as a dense grid of that pair shows.
    stream = np.random.default_rng(seed)
    data = stream.normal(size=(150, 4))
    data[:, 3] += 1.5 * data[:, 0] + 0.3 * data[:, 1]
    R = np.corrcoef(data, rowvar=False)
    names = ["x0", "x1", "x2", "y"]
    cells = {(names[i], names[j]): cell(R[i, j], 3) for i in range(4) for j in range(i)}
    del cells["x1", "x0"]
    honest = ols_from_correlations(R, 150).beta[0]
    signs = set()
    for r in np.linspace(-0.999, 0.999, 2001):
        R[0, 1] = R[1, 0] = r
        if np.linalg.eigvalsh(R)[0] > 1e-6:
            signs.add(float(np.sign(ols_from_correlations(R, 150).beta[0])))
    assert signs == {1.0}
    for sign, verdict in ((-1, CONTRADICTED), (1, WITHIN_ROUNDING)):
        reported = {"x0": {"beta": cell(sign * honest, 2)}}
        model = printed_model("m", "y", names[:3], 150, cells, reported)
        assert verdict_on(model, "x0", "beta").verdict == verdict


def test_a_predictor_without_any_correlation_can_only_raise_r2():
    # R2 of a alone is .25, whatever else is in the model (of nested models, by least squares).
    cells = {("a", "y"): "0.500000000"}
    for printed, verdict in (("0.23", CONTRADICTED), ("0.30", WITHIN_ROUNDING)):
        model = printed_model("m", "y", ["a", "product"], 80, cells, {}, {"r2": printed})
        row = verdict_on(model, WHOLE_MODEL, "r2")
        assert row.verdict == verdict
        assert row.low == pytest.approx(0.25, abs=1e-6)


def test_what_every_completion_leaves_open_names_the_pairs():
    # Nothing is known of b: beta of a may be anything, next to a b that nearly equals it.
    cells = {("a", "y"): "0.50"}
    reported = {"a": {"beta": "0.30"}, "b": {"t": "2.00"}}
    model = printed_model("m", "y", ["a", "b"], 80, cells, reported)
    found = judge_numbers(model)
    assert {row.verdict for row in found.compared} == {NOT_CHECKABLE}
    needs = {row.missing for row in found.missing}
    assert needs == {"correlation of a and b, b and y"}


def test_without_any_correlation_nothing_is_bounded():
    model = printed_model("m", "y", ["a", "b"], 80, {}, {"a": {"beta": "0.30"}})
    assert not model.incomplete
    with pytest.raises(ValueError, match="not printed: correlation of a and b"):
        recompute(model)


def test_one_completion_gives_all_numbers_of_an_honest_study():
    model, _ = honest_study(4)
    model = without(model, [3])
    found = joint_feasibility(model)
    assert found.status == FEASIBLE
    fit = ols_from_correlations(found.matrix, model.n)
    for j, term in enumerate(model.predictors):
        assert model.reported[term]["t"].admits(float(fit.t[j]))
        assert model.reported[term]["vif"].admits(float(fit.vif[j]))
    printed = ~np.isnan(model.R)
    assert (found.matrix >= model.low - 1e-9)[printed].all()
    assert (found.matrix <= model.high + 1e-9)[printed].all()


def test_printed_pairs_that_no_matrix_completes_are_possible_of_no_data():
    # r12 = r13 = .9 and r23 = -.9 cannot hold together, whatever y is.
    cells = {("b", "a"): "0.90", ("c", "a"): "0.90", ("c", "b"): "-0.90", ("y", "a"): "0.10"}
    model = printed_model("m", "y", ["a", "b", "c"], 80, cells, {"a": {"beta": "0.30"}})
    assert not judge_numbers(model).possible


def magni_without(*pair, **changes):
    """The study of Magni et al. (2022) with a pair that Table 4 does not print, or changed."""
    study = read_paper(MAGNI).study
    cells = [each for each in study.correlations if {each[0], each[1]} != set(pair)]
    why = "not every correlation is printed"
    return study.model_copy(update={"correlations": cells, "no_matrix": why, **changes})


def rows_of(study, model="full"):
    record = Record("magni2022", study)
    rows = [row for row in regressions.judge(record) if f"model {model}:" in row.because]
    joint = [row for row in joint_feasibility_check.judge(record) if f" {model}:" in row.because]
    return rows, joint


def test_rows_of_a_study_say_which_pair_is_missing_and_give_the_bounds():
    rows, joint = rows_of(magni_without("market", "risk"))
    judged = [row for row in rows if row.verdict != NOT_CHECKABLE]
    assert {row.verdict for row in judged} == {WITHIN_ROUNDING}
    assert {row.statistic for row in judged} >= {"t", "p", "vif"}
    for row in judged:
        assert row.because.endswith("; not printed: correlation of risk and market")
        assert row.low < row.high
        assert np.isnan(row.recomputed)
    (joint,) = joint
    assert (joint.verdict, joint.because) == (
        WITHIN_ROUNDING,
        "model full: one matrix that completes the printed correlations gives all of them",
    )


def test_what_correlations_lack_does_not_hang_on_the_words_of_the_reason():
    study, names = read_paper(MAGNI).study, ["market", "risk"]
    why = "not printed as singular in observations"
    at = {"row": "market", "column": "risk", "file": "t.csv", "place": "", "printed": "17"}
    aside = {"impossible": [Impossible(statistic=CORRELATION, why=why, **at)], "no_matrix": why}
    found = study.model_copy(update=aside).no_matrix_of(names)
    assert found == NoMatrix(f"correlation of market and risk: {why}", Lack.DATA)
    assert needs_of_a_matrix(found.lack) == "correlations that data can have"
    few = study.model_copy(update={"n": 2}).no_matrix_of(names)
    assert needs_of_a_matrix(few.lack) == "more observations than variables"
    assert magni_without(*names).no_matrix_of(names).lack == Lack.PRINT
    assert study.no_matrix_of(names) is None


def test_a_pair_that_is_impossible_is_as_one_that_is_not_printed():
    why = "correlation 17 is outside [-1, 1]"
    at = {"row": "market", "column": "risk", "file": "t.csv", "place": "", "printed": "17"}
    aside = Impossible(statistic=CORRELATION, why=why, **at)
    rows, _ = rows_of(magni_without("market", "risk", impossible=[aside]))
    without, _ = rows_of(magni_without("market", "risk"))
    said = [row._replace(because="") for row in rows]
    assert str(said) == str([row._replace(because="") for row in without])
    assert any(row.because.endswith(f"correlation of market and risk: {why}") for row in rows)


def test_correlations_of_no_one_sample_or_of_other_observations_bound_nothing():
    other = read_paper(MAGNI).study.models
    other = {name: model.model_copy(update={"n": 250}) for name, model in other.items()}
    for changes in ({"pairwise": True}, {"models": other}):
        rows, _ = rows_of(magni_without("market", "risk", **changes))
        assert {row.verdict for row in rows} == {NOT_CHECKABLE}
        assert all("correlation of risk and market" in row.because for row in rows)


def test_a_table_that_no_matrix_completes_is_impossible_by_itself():
    # r12 = r13 = .9 and r23 = -.9 cannot hold together, whatever the other pairs are.
    wrong = {
        frozenset(pair): Printed.parse(text)
        for *pair, text in (
            ("customer", "market", "0.90"),
            ("customer", "risk", "0.90"),
            ("market", "risk", "-0.90"),
        )
    }
    study = magni_without("economic", "readiness")
    cells = [(a, b, wrong.get(frozenset((a, b)), cell)) for a, b, cell in study.correlations]
    table = next(correlations.judge(Record("magni2022", study)))
    assert table.verdict == NOT_CHECKABLE
    spoilt = study.model_copy(update={"correlations": cells})
    table = next(correlations.judge(Record("magni2022", spoilt)))
    assert table.verdict == IMPOSSIBLE
    rows, _ = rows_of(spoilt)
    assert {row.verdict for row in rows} == {NOT_CHECKABLE}
    # Correlations of pairwise n may be indefinite without being wrong.
    pairwise = spoilt.model_copy(update={"pairwise": True})
    assert next(correlations.judge(Record("magni2022", pairwise))).verdict == NOT_CHECKABLE


def test_where_caps_bite_rows_say_so(monkeypatch):
    study = magni_without("market", "risk")
    told = "a matrix that completes them is looked for among at most 4 variables, not 5"
    assert told not in next(correlations.judge(Record("magni2022", study))).because
    monkeypatch.setattr(correlations, "MOST_COMPLETED", 4)
    assert told in next(correlations.judge(Record("magni2022", study))).because
    for kept, said in ((5, True), (6, False)):
        rows, _ = rows_of(study.model_copy(update={"correlations": study.correlations[:kept]}))
        of_pairs = [row for row in rows if "not printed: correlation of" in row.because]
        assert of_pairs
        for row in of_pairs:
            assert ("bounds are not narrowed where more than 4 pairs" in row.because) == said
