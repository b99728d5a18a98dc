"""A model's covariance structure in the reticular action formulation, for many matrices at once.

With directed effects `A` and (residual) covariances `S` of all variables, observed first, and the
selection `F` of the observed ones, the implied covariance matrix is

    Sigma = U S U',   U = F (I - A)^-1          (McArdle and McDonald 1984, eq. 4)

Arrays carry one row a matrix: `b` matrices of `p` observed variables, `v` variables in all, `s` of
which are sources (something depends on them), `f` free parameters, of which `q` are estimated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrace.sem.expressions import Dual, Expression
from retrace.sem.specification import FIXED, FREE, SAMPLE, Parameter, Specification
from retrace.sem.syntax import Constraint

Array = NDArray[np.floating]
Index = NDArray[np.intp]


@dataclass(frozen=True)
class Place:
    """Where in A or S a parameter stands: an effect of `column` on `row`, or their covariance."""

    parameter: Parameter
    table_row: int
    row: int
    column: int


@dataclass(frozen=True)
class Filling:
    """How places of a matrix are filled: with fixed, estimated and sample values.

    A flat array of `template` gets the free parameters `free` at `free_places`, and entries
    `sample` of the sample's flat matrix at `sample_places`.
    """

    template: Array
    free: Index
    free_places: Index
    sample: Index
    sample_places: Index

    def filled(self, values: Array, sample: Array) -> Array:
        """The template (b, size) with free parameters (b, f) and sample matrices (b, p, p)."""
        matrix = np.empty((len(values), len(self.template)))
        matrix[:] = self.template
        if len(self.free):
            matrix[:, self.free_places] = values[:, self.free]
        if len(self.sample):
            matrix[:, self.sample_places] = sample.reshape(len(sample), -1)[:, self.sample]
        return matrix


@dataclass(frozen=True)
class Moments:
    """What a model implies at given parameters.

    Attributes
    ----------
    sigma : array (b, p, p)
        Implied covariance matrices.
    u : array (b, p, v)
        Total effects of every variable (its disturbance) on the observed ones.
    v : array (b, p, s)
        Covariances of the observed variables with the sources.
    totals : array (b, s, s)
        `(I - A)^-1` among the sources.
    sources : array (b, s, s)
        Covariance matrices of the sources.
    """

    sigma: Array
    u: Array
    v: Array
    totals: Array
    sources: Array

    def select(self, rows: Index) -> Moments:
        """The moments of some of the matrices."""
        return Moments(
            self.sigma[rows], self.u[rows], self.v[rows], self.totals[rows], self.sources[rows]
        )


class Structure:
    """A specification compiled to places in matrices.

    Attributes
    ----------
    specification : Specification
    variables : list of str
        Observed variables, then latent ones; `position` maps their names to indices.
    p : int
        Number of observed variables.
    free : list of tuple of int
        For each distinct free parameter, the rows of the specification that it stands for (more
        than one where a label makes parameters equal); `free_of_row` is the reverse.
    basis, origin : array (f, q), (f,)
        Free parameters as a function of the estimated ones, `basis @ x + origin`. The identity
        unless the model has `==`.
    directed, covaried : list of Place
        The parameters in `A` and in `S`.
    sources : array of int (s,)
        Indices of the variables that something depends on.
    feedback : bool
        Whether a source depends on a source.
    """

    def __init__(self, specification: Specification):
        self.specification = specification
        self.variables = [*specification.observed, *specification.latent]
        self.p = len(specification.observed)
        self.position = {name: i for i, name in enumerate(self.variables)}
        self.exogenous: Index = np.array(
            [self.position[n] for n in specification.exogenous], np.intp
        )
        self.free, self.free_of_row = _free_parameters(specification.parameters)
        self.basis, self.origin = _equalities(self)
        self.directed = self._places(directed=True)
        self.covaried = self._places(directed=False)
        columns = {e.column for e in self.directed}
        self.sources: Index = np.array(sorted(columns), np.intp)
        self.feedback = any(e.row in columns for e in self.directed)
        # Without `==` the estimated parameters are the free ones.
        self.is_constrained = bool(specification.constraints)
        v = len(self.variables)
        self._identity: Array | None = None
        self._among_sources = (self.sources[:, None] * v + self.sources).ravel()
        self._a = self._filling(v * v, [(e, e.row * v + e.column) for e in self.directed])
        mirrored = [(e, e.column * v + e.row) for e in self.covaried if e.row != e.column]
        self._s = self._filling(
            v * v, [*((e, e.row * v + e.column) for e in self.covaried), *mirrored]
        )
        self._rows = self._filling(
            len(specification.parameters),
            [(e, e.table_row) for e in (*self.directed, *self.covaried)],
        )

    def _places(self, *, directed: bool) -> list[Place]:
        places = []
        for k, p in enumerate(self.specification.parameters):
            if (p.op != "~~") == directed:
                towards, origin = (p.rhs, p.lhs) if p.op == "=~" else (p.lhs, p.rhs)
                places.append(Place(p, k, self.position[towards], self.position[origin]))
        return places

    def _filling(self, size: int, places: list[tuple[Place, int]]) -> Filling:
        template = np.zeros(size)
        free: tuple[list[int], list[int]] = [], []
        sample: tuple[list[int], list[int]] = [], []
        for e, place in places:
            if e.parameter.state == FREE:
                free[0].append(self.free_of_row[e.table_row])
                free[1].append(place)
            elif e.parameter.state == SAMPLE:
                sample[0].append(e.row * self.p + e.column)
                sample[1].append(place)
            else:
                template[place] = e.parameter.value
        return Filling(template, *(np.array(k, np.intp) for k in (*free, *sample)))

    @cached_property
    def indicators(self) -> dict[str, list[tuple[int, str]]]:
        """Rows and names of every factor's indicators."""
        found: dict[str, list[tuple[int, str]]] = {name: [] for name in self.specification.latent}
        for k, p in enumerate(self.specification.parameters):
            if p.op == "=~":
                found[p.lhs].append((k, p.rhs))
        return found

    @cached_property
    def fixed_variances(self) -> dict[str, float]:
        """The variances that are fixed, by variable."""
        return {
            p.lhs: p.value
            for p in self.specification.parameters
            if p.is_variance and p.state == FIXED
        }

    @cached_property
    def is_of_regressions(self) -> bool:
        """Whether each equation is a regression of its own, so that F has one stationary point.

        Without factors, loops, equalities and covariances of errors, F is a sum over outcomes of
        `log psi + RSS(b) / psi`: RSS is convex, and at its least there is one psi without slope.
        """
        free = [e for e in (*self.directed, *self.covaried) if e.parameter.state == FREE]
        between = [e for e in self.covaried if not e.parameter.is_variance]
        return (
            not self.specification.latent
            and self._is_recursive
            and not self.is_constrained
            and len(free) == len(self.free)
            and all(e.parameter.state == SAMPLE for e in between)
        )

    @property
    def _is_recursive(self) -> bool:
        """Whether no variable has an effect on itself: a power of the effects vanishes."""
        paths = effects = np.zeros((len(self.variables),) * 2, dtype=bool)
        for e in self.directed:
            effects[e.row, e.column] = True
        for _ in self.variables:
            paths = paths @ effects
        return not paths.any()

    @property
    def q(self) -> int:
        """How many parameters are estimated, after equalities."""
        return self.basis.shape[1]

    @property
    def n_moments(self) -> int:
        """Variances and covariances that the model has to explain: without those of fixed x."""
        x = len(self.exogenous)
        return self.p * (self.p + 1) // 2 - x * (x + 1) // 2

    @property
    def df(self) -> int:
        """Degrees of freedom."""
        return self.n_moments - self.q

    def free_values(self, x: Array) -> Array:
        """Free parameters (b, f) from estimated ones (b, q)."""
        return x @ self.basis.T + self.origin if self.is_constrained else x

    def row_values(self, x: Array, sample: Array) -> Array:
        """The value of every row of the specification (b, rows)."""
        return self._rows.filled(self.free_values(x), sample)

    def matrices(self, x: Array, sample: Array) -> tuple[Array, Array]:
        """`A` and `S` (b, v, v) at estimated parameters (b, q), given sample matrices (b, p, p)."""
        shape, values = (len(x), len(self.variables), len(self.variables)), self.free_values(x)
        return (
            self._a.filled(values, sample).reshape(shape),
            self._s.filled(values, sample).reshape(shape),
        )

    def total_effects(self, a: Array) -> Array:
        """`(I - A)^-1` (b, v, v): only columns of sources differ from the identity."""
        total = np.broadcast_to(np.eye(len(self.variables)), a.shape).copy()
        if self.feedback:
            total[:, :, self.sources] += a[:, :, self.sources] @ self._source_totals(a)
        elif len(self.sources):
            total[:, :, self.sources] += a[:, :, self.sources]
        return total

    def _source_totals(self, a: Array) -> Array:
        s = len(self.sources)
        identity = self._identities(len(a), s)
        if not self.feedback:
            return identity
        inner = a.reshape(len(a), -1).take(self._among_sources, axis=1).reshape(-1, s, s)
        try:
            return np.linalg.inv(identity - inner)
        except np.linalg.LinAlgError:
            # A feedback loop with a gain of exactly 1: no total effects, for that matrix only.
            totals = np.full(inner.shape, np.nan)
            for k in np.flatnonzero(np.isfinite(inner).all((1, 2))):
                difference = identity[k] - inner[k]
                if np.linalg.matrix_rank(difference) == len(difference):
                    totals[k] = np.linalg.inv(difference)
            return totals

    def moments(self, x: Array, sample: Array) -> Moments:
        """What the model implies at estimated parameters (b, q), given sample matrices (b, p, p).

        NaN where a feedback loop has a gain of exactly 1.
        """
        a, s = self.matrices(x, sample)
        b, p, sources = len(x), self.p, self.sources
        u = np.empty((b, p, len(self.variables)))
        u[:] = self._selection
        effects = a[:, :p].take(sources, axis=2)
        totals = self._source_totals(a)
        u[:, :, sources] += effects @ totals if self.feedback else effects
        us = u @ s
        sigma = us @ u.transpose(0, 2, 1)
        # Rounding must not make the matrix asymmetric.
        sigma = sigma + sigma.transpose(0, 2, 1)
        sigma *= 0.5
        v = us.take(sources, axis=2)
        inner = s.reshape(b, -1).take(self._among_sources, axis=1).reshape(totals.shape)
        if self.feedback:
            across = totals.transpose(0, 2, 1)
            v, inner = v @ across, totals @ inner @ across
        return Moments(sigma, u, v, totals, inner)

    def _identities(self, b: int, s: int) -> Array:
        """Identity matrices (b, s, s), those of the last call where it asked for as many."""
        if self._identity is None or len(self._identity) != b:
            self._identity = np.broadcast_to(np.eye(s), (b, s, s))
        return self._identity

    @cached_property
    def _selection(self) -> Array:
        """`F` (p, v): which variables are observed."""
        return np.eye(self.p, len(self.variables))


