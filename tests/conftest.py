"""Settings of all tests: how they compute, which examples they draw, and a record of new ones."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]


def compute_as_the_workflow_does() -> None:
    """Set what NumPy reads when it is imported, so not in this process, which is to import it."""
    code = "import json, retrace.provenance.linear_algebra as a; print(json.dumps(a.environment()))"
    found = subprocess.check_output(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(ROOT / "workflow")},
        text=True,
    )
    if "numpy" in sys.modules:
        raise pytest.UsageError("NumPy was imported before the tests could set how it computes")
    os.environ.update(json.loads(found))


# RETRACE_LINEAR_ALGEBRA=machine leaves the processor its own way. Workers inherit what was set.
if "PYTEST_XDIST_WORKER" not in os.environ and (
    os.environ.get("RETRACE_LINEAR_ALGEBRA") != "machine"
):
    compute_as_the_workflow_does()

# No time limit an example: machines are shared. Every run draws the same examples, so that a
# failure is one of the change; `make explore` looks for new ones, from a seed.
settings.register_profile("same", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None, database=None, print_blob=True)
settings.load_profile("same")


def pytest_addoption(parser):
    parser.addoption("--examples-times", type=int, default=1, help="draw so many times as many")
    parser.addoption("--record", type=Path, help="add what was explored to this table")


def pytest_collection_modifyitems(config, items):
    times = config.getoption("--examples-times")
    # One function may be many tests, of several parameters. Those that are long have many as it is.
    tests = {
        id(item.obj): item.obj
        for item in items
        if isinstance(item, pytest.Function) and not item.get_closest_marker("long")
    }
    for test in tests.values() if times > 1 else ():
        own = getattr(test, "_hypothesis_internal_use_settings", None)
        if own is not None:
            more = settings(own, max_examples=times * own.max_examples)
            test._hypothesis_internal_use_settings = more


def pytest_configure(config):
    if config.getoption("--record") and not hasattr(config, "workerinput"):
        from exploration import Recorder

        config.pluginmanager.register(Recorder(config))
