"""A real SLURM: the same bytes, and what happens to jobs over their limits and to lost nodes."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from checkouts import ROOT
from machine import install, say
from slurm_cluster import SETTINGS, Cluster

FAULTS = ROOT / "tests/workflow/faults"
# A short job on the cluster, and its result.
RULE, RESULT = "check_study", "results/studies/magni2022/study.json"
# The profile is meant for real clusters; here a job's state may be asked for often.
PROFILE = (
    "--workflow-profile",
    "profiles/slurm",
    "--slurm-no-account",
    "--slurm-init-seconds-before-status-checks=2",
    "--seconds-between-status-checks=2",
    "--latency-wait=10",
)


@pytest.fixture(scope="module")
def cluster():
    daemons = Cluster(Path("/run/retrace-slurm"))
    if SETTINGS.exists() and not daemons.is_left_over():
        pytest.skip(f"this machine has a SLURM already: {SETTINGS}")
    install("slurm-wlm", "munge")
    try:
        say("starting SLURM")
        try:
            daemons.start()
        except RuntimeError as error:
            pytest.skip(f"SLURM cannot run here: {error}")
        yield daemons
    finally:
        daemons.stop()


def plan(checkout, fault: str) -> Path:
    """Have a fault strike the job that makes the result; where it waits, it leaves a mark."""
    mark = checkout.root / "paused"
    checkout.environment |= {
        "PYTHONPATH": str(FAULTS),
        "FAULT": fault,
        "FAULT_AT": RESULT,
        "FAULT_MARK": str(mark),
    }
    return mark


def assert_made(checkout) -> None:
    name = RESULT.removeprefix("results/")
    assert checkout.checksums()[name] == checkout.expected[name]


def test_a_cluster_makes_the_same_bytes(cluster, fresh):
    say("the workflow on SLURM, each job submitted")
    before, began = set(cluster.jobs()), time.monotonic()
    done = fresh.snakemake(*PROFILE)
    took, submitted = time.monotonic() - began, set(cluster.jobs()) - before
    say(f"took {took:.0f} s for {len(submitted)} jobs")
    assert fresh.checksums() == fresh.expected
    jobs = dict(re.findall(r"^(\w+) +(\d+)$", done.stdout, re.MULTILINE))
    rules = "".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    # Beside the trifles there is the target rule, which runs nothing.
    trifles = [
        rule for rule in re.split(r"^rule ", rules, flags=re.MULTILINE) if "localrule: True" in rule
    ]
    # Without a refused paper there is none to refuse.
    here = sum(int(jobs.get(rule.partition(":")[0], 0)) for rule in trifles) + 1
    assert len(submitted) == int(jobs["total"]) - here


def test_one_submission_runs_jobs_side_by_side(cluster, fresh):
    """Two cores were asked for once; more than one job at a time used them."""
    say("a stage on SLURM, one submission")
    script = "profiles/slurm/whole-node.sbatch"
    options = ("--wait", "--cpus-per-task=2", "--mem=4G", "--time=30", "--output=out.log")
    before = set(cluster.jobs())
    subprocess.run(
        ["sbatch", *options, f"--export=ALL,PYTHON={sys.executable}", script, "bibliography"],
        cwd=fresh.root,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    assert len(set(cluster.jobs()) - before) == 1
    assert "Execute 2 jobs" in (fresh.root / "out.log").read_text()
    made = fresh.checksums()
    assert made
    assert made.items() <= fresh.expected.items()


def test_a_job_over_its_memory_is_given_more(cluster, fresh):
    say("a job over its memory")
    plan(fresh, "memory")
    before = set(cluster.jobs())
    done = fresh.snakemake(*PROFILE, RESULT)
    assert "Trying to restart" in done.stdout
    assert_made(fresh)
    first, second = (job for number, job in sorted(cluster.jobs().items()) if number not in before)
    assert "exceeded memory limit" in Path(first["StdOut"]).read_text()
    assert (first["JobState"], second["JobState"]) == ("FAILED", "COMPLETED")
    asked = [int(re.search(r"mem=(\d+)M", job["TRES"])[1]) for job in (first, second)]
    assert asked[1] == 2 * asked[0]


def test_a_job_over_its_time_is_ended_and_made_later(cluster, fresh):
    say("a job over its time (one minute)")
    plan(fresh, "time")
    limits = ("--set-resources", f"{RULE}:runtime=1", "--retries=0")
    before = set(cluster.jobs())
    failed = fresh.snakemake(*PROFILE, *limits, "--", RESULT, check=False)
    assert failed.returncode != 0
    states = [job["JobState"] for number, job in cluster.jobs().items() if number not in before]
    assert states == ["TIMEOUT"]
    assert not (fresh.root / RESULT).exists()
    fresh.environment.pop("FAULT")
    fresh.snakemake(*PROFILE, RESULT)
    assert_made(fresh)


def test_a_killed_node_loses_nothing(cluster, fresh):
    say("a node's daemon killed")
    mark = plan(fresh, "pause")
    before = set(cluster.jobs())
    process = fresh.start(*PROFILE, RESULT)
    try:
        while not mark.exists() and process.poll() is None:
            time.sleep(0.1)
        assert mark.exists(), process.stdout.read()[-3000:]
        (struck,) = set(cluster.jobs()) - before
        cluster.kill_node()
        time.sleep(1)
        cluster.start_node()
        # The controller learns that the job is gone when the node registers anew, and puts it back
        # into the queue for two minutes later.
        while cluster.jobs()[struck]["JobState"] == "RUNNING":
            cluster.command("scontrol", "reconfigure")
            time.sleep(5)
        cluster.command("scontrol", "update", f"JobId={struck}", "StartTime=now")
        # SLURM starts the job again, or Snakemake submits it again: either may come to the pause.
        while process.poll() is None:
            mark.unlink(missing_ok=True)
            time.sleep(0.2)
        output = process.stdout.read()
    finally:
        process.kill()
    job = cluster.jobs()[struck]
    assert job["Restarts"] != "0" or job["JobState"] in ("NODE_FAIL", "FAILED"), job
    assert process.returncode == 0, output[-3000:]
    assert_made(fresh)
    fresh.environment.pop("FAULT")
    assert "Nothing to be done" in fresh.snakemake("--cores", "2", RESULT).stdout


def test_the_cache_serves_jobs_on_the_cluster(cluster, fresh, tmp_path):
    say("the between-workflow cache on SLURM")
    (tmp_path / "cache").mkdir()
    fresh.environment["SNAKEMAKE_OUTPUT_CACHE"] = str(tmp_path / "cache")
    cached = (*PROFILE, "--profile", "profiles/cache", RESULT)
    fresh.snakemake(*cached)
    assert_made(fresh)
    assert (fresh.root / RESULT).is_symlink()
    (fresh.root / RESULT).unlink()
    stored = sorted(path.name for path in (tmp_path / "cache/retrace").iterdir())
    fresh.snakemake(*cached)
    assert_made(fresh)
    assert sorted(path.name for path in (tmp_path / "cache/retrace").iterdir()) == stored
