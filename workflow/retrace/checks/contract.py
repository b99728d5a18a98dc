"""The contract of a check: what it is asked, and the one kind of row that it answers with.

A check is a module beside this one with one `CHECK`, named like the module. Its function gets a
paper's record and gives rows, one for each printed number that it looked at or could not look at;
`retrace.checks` finds it, names its rows, and says so where it had nothing to look at.
"""

from __future__ import annotations

import math
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from retrace.printed.verdicts import NOT_CHECKABLE

if TYPE_CHECKING:
    from retrace.checks.shared.record import Record

# Modules beside the checks that are none.
_NO_CHECKS = ("commands", "contract", "finding")


class Says(TypedDict, total=False):
    """What a check says of a number whose address is known: the other fields of a `Row`."""

    statistic: str
    printed: str
    recomputed: float
    low: float
    high: float
    verdict: str
    because: str
    needs: str
    cause: str


class Row(NamedTuple):
    """What a check says of one printed number.

    Attributes
    ----------
    paper, check : str
        Filled in by `retrace.checks.check_paper`.
    where, row, column : str
        The address of the number: a file of the paper's folder or a section of `paper.yaml`, and
        there its row and column. What is said of a whole table or study has no row and column.
    statistic : str
        What the number is, or what the check asks of it.
    printed : str
        The cell as printed.
    recomputed : float
        From the inputs as printed; NaN where they give none.
    low, high : float
        The interval that the verdict rests on; NaN where it rests on none.
    verdict : str
        One of `retrace.printed.verdicts.VERDICTS`.
    because : str
        Why.
    needs : str
        What else would have to be printed; empty where there is a verdict.
    cause : str
        The smallest mistake that would explain what is wrong, where one was found.
    """

    paper: str = ""
    check: str = ""
    where: str = ""
    row: str = ""
    column: str = ""
    statistic: str = ""
    printed: str = ""
    recomputed: float = math.nan
    low: float = math.nan
    high: float = math.nan
    verdict: str = ""
    because: str = ""
    needs: str = ""
    cause: str = ""


COLUMNS = Row._fields


class Basis(IntEnum):
    """What a check judges numbers of the tables of regressions by, the quickest to judge first.

    By which convention such a table is read shows in what these checks contradict.
    """

    NO_TABLE = 0
    OTHER_CELLS = 1
    CORRELATIONS = 2
    ALL_AT_ONCE = 3


@dataclass(frozen=True)
class Check:
    """One technique that turns a paper's record into verdicts.

    Attributes
    ----------
    name : str
        That of its module.
    question : str
        What it asks, with a question mark.
    needs : str
        What a paper must print for it to have something to look at.
    source : str
        Where the method is from.
    judge : callable
        From a `Record` whose study is there to rows. No row means that the paper prints nothing
        that it looks at; a number that it cannot judge has a row that says what is lacking.
    basis : Basis
        Of its verdicts on numbers of the tables of regressions, if it has any that hang on the
        convention by which these are read.
    """

    name: str
    question: str
    needs: str
    source: str
    judge: Callable[[Record], Iterable[Row]]
    basis: Basis = Basis.NO_TABLE


def nothing_to_look_at(check: Check, because: str) -> Row:
    """The row of a check that found nothing of its own in a paper."""
    return Row(verdict=NOT_CHECKABLE, because=because, needs=check.needs)


# What there is does not change while a program runs, and is asked for again for every table.
@cache
def find_checks() -> tuple[Check, ...]:
    """Every check of this package, by name: each module beside this one but the contract is one."""
    found = [
        module for module in pkgutil.iter_modules([str(Path(__file__).parent)]) if not module.ispkg
    ]
    names = sorted(module.name for module in found if module.name not in _NO_CHECKS)
    return tuple(import_module(f"{__package__}.{name}").CHECK for name in names)
