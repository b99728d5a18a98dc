"""A made-up survey: raw data, analysed by statsmodels, printed as a paper prints its tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
import yaml
from scipy.stats import pearsonr
from statsmodels.stats.outliers_influence import variance_inflation_factor

STARS = {"***": 0.001, "**": 0.01, "*": 0.05}


def survey(seed: int, k: int, n: int, noise: float) -> pd.DataFrame:
    """Observations of k predictors that share two factors, and of an outcome y."""
    rng = np.random.default_rng(seed)
    factors = rng.standard_normal((n, 2)) @ rng.normal(size=(2, k))
    X = factors + noise * rng.standard_normal((n, k))
    y = X @ rng.normal(scale=0.5, size=k) + noise * rng.standard_normal(n)
    data = pd.DataFrame({**{f"x{j}": X[:, j] for j in range(k)}, "y": y})
    # Standard deviations that scores on a scale of seven points have.
    return 4 + data / data.std() * rng.uniform(0.9, 1.1, size=k + 1)


def printed_correlations(data: pd.DataFrame, decimals: int) -> pd.DataFrame:
    return data.corr().round(decimals)


def number(value: float, decimals: int) -> str:
    """A number with the minus sign of Unicode."""
    return f"{value:.{decimals}f}".replace("-", "−")


def share(value: float, decimals: int) -> str:
    """A number that cannot exceed 1, without its zero, as APA style has it."""
    return number(value, decimals).replace("0.", ".", 1)


def p_value(value: float, decimals: int) -> str:
    return f"<.{'1'.rjust(decimals, '0')}" if value < 10.0**-decimals else share(value, decimals)


def stars(p: float) -> str:
    return next((mark for mark, level in STARS.items() if p <= level), "")


def regression_table(data: pd.DataFrame, decimals: int) -> tuple[list[list[str]], dict[str, str]]:
    """statsmodels' regression of y on the others: its rows, and the statistics of the model."""
    X = sm.add_constant(data.drop(columns="y"))
    fit = sm.OLS(data["y"], X).fit()
    limits = fit.conf_int()
    rows = [["term", "b", "se", "t", "p", "ci_low", "ci_high", "vif", "tolerance"]]
    for place, name in enumerate(X.columns[1:], start=1):
        vif = variance_inflation_factor(X.to_numpy(), place)
        p = fit.pvalues[name]
        numbers = (fit.params[name], fit.bse[name], fit.tvalues[name])
        cells = [number(value, decimals) for value in numbers]
        cells[0] += stars(p)
        cells.append(p_value(p, decimals))
        cells += [number(limits.loc[name, end], decimals) for end in (0, 1)]
        rows.append([name, *cells, number(vif, decimals), share(1 / vif, decimals)])
    whole = {
        "r2": share(fit.rsquared, decimals),
        "adjusted_r2": share(fit.rsquared_adj, decimals),
        "f": number(fit.fvalue, decimals),
        "f_p": p_value(fit.f_pvalue, decimals),
    }
    return rows, whole


def write_csv(path: Path, rows: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")


def write_paper(folder: Path, data: pd.DataFrame, decimals: int, digits: int = 2) -> None:
    """A paper's folder with the survey's correlations at `decimals`, its results at `digits`."""
    names = list(data.columns)
    rows = [["construct", *names]]
    for i, name in enumerate(names):
        below = []
        for other in names[:i]:
            r, p = pearsonr(data[name], data[other])
            below.append(share(r, decimals) + stars(p))
        rows.append([name, *below, "1", *[""] * (len(names) - i - 1)])
    write_csv(folder / "tables/correlations.csv", rows)
    rows, whole = regression_table(data, digits)
    write_csv(folder / "tables/results.csv", rows)
    sds = data.std()
    model = {"outcome": "y", "predictors": names[:-1], "reported": "tables/results.csv", **whole}
    hypothesis = {
        "term": names[0],
        "model": "main",
        "direction": "positive",
        "reported": "supported",
    }
    description = {
        "title": "A made-up survey",
        "authors": [{"given": "Ada", "family": "Nobody"}],
        "licence": {"name": "CC0", "url": "https://creativecommons.org/publicdomain/zero/1.0/"},
        "study": {
            "n": len(data),
            "constructs": {
                name: {"label": f"Construct {name}", "sd": number(sds[name], digits)}
                for name in names
            },
            "correlations": "tables/correlations.csv",
            "stars": STARS,
            "models": {"main": model},
            "hypotheses": {"H1": hypothesis},
            "assumptions": {
                "scale": {"min": 1, "max": 7},
                "mean": "4",
                "items": 4,
                "alpha": "0.80",
            },
        },
    }
    text = yaml.safe_dump(description, sort_keys=False, allow_unicode=True)
    (folder / "paper.yaml").write_text(text, encoding="utf-8")
