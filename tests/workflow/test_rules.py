"""Rules say what is their own, scripts read, call and write, and the report shows what it lists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrace.running.report_contents import read_contents

ROOT = Path(__file__).parents[2]
RULES = sorted((ROOT / "workflow/rules").glob("*.smk"))
CAPTIONS = {path.stem for path in (ROOT / "workflow/report").glob("*.rst")} - {"overview"}
SCRIPTS = sorted(
    set((ROOT / "workflow/scripts").glob("*.py")) - {ROOT / "workflow/scripts/adapter.py"}
)
# What a rule takes on average, and a script at most, in lines.
LINES, LONGEST = 25, 40
# What decides, or computes out of sight.
DECIDES = (
    ast.If,
    ast.IfExp,
    ast.BoolOp,
    ast.While,
    ast.Try,
    ast.Match,
    ast.FunctionDef,
    ast.ClassDef,
)
REPEATS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


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


def called(node: ast.AST) -> str:
    """The name of what an expression calls, `log.info` and `read_csv` alike by the first word."""
    if not isinstance(node, ast.Call):
        return ""
    return ast.unparse(node.func).removeprefix("pd.").split(".")[0]


def logic(node: ast.AST) -> Iterator[str]:
    """What a script does beyond reading, calling and writing; what it says in the log is free.

    Loops are for files: a comprehension reads in each round, a `for` writes, or says, in each.
    """
    if called(node) == "log":
        return
    reads = any(
        isinstance(name, ast.Name | ast.Attribute)
        and ast.unparse(name).removeprefix("pd.").startswith("read")
        for name in ast.walk(node)
    )
    if isinstance(node, DECIDES):
        yield f"line {node.lineno}: {type(node).__name__}"
    elif isinstance(node, REPEATS):
        if not reads or any(part.ifs for part in node.generators):
            yield f"line {node.lineno}: {ast.unparse(node)}"
    elif isinstance(node, ast.For):
        for part in node.body:
            does = called(part.value) if isinstance(part, ast.Expr) else ""
            if does != "log" and not does.startswith("write"):
                yield f"line {part.lineno}: {ast.unparse(part)}"
    for child in ast.iter_child_nodes(node):
        yield from logic(child)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_reads_calls_and_writes(script):
    text = script.read_text(encoding="utf-8")
    assert list(logic(ast.parse(text))) == []
    assert text.count("\n") <= LONGEST


@pytest.mark.parametrize(
    "text",
    [
        "if x: y()",
        "x = a if b else c",
        "x = a or b",
        "def f(): pass",
        "x = [row.name for row in rows]",
        "x = [read_csv(file) for file in files if file]",
        "for row in rows: x = x + 1",
        "for row in rows:\n    if row: log.info(row)",
        "for row in rows: rows.append(row)",
    ],
)
def test_logic_in_a_script_is_seen(text):
    assert list(logic(ast.parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        "x = [pd.read_parquet(file) for file in files]",
        "x = {paper.key: paper for paper in map(read_paper, folders)}",
        "for name, table in tables.items(): write_csv(out[name], table)",
        "for row in rows: log.info(row or [1 if x else 2 for x in row])",
    ],
)
def test_reading_writing_and_saying_are_no_logic(text):
    assert list(logic(ast.parse(text))) == []
