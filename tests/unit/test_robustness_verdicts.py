"""Verdicts on hypotheses, and the figures that show them."""

import io
from dataclasses import replace

import pandas as pd
import pytest
from regression_examples import CONSTRUCTS, N, magni_model, printed_model, table_4_matrix

from retrace.checks.regression.intervals import Recomputed
from retrace.decisions import NOT_ATTAINABLE, NOT_SUPPORTED, SUPPORTED, UNDETERMINED, Hypothesis
from retrace.estimators.least_squares import critical_t
from retrace.power.tables import Power, Replication
from retrace.printed.numbers import Printed
from retrace.reporting.regression_figures import (
    COLOURS,
    company_figure,
    power_curves,
    specification_curve,
    verdict_matrix,
)
from retrace.robustness import verdicts as verdicts_module
from retrace.robustness.confounding import confounding_table
from retrace.robustness.specifications import (
    CONTINUOUS,
    LIKERT,
    NO_SPECIFICATION,
    OnData,
    SpecificationResult,
    from_correlations,
    robustness_table,
    specification_table,
)
from retrace.robustness.structural_decisions import StructuralDecision
from retrace.robustness.suppression import suppression_table
from retrace.robustness.verdicts import (
    Verdict,
    assumptions_of,
    confounder_rows,
    family_rows,
    left_out_of,
    over_ensemble,
    printed_rows,
    recomputed_rows,
    replication_rows,
    reported_rows,
    verdict_table,
    what_ensemble_misses,
)
from retrace.synthetic.ensemble_summary import EnsembleDecision

HYPOTHESES = [
    Hypothesis(f"H{i}", term, "full", -1 if term == "risk" else 1, SUPPORTED)
    for i, term in enumerate(CONSTRUCTS[:4], start=1)
]
MODELS = {"full": magni_model()}


@pytest.fixture(scope="module")
def specifications():
    rows = [row for h in HYPOTHESES for row in from_correlations(MODELS["full"], h, 0.05)]
    return specification_table(rows, HYPOTHESES)


def decisions(rows):
    return {(row.hypothesis, row.analysis): row.decision for row in rows}


def test_whether_h3_is_significant_is_undetermined_by_the_printed_tables():
    # p printed 0.050 covers 0.0495 to 0.0505; t from Table 4 lies in [1.942, 1.973], the critical
    # value t(295) = 1.968.
    printed = decisions(printed_rows(MODELS, HYPOTHESES, (0.05, 0.10)))
    recomputed = decisions(recomputed_rows(MODELS, HYPOTHESES, (0.05, 0.10)))
    expected = {"H1": SUPPORTED, "H2": NOT_SUPPORTED, "H3": UNDETERMINED, "H4": SUPPORTED}
    for name, decision in expected.items():
        assert printed[name, "printed, 5 %"] == decision
        assert recomputed[name, "recomputed, 5 %"] == decision
        assert printed[name, "printed, 10 %"] == SUPPORTED
        assert recomputed[name, "recomputed, 10 %"] == SUPPORTED


def test_what_is_attained_but_not_proven_is_undetermined(monkeypatch):
    # Every t that was attained is above the critical 1.968; that no other is, was not proven.
    unclosed = Recomputed(2.5, (2.4, 2.6), (1.9, 3.0))
    found = {("customer", name): unclosed for name in ("t", "beta", "p")}
    monkeypatch.setattr("retrace.robustness.verdicts.recompute", lambda _: found)
    rows = decisions(recomputed_rows(MODELS, HYPOTHESES[:1], (0.05, 0.10)))
    assert rows["H1", "recomputed, 5 %"] == UNDETERMINED
    assert rows["H1", "recomputed, 10 %"] == SUPPORTED


def test_a_model_without_printed_tests_is_not_checkable():
    bare = printed_model("full", "readiness", CONSTRUCTS[:4], N, _cells())
    rows = printed_rows({"full": bare}, HYPOTHESES, (0.05,))
    assert {row.decision for row in rows} == {NOT_ATTAINABLE}


