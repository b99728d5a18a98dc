"""The smallest misprint that would explain a wrong number.

Mistakes are tried in the order in which a proof-reader would think of them: a sign, neighbouring
digits exchanged, the decimal point, the last digit, any other digit. The first that fits is named;
that it explains the number does not show that it happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from retrace.printed.numbers import Printed
from retrace.printed.verdicts import CONTRADICTED, verdict

Fits = Callable[[Printed], bool]


def smallest_mistake(printed: Printed, fits: Fits) -> str:
    """The smallest misprint whose mend fits, in words; empty where none does.

    Parameters
    ----------
    printed : Printed
    fits : callable
        Whether a number in its place would not be wrong.
    """
    for what, mended in _mends(printed):
        if fits(mended):
            return f"{what}: {mended.text}"
    return ""


def exchanged(place: str, printed: Mapping[str, Printed], fits: Mapping[str, Fits]) -> str:
    """Another place whose printed number fits here, as this one fits there; else empty.

    Parameters
    ----------
    place : str
    printed : mapping
        Place to printed number, of one column.
    fits : mapping
        Place to whether a number in it would not be wrong.
    """
    for other in printed:
        if other == place or fits[other](printed[other]):
            continue
        if fits[place](printed[other]) and fits[other](printed[place]):
            return f"exchanged with the one of {other}: {printed[other].text}"
    return ""


def _mends(printed: Printed) -> Iterator[tuple[str, Printed]]:
    number, decimals = printed.number, printed.decimals
    if number and not printed.bound:
        yield "sign", _like(printed, number.copy_negate(), decimals)
    digits = "".join(map(str, number.as_tuple().digits)).rjust(decimals + 1, "0")
    for i, (a, b) in enumerate(pairwise(digits)):
        # The zero before the point is no digit that anyone exchanges.
        if a != b and (i or a != "0"):
            yield (
                "digits exchanged",
                _of_digits(printed, digits[:i] + b + a + digits[i + 2 :]),
            )
    sign, ciphers, exponent = number.as_tuple()
    for places in (1, -1, 2, -2):
        # Infinity and NaN alone have an exponent that is no number; no paper prints them.
        if number and isinstance(exponent, int) and decimals + places >= 0:
            moved = Decimal((sign, ciphers, exponent - places))
            yield "decimal point", _like(printed, moved, decimals + places)
    near = [str(int(digits) + step).rjust(len(digits), "0") for step in (1, -1) if int(digits)]
    for mended in near:
        yield "last digit", _of_digits(printed, mended)
    for i in reversed(range(len(digits))):
        for digit in "0123456789":
            mended = digits[:i] + digit + digits[i + 1 :]
            if mended not in (digits, *near):
                yield "one digit", _of_digits(printed, mended)


def _of_digits(printed: Printed, digits: str) -> Printed:
    # By its digits: arithmetic would round a number of very many.
    sign = int(printed.number.is_signed())
    number = Decimal((sign, tuple(map(int, digits)), -printed.decimals))
    return _like(printed, number, printed.decimals)


def _like(printed: Printed, number: Decimal, decimals: int) -> Printed:
    """A number printed the same way: with the same bound and stars."""
    text = f"{printed.bound}{number:.{decimals}f}"
    return replace(printed, text=text, number=number, decimals=decimals)


def mistake_beside(printed: Printed, recomputed: float, low: float, high: float) -> str:
    """The smallest mistake that explains a number which contradicts what others imply; else empty.

    Parameters
    ----------
    printed : Printed
    recomputed, low, high : float
        As of `verdict`.
    """

    def fits(cell: Printed) -> bool:
        return verdict(cell, recomputed, low, high) != CONTRADICTED

    return "" if fits(printed) else smallest_mistake(printed, fits)
