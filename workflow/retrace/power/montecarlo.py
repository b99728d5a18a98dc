"""Regressions on new samples from a population: many at once, without the samples.

The Cholesky factor C of a sample's sums of squares is drawn as such (`retrace.matrices.wishart`).
With the outcome last, the regression can be read from it: slopes c_y Cxx^-1, residual sum of
squares c_yy^2.

Triangles are arrays of shape (p, p, N): every entry a vector over N draws.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from retrace.matrices.wishart import bartlett

# The columns of a regression, outcome last: places, or weights of all columns, shape (k + 1, p).
Design = Sequence[int] | np.ndarray
Designs = Sequence[Design]
# Draws worked on at a time: their triangles stay in the processor's cache.
SLICE = 2048
# The same for scores: rows of samples worked on at a time.
_SCORES = 20_000
# Scores of a lattice that are told apart.
MOST_PLACES = 20_001
# Of a Hermite expansion.
TERMS = 200


def lower_product(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Products of lower triangles; A may be one matrix, shape (p, p)."""
    p = B.shape[0]
    C = np.zeros(np.broadcast_shapes(A.shape if A.ndim == 3 else (p, p, 1), B.shape))
    for i in range(p):
        for j in range(i + 1):
            C[i, j] = A[i, j] * B[j, j]
            for m in range(j + 1, i + 1):
                C[i, j] += A[i, m] * B[m, j]
    return C


def lower_inverse(T: np.ndarray) -> np.ndarray:
    """Inverses of lower triangles by forward substitution."""
    p = T.shape[0]
    V = np.zeros_like(T)
    for i in range(p):
        V[i, i] = 1.0 / T[i, i]
        for j in range(i):
            total = T[i, j] * V[j, j]
            for m in range(j + 1, i):
                total += T[i, m] * V[m, j]
            V[i, j] = -V[i, i] * total
    return V


