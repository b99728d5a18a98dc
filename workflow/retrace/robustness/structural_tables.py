"""Tables of fitted models: estimates, fit, residuals and modification indices.

Each table has a row type, whose fields are its columns.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from retrace.robustness.structural_models import StudyModel
from retrace.sem.fitting import Fit, fit
from retrace.sem.specification import specify

if TYPE_CHECKING:
    from retrace.papers.study import Study

# Modification indices are listed from the 5 % point of chi-square with one degree of freedom.
NOTABLE_INDEX = 3.841


class ModelEstimate(NamedTuple):
    """A parameter of a model, a row of `sem.csv`; NaN where a value does not exist.

    `est` and `estimate` are the same, `std` is standardised.
    """

    model: str
    lhs: str
    op: str
    rhs: str
    est: float
    se: float
    z: float
    p: float
    std: float
    estimate: float


class ModelFit(NamedTuple):
    """Fit measures and problems of a model, a row of `sem_fit.csv`; NaN where it is not fitted."""

    model: str
    chi2: float = math.nan
    df: float = math.nan
    p: float = math.nan
    cfi: float = math.nan
    tli: float = math.nan
    rmsea: float = math.nan
    rmsea_low: float = math.nan
    rmsea_high: float = math.nan
    srmr: float = math.nan
    aic: float = math.nan
    bic: float = math.nan
    converged: bool = False
    sabic: float = math.nan
    p_close: float = math.nan
    npar: float = math.nan
    n: float = math.nan
    kind: str = ""
    assumed: str = ""
    problems: str = ""


class ModelResidual(NamedTuple):
    """A sample (co)variance beside the implied, a row of `sem_residuals.csv`."""

    model: str
    row: str
    column: str
    sample: float
    implied: float
    residual: float
    correlation_residual: float


class ModelModification(NamedTuple):
    """A notable modification index, a row of `sem_modification.csv`."""

    model: str
    lhs: str
    op: str
    rhs: str
    index: float  # type: ignore[assignment]  # a field hides the method of tuples
    expected_change: float


def fit_study(study: Study, models: Iterable[StudyModel]) -> dict[str, Fit]:
    """Fit every model to the printed correlations.

    They are rescaled by `(n - 1) / n` as covariances are, but for models that fix shares of them.
    Models of constructs whose correlations no data have are left out: `unfit_models` names them.
    """
    models, fits = list(models), {}
    unfit = unfit_models(study, models)
    for model in models:
        if model.name in unfit:
            continue
        names = list(specify(model.syntax).observed) if study.no_matrix else study.names
        matrix = tuple(map(tuple, study.correlations_of(names).tolist()))
        rescale = not model.fixes_shares
        fits[model.name] = _fitted(model.syntax, matrix, study.n, tuple(names), rescale)
    return fits


def unfit_models(study: Study, models: Iterable[StudyModel]) -> dict[str, str]:
    """The models of constructs whose correlations no data have, with the reason."""
    if not study.no_matrix:
        return {}
    why = {
        model.name: study.why_no_matrix(list(specify(model.syntax).observed)) for model in models
    }
    return {name: reason for name, reason in why.items() if reason}


# Studies that differ in what they assume have the same correlations.
@lru_cache(maxsize=64)
def _fitted(
    syntax: str,
    matrix: tuple[tuple[float, ...], ...],
    n: int,
    names: tuple[str, ...],
    rescale: bool,
) -> Fit:
    return fit(syntax, matrix, n, names, rescale=rescale)


def estimate_rows(fits: dict[str, Fit]) -> list[ModelEstimate]:
    """Every parameter of every model."""
    return [
        ModelEstimate(name, e.lhs, e.op, e.rhs, e.est, e.se, e.z, e.p, e.std, e.est)
        for name, solution in fits.items()
        for e in solution.estimates
    ]


def fit_rows(
    fits: dict[str, Fit], models: Sequence[StudyModel], unfit: Mapping[str, str] | None = None
) -> list[ModelFit]:
    """Fit measures and problems of every model; of one that is not fitted, the reason."""
    by_name = {model.name: model for model in models}
    rows = []
    for name, solution in fits.items():
        m = solution.measures
        rows.append(
            ModelFit(
                name,
                *(m.chi2, m.df, m.p, m.cfi, m.tli, m.rmsea, m.rmsea_low, m.rmsea_high, m.srmr),
                *(m.aic, m.bic),
                converged=solution.converged,
                sabic=m.sabic,
                p_close=m.p_close,
                npar=m.npar,
                n=solution.n,
                kind=by_name[name].kind,
                assumed=by_name[name].assumed,
                problems="; ".join(solution.problems),
            )
        )
    for name, reason in (unfit or {}).items():
        model = by_name[name]
        rows.append(ModelFit(name, kind=model.kind, assumed=model.assumed, problems=reason))
    return rows


def residual_rows(fits: dict[str, Fit]) -> list[ModelResidual]:
    """Sample and implied (co)variances of every model that leaves any difference."""
    rows = []
    for name, solution in fits.items():
        if solution.structure.df == 0:
            continue
        names = solution.structure.specification.observed
        for i, row in enumerate(names):
            for j, column in enumerate(names[: i + 1]):
                rows.append(
                    ModelResidual(
                        name,
                        row,
                        column,
                        solution.sample[i, j],
                        solution.implied[i, j],
                        solution.residuals[i, j],
                        solution.correlation_residuals[i, j],
                    )
                )
    return rows


def modification_rows(fits: dict[str, Fit]) -> list[ModelModification]:
    """Modification indices that are notable, of every model that has degrees of freedom."""
    return [
        ModelModification(name, *astuple(index))
        for name, solution in fits.items()
        if solution.structure.df > 0
        for index in solution.modification_indices()
        if index.index >= NOTABLE_INDEX
    ]
