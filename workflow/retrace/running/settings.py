"""Settings of a run: those that Retrace comes with, and over them what its user gives."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from retrace.untrusted.nearest import did_you_mean
from retrace.untrusted.plain_yaml import plain_scalar

_BOOLEANS = {"true": True, "false": False}
_MAX_SHOWN = 60
# Section, old name, new name. Version 0.2 will have the new ones only.
RENAMED = (("", "alpha", "level"), ("sem", "alphas", "reliabilities"))
_NUMBERS = frozenset({"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"})


class SettingsError(ValueError):
    """Settings that cannot be used; the message names each with what was found and is allowed."""


@cache
def settings_schema() -> Mapping[str, Any]:
    """The JSON Schema of all settings, `config.schema.yaml` beside this module."""
    text = (files("retrace.running") / "config.schema.yaml").read_text(encoding="utf-8")
    return MappingProxyType(yaml.safe_load(text))


def read_settings(
    defaults: Mapping[str, Any],
    given: Mapping[str, Any],
    schema: Mapping[str, Any] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Complete settings: what is given, and the default of everything else.

    Parameters
    ----------
    defaults : mapping
        A value for every setting.
    given : mapping
        Any part of the settings. Snakemake's option `--config` leaves numbers and booleans within
        others as text (`sem={lavaan: false}`); they are read as what the schema asks for.
    schema : mapping, optional
        JSON Schema of the settings, of objects, arrays and scalars; `settings_schema` where none
        is given.
    overrides : mapping, optional
        The part of `given` that stands over a file, as that of a command line: a setting in it
        under one name, old or new, is not contradicted by the file's other name.

    Raises
    ------
    SettingsError
        With every setting that is unknown, whose value is not allowed, or that is given different
        values under an old name and a new one.
    """
    schema = dict(settings_schema() if schema is None else schema)
    named, lines = _by_new_names(given, overrides or {}, schema)
    settings = _typed(_over(defaults, named), schema)
    errors = Draft202012Validator(schema).iter_errors(settings)
    lines += [_describe(error) for error in sorted(errors, key=lambda error: error.json_path)]
    if lines:
        raise SettingsError("\n".join(lines))
    return settings


def misread_numbers(text: str) -> list[str]:
    """Numbers of a settings file that versions 1.1 and 1.2 of YAML read differently.

    Snakemake reads such files by version 1.1, to which `010` is 8 and `3:32` is 212; `on` and `yes`
    are the booleans that they are meant as. JSON has neither form.

    Returns
    -------
    list of str
        What is to be written otherwise, by line; nothing of a text that is no YAML.
    """
    with suppress(yaml.YAMLError):
        nodes = _scalars(yaml.compose(text, Loader=yaml.SafeLoader))
        return [
            f"line {node.start_mark.line + 1}: {problem}"
            for node in nodes
            if node.tag in _NUMBERS and (problem := plain_scalar(node.value)[1])
        ]
    return []


def _scalars(root: yaml.Node | None) -> list[yaml.ScalarNode]:
    """The scalars of a document, each once, however often aliases repeat it."""
    found: dict[int, yaml.Node] = {}
    waiting = [root] if root else []
    while waiting:
        node = waiting.pop()
        if id(node) not in found:
            found[id(node)] = node
            if isinstance(node, yaml.MappingNode):
                waiting += [value for _, value in node.value]
            elif isinstance(node, yaml.SequenceNode):
                waiting += node.value
    scalars = [node for node in found.values() if isinstance(node, yaml.ScalarNode)]
    return sorted(scalars, key=lambda node: node.start_mark.index)


