"""Maximum likelihood estimates of one model for many covariance matrices at once.

The discrepancy (Jöreskog 1969; Bollen 1989, eq. 4.67)

    F = log|Sigma| + tr(S Sigma^-1) - log|S| - p

is minimised by Fisher scoring from afar and Newton's method once near: steps solve
`2 C step = -gradient`, with the expected or the observed information as curvature `C`, damped as
Levenberg and Marquardt do where a step does not lower `F`. A point without gradient counts only if
no direction leads down from it; from a saddle, steps lead down where `F` falls most. What has not
converged after `PATIENCE` iterations is in a long bent valley, in which scoring zigzags and the
Hessian is indefinite; there `C` is the Hessian with the absolute values of its eigenvalues (Dauphin
et al. 2014). Every matrix of a batch goes its own way, all steps of a batch are computed by the
same few array operations, and a matrix leaves the batch when it has converged. The optimum is the
one that any other optimiser finds; what differs is the cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrace.sem.derivatives import Derivatives, derivatives_of
from retrace.sem.discrepancy import discrepancy, log_determinants
from retrace.sem.starts import regression_starts, starting_values
from retrace.sem.structure import Moments, Structure
from retrace.sem.units import absolute, scaled, typical_information

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]
Index = NDArray[np.intp]

# Decrement of a step below which the next takes the observed information. Scoring converges
# linearly, the slower the worse the model fits; Newton's method quadratically, but only from near.
NEWTON_DECREMENT = 0.05
# Iterations from one start. What converges at all mostly does within 20; the first start of a
# single fit may go on longer, because nothing else waits for it.
MAX_ITERATIONS, MAX_ITERATIONS_SINGLE = 60, 120
# Elements of the information matrices worked on together: enough to hide Python's overhead, few
# enough for the processor's cache.
BATCH_ELEMENTS = 160_000
# Starts that are tried in turn: the share of variance explained that starting values assume, and
# the damping of the first steps. Undamped steps from far away leap into regions where a factor's
# covariances exceed its variance, and the discrepancy falls forever.
STARTS = ((0.5, 1.0), (0.8, 10.0), (0.2, 100.0), (0.5, 0.0))
# Damping at which a matrix is stuck.
LARGEST_DAMPING = 1e8


class _Phase(NamedTuple):
    """How steps are damped, and when a matrix has converged.

    The least damping other than none; the factors by which it grows where a step fails, and falls
    where one does not; the Newton decrement g'(2C)^-1 g below which a matrix has converged: `F` is
    then exact to about this.
    """

    least: float
    harder: float
    easier: float
    tolerance: float


# Scoring and Newton's method, and after `PATIENCE` iterations the absolute Hessian: a valley's
# curvature itself, which wants less damping, and flat, so that `F` says less about where it ends.
PATIENCE = 30
OPEN, VALLEY = _Phase(1e-2, 10, 10, 1e-14), _Phase(1e-6, 4, 3, 1e-16)
# Eigenvalue of the Hessian, in units that make its diagonal 1, from which F falls away from a point
# without gradient: a saddle, no minimum. Above it may be rounding in a model without one solution.
FALLING = -1e-6
# Lengths, in the same units, of the steps that are tried away from a saddle, one a visit.
LEAPS = (0.3, 0.1, 0.03, 0.01)


@dataclass(frozen=True)
class Estimates:
    """Estimates for `b` matrices.

    Attributes
    ----------
    x : array (b, q)
        Estimated parameters; where a matrix did not converge, the best found; NaN where no start
        implies a positive definite matrix.
    discrepancy : array (b,)
        `F` at `x`; NaN where `x` is, and where the sample matrix is not positive definite.
    converged : array of bool (b,)
    iterations : array of int (b,)
        Of the start that `x` comes from.
    start : array of int (b,)
        Which start `x` comes from: 0 the first, k the k-th retry.
    usable : array of bool (b,)
        Whether the sample matrix is positive definite.
    """

    x: Array
    discrepancy: Array
    converged: Flags
    iterations: NDArray[np.intp]
    start: NDArray[np.intp]
    usable: Flags

    @classmethod
    def none(cls, q: int, usable: Flags) -> Estimates:
        """Nothing estimated yet, of q parameters."""
        b = len(usable)
        x, f = np.full((b, q), np.nan), np.full(b, np.nan)
        counts = np.zeros(b, np.intp), np.zeros(b, np.intp)
        return cls(x, f, np.zeros(b, bool), *counts, usable)

    def add(self, rows: Index, search: _Search, attempt: int) -> None:
        """Take over, in place, what a search from one start has found for some of the matrices."""
        better = np.isfinite(search.f) & (search.done | ~(search.f >= self.discrepancy[rows]))
        kept = rows[better]
        self.x[kept], self.discrepancy[kept] = search.x[better], search.f[better]
        self.iterations[kept], self.start[kept] = search.iterations[better], attempt
        self.converged[kept] = search.done[better]

    @property
    def n_retried(self) -> int:
        """Matrices that did not converge from the first start."""
        return int(np.sum(self.usable & ((self.start > 0) | ~self.converged)))


def estimate(
    structure: Structure,
    sample: Array,
    *,
    start: Array | None = None,
    max_iterations: int = MAX_ITERATIONS,
    batch_size: int | None = None,
) -> Estimates:
    """Fit a model to every one of a stack of matrices.

    Parameters
    ----------
    structure : Structure
    sample : array (b, p, p)
        Symmetric matrices with the model's observed variables in its order.
    start : array (q,) or (b, q), optional
        First starting values; by default those of `retrace.sem.starts`, without factors by least
        squares. A matrix that does not converge is retried from those of its variances.
    max_iterations : int
        Iterations from the first start; retries take at most `MAX_ITERATIONS`.
    batch_size : int, optional
        Matrices worked on together; bounds the memory to about `16 * batch_size * q**2` doubles.
        By default as many as suit the processor's cache.

    Raises
    ------
    ValueError
        If every parameter is fixed.
    """
    _require_parameters(structure)
    batch_size = batch_size or default_batch_size(structure)
    sample = np.ascontiguousarray(sample, float)
    derivatives = derivatives_of(structure)
    log_determinant, usable = log_determinants(sample)
    found = Estimates.none(structure.q, usable)
    if start is None and not structure.specification.latent:
        start = np.full((len(sample), structure.q), np.nan)
        start[usable] = regression_starts(structure, sample[usable])
    for begin in range(0, len(sample), batch_size):
        rows = np.arange(begin, min(begin + batch_size, len(sample)))
        todo = rows[usable[rows]]
        for attempt in range(len(STARTS) + (start is not None)):
            if not len(todo):
                break
            part = sample[todo]
            if start is not None and attempt == 0:
                own = start if np.ndim(start) == 1 else start[todo]
                first, damping = _given_start(derivatives, np.asarray(own), part), 0.0
            else:
                share, damping = STARTS[attempt - (start is not None)]
                first = starting_values(structure, part, share)
            search = _Search(derivatives, part, log_determinant[todo], first, damping)
            search.run(min(max_iterations, MAX_ITERATIONS) if attempt else max_iterations)
            found.add(todo, search, attempt)
            todo = todo[~search.done]
    return found


def _require_parameters(structure: Structure) -> None:
    if structure.q == 0:
        raise ValueError("every parameter of the model is fixed: there is nothing to estimate")


def estimate_together(
    structure: Structure, sample: Array, starts: Array, damping: Array
) -> Estimates:
    """Fit a model to one matrix (p, p) from several starts (b, q) at once, none of them retried.

    `damping` (b,) is that of the first steps. What has not converged after `PATIENCE` iterations
    is given up: one start after the other, it may get more.
    """
    _require_parameters(structure)
    samples = np.repeat(sample[None], len(starts), axis=0)
    log_determinant, usable = log_determinants(samples)
    found = Estimates.none(structure.q, usable)
    if not usable.all():
        return found
    search = _Search(derivatives_of(structure), samples, log_determinant, starts, damping)
    search.run(PATIENCE)
    found.add(np.arange(len(starts)), search, 0)
    return found


def _given_start(derivatives: Derivatives, start: Array, sample: Array) -> Array:
    """Parameters (b, q) to begin with: one start for all matrices, or one each."""
    if start.ndim == 1 and not len(derivatives.structure.exogenous):
        return _score_together(derivatives, start, sample)
    return np.broadcast_to(start, (len(sample), derivatives.structure.q))


def default_batch_size(structure: Structure) -> int:
    """How many matrices to work on together."""
    return int(np.clip(BATCH_ELEMENTS // max(structure.q, 1) ** 2, 32, 1024))


class _Search:
    """Fisher scoring, then Newton's method, on one batch from one set of starts."""

    def __init__(
        self,
        derivatives: Derivatives,
        sample: Array,
        log_s: Array,
        start: Array,
        damping: float | Array = 0.0,
    ):
        self.derivatives = derivatives
        b, q = start.shape
        self.x = start.copy()
        self.f = np.full(b, np.inf)
        self.done = np.zeros(b, bool)
        self.iterations = np.zeros(b, np.intp)
        # The rest is kept for the active matrices only, and shrinks as they finish.
        self._active = np.arange(b)
        self._sample, self._log_s = sample, log_s
        self._typical = typical_information(derivatives.structure, sample)
        self._damping = np.full(b, damping)
        self._step: Array = np.zeros((b, q))
        self._decrement = np.full(b, np.inf)
        self._expected = np.zeros(b)
        self._gradient = np.zeros((b, q))
        self._curvature = np.broadcast_to(np.eye(q), (b, q, q)).copy()
        self._newton = np.zeros(b, bool)
        self._near = np.full(b, NEWTON_DECREMENT)
        self._leaps = np.zeros(b, np.intp)
        self._phase = OPEN

    def run(self, max_iterations: int) -> None:
        """Iterate until every matrix has converged, is stuck, or has used its iterations."""
        for iteration in range(max_iterations):
            if not len(self._active):
                return
            self._phase = OPEN if iteration < PATIENCE else VALLEY
            self._iterate()

    def _iterate(self) -> None:
        active = self._active
        trial = self.x[active] + self._step
        moments = self.derivatives.structure.moments(trial, self._sample)
        f, w, e = discrepancy(moments, self._sample, self._log_s)
        # Infinite at a start, after which anything is lower.
        before = self.f[active]
        slack = 1e-13 * (1.0 + np.abs(before))
        accepted = np.isfinite(f) & (f <= before - 1e-4 * self._expected + slack)
        # A Newton step that failed, like one that leads uphill below, comes from too far away.
        retreat = self._newton & ~accepted
        self.iterations[active] += 1
        if all_accepted := bool(accepted.all()):
            self._move(slice(None), trial, f, moments, w, e)
        else:
            rows = np.flatnonzero(accepted)
            if len(rows):
                self._move(rows, trial[rows], f[rows], moments.select(rows), w[rows], e[rows])
            harder = np.maximum(self._phase.harder * self._damping, self._phase.least)
            self._damping = np.where(accepted | retreat, self._damping, harder)
        self._step = _solve(self._curvature, self._gradient, self._damping)
        self._decrement = -np.einsum("ij,ij->i", self._gradient, self._step)
        retreat |= self._newton & ~(self._decrement >= 0)
        finished = accepted & ~retreat & (self._decrement < self._phase.tolerance)
        finished &= self._damping == 0
        stuck = (self._damping > LARGEST_DAMPING) | (~np.isfinite(self._decrement) & ~retreat)
        if not all_accepted:
            stuck |= np.isinf(before) & ~accepted
        self._expected = self._decrement
        anew = retreat
        if finished.any():
            rows = np.flatnonzero(finished)
            saddle, falling = self._saddles(rows, moments, w, e)
            finished[saddle] = False
            stuck[saddle] = self._leaps[saddle] == len(LEAPS)
            self._step[saddle] = np.append(LEAPS, 0.0)[self._leaps[saddle], None] * falling
            self._leaps[saddle] += 1
            anew = retreat.copy()
            anew[saddle] = True
            self.done[active] = finished
        if retreat.any():
            # Stay, take the expected information there, and trust Newton's method later.
            self._near[retreat] *= 0.1
            self._step[retreat] = 0.0
        if anew.any():
            self._decrement[anew] = np.inf
            self._expected = np.where(anew, 0.0, self._decrement)
        leaving = finished | stuck
        if leaving.all():
            self._active = active[:0]
        elif leaving.any():
            self._keep(~leaving)

    def _move(
        self, rows: slice | Index, x: Array, f: Array, moments: Moments, w: Array, e: Array
    ) -> None:
        """Accept new parameters for some of the active matrices."""
        places = self._active[rows]
        self.x[places], self.f[places] = x, f
        near = (self._decrement[rows] < self._near[rows]) & (self._phase is OPEN)
        self._newton[rows] = near
        both = self.derivatives.gradient_and_curvature
        if self._phase is VALLEY:
            self._gradient[rows], hessian = both(moments, w, e, True)
            self._curvature[rows] = absolute(hessian, self._typical[rows])
        elif (all_near := near.all()) or not near.any():
            self._gradient[rows], self._curvature[rows] = both(moments, w, e, bool(all_near))
        else:
            indices = np.arange(len(self._active))[rows]
            for chosen, newton in ((np.flatnonzero(near), True), (np.flatnonzero(~near), False)):
                places, part = indices[chosen], moments.select(chosen)
                self._gradient[places], self._curvature[places] = both(
                    part, w[chosen], e[chosen], newton
                )
        if self._damping.any():
            easier = self._damping[rows] / self._phase.easier
            self._damping[rows] = np.where(easier < self._phase.least, 0.0, easier)

    def _saddles(self, rows: Index, moments: Moments, w: Array, e: Array) -> tuple[Index, Array]:
        """Which of the active matrices `rows`, without gradient, are at a saddle; where F falls."""
        if self.derivatives.structure.is_of_regressions:
            return rows[:0], self.x[:0]
        hessian: Array = self._curvature[rows]
        expected = ~self._newton[rows]
        if expected.any():
            part = rows[expected]
            hessian[expected] = self.derivatives.half_hessian(
                moments.select(part), w[part], e[part]
            )
        hessian, scale = scaled(hessian, self._typical[rows])
        np.einsum("ijj->ij", hessian)[:] -= FALLING
        _, definite = log_determinants(hessian)
        if definite.all():
            return rows[:0], scale[:0]
        _, vectors = np.linalg.eigh(hessian[~definite])
        falling = vectors[:, :, 0]
        # Both ways lead down; which is taken must not depend on the library.
        largest = np.take_along_axis(falling, np.abs(falling).argmax(1)[:, None], axis=1)
        return rows[~definite], np.sign(largest) * falling / scale[~definite]

    def _keep(self, mask: Flags) -> None:
        for name in (
            "_active",
            "_sample",
            "_log_s",
            "_typical",
            "_damping",
            "_step",
            "_decrement",
            "_expected",
            "_gradient",
            "_curvature",
            "_newton",
            "_near",
            "_leaps",
        ):
            setattr(self, name, getattr(self, name)[mask])


