"""Simulated studies, printed as papers print them: honest tables for tests and benchmarks."""

import numpy as np
from regression_examples import printed_model

from retrace.checks.regression.stars import Legend, StarredCell, correlation_cells, verdict_on_stars
from retrace.estimators.least_squares import critical_t, ols_from_correlations, two_sided_p
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import CONTRADICTED
from retrace.provenance.streams import random_stream

LEGEND = {"***": 0.01, "**": 0.05, "*": 0.10}


def cell(value: float, decimals: int, stars: str = "") -> Printed:
    return Printed.parse(f"{value:.{decimals}f}{stars}")


def raw_data(stream, k: int, n: int) -> np.ndarray:
    """Observations of k predictors and an outcome: factors, some skewed, some on a scale."""
    factors = stream.standard_normal((n, 2)) @ stream.normal(scale=0.7, size=(2, k + 1))
    data = factors + stream.standard_normal((n, k + 1))
    shape = stream.integers(3)
    if shape == 1:
        data = np.exp(0.5 * data)
    elif shape == 2:
        data = np.clip(np.round(data * 1.2 + 4), 1, 7)
    return data * stream.uniform(0.5, 3, size=k + 1)


def hard_data(stream, k: int, n: int) -> np.ndarray:
    """Predictors that may nearly determine each other, and nearly determine the outcome."""
    x = stream.standard_normal((n, k)) @ (np.eye(k) + stream.normal(scale=0.6, size=(k, k)))
    if k > 1 and stream.random() < 0.3:
        x[:, 0] = x[:, 1] + stream.choice([0.05, 0.3]) * stream.standard_normal(n)
    if stream.random() < 0.3:
        x = np.round(x)
    y = x @ stream.normal(scale=stream.choice([0.05, 0.3, 1.0]), size=k)
    y = y + stream.choice([0.02, 0.1, 1.0, 3.0]) * stream.standard_normal(n)
    return np.column_stack([x, y])


def honest_study(seed: int):
    """A printed study and its decimals; None where a column came out constant or collinear."""
    stream = random_stream(seed, "benchmark", "detection")
    k = int(stream.integers(1, 9))
    n = round(np.exp(stream.uniform(np.log(30), np.log(2000))))
    decimals = int(stream.integers(2, 4))
    return study_of(raw_data(stream, k, n), decimals)


def hard_study(seed: int):
    """The same at the edges: R2 near 1, near collinearity, n from k + 2 to 20,000, 1 decimal."""
    stream = random_stream(seed, "benchmark", "hard")
    k = int(stream.integers(1, 9))
    n = int(stream.choice([k + 2, k + 3, 12, 15, 30, 100, 300, 2000, 20_000]))
    decimals = int(stream.integers(1, 4))
    return study_of(hard_data(stream, k, max(n, k + 2)), decimals)


def near_zero_study(seed: int):
    """Small n, and units so large that SDs, coefficients, errors and limits may print as 0.

    Constant and tolerances included; 0 to 3 decimals.
    """
    stream = random_stream(seed, "benchmark", "near zero")
    k = int(stream.integers(1, 5))
    n = int(stream.choice([k + 2, k + 3, 12, 100, 2000, 20_000]))
    data = (raw_data if stream.random() < 0.5 else hard_data)(stream, k, n)
    data = data * 10.0 ** stream.uniform(-3, 1, size=k + 1)
    data = data + stream.choice([0.0, 0.1, 4.0], size=k + 1)
    return study_of(data, int(stream.integers(0, 4)), more=True)


def constant_row(data: np.ndarray, level: float = 0.95) -> dict[str, float]:
    """The constant of the regression of the last column on the others, by the textbook."""
    n = len(data)
    D = np.column_stack([np.ones(n), data[:, :-1]])
    b, *_ = np.linalg.lstsq(D, data[:, -1], rcond=None)
    e = data[:, -1] - D @ b
    df = n - D.shape[1]
    se = np.sqrt(e @ e / df) * np.linalg.norm(np.linalg.inv(np.linalg.qr(D, mode="r"))[0])
    reach = critical_t(1 - level, df) * se
    t = b[0] / se
    values = {"b": b[0], "se": se, "t": t, "p": two_sided_p(t, df)}
    return values | {"ci_low": b[0] - reach, "ci_high": b[0] + reach}


def study_of(data: np.ndarray, decimals: int, more: bool = False, level: float = 0.95):
    """The regression of the last column on the others, printed with so many decimals.

    With `more` also means, the constant, and tolerances; `level` is that of confidence limits.
    """
    n, k = len(data), data.shape[1] - 1
    sds = data.std(axis=0, ddof=1)
    if not (sds > 0).all():
        return None
    R = np.corrcoef(data, rowvar=False)
    if np.linalg.eigvalsh(R)[0] < 1e-6:
        return None
    fit = ols_from_correlations(R, n, sds=sds)
    names = [*(f"x{j}" for j in range(k)), "y"]
    legend = Legend.of(LEGEND)
    reach = critical_t(1 - level, fit.df) * fit.se
    correlations = {}
    for a in range(k + 1):
        for b in range(a):
            pair = ols_from_correlations(np.array([[1, R[a, b]], [R[a, b], 1]]), n)
            correlations[names[a], names[b]] = cell(R[a, b], decimals, legend.mark(pair.p[0]))
    reported = {}
    for j in range(k):
        values = {
            "b": fit.b[j],
            "beta": fit.beta[j],
            "se": fit.se[j],
            "t": fit.t[j],
            "ci_low": fit.b[j] - reach[j],
            "ci_high": fit.b[j] + reach[j],
            "vif": fit.vif[j],
        }
        if more:
            values["tolerance"] = 1 / fit.vif[j]
        row = {name: cell(value, decimals) for name, value in values.items()}
        row["p"] = cell(fit.p[j], decimals, legend.mark(fit.p[j]))
        reported[names[j]] = row
    if more:
        row = constant_row(data, level)
        reported["(constant)"] = {name: cell(value, decimals) for name, value in row.items()}
        means = dict(zip(names, data.mean(axis=0), strict=True))
    overall = {"r2": fit.r2, "adjusted_r2": fit.adjusted_r2, "f": fit.f, "f_p": fit.f_p}
    overall = {name: cell(value, decimals) for name, value in overall.items()}
    model = printed_model(
        "m",
        "y",
        names[:k],
        n,
        correlations,
        reported,
        overall,
        means={name: cell(mean, decimals) for name, mean in means.items()} if more else None,
        sds={name: cell(sd, decimals) for name, sd in zip(names, sds, strict=True)},
    )
    return model, correlations


def wrong_stars(model, correlations) -> int:
    cells = correlation_cells([(*pair, c) for pair, c in correlations.items()], model.n)
    legend = Legend.of(LEGEND)
    for term in model.predictors:
        p = model.reported[term]["p"]
        low, high = p.interval
        cells.append(StarredCell("m", term, "p", p, p.value, max(low, 0), min(high, 1)))
    return sum(verdict_on_stars(c, legend) == CONTRADICTED for c in cells)
