"""Responses and items of a study, with what they achieve of its printed statistics and miss."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrace.papers.study import Study
from retrace.synthetic.fidelity import check_data, check_items, fidelity_frame
from retrace.synthetic.from_study import target_to_draw
from retrace.synthetic.integer_moments import correlation_steps
from retrace.synthetic.items import items_frame, split_all
from retrace.synthetic.likert import likert, nothing_drawn
from retrace.synthetic.why_missed import unmet_frame

if TYPE_CHECKING:
    import pandas as pd


class Responses(NamedTuple):
    """Responses of a study.

    Attributes
    ----------
    scores, items : DataFrame
        A row for each respondent, a column for each construct or item; no rows where none are
        drawn.
    fidelity : DataFrame
        Printed beside achieved, of continuous data, scores and items.
    unmet : DataFrame
        What is missed, and why.
    matched, printed : int
        How many of how many printed statistics scores and items have.
    steps : ndarray
        By how much one step of the lattice moves each correlation, pairs below the diagonal.
    """

    scores: pd.DataFrame
    items: pd.DataFrame
    fidelity: pd.DataFrame
    unmet: pd.DataFrame
    matched: int
    printed: int
    steps: np.ndarray


def draw_responses(study: Study, continuous: pd.DataFrame, rng: np.random.Generator) -> Responses:
    """Draw responses that print what a study prints, and split them into items.

    Parameters
    ----------
    study : Study
    continuous : DataFrame
        Continuous data of the study, which are held against what it prints too.
    rng : numpy.random.Generator
    """
    target = target_to_draw(study)
    if target.why_not_drawn:
        result, items = nothing_drawn(target)
    else:
        result = likert(target, rng)
        items = split_all(target, result.data, rng, nearest=True)
    alphas = check_items(target, items)
    others = check_data(target, continuous[list(target.names)].to_numpy(), "continuous")
    rows = [*result.fidelity, *alphas]
    missed = [*result.missed, *(row for row in alphas if not row.matched)]
    return Responses(
        scores=result.frame(),
        items=items_frame(items),
        fidelity=fidelity_frame([*others, *rows]),
        unmet=unmet_frame(target, missed, result.data),
        matched=sum(row.matched for row in rows),
        printed=len(rows),
        steps=correlation_steps(target)[np.tril_indices(target.k, -1)],
    )
