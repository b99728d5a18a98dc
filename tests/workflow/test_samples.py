"""A paper with two samples, run by the workflow as a user runs it: each is a study of its own."""

import shutil

import pandas as pd
import pytest
from checkouts import STAGES
from two_samples import SAMPLES, describe, draw, write_description, write_paper

from retrace.findings import TALLY
from retrace.printed.verdicts import WRONG

KEYS = [f"mine.{sample}" for sample in SAMPLES]


@pytest.fixture
def two(checkout):
    """A checkout with a paper of two samples and no other; its folder is `mine`."""
    shutil.rmtree(checkout.root / "resources/papers")
    write_paper(checkout.root / "resources/papers/mine", draw(5))
    checkout.make_quick()
    return checkout


def table(checkout, name):
    return pd.read_csv(checkout.root / "results" / name, dtype=str, keep_default_na=False)


def weaken(checkout):
    """Print another coefficient of the first predictor among men."""
    file = checkout.root / "resources/papers/mine/tables/table2.csv"
    header, row, *rows = file.read_text(encoding="utf-8").splitlines()
    name, women, men = row.split(",")
    estimate, _, error = men.partition(" ")
    lines = [header, f"{name},{women},{float(estimate) - 0.2:.3f} {error}", *rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_both_samples_are_checked_and_a_changed_cell_is_found_in_its_own(two):
    two.snakemake("--cores", "2", "results/checks.csv", "results/papers.csv")
    checks = table(two, "checks.csv")
    assert set(checks["paper"]) == {"mine"}
    assert not checks["verdict"].isin(WRONG).any()
    for sample in SAMPLES:
        own = table(two, f"studies/mine.{sample}/checks.csv")
        assert set(own["verdict"]) >= {"reproduced", "within rounding"}
        assert all(sample in where for where in own["where"])
        judged = checks[checks["where"] == f"tables/table2.csv, {sample}"]
        assert (judged["verdict"] == "within rounding").sum() >= 3
    women, men = draw(5).values()
    assert table(two, "papers.csv")["n"].tolist() == [f"{len(women)} + {len(men)}"]

    weaken(two)
    plan = two.snakemake("--dry-run", "results/studies/mine.women/checks.csv").stdout
    assert "Nothing to be done" in plan
    two.snakemake("--cores", "2", "results/checks.csv")
    wrong = table(two, "checks.csv").query("verdict == 'contradicted'")
    assert len(wrong)
    assert not wrong["where"].str.contains("women").any()


def test_a_sample_has_the_files_of_a_study(two):
    """Those of a paper of one study have its key alone, as ever."""
    one = two.root / "resources/papers/one"
    write_paper(one, draw(5))
    description = describe(draw(5))
    study = description["study"]
    study |= study.pop("samples")["women"]
    study["correlations"]["triangle"] = None
    study["correlations"]["above"] = "other"
    write_description(one, description)
    planned = set(two.pending())
    files = {file.replace("one", "KEY") for file in planned if "/one" in file}
    assert len(files) > 60
    for key in KEYS:
        found = {file.replace(key, "KEY") for file in planned if key in file}
        diagrams = {file for file in found if "/path_diagrams/" in file}
        assert {f.replace("/men", "/women") for f in found} == files
        assert diagrams
    assert not any("mine/" in file for file in planned if "studies" in file)


@pytest.mark.long
def test_every_stage_takes_both_samples(two):
    weaken(two)
    jobs = two.in_one_process({}, *STAGES)
    assert not any(job["failure"] for job in jobs)
    # The report is what is left.
    two.snakemake("--touch", "--cores", "1", *STAGES)
    two.snakemake("--cores", "2")
    assert two.pending() == {}
    results = two.root / "results"
    findings = table(two, "findings.csv")
    own = findings[findings["question"].isin(["numbers", "conclusions"])]
    assert set(own["paper"]) == {"mine"}
    starts = own["finding"].str.partition(": ")[0]
    assert set(starts) == set(SAMPLES)
    for sample, said, evidence in zip(starts, own["finding"], own["evidence"], strict=True):
        assert f"mine.{sample}/" in evidence, said
    contradicted = own[own["finding"].str.contains(": contradicted: ")]
    assert len(contradicted)
    assert (contradicted["finding"].str.partition(": ")[0] == "men").all()
    tallies = own[own["weight"] == TALLY]
    assert tallies.groupby("question").size().to_dict() == {"numbers": 2, "conclusions": 2}
    # One line a question, with what is said of each sample.
    summary = table(two, "tables/summary.csv")
    (said,) = summary.loc[summary["Question"].str.contains("printed results"), "Finding"]
    assert "women: " in said
    assert "; men: " in said
    data = [
        pd.read_parquet(results / f"studies/{key}/synthetic/continuous.parquet") for key in KEYS
    ]
    assert [len(each) for each in data] == [len(each) for each in draw(5).values()]
    # Streams of their own: equal numbers of rows would not be equal rows.
    rows = min(map(len, data))
    assert not (data[0][:rows].to_numpy() == data[1][:rows].to_numpy()).any()
    for sample in SAMPLES:
        title = (results / f"tables/mine.{sample}_correlations.md").read_text(encoding="utf-8")
        assert f"Correlations printed by mine, {sample}" in title
    report = (results / "report.html").read_text(encoding="utf-8")
    assert "mine.women" in report
    assert "mine.men" in report
