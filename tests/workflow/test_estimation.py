"""Printed results of made-up studies, judged by the workflow as a user runs it."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from made_up_study import printed_correlations, survey, write_paper


def only_paper(checkout, key: str):
    """The folder of the only paper of a checkout, still to be written."""
    shutil.rmtree(checkout.root / "resources/papers")
    return checkout.root / "resources/papers" / key


@pytest.mark.long
def test_an_honest_study_that_rounding_made_indefinite_gets_verdicts(checkout):
    """At one decimal the printed matrix has a negative eigenvalue, the data's have not."""
    data = survey(seed=4, k=5, n=200, noise=0.5)
    assert np.linalg.eigvalsh(data.corr())[0] > 0.02
    assert np.linalg.eigvalsh(printed_correlations(data, 1))[0] < -0.01
    write_paper(only_paper(checkout, "rounded"), data, decimals=1)
    checkout.make_quick()
    assert not any(
        job["failure"] for job in checkout.in_one_process({}, "estimation", "sem", "tables")
    )
    results = checkout.root / "results/studies/rounded"

    comparison = pd.read_csv(results / "comparison.csv")
    assert comparison.recomputed.isna().all()
    assert set(comparison.verdict) == {"within rounding"}
    assert json.loads((results / "feasibility.json").read_text())["main"]["status"] == "feasible"
    assert pd.read_csv(results / "verdicts.csv").decision.notna().all()

    stand_in = json.loads((results / "study.json").read_text())["stand_in"]
    continuous = pd.read_parquet(results / "synthetic/continuous.parquet").corr()
    for row, column, value in stand_in:
        assert continuous.loc[row, column] == pytest.approx(value, abs=1e-12)
        assert round(value, 1) == pytest.approx(printed_correlations(data, 1).loc[row, column])
    assert "stand-in matrix" in set(pd.read_csv(results / "ols.csv").data)
    assert pd.read_csv(results / "sem_fit.csv").assumed.str.contains("stand-in").all()
    table = (checkout.root / "results/tables/rounded_comparison.md").read_text(encoding="utf-8")
    assert "stand-in" in table


RELATIONS = {
    "p from t": 4,
    "t from coefficient and SE": 4,
    "confidence limit from coefficient and SE": 8,
    "SE from confidence limits": 4,
    "coefficient from confidence limits": 4,
    "tolerance from VIF": 4,
    "F from R2": 1,
    "R2 from F": 1,
    "adjusted R2 from R2": 1,
    "p from F": 1,
}


def test_every_printed_test_of_an_honest_table_is_checked_and_holds(checkout):
    """Tables as statsmodels computes and journals print them: `<.001`, `.05`, `−0.31***`."""
    folder = only_paper(checkout, "honest")
    write_paper(folder, survey(seed=2, k=4, n=150, noise=1.0), decimals=2, digits=3)
    table = (folder / "tables/results.csv").read_text(encoding="utf-8")
    assert "<.001" in table
    assert "−" in table
    files = (
        "checks.csv",
        "printed_tests.csv",
        "comparison.csv",
        "stars.csv",
        "legends.csv",
        "feasibility.json",
    )
    results = checkout.root / "results/studies/honest"
    checkout.snakemake("--cores", "2", *(f"results/studies/honest/{file}" for file in files))

    tests = pd.read_csv(results / "printed_tests.csv")
    two_sided = tests[tests.reading != "one-sided"]
    assert two_sided.relation.value_counts().to_dict() == RELATIONS
    assert set(two_sided.verdict) <= {"reproduced", "within rounding"}
    comparison = pd.read_csv(results / "comparison.csv")
    assert len(comparison) == 4 * 8 + 4
    assert set(comparison.verdict) <= {"reproduced", "within rounding"}
    stars = pd.read_csv(results / "stars.csv")
    assert stars.table.value_counts().to_dict() == {"correlations": 10, "main": 4}
    assert set(stars.verdict) <= {"reproduced", "within rounding"}
    checks = pd.read_csv(results / "checks.csv", keep_default_na=False)
    assert set(checks.paper) == {"honest"}
    assert not checks.verdict.isin(["contradicted", "impossible"]).any()
    places = set(zip(checks["where"], checks["row"], checks["column"], strict=True))
    assert ("tables/results.csv", "x0", "ci_low") in places
    assert ("tables/correlations.csv", "y", "x3") in places
    assert ("paper.yaml, study.models", "main", "r2") in places
    assert ("paper.yaml, study.constructs", "y", "sd") in places
    legends = pd.read_csv(results / "legends.csv")
    assert legends[legends.printed & (legends.contradicted > 0)].empty
    assert json.loads((results / "feasibility.json").read_text())["main"]["status"] == "feasible"
