"""Digests of the code that a rule runs.

Snakemake sees a change in a rule's script, not in the modules that the script imports. The digest
of those modules goes into the rule's params, so that a changed module re-runs the rules that use
it, and no other, and is missed by the between-workflow cache.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

# Import statements, wherever they stand. Parsing every module would take most of a second at each
# start of Snakemake; a line of text that reads like an import can only name a module too many.
_IMPORT = re.compile(r"^[ \t]*import[ \t]+(?P<names>[^\n#]+)", re.MULTILINE)
_FROM = re.compile(
    r"^[ \t]*from[ \t]+(?P<dots>\.*)(?P<base>[\w.]*)[ \t]+import[ \t]+"
    r"(?:\((?P<block>[^)]*)\)|(?P<names>[^\n#(]+))",
    re.MULTILINE,
)


def _imported_names(source: Path, package: Path) -> Iterator[str]:
    text = source.read_text(encoding="utf-8")
    for match in _IMPORT.finditer(text):
        for name in match["names"].split(","):
            yield name.split()[0]
    for match in _FROM.finditer(text):
        base = match["base"]
        if match["dots"]:
            anchor = source.parent
            for _ in match["dots"][1:]:
                anchor = anchor.parent
            parts = anchor.relative_to(package.parent).parts
            base = ".".join((*parts, base) if base else parts)
        yield base
        # `from package import module` names a module as often as a function.
        block = re.sub(r"#[^\n]*", "", match["block"]) if match["block"] else match["names"]
        for name in block.split(","):
            if name.strip():
                yield f"{base}.{name.split()[0]}"


@cache
def _imports(source: Path, package: Path) -> tuple[Path, ...]:
    """The files of `package`, or beside `source`, that `source` imports, however deep inside."""
    found: list[Path] = []
    for name in _imported_names(source, package):
        found.extend(_module_files(name, source, package))
    return tuple(dict.fromkeys(found))


@cache
def _checksum(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def _module_files(name: str, source: Path, package: Path) -> Iterable[Path]:
    parts = name.split(".")
    if parts[0] == package.name:
        # Importing a.b.c runs a/__init__ and a.b/__init__ on the way.
        for depth in range(1, len(parts) + 1):
            path = package.parent.joinpath(*parts[:depth])
            for candidate in (path / "__init__.py", path.with_suffix(".py")):
                if candidate.is_file():
                    yield candidate
    elif len(parts) == 1 and (sibling := source.parent / f"{name}.py").is_file():
        yield sibling


def code_files(script: Path, package: Path) -> list[Path]:
    """A script's own modules: every file of `package` or beside the script that it leads to.

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
            todo.extend(_imports(path, package))
    return sorted(seen)


def code_digest(script: Path, package: Path, *others: Path) -> str:
    """SHA-256 of the modules that a script uses and of `others`, such as the lock file.

    Independent of where the checkout lies: paths enter relative to the library's parent.
    """
    digest = hashlib.sha256()
    for path in [*code_files(script, package), *others]:
        name = path.name if path in others else path.relative_to(package.parent).as_posix()
        digest.update(f"{name}\0".encode() + _checksum(path))
    return digest.hexdigest()
