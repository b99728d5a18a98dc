"""Digests of the code that a rule runs, and of what it uses of a paper.

Snakemake sees a change in a rule's script, not in the modules that the script imports, nor in the
files of the package that these read. The digest of those goes into the rule's params, so that a
changed module re-runs the rules that use it, and no other, and is missed by the between-workflow
cache.

Of a paper's files Snakemake sees their times. What a rule uses of them decides instead: the digest
of that, as it was read, goes into the rule's params too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

# Import statements, wherever they stand. Parsing every module would take most of a second at each
# start of Snakemake; a line of text that reads like an import can only name a module too many.
_IMPORT = re.compile(r"^[ \t]*import[ \t]+(?P<names>[^\n#]+)", re.MULTILINE)
_FROM = re.compile(
    r"^[ \t]*from[ \t]+(?P<base>[\w.]+)[ \t]+import[ \t]+"
    r"(?:\((?P<block>[^)]*)\)|(?P<names>[^\n#(]+))",
    re.MULTILINE,
)
# A module that looks for those beside it may run any of them.
_FINDS_MODULES = re.compile(r"^[^#\n]*\biter_modules\(", re.MULTILINE)
# A file of the package that a module reads: `files("retrace.robustness") / "ask_lavaan.R"`.
_READS = re.compile(r"""^[^#\n]*\bfiles\("(?P<room>[\w.]+)"\) / "(?P<name>[^"]+)\"""", re.MULTILINE)
# What only a type checker imports never runs.
_TYPE_CHECKING = re.compile(r"^if TYPE_CHECKING:\n(?:[ \t]+[^\n]*\n|\n)+", re.MULTILINE)


def _imported(source: Path, checked: bool = False) -> Iterator[tuple[str, str]]:
    """Every import of a file: the module, and the name taken from it, empty for the module.

    What only a type checker imports is among them where `checked` says so.
    """
    text = source.read_text(encoding="utf-8")
    text = text if checked else _TYPE_CHECKING.sub("", text)
    for match in _IMPORT.finditer(text):
        for name in match["names"].split(","):
            yield name.split()[0], ""
    for match in _FROM.finditer(text):
        names = re.sub(r"#[^\n]*", "", match["block"] or "") or match["names"]
        for name in names.split(","):
            if name.strip():
                yield match["base"], name.split()[0]


@cache
def _re_exports(init: Path) -> dict[str, str]:
    """Where the names that a package's `__init__` offers come from: module by name.

    Those that it offers lazily are imported there for type checkers.
    """
    return {name: module for module, name in _imported(init, checked=True) if name}


@cache
def _imports(source: Path, package: Path) -> frozenset[Path]:
    """The files of `package`, or beside `source`, that `source` imports or reads, however deep."""
    found: set[Path] = set()
    for module, name in _imported(source):
        found.update(_files(module, name, source.parent, package))
    text = source.read_text(encoding="utf-8")
    # Few modules have either word; to look at every line of the others takes a tenth of a second.
    if "iter_modules(" in text and _FINDS_MODULES.search(text):
        found.update(path for path in source.parent.glob("*.py") if path != source)
    if 'files("' in text:
        read = (
            package.parent.joinpath(*m["room"].split("."), m["name"]) for m in _READS.finditer(text)
        )
        found.update(path for path in read if path.is_file())
    return frozenset(found)


@cache
def _inits(folder: Path, package: Path) -> frozenset[Path]:
    """What runs on the way to a.b.c: a/__init__, a.b/__init__, and its own if it is a package."""
    above: frozenset[Path] = frozenset() if folder == package else _inits(folder.parent, package)
    init = folder / "__init__.py"
    return above | {init} if init.is_file() else above


@cache
def _files(module: str, name: str, beside: Path, package: Path) -> frozenset[Path]:
    parts = module.split(".")
    if parts[0] != package.name:
        sibling = beside / f"{module}.py"
        return frozenset([sibling] if sibling.is_file() else [])
    path = package.parent.joinpath(*parts)
    found = set(_inits(path, package))
    if path.with_suffix(".py").is_file():
        found.add(path.with_suffix(".py"))
    elif name and (path / f"{name}.py").is_file():
        found.add(path / f"{name}.py")
    if name and (path / "__init__.py").is_file():
        # A package's `__init__` here only re-exports: of that, what is asked for is what counts.
        origin = _re_exports(path / "__init__.py").get(name)
        if origin is not None:
            found |= _files(origin, name, beside, package)
    return frozenset(found)


@cache
def _checksum(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def code_files(script: Path, package: Path) -> list[Path]:
    """A script's own modules: every file of `package` or beside the script that it leads to.

    Files of the package that such a module reads are among them.

    Parameters
    ----------
    script : Path
        The Python script of a rule.
    package : Path
        Folder of the library, as `workflow/retrace`.

    Returns
    -------
    list of Path
        Sorted; the script itself is not among them, Snakemake watches it.
    """
    seen: set[Path] = set()
    todo = list(_imports(script, package))
    while todo:
        path = todo.pop()
        if path not in seen:
            seen.add(path)
            if path.suffix == ".py" and path.name != "__init__.py":
                todo.extend(_imports(path, package))
    return sorted(seen)


def code_digest(script: Path, package: Path, *others: Path) -> str:
    """SHA-256 of the modules that a script uses, and of `others`, such as the lock file.

    Independent of where the checkout lies: paths enter relative to the library's parent.
    """
    digest = hashlib.sha256()
    for path in [*code_files(script, package), *others]:
        name = path.name if path in others else path.relative_to(package.parent).as_posix()
        digest.update(f"{name}\0".encode() + _checksum(path))
    return digest.hexdigest()


def content_digest(*contents: Any) -> str:
    """SHA-256 of values: models, dataclasses, mappings, sequences, numbers and texts.

    Equal values in the same order have equal digests, whatever file or line they were read from.
    """
    return hashlib.sha256(TypeAdapter(Any).dump_json(contents)).hexdigest()


def file_digest(*files: str | Path) -> str:
    """SHA-256 of the contents of files, in the order given; their names and times do not count."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(_checksum(Path(file)))
    return digest.hexdigest()
