"""Proof that what the between-workflow cache holds is what a job wrote.

Snakemake trusts an entry of its cache by its name. A disk that filled up, a copy that broke off, or
an editor that followed a result's link into the cache leaves an entry whose content is not what
its name stands for. So each job leaves a seal, an empty file named after the SHA-256 of a
result that it wrote, before that result goes to the cache; and a run discards, before it plans
its jobs, every entry whose content has no seal. What is discarded is computed again.

Seals are made before entries and are never removed, so several runs can use a cache at once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
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


def seal(files: Iterable[str | Path], cache: str | Path) -> None:
    """Leave a seal for each file's content, before Snakemake moves it to the cache.

    Directories are passed over: rules that make one are not cached.
    """
    for file in map(Path, files):
        if file.is_file():
            # Another user's seal is as good as one's own, and cannot be touched.
            with suppress(FileExistsError):
                (Path(cache) / SEALS / _digest(file)).open("x").close()


def discard_altered(cache: str | Path) -> list[Path]:
    """Remove every entry whose content no job wrote.

    Returns
    -------
    list of Path
        The entries that were removed, sorted.
    """
    discarded = []
    for entry in sorted(Path(cache).iterdir()):
        if not entry.is_file():
            continue
        try:
            sealed = (Path(cache) / SEALS / _digest(entry)).exists()
        except FileNotFoundError:
            # Another run discarded it first.
            continue
        if not sealed:
            entry.unlink(missing_ok=True)
            discarded.append(entry)
    return discarded


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
        link.unlink()
    return sorted(links)
