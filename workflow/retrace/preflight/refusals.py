"""What a run says of the papers that it refuses: as it starts, and again at its end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from retrace.papers import PaperError
from retrace.papers.paper import Refused


def describe_refusals(refused: Sequence[Refused], results: Path) -> str:
    """Every problem of the papers that are refused, and what there still is of them.

    Parameters
    ----------
    refused : sequence of Refused
    results : Path
        The folder of the run's results.

    Returns
    -------
    str
        Lines for a person; empty where no paper is refused.
    """
    if not refused:
        return ""
    problems = [problem for each in refused for problem in each.problems]
    names = list(dict.fromkeys(each.name for each in refused))
    lines = [str(PaperError(problems)), f"Refused: {', '.join(names)}. The other papers run."]
    if left := [name for name in names if _has_results(name, results)]:
        lines.append(
            f"What {results}/ has of {', '.join(left)} is of an earlier run: it is left alone, and "
            "no table of several papers counts it."
        )
    return "\n".join(lines)


def _has_results(name: str, results: Path) -> bool:
    """Whether there are results of one paper alone."""
    own = (f"studies/{name}", f"bibliography/{name}", f"claims/{name}.csv")
    samples = (results / "studies").glob(f"{name}.*")
    return any((results / part).exists() for part in own) or any(samples)
