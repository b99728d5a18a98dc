"""The sample's units: how large a parameter is, and how much information on it is none.

What counts as zero depends on the units of the variables: a variance of 1e-8 is nothing to a score
of 1 to 5, and everything to a share of a market. Limits are therefore relative to what parameters
would be if every variable explained as much as it varies.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrace.sem.discrepancy import log_determinants
from retrace.sem.specification import FIXED, FREE
from retrace.sem.structure import Structure

Array = NDArray[np.floating]
# Information below this share of a parameter's typical information is not scaled up: a parameter on
# which the data say nothing has a diagonal of rounding errors only, which must not become a 1.
LEAST_INFORMATION = 1e-4
# Smallest eigenvalue of an absolute Hessian, in the units that make its diagonal 1.
FLATTEST = 1e-10


def standard_deviations(structure: Structure, sample: Array) -> Array:
    """Standard deviations (b, v) of the variables in sample matrices (b, p, p).

    A factor has that of its fixed variance; otherwise the largest with which none of its fixed
    loadings makes it explain more than an indicator varies; otherwise its first indicator's.
    """
    if len(sample) == 1:
        return _deviations_of_one(structure, np.ascontiguousarray(sample, float).tobytes())
    return _deviations(structure, sample)


# A fit of one matrix asks for them again and again.
@lru_cache(maxsize=16)
def _deviations_of_one(structure: Structure, content: bytes) -> Array:
    return _deviations(structure, np.frombuffer(content).reshape(1, structure.p, structure.p))


def _deviations(structure: Structure, sample: Array) -> Array:
    observed = np.sqrt(np.einsum("ijj->ij", sample))
    found = dict(zip(structure.specification.observed, observed.T, strict=True))
    for factor in structure.specification.latent:
        _factor_deviation(structure, factor, found, set())
    return np.stack([found[name] for name in structure.variables], axis=1)


def _factor_deviation(
    structure: Structure, factor: str, found: dict[str, Array], above: set[str]
) -> Array | None:
    """Add a factor's standard deviation (b,) to those found; none below itself."""
    if factor in found or factor in above:
        return found.get(factor)
    variance = structure.fixed_variances.get(factor, 0.0)
    if variance > 0:
        found[factor] = np.full_like(next(iter(found.values())), np.sqrt(variance))
        return found[factor]
    first, limits = None, []
    for k, _ in structure.indicators[factor]:
        p = structure.specification.parameters[k]
        below = _factor_deviation(structure, p.rhs, found, above | {factor})
        if below is None:
            continue
        first = below if first is None else first
        if p.state == FIXED and p.value != 0:
            limits.append(below / abs(p.value))
    if first is None:
        first = np.ones_like(next(iter(found.values())))
    found[factor] = np.min(limits, axis=0) if limits else first
    return found[factor]


def typical_information(structure: Structure, sample: Array) -> Array:
    """Information (b, q) that one observation has on each estimated parameter, by its units alone.

    The inverse square of a parameter's size: for an effect, the ratio of the standard deviations of
    what is affected and what affects it; for a covariance, their product.
    """
    if len(sample) == 1:
        return _typical_of_one(structure, np.ascontiguousarray(sample, float).tobytes())
    return _typical(structure, sample)


@lru_cache(maxsize=16)
def _typical_of_one(structure: Structure, content: bytes) -> Array:
    return _typical(structure, np.frombuffer(content).reshape(1, structure.p, structure.p))


def _typical(structure: Structure, sample: Array) -> Array:
    sd = standard_deviations(structure, sample)
    typical = np.zeros((len(sample), len(structure.free)))
    for places, power in ((structure.directed, -1.0), (structure.covaried, 1.0)):
        free = [e for e in places if e.parameter.state == FREE]
        if free:
            rows, columns = [e.row for e in free], [e.column for e in free]
            sizes = (sd[:, rows] * sd[:, columns] ** power) ** -2.0
            # A parameter may stand in several places, where a label makes them equal.
            places_of: Any = [structure.free_of_row[e.table_row] for e in free]
            np.add.at(typical.T, places_of, sizes.T)
    return typical @ structure.basis**2 if structure.is_constrained else typical


def scaled(information: Array, typical: Array) -> tuple[Array, Array]:
    """Information or Hessian matrices (b, q, q) with diagonals of 1, and the scales (b, q) of that.

    The diagonal is less than 1 where the data say next to nothing about a parameter.
    """
    diagonal = np.abs(np.einsum("ijj->ij", information))
    scale = np.sqrt(np.maximum(diagonal, LEAST_INFORMATION * typical))
    return information / (scale[:, :, None] * scale[:, None, :]), scale


def absolute(hessian: Array, typical: Array) -> Array:
    """Hessians (b, q, q) with the absolute values of their eigenvalues, in the units of `scaled`.

    Steps by these lead down also where the discrepancy curves down (Dauphin et al. 2014). A Hessian
    without a direction that is flatter than `FLATTEST` is its own, which a factorisation tells at a
    small part of what its eigenvalues take.
    """
    relative, scale = scaled(hessian, typical)
    _, steep = log_determinants(relative - FLATTEST * np.eye(relative.shape[-1]))
    if steep.all():
        return hessian
    curved = ~steep
    values, vectors = np.linalg.eigh(relative[curved])
    values = np.maximum(np.abs(values), FLATTEST)
    found = hessian.copy()
    found[curved] = (vectors * values[:, None, :]) @ vectors.transpose(0, 2, 1)
    found[curved] *= scale[curved][:, :, None] * scale[curved][:, None, :]
    return found
