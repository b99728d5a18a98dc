"""Envelopes: the smallest and largest value of a statistic over all matrices that print the same.

Two answers bracket the true extreme. The tight one is attained by a matrix that is kept; the safe
one is a proven outer bound, from interval branch and bound (Hansen and Walster 2004, chapters 9
and 12): where the gradient's enclosure has one sign in a cell of a box of definite matrices, the
extreme lies at that cell's end; what remains is bounded by the mean value form and bisected until
both answers agree or the budget of boxes is spent. Only positive definite matrices count: no sample
has another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from retrace.matrices.ascent import interior_way, way_to_singularity
from retrace.matrices.enclosures import (
    LIMITS,
    Enclosure,
    at_points,
    bounds_by_partialling,
    enclose,
)
from retrace.matrices.rounding_box import (
    cell_places,
    matrices,
    order_of,
    positive_definite,
    rank_one_ceiling,
    start_in_box,
)

# Boxes examined in all before the safe bound is taken as it stands.
BUDGET = 3000
# Branching stops when the safe bound exceeds the tight one by this share of the envelope's width.
GAP = 1e-4
# Outward rounding of a safe bound, relative: ample for double precision at these sizes.
OUTWARD = 1e-11
# Rounds of reduction by monotonicity of the whole box; its parts, of which many are examined at
# once, have one, and another with each halving.
_ROUNDS_OF_REDUCTION = 4
# Times that boxes are halved at most.
_MOST_ROUNDS = 30
# Attained |beta| and -log se^2 (df) from which on no bound is sought: next to a singular matrix.
_ENDLESS = 20.0
# Where local ascent has to help: starts, and how many corners each may head for.
_STARTS = 2
_CORNERS = 8
# Shares of the way to a singular matrix that are tried.
_SHORT_OF_SINGULAR = np.array([0.5, 0.9, 0.99, 1 - 1e-4, 1 - 1e-6])
# Climbing inside the box: share of the way from its start to the best point at which it begins,
# steps, shares of the way to where box or matrices end, and largest order of matrix.
_FROM_START = 0.9
_STEPS_INSIDE = 15
_SHARES_INSIDE = np.array([0.25, 0.6, 0.9, 0.99])
_LARGEST_INSIDE = 16
# Shares of the way from the start to the largest VIF, where a null vector is followed.
_TOWARDS_SINGULAR = (0.9, 0.999, 1 - 1e-5, 1 - 1e-7)
# Where a box's corner is indefinite, points on the way there are tried in its place.
_WAY_TO_CORNER = (0.3, 0.6, 0.9)

# A kind of `enclosures.KINDS`, and the predictor's index.
Statistic = tuple[str, int]


@dataclass(frozen=True)
class Envelopes:
    """Envelopes of S statistics over one box.

    Attributes
    ----------
    tight, safe : ndarray, shape (S, 2)
        Smallest and largest attained value; proven outer bounds.
    witnesses : ndarray, shape (S, 2, m)
        Cells of the matrices that attain the tight values.
    """

    tight: np.ndarray
    safe: np.ndarray
    witnesses: np.ndarray


def envelopes(
    low: np.ndarray,
    high: np.ndarray,
    wanted: Iterable[Statistic],
    budget: int = BUDGET,
    gap: float = GAP,
) -> Envelopes:
    """Tight and safe envelopes of regression statistics over a box of correlation cells.

    Parameters
    ----------
    low, high : ndarray, shape (m,)
        Ends of the cells above the diagonal, row by row, outcome last; m = p (p - 1) / 2.
    wanted : sequence of (kind, j)
        Statistics as in `enclosures.KINDS` and the predictor's index.
    budget : int
        Boxes to examine.
    gap : float
        Difference of safe and tight to accept, as a share of the envelope's width.

    Raises
    ------
    NoMatrixError
        If no positive definite matrix lies in the box.
    """
    low, high = np.clip(low, -1.0, 1.0), np.clip(high, -1.0, 1.0)
    wanted = list(wanted)
    # Where a VIF is largest, beta can be largest too.
    beside = [("vif", j) for kind, j in wanted if kind == "beta" and ("vif", j) not in wanted]
    search = _Search(low, high, wanted + beside, start_in_box(low, high))
    search.approach_singular()
    search.run(budget, gap)
    search.polish(gap)
    search.tangent_ceiling()
    search.joint_ceiling()
    return search.result(len(wanted))


class _Search:
    """Branch and bound of all statistics and both directions at once.

    Objective s is statistic s // 2, minimised where s is even and maximised where it is odd;
    values carry the sign of the direction, so that every objective is maximised.
    """

    def __init__(
        self, low: np.ndarray, high: np.ndarray, wanted: list[Statistic], start: np.ndarray
    ):
        self.low, self.high, self.wanted = low, high, wanted
        self.p = order_of(len(low))
        S = 2 * len(wanted)
        self.sign = np.where(np.arange(S) % 2 == 0, -1.0, 1.0)
        self.kind = np.repeat([kind for kind, _ in wanted], 2)
        self.j = np.repeat([j for _, j in wanted], 2)
        limits = np.array([LIMITS[kind] for kind in self.kind])
        self.limit = np.where(self.sign > 0, limits[:, 1], -limits[:, 0])
        self.without_limit = np.isin(self.kind, ("beta", "log_se2"))
        self.start = start
        self.best = np.full(S, -np.inf)
        self.witness = np.tile(start, (S, 1))
        self.ceiling = np.full(S, -np.inf)
        self._try(np.arange(S), self.witness, sloped=False)

    def _enclose(self, s: np.ndarray, centre: np.ndarray, radius: np.ndarray) -> Enclosure:
        """Signed values, gradients and their bounds for boxes of objectives s."""
        found = enclose(self.kind[s], self.j[s], centre, radius)
        up = self.sign[s] > 0
        sign = self.sign[s][:, None]
        return replace(
            found,
            value=self.sign[s] * found.value,
            gradient=sign * found.gradient,
            low=np.where(up[:, None], found.low, -found.high),
            high=np.where(up[:, None], found.high, -found.low),
            least=np.where(up, found.least, -found.most),
            most=np.where(up, found.most, -found.least),
        )

    def _at_points(
        self, s: np.ndarray, cells: np.ndarray, sloped: bool = True
    ) -> tuple[np.ndarray, np.ndarray]:
        """Signed values, NaN where data cannot have the matrix, and gradients if asked for."""
        found, slope, definite = at_points(self.kind[s], self.j[s], cells, sloped)
        return self.sign[s] * np.where(definite, found, np.nan), self.sign[s][:, None] * slope

    def _try(
        self, s: np.ndarray, cells: np.ndarray, sloped: bool = True
    ) -> tuple[np.ndarray, np.ndarray]:
        """Keep points that beat the best of their objectives; returns value and gradient."""
        value, gradient = self._at_points(s, cells, sloped)
        for i in np.flatnonzero(value > self.best[s]):
            if value[i] > self.best[s[i]]:
                self.best[s[i]] = value[i]
                self.witness[s[i]] = cells[i]
        return value, gradient

    def run(self, budget: int, gap: float) -> None:
        """Examine boxes until every objective's bound is close enough or the budget is spent."""
        s = np.arange(len(self.sign))
        centre = np.tile((self.low + self.high) / 2.0, (len(s), 1))
        radius = np.tile((self.high - self.low) / 2.0, (len(s), 1))
        boxes = self._examine(s, centre, radius, self.limit[s], _ROUNDS_OF_REDUCTION)
        for _ in range(_MOST_ROUNDS):
            s, bound = boxes[0], boxes[3]
            closed = self._settled(s, bound, gap)
            halved = ~closed & self._worth_halving(s, bound)
            closed |= ~self._affordable(s[halved], budget)[s]
            np.maximum.at(self.ceiling, s[closed], bound[closed])
            halved &= ~closed
            if not halved.any():
                return
            budget -= 2 * halved.sum()
            halves = self._examine(*self._bisect(*(each[halved] for each in boxes)))
            rest = ~closed & ~halved
            boxes = tuple(
                np.concatenate([own[rest], new]) for own, new in zip(boxes, halves, strict=True)
            )
        np.maximum.at(self.ceiling, boxes[0], boxes[3])

    def _settled(self, s: np.ndarray, bound: np.ndarray, gap: float) -> np.ndarray:
        """Which boxes bound their objective closely enough, or bound what has no bound."""
        best = self.best[s]
        width = best + self.best[s ^ 1]
        endless = self.without_limit[s] & (best > _ENDLESS)
        return (bound <= best + gap * np.maximum(width, 1e-12)) | endless

    def _worth_halving(self, s: np.ndarray, bound: np.ndarray) -> np.ndarray:
        """Which boxes: while some of an objective prove nothing, halving others is in vain."""
        nothing = bound >= self.limit[s]
        stuck = np.zeros(len(self.sign), dtype=bool)
        stuck[s[nothing]] = True
        return nothing | ~stuck[s]

    def _affordable(self, s: np.ndarray, budget: int) -> np.ndarray:
        """Which objectives the budget lasts for, given those of the boxes to be halved.

        Those with the most boxes are given up first: they are the farthest from an answer.
        """
        count = np.bincount(s, minlength=len(self.sign))
        order = np.argsort(count, kind="stable")
        lasting = np.zeros(len(self.sign), dtype=bool)
        lasting[order] = 2 * np.cumsum(count[order]) <= budget
        return lasting

    def _examine(
        self,
        s: np.ndarray,
        centre: np.ndarray,
        radius: np.ndarray,
        bound: np.ndarray,
        rounds: int = 1,
    ) -> tuple[np.ndarray, ...]:
        """Reduce boxes by monotonicity, drop those without a matrix, bound the rest."""
        active = np.ones(len(s), dtype=bool)
        definite, proven = np.zeros((2, len(s)), dtype=bool)
        slope, gradient, low, high = (np.zeros_like(centre) for _ in range(4))
        for _ in range(rounds):
            at = np.flatnonzero(active)
            if not len(at):
                break
            found = self._enclose(s[at], centre[at], radius[at])
            valid = found.valid
            gradient[at], definite[at], proven[at] = found.gradient, found.definite, valid
            low[at], high[at] = found.low, found.high
            slope[at] = np.maximum(np.abs(found.low), np.abs(found.high))
            bound[at] = np.minimum(bound[at], found.most)
            # The largest value lies at the end of a cell where the matrix can go there: elsewhere
            # it lies where the matrices end, and the cell's end may hold none.
            wide = (valid & found.throughout)[:, None] & (radius[at] > 0)
            up, down = wide & (found.low >= 0), wide & (found.high <= 0)
            centre[at] += np.where(up, radius[at], 0.0) - np.where(down, radius[at], 0.0)
            radius[at] = np.where(up | down, 0.0, radius[at])
            slope[at] = np.where(valid[:, None], slope[at], 1.0)
            active[at] = (up | down).any(axis=1)
        self._bound_by_partialling(np.flatnonzero(~proven), s, centre, radius, bound)
        at = np.flatnonzero(proven)
        best, rise = self._best_centre(centre[at], radius[at], low[at], high[at])
        corner = centre + np.sign(gradient) * radius
        value, _ = self._try(
            np.concatenate([s[at], s]), np.concatenate([best, corner]), sloped=False
        )
        found = value[: len(at)] + rise
        bound[at] = np.minimum(bound[at], np.where(np.isnan(found), np.inf, found))
        outside = np.flatnonzero(np.isnan(value[len(at) :]) & definite)
        self._try_on_the_way(s[outside], centre[outside], corner[outside])
        hopeless = np.zeros(len(s), dtype=bool)
        rest = np.flatnonzero(~definite)
        if len(rest):
            v = np.linalg.eigh(matrices(centre[rest], self.p))[1][:, :, 0]
            hopeless[rest] = rank_one_ceiling(v, centre[rest], radius[rest]) < -1e-12
        keep = ~hopeless
        return s[keep], centre[keep], radius[keep], bound[keep], slope[keep]

    def _bound_by_partialling(
        self,
        at: np.ndarray,
        s: np.ndarray,
        centre: np.ndarray,
        radius: np.ndarray,
        bound: np.ndarray,
    ) -> None:
        """Lower the bounds of some boxes: those for which enclosures of gradients prove nothing."""
        at = at[self.kind[s[at]] != "r2"]
        if len(at):
            own = s[at]
            least, most = bounds_by_partialling(self.kind[own], self.j[own], centre[at], radius[at])
            bound[at] = np.minimum(bound[at], np.where(self.sign[own] > 0, most, -least))

    @staticmethod
    def _best_centre(
        centre: np.ndarray, radius: np.ndarray, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The points around which the mean value form is least, and what it adds (Baumann 1988).

        Around c a largest value is at most f(c) + sum max(high (end - c), low (start - c)); each
        term is least where both are the same, or at an end where the gradient has one sign.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.clip(np.nan_to_num(high / (high - low)), 0.0, 1.0)
        share = np.where(low >= 0.0, 1.0, share)
        rise = np.maximum(np.maximum(high * (1.0 - share), -low * share), 0.0)
        return centre + (2.0 * share - 1.0) * radius, 2.0 * (rise * radius).sum(axis=1)

    def _try_on_the_way(self, s: np.ndarray, centre: np.ndarray, corner: np.ndarray) -> None:
        """Try points on the way to corners that no data have."""
        if len(s):
            tried = [centre + share * (corner - centre) for share in _WAY_TO_CORNER]
            self._try(np.tile(s, len(tried)), np.concatenate(tried), sloped=False)

    @staticmethod
    def _bisect(
        s: np.ndarray, centre: np.ndarray, radius: np.ndarray, bound: np.ndarray, slope: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        rows = np.arange(len(s))
        cell = np.argmax(slope * radius, axis=1)
        half = np.zeros_like(radius)
        half[rows, cell] = radius[rows, cell] / 2.0
        lower, upper = centre - half, centre + half
        return (
            np.concatenate([s, s]),
            np.concatenate([lower, upper]),
            np.concatenate([radius - half, radius - half]),
            np.concatenate([bound, bound]),
        )

    def approach_singular(self) -> None:
        """Climb from the start where the box may hold singular matrices.

        Many statistics have no bound there, or their `LIMITS`: what shows it spares the search.
        """
        s = np.arange(len(self.sign))
        found = self._enclose(s[:1], self.start[None], (self.high - self.low)[None] / 2.0)
        if not found.throughout[0]:
            self._climb(s, np.tile(self.start, (len(s), 1)))

    def polish(self, gap: float) -> None:
        """Local ascent: from the best point of objectives that branching closed, from several
        starts for those it left apart.
        """
        distance = self.ceiling - self.best
        width = np.maximum(self.best + self.best[np.arange(len(self.best)) ^ 1], 1e-12)
        for s in np.flatnonzero((distance > 1e-9 * np.abs(self.best)) & (distance <= gap * width)):
            self._ascend(np.array([s]), self.witness[s])
        apart = np.flatnonzero(distance > gap * width)
        if not len(apart):
            return
        if self.p > _LARGEST_INSIDE:
            # Convexity bounds the least R2 and VIF by the best points: those are worth their time.
            self._climb(apart, self.witness[apart])
            apart = apart[self._convex[apart]]
        else:
            self._climb_from_starts(apart)
        for s in apart:
            self._ascend(np.array([s]), self.witness[s])

    def _climb_from_starts(self, s: np.ndarray) -> None:
        """Climb towards corners and along singular matrices from points all over the box."""
        # A Kronecker sequence spreads starts over the box; each then climbs towards corners.
        width = self.high - self.low
        steps = np.sqrt(np.arange(2.0, len(width) + 2.0))
        starts = [self.witness[s]]
        starts += [
            np.tile(self.low + width * ((i * steps) % 1.0), (len(s), 1))
            for i in range(1, _STARTS + 1)
        ]
        for cells in starts:
            self._climb(s, cells)
        self._climb_inside(s, self.start + _FROM_START * (self.witness[s] - self.start))
        self._climb_inside(s, np.tile(self.start, (len(s), 1)))
        self._cross_near_singular(s[self.kind[s] == "beta"])

    def _cross_near_singular(self, s: np.ndarray) -> None:
        """Coefficients next to singular predictors: along their null vector in r, either way.

        With Rxx v = lambda v for a small lambda, r + t v changes beta by t v / lambda, and R stays
        definite for t up to the order of the root of lambda: no climb in steps of R's own size
        crosses from one end of that short way to the other.
        """
        places = {wanted: 2 * i for i, wanted in enumerate(self.wanted)}
        top = np.array([places["vif", j] + 1 for j in self.j[s]], dtype=int)
        a, b = cell_places(self.p)
        for share in _TOWARDS_SINGULAR:
            cells = self.start + share * (self.witness[top] - self.start)
            v = np.linalg.eigh(matrices(cells, self.p)[:, :-1, :-1])[1][:, :, 0]
            way = np.where(b == self.p - 1, v[:, a % (self.p - 1)], 0.0)
            for sign in (1.0, -1.0):
                ahead = np.where(sign * way > 0, self.high - cells, cells - self.low)
                with np.errstate(divide="ignore", invalid="ignore"):
                    room = np.where(way != 0, ahead / np.abs(way), np.inf).min(axis=1)
                reach = np.minimum(room, way_to_singularity(cells, sign * way))
                shares = reach[:, None] * _SHARES_INSIDE
                height = np.full(len(s), -1e300)  # whatever is defined there
                own, found, *_ = self._step(s, cells, height, sign * way, shares)
                self._climb_inside(own, found)

    def _climb(self, s: np.ndarray, cells: np.ndarray) -> None:
        """Climb from points towards the corner that each gradient points to, as far as helps.

        On the way to a corner the matrix may become singular. Statistics grow without limit there,
        so that shares of the way just short of it are tried besides the whole way.
        """
        definite = positive_definite(matrices(cells, self.p))
        s, cells = s[definite], cells[definite]
        height, gradient = self._try(s, cells)
        for _ in range(_CORNERS):
            if not len(s):
                return
            way = np.where(gradient > 0, self.high, self.low) - cells
            way[gradient == 0] = 0.0
            shares = np.minimum(1.0, way_to_singularity(cells, way)[:, None] * _SHORT_OF_SINGULAR)
            s, cells, height, gradient = self._step(s, cells, height, way, shares)

    def _climb_inside(self, s: np.ndarray, cells: np.ndarray) -> None:
        """Climb along singular matrices, where neither a corner nor a face holds the extreme."""
        if self.p > _LARGEST_INSIDE:
            return
        height, gradient = self._try(s, cells)
        for _ in range(_STEPS_INSIDE):
            if not len(s):
                return
            way, reach = interior_way(cells, gradient, self.low, self.high)
            shares = reach[:, None] * _SHARES_INSIDE
            s, cells, height, gradient = self._step(s, cells, height, way, shares)

    def _step(
        self,
        s: np.ndarray,
        cells: np.ndarray,
        height: np.ndarray,
        way: np.ndarray,
        shares: np.ndarray,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The best of some shares of each way; points that none of them betters are left out."""
        tried = cells[:, None, :] + shares[:, :, None] * way[:, None, :]
        N, J, m = tried.shape
        found, slopes = self._try(np.repeat(s, J), tried.reshape(N * J, m))
        found = np.where(np.isnan(found), -np.inf, found).reshape(N, J)
        best = np.argmax(found, axis=1)
        rows = np.arange(N)
        better = found[rows, best] > height + 1e-9 * np.abs(height)
        rows, best = rows[better], best[better]
        return s[better], tried[rows, best], found[rows, best], slopes.reshape(N, J, m)[rows, best]

    def _ascend(self, s: np.ndarray, start: np.ndarray) -> None:
        """Climb with bounds (L-BFGS-B) from one start."""
        from scipy.optimize import minimize

        def objective(cells: np.ndarray) -> tuple[float, np.ndarray]:
            value, gradient = self._at_points(s, cells[None])
            if np.isnan(value[0]):
                return np.inf, np.zeros_like(cells)
            return -value[0], -gradient[0]

        solution = minimize(
            objective,
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=np.column_stack([self.low, self.high]),
            options={"maxiter": 100},
        )
        self._try(s, np.clip(solution.x, self.low, self.high)[None], sloped=False)

    @property
    def _convex(self) -> np.ndarray:
        """Which objectives are least values of functions that are convex in the matrix."""
        return np.isin(self.kind, ("r2", "vif")) & (self.sign < 0)

    def tangent_ceiling(self) -> None:
        """Bounds from convexity: R2 and VIF lie above their tangents wherever R is definite.

        1 - R2 and 1 / VIF are Schur complements, which are concave in R (Boyd and Vandenberghe
        2004, section 3.6), so that least values are bounded by the tangent where they are attained.
        """
        s = np.flatnonzero(self._convex)
        value, gradient = self._at_points(s, self.witness[s])
        rise = np.where(gradient > 0, self.high, self.low) - self.witness[s]
        bound = value + (gradient * rise).sum(axis=1)
        self.ceiling[s] = np.minimum(self.ceiling[s], bound)

    def joint_ceiling(self) -> None:
        """Bounds from those of VIF and R2, where boxes reach singular matrices.

        beta_j^2 <= VIF_j R2 <= VIF_j (Cauchy and Schwarz, since beta_j = e_j' Rxx^-1 r),
        se_j^2 df = VIF_j (1 - R2), and rho_j = beta_j / sqrt(beta_j^2 + se_j^2 df).
        """
        places = {wanted: 2 * i for i, wanted in enumerate(self.wanted)}
        least = [-self.ceiling[at] for (kind, _), at in places.items() if kind == "r2"]
        rest = 1.0 - max([0.0, *least]) + OUTWARD
        for (kind, j), at in places.items():
            vif = self.ceiling[places["vif", j] + 1] if ("vif", j) in places else np.inf
            if kind == "beta":
                limits = np.full(2, np.sqrt(vif))
            elif kind == "log_se2":
                limits = np.array([np.inf, np.log(vif) + np.log(rest)])
            elif kind == "rho" and ("beta", j) in places:
                # Least and most -beta and beta; rho has their sign.
                beta = np.minimum(self.ceiling[places["beta", j] :][:2], 0.0)
                limits = np.where(beta < 0.0, beta / np.sqrt(beta**2 + vif * rest), 1.0)
            else:
                continue
            self.ceiling[at : at + 2] = np.minimum(self.ceiling[at : at + 2], limits)

    def result(self, count: int) -> Envelopes:
        """Envelopes of the first `count` statistics."""
        ceiling = np.maximum(self.ceiling, self.best)
        ceiling = ceiling + OUTWARD * np.maximum(1.0, np.abs(ceiling))
        ceiling = np.minimum(ceiling, self.limit)
        S = len(self.wanted)
        tight, safe = (self.sign * self.best).reshape(S, 2), (self.sign * ceiling).reshape(S, 2)
        witnesses = self.witness.reshape(S, 2, -1)
        return Envelopes(tight[:count], safe[:count], witnesses[:count])
