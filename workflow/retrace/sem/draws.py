"""The same model on many matrices: bootstrap draws, Monte Carlo samples, grids.

draws = fit_draws(structure, sample_covariances(R, n, 5000, rng))
draws.values[:, row], draws.defined["indirect"], draws.counts
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from retrace.sem import inference
from retrace.sem.estimator import Estimates, default_batch_size, estimate
from retrace.sem.structure import Structure

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]
Index = NDArray[np.intp]


@dataclass(frozen=True)
class Counts:
    """What became of the draws; nothing is dropped without being counted.

    `unusable`: the matrix is not positive definite; `retried`: the first start did not converge;
    `failed`: no start did; `improper`: converged, with a negative variance or a correlation
    beyond 1; `singular`: converged where the information does not tell the parameters apart.
    """

    draws: int
    unusable: int
    retried: int
    failed: int
    improper: int
    singular: int


@dataclass(frozen=True)
class Draws:
    """One model's solutions for `b` matrices.

    Attributes
    ----------
    structure : Structure
    sample : array (b, p, p)
    estimates : Estimates
    """

    structure: Structure
    sample: Array
    estimates: Estimates

    @property
    def converged(self) -> Flags:
        """Which draws converged (b,)."""
        return self.estimates.converged

    @cached_property
    def values(self) -> Array:
        """Every parameter of the specification (b, rows); NaN where a draw did not converge."""
        rows = self.structure.row_values(self.estimates.x, self.sample)
        rows[~self.converged] = np.nan
        return rows

    def _batches(self) -> Iterator[tuple[Index, Array, Array]]:
        """Converged draws a batch at a time, to bound memory: rows, estimates, samples."""
        good = np.flatnonzero(self.converged)
        size = default_batch_size(self.structure)
        for begin in range(0, len(good), size):
            rows = good[begin : begin + size]
            yield rows, self.estimates.x[rows], self.sample[rows]

    @cached_property
    def standardised(self) -> Array:
        """Completely standardised parameters (b, rows); NaN where a draw did not converge."""
        found = np.full_like(self.values, np.nan)
        for rows, x, sample in self._batches():
            found[rows] = inference.standardise(self.structure, x, sample)
        return found

    @cached_property
    def defined(self) -> dict[str, Array]:
        """Every `:=` (b,); NaN where a draw did not converge."""
        return inference.defined_from_rows(self.structure, self.values)

    @cached_property
    def improper(self) -> Flags:
        """Which converged draws are improper (b,)."""
        flags = np.zeros(len(self.sample), bool)
        for rows, x, sample in self._batches():
            flags[rows] = inference.is_improper(self.structure, x, sample)
        return flags

    @cached_property
    def singular(self) -> Flags:
        """Which converged draws have singular information (b,)."""
        flags = np.zeros(len(self.sample), bool)
        for rows, x, sample in self._batches():
            flags[rows] = inference.is_singular(self.structure, x, sample)
        return flags

    @cached_property
    def counts(self) -> Counts:
        """What became of the draws."""
        usable = self.estimates.usable
        return Counts(
            draws=len(self.sample),
            unusable=int(np.sum(~usable)),
            retried=self.estimates.n_retried,
            failed=int(np.sum(usable & ~self.converged)),
            improper=int(np.sum(self.improper)),
            singular=int(np.sum(self.singular)),
        )

    def standard_errors(self, n: int) -> Array:
        """Standard errors of every parameter (b, rows) from each draw's expected information.

        NaN for what is not free, not identified or not converged.
        """
        errors = np.full(self.values.shape, np.nan)
        for rows, x, sample in self._batches():
            covariance = inference.parameter_covariance(self.structure, x, sample, n)
            free = np.sqrt(np.einsum("ijj->ij", covariance))
            for row, f in self.structure.free_of_row.items():
                errors[rows, row] = free[:, f]
        return errors


def fit_draws(structure: Structure, matrices: ArrayLike, *, batch_size: int | None = None) -> Draws:
    """Fit a model to a stack of matrices.

    All start from the solution for their average, which is near every one of them when they are
    draws from one population; a matrix that does not converge from there is retried from its own
    starting values.

    Parameters
    ----------
    structure : Structure
    matrices : array (b, p, p)
        In the order of the structure's variables (see `retrace.sem.select`), already rescaled if
        that is wanted.
    batch_size : int, optional
        Matrices worked on together; bounds the memory.
    """
    sample = np.ascontiguousarray(matrices, float)
    if sample.ndim != 3 or sample.shape[1:] != (structure.p, structure.p):
        raise ValueError(
            f"{structure.p} variables need a stack of {structure.p} x {structure.p} matrices, "
            f"not an array of shape {sample.shape}"
        )
    start = None
    if len(sample) > 1:
        average = estimate(structure, sample.mean(axis=0)[None])
        if average.converged[0]:
            start = average.x[0]
    return Draws(structure, sample, estimate(structure, sample, start=start, batch_size=batch_size))
