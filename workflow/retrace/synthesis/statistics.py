"""Every statistic a study prints, as a function of sample moments, for many moments at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from retrace.printed import Printed
from retrace.synthesis.target import INTERCEPTS, LikertTarget, ReportedModel

# Values keep this share of a half width away from a tie, which two programs may round apart.
TIE_MARGIN = 1e-6


@dataclass(frozen=True)
class Statistic:
    """One printed statistic: its kind, what it is of, and the columns it depends on."""

    kind: str
    term: str
    printed: Printed
    columns: frozenset[int]
    model: int = -1
    position: int = -1


class PrintedStatistics:
    """The statistics of a target that follow from means, SDs and correlations.

    Durbin-Watson depends on the order of rows, and Cronbach's alpha on items; they are met apart.

    Attributes
    ----------
    rows : list of Statistic
        S statistics: means, SDs, correlations, then each model's.
    low, high : numpy.ndarray, shape (S,)
        What prints as printed: closed intervals, a hair inside their ties.
    half : numpy.ndarray, shape (S,)
        Half widths, the unit in which misses are measured.
    """

    def __init__(self, target: LikertTarget):
        self.target = target
        self.rows = _moment_rows(target) + [
            row for index in range(len(target.models)) for row in _model_rows(target, index)
        ]
        intervals = [row.printed.interval for row in self.rows]
        self.half = np.array([row.printed.half_width for row in self.rows])
        self.low, self.high = np.array(intervals, dtype=float).reshape(-1, 2).T
        self.low = self.low + TIE_MARGIN * self.half
        self.high = self.high - TIE_MARGIN * self.half
        # Where a printed value is a bound (`<0.001`) there is no middle to aim for.
        self.middle = np.array([row.printed.value for row in self.rows])
        bounded = np.array([bool(row.printed.bound) for row in self.rows], dtype=bool)
        self.middle[bounded] = np.clip(0.0, self.low[bounded], self.high[bounded])

    def __len__(self) -> int:
        return len(self.rows)

    def determined_by(self, columns) -> np.ndarray:
        """Indices of the statistics that depend on no other columns than these."""
        columns = set(columns)
        return np.array([i for i, row in enumerate(self.rows) if row.columns <= columns], dtype=int)

    def misses(self, values: np.ndarray, which: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Signed distances to the printed intervals in half widths; zero inside, inf for NaN."""
        excess = np.maximum(values - self.high[which], 0) - np.maximum(self.low[which] - values, 0)
        return np.where(np.isnan(values), np.inf, excess / self.half[which])

    def evaluate(
        self, mean: np.ndarray, sd: np.ndarray, R: np.ndarray, which: np.ndarray | None = None
    ) -> np.ndarray:
        """The statistics of a batch of sample moments.

        Parameters
        ----------
        mean, sd : numpy.ndarray, shape (batch, k)
        R : numpy.ndarray, shape (batch, k, k)
        which : numpy.ndarray of int, shape (s,), optional
            The statistics wanted; all by default.

        Returns
        -------
        numpy.ndarray, shape (batch, s)
            NaN where a model's predictors are singular.
        """
        which = np.arange(len(self)) if which is None else which
        values = np.empty((len(R), len(which)))
        models: dict[int, dict] = {}
        with np.errstate(invalid="ignore", divide="ignore"):
            for out, index in enumerate(which):
                row = self.rows[index]
                if row.model < 0:
                    values[:, out] = _moment(row, mean, sd, R)
                    continue
                if row.model not in models:
                    model = self.target.models[row.model]
                    models[row.model] = _regression(self.target, model, mean, sd, R)
                found = models[row.model]
                if row.position == -2:
                    values[:, out] = found["intercept"][row.kind]
                elif row.position == -1:
                    values[:, out] = found[row.kind]
                else:
                    values[:, out] = found[row.kind][:, row.position]
        return values


