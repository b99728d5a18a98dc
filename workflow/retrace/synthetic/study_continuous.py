"""Continuous data of a study: the printed correlations, and its means and SDs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrace.papers.study import Study
from retrace.synthetic.continuous import continuous
from retrace.synthetic.from_study import target_to_draw

if TYPE_CHECKING:
    import pandas as pd


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
        R = study.correlation_matrix
        data = continuous(R, target.n, rng, target.mean, target.sd, target.names)
    return pd.DataFrame(data, columns=list(target.names)), target.why_not_drawn
