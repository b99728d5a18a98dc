"""Verdicts on hypotheses, and the figures that show them."""

import pandas as pd
import pytest
from regression_examples import CONSTRUCTS, N, magni_model, table_4_matrix

from retrace.regression.confounding import confounding_table
from retrace.regression.decisions import (
    NOT_SUPPORTED,
    SUPPORTED,
    UNDETERMINED,
    Hypothesis,
)
from retrace.regression.figures import (
    company_figure,
    power_curves,
    specification_curve,
    verdict_matrix,
)
from retrace.regression.matrix import critical_t
from retrace.regression.specifications import from_correlations, specification_table
from retrace.regression.suppression import suppression_table
from retrace.regression.verdicts import (
    VERDICT_COLUMNS,
    confounder_rows,
    family_rows,
    printed_rows,
    recomputed_rows,
    replication_rows,
    reported_rows,
    verdict_table,
)

HYPOTHESES = [
    Hypothesis(f"H{i}", term, "full", -1 if term == "risk" else 1, SUPPORTED)
    for i, term in enumerate(CONSTRUCTS[:4], start=1)
]
MODELS = {"full": magni_model()}


@pytest.fixture(scope="module")
def specifications():
    rows = [row for h in HYPOTHESES for row in from_correlations(MODELS["full"], h, 0.05)]
    return specification_table(rows)


def decisions(rows):
    return {(row[0], row[1]): row[4] for row in rows}


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


def test_a_model_without_printed_tests_is_not_checkable():
    from retrace.regression.printed_model import printed_model

    bare = printed_model("full", "readiness", CONSTRUCTS[:4], N, _cells())
    rows = printed_rows({"full": bare}, HYPOTHESES, (0.05,))
    assert {row[4] for row in rows} == {"not checkable"}


def _cells():
    from regression_examples import table_4

    return table_4()


def test_a_family_whose_specifications_disagree_is_undetermined(specifications):
    found = decisions(family_rows(specifications, HYPOTHESES))
    assert found["H1", "predictors"] == UNDETERMINED
    assert found["H1", "reliability, common"] == SUPPORTED
    assert found["H2", "method variance"] == NOT_SUPPORTED


def test_replication_decides_by_the_share_of_new_samples():
    shares = {"H1": 0.85, "H2": 0.5, "H3": 0.1, "H4": 0.8}
    frame = pd.DataFrame(
        [("normal", 0.05, name, share, 0.002, 60000) for name, share in shares.items()],
        columns=["population", "alpha", "hypothesis", "probability", "mc_error", "draws"],
    )
    rows = replication_rows(frame, HYPOTHESES, 0.05)
    assert [row[4] for row in rows] == [SUPPORTED, UNDETERMINED, NOT_SUPPORTED, SUPPORTED]
    assert [row[2] for row in rows] == list(shares.values())


def test_the_table_of_verdicts_has_the_columns_of_the_contract(specifications):
    rows = reported_rows(HYPOTHESES) + recomputed_rows(MODELS, HYPOTHESES, (0.05,))
    confounding = confounding_table(table_4_matrix(), N, CONSTRUCTS[:4], HYPOTHESES, 0.05)
    rows += confounder_rows(confounding)
    table = verdict_table(rows)
    assert list(table.columns) == list(VERDICT_COLUMNS)
    assert list(VERDICT_COLUMNS) == ["hypothesis", "analysis", "estimate", "p", "decision"]
    assert table.hypothesis.tolist() == sorted(table.hypothesis)
    assert table.analysis.tolist()[:3] == [
        "paper's conclusion",
        "recomputed, 5 %",
        "confounder like the strongest predictor",
    ]


def texts(figure):
    import io

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
    figure = verdict_matrix(table, "title")
    shown = texts(figure)
    assert {"H1", "H2", "H3", "H4", "recomputed, 5 %", "recomputed, 10 %"} <= set(shown)
    assert len(figure.axes[0].patches) == 4 * 3
    # Marks tell decisions apart without colour.
    fills = [line.get_fillstyle() for line in figure.axes[0].lines]
    assert fills.count("none") == 1  # H2 at 5 %
    assert fills.count("left") == 1  # H3 at 5 %


def test_the_specification_curve_says_what_share_supports(specifications):
    shown = texts(specification_curve(specifications, "title"))
    own = specifications[specifications.hypothesis == "H1"]
    share = (own.decision == SUPPORTED).mean()
    assert f"H1: {100 * share:.0f} % of {len(own)} support" in shown
    assert "reliability, each" in shown


def test_the_company_figure_separates_regressions_with_and_without_the_partner(specifications):
    suppression = suppression_table(table_4_matrix(), N, CONSTRUCTS[:4], HYPOTHESES, 0.05)
    critical = {h.name: h.sign * float(critical_t(0.05, 295)) for h in HYPOTHESES}
    figure = company_figure(specifications, suppression, critical, "title")
    shown = texts(figure)
    assert "H1 customer\nfilled: with risk, mutual" in shown
    assert "H4 risk\nfilled: with customer, mutual" in shown
    held, left_out = figure.axes[0].lines[0], figure.axes[0].lines[1]
    assert len(held.get_xdata()) == len(left_out.get_xdata()) == 4
    assert min(held.get_xdata()) > critical["H1"] > max(left_out.get_xdata())


def test_power_curves_mark_the_papers_sample_size():
    frame = pd.DataFrame(
        [(n, 0.05, name, n / 2000, 0.01) for n in (100, 300, 1600) for name in ("H1", "all")],
        columns=["n", "alpha", "hypothesis", "power", "mc_error"],
    )
    figure = power_curves(frame, 300, 0.05, (0.8, 0.9), "title")
    assert "n = 300" in [text.get_text() for text in figure.axes[0].texts]
    assert [line.get_label() for line in figure.axes[0].lines[:2]] == ["H1", "all hypotheses"]
