"""A regression as a paper prints it: its part of the correlation table and its reported numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from retrace.matrices.rounding_box import cell_places, positive_definite
from retrace.papers.study import Lack, too_few
from retrace.printed.listing import pairs_in_words
from retrace.printed.numbers import Printed
from retrace.printed.regression import PrintedRegression
from retrace.printed.reported import (
    CONSTANT_STATISTICS,
    MODEL_STATISTICS,
    TERM_STATISTICS,
    is_constant,
)

# The term under which statistics of the whole model are filed.
WHOLE_MODEL = "(model)"
# Statistics that rest on how standard errors were estimated.
OF_ERRORS = frozenset({"se", "t", "p", "ci_low", "ci_high", "f", "f_p"})
# Errors of which it is not known on how many observations or clusters they rest.
OF_ANY_DF = ("clustered", "weighted", "other")


@dataclass(frozen=True, kw_only=True)
class PrintedModel(PrintedRegression):
    """A printed regression with its part of the correlation table.

    Attributes
    ----------
    n : int
    R : ndarray, shape (k + 1, k + 1)
        Correlations to compute with, outcome last: as printed, or where rounding has made those
        indefinite, of a stand-in that prints alike; NaN where a cell is not printed.
    low, high : ndarray, shape (k + 1, k + 1)
        Ends of the rounding interval of each printed correlation.
    means, sds : tuple of Printed or None, length k + 1
        Printed means and standard deviations, outcome last; empty where none is printed.
    no_matrix : str
        Why there is no matrix to compute with, as for too few observations; empty where there is.
    lack : Lack or None
        What such a matrix needs; None where there is one, or that is not known.
    completable : bool
        Whether unprinted pairs are all that keeps the correlations from those of the model's own
        data, so that bounds over every matrix that completes them hold.
    unprinted : mapping
        What is in the model without printed coefficients, to the number of its predictors, or None
        where that is not printed.
    printed_df1, printed_df : int or None
        Degrees of freedom of F as printed: those of the model, and the residual ones.
    errors : str
        How standard errors were estimated: `ols`, `robust`, `clustered`, `weighted`, `bootstrap`,
        or `other`, which is none of least squares and not named.
    level : float or None
        Confidence level of printed limits, where the paper names it.
    normal : bool
        Whether p and limits are by the normal distribution in place of Student's t.
    absolute_t : bool
        Whether t is printed without its sign; `reported` has it with that of the coefficient.
    likelihood : str
        What maximum likelihood divides by in place of n - k - 1: `n`, or `n - 1` where its matrix
        is Wishart's; empty for least squares.
    correction : str
        How p is corrected for several tests, one of `corrections.CORRECTIONS`; else empty.
    sd_of_n : bool
        Whether printed standard deviations are divided by n in place of n - 1.
    n_open : bool
        Whether n is the most observations that the model may have, and how many is not printed.
    standardised : bool
        Whether b is of standardised predictors and an outcome as it is.
    products : frozenset of str
        Variables that are products of others, whose columns of data follow from those.
    """

    n: int
    R: np.ndarray
    low: np.ndarray
    high: np.ndarray
    means: Sequence[Printed | None] = ()
    sds: Sequence[Printed | None] = ()
    no_matrix: str = ""
    lack: Lack | None = None
    completable: bool = True
    unprinted: Mapping[str, int | None] = field(default_factory=dict)
    printed_df1: int | None = None
    printed_df: int | None = None
    errors: str = "ols"
    level: float | None = None
    normal: bool = False
    absolute_t: bool = False
    likelihood: str = ""
    correction: str = ""
    sd_of_n: bool = False
    n_open: bool = False
    standardised: bool = False
    products: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        p = len(self.predictors) + 1
        shapes = [np.shape(matrix) for matrix in (self.R, self.low, self.high)]
        if any(shape != (p, p) for shape in shapes):
            raise ValueError(
                f"model {self.name}: {p - 1} predictors and an outcome need {p} x {p} matrices, "
                f"found {', '.join(map(str, shapes))}"
            )
        if not self.no_matrix and (few := too_few(self.n, p)):
            object.__setattr__(self, "no_matrix", few)
            object.__setattr__(self, "lack", Lack.OBSERVATIONS)
        for term, statistics in self.reported.items():
            known = CONSTANT_STATISTICS if is_constant(term) else TERM_STATISTICS
            if term not in self.predictors and not is_constant(term):
                raise ValueError(f"model {self.name}: {term} is reported but is no predictor")
            unknown = sorted(set(statistics) - set(known))
            if unknown:
                raise ValueError(
                    f"model {self.name}, {term}: unknown statistic {', '.join(unknown)}; "
                    f"known are {', '.join(known)}"
                )
        constants = [term for term in self.reported if is_constant(term)]
        if len(constants) > 1:
            raise ValueError(f"model {self.name}: the constant twice, as {', '.join(constants)}")
        unknown = sorted(set(self.overall) - set(MODEL_STATISTICS))
        if unknown:
            raise ValueError(f"model {self.name}: unknown statistic {', '.join(unknown)}")

    @property
    def k(self) -> int:
        """Number of predictors."""
        return len(self.predictors)

    @property
    def fewest(self) -> int:
        """The least number of predictors, with those whose coefficients are not printed."""
        counts = self.unprinted.values()
        return self.k + sum(1 if count is None else count for count in counts)

    @property
    def regressors(self) -> int | None:
        """Number of predictors, with those whose coefficients are not printed; None if unknown."""
        return None if None in self.unprinted.values() else self.fewest

    @property
    def df(self) -> int:
        """Residual degrees of freedom, n - k - 1, or what maximum likelihood has in their place.

        None are left where it is 0 or less: there is then `no_matrix` to compute with.
        """
        if self.likelihood:
            return self.n if self.likelihood == "n" else self.n - 1
        return self.n - self.k - 1

    @property
    def test_df(self) -> float:
        """Degrees of freedom of a test of a coefficient; infinite for the normal distribution."""
        return np.inf if self.normal else self.df

    @property
    def test_dfs(self) -> list[float]:
        """Degrees of freedom that a test of a coefficient may have, those that are counted first.

        With robust errors some programs take the normal distribution; with clustered ones the df
        hang on the clusters, of which there are two or more, and with weights on what these add up
        to; a bootstrap has none. Of these, and where it is not known how many predictors or
        observations there are, the least and the most.
        """
        if self.errors == "bootstrap":
            return []
        if self.errors in OF_ANY_DF:
            return [1, np.inf]
        if self.normal:
            return [np.inf]
        beyond = [np.inf] if self.errors == "robust" else []
        if self.n_open:
            return [1, *(beyond or [self.n - self.fewest - 1])]
        if self.regressors is None:
            known = sorted(df for _, df in self.f_dfs)
            return [known[0], *(beyond or known[-1:])] if known else []
        return [*self.residual_dfs, *beyond]

    @property
    def of_any_df(self) -> bool:
        """Whether `test_dfs` are the least and the most that a test may have, of very many."""
        is_open = self.n_open or self.regressors is None
        return self.errors in OF_ANY_DF or (is_open and not self.normal)

    def hangs_on_errors(self, statistic: str) -> bool:
        """Whether a statistic rests on errors that do not follow from correlations or R2.

        With weights nothing does.
        """
        if self.errors == "weighted":
            return True
        return self.errors != "ols" and statistic in OF_ERRORS

    @property
    def residual_dfs(self) -> list[int]:
        """Residual degrees of freedom that a test of the model may have.

        By count; and as printed, where that is the residual df, and where it is the total df less
        the predictors. Empty where the number of predictors is not known.
        """
        if self.regressors is None:
            return []
        return list(dict.fromkeys(df for _, df in self.f_dfs))

    @property
    def f_dfs(self) -> list[tuple[int, int]]:
        """Degrees of freedom that F of the model may have: of the model, and residual.

        As `residual_dfs`. Where it is not known how many predictors there are, with every number
        of them that n and the printed df leave room for, of at most half of these. Where n is
        open there are none.
        """
        if self.n_open:
            return []
        known = self.printed_df1 if self.regressors is None else self.regressors
        if known is not None:
            found = [] if self.regressors is None else [(known, self.n - known - 1)]
            if self.printed_df is not None:
                found.append((self.printed_df1 or known, self.printed_df))
                # One df alone may be the total of a table of variance.
                found += [] if self.printed_df1 else [(known, self.printed_df - known)]
        elif self.printed_df is None:
            found = [(k, self.n - k - 1) for k in range(self.fewest, self.n // 2 + 1)]
        else:
            df = self.printed_df
            counts = range(self.fewest, df // 2 + 1)
            found = [each for k in counts for each in ((k, df), (k, df - k)) if sum(each) < self.n]
        return [(k, df) for k, df in dict.fromkeys(found) if k > 0 and df > 0]

    @property
    def cells(self) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper ends of the cells above the diagonal, row by row.

        All that a correlation can be where a pair is not printed.
        """
        upper = cell_places(self.k + 1)
        low, high = np.asarray(self.low)[upper], np.asarray(self.high)[upper]
        return np.where(np.isnan(low), -1.0, low), np.where(np.isnan(high), 1.0, high)

    @property
    def has_stand_in(self) -> bool:
        """Whether R is not as printed, because no data have exactly the printed correlations."""
        return bool(np.abs(self.R - (np.asarray(self.low) + self.high) / 2).max() > 1e-12)

    @property
    def missing_correlations(self) -> list[str]:
        """Pairs of constructs whose correlation is not printed; or why no data have them all."""
        if self.no_matrix:
            return [self.no_matrix]
        return [f"correlation of {one} and {other}" for one, other in self.missing_pairs]

    @property
    def missing_pairs(self) -> list[tuple[str, str]]:
        """Pairs of variables without a printed correlation that data can have."""
        names = [*self.predictors, self.outcome]
        places = zip(*cell_places(self.k + 1), strict=True)
        return [(names[a], names[b]) for a, b in places if np.isnan(self.R[a, b])]

    @property
    def incomplete(self) -> bool:
        """Whether pairs are missing, not all, and nothing else: bounds over completions hold."""
        most = (self.k + 1) * self.k // 2
        completable = self.completable and not too_few(self.n, self.k + 1)
        return completable and 0 < len(self.missing_pairs) < most

    @property
    def drawn_whole(self) -> bool:
        """Whether its correlations are printed, or all but those of products, which data have."""
        if not self.no_matrix:
            return not self.missing_pairs
        pairs = self.missing_pairs if self.completable else []
        return bool(pairs) and not any(self.products.isdisjoint(pair) for pair in pairs)

    @property
    def missing_in_words(self) -> str:
        """The missing pairs, the first of them by name."""
        return f"correlation of {pairs_in_words(self.missing_pairs)}"

    @property
    def constant(self) -> str | None:
        """The name under which the table has the constant, if it has it."""
        return next((term for term in self.reported if is_constant(term)), None)

    @property
    def terms(self) -> tuple[str, ...]:
        """The constant, where the table has it, and the predictors."""
        return (*([self.constant] if self.constant else []), *self.predictors)

    @property
    def missing_moments(self) -> list[str]:
        """Which means and standard deviations are not printed, as one phrase for each kind."""
        names = [*self.predictors, self.outcome]
        lacking = {
            what: [
                name
                for name, cell in zip(names, cells or [None] * len(names), strict=True)
                if cell is None
            ]
            for what, cells in (("means", self.means), ("standard deviations", self.sds))
        }
        return [
            f"{what} of {', '.join(who[:-1])}{' and ' if who[1:] else ''}{who[-1]}"
            for what, who in lacking.items()
            if who
        ]

    @property
    def sds_at_face_value(self) -> np.ndarray | None:
        """Printed standard deviations, shape (k + 1,); None unless all are printed."""
        sds = [sd.value for sd in self.sds if sd is not None]
        return np.array(sds) if sds and len(sds) == len(self.sds) else None

    @property
    def moments(self) -> tuple[list[Printed], list[Printed]]:
        """Printed means and standard deviations, each of length k + 1, outcome last.

        Raises
        ------
        ValueError
            If one of them is not printed.
        """
        if self.missing_moments:
            raise ValueError(f"not printed: {'; '.join(self.missing_moments)}")
        means, sds = (
            [cell for cell in cells if cell is not None] for cells in (self.means, self.sds)
        )
        return means, sds

    @property
    def sd_factor(self) -> float:
        """A standard deviation with n - 1 over the one that is printed."""
        return float(np.sqrt(self.n / (self.n - 1))) if self.sd_of_n else 1.0

    def sd_ratio(self, term: str) -> tuple[float, float, float] | None:
        """SD of the outcome over that of a predictor: as printed, least, most; or None.

        As printed it is missing where an SD prints as zero: no correlation has such an SD.
        """
        if not self.sds:
            return None
        own, outcome = self.sds[self.predictors.index(term)], self.sds[-1]
        if own is None or outcome is None:
            return None
        (own_low, own_high), (low, high) = own.interval, outcome.interval
        least = max(low, 0.0) / own_high
        most = high / own_low if own_low > 0 else np.inf
        face = outcome.value / own.value if own.value and outcome.value else np.nan
        # Of two printed alike the ratio is the same.
        factor = self.sd_factor if self.standardised else 1.0
        return factor * face, factor * least, factor * most

    def reports(self) -> Iterator[tuple[str, str, Printed]]:
        """Every printed number as (term, statistic, printed), in the order of the terms."""
        for term in self.terms:
            for statistic in TERM_STATISTICS:
                if statistic in self.reported.get(term, {}):
                    yield term, statistic, self.reported[term][statistic]
        for statistic in MODEL_STATISTICS:
            if statistic in self.overall:
                yield WHOLE_MODEL, statistic, self.overall[statistic]


