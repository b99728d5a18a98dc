"""What synthetic responses have to print: a study's statistics, printed or assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from retrace.papers.study import responses_problem, squares_problem
from retrace.printed.numbers import Printed
from retrace.printed.regression import PrintedRegression
from retrace.synthetic.wellformed import problems_of

# A printed moment must be met at its decimals; a float is an assumption, met as nearly as the
# printed statistics allow.
Moment = Printed | float


class InfeasibleTargetError(ValueError):
    """Printed or assumed statistics that no responses on the scale can have.

    Attributes
    ----------
    problems : tuple of str
        One message for each, naming the cell, what was found and what is attainable.
    """

    def __init__(self, problems: Sequence[str]):
        self.problems = tuple(problems)
        super().__init__("no responses can print this: " + "; ".join(self.problems))


class ItemsNotFoundError(ValueError):
    """Scores of which no items with an alpha were found; other scores may have some.

    Attributes
    ----------
    problems : tuple of str
        One message for each construct, with what these scores allow.
    """

    def __init__(self, problems: Sequence[str]):
        self.problems = tuple(problems)
        super().__init__("no items were found, which proves nothing: " + "; ".join(self.problems))


class Scale(NamedTuple):
    """How constructs are asked: the response scale, their items, and Cronbach's alpha of these.

    Attributes
    ----------
    low, high : int
        Lowest and highest response.
    items : int, or one each
    alpha : str, or one each
        One for all is that of the constructs of several items.
    """

    low: int
    high: int
    items: int | Sequence[int] = 1
    alpha: str | Printed | Sequence[str | Printed | None] | None = None


class Measure(NamedTuple):
    """What the scores of one construct can be: low, low + 1 / steps, ..., high.

    Attributes
    ----------
    low, high : int
        Lowest and highest response, or ends of what is measured.
    items : int
        Of responses; 1 of what is measured.
    steps : int
        To one unit. Of responses they are the items.
    unit : str
        Of what is measured (years, 0 or 1); empty of responses.
    assumed : str
        What is assumed of its values that is not printed, in words.
    """

    low: int
    high: int
    items: int = 1
    steps: int = 1
    unit: str = ""
    assumed: str = ""

    @property
    def is_ordered(self) -> bool:
        """Whether its values are few ordered categories: responses, or two of a kind."""
        return not self.unit or self.steps * (self.high - self.low) == 1

    @classmethod
    def of_responses(cls, low: int, high: int, items: int) -> Measure:
        """Mean responses of some items."""
        return cls(low, high, items, items)


class ProductColumn(NamedTuple):
    """A variable that is the product of others, as an interaction is; it is not drawn but follows.

    Attributes
    ----------
    name : str
    factors : tuple of str
        Names of what is drawn; one twice is its square.
    centred : bool
        Whether their means are taken from the factors before.
    """

    name: str
    factors: tuple[str, ...]
    centred: bool = False


@dataclass(frozen=True)
class LikertTarget:
    """Statistics that scores, each on the lattice of its own measure, have to print.

    A construct of m items on a scale from min to max scores on min, min + 1/m, ..., max. In
    whole numbers, which the search works in, a score is `m * score`, from `m * min` to `m * max`.
    What is measured in a unit is the same, m being its steps to one unit.

    Attributes
    ----------
    names : tuple of str
        k constructs, in the order of the data's columns.
    n : int
        Respondents.
    measures : tuple of Measure
        What the scores of each construct can be.
    correlations : tuple of (str, str, Printed)
        Printed cells; a pair that is not printed is left open.
    means, sds : tuple of Printed or float
        Printed, or assumed where a float.
    alphas : tuple of (Printed or None)
        Cronbach's alpha of each construct's items, where printed or assumed.
    models : tuple of PrintedRegression
    impossible : str
        Why no responses have all this, where that is known; else empty.
    products : tuple of ProductColumn
        Which of the constructs are products of others.
    """

    names: tuple[str, ...]
    n: int
    measures: tuple[Measure, ...]
    correlations: tuple[tuple[str, str, Printed], ...]
    means: tuple[Moment, ...]
    sds: tuple[Moment, ...]
    alphas: tuple[Printed | None, ...] = ()
    models: tuple[PrintedRegression, ...] = ()
    impossible: str = ""
    products: tuple[ProductColumn, ...] = ()

    def __post_init__(self) -> None:
        if not self.alphas:
            object.__setattr__(self, "alphas", (None,) * len(self.names))
        problems = problems_of(self)
        if problems:
            raise InfeasibleTargetError(problems)
        object.__setattr__(self, "n", int(self.n))
        object.__setattr__(self, "measures", tuple(map(_whole, self.measures)))

    @property
    def k(self) -> int:
        """Number of constructs."""
        return len(self.names)

    @cached_property
    def drawn(self) -> LikertTarget:
        """The constructs that are drawn, with what is printed of them: all but products."""
        if not self.products:
            return self
        derived = {each.name for each in self.products}
        kept = [i for i, name in enumerate(self.names) if name not in derived]

        def of_kept(values: Sequence) -> tuple:
            return tuple(values[i] for i in kept)

        return replace(
            self,
            names=of_kept(self.names),
            measures=of_kept(self.measures),
            means=of_kept(self.means),
            sds=of_kept(self.sds),
            alphas=of_kept(self.alphas),
            correlations=tuple(c for c in self.correlations if derived.isdisjoint(c[:2])),
            models=tuple(m for m in self.models if derived.isdisjoint((m.outcome, *m.predictors))),
            products=(),
        )

    @cached_property
    def items(self) -> tuple[int, ...]:
        """Items of each construct."""
        return tuple(each.items for each in self.measures)

    @cached_property
    def steps(self) -> tuple[int, ...]:
        """Steps of each construct's scores to one unit."""
        return tuple(each.steps for each in self.measures)

    @property
    def too_large(self) -> str:
        """What makes responses too many to be drawn; empty where they are not."""
        measures = self.drawn.measures
        squares = (squares_problem(self.n, m.steps, m.low, m.high) for m in measures)
        return responses_problem(self.n, self.items) or next(filter(None, squares), "")

    @property
    def why_not_drawn(self) -> str:
        """Why no responses are drawn; empty where they are."""
        return f"not drawn: {self.impossible}" if self.impossible else self.too_large

    @property
    def rows_drawn(self) -> int:
        """How many responses a data set has: n, or 0 where none are drawn."""
        return 0 if self.why_not_drawn else self.n

    @cached_property
    def R(self) -> np.ndarray:  # noqa: N802
        """(k, k) correlations as printed; zero where none is printed."""
        R = np.eye(self.k)
        for row, column, printed in self.correlations:
            i, j = self.names.index(row), self.names.index(column)
            R[i, j] = R[j, i] = printed.value
        return R

    @cached_property
    def is_open(self) -> np.ndarray:
        """(k, k) which pairs of constructs have no printed correlation."""
        is_open = ~np.eye(self.k, dtype=bool)
        for row, column, _ in self.correlations:
            i, j = self.names.index(row), self.names.index(column)
            is_open[i, j] = is_open[j, i] = False
        return is_open

    @cached_property
    def mean(self) -> np.ndarray:
        """(k,) means, printed or assumed, in scale units."""
        return np.array([_value(moment) for moment in self.means])

    @cached_property
    def sd(self) -> np.ndarray:
        """(k,) standard deviations, printed or assumed, in scale units, divisor n - 1."""
        return np.array([_value(moment) for moment in self.sds])

    @classmethod
    def from_table(
        cls,
        lower: Mapping[str, Sequence[str]],
        n: int,
        scale: Scale | tuple[int, int] | Sequence[Measure],
        mean: Moment | str | Sequence[Moment | str],
        sd: Moment | str | Sequence[Moment | str],
        models: Sequence[PrintedRegression] = (),
    ) -> LikertTarget:
        """Build a target from a correlation table as a paper prints it.

        Parameters
        ----------
        lower : mapping
            Construct, then its printed cells left of the diagonal: none for the first, one for
            the second, and so on. An empty cell is left open.
        n : int
        scale : Scale
            Or its ends alone, for constructs of one item; or a `Measure` for each.
        mean, sd : one for all constructs, or one each
            Strings are printed and met at their decimals; floats are assumed.
        models : sequence of PrintedRegression

        Raises
        ------
        InfeasibleTargetError
            If a cell is no number, or counts, names or n do not fit together: with every problem.
        """
        names, reader = tuple(lower), _TableReader(tuple(lower))
        correlations = reader.correlations(lower)
        measures, alpha = _measures(scale, reader)
        means, sds = reader.moments("mean", mean), reader.moments("SD", sd)
        alphas = reader.moments("alpha", alpha)
        if reader.problems:
            raise InfeasibleTargetError(reader.problems)
        return cls(
            names=names,
            n=n,
            measures=measures,
            correlations=correlations,
            means=means,
            sds=sds,
            alphas=alphas,
            models=tuple(models),
        )


