"""Do the changes between blocks of predictors follow from the models on both sides of them?

In hierarchical regression a block of predictors is entered at a time, and the change in R2 is
tested by an F. The changes of a table are read beside the model before, or beside an earlier one
where that contradicts fewer of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from retrace.checks.contract import Basis, Check, Row
from retrace.checks.regression.changes import Block, Implied, blocks_of
from retrace.checks.regression.printed_model import WHOLE_MODEL
from retrace.checks.shared.addresses import reported
from retrace.checks.shared.mistakes import mistake_beside
from retrace.checks.shared.record import Record
from retrace.papers.study import Model
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import (
    CONTRADICTED,
    NOT_CHECKABLE,
    REPRODUCED,
    WITHIN_ROUNDING,
    verdict,
)

_BECAUSE = {
    REPRODUCED: "the numbers of both models as printed give it",
    WITHIN_ROUNDING: "some that round to those of both models give it",
    CONTRADICTED: "none that round to those of both models give it",
}


def judge(record: Record) -> Iterator[Row]:
    """One row for each printed change of R2 or F, and one for each printed df."""
    study = record.the_study
    for name, printed in study.models.items():
        if printed.changes:
            block = _fitting(blocks_of(study, record.models, name))
            for statistic in printed.changes:
                yield _of_a_change(record, block, statistic)
        yield from _of_counts(record, name, printed)


def _fitting(blocks: list[Block]) -> Block:
    """The first of the blocks, by the models before, that contradicts the fewest changes."""

    def wrong(block: Block) -> int:
        words = [_judged(block, statistic) for statistic in block.change]
        return sum(bool(found) and found[0].word == CONTRADICTED for found in words)

    return min(blocks, key=wrong)


class _Judged(NamedTuple):
    """A reading of a printed change: its verdict, what is implied, and the df that it has."""

    word: str
    implied: Implied
    reading: str


def _judged(block: Block, statistic: str) -> list[_Judged]:
    """The readings of a printed change, the one that fits best first."""
    printed = block.change[statistic]
    found = [
        _Judged(verdict(printed, *implied), implied, reading)
        for implied, reading in block.implied(statistic)
    ]
    return sorted(found, key=lambda j: (j.word == CONTRADICTED, _gap(printed, j.implied)))


def _of_a_change(record: Record, block: Block, statistic: str) -> Row:
    name = block.model.name
    address = reported(record.the_study, name, WHOLE_MODEL, statistic)
    printed = block.change[statistic]
    judged = _judged(block, statistic)
    about = f"model {name}" + (f" after {block.before.name}" if block.before else "")
    if not judged:
        return address.says(
            statistic=statistic,
            printed=printed.text,
            verdict=NOT_CHECKABLE,
            because=f"{about}: nothing printed implies it",
            needs=_NEEDS[statistic],
        )
    word, implied, reading = judged[0]
    because = f"{about}: {_BECAUSE[word]}"
    if len(judged) > 1 and word != CONTRADICTED:
        because += f"; read with {reading}"
    because += record.read_as(name, statistic)
    face, low, high = implied
    return address.says(
        statistic=statistic,
        printed=printed.text,
        recomputed=face,
        low=low,
        high=high,
        verdict=word,
        because=because,
        cause=mistake_beside(printed, *implied),
    )


_NEEDS = {
    "r2_change": "R2 of this model and of the one before it",
    "adjusted_r2_change": "adjusted R2 of this model and of the one before it",
    "f_change": "R2, its change, and the number of predictors in both models",
    "f_change_p": "F of the change, and the number of predictors in both models",
}


def _gap(printed: Printed, implied: Implied) -> float:
    """How far a printed number is from an interval."""
    _, low, high = implied
    return max(low - printed.interval[1], printed.interval[0] - high, 0.0)


def _of_counts(record: Record, name: str, printed: Model) -> Iterator[Row]:
    """One row for each printed df of F, and of the F of a change."""
    for statistic, count in (("df", printed.df2), ("df2_change", printed.df2_change)):
        if count is not None:
            yield _of_the_df(record, name, statistic, count)
    if printed.df1 is not None:
        yield _of_predictors(record, name, "df1", printed.df1)
    if printed.df1_change is not None:
        yield _of_predictors(record, name, "df1_change", printed.df1_change)


def _of_predictors(record: Record, name: str, statistic: str, printed: int) -> Row:
    """The df of a model or of a block beside its predictors, of which a table may not print all."""
    model, study = record.models[name], record.the_study
    says = partial(
        reported(study, name, WHOLE_MODEL, statistic).says,
        statistic=statistic,
        printed=str(printed),
    )
    counts, what = [model.regressors], "predictors"
    if statistic == "df1_change":
        counts = [block.entered for block in blocks_of(study, record.models, name)]
        what += " of the block"
    known = [count for count in counts if count is not None]
    least = model.fewest if statistic == "df1" else min(known, default=1)
    if printed in known:
        it = float(printed)
        because = f"model {name}: it has {printed} {what}"
        return says(recomputed=it, low=it, high=it, verdict=REPRODUCED, because=because)
    if printed < least and model.errors == "ols":
        because = f"model {name}: {least} or more {what} are printed"
        return says(low=float(least), high=math.inf, verdict=CONTRADICTED, because=because)
    seen = " or ".join(map(str, known)) or "an unknown number of"
    because = f"model {name}: {seen} {what} are printed"
    needs = "every predictor of the model, with its coefficient or under `unprinted:`"
    return says(verdict=NOT_CHECKABLE, because=because, needs=needs)


def _of_the_df(record: Record, name: str, statistic: str, printed_df: int) -> Row:
    """A printed residual df beside n - k - 1; n is the model's own where that is printed.

    Where the model continues another, both are of the same observations, and the df of that one
    says whether it had them all.
    """
    model, printed = record.models[name], record.the_study.models[name]
    says = partial(
        reported(record.the_study, name, WHOLE_MODEL, statistic).says,
        statistic=statistic,
        printed=str(printed_df),
    )
    total = model.n - 1
    k = model.printed_df1 if model.regressors is None else model.regressors
    if k is None and printed_df != total:
        because = f"model {name}: it has predictors without printed coefficients"
        needs = f"how many predictors are in {', '.join(model.unprinted)}"
        return says(verdict=NOT_CHECKABLE, because=because, needs=needs)
    df = total if k is None else total - k
    says = partial(says, recomputed=float(df), low=float(df), high=float(df))
    if printed_df in (df, total):
        which = "n - k - 1" if printed_df != total else "the total df, n - 1"
        because = f"model {name}: {which} with n = {model.n}"
        because += "" if k is None else f" and k = {k}"
        return says(verdict=REPRODUCED, because=because)
    because = f"model {name}: {model.n} observations and {k} predictors leave {df}"
    implied = printed_df + total - df + 1
    if printed.n is not None or _same_observations(record, printed):
        cause = f"n = {implied} in this model"
        return says(verdict=CONTRADICTED, because=because, cause=cause)
    because += f"; with {implied} it would fit"
    return says(verdict=NOT_CHECKABLE, because=because, needs="the n of this model")


def _same_observations(record: Record, printed: Model) -> bool:
    """Whether the model before has a printed df that its n gives: its cases are all there.

    Where both have one df for other predictors, it may be the total one of fewer observations.
    """
    if not printed.after:
        return False
    before, model = record.the_study.models[printed.after], record.models[printed.after]
    if before.df2 in (None, printed.df2) or model.unprinted:
        return False
    return before.df2 == model.n - model.k - 1


CHECK = Check(
    name="blocks",
    question="Do changes of R2 and F follow from the models on both sides, and df from n?",
    needs="a change of R2 or F beside R2 of two models, or a printed df",
    source="hierarchical regression, Cohen, Cohen, West and Aiken 2003, section 5.3",
    judge=judge,
    basis=Basis.OTHER_CELLS,
)
