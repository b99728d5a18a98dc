"""Copies of the checkout: a fresh one, and one with all results made."""

from __future__ import annotations

from pathlib import Path

import pytest
from checkouts import PARTS, ROOT, Checkout, copy


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A copy in which nothing has run."""
    return copy(ROOT, tmp_path / "fresh")


@pytest.fixture(scope="session")
def _finished(tmp_path_factory) -> Checkout:
    done = copy(ROOT, tmp_path_factory.mktemp("finished") / "retrace")
    done.snakemake("--cores", "2")
    return done


@pytest.fixture
def finished(_finished: Checkout, tmp_path: Path) -> Checkout:
    """A copy with all results made on two cores."""
    return copy(_finished.root, tmp_path / "finished", (*PARTS, ".snakemake", "results"))
