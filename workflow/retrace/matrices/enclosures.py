"""Regression statistics as functions of the cells of a correlation matrix: values and gradients.

With P = R^-1, Q = Rxx^-1, omega = (beta, -1) and q = (Q_j., 0), the derivatives with respect to a
cell r_ab (and its mirror) follow from dP = -P dR P:

    R2          -2 omega_a omega_b
    VIF_j       -2 q_a q_b
    beta_j      -(q_a omega_b + q_b omega_a)
    log se_j^2  2 P_yy omega_a omega_b - 2 q_a q_b / Q_jj
    rho_j       u_a v_b + u_b v_a + rho_j (u_a u_b + v_a v_b)

rho_j is the partial correlation of predictor j and the outcome, u = P_.j / sqrt(P_jj) and
v = P_.y / sqrt(P_yy). The t statistic is its increasing function t = rho sqrt(df / (1 - rho^2)),
which is why t, and p with it, need no function of their own.

Enclosures hold for every matrix of a box |R - C| <= D. They rest on the Neumann series: with
A = |C^-1| D and spectral radius rho(A) < 1, |R^-1 - C^-1| <= (I - A)^-1 A |C^-1| for all of them
(Neumaier 1990, section 4.1; rho(A) < 1 is certified by (I - A)^-1 >= 0, Berman and Plemmons 1994).

R2, VIF and beta are functions of R wherever Rxx is definite, and so are their enclosures: a box may
hold such R that are indefinite, with R2 >= 1, beside the ones that data can have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from retrace.matrices.rounding_box import (
    DEFINITE,
    cell_places,
    matrices,
    order_of,
    positive_definite,
)
from retrace.matrices.small_batches import inverse, more_definite_than

KINDS = ("beta", "rho", "vif", "r2", "log_se2")
# Values that no positive definite matrix can exceed, by kind: lowest and highest.
LIMITS = {
    "beta": (-np.inf, np.inf),
    "rho": (-1.0, 1.0),
    "vif": (1.0, np.inf),
    "r2": (0.0, 1.0),
    "log_se2": (-np.inf, np.inf),
}
# Inverses P in double precision are good to about this times |P| 1 1' |P|, the first order of what
# an error of the matrix does; enclosures are widened by it.
ROUNDOFF = 1e-14

# Lower and upper ends, entry by entry.
Bounds = tuple[np.ndarray, np.ndarray]
# Of `KINDS`, one for a whole batch or one each.
Kinds = str | np.ndarray


@dataclass(frozen=True)
class Enclosure:
    """Values at the centres of a batch of boxes, and gradients over each whole box.

    Attributes
    ----------
    value : ndarray, shape (N,)
        Statistic at the centre; NaN where it has none.
    gradient, low, high : ndarray, shape (N, m)
        Gradient at the centre, and bounds that hold over the box, by cell.
    valid : ndarray of bool, shape (N,)
        Whether the bounds are proven.
    definite : ndarray of bool, shape (N,)
        Whether the centre is positive definite, so that data can have its value.
    throughout : ndarray of bool, shape (N,)
        Whether every matrix of the box is proven positive definite.
    least, most : ndarray, shape (N,)
        Proven bounds on the statistic over the definite matrices of the box; infinite, or the
        kind's `LIMITS`, where there are none.
    """

    value: np.ndarray
    gradient: np.ndarray
    low: np.ndarray
    high: np.ndarray
    valid: np.ndarray
    definite: np.ndarray
    throughout: np.ndarray
    least: np.ndarray
    most: np.ndarray


def inverse_enclosure(
    C: np.ndarray, D: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Inverse of each centre, the entrywise bound on its deviation, the inverse of I - A, and
    whether the bound is proven.

    C and D, shape (N, p, p), are centres and radii of boxes of matrices.
    """
    p = C.shape[-1]
    P = inverse(C)
    A = np.abs(P) @ D
    # Where the series diverges the matrix may be singular; any other value of A will do there.
    proven = A.sum(axis=-1).max(axis=-1) < 1.0
    unclear = ~proven
    if unclear.any():
        radius = np.abs(np.linalg.eigvals(A[unclear])).max(axis=-1)
        proven[unclear] = radius < 0.999
        A = np.where(proven[:, None, None], A, 0.0)
    X = inverse(np.eye(p) - A)
    proven &= (X > -ROUNDOFF).all(axis=(-1, -2))
    E = X @ A @ np.abs(P) + _roundoff(P)
    return P, E, X, proven


