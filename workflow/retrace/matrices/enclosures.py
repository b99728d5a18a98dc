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

import numpy as np

from retrace.matrices.rounding_box import (
    DEFINITE,
    cell_places,
    matrices,
    order_of,
    positive_definite,
)

KINDS = ("beta", "rho", "vif", "r2", "log_se2")
# Values that no positive definite matrix can exceed, by kind: lowest and highest.
LIMITS = {
    "beta": (-np.inf, np.inf),
    "rho": (-1.0, 1.0),
    "vif": (1.0, np.inf),
    "r2": (0.0, 1.0),
    "log_se2": (-np.inf, np.inf),
}
# Kinds that need no more than a definite Rxx.
_OF_THE_PREDICTORS = ("beta", "vif", "r2")
# Inverses P in double precision are good to about this times |P| 1 1' |P|, the first order of what
# an error of the matrix does; enclosures are widened by it.
ROUNDOFF = 1e-14


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
    """

    value: np.ndarray
    gradient: np.ndarray
    low: np.ndarray
    high: np.ndarray
    valid: np.ndarray
    definite: np.ndarray
    throughout: np.ndarray


def inverse_enclosure(C, D):
    """Inverse of each centre, the entrywise bound on its deviation, the inverse of I - A, and
    whether the bound is proven.

    C and D, shape (N, p, p), are centres and radii of boxes of matrices.
    """
    p = C.shape[-1]
    P = np.linalg.inv(C)
    A = np.abs(P) @ D
    # Where the series diverges the matrix may be singular; any other value of A will do there.
    proven = A.sum(axis=-1).max(axis=-1) < 1.0
    unclear = ~proven
    if unclear.any():
        radius = np.abs(np.linalg.eigvals(A[unclear])).max(axis=-1)
        proven[unclear] = radius < 0.999
        A = np.where(proven[:, None, None], A, 0.0)
    X = np.linalg.inv(np.eye(p) - A)
    proven &= (X > -ROUNDOFF).all(axis=(-1, -2))
    E = X @ A @ np.abs(P) + _roundoff(P)
    return P, E, X, proven


def _roundoff(P):
    sums = np.abs(P).sum(axis=-1)
    return ROUNDOFF * sums[..., :, None] * sums[..., None, :]


def _definite_throughout(C, D, least):
    """Whether boxes around centres with these least eigenvalues are proven to be definite.

    No eigenvalue moves by more than the norm of D (Weyl 1912; Horn and Johnson 2013, theorem
    4.3.1). Where that is not enough, a series that converges shows that none reaches 0.
    """
    proven = least - D.sum(axis=-1).max(axis=-1) > DEFINITE
    rest = np.flatnonzero(~proven & (least > DEFINITE))
    if len(rest):
        proven[rest] = inverse_enclosure(C[rest], D[rest])[3]
    return proven


def _times(a, b):
    """Product of two intervals given as (low, high)."""
    products = (a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1])
    low, high = products[0], products[0]
    for product in products[1:]:
        low, high = np.minimum(low, product), np.maximum(high, product)
    return low, high


def _self_product(vector, a, b):
    """Interval of x_a x_b over cells (a, b); a and b differ, so no square needs special care."""
    return _times((vector[0][:, a], vector[1][:, a]), (vector[0][:, b], vector[1][:, b]))


def _cross(x, y, a, b):
    """Interval of x_a y_b + x_b y_a."""
    one = _times((x[0][:, a], x[1][:, a]), (y[0][:, b], y[1][:, b]))
    two = _times((x[0][:, b], x[1][:, b]), (y[0][:, a], y[1][:, a]))
    return one[0] + two[0], one[1] + two[1]


def _around(centre, radius):
    return centre - radius, centre + radius


def at_points(kind: str, j: np.ndarray, cells: np.ndarray):
    """Value and gradient of one kind of statistic at a batch of points.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    j : ndarray of int, shape (N,)
        Predictor of each point; ignored for `r2`.
    cells : ndarray, shape (N, m)
        Cells above the diagonal, row by row, outcome last.

    Returns
    -------
    value : ndarray, shape (N,)
        NaN where the statistic has none.
    gradient : ndarray, shape (N, m)
    definite : ndarray of bool, shape (N,)
        Whether the matrix is positive definite, so that data can have it.
    """
    C, defined, least = _defined_matrices(kind, cells)
    value, gradient = _point(kind, j, C)
    return np.where(defined, value, np.nan), gradient, least > DEFINITE


def enclose(kind: str, j: np.ndarray, centre: np.ndarray, radius: np.ndarray) -> Enclosure:
    """Value and gradient enclosure of one kind of statistic over a batch of boxes.

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
    p = order_of(centre.shape[1])
    D = matrices(radius, p)
    D[:, np.arange(p), np.arange(p)] = 0.0
    C, defined, least = _defined_matrices(kind, centre)
    value, gradient = _point(kind, j, C)
    if kind == "rho":
        low, high, valid = _partial_over(C, D, j)
    else:
        low, high, valid = _regression_over(kind, C, D, j)
    throughout = _definite_throughout(C, D, least)
    value = np.where(defined, value, np.nan)
    return Enclosure(value, gradient, low, high, valid & defined, least > DEFINITE, throughout)


