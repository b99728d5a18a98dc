"""Commands on the whole workflow: start a run."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

# What tells Retrace's own Snakefile from another.
_OWN = "workflow/rules/common.smk"
VARIABLE = "RETRACE_WORKFLOW"


def add_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    """`retrace run`."""
    add(
        "run",
        "make all results: everything behind `run` goes to Snakemake",
        run,
        description=(
            "Starts Snakemake with Retrace's Snakefile in the current folder, and tells it "
            "everything that stands behind `run`. The Snakefile is that of the checkout in whose "
            f"folders you are, else that of the folder that ${VARIABLE} names, else that of the "
            "checkout that this library lies in.\n\nSnakemake's status is not 0 where a job fails, "
            "and where a paper of a stage that is asked for is refused; the other papers are "
            "complete all the same."
        ),
        example="retrace run --cores 2 bibliography; retrace run -- --help asks Snakemake",
        passes_on=True,
    )


def run(options: argparse.Namespace) -> tuple[int, list[dict], str]:
    """Become Snakemake; only where that cannot be, return."""
    if importlib.util.find_spec("snakemake") is None:
        raise argparse.ArgumentTypeError(
            "Snakemake is not installed; `make run` in a checkout installs all, "
            "`pip install 'retrace[workflow]'` Snakemake"
        )
    told = options.rest[1:] if options.rest[:1] == ["--"] else options.rest
    snakefile = os.path.relpath(find_snakefile(Path.cwd(), os.environ.get(VARIABLE)))
    sys.stdout.flush()
    command = [sys.executable, "-m", "snakemake", "--snakefile", snakefile, *told]
    os.execv(sys.executable, command)


def find_snakefile(here: Path, named: str | None) -> Path:
    """Retrace's Snakefile: of the checkout around a folder, of the one named, of this library.

    Raises
    ------
    argparse.ArgumentTypeError
        If the folder named has none, or none is found.
    """
    for folder in _places(here, named):
        if (folder / "Snakefile").is_file() and (folder / _OWN).is_file():
            return folder / "Snakefile"
        if named is not None and folder == Path(named):
            raise argparse.ArgumentTypeError(f"${VARIABLE} is {named}: no checkout of Retrace")
    raise argparse.ArgumentTypeError(
        f"there is no checkout of Retrace here; go into one, or name it with ${VARIABLE}"
    )


def _places(here: Path, named: str | None) -> Iterator[Path]:
    yield from (here, *here.parents)
    if named is not None:
        yield Path(named)
    yield Path(__file__).resolve().parents[3]
