"""A made-up survey: raw data, analysed by statsmodels, printed as a paper prints its tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
import yaml


def survey(seed: int, k: int, n: int, noise: float) -> pd.DataFrame:
    """Observations of k predictors that share two factors, and of an outcome y."""
    rng = np.random.default_rng(seed)
    factors = rng.standard_normal((n, 2)) @ rng.normal(size=(2, k))
    X = factors + noise * rng.standard_normal((n, k))
    y = X @ rng.normal(scale=0.5, size=k) + noise * rng.standard_normal(n)
    return pd.DataFrame({**{f"x{j}": X[:, j] for j in range(k)}, "y": y})


def fit(data: pd.DataFrame):
    """statsmodels' regression of y on the others, all standardised."""
    z = (data - data.mean()) / data.std()
    return sm.OLS(z["y"], sm.add_constant(z.drop(columns="y"))).fit()


def printed_correlations(data: pd.DataFrame, decimals: int) -> pd.DataFrame:
    return data.corr().round(decimals)


def write_paper(folder: Path, data: pd.DataFrame, decimals: int, digits: int = 2) -> None:
    """A paper's folder with the survey's correlations at `decimals`, its results at `digits`."""
    names = list(data.columns)
    (folder / "tables").mkdir(parents=True)
    lines = [",".join(["construct", *names])]
    R = data.corr().to_numpy()
    for i, name in enumerate(names):
        cells = [f"{R[i, j]:.{decimals}f}" for j in range(i)]
        lines.append(",".join([name, *cells, "1", *[""] * (len(names) - i - 1)]))
    (folder / "tables/correlations.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = fit(data)
    lines = ["term,beta,se,t,p"]
    for name in names[:-1]:
        values = (found.params[name], found.bse[name], found.tvalues[name], found.pvalues[name])
        lines.append(",".join([name, *(f"{value:.{digits}f}" for value in values)]))
    (folder / "tables/results.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    description = {
        "title": "A made-up survey",
        "authors": [{"given": "Ada", "family": "Nobody"}],
        "licence": {"name": "CC0", "url": "https://creativecommons.org/publicdomain/zero/1.0/"},
        "study": {
            "n": len(data),
            "scale": {"min": 1, "max": 7},
            "constructs": {name: {"label": f"Construct {name}"} for name in names},
            "correlations": "tables/correlations.csv",
            "models": {
                "main": {
                    "outcome": "y",
                    "predictors": names[:-1],
                    "reported": "tables/results.csv",
                    "r2": f"{found.rsquared:.{digits}f}",
                    "f": f"{found.fvalue:.{digits}f}",
                }
            },
            "hypotheses": {
                "H1": {
                    "term": names[0],
                    "model": "main",
                    "direction": "positive",
                    "reported": "supported",
                }
            },
            "assumptions": {"mean": "4", "sd": "1", "items": 4, "alpha": "0.80"},
        },
    }
    (folder / "paper.yaml").write_text(yaml.safe_dump(description, sort_keys=False), "utf-8")
