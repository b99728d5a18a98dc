"""Tables of fitted models: estimates, fit, residuals and modification indices.

Each function returns rows, dictionaries in the order of their columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING

from retrace.robustness.structural_models import StudyModel
from retrace.sem.fitting import Fit, fit

if TYPE_CHECKING:
    from retrace.papers.study import Study

SEM_COLUMNS = ("model", "lhs", "op", "rhs", "est", "se", "z", "p", "std")
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
    """
    matrix = tuple(map(tuple, study.correlation_matrix.tolist()))
    names = tuple(study.names)
    return {
        model.name: _fitted(model.syntax, matrix, study.n, names, not model.fixes_shares)
        for model in models
    }


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
        }
        for name, solution in fits.items()
        for e in solution.estimates
    ]


def fit_rows(fits: dict[str, Fit], models: Sequence[StudyModel]) -> list[dict]:
    """Fit measures and problems of every model."""
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
