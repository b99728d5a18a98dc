"""Whoever mistypes a word is told the one that it is like, and nobody a word that it is not."""

from difflib import SequenceMatcher

import pytest
from pydantic import BaseModel
from timing import seconds

from retrace.papers.description import _known_keys
from retrace.papers.schema import PaperEntry
from retrace.untrusted.nearest import LONGEST_WORD, MOST_KNOWN, did_you_mean

KNOWN = ["title", "authors", "year", "Export"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("titel", "; did you mean 'title'?"),
        ("author", "; did you mean 'authors'?"),
        ("TITLE", "; did you mean 'title'?"),
        ("exports", "; did you mean 'Export'?"),
        ("zebra", ""),
        ("", ""),
        (1999, ""),
        # Half the letters: ratio 50.
        ("yexx", ""),
        ("title" * LONGEST_WORD, ""),
    ],
)
def test_the_nearest_word_is_named(word, meant):
    assert did_you_mean(word, KNOWN) == meant


def test_the_order_of_what_is_known_does_not_matter():
    known = ["maat", "mast", "meat"]
    assert did_you_mean("mat", known) == did_you_mean("mat", known[::-1]) != ""


def test_many_slips_of_a_stranger_take_no_time():
    known = [f"construct_{k}" * 3 for k in range(200)]
    taken = seconds(lambda: [did_you_mean(f"konstrukt_{k}", known) for k in range(500)])
    # Python's own takes about a hundred times as long.
    own = seconds(lambda: [SequenceMatcher(None, "konstrukt_1", word).ratio() for word in known])
    assert taken < 500 / 20 * own
    assert did_you_mean("construct_1", [f"construct_{k}" for k in range(MOST_KNOWN + 1)]) == ""


def sections(schema: dict, of: dict, at: tuple = ()):
    """Every section of a JSON schema with its path: an entry of dictionaries and lists is `0`."""
    of = schema["$defs"][of["$ref"].rpartition("/")[2]] if "$ref" in of else of
    for branch in of.get("anyOf", []):
        yield from sections(schema, branch, at)
    if "properties" in of:
        yield at, set(of["properties"])
        for name, inner in of["properties"].items():
            yield from sections(schema, inner, (*at, name))
    for inner in (of.get("items"), of.get("additionalProperties")):
        if isinstance(inner, dict):
            yield from sections(schema, inner, (*at, 0))


def test_the_keys_of_every_section_are_known():
    """pydantic's own JSON schema says where which keys are."""
    assert issubclass(PaperEntry, BaseModel)
    schema = PaperEntry.model_json_schema()
    found = list(sections(schema, schema))
    assert len(found) > 10
    for at, keys in found:
        assert set(_known_keys(at)) == keys, at