def regress_triangles(C: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Slopes and t statistics from Cholesky factors of sums of squares, outcome last.

    Returns
    -------
    b, t : ndarray, shape (k, N)
    """
    k = C.shape[0] - 1
    V = lower_inverse(C[:k, :k])
    b = np.zeros((k, C.shape[2]))
    vif = np.zeros_like(b)
    for j in range(k):
        for i in range(j, k):
            b[j] += V[i, j] * C[k, i]
            vif[j] += V[i, j] * V[i, j]
    t = b / (C[k, k] * np.sqrt(vif / (n - k - 1)))
    return b, t


def regress_designs(
    C: np.ndarray, n: int, designs: Designs | None
) -> tuple[np.ndarray, np.ndarray]:
    """Slopes and t of several regressions on the same samples, their predictors one after another.

    Parameters
    ----------
    C : ndarray, shape (p, p, N)
        Cholesky factors of sums of squares.
    n : int
    designs : sequence, or None
        For each regression the places of its predictors and, last, its outcome, or their weights;
        None for one regression of the last variable on all others.
    """
    if designs is None:
        return regress_triangles(C, n)
    factors = np.ascontiguousarray(np.moveaxis(C, -1, 0))
    S = factors @ np.swapaxes(factors, 1, 2)
    parts = []
    for design in designs:
        own = np.linalg.cholesky(of_design(S, design))
        parts.append(regress_triangles(np.ascontiguousarray(np.moveaxis(own, 0, -1)), n))
    return _joined(parts, axis=0)


def of_design(S: np.ndarray, design: Design) -> np.ndarray:
    """Cross products of the columns of a regression, from those of all: (N, p, p) to (N, k, k)."""
    if isinstance(design, np.ndarray):
        return design @ S @ design.T
    return S[:, design][:, :, design]


def _joined(
    parts: Sequence[tuple[np.ndarray, np.ndarray]], axis: int
) -> tuple[np.ndarray, np.ndarray]:
    b, t = (np.concatenate(columns, axis=axis) for columns in zip(*parts, strict=True))
    return b, t


def draw_regressions(
    R: ArrayLike, n: int, draws: int, stream: np.random.Generator, designs: Designs | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Slopes and t of regressions on `draws` samples of size n from a normal population.

    Parameters
    ----------
    R : array_like, shape (p, p)
        Population correlations; slopes are in its standard deviations.
    n, draws : int
    stream : numpy.random.Generator
    designs : sequence of sequences of int, optional
        Regressions, as in `regress_designs`; without it the last variable on all others.

    Returns
    -------
    b, t : ndarray, shape (number of slopes, draws)
    """
    L = np.linalg.cholesky(np.asarray(R, dtype=float))
    parts = []
    for start in range(0, draws, SLICE):
        size = min(SLICE, draws - start)
        T = bartlett(n, len(L), size, stream)
        parts.append(regress_designs(lower_product(L, T), n, designs))
    return _joined(parts, axis=1)


def draw_predictive_regressions(
    R: ArrayLike, n: int, draws: int, stream: np.random.Generator, designs: Designs | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """As `draw_regressions`, the population itself drawn anew for each sample.

    Populations follow the posterior given sample correlations R at size n under Jeffreys' prior,
    an inverse Wishart with n - 1 degrees of freedom (Gelman et al. 2013, section 3.6), so that
    the doubt about the population counts. The posterior's factor is L U^-T with U U' Wishart and
    U upper triangular, which Bartlett's construction gives from the last variable backwards.
    """
    L = np.linalg.cholesky(np.asarray(R, dtype=float))
    p = len(L)
    parts = []
    for start in range(0, draws, SLICE):
        size = min(SLICE, draws - start)
        # Reversing rows and columns of a lower triangle gives the upper one.
        U = bartlett(n, p, size, stream)[::-1, ::-1]
        population = lower_product(L, lower_inverse(np.swapaxes(U, 0, 1)) * np.sqrt(n - 1.0))
        T = bartlett(n, p, size, stream)
        parts.append(regress_designs(lower_product(population, T), n, designs))
    return _joined(parts, axis=1)


def response_lattice(low: float, high: float, items: int) -> np.ndarray:
    """Possible scores of a scale: means of `items` integers from low to high.

    Of more than `MOST_PLACES` so many of them, evenly spaced: what lies between changes a
    correlation of scores by their step squared over twelve variances, which is nothing here.
    """
    places = round((high - low) * items)
    if places >= MOST_PLACES:
        return np.linspace(low, high, MOST_PLACES)
    return low + np.arange(places + 1) / items


def normal_thresholds(mean: float, sd: float, lattice: ArrayLike) -> np.ndarray:
    """Thresholds on a standard normal that round N(mean, sd) to a lattice, shape (len - 1,)."""
    lattice = np.asarray(lattice, dtype=float)
    return ((lattice[:-1] + lattice[1:]) / 2.0 - mean) / sd


def _hermite_coefficients(thresholds: ArrayLike, lattice: ArrayLike) -> np.ndarray:
    """Coefficients c_m of a step function of a standard normal, sum c_m He_m(z) / m!."""
    tau = np.asarray(thresholds, dtype=float)
    steps = np.diff(lattice)
    density = np.exp(-0.5 * tau**2) / np.sqrt(2 * np.pi)
    previous, current = np.zeros_like(tau), np.ones_like(tau)
    coefficients = np.empty(TERMS)
    for m in range(TERMS):
        # E[step(z) He_{m+1}(z)] = phi(tau) He_m(tau), scaled by 1 / sqrt((m + 1)!).
        coefficients[m] = steps @ (density * current) / np.sqrt(m + 1.0)
        previous, current = current, (tau * current - np.sqrt(m) * previous) / np.sqrt(m + 1.0)
    return coefficients


def latent_correlations(
    R: ArrayLike, thresholds: Sequence[ArrayLike], lattices: Sequence[ArrayLike]
) -> np.ndarray:
    """Correlations of latent normals whose discretised scores have population correlations R.

    The correlation of two discretised normals is a power series in the latent one (Hermite
    expansion, Lancaster 1957), increasing in it, and is inverted by bisection.

    Parameters
    ----------
    R : array_like, shape (p, p)
    thresholds, lattices : sequences of p arrays
        Of each variable, m - 1 thresholds and m scores.

    Raises
    ------
    ValueError
        If such scores cannot correlate so strongly, or the latent matrix is not positive definite.
    """
    R = np.asarray(R, dtype=float)
    p = len(R)
    series = [_hermite_coefficients(t, v) for t, v in zip(thresholds, lattices, strict=True)]
    spread = []
    for tau, lattice in zip(thresholds, lattices, strict=True):
        share = np.diff(ndtr(np.concatenate([[-np.inf], tau, [np.inf]])))
        mean = share @ lattice
        spread.append(np.sqrt(share @ (np.asarray(lattice) - mean) ** 2))
    latent = np.eye(p)
    power = np.arange(1, TERMS + 1)
    for a in range(p):
        for b in range(a):
            weight = series[a] * series[b] / (spread[a] * spread[b])
            low, high = -0.999, 0.999
            if not weight @ low**power <= R[a, b] <= weight @ high**power:
                raise ValueError(
                    f"scores on these scales cannot correlate {R[a, b]:g} (variables {b} and {a})"
                )
            for _ in range(60):
                middle = (low + high) / 2.0
                low, high = (middle, high) if weight @ middle**power < R[a, b] else (low, middle)
            latent[a, b] = latent[b, a] = (low + high) / 2.0
    if np.linalg.eigvalsh(latent)[0] <= 0:
        raise ValueError("no normal variables behind these scales have the printed correlations")
    return latent


def draw_likert_regressions(
    latent: ArrayLike,
    thresholds: Sequence[np.ndarray],
    n: int,
    draws: int,
    stream: np.random.Generator,
    designs: Designs | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Slopes (standardised in each sample) and t of regressions on samples of discretised scores.

    Parameters
    ----------
    latent : array_like, shape (p, p)
        Correlations of the latent normals.
    thresholds : sequence of p arrays
        Evenly spaced, as `normal_thresholds` gives them for a response lattice.
    n, draws : int
    stream : numpy.random.Generator
    designs : sequence of sequences of int, optional

    Returns
    -------
    b, t : ndarray, shape (number of slopes, draws)
        0 in samples from which nothing can be estimated.
    """
    L = np.linalg.cholesky(np.asarray(latent, dtype=float))
    p = len(L)
    # Lattice and thresholds are evenly spaced, so that a score's place is a rounded multiple of its
    # latent normal. Places in place of scores change neither correlations nor t.
    first = np.array([tau[0] for tau in thresholds])
    step = np.array([tau[1] - tau[0] if len(tau) > 1 else 1.0 for tau in thresholds])
    highest = np.array([float(len(tau)) for tau in thresholds])
    to_place = L / step[:, None]
    parts = []
    size = max(1, _SCORES // n)
    for start in range(0, draws, size):
        count = min(size, draws - start)
        places = to_place @ stream.standard_normal((p, count * n))
        places -= (first / step)[:, None]
        np.ceil(places, out=places)
        np.clip(places, 0.0, highest[:, None], out=places)
        places = places.reshape(p, count, n)
        places -= places.mean(axis=2, keepdims=True)
        samples = np.ascontiguousarray(np.swapaxes(places, 0, 1))
        S = samples @ np.swapaxes(samples, 1, 2)
        own = [_of_scores(S, design) for design in designs] if designs else [S]
        factors = [np.ascontiguousarray(np.moveaxis(_factors(part), 0, -1)) for part in own]
        parts.append(_joined([regress_triangles(C, n) for C in factors], axis=0))
    return _joined(parts, axis=1)


def _of_scores(S: np.ndarray, design: Design) -> np.ndarray:
    """`of_design`; weights are of scores in their own standard deviations."""
    return of_design(_correlations(S) if isinstance(design, np.ndarray) else S, design)


def _correlations(S: np.ndarray) -> np.ndarray:
    """Correlations behind sums of squares, shape (N, p, p); none where something does not vary."""
    sd = np.sqrt(np.diagonal(S, axis1=1, axis2=2))
    varies = (sd > 0).all(axis=1)
    sd = np.where(varies[:, None], sd, 1.0)
    return np.where(
        varies[:, None, None], S / (sd[:, :, None] * sd[:, None, :]), np.eye(S.shape[1])
    )


def _factors(S: np.ndarray) -> np.ndarray:
    """Cholesky factors of the correlations behind sums of squares, shape (N, p, p).

    Coarse scales in small samples may not vary, or repeat each other, and then nothing can be
    estimated. Such a sample supports nothing: it counts as one without any correlation.
    """
    R = _correlations(S)
    try:
        return np.linalg.cholesky(R)
    except np.linalg.LinAlgError:
        definite = np.linalg.eigvalsh(R)[:, 0] > 1e-10
        return np.linalg.cholesky(np.where(definite[:, None, None], R, np.eye(S.shape[1])))
