"""What responses on the lattice of a scale can have: bounds that hold for all of them.

A target is refused here, and nowhere else, because something about it is impossible for every
data set; what a search merely does not find is a matter of fidelity. Means and SDs are tested by
GRIM and GRIMMER (`retrace.printed.granularity`) and by the ends of the scale, correlations by
linear programming over every joint distribution with such means and SDs, alphas by an integer
program over every distribution of scores with such a mean and SD (`retrace.synthetic.alphas`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import NamedTuple

import numpy as np

from retrace.papers.study import too_few
from retrace.printed.granularity import possible_totals, unrounded
from retrace.printed.numbers import Printed
from retrace.printed.reported import belongs_to_b, is_constant
from retrace.synthetic.alphas import MOST_TOTALS, alpha_bounds, attainable_alpha
from retrace.synthetic.duality import least_mean
from retrace.synthetic.few_integers import GAPPED
from retrace.synthetic.marginals import (
    Lattice,
    MarginalNotFoundError,
    attainable_correlation,
    typical_values,
)
from retrace.synthetic.printed_statistics import TIE_MARGIN
from retrace.synthetic.target import InfeasibleTargetError, LikertTarget, Moment

# How far assumed moments may give way to the lattice: the mean in scale units for one item (a finer
# lattice needs less), and a share of the SD. What models print moves them first, and further.
MEAN_TOLERANCE = 0.25
SD_TOLERANCE = 0.002

# Sums of a printed mean that are looked at together, those nearest the middle first; further ones
# only where none of these has the printed SD, up to so many.
MOST_SUMS = 400
MOST_LOOKED_AT = 20_000

# Pairs of a sum and a sum of squares that are looked at, or listed, evenly thinned. Where each is
# looked up in an enumeration, so many rows of it altogether.
MOST_MOMENTS = 65_536
MOST_ROWS = 20_000_000

# A correlation or an alpha this far inside what ordinary distributions reach needs no proof.
PLAINLY = 0.05

# Pairs of scores that linear programming runs over; a finer lattice is not looked into.
MOST_CELLS = 20_000

# Statistics in scale units where they belong to b: printed, they say what assumed moments of a
# model's columns must be.
SCALED = frozenset({"b", "se", "ci_low", "ci_high"})


class Unattainable(NamedTuple):
    """What no responses on the scale can have, and whether cells as printed are all that is said.

    Where they are not, it may be for what is assumed beside them.
    """

    text: str
    as_printed: bool

    @classmethod
    def of(cls, text: str, *moments: Moment) -> Unattainable:
        """What is said with some means and SDs, printed or assumed."""
        return cls(text, all(isinstance(moment, Printed) for moment in moments))


def check_target(target: LikertTarget) -> None:
    """Refuse a target that no responses on the scale can have, with every reason at once.

    Raises
    ------
    InfeasibleTargetError
        With what is `unattainable`.
    """
    if problems := unattainable(target):
        raise InfeasibleTargetError([problem.text for problem in problems])


def unattainable(target: LikertTarget) -> list[Unattainable]:
    """What of a target no responses on the scale can have.

    Naming each cell: a mean off the scale, a mean and an SD that no responses of so many
    respondents have, a correlation beyond every pairing, an alpha beyond all items. Or that
    respondents are too few for so many constructs.
    """
    by_column = [_moment_problems(target, c) for c in range(target.k)]
    few = too_few(target.n, target.k)
    problems = [Unattainable(few, as_printed=False)] if few else []
    problems += [problem for column in by_column for problem in column]
    sound = [c for c in range(target.k) if not by_column[c]]
    return problems + _correlation_problems(target, sound) + _alpha_problems(target, sound)


def printed_moments(
    target: LikertTarget, column: int, ties: bool = False
) -> tuple[np.ndarray, np.ndarray] | None:
    """Sums and sums of squares that print a construct's printed mean and SD.

    Parameters
    ----------
    target : LikertTarget
    column : int
    ties : bool
        Whether a mean or an SD may be a tie, which two programs may round apart. Where nothing
        else prints, it may in any case.

    Returns
    -------
    (sums, squares) : arrays of int, shape (c,), or None
        In whole numbers, m * score: all there are, or those of `MOST_SUMS` sums near the middle.
        None where neither is printed; where one is, the other is kept near its assumed value.

    Raises
    ------
    MarginalNotFoundError
        If none were found, of a target that `check_target` does not refuse.
    """
    mean, sd = target.means[column], target.sds[column]
    if not isinstance(mean, Printed) and not isinstance(sd, Printed):
        return None
    lattice = Lattice.of(target, column)
    sums = _sums(lattice, mean)
    for some in _nearest(sums, lattice, target.mean[column]):
        found, squares = _moments(lattice, sd, some)
        if len(found):
            break
    else:
        raise MarginalNotFoundError(
            f"no scores of {target.names[column]} with its SD were found", np.empty(0, np.int64)
        )
    if ties:
        return found, squares
    plain = _without_ties(found / (lattice.n * lattice.m), mean)
    plain &= _without_ties(_sd(lattice, found, squares), sd)
    return (found[plain], squares[plain]) if plain.any() else (found, squares)


def all_printed_moments(target: LikertTarget, column: int) -> tuple[np.ndarray, np.ndarray] | None:
    """The same, ties included, where responses with the printed mean and SD have no others.

    Returns
    -------
    (sums, squares) : arrays of int, shape (c,), or None
        None where the mean or the SD is not printed, or more sums print the mean, or sums of
        squares the SD, than are looked at: what is left out proves nothing.
    """
    mean, sd = target.means[column], target.sds[column]
    if not (isinstance(mean, Printed) and isinstance(sd, Printed)):
        return None
    lattice = Lattice.of(target, column)
    sums = _sums(lattice, mean)
    if _count(sums) > MOST_SUMS:
        return None
    ranges = (_squares(lattice, sd, total) for total in sums)
    if any(_thinned(lattice, some, _count(sums)).step > 2 for some in ranges):
        return None
    return printed_moments(target, column, ties=True)


def correlation_bounds(target: LikertTarget, i: int, j: int) -> tuple[float, float] | None:
    """Bounds on the correlation of two constructs over all responses with these means and SDs.

    The largest E[uv] over every joint distribution on the two lattices, u and v centred, is a
    transport problem with given moments in place of margins, bounded by its dual linear program;
    data are such distributions. Assumed moments that printed coefficients may move bound nothing.

    Returns
    -------
    (float, float) or None
        None where the lattices are too fine to look into, or moments are free.
    """
    if _cells(target, i, j) > MOST_CELLS or any(_is_free(target, c) for c in (i, j)):
        return None
    columns = [_Column(target, c) for c in (i, j)]
    u, v = (
        grid.ravel() for grid in np.meshgrid(columns[0].centred, columns[1].centred, indexing="ij")
    )
    rows, lowest, highest = [], [], []
    for values, column in zip((u, v), columns, strict=True):
        away, (least, most) = column.tolerance, column.variances
        rows += [values, values**2]
        lowest += [-away, least]
        highest += [away, most + away**2]
    limits = np.array(rows), np.array(lowest), np.array(highest)
    low, minus_high = (least_mean(sign * u * v, *limits) for sign in (1, -1))
    if low is None or minus_high is None:
        return None
    slack = columns[0].tolerance * columns[1].tolerance
    low, high = low - slack, slack - minus_high
    smallest, largest = np.sqrt(columns[0].variances * columns[1].variances)
    if smallest == 0:
        return None
    low /= smallest if low < 0 else largest
    high /= smallest if high > 0 else largest
    return max(float(low), -1.0), min(float(high), 1.0)


def _cells(target: LikertTarget, i: int, j: int) -> int:
    """Pairs of scores of two constructs."""
    return (Lattice.of(target, i).width + 1) * (Lattice.of(target, j).width + 1)


class _Column:
    """A construct's scores about the middle of its mean, and the moments that they may have."""

    def __init__(self, target: LikertTarget, column: int):
        lattice, mean = Lattice.of(target, column), target.means[column]
        if isinstance(mean, Printed):
            exact = unrounded(mean).low, unrounded(mean).high
        else:
            tolerance = Fraction(MEAN_TOLERANCE) / lattice.m
            exact = Fraction(mean) - tolerance, Fraction(mean) + tolerance
        # From the lowest response: far from zero, differences lose digits.
        first, last = (float(end - target.measures[column].low) for end in exact)
        self.values = np.arange(lattice.width + 1) / lattice.m
        self.centred = self.values - (first + last) / 2
        self.tolerance = (last - first) / 2
        sd = target.sds[column]
        ends = np.maximum(_interval(sd, SD_TOLERANCE * target.sd[column]), 0.0)
        self.variances: np.ndarray = ends**2 * (target.n - 1) / target.n


