"""Proof that what the between-workflow cache holds is what a job wrote, under the name it has.

Snakemake trusts an entry of its cache by its name. A disk that filled up, a copy that broke off, or
an editor that followed a result's link into the cache leaves an entry whose content is not what
its name stands for; so does one entry copied over another. Two kinds of seals, both empty files
whose names say all, tell such entries apart:

- `<content>`, the SHA-256 of a result, made by the job that wrote it, before the result goes to the
  cache. A job cannot know the name that Snakemake will give to the entry.
- `<entry>.<content>`, which binds a content to the name of an entry: made at the end of a run, or
  at the start of the next one, for each new entry whose content a job has sealed.

A run discards, before it plans its jobs, every entry whose content was never sealed, or is not the
one that its name is bound to. What is discarded is computed again.

Seals of contents are made before entries and are never removed, so several runs can use a cache at
once; the binding of a name goes with the entry that is discarded.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

# Retrace's own part of the cache: nothing else there is ever discarded.
FOLDER = "retrace"
SEALS = "seals"


def open_cache(location: str | Path) -> Path:
    """Retrace's own folder within a cache, made where it is not there yet.

    Raises
    ------
    ValueError
        If the location is not a folder that can be written to.
    """
    # Absolute: results become links to entries, from wherever they lie.
    cache = Path(location).absolute()
    if cache.name != FOLDER:
        if not cache.is_dir():
            raise ValueError(f"there is no folder {location}; make it, and it will be filled")
        cache = cache / FOLDER
    seals = cache / SEALS
    for folder in (cache, seals):
        if not folder.is_dir():
            folder.mkdir(exist_ok=True)
            # Whoever may write to the cache may write here: a group shares it.
            shutil.copymode(folder.parent, folder)
    if not os.access(cache, os.W_OK) or not os.access(seals, os.W_OK):
        raise ValueError(f"the folder {cache} cannot be written to")
    return cache


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal(results: Iterable[str | Path], cache: str | Path) -> None:
    """Leave a seal for each result's content, before Snakemake moves it to the cache."""
    for result in map(Path, results):
        if result.exists():
            _leave(Path(cache) / SEALS / _digest(result))


def _leave(seal: Path) -> None:
    # Another user's seal is as good as one's own, and cannot be touched.
    with suppress(FileExistsError):
        seal.open("x").close()


def _entries(cache: Path) -> Iterator[Path]:
    """What the cache holds; a transfer under way is a folder, and no result is one."""
    return filter(Path.is_file, sorted(cache.iterdir()))


def _bindings(cache: Path) -> dict[str, set[str]]:
    """The contents that each entry's name is bound to."""
    bound: dict[str, set[str]] = {}
    for path in (cache / SEALS).iterdir():
        name, _, content = path.name.rpartition(".")
        if name:
            bound.setdefault(name, set()).add(content)
    return bound


def discard_altered(cache: str | Path) -> list[Path]:
    """Remove every entry whose content no job wrote under its name, and bind the others.

    Returns
    -------
    list of Path
        The entries that were removed, sorted.
    """
    cache = Path(cache)
    bound, discarded = _bindings(cache), []
    for entry in _entries(cache):
        try:
            content = _digest(entry)
        except FileNotFoundError:
            # Another run discarded it first.
            continue
        contents = bound.get(entry.name, set())
        if content in contents:
            continue
        if contents or not (cache / SEALS / content).exists():
            _discard(entry, contents)
            discarded.append(entry)
        else:
            _leave(cache / SEALS / f"{entry.name}.{content}")
    return discarded


def _discard(entry: Path, contents: Iterable[str]) -> None:
    entry.unlink(missing_ok=True)
    for content in contents:
        (entry.parent / SEALS / f"{entry.name}.{content}").unlink(missing_ok=True)


def bind_seals(cache: str | Path) -> None:
    """Bind the names of new entries to their contents, where a job has sealed these."""
    cache = Path(cache)
    bound = _bindings(cache)
    for entry in _entries(cache):
        if entry.name not in bound:
            with suppress(FileNotFoundError):
                content = _digest(entry)
                if (cache / SEALS / content).exists():
                    _leave(cache / SEALS / f"{entry.name}.{content}")


def drop_dangling_links(results: str | Path) -> list[Path]:
    """Remove results whose entry is no longer in the cache, so that they are made again.

    Snakemake takes a link to nothing for a file that vanishes while it runs, and stops.

    Returns
    -------
    list of Path
        The links that were removed, sorted.
    """
    links = [path for path in Path(results).rglob("*") if path.is_symlink() and not path.exists()]
    for link in links:
        link.unlink(missing_ok=True)
    return sorted(links)
