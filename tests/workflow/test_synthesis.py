"""The synthesis stage as a user runs it: settings, jobs, and what depends on neither."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from retrace.decisions import AGAIN, ALL, REPLICATION

STUDY = "results/studies/magni2022/synthetic"
TABLES = ("verdicts", "decisions", "statistics", "combinations")
ASSUMED = [f"assumption_{table}.csv" for table in TABLES]


def run(checkout, *files, chunks=1, seed=20220101):
    """Contents of files of the stage, made with ensembles of six data sets."""
    wanted = [f"{STUDY}/{file}" for file in files]
    settings = {"data_sets": 6, "chunks": chunks, "assumption_draws": 1}
    jobs = checkout.in_one_process({"synthesis": settings, "seed": seed}, *wanted)
    assert not any(job["failure"] for job in jobs)
    return [(checkout.root / name).read_bytes() for name in wanted]


@pytest.mark.long
def test_the_number_of_jobs_changes_no_ensemble_and_no_decision(checkout):
    files = (
        "ensemble.csv",
        "ensemble_decisions.csv",
        "ensemble.svg",
        "ensemble_statistics.parquet",
        *ASSUMED,
        "../sem_latent_verdicts.csv",
    )
    one, several = (run(checkout, *files, chunks=chunks) for chunks in (1, 4))
    assert one == several
    latent = pd.read_csv(checkout.root / STUDY / "../sem_latent_verdicts.csv")
    # Of the six data sets that there are, all; the settings would take ten.
    assert list(latent["data"].unique()) == ["likert", *(f"draw {draw}" for draw in range(6))]
    assert len(latent) == 7 * 4 * 2 * 3
    assert len(list((checkout.root / STUDY / "ensemble").glob("*-of-4.parquet"))) == 4


@pytest.mark.long
def test_p_of_an_estimator_is_the_same_in_every_table(checkout):
    """The ensemble's range of p, its decisions, and one data set's specifications."""
    run(checkout, "ensemble.csv", "ensemble_decisions.csv", "../specifications.csv")
    study = checkout.root / "results/studies/magni2022"
    ensemble = pd.read_csv(study / "synthetic/ensemble.csv").set_index(["statistic", "term"])
    decisions = pd.read_csv(study / "synthetic/ensemble_decisions.csv")
    terms = {"H1": "customer", "H2": "market", "H3": "economic", "H4": "risk"}
    assert len(decisions) == 4 * 7
    for row in decisions.itertuples():
        own = ensemble.loc[(f"{row.analysis}, p", f"full: {terms[row.hypothesis]}")]
        assert (own["smallest"], own["median"]) == (row.smallest_p, row.median_p)
        assert (own["largest"], own["data_sets"]) == (row.largest_p, row.data_sets)
    # The normal distribution of estimate over standard error in either (McCullagh 1980).
    specifications = pd.read_csv(study / "specifications.csv")
    ordered = specifications[specifications["specification"].str.startswith("ordered")]
    assert len(ordered) == 2 * 4
    z = ordered["estimate"] / ordered["se"]
    assert np.allclose(ordered["p"], 2 * stats.norm.sf(np.abs(z)), rtol=1e-12)


def test_every_verdict_is_told_to_depend_on_assumptions_or_not(finished):
    study = finished.root / "results/studies/magni2022"
    verdicts = pd.read_csv(study / "verdicts.csv", keep_default_na=False)
    answers = pd.read_csv(study / "synthetic/assumption_verdicts.csv", keep_default_na=False)
    asked = set(zip(verdicts.hypothesis, verdicts.analysis, strict=True))
    # Verdicts are on single hypotheses; new samples are also of several together.
    asked |= {(name, REPLICATION) for name in (ALL, AGAIN)}
    assert set(zip(answers.hypothesis, answers.family, strict=True)) == asked
    # What is decided without responses is decided as the table of verdicts has it.
    whole = answers[answers.analysis == "all of it"].set_index(["hypothesis", "family"])
    found = verdicts.set_index(["hypothesis", "analysis"]).decision
    assert (whole.decisions == found[whole.index]).all()
    assert set(whole.dependence) == {"cannot"}
    least = answers[answers.analysis.str.startswith("ordinary least squares")]
    assert (least.change.astype(float) == 0).all()
    # Table 5 prints p of H3 as 0.050, which leaves it on both sides of 5 %; all others on one.
    on_likert = least[least.analysis.str.contains("Likert")].set_index("hypothesis").dependence
    assert on_likert.to_dict() == {
        **dict.fromkeys(("H1", "H2", "H4"), "cannot"),
        "H3": "left open by print",
    }
    assert set(least[least.analysis.str.contains("continuous")].dependence) == {"cannot"}
    others = answers[answers.analysis.str.contains("HC3.*Likert|ordered|alpha", regex=True)]
    assert "cannot" not in set(others.dependence)


@pytest.mark.long
def test_another_seed_gives_other_data_that_print_the_same(checkout):
    first = run(checkout, "likert.parquet", "items.parquet", seed=1)
    second = run(checkout, "likert.parquet", "items.parquet", seed=2)
    assert first[0] != second[0]
    assert first[1] != second[1]
    fidelity = pd.read_csv(checkout.root / STUDY / "fidelity.csv")
    # Table 4 has 10 cells, Table 5 16 and a Durbin-Watson statistic; five alphas are assumed.
    assert fidelity.groupby("data")["matched"].sum()[["likert", "items"]].tolist() == [27, 5]
    assert pd.read_csv(checkout.root / STUDY / "unmet.csv").empty


@pytest.mark.long
def test_targets_that_no_responses_can_meet_are_told_and_nothing_is_drawn(checkout):
    paper = "resources/papers/magni2022/paper.yaml"
    checkout.edit(paper, 'mean: "4"', 'mean: "9"')
    # Multiples of 1/1200 for 300 respondents and 4 items: none prints as 4.0001.
    checkout.edit(paper, "{label: Market-s", '{mean: "4.0001", label: Market-s')
    checkout.edit(paper, "{label: Risk p", '{mean: "6.90", sd: "0.25", alpha: "-30", label: Risk p')
    # 300 totals of 4 to 28 whose sum exceeds 1200 by 22 to 26 and that hardly vary: few differ by
    # the four points that would raise every item.
    checkout.edit(
        paper, "{label: Economic", '{mean: "1.02", sd: "0.07", alpha: "0.95", label: Economic'
    )
    checkout.edit(paper, "{label: Readiness f", '{mean: "1.10", sd: "0.25", label: Readiness f')
    checkout.edit("resources/papers/magni2022/tables/table4.csv", "-0.076", "0.600")
    done = checkout.snakemake("--cores", "1", f"{STUDY}/unmet.csv", f"{STUDY}/likert.parquet")
    assert "mean of customer: 9 (assumed) is off the scale from 1 to 7" in done.stdout
    assert "mean of market: 300 respondents" in done.stdout
    assert "correlation (readiness, risk): 0.600 is out of reach" in done.stdout
    assert "alpha of risk: -30 is out of reach of 4 items" in done.stdout
    assert "alpha of economic: 0.95 is out of reach of 4 items" in done.stdout
    assert len(pd.read_parquet(checkout.root / STUDY / "likert.parquet")) == 0
    assert "0.600 is out of reach" in (checkout.root / STUDY / "unmet.csv").read_text()
