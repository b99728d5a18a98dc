"""Continuous data of which products of columns print what is printed of them.

The columns of `retrace.synthetic.continuous` have their moments exactly, whatever is drawn. What
products of them print is more: Newton's method with the shortest steps (Gauss-Newton, damped after
Levenberg 1944) moves the columns until it holds as well, along what keeps the moments; then these
are made exact again.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from retrace.synthetic.moments import step_into
from retrace.synthetic.printed_statistics import PrintedStatistics
from retrace.synthetic.product_columns import slopes_by_moments, with_products
from retrace.synthetic.target import LikertTarget

STEPS = 40

# What says on which side of 0 an effect is. These come first: what R2 and F print is the same on
# both, and its range has none in between.
SIGNED = frozenset({"mean", "sd", "r", "b", "beta", "t", "ci_low", "ci_high"})

# Half widths squared that a step of one SD may cost at first, by how much more where it does not
# help, and where the search ends.
SHORT, SHORTER, HOPELESS = 1e-4, 30.0, 1e12

# Printed intervals are aimed at within this share of their half width.
INNER = 0.8


def steer_products(target: LikertTarget, drawn: np.ndarray) -> np.ndarray:
    """Move drawn columns so that their products print what is printed of them, as far as they can.

    Parameters
    ----------
    target : LikertTarget
        With products.
    drawn : numpy.ndarray, shape (n, c)
        Its other columns, of full rank.

    Returns
    -------
    numpy.ndarray, shape (n, c)
        With the means, SDs and correlations of `drawn`, within 1e-12.
    """
    statistics = PrintedStatistics(target)
    derived = {target.names.index(each.name) for each in target.products}
    about = [i for i, row in enumerate(statistics.rows) if row.columns & derived]
    signed = [i for i in about if statistics.rows[i].kind in SIGNED]
    for rows in (signed, about):
        if rows:
            drawn = _Steering(target, statistics, np.array(rows), drawn).steered()
    return drawn


class _Steering:
    """The search: columns of unit variance about 0, and some of what their products print."""

    def __init__(
        self,
        target: LikertTarget,
        statistics: PrintedStatistics,
        rows: np.ndarray,
        drawn: np.ndarray,
    ):
        self.target, self.statistics, self.rows = target, statistics, rows
        self.mean, self.sd = drawn.mean(axis=0), drawn.std(axis=0, ddof=1)
        self.start = (drawn - self.mean) / self.sd
        self.factor = np.linalg.cholesky(np.corrcoef(self.start.T))
        names = target.drawn.names
        self.place = [target.names.index(name) for name in names]
        self.factors = [
            (
                target.names.index(each.name),
                [names.index(name) for name in each.factors],
                each.centred,
            )
            for each in target.products
        ]

    def steered(self) -> np.ndarray:
        """The columns, shape (n, c), where the search ends."""
        best, weight = self._exact(self.start), SHORT
        values = self._values(best)
        cost = np.square(self._excess(values)).sum()
        for _ in range(STEPS):
            if not cost or weight > HOPELESS:
                break
            trial = self._exact(best + self._step(best, values, weight))
            reached = self._values(trial)
            if (new := np.square(self._excess(reached)).sum()) < cost:
                best, values, cost, weight = trial, reached, new, weight / 10
            else:
                weight *= SHORTER
        return self.mean + best * self.sd

    def _exact(self, Z: np.ndarray) -> np.ndarray:
        """The columns with the moments of the start."""
        Z = Z - Z.mean(axis=0)
        own = np.linalg.cholesky(Z.T @ Z / (len(Z) - 1))
        return np.linalg.solve(own, Z.T).T @ self.factor.T

    def _columns(self, Z: np.ndarray) -> np.ndarray:
        return with_products(self.target, self.mean + Z * self.sd)

    def _values(self, Z: np.ndarray) -> np.ndarray:
        """What is printed of products and of models with them, shape (S,)."""
        X = self._columns(Z)
        return self._statistics(X.mean(axis=0)[None], np.cov(X.T)[None])[0]

    def _statistics(self, mean: np.ndarray, S: np.ndarray) -> np.ndarray:
        sd = np.sqrt(np.diagonal(S, axis1=1, axis2=2))
        R = S / (sd[:, :, None] * sd[:, None])
        return self.statistics.evaluate(mean, sd, R, self.rows)

    @cached_property
    def _goal(self) -> tuple[np.ndarray, np.ndarray]:
        """The inner part of what prints, low and high; of a bound, all of it."""
        which, statistics = self.rows, self.statistics
        inner = INNER * statistics.half[which]
        low = np.maximum(statistics.low[which], statistics.middle[which] - inner)
        high = np.minimum(statistics.high[which], statistics.middle[which] + inner)
        return np.minimum(low, high), np.maximum(low, high)

    def _excess(self, values: np.ndarray) -> np.ndarray:
        """Distances to the goal, in half widths."""
        low, high = self._goal
        excess = np.maximum(values - high, 0) - np.maximum(low - values, 0)
        return excess / self.statistics.half[self.rows]

    def _step(self, Z: np.ndarray, values: np.ndarray, weight: float) -> np.ndarray:
        """The shortest change of all columns into the goal that keeps the moments."""
        low, high = ((end - values) / self.statistics.half[self.rows] for end in self._goal)
        slopes = self._slopes(Z, values).reshape(len(values), -1)
        kept = np.linalg.qr(self._kept(Z).T)[0]
        directions, triangle = np.linalg.qr((slopes - slopes @ kept @ kept.T).T)
        return (directions @ step_into(triangle.T, low, high, weight)).reshape(Z.shape)

    def _kept(self, Z: np.ndarray) -> np.ndarray:
        """How means and cross products of drawn columns change with their cells, in n c columns."""
        n, c = Z.shape
        rows = []
        for j in range(c):
            mean = np.zeros((n, c))
            mean[:, j] = 1.0 / n
            rows.append(mean)
            for i in range(j + 1):
                cross = np.zeros((n, c))
                cross[:, i] += Z[:, j] / (n - 1)
                cross[:, j] += Z[:, i] / (n - 1)
                rows.append(cross)
        return np.array(rows).reshape(len(rows), n * c)

    def _slopes(self, Z: np.ndarray, values: np.ndarray) -> np.ndarray:
        """How statistics change from these, in half widths, with each cell of Z: (S, n, c)."""
        X = self._columns(Z)
        n, k = X.shape
        mean, S = X.mean(axis=0), np.cov(X.T)
        length = np.sqrt(np.diagonal(S))
        by_moment = slopes_by_moments(self._statistics, mean, S, length, values)
        by_moment = np.nan_to_num(by_moment / self.statistics.half[self.rows])
        # By each value of each column: of its mean, and of its cross products with all.
        first, second = np.triu_indices(k)
        by_cross = np.zeros((k, k, len(self.rows)))
        by_cross[first, second] += by_moment[k:]
        by_cross[second, first] += by_moment[k:]
        by_value = np.einsum("nj,ijs->nis", X - mean, by_cross) / (n - 1) + by_moment[:k] / n
        slopes = np.empty((len(self.rows), n, Z.shape[1]))
        for j, place_of in enumerate(self.place):
            change = by_value[:, place_of]
            for own_place, own, centred in self.factors:
                change = (
                    change + by_value[:, own_place] * self._partial(Z, own, j, centred)[:, None]
                )
            slopes[:, :, j] = change.T * self.sd[j]
        return slopes

    def _partial(self, Z: np.ndarray, own: list[int], j: int, centred: bool) -> np.ndarray:
        """The derivative of a product by the values of a column, shape (n,)."""
        values = Z * self.sd + (0.0 if centred else self.mean)
        found = np.zeros(len(Z))
        for position, factor in enumerate(own):
            if factor == j:
                others = own[:position] + own[position + 1 :]
                found += np.prod(values[:, others], axis=1)
        return found
