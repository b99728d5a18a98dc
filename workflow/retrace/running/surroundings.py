"""What a run finds around it: awkward paths, and homes that cannot be written to."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

# What a shell takes as it stands.
_PLAIN = re.compile(r"[\w@%+=:,./-]+", re.ASCII)


def name_for_shells(program: str, links: Path) -> str:
    """A path of a program that a shell takes without quotes.

    Parameters
    ----------
    program : str
        Path of a program in the `bin` of an environment.
    links : Path
        Relative folder, made where needed, for a link to the environment. Its own path, relative
        too, is plain wherever the working directory lies.

    Returns
    -------
    str
        `program` itself where its path is plain, or where no link can be made.
    """
    if _PLAIN.fullmatch(program):
        return program
    environment = Path(program).parents[1]
    # A name of its own for each environment: runs and what is left of them may use several.
    link = links / hashlib.sha256(os.fsencode(environment)).hexdigest()[:12]
    if not link.exists():
        with suppress(OSError):
            links.mkdir(parents=True, exist_ok=True)
            begun = link.with_name(f".{link.name}-{secrets.token_hex(4)}")
            begun.symlink_to(environment)
            # In one step: several jobs may come here at once.
            os.replace(begun, link)
    named = link / Path(program).relative_to(environment)
    return named.as_posix() if named.exists() else program


def find_cache_folder(environment: Mapping[str, str], own: Path) -> dict[str, str]:
    """Environment variables for programs that keep files in a home that cannot be written to.

    Matplotlib and fontconfig go by them; without, each job looks for all fonts anew.

    Parameters
    ----------
    environment : mapping
        Variables as they are.
    own : Path
        The folder to be used instead; made by who uses it.
    """
    home = Path(environment.get("HOME") or os.path.expanduser("~"))
    if not home.is_dir():
        # One that is not there is not to be made in passing.
        home = Path(os.devnull)
    cache = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    settings = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    instead = {
        "XDG_CACHE_HOME": (cache, own),
        "MPLCONFIGDIR": (Path(environment.get("MPLCONFIGDIR") or settings), own / "matplotlib"),
    }
    return {
        name: str(folder.absolute())
        for name, (place, folder) in instead.items()
        if not _can_be_written(place)
    }


def _can_be_written(folder: Path) -> bool:
    """Whether a folder, or one that it can be made in, takes new files."""
    for place in (folder, *folder.parents):
        if os.path.lexists(place):
            try:
                # Rights alone do not tell: file systems are full, or read-only for root too.
                with tempfile.TemporaryFile(dir=place):
                    return True
            except OSError:
                return False
    return False
