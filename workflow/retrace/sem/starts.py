"""Starting values from the sample matrices.

Loadings start at Hägglund's (1982) second FABIN estimator, which needs ratios of sample covariances
only; factor variances at half what fixed loadings allow (`retrace.sem.units`), residual variances
at half their variable's, effects at 0. A model without factors starts at least squares of each of
its equations, which is its minimum where it is recursive and no errors covary. What a model gives
by `start()` stands.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from retrace.sem.specification import FREE, Parameter
from retrace.sem.structure import Structure
from retrace.sem.units import standard_deviations

Array = NDArray[np.floating]
# Share of an indicator's variance that is taken to be the factor's, to begin with.
COMMON_SHARE = 0.5
# Standardised loadings that differ from the marker's by more than this come from noisy ratios.
LARGEST_RATIO = 5.0


class Starts:
    """Starting values for sample matrices (b, p, p), at any share of explained variance.

    `known` has those of some rows of the specification.
    """

    def __init__(
        self, structure: Structure, sample: Array, known: Mapping[int, Array] | None = None
    ):
        self.structure, self.sample, self._known = structure, sample, known or {}
        self._loadings = _loadings(structure, sample)
        self._size = standard_deviations(structure, sample) ** 2

    def at(self, share: float = COMMON_SHARE) -> Array:
        """Starting values (b, q) of the estimated parameters.

        `share` is the part of a variable's variance that its causes are taken to explain.
        """
        structure = self.structure
        values = np.zeros((len(self.sample), len(structure.free)))
        for f, rows in enumerate(structure.free):
            own = [structure.specification.parameters[k] for k in rows]
            start = next((p.start for p in own if p.start is not None), None)
            if start is not None:
                values[:, f] = start
                continue
            # Where a label makes others equal to a variance, they start where that can be one.
            row, parameter = next(
                ((k, p) for k, p in zip(rows, own, strict=True) if p.is_variance),
                (rows[0], own[0]),
            )
            values[:, f] = self._of(row, parameter, share)
        if not structure.is_constrained:
            return values
        return (values - structure.origin) @ structure.basis

    def _of(self, row: int, parameter: Parameter, share: float) -> Array | float:
        structure, specification = self.structure, self.structure.specification
        if row in self._known:
            return self._known[row]
        if parameter.op == "=~":
            value = self._loadings.get(row, 1.0)
            if parameter.lhs in structure.fixed_variances:
                # Relative to a marker of variance 1: bring it to the factor's unit.
                marker = _marker(structure, parameter.lhs)
                value = value * np.sqrt(share * self.sample[:, marker, marker])
            return value
        if parameter.is_variance:
            name = parameter.lhs
            value = self._size[:, structure.position[name]]
            is_explained = name in specification.outcomes
            if name in specification.latent:
                return value * (share * (share if is_explained else 1.0))
            return value * (1.0 - share) if is_explained else value
        within = (*specification.latent, *specification.outcomes)
        if parameter.op == "~~" and parameter.lhs not in within and parameter.rhs not in within:
            # Exogenous observed variables covary as they do in the sample.
            return self.sample[
                :, structure.position[parameter.lhs], structure.position[parameter.rhs]
            ]
        return 0.0


def starting_values(structure: Structure, sample: Array, share: float = COMMON_SHARE) -> Array:
    """Starting values (b, q) of the estimated parameters for sample matrices (b, p, p)."""
    return Starts(structure, sample).at(share)


def regression_starts(structure: Structure, sample: Array) -> Array:
    """Starting values (b, q) of a model without factors for sample matrices (b, p, p)."""
    effects = np.zeros_like(sample)
    for y in {e.row for e in structure.directed}:
        x = [e.column for e in structure.directed if e.row == y]
        effects[:, y, x] = np.linalg.solve(sample[:, x][:, :, x], sample[:, x, y, None])[..., 0]
    left = np.eye(structure.p) - effects
    errors = left @ sample @ left.transpose(0, 2, 1)
    known = {e.table_row: effects[:, e.row, e.column] for e in structure.directed}
    known |= {e.table_row: errors[:, e.row, e.column] for e in structure.covaried}
    return Starts(structure, sample, known).at()


def _marker(structure: Structure, factor: str) -> int:
    """The observed variable that a factor's scale comes from, through lower factors if need be."""
    seen: set[str] = set()
    name = factor
    while name in structure.specification.latent and name not in seen:
        seen.add(name)
        name = structure.indicators[name][0][1]
    return structure.position[name] if structure.position[name] < structure.p else 0


def _loadings(structure: Structure, sample: Array) -> dict[int, Array]:
    """FABIN2 loadings relative to the first indicator, by row of the specification."""
    found: dict[int, Array] = {}
    for factor in structure.specification.latent:
        places = [(k, structure.position[name]) for k, name in structure.indicators[factor]]
        observed = [(k, i) for k, i in places if i < structure.p]
        if len(observed) < len(places) or len(observed) < 3:
            continue
        _, marker = observed[0]
        for k, i in observed:
            if structure.specification.parameters[k].state == FREE and i != marker:
                others = [j for _, j in observed if j not in (marker, i)]
                found[k] = _fabin(sample, i, marker, others)
    return found


def _fabin(sample: Array, i: int, marker: int, others: list[int]) -> Array:
    """An indicator's loading (b,) relative to the marker's, from those of the other indicators."""
    with_marker = sample[:, others, marker]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (sample[:, others, i] * with_marker).sum(1) / (with_marker**2).sum(1)
        scale = np.sqrt(sample[:, i, i] / sample[:, marker, marker])
        size = np.abs(ratio) / scale
    usable = (size > 1 / LARGEST_RATIO) & (size < LARGEST_RATIO)
    return np.where(usable, ratio, scale)
