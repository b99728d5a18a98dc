"""After a fault, once its cause is gone, a run completes with the bytes of an undisturbed one."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

import psutil
import pytest

# A result that others depend on, made by a short job.
RESULT = "results/papers.csv"
FAULTS = Path(__file__).parent / "faults"


@pytest.fixture
def interrupted(finished, tmp_path):
    """A finished copy in which one result and what depends on it have to be made again."""
    finished.expected = finished.checksums()
    for made in (RESULT, "results/report.html"):
        (finished.root / made).unlink()
    finished.mark = tmp_path / "paused"
    return finished


def plan(checkout, fault: str) -> None:
    """Have a fault strike the job that makes the result."""
    checkout.environment |= {
        "PYTHONPATH": str(FAULTS),
        "FAULT": fault,
        "FAULT_AT": RESULT,
        "FAULT_MARK": str(checkout.mark),
    }


def assert_completes(checkout) -> None:
    """One run without the fault makes what an undisturbed one would have made."""
    checkout.environment.pop("FAULT", None)
    checkout.snakemake("--cores", "2")
    assert checkout.checksums() == checkout.expected
    assert checkout.pending() == {}


def wait_for(ready) -> None:
    for _ in range(600):
        if ready():
            return
        time.sleep(0.1)
    pytest.fail("waited for a minute in vain")


def restricted(checkout) -> None:
    """Have the mode of files count: root's processes give up the right to ignore it."""
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root ignores the mode of files, and there is no setpriv to change that")
        checkout.prefix = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


@pytest.mark.long
def test_a_killed_job_leaves_no_half_result(interrupted):
    plan(interrupted, "kill")
    assert interrupted.snakemake("--cores", "2", check=False).returncode != 0
    assert not (interrupted.root / RESULT).exists()
    assert_completes(interrupted)


@pytest.mark.long
def test_a_killed_snakemake_says_how_to_go_on_and_its_orphan_does_no_harm(interrupted):
    plan(interrupted, "pause")
    process = interrupted.start("--cores", "2")
    wait_for(lambda: interrupted.mark.exists() and interrupted.mark.read_text())
    orphan = psutil.Process(int(interrupted.mark.read_text()))
    process.send_signal(signal.SIGKILL)
    process.stdout.close()
    process.wait()

    interrupted.environment.pop("FAULT")
    locked = interrupted.snakemake("--cores", "2", check=False)
    assert locked.returncode != 0
    assert "--unlock" in locked.stdout
    interrupted.snakemake("--unlock")
    assert_completes(interrupted)

    # The job that outlived its Snakemake comes to its end, too late to change anything.
    interrupted.mark.unlink()
    orphan.wait(timeout=60)
    assert interrupted.checksums() == interrupted.expected


@pytest.mark.long
def test_an_input_that_vanishes_stops_the_run(interrupted):
    plan(interrupted, "pause")
    process = interrupted.start("--cores", "2")
    wait_for(interrupted.mark.exists)
    papers, elsewhere = interrupted.root / "resources/papers", interrupted.root / "elsewhere"
    papers.rename(elsewhere)
    interrupted.mark.unlink()
    process.communicate()
    assert process.returncode != 0
    elsewhere.rename(papers)
    assert_completes(interrupted)


@pytest.mark.long
def test_results_that_cannot_be_written_stop_the_run(interrupted):
    restricted(interrupted)
    folders = [path for path in (interrupted.root / "results").rglob("*") if path.is_dir()]
    folders.append(interrupted.root / "results")
    for folder in folders:
        folder.chmod(0o555)
    assert interrupted.snakemake("--cores", "2", check=False).returncode != 0
    for folder in folders:
        folder.chmod(0o755)
    assert_completes(interrupted)


@pytest.mark.long
def test_a_log_that_cannot_be_written_stops_the_run(interrupted):
    restricted(interrupted)
    logs = interrupted.root / "results/logs"
    for log in logs.glob("*.log"):
        log.chmod(0o444)
    logs.chmod(0o555)
    failed = interrupted.snakemake("--cores", "2", check=False)
    assert failed.returncode != 0
    assert "ermission denied" in failed.stdout
    assert not (interrupted.root / RESULT).exists()
    logs.chmod(0o755)
    for log in logs.glob("*.log"):
        log.chmod(0o644)
    assert_completes(interrupted)
