"""A regression as a paper prints it: its part of the correlation table and its reported numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from retrace.printed import Printed
from retrace.regression.matrix import degrees_of_freedom

# The term under which statistics of the whole model are filed.
WHOLE_MODEL = "(model)"
TERM_STATISTICS = ("b", "beta", "se", "t", "p", "ci_low", "ci_high", "vif", "tolerance")
MODEL_STATISTICS = ("r2", "adjusted_r2", "f", "f_p", "durbin_watson")


@dataclass(frozen=True)
class PrintedModel:
    """One regression of a study.

    Attributes
    ----------
    name, outcome : str
    predictors : tuple of str
    n : int
    R : ndarray, shape (k + 1, k + 1)
        Printed correlations, outcome last; NaN where a cell is not printed.
    half_width : ndarray, shape (k + 1, k + 1)
        Half a unit in the last printed place of each cell.
    reported : mapping
        Term to statistic (`TERM_STATISTICS`) to printed number.
    overall : mapping
        Statistic of the whole model (`MODEL_STATISTICS`) to printed number.
    sds : tuple of Printed or None, length k + 1
        Printed standard deviations, outcome last.
    """

    name: str
    outcome: str
    predictors: tuple[str, ...]
    n: int
    R: np.ndarray
    half_width: np.ndarray
    reported: Mapping[str, Mapping[str, Printed]] = field(default_factory=dict)
    overall: Mapping[str, Printed] = field(default_factory=dict)
    sds: Sequence[Printed | None] = ()

    def __post_init__(self):
        p = len(self.predictors) + 1
        if np.shape(self.R) != (p, p) or np.shape(self.half_width) != (p, p):
            raise ValueError(
                f"model {self.name}: {p - 1} predictors and an outcome need a {p} x {p} matrix, "
                f"found {np.shape(self.R)} and half widths {np.shape(self.half_width)}"
            )
        degrees_of_freedom(self.n, self.k)
        for term, statistics in self.reported.items():
            if term not in self.predictors:
                raise ValueError(f"model {self.name}: {term} is reported but is no predictor")
            unknown = sorted(set(statistics) - set(TERM_STATISTICS))
            if unknown:
                raise ValueError(
                    f"model {self.name}, {term}: unknown statistic {', '.join(unknown)}; "
                    f"known are {', '.join(TERM_STATISTICS)}"
                )
        unknown = sorted(set(self.overall) - set(MODEL_STATISTICS))
        if unknown:
            raise ValueError(f"model {self.name}: unknown statistic {', '.join(unknown)}")

    @property
    def k(self) -> int:
        """Number of predictors."""
        return len(self.predictors)

    @property
    def df(self) -> int:
        """Residual degrees of freedom, n - k - 1."""
        return degrees_of_freedom(self.n, self.k)

    @property
    def cells(self) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper ends of the cells above the diagonal, row by row."""
        upper = np.triu_indices(self.k + 1, 1)
        centre, half = np.asarray(self.R)[upper], np.asarray(self.half_width)[upper]
        return centre - half, centre + half

    @property
    def missing_correlations(self) -> list[str]:
        """Pairs of constructs whose correlation is not printed."""
        names = [*self.predictors, self.outcome]
        rows, columns = np.triu_indices(self.k + 1, 1)
        return [
            f"correlation of {names[a]} and {names[b]}"
            for a, b in zip(rows, columns, strict=True)
            if np.isnan(self.R[a, b])
        ]

    @property
    def sds_at_face_value(self) -> np.ndarray | None:
        """Printed standard deviations, shape (k + 1,); None unless all are printed."""
        if not self.sds or any(sd is None for sd in self.sds):
            return None
        return np.array([sd.value for sd in self.sds])

    def sd_ratio(self, term: str) -> tuple[float, float, float] | None:
        """SD of the outcome over that of a predictor: as printed, least, most; or None."""
        if not self.sds:
            return None
        own, outcome = self.sds[self.predictors.index(term)], self.sds[-1]
        if own is None or outcome is None:
            return None
        (own_low, own_high), (low, high) = own.interval, outcome.interval
        least = max(low, 0.0) / own_high
        most = high / own_low if own_low > 0 else np.inf
        return outcome.value / own.value, least, most

    def reports(self):
        """Every printed number as (term, statistic, printed), in the order of the predictors."""
        for term in self.predictors:
            for statistic in TERM_STATISTICS:
                if statistic in self.reported.get(term, {}):
                    yield term, statistic, self.reported[term][statistic]
        for statistic in MODEL_STATISTICS:
            if statistic in self.overall:
                yield WHOLE_MODEL, statistic, self.overall[statistic]


def printed_model(
    name: str,
    outcome: str,
    predictors: Sequence[str],
    n: int,
    correlations: Mapping[tuple[str, str], Printed],
    reported=None,
    overall=None,
    sds: Mapping[str, Printed] | None = None,
) -> PrintedModel:
    """A model from the printed cells of a correlation table.

    Parameters
    ----------
    correlations : mapping
        (row, column) to printed cell, either order; pairs left out are not printed.
    sds : mapping, optional
        Construct to printed standard deviation.

    Other parameters are those of `PrintedModel`.
    """
    names = [*predictors, outcome]
    R, half = np.eye(len(names)), np.zeros((len(names), len(names)))
    for a, row in enumerate(names):
        for b, column in enumerate(names):
            if a != b:
                cell = correlations.get((row, column), correlations.get((column, row)))
                R[a, b] = np.nan if cell is None else cell.value
                half[a, b] = 0.0 if cell is None else cell.half_width
    sds = sds or {}
    return PrintedModel(
        name=name,
        outcome=outcome,
        predictors=tuple(predictors),
        n=n,
        R=R,
        half_width=half,
        reported=reported or {},
        overall=overall or {},
        sds=tuple(sds.get(construct) for construct in names),
    )
