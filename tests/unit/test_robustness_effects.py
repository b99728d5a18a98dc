"""Effects of several coefficients: statsmodels' tests on raw data, and algebra, beside ours."""

import math
from pathlib import Path

import numpy as np
import pytest
from mediation_papers import survey, write_paper

from retrace.checks.effects import CHECK as EFFECTS
from retrace.checks.regression.from_study import hypotheses_of, models_of
from retrace.checks.regression.printed_model import Sample, printed_model
from retrace.checks.shared.effects import aroian, goodman, sobel
from retrace.checks.shared.record import Record
from retrace.decisions import (
    NOT_ATTAINABLE,
    NOT_SUPPORTED,
    PARTLY,
    SUPPORTED,
    UNDETERMINED,
    EffectHypothesis,
    decide_limits,
)
from retrace.papers.check_study import read_study
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import WRONG
from retrace.robustness.effect_tests import Effects, NoEffectError
from retrace.robustness.effect_verdicts import compound_rows, decide_row, effect_rows

SAID = {"direction": "positive", "reported": "supported"}
STATED = {
    "difference": {"difference": ["m", "x"], "model": "Y", **SAID},
    "slope": {"term": "x", "model": "V", "at": {"w": 1.1}, **SAID},
    "indirect": {"indirect": ["x", "m", "y"], "models": ["M", "Y"], **SAID},
    "total": {"total": ["x", "y"], "models": ["M", "Y"], **SAID},
}


def effects_of_paper(tmp_path, found, decimals, stated=None):
    folder = write_paper(tmp_path / f"d{decimals}", found, decimals, hypotheses=stated or STATED)
    study = read_study(folder)
    return Effects(models_of(study)), {h.name: h for h in hypotheses_of(study)}, study


def true_statistics(found):
    """t of linear effects by statsmodels; z of the indirect one by Sobel's formula."""
    fits = found.fits
    a, b = fits["M"].params["x"], fits["Y"].params["m"]
    sa, sb = fits["M"].bse["x"], fits["Y"].bse["m"]
    return {
        "difference": float(fits["Y"].t_test("m - x = 0").tvalue.item()),
        "slope": float(fits["V"].t_test("x + 1.1 * xw = 0").tvalue.item()),
        "indirect": a * b / math.sqrt(a**2 * sb**2 + b**2 * sa**2),
    }


def test_tests_of_products_by_their_formulas():
    # Sobel 1982, Aroian 1947, Goodman 1960, as Preacher and Hayes (2004, p. 718) give them.
    a, sa, b, sb = 0.5, 0.1, 0.3, 0.12
    t = [a / sa, b / sb]
    plain = a**2 * sb**2 + b**2 * sa**2
    assert sobel(t) == pytest.approx(a * b / math.sqrt(plain))
    assert aroian(t) == pytest.approx(a * b / math.sqrt(plain + sa**2 * sb**2))
    assert goodman(t) == pytest.approx(a * b / math.sqrt(plain - sa**2 * sb**2))
    assert aroian(t) < sobel(t) < goodman(t) < min(t)
    assert sobel([3.0]) == pytest.approx(3.0)
    assert aroian([3.0]) == pytest.approx(3.0)
    assert math.isnan(goodman([0.5, 0.5]))
    assert sobel([0.0, 2.0]) == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_at_many_decimals_effects_are_those_of_statsmodels(tmp_path, seed):
    found = survey(seed, 150)
    effects, hypotheses, _ = effects_of_paper(tmp_path, found, 6)
    for name, true in true_statistics(found).items():
        for test in (effects.printed, effects.recomputed):
            tested = test(hypotheses[name])
            assert tested.effect.statistic.value == pytest.approx(true, rel=1e-4)
    # With the same covariates everywhere, the total effect is the coefficient without mediator.
    total = effects.printed(hypotheses["total"]).effect
    assert total.estimate.value == pytest.approx(found.fits["C"].params["x"], abs=1e-5)
    assert math.isinf(effects.printed(hypotheses["total"]).df)
    assert effects.printed(hypotheses["difference"]).df == 150 - 4


