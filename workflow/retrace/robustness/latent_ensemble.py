"""What latent models decide on items of many data sets that print the same tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrace.robustness.latent_models import LatentModels, fit_latent_models
from retrace.robustness.structural_decisions import StructuralDecision, decision_rows
from retrace.synthetic.ensemble import DRAW

if TYPE_CHECKING:
    import pandas as pd

    from retrace.papers.study import Study


class LatentDecision(NamedTuple):
    """A decision of a latent model, and what its items are of."""

    decided: StructuralDecision
    data: str


# Columns of `sem_latent_verdicts.csv`: the fields of a `StructuralDecision`, and the data.
LATENT_VERDICTS = (*StructuralDecision._fields, "data")


def latent_cells(rows: Iterable[LatentDecision]) -> list[tuple]:
    """Decisions as rows of the columns of `LATENT_VERDICTS`."""
    return [(*row.decided, row.data) for row in rows]


def fit_ensemble(
    study: Study,
    ensemble: pd.DataFrame,
    most: int,
    reliabilities: Sequence[str],
    stream: Callable[[int], np.random.Generator],
) -> dict[str, LatentModels]:
    """Fit latent models to items of the first data sets of an ensemble.

    Parameters
    ----------
    study : Study
    ensemble : DataFrame
        As `retrace.synthetic.ensemble.ensemble_frame` makes it.
    most : int
        Data sets, of the lowest numbers.
    reliabilities : sequence of str
        Cronbach's alphas of the items, with their decimals.
    stream : callable
        Random stream by number. Data set d has that of d + 1, whichever job drew it and however
        many there are; 0 is left for responses beside the ensemble.

    Returns
    -------
    dict of LatentModels
        By what the data set is called, `draw <number>`.
    """
    return {
        f"{DRAW} {draw}": fit_latent_models(
            study, part[study.names].to_numpy(), reliabilities, stream(1 + draw)
        )
        for draw, part in ensemble[ensemble[DRAW] < most].groupby(DRAW, sort=True)
    }


def latent_decisions(
    study: Study, fitted: Iterable[tuple[str, LatentModels]], level: float
) -> list[LatentDecision]:
    """What each data set's latent models decide.

    Parameters
    ----------
    study : Study
    fitted : iterable of (str, LatentModels)
        What the data are called, and their models.
    level : float
    """
    return [
        LatentDecision(row, data)
        for data, found in fitted
        for row in decision_rows(study, found.fits, found.models, level, found.unfit)
    ]
