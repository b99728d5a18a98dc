"""Whole-number moments of data on a lattice: sums, sums of squares and cross products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrace.synthetic.target import LikertTarget


@dataclass
class Aim:
    """Whole-number moments of k columns, for one data set or a batch of them.

    Attributes
    ----------
    sums, squares : numpy.ndarray of int64, shape (..., k)
    products : numpy.ndarray of int64, shape (..., k, k)
        Cross products.
    """

    sums: np.ndarray
    squares: np.ndarray
    products: np.ndarray

    @classmethod
    def empty(cls, k: int) -> Aim:
        """A batch of one with nothing chosen yet."""
        sums, squares = (np.zeros((1, k), dtype=np.int64) for _ in range(2))
        return cls(sums, squares, np.zeros((1, k, k), dtype=np.int64))

    @classmethod
    def together(cls, batches: Sequence[Aim]) -> Aim:
        """Several batches as one."""
        return cls(
            *(np.concatenate(arrays) for arrays in zip(*(b.arrays for b in batches), strict=True))
        )

    @property
    def arrays(self) -> tuple[np.ndarray, ...]:
        return self.sums, self.squares, self.products

    def __getitem__(self, which: np.ndarray | slice | int | None) -> Aim:
        return Aim(*(array[which].copy() for array in self.arrays))

    def moments(
        self, target: LikertTarget, columns: np.ndarray | slice = slice(None)
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Sample means and SDs in scale units, and correlations, of a batch.

        Returns
        -------
        mean, sd : numpy.ndarray, shape (batch, c)
        R : numpy.ndarray, shape (batch, c, c)
        """
        columns = np.arange(target.k)[columns]
        n, m = target.n, np.array(target.steps)[columns]
        # As floating-point numbers: products of sums may be beyond 64 bits.
        sums = self.sums[:, columns].astype(float)
        S = self.products[:, columns[:, None], columns] - sums[:, :, None] * sums[:, None] / n
        root = np.sqrt(np.diagonal(S, axis1=1, axis2=2))
        R = S / (root[:, :, None] * root[:, None])
        R[:, range(len(columns)), range(len(columns))] = 1.0
        return sums / (n * m), root / np.sqrt(n - 1) / m, R


def correlation_steps(target: LikertTarget) -> np.ndarray:
    """By how much each correlation moves when one cross product changes by one.

    Returns
    -------
    numpy.ndarray, shape (k, k)
        At the printed or assumed SDs. A step above a printed unit means that not every marginal
        distribution allows the printed correlation.
    """
    return lattice_steps(target, target.sd)


def lattice_steps(target: LikertTarget, sd: np.ndarray) -> np.ndarray:
    """The same at sample SDs in scale units, shape (k,): 1 / ((n - 1) m_i sd_i m_j sd_j).

    Infinite where an SD is zero: no correlation is there to move.
    """
    m = np.asarray(target.steps) * sd
    with np.errstate(divide="ignore"):
        return 1 / ((target.n - 1) * np.outer(m, m))
