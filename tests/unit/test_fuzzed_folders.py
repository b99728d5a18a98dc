"""Whatever becomes of a folder's files, it is read, or every problem is named: nothing else.

A shipped folder is altered in ways that people, programs and ill will alter folders: values, keys,
cells, characters, encodings, links and names. Time is that of the processor.
"""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from timing import seconds

from retrace.papers import PaperError, read_papers
from retrace.untrusted.texts import MAX_SHOWN

RESOURCES = Path(__file__).parents[2] / "resources" / "papers"
FILES = sorted(
    path.relative_to(RESOURCES / "magni2022").as_posix()
    for path in (RESOURCES / "magni2022").rglob("*")
    if path.is_file()
)
TABLES = [name for name in FILES if name.endswith(".csv")]
# Of the time that the papers as they are take.
MOST_TIMES, MEBIBYTES = 500, 700
OUTSIDE = "outside.txt"

# Values as YAML or JSON give them, for any key.
VALUES = [
    None, True, False, 0, -1, 1, 2**31, 2**63, 10**9, 10**400, -(10**20), 0.5, 1e308,
    float("inf"), float("nan"), "", " ", "84%", "1,968", "0,98", "nan", "1" * 400,
    "0." + "3" * 5000, "1e-05", "ns", "<", "０", "-.31⁎⁎", "$\\frac$", "{4}", "{{ 1 }}",
    "\u202etxet", "x" * 50_000, "\n", "a\tb", "../up", "/etc/passwd", "C:\\x", "~", "[]",
    "(Constant)", "method", [], {}, [[]], [1, 2], {"a": {}}, {"": ""}, [None] * 50,
    {str(i): i for i in range(300)},
]  # fmt: skip
# Texts, for anywhere in a file and for cells.
TOKENS = [
    "\x00", "\x07", "\x1b[2J", "\u202e", "\ufeff", "\u2028", "\x85", "\r", "\n", "\t", '"', "'",
    ",", ";", "|", "{", "}", "[", "]", ": ", "- ", "#", "&a ", "*a", "!!int ", "<<: ", "---\n",
    "? ", "%", "$", "\\", "0300", "3:32", "on", "1_000", "0x1F", "1e999", "9" * 5000, "1" * 40,
    "-", "−", "٣", "½", "🙂", "a" * 10_000, "(" * 2_000, "[" * 2_000, "null", "''", '""',
    "\N{COMBINING ACUTE ACCENT}" * 50,
]  # fmt: skip
NAMES = [
    "t{4}.csv",
    "a b.csv",
    "ü.csv",
    "-x.csv",
    "x" * 200 + ".csv",
    "a'b.csv",
    "%s.csv",
    "a\nb.csv",
]


def content(path: Path) -> bytes:
    """What a file holds; OSError where an alteration left none, for a pipe would be waited for."""
    if not path.is_file():
        raise FileNotFoundError(path)
    return path.read_bytes()


@st.composite
def alteration(draw) -> Callable[[Path], None]:
    """One thing done to a folder."""
    return draw(st.one_of(_in_yaml(), _in_text(), _in_cells(), _in_bytes(), _in_file_system()))


@st.composite
def _in_yaml(draw) -> Callable[[Path], None]:
    name = draw(st.sampled_from(["paper.yaml", "claims.yaml"]))
    value = draw(st.sampled_from(VALUES))
    steps = draw(st.lists(st.integers(0, 10**6), min_size=1, max_size=6))
    how = draw(st.sampled_from(["value", "key", "delete"]))

    def alter(folder: Path) -> None:
        told = yaml.safe_load(content(folder / name).decode())
        if not isinstance(told, dict) or not told:
            return
        here, parents = told, []
        for step in steps:
            if not isinstance(here, dict | list) or not here:
                break
            at = list(here)[step % len(here)] if isinstance(here, dict) else step % len(here)
            parents.append((here, at))
            here = here[at]
        parent, at = parents[-1]
        if how == "value":
            parent[at] = value
        elif how == "delete":
            del parent[at]
        elif isinstance(parent, dict):
            parent[value if isinstance(value, str | int | float | None) else "new"] = parent.pop(at)
        text = yaml.safe_dump(told, allow_unicode=True, sort_keys=False)
        (folder / name).write_text(text, encoding="utf-8")

    return alter


@st.composite
def _in_text(draw) -> Callable[[Path], None]:
    name, token = draw(st.sampled_from(FILES)), draw(st.sampled_from(TOKENS))
    at, cut = draw(st.integers(0, 10**6)), draw(st.sampled_from([0, 0, 1, 3, 20]))

    def alter(folder: Path) -> None:
        raw = content(folder / name).decode("utf-8", "replace")
        place = at % (len(raw) + 1)
        (folder / name).write_bytes((raw[:place] + token + raw[place + cut :]).encode())

    return alter


