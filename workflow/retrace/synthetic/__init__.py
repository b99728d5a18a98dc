"""Synthetic surveys: data that print what a paper prints.

In a notebook, from a correlation table as printed, on a scale from 1 to 7 with means of 4 and SDs
of 1 assumed for constructs of three items::

    from retrace.provenance.streams import random_stream
    from retrace.synthetic import LikertTarget, Scale, likert

    scale = Scale(1, 7, items=3)
    target = LikertTarget.from_table({"trust": [], "risk": ["-0.31"]}, 300, scale, 4.0, 1.0)
    result = likert(target, random_stream(1, "mine", "notebook"))
    result.frame(), result.matched, result.fidelity
"""

from retrace.matrices.correlations import IndefiniteMatrixError, nearest_correlation
from retrace.printed.regression import PrintedRegression
from retrace.synthetic.alphas import alpha_bounds, attainable_alpha, cronbach_alpha
from retrace.synthetic.continuous import continuous
from retrace.synthetic.fidelity import Fidelity, check_data, check_items, fidelity_frame
from retrace.synthetic.items import RowTotals, items_frame, split_all, split_scores
from retrace.synthetic.likert import LikertResult, LikertSampler, likert, nothing_drawn
from retrace.synthetic.target import (
    InfeasibleTargetError,
    ItemsNotFoundError,
    LikertTarget,
    Measure,
    Scale,
)

__all__ = [
    "Fidelity",
    "IndefiniteMatrixError",
    "InfeasibleTargetError",
    "ItemsNotFoundError",
    "LikertResult",
    "LikertSampler",
    "LikertTarget",
    "Measure",
    "PrintedRegression",
    "RowTotals",
    "Scale",
    "alpha_bounds",
    "attainable_alpha",
    "check_data",
    "check_items",
    "continuous",
    "cronbach_alpha",
    "fidelity_frame",
    "items_frame",
    "likert",
    "nearest_correlation",
    "nothing_drawn",
    "split_all",
    "split_scores",
]
