"""What reading set aside as out of its range: what it is, and the smallest mistake behind it."""

from __future__ import annotations

from retrace.checks.contract import Row
from retrace.checks.shared.mistakes import smallest_mistake
from retrace.papers.study import CORRELATION, Impossible, Lack, Study
from retrace.printed.numbers import Printed
from retrace.printed.ranges import RANGES, within
from retrace.printed.verdicts import CONTRADICTED, NOT_CHECKABLE

# What an entry would need that is set aside without a proof.
MORE_DECIMALS = "correlations with more decimals, or fewer constructs"


# What latent or pairwise correlations would need.
ONE_SAMPLE = "correlations of scores of one sample, with values of all variables"


def needs_of_a_matrix(lack: Lack | None) -> str:
    """What a model needs whose correlations imply nothing, by what is lacking."""
    if lack == Lack.OBSERVATIONS:
        return "more observations than variables"
    if lack == Lack.PRINT:
        return "all correlations of its variables, of its own observations"
    return "correlations that data can have"


def unless_of_one_sample(study: Study, row: Row) -> Row:
    """A verdict that rests on the correlations; none where these are not of one sample of scores.

    What fits them is said to; what does not may be of other observations, or of scores.
    """
    if row.verdict != CONTRADICTED or not (why := study.not_of_one_sample):
        return row
    because = f"{row.because}; the correlations are {why}"
    return row._replace(verdict=NOT_CHECKABLE, because=because, needs=ONE_SAMPLE, cause="")


def unless_latent(study: Study, row: Row) -> Row:
    """The same of stars, which pairwise correlations have by their own n."""
    return unless_of_one_sample(study, row) if study.latent else row


def needs_of(study: Study, aside: Impossible) -> str:
    """What would make checkable what was set aside; empty where it is proven to be impossible.

    What is not proven is of all correlations together, which may be those of no one sample.
    """
    if aside.proven:
        return ""
    return ONE_SAMPLE if study.not_of_one_sample else MORE_DECIMALS


def cause_of(aside: Impossible) -> str:
    """The smallest mistake that puts a number that was set aside out of its range, if any."""
    if not is_out_of_range(aside):
        return ""
    statistic = _statistic_of(aside)
    return smallest_mistake(Printed.parse(aside.printed), lambda cell: within(cell, statistic))


def is_out_of_range(aside: Impossible) -> bool:
    """Whether a number was set aside for the range of its kind, and not for another reason."""
    statistic = _statistic_of(aside)
    if statistic not in RANGES:
        return False
    try:
        return not within(Printed.parse(aside.printed), statistic)
    except ValueError:  # two halves of a table that differ
        return False


def _statistic_of(aside: Impossible) -> str:
    """What was set aside, by the names of `RANGES`."""
    return "r" if aside.statistic == CORRELATION else aside.statistic
