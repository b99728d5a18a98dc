"""A block of predictors entered into a regression: what its R2 and F of change follow from.

F = (change / q) / ((1 - R2) / df) with q predictors in the block and df residual degrees of freedom
of the larger model (Cohen, Cohen, West & Aiken 2003, section 5.3). What is printed stands for its
rounding interval; the change of R2 is bounded both by itself and by the two R2.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from scipy.special import fdtrc

from retrace.checks.regression.printed_model import PrintedModel
from retrace.papers.study import Study
from retrace.printed.numbers import Printed

# At face value, least, most.
Implied = tuple[float, float, float]


class Block(NamedTuple):
    """A model beside one that it may continue.

    Attributes
    ----------
    model, before : PrintedModel or None
        `before` is None where the block is the first, or continues no model that is known.
    first : bool
        Whether the block is the first: R2 is then its own change.
    change : dict
        Statistic of `CHANGE_STATISTICS` to printed number.
    """

    model: PrintedModel
    before: PrintedModel | None
    first: bool
    change: dict[str, Printed]

    @property
    def entered(self) -> int | None:
        """Predictors of the block; None where it is not known how many."""
        own = self.model.regressors
        earlier = 0 if self.first else self.before.regressors if self.before else None
        if own is not None and earlier is not None and own > earlier:
            return own - earlier
        return None

    def r2(self) -> Implied | None:
        """The change in R2, as the R2 of both models give it."""
        larger = self.model.overall.get("r2")
        if self.first:
            return None if larger is None else (larger.value, *_share(larger))
        smaller = self.before.overall.get("r2") if self.before else None
        if larger is None or smaller is None:
            return None
        (low, high), (least, most) = _share(larger), _share(smaller)
        return larger.value - smaller.value, max(low - most, 0.0), high - least

    def adjusted_r2(self) -> Implied | None:
        """The change in adjusted R2, which may be negative, as those of both models give it.

        A negative adjusted R2 is printed as zero by many.
        """
        larger = self.model.overall.get("adjusted_r2")
        if larger is None or self.first:
            return None if larger is None else (larger.value, *larger.interval)
        smaller = self.before.overall.get("adjusted_r2") if self.before else None
        if smaller is None:
            return None
        (low, high), (least, most) = larger.interval, smaller.interval
        low, least = (
            -math.inf if one <= 0 <= two else one for one, two in ((low, high), (least, most))
        )
        return larger.value - smaller.value, low - most, high - least

    def f(self, q: int, df: int) -> Implied | None:
        """F of the change, by whichever of both R2 and the printed change are there."""
        larger, printed, given = (
            self.model.overall.get("r2"),
            self.change.get("r2_change"),
            self.r2(),
        )
        if larger is None or (printed is None and given is None):
            return None
        changes = [given] if given else []
        if printed is not None:
            changes.append((printed.value, *printed.interval))
        # As printed, a change of its own has more decimals' worth than a difference.
        face = changes[-1][0]
        least = max(low for _, low, _ in changes)
        most = min(high for *_, high in changes)
        low, high = _share(larger)
        if least > most:  # the changes contradict each other, which their own row says
            _, least, most = changes[-1]
        return (
            _f(face, larger.value, q, df),
            _f(max(least, 0.0), low, q, df),
            _f(max(most, 0.0), high, q, df),
        )

    def p(self, q: int, df: int) -> Implied | None:
        """p of F of the change: of the printed F, else of that which the R2 give."""
        if (printed := self.change.get("f_change")) is not None:
            low, high = printed.interval
            return (
                tail_of_f(printed.value, q, df),
                tail_of_f(high, q, df),
                tail_of_f(max(low, 0.0), q, df),
            )
        if (f := self.f(q, df)) is None:
            return None
        face, low, high = (tail_of_f(value, q, df) for value in f)
        return face, high, low

    def _tested_alike(self, statistic: str) -> bool:
        """Whether F of the change follows from R2, or its p from the printed F alone."""
        alone = statistic == "f_change_p" and "f_change" in self.change
        return self.model.errors == "ols" or (alone and self.model.errors == "robust")

    def implied(self, statistic: str) -> Iterator[tuple[Implied, str]]:
        """What both models imply of a change, by every df that the test may have.

        Of a model whose errors are not those of least squares, R2 gives no F.
        """
        if statistic in ("r2_change", "adjusted_r2_change"):
            found = self.r2() if statistic == "r2_change" else self.adjusted_r2()
            if found is not None:
                yield found, ""
            return
        q = self.entered
        if q is None or not self._tested_alike(statistic):
            return
        for df in self.model.residual_dfs:
            found = self.f(q, df) if statistic == "f_change" else self.p(q, df)
            if found is not None:
                yield found, f"{q} and {df} df"


def blocks_of(study: Study, models: Mapping[str, PrintedModel], name: str) -> list[Block]:
    """A model beside every earlier one of its table that it contains, the last of them first.

    Tables print changes beside the model before, or all of them beside the first.
    """
    printed = study.models[name]
    change = printed.changes
    if printed.after == "":
        return [Block(models[name], None, True, change)]
    if printed.after is None:
        return [Block(models[name], None, False, change)]
    names = list(study.models)
    earlier = [
        other
        for other in reversed(names[: names.index(name)])
        if study.models[other].file == printed.file
        and study.models[other].outcome == printed.outcome
        and _variables(models[other]) < _variables(models[name])
    ]
    order = dict.fromkeys([printed.after, *earlier])
    return [Block(models[name], models[other], False, change) for other in order]


def _variables(model: PrintedModel) -> set[str]:
    return {*model.predictors, *model.unprinted}


def _share(r2: Printed) -> tuple[float, float]:
    low, high = r2.interval
    return max(low, 0.0), min(high, 1.0)


def _f(change: float, r2: float, q: int, df: int) -> float:
    return math.inf if r2 >= 1 else change / q / ((1 - r2) / df)


def tail_of_f(f: float, q: int, df: int) -> float:
    """p of an F with q and df degrees of freedom."""
    return 0.0 if np.isinf(f) else float(fdtrc(q, df, f))
