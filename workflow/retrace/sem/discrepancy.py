"""The ML discrepancy of many matrices at once, where it exists."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retrace.sem.structure import Moments

Array = NDArray[np.floating]
Flags = NDArray[np.bool_]


def log_determinants(matrices: Array) -> tuple[Array, Flags]:
    """Log determinants (b,) and which matrices are positive definite (b,)."""
    try:
        factor = np.linalg.cholesky(matrices)
    except np.linalg.LinAlgError:
        # At least one is not positive definite; find out which. What others come to must not
        # depend on their company.
        if len(matrices) == 1:
            return _spectral_log_determinants(matrices)
        alone = [log_determinants(matrix[None]) for matrix in matrices]
        logs, definite = (np.concatenate(parts) for parts in zip(*alone, strict=True))
        return logs, definite
    logs = 2.0 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(1)
    return logs, np.isfinite(logs)


def _spectral_log_determinants(matrices: Array) -> tuple[Array, Flags]:
    """The same, slower, with matrices that rounding alone keeps definite told apart."""
    finite: Flags = np.all(np.isfinite(matrices), axis=(1, 2))
    values = np.linalg.eigvalsh(np.where(finite[:, None, None], matrices, 0.0))
    limit = values[:, -1:] * matrices.shape[-1] * np.finfo(float).eps
    positive = finite & (values > limit).all(1) & (values[:, -1] > 0)
    logs = np.log(np.where(positive[:, None], values, 1.0)).sum(1)
    return np.where(positive, logs, np.inf), positive


def discrepancy(moments: Moments, sample: Array, log_s: Array) -> tuple[Array, Array, Array]:
    """`F` (b,), `W = Sigma^-1` and `W (S - Sigma) W` (b, p, p); infinite F where not definite."""
    sigma = moments.sigma
    log_sigma, definite = log_determinants(sigma)
    all_definite = bool(definite.all())
    try:
        w = np.linalg.inv(sigma if all_definite else _or_identity(sigma, definite))
    except np.linalg.LinAlgError:
        # Definite to the last bit only.
        log_sigma, definite = _spectral_log_determinants(sigma)
        all_definite = False
        w = np.linalg.inv(_or_identity(sigma, definite))
    ws = w @ sample
    trace = np.einsum("ijj->i", ws)
    f = log_sigma + trace - log_s - sigma.shape[-1]
    e = ws @ w - w
    return f if all_definite else np.where(definite, f, np.inf), w, e


def _or_identity(matrices: Array, usable: Flags) -> Array:
    return np.where(usable[:, None, None], matrices, np.eye(matrices.shape[-1]))
