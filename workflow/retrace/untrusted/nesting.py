"""How deep JSON nests, before anything reads it."""

from __future__ import annotations

import re

# Bibliographies need five levels.
DEEPEST = 100
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def too_deep(text: str) -> str:
    """What is wrong with the nesting of a JSON text, with its line; empty if nothing is."""
    depth = deepest = line = 0
    for match in _TOKENS.finditer(text):
        if match[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if depth > DEEPEST and not line:
                line = text.count("\n", 0, match.start()) + 1
        elif match[0] in "]}":
            depth -= 1
    return f"line {line}: nested too deeply: {deepest} deep; {DEEPEST} is allowed" if line else ""
