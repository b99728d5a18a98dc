"""Every regression of a study, from its printed correlations and on synthetic data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from retrace.checks.regression.printed_model import PrintedModel
from retrace.estimators.least_squares_on_data import (
    LeastSquares,
    estimate_on_data,
    estimate_on_matrix,
)

if TYPE_CHECKING:
    import pandas as pd

MATRIX, STAND_IN = "matrix", "stand-in matrix"


class Regressions(NamedTuple):
    """Estimates, a `LeastSquares` each, and the correlations that other models lack, by model."""

    table: pd.DataFrame
    not_estimated: dict[str, list[str]]


def estimate_regressions(
    models: Mapping[str, PrintedModel], data: Mapping[str, pd.DataFrame]
) -> Regressions:
    """Estimate models, each from its correlation matrix and then on every data set.

    On data alone where correlations of products are all that is missing.

    Parameters
    ----------
    models : mapping
        All models of the study, by name.
    data : mapping
        Synthetic data by what they are called, a column for each construct.
    """
    import pandas as pd

    tables = []
    for name, model in models.items():
        if not model.drawn_whole:
            continue
        terms, sds = model.predictors, model.sds_at_face_value
        label = STAND_IN if model.has_stand_in else MATRIX
        if not model.missing_correlations:
            tables.append(estimate_on_matrix(model.R, model.n, terms, name, sds=sds, data=label))
        for label, frame in data.items():
            X, y = frame[list(terms)], frame[model.outcome]
            tables.append(estimate_on_data(X, y, terms, name, label))
    nothing = [pd.DataFrame(columns=LeastSquares._fields)]
    return Regressions(
        pd.concat(tables or nothing, ignore_index=True),
        {
            name: list(model.missing_correlations)
            for name, model in models.items()
            if model.missing_correlations
        },
    )
