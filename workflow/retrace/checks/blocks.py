"""Do the changes between blocks of predictors follow from the models on both sides of them?

In hierarchical regression a block of predictors is entered at a time, and the change in R2 is
tested by F = (change / q) / ((1 - R2) / df) with q predictors in the block and df residual degrees
of freedom of the larger model (Cohen, Cohen, West & Aiken 2003, section 5.3). What is printed
stands for its rounding interval; the change of R2 is bounded both by itself and by the two R2.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from retrace.checks.contract import Check, Row
from retrace.checks.regression.printed_model import WHOLE_MODEL, PrintedModel
from retrace.checks.shared.addresses import reported
from retrace.checks.shared.mistakes import smallest_mistake
from retrace.checks.shared.record import Record
from retrace.papers.study import Model
from retrace.printed.numbers import Printed
from retrace.printed.reported import CHANGE_STATISTICS
from retrace.printed.verdicts import (
    CONTRADICTED,
    NOT_CHECKABLE,
    REPRODUCED,
    WITHIN_ROUNDING,
    verdict,
)

# At face value, least, most.
Implied = tuple[float, float, float]

_BECAUSE = {
    REPRODUCED: "the numbers of both models as printed give it",
    WITHIN_ROUNDING: "some that round to those of both models give it",
    CONTRADICTED: "none that round to those of both models give it",
}


class Block(NamedTuple):
    """A model beside the one that it continues.

    Attributes
    ----------
    name : str
        Of the model.
    model, before : PrintedModel or None
        `before` is None where the block is the first, or continues no model that is known.
    first : bool
        Whether the block is the first: R2 is then its own change.
    change : dict
        Statistic of `CHANGE_STATISTICS` to printed number.
    """

    name: str
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


def _share(r2: Printed) -> tuple[float, float]:
    low, high = r2.interval
    unit = 0.01 if r2.percent else 1.0
    return max(low * unit, 0.0), min(high * unit, 1.0)


def _f(change: float, r2: float, q: int, df: int) -> float:
    return math.inf if r2 >= 1 else change / q / ((1 - r2) / df)


def judge(record: Record) -> Iterator[Row]:
    """One row for each printed change of R2 or F, and one for each printed residual df."""
    study = record.the_study
    for name, printed in study.models.items():
        change = {s: cell for s in CHANGE_STATISTICS if (cell := getattr(printed, s)) is not None}
        before = record.models.get(printed.after) if printed.after else None
        block = Block(name, record.models[name], before, printed.after == "", change)
        for statistic in change:
            yield _of_a_change(record, block, statistic)
        if printed.df2 is not None:
            yield _of_the_df(record, name, printed)


def _of_a_change(record: Record, block: Block, statistic: str) -> Row:
    address = reported(record.the_study, block.name, WHOLE_MODEL, statistic)
    printed = block.change[statistic]
    found = list(_implied(block, statistic))
    about = f"model {block.name}" + (f" after {block.before.name}" if block.before else "")
    if not found:
        return address.says(
            statistic=statistic,
            printed=printed.text,
            verdict=NOT_CHECKABLE,
            because=f"{about}: nothing printed implies it",
            needs=_NEEDS[statistic],
        )
    judged = [(verdict(printed, *implied), implied, reading) for implied, reading in found]
    word, implied, reading = min(judged, key=lambda j: (j[0] == CONTRADICTED, _gap(printed, j[1])))
    because = f"{about}: {_BECAUSE[word]}"
    if len(judged) > 1 and word != CONTRADICTED:
        because += f"; read with {reading}"
    cause = ""
    if word == CONTRADICTED:
        cause = smallest_mistake(printed, lambda cell: verdict(cell, *implied) != CONTRADICTED)
    face, low, high = implied
    return address.says(
        statistic=statistic,
        printed=printed.text,
        recomputed=face,
        low=low,
        high=high,
        verdict=word,
        because=because,
        cause=cause,
    )


_NEEDS = {
    "r2_change": "R2 of this model and of the one before it",
    "f_change": "R2, its change, and the number of predictors in both models",
    "f_change_p": "F of the change, and the number of predictors in both models",
}


def _gap(printed: Printed, implied: Implied) -> float:
    """How far a printed number is from an interval."""
    _, low, high = implied
    return max(low - printed.interval[1], printed.interval[0] - high, 0.0)


def _implied(block: Block, statistic: str) -> Iterator[tuple[Implied, str]]:
    """What the models imply of a change, by every df that the test may have."""
    if statistic == "r2_change":
        if (r2 := block.r2()) is not None:
            yield r2, ""
        return
    q = block.entered
    if q is None:
        return
    for df in block.model.residual_dfs:
        reading = f"{q} and {df} df"
        if statistic == "f_change":
            if (f := block.f(q, df)) is not None:
                yield f, reading
        elif (f_printed := block.change.get("f_change")) is not None:
            yield _p_from_f(f_printed, q, df), reading
        elif (f := block.f(q, df)) is not None:
            face, low, high = (_tail(value, q, df) for value in f)
            yield (face, high, low), reading


def _p_from_f(f: Printed, q: int, df: int) -> Implied:
    low, high = f.interval
    return _tail(f.value, q, df), _tail(high, q, df), _tail(max(low, 0.0), q, df)


def _tail(f: float, q: int, df: int) -> float:
    from scipy.special import fdtrc

    return 0.0 if np.isinf(f) else float(fdtrc(q, df, f))


def _of_the_df(record: Record, name: str, printed: Model) -> Row:
    """A printed residual df beside n - k - 1; n is the model's own where that is printed.

    Where the model continues another, both are of the same observations, and the df of that one
    says whether it had them all.
    """
    model, study = record.models[name], record.the_study
    counts = [count for count in model.unprinted.values() if count is not None]
    known = len(counts) == len(model.unprinted)
    address = reported(study, name, WHOLE_MODEL, "df")
    printed_df = printed.df2 or 0
    if not known:
        return address.says(
            statistic="df",
            printed=str(printed.df2),
            verdict=NOT_CHECKABLE,
            because=f"model {name}: it has predictors without printed coefficients",
            needs=f"how many predictors are in {', '.join(model.unprinted)}",
        )
    df = model.n - model.k - sum(counts) - 1
    says = partial(
        address.says,
        statistic="df",
        printed=str(printed.df2),
        recomputed=float(df),
        low=float(df),
        high=float(df),
    )
    if printed_df in (df, model.n - 1):
        which = "n - k - 1" if printed_df == df else "the total df, n - 1"
        because = f"model {name}: {which} with n = {model.n} and k = {model.k + sum(counts)}"
        return says(verdict=REPRODUCED, because=because)
    because = (
        f"model {name}: {model.n} observations and {model.k + sum(counts)} predictors leave {df}"
    )
    implied = printed_df + model.k + sum(counts) + 1
    if printed.n is not None or _same_observations(record, printed):
        cause = f"n = {implied} in this model"
        return says(verdict=CONTRADICTED, because=because, cause=cause)
    because += f"; with {implied} it would fit"
    return says(verdict=NOT_CHECKABLE, because=because, needs="the n of this model")


def _same_observations(record: Record, printed: Model) -> bool:
    """Whether the model before has a printed df that its n gives: its cases are all there."""
    if not printed.after:
        return False
    before, model = record.the_study.models[printed.after], record.models[printed.after]
    return before.df2 is not None and not model.unprinted and before.df2 == model.n - model.k - 1


CHECK = Check(
    name="blocks",
    question="Do changes of R2 and F follow from the models on both sides, and df from n?",
    needs="a change of R2 or F beside R2 of two models, or a printed residual df",
    source="hierarchical regression, Cohen, Cohen, West and Aiken 2003, section 5.3",
    judge=judge,
)
