"""Programs have names that shells take, and caches a place, whatever a run finds around it."""

import os
import subprocess

import pytest

from retrace.running.surroundings import find_cache_folder, name_for_shells

AWKWARD = ["My Papers", "o'neil", 'say "hi"', "a&b", "$HOME", "(x)", "semi;colon", "tick`tock`"]
AWKWARD += ["star*", "q?", "[y]", "pipe|", "<in>", "tilde~", "ha#sh", "ex!c", "back\\slash", "ünï"]


def program(folder) -> str:
    """A program that says where it is, in an environment below a folder."""
    path = folder / "env/bin/say"
    path.parent.mkdir(parents=True)
    path.write_text('#!/bin/sh\necho "said"\n')
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("shell", ["bash", "sh"])
@pytest.mark.parametrize("name", AWKWARD)
def test_a_program_in_an_awkward_folder_is_started_by_its_name(tmp_path, monkeypatch, name, shell):
    (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / name)
    named = name_for_shells(program(tmp_path / name), links=tmp_path.relative_to(tmp_path) / "own")
    done = subprocess.run([shell, "-c", f"{named} x"], capture_output=True, text=True, check=True)
    assert done.stdout == "said\n"


def test_a_plain_path_stays_and_makes_nothing(tmp_path):
    plain = program(tmp_path)
    assert name_for_shells(plain, tmp_path / "own") == plain
    assert not (tmp_path / "own").exists()


def test_environments_have_links_of_their_own_and_keep_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    links = tmp_path.relative_to(tmp_path) / "own"
    first, second = (name_for_shells(program(tmp_path / n), links) for n in ("a b", "c d"))
    assert first != second
    assert name_for_shells(str(tmp_path / "a b/env/bin/say"), links) == first
    assert len(list(links.iterdir())) == 2


def test_where_no_link_can_be_made_the_path_stays(tmp_path):
    awkward = program(tmp_path / "a b")
    (tmp_path / "file").touch()
    assert name_for_shells(awkward, tmp_path / "file/own") == awkward


def test_a_home_that_takes_files_is_left_alone(tmp_path):
    assert find_cache_folder({"HOME": str(tmp_path)}, tmp_path / "own") == {}
    elsewhere = {"XDG_CACHE_HOME": str(tmp_path), "MPLCONFIGDIR": str(tmp_path / "new")}
    assert find_cache_folder({"HOME": "/dev/null", **elsewhere}, tmp_path / "own") == {}


@pytest.mark.parametrize("home", ["/dev/null", "/dev/null/below", "/proc/no/such/home", "/nobody"])
def test_a_home_that_takes_none_is_replaced(tmp_path, home):
    found = find_cache_folder({"HOME": home}, tmp_path / "own")
    assert set(found) == {"XDG_CACHE_HOME", "MPLCONFIGDIR"}
    for folder in found.values():
        assert os.path.isabs(folder)
        assert folder.startswith(str(tmp_path / "own"))
