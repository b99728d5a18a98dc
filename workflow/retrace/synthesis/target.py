"""What synthetic responses have to print: a study's statistics, printed or assumed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from retrace.correlations import correlation_matrix
from retrace.printed import Printed

# A printed moment must be met at its decimals; a float is an assumption, met as nearly as the
# printed statistics allow.
Moment = Printed | float

# Terms that name a regression's constant.
INTERCEPTS = frozenset({"(Intercept)", "Intercept", "intercept", "constant", "Constant", "const"})

# Statistics of a coefficient and of a whole model that can be steered.
COEFFICIENT_STATISTICS = ("b", "beta", "se", "t", "p", "vif", "ci_low", "ci_high")
MODEL_STATISTICS = ("r2", "adjusted_r2", "f")


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


@dataclass(frozen=True)
class ReportedModel:
    """A regression with its printed statistics.

    Attributes
    ----------
    name, outcome : str
    predictors : tuple of str
    coefficients : mapping
        Term (a predictor, or a name of the intercept), then one of `COEFFICIENT_STATISTICS`,
        then the printed number.
    fit : mapping
        One of `MODEL_STATISTICS`, then the printed number.
    durbin_watson : Printed, optional
    """

    name: str
    outcome: str
    predictors: tuple[str, ...]
    coefficients: Mapping[str, Mapping[str, Printed]] = field(default_factory=dict)
    fit: Mapping[str, Printed] = field(default_factory=dict)
    durbin_watson: Printed | None = None


@dataclass(frozen=True)
class LikertTarget:
    """Statistics that responses on the lattice of a scale have to print.

    A construct of m items on a scale from min to max scores on min, min + 1/m, ..., max. In
    whole numbers, which the search works in, a score is `m * score`, from `m * min` to `m * max`.

    Attributes
    ----------
    names : tuple of str
        k constructs, in the order of the data's columns.
    n : int
        Respondents.
    scale : (int, int)
        Lowest and highest response.
    items : tuple of int
        Items of each construct.
    correlations : tuple of (str, str, Printed)
        Printed cells; a pair that is not printed is left open.
    means, sds : tuple of Printed or float
        Printed, or assumed where a float.
    alphas : tuple of (Printed or None)
        Cronbach's alpha of each construct's items, where printed or assumed.
    models : tuple of ReportedModel
    """

    names: tuple[str, ...]
    n: int
    scale: tuple[int, int]
    items: tuple[int, ...]
    correlations: tuple[tuple[str, str, Printed], ...]
    means: tuple[Moment, ...]
    sds: tuple[Moment, ...]
    alphas: tuple[Printed | None, ...] = ()
    models: tuple[ReportedModel, ...] = ()

    def __post_init__(self):
        if not self.alphas:
            object.__setattr__(self, "alphas", (None,) * len(self.names))
        lengths = {
            "items": self.items,
            "means": self.means,
            "sds": self.sds,
            "alphas": self.alphas,
        }
        problems = [
            f"{len(values)} {name} for {self.k} constructs"
            for name, values in lengths.items()
            if len(values) != self.k
        ]
        problems += [
            f"{name} has {m!r} items; a construct has 1 or more"
            for name, m in zip(self.names, self.items, strict=False)
            if int(m) != m or m < 1
        ]
        problems += [
            f"{what} of {name} is {_value(moment):g}; it must be a number"
            + (" of 0 or more" if what == "SD" else "")
            for what, moments in (("mean", self.means), ("SD", self.sds))
            for name, moment in zip(self.names, moments, strict=False)
            if not math.isfinite(_value(moment)) or (what == "SD" and _value(moment) < 0)
        ]
        if len(set(self.names)) != self.k:
            problems.append(f"constructs must have different names: {', '.join(self.names)}")
        known = set(self.names)
        problems += [
            f"correlation ({row}, {column}) is of no two constructs of {', '.join(self.names)}"
            for row, column, _ in self.correlations
            if row not in known or column not in known or row == column
        ]
        for model in self.models:
            unknown = sorted({model.outcome, *model.predictors} - known)
            if unknown:
                problems.append(f"model {model.name} has no constructs {', '.join(unknown)}")
            if model.outcome in model.predictors:
                problems.append(f"model {model.name} predicts {model.outcome} from itself")
            if len(set(model.predictors)) < len(model.predictors):
                problems.append(f"model {model.name} has a predictor twice")
            terms = sorted(set(model.coefficients) - set(model.predictors) - INTERCEPTS)
            if terms:
                problems.append(f"model {model.name} has no predictors {', '.join(terms)}")
            if self.n <= len(model.predictors) + 1:
                problems.append(
                    f"model {model.name} of {len(model.predictors)} predictors needs n of "
                    f"{len(model.predictors) + 2} or more; n is {self.n}"
                )
        if self.n <= self.k:
            problems.append(
                f"n is {self.n} for {self.k} constructs: their correlations need n of "
                f"{self.k + 1} or more"
            )
        if self.scale[0] >= self.scale[1]:
            problems.append(f"the scale runs from {self.scale[0]} to {self.scale[1]}")
        if problems:
            raise InfeasibleTargetError(problems)
        correlation_matrix(self.R, self.names)

    @property
    def k(self) -> int:
        """Number of constructs."""
        return len(self.names)

    @cached_property
    def R(self) -> np.ndarray:  # noqa: N802
        """(k, k) correlations as printed; zero where none is printed."""
        R = np.eye(self.k)
        for row, column, printed in self.correlations:
            i, j = self.names.index(row), self.names.index(column)
            R[i, j] = R[j, i] = printed.value
        return R

    @cached_property
    def mean(self) -> np.ndarray:
        """(k,) means, printed or assumed, in scale units."""
        return np.array([_value(moment) for moment in self.means])

    @cached_property
    def sd(self) -> np.ndarray:
        """(k,) standard deviations, printed or assumed, in scale units, divisor n - 1."""
        return np.array([_value(moment) for moment in self.sds])

    def assuming(self, **changes) -> LikertTarget:
        """The same printed statistics under other assumptions.

        Parameters
        ----------
        mean, sd : float, optional
            For every construct whose own is not printed.
        items : int, optional
            For every construct.
        """
        changed = {}
        for name, moments in (("mean", "means"), ("sd", "sds")):
            if name in changes:
                assumed = float(changes.pop(name))
                kept = getattr(self, moments)
                changed[moments] = tuple(m if isinstance(m, Printed) else assumed for m in kept)
        if "items" in changes:
            changed["items"] = (int(changes.pop("items")),) * self.k
            if changed["items"][0] == 1:
                changed["alphas"] = (None,) * self.k  # one item has no alpha
        if changes:
            raise TypeError(f"no assumption is called {', '.join(sorted(changes))}")
        return replace(self, **changed)

    @classmethod
    def from_table(
        cls,
        lower: Mapping[str, Sequence[str]],
        n: int,
        scale: tuple[int, int],
        mean: Moment | str | Sequence[Moment | str],
        sd: Moment | str | Sequence[Moment | str],
        items: int | Sequence[int] = 1,
        alpha: str | Sequence[str | None] | None = None,
        models: Sequence[ReportedModel] = (),
    ) -> LikertTarget:
        """Build a target from a correlation table as a paper prints it.

        Parameters
        ----------
        lower : mapping
            Construct, then its printed cells left of the diagonal: none for the first, one for
            the second, and so on. An empty cell is left open.
        n, scale : int, (int, int)
        mean, sd : one for all constructs, or one each
            Strings are printed and met at their decimals; floats are assumed.
        items : int, or one each
        alpha : str, or one each
        models : sequence of ReportedModel

        Raises
        ------
        InfeasibleTargetError
            If counts, names or n do not fit together.
        ValueError
            If a cell is not a number or a correlation lies outside [-1, 1].
        """
        names = tuple(lower)
        cells = []
        for i, (row, values) in enumerate(lower.items()):
            if len(values) != i:
                raise InfeasibleTargetError(
                    [f"row {row} has {len(values)} cells left of the diagonal; row {i + 1} has {i}"]
                )
            cells += [
                (row, column, Printed.parse(cell))
                for column, cell in zip(names, values, strict=False)
                if cell.strip()
            ]

        def each(value):
            one = value is None or isinstance(value, str | float | int | Printed)
            return (value,) * len(names) if one else tuple(value)

        def moment(value):
            if isinstance(value, Printed):
                return value
            return Printed.parse(value) if isinstance(value, str) else float(value)

        return cls(
            names=names,
            n=int(n),
            scale=(int(scale[0]), int(scale[1])),
            items=each(items),
            correlations=tuple(cells),
            means=tuple(map(moment, each(mean))),
            sds=tuple(map(moment, each(sd))),
            alphas=tuple(None if a is None else Printed.parse(a) for a in each(alpha)),
            models=tuple(models),
        )


def _value(moment: Moment) -> float:
    return moment.value if isinstance(moment, Printed) else float(moment)
