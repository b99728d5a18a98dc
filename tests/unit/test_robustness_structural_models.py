"""A study's models, tables, latent models and path diagrams."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sem_reference import MAGNI_NAMES

from retrace.papers import PaperError, read_paper
from retrace.papers.study import Alternative
from retrace.preflight.structural_models import check_alternatives
from retrace.reporting.reliability_figure import draw_reliability
from retrace.robustness.latent_ensemble import fit_ensemble, latent_decisions
from retrace.robustness.latent_models import SINGULAR, LatentModels, _fit_items, fit_latent_models
from retrace.robustness.measurement_error import (
    reliability_rows,
)
from retrace.robustness.mediation import Drawn, Effect, effect_rows
from retrace.robustness.structural_decisions import decision_rows
from retrace.robustness.structural_models import StudyModel, study_models
from retrace.robustness.structural_solutions import read_solutions, solution_records
from retrace.robustness.structural_tables import (
    estimate_rows,
    fit_rows,
    fit_study,
    modification_rows,
    residual_rows,
)
from retrace.sem import fit
from retrace.synthetic import likert
from retrace.synthetic.ensemble import ensemble_frame
from retrace.synthetic.from_study import likert_target

ROOT = Path(__file__).parents[2]
SHARES = (0.1,)
LIMITS = [name for name in Effect._fields if name.endswith(("_low", "_high"))]


@pytest.fixture(scope="module")
def paper():
    return read_paper(ROOT / "resources" / "papers" / "magni2022")


@pytest.fixture(scope="module")
def study(paper):
    return paper.study


@pytest.fixture(scope="module")
def models(study):
    return study_models(study, SHARES)


@pytest.fixture(scope="module")
def fits(study, models):
    return fit_study(study, models)


@pytest.fixture(scope="module")
def effects(study, fits):
    rows, counts = effect_rows(study, fits, 400, np.random.default_rng(1))
    return {(row.model, row.effect): row for row in rows}, counts


def test_every_model_of_a_study_is_listed_once_with_what_it_assumes(study, models):
    names = [model.name for model in models]
    assert len(set(names)) == len(names)
    assert set(study.models) | set(study.alternatives) < set(names)
    assert [m.kind for m in models if m.name == "full_method_0.10"] == ["method factor"]
    assert all(m.assumed for m in models if m.kind != "path")


def test_a_method_factor_explains_exactly_the_share_that_its_model_says(fits):
    solution = fits["full_method_0.10"]
    for name in MAGNI_NAMES:
        assert solution[f"method =~ {name}"].std ** 2 == pytest.approx(0.10, abs=1e-9)


def test_the_tables_have_the_columns_of_the_contract(study, models, fits):
    assert estimate_rows(fits)[0]._fields == (
        *("model", "lhs", "op", "rhs", "est", "se", "z", "p", "std", "estimate"),
    )
    assert fit_rows(fits, models)[0]._fields[:13] == (
        *("model", "chi2", "df", "p", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high", "srmr"),
        *("aic", "bic", "converged"),
    )
    assert residual_rows(fits)[0]._fields == (
        *("model", "row", "column", "sample", "implied", "residual", "correlation_residual"),
    )
    assert modification_rows(fits)[0]._fields == (
        *("model", "lhs", "op", "rhs", "index", "expected_change"),
    )
    decisions = decision_rows(study, fits, models, 0.05, {})
    assert decisions[0]._fields == (
        *("hypothesis", "family", "analysis", "estimate", "p", "decision", "assumed", "problem"),
    )


def test_the_papers_own_model_decides_as_its_z_values_say(study, models, fits):
    rows = decision_rows(study, fits, models, 0.05, {})
    own = {r.hypothesis: r.decision for r in rows if r.analysis == "sem: full"}
    # z of 2.481, 1.967, 1.974, -2.586 by lavaan: all beyond 1.960.
    assert own == dict.fromkeys(("H1", "H2", "H3", "H4"), "supported")
    strict = decision_rows(study, fits, models, 0.01, {})
    own = {r.hypothesis: r.decision for r in strict if r.analysis == "sem: full"}
    assert own["H1"] == "not supported"
    assert own["H4"] == "supported"


def test_an_improper_solution_decides_nothing(study):
    # A method that explains .80 of every score leaves traits with correlations below -1.
    models = study_models(study, (0.1, 0.8))
    fits = fit_study(study, models)
    assert not fits["full_method_0.80"].proper
    rows = [r for r in decision_rows(study, fits, models, 0.05, {}) if r.family == "method factor"]
    proper = [r for r in rows if r.analysis == "sem: full_method_0.10"]
    improper = [r for r in rows if r.analysis == "sem: full_method_0.80"]
    assert {r.decision for r in proper} <= {"supported", "not supported"}
    assert {r.decision for r in improper} == {"not attainable"}
    assert all(np.isnan(r.p) and r.problem for r in improper)


def test_p_at_the_level_supports(study, models, fits):
    at = {e.rhs: e.p for e in fits["full"].estimates if e.op == "~"}
    for name, hypothesis in study.hypotheses.items():
        for level, decision in (
            (at[hypothesis.term], "supported"),
            (0.999 * at[hypothesis.term], "not supported"),
        ):
            rows = decision_rows(study, fits, models, level, {})
            own = [r for r in rows if (r.hypothesis, r.analysis) == (name, "sem: full")]
            assert [r.decision for r in own] == [decision]


def test_knowledge_raises_risk_perception_where_the_theory_has_it_lower_it(effects):
    rows, counts = effects
    # lavaan: the path is 0.423 (SE 0.052); the theory of section 3.2 has it negative.
    path = rows["mediation_through_risk", "risk ~ customer"]
    assert path.est == pytest.approx(0.4228, abs=1e-4)
    assert (path.expected, path.sign) == ("negative", "opposes")
    indirect = rows["mediation_through_risk", "indirect_customer"]
    assert indirect.sign == "opposes"
    for kind in ("percentile", "bias_corrected", "monte_carlo"):
        low, high = (getattr(indirect, f"{kind}_{side}") for side in ("low", "high"))
        assert low < indirect.est < high < 0
    assert rows["mediation_through_risk", "readiness ~ risk"].sign == "agrees"
    assert {c.model: c.failed for c in counts}["mediation_through_risk"] == 0


def test_the_monte_carlo_interval_of_a_direct_effect_is_the_normal_one(effects):
    # Free parameters are drawn from their normal distribution; 400 draws leave quantiles to about
    # sqrt(.025 * .975 / 400) / phi(1.96) = 0.13 standard errors.
    rows, _ = effects
    row = rows["mediation_through_risk", "risk ~ customer"]
    for side, sign in (("low", -1), ("high", 1)):
        normal = row.est + sign * 1.959964 * row.se
        assert getattr(row, f"monte_carlo_{side}") == pytest.approx(normal, abs=4 * 0.13 * row.se)


def test_only_alternatives_with_signs_or_defined_effects_are_drawn(study, effects):
    _, counts = effects
    assert "one_knowledge" in study.alternatives
    assert "one_knowledge" not in {c.model for c in counts}


def effects_of(study, model, expected):
    """Effects of one alternative, by name, with what became of its draws."""
    alternative = Alternative(model=model, expected=expected, printed="section 1")
    own = study.model_copy(update={"alternatives": {"own": alternative}})
    fits = {"own": fit(model, study.correlation_matrix, study.n, study.names)}
    rows, counts = effect_rows(own, fits, 50, np.random.default_rng(1))
    return {row.effect: row for row in rows}, counts


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        # Algebra: two effects between the same two variables have one covariance to come from.
        ("customer ~ a*risk; risk ~ b*customer; readiness ~ c*risk", "under-identified: customer~"),
        # Two items do not identify a factor but through another variable, here by a Heywood case.
        ("f =~ customer + market; g =~ economic + risk; readiness ~ a*f", "negative variance"),
        ("customer ~~ -1*customer; risk ~ a*customer; ab := 2*a", "not converged: no starting"),
    ],
)
def test_a_solution_with_problems_has_effects_but_no_verdict_on_them(study, model, problem):
    rows, counts = effects_of(study, model, {"a": "positive"})
    assert rows
    assert counts == [Drawn("own", *[0] * 6)]
    for row in rows.values():
        assert problem in row.problems
        assert np.isnan([getattr(row, limit) for limit in LIMITS]).all()
        assert row.sign == ""
        assert np.isnan(row.est) == problem.startswith("not converged")
    assert "positive" in {row.expected for row in rows.values()}


def test_a_fixed_effect_has_no_interval(study):
    rows, _ = effects_of(
        study, "risk ~ 0.5*customer + a*market; readiness ~ b*risk", {"a": "negative"}
    )
    assert np.isnan([getattr(rows["risk ~ customer"], limit) for limit in LIMITS]).all()
    assert np.isfinite(rows["risk ~ market"].percentile_low)


def test_reliability_tables_and_figure_cover_every_hypothesis(study):
    grid, summary = reliability_rows(study, 0.05, 0.6, 200, np.random.default_rng(1))
    assert len(summary) == 2 * len(study.hypotheses)
    assert all(row.estimator_gap < 1e-6 for row in summary)
    figure = draw_reliability(grid, 0.05)
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert labels[:-2] == [f"{name}: {h.term}" for name, h in study.hypotheses.items()]


def test_latent_models_undo_the_measurement_error_of_synthetic_items(study):
    scores = likert(likert_target(study), np.random.default_rng(3)).data
    found = fit_latent_models(study, scores, ["0.80", "0.999"], np.random.default_rng(4))
    solution = found.fits["full_alpha_0.80"]
    assert solution.structure.df == 160
    assert solution.converged
    # Algebra: latent regressions are those of the correlations divided by alpha, but for sampling.
    rho = np.array(study.correlation_matrix)
    true = rho / 0.8
    np.fill_diagonal(true, 1.0)
    beta = np.linalg.solve(true[:4, :4], true[:4, 4])
    own = [solution[f"true.readiness ~ true.{name}"].std for name in MAGNI_NAMES[:4]]
    np.testing.assert_allclose(own, beta, atol=0.06)
    assert list(found.unfit) == ["full_alpha_0.999", "full_method_alpha_0.999"]
    assert "alpha of" in found.unfit["full_alpha_0.999"]
    decisions = decision_rows(study, found.fits, found.models, 0.05, found.unfit)
    # Scores without a method's share may leave its factor a variance below 0: no decision then.
    by_analysis = {row.analysis: row for row in decisions}
    assert {a for a, row in by_analysis.items() if row.decision != "not attainable"} == {
        f"sem: {name}" for name, solution in found.fits.items() if solution.proper
    }
    assert solution.proper
    # Standardised: factors have the units of their first items.
    path = solution["true.readiness ~ true.customer"]
    first = next(row for row in decisions if row.hypothesis == "H1")
    assert (first.estimate, first.p) == (path.std, path.p)
    assert path.std != pytest.approx(path.est, rel=1e-3)
    for name, other in found.fits.items():
        row = by_analysis[f"sem: {name}"]
        assert row.problem == "; ".join(other.problems)
        assert np.isnan(row.p) == (not other.proper)


def test_each_data_set_of_an_ensemble_has_models_and_a_stream_of_its_own(study):
    rng = np.random.default_rng(5)
    drawn = [(d, likert(likert_target(study), rng).data) for d in (2, 0, 1)]
    ensemble = ensemble_frame(likert_target(study), drawn)
    asked = []

    def stream(number):
        asked.append(number)
        return np.random.default_rng(number)

    found = fit_ensemble(study, ensemble, 2, ["0.80"], stream)
    assert list(found) == ["draw 0", "draw 1"]
    assert asked == [1, 2]
    alone = fit_latent_models(study, drawn[2][1], ["0.80"], np.random.default_rng(2))
    name = "full_alpha_0.80"
    assert found["draw 1"].fits[name].x.tolist() == alone.fits[name].x.tolist()
    rows = latent_decisions(study, [("likert", alone), *found.items()], 0.05)
    own = decision_rows(study, alone.fits, alone.models, 0.05, alone.unfit)
    assert rows[: len(own)] == [(row, "likert") for row in own]
    assert list(dict.fromkeys(row.data for row in rows)) == ["likert", "draw 0", "draw 1"]


def test_too_few_observations_for_the_items_are_not_attainable_and_say_so(study):
    # Algebra: a covariance matrix of 20 items from 20 observations is singular.
    small = study.model_copy(update={"n": 20})
    stream = np.random.default_rng(3)
    scores = stream.integers(4, 25, size=(20, 5)) / 4 + 0.0
    found = fit_latent_models(small, scores, ["0.80"], stream)
    assert not found.fits
    rows = decision_rows(small, found.fits, found.models, 0.05, found.unfit)
    assert len(rows) == 2 * len(study.hypotheses)
    assert {row.decision for row in rows} == {"not attainable"}
    assert all(row.problem for row in rows)
    assert {row.family for row in rows} == {
        "latent model, synthetic items",
        "latent model, method factor",
    }


@pytest.mark.parametrize("wrong", ["all answer alike", "one item twice"])
def test_items_without_covariances_are_not_attainable_and_stop_nothing(study, wrong):
    """Algebra: a constant, or a copy, leaves an eigenvalue of 0; a printed SD of 0 leads there."""
    stream = np.random.default_rng(4)
    items = {name: stream.integers(1, 8, size=(study.n, 3)) for name in study.names}
    items["risk"][:, 0] = 5 if wrong == "all answer alike" else items["risk"][:, 1]
    found = LatentModels({}, [], {})
    _fit_items(study, items, "0.80", "", found)
    assert not found.fits
    assert set(found.unfit) == {model.name for model in found.models} != set()
    assert set(found.unfit.values()) == {SINGULAR}


def test_a_recorded_solution_reads_back_to_the_last_bit(study, models, fits):
    # Two effects between the same two variables, and a variance below 0: none has a solution.
    without = {"circle": "customer ~ risk; risk ~ customer", "none": "customer ~~ -1*customer"}
    without["none"] += "\nrisk ~ customer"
    more = [StudyModel(name, syntax, "alternative") for name, syntax in without.items()]
    fitted = fits | {
        name: fit(syntax, study.correlation_matrix, study.n, study.names)
        for name, syntax in without.items()
    }
    text = json.dumps(solution_records(fitted, [*models, *more]), allow_nan=False)
    again = read_solutions(json.loads(text))
    assert list(again) == list(fitted)
    for name, solution in fitted.items():
        assert again[name].coded_problems == solution.coded_problems
        assert (again[name].n, again[name].converged) == (solution.n, solution.converged)
        np.testing.assert_array_equal(again[name].x, solution.x)
        np.testing.assert_array_equal(again[name].sample, solution.sample)
        np.testing.assert_array_equal(again[name].discrepancy, solution.discrepancy)
        assert repr(again[name].estimates) == repr(solution.estimates)
    assert repr(again["full"].measures) == repr(fitted["full"].measures)


def test_wrong_alternatives_stop_with_every_problem(paper):
    class Declared:
        description = "paper.yaml"
        own = paper.study.model_copy(
            update={
                "alternatives": {
                    "full": paper.study.alternatives["full_mediation"],
                    "../out": paper.study.alternatives["full_mediation"],
                    "typo": paper.study.alternatives["full_mediation"].model_copy(
                        update={"model": "risk ~ ~ customer"}
                    ),
                }
            }
        )
        studies = {"magni2022": own}

    with pytest.raises(PaperError) as caught:
        check_alternatives([Declared])
    told = str(caught.value)
    assert "3 problems" in told
    assert "there is a model 'full' already" in told
    assert "'../out'" in told
    assert "line 1, column 8" in told
    check_alternatives([paper])
