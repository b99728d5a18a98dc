"""Which predictors a hypothesis needs beside its own (suppression)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from retrace.decisions import Hypothesis, supported_by_t, word
from retrace.estimators.least_squares import ols_from_correlations

if TYPE_CHECKING:
    import pandas as pd

# Beyond so many predictors not all subsets are run, but those that keep or drop up to three.
ALL_SUBSETS_UP_TO = 12


class Suppression(NamedTuple):
    """A hypothesis with and without one other predictor, a row of `suppression.csv`.

    `grows` says that the coefficient is larger in size with the other predictor than without,
    which is suppression (Conger 1974; Velicer 1978); `mutual` that two hypotheses of the model
    are both supported together and each not without the other's predictor.
    """

    hypothesis: str
    term: str
    other: str
    correlation: float
    beta_with: float
    beta_without: float
    t_with: float
    t_without: float
    supported_with: bool
    supported_without: bool
    grows: bool
    mutual: bool
    decision_with: str
    decision_without: str


def subsets_with(term: int, k: int) -> list[tuple[int, ...]]:
    """Sets of predictors that hold `term`, smallest first; all of them up to 12 predictors."""
    others = [j for j in range(k) if j != term]
    sizes = list(range(k))
    if k > ALL_SUBSETS_UP_TO:
        sizes = [size for size in sizes if size <= 3 or size >= k - 4]
    return [
        tuple(sorted((term, *chosen))) for size in sizes for chosen in combinations(others, size)
    ]


def fit_subsets(R: ArrayLike, n: int, term: int, subsets: Sequence[tuple[int, ...]]) -> np.ndarray:
    """beta, standard error, t and p of one term in each subset of predictors.

    Parameters
    ----------
    R : array_like, shape (k + 1, k + 1)
    n : int
    term : int
    subsets : sequence of tuple of int

    Returns
    -------
    ndarray, shape (len(subsets), 4)
    """
    R = np.asarray(R, dtype=float)
    y = len(R) - 1
    result = np.empty((len(subsets), 4))
    by_size: dict[int, list[int]] = {}
    for row, subset in enumerate(subsets):
        by_size.setdefault(len(subset), []).append(row)
    for rows in by_size.values():
        index = np.array([[*subsets[row], y] for row in rows])
        fit = ols_from_correlations(R[index[:, :, None], index[:, None, :]], n)
        place = (index[:, :-1] == term).argmax(axis=1)
        at = np.arange(len(rows))
        result[rows] = np.column_stack(
            [column[at, place] for column in (fit.beta, fit.beta_se, fit.t, fit.p)]
        )
    return result


def suppression_table(
    R: ArrayLike, n: int, names: Sequence[str], hypotheses: Sequence[Hypothesis], level: float
) -> pd.DataFrame:
    """What becomes of each hypothesis when one other predictor is left out.

    Returns
    -------
    pandas.DataFrame
        A row a `Suppression`, for each hypothesis and other predictor.
    """
    import pandas as pd

    R = np.asarray(R, dtype=float)
    k = len(R) - 1
    names = list(names)
    fit = ols_from_correlations(R, n)
    rows, needs = [], set()
    for hypothesis in hypotheses:
        j = names.index(hypothesis.term)
        with_all = bool(supported_by_t(fit.t[j], hypothesis.sign, fit.df, level))
        for other in range(k):
            if other == j:
                continue
            rest = tuple(i for i in range(k) if i != other)
            beta, _, t, _ = fit_subsets(R, n, j, [rest])[0]
            without = bool(supported_by_t(t, hypothesis.sign, fit.df + 1, level))
            if with_all and not without:
                needs.add((hypothesis.term, names[other]))
            rows.append(
                Suppression(
                    hypothesis=hypothesis.name,
                    term=hypothesis.term,
                    other=names[other],
                    correlation=R[j, other],
                    beta_with=fit.beta[j],
                    beta_without=beta,
                    t_with=fit.t[j],
                    t_without=t,
                    supported_with=with_all,
                    supported_without=without,
                    grows=bool(abs(fit.beta[j]) > abs(beta)),
                    mutual=False,
                    decision_with=word(with_all),
                    decision_without=word(without),
                )
            )
    rows = [
        row._replace(mutual={(row.term, row.other), (row.other, row.term)} <= needs) for row in rows
    ]
    return pd.DataFrame(rows, columns=list(Suppression._fields))
