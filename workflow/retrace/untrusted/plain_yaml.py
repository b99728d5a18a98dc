"""YAML of a paper's folder: texts, whole numbers, fractions, true, false and null, nothing else.

Scalars are read by the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema).
Many programs still read YAML 1.1, where `0300` is 192, `3:32` is 212 and `on` is true: what the two
read differently is refused, so that nobody is understood to have written another number.

Anchors, aliases, tags, duplicate keys and deep nesting are refused too: nothing here needs them,
and they are how a small file becomes a large one.
"""

from __future__ import annotations

import math
import re
from contextlib import suppress
from typing import Any, ClassVar

import yaml

from retrace.untrusted.texts import no_text

MAX_DEPTH = 20
MAX_NODES = 250_000
_LARGEST = 2**63 - 1

# The lines of every key and list item, by its path, as `("claims", 0, "query")`.
Lines = dict[tuple, int]

_NULL = re.compile(r"null|Null|NULL|~|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_TAG = "tag:yaml.org,2002:"
_KINDS = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "null": "nothing",
    "str": "a text",
    "timestamp": "a date",
    "merge": "a merging of keys",
    "value": "a default",
}


_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Fast):
    """Leaves every scalar a text. The C loader is ten times faster and is not in every build."""

    yaml_implicit_resolvers: ClassVar[dict] = {}


class _YamlError(Exception):
    """What makes the rest of a file unreadable, with its line."""

    def __init__(self, line: int, message: str):
        super().__init__(message)
        self.line, self.message = line, message


def read_yaml(text: str) -> tuple[object, Lines | None, list[tuple[int, str]]]:
    """Read one YAML document.

    Returns
    -------
    content : object
        Mappings, lists, texts, numbers, booleans and None. A scalar that is refused is its text.
    lines : dict
        The line of every key and list item, by its path.
    problems : list of (line, message)
        Everything that is refused; where it makes the rest unreadable, it is the last one, and
        `lines` is None.
    """
    problems: list[tuple[int, str]] = []
    lines: Lines = {}
    try:
        _check_characters(text)
        _check_events(text)
        node = _Loader(text).get_single_node()
        content = _content(node, (), lines, problems) if node else None
    except _YamlError as error:
        return None, None, [*problems, (error.line, error.message)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = error.problem or error.context
        return None, None, [*problems, (mark.line + 1 if mark else 1, f"not YAML: {said}")]
    except yaml.YAMLError as error:
        return None, None, [*problems, (1, f"not YAML: {error}")]
    return content, lines, problems


def _check_characters(text: str) -> None:
    found = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise _YamlError(line, f"has the character U+{ord(found[0]):04X}, which no YAML may have")


def _check_events(text: str) -> None:
    # Events first: composing a deeply nested document would exhaust the stack.
    depth = nodes = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            raise _YamlError(line, f"anchor or alias {anchor!r}; none allowed")
        if tag is not None:
            raise _YamlError(line, f"tag {tag!r}; none allowed")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        nodes += isinstance(event, yaml.NodeEvent)
        if depth > MAX_DEPTH:
            raise _YamlError(line, f"nested deeper than {MAX_DEPTH}")
        if nodes > MAX_NODES:
            raise _YamlError(line, f"more than {MAX_NODES:,} keys and values")


def _content(node: yaml.Node, at: tuple, lines: Lines, problems: list[tuple[int, str]]) -> object:
    """What a node holds; its lines and problems are added to those found so far."""
    if isinstance(node, yaml.SequenceNode):
        items = []
        for index, value in enumerate(node.value):
            lines[(*at, index)] = value.start_mark.line + 1
            items.append(_content(value, (*at, index), lines, problems))
        return items
    if isinstance(node, yaml.MappingNode):
        mapping: dict[object, object] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                problems.append((line, "a list or mapping as a key; a key is a text"))
                continue
            name = _scalar(key, problems)
            if name in mapping:
                # The rest of the file is checked with the first one.
                problems.append((line, f"key {key.value!r} stands here twice"))
                continue
            lines[(*at, name)] = line
            mapping[name] = _content(value, (*at, name), lines, problems)
        return mapping
    return _scalar(node, problems)


def _scalar(node: yaml.ScalarNode, problems: list[tuple[int, str]]) -> object:
    if problem := no_text(node.value):
        problems.append((node.start_mark.line + 1, f"a text {problem}"))
    if node.style:  # in quotes, or a block
        return node.value
    value, problem = plain_scalar(node.value)
    if problem:
        problems.append((node.start_mark.line + 1, problem))
    return value


def plain_scalar(text: str) -> tuple[object, str]:
    """What a scalar without quotes says, and what is wrong with it, if anything is.

    What is refused stays a text.
    """
    kind = _kind(text)
    old_tag = _OLD.resolve(yaml.ScalarNode, text, (True, False))
    old_kind = old_tag.removeprefix(_TAG)
    if kind == "int" and len(text) > len(str(_LARGEST)) + 1:
        return text, f"a whole number of {len(text):,} characters; at most 64 bits are read"
    value = _VALUES[kind](text)
    if kind != old_kind or (kind == "int" and value != _old_integer(text)):
        return text, (
            f"{text!r} is {_said(old_kind, text)} in YAML 1.1 and "
            f"{_said_new(kind, value)} in YAML 1.2; {_advice(kind, value)}"
        )
    if kind == "int" and str(value) != text:
        return text, f"{text!r} is {value} in YAML; {_advice(kind, value)}"
    if kind == "int" and abs(value) > _LARGEST:
        return text, f"{text} is beyond 64 bits; no number is that large"
    if kind == "float" and not math.isfinite(value):
        return text, f"{text!r} is no finite number; write it in quotes where it is a text"
    return value, ""


# What PyYAML, and with it most programs in Python, takes a scalar for.
_OLD = yaml.resolver.Resolver()
_VALUES = {
    "null": lambda text: None,
    "bool": lambda text: text.lower() == "true",
    "int": lambda text: int(text, {"0o": 8, "0x": 16}.get(text[:2], 10)),
    "float": lambda text: float(re.sub(r"\.(?=inf|nan)", "", text.lower())),
    "str": lambda text: text,
}


def _kind(text: str) -> str:
    for kind, form in (("null", _NULL), ("bool", _BOOL), ("int", _INT), ("float", _FLOAT)):
        if form.fullmatch(text):
            return kind
    return "str"


def _old_integer(text: str) -> int:
    return yaml.constructor.SafeConstructor().construct_yaml_int(
        yaml.ScalarNode(f"{_TAG}int", text)
    )


def _said(kind: str, text: str) -> str:
    if kind == "int" and len(text) < 100:
        # PyYAML takes `0b_` for a whole number and then fails on it.
        with suppress(ValueError):
            return str(_old_integer(text))
    return _KINDS[kind]


def _said_new(kind: str, value: object) -> str:
    return f"{value:g}" if kind == "float" else str(value) if kind == "int" else _KINDS[kind]


def _advice(kind: str, value: object) -> str:
    quotes = "write it in quotes where it is a text"
    if kind not in ("int", "float"):
        return quotes
    return f"{quotes}, and {_said_new(kind, value)} where it is a number"
