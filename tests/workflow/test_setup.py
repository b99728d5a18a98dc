"""The locks install a year from now, whatever state .venv is in, and are complete."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from moved_index import make_index
from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
SCRIPTS = ("install.sh", "environment.sh")


class Project:
    """A folder with the Makefile, small locks, and an index that has moved on since."""

    def __init__(self, root: Path):
        self.root = root
        # Not what whoever runs the tests has set, `make` with its options among them.
        kept = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH")
        self.environment = {key: os.environ[key] for key in kept if key in os.environ} | {
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": "index",
            "PATH": f"{root / 'path'}:{os.environ['PATH']}",
        }

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess:
        done = subprocess.run(
            command,
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert not check or done.returncode == 0, done.stdout
        return done

    def make(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        return self.run("make", *arguments, check=check)

    def installed(self) -> dict[str, str]:
        code = (
            "from importlib.metadata import distributions as found\n"
            "for package in found(): print(package.name, package.version)"
        )
        lines = self.run(".venv/bin/python", "-c", code).stdout.splitlines()
        return dict(line.split() for line in lines if not line.startswith(("pip ", "setuptools ")))


def new_project(folder: Path) -> Project:
    (folder / "envs").mkdir(parents=True)
    (folder / "path").mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    for script in SCRIPTS:
        shutil.copy(ROOT / "envs" / script, folder / "envs")
    for name, text in make_index(folder / "index").items():
        (folder / f"envs/{name}.txt").write_text(text)
    # The Python of the tests, under the name that people call it by.
    python = folder / "path/python3"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return Project(folder)


@pytest.fixture(scope="module")
def _made(tmp_path_factory) -> Project:
    # The signs that break a path in shells, in make and in the first lines of commands.
    project = new_project(tmp_path_factory.mktemp("set up") / 'it\'s "ours" & $HOME')
    project.make("environment-dev")
    return project


@pytest.fixture
def made(_made: Project, tmp_path: Path) -> Project:
    """A copy with .venv made: it was moved."""
    shutil.copytree(_made.root, tmp_path / "made", symlinks=True)
    return Project(tmp_path / "made")


RUNTIME = {"builder": "1.0", "survey": "1.0", "counter": "1.0", "unbuilt": "1.0"}


def test_every_lock_installs_from_an_index_that_has_moved_on(made):
    assert made.installed() == RUNTIME | {"checker": "1.0"}
    made.make("environment-slurm")
    assert made.installed() == RUNTIME | {"checker": "1.0", "cluster": "1.0"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--require-hashes", "--no-build-isolation"), "must have their versions pinned"),
        (("--require-hashes", "--no-deps"), "builds nothing that the lock names"),
    ],
    ids=["a resolver", "tools that are not locked"],
)
def test_what_the_installation_does_without_would_fail_there(made, options, said):
    failed = made.run(
        *(".venv/bin/python", "-m", "pip", "install", "--force-reinstall", "--no-cache-dir"),
        *(*options, "-r", "envs/requirements.txt"),
        check=False,
    )
    assert failed.returncode != 0
    assert said in failed.stdout


@pytest.mark.long
def test_the_readmes_command_without_make_installs_there_too(tmp_path):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = readme.partition("Without make:\n\n```sh\n")[2].splitlines()[0]
    project = new_project(tmp_path / "project")
    project.run("sh", "-c", command)
    assert project.installed() == RUNTIME


def test_locks_are_installed_by_one_script_only():
    """Whoever calls pip on a lock elsewhere may leave out what makes it last."""
    for pattern in ("Makefile", "*.md", ".ci/*", "docs/**/*.md", "envs/*", "**/profiles/**/*"):
        for path in filter(Path.is_file, ROOT.glob(pattern)):
            text = path.read_text(encoding="utf-8")
            found = re.findall(r"pip install\b.*(?:\\\n.*)*?requirements[\w-]*\.txt", text)
            assert not found, f"{path.relative_to(ROOT)}: {found}"


def test_a_second_time_there_is_nothing_to_do(made):
    for lock in (made.root / "envs").glob("*.txt"):
        os.utime(lock)
    assert made.make("environment-dev").stdout == ""


@pytest.mark.long
def test_an_incomplete_lock_is_refused_each_time(made):
    lock = made.root / "envs/requirements.txt"
    lock.write_text("".join(line for line in lock.open() if not line.startswith("counter")))
    for _ in range(2):
        failed = made.make("environment", check=False)
        assert failed.returncode != 0
        assert "survey 1.0 requires counter, which is not installed." in failed.stdout


def interrupted(project: Project) -> None:
    """As after Ctrl-C within `python -m venv`: there is no pip, and no lock was installed."""
    for lock in (project.root / ".venv").glob(".requirements*"):
        lock.unlink()
    for pip in (project.root / ".venv").glob("lib/python*/site-packages/pip*"):
        shutil.rmtree(pip)


def without_its_python(project: Project) -> None:
    for python in (project.root / ".venv/bin").glob("python*"):
        python.unlink()
        python.symlink_to("/nowhere/python")


def of_another_lock(project: Project) -> None:
    """Among the older packages is one that the lock does not name any more."""
    (project.root / ".venv/.requirements.txt").write_text("other==1.0\n")


def linked(project: Project) -> None:
    """Somebody else's environment, of another lock; it is left as it is."""
    (project.root / ".venv").rename(project.root / "theirs")
    (project.root / ".venv").symlink_to("theirs")
    (project.root / "theirs/.requirements-dev.txt").write_text("other==1.0\n")


LONG = [
    pytest.param(harm, marks=pytest.mark.long) for harm in (interrupted, without_its_python, linked)
]


