"""What responses on the lattice of a scale can have: bounds that hold for all of them.

A target is refused here, and nowhere else, because something about it is impossible for every
data set; what a search merely does not find is a matter of fidelity. Means and SDs are tested by
GRIM and GRIMMER (`retrace.granularity`) and by the ends of the scale, correlations by linear
programming over every joint distribution with such means and SDs, alphas by an integer program
over every distribution of scores with such a mean and SD (`retrace.synthesis.alphas`).
"""

from __future__ import annotations

import numpy as np

from retrace.granularity import possible_squares, possible_totals
from retrace.printed import Printed
from retrace.reported import belongs_to_b, is_constant
from retrace.synthesis.alphas import alpha_bounds, attainable_alpha
from retrace.synthesis.marginals import Lattice, attainable_correlation, typical_values
from retrace.synthesis.statistics import TIE_MARGIN
from retrace.synthesis.target import InfeasibleTargetError, LikertTarget, Moment

# How far assumed moments may give way to the lattice: the mean in scale units for one item (a finer
# lattice needs less), and a share of the SD. What models print moves them first, and further.
MEAN_TOLERANCE = 0.25
SD_TOLERANCE = 0.002

# Sums of a printed mean that are looked at together, those nearest the middle first; further ones
# only where none of these has the printed SD.
MOST_SUMS = 400

# A correlation or an alpha this far inside what ordinary distributions reach needs no proof.
PLAINLY = 0.05

# Pairs of scores that linear programming runs over; a finer lattice is not looked into.
MOST_CELLS = 20_000

# Statistics in scale units where they belong to b: printed, they say what assumed moments of a
# model's columns must be.
SCALED = frozenset({"b", "se", "ci_low", "ci_high"})


def check_target(target: LikertTarget) -> None:
    """Refuse a target that no responses on the scale can have, with every reason at once.

    Raises
    ------
    InfeasibleTargetError
        Naming each cell: a mean off the scale, a mean and an SD that no responses of so many
        respondents have, a correlation beyond every pairing, an alpha beyond all items.
    """
    by_column = [_moment_problems(target, c) for c in range(target.k)]
    problems = [problem for column in by_column for problem in column]
    sound = [c for c in range(target.k) if not by_column[c]]
    problems += _correlation_problems(target, sound) + _alpha_problems(target, sound)
    if problems:
        raise InfeasibleTargetError(problems)


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
    InfeasibleTargetError
        If there are none, saying what the nearest attainable values are.
    """
    mean, sd = target.means[column], target.sds[column]
    if not isinstance(mean, Printed) and not isinstance(sd, Printed):
        return None
    lattice = Lattice.of(target, column)
    sums = _sums(lattice, mean)
    if len(sums) == 0:
        raise InfeasibleTargetError([_mean_problem(target, column, lattice)])
    away = np.abs(sums - lattice.n * lattice.m * target.mean[column])
    nearest = sums[np.argsort(away, kind="stable")]
    for start in range(0, len(sums), MOST_SUMS):
        some, squares = _moments(lattice, sd, np.sort(nearest[start : start + MOST_SUMS]))
        if len(some):
            break
    else:
        raise InfeasibleTargetError([_sd_problem(target, column, lattice, sums)])
    if ties:
        return some, squares
    plain = _without_ties(some / (lattice.n * lattice.m), mean)
    plain &= _without_ties(_sd(lattice, some, squares), sd)
    return (some[plain], squares[plain]) if plain.any() else (some, squares)


def all_printed_moments(target: LikertTarget, column: int) -> tuple[np.ndarray, np.ndarray] | None:
    """The same, ties included, where responses with the printed mean and SD have no others.

    Returns
    -------
    (sums, squares) : arrays of int, shape (c,), or None
        None where the mean or the SD is not printed, or more sums print the mean than are looked
        at: what is left out proves nothing.
    """
    mean, sd = target.means[column], target.sds[column]
    if not (isinstance(mean, Printed) and isinstance(sd, Printed)):
        return None
    if len(_sums(Lattice.of(target, column), mean)) > MOST_SUMS:
        return None
    return printed_moments(target, column, ties=True)


def correlation_bounds(target: LikertTarget, i: int, j: int) -> tuple[float, float] | None:
    """Bounds on the correlation of two constructs over all responses with these means and SDs.

    The largest E[uv] over every joint distribution on the two lattices, u and v centred, is a
    transport problem with given moments in place of margins, solved by linear programming; data
    are such distributions. Assumed moments that printed coefficients may move bound nothing.

    Returns
    -------
    (float, float) or None
        None where the lattices are too fine to look into, or moments are free.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, vstack

    columns = [_Column(target, c) for c in (i, j)]
    cells = len(columns[0].values) * len(columns[1].values)
    if cells > MOST_CELLS or any(_is_free(target, c) for c in (i, j)):
        return None
    u, v = (
        grid.ravel() for grid in np.meshgrid(columns[0].centred, columns[1].centred, indexing="ij")
    )
    rows, limits = [], []
    for values, column in zip((u, v), columns, strict=True):
        away, (least, most) = column.tolerance, column.variances
        rows += [values, -values, values**2, -(values**2)]
        limits += [away, away, most + away**2, -least]
    found = [
        linprog(
            sign * u * v,
            A_ub=vstack([csr_array(row[None]) for row in rows]),
            b_ub=limits,
            A_eq=np.ones((1, cells)),
            b_eq=[1.0],
            method="highs",
        )
        for sign in (1, -1)
    ]
    if any(each.status != 0 for each in found):
        return None
    slack = columns[0].tolerance * columns[1].tolerance + 1e-9
    low, high = found[0].fun - slack, -found[1].fun + slack
    smallest, largest = np.sqrt(columns[0].variances * columns[1].variances)
    if smallest == 0:
        return None
    low /= smallest if low < 0 else largest
    high /= smallest if high > 0 else largest
    return max(float(low), -1.0), min(float(high), 1.0)


