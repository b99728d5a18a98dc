"""A made-up paper with a moderated regression: answers on five points, analysed by statsmodels.

Trust and risk are centred before they are multiplied, as textbooks advise (Aiken and West 1991).
The paper prints M, SD and correlations, and two steps of a regression, the product in the second.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
import yaml

LABELS = {
    "size": "Size",
    "trust": "Trust",
    "risk": "Risk",
    "effort": "Effort",
    "xw": "Trust × Risk",
}
STEPS = {"Step 1": ["size", "trust", "risk"], "Step 2": ["size", "trust", "risk", "xw"]}
ITEMS = 4


def answers(seed: int, n: int) -> pd.DataFrame:
    """Scores of n people, means of `ITEMS` answers from 1 to 5, and the centred product."""
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((n, 4))

    def score(latent: np.ndarray) -> np.ndarray:
        raw = 3 + 0.9 * (0.8 * latent[:, None] + 0.7 * rng.standard_normal((n, ITEMS)))
        return np.clip(np.rint(raw), 1, 5).mean(axis=1)

    risk = 0.3 * z[:, 1] + z[:, 2]
    effort = 0.3 * z[:, 1] + 0.2 * risk + 0.3 * z[:, 1] * risk + 0.8 * z[:, 3]
    latent = {"size": z[:, 0], "trust": z[:, 1], "risk": risk, "effort": effort}
    data = pd.DataFrame({name: score(values) for name, values in latent.items()})
    own = data[["trust", "risk"]] - data[["trust", "risk"]].mean()
    return data.assign(xw=own["trust"] * own["risk"])


def correlation_table(data: pd.DataFrame) -> list[list[str]]:
    """M, SD and what stands below the diagonal; no mean of the product, which textbooks omit."""
    R, rows = data.corr(), [["Variable", "M", "SD", *map(str, range(1, len(LABELS) + 1))]]
    for i, (name, label) in enumerate(LABELS.items()):
        mean = "" if name == "xw" else f"{data[name].mean():.2f}"
        cells = ["–" if j == i else f"{R.iloc[i, j]:.2f}" for j in range(i + 1)]
        blank = [""] * (len(LABELS) - i - 1)
        rows.append([f"{i + 1}. {label}", mean, f"{data[name].std():.2f}", *cells, *blank])
    return rows


def regression_table(data: pd.DataFrame, misprint: float) -> list[list[str]]:
    """Both steps as `B (SE)`, with R2; `misprint` is added to the coefficient of the product."""
    fits = [sm.OLS(data["effort"], sm.add_constant(data[terms])).fit() for terms in STEPS.values()]
    rows = [["", *(f"{step} B (SE)" for step in STEPS)]]
    for name in STEPS["Step 2"]:
        added = misprint if name == "xw" else 0.0
        cells = [
            f"{fit.params[name] + added:.2f} ({fit.bse[name]:.2f})" if name in fit.params else ""
            for fit in fits
        ]
        rows.append([LABELS[name], *cells])
    return [*rows, ["R²", *(f"{fit.rsquared:.3f}" for fit in fits)]]


def describe(n: int) -> dict:
    """The `paper.yaml` of a paper that prints the two tables."""
    constructs: dict = {name: {"label": label} for name, label in LABELS.items()}
    for name in constructs:
        constructs[name] |= {"items": ITEMS} if name != "xw" else {}
    constructs["xw"] |= {"product": ["trust", "risk"], "centred": True}
    common = {"direction": "positive", "reported": "supported"}
    return {
        "title": "A study of trust at risk",
        "authors": [{"family": "Nobody"}],
        "licence": {"name": "CC0"},
        "study": {
            "n": n,
            "constructs": constructs,
            "scale": {"min": 1, "max": 5},
            "correlations": {"file": "tables/table1.csv"},
            "regressions": {"table2": {"file": "tables/table2.csv", "outcome": "effort"}},
            "hypotheses": {
                "H1": {"product": ["trust", "risk"], **common},
                "H2": {"term": "trust", "model": "Step_2", "at": {"risk": "0.70"}, **common},
            },
            "assumptions": {"alpha": "0.80"},
        },
    }


def write_paper(folder: Path, data: pd.DataFrame, misprint: float = 0.0) -> None:
    """Write the folder of the paper."""
    (folder / "tables").mkdir(parents=True)
    tables = {"table1": correlation_table(data), "table2": regression_table(data, misprint)}
    for name, rows in tables.items():
        with (folder / f"tables/{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    text = yaml.safe_dump(describe(len(data)), sort_keys=False, allow_unicode=True)
    (folder / "paper.yaml").write_text(text, encoding="utf-8")
