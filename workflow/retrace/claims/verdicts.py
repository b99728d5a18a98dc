"""Verdicts on claims: what the paper reports, what its tables give, whether the two agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from retrace.claims.cells import printed_number
from retrace.claims.claim import VIOLATIONS, Claim
from retrace.claims.query import EvaluationError, QueryError

if TYPE_CHECKING:
    from retrace.claims.database import ClaimDatabase
    from retrace.printed.numbers import Printed

# A table as printed: its columns, and its rows of cells.
Table = tuple[Sequence[str], Sequence[Sequence[str]]]

HOLDS, FAILS, NOT_CHECKABLE = "holds", "fails", "not checkable"
VERDICTS = (HOLDS, FAILS, NOT_CHECKABLE)

_MOST_ROWS_SPELLED_OUT = 12
MOST_CHARACTERS = 2_000  # of a value or rows spelled out, and of a message about a claim


class ClaimError(ValueError):
    """A claim that cannot be decided because something is wrong with it, by its id.

    `evaluated` tells that its text is in order, and its evaluation over the tables came to no
    value.
    """

    def __init__(self, claim: str, message: str, evaluated: bool = False):
        self.claim, self.evaluated = claim, evaluated
        long = len(message) > MOST_CHARACTERS
        self.message = f"{message[:MOST_CHARACTERS]} ..." if long else message
        super().__init__(f"claim {claim}: {self.message}")


@dataclass(frozen=True)
class Verdict:
    """A claim with what its paper's tables say.

    Attributes
    ----------
    claim : Claim
        The claim itself.
    computed : str
        The value that the query gives, or the rows that break the rule, spelled out; `none` where
        no row does; what is missing, or stopped the query, where the claim cannot be checked.
    verdict : {"holds", "fails", "not checkable"}
        Whether the value prints as reported, or no row breaks the rule.
    """

    claim: Claim
    computed: str
    verdict: str


def not_computed(claim: Claim, reason: str) -> Verdict:
    """The verdict on a claim whose query gives nothing, for a reason that is not the paper's."""
    return Verdict(claim, f"not computed: {reason}", NOT_CHECKABLE)


def decide(claim: Claim, database: ClaimDatabase) -> Verdict:
    """Decide one claim over the tables of its paper.

    Raises
    ------
    ClaimError
        If its query fails, finds no value, or gives what is too long to show; if its reported
        value is none, or nothing uses it.
    """
    if claim.missing:
        return Verdict(claim, f"not printed: {claim.missing}", NOT_CHECKABLE)
    try:
        result = database.run(claim.query, claim.reported)
        if claim.gives == VIOLATIONS:
            if claim.reported and not database.uses_reported(claim.query):
                raise QueryError(
                    f"the reported value {claim.reported!r} is not used; name it in the query as "
                    "$reported, or leave it out"
                )
            broken = [_spell_row(result.columns, row) for row in result.rows]
            return Verdict(claim, _shown(_spell_rows(broken)), FAILS if broken else HOLDS)
        if len(result.rows) != 1 or len(result.columns) != 1:
            raise EvaluationError(
                f"gives {len(result.rows)} rows of {len(result.columns)} columns; "
                "a value is one row of one column"
            )
        value = result.rows[0][0]
        if value is None:
            raise EvaluationError(
                "finds no value; for what is not printed give missing, not a query"
            )
        verdict = HOLDS if _agrees(value, claim.reported) else FAILS
        return Verdict(claim, _shown(_spell(value)), verdict)
    except ValueError as error:
        raise ClaimError(claim.id, str(error), isinstance(error, EvaluationError)) from None


def _reported_number(reported: str) -> Printed:
    try:
        return printed_number(reported)
    except ValueError as error:
        raise QueryError(f"the query gives a number, and the reported value {error}") from None


def _agrees(value: object, reported: str) -> bool:
    if isinstance(value, str):
        return value.strip() == reported
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        if not math.isfinite(value):
            raise EvaluationError(f"gives {value}; a value is a finite number")
        return _reported_number(reported).admits(float(value))
    raise EvaluationError(f"gives {value!r}; a value is a number or a text")


def _spell(value: object) -> str:
    """A value as a reader expects it: whole numbers without decimals, lists with commas."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.12g}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list | tuple):
        return ", ".join(map(_spell, value))
    return str(value)


def _shown(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise EvaluationError(
            f"the result has {len(text):,} characters; at most {MOST_CHARACTERS:,} are shown"
        )
    return text


def _spell_row(columns: tuple[str, ...], row: tuple) -> str:
    return ", ".join(
        f"{column}: {_spell(value)}" for column, value in zip(columns, row, strict=True)
    )


def _spell_rows(rows: list[str]) -> str:
    if not rows:
        return "none"
    shown = "; ".join(rows[:_MOST_ROWS_SPELLED_OUT])
    more = len(rows) - _MOST_ROWS_SPELLED_OUT
    return f"{shown}; and {more} more" if more > 0 else shown