@pytest.mark.parametrize("harm", [of_another_lock, *LONG])
def test_an_environment_that_is_not_of_the_lock_is_made_anew(made, harm):
    harm(made)
    assert "Making .venv" in made.make("environment").stdout
    assert made.installed() == RUNTIME
    assert made.make("environment").stdout == ""
    if harm is linked:
        assert (made.root / "theirs/bin/python").exists()


def pretend(project: Project, version: str) -> str:
    """A Python that says it is of another version."""
    python = project.root / "path/another"
    script = f'case "$1" in -c) echo {version} ;; *) exec "{sys.executable}" "$@" ;; esac'
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    return f"PYTHON={python}"


@pytest.mark.parametrize("version", ["3.10.9", "3.15.0", "2.7.18"])
def test_a_python_that_the_locks_are_not_for_is_refused(made, version):
    failed = made.make("environment", pretend(made, version), check=False)
    assert failed.returncode != 0
    assert f"Retrace needs Python 3.11 to 3.14, {made.root}/path/another is {version}" in (
        failed.stdout
    )
    # What there was is as good as before.
    assert made.make("environment").stdout == ""


@pytest.mark.long
@pytest.mark.parametrize("version", ["3.12.99", "3.14.0"])
def test_another_python_that_is_asked_for_gets_an_environment_of_its_own(made, version):
    said = made.make("environment", pretend(made, version)).stdout
    assert f"Making .venv for Python {version}" in said


OLD = {"builder": "1.0", "survey": "1.0", "counter": "1.0", "checker": "1.0", "cluster": "1.0"}
NEW = OLD | {"builder": "2.0", "survey": "2.0", "counter": "2.0"}


@pytest.mark.parametrize(
    ("target", "asked", "locked"),
    [
        ("lock", "survey", OLD),
        ("lock", "survey\ncounter>=1.5", OLD | {"counter": "2.0"}),
        ("lock-upgrade", "survey", NEW),
    ],
    ids=["kept", "moved where it does not fit", "upgraded"],
)
def test_locking_keeps_every_pin_that_fits_unless_told_to_upgrade(made, target, asked, locked):
    from uv import find_uv_bin

    for name, text in {
        "requirements-build": "builder",
        "requirements": asked,
        "requirements-dev": "-r requirements.in\n-c requirements.txt\nchecker",
        "requirements-slurm": "-c requirements.txt\ncluster",
    }.items():
        (made.root / f"envs/{name}.in").write_text(f"{text}\n")
    shutil.copy(find_uv_bin(), made.root / ".venv/bin/uv")
    (made.root / "uv.toml").write_text('no-index = true\nfind-links = ["index"]\n')
    shutil.copy(ROOT / "envs/pin_conda.py", made.root / "envs")
    conda = made.root / "envs/stage.yaml"
    conda.write_text("dependencies:\n  - python =3.11\n  - counter =0.9\n")
    made.make(target)
    assert f"  - python =3.11\n  - counter ={locked['counter']}\n" in conda.read_text()
    text = "".join(path.read_text() for path in (made.root / "envs").glob("*.txt"))
    assert dict(re.findall(r"^(\w+)==([\w.]+)", text, re.MULTILINE)) == locked


def requirements(lock: str) -> dict[str, Requirement]:
    text = (ROOT / f"envs/{lock}.txt").read_text()
    lines = re.findall(r"^([a-z0-9_.-]+==[^\\\n]+)", text, re.MULTILINE)
    return {(found := Requirement(line)).name: found for line in lines}


def applies(requirement: Requirement, environment: dict[str, str], extras: set[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(
        marker.evaluate({**environment, "extra": extra}) for extra in extras | {""}
    )


@pytest.mark.parametrize("system", ["linux", "darwin"])
@pytest.mark.parametrize("minor", [11, 12, 13, 14])
def test_a_lock_holds_all_that_its_packages_require(minor, system):
    """By the packages' own metadata, for a machine that need not be this one."""
    environment = default_environment() | {
        "python_version": f"3.{minor}",
        "python_full_version": f"3.{minor}.0",
        "sys_platform": system,
        "platform_system": {"linux": "Linux", "darwin": "Darwin"}[system],
        "platform_machine": {"linux": "x86_64", "darwin": "arm64"}[system],
    }
    locked = requirements("requirements-dev")
    assert len(locked) > 100
    asked = [(name, "") for name in locked]
    seen = set()
    while asked:
        name, extra = asked.pop()
        if (name, extra) in seen or not applies(locked[name], environment, set()):
            continue
        seen.add((name, extra))
        try:
            package = distribution(name)
        except PackageNotFoundError:
            assert locked[name].marker is not None, f"{name} is locked and not installed"
            continue
        assert Requirement(f"python{package.metadata['Requires-Python'] or ''}").specifier.contains(
            f"3.{minor}.0"
        ), f"{name} is not for Python 3.{minor}"
        for text in package.requires or ():
            required = Requirement(text)
            if not applies(required, environment, {extra}):
                continue
            wanted = re.sub(r"[-_.]+", "-", required.name).lower()
            assert wanted in locked, f"{name} requires {text}"
            (pin,) = locked[wanted].specifier
            assert required.specifier.contains(pin.version, prereleases=True), f"{name}: {text}"
            assert applies(locked[wanted], environment, set()), f"{name} requires {text}"
            asked += [(wanted, more) for more in ("", *required.extras)]


def test_locks_agree_with_each_other():
    locked = requirements("requirements-dev")
    for other in ("requirements", "requirements-slurm"):
        for name, pin in requirements(other).items():
            assert locked.get(name, pin).specifier == pin.specifier, f"{name} in {other}.txt"
