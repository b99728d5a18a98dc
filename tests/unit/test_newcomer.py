"""From the README, whoever looks for something finds its file in three clicks, without a search."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_CLICKS = 3
ROOMS = "workflow/retrace"

# What somebody looks for; the clicks from the README on; what stands where they end.
TASKS = {
    "where do I change how stars are read?": (
        ["CONTRIBUTING.md", f"{ROOMS}/printed/numbers.py"],
        "_PLAIN_STARS",
    ),
    "where is a cell's star held against the legend?": (
        ["CONTRIBUTING.md", f"{ROOMS}/checks/regression/stars.py"],
        "legend",
    ),
    "how do I type a table with several models and steps?": (
        ["docs/README.md", "docs/reference/studies.md"],
        "opens a step",
    ),
    "let a table head say adj. R-square in another way": (
        ["CONTRIBUTING.md", f"{ROOMS}/printed/headings.py"],
        "adjusted_r2",
    ),
    "add a check of skewness": (["CONTRIBUTING.md", f"{ROOMS}/checks", "__init__.py"], "A check"),
    "let paper.yaml print skewness": (
        ["CONTRIBUTING.md", f"{ROOMS}/papers/study.py"],
        "class Construct",
    ),
    "why does H2 say undetermined?": (["docs/explanation/methods.md"], "| `undetermined` |"),
    "what does the column not_attainable of verdicts.csv mean?": (
        ["workflow/report", "verdicts.rst"],
        "``not_attainable`` counts it",
    ),
    "which file holds the risk of a confounder?": (
        ["docs/reference/results.md"],
        "`confounding.csv`",
    ),
    "which code computes the risk of a confounder?": (
        ["docs/reference/results.md", f"{ROOMS}/robustness/confounding.py"],
        "Cinelli",
    ),
    "how does the cache distrust entries?": (["docs/how-to/cache.md"], "seal"),
    "where does the cache discard an altered entry?": (
        [f"{ROOMS}/provenance", "seals.py"],
        "def discard_altered",
    ),
    "where do random numbers come from?": (
        [f"{ROOMS}/provenance", "streams.py"],
        "def random_stream",
    ),
    "how many draws behind an interval?": (["config/README.md"], "`sem: draws`"),
    "let power speak in findings.csv": (
        ["CONTRIBUTING.md", f"{ROOMS}/power/findings.py"],
        "Finding(",
    ),
    "where is a table's finding gathered?": (
        ["docs/reference/results.md", f"{ROOMS}/reporting/all_findings.py"],
        "OF_ONE_PAPER",
    ),
    "add a setting": (["CONTRIBUTING.md", f"{ROOMS}/running/config.schema.yaml"], "properties"),
    "why was my folder refused?": (["docs/how-to/adding-a-paper.md"], "## What is refused"),
    "where is a missing key of paper.yaml noticed?": (
        [f"{ROOMS}/papers", "description.py"],
        "it is required",
    ),
    "add a style of references": (
        ["CONTRIBUTING.md", f"{ROOMS}/bibliography/printed_lists/styles.py"],
        "STYLES",
    ),
    "when are two references one work?": (
        [f"{ROOMS}/bibliography", "works", "sameness.py"],
        "def ",
    ),
    "change the look of the tables": (
        ["CONTRIBUTING.md", f"{ROOMS}/reporting/templates/style.css"],
        "caption",
    ),
    "add a rule": (["CONTRIBUTING.md", "docs/how-to/adding-a-stage.md"], "limits("),
    "when is a correlation matrix impossible?": (
        [f"{ROOMS}/matrices", "rounding_box.py"],
        "class NoMatrixError",
    ),
    "which SQL may a claim use?": (["docs/reference/claims.md"], "SELECT"),
    "how is GRIM computed?": ([f"{ROOMS}/printed", "granularity.py"], "def grim"),
    "which account pays on the cluster?": (
        ["profiles", "slurm", "config.yaml"],
        "slurm_account",
    ),
    "which version of NumPy is locked?": (["envs", "requirements.txt"], "numpy=="),
    "which rules of style does the linter have?": (["pyproject.toml"], "[tool.ruff.lint]"),
    "what does make lint run?": (["Makefile"], "mypy"),
    "let the library import a package": (
        ["CONTRIBUTING.md", "pyproject.toml"],
        "dependencies = [",
    ),
    "where are stars tested?": (["tests", "unit", "test_checks_relations.py"], "stars"),
    "add a command": (["CONTRIBUTING.md", "docs/reference/commands.md"], "def add_commands"),
}


def offered(page: str) -> set[str]:
    """What can be clicked on: links of a page, or what is in a folder, by path of the checkout."""
    if (ROOT / page).is_dir():
        return {f"{page}/{path.name}" for path in (ROOT / page).iterdir()}
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    folder = os.path.dirname(page)
    return {os.path.normpath(os.path.join(folder, target)) for target in targets}


@pytest.mark.parametrize("task", TASKS)
def test_three_clicks_lead_there(task):
    clicks, content = TASKS[task]
    assert len(clicks) <= MOST_CLICKS
    here = "README.md"
    for click in clicks:
        step = f"{here}/{click}" if (ROOT / here).is_dir() else click
        assert step in offered(here), f"{here} does not lead to {step}"
        here = step
    assert content in (ROOT / here).read_text(encoding="utf-8")


def test_every_room_is_on_the_map():
    """One line a room, in CONTRIBUTING, and none is left out."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("\n## To add")[0]
    listed = re.findall(r"^\| \[(\w+)(?:\.py)?\]\(workflow/retrace/\w+(?:\.py)?\)", text, re.M)
    rooms = {path.parent.name for path in (ROOT / ROOMS).glob("*/__init__.py")}
    modules = {path.stem for path in (ROOT / ROOMS).glob("*.py") if path.stem[0] != "_"}
    assert len(listed) == len(set(listed))
    assert set(listed) == rooms | modules
