"""What the README shows is what a run makes."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.long
def test_the_readme_sums_up_what_a_run_finds(checkout):
    jobs = checkout.in_one_process({}, "results/tables/summary.md")
    assert not any(job["failure"] for job in jobs)
    shown = README.partition("a test compares these lines with the result -->")[2]
    shown = shown.partition("<!-- end of summary -->")[0]
    made = (checkout.root / "results/tables/summary.md").read_text(encoding="utf-8")
    rows = [line for line in made.splitlines() if line.startswith("|")]
    assert [line for line in shown.splitlines() if line.startswith("|")] == rows


def test_the_readme_shows_the_rule_graph_of_a_run(finished):
    made = (finished.root / "results/provenance/rulegraph.svg").read_bytes()
    assert (ROOT / "docs/images/rulegraph.svg").read_bytes() == made