def _roundoff(P: np.ndarray) -> np.ndarray:
    sums = np.abs(P).sum(axis=-1)
    return ROUNDOFF * sums[..., :, None] * sums[..., None, :]


def _definite_throughout(C: np.ndarray, D: np.ndarray, definite: np.ndarray) -> np.ndarray:
    """Whether boxes around centres, definite or not, are proven to be definite.

    No eigenvalue moves by more than the norm of D (Weyl 1912; Horn and Johnson 2013, theorem
    4.3.1). Where that is not enough, a series that converges shows that none reaches 0.
    """
    proven = definite & more_definite_than(C, DEFINITE + D.sum(axis=-1).max(axis=-1))
    rest = np.flatnonzero(~proven & definite)
    if len(rest):
        proven[rest] = inverse_enclosure(C[rest], D[rest])[3]
    return proven


def _times(a: Bounds, b: Bounds) -> Bounds:
    """Product of two intervals given as (low, high)."""
    products = (a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1])
    low, high = products[0], products[0]
    for product in products[1:]:
        low, high = np.minimum(low, product), np.maximum(high, product)
    return low, high


def _self_product(vector: Bounds, a: np.ndarray, b: np.ndarray) -> Bounds:
    """Interval of x_a x_b over cells (a, b); a and b differ, so no square needs special care."""
    return _times((vector[0][:, a], vector[1][:, a]), (vector[0][:, b], vector[1][:, b]))


def _cross(x: Bounds, y: Bounds, a: np.ndarray, b: np.ndarray) -> Bounds:
    """Interval of x_a y_b + x_b y_a."""
    one = _times((x[0][:, a], x[1][:, a]), (y[0][:, b], y[1][:, b]))
    two = _times((x[0][:, b], x[1][:, b]), (y[0][:, a], y[1][:, a]))
    return one[0] + two[0], one[1] + two[1]


def _around(centre: np.ndarray, radius: np.ndarray) -> Bounds:
    return centre - radius, centre + radius


