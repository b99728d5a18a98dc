"""What data print, recomputed from the data and set beside what the paper prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import fdtrc, stdtr, stdtrit

from retrace.printed.numbers import Printed
from retrace.printed.regression import PrintedRegression
from retrace.printed.reported import MODEL_STATISTICS, TERM_STATISTICS, belongs_to_b, is_constant
from retrace.synthetic.alphas import cronbach_alpha
from retrace.synthetic.order_rows import durbin_watson
from retrace.synthetic.target import LikertTarget

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Fidelity:
    """One printed statistic and what synthetic data achieve.

    Attributes
    ----------
    data : str
        Which data: continuous, likert or items.
    statistic : str
        Its kind.
    printed : Printed
    achieved : float
    of : tuple of str
        The construct or the pair of constructs it is of; of a model the term, if it is of one.
    model : str
        The model it is of, if any.
    matched : bool
        Whether `achieved` prints like `printed`.
    """

    data: str
    statistic: str
    printed: Printed
    achieved: float
    of: tuple[str, ...] = ()
    model: str = ""

    @property
    def term(self) -> str:
        """What it is of in words, for tables and logs."""
        return term_in_words(self.model, self.of)

    @property
    def matched(self) -> bool:
        return self.printed.admits(self.achieved)

    @property
    def distance(self) -> float:
        """How far outside the printed interval, in half widths; zero where matched."""
        low, high = self.printed.interval
        away = max(low - self.achieved, self.achieved - high, 0.0)
        return 0.0 if self.matched else away / self.printed.half_width


def term_in_words(model: str, of: Iterable[str]) -> str:
    """What a statistic is of: constructs, the term of a model, or a whole model."""
    return ": ".join(filter(None, (model, ", ".join(of))))


class Achieved(NamedTuple):
    """A `Fidelity` as a row of `fidelity.csv`."""

    data: str
    statistic: str
    term: str
    printed: str
    achieved: float
    matched: bool


def check_data(target: LikertTarget, scores: np.ndarray, data: str = "likert") -> tuple:
    """Recompute every printed statistic from the data, by the textbook and not by moments.

    Data without rows, of a target of which none are drawn, achieve nothing: NaN of every statistic.

    Parameters
    ----------
    target : LikertTarget
    scores : numpy.ndarray, shape (n, k)
        In scale units, rows in their final order.
    data : str
        What to call the data.

    Returns
    -------
    tuple of Fidelity
    """
    found, nothing = [], np.full(target.k, np.nan)
    for kind, moments, values in (
        ("mean", target.means, scores.mean(axis=0) if len(scores) else nothing),
        ("sd", target.sds, scores.std(axis=0, ddof=1) if len(scores) else nothing),
    ):
        found += [
            Fidelity(data, kind, moment, float(value), (name,))
            for name, moment, value in zip(target.names, moments, values, strict=True)
            if isinstance(moment, Printed)
        ]
    R = np.atleast_2d(np.corrcoef(scores.T)) if len(scores) else np.outer(nothing, nothing)
    for row, column, printed in target.correlations:
        r = R[target.names.index(row), target.names.index(column)]
        found.append(Fidelity(data, "r", printed, float(r), (row, column)))
    for model in target.models:
        found += _check_model(target, model, scores, data)
    return tuple(found)


def check_items(target: LikertTarget, items: dict[str, np.ndarray]) -> tuple[Fidelity, ...]:
    """Recompute Cronbach's alphas from the items of each construct, shape (n, m)."""
    return tuple(
        Fidelity("items", "alpha", alpha, _alpha(items[name]), (name,))
        for name, alpha in zip(target.names, target.alphas, strict=True)
        if alpha is not None
    )


def _alpha(items: np.ndarray) -> float:
    return cronbach_alpha(items) if len(items) else np.nan


def fidelity_frame(rows: Iterable[Fidelity]) -> pd.DataFrame:
    """Fidelity as a table of `Achieved`."""
    import pandas as pd

    cells = [
        Achieved(row.data, row.statistic, row.term, row.printed.text, row.achieved, row.matched)
        for row in rows
    ]
    return pd.DataFrame(cells, columns=list(Achieved._fields))


def residuals(target: LikertTarget, model: PrintedRegression, scores: np.ndarray) -> np.ndarray:
    """Least-squares residuals of a model, shape (n,), in the order of the rows."""
    X, y = _design(target, model, scores)
    return y - X @ np.linalg.lstsq(X, y, rcond=None)[0]


def _design(
    target: LikertTarget, model: PrintedRegression, scores: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    columns = [target.names.index(name) for name in model.predictors]
    X = np.column_stack([np.ones(len(scores)), scores[:, columns]])
    return X, scores[:, target.names.index(model.outcome)]


def model_statistics(
    target: LikertTarget, model: PrintedRegression, scores: np.ndarray
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], dict[str, float]]:
    """Every statistic of a regression that papers print, by the textbook.

    Returns
    -------
    raw, standardised : dict
        Kind of statistic to values, shape (1 + predictors,), the constant first; `se` and the
        interval are those of b, or of beta.
    whole : dict
        Kind of statistic to the value of the whole regression.
    """
    if not len(scores):
        nothing = dict.fromkeys(TERM_STATISTICS, np.full(1 + len(model.predictors), np.nan))
        return nothing, nothing, dict.fromkeys(MODEL_STATISTICS, np.nan)
    X, y = _design(target, model, scores)
    Q, triangle = np.linalg.qr(X)
    b = np.linalg.solve(triangle, Q.T @ y)
    e = y - X @ b
    n, p = len(y), X.shape[1] - 1
    df, rss, tss = n - p - 1, float(e @ e), float(((y - y.mean()) ** 2).sum())
    inverse = np.linalg.inv(triangle)
    se = np.sqrt(rss / df * (inverse**2).sum(axis=1))
    t, margin = b / se, stdtrit(df, 0.975) * se
    spread = X.std(axis=0, ddof=1)
    unit = spread / y.std(ddof=1)
    f = (tss - rss) / p / (rss / df)
    raw = {
        "b": b,
        "se": se,
        "t": t,
        "p": 2 * stdtr(df, -np.abs(t)),
        "ci_low": b - margin,
        "ci_high": b + margin,
        "beta": b * unit,
    }
    # The constant's place in these is never asked for: it varies with nothing.
    raw["vif"] = (inverse**2).sum(axis=1) * spread**2 * (n - 1)
    raw["tolerance"] = 1 / np.where(spread > 0, raw["vif"], np.nan)
    standardised = raw | {kind: raw[kind] * unit for kind in ("se", "ci_low", "ci_high")}
    whole = {
        "r2": 1 - rss / tss,
        "adjusted_r2": 1 - rss / df / (tss / (n - 1)),
        "f": f,
        "f_p": fdtrc(p, df, f),
        "durbin_watson": float(durbin_watson(e)),
    }
    return raw, standardised, whole


def _check_model(
    target: LikertTarget, model: PrintedRegression, scores: np.ndarray, data: str
) -> list[Fidelity]:
    raw, standardised, whole = model_statistics(target, model, scores)
    found = []
    for term, cells in model.reported.items():
        at = 0 if is_constant(term) else 1 + model.predictors.index(term)
        columns = raw if belongs_to_b(cells) else standardised
        for kind, printed in cells.items():
            value = float(columns[kind][at])
            found.append(Fidelity(data, kind, printed, value, (term,), model.name))
    for kind, printed in model.overall.items():
        found.append(Fidelity(data, kind, printed, float(whole[kind]), (), model.name))
    return found
