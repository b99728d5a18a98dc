"""Garbage is rarely collected by what starts, works and ends; the library alone changes nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WORKFLOW = Path(__file__).parents[2] / "workflow"
# How many objects are kept from collection as a process ends, and how often it looked for garbage
# by then. What is registered first runs last.
LOOK = """
import atexit, gc
atexit.register(lambda: print(gc.get_freeze_count() > 1000, gc.get_stats()[2]["collections"]))
"""


def told(program: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOOK + program], cwd=WORKFLOW, stdout=subprocess.PIPE, text=True
    )
    assert done.returncode == 0
    return done.stdout.split()


@pytest.mark.parametrize(
    "start",
    [
        "from retrace.running.garbage import collect_rarely; collect_rarely()",
        "import sys; sys.path.insert(0, 'scripts'); import adapter",
    ],
    ids=["asked for", "of a job"],
)
def test_nothing_is_collected_while_a_job_imports_and_ends(start):
    assert told(f"{start}\nimport pandas") == ["True", "0"]


def test_much_garbage_is_collected():
    # Ten times as many rings as are looked at together: left alone, all of them would be there.
    made = "from retrace.running.garbage import OBJECTS, collect_rarely; collect_rarely()\n"
    made += "for _ in range(10 * OBJECTS):\n    ring = []\n    ring.append(ring)\n"
    assert told(f"{made}print(len(gc.get_objects()) < 2 * OBJECTS)")[0] == "True"


def test_the_library_leaves_it_to_whoever_imports_it():
    assert told("import retrace, retrace.sem\nprint(gc.get_threshold()[0] <= 2000)")[:2] == [
        "True",
        "False",
    ]
