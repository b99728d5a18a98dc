"""Printed numbers: numbers as strings, because `0.130` says more than `0.13`.

A printed number stands for every value that rounds to it. Its half width is half a unit in the
last printed place, and its interval is the closed range of those values; rounding conventions
(half up, half to even) differ only at the ends, which the closed interval includes for both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

# A value computed in double precision that should be a tie, such as 0.0005, may miss it by an ulp.
TIE_TOLERANCE = 1e-9

_PRINTED = re.compile(
    r"""^\s*
    (?P<bound>[<>≤≥]?)\s*
    (?P<sign>[-+−–‐‑‒]?)\s*
    (?P<digits>(?:[1-9]\d{0,2}(?:[,\u2009\u202f\u00a0]\d{3})+|\d+)(?:\.\d*)?|\.\d+)\s*
    (?P<percent>%?)\s*
    (?P<stars>[*∗†‡+]*|(?<=[.\d])[a-cᵃᵇᶜ])
    \s*$""",
    re.VERBOSE,
)


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
    """

    text: str
    number: Decimal
    decimals: int
    bound: str = ""
    stars: str = ""
    percent: bool = False

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
        match = _PRINTED.match(text)
        if match is None:
            hint = "; decimals stand behind a point" if "," in text else ""
            if text.casefold().replace(".", "").strip() == "ns":
                hint = "; for a test that is not significant write the bound, as in >0.05"
            elif text.strip()[:1] == "(":
                hint = "; leave out brackets"
            raise ValueError(
                f"{text!r} is not a printed number such as 0.130, -.08** or <0.001{hint}"
            )
        stars = match["stars"].replace("∗", "*")  # the operator that PDF files have for it
        digits = re.sub(r"[^\d.]", "", match["digits"])
        if stars.isalpha() and "." not in digits:
            raise ValueError(
                f"{text!r} is not a printed number; letters stand for stars behind decimals only"
            )
        number = Decimal(digits)
        if match["sign"] not in ("", "+"):
            number = -number
        bound = {"≤": "<", "≥": ">"}.get(match["bound"], match["bound"])
        decimals = len(digits.partition(".")[2])
        return cls(text, number, decimals, bound, stars, bool(match["percent"]))

    @cached_property
    def value(self) -> float:
        """The printed value as a float."""
        return float(self.number)

    @cached_property
    def half_width(self) -> float:
        """Half a unit in the last printed place."""
        return float(Decimal(5).scaleb(-self.decimals - 1))

    @cached_property
    def interval(self) -> tuple[float, float]:
        """Smallest and largest value that print like this; a bound is open to infinity."""
        if self.bound == "<":
            return (float("-inf"), self.value)
        if self.bound == ">":
            return (self.value, float("inf"))
        half = Decimal(5).scaleb(-self.decimals - 1)
        return (float(self.number - half), float(self.number + half))

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
