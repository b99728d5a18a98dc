"""A folder of packages that pip takes for its index, with newer ones than a lock names."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

# A builder of packages, as small as pip allows. It knows the one package that has no wheel.
BACKEND = """\
import zipfile

def build_wheel(folder, settings=None, metadata=None):
    name = "unbuilt-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        for path, text in FILES.items():
            wheel.writestr(path, text)
    return name
"""
BROKEN = 'raise ImportError("this release builds nothing that the lock names")\n'


def metadata(name: str, version: str, *lines: str) -> str:
    return "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *lines, ""])


def files_of(name: str, version: str, module: str = "", lines: tuple[str, ...] = ()):
    """What a wheel holds, by path."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": module,
        f"{info}/METADATA": metadata(name, version, *lines),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    return files | {f"{info}/RECORD": "".join(f"{path},,\n" for path in files)}


def write_wheel(folder: Path, name: str, version: str, module: str = "", *lines: str) -> Path:
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for inside, text in files_of(name, version, module, lines).items():
            wheel.writestr(inside, text)
    return path


def write_source(folder: Path, name: str, version: str) -> Path:
    """A package without a wheel."""
    path = folder / f"{name}-{version}.tar.gz"
    build = '[build-system]\nrequires = ["builder"]\nbuild-backend = "builder"\n'
    files = {"pyproject.toml": build, "PKG-INFO": metadata(name, version)}
    with tarfile.open(path, "w:gz") as archive:
        for inside, text in files.items():
            member = tarfile.TarInfo(f"{name}-{version}/{inside}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


def pinned(*files: Path) -> str:
    """A lock of these files."""
    lines = []
    for file in files:
        name, version = file.name.removesuffix(".tar.gz").split("-")[:2]
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        lines.append(f"{name}=={version} --hash=sha256:{digest}\n")
    return "".join(lines)


def make_index(folder: Path) -> dict[str, str]:
    """Fill a folder; returns the locks of what was newest before, by name.

    `survey` requires `counter[fast]`, as pytest-cov requires `coverage[toml]`.
    """
    folder.mkdir()
    backend = f"FILES = {files_of('unbuilt', '1.0')!r}\n{BACKEND}"
    builder = write_wheel(folder, "builder", "1.0", backend)
    extra = ("Provides-Extra: fast",)
    counter = write_wheel(folder, "counter", "1.0", "", *extra)
    survey = write_wheel(folder, "survey", "1.0", "", "Requires-Dist: counter[fast]>=1.0")
    runtime = pinned(survey, counter, write_source(folder, "unbuilt", "1.0"))
    write_wheel(folder, "counter", "2.0", "", *extra)
    write_wheel(folder, "survey", "2.0", "", "Requires-Dist: counter[fast]>=2.0")
    write_wheel(folder, "builder", "2.0", BROKEN)
    return {
        "requirements-build": pinned(builder),
        "requirements": runtime,
        "requirements-dev": runtime + pinned(write_wheel(folder, "checker", "1.0")),
        "requirements-slurm": pinned(counter, write_wheel(folder, "cluster", "1.0")),
    }
