"""Printed numbers: numbers as strings, because `0.130` says more than `0.13`.

A printed number stands for every value that rounds to it. Its half width is half a unit in the
last printed place, and its interval is the closed range of those values; rounding conventions
(half up, half to even) differ only at the ends, which the closed interval includes for both.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from functools import cached_property
from typing import Literal

# A value computed in double precision that should be a tie, such as 0.0005, may miss it by an ulp.
TIE_TOLERANCE = 1e-9

# No paper prints a longer number; what is longer is refused before anything is done with it.
MAX_CHARACTERS = 60
MAX_DIGITS = 30
# Arithmetic of such numbers that rounds nothing: Python's own keeps 28 digits.
_EXACT = Context(prec=4 * MAX_CHARACTERS)

# Signs of significance that look like an asterisk, in fonts and PDF files: U+2217, U+204E, U+FF0A,
# U+2731 and U+FE61.
_ASTERISKS = "∗⁎＊✱﹡"
_PLAIN_STARS = str.maketrans(dict.fromkeys(_ASTERISKS, "*"))
# Thousands in groups, by one separator alone; only the digits of ASCII.
_DIGITS = r"""(?:
    (?:[1-9][0-9]{0,2}(?P<group>[,\u2009\u202f\u00a0])[0-9]{3}(?:(?P=group)[0-9]{3})*|[0-9]+)
    (?:\.[0-9]*)?
    |\.[0-9]+)"""
_NUMBER = re.compile(_DIGITS, re.VERBOSE)
# A power of ten, as programs (`e-05`) and typesetters (`× 10−5`, with a raised or plain exponent)
# print it.
_POWER = r"""(?:\s*(?:[eE]|[×x]\s*10\s*\^?)\s*
    (?P<power>[-+−–‐‑‒]?[0-9]{1,2}|[⁻⁺]?[⁰¹²³⁴-⁹]{1,2}))?"""
_RAISED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹−–‐‑‒", "-+0123456789-----")
_CELL = r"""^\s*
    (?P<bound>[<>≤≥]?)\s*
    (?P<sign>[-+−–‐‑‒]?)\s*
    (?P<digits>{digits}){power}\s*
    (?P<percent>%?)\s*
    (?P<stars>[*†‡+{asterisks}]*|(?<=[.\d])[a-cᵃᵇᶜ])
    \s*$"""
_PRINTED = re.compile(_CELL.format(digits=_DIGITS, power=_POWER, asterisks=_ASTERISKS), re.VERBOSE)
# The same with any marks between the digits.
_MARKED = re.compile(
    _CELL.format(
        digits=r"[0-9.,\u2009\u202f\u00a0]*[0-9][0-9.,]*", power=_POWER, asterisks=_ASTERISKS
    ),
    re.VERBOSE,
)
_OTHER_SIGN = str.maketrans(".,", ",.")
_EXPONENT = re.compile(
    r"\s*([-+−]?[0-9]*\.?[0-9]+)\s*(?:[eE]|[×x]\s*10\^?)\s*([-+−–]?)([0-9]{1,2})\s*"
)


def decimal_sign(cell: str) -> Literal["", ".", ",", "either"]:
    """The decimal sign that a cell shows.

    `0.98` and `12,345.6` show the point, `0,98` and `1.234,56` the comma; `1,968` and `1.968` may
    be a number of thousands or one with three decimals; everything else shows nothing.
    """
    match = _MARKED.match(cell) if len(cell) <= MAX_CHARACTERS else None
    if match is None or not {".", ","} & set(match["digits"]):
        return ""
    point = _NUMBER.fullmatch(match["digits"]) is not None
    comma = _NUMBER.fullmatch(match["digits"].translate(_OTHER_SIGN)) is not None
    if point and comma:
        return "either"
    return "." if point else "," if comma else ""


def with_point(cell: str) -> str:
    """A number printed with a decimal comma, and points between thousands if any, the other way."""
    return cell.translate(_OTHER_SIGN)


@dataclass(frozen=True)
class Printed:
    """A number as printed.

    Attributes
    ----------
    text : str
        The cell as printed.
    number : decimal.Decimal
        Its value; a percentage keeps its printed scale (`86.6%` is 86.6).
    decimals : int
        Printed decimals.
    bound : str
        `<` or `>` where a bound is printed in place of a value, as in `<0.001`; else empty.
    stars : str
        The significance marks behind the number; a letter from a to c may be one.
    percent : bool
        Whether a percent sign is printed.
    ending : str
        How digits were left out, which no number shows by itself: `rounded`, `truncated`, or
        `either` of both.
    """

    text: str
    number: Decimal
    decimals: int
    bound: str = ""
    stars: str = ""
    percent: bool = False
    ending: str = "rounded"

    @classmethod
    def parse(cls, text: str) -> Printed:
        """Read a printed number.

        Raises
        ------
        ValueError
            If the text is not one number with optional bound, percent sign and stars. Numbers
            that are not strings are refused too: they have lost their trailing zeros.
        """
        if not isinstance(text, str):
            raise ValueError(
                f"{text!r} is a {type(text).__name__}; a printed number is a string, "
                'with its decimals: write it in quotes, as in "0.130"'
            )
        match = _PRINTED.match(text) if len(text) <= MAX_CHARACTERS else None
        if match is None:
            raise ValueError(
                f"{_shown(text)} is not a printed number such as 0.130, -.08** or <0.001"
                f"{_hint(text)}"
            )
        stars = match["stars"].translate(_PLAIN_STARS)
        digits = re.sub(r"[^0-9.]", "", match["digits"])
        if len(digits) - digits.count(".") > MAX_DIGITS:
            raise ValueError(f"{text!r} has more than {MAX_DIGITS} digits; no paper prints so many")
        if stars.isalpha() and "." not in digits:
            raise ValueError(
                f"{text!r} is not a printed number; letters stand for stars behind decimals only"
            )
        number = Decimal(digits)
        if match["sign"] not in ("", "+"):
            # Also of a zero: what rounds to −.00 is not above it.
            number = number.copy_negate()
        bound = {"≤": "<", "≥": ">"}.get(match["bound"], match["bound"])
        decimals = len(digits.partition(".")[2])
        if match["power"]:
            power = int(match["power"].translate(_RAISED))
            # Fewer digits than places before the point leave no last printed place to round at.
            if not 0 <= decimals - power <= MAX_DIGITS:
                raise ValueError(
                    f"{text!r} is not a printed number with its last place{_hint(text)}"
                )
            number, decimals = _EXACT.scaleb(number, power), decimals - power
        return cls(text, number, decimals, bound, stars, bool(match["percent"]))

    @cached_property
    def value(self) -> float:
        """The printed value as a float."""
        return float(self.number) + 0.0  # no minus before a zero

    @cached_property
    def half_width(self) -> float:
        """Half a unit in the last printed place."""
        return float(Decimal(5).scaleb(-self.decimals - 1))

    @cached_property
    def interval(self) -> tuple[float, float]:
        """Smallest and largest value that print like this; a bound is open to infinity.

        `<0.05` ends at the last number below 0.05, `≤0.05` at 0.05 itself, and so upwards.
        """
        if self.bound:
            far = math.inf if self.bound == ">" else -math.inf
            itself = "≤" in self.text or "≥" in self.text
            near = self.value if itself else math.nextafter(self.value, far)
            return (near, far) if self.bound == ">" else (far, near)
        half, unit = Decimal(5).scaleb(-self.decimals - 1), Decimal(1).scaleb(-self.decimals)
        if self.ending == "rounded":
            return float(_EXACT.subtract(self.number, half)), float(_EXACT.add(self.number, half))
        # What is cut off lies away from zero; a zero may have had either sign.
        toward = half if self.ending == "either" else Decimal(0)
        below, above = unit if self.number <= 0 else toward, unit if self.number >= 0 else toward
        return float(_EXACT.subtract(self.number, below)), float(_EXACT.add(self.number, above))

    @property
    def cut(self) -> Printed:
        """The same number read as truncated."""
        return replace(self, ending="truncated")

    @property
    def cut_or_rounded(self) -> Printed:
        """The same number read as truncated or rounded, whichever it is."""
        return replace(self, ending="either")

    @property
    def as_share(self) -> Printed:
        """A percentage as the share that it prints: `9.6%` as .096; every other number itself."""
        if not self.percent:
            return self
        number, decimals = _EXACT.scaleb(self.number, -2), self.decimals + 2
        return replace(self, number=number, decimals=decimals, percent=False)

    def admits(self, value: float) -> bool:
        """Whether `value` prints like this number; NaN never does."""
        low, high = self.interval
        slack = TIE_TOLERANCE * max(1.0, abs(self.value))
        return low - slack <= value <= high + slack

    def meets(self, low: float, high: float) -> bool:
        """Whether some value between `low` and `high` prints like this number."""
        own_low, own_high = self.interval
        slack = TIE_TOLERANCE * max(1.0, abs(self.value))
        return low <= own_high + slack and high >= own_low - slack

    def __str__(self) -> str:
        return self.text


def _shown(text: str) -> str:
    """A text in quotes, cut where it is long, with control characters as codes."""
    if len(text) <= MAX_CHARACTERS:
        return repr(text)
    return f"{text[:MAX_CHARACTERS]!r}... ({len(text):,} characters)"


def _hint(text: str) -> str:
    """What to write in place of a text that is no printed number, where that can be told."""
    if len(text) > MAX_CHARACTERS:
        return f"; at most {MAX_CHARACTERS} characters are read"
    if decimal_sign(text) == ",":
        return "; decimals stand behind a point"
    bare = text.strip().strip("+-−").casefold()
    if bare in ("nan", "na", "n/a", "inf", "infinity", "∞"):
        return "; leave the cell empty where no number is printed"
    if bare.replace(".", "") == "ns":
        return "; for a test that is not significant write the bound, as in >0.05"
    if text.strip()[:1] == "(":
        return "; leave out brackets"
    if exponent := _EXPONENT.fullmatch(text):
        mantissa, sign, power = exponent.groups()
        power = int(power) if sign in ("", "+") else -int(power)
        written = _EXACT.scaleb(Decimal(mantissa.replace("−", "-")), power)
        return f"; write the number without its power of ten: {written:f}"
    for character in text:
        digit = unicodedata.decimal(character, None)
        if not character.isascii() and digit is not None:
            return f"; {_named(character)}: write {digit}"
    for character in text:
        if not (character.isascii() and character.isprintable()) and character not in _USUAL:
            return f"; {_named(character)} is none of the characters of a number"
    return ""


_USUAL = frozenset("≤≥−–‐‑‒†‡ᵃᵇᶜ\u2009\u202f\u00a0" + _ASTERISKS)


def _named(character: str) -> str:
    name = unicodedata.name(character, "a control character")
    shown = f"{character} " if character.isprintable() else ""
    return f"{shown}(U+{ord(character):04X}, {name})"
