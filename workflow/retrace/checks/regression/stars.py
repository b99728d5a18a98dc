"""Stars: what a legend demands of each cell, and which legend fits the printed stars best."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import NamedTuple

from retrace.checks.regression.changes import Block, Implied, blocks_of, tail_of_f
from retrace.checks.regression.corrections import corrected_ends
from retrace.checks.regression.printed_model import WHOLE_MODEL, PrintedModel
from retrace.checks.regression.relations import (
    f_from_adjusted,
    f_from_r2,
    p_from_coefficient,
    p_from_f,
    p_from_r,
    p_from_t,
    r2_from_adjusted,
    r2_from_f,
)
from retrace.checks.regression.tables import FittedLegend, Starred
from retrace.decisions import two_sided_p
from retrace.papers.study import Study
from retrace.printed.numbers import Printed
from retrace.printed.reported import CHANGE_STATISTICS
from retrace.printed.verdicts import CONTRADICTED, REPRODUCED, WITHIN_ROUNDING

# Levels that legends are made of.
LEVELS = (0.10, 0.05, 0.01, 0.001)

# Cells of a row that may carry its stars, in the order in which they are looked for.
STARRED = ("p", "b", "beta", "t", "se")

# The table of correlations, in the column that names models for other tables.
CORRELATIONS = "correlations"


@dataclass(frozen=True)
class StarredCell:
    """A printed number with its two-sided p value.

    Attributes
    ----------
    table, row, column : str
        Where it is printed.
    printed : Printed
        The cell, stars included.
    p, p_low, p_high : float
        Two-sided p at face value, and its ends over the rounding interval.
    sided : bool
        Whether a one-sided test halves it; that of an F has one side only.
    """

    table: str
    row: str
    column: str
    printed: Printed
    p: float
    p_low: float
    p_high: float
    sided: bool = True


@dataclass(frozen=True)
class Legend:
    """Marks with their levels, and how many sides the p value counts."""

    levels: tuple[tuple[str, float], ...]  # strictest first
    sides: int = 2

    @classmethod
    def of(cls, levels: Mapping[str, float], sides: int = 2) -> Legend:
        """From marks to levels in any order."""
        return cls(tuple(sorted(levels.items(), key=lambda item: (item[1], item[0]))), sides)

    def mark(self, p: float) -> str:
        """The mark of a two-sided p value."""
        return next((mark for mark, level in self.levels if p * self.sides / 2 <= level), "")

    def marks(self, p_low: float, p_high: float) -> list[str]:
        """All marks that p values between two ends get, most stars first."""
        scale = self.sides / 2
        found = {self.mark(p_low), self.mark(p_high)}
        found |= {mark for mark, level in self.levels if p_low * scale <= level <= p_high * scale}
        order = [mark for mark, _ in self.levels] + [""]
        return sorted(found, key=order.index)

    def __str__(self) -> str:
        return ", ".join(f"{mark} {level:g}" for mark, level in self.levels)


def correlation_cells(
    correlations: Sequence[tuple[str, str, Printed]],
    n: int | Callable[[str, str], tuple[int, int]],
) -> list[StarredCell]:
    """Cells of a correlation table with their p values from n.

    Parameters
    ----------
    correlations : sequence of (row, column, Printed)
    n : int or callable
        Observations of all, or of a row and a column the least and the most.
    """
    cells = []
    for row, column, cell in correlations:
        least, most = (n, n) if isinstance(n, int) else n(row, column)
        p, low, high = p_from_r(cell, most)
        cells.append(
            StarredCell(
                CORRELATIONS, row, column, cell, p, low, max(high, p_from_r(cell, least)[2])
            )
        )
    return cells


def correlation_reading(
    correlations: Sequence[tuple[str, str, Printed]],
    n: int | Callable[[str, str], tuple[int, int]],
    legend: Legend,
    correction: str = "",
) -> tuple[list[StarredCell], str]:
    """Cells of a correlation table, and how their numbers are read where not as usual.

    They are corrected for all tests of the table where its note says so, and read with digits cut
    off where the stars do not fit otherwise, by either number of tails, and fit then.

    Parameters
    ----------
    correlations, n
        As of `correlation_cells`.
    legend : Legend
    correction : str
        One of `CORRECTIONS`, or empty.
    """
    corrected = f"as corrected by {correction}" if correction else ""
    cut = [(row, column, cell.cut) for row, column, cell in correlations]
    tails = (legend, replace(legend, sides=1))
    readings = []
    for read, how in ((correlations, ""), (cut, "as truncated")):
        cells = correlation_cells(read, n)
        cells = corrected_cells(cells, correction) if correction else cells
        readings.append((cells, ", ".join(filter(None, (how, corrected)))))
    fitting = (
        reading
        for reading in readings
        if any(
            all(
                verdict_on_stars(cell, each) != CONTRADICTED
                for cell in _explained(reading[0], each)
            )
            for each in tails
        )
    )
    return next(fitting, readings[0])


def _explained(cells: Sequence[StarredCell], legend: Legend) -> list[StarredCell]:
    return explained(StarredTable(None, cells, dict(legend.levels)))


def row_cells(model: PrintedModel, tails: int = 2) -> list[StarredCell]:
    """Rows of a model's table, with the stars of whichever cell carries them and the row's p.

    p is the printed one, else that of the printed t, else of the coefficient over its error, by any
    df that the model may have; of a beta alone, any that R2 leaves (`_bounded_cells`). A table in
    which no row carries stars uses none, and has no cells here. `tails` is how many sides its p
    values count; one above .5 shows that they count two.
    """
    cells = []
    printed = [row["p"] for row in model.reported.values() if "p" in row]
    times = 1 if any(p.interval[0] > 0.5 for p in printed if p.bound != ">") else 2 / tails
    for term in model.terms:
        row = model.reported.get(term, {})
        starred = next((row[name] for name in STARRED if name in row and row[name].stars), None)
        p = row.get("p")
        if p is not None:
            face, low, high = _printed_p(p)
            ends = times * face, times * low, times * high
            shown = starred or p
        elif tested := _tested(row, model.test_dfs):
            ends, tests = tested
            shown = starred or tests
        else:
            continue
        column = next(name for name in STARRED if row.get(name) is shown)
        cells.append(StarredCell(model.name, term, column, shown, *ends))
    if model.correction:
        cells = _with_corrected_p(model, cells)
    cells += _bounded_cells(model, {cell.row for cell in cells})
    return cells if any(cell.printed.stars for cell in cells) else []


def _bounded_cells(model: PrintedModel, others: set[str]) -> list[StarredCell]:
    """Rows with a beta and nothing to test it by, with the least p that R2 of their model leaves.

    t = beta sqrt(df / ((1 - R2) VIF)), and VIF is at least 1 (Cohen et al. 2003, section 3.4), so
    that |t| is at most |beta| sqrt(df / (1 - R2)), whatever else is in the model. Of cells whose p
    may be below every level there is nothing to judge.
    """
    found = []
    shares = _largest_r2(model) if model.errors == "ols" else {}
    for term, row in model.reported.items():
        beta = row.get("beta")
        if beta is None or term in others or not shares:
            continue
        size = max(abs(end) for end in beta.interval)
        least = 1.0
        for df, r2 in shares.items():
            own = model.df if model.likelihood else df
            t = size * math.sqrt(own / (1.0 - r2)) if r2 < 1.0 else math.inf
            least = min(least, float(two_sided_p(t, math.inf if model.normal else df)))
        if least > min(LEVELS):
            found.append(StarredCell(model.name, term, "beta", beta, math.nan, least, 1.0))
    return found


def _largest_r2(model: PrintedModel) -> dict[int, float]:
    """The largest R2 of a model, by the residual df that it may have.

    By what R2, adjusted R2 and F allow together; where they agree for no df, by any of them.
    """
    agreed: dict[int, float] = {}
    any_of_them: dict[int, float] = {}
    for k, df in model.f_dfs:
        n, overall = k + df + 1, model.overall
        ends = [overall["r2"].interval] if "r2" in overall else []
        for name, r2_from in (("adjusted_r2", r2_from_adjusted), ("f", r2_from_f)):
            ends += [r2_from(overall[name], n, k)[1:]] if name in overall else []
        if not ends:
            continue
        lows, highs = zip(*ends, strict=True)
        any_of_them[df] = max(*highs, any_of_them.get(df, 0.0))
        if max(lows) <= min(highs):
            agreed[df] = max(min(highs), agreed.get(df, 0.0))
    return agreed or any_of_them


def _with_corrected_p(model: PrintedModel, cells: list[StarredCell]) -> list[StarredCell]:
    """Cells with p of the predictors corrected as one family, where none is printed."""
    own = [
        cell
        for cell in cells
        if cell.row != model.constant and "p" not in model.reported.get(cell.row, {})
    ]
    return [cell for cell in cells if cell not in own] + corrected_cells(
        own, model.correction, model.k - len(own)
    )


def corrected_cells(
    cells: Sequence[StarredCell], correction: str, others: int = 0
) -> list[StarredCell]:
    """Cells with their p corrected as one family, of which others may have no cell."""
    if not cells:
        return []
    ends = corrected_ends([(cell.p, cell.p_low, cell.p_high) for cell in cells], correction, others)
    # Beside others that are not known, a p has no face value.
    ends = [(high if p != p else p, low, high) for p, low, high in ends]
    return [
        replace(cell, p=p, p_low=low, p_high=high)
        for cell, (p, low, high) in zip(cells, ends, strict=True)
    ]


def _tested(row: Mapping[str, Printed], dfs: Sequence[float]) -> tuple | None:
    """p of a row's printed t, or of its coefficient over its error, and the number it is of."""
    if not dfs:
        return None
    coefficient = row.get("b") or row.get("beta")
    if (t := row.get("t")) is not None:
        found, number = [p_from_t(t, df) for df in dfs], t
    elif coefficient is not None and (se := row.get("se")) is not None:
        found, number = [p_from_coefficient(coefficient, se, df) for df in dfs], coefficient
    else:
        return None
    # An error that prints as zero leaves every p open, and none at face value.
    p = found[0][0] if found[0][0] == found[0][0] else found[0][2]
    return (p, min(low for _, low, _ in found), max(high for *_, high in found)), number


