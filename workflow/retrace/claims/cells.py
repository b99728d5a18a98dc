"""What claims can ask of a cell as printed: its number, year, list, words in brackets.

Each function takes the text of a cell and is one of the SQL functions that claims may use; the
name under which claims call it is in `CELL_FUNCTIONS`. A cell that does not hold what is asked for
is an error that quotes it, never a silent NULL.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from retrace.printed.granularity import debit, grim, grimmer, possible_counts
from retrace.printed.numbers import Printed

_UNITS_IN_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS_IN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS, _TENS = _UNITS_IN_WORDS.split(), _TENS_IN_WORDS.split()

# Number words up to ninety-nine.
NUMBER_WORDS = {word: number for number, word in enumerate(_UNITS)}
NUMBER_WORDS |= {word: 10 * number for number, word in enumerate(_TENS, start=2)}
NUMBER_WORDS |= {
    f"{ten}{dash}{unit}": 10 * i + j
    for i, ten in enumerate(_TENS, start=2)
    for j, unit in enumerate(_UNITS[1:10], start=1)
    for dash in ("-", " ")
}
# In lower case alone: a capital A is a label, as in `Consumer A`.
_ARTICLES = {"a": 1, "an": 1}

# A dash right before a number is a minus where nothing stands before it that it could join to the
# number, as in `60-65%`, `3,000€–7,000€` or `5 -10`.
_NUMBER = re.compile(
    r"((?<![^\s(\[<>=:;,])(?<![\d%€$£¥]\s)[-−–‐‑‒])?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
# `3—UAE, UK`, `6- UK` and `Presence 7—UK`: a count and a dash stand before the list, with words
# before them that are none of its items. `5-star hotels` and `2010–2012` have no such count.
_COUNT_BEFORE_LIST = re.compile(r"^[^\d,;()]*\d+\s*(?:[—–](?!\d)|-\s)\s*")
_SEPARATOR = re.compile(r"\s*[,;]\s*(?:and\s+|&\s*)?|\s+(?:and|&)\s+")


def printed_number(cell: str) -> Printed:
    """A number, a number word, or an article that stands for one, as printed.

    A plus behind a whole number is no mark of significance but makes it a lower bound: `200+`.

    Raises
    ------
    ValueError
        For anything else.
    """
    word = NUMBER_WORDS.get(cell.strip().lower(), _ARTICLES.get(cell.strip()))
    printed = Printed.parse(cell if word is None else str(word))
    if "+" in printed.stars and not printed.decimals:
        return replace(printed, bound=">", stars=printed.stars.replace("+", ""))
    return printed


def number(cell: str) -> float:
    """The value of a printed number or number word; percentages keep their printed scale."""
    printed = printed_number(cell)
    if printed.bound:
        raise ValueError(f"{cell!r} is a bound, not a number; use at_least() or at_most()")
    return printed.value


def at_least(cell: str) -> float | None:
    """The smallest value a count can have: the number, what `>` or `+` stands by; NULL for `<`."""
    printed = printed_number(cell)
    return None if printed.bound == "<" else printed.value


def at_most(cell: str) -> float | None:
    """The largest value a count can have: the number, or what `<` stands by; NULL for `>`, `+`."""
    printed = printed_number(cell)
    return None if printed.bound == ">" else printed.value


def smallest(cell: str) -> float:
    """The smallest value that prints like a number."""
    return printed_number(cell).interval[0]


def largest(cell: str) -> float:
    """The largest value that prints like a number."""
    return printed_number(cell).interval[1]


def decimals(cell: str) -> int:
    """Printed decimals."""
    return printed_number(cell).decimals


def stars(cell: str) -> str:
    """The significance marks behind a number, empty where there is none."""
    return printed_number(cell).stars


def prints_like(value: float, cell: str) -> bool:
    """Whether a computed value rounds to what the cell prints."""
    return printed_number(cell).admits(value)


def first_number(cell: str) -> float:
    """The first number in a cell with other words, as in `19 years at a firm` or `Equal (3)`."""
    match = _NUMBER.search(cell)
    if match is None:
        raise ValueError(f"{cell!r} has no number in it")
    return _value(match)


def numbers(cell: str) -> list[float]:
    """Every number in a cell, in order; `60-65%` has two."""
    return [_value(match) for match in _NUMBER.finditer(cell)]


def _value(match: re.Match) -> float:
    value = float(match[2].replace(",", ""))
    return -value if match[1] else value


def year_of(cell: str) -> int:
    """The one year in a cell, such as `2013` or `May 2018`."""
    years = _YEAR.findall(cell)
    if len(years) != 1:
        raise ValueError(f"{cell!r} holds {len(years)} years; one is needed")
    return int(years[0])


def items(cell: str) -> list[str]:
    """The items of a printed list: split at commas, semicolons and `and`, a count before it off."""
    text = _COUNT_BEFORE_LIST.sub("", cell.strip())
    return [item for item in (part.strip() for part in _SEPARATOR.split(text)) if item]


def in_brackets(cell: str) -> str | None:
    """What stands in the first round brackets of a cell; NULL where there are none."""
    match = re.search(r"\(([^()]*)\)", cell)
    return match[1].strip() if match else None


def counts_for(percentage: str, n: int, rounding: str) -> list[int]:
    """The counts out of n that print like a percentage."""
    return list(possible_counts(printed_number(percentage), n, rounding))


def mean_possible(mean: str, n: int, item_count: int, rounding: str) -> bool:
    """The GRIM test."""
    return grim(printed_number(mean), n, item_count, rounding)


def deviation_possible(mean: str, sd: str, n: int, item_count: int, rounding: str) -> bool:
    """The GRIMMER test."""
    return grimmer(printed_number(mean), printed_number(sd), n, item_count, rounding)


def binary_possible(mean: str, sd: str, n: int, rounding: str) -> bool:
    """The DEBIT test."""
    return debit(printed_number(mean), printed_number(sd), n, rounding)


# SQL name, Python function, parameter types, type of the result.
CELL_FUNCTIONS: tuple[tuple[str, Callable, tuple[str, ...], str], ...] = (
    ("number", number, ("VARCHAR",), "DOUBLE"),
    ("at_least", at_least, ("VARCHAR",), "DOUBLE"),
    ("at_most", at_most, ("VARCHAR",), "DOUBLE"),
    ("smallest", smallest, ("VARCHAR",), "DOUBLE"),
    ("largest", largest, ("VARCHAR",), "DOUBLE"),
    ("decimals", decimals, ("VARCHAR",), "INTEGER"),
    ("stars", stars, ("VARCHAR",), "VARCHAR"),
    ("prints_like", prints_like, ("DOUBLE", "VARCHAR"), "BOOLEAN"),
    ("first_number", first_number, ("VARCHAR",), "DOUBLE"),
    ("numbers", numbers, ("VARCHAR",), "DOUBLE[]"),
    ("year_of", year_of, ("VARCHAR",), "INTEGER"),
    ("items", items, ("VARCHAR",), "VARCHAR[]"),
    ("in_brackets", in_brackets, ("VARCHAR",), "VARCHAR"),
    ("counts_for", counts_for, ("VARCHAR", "INTEGER", "VARCHAR"), "INTEGER[]"),
    ("grim", mean_possible, ("VARCHAR", "INTEGER", "INTEGER", "VARCHAR"), "BOOLEAN"),
    (
        "grimmer",
        deviation_possible,
        ("VARCHAR", "VARCHAR", "INTEGER", "INTEGER", "VARCHAR"),
        "BOOLEAN",
    ),
    ("debit", binary_possible, ("VARCHAR", "VARCHAR", "INTEGER", "VARCHAR"), "BOOLEAN"),
)
