"""Standard errors, standardised solutions, defined parameters and improper solutions.

Everything takes estimates of many matrices at once, as `retrace.sem.estimator` returns them.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from retrace.sem.derivatives import derivatives_of
from retrace.sem.discrepancy import log_determinants
from retrace.sem.expressions import Dual
from retrace.sem.specification import Parameter
from retrace.sem.structure import Structure, label_duals
from retrace.sem.units import scaled, standard_deviations, typical_information

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]

# Smallest eigenvalue, of an information matrix scaled to a diagonal of ones, that counts as not
# zero: the reciprocal of a variance inflation of 10^9.
SINGULAR = 1e-9
# How far a variance may be below 0, as a share of the variable's variance in the sample, or a
# correlation beyond 1, by rounding alone.
ROUNDING = 1e-8


def information(structure: Structure, x: Array, sample: Array) -> Array:
    """Expected information of one observation (b, q, q) at estimated parameters (b, q).

    NaN where the parameters are.
    """
    if len(x) == 1:
        one = (np.ascontiguousarray(each, float).tobytes() for each in (x, sample))
        return _information_of_one(structure, *one)
    return _information(structure, x, sample)


# A fit of one matrix asks for it again and again.
@lru_cache(maxsize=16)
def _information_of_one(structure: Structure, x: bytes, sample: bytes) -> Array:
    p = structure.p
    found = _information(
        structure, np.frombuffer(x).reshape(1, -1), np.frombuffer(sample).reshape(1, p, p)
    )
    found.flags.writeable = False
    return found


def _information(structure: Structure, x: Array, sample: Array) -> Array:
    info = np.full((len(x), structure.q, structure.q), np.nan)
    known = np.isfinite(x).all(axis=1)
    if known.any():
        moments = structure.moments(x[known], sample[known])
        w = np.linalg.inv(moments.sigma)
        info[known] = derivatives_of(structure).information(moments, w)
    return info


def singular_directions(structure: Structure, info: Array, sample: Array) -> tuple[Flags, Array]:
    """Which information matrices (b, q, q) are singular, and each parameter's part (b, q) in that.

    The part is the length of the parameter's projection on what cannot be told apart, from 0 to 1,
    with parameters in units of their own standard errors.
    """
    relative, _ = scaled(info, typical_information(structure, sample))
    usable: Flags = np.all(np.isfinite(relative), axis=(1, 2))
    relative = np.where(usable[:, None, None], relative, np.eye(info.shape[-1]))
    # Mostly there are none, which a factorisation tells at a small part of the cost.
    if log_determinants(relative - SINGULAR * np.eye(info.shape[-1]))[1].all():
        return ~usable, np.zeros(info.shape[:2])
    values, vectors = np.linalg.eigh(relative)
    lost = (values < SINGULAR)[:, None, :]
    return ~usable | (values[:, 0] < SINGULAR), np.sqrt((vectors**2 * lost).sum(axis=2))


def is_singular(structure: Structure, x: Array, sample: Array) -> Flags:
    """Which solutions (b,) have singular information: `singular_directions` without directions."""
    relative, _ = scaled(information(structure, x, sample), typical_information(structure, sample))
    np.einsum("ijj->ij", relative)[:] -= SINGULAR
    return ~log_determinants(relative)[1]


def parameter_covariance(structure: Structure, x: Array, sample: Array, n: int) -> Array:
    """Covariance matrices of the free parameters (b, f, f), from the expected information.

    NaN where the information is singular.
    """
    info = information(structure, x, sample)
    singular, _ = singular_directions(structure, info, sample)
    inverse = np.linalg.inv(np.where(singular[:, None, None], np.eye(info.shape[-1]), info)) / n
    inverse[singular] = np.nan
    return structure.basis @ inverse @ structure.basis.T


def standardise(structure: Structure, x: Array, sample: Array) -> Array:
    """Completely standardised values of every parameter (b, rows), as lavaan's `std.all`.

    Effects are scaled by the implied standard deviations of both variables, variances by the
    implied variance; covariances by the (residual) standard deviations that they belong to.
    """
    rows = structure.row_values(x, sample)
    a, s = structure.matrices(x, sample)
    total = structure.total_effects(a)
    variance = np.einsum("ijk,ikl,ijl->ij", total, s, total)
    sd = np.sqrt(np.abs(variance))
    residual_sd = np.sqrt(np.abs(np.einsum("ijj->ij", s)))
    with np.errstate(divide="ignore", invalid="ignore"):
        for e in structure.directed:
            rows[:, e.table_row] *= sd[:, e.column] / sd[:, e.row]
        for e in structure.covaried:
            if e.parameter.is_variance:
                rows[:, e.table_row] /= variance[:, e.row]
            else:
                rows[:, e.table_row] /= residual_sd[:, e.row] * residual_sd[:, e.column]
    return rows


def r_squared(structure: Structure, x: Array, sample: Array) -> dict[str, Array]:
    """Explained share of every explained variable's variance (b,)."""
    a, s = structure.matrices(x, sample)
    total = structure.total_effects(a)
    variance = np.einsum("ijk,ikl,ijl->ij", total, s, total)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = 1.0 - np.einsum("ijj->ij", s) / variance
    return {name: share[:, structure.position[name]] for name in structure.specification.outcomes}


