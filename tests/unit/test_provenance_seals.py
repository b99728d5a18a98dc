"""Entries of the between-workflow cache are trusted only with the content that a job wrote."""

import hashlib
import stat

import pytest

from retrace.provenance.seals import (
    bind_seals,
    discard_altered,
    drop_dangling_links,
    open_cache,
    seal,
)


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


def name(letter: str, output: str = "") -> str:
    """An entry's name as Snakemake makes it: a SHA-256, and which output it is."""
    return hashlib.sha256(letter.encode()).hexdigest() + output


def test_sealed_entries_exchanged_for_one_another_are_discarded(cache):
    """Of two jobs, and of two outputs of one."""
    entries = [
        store(cache, name(letter, output), f"{letter}{output}\n".encode())
        for letter in "ab"
        for output in ("_table.csv", "_figure.svg")
    ]
    kept = store(cache, name("c", ".csv"), b"c\n")
    bind_seals(cache)
    assert discard_altered(cache) == []
    contents = [entry.read_bytes() for entry in entries]
    for entry, content in zip(entries, [*contents[1:], contents[0]], strict=True):
        entry.write_bytes(content)
    assert discard_altered(cache) == sorted(entries)
    assert kept.exists()


def test_an_entry_copied_over_another_is_discarded_though_a_run_was_killed(cache):
    """A killed run binds nothing; the next one binds what it finds before it plans its jobs."""
    first, second = (store(cache, name(letter), letter.encode()) for letter in "ab")
    assert discard_altered(cache) == []
    second.write_bytes(first.read_bytes())
    assert discard_altered(cache) == [second]
    assert first.exists()


def test_what_is_computed_again_is_trusted_again(cache):
    """Also with other bytes, as a job may write that asks another program."""
    entry, other = store(cache, name("a"), b"old"), store(cache, name("b"), b"other")
    bind_seals(cache)
    entry.write_bytes(other.read_bytes())
    assert discard_altered(cache) == [entry]
    store(cache, name("a"), b"new")
    bind_seals(cache)
    assert discard_altered(cache) == []
    assert entry.read_bytes() == b"new"


def test_seals_of_the_version_before_are_taken_up(cache):
    """They name contents only: such an entry is bound as it is found."""
    entry = store(cache, name("a", ".csv"), b"a\n")
    assert [path.name for path in (cache / "seals").iterdir()] == [
        hashlib.sha256(b"a\n").hexdigest()
    ]
    assert discard_altered(cache) == []
    store(cache, name("b", ".csv"), b"b\n")
    entry.write_bytes(b"b\n")
    assert discard_altered(cache) == [entry]


def test_a_seal_that_broke_off_seals_nothing(cache):
    entry = store(cache, name("a"), b"a\n")
    (sealed,) = (cache / "seals").iterdir()
    sealed.rename(sealed.with_name(sealed.name[:20]))
    bind_seals(cache)
    assert discard_altered(cache) == [entry]


def test_a_transfer_under_way_is_left_alone(cache):
    """Snakemake moves a result into a folder of the cache first."""
    (cache / "tmp1a2b3c").mkdir()
    (cache / "tmp1a2b3c" / name("a", ".csv")).write_bytes(b"a\n")
    bind_seals(cache)
    assert discard_altered(cache) == []
    assert (cache / "tmp1a2b3c" / name("a", ".csv")).exists()
