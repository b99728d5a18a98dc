"""The constant of a regression, as printed correlations, means and standard deviations imply it.

With f_j = mean(x_j) / SD(x_j), Q = Rxx^-1 and s = SD(y) (Cohen, Cohen, West and Aiken 2003,
chapter 3; the design matrix's own inverse in these terms):

    b_0 = mean(y) - s sum_j beta_j f_j
    se_0^2 = s^2 (1 - R2) (n - 1) / df (1 / n + f' Q f / (n - 1))

Its safe bounds are sums and products of those of its parts, which are not extreme all at once:
they hold, and are wider than they need be.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrace.checks.regression.intervals import Ends, Recomputed, both_ends, over, p_range, product
from retrace.checks.regression.printed_model import PrintedModel
from retrace.estimators.least_squares import critical_t, two_sided_p
from retrace.matrices.enclosures import inverse_enclosure
from retrace.matrices.rounding_box import matrices, positive_definite
from retrace.printed.reported import CONSTANT_STATISTICS


def recompute_constant(
    model: PrintedModel, beta: Sequence[Ends], r2: Ends, cells: np.ndarray, level: float
) -> dict[str, Recomputed]:
    """b, se, t, p and the confidence limits of the constant.

    Parameters
    ----------
    model : PrintedModel
        With all correlations, means and standard deviations printed.
    beta : sequence of (float, float), length k
        Safe bounds of the standardised coefficients.
    r2 : (float, float)
        Safe bounds of R2.
    cells : ndarray, shape (N, m)
        Cells of matrices that print like the table, at which the tight values are sought.
    level : float
        Confidence level.
    """
    means, sds = (np.array([cell.interval for cell in row]) for row in model.moments)
    face = np.array([[cell.value for cell in row] for row in model.moments])
    if model.sd_of_n:
        for deviations in (sds, face[1]):
            deviations *= model.sd_factor
    at_face_value = bool(not model.has_stand_in and positive_definite(model.R) and face[1].all())
    # A standard deviation that prints as 0 is more than that, or there is no correlation.
    face[1] = np.where(face[1] > 0, face[1], sds[:, 1])
    reach = float(critical_t(1.0 - level, model.test_df))
    value = _at(model.R[None], face[:1], face[1:], model, reach) if at_face_value else {}
    # A bound has an end at infinity, which nothing attains: there it stays as printed.
    own_means, own_sds = (
        np.where(np.isfinite(ends), ends, printed[:, None])
        for ends, printed in zip((means, sds), face, strict=True)
    )
    R, tried_means, tried_sds = _corners(
        matrices(cells, model.k + 1), own_means, own_sds, face, model.k
    )
    attained = _at(R, tried_means, tried_sds, model, reach)
    safe = _safe(model, beta, r2, means, sds, reach)
    return {
        name: Recomputed(
            float(value[name][0]) if value else np.nan,
            (float(x.min()), float(x.max())),
            both_ends(safe[name]),
        )
        for name, x in ((name, attained[name]) for name in CONSTANT_STATISTICS)
    }


def _at(
    R: np.ndarray, means: np.ndarray, sds: np.ndarray, model: PrintedModel, reach: float
) -> dict[str, np.ndarray]:
    """The constant's statistics at matrices, shape (N, k + 1, k + 1), and moments (N, k + 1)."""
    k, n, df = model.k, model.n, model.df
    Q = np.linalg.inv(R[:, :k, :k])
    beta = np.einsum("nij,nj->ni", Q, R[:, :k, k])
    unexplained = 1.0 - np.einsum("ni,ni->n", R[:, :k, k], beta)
    f, s = means[:, :k] / sds[:, :k], sds[:, k]
    b = means[:, k] - s * (beta * f).sum(axis=1)
    leverage = 1 / n + np.einsum("ni,nij,nj->n", f, Q, f) / (n - 1)
    se = s * np.sqrt(unexplained * (n - 1) / df * leverage)
    t = b / se
    return {
        "b": b,
        "se": se,
        "t": t,
        "p": two_sided_p(t, model.test_df),
        "ci_low": b - reach * se,
        "ci_high": b + reach * se,
    }