def test_ranges_hold_what_raw_data_give(tmp_path):
    """Over decimals and samples, the truth lies in every range, and ranges are of use."""
    widths = {}
    for seed in range(12):
        found = survey(seed, 40 + 30 * seed, a=0.3, b=0.2)
        for decimals in (1, 2, 3):
            effects, hypotheses, _ = effects_of_paper(tmp_path / str(seed), found, decimals)
            for name, true in true_statistics(found).items():
                for test in (effects.printed, effects.recomputed):
                    low, high = test(hypotheses[name]).effect.statistic[1:]
                    assert low - 1e-9 <= true <= high + 1e-9, (seed, decimals, name, test)
                    widths.setdefault((name, test.__name__, decimals), []).append(high - low)
    for name in ("difference", "slope"):
        for by in ("printed", "recomputed"):
            assert np.median(widths[name, by, 3]) < 0.5
    # Tests of a product differ at any number of decimals.
    assert np.median(widths["indirect", "printed", 3]) < 1


def test_p_alone_says_something_of_a_product_and_of_a_difference(tmp_path):
    found = survey(5, 200)
    _, hypotheses, study = effects_of_paper(tmp_path, found, 4)
    bare = study.model_copy(
        update={
            "models": {
                name: model.model_copy(
                    update={
                        "reported": {
                            term: {kind: row[kind] for kind in ("b", "p")}
                            for term, row in model.reported.items()
                        }
                    }
                )
                for name, model in study.models.items()
            }
        }
    )
    for name, true in true_statistics(found).items():
        low, high = Effects(models_of(bare)).printed(hypotheses[name]).effect.statistic[1:]
        assert low <= true <= high


def test_what_is_not_printed_is_told(tmp_path):
    found = survey(6, 80)
    effects, hypotheses, study = effects_of_paper(tmp_path, found, 3)
    models = {n: m.model_copy(update={"reported": {}}) for n, m in study.models.items()}
    bare = Effects(models_of(study.model_copy(update={"models": models})))
    for name, words in (
        ("indirect", "sign and t, error or p"),
        ("difference", "beta with its error, t or p"),
        ("slope", "b with its error, t or p"),
    ):
        with pytest.raises(NoEffectError, match=f"not printed of . in .: {words}"):
            bare.printed(hypotheses[name])
    one_less = [row for row in study.correlations if set(row[:2]) != {"y", "m"}]
    bare = Effects(models_of(study.model_copy(update={"correlations": one_less})))
    with pytest.raises(NoEffectError, match=r"model Y: not printed: .*correlation of y and m"):
        bare.recomputed(hypotheses["difference"])
    # With no correlation of the estimates the printed difference still has a range, a wider one.
    wide = bare.printed(hypotheses["difference"]).effect.statistic
    own = effects.printed(hypotheses["difference"]).effect.statistic
    assert wide.low < own.low <= own.high < wide.high
    how = bare.printed(hypotheses["difference"]).effect.how
    assert how == "delta method, with any correlation of the estimates of x and m"
    bare = study.model_copy(
        update={
            "constructs": {
                name: each.model_copy(update={"sd": None})
                for name, each in study.constructs.items()
            }
        }
    )
    with pytest.raises(NoEffectError, match="standard deviations of x or its outcome"):
        Effects(models_of(bare)).recomputed(hypotheses["slope"])


def decisions(rows):
    return {(row.hypothesis, row.analysis): row.decision for row in rows}


def test_rows_of_effects_decide_and_what_cannot_says_why(tmp_path):
    found = survey(7, 400, a=0.6, b=0.5)
    turned = {name: {**each, "direction": "negative"} for name, each in STATED.items()}
    stated = {**STATED, **{f"not {name}": each for name, each in turned.items()}}
    _, hypotheses, study = effects_of_paper(tmp_path, found, 3, stated)
    rows = effect_rows(models_of(study), list(hypotheses.values()), (0.05, 0.01))
    by = decisions(rows)
    for name in ("indirect", "total", "slope"):
        for analysis in ("printed, 5 %", "recomputed, 5 %"):
            assert by[name, analysis] == SUPPORTED
            assert by[f"not {name}", analysis] == NOT_SUPPORTED
    rest = [row for row in rows if not row.analysis.startswith(("printed", "recomputed"))]
    assert {row.decision for row in rest} == {NOT_ATTAINABLE}
    assert all(row.because.startswith("of single terms, and the hypothesis is") for row in rest)
    assert {row.analysis for row in rest} == {"confounder like the strongest predictor"}