class _Column:
    """A construct's scores about the middle of its mean, and the moments that they may have."""

    def __init__(self, target: LikertTarget, column: int):
        m, (low, high) = int(target.items[column]), target.scale
        first, last = _interval(target.means[column], MEAN_TOLERANCE / m)
        self.values = np.arange(m * low, m * high + 1) / m
        self.centred = self.values - (first + last) / 2
        self.tolerance = (last - first) / 2
        sd = target.sds[column]
        ends = np.maximum(_interval(sd, SD_TOLERANCE * target.sd[column]), 0.0)
        self.variances = ends**2 * (target.n - 1) / target.n


def _is_free(target: LikertTarget, column: int) -> bool:
    """Whether printed coefficients may move a construct's mean or SD away from what is assumed."""
    name, moments = target.names[column], (target.means[column], target.sds[column])
    return not all(isinstance(moment, Printed) for moment in moments) and any(
        name in (model.outcome, *model.predictors)
        and any(
            is_constant(term) or (belongs_to_b(cells) and SCALED & set(cells))
            for term, cells in model.coefficients.items()
        )
        for model in target.models
    )


def _moment_problems(target: LikertTarget, column: int) -> list[str]:
    name, lattice = target.names[column], Lattice.of(target, column)
    mean, sd = target.means[column], target.sds[column]
    low, high = target.scale
    if len(_sums(lattice, mean, on_scale=False)) and not len(_sums(lattice, mean)):
        return [f"mean of {name}: {_stated(mean)} is off the scale from {low} to {high}"]
    sums = _sums(lattice, mean)
    if len(sums) == 0:
        return [_mean_problem(target, column, lattice)]
    smallest = _sd(lattice, sums, lattice.fewest_spread(sums)).min()
    largest = _sd(lattice, sums, lattice.most_squares(sums)).max()
    first, last = _interval(sd, SD_TOLERANCE * abs(target.sd[column]))
    if first <= 0 and last < smallest:
        cells = [
            f"({row}, {column})" for row, column, _ in target.correlations if name in (row, column)
        ]
        return [
            f"SD of {name}: {_stated(sd)}: no correlation is defined of scores that are all the "
            f"same; {', '.join(cells) or 'a correlation'} needs an SD of {smallest:.4g} or more"
        ]
    if last < smallest - 1e-12 or first > largest + 1e-12:
        return [
            f"SD of {name}: {_stated(sd)} with a mean of {_stated(mean)}; scores from {low} to "
            f"{high} in steps of 1/{lattice.m} with that mean have an SD from {smallest:.4g} to "
            f"{largest:.4g}"
        ]
    try:
        printed_moments(target, column)
    except InfeasibleTargetError as error:
        return list(error.problems)
    return []


def _correlation_problems(target: LikertTarget, sound: list[int]) -> list[str]:
    typical = {
        c: typical_values(Lattice.of(target, c), target.mean[c], target.sd[c]) for c in sound
    }
    problems = []
    for row, column, cell in target.correlations:
        i, j = target.names.index(row), target.names.index(column)
        if i not in typical or j not in typical:
            continue
        low, high = attainable_correlation(typical[i], typical[j])
        if cell.meets(low + PLAINLY, high - PLAINLY):
            continue
        bounds = correlation_bounds(target, i, j)
        if bounds and not cell.meets(*bounds):
            problems.append(
                f"correlation ({row}, {column}): {cell} is out of reach of responses with the "
                f"{_origin(target, i, j)} means and SDs on the scale: it can be from "
                f"{bounds[0]:.3f} to {bounds[1]:.3f}"
            )
    return problems


def _origin(target: LikertTarget, *columns: int) -> str:
    moments = [moment for c in columns for moment in (target.means[c], target.sds[c])]
    return "printed" if all(isinstance(moment, Printed) for moment in moments) else "assumed"


