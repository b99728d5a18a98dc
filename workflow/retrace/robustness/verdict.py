"""One row of `verdicts.csv`: what one analysis decides on one hypothesis."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from retrace.decisions import NOT_ATTAINABLE

# Estimate, p and decision where there are none.
NOTHING = (np.nan, np.nan, NOT_ATTAINABLE)


class Verdict(NamedTuple):
    """What one analysis decides on a hypothesis, a row of `verdicts.csv`.

    Attributes
    ----------
    hypothesis, analysis : str
    estimate, p : float
        NaN where there are none.
    decision : str
    assumed : str
        What the analysis rests on that the paper does not print.
    not_attainable : int
        How many of its specifications take no part in the decision.
    because : str
        How an effect of several coefficients is tested, or why something is not attainable.
    """

    hypothesis: str
    analysis: str
    estimate: float
    p: float
    decision: str
    assumed: str = ""
    not_attainable: int = 0
    because: str = ""


def at_level(label: str, level: float) -> str:
    """An analysis at one level of several."""
    return f"{label}, {100 * level:g} %"
