"""Can data have the printed correlations together, and what room do they leave each other?

Correlations of data are positive semidefinite. With all other cells as printed, a cell r of a
definite matrix R with inverse P can move by t while (1 + t P_ij)^2 > t^2 P_ii P_jj, that is between
-1 / (sqrt(P_ii P_jj) + P_ij) and 1 / (sqrt(P_ii P_jj) - P_ij): the determinant is that quadratic
times det R. With three variables this is Stanley and Wang (1969): r12 lies within
r13 r23 -+ sqrt((1 - r13^2)(1 - r23^2)).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from retrace.checks.contract import Check, Row
from retrace.checks.shared.addresses import correlation
from retrace.checks.shared.limits import MORE_DECIMALS, needs_of
from retrace.checks.shared.record import Record
from retrace.papers.study import CORRELATION, CORRELATIONS, Study, too_few
from retrace.printed.numbers import Printed
from retrace.printed.ranges import RANGES, within
from retrace.printed.verdicts import IMPOSSIBLE, NOT_CHECKABLE, REPRODUCED, WITHIN_ROUNDING

_EIGENVALUE = "smallest eigenvalue"
# Variables of a table among whose completions a definite matrix is looked for, and projections.
MOST_COMPLETED = 50
_ROUNDS = 300


def judge(record: Record) -> Iterator[Row]:
    """One row for the whole table, then one for each cell."""
    study = record.the_study
    outside = [pair for *pair, cell in study.correlations if not within(cell, "r")]
    count = len(study.names)
    R, completed = None, None
    if len(study.correlations) < count * (count - 1) // 2 or outside:
        completed = _completed(study)
        whole = _incomplete(study, outside, completed)
    else:
        whole, R = _of_the_table(study)
    yield whole
    room = {} if R is None else _room(R, study)
    for row, column, cell in study.correlations:
        if completed and within(cell, "r"):
            because = "a matrix that completes the printed correlations has it"
            yield correlation(study, row, column).says(
                statistic="r", printed=cell.text, verdict=WITHIN_ROUNDING, because=because
            )
        else:
            yield _of_a_cell(study, (row, column), cell, room.get((row, column)))


def room_left(R: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least and largest value of each cell that keep a definite matrix R, shape (k, k), definite.

    Every other cell stays as it is. The diagonal is meaningless.
    """
    P = np.linalg.inv(R)
    root = np.sqrt(np.outer(np.diag(P), np.diag(P)))
    with np.errstate(divide="ignore"):
        return R - 1 / (root + P), R + 1 / (root - P)


def _room(R: np.ndarray, study: Study) -> dict[tuple[str, str], tuple[float, float]]:
    index = {name: i for i, name in enumerate(study.names)}
    low, high = room_left(R)
    places = {(a, b): (index[a], index[b]) for a, b, _ in study.correlations}
    return {
        pair: (max(float(low[at]), -1.0), min(float(high[at]), 1.0)) for pair, at in places.items()
    }


def _of_the_table(study: Study) -> tuple[Row, np.ndarray | None]:
    """The row of a complete table, and a matrix that prints like it if reading has found one."""
    from retrace.matrices.rounding_box import positive_definite

    R = study.printed_matrix
    least = float(np.linalg.eigvalsh(R)[0])
    says = partial(correlation(study).says, statistic=_EIGENVALUE, recomputed=least)
    aside = next((each for each in study.impossible if each.statistic == CORRELATIONS), None)
    few = too_few(study.correlation_n or study.n, len(study.names))
    if few and aside is None:
        because = f"{few}, and whether a singular matrix rounds to the table is open"
        needs = "more observations than variables"
        return says(verdict=NOT_CHECKABLE, because=because, needs=needs), None
    if not few and positive_definite(R):
        because = "data can have the correlations as printed: their matrix is positive definite"
        return says(verdict=REPRODUCED, because=because), R
    if not few and study.stand_in:
        because = "as printed no data have them together; some that round to them, data can have"
        found = study.correlation_matrix
        return says(verdict=WITHIN_ROUNDING, because=because), found
    if aside is not None and aside.proven:
        cause = "" if few else _wrong_sign(R, study)
        return says(verdict=IMPOSSIBLE, because=aside.why, cause=cause), None
    because = aside.why if aside else "a matrix that rounds to the table was not looked for"
    needs = needs_of(study, aside) if aside else MORE_DECIMALS
    return says(verdict=NOT_CHECKABLE, because=because, needs=needs), None


