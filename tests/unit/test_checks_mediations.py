"""Mediations against correlations: a published table, honest ones by statsmodels, one digit off."""

import shutil

import numpy as np
import pandas as pd
import pytest
import yaml
from mediation_papers import Printing, survey, write_effects, write_paper
from printed_tables import STUDIES, find, rows_of

from retrace.checks.mediations import CHECK
from retrace.checks.shared.record import Record
from retrace.papers.check_study import read_study
from retrace.printed.verdicts import CONTRADICTED, NOT_CHECKABLE, REPRODUCED

# Of the published table, as printed: leader, exhaustion, age, tenure, turnover.
R = np.array(
    [
        [1, 0.72, -0.05, -0.16, 0.65],
        [0.72, 1, -0.02, -0.21, 0.68],
        [-0.05, -0.02, 1, 0.59, 0.01],
        [-0.16, -0.21, 0.59, 1, -0.17],
        [0.65, 0.68, 0.01, -0.17, 1],
    ]
)
SD = np.array([0.79, 0.95, 12.75, 9.80, 0.93])
N = 203


def by_normal_equations(outcome: int, predictors: list[int]):
    """b and SE of the first predictor, and R2, from correlations (Cohen et al. 2003, chapter 3)."""
    inverse = np.linalg.inv(R[np.ix_(predictors, predictors)])
    beta = inverse @ R[predictors, outcome]
    r2 = float(beta @ R[predictors, outcome])
    ratio = SD[outcome] / SD[predictors[0]]
    se = np.sqrt((1 - r2) * inverse[0, 0] / (N - len(predictors) - 1)) * ratio
    return beta[0] * ratio, se, r2


@pytest.fixture(scope="module")
def published():
    return [row for row in rows_of(STUDIES / "workaholism2020") if row.check == "mediations"]


def without_controls(folder, controls=None):
    """The published folder with other controls, or none that are named."""
    shutil.copytree(STUDIES / "workaholism2020", folder)
    described = yaml.safe_load((folder / "paper.yaml").read_text())
    table = described["study"]["effects"]["table3"]
    del table["controls"]
    if controls is not None:
        table |= {"controls": controls, "standardised": False}
    (folder / "paper.yaml").write_text(yaml.safe_dump(described))
    return [row for row in rows_of(folder) if row.check == "mediations"]


@pytest.mark.parametrize(
    ("row", "r2", "outcome", "predictors"),
    [
        ("a", "R2 mediator model", 1, [0, 2, 3]),
        ("c' direct", "R2 outcome model", 4, [0, 1, 2, 3]),
        ("b", "R2 outcome model", 4, [1, 0, 2, 3]),
        ("c total", None, 4, [0, 2, 3]),
    ],
)
def test_a_published_mediation_is_that_of_the_normal_equations(
    published, row, r2, outcome, predictors
):
    expected = by_normal_equations(outcome, predictors)
    assert find(published, row=row, column="H4, estimate", statistic="b").recomputed == (
        pytest.approx(expected[0])
    )
    assert find(published, row=row, column="H4, se").recomputed == pytest.approx(expected[1])
    if r2:
        found = find(published, row=r2, column="H4, r2")
        assert found.recomputed == pytest.approx(expected[2])
    stars = find(published, row=row, column="H4, estimate", statistic="stars")
    assert stars.verdict == REPRODUCED


def test_every_number_of_the_published_table_has_a_verdict_and_none_is_wrong(published):
    assert {row.verdict for row in published}.isdisjoint({CONTRADICTED, NOT_CHECKABLE})
    # Eight coefficients with errors, two limits and stars, and four R2.
    assert len(published) == 8 * 5 + 4


def test_r2_shows_that_the_published_models_have_controls(tmp_path):
    """Without them R2 is that of one correlation, .72: at most .725 squared, which is .526."""
    rows = without_controls(tmp_path / "p", controls=[])
    row = find(rows, row="R2 mediator model", column="H4, r2")
    assert (row.verdict, row.high) == (CONTRADICTED, pytest.approx(0.725**2))


def test_r2_of_models_that_are_not_known_says_what_is_needed(tmp_path):
    rows = without_controls(tmp_path / "p")
    # Four R2, and the stars of eight coefficients.
    assert [row.verdict for row in rows] == [NOT_CHECKABLE] * 12
    assert sorted(row.statistic for row in rows) == ["r2"] * 4 + ["stars"] * 8
    needs = "what else is in the models of the table, under `controls:`"
    assert {row.needs for row in rows} == {needs}


def honest(folder, seed: int, how: Printing, n: int, said=None):
    """A paper whose mediations are those of statsmodels; `said` is said of the table besides."""
    found = survey(seed, n)
    effects = write_effects(folder, found, how)
    effects["paths"] |= {"controls": ["z"], "standardised": False, **(said or {})}
    return write_paper(folder, found, how.decimals, effects=effects)


def judged(folder) -> list:
    return list(CHECK.judge(Record("made_up", read_study(folder))))


@pytest.mark.parametrize("seed", range(4))
def test_no_honest_mediation_is_contradicted(tmp_path, seed):
    how = Printing(decimals=1 + seed % 4, test="sobel", one_sided=seed % 3 == 0)
    rows = judged(honest(tmp_path, seed, how, n=30 + 90 * seed))
    assert {row.verdict for row in rows}.isdisjoint({CONTRADICTED, NOT_CHECKABLE})
    # Four coefficients with SE, t, p and two limits.
    assert len(rows) == 4 * 6


def test_a_digit_that_is_wrong_is_found(tmp_path):
    folder = honest(tmp_path, 3, Printing(decimals=2, test="sobel"), n=150)
    file = folder / "tables/paths.csv"
    table = pd.read_csv(file, dtype=str, index_col=0)
    table.loc["a", "b"] = f"{float(table.loc['a', 'b']) + 0.3:.2f}"
    table.to_csv(file, index_label="effect")
    found = [row for row in judged(folder) if row.verdict == CONTRADICTED]
    assert ("a", "estimate") in {(row.row, row.column) for row in found}


def test_models_without_a_degree_of_freedom_are_not_fitted(tmp_path):
    """Four observations: three predictors of y leave none, two of m and of y one."""
    how = Printing(decimals=2, test="sobel")
    folder = honest(tmp_path, 3, how, 150, {"n": 4})
    assert {row.row for row in judged(folder)} == {"a", "Total effect"}
