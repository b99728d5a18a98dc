"""A regression as a paper prints it: its variables, and the numbers reported of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from retrace.printed.numbers import Printed


@dataclass(frozen=True)
class PrintedRegression:
    """One regression of a study.

    Attributes
    ----------
    name, outcome : str
    predictors : tuple of str
    reported : mapping
        Term to statistic (`reported.TERM_STATISTICS`) to printed number. A term is a predictor or
        the constant, by one of its names. Standard error and confidence limits are those of b,
        unless beta is printed and b is not.
    overall : mapping
        Statistic of the whole model (`reported.MODEL_STATISTICS`) to printed number.
    """

    name: str
    outcome: str
    predictors: tuple[str, ...]
    reported: Mapping[str, Mapping[str, Printed]] = field(default_factory=dict)
    overall: Mapping[str, Printed] = field(default_factory=dict)
