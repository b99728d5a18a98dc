"""A stand-in for the command `conda`: stand_in_conda.py BASE ARGUMENTS.

It answers what Snakemake asks, and makes an environment by linking, from the environment it runs
in, the packages that a file names, with what these require. A package in another version than the
file pins is an error. The name of each environment that was made is added to BASE/made.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from importlib.metadata import distribution
from pathlib import Path

import yaml
from packaging.requirements import Requirement

# Names of packages on conda-forge that differ from PyPI's.
PYPI_NAMES = {"snakemake-minimal": "snakemake", "matplotlib-base": "matplotlib"}
NOT_PACKAGES = {"python", "pip"}


def create(file: Path, prefix: Path) -> str:
    """Make the environment of a file at a prefix, and return its name."""
    content = yaml.safe_load(file.read_text())
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", prefix], check=True)
    paths = {"base": str(prefix), "platbase": str(prefix)}
    target = Path(sysconfig.get_path("purelib", "venv", paths))
    linked: set[str] = set()
    for entry in content["dependencies"]:
        for pin in entry["pip"] if isinstance(entry, dict) else [entry]:
            name, _, version = (part.strip() for part in pin.partition("="))
            if name in NOT_PACKAGES:
                continue
            link(PYPI_NAMES.get(name, name), target, prefix / "bin", linked)
            found = distribution(PYPI_NAMES.get(name, name)).version
            if found != version.lstrip("="):
                raise SystemExit(f"{name}: {version} is pinned, {found} is there")
    return content["name"]


def link(name: str, target: Path, programs: Path, linked: set[str]) -> None:
    """Link a package's files, and those of all that it requires."""
    package = distribution(name)
    if package.metadata["Name"] in linked:
        return
    linked.add(package.metadata["Name"])
    for file in package.files:
        origin = Path(package.locate_file(file))
        # A program lies outside of the packages' folder.
        if file.parts[0] != "..":
            place = target / file.parts[0]
            origin = Path(package.locate_file(file.parts[0]))
        elif "bin" in file.parts:
            place = programs / file.name
        else:
            continue
        if not place.exists() and origin.name != "__pycache__":
            place.symlink_to(os.path.realpath(origin))
    for text in package.requires or ():
        required = Requirement(text)
        if required.marker is None or required.marker.evaluate({"extra": ""}):
            link(required.name, target, programs, linked)


def main(base: Path, arguments: list[str]) -> None:
    """Answer as conda does, as far as Snakemake asks."""
    match arguments:
        case ["--version"]:
            print("conda 24.7.1")
        case ["info", "--json"]:
            print(json.dumps({"conda_prefix": str(base), "platform": "linux-64"}))
        case ["config", "--get", "channel_priority", "--json"]:
            print(json.dumps({"get": {"channel_priority": "strict"}}))
        case ["env", "create", "--quiet", "--no-default-packages", "--file", file, "--prefix", to]:
            name = create(Path(file), Path(to))
            with (base / "made").open("a") as made:
                made.write(f"{name}\n")
        case ["clean", "-y", "--tarballs"]:
            pass
        case _:
            raise SystemExit(f"the stand-in for conda does not know: {' '.join(arguments)}")


main(Path(sys.argv[1]), sys.argv[2:])
