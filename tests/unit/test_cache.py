"""Entries of the between-workflow cache are trusted only with the content that a job wrote."""

import hashlib
import stat

import pytest

from retrace.cache import discard_altered, drop_dangling_links, open_cache, seal


@pytest.fixture
def cache(tmp_path):
    return open_cache(tmp_path)


def store(cache, name: str, content: bytes):
    """What a job and Snakemake do in turn: seal a result, then move it to the cache."""
    result = cache.parent / "result"
    result.write_bytes(content)
    seal([result], cache)
    return result.rename(cache / name)


def test_an_entry_that_a_job_wrote_stays(cache):
    entry = store(cache, "a_table.csv", b"x,y\n1,2\n")
    assert discard_altered(cache) == []
    assert entry.read_bytes() == b"x,y\n1,2\n"


@pytest.mark.parametrize("content", [b"", b"x,y\n", b"x,y\n1,3\n", b"x,y\n1,2\n\0"])
def test_an_entry_with_another_content_is_discarded(cache, content):
    kept, altered = store(cache, "a.csv", b"a\n"), store(cache, "b.csv", b"x,y\n1,2\n")
    altered.write_bytes(content)
    assert discard_altered(cache) == [altered]
    assert kept.exists()
    assert not altered.exists()


def test_an_entry_without_a_seal_is_discarded(cache):
    entry = cache / "a.csv"
    entry.write_bytes(b"a\n")
    assert discard_altered(cache) == [entry]


def test_entries_of_other_workflows_are_left_alone(cache):
    other = cache.parent / "another-workflows.csv"
    other.write_bytes(b"a\n")
    discard_altered(cache)
    assert other.exists()


def test_a_seal_is_named_after_the_sha_256_of_the_content(cache):
    """FIPS 180-4 gives the digest of `abc`."""
    store(cache, "abc", b"abc")
    assert hashlib.sha256(b"abc").hexdigest().startswith("ba7816bf8f01cfea")
    assert (cache / "seals" / hashlib.sha256(b"abc").hexdigest()).is_file()


def test_the_cache_within_the_cache_is_the_cache(cache):
    """A job's process finds the location that its parent process has already narrowed."""
    assert open_cache(cache) == cache


def test_a_cache_that_is_shared_by_a_group_stays_shared(tmp_path):
    tmp_path.chmod(0o2770)
    cache = open_cache(tmp_path)
    for folder in (cache, cache / "seals"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o2770


def test_a_cache_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ValueError, match="there is no folder"):
        open_cache(tmp_path / "missing")


def test_results_whose_entry_is_gone_are_dropped_and_no_others(cache, tmp_path):
    results = tmp_path / "results"
    (results / "deep").mkdir(parents=True)
    (results / "plain.csv").write_bytes(b"a\n")
    (results / "linked.csv").symlink_to(store(cache, "kept.csv", b"a\n"))
    (results / "deep" / "gone.csv").symlink_to(cache / "gone.csv")
    assert drop_dangling_links(results) == [results / "deep" / "gone.csv"]
    assert sorted(path.name for path in results.iterdir()) == ["deep", "linked.csv", "plain.csv"]
    assert drop_dangling_links(tmp_path / "no-results-yet") == []
