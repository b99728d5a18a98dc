"""Continuous data of a study: the printed correlations, and its means and SDs.

Correlations that are not printed are drawn: any that complete the matrix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrace.papers.study import Study
from retrace.synthetic.continuous import continuous
from retrace.synthetic.from_study import target_to_draw
from retrace.synthetic.moments import completed_matrix
from retrace.synthetic.target import LikertTarget
from retrace.synthetic.unprinted_correlations import draw_completion

if TYPE_CHECKING:
    import pandas as pd


def matrix_to_draw(study: Study, target: LikertTarget, rng: np.random.Generator) -> np.ndarray:
    """The correlations of a study, shape (k, k), those that are not printed drawn.

    Raises
    ------
    IndefiniteMatrixError
        If some are not printed, and no positive definite matrix was found that prints the others.
    """
    if not target.is_open.any():
        return study.correlation_matrix
    ends = np.ones((target.k, target.k))
    return draw_completion(completed_matrix(target), target.is_open, -ends, ends, rng)


def draw_continuous(study: Study, rng: np.random.Generator) -> tuple[pd.DataFrame, str]:
    """Draw data whose sample correlations are those of a study.

    Returns
    -------
    data : DataFrame
        A column for each construct, in their order; n rows, none where none are drawn.
    why_not : str
        Why none are drawn; empty where they are.
    """
    import pandas as pd

    target = target_to_draw(study)
    if target.why_not_drawn:
        data = np.empty((0, target.k))
    else:
        R = matrix_to_draw(study, target, rng)
        data = continuous(R, target.n, rng, target.mean, target.sd, target.names)
    return pd.DataFrame(data, columns=list(target.names)), target.why_not_drawn
