"""Modification indices: what freeing a fixed or absent parameter would do to the fit.

The score test (Sörbom 1989) with the expected information: for a parameter with gradient `g` of F
whose information given the free parameters is `V`, the index is `n g^2 / (4 V)`, chi-square with
one degree of freedom, and the expected change `-g / (2 V)`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from retrace.sem.derivatives import Derivatives
from retrace.sem.specification import FIXED, FREE, Parameter, Specification
from retrace.sem.structure import Structure

Array = NDArray[np.floating]
# A parameter whose information is this small beside its own is not identified when freed.
UNIDENTIFIED = 1e-8


@dataclass(frozen=True)
class ModificationIndex:
    """A parameter that is not free, its index and the expected parameter change."""

    lhs: str
    op: str
    rhs: str
    index: float
    expected_change: float


def candidates(specification: Specification) -> list[Parameter]:
    """Absent parameters: those that lavaan considers, and more of the same kinds.

    Cross-loadings of observed variables that are indicators, covariances of everything that has a
    free variance, and effects among the variables that regressions already relate. No effect comes
    twice: that of a factor on an indicator is a loading, also where both stand in regressions.
    """
    indicators = dict.fromkeys(
        p.rhs for p in specification.parameters if p.op == "=~" and p.rhs in specification.observed
    )
    regressed = list(
        dict.fromkeys(
            name for p in specification.parameters if p.op == "~" for name in (p.lhs, p.rhs)
        )
    )
    random = [n for n in specification.observed if n not in specification.exogenous]
    wanted = [(f, "=~", i) for f in specification.latent for i in indicators]
    wanted += [(a, "~~", b) for a, b in combinations(random, 2)]
    wanted += [(a, "~~", b) for a, b in combinations(specification.latent, 2)]
    wanted += [
        (a, "~", b)
        for a in regressed
        for b in regressed
        if a != b and a not in specification.exogenous
    ]
    taken = {p.place for p in specification.parameters}
    found = []
    for relation in wanted:
        parameter = Parameter(*relation, state=FIXED, written=False)
        if parameter.place not in taken:
            taken.add(parameter.place)
            found.append(parameter)
    return found


def modification_indices(
    structure: Structure, x: Array, sample: Array, n: int
) -> list[ModificationIndex]:
    """Indices at estimates `x` (q,) for one sample matrix (p, p), largest first.

    None where the implied matrix is singular to the computer's precision.
    """
    specification = structure.specification
    wider = Structure(
        replace(specification, parameters=(*specification.parameters, *candidates(specification)))
    )
    places = (*wider.directed, *wider.covaried)
    free = [e for e in places if e.parameter.state == FREE]
    fixed = [e for e in places if e.parameter.state == FIXED]
    derivatives = Derivatives(wider, [*free, *fixed])
    moments = wider.moments(x[None], sample[None])
    w = _inverse(moments.sigma[0])
    if w is None:
        return []
    e = w @ (sample - moments.sigma[0]) @ w
    gradient = derivatives.gradient(moments, e[None])[0]
    info = derivatives.information(moments, w[None])[0]
    spread = np.zeros((len(free), len(wider.free)))
    for k, place in enumerate(free):
        spread[k, wider.free_of_row[place.table_row]] = 1.0
    spread = spread @ wider.basis
    own = spread.T @ info[: len(free), : len(free)] @ spread
    across = spread.T @ info[: len(free), len(free) :]
    alone = np.diag(info)[len(free) :]
    # Without units: parameters of variables in thousands and in thousandths weigh alike.
    diagonal = np.diag(own)
    scale = np.where(diagonal > 0, diagonal, 1.0) ** -0.5
    own, across = own * np.outer(scale, scale), across * scale[:, None]
    explained = np.einsum("ij,ij->j", across, np.linalg.pinv(own, hermitian=True) @ across)
    remaining = alone - explained
    found = []
    for place, g, v, whole in zip(fixed, gradient[len(free) :], remaining, alone, strict=True):
        if v > UNIDENTIFIED * whole:
            p = place.parameter
            found.append(
                ModificationIndex(
                    p.lhs, p.op, p.rhs, float(n * g**2 / (4 * v)), float(-g / (2 * v))
                )
            )
    return sorted(found, key=lambda m: (-m.index, m.lhs, m.op, m.rhs))


def _inverse(sigma: Array) -> Array | None:
    """The inverse of a covariance matrix (p, p), by that of its correlations; None if singular."""
    variances = np.diag(sigma)
    if not variances.min() > 0:
        return None
    scale = np.sqrt(np.outer(variances, variances))
    roots = np.linalg.eigvalsh(sigma / scale)
    if roots[0] <= len(roots) * np.finfo(float).eps * roots[-1]:
        return None
    return np.linalg.inv(sigma / scale) / scale
