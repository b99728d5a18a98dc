"""Printed lines without the marks that extraction leaves behind."""

from __future__ import annotations

import re
import unicodedata

from retrace.bibliography.problem_codes import Problem, ProblemCode

# Longer lines are not read any further: no reference is that long, and patterns stay cheap.
LONGEST_LINE = 3000

_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.){1,300})\]\(<?(?:[^()\s]|\([^()\s]{0,200}\)){0,600}>?\)")
_ANGLE_URL = re.compile(r"<(https?://[^<>\s]{1,1000})>")
_ESCAPE = re.compile(r"\\([\\()\[\]{}*_.#&<>~`!+-])")
_EMPHASIS = re.compile(r"\*{1,3}([^*]{1,400})\*{1,3}|(?<!\w)_([^_]{1,400})_(?!\w)")
_BULLET = re.compile(r"\s*(?:[-•·–*]\s+|\[\d{1,4}\]\s*|\d{1,3}\.\s+(?=\D))")
_SPACE = re.compile(r"\s+")
# House styles that replace every ampersand by a word turn R&D into this.
_RANDD = re.compile(r"\bRandD\b")
# Characters without a printed form: those inside words go, those between words are spaces.
_INSIDE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
# Dashes that mean a hyphen.
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u2009": " "})


def decode(line: str | bytes) -> tuple[str, list[Problem]]:
    """A line as text; bytes that are not UTF-8 are replaced and noted."""
    if isinstance(line, str):
        # Lone surrogates cannot be written to any file.
        text = line.encode("utf-8", "replace").decode("utf-8")
        return text, [] if text == line else [ProblemCode.NOT_UNICODE.of()]
    try:
        return line.decode("utf-8"), []
    except UnicodeDecodeError:
        return line.decode("utf-8", "replace"), [ProblemCode.NOT_UTF8.of()]


def clean(text: str) -> tuple[str, list[str]]:
    """Plain text of a line, and the pieces of it that were emphasised.

    Markdown links give their label, escapes and emphasis marks go, white space is one space,
    `RandD` is R&D again.

    Returns
    -------
    text : str
    emphasised : list of str
        The emphasised pieces in their order, cleaned the same way.
    """
    text = text[:LONGEST_LINE]
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INSIDE.sub("", text.translate(_HYPHENS)))
    text = _INVISIBLE.sub(" ", text) if not text.isprintable() else text
    bullet = _BULLET.match(text)
    if bullet:
        text = text[bullet.end() :]
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "<http" in text:
        text = _ANGLE_URL.sub(r"\1", text)
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    emphasised: list[str] = []
    if "*" in text or "_" in text:

        def keep(match: re.Match) -> str:
            inner = match[1] or match[2]
            emphasised.append(_SPACE.sub(" ", inner).strip())
            return inner

        text = _EMPHASIS.sub(keep, text)
    if "RandD" in text:
        text = _RANDD.sub("R&D", text)
        emphasised = [_RANDD.sub("R&D", piece) for piece in emphasised]
    return _SPACE.sub(" ", text).strip(), emphasised