def _is_free(target: LikertTarget, column: int) -> bool:
    """Whether printed coefficients may move a construct's mean or SD away from what is assumed."""
    name, moments = target.names[column], (target.means[column], target.sds[column])
    return not all(isinstance(moment, Printed) for moment in moments) and any(
        name in (model.outcome, *model.predictors)
        and any(
            is_constant(term) or (belongs_to_b(cells) and SCALED & set(cells))
            for term, cells in model.reported.items()
        )
        for model in target.models
    )


def _moment_problems(target: LikertTarget, column: int) -> list[Unattainable]:
    name, lattice = target.names[column], Lattice.of(target, column)
    mean, sd = target.means[column], target.sds[column]
    low, high = lattice.scale
    sums = _sums(lattice, mean)
    if not sums:
        if _sums(lattice, mean, on_scale=False):
            text = f"mean of {name}: {_stated(mean)} is off the scale from {low} to {high}"
            return [Unattainable.of(text, mean)]
        return [_mean_problem(target, column, lattice)]
    first, last = _spreads(lattice, sd)
    least, most = least_spread(lattice, sums), most_spread(lattice, sums)
    smallest, largest = (_as_sd(lattice, spread) for spread in (least, most))
    if first <= 0 and last < least:
        cells = [
            f"({row}, {column})" for row, column, _ in target.correlations if name in (row, column)
        ]
        text = (
            f"SD of {name}: {_stated(sd)}: no correlation is defined of scores that are all the "
            f"same; {', '.join(cells) or 'a correlation'} needs an SD of {smallest:.4g} or more"
        )
        return [Unattainable.of(text, sd)]
    if last < least or first > most:
        text = (
            f"SD of {name}: {_stated(sd)} with a mean of {_stated(mean)}; scores from {low} to "
            f"{high}{_steps(lattice.m)} with that mean have an SD from {smallest:.4g} to "
            f"{largest:.4g}"
        )
        return [Unattainable.of(text, sd, mean)]
    if not isinstance(mean, Printed) and not isinstance(sd, Printed):
        return []
    return (
        [] if _may_have(lattice, sd, sums, target.mean[column]) else [_sd_problem(target, column)]
    )


