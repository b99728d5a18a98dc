"""Continuous data of a study: the printed correlations, and its means and SDs.

Correlations that are not printed are drawn: any that complete the matrix. Products are those of the
columns drawn, which are moved until the products print what is printed of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrace.papers.study import Study
from retrace.synthetic.continuous import continuous
from retrace.synthetic.continuous_products import steer_products
from retrace.synthetic.from_study import target_to_draw
from retrace.synthetic.moments import completed_matrix
from retrace.synthetic.product_columns import with_products
from retrace.synthetic.target import LikertTarget
from retrace.synthetic.unprinted_correlations import draw_completion

if TYPE_CHECKING:
    import pandas as pd


def draw_columns(study: Study, target: LikertTarget, rng: np.random.Generator) -> np.ndarray:
    """Continuous data of a target with rows to draw, shape (n, k).

    Raises
    ------
    IndefiniteMatrixError
        If some correlations are not printed, and no positive definite matrix was found that prints
        the others.
    """
    drawn = target.drawn
    R = _matrix_to_draw(study, drawn, rng)
    columns = continuous(R, drawn.n, rng, drawn.mean, drawn.sd, drawn.names)
    if not target.products:
        return columns
    return with_products(target, steer_products(target, columns))


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
    why_not = target.why_not_drawn
    data = np.empty((0, target.k)) if why_not else draw_columns(study, target, rng)
    return pd.DataFrame(data, columns=list(target.names)), why_not


def _matrix_to_draw(study: Study, drawn: LikertTarget, rng: np.random.Generator) -> np.ndarray:
    """The correlations of what is drawn, shape (c, c), those that are not printed drawn."""
    if not drawn.is_open.any():
        return study.correlations_of(drawn.names)
    ends = np.ones((drawn.k, drawn.k))
    return draw_completion(completed_matrix(drawn), drawn.is_open, -ends, ends, rng)
