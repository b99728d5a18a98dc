"""Real machines to run the whole workflow on: a cluster, container engines, other Pythons.

Nothing here is needed to use Retrace. Where root's rights or Debian's packages are missing, the
tests are skipped and say what was missing.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# The copies of the checkout that the workflow's own tests use.
sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))

from checkouts import PARTS, ROOT, Checkout, copy
from machine import install, run, say


@pytest.fixture(scope="session")
def local(tmp_path_factory) -> Checkout:
    """All results made on this machine with two cores, and their checksums."""
    say("the workflow on this machine, two cores")
    checkout = copy(ROOT, tmp_path_factory.mktemp("local") / "retrace")
    checkout.snakemake("--cores", "2")
    checkout.expected = checkout.checksums()
    say(f"{len(checkout.expected)} files")
    return checkout


@pytest.fixture
def fresh(local, tmp_path) -> Checkout:
    """A copy in which nothing has run, and what it is expected to make."""
    checkout = copy(ROOT, tmp_path / "fresh")
    checkout.expected = local.expected
    return checkout


@pytest.fixture
def finished(local, tmp_path) -> Checkout:
    """A copy with all results made."""
    checkout = copy(local.root, tmp_path / "finished", (*PARTS, ".snakemake", "results"))
    checkout.expected = local.expected
    return checkout


@pytest.fixture(scope="session")
def base_image(tmp_path_factory) -> Path:
    """Debian 12's minimal system as a tar file: no image registry is asked.

    It knows this machine's own certificates, so that a build in it reaches the package index.
    """
    install("mmdebstrap")
    folder = tmp_path_factory.mktemp("base")
    certificates = Path("/etc/ssl/certs/ca-certificates.crt")
    (folder / "ca.crt").write_bytes(certificates.read_bytes())
    (folder / "pip.conf").write_text("[global]\ncert = /ca.crt\n")
    say("making Debian's base image")
    run(
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
        '--customize-hook=chroot "$1" apt-get -y -qq purge --auto-remove usrmerge',
        '--customize-hook=rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*',
        "bookworm",
        folder / "base.tar",
    )
    return folder / "base.tar"
