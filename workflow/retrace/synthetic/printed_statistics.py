"""Every statistic a study prints, as a function of sample moments, for many moments at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import fdtrc, stdtr, stdtrit

from retrace.printed.numbers import TIE_TOLERANCE, Printed
from retrace.printed.regression import PrintedRegression
from retrace.printed.reported import INTERVAL, belongs_to_b, is_constant
from retrace.synthetic.target import LikertTarget

# What depends on the order of rows.
ORDER = "durbin_watson"

# Statistics that the outcome has no part in.
COLLINEARITY = frozenset({"vif", "tolerance"})

# In place of a predictor's position.
WHOLE_MODEL, CONSTANT = -1, -2

# Values keep this share of a half width away from a tie, which two programs may round apart.
TIE_MARGIN = 1e-6


@dataclass(frozen=True)
class Statistic:
    """One printed statistic: its kind, what it is of, and the columns it depends on.

    Of a model, `position` is the place of its predictor, or `WHOLE_MODEL` or `CONSTANT`; where
    `standardised`, a standard error or confidence limit is that of beta.
    """

    kind: str
    term: str
    printed: Printed
    columns: frozenset[int]
    model: int = -1
    position: int = WHOLE_MODEL
    standardised: bool = False


class PrintedStatistics:
    """The statistics of a target that follow from means, SDs and correlations.

    Durbin-Watson depends on the order of rows, and Cronbach's alpha on items; they are met apart.

    Parameters
    ----------
    target : LikertTarget
    ties : bool
        Whether a value may be a tie, which two programs may round apart.

    Attributes
    ----------
    rows : list of Statistic
        S statistics: means, SDs, correlations, then each model's.
    low, high : numpy.ndarray, shape (S,)
        What prints as printed: closed intervals, a hair inside their ties or a hair beyond.
    half : numpy.ndarray, shape (S,)
        Half widths, the unit in which misses are measured.
    """

    def __init__(self, target: LikertTarget, ties: bool = False):
        self.target, self.ties = target, ties
        self.rows = _moment_rows(target) + [
            row for index in range(len(target.models)) for row in _model_rows(target, index)
        ]
        intervals = [row.printed.interval for row in self.rows]
        self.half = np.array([row.printed.half_width for row in self.rows])
        self.low, self.high = np.array(intervals, dtype=float).reshape(-1, 2).T
        hair = TIE_MARGIN * self.half
        if ties:
            # Less than what counts as a tie when data are checked.
            size = np.array([abs(row.printed.value) for row in self.rows])
            hair = -TIE_TOLERANCE / 2 * np.maximum(size, 1.0)
        self.low, self.high = self.low + hair, self.high - hair
        # Where a printed value is a bound (`<0.001`) there is no middle to aim for.
        self.middle = np.array([row.printed.value for row in self.rows])
        bounded = np.array([bool(row.printed.bound) for row in self.rows], dtype=bool)
        self.middle[bounded] = np.clip(0.0, self.low[bounded], self.high[bounded])

    def __len__(self) -> int:
        return len(self.rows)

    def determined_by(self, columns: Iterable[int]) -> np.ndarray:
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
        models: dict[int, _Regression] = {}
        with np.errstate(invalid="ignore", divide="ignore"):
            for out, index in enumerate(which):
                row = self.rows[index]
                if row.model < 0:
                    values[:, out] = _moment(row, mean, sd, R)
                    continue
                if row.model not in models:
                    model = self.target.models[row.model]
                    models[row.model] = _Regression(self.target, model, mean, sd, R)
                values[:, out] = models[row.model].of(row)
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
    for term, cells in model.reported.items():
        position = CONSTANT if is_constant(term) else model.predictors.index(term)
        raw, label = belongs_to_b(cells), f"{model.name}: {term}"
        for kind, printed in cells.items():
            columns = predictors if kind in COLLINEARITY else everything
            standardised = kind in INTERVAL and not raw
            rows.append(Statistic(kind, label, printed, columns, index, position, standardised))
    for kind, printed in model.overall.items():
        if kind != ORDER:
            rows.append(Statistic(kind, model.name, printed, everything, index))
    return rows


def _moment(row: Statistic, mean: np.ndarray, sd: np.ndarray, R: np.ndarray) -> np.ndarray:
    i, *rest = sorted(row.columns)
    if row.kind == "r":
        return R[:, i, rest[0]]
    return (mean if row.kind == "mean" else sd)[:, i]


class _Tests:
    """Coefficients with their tests, each statistic computed when it is asked for.

    Attributes
    ----------
    b, se : numpy.ndarray, shape (batch,) or (batch, p)
    df : int
    """

    def __init__(self, b: np.ndarray, se: np.ndarray, df: int):
        self.b, self.se, self.df = b, se, df

    @cached_property
    def t(self) -> np.ndarray:
        return self.b / self.se

    @cached_property
    def p(self) -> np.ndarray:
        return 2 * stdtr(self.df, -np.abs(self.t))

    @cached_property
    def margin(self) -> np.ndarray:
        return stdtrit(self.df, 0.975) * self.se

    @property
    def ci_low(self) -> np.ndarray:
        return self.b - self.margin

    @property
    def ci_high(self) -> np.ndarray:
        return self.b + self.margin


class _Regression:
    """Least squares from a batch of moments, each statistic computed when it is asked for.

    Cohen et al. (2003), ch. 3; the constant as in any textbook.
    """

    def __init__(
        self,
        target: LikertTarget,
        model: PrintedRegression,
        mean: np.ndarray,
        sd: np.ndarray,
        R: np.ndarray,
    ):
        X = [target.names.index(name) for name in model.predictors]
        y = target.names.index(model.outcome)
        self.n, self.p = target.n, len(X)
        self.df = self.n - self.p - 1
        self.C = _inverse(R[:, X][:, :, X])
        ry = R[:, X, y]
        self.vif = np.diagonal(self.C, axis1=1, axis2=2)
        self.beta = np.einsum("bij,bj->bi", self.C, ry)
        self.r2 = np.einsum("bi,bi->b", self.beta, ry)
        self.unexplained = np.where(self.r2 < 1, 1 - self.r2, np.nan)
        self.mean_x, self.sd_x, self.mean_y, self.sd_y = mean[:, X], sd[:, X], mean[:, y], sd[:, y]

    @cached_property
    def standardised(self) -> _Tests:
        se = np.sqrt(self.unexplained[:, None] * self.vif / self.df)
        return _Tests(self.beta, se, self.df)

    @cached_property
    def raw(self) -> _Tests:
        ratio = self.sd_y[:, None] / self.sd_x
        return _Tests(self.beta * ratio, self.standardised.se * ratio, self.df)

    @cached_property
    def constant(self) -> _Tests:
        z, n = self.mean_x / self.sd_x, self.n
        b = self.mean_y - (self.raw.b * self.mean_x).sum(axis=1)
        spread = 1 / n + np.einsum("bi,bij,bj->b", z, self.C, z) / (n - 1)
        variance = self.unexplained * self.sd_y**2 * (n - 1) / self.df
        return _Tests(b, np.sqrt(variance * spread), self.df)

    @property
    def tolerance(self) -> np.ndarray:
        return 1 / self.vif

    @property
    def adjusted_r2(self) -> np.ndarray:
        return 1 - self.unexplained * (self.n - 1) / self.df

    @property
    def f(self) -> np.ndarray:
        return self.r2 / self.p / (self.unexplained / self.df)

    @property
    def f_p(self) -> np.ndarray:
        return fdtrc(self.p, self.df, self.f)

    def of(self, row: Statistic) -> np.ndarray:
        """One printed statistic, shape (batch,)."""
        if row.position == CONSTANT:
            return getattr(self.constant, row.kind)
        if row.position == WHOLE_MODEL or row.kind == "beta" or row.kind in COLLINEARITY:
            values = getattr(self, row.kind)
        else:
            values = getattr(self.standardised if row.standardised else self.raw, row.kind)
        return values if row.position == WHOLE_MODEL else values[:, row.position]


def _inverse(matrices: np.ndarray) -> np.ndarray:
    """Inverses of a batch; NaN for those that are not positive definite, or not finite."""
    try:
        np.linalg.cholesky(matrices)
    except np.linalg.LinAlgError:
        # A column of scores that are all the same has no correlations.
        good = np.isfinite(matrices).all(axis=(1, 2))
        good[good] = np.linalg.eigvalsh(matrices[good])[:, 0] > 1e-10
        result = np.full_like(matrices, np.nan)
        if good.any():
            result[good] = np.linalg.inv(matrices[good])
        return result
    return np.linalg.inv(matrices)