def _free_parameters(
    parameters: tuple[Parameter, ...],
) -> tuple[list[tuple[int, ...]], dict[int, int]]:
    """Distinct free parameters: those with a common label are one."""
    groups: dict[str, list[int]] = {}
    for k, parameter in enumerate(parameters):
        if parameter.state == FREE:
            groups.setdefault(parameter.label or f" {k}", []).append(k)
    free = [tuple(rows) for rows in groups.values()]
    return free, {k: f for f, rows in enumerate(free) for k in rows}


def label_duals(structure: Structure, values: Array) -> dict[str, Dual]:
    """Value (...,) and gradient (..., f) of every label, at free parameters (..., f)."""
    duals: dict[str, Dual] = {}
    for k, parameter in enumerate(structure.specification.parameters):
        if not parameter.label or parameter.label in duals:
            continue
        gradient = np.zeros(values.shape)
        if parameter.state == FREE:
            f = structure.free_of_row[k]
            gradient[..., f] = 1.0
            duals[parameter.label] = (values[..., f], gradient)
        else:
            duals[parameter.label] = (np.full(values.shape[:-1], parameter.value), gradient)
    return duals


def _equalities(structure: Structure) -> tuple[Array, Array]:
    """Free parameters that satisfy every `==`: an orthonormal basis and an origin."""
    f = len(structure.free)
    constraints = structure.specification.constraints
    if not constraints:
        return np.eye(f), np.zeros(f)
    linear = [_linear(structure, constraint) for constraint in constraints]
    matrix = np.array([gradient for gradient, _ in linear])
    target = np.array([-constant for _, constant in linear])
    origin = np.zeros(f)
    for k, constraint in enumerate(constraints, start=1):
        origin, *_ = np.linalg.lstsq(matrix[:k], target[:k], rcond=None)
        if not np.allclose(matrix[:k] @ origin, target[:k], atol=1e-10):
            others = "those above" if k > 1 else "what the model fixes"
            raise constraint.where.error(f"this constraint contradicts {others}")
    _, singular, vt = np.linalg.svd(matrix)
    rank = int(np.sum(singular > 1e-10 * max(singular[0], 1.0)))
    return vt[rank:].T.copy(), origin


def _linear(structure: Structure, constraint: Constraint) -> tuple[Array, float]:
    """Gradient and constant of `left - right`, which has to be linear in the parameters."""
    difference = Expression("-", (constraint.left, constraint.right))
    if not difference.labels():
        raise constraint.where.error("a constraint needs at least one label")
    f = len(structure.free)
    points = np.linspace(0.5, 2.0, 3 * f).reshape(3, f) ** 1.5
    duals = label_duals(structure, points)
    for definition in structure.specification.definitions:
        duals[definition.name] = definition.expression.evaluate(duals)
    values, gradients = difference.evaluate(duals)
    if not (np.isfinite(values).all() and np.isfinite(gradients).all()):
        raise constraint.where.error("the constraint has no finite value")
    if not (np.allclose(gradients[0], gradients[1]) and np.allclose(gradients[0], gradients[2])):
        raise constraint.where.error("only linear constraints are supported")
    return gradients[0], float(values[0] - gradients[0] @ points[0])