def at_points(
    kind: Kinds, j: np.ndarray, cells: np.ndarray, sloped: bool = True
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values and gradients of statistics at a batch of points.

    Parameters
    ----------
    kind : str or ndarray of str, shape (N,)
        Of `KINDS`, one for all points or one each.
    j : ndarray of int, shape (N,)
        Predictor of each point; ignored for `r2`.
    cells : ndarray, shape (N, m)
        Cells above the diagonal, row by row, outcome last.
    sloped : bool
        Whether gradients are asked for, which take as long as the values.

    Returns
    -------
    value : ndarray, shape (N,)
        NaN where the statistic has none.
    gradient : ndarray, shape (N, m), or (N, 0) where none are asked for
    definite : ndarray of bool, shape (N,)
        Whether the matrix is positive definite, so that data can have it.
    """
    kind = np.broadcast_to(kind, len(cells))
    C, defined, definite = _defined_matrices(kind, cells)
    value, gradient = _point(kind, j, C, sloped)
    return np.where(defined, value, np.nan), gradient, definite


def enclose(kind: Kinds, j: np.ndarray, centre: np.ndarray, radius: np.ndarray) -> Enclosure:
    """Values and gradient enclosures of statistics over a batch of boxes.

    Parameters
    ----------
    kind, j
        As in `at_points`.
    centre, radius : ndarray, shape (N, m)
        Boxes of cells.

    Returns
    -------
    Enclosure
    """
    kind = np.broadcast_to(kind, len(centre))
    p = order_of(centre.shape[1])
    D = _radii(radius, p)
    C, defined, definite = _defined_matrices(kind, centre)
    value, gradient = _point(kind, j, C)
    low, high = np.empty_like(gradient), np.empty_like(gradient)
    valid = np.empty(len(C), dtype=bool)
    partial = kind == "rho"
    for at, over in ((partial, _partial_over), (~partial, _regression_over)):
        if at.any():
            low[at], high[at], valid[at] = over(kind[at], C[at], D[at], j[at])
    value = np.where(defined, value, np.nan)
    valid &= defined
    least, most = _mean_value(kind, value, low, high, radius, valid)
    throughout = _definite_throughout(C, D, definite)
    return Enclosure(value, gradient, low, high, valid, definite, throughout, least, most)


def _radii(radius: np.ndarray, p: int) -> np.ndarray:
    """Radii of boxes of cells as matrices, which leave the diagonal as it is."""
    D = matrices(radius, p)
    D[:, np.arange(p), np.arange(p)] = 0.0
    return D


def _defined_matrices(
    kind: np.ndarray, cells: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Matrices, the identity in place of those without the statistic; whether they have it; and
    whether they are positive definite. Beta, VIF and R2 need only definite predictors.
    """
    p = order_of(cells.shape[1])
    C = matrices(cells, p)
    definite = positive_definite(C)
    defined = definite.copy()
    indefinite = np.flatnonzero(~defined & (kind != "rho") & (kind != "log_se2"))
    if len(indefinite):
        defined[indefinite] = positive_definite(C[indefinite, : p - 1, : p - 1])
    if not defined.all():
        C = np.where(defined[:, None, None], C, np.eye(p))
    return C, defined, definite


def _point(
    kind: np.ndarray, j: np.ndarray, C: np.ndarray, sloped: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Values and gradients at matrices C."""
    p = C.shape[-1]
    value, gradient = np.empty(len(C)), np.empty((len(C), sloped * p * (p - 1) // 2))
    partial = kind == "rho"
    for at, point in ((partial, _partial_point), (~partial, _regression_point)):
        if at.any():
            value[at], slopes = point(kind[at], j[at], C[at], sloped)
            if sloped:
                gradient[at] = slopes
    return value, gradient


def _partial_point(
    kind: np.ndarray, j: np.ndarray, C: np.ndarray, sloped: bool
) -> tuple[np.ndarray, np.ndarray | None]:
    """Values and gradients of rho_j."""
    k = C.shape[-1] - 1
    a, b = cell_places(k + 1)
    rows = np.arange(len(C))
    P = inverse(C)
    u = P[rows, :, j] / np.sqrt(P[rows, j, j])[:, None]
    v = P[:, :, k] / np.sqrt(P[:, k, k])[:, None]
    rho = -u[:, k] / v[:, k]
    if not sloped:
        return rho, None
    cross = u[:, a] * v[:, b] + u[:, b] * v[:, a]
    return rho, cross + rho[:, None] * (u[:, a] * u[:, b] + v[:, a] * v[:, b])


def _regression_point(
    kind: np.ndarray, j: np.ndarray, C: np.ndarray, sloped: bool
) -> tuple[np.ndarray, np.ndarray | None]:
    """Values and gradients of the other kinds."""
    k = C.shape[-1] - 1
    a, b = cell_places(k + 1)
    rows = np.arange(len(C))
    Q = inverse(C[:, :k, :k])
    beta = np.einsum("nij,nj->ni", Q, C[:, :k, k])
    vif = Q[rows, j, j]
    value = np.where(kind == "vif", vif, beta[rows, j])
    whole = kind == "r2"
    value[whole] = np.einsum("ni,ni->n", C[whole, :k, k], beta[whole])
    errors = np.flatnonzero(kind == "log_se2")
    if len(errors):
        # 1 - R2, which by subtraction might not come out positive.
        rest = 1.0 / inverse(C[errors])[:, k, k]
        value[errors] = np.log(vif[errors] * rest)
    if not sloped:
        return value, None
    omega = np.concatenate([beta, np.full((len(C), 1), -1.0)], axis=1)
    q = np.concatenate([Q[rows, j], np.zeros((len(C), 1))], axis=1)
    x, y = _factors(kind, q, omega)
    gradient = -(x[:, a] * y[:, b] + x[:, b] * y[:, a])
    if len(errors):
        omega, q, vif = omega[errors], q[errors], vif[errors]
        slopes = omega[:, a] * omega[:, b] / rest[:, None] - q[:, a] * q[:, b] / vif[:, None]
        gradient[errors] = 2.0 * slopes
    return value, gradient


def _factors(kind: np.ndarray, q: np.ndarray, omega: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x and y of the gradient -(x_a y_b + x_b y_a): q of VIF, omega of R2, one of each of beta."""
    return (
        np.where((kind == "r2")[:, None], omega, q),
        np.where((kind == "vif")[:, None], q, omega),
    )


def _partial_over(
    kind: np.ndarray, C: np.ndarray, D: np.ndarray, j: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bounds on the gradient of rho_j over boxes, and whether they are proven."""
    P, E, _, valid = inverse_enclosure(C, D)
    y = C.shape[-1] - 1
    a, b = cell_places(y + 1)
    rows = np.arange(len(C))
    boxes = []
    for index in (j, np.full(len(C), y)):
        column, spread = P[rows, :, index], E[rows, :, index]
        diagonal, error = column[rows, index], spread[rows, index]
        # The diagonal of the inverse of a correlation matrix is at least 1.
        least = np.sqrt(np.maximum(diagonal - error, 1.0))
        most = np.sqrt(diagonal + error)
        low, high = _times(_around(column, spread), (1.0 / most[:, None], 1.0 / least[:, None]))
        low[rows, index], high[rows, index] = least, most
        boxes.append((low, high))
    u, v = boxes
    rho = _times((-u[1][:, y], -u[0][:, y]), (1.0 / v[1][:, y], 1.0 / v[0][:, y]))
    rho = (np.maximum(rho[0], -1.0)[:, None], np.minimum(rho[1], 1.0)[:, None])
    cross = _cross(u, v, a, b)
    uu, vv = _self_product(u, a, b), _self_product(v, a, b)
    scaled = _times(rho, (uu[0] + vv[0], uu[1] + vv[1]))
    return cross[0] + scaled[0], cross[1] + scaled[1], valid


class _Predictors(NamedTuple):
    """Q, its error and beta, omega and q over boxes, and whether they are proven."""

    Q: np.ndarray
    error: np.ndarray
    omega: tuple[np.ndarray, np.ndarray]
    q: tuple[np.ndarray, np.ndarray]
    valid: np.ndarray


def _predictors_over(C: np.ndarray, D: np.ndarray, j: np.ndarray) -> _Predictors:
    k = C.shape[-1] - 1
    nil = np.zeros((len(C), 1))
    rows = np.arange(len(C))
    Q, error, X, valid = inverse_enclosure(C[:, :k, :k], D[:, :k, :k])
    beta, spread = (each[:, :, 0] for each in _coefficients_over(C, D, Q, X))
    omega = _around(
        np.concatenate([beta, nil - 1.0], axis=1), np.concatenate([spread, nil], axis=1)
    )
    q = _around(
        np.concatenate([Q[rows, j], nil], axis=1), np.concatenate([error[rows, j], nil], axis=1)
    )
    return _Predictors(Q, error, omega, q, valid)


def _coefficients_over(
    C: np.ndarray, D: np.ndarray, Q: np.ndarray, X: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of the variables after the first o on those, shape (N, o, p - o), and their
    errors over boxes; Q and X are those of `inverse_enclosure` of the first o.
    """
    o = Q.shape[-1]
    beta = Q @ C[:, :o, o:]
    spread = D[:, :o, o:] + D[:, :o, :o] @ np.abs(beta)
    return beta, X @ (np.abs(Q) @ spread) + _roundoff(Q).sum(axis=-1)[:, :, None]


def _slopes_over(kind: np.ndarray, found: _Predictors, a: np.ndarray, b: np.ndarray) -> Bounds:
    """Bounds on the gradients of beta, VIF and R2."""
    x, y = zip(
        *(_factors(kind, q, omega) for q, omega in zip(found.q, found.omega, strict=True)),
        strict=True,
    )
    low, high = _cross(x, y, a, b)
    return -high, -low


def _regression_over(
    kind: np.ndarray, C: np.ndarray, D: np.ndarray, j: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bounds on the gradients of the other kinds over boxes, and whether they are proven."""
    k = C.shape[-1] - 1
    a, b = cell_places(k + 1)
    found = _predictors_over(C, D, j)
    low, high = _slopes_over(kind, found, a, b)
    valid = found.valid
    errors = np.flatnonzero(kind == "log_se2")
    if len(errors):
        P, E, _, full = inverse_enclosure(C[errors], D[errors])
        P, E = P[:, k, k], E[:, k, k]
        omega, q = ((low[errors], high[errors]) for low, high in (found.omega, found.q))
        first = _times(
            (np.maximum(P - E, 1.0)[:, None], (P + E)[:, None]), _self_product(omega, a, b)
        )
        vif, error = (
            found.Q[errors, j[errors], j[errors]],
            found.error[errors, j[errors], j[errors]],
        )
        second = _times(
            (1.0 / (vif + error)[:, None], 1.0 / np.maximum(vif - error, 1.0)[:, None]),
            _self_product(q, a, b),
        )
        low[errors], high[errors] = 2.0 * (first[0] - second[1]), 2.0 * (first[1] - second[0])
        valid[errors] &= full
    return low, high, valid


def _mean_value(
    kind: np.ndarray,
    value: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    radius: np.ndarray,
    valid: np.ndarray,
) -> Bounds:
    """Bounds on the statistic by the mean value form, or its limits where nothing is proven."""
    limits = _limits(kind)
    reach = (np.maximum(np.abs(low), np.abs(high)) * radius).sum(axis=1)
    least = np.where(valid, value - reach, limits[:, 0])
    return least, np.where(valid, value + reach, limits[:, 1])


def bounds_by_partialling(
    kind: Kinds, j: np.ndarray, centre: np.ndarray, radius: np.ndarray
) -> Bounds:
    """Bounds on statistics of predictor j from what the others leave unexplained of it and of y.

    With S = R_bb - R_bo Roo^-1 R_ob, b = (j, y), o the other predictors: beta = S_jy / S_jj,
    VIF = 1 / S_jj, rho = S_jy / sqrt(S_jj S_yy), se^2 df = S_yy (1 - rho^2) / S_jj. That holds
    wherever Roo is definite, next to singular R and Rxx too; and S_jj S_yy >= S_jy^2.

    Parameters
    ----------
    kind, j, centre, radius
        As in `enclose`, and no R2.

    Returns
    -------
    least, most : ndarray, shape (N,)
        Proven for the definite matrices of each box; `LIMITS` where there are none.
    """
    kind = np.broadcast_to(kind, len(centre))
    p = order_of(centre.shape[1])
    (low, high), own, outcome, valid = _left_over(matrices(centre, p), _radii(radius, p), j)
    nearest = np.maximum(np.maximum(low, -high), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.maximum(own[0], nearest**2 / outcome[1]), own[1]
        limit = np.sqrt(outcome[1] / own[0])
        beta, rho = [], []
        for end, sign in ((low, -1.0), (high, 1.0)):
            away = sign * end > 0
            slope = np.where(away, end / own[0], end / own[1])
            beta.append(np.where(away, sign * np.minimum(np.abs(slope), limit), slope))
            root = np.sqrt(np.where(away, own[0] * outcome[0], own[1] * outcome[1]))
            rho.append(np.clip(end / root, -1.0, 1.0))
        least_rho = np.maximum(np.maximum(rho[0], -rho[1]), 0.0)
        most_rho = np.maximum(np.abs(rho[0]), np.abs(rho[1]))
        ends = {
            "beta": beta,
            "rho": rho,
            "vif": [1.0 / own[1], 1.0 / own[0]],
            "log_se2": [
                np.log(outcome[0] * (1.0 - most_rho**2) / own[1]),
                np.log(outcome[1] * (1.0 - least_rho**2) / own[0]),
            ],
        }
    limits = _limits(kind)
    which = [kind == each for each in ends]
    least, most = (np.select(which, [each[end] for each in ends.values()]) for end in (0, 1))
    # Quotients of 0 and 0 say nothing.
    return (
        np.where(valid & ~np.isnan(least), least, limits[:, 0]),
        np.where(valid & ~np.isnan(most), most, limits[:, 1]),
    )


def _left_over(
    C: np.ndarray, D: np.ndarray, j: np.ndarray
) -> tuple[Bounds, Bounds, Bounds, np.ndarray]:
    """Bounds on S_jy, S_jj, S_yy of `bounds_by_partialling`, and whether they are proven."""
    N, p = C.shape[:2]
    o = p - 2
    others = np.arange(o) + (np.arange(o) >= j[:, None])
    order = np.column_stack([others, j, np.full(N, p - 1)])
    at = (np.arange(N)[:, None, None], order[:, :, None], order[:, None, :])
    C, D = C[at], D[at]
    rest = np.tile(np.eye(2), (N, 1, 1))
    valid = np.ones(N, dtype=bool)
    S = C[:, o:, o:]
    reach = np.abs(rest)
    if o:
        valid = positive_definite(C[:, :o, :o])
        C = np.where(valid[:, None, None], C, np.eye(p))
        Q, _, X, proven = inverse_enclosure(C[:, :o, :o], D[:, :o, :o])
        slopes, spread = _coefficients_over(C, D, Q, X)
        valid &= proven
        S = S - np.einsum("nia,nib->nab", C[:, :o, o:], slopes)
        reach = np.concatenate([np.abs(slopes) + spread, rest], axis=1)
    reach = np.einsum("nia,nij,njb->nab", reach, D, reach)
    low, high = S - reach - ROUNDOFF, S + reach + ROUNDOFF
    own, outcome = (
        (np.clip(low[:, i, i], 0.0, 1.0), np.clip(high[:, i, i], 0.0, 1.0)) for i in (0, 1)
    )
    return (low[:, 0, 1], high[:, 0, 1]), own, outcome, valid


def _limits(kind: np.ndarray) -> np.ndarray:
    """`LIMITS` of kinds, shape (N, 2)."""
    return np.array([LIMITS[each] for each in KINDS])[_code(kind)]


def _code(kind: np.ndarray) -> np.ndarray:
    """Places of kinds in `KINDS`."""
    return np.argmax(np.asarray(kind)[:, None] == np.array(KINDS), axis=1)