def _by_new_names(
    given: Mapping[str, Any], overrides: Mapping[str, Any], schema: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Settings with what is `RENAMED` under its new names, and where both names disagree."""
    named, problems = dict(given), []
    for section, old, new in RENAMED:
        part, last, kinds = (
            whole.get(section, {}) if section else whole
            for whole in (named, overrides, schema["properties"])
        )
        if not isinstance(part, Mapping) or old not in part:
            continue
        part, kinds = dict(part), kinds["properties"] if section else kinds
        values = {name: _typed(part.pop(name), kinds[new]) for name in (old, new) if name in part}
        on_top = [name for name in values if isinstance(last, Mapping) and name in last]
        chosen = on_top[0] if len(on_top) == 1 else old
        part[new] = values[chosen]
        if len(on_top) != 1 and values.get(new, values[old]) != values[old]:
            place = f"{section}." if section else ""
            problems.append(
                f"{place}{old}: found {_shown(values[old])}, allowed is what {place}{new} has, "
                f"{_shown(values[new])} ({old} is the old name of {new}: give {new} alone)"
            )
        named = {**named, section: part} if section else part
    return named, problems


def _over(base: Any, value: Any) -> Any:
    """A value over another: mappings are merged, everything else is replaced."""
    if isinstance(base, Mapping) and isinstance(value, Mapping):
        merged = {key: _over(base.get(key), value[key]) for key in value}
        return {**base, **merged}
    return value


def _typed(value: Any, schema: Mapping[str, Any]) -> Any:
    """A value with texts read as the numbers and booleans that a schema asks for."""
    if isinstance(value, Mapping):
        parts = schema.get("properties", {})
        return {key: _typed(part, parts.get(key, {})) for key, part in value.items()}
    if isinstance(value, list):
        return [_typed(part, schema.get("items", {})) for part in value]
    if isinstance(value, str):
        text = value.strip()
        if schema.get("type") == "boolean":
            return _BOOLEANS.get(text.lower(), value)
        if schema.get("type") == "integer" and re.fullmatch(r"[+-]?[0-9]{1,30}", text):
            return int(text)
        if schema.get("type") == "number":
            with suppress(ValueError):
                value = float(text)
    if isinstance(value, float) and not math.isfinite(value):
        # No number that any setting could be, though JSON Schema's bounds let NaN pass.
        return repr(value)
    if isinstance(value, int | float) and schema.get("type") == "string":
        # `--config 'papers=[1999]'`: a name that reads like a number.
        return str(value)
    return value


def _describe(error: ValidationError) -> str:
    """One problem: the setting, what was found, what is allowed."""
    place = ".".join(map(str, error.absolute_path)) or "settings"
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        unknown = sorted(str(key) for key in error.instance if key not in known)
        meant = "".join(did_you_mean(key, known) for key in unknown)
        return f"{place}: unknown {', '.join(unknown)}; there are {', '.join(known)}{meant}"
    if error.validator == "required":
        return f"{place}: {error.message}"
    allowed = {
        "type": lambda: _example(error.schema, error.validator_value),
        "minimum": lambda: f"{error.validator_value} or more",
        "maximum": lambda: f"{error.validator_value} or less",
        "exclusiveMinimum": lambda: f"more than {error.validator_value}",
        "exclusiveMaximum": lambda: f"less than {error.validator_value}",
        "pattern": lambda: f"text like {error.validator_value}",
        "minItems": lambda: f"{error.validator_value} or more entries",
        "uniqueItems": lambda: "each entry once",
        "minLength": lambda: "no empty text",
    }.get(str(error.validator), lambda: error.message)()
    about = error.schema.get("description", "")
    return f"{place}: found {_shown(error.instance)}, allowed is {allowed}" + (
        f" ({about.rstrip('.')})" if about else ""
    )


def _example(schema: Mapping[str, Any], kind: str) -> str:
    """A type in words, with how to give one within others on the command line."""
    match kind:
        case "array":
            return "a list, as [a, b]"
        case "object":
            names = ", ".join(schema.get("properties", {}))
            return f"a group of settings, as {{name: value}}, of {names}"
        case "boolean":
            return "true or false"
        case "integer":
            return "a whole number"
        case "string":
            return "text"
    return f"a {kind}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"
