"""Tables of fitted models: estimates, fit, residuals and modification indices.

Each function returns rows, dictionaries in the order of their columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING

from retrace.robustness.structural_models import StudyModel
from retrace.sem.fitting import Fit, fit
from retrace.sem.specification import specify

if TYPE_CHECKING:
    from retrace.papers.study import Study

SEM_COLUMNS = ("model", "lhs", "op", "rhs", "est", "se", "z", "p", "std", "estimate")
FIT_COLUMNS = (
    *("model", "chi2", "df", "p", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high", "srmr"),
    *("aic", "bic", "converged", "sabic", "p_close", "npar", "n", "kind", "assumed", "problems"),
)
RESIDUAL_COLUMNS = (
    *("model", "row", "column", "sample", "implied", "residual", "correlation_residual"),
)
MODIFICATION_COLUMNS = ("model", "lhs", "op", "rhs", "index", "expected_change")
# Modification indices are listed from the 5 % point of chi-square with one degree of freedom.
NOTABLE_INDEX = 3.841


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


def estimate_rows(fits: dict[str, Fit]) -> list[dict]:
    """Every parameter of every model."""
    return [
        {
            "model": name,
            "lhs": e.lhs,
            "op": e.op,
            "rhs": e.rhs,
            **{key: getattr(e, key) for key in ("est", "se", "z", "p", "std")},
            "estimate": e.est,
        }
        for name, solution in fits.items()
        for e in solution.estimates
    ]


def fit_rows(
    fits: dict[str, Fit], models: Sequence[StudyModel], unfit: Mapping[str, str] | None = None
) -> list[dict]:
    """Fit measures and problems of every model; of one that is not fitted, the reason."""
    by_name = {model.name: model for model in models}
    leading = ("chi2", "df", "p", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high", "srmr")
    rows = []
    for name, solution in fits.items():
        m = solution.measures
        rows.append(
            {
                "model": name,
                **{key: getattr(m, key) for key in (*leading, "aic", "bic")},
                "converged": solution.converged,
                "sabic": m.sabic,
                "p_close": m.p_close,
                "npar": m.npar,
                "n": solution.n,
                "kind": by_name[name].kind,
                "assumed": by_name[name].assumed,
                "problems": "; ".join(solution.problems),
            }
        )
    for name, reason in (unfit or {}).items():
        own = {"model": name, "kind": by_name[name].kind, "assumed": by_name[name].assumed}
        rows.append(own | {"converged": False, "problems": reason})
    return rows


def residual_rows(fits: dict[str, Fit]) -> list[dict]:
    """Sample and implied (co)variances of every model that leaves any difference."""
    rows = []
    for name, solution in fits.items():
        if solution.structure.df == 0:
            continue
        names = solution.structure.specification.observed
        for i, row in enumerate(names):
            for j, column in enumerate(names[: i + 1]):
                rows.append(
                    {
                        "model": name,
                        "row": row,
                        "column": column,
                        "sample": solution.sample[i, j],
                        "implied": solution.implied[i, j],
                        "residual": solution.residuals[i, j],
                        "correlation_residual": solution.correlation_residuals[i, j],
                    }
                )
    return rows


def modification_rows(fits: dict[str, Fit]) -> list[dict]:
    """Modification indices that are notable, of every model that has degrees of freedom."""
    return [
        {"model": name, **asdict(index)}
        for name, solution in fits.items()
        if solution.structure.df > 0
        for index in solution.modification_indices()
        if index.index >= NOTABLE_INDEX
    ]