def whole_cells(study: Study, models: Mapping[str, PrintedModel], name: str) -> list[StarredCell]:
    """R2, F and their changes of a model, where its table stars them, with the p of their F."""
    own = study.models[name]
    table = (
        [model for model in study.models.values() if model.file == own.file] if own.file else [own]
    )
    numbers = [number for model in table for number in (model.overall | model.changes).items()]
    starred = {statistic for statistic, cell in numbers if cell.stars}
    cells = []
    for statistic, cell in (own.overall | own.changes).items():
        if statistic not in starred:
            continue
        if statistic in CHANGE_STATISTICS:
            found = _p_of_a_change(blocks_of(study, models, name), statistic)
        else:
            found = _p_of_the_model(models[name], statistic)
        if found:
            p = found[0][0], min(low for _, low, _ in found), max(high for *_, high in found)
            cells.append(StarredCell(name, WHOLE_MODEL, statistic, cell, *p, sided=False))
    return cells


def _p_of_the_model(model: PrintedModel, statistic: str) -> list[Implied]:
    """p of F of a model by every df that it may have: of the printed p, the number itself, or F."""
    cells = model.overall
    if "f_p" in cells:
        return [_printed_p(cells["f_p"])]
    known = model.errors in ("ols", "robust")
    of_r2 = {"r2": f_from_r2, "adjusted_r2": f_from_adjusted}
    found = []
    for k, df in model.f_dfs:
        n = k + df + 1
        if statistic in of_r2 and model.errors == "ols":
            face, low, high = of_r2[statistic](cells[statistic], n, k)
            found.append((tail_of_f(face, k, df), tail_of_f(high, k, df), tail_of_f(low, k, df)))
        elif "f" in cells and known:
            found.append(p_from_f(cells["f"], n, k))
    return found


