"""Can answers on the printed scale have the printed means and standard deviations?

GRIM and GRIMMER (`retrace.printed.granularity`), of zeros and ones DEBIT, for scores that are means
or sums of whole answers, and the largest deviation that a mean leaves on a scale: of n values in
[a, b] with mean m the sample variance is at most (b - m)(m - a) n / (n - 1) (Bhatia and Davis
2000). Without the number of items what no number of them allows is impossible all the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from retrace.checks.contract import Check, Row
from retrace.checks.shared.addresses import moment
from retrace.checks.shared.mistakes import smallest_mistake
from retrace.checks.shared.record import Record
from retrace.papers.study import MOST_ITEMS, Construct, Scale, Study
from retrace.printed.granularity import possible_squares, possible_totals
from retrace.printed.numbers import TIE_TOLERANCE, Printed
from retrace.printed.verdicts import IMPOSSIBLE, NOT_CHECKABLE, WITHIN_ROUNDING, fewest

_ITEMS = "the number of items"
# The unit of a variable that is 0 or 1: one whole answer, which is its own square.
DUMMY = "0 or 1"
# Totals of a mean, each with its sums of squares, that are looked through at most: a mean that
# leaves more can have any deviation within the scale's reach.
MOST_TOTALS = 1000


class Score(NamedTuple):
    """A score of whole answers: their mean or their sum, of n people, between two ends.

    Its deviation divides by n - `ddof`.
    """

    n: int
    items: int
    low: int
    high: int
    what: str
    ddof: int = 1

    @property
    def parts(self) -> int:
        """How many equal steps lie between two neighbouring whole scores of one person."""
        return 1 if self.what == "sums" else self.items


class Reading(NamedTuple):
    """How the moments of a study are printed: with n - `ddof`, with digits cut off or rounded."""

    ddof: int = 1
    truncated: bool = False

    def __str__(self) -> str:
        said = [(not self.ddof, "with deviations divided by n"), (self.truncated, "as truncated")]
        return ", ".join(how for applies, how in said if applies)


USUAL = Reading()
_READINGS = (USUAL, Reading(0), Reading(1, True), Reading(0, True))


def judge(record: Record) -> Iterator[Row]:
    """One row for each printed mean and standard deviation of a construct.

    Where no whole answers have some of them as usual, and have more of them with another divisor
    or with digits cut off, the study is read so: a number is impossible only if it fits no reading
    that the others have.
    """
    yield from fewest(IMPOSSIBLE, (_by(record.the_study, reading) for reading in _READINGS))


def _by(study: Study, reading: Reading) -> list[Row]:
    """The rows by a reading, those that hang on it with its name where it is not the usual one."""
    rows = list(_read(study, reading))
    if reading == USUAL:
        return rows
    return [
        row._replace(because=f"{row.because}; read {reading}")
        if row.verdict in (WITHIN_ROUNDING, IMPOSSIBLE)
        else row
        for row in rows
    ]


def _read(study: Study, reading: Reading) -> Iterator[Row]:
    for name, construct in study.constructs.items():
        if reading.truncated:
            cut = {"mean": construct.mean, "sd": construct.sd}
            cut = {what: cell.cut for what, cell in cut.items() if cell is not None}
            construct = construct.model_copy(update=cut)
        items, scale, n = construct.items, study.scale_of(name), construct.n or study.n
        if construct.unit == DUMMY:
            items, scale = 1, Scale(min=0, max=1)
        counted = construct.n is not None or not study.pairwise
        lacks = [
            what
            for what, known in (
                (_ITEMS, items is not None),
                ("the response scale", scale is not None),
                ("how many have a value of it", counted),
            )
            if not known
        ]
        scores = [] if items is None or scale is None else scores_of(n, items, scale, reading.ddof)
        for statistic in ("mean", "sd"):
            cell = getattr(construct, statistic)
            if cell is None:
                continue
            lacking = [*lacks, *_unusable(construct, statistic)]
            # Without a mean it is among what is lacking.
            if lacking or construct.mean is None:
                says = _without(lacking)
                if scale is not None and construct.mean is not None and lacking == [_ITEMS]:
                    sd = cell if statistic == "sd" else None
                    says = _of_any_items(construct.mean, sd, n, scale) or says
            elif statistic == "mean":
                says = _of_a_mean(construct.mean, scores)
            else:
                says = _of_a_deviation(construct.mean, cell, scores)
            yield moment(study, name, statistic).says(
                statistic=statistic, printed=cell.text, **says
            )


def _without(lacking: list[str]) -> dict:
    because = "what whole answers can give depends on more than is printed"
    return {"verdict": NOT_CHECKABLE, "because": because, "needs": " and ".join(lacking)}


def _of_any_items(mean: Printed, sd: Printed | None, n: int, scale: Scale) -> dict | None:
    """What is impossible as means and as sums of any number of items; None where nothing is.

    Of the mean itself, or of a deviation beside it.
    """
    # The sums of one item have the ends that means have.
    scores = [
        Score(n, items, scale.min * items, scale.max * items, "sums")
        for items in range(1, MOST_ITEMS + 1)
    ]

    def reached(cell: Printed) -> list[Score]:
        least, most = cell.interval
        return [score for score in scores if score.low <= most and least <= score.high]

    meant, answers = reached(mean), f"answers from {scale.min} to {scale.max}"
    if sd is None:
        if meant:
            return None
        low, high = min(score.low for score in scores), max(score.high for score in scores)
        because = f"no {answers} have it, as means or sums of any number of items"
        cause = smallest_mistake(mean, lambda cell: bool(reached(cell)))
        return _impossible(low, high, because, cause)
    if not meant:
        return _without_a_mean()
    reach = max(largest_deviation(mean, score) for score in meant)
    if sd.interval[0] <= reach * (1 + TIE_TOLERANCE):
        return None
    because = (
        f"it is beyond {reach:.4g}, the most that {answers} with the printed mean have, as means "
        "or sums of any number of items"
    )
    cause = smallest_mistake(sd, lambda cell: cell.number >= 0 and cell.interval[0] <= reach)
    return _impossible(0, reach, because, cause)


def _impossible(low: float, high: float, because: str, cause: str) -> dict:
    ends = {"low": float(low), "high": float(high)}
    return ends | {"verdict": IMPOSSIBLE, "because": because, "cause": cause}


def _without_a_mean() -> dict:
    because, needs = "no whole answers have the printed mean", "a mean that answers can have"
    return {"verdict": NOT_CHECKABLE, "because": because, "needs": needs}


def _unusable(construct: Construct, statistic: str) -> list[str]:
    """What a mean or deviation lacks to be held against whole answers, beside items and scale."""
    needed = {"the mean": construct.mean}
    if statistic == "sd":
        needed["a standard deviation"] = construct.sd
    lacks = []
    for what, cell in needed.items():
        if cell is None:
            lacks.append(what)
        elif cell.bound or cell.percent:
            lacks.append(f"{what} as a value")
        elif cell is construct.sd and cell.number < 0:
            lacks.append(f"{what} of 0 or more")
    return lacks


def scores_of(n: int, items: int, scale: Scale, ddof: int = 1) -> list[Score]:
    """What a construct's scores may be: means of its items, or their sums."""
    means = Score(n, items, scale.min, scale.max, "means", ddof)
    if items == 1:
        return [means]
    return [means, Score(n, items, scale.min * items, scale.max * items, "sums", ddof)]