def _corners(
    R: np.ndarray, means: np.ndarray, sds: np.ndarray, face: np.ndarray, k: int
) -> list[np.ndarray]:
    """Matrices and moments to try: as printed, and where the constant is least and most.

    The constant is linear in each mean, and monotone in each standard deviation.
    """
    beta = np.linalg.solve(R[:, :k, :k], R[:, :k, k, None])[:, :, 0]
    # A standard deviation that may be 0 stays as printed.
    low_sd = np.where(sds[:, 0] > 0, sds[:, 0], face[1])
    tried = [(R, np.tile(face[0], (len(R), 1)), np.tile(face[1], (len(R), 1)))]
    for up in (True, False):
        toward = (beta > 0) == up  # whether f_j is to be small
        x_means = np.where(toward, means[:k, 0], means[:k, 1])
        x_sds = np.where(toward == (x_means > 0), sds[:k, 1], low_sd[:k])
        lifts = ((beta * x_means / x_sds).sum(axis=1) < 0) == up
        own = np.where(lifts, sds[k, 1], low_sd[k])[:, None]
        y_mean = np.full((len(R), 1), means[k, int(up)])
        tried.append((R, np.hstack([x_means, y_mean]), np.hstack([x_sds, own])))
    return [np.concatenate(parts) for parts in zip(*tried, strict=True)]


def _safe(
    model: PrintedModel,
    beta: Sequence[Ends],
    r2: Ends,
    means: np.ndarray,
    sds: np.ndarray,
    reach: float,
) -> dict[str, Ends]:
    """Bounds that hold for every matrix, mean and standard deviation that print so."""
    k, n, df = model.k, model.n, model.df
    f = [over(mean, sd) for mean, sd in zip(means[:k], sds[:k], strict=True)]
    parts = [product(slope, factor) for slope, factor in zip(beta, f, strict=True)]
    sloped = (sum(low for low, _ in parts), sum(high for _, high in parts))
    s = (max(sds[k, 0], 0.0), sds[k, 1])
    lifted = product(s, sloped)
    b = (means[k, 0] - lifted[1], means[k, 1] - lifted[0])
    low, high = _quadratic_form(model, f)
    share = (max(1.0 - r2[1], 0.0), 1.0 - r2[0])
    leverage = (1 / n + low / (n - 1), 1 / n + high / (n - 1))
    unit = tuple(np.sqrt((n - 1) / df * np.array(product(share, leverage))))
    se = product(s, unit)
    in_sds = over(means[k], s)
    t = over((in_sds[0] - sloped[1], in_sds[1] - sloped[0]), unit)
    return {
        "b": b,
        "se": se,
        "t": t,
        "p": p_range(t, model.test_df),
        "ci_low": (b[0] - reach * se[1], b[1] - reach * se[0]),
        "ci_high": (b[0] + reach * se[0], b[1] + reach * se[1]),
    }


def _quadratic_form(model: PrintedModel, f: Sequence[Ends]) -> Ends:
    """Bounds on f' Q f over the rounding box of the predictors."""
    k = model.k
    low, high = model.low[:k, :k], model.high[:k, :k]
    centre, radius = (low + high) / 2, (high - low) / 2
    if not positive_definite(centre) or not np.isfinite(f).all():
        return 0.0, np.inf
    Q, error, _, proven = (part[0] for part in inverse_enclosure(centre[None], radius[None]))
    if not proven:
        return 0.0, np.inf
    terms = [
        product((Q[i, j] - error[i, j], Q[i, j] + error[i, j]), _square(f[i]))
        if i == j
        else product((Q[i, j] - error[i, j], Q[i, j] + error[i, j]), product(f[i], f[j]))
        for i in range(k)
        for j in range(k)
    ]
    return max(sum(low for low, _ in terms), 0.0), sum(high for _, high in terms)


def _square(x: Ends) -> Ends:
    ends = sorted((x[0] ** 2, x[1] ** 2))
    return (0.0 if x[0] <= 0.0 <= x[1] else ends[0]), ends[1]
