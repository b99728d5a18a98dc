"""Cells of printed tables: an estimate, its stars, and what stands in brackets behind it.

Tables of results print several numbers in one cell: `0.21 (0.05)**`, `.21*** [.11, .31]`,
`3.46 ± .79`, a t or a p below the coefficient in a cell of its own, `(2.45)`. What a number in
round brackets is, a standard error, a t or a p, the table's note says, not the cell, unless the
cell names it: `(SE = .05)`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from retrace.printed.numbers import MAX_CHARACTERS, Printed, decimal_sign, with_point

# Three numbers, their marks and brackets; what is longer is refused before it is looked into.
MAX_CELL = 4 * MAX_CHARACTERS

# Marks that stand where no number is printed: dashes of all lengths, points, words of programs.
_NOTHING = re.compile(r"(?:[-−–—‒‐‑]{1,3}|\.{1,3}|…|/|n\.?\s?/?a\.?|nan|null|none)", re.IGNORECASE)
_NOT_SIGNIFICANT = re.compile(r"n\.?\s?s\.?", re.IGNORECASE)
_STARS_ALONE = re.compile(r"[*∗⁎＊✱﹡†‡]{1,5}")

_STARS = r"[*†‡+∗⁎＊✱﹡ᵃᵇᶜ]*"
# What cells have of letters: a text that has others is none with a decimal sign.
_WORDS = frozenset(
    ["se", "s", "e", "sd", "ci", "to", "t", "z", "p", "β", "beta", "x", "a", "b", "c", *"ᵃᵇᶜ"]
)
# A number with its sign, groups and power of ten; `Printed.parse` says whether it is one.
_N = (
    r"[<>≤≥]?\s*[-+−–‐‑‒]?\s*(?:[0-9][0-9,\u2009\u202f\u00a0]*(?:\.[0-9]*)?|\.[0-9]+)"
    r"(?:\s*(?:[eE]|[×x]\s*10\s*\^?)\s*(?:[-+−–‐‑‒]?[0-9]{1,2}|[⁻⁺]?[⁰¹²³⁴-⁹]{1,2}))?\s*%?"
)
# Between the ends of an interval. A dash is one only where spaces or an end of digits set it apart.
_TO = r"\s*(?:[,;:]|\bto\b|(?<=[0-9])\s*[–—-](?=\s*[-−–0-9.]))\s*"
_KIND = r"(?:(?P<{0}>SE|s\.e\.|SD|t|z|p|β|beta)\s*[=:]?\s*)?"
_CELL = re.compile(
    rf"""
    (?P<estimate>{_N}(?:(?<=[0-9.])[abc](?![a-z]))?)?\s*(?P<stars>{_STARS})\s*
    (?:±\s*(?P<spread>{_N})\s*)?
    (?:[\(\[]\s*{_KIND.format("kind")}(?P<bracket>{_N})\s*(?P<bracket_stars>{_STARS})\s*[\)\]]\s*)?
    (?P<stars_behind>{_STARS})\s*
    (?:(?:95\s*%\s*)?(?:CI\s*[=:]?\s*)?[\[\(]\s*
        (?P<low>{_N}){_TO}(?P<high>{_N})\s*[\]\)]\s*)?
    (?P<stars_last>{_STARS})(?:\s+n\.?\s?s\.?)?""",
    re.VERBOSE,
)


class Cell(NamedTuple):
    """What one cell of a table prints.

    Attributes
    ----------
    text : str
        The cell as printed.
    estimate : Printed or None
        Its first number; the stars of the whole cell are its own.
    stars : str
        The stars of the cell, wherever they stand.
    bracket : Printed or None
        The number in round brackets, or behind `±`.
    kind : str
        What the cell itself says that the number in brackets is (se, sd, t, z, p, beta); else
        empty.
    low, high : Printed or None
        The ends of an interval.
    word : str
        `ns` where a test is printed as not significant without a number; `stars` where stars alone
        stand for a number; else empty.
    """

    text: str
    estimate: Printed | None = None
    stars: str = ""
    bracket: Printed | None = None
    kind: str = ""
    low: Printed | None = None
    high: Printed | None = None
    word: str = ""


def is_nothing(text: str) -> bool:
    """Whether a cell is a way of printing nothing: empty, a dash, `n.a.`."""
    bare = text.strip()
    return not bare or _NOTHING.fullmatch(bare) is not None


def read_cell(text: str) -> Cell:
    """Read a cell of a table.

    Raises
    ------
    ValueError
        If it is neither empty in one of the usual ways nor one estimate with at most one number in
        round brackets and one interval, in this order.
    """
    if len(text) > MAX_CELL:
        raise ValueError(
            f"{text[:MAX_CHARACTERS]!r}... ({len(text):,} characters) is no cell of a table; "
            f"at most {MAX_CELL} characters are read"
        )
    bare = text.strip()
    if is_nothing(bare):
        return Cell(text)
    if _NOT_SIGNIFICANT.fullmatch(bare):
        return Cell(text, word="ns")
    if _STARS_ALONE.fullmatch(bare):
        return Cell(text, stars=Printed.parse(f"0{bare}").stars, word="stars")
    match = _CELL.fullmatch(bare)
    if match is None:
        Printed.parse(text)  # says best what is wrong with one number
        raise ValueError(f"{text!r} is not a cell such as 0.21 (0.05)** or .21* [.11, .31]")
    names = ("stars", "bracket_stars", "stars_behind", "stars_last")
    marked = [stars for name in names if (stars := match[name])]
    if len(marked) > 1:
        raise ValueError(f"{text!r} has stars in {len(marked)} places")
    stars = marked[0] if marked else ""
    estimate = _number(match["estimate"], stars)
    kind = "sd" if match["spread"] else (match["kind"] or "").casefold().replace(".", "")
    return Cell(
        text,
        estimate,
        Printed.parse(f"0{stars}").stars if stars else "",
        _number(match["bracket"] or match["spread"], "" if estimate else stars),
        "beta" if kind == "β" else kind,
        _number(match["low"]),
        _number(match["high"]),
    )


def _number(text: str | None, stars: str = "") -> Printed | None:
    return None if text is None else Printed.parse(text.strip() + stars)


def cell_decimal_sign(text: str) -> str:
    """The decimal sign that the numbers of a cell show, as `decimal_sign` of one number.

    `0,21 (0,05)` shows the comma; numbers that show both show neither.
    """
    signs = {decimal_sign(part) for part in _parts(text)} - {""}
    definite = signs - {"either"}
    if len(definite) == 1:
        return definite.pop()
    return "either" if signs == {"either"} else ""


def _parts(text: str) -> list[str]:
    words = re.findall(r"[^\W\d_]+", text[: MAX_CELL + 1])
    if len(text) > MAX_CELL or not {word.casefold() for word in words} <= _WORDS:
        return []
    return re.findall(r"[0-9.,\u2009\u202f\u00a0]*[0-9]", text)


def cell_with_points(text: str) -> str:
    """A cell printed with decimal commas, the other way; what stands between numbers stays."""
    return re.sub(r"[0-9.,\u2009\u202f\u00a0]*[0-9]", lambda found: with_point(found[0]), text)
