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
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrace.rounding_box import cell_places, matrices, order_of, positive_definite

KINDS = ("beta", "rho", "vif", "r2", "log_se2")
# Values that no positive definite matrix can exceed, by kind: lowest and highest.
LIMITS = {
    "beta": (-np.inf, np.inf),
    "rho": (-1.0, 1.0),
    "vif": (1.0, np.inf),
    "r2": (0.0, 1.0),
    "log_se2": (-np.inf, np.inf),
}
# Inverses in double precision are good to about this; enclosures are widened by it.
ROUNDOFF = 1e-13


@dataclass(frozen=True)
class Enclosure:
    """Values at the centres of a batch of boxes, and gradients over each whole box.

    Attributes
    ----------
    value : ndarray, shape (N,)
        Statistic at the centre; NaN where the centre is not positive definite.
    gradient, low, high : ndarray, shape (N, m)
        Gradient at the centre, and bounds that hold over the box, by cell.
    valid : ndarray of bool, shape (N,)
        Whether the bounds are proven.
    """

    value: np.ndarray
    gradient: np.ndarray
    low: np.ndarray
    high: np.ndarray
    valid: np.ndarray


def _inverse_enclosure(C, D):
    """Inverse of each centre, the entrywise bound on its deviation, and whether it is proven."""
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
    E = X @ A @ np.abs(P) + ROUNDOFF * np.abs(P).max(axis=(-1, -2), keepdims=True)
    return P, E, X, proven


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


def enclose(kind: str, j: np.ndarray, centre: np.ndarray, radius: np.ndarray) -> Enclosure:
    """Value and gradient enclosure of one kind of statistic over a batch of boxes.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    j : ndarray of int, shape (N,)
        Predictor of each box; ignored for `r2`.
    centre, radius : ndarray, shape (N, m)
        Boxes of cells above the diagonal, row by row, outcome last.

    Returns
    -------
    Enclosure
    """
    N, m = centre.shape
    p = order_of(m)
    k = p - 1
    a, b = cell_places(p)
    C = matrices(centre, p)
    D = matrices(radius, p)
    D[:, np.arange(p), np.arange(p)] = 0.0
    definite = positive_definite(C)
    if not definite.all():
        C = np.where(definite[:, None, None], C, np.eye(p))
    rows = np.arange(N)
    if kind == "rho":
        value, point, bounds, valid = _enclose_partial(C, D, j, rows, a, b)
    else:
        value, point, bounds, valid = _enclose_regression(kind, C, D, j, rows, a, b, k)
    valid &= definite
    return Enclosure(np.where(definite, value, np.nan), point, bounds[0], bounds[1], valid)


def _enclose_partial(C, D, j, rows, a, b):
    P, E, _, valid = _inverse_enclosure(C, D)
    columns, limits, roots = [], [], []
    for index in (j, np.full(len(rows), C.shape[-1] - 1)):
        column, spread = P[rows, :, index], E[rows, :, index]
        diagonal, error = column[rows, index], spread[rows, index]
        root = np.sqrt(diagonal)
        # The diagonal of the inverse of a correlation matrix is at least 1.
        least = np.sqrt(np.maximum(diagonal - error, 1.0))
        most = np.sqrt(diagonal + error)
        low, high = _times(_around(column, spread), (1.0 / most[:, None], 1.0 / least[:, None]))
        low[rows, index], high[rows, index] = least, most
        columns.append(column / root[:, None])
        limits.append((low, high))
        roots.append(root)
    (u, v), (u_box, v_box) = columns, limits
    rho = -u[:, -1] / roots[1]
    y = C.shape[-1] - 1
    rho_box = _times(
        (-u_box[1][:, y], -u_box[0][:, y]), (1.0 / v_box[1][:, y], 1.0 / v_box[0][:, y])
    )
    rho_box = (np.maximum(rho_box[0], -1.0)[:, None], np.minimum(rho_box[1], 1.0)[:, None])
    point = u[:, a] * v[:, b] + u[:, b] * v[:, a]
    point = point + rho[:, None] * (u[:, a] * u[:, b] + v[:, a] * v[:, b])
    cross = _cross(u_box, v_box, a, b)
    uu, vv = _self_product(u_box, a, b), _self_product(v_box, a, b)
    scaled = _times(rho_box, (uu[0] + vv[0], uu[1] + vv[1]))
    return rho, point, (cross[0] + scaled[0], cross[1] + scaled[1]), valid


def _enclose_regression(kind, C, D, j, rows, a, b, k):
    N = len(rows)
    Q, EQ, X, valid = _inverse_enclosure(C[:, :k, :k], D[:, :k, :k])
    r, d = C[:, :k, k], D[:, :k, k]
    beta = np.einsum("nij,nj->ni", Q, r)
    Dbeta = d + np.einsum("nij,nj->ni", D[:, :k, :k], np.abs(beta))
    Ebeta = np.einsum("nij,njk,nk->ni", X, np.abs(Q), Dbeta) + ROUNDOFF
    r2 = np.einsum("ni,ni->n", r, beta)
    minus = np.full((N, 1), -1.0)
    omega = np.concatenate([beta, minus], axis=1)
    omega_box = _around(omega, np.concatenate([Ebeta, 0 * minus], axis=1))
    if kind == "r2":
        low, high = _self_product(omega_box, a, b)
        return r2, -2.0 * omega[:, a] * omega[:, b], (-2.0 * high, -2.0 * low), valid
    q = np.concatenate([Q[rows, j], 0 * minus], axis=1)
    q_box = _around(q, np.concatenate([EQ[rows, j], 0 * minus], axis=1))
    vif = Q[rows, j, j]
    if kind == "vif":
        low, high = _self_product(q_box, a, b)
        return vif, -2.0 * q[:, a] * q[:, b], (-2.0 * high, -2.0 * low), valid
    if kind == "beta":
        point = -(q[:, a] * omega[:, b] + q[:, b] * omega[:, a])
        low, high = _cross(q_box, omega_box, a, b)
        return beta[rows, j], point, (-high, -low), valid
    P, E, _, full = _inverse_enclosure(C, D)
    valid = valid & full
    Pyy, Eyy = P[:, k, k], E[:, k, k]
    point = 2.0 * (Pyy[:, None] * omega[:, a] * omega[:, b] - q[:, a] * q[:, b] / vif[:, None])
    first = _times(
        (np.maximum(Pyy - Eyy, 1.0)[:, None], (Pyy + Eyy)[:, None]),
        _self_product(omega_box, a, b),
    )
    error = EQ[rows, j, j]
    second = _times(
        (1.0 / (vif + error)[:, None], 1.0 / np.maximum(vif - error, 1.0)[:, None]),
        _self_product(q_box, a, b),
    )
    bounds = (2.0 * (first[0] - second[1]), 2.0 * (first[1] - second[0]))
    return np.log(vif / Pyy), point, bounds, valid
