"""The image and its twin for Apptainer: built from the lock, and the whole workflow run in them."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from checkouts import ROOT, copy
from debian_root import DebianRoot, python_files
from machine import install, need, run, say

IMAGE = "localhost/retrace-test:0"
BASE = "localhost/retrace-test-base:0"
LARGEST_IMAGE = 900e6
# What lets an engine start a container within a virtual machine that grants it little. The
# container has no network interface but its own loopback, so no job can ask anyone.
ENGINE = ("podman", "--runtime", "runc", "--cgroup-manager", "cgroupfs", "run", "--rm")
LIMITS = ("--ulimit", "nofile=1024", "--ulimit", "nproc=1000", "--network", "none")


def give(folder: Path, user: int, group: int) -> None:
    """Make a folder and all in it a user's own."""
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, user, group)


@pytest.fixture(scope="module")
def base(base_image):
    """Debian's minimal system as an image, on which containers can be started."""
    install("podman", "buildah", "runc", "crun", "make")
    try:
        need("podman", "import", base_image, BASE)
        need(*ENGINE, *LIMITS, BASE, "true")
        yield BASE
    finally:
        subprocess.run(["podman", "rmi", "--force", BASE], stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def image(base):
    say("building the image")
    options = f"--isolation chroot --network host --build-arg BASE={base}"
    try:
        run("make", "image", "ENGINE=buildah", f"IMAGE={IMAGE}", f"BUILD={options}", cwd=ROOT)
        yield IMAGE
    finally:
        subprocess.run(["podman", "rmi", "--force", IMAGE], stdout=subprocess.DEVNULL)


def test_the_image_is_small_labelled_and_not_roots(image):
    size, user, labels = run(
        "podman", "inspect", "--format", "{{.Size}}\n{{.User}}\n{{.Labels}}", image
    ).splitlines()
    say(f"{int(size) / 1e6:.0f} MB")
    assert int(size) < LARGEST_IMAGE
    assert user.partition(":")[0] not in ("", "0", "root")
    for label in ("title", "description", "version", "licenses"):
        assert f"org.opencontainers.image.{label}:" in labels


def test_every_package_of_the_image_has_its_bytecode(image):
    """Nobody can write it there later, and without it every job starts three times as slowly."""
    code = (
        "import importlib.util, pathlib, sysconfig;"
        "files = pathlib.Path(sysconfig.get_path('purelib')).rglob('*.py');"
        "print(sum(not pathlib.Path(importlib.util.cache_from_source(f)).exists() for f in files))"
    )
    assert int(run(*ENGINE, *LIMITS, image, "python", "-c", code)) == 0


def test_the_image_makes_the_same_bytes_without_a_network(image, fresh):
    say("the workflow in a container")
    give(fresh.root, 10001, 10001)
    run(*ENGINE, *LIMITS, f"--volume={fresh.root}:/work", image)
    assert fresh.checksums() == fresh.expected


def test_another_user_is_served_from_the_cache_and_serves_it(image, local, tmp_path):
    """A group's folder as in docs/how-to/cache.md; the first user lets nobody read their files."""
    say("two users and their group's cache")
    ann, ben, group = 10001, 10002, 10100
    cache = tmp_path / "cache"
    cache.mkdir()
    os.chown(cache, ann, group)
    cache.chmod(0o2770)
    checkouts = {user: copy(ROOT, tmp_path / str(user)) for user in (ann, ben)}
    for user, checkout in checkouts.items():
        give(checkout.root, user, user)

    def papers(user, umask):
        return run(
            *(*ENGINE, *LIMITS, f"--user={user}:{user}", f"--group-add={group}"),
            *(f"--umask={umask}", f"--env=SNAKEMAKE_OUTPUT_CACHE={cache}"),
            *(f"--volume={cache}:{cache}", f"--volume={checkouts[user].root}:/work", image),
            *("snakemake", "--cores", "2", "--profile", "profiles/cache", "papers"),
        )

    assert "to cache" in papers(ann, "0077")
    assert "to cache" not in papers(ben, "0022")
    made = checkouts[ben].checksums()
    assert made
    assert made.items() <= local.expected.items()
    # The second mends what was damaged, and the first is served from that.
    damaged = min(path for path in (cache / "retrace").iterdir() if path.is_file())
    damaged.write_bytes(b"damaged")
    assert papers(ben, "0022").count("Discarded") == 1
    assert damaged.stat().st_uid == ben
    assert "Discarded" not in papers(ann, "0077")
    assert checkouts[ann].checksums() == checkouts[ben].checksums() == made


@pytest.fixture(scope="module")
def apptainer(tmp_path_factory, certificates):
    install("mmdebstrap")
    say("making a Debian that has Apptainer")
    root = DebianRoot(tmp_path_factory.mktemp("sid") / "root")
    # What Apptainer recommends on top mounts images for people who are not root.
    root.make("sid", ["apptainer", "make", "python3", "squashfs-tools"])
    return root


@pytest.fixture(scope="module")
def sif(apptainer, base, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sif")
    archive = folder / "base.tar"
    run("podman", "save", "--format", "docker-archive", "--output", archive, base)

    def in_namespace(*command):
        namespace = Path(__file__).parent / "user_namespace.py"
        return apptainer.run("python3", namespace, *command, folder=ROOT, binds=[folder])

    tried = in_namespace("apptainer", "build", folder / "tried.sif", f"docker-archive:{archive}")
    if tried.returncode != 0:
        pytest.skip(f"Apptainer cannot build here: {tried.stdout[-600:]}")
    say("building the image for Apptainer")
    options = f"--build-arg bootstrap=docker-archive --build-arg base={archive}"
    # Time is dearer than room here.
    options += " --mksquashfs-args '-Xcompression-level 1'"
    done = in_namespace("make", "sif", f"SIF={folder}/retrace.sif", f"BUILD={options}")
    assert done.returncode == 0, done.stdout[-3000:]
    return folder / "retrace.sif"


def test_the_image_for_apptainer_is_small_and_labelled(apptainer, sif):
    say(f"{sif.stat().st_size / 1e6:.0f} MB")
    assert sif.stat().st_size < LARGEST_IMAGE
    labels = apptainer.run("apptainer", "inspect", "--labels", sif, folder=sif.parent).stdout
    for label in ("title", "description", "version", "licenses"):
        assert f"org.opencontainers.image.{label}:" in labels


def test_apptainer_makes_the_same_bytes(apptainer, sif, fresh):
    tried = apptainer.run("apptainer", "exec", "--no-privs", sif, "true", folder=sif.parent)
    if tried.returncode != 0:
        pytest.skip(f"Apptainer cannot run here: {tried.stdout[-600:]}")
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
