"""This machine with another Python, without a network, and with a full disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from checkouts import PARTS, ROOT, copy
from machine import run, say

NEWEST = "3.13"


def newest_python() -> str:
    """The newest Python that the lock supports, where this machine has it."""
    pyenv = Path.home() / ".pyenv/versions"
    for found in [*pyenv.glob(f"{NEWEST}*/bin/python"), shutil.which(f"python{NEWEST}")]:
        with suppress(OSError, subprocess.CalledProcessError):
            if found and NEWEST in run_version(found):
                return str(found)
    pytest.skip(f"there is no Python {NEWEST} on this machine")


def run_version(python) -> str:
    return subprocess.run(
        [python, "--version"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def test_the_newest_python_makes_the_same_bytes_without_a_network(fresh, tmp_path):
    """In a network namespace without interfaces every connection fails at once."""
    python = newest_python()
    if NEWEST in run_version(sys.executable):
        pytest.skip(f"the tests run on Python {NEWEST} themselves")
    say(f"the workflow on Python {NEWEST}")
    run(python, "-m", "venv", tmp_path / "venv")
    fresh.python = str(tmp_path / "venv/bin/python")
    lock = ROOT / "envs/requirements.txt"
    run(fresh.python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock)
    if os.geteuid() == 0 and shutil.which("unshare"):
        fresh.prefix = ("unshare", "--net")
    fresh.snakemake("--cores", "2")
    assert fresh.checksums() == fresh.expected


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own with a few megabytes more than the finished copy needs."""
    if os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("needs root on Linux, to mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    run("mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", disk)
    yield disk
    run("umount", "--lazy", disk)


def test_a_full_disk_leaves_no_half_result(local, small_disk):
    say("a full disk")
    checkout = copy(local.root, small_disk / "retrace", (*PARTS, ".snakemake", "results"))
    made = "results/papers.csv"
    for name in (made, "results/report.html"):
        (checkout.root / name).unlink()
    filler = small_disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    assert shutil.disk_usage(small_disk).free == 0
    assert checkout.snakemake("--cores", "2", check=False).returncode != 0
    assert not (checkout.root / made).exists()
    filler.unlink()
    checkout.snakemake("--cores", "2")
    assert checkout.checksums() == local.expected
