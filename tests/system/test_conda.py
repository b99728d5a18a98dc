"""`--sdm conda`: every environment is made from its file, and every job runs in its own.

conda's channels are not asked: a stand-in for the command makes an environment of the packages that
the tests themselves run on, if they have the versions that the file pins. What it cannot show is
that a channel has those packages.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from checkouts import ROOT
from machine import say

STAND_IN = Path(__file__).parent / "stand_in_conda.py"


def test_every_job_runs_in_the_environment_of_its_file(fresh, tmp_path):
    say("the workflow with conda's environments")
    base = tmp_path / "conda"
    (base / "bin").mkdir(parents=True)
    command = base / "bin/conda"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} {STAND_IN} {base} "$@"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    (base / "bin/activate").write_text('PATH="$1/bin:$PATH"\nexport CONDA_PREFIX="$1"\n')
    fresh.environment["PATH"] = f"{base}/bin:{os.environ['PATH']}"

    done = fresh.snakemake("--cores", "2", "--sdm", "conda")
    assert fresh.checksums() == fresh.expected
    made = sorted((base / "made").read_text().split())
    files = sorted(path.stem for path in (ROOT / "envs").glob("*.yaml"))
    assert made == [f"retrace-{name}" for name in files]
    assert "Activating conda environment" in done.stdout
