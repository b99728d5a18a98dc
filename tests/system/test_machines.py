"""This machine with another Python or another Debian, without a network, and with a full disk."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from checkouts import PARTS, copy
from debian_root import DebianRoot
from machine import install, need, require_root, run, say

INSTALL = ("sh", "envs/install.sh")
LOCK = "envs/requirements.txt"
# In a network namespace without interfaces every connection fails at once.
NO_NETWORK = ("unshare", "--net")


def another_python(version: str) -> str:
    """A Python that this machine has besides the one that runs the tests; skip without it."""
    if sys.version.startswith(f"{version}."):
        pytest.skip(f"the tests run on Python {version} themselves")
    installed = (Path.home() / ".pyenv/versions").glob(f"{version}.*/bin/python")
    for found in [*installed, shutil.which(f"python{version}")]:
        with suppress(OSError, subprocess.CalledProcessError):
            if found and f" {version}." in subprocess.check_output([found, "--version"], text=True):
                return str(found)
    pytest.skip(f"there is no Python {version} on this machine")


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_another_python_makes_the_same_bytes_without_a_network(fresh, version, tmp_path):
    python = another_python(version)
    require_root()
    need(*NO_NETWORK, "true")
    say(f"the workflow on Python {version}")
    run(python, "-m", "venv", tmp_path / "venv")
    fresh.python = str(tmp_path / "venv/bin/python")
    run(*INSTALL, fresh.python, LOCK, cwd=fresh.root)
    fresh.prefix = NO_NETWORK
    fresh.snakemake("--cores", "2")
    assert fresh.checksums() == fresh.expected


def test_the_newest_python_on_another_debian_makes_the_same_bytes_without_a_network(
    fresh, tmp_path, certificates
):
    """Debian's next release comes with Python 3.14, the newest that the locks are for.

    One package has no wheel for it: it takes a compiler, as the README says.
    """
    install("mmdebstrap")
    say("making the next Debian")
    sid = DebianRoot(tmp_path / "sid")
    sid.make("sid", ["python3", "python3-dev", "python3-venv", "gcc", "libc6-dev"])
    environment = tmp_path / "venv"
    environment.mkdir()
    python = environment / "bin/python"

    def inside(*command, folder=fresh.root):
        done = sid.run(*command, folder=folder, binds=[environment])
        assert done.returncode == 0, done.stdout[-4000:]
        return done.stdout

    version = inside("python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])").strip()
    if version != "3.14":
        pytest.skip(f"Debian's next release has Python {version} by now")
    inside("python3", "-m", "venv", environment)
    inside(*INSTALL, python, LOCK)
    say("the workflow on Python 3.14")
    inside(*NO_NETWORK, python, "-m", "snakemake", "--cores", "2")
    assert fresh.checksums() == fresh.expected


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own with a few megabytes more than the results need."""
    require_root()
    disk = tmp_path / "disk"
    disk.mkdir()
    need("mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", disk)
    yield disk
    run("umount", "--lazy", disk)


def fill(disk: Path) -> Path:
    """Leave no byte on a disk; returns what fills it."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    assert shutil.disk_usage(disk).free == 0
    return filler


@pytest.mark.parametrize("full", ["everything", "results"])
def test_a_full_disk_leaves_no_half_result(local, small_disk, tmp_path, full):
    """Full for Snakemake too, which does not start then, or for its jobs alone, which fail."""
    say(f"a full disk: {full}")
    place = small_disk if full == "everything" else tmp_path
    checkout = copy(local.root, place / "retrace", (*PARTS, ".snakemake", "results"))
    results = checkout.root / "results"
    if full == "results":
        shutil.copytree(results, small_disk / "results", symlinks=True)
        shutil.rmtree(results)
        results.symlink_to(small_disk / "results")
    made = results / "papers.csv"
    for name in (made, results / "report.html"):
        name.unlink()
    filler = fill(small_disk)
    failed = checkout.snakemake("--cores", "2", check=False)
    assert failed.returncode != 0
    if full == "results":
        assert "Error in rule" in failed.stdout
    assert not made.exists()
    filler.unlink()
    checkout.snakemake("--cores", "2")
    assert checkout.checksums() == local.expected