@dataclass(frozen=True)
class Sample:
    """What a study prints of its sample; each cell `Printed`, or text that is read.

    Attributes
    ----------
    n : int
    correlations : mapping
        (row, column) to printed cell, either order; pairs left out are not printed.
    means, sds : mapping
        Construct to printed mean and standard deviation.
    stand_in : mapping
        (row, column) to the correlation that takes the place of the printed one, either order;
        used where the printed correlations of a model are not positive definite.
    """

    n: int
    correlations: Mapping[tuple[str, str], Printed | str]
    means: Mapping[str, Printed | str] = field(default_factory=dict)
    sds: Mapping[str, Printed | str] = field(default_factory=dict)
    stand_in: Mapping[tuple[str, str], float] = field(default_factory=dict)


def printed_model(
    name: str,
    outcome: str,
    predictors: Sequence[str],
    sample: Sample,
    reported: Mapping[str, Mapping[str, Printed | str]] | None = None,
    overall: Mapping[str, Printed | str] | None = None,
) -> PrintedModel:
    """A model from the printed cells of a correlation table; each `Printed`, or text that is read.

    Parameters are those of `PrintedModel`, and the sample that the model is of.

    Raises
    ------
    ValueError
        Where a cell is no printed number, a number that is not text included: it has lost its
        zeros. And as `PrintedModel`.
    """
    names = [*predictors, outcome]
    correlations, overall, means, sds = (
        _read(cells or {}, f"model {name}")
        for cells in (sample.correlations, overall, sample.means, sample.sds)
    )
    rows = {term: _read(row, f"model {name}, {term}") for term, row in (reported or {}).items()}
    R, low, high = correlation_matrices(names, correlations, sample.stand_in)
    return PrintedModel(
        name=name,
        outcome=outcome,
        predictors=tuple(predictors),
        n=sample.n,
        R=R,
        low=low,
        high=high,
        reported=rows,
        overall=overall,
        means=tuple(means.get(construct) for construct in names),
        sds=tuple(sds.get(construct) for construct in names),
    )


