"""Texts of a paper: what no document can hold, and how messages show them."""

from __future__ import annotations

import re

MAX_SHOWN = 1_000  # characters of a message
_SPACES = "\u00a0\u2009\u202f"
# What XML, and with it HTML tables and SVG figures, cannot hold.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def shown(text: str) -> str:
    """A text of a paper as a message shows it: on one line, long ones without their middle.

    Characters that a terminal obeys, or that change the order of others, are their codes.
    """
    if len(text) > MAX_SHOWN:
        half = MAX_SHOWN // 2
        text = f"{text[:half]} [... {len(text) - 2 * half:,} characters ...] {text[-half:]}"
    return "".join(c if c.isprintable() or c in _SPACES else repr(c)[1:-1] for c in text)


def no_text(text: str) -> str:
    """What is wrong with a text that has a character no document can hold; else empty."""
    found = _NO_TEXT.search(text)
    return f"has the control character U+{ord(found[0]):04X}; none is allowed" if found else ""
