"""Samples too small for what is printed of them: findings with a proof, and never refused."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
import yaml

from retrace.checks import regressions, skewness_kurtosis
from retrace.checks.finding import check_paper
from retrace.checks.shared.record import Record
from retrace.papers.check_study import read_study
from retrace.papers.study import CORRELATIONS, Study
from retrace.printed.verdicts import (
    CONTRADICTED,
    IMPOSSIBLE,
    NOT_CHECKABLE,
    WITHIN_ROUNDING,
)
from retrace.synthetic.from_study import target_to_draw

K = 4
TERMS = [f"x{j}" for j in range(K)]
NAMES = [*TERMS, "y"]
# What a regression without residual degrees of freedom has none of.
OF_RESIDUALS = {"se", "t", "p", "ci_low", "ci_high", "adjusted_r2", "f", "f_p"}
ROW = {"b": "0.15", "se": "0.05", "t": "3.00", "p": ".003", "ci_low": "0.05", "ci_high": "0.25"}
WHOLE = {"r2": ".20", "adjusted_r2": ".19", "f": "18.44", "f_p": "<.001"}


def write(folder: Path, n: int, R: np.ndarray, decimals: int = 2, **study: object) -> Study:
    """A paper of n people with these correlations, read."""
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    names = [f"v{j}" for j in range(len(R))] if len(R) != len(NAMES) else NAMES
    below = [[f"{R[i, j]:.{decimals}f}" for j in range(i)] for i in range(len(R))]
    rows = [[name, *cells, "1"] for name, cells in zip(names, below, strict=True)]
    save(folder / "tables/r.csv", ["", *names], rows)
    entry = {"n": n, "constructs": {name: {"label": name} for name in names}}
    entry |= {"correlations": "tables/r.csv", **study}
    description = {"title": "A", "authors": [{"given": "A", "family": "B"}]}
    description |= {"licence": {"name": "CC0"}, "study": entry}
    (folder / "paper.yaml").write_text(yaml.safe_dump(description, sort_keys=False))
    return read_study(folder)


def save(file: Path, head: list[str], rows: list[list[str]]) -> None:
    width = len(head)
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([head, *(row + [""] * (width - len(row)) for row in rows)])


def same_correlations(r: float, k: int = K + 1) -> np.ndarray:
    return np.full((k, k), r) + (1 - r) * np.eye(k)


def models(folder: Path, **fields: object) -> dict:
    """Models of one to four predictors with every statistic printed."""
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for k in range(1, K + 1):
        rows = [[term, *ROW.values(), "1.20"] for term in TERMS[:k]]
        save(folder / f"tables/of_{k}.csv", ["term", *ROW, "vif"], rows)
    return {
        f"of_{k}": {
            "outcome": "y",
            "predictors": TERMS[:k],
            "reported": f"tables/of_{k}.csv",
            **WHOLE,
            **fields,
        }
        for k in range(1, K + 1)
    }


@pytest.mark.parametrize("n", range(2, K + 5))
def test_a_model_without_residuals_has_no_tests_and_the_others_have(tmp_path, n):
    study = write(tmp_path, n, same_correlations(0.3), models=models(tmp_path))
    for k in range(1, K + 1):
        name, whole = f"of_{k}", study.models[f"of_{k}"]
        aside = [each for each in study.impossible if each.model == name]
        # By definition: df = n - k - 1, and none of these exists without a df above 0.
        expected = OF_RESIDUALS if n - k - 1 <= 0 else set()
        assert {each.column for each in aside} == expected
        assert bool(study.why_no_matrix([*TERMS[:k], "y"])) == bool(expected)
        assert set(whole.reported["x0"]) == {*ROW, "vif"} - expected
        assert set(whole.overall) == set(WHOLE) - expected
        for each in aside:
            assert f"which leave {n - k - 1} residual df" in each.why


@pytest.mark.parametrize(("n", "of"), [(2, "of_1"), (3, "of_1"), (K + 1, "of_4"), (K + 2, "of_4")])
def test_numbers_of_a_model_are_checkable_from_one_residual_degree_of_freedom(tmp_path, n, of):
    only = {of: models(tmp_path)[of]}
    study = write(tmp_path, n, same_correlations(0.3), models=only)
    record = Record("few", study)
    rows = {(row.row, row.column): row for row in regressions.CHECK.judge(record)}
    tested = rows["x0", "t"]
    if n <= int(of[-1]) + 1:
        for row in (tested, rows["x0", "vif"]):
            assert row.verdict == NOT_CHECKABLE
            assert row.needs == "more observations than variables"
    else:
        # t = beta sqrt(df (1 - R2) VIF)^-1 is below r / sqrt(1 - r^2) = 0.31 times the root of df.
        assert tested.verdict == CONTRADICTED
        assert abs(tested.recomputed) < 1


def test_errors_of_another_kind_or_a_printed_df_prove_nothing(tmp_path):
    R = same_correlations(0.3)
    for errors, expected in (("ols", {"", "of_3", "of_4"}), ("robust", {""})):
        study = write(tmp_path / errors, 4, R, models=models(tmp_path / errors, errors=errors))
        assert {each.model for each in study.impossible} == expected
    rows = [[term, "0.15 (0.05)"] for term in TERMS]
    table = {"file": "tables/s.csv", "outcome": "y", "estimate": "b", "brackets": "se"}
    for foot, expected in (([["df2", "295"]], {""}), ([], {"", "Model"})):
        folder = tmp_path / str(len(foot))
        (folder / "tables").mkdir(parents=True)
        save(folder / "tables/s.csv", ["", "Model"], [*rows, *foot])
        study = write(folder, 4, R, regressions={"s": table})
        found = {each.model and "Model" for each in study.impossible}
        assert found == expected


@pytest.mark.parametrize("n", range(2, K + 2))
def test_the_eigenvalues_that_are_zero_are_counted(tmp_path, n):
    # Of equal correlations r the eigenvalues are 1 - r, k - 1 times, and 1 + (k - 1) r: of n people
    # k - n + 1 of the smallest are 0. Cells of two decimals move none by more than 4 * 0.005.
    study = write(tmp_path, n, same_correlations(0.3))
    (aside,) = study.impossible
    assert aside.statistic == CORRELATIONS
    assert aside.proven
    assert "is 0.7000, and rounding moves it by less than 0.0200" in aside.why
    assert study.no_matrix == f"the correlations of 5 variables are singular in {n} observations"
    rows = {row.statistic: row for row in check_paper(Record("few", study))}
    assert rows["smallest eigenvalue"].verdict == IMPOSSIBLE
    # Zeros without decimals may stand for a singular matrix: halves anywhere.
    coarse = write(tmp_path, n, np.eye(K + 1), decimals=0)
    assert not coarse.impossible
    rows = {row.statistic: row for row in check_paper(Record("few", coarse))}
    assert rows["smallest eigenvalue"].verdict == NOT_CHECKABLE


@pytest.mark.parametrize("seed", range(40))
def test_correlations_of_few_people_are_never_proven_impossible(tmp_path, seed):
    rng = np.random.default_rng([7, seed])
    k = int(rng.integers(2, 9))
    n = int(rng.integers(2, k + 1))
    data = rng.normal(size=(n, k))
    R = np.corrcoef(data, rowvar=False)
    study = write(tmp_path, n, R, int(rng.integers(1, 5)))
    assert not [each for each in study.impossible if each.proven]
    assert "singular" in study.why_no_matrix()


def test_pairwise_and_latent_correlations_may_be_definite_whatever_n(tmp_path):
    for field in ({"n": "pairwise"}, {"diagonal": "ave_root"}, {"n": 300}):
        table = {"file": "tables/r.csv", **field}
        study = write(tmp_path, 4, same_correlations(0.3), correlations=table)
        assert study.impossible == []


def test_few_people_draw_no_responses_and_say_why(tmp_path):
    stated = {"mean": "4.00", "sd": "1.22", "items": 2}
    constructs = {name: {"label": name, **stated} for name in NAMES}
    scale = {"min": 1, "max": 7}
    R = same_correlations(0.3)
    study = write(tmp_path, 5, R, constructs=constructs, scale=scale, models=models(tmp_path))
    why = target_to_draw(study).why_not_drawn
    assert why == "not drawn: the correlations of 5 variables are singular in 5 observations"


@pytest.mark.parametrize("df", [1, 2])
@pytest.mark.parametrize("seed", range(5))
def test_one_or_two_residual_degrees_of_freedom_make_a_regression(tmp_path, df, seed):
    """Data of k + 1 + df people, printed from statsmodels: nothing of it is contradicted."""
    rng = np.random.default_rng([8, df, seed])
    data = rng.normal(size=(K + 1 + df, K + 1)) @ rng.normal(size=(K + 1, K + 1))
    z = (data - data.mean(axis=0)) / data.std(axis=0, ddof=1)
    fit = sm.OLS(z[:, -1], sm.add_constant(z[:, :-1])).fit()
    folder = tmp_path / "tables"
    folder.mkdir()
    columns = {"beta": fit.params, "se": fit.bse, "t": fit.tvalues, "p": fit.pvalues}
    rows = [
        [term, *(f"{values[j + 1]:.3f}" for values in columns.values())]
        for j, term in enumerate(TERMS)
    ]
    save(folder / "main.csv", ["term", *columns], rows)
    whole = {"r2": f"{fit.rsquared:.3f}", "f": f"{fit.fvalue:.3f}", "f_p": f"{fit.f_pvalue:.3f}"}
    whole["adjusted_r2"] = f"{fit.rsquared_adj:.3f}"
    model = {"outcome": "y", "predictors": TERMS, "reported": "tables/main.csv", **whole}
    R = np.corrcoef(data, rowvar=False)
    study = write(tmp_path, len(data), R, decimals=8, models={"main": model})
    assert not study.impossible
    rows = check_paper(Record("few", study))
    assert not [row for row in rows if row.verdict in (CONTRADICTED, IMPOSSIBLE)]
    compared = {row.statistic for row in rows if row.check == "regressions"}
    assert {"beta", "t", "p", "r2", "f"} <= compared


@pytest.mark.parametrize(
    ("n", "cell", "statistic", "verdict"),
    [
        # SPSS prints 1.732 = sqrt(3) of three numbers two of which are equal, and nothing above.
        (3, "1.732", "skewness", WITHIN_ROUNDING),
        (3, "1.80", "skewness", IMPOSSIBLE),
        # Of two numbers all are as far from the mean: g1 = 0 and b2 = 1, in no program's G1 and G2.
        (2, "0.00", "skewness", WITHIN_ROUNDING),
        (2, "0.10", "skewness", IMPOSSIBLE),
        (2, "-2.00", "kurtosis", WITHIN_ROUNDING),
        (3, "-1.50", "kurtosis", WITHIN_ROUNDING),
        (3, "0.00", "kurtosis", IMPOSSIBLE),
    ],
)
def test_two_and_three_people_have_a_shape(tmp_path, n, cell, statistic, verdict):
    constructs = {name: {"label": name} for name in NAMES}
    constructs["y"][statistic] = cell
    study = write(tmp_path, n, same_correlations(0.3), constructs=constructs)
    (row,) = skewness_kurtosis.CHECK.judge(Record("few", study))
    assert row.verdict == verdict


def test_a_correlation_of_two_people_has_no_p_that_stars_could_contradict(tmp_path):
    R = np.array([[1.0, -1.0], [-1.0, 1.0]])
    study = write(tmp_path, 2, R, stars={"*": 0.05})
    file = tmp_path / "tables/r.csv"
    file.write_text(file.read_text().replace("-1.00", "-1.00*"))
    rows = check_paper(Record("few", read_study(tmp_path)))
    assert not study.impossible
    assert not [row for row in rows if row.verdict in (CONTRADICTED, IMPOSSIBLE)]
