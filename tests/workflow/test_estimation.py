"""Printed results of made-up studies, judged by the workflow as a user runs it."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from made_up_study import printed_correlations, survey, write_paper

pytestmark = pytest.mark.xdist_group("workflow")


def only_paper(checkout, key: str):
    """The folder of the only paper of a checkout, still to be written."""
    shutil.rmtree(checkout.root / "resources/papers")
    return checkout.root / "resources/papers" / key


def test_an_honest_study_that_rounding_made_indefinite_gets_verdicts(checkout):
    """At one decimal the printed matrix has a negative eigenvalue, the data's have not."""
    data = survey(seed=4, k=5, n=200, noise=0.5)
    assert np.linalg.eigvalsh(data.corr())[0] > 0.02
    assert np.linalg.eigvalsh(printed_correlations(data, 1))[0] < -0.01
    write_paper(only_paper(checkout, "rounded"), data, decimals=1)
    checkout.edit("config/config.yaml", "data_sets: 200", "data_sets: 4")
    checkout.edit("config/config.yaml", "lavaan: true", "lavaan: false")
    checkout.snakemake("--cores", "2")
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
