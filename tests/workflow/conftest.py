"""Copies of the checkout: a fresh one, and one with all results made."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest
from checkouts import PARTS, ROOT, Checkout, copy


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A copy in which nothing has run."""
    return copy(ROOT, tmp_path / "fresh")


@pytest.fixture(scope="session")
def _finished(request, tmp_path_factory) -> Checkout:
    """Made by the first of pytest's workers that needs it, for all of them."""
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if hasattr(request.config, "workerinput") else base) / "retrace"
    with root.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done, whole = Checkout(root), root.with_suffix(".made")
        if not root.exists():
            done = copy(ROOT, root)
            done.make_quick()
            done.snakemake("--cores", "2")
            whole.touch()
        if not whole.exists():
            pytest.fail("the run that makes all results has failed in another worker")
    return done


@pytest.fixture
def finished(_finished: Checkout, tmp_path: Path) -> Checkout:
    """A copy with quick settings and all results made on two cores."""
    return copy(_finished.root, tmp_path / "finished", (*PARTS, ".snakemake", "results"))