def _cells():
    from regression_examples import table_4

    return table_4()


def test_a_family_whose_specifications_disagree_is_undetermined(specifications):
    found = decisions(family_rows(specifications, HYPOTHESES))
    assert found["H1", "predictors"] == UNDETERMINED
    assert found["H1", "reliability, common"] == SUPPORTED
    assert found["H2", "method variance"] == NOT_SUPPORTED


def test_what_is_not_attainable_decides_nothing():
    def row(specification, p, decision):
        estimate = -0.4 if p > 0 else p  # NaN is not above 0
        own = ("H4", "method variance", specification)
        return SpecificationResult(*own, estimate, 0.1, p, decision, 294, "")

    some = [row("a", 0.01, SUPPORTED), row("b", float("nan"), NOT_ATTAINABLE)]
    for rows, decision in ((some, SUPPORTED), (some[1:], NOT_ATTAINABLE)):
        assert [r[4] for r in family_rows(specification_table(rows, HYPOTHESES), HYPOTHESES)] == [
            decision
        ]
    alone = Hypothesis("H1", "x", "m", 1, SUPPORTED)
    confounding = confounding_table([[1, 0.3], [0.3, 1]], 100, ["x"], [alone], 0.05)
    assert [row[4] for row in confounder_rows(confounding)] == [NOT_ATTAINABLE]


ESTIMATORS = "errors and estimators"


def errors_row(specification, estimate, p, decision):
    own = ("H1", ESTIMATORS, specification)
    return SpecificationResult(*own, estimate, 0.06, p, decision, 295, "")


def ensemble_row(analysis, estimate, p, decision, data_sets=200, supported=0):
    return ("H1", analysis, data_sets, supported, estimate, p / 2, p, 2 * p, decision, 0, 0)


@pytest.mark.parametrize(
    ("continuous", "ensemble", "expected"),
    [
        (SUPPORTED, (SUPPORTED, SUPPORTED), SUPPORTED),
        (NOT_SUPPORTED, (NOT_SUPPORTED, NOT_ATTAINABLE), NOT_SUPPORTED),
        # Data sets disagree, be it under one estimator; estimators do; continuous data do.
        (SUPPORTED, (SUPPORTED, UNDETERMINED), UNDETERMINED),
        (SUPPORTED, (SUPPORTED, NOT_SUPPORTED), UNDETERMINED),
        (NOT_SUPPORTED, (SUPPORTED, SUPPORTED), UNDETERMINED),
    ],
)
def test_estimators_are_decided_by_the_ensemble_and_not_by_one_data_set(
    continuous, ensemble, expected
):
    specifications = specification_table(
        [
            errors_row("HC3 standard errors, continuous data", 0.1, 0.03, continuous),
            errors_row("HC3 standard errors, Likert data", 0.9, 0.9, NOT_SUPPORTED),
            errors_row("ordered logit, Likert data", 0.9, 0.0, SUPPORTED),
        ],
        HYPOTHESES,
    )
    decided = pd.DataFrame(
        [
            ensemble_row("HC3 standard errors", 0.2, 0.04, ensemble[0]),
            ensemble_row("ordered logit", 0.3, 0.05, ensemble[1]),
        ],
        columns=EnsembleDecision._fields,
    )
    rows = family_rows(over_ensemble(specifications, decided), HYPOTHESES)
    # Medians of .1, .2, .3 and of .03, .04, .05, of which what is not attainable is none; what one
    # data set says is out.
    medians = (0.15, 0.035) if NOT_ATTAINABLE in ensemble else (0.2, 0.04)
    assert rows == [Verdict("H1", ESTIMATORS, *map(pytest.approx, medians), expected)]
    assert assumptions_of([specifications], stand_in=False)[ESTIMATORS] == "synthetic data"