class _TableReader:
    """Reads a table's cells, and keeps what is wrong with them, all of it."""

    def __init__(self, names: tuple[str, ...]):
        self.names = names
        self.problems: list[str] = []

    def printed(self, what: str, text: Any) -> Any:
        try:
            return text if isinstance(text, Printed) else Printed.parse(text)
        except ValueError as error:
            self.problems.append(f"{what}: {error}")

    def each(self, value: Any) -> tuple:
        """One value for each name: itself for all of them, or those given."""
        one = value is None or isinstance(value, str | Real | Printed)
        return (value,) * len(self.names) if one else tuple(value)

    def moments(self, what: str, value: Any) -> tuple:
        return tuple(
            self.printed(f"{what} of {self._called(i)}", moment)
            if isinstance(moment, str)
            else moment
            for i, moment in enumerate(self.each(value))
        )

    def _called(self, i: int) -> str:
        return self.names[i] if i < len(self.names) else str(i + 1)

    def correlations(self, lower: Mapping[str, Sequence[str]]) -> tuple:
        cells = []
        for i, (row, values) in enumerate(lower.items()):
            if len(values) != i:
                self.problems.append(
                    f"row {row} has {len(values)} cells left of the diagonal; row {i + 1} has {i}"
                )
            cells += [
                (row, column, self.printed(f"correlation ({row}, {column})", cell))
                for column, cell in zip(self.names, values, strict=False)
                if not (isinstance(cell, str) and not cell.strip())
            ]
        return tuple(cells)


def _measures(scale: Any, reader: _TableReader) -> tuple[tuple[Measure, ...], Any]:
    """A measure for each construct of a table, and the alphas of their items."""
    if len(scale) and isinstance(scale[0], Measure):
        return tuple(scale), None
    scale = Scale(*scale)
    items, alpha = reader.each(scale.items), scale.alpha
    if isinstance(alpha, str | Printed):
        # One alpha for all is that of all that can have one.
        alpha = [None if m == 1 else alpha for m in items]
    return tuple(Measure.of_responses(scale.low, scale.high, m) for m in items), alpha


def _whole(measure: Measure) -> Measure:
    """A measure with its whole numbers, of whatever type they are, as such."""
    low, high, items, steps = map(int, measure[:4])
    return Measure(low, high, items, steps, measure.unit, measure.assumed)


def _value(moment: Moment) -> float:
    return moment.value if isinstance(moment, Printed) else float(moment)
