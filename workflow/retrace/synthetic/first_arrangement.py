"""A first arrangement of a column's values: about the wanted cross products with other columns.

What moments leave open of the joint distribution is decided here, and so is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from retrace.synthetic.arrange_columns import Window

# What a column has beside its linear relation to the others: its log SD changes by up to so much
# for one SD of a column, and it correlates up to so much with the product of two.
UNEVEN = 1.5
BENT = 0.5

# Correlations that may be anything come this near to where they are to begin.
NEAR = 0.05


def lay_out(
    values: np.ndarray, X: np.ndarray, window: Window, rng: np.random.Generator
) -> np.ndarray:
    """Values by the ranks of X b + noise, b corrected until the correlations are near."""
    values = np.sort(values)
    centre, spread = X.mean(axis=0), np.sqrt(((X - X.mean(axis=0)) ** 2).sum(axis=0))
    Z = (X - centre) / np.where(spread > 0, spread, 1.0)
    size = np.sqrt(((values - values.mean()) ** 2).sum())
    goal = (window.low + window.high) / 2 if window.goal is None else window.goal
    wanted = (goal - values.sum() * centre) / (spread * size)
    noise = _disturbance(Z, rng)
    G = Z.T @ Z
    tolerance = np.maximum((window.high - window.low) / 2, 1.0) / (spread * size)
    tolerance = np.minimum(tolerance, NEAR)
    aim, best, best_miss = wanted.copy(), values, np.inf
    for _ in range(8):
        b = np.linalg.lstsq(G, aim, rcond=1e-10)[0]
        explained = min(float(b @ G @ b), 1.0)
        y = np.empty_like(values)
        y[np.argsort(Z @ b + np.sqrt(1 - explained) * noise, kind="stable")] = values
        missing = wanted - Z.T @ (y - values.mean()) / size
        miss = np.abs(missing / tolerance).max()
        if miss < best_miss:
            best, best_miss = y, miss
        if miss < 1:
            break
        aim = aim + missing
    return best


def _disturbance(Z: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Noise of unit length that no column correlates with, shape (n,).

    Moments leave open whether it spreads evenly (Harvey's 1976 multiplicative heteroscedasticity:
    its log SD follows one column or its absolute value) and whether the relation bends (it holds
    some of the product of two columns), so both are drawn.
    """
    n, c = Z.shape
    Q, _ = np.linalg.qr(Z)

    def unrelated(values: np.ndarray) -> np.ndarray:
        values = values - values.mean()
        for _ in range(2):
            values -= Q @ (Q.T @ values)
        return values

    scores = Z * np.sqrt(n)
    spread = np.clip(scores[:, rng.integers(c)], -3, 3)  # beyond, single rows would be all
    spread = np.abs(spread) if rng.random() < 0.5 else spread
    noise = unrelated(rng.standard_normal(n) * np.exp(rng.uniform(-UNEVEN, UNEVEN) * spread))
    one, two = rng.integers(c, size=2)
    bend, share = unrelated(scores[:, one] * scores[:, two]), rng.uniform(-BENT, BENT)
    length = np.sqrt((bend**2).sum())
    if length > 1e-6 * np.sqrt(n):  # of two values a square is a line
        noise *= np.sqrt((1 - share**2) / (noise**2).sum())
        noise += share * bend / length
    return noise / np.sqrt((noise**2).sum())