def test_where_tests_of_a_product_differ_nothing_is_determined(tmp_path):
    """t of 2.30 and 2.40: joint significance at 5 %, and neither Sobel nor Aroian."""
    found = survey(8, 100)
    _, hypotheses, study = effects_of_paper(tmp_path, found, 3)

    def with_t(name, term, t):
        reported = {**study.models[name].reported, term: {"t": Printed.parse(t)}}
        return study.models[name].model_copy(update={"reported": reported})

    models = study.models | {"M": with_t("M", "x", "2.30"), "Y": with_t("Y", "m", "2.40")}
    changed = study.model_copy(update={"models": models})
    [row] = effect_rows(models_of(changed), [hypotheses["indirect"]], (0.05,))[:1]
    assert row.decision == UNDETERMINED
    assert "Sobel z 1.66" in row.because
    assert row.p == pytest.approx(0.0969, abs=2e-3)  # 2 (1 - Phi(1.6605))


def test_a_hypothesis_of_several_parts_is_decided_by_all_of_them():
    from retrace.papers.study import CompoundHypothesis
    from retrace.robustness.verdict import Verdict

    def rows(*words):
        return [
            Verdict(f"H1 ({k + 1})", "predictors", 0.1, 0.01, word) for k, word in enumerate(words)
        ]

    whole = {"H1": CompoundHypothesis(parts=["H1 (1)", "H1 (2)"], reported=PARTLY)}
    for words, decision in (
        ((SUPPORTED, SUPPORTED), SUPPORTED),
        ((SUPPORTED, NOT_SUPPORTED), PARTLY),
        ((NOT_SUPPORTED, NOT_SUPPORTED), NOT_SUPPORTED),
        ((SUPPORTED, UNDETERMINED), UNDETERMINED),
        ((UNDETERMINED, NOT_ATTAINABLE), NOT_ATTAINABLE),
    ):
        assert [row.decision for row in compound_rows(whole, rows(*words))] == [decision]
    assert compound_rows(whole, rows(SUPPORTED)) == []


def test_structural_models_decide_their_paths_and_no_other_effects(tmp_path):
    """A path, a label and a defined effect; least squares and the path model agree on estimates."""
    from retrace.robustness.structural_decisions import decision_rows
    from retrace.robustness.structural_models import study_models
    from retrace.robustness.structural_tables import fit_study

    found = survey(9, 300)
    sem = {"sem": {"model": "m ~ a*x + z\ny ~ b*m + x + z\nab := a*b"}}
    named = {"path": "y ~ m", "label": "a", "defined": "ab", "other": "y~x"}
    stated = {
        **{name: {"path": path, **SAID} for name, path in named.items()},
        "indirect": STATED["indirect"],
    }
    folder = write_paper(tmp_path / "p", found, 6, hypotheses=stated, alternatives=sem)
    study = read_study(folder)
    models = study_models(study)
    rows = decision_rows(study, fit_study(study, models), models, 0.05, {})
    by = {(row.hypothesis, row.analysis.removeprefix("sem: ")): row for row in rows}
    sds = found.data.std()
    a = found.fits["M"].params["x"] * sds.x / sds.m
    b = found.fits["Y"].params["m"] * sds.m / sds.y
    for name, true in (("path", b), ("label", a), ("defined", a * b)):
        assert by[name, "sem"].estimate == pytest.approx(true, rel=1e-4)
        assert by[name, "sem"].decision == SUPPORTED
    assert {row.decision for (_, model), row in by.items() if model != "sem"} == {NOT_ATTAINABLE}
    assert "of single terms" in by["indirect", "V"].problem
    assert ("indirect", "sem") not in by


