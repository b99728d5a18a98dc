"""Paper folders are strangers' data: never code, never out of their folder, never unbounded."""

import ast
import os
import re
import resource
import shutil
import sys
from pathlib import Path

import pytest

from retrace.papers import PaperError, read_paper
from retrace.papers.reading import MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS, Folder

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "workflow").rglob("*.py"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the quantitative paper's folder, to be spoilt."""
    return Path(shutil.copytree(ROOT / "resources/papers/magni2022", tmp_path / "magni2022"))


def problems(folder: Path) -> str:
    with pytest.raises(PaperError) as error:
        read_paper(folder)
    return "\n".join(str(problem) for problem in error.value.problems)


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file.name}: the test would change nothing"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["paper.yaml", "tables/table4.csv", "references.txt", "citations.csv"]
)
def test_a_file_of_a_gigabyte_is_refused_unread(folder, name):
    """The file is sparse, so it costs no disk; reading it would cost a gigabyte of memory."""
    os.truncate(folder / name, 2**30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert f"{name}: 1,073,741,824 bytes; at most" in problems(folder)
    # Kilobytes on Linux, bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit
    assert grown < 4 * MAX_FILE_BYTES


def test_a_million_columns_are_refused(folder):
    (folder / "tables/table1.csv").write_text(",".join(f"c{i}" for i in range(1_000_000)))
    assert f"1,000,000 columns; at most {MAX_COLUMNS:,}" in problems(folder)


def test_too_many_rows_are_refused(folder):
    (folder / "tables/table1.csv").write_text("a\n" + "1\n" * (MAX_ROWS + 1))
    assert f"more than {MAX_ROWS:,} rows" in problems(folder)


def test_a_billion_laughs_are_refused(folder):
    """Each list holds the one before ten times; expanded, the last holds a billion."""
    laughs = ["lol0: &lol0 [ha]"]
    laughs += [f"lol{i}: &lol{i} [{', '.join([f'*lol{i - 1}'] * 10)}]" for i in range(1, 10)]
    replace(folder / "paper.yaml", "title:", "\n".join([*laughs, "title:"]))
    assert "anchor or alias 'lol0'; none allowed" in problems(folder)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_yaml_is_refused(folder, opening):
    """Ten thousand levels would exhaust the stack of a recursive reader."""
    replace(folder / "paper.yaml", "title:", f"deep: {opening * 10_000}\ntitle:")
    assert "paper.yaml, line" in problems(folder)


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.mkdir [MARK]",
        "!!python/object/new:os.mkdir [MARK]",
        "!!python/name:os.system",
        "!!python/module:antigravity",
    ],
)
def test_yaml_makes_no_objects_and_calls_nothing(folder, value, tmp_path):
    mark = tmp_path / "called"
    replace(folder / "paper.yaml", "title:", f"x: {value.replace('MARK', str(mark))}\ntitle:")
    assert re.search(r"paper.yaml, line \d+: tag 'tag:.*python/.*'; none allowed", problems(folder))
    assert not mark.exists()


def test_a_link_through_a_folder_leads_nowhere(folder, tmp_path):
    (tmp_path / "outside").mkdir()
    shutil.copy(folder / "tables/table4.csv", tmp_path / "outside/table4.csv")
    (folder / "linked").symlink_to(tmp_path / "outside")
    replace(folder / "paper.yaml", "tables/table4.csv", "linked/table4.csv")
    assert "is a link out of the paper's folder" in problems(folder)


def test_what_is_no_file_is_not_waited_for(folder):
    """Opening a named pipe would wait for ever for somebody to write to it."""
    (folder / "tables/table4.csv").unlink()
    os.mkfifo(folder / "tables/table4.csv")
    assert "there is no file" in problems(folder)


@pytest.mark.parametrize(
    "name", ["table\0.csv", "CON", "~/table.csv", "$HOME/table.csv", "x" * 5000, "a|b.csv", "*.csv"]
)
def test_a_file_name_is_only_a_name(folder, name):
    """Nothing is expanded, split or run; the folder has no such file."""
    made = Folder(folder)
    assert made.path(name, "here") is None
    assert len(made.problems) == 1


FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "marshal", "shelve", "cloudpickle", "joblib"}
NETWORK_MODULES = {"socket", "urllib", "http", "requests", "ftplib", "smtplib", "asyncio"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_source_runs_data_or_asks_the_network(source):
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            by_name = isinstance(node.func, ast.Name)
            assert not (by_name and name in FORBIDDEN_CALLS), f"{name}, line {node.lineno}"
            assert name not in {"system", "popen", "unsafe_load", "full_load", "read_pickle"}, (
                f"{name}, line {node.lineno}"
            )
            for keyword in node.keywords:
                shell = keyword.arg == "shell" and getattr(keyword.value, "value", True)
                assert not shell, f"shell=True, line {node.lineno}"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else names
            roots = {name.partition(".")[0] for name in names}
            assert not roots & (FORBIDDEN_MODULES | NETWORK_MODULES), f"line {node.lineno}"