def _p_of_a_change(blocks: Sequence[Block], statistic: str) -> list[Implied]:
    """p of F of a change beside every model that it may be beside."""
    change = blocks[0].change
    if "f_change_p" in change:
        return [_printed_p(change["f_change_p"])]
    if statistic == "r2_change":
        alone = {name: cell for name, cell in change.items() if name != "f_change"}
        by_r2 = [p for b in blocks for p, _ in b._replace(change=alone).implied("f_change_p")]
        if by_r2:
            return by_r2
    return [p for block in blocks for p, _ in block.implied("f_change_p")]


def _printed_p(p: Printed) -> Implied:
    low, high = max(p.interval[0], 0.0), min(p.interval[1], 1.0)
    return min(max(p.value, low), high), low, high  # `>0.05` is not 0.05


def verdict_on_stars(cell: StarredCell, legend: Legend) -> str:
    """Whether the printed stars are those that a legend demands."""
    legend = _of_its_sides(cell, legend)
    if not math.isnan(cell.p) and legend.mark(cell.p) == cell.printed.stars:
        return REPRODUCED
    demanded = legend.marks(cell.p_low, cell.p_high)
    return WITHIN_ROUNDING if cell.printed.stars in demanded else CONTRADICTED


def _of_its_sides(cell: StarredCell, legend: Legend) -> Legend:
    return legend if cell.sided or legend.sides == 2 else replace(legend, sides=2)


