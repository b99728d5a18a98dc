"""YAML is read as YAML 1.2, and refused where programs that read YAML 1.1 take it for another."""

import math

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from retrace.untrusted.plain_yaml import MAX_NODES, plain_scalar, read_yaml

# From https://yaml.org/spec/1.2.2/#1032-tag-resolution, and example 10.9 there.
SPECIFICATION = {
    "null": None,
    "": None,
    "~": None,
    "true": True,
    "True": True,
    "false": False,
    "FALSE": False,
    "0": 0,
    "0o7": 7,
    "0x3A": 58,
    "-19": -19,
    "0.": 0.0,
    "-0.0": -0.0,
    ".5": 0.5,
    "+12e03": 12000.0,
    "-2E+05": -200000.0,
}


@pytest.mark.parametrize("text", SPECIFICATION)
def test_what_is_read_is_what_the_specification_says(text):
    value, problem = plain_scalar(text)
    assert problem or (value, type(value)) == (SPECIFICATION[text], type(SPECIFICATION[text]))
    assert not problem or f"{SPECIFICATION[text]:g} where it is a number" in problem


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("0300", "192", "300"),
        ("010", "8", "10"),
        ("-017", "-15", "-17"),
        ("3:32", "212", "a text"),
        ("1:30.5", "a number", "a text"),
        ("1_000", "1000", "a text"),
        ("0b11", "3", "a text"),
        ("08", "a text", "8"),
        ("0o17", "a text", "15"),
        ("1e3", "a text", "1000"),
        ("-.08", "a text", "-0.08"),
        ("on", "true or false", "a text"),
        ("No", "true or false", "a text"),
        ("yes", "true or false", "a text"),
        ("2020-01-02", "a date", "a text"),
        ("<<", "a merging of keys", "a text"),
        ("=", "a default", "a text"),
    ],
)
def test_what_the_versions_read_differently_is_refused_with_both_readings(text, old, new):
    """By the two specifications; YAML 1.1 as PyYAML reads it."""
    value, problem = plain_scalar(text)
    assert value == text
    assert problem.startswith(f"{text!r} is {old} in YAML 1.1 and {new} in YAML 1.2; write it in")


@pytest.mark.parametrize("text", ["0b_", "0x_"])
def test_what_pyyaml_fails_on_is_refused_with_its_kind(text):
    assert "is a whole number in YAML 1.1 and a text in YAML 1.2" in plain_scalar(text)[1]


@pytest.mark.parametrize("text", ["+5", "-0", "00", "0x1F"])
def test_a_whole_number_that_is_not_printed_so_is_refused(text):
    """A volume `00` would be shown as 0."""
    assert f"{text!r} is {int(text, 0)} in YAML; write it in quotes" in plain_scalar(text)[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9223372036854775808", "beyond 64 bits"),
        ("-9223372036854775809", "beyond 64 bits"),
        ("1" * 5000, "a whole number of 5,000 characters"),
        (".inf", "no finite number"),
        ("-.inf", "no finite number"),
        (".nan", "no finite number"),
        ("1.0e+999", "no finite number"),
    ],
)
def test_numbers_that_nothing_can_be_are_refused(text, message):
    assert message in plain_scalar(text)[1]


@settings(derandomize=True, deadline=None, max_examples=2000)
@given(st.text("0123456789+-.eExob_:~ny", max_size=8) | st.sampled_from(list(SPECIFICATION)))
def test_what_is_not_refused_is_the_same_to_both(text):
    """PyYAML reads YAML 1.1."""
    value, problem = plain_scalar(text)
    if problem:
        assert value == text
        return
    try:
        node, old = yaml.compose(text), yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return  # no scalar, as `- x`; or PyYAML fails, as at `0b_`
    if not isinstance(node, yaml.ScalarNode) or node.value != text:
        return  # `---` begins a document
    assert (value, type(value)) == (old, type(old))
    assert not isinstance(value, float) or math.isfinite(value)


def test_quotes_and_blocks_are_texts():
    content, _, problems = read_yaml("a: \"0300\"\nb: 'on'\nc: |\n  1_000\nd: >-\n  3:32\n")
    assert content == {"a": "0300", "b": "on", "c": "1_000\n", "d": "3:32"}
    assert problems == []


def test_everything_that_is_refused_comes_with_its_line():
    text = "a: 010\nb: [on, 3]\nno: 1\nc: x\nc: y\n[d]: 1\n"
    content, lines, problems = read_yaml(text)
    assert [line for line, _ in problems] == [1, 2, 3, 5, 6]
    assert content == {"a": "010", "b": ["on", 3], "no": 1, "c": "x"}
    assert lines["b", 1] == 2
    assert lines["c",] == 4


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: &x [1]\n", 2, "anchor or alias 'x'; none allowed"),
        ("a: 1\nb: *x\n", 2, "anchor or alias 'x'; none allowed"),
        ("a: !!int 0300\n", 1, "tag 'tag:yaml.org,2002:int'; none allowed"),
        ("a: ! x\n", 1, "tag '!'; none allowed"),
        ("a: !!set {x}\n", 1, "tag 'tag:yaml.org,2002:set'; none allowed"),
        ("a: 1\nb: x\x01y\n", 2, "has the character U+0001"),
        ("a: 1\n\tb: 2\n", 2, "not YAML: "),
        ("a: 1\n---\nb: 2\n", 2, "not YAML: but found another document"),
        ('a: "\\ud800"\n', 1, "not YAML: "),
        ("[" * 100, 1, "nested deeper than 20"),
        (f"[{'a,' * MAX_NODES}]", 1, f"more than {MAX_NODES:,} keys and values"),
    ],
)
def test_what_cannot_be_read_on_says_why_and_where(text, line, message):
    content, lines, problems = read_yaml(text)
    assert (content, lines) == (None, None)
    assert problems[-1][0] == line
    assert message in problems[-1][1]