def _moment_rows(target: LikertTarget) -> list[Statistic]:
    rows = [
        Statistic(kind, name, moment, frozenset({i}))
        for kind, moments in (("mean", target.means), ("sd", target.sds))
        for i, (name, moment) in enumerate(zip(target.names, moments, strict=True))
        if isinstance(moment, Printed)
    ]
    for row, column, printed in target.correlations:
        pair = frozenset({target.names.index(row), target.names.index(column)})
        rows.append(Statistic("r", f"{row}, {column}", printed, pair))
    return rows


def _model_rows(target: LikertTarget, index: int) -> list[Statistic]:
    model = target.models[index]
    predictors = frozenset(map(target.names.index, model.predictors))
    everything = predictors | {target.names.index(model.outcome)}
    rows = []
    for term, cells in model.coefficients.items():
        position = -2 if term in INTERCEPTS else model.predictors.index(term)
        for kind, printed in cells.items():
            columns = predictors if kind == "vif" else everything
            label = f"{model.name}: {term}"
            rows.append(Statistic(kind, label, printed, columns, index, position))
    for kind, printed in model.fit.items():
        rows.append(Statistic(kind, model.name, printed, everything, index))
    return rows


def _moment(row: Statistic, mean: np.ndarray, sd: np.ndarray, R: np.ndarray) -> np.ndarray:
    i, *rest = sorted(row.columns)
    if row.kind == "r":
        return R[:, i, rest[0]]
    return (mean if row.kind == "mean" else sd)[:, i]


def _regression(
    target: LikertTarget, model: ReportedModel, mean: np.ndarray, sd: np.ndarray, R: np.ndarray
) -> dict:
    """Least squares from moments (Cohen et al. 2003, ch. 3; intercept as in any textbook)."""
    X = [target.names.index(name) for name in model.predictors]
    y = target.names.index(model.outcome)
    n, p = target.n, len(X)
    df = n - p - 1
    Rxx, ry = R[:, X][:, :, X], R[:, X, y]
    C = _inverse(Rxx)
    vif = np.diagonal(C, axis1=1, axis2=2)
    beta = np.einsum("bij,bj->bi", C, ry)
    r2 = np.einsum("bi,bi->b", beta, ry)
    unexplained = np.where(r2 < 1, 1 - r2, np.nan)
    se_beta = np.sqrt(unexplained[:, None] * vif / df)
    ratio = sd[:, [y]] / sd[:, X]
    b, se = beta * ratio, se_beta * ratio
    z = mean[:, X] / sd[:, X]
    b0 = mean[:, y] - (b * mean[:, X]).sum(axis=1)
    spread = 1 / n + np.einsum("bi,bij,bj->b", z, C, z) / (n - 1)
    se0 = np.sqrt(unexplained * sd[:, y] ** 2 * (n - 1) / df * spread)
    return {
        **_tests(b, se, df),
        "beta": beta,
        "vif": vif,
        "r2": r2,
        "adjusted_r2": 1 - unexplained * (n - 1) / df,
        "f": r2 / p / (unexplained / df),
        "intercept": _tests(b0, se0, df),
    }


def _tests(b: np.ndarray, se: np.ndarray, df: int) -> dict[str, np.ndarray]:
    t = b / se
    margin = stdtrit(df, 0.975) * se
    p = 2 * stdtr(df, -np.abs(t))
    return {"b": b, "se": se, "t": t, "p": p, "ci_low": b - margin, "ci_high": b + margin}


def _inverse(matrices: np.ndarray) -> np.ndarray:
    """Inverses of a batch; NaN for those that are not positive definite."""
    try:
        L = np.linalg.cholesky(matrices)
    except np.linalg.LinAlgError:
        values = np.linalg.eigvalsh(matrices)
        good = values[:, 0] > 1e-10
        result = np.full_like(matrices, np.nan)
        if good.any():
            result[good] = np.linalg.inv(matrices[good])
        return result
    inverse = np.linalg.inv(L)
    return np.swapaxes(inverse, 1, 2) @ inverse