def test_every_stage_has_rows_for_effects_and_parts(tmp_path):
    """A study of effects alone passes the stages, and verdicts have every part and the whole."""
    import pandas as pd

    from retrace.power.plans import Settings, left_out, plan_if_any
    from retrace.robustness.measurement_error import reliability_rows
    from retrace.robustness.tables import analyse
    from retrace.robustness.verdicts import Analyses, decide_all

    parts = [{"term": "x", "model": "M"}, {"difference": ["m", "x"], "model": "Y"}]
    whole = {"parts": parts, **SAID}
    _, hypotheses, study = effects_of_paper(tmp_path, survey(10, 90), 2, {**STATED, "H9": whole})
    aside = left_out(study)
    assert set(aside) == {"slope", "total"}
    assert "samples are of terms, differences, products" in aside["total"]
    empty = pd.DataFrame(columns=study.names, dtype=float)
    for stated in (list(hypotheses.values()), [h for n, h in hypotheses.items() if n in STATED]):
        found = analyse(models_of(study), stated, empty, empty, 0.05, np.random.default_rng(1))
        assert set(found.specifications.hypothesis) == {h.name for h in stated}
        nothing = pd.DataFrame(
            columns=["hypothesis", "family", "decision", "estimate", "p", "assumed", "problem"]
        )
        replication = pd.DataFrame(columns=["hypothesis", "population", "level", "probability"])
        ensemble = pd.DataFrame(
            columns=["hypothesis", "analysis", "median_estimate", "median_p", "decision", "missed"]
        )
        own = (found.specifications, ensemble, found.confounding, replication, nothing, nothing)
        compounds = study.compounds if len(stated) > 4 else {}
        table = decide_all(models_of(study), stated, (0.05,), 0.05, Analyses(*own), compounds)
        assert set(table.hypothesis) == {h.name for h in stated} | set(compounds)
        per = table.groupby("hypothesis").analysis.agg(set)
        assert all(analyses == per["total"] for analyses in per)
        idle = table[(table.decision == NOT_ATTAINABLE) & table.hypothesis.isin(STATED)]
        assert (idle.because != "").all()
    only = study.model_copy(update={"hypotheses": {n: study.hypotheses[n] for n in STATED}})
    planned = plan_if_any(only, Settings(0.05, 0.02, 1))
    assert planned.names == ("difference", "indirect")
    rest = study.model_copy(update={"hypotheses": {n: study.hypotheses[n] for n in aside}})
    assert plan_if_any(rest, Settings(0.05, 0.02, 1)) is None
    grid, summary = reliability_rows(only, 0.05, 0.6, 5, np.random.default_rng(2))
    assert grid == []
    assert {row.hypothesis for row in summary} == set(STATED)


def test_data_and_new_samples_decide_effects(tmp_path):
    """Least squares on the survey has the t of statsmodels; samples support a strong effect."""
    import pandas as pd

    from retrace.power.plans import left_out, plan_of
    from retrace.power.simulation import NORMAL, simulate_block
    from retrace.power.tables import Replication, replication_rows
    from retrace.robustness.specifications import ERRORS
    from retrace.robustness.tables import analyse
    from retrace.robustness.verdicts import Analyses, decide_all

    found = survey(7, 400, a=0.6, b=0.5)
    _, hypotheses, study = effects_of_paper(tmp_path, found, 3)
    stated, data = list(hypotheses.values()), found.data[study.names]
    stream = np.random.default_rng(1)
    specifications = analyse(models_of(study), stated, data, data, 0.05, stream).specifications
    errors = specifications[specifications.family == ERRORS].set_index("hypothesis")
    for name, true in true_statistics(found).items():
        own = errors.loc[name]
        usual = own[own.specification == "ordinary least squares, continuous data"].iloc[0]
        if name != "difference":  # which is of standardised coefficients
            assert usual.estimate / usual.se == pytest.approx(true, rel=1e-6)
        assert usual.decision == SUPPORTED
    assert set(left_out(study)) == {"slope", "total"}
    planned = plan_of(study, 0.05, 0.02)
    block = simulate_block(planned, (NORMAL, study.n, 0), np.random.default_rng(2))
    shares = pd.DataFrame(replication_rows(planned, [block]), columns=Replication._fields)
    nothing = pd.DataFrame(
        columns=["hypothesis", "family", "decision", "estimate", "p", "assumed", "problem"]
    )
    ensemble = pd.DataFrame(
        columns=["hypothesis", "analysis", "median_estimate", "median_p", "decision", "missed"]
    )
    own = (specifications, ensemble, nothing.assign(strength=0.0), shares, nothing, nothing)
    table = decide_all(models_of(study), stated, (0.05,), 0.05, Analyses(*own))
    by = table.set_index(["hypothesis", "analysis"])
    for name in STATED:
        assert by.loc[(name, ERRORS), "decision"] == SUPPORTED
    sample = "new sample of the same size"
    assert by.loc[("indirect", sample), "decision"] == SUPPORTED
    assert by.loc[("total", sample), "decision"] == NOT_ATTAINABLE
    assert by.loc[("total", sample), "because"].startswith("no new samples are drawn of")


def test_an_effect_that_only_a_table_of_effects_has_is_decided_by_it():
    """Table 3 of a student's report: intervals of 95 % leave 0 out, and the text says supported."""
    study = read_study(Path(__file__).parents[1] / "studies/workaholism2020")
    effects = [h for h in hypotheses_of(study) if h.name in ("H4", "H5")]
    rows = {
        (row.hypothesis, row.analysis): row
        for row in effect_rows(models_of(study), effects, (0.05, 0.01))
    }
    for name in ("H4", "H5"):
        assert rows[name, "printed, 5 %"].decision == SUPPORTED
        # Limits of 95 % say nothing of 1 %.
        assert rows[name, "printed, 1 %"].decision == NOT_ATTAINABLE
        assert rows[name, "recomputed, 5 %"].because.startswith("no printed regressions have")
    assert rows["H4", "printed, 5 %"].estimate == 0.35
    wrong = [row for row in EFFECTS.judge(Record("w", study)) if row.verdict in WRONG]
    assert wrong == []


