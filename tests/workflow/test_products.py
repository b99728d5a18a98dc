"""A paper with a product of variables, through every stage: an interaction of centred answers."""

import numpy as np
import pandas as pd
import pytest
from checkouts import ROOT, STAGES, copy
from moderated_paper import LABELS, answers, write_paper
from test_extremes import PARTS, SMALL

from retrace.printed.verdicts import WRONG


def made(tmp_path):
    """What the workflow makes of the honest paper, of which no job may fail."""
    checkout = copy(ROOT, tmp_path / "checkout", PARTS)
    write_paper(checkout.root / "mine/moderated", answers(7, 200))
    jobs = checkout.in_one_process({"papers": ["mine"], **SMALL}, *STAGES)
    assert not [job for job in jobs if job["failure"]]
    return checkout.root / "results"


def table(results, name):
    file = results / "studies/moderated" / name
    return pd.read_csv(file, dtype=str, keep_default_na=False)


@pytest.mark.long
def test_an_honest_product_goes_through_every_stage(tmp_path):
    results = made(tmp_path)
    check_columns(results)
    check_rows(results)


def check_columns(results):
    """The column of a product is the product in all data."""
    data = results / "studies/moderated/synthetic"
    found = [pd.read_parquet(data / f"{name}.parquet") for name in ("likert", "continuous")]
    for share in sorted((data / "ensemble").iterdir()):
        found += [part for _, part in pd.read_parquet(share).groupby("draw")]
    assert len(found) == 2 + SMALL["synthesis"]["data_sets"]
    for each in found:
        assert len(each) == 200
        own = each[["trust", "risk"]] - each[["trust", "risk"]].mean()
        np.testing.assert_allclose(each["xw"], own["trust"] * own["risk"], rtol=0, atol=1e-12)


def check_rows(results):
    """It has its row in every stage."""
    checks = table(results, "checks.csv")
    assert not checks["verdict"].isin(WRONG).any()
    own = checks[(checks["check"] == "regressions") & (checks["row"] == "xw")]
    assert own["verdict"].isin(["reproduced", "within rounding"]).sum() == 2
    fidelity = table(results, "synthetic/fidelity.csv")
    about = fidelity[fidelity["term"].str.contains("xw") & (fidelity["data"] == "likert")]
    # SD, four correlations, B and SE.
    assert len(about) == 7
    # Continuous data have the correlations at face value, which need not give every coefficient.
    assert (fidelity.loc[fidelity["data"] != "continuous", "matched"] == "True").all()
    for name in ("ols.csv", "sem.csv"):
        assert table(results, name).isin(["xw"]).any(axis=None), name
    for name in (
        "synthetic/ensemble_decisions.csv",
        "synthetic/assumption_verdicts.csv",
        "specifications.csv",
        "power.csv",
    ):
        assert table(results, name).isin(["H1"]).any(axis=None), name
    verdicts = table(results, "verdicts.csv").set_index(["hypothesis", "analysis"])["decision"]
    assert verdicts["H1", "recomputed, 5 %"] == "supported"
    assert verdicts["H2", "recomputed, 5 %"] == "supported"
    printed = (results / "tables/moderated_comparison.md").read_text(encoding="utf-8")
    assert LABELS["xw"] in printed
