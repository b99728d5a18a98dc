"""Rules say what is their own, scripts read, call and write, and the report shows what it lists."""

from __future__ import annotations

import re
from pathlib import Path

from retrace.running.report_contents import read_contents

ROOT = Path(__file__).parents[2]
RULES = sorted((ROOT / "workflow/rules").glob("*.smk"))
CAPTIONS = {path.stem for path in (ROOT / "workflow/report").glob("*.rst")} - {"overview"}
# What a rule takes on average, in lines.
LINES = 25


def rules_of(text: str) -> dict[str, list[str]]:
    """The lines of each rule, blank ones and the comments above the next rule left out."""
    blocks = re.split(r"^rule ", text, flags=re.MULTILINE)[1:]
    return {
        block.partition(":")[0]: re.findall(r"^(?:    .*\S|\w+:)$", block, re.MULTILINE)
        for block in blocks
    }


def test_rules_share_what_is_the_same():
    found = {
        name: len(lines) for file in RULES for name, lines in rules_of(file.read_text()).items()
    }
    assert len(found) > 40
    assert sum(found.values()) / len(found) <= LINES, found


def test_lines_of_a_rule_are_counted_to_its_end():
    text = (
        "A = 1\n\n\nrule a:\n    input:\n        x,\n\n    log:\n\n\n# About b.\nrule b:\n    y\n"
    )
    assert {name: len(lines) for name, lines in rules_of(text).items()} == {"a": 4, "b": 2}


def shown(text: str) -> set[str]:
    """The files that rules give to the report."""
    tables = re.findall(r'table_files\(\s*"([^"]+)"', text)
    return {
        *re.findall(r'shown\(\s*"([^"]+)"', text),
        *(f"results/tables/{name}.html" for name in tables),
    }


def test_the_report_shows_what_its_table_of_contents_lists_and_every_caption_has_its_use():
    contents = read_contents((ROOT / "workflow/report/contents.csv").read_text(), CAPTIONS)
    assert set(contents) == shown("".join(file.read_text() for file in RULES))
    assert {about["caption"] for about in contents.values()} == CAPTIONS


def test_a_result_without_a_line_and_a_line_without_a_caption_stop_the_run(checkout):
    contents = checkout.root / "workflow/report/contents.csv"
    text = contents.read_text()
    for line, said in (
        ("results/papers.csv,paper,", "there is no caption paper.rst"),
        ("results/paper.csv,papers,", "results/papers.csv has no line"),
    ):
        contents.write_text(text.replace("results/papers.csv,papers,", line))
        done = checkout.snakemake("--dry-run", "papers", check=False)
        assert done.returncode != 0
        assert "workflow/report/contents.csv" in done.stdout
        assert said in done.stdout