@pytest.mark.parametrize(
    ("sign", "low", "high", "decision"),
    [
        (1, ".02", ".30", SUPPORTED),
        (1, ".00", ".30", UNDETERMINED),
        (1, "-.02", ".30", NOT_SUPPORTED),
        (-1, "-.30", "-.02", SUPPORTED),
        (-1, ".02", ".30", NOT_SUPPORTED),
        (1, "-.30", "-.02", NOT_SUPPORTED),
        (-1, "-.30", ".00", UNDETERMINED),
    ],
)
def test_limits_decide_by_the_side_of_zero(sign, low, high, decision):
    assert decide_limits(sign, Printed.parse(low), Printed.parse(high)) == decision


def test_a_printed_row_decides_by_p_then_limits_then_its_test():
    cells = {"estimate": ".12", "se": ".05", "p": ".03", "ci_low": "-.01", "ci_high": ".20"}
    row = {name: Printed.parse(cell) for name, cell in cells.items()}
    h = EffectHypothesis("H1", "indirect effect", "x on y", (), 1, SUPPORTED, row=row)
    assert decide_row(h, 0.05)[2] == SUPPORTED
    del row["p"]
    assert decide_row(h, 0.05)[2] == NOT_SUPPORTED
    # Limits of another level are passed over: 0.12 / 0.05 is 2.4, from 2.1 to 2.8 by rounding.
    assert decide_row(h, 0.10)[2] == SUPPORTED
    assert decide_row(h, 0.01)[2] == UNDETERMINED
    assert decide_row(h, 0.001)[2] == NOT_SUPPORTED
    del row["se"]
    assert decide_row(h, 0.01) is None


def test_other_assumptions_change_nothing_of_what_correlations_decide_on_an_effect():
    from extreme_studies import extreme_study

    from retrace.assumptions.decide_again import decide_without_responses
    from retrace.papers.study import EffectHypothesis as StatedEffect
    from retrace.papers.study import Product

    study = extreme_study([".30", ".60 .20"], 200)
    products = [
        Product(factor=1, coefficients=[("full", "a")]),
        Product(factor=-1, coefficients=[("full", "b")]),
    ]
    effect = StatedEffect(kind="difference", about="a less b in full", products=products, **SAID)
    study = study.model_copy(update={"hypotheses": {"H1": effect}})
    counts = np.ones((3, 200))
    streams = (np.random.default_rng(1), np.random.default_rng(2))
    found = decide_without_responses(study, 0.05, (0.1,), counts, *streams)
    by = {each.family: each.decision for each in found}
    # beta = (.60 - .30 x .20, .20 - .30 x .60) / (1 - .09) = (.593, .022); their t is far above 2.
    assert by["recomputed, 5 %"] == SUPPORTED
    assert by["printed, 5 %"] == by["predictors"] == NOT_ATTAINABLE


def test_the_correlation_of_two_estimates_is_that_of_least_squares():
    """(X'X)^-1 by statsmodels, over decimals; and of many pairs only so many are looked for."""
    from itertools import combinations

    from retrace.checks.shared import coefficients
    from retrace.checks.shared.coefficients import ANY_CORRELATION, Correlations

    for seed in range(5):
        found = survey(seed, 100)
        covariance = found.fits["Y"].cov_params()
        for decimals in (1, 2, 3):
            R = found.data[["x", "m", "z", "y"]].corr()
            cells = {(a, b): f"{R.loc[a, b]:.{decimals}f}" for a, b in combinations(R, 2)}
            model = printed_model("Y", "y", ["x", "m", "z"], Sample(100, cells))
            own = Correlations({"Y": model})
            for a, b in combinations(["x", "m", "z"], 2):
                true = covariance.loc[a, b] / math.sqrt(covariance.loc[a, a] * covariance.loc[b, b])
                value, low, high = own.of("Y", a, b)
                assert low - 1e-9 <= true <= high + 1e-9
                assert low <= value <= high
                assert high - low < 4 * 10.0**-decimals
    own.found = dict.fromkeys(map(str, range(coefficients.MOST_PAIRS)))
    assert own.of("Y", "x", "m") == ANY_CORRELATION