def test_the_words_of_an_estimator_on_data_say_which_and_on_what():
    """Names of estimators have commas of their own, and end as they like."""
    for estimator in ("robust regression, Huber weights", "of Likert data", "p"):
        for data in (CONTINUOUS, LIKERT):
            said = OnData(estimator, data)
            assert OnData.read(str(said)) == said
    assert OnData.read("ordered logit of Likert data").data != LIKERT
    assert OnData.read(NO_SPECIFICATION).data not in (CONTINUOUS, LIKERT)


@pytest.mark.parametrize(
    ("missed", "expected"),
    [
        ([], "synthetic data"),
        ([0, 0], "synthetic data"),
        ([9, 9], "synthetic data; data that miss up to 9 printed statistics"),
    ],
)
def test_verdicts_of_data_that_do_not_print_the_tables_say_so(missed, expected):
    specifications = specification_table(
        [errors_row("HC3 standard errors, Likert data", 0.9, 0.9, NOT_SUPPORTED)], HYPOTHESES
    )
    rows = [(*ensemble_row("Huber weights", 0.2, 0.04, SUPPORTED)[:-1], count) for count in missed]
    family = "latent model, synthetic items"
    latent = pd.DataFrame({"family": [family] * 2, "assumed": ["alpha 0.80"] * 2})
    near = what_ensemble_misses(pd.DataFrame(rows, columns=EnsembleDecision._fields), latent)
    found = assumptions_of([specifications, latent, near], stand_in=False)
    assert found[ESTIMATORS] == expected
    near = "; data that miss printed statistics" if 9 in missed else ""
    assert found[family] == f"alpha 0.80{near}"


def test_structural_models_that_differ_by_an_assumed_number_are_one_analysis():
    rows = [
        ("H1", "method factor", "sem: full_method_0.05", 0.2, 0.01, SUPPORTED, "method 5%", ""),
        (
            "H1",
            "method factor",
            "sem: full_method_0.20",
            0.1,
            0.30,
            NOT_SUPPORTED,
            "method 20%",
            "",
        ),
        ("H1", "alternative: other", "sem: other", 0.2, 0.01, SUPPORTED, "", ""),
    ]
    frame = pd.DataFrame(rows, columns=StructuralDecision._fields)
    found = family_rows(frame, HYPOTHESES, list(dict.fromkeys(frame.family)))
    assert [row[1] for row in found] == ["method factor", "alternative: other"]
    assert [row[4] for row in found] == [UNDETERMINED, SUPPORTED]
    assumed = assumptions_of([frame], stand_in=False)
    assert assumed["method factor"] == "method 5%; method 20%"
    assert "alternative: other" not in assumed


def test_an_improper_solution_turns_no_family_of_solutions_that_agree():
    shares = [round(0.05 * k, 2) for k in range(16)]
    family = [
        ("H1", "method factor", f"sem: full_method_{s}", 0.2 + s, 0.01, SUPPORTED, "", "")
        for s in shares[:-1]
    ]
    improper = ("H1", "method factor", "sem: improper", 9.0, float("nan"), NOT_ATTAINABLE, "", "x")
    for rows, decision in (
        ([*family, improper], SUPPORTED),
        ([improper], NOT_ATTAINABLE),
        ([*family[:-1], (*family[-1][:5], NOT_SUPPORTED, "", ""), improper], UNDETERMINED),
    ):
        found = family_rows(
            pd.DataFrame(rows, columns=StructuralDecision._fields), HYPOTHESES, ["method factor"]
        )
        assert [row[4] for row in found] == [decision]
    # It is counted, and of an analysis that is no family, itself.
    table = pd.DataFrame([*family, improper, improper], columns=StructuralDecision._fields)
    counted = verdict_table(
        [
            *family_rows(table, HYPOTHESES, ["method factor"]),
            Verdict("H1", "printed", 0, 0, SUPPORTED),
        ],
        left_out=left_out_of([table]),
    )
    assert counted.not_attainable.tolist() == [2, 0]
    # The estimate is the median of the proper ones.
    found = family_rows(
        pd.DataFrame([*family, improper], columns=StructuralDecision._fields),
        HYPOTHESES,
        ["method factor"],
    )
    assert found[0][2] == pytest.approx(0.2 + 0.35)


