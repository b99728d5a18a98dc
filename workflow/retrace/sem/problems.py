"""What may be wrong with a solution: each kind of problem with its code and sentence."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class ProblemCode(StrEnum):
    """A kind of problem; its value is what a sentence about it begins with."""

    NOT_CONVERGED = "not converged"
    UNDER_IDENTIFIED = "under-identified"
    SINGULAR_INFORMATION = "singular information"
    NEGATIVE_VARIANCE = "negative variance"
    IMPOSSIBLE_CORRELATION = "correlation beyond 1"
    NOT_FINITE = "not finite"


class Problem(NamedTuple):
    """One problem: its kind, and what it is about, empty where the kind says it all."""

    code: ProblemCode
    about: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.about}" if self.about else str(self.code)


def first_of(problems: Iterable[Problem], codes: Iterable[ProblemCode]) -> str:
    """The sentence about the first problem of some kinds; empty where there is none."""
    wanted = set(codes)
    return next((str(problem) for problem in problems if problem.code in wanted), "")