def defined_parameters(structure: Structure, values: Array) -> dict[str, Dual]:
    """Value (...,) and gradient (..., f) of every `:=`, at free parameters (..., f)."""
    duals = label_duals(structure, values)
    defined: dict[str, Dual] = {}
    for definition in structure.specification.definitions:
        if not definition.expression.labels():
            raise definition.where.error(f"`{definition.name}` uses no label")
        defined[definition.name] = duals[definition.name] = definition.expression.evaluate(duals)
    return defined


def defined_from_rows(structure: Structure, rows: Array) -> dict[str, Array]:
    """Every `:=` (b,) computed from values of all parameters (b, rows), such as standardised ones.

    A label that several parameters share takes its first one's value.
    """
    duals: dict[str, Dual] = {}
    for k, parameter in enumerate(structure.specification.parameters):
        if parameter.label and parameter.label not in duals:
            duals[parameter.label] = (rows[:, k], np.zeros((len(rows), 1)))
    found: dict[str, Array] = {}
    for definition in structure.specification.definitions:
        dual = duals[definition.name] = definition.expression.evaluate(duals)
        found[definition.name] = dual[0]
    return found


def negative_variances(structure: Structure, x: Array, sample: Array) -> list[tuple[str, Flags]]:
    """For every (residual) variance, in which solutions it is negative."""
    places = [e for e in structure.covaried if e.parameter.is_variance]
    rows = structure.row_values(x, sample)[:, [e.table_row for e in places]]
    sd = standard_deviations(structure, sample)[:, [e.row for e in places]]
    negative = rows < -ROUNDING * sd**2
    return [(e.parameter.name, flags) for e, flags in zip(places, negative.T, strict=True)]


def impossible_correlations(
    structure: Structure, x: Array, sample: Array
) -> list[tuple[str, Flags]]:
    """For every covariance in the model and every pair of factors, where it implies |r| > 1."""
    a, s = structure.matrices(x, sample)
    places = [e for e in structure.covaried if not e.parameter.is_variance]
    names = [e.parameter.name for e in places]
    found = list(zip(names, _beyond(s, [(e.row, e.column) for e in places]).T, strict=True))
    named = set(names)
    others = [
        (one, other)
        for one, other in combinations(structure.specification.latent, 2)
        if not {f"{one}~~{other}", f"{other}~~{one}"} & named
    ]
    if others:
        total = structure.total_effects(a)
        implied = total @ s @ total.transpose(0, 2, 1)
        pairs = [(structure.position[one], structure.position[other]) for one, other in others]
        flags = _beyond(implied, pairs).T
        found += [(f"{one}~~{other}", f) for (one, other), f in zip(others, flags, strict=True)]
    return found


def _beyond(matrices: Array, pairs: list[tuple[int, int]]) -> Flags:
    """Where covariances of pairs in matrices (b, v, v) are beyond a correlation of 1 (b, pairs)."""
    if not pairs:
        return np.zeros((len(matrices), 0), bool)
    i, j = (list(places) for places in zip(*pairs, strict=True))
    first, second = matrices[:, i, i], matrices[:, j, j]
    limit = np.sqrt(np.maximum(first * second, 0.0)) * (1 + ROUNDING)
    return (first > 0) & (second > 0) & (np.abs(matrices[:, i, j]) > limit)


def is_improper(structure: Structure, x: Array, sample: Array) -> Flags:
    """Which solutions (b,) have a negative variance or a correlation beyond 1."""
    flags = np.zeros(len(x), bool)
    for _, found in (
        *negative_variances(structure, x, sample),
        *impossible_correlations(structure, x, sample),
    ):
        flags |= found
    return flags


def parameter_names(structure: Structure) -> list[str]:
    """A name for each free parameter: that of its first place."""
    parameters: tuple[Parameter, ...] = structure.specification.parameters
    return [parameters[rows[0]].name for rows in structure.free]
