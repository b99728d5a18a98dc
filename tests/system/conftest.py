"""Real machines to run the whole workflow on: a cluster, container engines, other Pythons.

Nothing here is needed to use Retrace. Where root's rights, Debian's packages, or the kernel's
permission is missing, the tests are skipped and say what was missing.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

# The copies of the checkout that the workflow's own tests use.
sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))

from checkouts import ROOT, Checkout, copy
from machine import elapsed, install, need, require_root, say

# Seconds that a test may take with what it has to set up first, on a busy machine: an idle one
# needs a quarter. All may take the second number, and none begins without the third left of it.
LIMIT, LIMIT_OF_ALL, LEAST = 2400, int(os.environ.get("RETRACE_SYSTEM_SECONDS", "3900")), 600


def left() -> int:
    """Seconds left for all tests."""
    return int(LIMIT_OF_ALL - elapsed())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """End a test that waits for what never comes, so that the others have their turn."""
    limit = max(1, min(LIMIT, left()))

    def end(*_):
        raise TimeoutError(f"not done in {limit} s")

    signal.signal(signal.SIGALRM, end)
    signal.alarm(limit)
    try:
        return (yield)
    finally:
        signal.alarm(0)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Begin nothing that there is no time for; the summary says so."""
    if left() < LEAST:
        pytest.skip(f"{left()} s are left of the {LIMIT_OF_ALL} s for all system tests")


@pytest.fixture(scope="session")
def local(tmp_path_factory) -> Checkout:
    """All results made on this machine with two cores, and their checksums."""
    say("the workflow on this machine, two cores")
    checkout = copy(ROOT, tmp_path_factory.mktemp("local") / "retrace")
    checkout.snakemake("--cores", "2")
    checkout.expected = checkout.checksums()
    say(f"{len(checkout.expected)} files")
    # A few results that everything else leads to: the comparisons are of something.
    assert {"claims.csv", "bibliography/works.csv", "tables/summary.csv"} <= set(checkout.expected)
    return checkout


@pytest.fixture
def fresh(local, tmp_path) -> Checkout:
    """A copy in which nothing has run, and what it is expected to make."""
    checkout = copy(ROOT, tmp_path / "fresh")
    checkout.expected = local.expected
    return checkout


@pytest.fixture(scope="session")
def certificates() -> Path:
    """This machine's own certificates: with them, other systems on it reach what it reaches."""
    bundle = Path("/etc/ssl/certs/ca-certificates.crt")
    if not bundle.exists():
        install("ca-certificates")
    return bundle


@pytest.fixture(scope="session")
def base_image(tmp_path_factory, certificates) -> Path:
    """Debian 12's minimal system as a tar file: no image registry is asked."""
    require_root()
    install("mmdebstrap")
    folder = tmp_path_factory.mktemp("base")
    (folder / "ca.crt").write_bytes(certificates.read_bytes())
    (folder / "pip.conf").write_text("[global]\ncert = /ca.crt\ntimeout = 180\n")
    say("making Debian's base image")
    # mmdebstrap brings Perl for a conversion of the file system that a new one does not need.
    purge = "apt-get -qq -y purge --auto-remove usrmerge perl 'perl-modules-*' 'libperl5*'"
    need(
        "mmdebstrap",
        "--quiet",
        "--variant=minbase",
        "--include=usr-is-merged",
        "--dpkgopt=path-exclude=/usr/share/man/*",
        "--dpkgopt=path-exclude=/usr/share/locale/*",
        "--dpkgopt=path-exclude=/usr/share/doc/*",
        "--dpkgopt=path-include=/usr/share/doc/*/copyright",
        f"--customize-hook=copy-in {folder}/ca.crt /",
        f"--customize-hook=copy-in {folder}/pip.conf /etc",
        f'--customize-hook=chroot "$1" {purge}',
        '--customize-hook=rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*',
        "bookworm",
        folder / "base.tar",
    )
    return folder / "base.tar"