def totals_of(mean: Printed, score: Score) -> range:
    """Totals of all answers that give a mean that prints so, within the ends of the scale."""
    found = possible_totals(mean, score.n, score.parts, _rounding(mean))
    steps = score.n * score.parts
    return range(max(found.start, score.low * steps), min(found.stop, score.high * steps + 1))


def largest_deviation(mean: Printed, score: Score) -> float:
    """The largest sample deviation that some mean that prints so leaves on the scale."""
    low, high = (min(max(end, score.low), score.high) for end in mean.interval)
    middle = (score.low + score.high) / 2
    m = min(max(middle, low), high)
    return math.sqrt((score.high - m) * (m - score.low) * score.n / (score.n - score.ddof))


def _rounding(cell: Printed) -> str:
    return "trunc" if cell.ending == "truncated" else "up_or_down"


def can_have(mean: Printed, sd: Printed, score: Score) -> bool:
    """Whether scores can have the mean and deviation, as far as GRIMMER and the scale tell."""
    if sd.interval[0] > largest_deviation(mean, score) * (1 + TIE_TOLERANCE):
        return False
    totals = totals_of(mean, score)
    if len(totals) > MOST_TOTALS:
        return True
    squares = (
        (total, possible_squares(sd, total, score.n, score.parts, _rounding(sd), score.ddof))
        for total in totals
    )
    if (score.low, score.high, score.parts) == (0, 1, 1):
        return any(total in found for total, found in squares)
    return any(found for _, found in squares)


def _of_a_mean(mean: Printed, scores: list[Score]) -> dict:
    for score in scores:
        if totals := totals_of(mean, score):
            steps = score.n * score.parts
            ends = {"low": totals[0] / steps, "high": totals[-1] / steps}
            because = f"{len(totals)} totals of {score.what} of whole answers print so"
            return ends | {"verdict": WITHIN_ROUNDING, "because": because}
    score = scores[0]
    steps = score.n * score.parts
    below = math.floor(Fraction(mean.number) * steps)
    least, most = Fraction(score.low), Fraction(score.high)
    near = sorted(min(max(Fraction(total, steps), least), most) for total in (below, below + 1))
    because = (
        f"no {score.what} of {score.n} people with {score.items} whole answers from {score.low} "
        f"to {score.high} print so; the nearest are {float(near[0]):.6g} and {float(near[1]):.6g}"
    )
    cause = smallest_mistake(mean, lambda cell: bool(totals_of(cell, score)))
    return _impossible(float(near[0]), float(near[1]), because, cause)


def _of_a_deviation(mean: Printed, sd: Printed, scores: list[Score]) -> dict:
    meant = [score for score in scores if totals_of(mean, score)]
    if not meant:
        return _without_a_mean()
    for score in meant:
        if can_have(mean, sd, score):
            because = f"{score.what} of whole answers with the printed mean can have it"
            reach = largest_deviation(mean, score)
            return {"low": 0.0, "high": reach, "verdict": WITHIN_ROUNDING, "because": because}
    score = meant[0]
    reach = largest_deviation(mean, score)
    because = f"no {score.what} of whole answers with the printed mean have it"
    if sd.interval[0] > reach:
        because += f": it is beyond {reach:.4g}, the most that the scale allows"
    cause = smallest_mistake(sd, lambda cell: cell.number >= 0 and can_have(mean, cell, score))
    return _impossible(0, reach, because, cause)


CHECK = Check(
    name="granularity",
    question="Can whole answers have the printed means and standard deviations?",
    needs="means or standard deviations of constructs with their items and scale",
    source="GRIM, Brown and Heathers 2017; GRIMMER, Anaya 2016, Allard 2018; Bhatia and Davis "
    "2000; DEBIT, Heathers and Brown 2019",
    judge=judge,
)