def orders_of(printed: Mapping[str, float]) -> list[list[str]]:
    """Orders in which marks may stand for falling levels, laxest first.

    Daggers and + come before one star, one star before two: the order of the field. Letters have
    none (`a` is the strictest in some journals, the laxest in others) and keep their place in the
    printed legend, whose own order comes second where it differs.
    """
    own = sorted(printed, key=lambda mark: (-printed[mark], mark))
    if any(mark.isalpha() for mark in own):
        return [own]
    usual = sorted(own, key=lambda mark: (mark.count("*"), len(mark), own.index(mark)))
    return [usual] if usual == own else [usual, own]


def candidate_legends(
    printed: Mapping[str, float], levels: Sequence[float] = LEVELS
) -> list[Legend]:
    """Every assignment of falling levels to the marks of a legend, two- and one-sided."""
    return [
        Legend.of(dict(zip(order, chosen, strict=True)), sides)
        for order in orders_of(printed)
        for sides in (2, 1)
        for chosen in combinations(sorted(levels, reverse=True), len(order))
    ]


class JudgedTable(NamedTuple):
    """The stars of one table.

    Attributes
    ----------
    model : str or None
        Whose table it is; None for the correlations.
    cells : list of StarredCell
    rows : list of Starred
        One a cell, in the same order.
    legends : list of FittedLegend
        The printed legend first.
    own, best : Legend
        The printed one, and the one with the fewest contradicted cells; among equals the printed
        one, then that with the other number of tails, then two-sided, then laxer levels.
    how : str
        How its numbers are read, where not as usual.
    """

    model: str | None
    cells: list[StarredCell]
    rows: list[Starred]
    legends: list[FittedLegend]
    own: Legend
    best: Legend
    how: str = ""

    @property
    def other_tails(self) -> bool:
        """Whether the printed legend fits all cells by the other number of tails alone."""
        same = self.best.levels == self.own.levels and self.best.sides != self.own.sides
        return same and self.misfits(self.best) == 0

    def misfits(self, legend: Legend) -> int:
        """How many cells a legend contradicts."""
        return sum(verdict_on_stars(cell, legend) == CONTRADICTED for cell in self.cells)