def test_latent_models_are_undetermined_where_responses_that_print_alike_disagree():
    family = "latent model, synthetic items"
    rows = [
        (name, family, "sem: full_alpha_0.80", 0.15, p, decision, "alpha 0.80", "", data)
        for name, data, p, decision in (
            ("H3", "likert", 0.04, SUPPORTED),
            ("H3", "draw 0", 0.06, NOT_SUPPORTED),
            ("H3", "draw 1", 0.03, SUPPORTED),
            ("H4", "likert", 0.01, SUPPORTED),
            ("H4", "draw 0", 0.02, SUPPORTED),
            ("H4", "draw 1", 0.03, SUPPORTED),
        )
    ]
    found = family_rows(
        pd.DataFrame(rows, columns=[*StructuralDecision._fields, "data"]), HYPOTHESES, [family]
    )
    assert {row[0]: (row[3], row[4]) for row in found} == {
        "H3": (0.04, UNDETERMINED),
        "H4": (0.02, SUPPORTED),
    }


def test_replication_decides_by_the_share_of_new_samples():
    shares = {"H1": 0.85, "H2": 0.5, "H3": 0.1, "H4": 0.8}
    frame = pd.DataFrame(
        [
            Replication("normal", 0.05, name, share, 0.002, 60000, 0.05)
            for name, share in shares.items()
        ],
        columns=list(Replication._fields),
    )
    rows = replication_rows(frame, HYPOTHESES, 0.05)
    assert [row[4] for row in rows] == [SUPPORTED, UNDETERMINED, NOT_SUPPORTED, SUPPORTED]
    assert [row[2] for row in rows] == list(shares.values())


def test_the_table_of_verdicts_has_the_columns_of_the_contract(specifications):
    rows = reported_rows(HYPOTHESES) + recomputed_rows(MODELS, HYPOTHESES, (0.05,))
    confounding = confounding_table(table_4_matrix(), N, CONSTRUCTS[:4], HYPOTHESES, 0.05)
    rows += confounder_rows(confounding)
    table = verdict_table(rows)
    assert tuple(table.columns) == (
        *("hypothesis", "analysis", "estimate", "p", "decision", "assumed", "not_attainable"),
        "because",
    )
    assert table.hypothesis.tolist() == sorted(table.hypothesis)
    # As the study lists them, not by the alphabet, which has H10 before H2.
    named = (("H2", "a"), ("H10", "b"), ("H2", "b"))
    many = [Verdict(*names, 0.0, 0.0, SUPPORTED) for names in named]
    assert verdict_table(many).hypothesis.tolist() == ["H2", "H2", "H10"]
    assert table.analysis.tolist()[:3] == [
        "paper's conclusion",
        "recomputed, 5 %",
        "confounder like the strongest predictor",
    ]


def texts(figure):
    stream = io.BytesIO()
    figure.savefig(stream, format="svg")
    found = [text.get_text() for axes in figure.axes for text in axes.get_yticklabels()]
    found += [text.get_text() for axes in figure.axes for text in axes.get_xticklabels()]
    found += [axes.get_title() for axes in figure.axes]
    return found


def test_the_matrix_shows_every_hypothesis_under_every_analysis():
    table = verdict_table(
        reported_rows(HYPOTHESES) + recomputed_rows(MODELS, HYPOTHESES, (0.05, 0.10))
    )
    figure = verdict_matrix(table, "title", (0.05, 0.10))
    shown = texts(figure)
    assert {"H1", "H2", "H3", "H4", "recomputed, 5 %", "recomputed, 10 %"} <= set(shown)
    assert len(figure.axes[0].patches) == 4 * 3
    # Marks tell decisions apart without colour.
    fills = [line.get_fillstyle() for line in figure.axes[0].lines]
    assert fills.count("none") == 1  # H2 at 5 %
    assert fills.count("left") == 1  # H3 at 5 %


