"""What the scores of each construct can be: responses on its scale, or what its unit says.

A unit has no printed scale, so where its values end and how fine they are is assumed: two values
of a kind (`0 or 1`) are these two, what is counted (years, employees) is whole numbers from nothing
upwards, a percentage lies within 0 and 100 where its mean and SD leave that, and everything else is
real numbers, drawn on a grid finer than print. Ends are so far out that scores with the mean and SD
have room: `ROOM` SDs, and for skewed counts as many as a mean near nothing needs.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from retrace.papers.study import Study, size_problem
from retrace.printed.granularity import grimmer, possible_totals
from retrace.printed.numbers import Printed
from retrace.synthetic.target import Measure

# How far from the mean values may lie, in SDs, and steps that an SD has at least, where they are
# real numbers.
ROOM = 5
FINE = 100

# Of the variance that a mean leaves between two ends, the share that an SD may take.
ROOMY = 0.8

# Sums that print a mean, above which some have any SD.
MANY_SUMS = 10_000

# What is counted, or told in whole numbers.
COUNTED = frozenset(
    (
        "years",
        "year",
        "months",
        "weeks",
        "days",
        "employees",
        "people",
        "persons",
        "members",
        "firms",
        "companies",
        "countries",
        "children",
        "patents",
        "products",
        "projects",
        "visits",
        "count",
        "counts",
        "number",
        "rank",
        "level",
        "levels",
        "points",
    )
)
_TWO = re.compile(r"(\d{1,9}) ?(?:or|/) ?(\d{1,9})")
# Ends of what is a share of something.
SHARES = {"%": 100, "percent": 100, "per cent": 100, "percentage": 100, "share": 1, "proportion": 1}


class _Moments(NamedTuple):
    """A mean and an SD, and their cells where they are printed."""

    mean: float
    sd: float
    printed_mean: Printed | None
    printed_sd: Printed | None


def two_values(unit: str | None) -> tuple[int, int] | None:
    """The two neighbouring numbers that a unit such as `0 or 1` names; None where it names none."""
    match = _TWO.fullmatch((unit or "").strip().casefold())
    if match is None or int(match[2]) != int(match[1]) + 1:
        return None
    return int(match[1]), int(match[2])


def is_counted(unit: str) -> bool:
    """Whether a unit is told in whole numbers."""
    word = unit.strip().casefold()
    return word in COUNTED or word.startswith("number of ")


def sd_of_two(mean: float, n: int, low: int) -> float:
    """Sample SD of n values of two neighbouring numbers with a mean; 0 beyond their ends."""
    share = min(max(mean - low, 0.0), 1.0)
    return math.sqrt(share * (1 - share) * n / (n - 1))


def measure_of(study: Study, construct: str) -> Measure | str:
    """What a construct's scores can be; what is to be written where that is not known.

    Parameters
    ----------
    study : Study
    construct : str
        With a mean, an SD and a number of items, printed or assumed.
    """
    unit = study.constructs[construct].unit
    if unit is not None:
        return _measured(study, construct, unit)
    scale = study.scale_of(construct) or study.assumptions.scale
    items, _ = study.item_count(construct)
    if scale is None or items is None:
        return "scale is neither printed nor assumed; write `scale: {min: …, max: …}`"
    assumed = "" if study.scale_of(construct) else f"responses from {scale.min} to {scale.max}"
    return Measure.of_responses(scale.min, scale.max, items)._replace(assumed=assumed)


def _measured(study: Study, construct: str, unit: str) -> Measure | str:
    if two := two_values(unit):
        return Measure(*two, unit=unit)
    (mean, assumed_mean), (sd, assumed_sd) = (
        study.moment(construct, "mean"),
        study.moment(construct, "sd"),
    )
    if mean is None or sd is None:
        return f"mean or SD of {construct}, in {unit}, is neither printed nor assumed"
    printed = None if assumed_mean else mean, None if assumed_sd else sd
    moments = _Moments(mean.value, sd.value, *printed)
    whole = is_counted(unit) and _may_be_whole(moments, study.n)
    low, high = _ends(moments, unit, whole)
    if problem := size_problem(low, high):
        return f"{construct}, in {unit}, {problem}; write it in a larger unit"
    steps = 1 if whole else _steps(moments, low, high)
    kind = "whole numbers" if whole else f"real numbers, in steps of {1 / steps:g},"
    why = "" if whole or not is_counted(unit) else ", which no whole numbers print"
    assumed = f"{kind} from {low} to {high}{why}; shapes vary about a beta distribution"
    return Measure(low, high, 1, steps, unit, assumed)


def _may_be_whole(moments: _Moments, n: int) -> bool:
    """Whether whole numbers can have what is printed of a mean and an SD (GRIM, GRIMMER)."""
    mean, sd = moments.printed_mean, moments.printed_sd
    if mean is None:
        return True
    totals = possible_totals(mean, n)
    if sd is None or sd.number < 0 or totals.stop - totals.start > MANY_SUMS:
        return totals.stop > totals.start
    return grimmer(mean, sd, n)


def _ends(moments: _Moments, unit: str, whole: bool) -> tuple[int, int]:
    """Between which whole numbers values lie that have the mean and SD with room."""
    mean, sd = moments.mean, moments.sd
    low, high = math.floor(mean - ROOM * sd), math.ceil(mean + ROOM * sd)
    most = SHARES.get(unit.strip().casefold())
    if most and sd**2 < ROOMY * mean * (most - mean):
        return 0, most
    if (whole or is_counted(unit)) and mean > 0 > low:
        # From nothing upwards, the mean leaves a variance of mean times what is above it.
        low, high = 0, max(high, math.ceil(mean + 2 * sd**2 / mean))
    return low, max(high, low + 1)


def _steps(moments: _Moments, low: int, high: int) -> int:
    """Steps to one unit: as fine as print, and `FINE` to an SD, unless that are too many points."""
    cells = filter(None, (moments.printed_mean, moments.printed_sd))
    decimals = max((cell.decimals for cell in cells), default=0)
    fine = math.ceil(math.log10(FINE / moments.sd)) if moments.sd > 0 else 0
    exponent = max(decimals, fine, 0)
    while exponent and size_problem(10**exponent * low, 10**exponent * high):
        exponent -= 1
    return 10**exponent
