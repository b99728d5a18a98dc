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


def say(text: str) -> None:
    """Tell whoever waits what is going on, past pytest's capturing."""
    print(f"  [{time.monotonic() - START:4.0f} s] {text}", file=sys.__stderr__, flush=True)


def install(*packages: str) -> None:
    """Have Debian's packages installed; skip where that is not possible."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    if not shutil.which("apt-get"):
        pytest.skip("needs Debian's packages, and there is no apt-get")
    query = ["dpkg-query", "--show", "--showformat=${Status}\n", *packages]
    found = subprocess.run(query, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    if found.stdout.count("install ok installed") == len(packages):
        return
    say(f"installing {' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    get = ["apt-get", "--quiet", "--quiet", "--option", "Acquire::Retries=3"]
    for step in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [*get, *step],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode != 0:
            pytest.skip(f"apt-get {step[0]} failed: {done.stdout[-500:]}")


def run(*command: str | Path, **options) -> str:
    """Run a command to its end; its output is the failure's text."""
    done = subprocess.run(
        list(map(str, command)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}"
    return done.stdout