def correlation_matrices(
    names: Sequence[str],
    correlations: Mapping[tuple[str, str], Printed],
    stand_in: Mapping[tuple[str, str], float] | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Correlations to compute with, and the ends of their intervals, each shape (p, p).

    Parameters
    ----------
    names : sequence of str, length p
        Variables, outcome last.
    correlations, stand_in : mapping
        As in `Sample`, with every cell `Printed`.
    """
    R, low, high = (np.eye(len(names)) for _ in range(3))
    for a, b in zip(*cell_places(len(names)), strict=True):
        pair = (names[a], names[b])
        cell = correlations.get(pair, correlations.get(pair[::-1]))
        ends = (np.nan,) * 3 if cell is None else (cell.value, *cell.interval)
        for matrix, end in zip((R, low, high), ends, strict=True):
            matrix[a, b] = matrix[b, a] = end
    if stand_in and not np.isnan(R).any() and not positive_definite(R):
        for a, b in zip(*cell_places(len(names)), strict=True):
            pair = (names[a], names[b])
            R[a, b] = R[b, a] = stand_in.get(pair, stand_in.get(pair[::-1]))
    return R, low, high


def _read(cells: Mapping, where: str) -> dict:
    """Cells as printed numbers; refusals name the place."""
    found = {}
    for place, cell in cells.items():
        try:
            found[place] = cell if isinstance(cell, Printed) else Printed.parse(cell)
        except ValueError as error:
            label = place if isinstance(place, str) else " and ".join(place)
            raise ValueError(f"{where}: {label}: {error}") from None
    return found