def test_what_rests_on_assumptions_is_marked_in_the_table_and_the_figure(specifications):
    rows = recomputed_rows(MODELS, HYPOTHESES, (0.05,)) + family_rows(specifications, HYPOTHESES)
    printed = {"recomputed, 5 %", "predictors"}
    for stand_in in (False, True):
        table = verdict_table(rows, assumptions_of([specifications], stand_in))
        marked = set(table.analysis[table.assumed != ""])
        assert marked == set(table.analysis) - printed
        labels = [
            text.removesuffix(" †")
            for text in texts(verdict_matrix(table, "title", (0.05,)))
            if "†" in text
        ]
        assert set(labels) == marked
    models = {name: replace(model, name=name) for name, model in MODELS.items()}
    assert not any(model.has_stand_in for model in models.values())
    alone = specification_table(
        [SpecificationResult(*row) for row in specifications.itertuples(index=False)],
        HYPOTHESES,
        True,
    )
    # Every family but that of rounding needs one matrix.
    assert set(alone.family[~alone.assumed.str.contains("stand-in")]) == {"rounding"}


def test_the_matrix_of_one_hypothesis_holds_its_title_and_legend():
    rows = [
        Verdict("H1", "paper's conclusion", 0.1, 0.01, SUPPORTED),
        Verdict("H1", "errors and estimators", 0.1, 0.01, UNDETERMINED),
        Verdict("H1", "x", 0, 0, "not attainable"),
    ]
    title = "Hypotheses of a2020 by analyses,\nat 5 % where a row names no level"
    table = verdict_table(rows, {"errors and estimators": "synthetic data"})
    figure = verdict_matrix(table, title, ())
    figure.savefig(io.BytesIO(), format="svg")
    width = figure.bbox.width
    for artist in (figure._suptitle, figure.legends[0]):
        box = artist.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= width


def test_the_specification_curve_says_what_share_supports(specifications):
    figure = specification_curve(specifications, 0.05, "title")
    shown = texts(figure)
    row = robustness_table(specifications).set_index(["hypothesis", "family"]).loc["H1", "all"]
    share = f"{100 * row.share:.0f} % support, mean of families"
    counted = f"{row.supported:.0f} of {row.specifications:.0f} specifications"
    assert f"H1\n{share}\n{counted}" in shown
    assert "reliability, each †" in shown
    assert "predictors" in shown
    # One mark at the end for the marker correlation that leaves no matrix.
    assert [len(line.get_xdata()) for line in figure.axes[4].lines if line.get_marker() == "x"] == [
        1
    ]


def test_intervals_of_the_specification_curve_are_those_of_t():
    # One specification with 3 degrees of freedom: t = 3.182 at 5 % two-sided (Fisher and Yates).
    own = ("H1", "predictors", "alone")
    rows = [SpecificationResult(*own, 0.5, 0.1, 0.015, SUPPORTED, 3, "")]
    figure = specification_curve(specification_table(rows, HYPOTHESES), 0.05, "title")
    ((low, high),) = (
        segment[:, 1]
        for lines in figure.axes[0].collections
        for segment in lines.get_segments()
        if len(segment)
    )
    assert (low, high) == pytest.approx((0.5 - 0.3182, 0.5 + 0.3182), abs=1e-4)