def _defined_matrices(kind, cells):
    """Matrices, the identity in place of those without the statistic; whether they have it; and
    the least eigenvalue.
    """
    p = order_of(cells.shape[1])
    C = matrices(cells, p)
    least = np.linalg.eigvalsh(C)[:, 0]
    defined = least > DEFINITE
    indefinite = np.flatnonzero(~defined)
    if kind in _OF_THE_PREDICTORS and len(indefinite):
        defined[indefinite] = positive_definite(C[indefinite, : p - 1, : p - 1])
    if not defined.all():
        C = np.where(defined[:, None, None], C, np.eye(p))
    return C, defined, least


def _point(kind, j, C):
    """Value and gradient at matrices C."""
    k = C.shape[-1] - 1
    a, b = cell_places(k + 1)
    rows = np.arange(len(C))
    if kind == "rho":
        P = np.linalg.inv(C)
        u = P[rows, :, j] / np.sqrt(P[rows, j, j])[:, None]
        v = P[:, :, k] / np.sqrt(P[:, k, k])[:, None]
        rho = -u[:, k] / v[:, k]
        cross = u[:, a] * v[:, b] + u[:, b] * v[:, a]
        return rho, cross + rho[:, None] * (u[:, a] * u[:, b] + v[:, a] * v[:, b])
    Q = np.linalg.inv(C[:, :k, :k])
    beta = np.einsum("nij,nj->ni", Q, C[:, :k, k])
    omega = np.concatenate([beta, np.full((len(C), 1), -1.0)], axis=1)
    q = np.concatenate([Q[rows, j], np.zeros((len(C), 1))], axis=1)
    vif = Q[rows, j, j]
    if kind == "vif":
        return vif, -2.0 * q[:, a] * q[:, b]
    if kind == "beta":
        return beta[rows, j], -(q[:, a] * omega[:, b] + q[:, b] * omega[:, a])
    r2 = np.einsum("ni,ni->n", C[:, :k, k], beta)
    if kind == "r2":
        return r2, -2.0 * omega[:, a] * omega[:, b]
    # 1 - R2, which by subtraction might not come out positive.
    rest = 1.0 / np.linalg.inv(C)[:, k, k][:, None]
    gradient = omega[:, a] * omega[:, b] / rest - q[:, a] * q[:, b] / vif[:, None]
    return np.log(vif * rest[:, 0]), 2.0 * gradient


def _partial_over(C, D, j):
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


def _regression_over(kind, C, D, j):
    """Bounds on the gradient of the other kinds over boxes, and whether they are proven."""
    k = C.shape[-1] - 1
    a, b = cell_places(k + 1)
    rows = np.arange(len(C))
    nil = np.zeros((len(C), 1))
    Q, EQ, X, valid = inverse_enclosure(C[:, :k, :k], D[:, :k, :k])
    r, d = C[:, :k, k], D[:, :k, k]
    beta = np.einsum("nij,nj->ni", Q, r)
    spread = d + np.einsum("nij,nj->ni", D[:, :k, :k], np.abs(beta))
    spread = np.einsum("nij,njk,nk->ni", X, np.abs(Q), spread) + _roundoff(Q).sum(axis=-1)
    omega = _around(
        np.concatenate([beta, nil - 1.0], axis=1), np.concatenate([spread, nil], axis=1)
    )
    if kind == "r2":
        low, high = _self_product(omega, a, b)
        return -2.0 * high, -2.0 * low, valid
    q = _around(
        np.concatenate([Q[rows, j], nil], axis=1), np.concatenate([EQ[rows, j], nil], axis=1)
    )
    if kind == "vif":
        low, high = _self_product(q, a, b)
        return -2.0 * high, -2.0 * low, valid
    if kind == "beta":
        low, high = _cross(q, omega, a, b)
        return -high, -low, valid
    P, E, _, full = inverse_enclosure(C, D)
    P, E = P[:, k, k], E[:, k, k]
    first = _times((np.maximum(P - E, 1.0)[:, None], (P + E)[:, None]), _self_product(omega, a, b))
    vif, error = Q[rows, j, j], EQ[rows, j, j]
    second = _times(
        (1.0 / (vif + error)[:, None], 1.0 / np.maximum(vif - error, 1.0)[:, None]),
        _self_product(q, a, b),
    )
    return 2.0 * (first[0] - second[1]), 2.0 * (first[1] - second[0]), valid & full