def _alpha_problems(target: LikertTarget, sound: list[int]) -> list[str]:
    problems = []
    for column in sound:
        name, alpha = target.names[column], target.alphas[column]
        if has_plain_alpha(target, column) or _is_free(target, column):
            continue
        lattice = Lattice.of(target, column)
        m, sd = lattice.m, target.sd[column]
        sums = _sums(lattice, target.means[column])
        sds = _interval(target.sds[column], SD_TOLERANCE * sd)
        low, high = alpha_bounds(lattice, (int(sums[0]), int(sums[-1])), sds)
        if not alpha.meets(low, high):
            problems.append(
                f"alpha of {name}: {alpha} is out of reach of {m} items of any scores with the "
                f"{_origin(target, column)} mean and SD: it can be from {low:.3f} to {high:.3f}"
            )
    return problems


def has_plain_alpha(target: LikertTarget, column: int) -> bool:
    """Whether a construct has no alpha to meet, or one that ordinary scores have with ease."""
    lattice, alpha = Lattice.of(target, column), target.alphas[column]
    if alpha is None or lattice.m == 1:
        return True
    mean, sd = target.mean[column], target.sd[column]
    typical = typical_values(lattice, mean, sd)
    if np.ptp(typical) == 0 or sd == 0:
        return False
    low, high = attainable_alpha(typical, lattice.m, *target.scale)
    # What whole numbers of few rows may take away from it, and an SD at an end of its print.
    away = PLAINLY + 4 / ((target.n - 1) * (lattice.m * sd) ** 2)
    first, last = np.array(_interval(target.sds[column], SD_TOLERANCE * sd)) / sd
    low, high = low + (2 - low) * (last**2 - 1), high - (1 - high) * (1 / max(first, 0.1) ** 2 - 1)
    return alpha.meets(low + away, high - away)


def _sums(lattice: Lattice, mean: Moment, on_scale: bool = True) -> np.ndarray:
    """Sums of n scores with a mean, printed or about as assumed."""
    n, m = lattice.n, lattice.m
    if isinstance(mean, Printed):
        found = possible_totals(mean, n, m)
        first, last = found.start, found.stop - 1
    else:
        away = MEAN_TOLERANCE / m
        first, last = int(np.ceil(n * m * (mean - away))), int(np.floor(n * m * (mean + away)))
    if on_scale:
        first, last = max(first, n * lattice.low), min(last, n * lattice.high)
    return np.arange(first, last + 1)


def _moments(lattice: Lattice, sd: Moment, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every pair of one of these sums and a sum of squares that some n scores with the SD have."""
    ranges = [_squares(lattice, sd, int(total)) for total in sums]
    squares = np.concatenate([np.arange(r.start, r.stop, r.step) for r in ranges])
    totals = np.repeat(sums, [len(r) for r in ranges])
    possible = lattice.are_possible(totals, squares) & (squares >= lattice.fewest_spread(totals))
    return totals[possible], squares[possible]


def _squares(lattice: Lattice, sd: Moment, total: int) -> range:
    """Sums of squares of n scores with a sum and an SD, printed or about as assumed."""
    n, m = lattice.n, lattice.m
    if isinstance(sd, Printed):
        found = possible_squares(sd, total, n, m)
        first, last = found.start, found.stop - 1
    else:
        ends = np.array([1 - SD_TOLERANCE, 1 + SD_TOLERANCE]) * sd
        low, high = (n - 1) * (m * ends) ** 2 + total**2 / n
        first, last = int(np.ceil(low)), int(np.floor(high))
    first = max(first, int(lattice.fewest_squares(total)))
    last = min(last, int(lattice.most_squares(total)))
    return range(first + (first - total) % 2, last + 1, 2)


def _sd(lattice: Lattice, sums: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """Sample SDs in scale units."""
    n = lattice.n
    return np.sqrt(np.maximum(squares - sums**2 / n, 0) / (n - 1)) / lattice.m


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


def _mean_problem(target: LikertTarget, column: int, lattice: Lattice) -> str:
    n, m, mean = lattice.n, lattice.m, target.means[column]
    nearest = np.clip(round(target.mean[column] * n * m), n * lattice.low, n * lattice.high)
    return (
        f"mean of {target.names[column]}: {n} respondents with scores in steps of 1/{m} from "
        f"{target.scale[0]} to {target.scale[1]} cannot have a mean of {_stated(mean)}; the "
        f"nearest is {nearest / (n * m):.6g} (GRIM)"
    )


def _sd_problem(target: LikertTarget, column: int, lattice: Lattice, sums: np.ndarray) -> str:
    n, m, sd = lattice.n, lattice.m, target.sds[column]
    wanted = (n - 1) * (m * target.sd[column]) ** 2 + sums**2 / n
    _, squares = lattice.candidates(sums, np.rint(wanted).astype(np.int64))
    options, repeated = np.concatenate([squares - 2, squares, squares + 2]), np.tile(sums, 3)
    valid = lattice.are_possible(repeated, options)
    sds = _sd(lattice, repeated[valid], options[valid])
    nearest = sds[np.argmin(np.abs(sds - target.sd[column]))]
    return (
        f"SD of {target.names[column]}: {n} respondents with scores in steps of 1/{m} and a mean "
        f"of {_stated(target.means[column])} cannot have an SD of {_stated(sd)}; the "
        f"nearest is {nearest:.6g} (GRIMMER)"
    )