def test_the_company_figure_separates_regressions_with_and_without_the_partner(specifications):
    suppression = suppression_table(table_4_matrix(), N, CONSTRUCTS[:4], HYPOTHESES, 0.05)
    signs = {h.name: h.sign for h in HYPOTHESES}
    figure = company_figure(specifications, suppression, signs, 0.05, "title")
    shown = texts(figure)
    assert "H1 customer\n● with, ○ without risk\neach needs the other" in shown
    assert "H4 risk\n● with, ○ without customer\neach needs the other" in shown
    drawn = {
        (line.get_color(), line.get_fillstyle()): line.get_xdata()
        for line in figure.axes[0].lines
        if line.get_marker() == "o" and len(line.get_xdata()) and abs(line.get_ydata()[0]) < 0.5
    }
    held = drawn[COLOURS[SUPPORTED], "full"]
    left_out = drawn[COLOURS[NOT_SUPPORTED], "none"]
    assert len(held) == len(left_out) == 4
    assert min(held) > critical_t(0.05, 295) > max(left_out)


def test_a_hypothesis_about_the_only_predictor_has_no_company():
    model = printed_model("m", "y", ["x"], 12, {("x", "y"): Printed.parse("0.62")})
    only = Hypothesis("H1", "x", "m", 1, SUPPORTED)
    table = specification_table(from_correlations(model, only, 0.05), [only])
    suppression = suppression_table(model.R, 12, ["x"], [only], 0.05)
    shown = texts(company_figure(table, suppression, {"H1": 1}, 0.05, "title"))
    assert "H1\none predictor" in shown


def test_power_curves_mark_the_papers_sample_size():
    frame = pd.DataFrame(
        [
            (n, 0.05, name, n / 2000, 0.01, "normal", 0.05)
            for n in (100, 300, 1600)
            for name in NAMES
        ]
        + [(300, 0.05, name, 0.2, 0.01, "likert", 0.05) for name in NAMES],
        columns=list(Power._fields),
    )
    axes = power_curves(frame, 300, 0.05, (0.8, 0.9), "title").axes[0]
    assert "n = 300" in [text.get_text() for text in axes.texts]
    labels = [line.get_label() for line in axes.lines if line.get_label()[0] != "_"]
    assert labels == ["H1", "all hypotheses", "on response scales"]
    # The curve is that of the normal population alone; scales have a mark of their own at n.
    curve = next(line for line in axes.lines if line.get_label() == "H1")
    assert curve.get_ydata().tolist() == [0.05, 0.15, 0.8]
    marks = [line.get_xydata().tolist() for line in axes.lines if line.get_marker() == "D"]
    assert marks == [[[300, 0.2]], [[300, 0.2]], []]


NAMES = ("H1", "all")


def test_a_confounder_takes_a_degree_of_freedom_of_its_p():
    row = {"hypothesis": "H1", "strength": 1.0, "t_adjusted": 2.0, "df": 4}
    table = pd.DataFrame([row | {"decision_adjusted": "not supported"}])
    (row,) = verdicts_module.confounder_rows(table)
    # Tables of t: two-sided p of 2.0 at 3 degrees of freedom is .1393, at 4 .1161.
    assert row.p == pytest.approx(0.1393, abs=5e-5)
    assert row.decision == "not supported"


def test_new_samples_are_those_of_a_normal_population_at_the_level():
    (h, *_) = HYPOTHESES
    table = pd.DataFrame(
        [
            ("likert", 0.05, h.name, 0.1),
            ("normal", 0.10, h.name, 0.5),
            ("normal", 0.05, h.name, 0.9),
        ],
        columns=["population", "level", "hypothesis", "probability"],
    )
    rows = verdicts_module.replication_rows(table, [h], 0.05)
    assert [(row[2], row[4]) for row in rows] == [(0.9, "supported")]


@pytest.mark.parametrize(("missed", "rows"), [(0, 0), (1, 1), (3, 1)])
def test_one_missed_statistic_is_said_already(missed, rows):
    ensemble = pd.DataFrame({"missed": [0, missed]})
    latent = pd.DataFrame({"family": []})
    assert len(verdicts_module.what_ensemble_misses(ensemble, latent)) == rows