class StarredTable(NamedTuple):
    """Cells of one table with the legend printed for it.

    Attributes
    ----------
    model : str or None
        Whose table it is; None for the correlations.
    cells : list of StarredCell
    printed : mapping
        Mark to level; empty where no legend is printed.
    sides : int
        How many sides its p values count.
    how : str
        How its numbers are read, where not as usual.
    """

    model: str | None
    cells: Sequence[StarredCell]
    printed: Mapping[str, float]
    sides: int = 2
    how: str = ""


def used(cells: Sequence[StarredCell], printed: Mapping[str, float]) -> dict[str, float]:
    """The legend of a study as one of its tables has it: up to the strictest mark that it uses.

    Tables have legends of their own; where only that of the whole study is known, a mark that a
    table never uses is none of its legend.
    """
    levels = [printed[c.printed.stars] for c in cells if c.printed.stars in printed]
    strictest = min(levels, default=0.0)
    return {mark: level for mark, level in printed.items() if level >= strictest}


def judge_table(
    model: str | None, cells: Sequence[StarredCell], printed: Mapping[str, float], sides: int = 2
) -> JudgedTable:
    """Judge the stars of one table, and how well each candidate legend fits them.

    Parameters
    ----------
    model : str or None
        Whose table it is; None for the correlations.
    cells : sequence of StarredCell
        At least one.
    printed : mapping
        The printed legend, mark to level.
    sides : int
        How many sides its p values count, as its note says.
    """
    own = Legend.of(printed, sides)
    first = [own, replace(own, sides=3 - sides)]
    legends = [*first, *(each for each in candidate_legends(printed) if each not in first)]
    judged = JudgedTable(model, list(cells), [], [], own, own)
    misfits = [judged.misfits(legend) for legend in legends]
    best = legends[misfits.index(min(misfits))]
    table = CORRELATIONS if model is None else model
    fitted = [
        FittedLegend(table, str(legend), legend.sides, count, legend == own, legend == best)
        for legend, count in zip(legends, misfits, strict=True)
    ]
    rows = [_starred(cell, own, best) for cell in cells]
    return judged._replace(rows=rows, legends=fitted, best=best)


def _starred(cell: StarredCell, own: Legend, best: Legend) -> Starred:
    return Starred(
        cell.table,
        cell.row,
        cell.column,
        cell.printed.text,
        cell.p,
        cell.p_low,
        cell.p_high,
        cell.printed.stars,
        demanded(cell, own),
        verdict_on_stars(cell, own),
        demanded(cell, best),
        verdict_on_stars(cell, best),
    )


def demanded(cell: StarredCell, legend: Legend) -> str:
    """The marks that a legend allows in a cell, in words."""
    legend = _of_its_sides(cell, legend)
    return " or ".join(mark or "none" for mark in legend.marks(cell.p_low, cell.p_high))


def starred_tables(tables: Iterable[StarredTable]) -> list[JudgedTable]:
    """Judge all stars of a paper, table by table.

    Returns
    -------
    list of JudgedTable
        Of the tables that have stars and a legend; of their cells those whose marks it explains.
        The cells of a model are there where its table stars others of their kind.
    """
    known = (table._replace(cells=explained(table)) for table in tables if table.printed)
    return [
        judge_table(*table[:4])._replace(how=table.how)
        for table in known
        if any(cell.printed.stars for cell in table.cells) or (table.model and table.cells)
    ]


def explained(table: StarredTable) -> list[StarredCell]:
    """The cells of a table without a mark, or with one that its legend explains."""
    return [c for c in table.cells if not c.printed.stars or c.printed.stars in table.printed]
