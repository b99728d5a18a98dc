"""Texts of references: in one line, without what no file can hold, and as messages show them."""

from __future__ import annotations

import re

# As much of a key or a value as a message shows.
LONGEST_SHOWN = 80
_HALF = re.compile("[\ud800-\udfff]")


def shown(text: str) -> str:
    """A text as messages show it: one line, printable, not too long."""
    text = one_line(text[: 2 * LONGEST_SHOWN])
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]} …"


def one_line(text: str) -> str:
    """A text with single spaces; halves of surrogate pairs, which no file can hold, are marked."""
    return " ".join(text.split() if text.isascii() else without_halves(text).split())


def without_halves(text: str) -> str:
    """A text with U+FFFD for what is only half of a surrogate pair, as JSON's `\\ud800` makes."""
    return _HALF.sub("\ufffd", text)
