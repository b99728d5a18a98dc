"""Publishers and places are words of a data file, and decide what an imprint is."""

import re
from collections import Counter
from importlib.resources import files

import pytest
import yaml

from retrace.bibliography.printed_lists.imprint import (
    is_imprint,
    is_site,
    names_publisher,
    split_imprint,
    split_publisher,
    split_title_imprint,
)

FILE = files("retrace.bibliography.printed_lists") / "imprints.yaml"
WORDS = yaml.safe_load(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", WORDS)
def test_words_are_plain_and_stand_once(kind):
    """YAML reads `No` and `1` as what is no text, and a word that is a pattern would be escaped."""
    for word in WORDS[kind]:
        assert isinstance(word, str)
        assert re.fullmatch(r"[\w&][\w &-]*\*?", word), word
    assert [word for word, count in Counter(WORDS[kind]).items() if count > 1] == []


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        ("Universität Wien", True),
        ("Publishing House", True),
        ("Pressing matters", False),
        ("Ministry of Trade", True),
        ("Uppsala", False),
    ],
)
def test_a_star_stands_for_any_ending_and_nothing_else_does(text, publisher):
    assert names_publisher(text) is publisher


def test_an_imprint_is_a_publisher_and_a_place():
    assert is_imprint("Sage, London")
    assert is_imprint("Elgar, Cheltenham, UK")
    assert is_imprint("Elgar, Cheltenham, The Netherlands")
    assert not is_imprint("Sage, and thyme")
    assert split_imprint("Uppsala: Almqvist") == ("Almqvist", "Uppsala")


def test_a_city_alone_shows_where_a_title_ends():
    title = "The growth of firms, Almqvist, Uppsala"
    assert split_title_imprint(title) == ("The growth of firms", "Almqvist, Uppsala")
    nowhere = title.replace("Uppsala", "Nowhere")
    assert split_title_imprint(nowhere) == (nowhere, "")


def test_an_organisation_may_have_a_web_site_and_a_house_has_none():
    assert is_site("Ministry of Trade")
    assert not is_site("Wiley")
    assert not is_site("R version 4.3")


def test_a_publisher_behind_a_journals_name_is_cut_off():
    assert split_publisher("Econometrica, JSTOR") == ("Econometrica", "JSTOR")
    assert split_publisher("Ethics, University of Chicago") == ("Ethics", "University of Chicago")
    assert split_publisher("Theory, Culture & Society") == ("Theory, Culture & Society", "")
