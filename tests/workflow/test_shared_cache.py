"""The between-workflow cache: who is served from it, what misses it, and what it does not trust."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from checkouts import ROOT, Checkout, copy

# A stage without randomness and with one that reads every paper: enough, and quick.
STAGE = "papers"
PROFILE = ("--profile", "profiles/cache", "--cores", "2", STAGE)


@pytest.fixture(scope="module")
def _cached(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cached")
    (folder / "cache").mkdir()
    made = copy(ROOT, folder / "checkout")
    made.environment["SNAKEMAKE_OUTPUT_CACHE"] = str(folder / "cache")
    made.snakemake(*PROFILE)
    return folder


@pytest.fixture
def cached(_cached, tmp_path):
    """A copy whose first stage is made and cached."""
    shutil.copytree(_cached, tmp_path / "cached", symlinks=True)
    checkout = Checkout(tmp_path / "cached/checkout")
    for link in filter(Path.is_symlink, (checkout.root / "results").rglob("*")):
        own = tmp_path / "cached" / link.readlink().relative_to(_cached)
        link.unlink()
        link.symlink_to(own)
    checkout.environment["SNAKEMAKE_OUTPUT_CACHE"] = str(tmp_path / "cached/cache")
    checkout.cache = tmp_path / "cached/cache/retrace"
    checkout.expected = checkout.checksums()
    return checkout


def entries(checkout):
    return sorted(path for path in checkout.cache.iterdir() if path.is_file())


def with_numbers(checkout):
    """The two entries that have some: nothing is refused, and nothing impossible."""
    return [path for path in entries(checkout) if b"3" in path.read_bytes()]


def test_a_second_checkout_is_served(cached, tmp_path):
    second = copy(ROOT, tmp_path / "second")
    second.environment = cached.environment
    done = second.snakemake(*PROFILE)
    assert "to cache" not in done.stdout
    assert second.checksums() == cached.expected


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("workflow/retrace/papers/overview.py", "What a paper prints", "All that a paper prints"),
        pytest.param("envs/requirements.txt", "numpy==", "numpy==9.", marks=pytest.mark.long),
        ("resources/papers/hu2024/paper.yaml", "title:", "title:  "),
        pytest.param(
            "config/config.yaml",
            "- resources/papers",
            "- resources/../resources/papers",
            marks=pytest.mark.long,
        ),
    ],
    ids=["library", "lock", "input", "setting"],
)
def test_a_change_misses(cached, file, old, new):
    before = entries(cached)
    cached.edit(file, old, new)
    shutil.rmtree(cached.root / "results")
    assert "to cache" in cached.snakemake(*PROFILE).stdout
    assert len(entries(cached)) > len(before)


@pytest.mark.long
def test_damaged_entries_are_recomputed(cached):
    """Both for the checkout whose results they are, and for one that would be served from them."""
    truncated, altered = with_numbers(cached)
    truncated.write_bytes(truncated.read_bytes()[:-10])
    altered.write_bytes(altered.read_bytes().replace(b"3", b"8", 1))
    done = cached.snakemake(*PROFILE)
    assert done.stdout.count("Discarded") == 2
    assert cached.checksums() == cached.expected
    shutil.rmtree(cached.root / "results")
    assert "to cache" not in cached.snakemake(*PROFILE).stdout
    assert cached.checksums() == cached.expected


def test_entries_exchanged_for_one_another_are_recomputed(cached):
    first, second = with_numbers(cached)
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)
    shutil.rmtree(cached.root / "results")
    assert cached.snakemake(*PROFILE).stdout.count("Discarded") == 2
    assert cached.checksums() == cached.expected


@pytest.mark.long
def test_runs_can_share_a_cache_at_once(checkout, tmp_path):
    (tmp_path / "cache").mkdir()
    checkout.environment["SNAKEMAKE_OUTPUT_CACHE"] = str(tmp_path / "cache")
    second = copy(ROOT, tmp_path / "second")
    second.environment = checkout.environment
    both = [run.start(*PROFILE) for run in (checkout, second)]
    outputs = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], "\n".join(outputs)
    assert checkout.checksums() == second.checksums()
    # Nothing that either stored is distrusted afterwards.
    assert "Discarded" not in checkout.snakemake(*PROFILE).stdout


def test_a_cache_that_is_not_there_stops_before_the_first_job(checkout, tmp_path):
    checkout.environment["SNAKEMAKE_OUTPUT_CACHE"] = str(tmp_path / "missing")
    done = checkout.snakemake(*PROFILE, check=False)
    assert done.returncode != 0
    assert "there is no folder" in done.stdout
    assert not (checkout.root / "results").exists()
