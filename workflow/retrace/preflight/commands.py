"""Commands on paper folders: can a folder be read, and what is wrong with it?"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path


def add_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    """`retrace check`."""
    command = add(
        "check",
        "what is wrong with a paper's folder?",
        check,
        description=(
            "Reads the folder of a paper, or each of a folder of papers, as a run does before its "
            "first job, and names every problem with its file and line or field: `refused` is what "
            "keeps a paper from being read, `look at` what is read and is likelier a slip of "
            "transcription. Nothing is written, and nothing of the paper is trusted."
        ),
        example="retrace check resources/papers/magni2022",
    )
    command.add_argument(
        "folders", nargs="+", type=Path, metavar="FOLDER", help="of a paper, or of several papers"
    )


def check(options: argparse.Namespace) -> tuple[int, list[dict], str]:
    """A row a problem, with the file and what is to be done; `look at` is no problem yet."""
    papers = [paper for folder in options.folders for paper in _papers_of(folder)]
    rows = [row for paper in papers for row in _rows(paper)]
    refused = {row["paper"] for row in rows if row["verdict"] == "refused"}
    number = f"{len(papers)} paper{'s' if len(papers) != 1 else ''}"
    return int(bool(refused)), rows, f"{number} checked, {len(refused)} refused"


def _papers_of(folder: Path) -> list[Path]:
    """The folder of a paper, or those in a folder of papers."""
    from retrace.papers.paper import LEFT_BY_SYSTEMS

    if not folder.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {str(folder)!r}")
    inside = sorted(path for path in folder.iterdir() if (path / "paper.yaml").exists())
    if (folder / "paper.yaml").exists() or not inside:
        return [folder]
    return [path for path in inside if path.name not in LEFT_BY_SYSTEMS]


def _rows(paper: Path) -> list[dict]:
    """The problems of one paper, found by what a run asks, in a folder of papers with it alone."""
    from retrace.papers import PaperError, Problem
    from retrace.preflight.papers import check_papers

    whole = paper.resolve()
    with tempfile.TemporaryDirectory() as alone:
        (Path(alone) / whole.name).symlink_to(whole, target_is_directory=True)

        def named(text: str) -> str:
            return text.replace(f"{Path(alone).as_posix()}/", "")

        refused: list[Problem] = []
        looked_at: list[Problem] = []
        try:
            check_papers([alone], warn=looked_at.append)
        except PaperError as error:
            refused = error.problems
    return [
        {
            "paper": whole.name,
            "verdict": verdict,
            "where": ", ".join(filter(None, (named(problem.file), problem.place))),
            "problem": named(problem.message),
        }
        for verdict, problems in (("refused", refused), ("look at", looked_at))
        for problem in problems
    ]
