"""What the system tests ask of this machine: packages, commands, a word on how far they are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

START = time.monotonic()
# Longer than any single command takes on a machine that is busy with other things: seconds.
PATIENCE = 1800


def elapsed() -> float:
    """Seconds since the tests began."""
    return time.monotonic() - START


def say(text: str) -> None:
    """Tell whoever waits what is going on, past pytest's capturing."""
    print(f"  [{elapsed():4.0f} s] {text}", file=sys.__stderr__, flush=True)


def require_root() -> None:
    """Skip where the tests do not run as root."""
    if os.geteuid() != 0:
        pytest.skip("needs root")


def install(*packages: str) -> None:
    """Have Debian's packages installed; skip where that is not possible."""
    require_root()
    if not shutil.which("apt-get"):
        pytest.skip("needs Debian's packages, and there is no apt-get")
    query = ["dpkg-query", "--show", "--showformat=${Status}\n", *packages]
    found = subprocess.run(query, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    if found.stdout.count("install ok installed") == len(packages):
        return
    say(f"installing {' '.join(packages)}")
    options = {"Acquire::Retries": 3, "Acquire::http::Timeout": 60, "DPkg::Lock::Timeout": 300}
    get = ["apt-get", "-qq", *(f"--option={name}={value}" for name, value in options.items())]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    need(*get, "update", env=environment)
    need(*get, "install", "--yes", "--no-install-recommends", *packages, env=environment)


def _run(command, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        list(map(str, command)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=False,
        **options,
    )


def run(*command: str | Path, **options) -> str:
    """Run a command to its end; its output is the failure's text."""
    done = _run(command, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}"
    return done.stdout


def need(*command: str | Path, **options) -> str:
    """Run a command that only a machine which grants too little fails: skip where it does."""
    try:
        done = _run(command, **options)
    except (OSError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"this machine cannot: {error}")
    if done.returncode != 0:
        said = " ".join(done.stdout[-600:].split())
        pytest.skip(f"this machine cannot: {' '.join(map(str, command))[:200]}: {said}")
    return done.stdout