@st.composite
def _in_cells(draw) -> Callable[[Path], None]:
    name, token = (
        draw(st.sampled_from(TABLES)),
        draw(st.sampled_from(TOKENS + NAMES + ["0,98", "84%"])),
    )
    line, column = draw(st.integers(0, 100)), draw(st.integers(0, 10))

    def alter(folder: Path) -> None:
        lines = content(folder / name).decode("utf-8", "replace").split("\n")
        cells = lines[line % len(lines)].split(",")
        cells[column % len(cells)] = '"' + token.replace('"', '""') + '"'
        lines[line % len(lines)] = ",".join(cells)
        (folder / name).write_bytes("\n".join(lines).encode())

    return alter


@st.composite
def _in_bytes(draw) -> Callable[[Path], None]:
    name = draw(st.sampled_from(FILES))
    how = draw(
        st.sampled_from(["utf-16", "cp1252", "utf-8-sig", "half", "empty", "twice", "noise", "cr"])
    )
    noise = draw(st.binary(max_size=50))

    def alter(folder: Path) -> None:
        raw = content(folder / name)
        changed = {
            "half": raw[: len(raw) // 2],
            "empty": b"",
            "twice": raw + raw,
            "noise": noise + raw,
            "cr": raw.replace(b"\n", b"\r"),
        }
        text = raw.decode("utf-8", "replace")
        (folder / name).write_bytes(changed[how] if how in changed else text.encode(how, "replace"))

    return alter


@st.composite
def _in_file_system(draw) -> Callable[[Path], None]:
    name, new = draw(st.sampled_from(FILES)), draw(st.sampled_from(NAMES))
    how = draw(st.sampled_from(["loop", "folder", "pipe", "out", "gone", "renamed", "dangling"]))

    def alter(folder: Path) -> None:
        path = folder / name
        if how == "renamed":
            path.rename(path.with_name(new))
            text = (
                content(folder / "paper.yaml").decode("utf-8", "replace")
                if name != ("paper.yaml")
                else ""
            )
            quoted = '"' + name.replace(path.name, new).replace("\n", "\\n") + '"'
            if text:
                (folder / "paper.yaml").write_text(text.replace(name, quoted), encoding="utf-8")
            return
        path.unlink()
        if how == "loop":
            path.symlink_to(path)
        elif how == "folder":
            path.mkdir()
        elif how == "pipe":
            os.mkfifo(path)
        elif how == "out":
            # A file of this test's own: another alteration may write through the link.
            path.symlink_to(folder.parents[1] / OUTSIDE)
        elif how == "dangling":
            path.symlink_to("nowhere")

    return alter


def read_or_named(alterations: list[Callable[[Path], None]]) -> None:
    """Alter a copy of the folder, and see that it is read or refused as folders are."""
    with tempfile.TemporaryDirectory() as own:
        root = Path(own, "papers")
        folder = Path(shutil.copytree(RESOURCES / "magni2022", root / "magni2022"))
        Path(own, OUTSIDE).write_text("not the paper's\n")
        for alter in alterations:
            try:
                alter(folder)
            except (OSError, yaml.YAMLError, ValueError):
                continue  # what was altered before it has left nothing to alter
        largest = peak()
        before = time.process_time()
        lines = ["0 problems"]
        try:
            read_papers([root])
        except PaperError as error:
            lines = str(error).splitlines()
            assert len(lines) > 1
        assert time.process_time() - before < MOST_TIMES * usual_seconds()
    for line in lines:
        plain = "".join(c for c in line if c not in "\u00a0\u2009\u202f")
        assert plain.isprintable(), ascii(line)
        assert len(line) < 3 * MAX_SHOWN
    # Other tests of this process may have taken more.
    assert peak() <= max(largest, MEBIBYTES)


@cache
def usual_seconds() -> float:
    return seconds(lambda: read_papers([RESOURCES]))


def peak() -> float:
    """The most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


fuzzed = settings(
    derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@settings(fuzzed, max_examples=60)
@given(st.lists(alteration(), min_size=1, max_size=3))
def test_an_altered_folder_is_read_or_its_problems_are_named(alterations):
    read_or_named(alterations)


@pytest.mark.long
@settings(fuzzed, max_examples=1_500)
@given(st.lists(alteration(), min_size=1, max_size=5))
def test_many_altered_folders_are_read_or_their_problems_are_named(alterations):
    read_or_named(alterations)