def _wrong_sign(R: np.ndarray, study: Study) -> str:
    """The first cell whose other sign makes the matrix definite; empty where there is none."""
    from retrace.matrices.rounding_box import positive_definite

    index = {name: i for i, name in enumerate(study.names)}
    for row, column, _ in study.correlations:
        tried = R.copy()
        a, b = index[row], index[column]
        tried[a, b] = tried[b, a] = -R[a, b]
        if positive_definite(tried):
            return f"sign: {-R[a, b]:g} for {row} and {column}"
    return ""


def _incomplete(study: Study, outside: list, completed: bool | None) -> Row:
    says = partial(correlation(study).says, statistic=_EIGENVALUE)
    if outside or any(each.statistic == CORRELATION for each in study.impossible):
        because = "a printed correlation is impossible"
        needs = "correlations that data can have"
    else:
        because, needs = "not every correlation is printed", "all correlations of the constructs"
        if completed is False and study.of_one_sample(study.names):
            because = "no matrix that completes the printed correlations is positive definite"
            return says(verdict=IMPOSSIBLE, because=because)
        if len(_correlated(study)) > MOST_COMPLETED:
            because += (
                f"; a matrix that completes them is looked for among at most {MOST_COMPLETED} "
                f"variables, not {len(_correlated(study))}"
            )
    return says(verdict=NOT_CHECKABLE, because=because, needs=needs)


def _correlated(study: Study) -> list[str]:
    """The variables of which some correlation is printed."""
    printed = {name for *pair, _ in study.correlations for name in pair}
    return [name for name in study.names if name in printed]


def _completed(study: Study) -> bool | None:
    """Whether data have the printed correlations, whatever is not printed or impossible by itself.

    True where a matrix that completes them was found, False where there is proven to be none, and
    None where neither was, or none looked for.
    """
    from retrace.matrices.rounding_box import NoMatrixError, cell_places, matrix_in_box

    names = _correlated(study)
    size = len(names)
    if not names or size > MOST_COMPLETED:
        return None
    low, high = np.full((size, size), -1.0), np.full((size, size), 1.0)
    index = {name: i for i, name in enumerate(names)}
    for row, column, cell in study.correlations:
        if within(cell, "r"):
            a, b = sorted((index[row], index[column]))
            low[a, b], high[a, b] = max(cell.interval[0], -1.0), min(cell.interval[1], 1.0)
    try:
        matrix_in_box(low[cell_places(size)], high[cell_places(size)], _ROUNDS)
    except NoMatrixError as error:
        return False if error.certificate is not None else None
    return True


def _of_a_cell(
    study: Study, pair: tuple[str, str], cell: Printed, room: tuple[float, float] | None
) -> Row:
    says = partial(correlation(study, *pair).says, statistic="r", printed=cell.text)
    if not within(cell, "r"):
        (low, high), because = RANGES["r"], "a correlation lies between -1 and 1"
        return says(low=low, high=high, verdict=IMPOSSIBLE, because=because)
    if room is None:
        because = "no matrix that prints like the whole table is known"
        needs = "the whole table, with correlations that data can have"
        return says(verdict=NOT_CHECKABLE, because=because, needs=needs)
    because = "the other correlations leave it this room"
    low, high = room
    return says(low=low, high=high, verdict=WITHIN_ROUNDING, because=because)


CHECK = Check(
    name="correlations",
    question="Can data have the printed correlations together?",
    needs="a table of correlations",
    source="Stanley and Wang 1969; Higham 2002 for matrices that round to a table",
    judge=judge,
)