def _may_have(lattice: Lattice, sd: Moment, sums: range, mean: float) -> bool:
    """Whether some n scores have one of these sums and the SD, or not everything was looked at."""
    if _count(sums) > MOST_LOOKED_AT:
        return True
    pairs = (
        (total, squares)
        for some in _nearest(sums, lattice, mean)
        for total in some
        for squares in _squares(lattice, sd, total)
    )
    if any(lattice.is_possible(*pair) for pair in islice(pairs, _most_lookups(lattice))):
        return True
    return next(pairs, None) is not None


def _most_lookups(lattice: Lattice) -> int:
    """How many pairs of sums are looked up one by one."""
    if lattice.n > GAPPED:
        return MOST_MOMENTS
    return max(MOST_ROWS // (lattice.width + 1) ** (lattice.n - 2), 16)


def least_spread(lattice: Lattice, sums: range) -> Fraction:
    """The smallest sum of squares about the mean, at any of some sums, of values not all the same.

    It is r (n - r) / n, r the remainder of the sum by n, and 2 where that is nothing: least at an
    end of the sums or next to a multiple of n.
    """
    n, first, last = lattice.n, sums[0], sums[-1]
    near = [last, first, first + (1 - first) % n, first + (-1 - first) % n]
    return min(
        Fraction(rest * (n - rest), n) if (rest := total % n) else Fraction(2)
        for total in near
        if total <= last
    )


def most_spread(lattice: Lattice, sums: range) -> Fraction:
    """The largest sum of squares about the mean, at any of some sums.

    With all values but one at the ends of the scale it is convex in the sum between two sums of
    values at the ends alone, and concave over these: largest at an end of the sums, or at those of
    these that are nearest the middle of the scale.
    """
    n, width, start = lattice.n, lattice.width, lattice.n * lattice.low
    first, last = -((start - sums[0]) // width), (sums[-1] - start) // width
    near = {sums[0], sums[-1]}
    if first <= last:
        middle = [min(max(at_top, first), last) for at_top in (n // 2, (n + 1) // 2)]
        near |= {start + at_top * width for at_top in middle}
    return max(lattice.most_squares(total) - Fraction(total**2, n) for total in near)


def _correlation_problems(target: LikertTarget, sound: list[int]) -> list[Unattainable]:
    typical = {
        c: typical_values(Lattice.of(target, c), target.mean[c], target.sd[c]) for c in sound
    }
    problems = []
    for row, column, cell in target.correlations:
        i, j = target.names.index(row), target.names.index(column)
        if i not in typical or j not in typical or _cells(target, i, j) > MOST_CELLS:
            continue
        low, high = attainable_correlation(typical[i], typical[j])
        if cell.meets(low + PLAINLY, high - PLAINLY):
            continue
        bounds = correlation_bounds(target, i, j)
        if bounds and not cell.meets(*bounds):
            text = (
                f"correlation ({row}, {column}): {cell} is out of reach of responses with the "
                f"{_origin(target, i, j)} means and SDs on the scale: it can be from "
                f"{bounds[0]:.3f} to {bounds[1]:.3f}"
            )
            problems.append(Unattainable.of(text, *_moments_of(target, i, j)))
    return problems


def _origin(target: LikertTarget, *columns: int) -> str:
    moments = _moments_of(target, *columns)
    return "printed" if all(isinstance(moment, Printed) for moment in moments) else "assumed"


def _moments_of(target: LikertTarget, *columns: int) -> list[Moment]:
    return [moment for c in columns for moment in (target.means[c], target.sds[c])]


def _alpha_problems(target: LikertTarget, sound: list[int]) -> list[Unattainable]:
    problems = []
    for column in sound:
        name, alpha = target.names[column], target.alphas[column]
        if alpha is None or has_plain_alpha(target, column) or _is_free(target, column):
            continue
        lattice = Lattice.of(target, column)
        m, sd = lattice.m, target.sd[column]
        sums = _sums(lattice, target.means[column])
        sds = _interval(target.sds[column], SD_TOLERANCE * sd)
        low, high = alpha_bounds(lattice, (sums[0], sums[-1]), sds)
        if not alpha.meets(low, high):
            text = (
                f"alpha of {name}: {alpha} is out of reach of {m} items of any scores with the "
                f"{_origin(target, column)} mean and SD: it can be from {low:.3f} to {high:.3f}"
            )
            problems.append(Unattainable.of(text, *_moments_of(target, column)))
    return problems


def has_plain_alpha(target: LikertTarget, column: int) -> bool:
    """Whether a construct has no alpha to meet, or one that ordinary scores have with ease.

    On a lattice too fine to look into, any alpha counts as one.
    """
    lattice, alpha = Lattice.of(target, column), target.alphas[column]
    if alpha is None or lattice.m == 1 or lattice.width >= MOST_TOTALS:
        return True
    mean, sd = target.mean[column], target.sd[column]
    typical = typical_values(lattice, mean, sd)
    if np.ptp(typical) == 0 or sd == 0:
        return False
    low, high = attainable_alpha(typical, lattice.m, *lattice.scale)
    # What whole numbers of few rows may take away from it, and an SD at an end of its print.
    away = PLAINLY + 4 / ((target.n - 1) * (lattice.m * sd) ** 2)
    first, last = np.array(_interval(target.sds[column], SD_TOLERANCE * sd)) / sd
    low, high = low + (2 - low) * (last**2 - 1), high - (1 - high) * (1 / max(first, 0.1) ** 2 - 1)
    return alpha.meets(low + away, high - away)


def _sums(lattice: Lattice, mean: Moment, on_scale: bool = True) -> range:
    """Sums of n scores with a mean, printed or about as assumed."""
    n, m = lattice.n, lattice.m
    if isinstance(mean, Printed):
        found = possible_totals(mean, n, m)
        first, last = found.start, found.stop - 1
    else:
        middle, away = n * m * Fraction(mean), n * Fraction(MEAN_TOLERANCE)
        first, last = math.ceil(middle - away), math.floor(middle + away)
    if on_scale:
        first, last = max(first, n * lattice.low), min(last, n * lattice.high)
    return range(first, last + 1)


def _count(numbers: range) -> int:
    """Of a range of any size, which `len` is not."""
    return max(-((numbers.start - numbers.stop) // numbers.step), 0)


def _nearest(sums: range, lattice: Lattice, mean: float) -> Iterator[range]:
    """Sums nearest a mean in runs of `MOST_SUMS`, and further ones up to `MOST_LOOKED_AT`."""
    count = _count(sums)
    middle = min(max(round(lattice.n * lattice.m * Fraction(mean)) - sums.start, 0), count)
    low = high = middle
    while high - low < min(count, MOST_LOOKED_AT):
        before = min(MOST_SUMS // 2, low)
        after = min(MOST_SUMS - before, count - high)
        before = min(MOST_SUMS - after, low)
        if low == high:
            yield sums[low - before : high + after]
        else:
            yield from (run for run in (sums[low - before : low], sums[high : high + after]) if run)
        low, high = low - before, high + after


def _moments(lattice: Lattice, sd: Moment, sums: range) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of one of these sums and a sum of squares that some n scores with the SD have.

    Every one, or so many of them as `MOST_MOMENTS` and `MOST_ROWS` allow, evenly thinned.
    """
    ranges = [_thinned(lattice, _squares(lattice, sd, total), _count(sums)) for total in sums]
    squares = np.concatenate([np.arange(r.start, r.stop, r.step, dtype=np.int64) for r in ranges])
    totals = np.repeat(np.array(sums, dtype=np.int64), [len(r) for r in ranges])
    possible = lattice.are_possible(totals, squares) & (squares >= lattice.fewest_spread(totals))
    return totals[possible], squares[possible]


def _thinned(lattice: Lattice, squares: range, share: int) -> range:
    """A share of what is listed of sums of squares."""
    most = max(_most_lookups(lattice) // share, 1)
    return squares[:: max(-(-_count(squares) // most), 1)]


def _squares(lattice: Lattice, sd: Moment, total: int) -> range:
    """Sums of squares of n scores with a sum and an SD, printed or about as assumed."""
    first, last = _spreads(lattice, sd)
    base = Fraction(total**2, lattice.n)
    least = max(math.ceil(first + base), lattice.fewest_spread(total))
    most = min(math.floor(last + base), lattice.most_squares(total))
    return range(least + (least - total) % 2, most + 1, 2)


def _spreads(lattice: Lattice, sd: Moment) -> tuple[Fraction, Fraction]:
    """The sums of squares about the mean that a printed or about an assumed SD stands for."""
    if isinstance(sd, Printed):
        ends = unrounded(sd)
        low, high = max(ends.low, Fraction(0)), ends.high
    else:
        low, high = (Fraction(sd) * Fraction(str(1 + sign * SD_TOLERANCE)) for sign in (-1, 1))
    first, last = ((lattice.n - 1) * (lattice.m * end) ** 2 for end in (low, high))
    return first, last


def _as_sd(lattice: Lattice, spread: Fraction) -> float:
    """The sample SD, in scale units, of a sum of squares about the mean."""
    return math.sqrt(max(spread, Fraction(0)) / (lattice.n - 1)) / lattice.m


def _sd(lattice: Lattice, sums: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """Sample SDs in scale units."""
    n = lattice.n
    return np.sqrt(np.maximum(squares - sums.astype(float) ** 2 / n, 0) / (n - 1)) / lattice.m


def _without_ties(values: np.ndarray, moment: Moment) -> np.ndarray:
    if not isinstance(moment, Printed):
        return np.ones(len(values), dtype=bool)
    low, high = moment.interval
    margin = TIE_MARGIN * moment.half_width
    return (values >= low + margin) & (values <= high - margin)


def _interval(moment: Moment, tolerance: float) -> tuple[float, float]:
    if isinstance(moment, Printed):
        return moment.interval
    return moment - tolerance, moment + tolerance


def _stated(moment: Moment) -> str:
    return str(moment) if isinstance(moment, Printed) else f"{moment:g} (assumed)"


def _steps(m: int) -> str:
    """How scores of m items move, in words that end a range; nothing of whole scores."""
    return f" in steps of 1/{m}" if m > 1 else ""


def _mean_problem(target: LikertTarget, column: int, lattice: Lattice) -> Unattainable:
    n, m, mean = lattice.n, lattice.m, target.means[column]
    value = Fraction(mean.number) if isinstance(mean, Printed) else Fraction(mean)
    nearest = min(max(round(value * n * m), n * lattice.low), n * lattice.high)
    text = (
        f"mean of {target.names[column]}: {n} respondents with scores from "
        f"{lattice.scale[0]} to {lattice.scale[1]}{_steps(m)} cannot have a mean of "
        f"{_stated(mean)}; the nearest is {nearest / (n * m):.{_digits(mean)}g} (GRIM)"
    )
    return Unattainable.of(text, mean)


def _sd_problem(target: LikertTarget, column: int) -> Unattainable:
    lattice, sd = Lattice.of(target, column), target.sds[column]
    n, m = lattice.n, lattice.m
    sums = next(_nearest(_sums(lattice, target.means[column]), lattice, target.mean[column]))
    nearest = _nearest_sd(lattice, sums[: _most_lookups(lattice)], sd)
    text = (
        f"SD of {target.names[column]}: {n} respondents with scores from "
        f"{lattice.scale[0]} to {lattice.scale[1]}{_steps(m)} and a mean of "
        f" {_stated(target.means[column])} cannot have an SD of {_stated(sd)}; the "
        f"nearest is {nearest:.{_digits(sd)}g} (GRIMMER)"
    )
    return Unattainable.of(text, sd, target.means[column])


def _nearest_sd(lattice: Lattice, sums: range, sd: Moment) -> float:
    """Of the SDs that scores with one of these sums have, the nearest to one that they have not."""
    value = Fraction(sd.number) if isinstance(sd, Printed) else Fraction(sd)
    wanted = (lattice.n - 1) * (lattice.m * value) ** 2
    found = []
    for total in sums:
        least, most = lattice.fewest_spread(total), lattice.most_squares(total)
        at = min(max(round(wanted + Fraction(total**2, lattice.n)), least), most)
        at -= (at - total) % 2
        for steps in (range(at, least - 1, -2), range(at + 2, most + 1, 2)):
            each = next((q for q in steps if lattice.is_possible(total, q)), None)
            if each is not None:
                found.append(_as_sd(lattice, each - Fraction(total**2, lattice.n)))
    return min(found, key=lambda other: abs(other - float(value)), default=math.nan)


def _digits(moment: Moment) -> int:
    """Significant digits that tell a number from a printed one."""
    return max(6, len(moment.number.as_tuple().digits) + 2 if isinstance(moment, Printed) else 6)
