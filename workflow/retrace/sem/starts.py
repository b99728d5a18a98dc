"""Starting values from the sample matrices.

Loadings start at Hägglund's (1982) second FABIN estimator, which needs ratios of sample covariances
only; factor variances at half what fixed loadings allow (`retrace.sem.units`), residual variances
at half their variable's, effects at 0. What a model gives by `start()` stands.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retrace.sem.specification import FIXED, FREE
from retrace.sem.structure import Structure
from retrace.sem.units import standard_deviations

Array = NDArray[np.float64]
# Share of an indicator's variance that is taken to be the factor's, to begin with.
COMMON_SHARE = 0.5
# Standardised loadings that differ from the marker's by more than this come from noisy ratios.
LARGEST_RATIO = 5.0


def starting_values(structure: Structure, sample: Array, share: float = COMMON_SHARE) -> Array:
    """Starting values (b, q) of the estimated parameters for sample matrices (b, p, p).

    `share` is the part of a variable's variance that its causes are taken to explain.
    """
    specification = structure.specification
    position = structure.position
    variance = np.diagonal(sample, axis1=1, axis2=2)
    loadings = _loadings(structure, sample)
    size = standard_deviations(structure, sample) ** 2
    explained = set(specification.outcomes)
    values = np.zeros((len(sample), len(structure.free)))
    for f, rows in enumerate(structure.free):
        # Where a label makes others equal to a variance, they start where that can be one.
        row = next((k for k in rows if specification.parameters[k].is_variance), rows[0])
        parameter = specification.parameters[row]
        given = [specification.parameters[k].start for k in rows]
        start = next((value for value in given if value is not None), None)
        if start is not None:
            values[:, f] = start
        elif parameter.op == "=~":
            values[:, f] = loadings.get(row, 1.0)
            if _unit_variance(structure, parameter.lhs):
                # Relative to a marker of variance 1: bring it to the factor's unit.
                marker = _marker(structure, parameter.lhs)
                values[:, f] *= np.sqrt(share * variance[:, marker])
        elif parameter.is_variance:
            name = parameter.lhs
            values[:, f] = size[:, position[name]]
            if name in structure.specification.latent:
                values[:, f] *= share * (share if name in explained else 1.0)
            elif name in explained:
                values[:, f] *= 1.0 - share
        elif parameter.op == "~~" and not {parameter.lhs, parameter.rhs} & {
            *specification.latent,
            *specification.outcomes,
        }:
            # Exogenous observed variables covary as they do in the sample.
            values[:, f] = sample[:, position[parameter.lhs], position[parameter.rhs]]
    return (values - structure.origin) @ structure.basis


def _unit_variance(structure: Structure, factor: str) -> bool:
    return any(
        p.is_variance and p.lhs == factor and p.state == FIXED
        for p in structure.specification.parameters
    )


def _indicators(structure: Structure, factor: str) -> list[tuple[int, str]]:
    """Rows and names of a factor's indicators."""
    return [
        (k, p.rhs)
        for k, p in enumerate(structure.specification.parameters)
        if p.op == "=~" and p.lhs == factor
    ]


def _marker(structure: Structure, factor: str) -> int:
    """The observed variable that a factor's scale comes from, through lower factors if need be."""
    seen: set[str] = set()
    name = factor
    while name in structure.specification.latent and name not in seen:
        seen.add(name)
        name = _indicators(structure, name)[0][1]
    return structure.position[name] if structure.position[name] < structure.p else 0


def _loadings(structure: Structure, sample: Array) -> dict[int, Array]:
    """FABIN2 loadings relative to the first indicator, by row of the specification."""
    found: dict[int, Array] = {}
    for factor in structure.specification.latent:
        rows = _indicators(structure, factor)
        places = [(k, structure.position[name]) for k, name in rows]
        observed = [(k, i) for k, i in places if i < structure.p]
        if len(observed) < len(places) or len(observed) < 3:
            continue
        _, marker = observed[0]
        for k, i in observed:
            others = [j for _, j in observed if j not in (marker, i)]
            if structure.specification.parameters[k].state != FREE or i == marker:
                continue
            with_marker = sample[:, others, marker]
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio = (sample[:, others, i] * with_marker).sum(1) / (with_marker**2).sum(1)
            scale = np.sqrt(sample[:, i, i] / sample[:, marker, marker])
            with np.errstate(invalid="ignore"):
                size = np.abs(ratio) / scale
            usable = (size > 1 / LARGEST_RATIO) & (size < LARGEST_RATIO)
            found[k] = np.where(usable, ratio, scale)
    return found
