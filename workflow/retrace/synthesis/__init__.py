"""Synthetic surveys: data that print what a paper prints.

Continuous data whose sample moments equal their targets take one line::

    from retrace.streams import random_stream
    from retrace.synthesis import continuous

    X = continuous([[1.0, 0.433], [0.433, 1.0]], n=300, rng=random_stream(1, "mine", "notebook"))
"""

from retrace.synthesis.continuous import IndefiniteMatrixError, continuous, nearest_correlation

__all__ = ["IndefiniteMatrixError", "continuous", "nearest_correlation"]
