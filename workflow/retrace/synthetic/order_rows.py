"""Order respondents so that Durbin-Watson statistics print as printed.

Durbin-Watson, sum (e_t - e_(t-1))^2 / sum e_t^2 (Durbin and Watson 1950), is the one statistic of
a cross-sectional regression that depends on the order of rows, and on nothing else that is open
once the moments are met.
"""

from __future__ import annotations

import numpy as np

EXCHANGES = 2048
PATIENCE = 20


def durbin_watson(residuals: np.ndarray) -> np.ndarray:
    """Durbin-Watson statistics of residuals in the order of their rows.

    Parameters
    ----------
    residuals : numpy.ndarray, shape (n,) or (n, models)

    Returns
    -------
    float or numpy.ndarray, shape (models,)
    """
    return (np.diff(residuals, axis=0) ** 2).sum(axis=0) / (residuals**2).sum(axis=0)


def order_rows(
    residuals: np.ndarray, low: np.ndarray, high: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, bool]:
    """Order rows so that each model's Durbin-Watson statistic falls into its interval.

    The first model's residuals are laid out along an autoregressive series with the wanted
    autocorrelation, 1 - DW / 2; exchanges of two rows, the best of many at a time, do the rest.

    Parameters
    ----------
    residuals : numpy.ndarray, shape (n, models)
    low, high : numpy.ndarray, shape (models,)
    rng : numpy.random.Generator

    Returns
    -------
    order : numpy.ndarray of int, shape (n,)
    reached : bool
    """
    n = len(residuals)
    scaled = residuals / np.sqrt((residuals**2).sum(axis=0))
    order = _autoregressive_order(scaled[:, 0], 1 - (low[0] + high[0]) / 4, rng)
    unit = np.maximum((high - low) / 2, 1e-9)

    def cost(statistic: np.ndarray) -> np.ndarray:
        excess = np.maximum(statistic - high, 0) + np.maximum(low - statistic, 0)
        return ((excess / unit) ** 2).sum(axis=-1)

    statistic = durbin_watson(scaled[order])
    current, idle = cost(statistic), 0
    while current > 0 and idle < PATIENCE:
        a, b = np.sort(rng.integers(0, n, (2, EXCHANGES)), axis=0)
        apart = b - a > 1
        a, b = a[apart], b[apart]
        changed = statistic + _change(scaled[order], a, b)
        costs = cost(changed)
        best = int(np.argmin(costs)) if len(costs) else 0
        if len(costs) and costs[best] < current:
            order[[a[best], b[best]]] = order[[b[best], a[best]]]
            statistic, idle = durbin_watson(scaled[order]), 0
            current = cost(statistic)
        else:
            idle += 1
    return order, bool(current == 0)


def _change(e: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Change of each statistic when positions a and b, not adjacent, exchange rows."""
    edge = np.full((1, e.shape[1]), np.nan)
    padded = np.vstack([edge, e, edge])

    def neighbours(position: np.ndarray, value: np.ndarray) -> np.ndarray:
        before, after = padded[position], padded[position + 2]
        terms = np.stack([(value - before) ** 2, (value - after) ** 2])
        return np.nan_to_num(terms).sum(axis=0)

    there = neighbours(a, e[b]) + neighbours(b, e[a])
    return there - neighbours(a, e[a]) - neighbours(b, e[b])


def _autoregressive_order(
    e: np.ndarray, correlation: float, rng: np.random.Generator
) -> np.ndarray:
    n, rho = len(e), float(np.clip(correlation, -0.999, 0.999))
    noise = rng.standard_normal(n)
    series = np.empty(n)
    series[0] = noise[0]
    step = np.sqrt(1 - rho**2)
    for t in range(1, n):
        series[t] = rho * series[t - 1] + step * noise[t]
    order = np.empty(n, dtype=int)
    order[np.argsort(series, kind="stable")] = np.argsort(e, kind="stable")
    return order
