"""Likert data on the lattice of a scale that print what a study prints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from retrace.printed.numbers import Printed
from retrace.synthetic.alphas import attainable_alpha, cronbach_alpha
from retrace.synthetic.arrange_columns import EXACT_PRODUCTS, Effort, Window, anneal, arrange
from retrace.synthetic.arrange_products import ProductArranger
from retrace.synthetic.attainable import check_target
from retrace.synthetic.choose_moments import WIDTHS, Aimer
from retrace.synthetic.fidelity import Fidelity, check_data, residuals
from retrace.synthetic.integer_moments import Aim
from retrace.synthetic.items import RowTotals, is_coarse, split_scores
from retrace.synthetic.marginals import MarginalNotFoundError, attainable_correlation, draw_marginal
from retrace.synthetic.moments import Moments, feasible_moments
from retrace.synthetic.order_rows import order_rows
from retrace.synthetic.printed_statistics import ORDER, TIE_MARGIN, PrintedStatistics
from retrace.synthetic.product_columns import with_products
from retrace.synthetic.reach import with_alpha
from retrace.synthetic.refine_moments import is_fine, polish
from retrace.synthetic.target import LikertTarget

if TYPE_CHECKING:
    import pandas as pd

# Whole-number aims tried before the nearest one is taken: where models print something, as many as
# there are widths to try; where only moments and correlations do, all of them narrow.
AIMS = len(WIDTHS)
DESCRIPTIVE_AIMS = 30

# The first aims are cheap and mostly enough where the lattice is fine; later ones are polished.
UNPOLISHED = 2

# Exchanges that arranging one data set may look at: about ten seconds where nothing is found.
EFFORT = 100_000_000

# The same for what products print, of each of the draws that are compared.
PRODUCT_EFFORT = 1_000_000

# New draws of a column of a model, and of all columns, when one cannot be arranged.
DRAWS = 4
# Draws of a column before a correlation or an alpha counts as out of reach; each has its own range.
MARGINALS = 25

# By how much the most alpha that scores allow is to exceed the wanted one, so that loadings differ.
ALPHA_ROOM = 0.01

# Responses of so few that items are looked for at once.
FEW_RESPONSES = 2000


@dataclass(frozen=True)
class LikertResult:
    """Synthetic responses and what they print.

    Cronbach's alpha is a matter of items and not of their scores: `split_all` makes items of
    `data`, and `check_items` says whether they have the alphas of the target. `data` are only
    drawn so that such items exist, as far as that succeeds.

    Attributes
    ----------
    data : numpy.ndarray, shape (n, k)
        Scores on the lattice min, min + 1/m, ..., max.
    names : tuple of str
        The columns.
    fidelity : tuple of Fidelity
        Every printed statistic, recomputed from `data`.
    """

    data: np.ndarray
    names: tuple[str, ...]
    fidelity: tuple[Fidelity, ...]

    @property
    def matched(self) -> bool:
        """Whether every printed statistic of scores, which alpha is not, prints the same."""
        return all(row.matched for row in self.fidelity)

    @property
    def missed(self) -> tuple[Fidelity, ...]:
        """What could not be met, with how close it came."""
        return tuple(row for row in self.fidelity if not row.matched)

    def frame(self) -> pd.DataFrame:
        """The data as a frame, one column a construct."""
        import pandas as pd

        return pd.DataFrame(self.data, columns=list(self.names))


def likert(target: LikertTarget, rng: np.random.Generator) -> LikertResult:
    """Draw responses from which a program would print what the study prints.

    First moments inside the rounding box of everything printed (`feasible_moments`); then
    whole-number sums, squares and cross products that print the same (`Aimer`); then marginal
    distributions with those sums, arranged column after column until the cross products are
    right (`arrange`); then an order of rows for Durbin-Watson (`order_rows`).

    Parameters
    ----------
    target : LikertTarget
    rng : numpy.random.Generator
        The source of all randomness: equal streams give equal data.

    Returns
    -------
    LikertResult
        Matching everything, or saying what it misses and by how much.

    Raises
    ------
    InfeasibleTargetError
        If no responses on the scale have a mean, an SD, a correlation or an alpha, with what is
        in reach; see `retrace.synthetic.attainable`.
    IndefiniteMatrixError
        If no data print these correlations together.
    """
    return LikertSampler(target).draw(rng)


def nothing_drawn(target: LikertTarget) -> tuple[LikertResult, dict[str, np.ndarray]]:
    """Responses and items of a target of which none are drawn: no rows, which match nothing."""
    data = np.empty((0, target.k))
    items = {
        name: np.empty((0, m), dtype=np.int64)
        for name, m in zip(target.names, target.items, strict=True)
    }
    return LikertResult(data, target.names, check_data(target, data)), items


class LikertSampler:
    """Draws many data sets for one target; what does not depend on the draw is done once."""

    def __init__(self, target: LikertTarget):
        self.target = target
        check_target(target.drawn)
        self._sought = _without_contradictions(target)
        drawn = self._sought.drawn
        self._plain = _Search(drawn)
        self._prints_moments = any(isinstance(m, Printed) for m in drawn.means + drawn.sds)
        self._arranger = ProductArranger(self._sought) if target.products else None

    @cached_property
    def _tied(self) -> _Search:
        return _Search(self._sought.drawn, ties=True)

    def draw(self, rng: np.random.Generator) -> LikertResult:
        """One data set; see `likert`.

        Values that are ties are taken only where nothing else was found to print: a mean of 3.245
        prints as 3.24 in one program and as 3.25 in another. Of a target with products that one
        of several is taken whose factors come nearest to what these print.
        """
        result = self._draw(rng) if self._arranger is None else self._arranged(self._arranger, rng)
        if self._sought is self.target:
            return result
        return replace(result, fidelity=check_data(self.target, result.data))

    def _arranged(self, arranger: ProductArranger, rng: np.random.Generator) -> LikertResult:
        """All columns, of which those that are drawn are arranged for their products."""
        target, before = self._sought, frozenset[tuple[str, str]]()
        best: Any = None
        for _ in range(DRAWS):
            drawn = arranger.arrange(self._draw(rng).data, rng, Effort(PRODUCT_EFFORT))
            scores = with_products(target, drawn)
            order = row_order(target, scores, rng)
            scores = scores if order is None else scores[order]
            result = LikertResult(scores, target.names, check_data(target, scores))
            cost = len(result.missed), sum(row.distance for row in result.missed)
            if best is None or cost < best[0]:
                best = cost, result
            missed = frozenset((row.statistic, row.term) for row in result.missed)
            # What two in a row miss alike a third would miss as well.
            if result.matched or missed == before:
                break
            before = missed
        return best[1]

    def _draw(self, rng: np.random.Generator) -> LikertResult:
        """The constructs that are drawn, whatever products of them print."""
        search, aimed = self._plain, self._plain.aim(rng)
        if aimed.missed and self._prints_moments:
            tied = self._tied.aim(rng)
            if tied.cost < aimed.cost:
                search, aimed = self._tied, tied
        return search.respond(aimed, rng)


def _without_contradictions(target: LikertTarget) -> LikertTarget:
    """The target without what is proven not to hold, where nothing is found that prints all.

    With products that is not known before they are arranged, and a proof costs less than that.
    """
    if not target.products:
        _, unmet = feasible_moments(PrintedStatistics(target), np.random.default_rng(0))
        if not unmet.any():
            return target
    from retrace.synthetic.contradictions import without_contradictions

    return without_contradictions(target)


@dataclass(frozen=True)
class _Aimed:
    """Whole-number moments, the feasible point they are near, and what they miss."""

    cost: tuple[int, int, float]
    point: Moments
    aim: Aim

    @property
    def missed(self) -> int:
        return self.cost[1]


class _Search:
    """The search for responses to one target, with or without values that are ties."""

    def __init__(self, target: LikertTarget, ties: bool = False):
        self.target = target
        self.statistics = PrintedStatistics(target, ties)
        self.aimer = Aimer(self.statistics)
        self.fine = is_fine(self.statistics)
        self.is_open = self.aimer.r_high - self.aimer.r_low == 2

    def respond(self, aimed: _Aimed, rng: np.random.Generator) -> LikertResult:
        """Responses with these moments, or as near as found."""
        point, aim = aimed.point, aimed.aim
        best: Any = None
        effort = Effort(EFFORT)
        for attempt in range(DRAWS):
            try:
                nearest = attempt == DRAWS - 1 and best is None
                X, reached, alphas = self._columns(point, aim, rng, effort, nearest)
            except MarginalNotFoundError:
                aimed = self.aim(rng)  # other sums have values
                point, aim = aimed.point, aimed.aim
                continue
            scores = X / self.aimer.m
            order = row_order(self.target, scores, rng)
            scores = scores[rng.permutation(len(scores)) if order is None else order]
            fidelity = check_data(self.target, scores)
            result = LikertResult(scores, self.target.names, fidelity)
            cost = len(result.missed) + alphas, sum(row.distance for row in result.missed)
            if best is None or cost < best[0]:
                best = cost, result
            if effort.spent or (not alphas and (reached or result.matched)):
                break
            if alphas and attempt < DRAWS - 1:
                aimed = self.aim(rng)  # other sums have other items
                if aimed.missed <= len(result.missed):
                    point, aim = aimed.point, aimed.aim
        return best[1]

    def _columns(
        self, point: Moments, aim: Aim, rng: np.random.Generator, effort: Effort, nearest: bool
    ) -> tuple[np.ndarray, bool, int]:
        """Whole-number columns, whether each could be arranged as aimed, and alphas missed.

        Where no values are found for a column's sums, the nearest ones, or `MarginalNotFoundError`.
        """
        target, aimer, alphas = self.target, self.aimer, 0
        X, everything = np.empty((target.n, target.k), dtype=np.int64), True
        modelled = True
        aim = aim[:]
        R = np.where(self.is_open, aim[None].moments(target)[2][0], target.R)
        for position, c in enumerate(aimer.order):
            earlier = aimer.order[:position]
            for _ in range(DRAWS):
                try:
                    values, missed = self._marginal_in_reach(X, c, earlier, aim, R, rng)
                except MarginalNotFoundError as error:
                    if not nearest:
                        raise
                    values, missed = error.nearest, False
                window = self._window(aim, position)
                enough = partial(self._print_alike, aim, position)
                X[:, c], reached = arrange(values, X[:, earlier], window, rng, effort, enough)
                if reached or not self._in_models(c):
                    break
            alphas += missed
            everything &= reached
            modelled &= reached or not self._in_models(c)
            products = X[:, c] @ X[:, earlier]
            if (products != aim.products[c, earlier]).any():
                aim.products[c, earlier] = aim.products[earlier, c] = products
                if self._in_models(c) and aimer.misses(aim).any():
                    aim = aimer.aims(point, rng, fixed=aim, first=position + 1)[0]
        if not everything:
            everything = anneal(X, *self._windows(aim, X), rng, effort) and modelled
        return X, everything, alphas

    def aim(self, rng: np.random.Generator) -> _Aimed:
        """Moments from which everything prints as printed, or as much as found."""
        best: Any = None
        models = not self.aimer.basic.all()
        tries, hopeless = AIMS if models else DESCRIPTIVE_AIMS, models
        for attempt in range(0 if self.fine or not models else UNPOLISHED, tries):
            point, unmet = feasible_moments(self.statistics, rng)
            hopeless &= bool(unmet.any())
            if unmet.any() and attempt < tries // 2:
                continue
            effort = attempt if models and not hopeless else min(attempt, UNPOLISHED)
            aims = self.aimer.aims(point, rng, effort=effort)
            aim, misses = aims[0], self.aimer.misses(aims[0])
            if misses.any() and models and attempt >= UNPOLISHED and self.fine and not hopeless:
                aim, misses = polish(self.statistics, aims, rng)
            missed = misses != 0
            basic = int(missed[self.aimer.basic].sum())
            cost = basic, int(missed.sum()), float(np.abs(misses).sum())
            if best is None or cost < best[0]:
                best = cost, point, aim
            # Where not even real numbers were found that print everything, whole ones are not.
            if not missed.any() or hopeless:
                break
        return _Aimed(*best)

    def _window(self, aim: Aim, position: int) -> Window:
        """Cross products to arrange a column for: exact where a model leaves no play."""
        c, earlier = self.aimer.order[position], self.aimer.order[:position]
        goal, low, high = (a[c, earlier] for a in (aim.products, *self.aimer.windows(aim)))
        possible = low <= high
        low, high = np.where(possible, low, goal), np.where(possible, high, goal)
        if self._in_models(c):
            play = 0 if position <= EXACT_PRODUCTS else self.aimer.play(position, aim)
            low, high = np.maximum(low, goal - play), np.minimum(high, goal + play)
        is_open = self.is_open[c, earlier]
        return Window(low, high, np.where(is_open, goal, (low + high) / 2))

    def _print_alike(self, aim: Aim, position: int, products: np.ndarray) -> bool:
        """Whether cross products so near those aimed at print all that the column determines."""
        if not self._in_models(self.aimer.order[position]) or position > EXACT_PRODUCTS:
            return False
        return self.aimer.prints(position, aim, products)

    def _windows(self, aim: Aim, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The same for all pairs of columns at once; what models depend on stays as it is."""
        products, (low, high) = X.T @ X, self.aimer.windows(aim)
        possible = low <= high
        low, high = np.where(possible, low, products), np.where(possible, high, products)
        pinned = np.array([self._in_models(c) for c in range(self.target.k)])
        pinned = np.outer(pinned, pinned)
        return np.where(pinned, products, low), np.where(pinned, products, high)

    def _in_models(self, c: int) -> bool:
        name = self.target.names[c]
        return any(name == m.outcome or name in m.predictors for m in self.target.models)

    def _marginal_in_reach(
        self,
        X: np.ndarray,
        c: int,
        earlier: np.ndarray,
        aim: Aim,
        R: np.ndarray,
        rng: np.random.Generator,
    ) -> tuple[np.ndarray, bool]:
        """Values of a column that can have its correlations with the earlier ones, and its alpha.

        R has the printed correlations, and those aimed at where none is printed. Where none of
        many draws can, the one that comes nearest.

        Returns
        -------
        values : numpy.ndarray of int64, shape (n,)
        missed : bool
            Whether no items of them with the alpha are known to be there.
        """
        lattice = self.aimer.lattices[c]
        sums, squares = int(aim.sums[c]), int(aim.squares[c])
        # What a column shares with another, it must share in shape too.
        variety = 1 - max(np.delete(R[c], c) ** 2, default=0.0)
        is_open = self.is_open[c, earlier]
        r_low = np.where(is_open, R[c, earlier], self.aimer.r_low[c, earlier])
        r_high = np.where(is_open, R[c, earlier], self.aimer.r_high[c, earlier])
        best: Any = None
        evenness = 0.0
        for _ in range(MARGINALS):
            values = draw_marginal(lattice, sums, squares, rng, variety, evenness)
            values, away, missed = self._with_alpha(c, values, rng)
            evenness += (1 - evenness) / 4 * (away > 0)
            reach = [attainable_correlation(values, X[:, other]) for other in earlier]
            low, high = np.array(reach).reshape(-1, 2).T
            beyond = np.maximum(low - r_high, 0).sum()
            beyond += np.maximum(r_low - high, 0).sum() + away
            if best is None or beyond < best[0]:
                best = beyond, values, missed
            if beyond == 0:
                break
        return best[1:]

    def _with_alpha(
        self, c: int, values: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, float, bool]:
        """Values of a column as they can have its alpha, by how much they cannot, and whether."""
        lattice, alpha = self.aimer.lattices[c], self.target.alphas[c]
        if alpha is None or lattice.m == 1:
            return values, 0.0, False
        low, high = attainable_alpha(values, lattice.m, *lattice.scale)
        away = max(alpha.value - (high - ALPHA_ROOM), 0.0)
        if not self.aimer.steered[c]:
            return values, away, False
        if not low <= alpha.value <= high:
            values = with_alpha(values, lattice, (alpha.value, alpha.value), rng)
            low, high = attainable_alpha(values, lattice.m, *lattice.scale)
        if not alpha.meets(low, high):
            return values, max(away, alpha.value - high, low - alpha.value), True
        if len(values) * lattice.m > FEW_RESPONSES or not is_coarse(values, lattice.m, alpha):
            return values, away, False
        # Whether there are items is not known before they are found.
        own, name = rng.spawn(1)[0], self.target.names[c]
        totals = RowTotals(values, lattice.m, *lattice.scale)
        items = split_scores(totals, alpha, own, name, nearest=True)
        found = cronbach_alpha(items)
        if alpha.admits(found):
            return values, away, False
        return values, max(away, abs(found - alpha.value)), True


def row_order(
    target: LikertTarget, scores: np.ndarray, rng: np.random.Generator
) -> np.ndarray | None:
    """Rows in an order that gives the printed Durbin-Watson statistics; None where none is."""
    models = [model for model in target.models if ORDER in model.overall]
    if not models:
        return None
    e = np.column_stack([residuals(target, model, scores) for model in models])
    printed = [model.overall[ORDER] for model in models]
    intervals = np.array([statistic.interval for statistic in printed])
    margin = TIE_MARGIN * np.array([statistic.half_width for statistic in printed])
    return order_rows(e, intervals[:, 0] + margin, intervals[:, 1] - margin, rng)[0]
