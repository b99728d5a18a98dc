"""No job ends for what its study says, however extreme; `extreme_papers` has the studies."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from checkouts import ROOT, copy
from extreme_papers import (
    FEW,
    FEW_PREDICTORS,
    IMPOSSIBLE,
    NAMED,
    write_few,
    write_impossible,
    write_named,
)

# What a run without papers of its own needs, and its stages.
PARTS = ("Snakefile", "config", "envs", "workflow")
STAGES = ("synthesis", "estimation", "sem", "tables")
# As little work as the settings allow: what ends a job does not need much of it.
SMALL = {
    "seed": 1,
    "power": {"mc_error": 0.1, "chunks": 1},
    "sem": {
        "draws": 100,
        "method_shares": [0.1],
        "reliability_points": 100,
        "reliabilities": ["0.80"],
        "latent_data_sets": 1,
        "lavaan": False,
    },
    # A share too many: a job with nothing to do.
    "synthesis": {"data_sets": 2, "chunks": 3, "assumption_draws": 1},
}


def failures(tmp_path: Path, papers: Path) -> list[str]:
    """What went wrong with the jobs of all papers of a folder, in a checkout of their own."""
    checkout = copy(ROOT, tmp_path / "checkout", PARTS)
    jobs = checkout.in_one_process({"papers": [str(papers)], **SMALL}, *STAGES)
    assert {job["paper"] for job in jobs} >= {folder.name for folder in papers.iterdir()}
    return [f"{job['paper']}: {job['rule']}: {job['failure']}" for job in jobs if job["failure"]]


@pytest.mark.long
def test_studies_that_ended_jobs_end_none(tmp_path):
    papers = tmp_path / "papers"
    for name in NAMED:
        write_named(papers / name, name)
    assert failures(tmp_path, papers) == []
    # What is too large to draw says so wherever responses would have been used.
    large = tmp_path / "checkout/results/studies/more_people_than_are_drawn"
    for file in (
        "synthetic/unmet.csv",
        "synthetic/assumption_combinations.csv",
        "sem_latent_fit.csv",
    ):
        assert "not drawn: 1000000000 respondents with 12 items" in (large / file).read_text(), file
    verdicts = pd.read_csv(large / "verdicts.csv").groupby("analysis").decision.agg(set)
    assert verdicts["errors and estimators"] == {"not attainable"}
    assert verdicts["predictors"] == {"supported"}


@pytest.mark.long
def test_what_no_data_have_ends_no_job_and_says_so_wherever_it_is_missed(tmp_path):
    papers = tmp_path / "papers"
    for name in IMPOSSIBLE:
        write_impossible(papers / name, name)
    assert failures(tmp_path, papers) == []
    studies = tmp_path / "checkout/results/studies"

    def table(name, file):
        return pd.read_csv(studies / name / file, keep_default_na=False)

    # What no data have is listed with the reason, where data miss it as well.
    found = table("beyond_one", "impossible.csv")
    assert found.why.tolist() == ["correlation 1.20 is outside [-1, 1]"]
    unmet = table("beyond_one", "synthetic/unmet.csv")
    assert (unmet.why == "correlation 1.20 is outside [-1, 1]").sum() == 1
    # All else is drawn, with any correlation that completes the matrix in its place.
    measures = table("beyond_one", "synthetic/measures.csv").assumed
    assert measures.str.contains("any that completes the matrix").sum() == 1
    for name in ("indefinite", "indefinite_in_one_model", "indefinite_without_models"):
        (why,) = table(name, "impossible.csv").why
        assert why.startswith("no positive definite matrix rounds to this one")
    # A model whose own correlations are sound is compared, fitted and decided.
    one = "indefinite_in_one_model"
    missing = table(one, "not_checkable.csv")
    assert missing.missing.str.startswith("no positive definite matrix").all()
    assert set(table(one, "comparison.csv").verdict) == {"not checkable"}
    fit = table(one, "sem_fit.csv").set_index("model").problems
    assert fit["three"] == ""
    assert fit["main"].startswith("no positive definite matrix")
    verdicts = table(one, "verdicts.csv").set_index(["hypothesis", "analysis"]).decision
    assert verdicts["H2", "recomputed, 5 %"] == "not supported"
    assert verdicts["H1", "recomputed, 5 %"] == "not attainable"
    assert set(table(one, "ols.csv").model) == {"three"}
    assert {"H2"} < set(table(one, "power.csv").hypothesis)
    # Impossible statistics have no verdict but the reason; the others of their table have one.
    reasons = table("impossible_statistics", "not_checkable.csv")
    aside = reasons[reasons.missing.str.startswith("impossible: ")]
    assert set(aside.statistic) == {"p", "vif", "r2", "f_p", "durbin_watson"}
    verdicts = table("impossible_statistics", "comparison.csv").verdict
    assert {"reproduced", "contradicted"} & set(verdicts)
    for name, why in (
        ("not_granular", "GRIM"),
        ("impossible_moments", "9.00 is off the scale"),
        ("nothing_stated", "scale is neither printed nor assumed"),
    ):
        assert why in (studies / name / "synthetic/unmet.csv").read_text()
        assert table(name, "synthetic/ensemble_decisions.csv").decision.eq("not attainable").all()


@pytest.mark.long
def test_no_sample_is_too_small_for_a_run_and_what_it_lacks_says_so(tmp_path):
    papers = tmp_path / "papers"
    for n in FEW:
        write_few(papers / f"few_{n}", n)
    assert failures(tmp_path, papers) == []
    studies = tmp_path / "checkout/results/studies"
    for n in FEW:

        def table(name, n=n):
            return pd.read_csv(studies / f"few_{n}" / name, keep_default_na=False)

        fitted = {f"of_{k}" for k in range(1, FEW_PREDICTORS + 1) if n - k - 1 > 0}
        verdicts = table("verdicts.csv").set_index(["hypothesis", "analysis"])
        fits = table("sem_fit.csv").set_index("model").problems
        for k in range(1, FEW_PREDICTORS + 1):
            name, few = f"of_{k}", f"{k + 1} variables are singular in {n} observations"
            own = verdicts.loc[f"H{k}", "recomputed, 5 %"]
            assert (own.decision == "not attainable") == (name not in fitted)
            assert (few in fits[name]) == (name not in fitted)
        estimated = set(table("ols.csv").model)
        assert {name for name in estimated if name.startswith("of_")} == fitted
        # All five variables together need six people.
        few = f"5 variables are singular in {n} observations"
        for file in ("checks.csv", "synthetic/unmet.csv", "specifications.csv"):
            text = (studies / f"few_{n}" / file).read_text()
            assert (few in text) == (n <= FEW_PREDICTORS + 1), (n, file)
