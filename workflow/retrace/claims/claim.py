"""A claim: a statement of a paper that its own tables can confirm or refute."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, Literal

from retrace.untrusted.nearest import did_you_mean

VALUE: Final = "value"
VIOLATIONS: Final = "violations"
GIVES = (VALUE, VIOLATIONS)

MAX_CLAIMS = 10_000
MAX_QUERY_LENGTH = 20_000
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_REQUIRED = ("id", "where", "statement")


@dataclass(frozen=True)
class Claim:
    """A claim as its paper's `claims.yaml` states it.

    Attributes
    ----------
    id : str
        Its name, unique in the paper: lower-case words joined by hyphens.
    where : str
        Where the paper prints it.
    statement : str
        What the paper says, in our own words.
    reported : str
        The printed value, as printed; empty for a rule that prints none.
    query : str
        SQL over the paper's tables; empty where the claim cannot be checked.
    gives : {"value", "violations"}
        Whether the query computes the value, or lists the rows that break the rule.
    missing : str
        For a claim without a query: what the paper does not print.
    alternative : str
        Another reading of the statement, and what it would give.
    fair : str
        For a claim that fails: one sentence that its authors would accept as fair.
    """

    id: str
    where: str
    statement: str
    reported: str = ""
    query: str = ""
    gives: Literal["value", "violations"] = VALUE
    missing: str = ""
    alternative: str = ""
    fair: str = ""


_KEYS = tuple(field.name for field in fields(Claim))


def read_claims(
    content: object, lines: Mapping[tuple, int] | None = None
) -> tuple[list[Claim], list[tuple[str, str]]]:
    """Make claims of the content of a `claims.yaml`.

    Parameters
    ----------
    content : object
        What the YAML file holds: a mapping with the one key `claims`, a list of mappings.
    lines : mapping, optional
        The line of every key and list item, by its path, as `("claims", 0, "query")`.

    Returns
    -------
    claims : list of Claim
        Those without a problem, in the order of the file.
    problems : list of (place, message)
        `place` names the line and the claim; every problem is there, not the first alone.
    """
    lines = lines or {}
    problems: list[tuple[str, str]] = []
    if not isinstance(content, dict) or set(content) != {"claims"}:
        return [], [("", "expected one key, claims, with a list of claims under it")]
    entries = content["claims"]
    if not isinstance(entries, list):
        return [], [("claims", "expected a list of claims")]
    if len(entries) > MAX_CLAIMS:
        return [], [("claims", f"{len(entries):,} claims; at most {MAX_CLAIMS:,}")]
    claims: list[Claim] = []
    seen: dict[str, int] = {}
    for index, entry in enumerate(entries):
        found = _entry_problems(entry)
        name = entry.get("id") if isinstance(entry, dict) else None
        label = f"claim {name}" if isinstance(name, str) and name else f"claim number {index + 1}"
        if isinstance(name, str) and name:
            if name in seen:
                found.append(("id", f"taken by claim number {seen[name] + 1}"))
            seen.setdefault(name, index)
        for key, message in found:
            line = lines.get(("claims", index, key)) or lines.get(("claims", index))
            parts = [f"line {line}"] if line else []
            parts.append(f"{label}, {key}" if key else label)
            problems.append((", ".join(parts), message))
        if not found:
            claims.append(Claim(**{key: text.strip() for key, text in entry.items()}))
    return claims, problems


def claim_ids(content: object) -> set[str] | None:
    """The ids in a `claims.yaml`, those of claims with a problem too; None where it has no list."""
    entries = content.get("claims") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        return None
    named = [entry.get("id") for entry in entries if isinstance(entry, dict)]
    return {name for name in named if isinstance(name, str)}


def _entry_problems(entry: object) -> list[tuple[str, str]]:
    """What is wrong with one entry, as (key, message)."""
    if not isinstance(entry, dict):
        return [("", f"found {entry!r}, expected a mapping with {', '.join(_REQUIRED)}")]
    problems = []
    for key, value in entry.items():
        if key not in _KEYS:
            message = f"unknown key; known are {', '.join(_KEYS)}{did_you_mean(key, _KEYS)}"
            problems.append((str(key), message))
        elif not isinstance(value, str):
            hint = f'; write it in quotes, as in "{value}"' if key == "reported" else ""
            problems.append((key, f"found {value!r}, expected a text{hint}"))
        elif not value.strip():
            problems.append((key, "empty; leave the key out"))
    if problems:
        return problems
    problems += [(key, "missing; it is required") for key in _REQUIRED if key not in entry]
    if "id" in entry and not _ID.fullmatch(entry["id"]):
        problems.append(("id", f"{entry['id']!r} is no id: lower-case words joined by hyphens"))
    if ("query" in entry) == ("missing" in entry):
        problems.append(
            ("", "give either query, or missing: what the paper does not print to check it by")
        )
    gives = entry.get("gives", VALUE)
    if gives not in GIVES:
        problems.append(("gives", f"found {gives!r}, expected {' or '.join(GIVES)}"))
    elif gives == VALUE and "query" in entry and "reported" not in entry:
        problems.append(("reported", "missing; a query that gives a value is compared with it"))
    if len(entry.get("query", "")) > MAX_QUERY_LENGTH:
        problems.append(("query", f"longer than {MAX_QUERY_LENGTH:,} characters"))
    return problems