def _score_together(derivatives: Derivatives, start: Array, sample: Array) -> Array:
    """Where a first step of Fisher scoring from common parameters (q,) leads matrices (b, q).

    All have the same implied matrix and information there, which need computing only once.
    """
    moments = derivatives.structure.moments(start[None], sample[:1])
    _, definite = log_determinants(moments.sigma)
    if not definite[0]:
        return np.broadcast_to(start, (len(sample), len(start)))
    w = np.linalg.inv(moments.sigma)
    gradient = derivatives.gradient(moments, w @ sample @ w - w)
    information = derivatives.information(moments, w)[0]
    return start - 0.5 * (np.linalg.pinv(information, hermitian=True) @ gradient.T).T


def _solve(information: Array, gradient: Array, damping: Array) -> Array:
    """Steps (b, q) that solve `2 (I + damping diag I) step = -gradient`."""
    if damping.any():
        diagonal = np.einsum("ijj->ij", information)
        information = information.copy()
        floor = diagonal.max(axis=1, keepdims=True) * 1e-8
        np.einsum("ijj->ij", information)[:] += damping[:, None] * np.maximum(diagonal, floor)
    right = -0.5 * gradient[..., None]
    try:
        return np.linalg.solve(information, right)[..., 0]
    except np.linalg.LinAlgError:
        if len(information) > 1:
            # What others come to must not depend on their company.
            parts = zip(information[:, None], gradient[:, None], strict=True)
            return np.concatenate([_solve(i, g, np.zeros(1)) for i, g in parts])
        # An exactly singular information: the shortest of the best steps.
        return (np.linalg.pinv(information, hermitian=True) @ right)[..., 0]
