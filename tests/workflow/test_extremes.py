"""No job ends for what its study says, however extreme; `extreme_papers` has the studies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from checkouts import ROOT, copy
from extreme_papers import NAMED, write_named

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
        "alphas": ["0.80"],
        "latent_data_sets": 1,
        "lavaan": False,
    },
    # A share too many: a job with nothing to do.
    "synthesis": {"data_sets": 2, "chunks": 3, "assumption_draws": 1},
}


def failures(tmp_path: Path, papers: Path) -> list[str]:
    """What went wrong with the jobs of all papers of a folder, in a checkout of their own."""
    checkout = copy(ROOT, tmp_path / "checkout", PARTS)
    settings, outcome = tmp_path / "settings.json", tmp_path / "jobs.json"
    settings.write_text(json.dumps({"papers": [str(papers)], **SMALL}))
    program = Path(__file__).with_name("in_process.py")
    command = [sys.executable, program, checkout.root, settings, outcome, *STAGES]
    run = subprocess.run(
        command,
        env={**os.environ, "MPLBACKEND": "Agg"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-4000:]
    jobs = json.loads(outcome.read_text())
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
