"""Stable keys for works, such as `autio2000effects`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from retrace.bibliography.record import Reference

# Words that say nothing about a title.
_SMALL_WORDS = frozenset(
    """a an and are as at be between by can do does for from how in into is its of on or the their
    this to toward towards versus vs what when where which who why with""".split()  # noqa: SIM905
)
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "AE"}
    | {"œ": "oe", "Œ": "OE", "þ": "th", "ð": "d", "ı": "i", "’": "'", "‘": "'"}
    | {"–": "-", "—": "-", "\u2010": "-", "\u2011": "-", "−": "-", "\u00a0": " "}
)
_WORD = re.compile(r"[a-z0-9]+")
LONGEST_NAME = 24


def fold(text: str) -> str:
    """Lower-case ASCII letters, digits and spaces of a text: accents and marks are gone."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = text.encode("ascii", "ignore").decode()
    return text.lower()


def base_key(reference: Reference) -> str:
    """First author's family name, year and first telling word of the title."""
    names = reference.authors or reference.editors
    family = "".join(_WORD.findall(fold(names[0].family)))[:LONGEST_NAME] if names else ""
    year = reference.year_number
    words = _WORD.findall(fold(reference.title).replace("'", ""))
    word = next((w for w in words if w not in _SMALL_WORDS), words[0] if words else "")
    return f"{family or 'anonymous'}{year if year is not None else 'nd'}{word[:LONGEST_NAME]}"


def assign_keys(references: Sequence[Reference]) -> list[str]:
    """One key for each of several different works.

    Works whose base key is the same get letters (`smith2001ab`, `smith2001abb`, …) in the order
    of their titles and DOIs, so that keys do not depend on the order of the input.
    """
    bases = [base_key(reference) for reference in references]
    return _tell_apart(
        bases, [(fold(r.title), r.doi.lower(), r.volume, r.first_page, r.raw) for r in references]
    )


def _tell_apart(bases: Sequence[str], identities: Iterable[tuple]) -> list[str]:
    order = sorted(range(len(bases)), key=list(zip(bases, identities, strict=True)).__getitem__)
    taken = set(bases)
    used: set[str] = set()
    keys = [""] * len(bases)
    counts: dict[str, int] = {}
    for position in order:
        key, count = bases[position], counts.get(bases[position], 0)
        while key in used or (count and key in taken):
            count += 1
            key = bases[position] + _letters(count)
        counts[bases[position]] = count
        used.add(key)
        keys[position] = key
    return keys


def _letters(count: int) -> str:
    """b, c, …, z, ba, bb, … : the first of several has none, as `a`."""
    letters = ""
    while count:
        count, digit = divmod(count, 26)
        letters = chr(ord("a") + digit) + letters
    return letters
