"""Gradient, expected information and Hessian of the ML discrepancy, for many matrices at once.

Every derivative of the implied matrix is a symmetrised outer product, `dSigma = w (a b' + b a')`:

    effect of j on i:       a = u_i, b = v_j, w = 1
    covariance of i and j:  a = u_i, b = u_j, w = 1  (1/2 for a variance)

with `u` and `v` of `Moments`. With `W = Sigma^-1`, `E = W (S - Sigma) W` and the columns that occur
as `X`, everything follows from the small matrices `G = X'WX` and `H = X'EX`:

    dF/di              = -2 w H_ab
    information (i, j) = w w' (G_ac G_bd + G_ad G_bc)
    half the Hessian   = information
                         + w w' (H_bc G_ad + H_bd G_ac + H_ac G_bd + H_ad G_bc)
                         - tr(E d2Sigma) / 2

The first is Jöreskog (1970); forming each from rank-one pieces costs `q^2` multiplications a
matrix where the textbook form with Kronecker products costs `q^2 p^2` and more.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrace.sem.specification import FREE
from retrace.sem.structure import Moments, Place, Structure

Array = NDArray[np.floating]
Index = NDArray[np.intp]
# Terms of second derivatives of Sigma: pairs of entries, index into totals or source covariances,
# index into H, weight.
Terms = tuple[Index, Index, Index, Array]


class Derivatives:
    """Index arrays of one structure, and what they give at given moments.

    Works on entries (free places in A and S) and then maps to the `q` estimated parameters.
    """

    def __init__(self, structure: Structure, entries: list[Place] | None = None):
        """By default for the free parameters; `entries` are any places in A and S instead."""
        self.structure = structure
        own = entries is None
        if entries is None:
            places = (*structure.directed, *structure.covaried)
            entries = [e for e in places if e.parameter.state == FREE]
        self.entries = entries
        self._compile_columns(entries)
        self._spread = self._spread_matrix() if own else None
        rows, columns = np.tril_indices(len(entries))
        self._pairs = (
            self._flat(self._left[rows], self._left[columns]),
            self._flat(self._right[rows], self._right[columns]),
            self._flat(self._left[rows], self._right[columns]),
            self._flat(self._right[rows], self._left[columns]),
        )
        self._entry_places = self._flat(self._left, self._right)
        self._entry_weight = -2.0 * self._weight
        self._pair_weight = self._weight[rows] * self._weight[columns]
        square = np.zeros((len(entries), len(entries)), np.intp)
        square[rows, columns] = square[columns, rows] = np.arange(len(rows))
        self._square = square.ravel()
        self._pair_of = square

    def _compile_columns(self, entries: list[Place]) -> None:
        """Number the columns of X that occur: those of `u`, then those of `v`."""
        source = {int(j): k for k, j in enumerate(self.structure.sources)}
        effects = [e for e in entries if e.parameter.op != "~~"]
        covaried = [e for e in entries if e.parameter.op == "~~"]
        from_u = {e.row for e in entries} | {e.column for e in covaried}
        self._u_columns = np.array(sorted(from_u), np.intp)
        self._v_columns = np.array(sorted({source[e.column] for e in effects}), np.intp)
        u_slot = {int(i): k for k, i in enumerate(self._u_columns)}
        v_slot = {int(j): len(u_slot) + k for k, j in enumerate(self._v_columns)}
        self._n_columns = len(u_slot) + len(v_slot)
        self._left = np.array([u_slot[e.row] for e in entries], np.intp)
        self._right = np.array(
            [
                u_slot[e.column] if e.parameter.op == "~~" else v_slot[source[e.column]]
                for e in entries
            ],
            np.intp,
        )
        self._weight = np.array([0.5 if e.parameter.is_variance else 1.0 for e in entries])

    def _flat(self, rows: Any, columns: Any) -> Any:
        return rows * self._n_columns + columns

    def _spread_matrix(self) -> Array | None:
        """From entries to estimated parameters; None where that is the identity."""
        structure = self.structure
        spread = np.zeros((len(self.entries), len(structure.free)))
        for k, e in enumerate(self.entries):
            spread[k, structure.free_of_row[e.table_row]] = 1.0
        spread = spread @ structure.basis
        if spread.shape[0] == spread.shape[1] and np.array_equal(spread, np.eye(len(spread))):
            return None
        return spread

    @cached_property
    def _second_derivatives(self) -> tuple[list[Terms], list[Terms]]:
        """Which products make up `tr(E d2Sigma) / 2` for pairs of entries.

        For effects of j on i and of l on k, and a covariance of i and j, with total effects T and
        covariances C among sources:

            effects:               T_li H(u_k, v_j) + T_jk H(u_i, v_l) + C_lj H(u_i, u_k)
            effect and covariance: w (T_li H(u_k, u_j) + T_lj H(u_k, u_i))
        """
        structure = self.structure
        source = {int(j): k for k, j in enumerate(structure.sources)}
        s = len(source)
        reach = _reach(structure, source)
        # Each list holds at most one term a pair, so that fancy addition is safe.
        totals: list[list[tuple[int, int, int, float]]] = [[], []]
        sources: list[tuple[int, int, int, float]] = []
        effects = [n for n, e in enumerate(self.entries) if e.parameter.op != "~~"]
        covaried = [n for n, e in enumerate(self.entries) if e.parameter.op == "~~"]

        def through(which: int, pair: int, start: int, end: int, h: int, weight: float) -> None:
            k, m = source[start], source.get(end)
            if m is not None and reach[k, m]:
                totals[which].append((pair, k * s + m, h, weight))

        for index, n in enumerate(effects):
            e, e_left, e_right = self.entries[n], self._left[n], self._right[n]
            for m in effects[: index + 1]:
                o, pair = self.entries[m], self._pair_of[n, m]
                o_left, o_right = self._left[m], self._right[m]
                through(0, pair, o.column, e.row, self._flat(o_left, e_right), 1.0)
                through(1, pair, e.column, o.row, self._flat(e_left, o_right), 1.0)
                inner = source[o.column] * s + source[e.column]
                sources.append((pair, inner, self._flat(e_left, o_left), 1.0))
            for m in covaried:
                c, pair = self.entries[m], self._pair_of[n, m]
                weight = self._weight[m]
                through(0, pair, e.column, c.row, self._flat(e_left, self._right[m]), weight)
                through(1, pair, e.column, c.column, self._flat(e_left, self._left[m]), weight)
        return [_terms(t) for t in totals if t], [_terms(sources)] if sources else []

    # At given moments ---------------------------------------------------------------------------

    def _columns(self, moments: Moments) -> Array:
        """`X` (b, p, k)."""
        u, v = moments.u.take(self._u_columns, axis=2), moments.v.take(self._v_columns, axis=2)
        return np.concatenate((u, v), axis=2)

    @staticmethod
    def _form(columns: Array, matrix: Array) -> Array:
        """`X' matrix X`, flattened (b, k * k)."""
        form = columns.transpose(0, 2, 1) @ (matrix @ columns)
        return form.reshape(len(form), -1)

    def gradient(self, moments: Moments, e: Array) -> Array:
        """Gradient of F (b, q), given `E` (b, p, p)."""
        return self._gradient(self._form(self._columns(moments), e))

    def information(self, moments: Moments, w: Array) -> Array:
        """Expected information `tr(W dSigma W dSigma) / 2` of one observation (b, q, q)."""
        return self._information(self._form(self._columns(moments), w))

    def half_hessian(self, moments: Moments, w: Array, e: Array) -> Array:
        """Half the matrix of second derivatives of F (b, q, q): the observed information."""
        columns = self._columns(moments)
        return self._half_hessian(moments, self._form(columns, w), self._form(columns, e))

    def gradient_and_curvature(
        self, moments: Moments, w: Array, e: Array, newton: bool
    ) -> tuple[Array, Array]:
        """`gradient` with `half_hessian`, or else `information`: of the same forms."""
        columns = self._columns(moments)
        g, h = self._form(columns, w), self._form(columns, e)
        curvature = self._half_hessian(moments, g, h) if newton else self._information(g)
        return self._gradient(h), curvature

    def _gradient(self, h: Array) -> Array:
        gradient = h.take(self._entry_places, axis=1)
        gradient *= self._entry_weight
        return gradient if self._spread is None else gradient @ self._spread

    def _information(self, g: Array) -> Array:
        ac, bd, ad, bc = (g.take(pair, axis=1) for pair in self._pairs)
        ac *= bd
        ad *= bc
        ac += ad
        ac *= self._pair_weight
        return self._to_parameters(ac)

    def _half_hessian(self, moments: Moments, g: Array, h: Array) -> Array:
        ac, bd, ad, bc = (g.take(pair, axis=1) for pair in self._pairs)
        h_ac, h_bd, h_ad, h_bc = (h.take(pair, axis=1) for pair in self._pairs)
        # ac bd + H_bd ac + H_ac bd = (ac + H_ac)(bd + H_bd) - H_ac H_bd, and so for ad, bc.
        ac += h_ac
        bd += h_bd
        ac *= bd
        h_ac *= h_bd
        ac -= h_ac
        ad += h_ad
        bc += h_bc
        ad *= bc
        h_ad *= h_bc
        ad -= h_ad
        ac += ad
        ac *= self._pair_weight
        through = zip(self._second_derivatives, (moments.totals, moments.sources), strict=True)
        for terms, among_sources in through:
            flat = among_sources.reshape(len(among_sources), -1)
            for pair, inner, form, weight in terms:
                ac[:, pair] -= weight * flat.take(inner, axis=1) * h.take(form, axis=1)
        return self._to_parameters(ac)

    def _to_parameters(self, pairs: Array) -> Array:
        n = len(self.entries)
        full = pairs.take(self._square, axis=1).reshape(-1, n, n)
        return full if self._spread is None else self._spread.T @ full @ self._spread


def _reach(structure: Structure, source: dict[int, int]) -> NDArray[np.bool_]:
    """Which sources `(I - A)^-1` can connect: element (i, j) for an effect of j on i."""
    s = len(source)
    step = np.eye(s, dtype=bool)
    for e in structure.directed:
        if e.row in source:
            step[source[e.row], source[e.column]] = True
    reach = step
    for _ in range(max(s, 1).bit_length()):
        reach = reach @ reach
    return reach


def _terms(found: list[tuple[int, int, int, float]]) -> Terms:
    pair, inner, form, weight = zip(*found, strict=True)
    return np.array(pair), np.array(inner), np.array(form), np.array(weight)


# The same few structures are estimated many times.
@lru_cache(maxsize=16)
def derivatives_of(structure: Structure) -> Derivatives:
    """Derivatives of the discrepancy by a structure's estimated parameters, compiled once."""
    return Derivatives(structure)
