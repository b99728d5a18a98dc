"""The image and its twin for Apptainer: built from the lock, and the whole workflow run in them."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from checkouts import ROOT
from debian_root import DebianRoot, python_files
from machine import install, run, say

IMAGE = "localhost/retrace-test:0"
BASE = "localhost/retrace-test-base:0"
LARGEST_IMAGE = 900e6
# What lets an engine start a container within a virtual machine that grants it little.
ENGINE = ("podman", "--runtime", "runc", "--cgroup-manager", "cgroupfs")
LIMITS = ("--ulimit", "nofile=1024", "--ulimit", "nproc=1000")


@pytest.fixture(scope="module")
def image(base_image):
    install("podman", "buildah", "runc", "crun", "make")
    run("podman", "import", base_image, BASE)
    say("building the image")
    options = f"--isolation chroot --network host --build-arg BASE={BASE}"
    try:
        run("make", "image", "ENGINE=buildah", f"IMAGE={IMAGE}", f"BUILD={options}", cwd=ROOT)
        yield IMAGE
    finally:
        for name in (IMAGE, BASE):
            subprocess.run(["podman", "rmi", "--force", name], stdout=subprocess.DEVNULL)


def test_the_image_is_small_labelled_and_not_roots(image):
    size, user, labels = run(
        "podman", "inspect", "--format", "{{.Size}}\n{{.User}}\n{{.Labels}}", image
    ).splitlines()
    say(f"{int(size) / 1e6:.0f} MB")
    assert int(size) < LARGEST_IMAGE
    assert user.partition(":")[0] not in ("", "0", "root")
    for label in ("title", "description", "version", "licenses"):
        assert f"org.opencontainers.image.{label}:" in labels


def test_the_image_makes_the_same_bytes_without_a_network(image, fresh):
    """The container has no network interface but its own loopback, so no job can ask anyone."""
    say("the workflow in a container")
    for path in [fresh.root, *fresh.root.rglob("*")]:
        os.chown(path, 10001, 10001)
    run(*ENGINE, "run", "--rm", *LIMITS, "--network", "none", f"--volume={fresh.root}:/work", image)
    assert fresh.checksums() == fresh.expected


@pytest.fixture(scope="module")
def apptainer(tmp_path_factory):
    install("mmdebstrap")
    say("making a Debian that has Apptainer")
    root = DebianRoot(tmp_path_factory.mktemp("sid") / "root")
    # What Apptainer recommends on top mounts images for people who are not root.
    root.make("sid", ["apptainer", "ca-certificates", "make", "mount", "python3", "squashfs-tools"])
    return root


@pytest.fixture(scope="module")
def sif(apptainer, base_image, tmp_path_factory):
    install("podman")
    folder = tmp_path_factory.mktemp("sif")
    run("podman", "import", base_image, BASE)
    run("podman", "save", "--format", "docker-archive", "--output", folder / "base.tar", BASE)
    say("building the image for Apptainer")
    options = f"--build-arg bootstrap=docker-archive --build-arg base={folder}/base.tar"
    namespace = Path(__file__).parent / "user_namespace.py"
    made = ("make", "sif", f"SIF={folder}/retrace.sif", f"BUILD={options}")
    done = apptainer.run("python3", namespace, *made, folder=ROOT, binds=[folder])
    assert done.returncode == 0, done.stdout[-3000:]
    return folder / "retrace.sif"


def test_apptainer_makes_the_same_bytes(apptainer, sif, fresh):
    say("the workflow with every job in Apptainer")
    python = Path(fresh.python)
    done = apptainer.run(
        *(python, "-m", "snakemake", "--cores", "2", "--sdm", "apptainer"),
        *("--apptainer-args=--no-privs", "--config", f"container={sif}"),
        folder=fresh.root,
        binds=[python.parents[1], *python_files(python), sif.parent],
    )
    assert done.returncode == 0, done.stdout[-4000:]
    jobs = int(re.search(r"^total +(\d+)$", done.stdout, re.MULTILINE)[1])
    # The last job is the target rule, which runs nothing.
    assert done.stdout.count("Activating singularity image") == jobs - 1
    assert fresh.checksums() == fresh.expected
