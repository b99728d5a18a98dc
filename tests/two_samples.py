"""A paper with two samples, in tables that both share: data, what is printed of them, its folder.

Means, deviations and correlations of one sample stand below the diagonal of table 1, those of the
other above it; table 2 has a regression of each. What is honest in them is known.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import yaml

SAMPLES = ("women", "men")
NAMES = ("trust", "skill", "size", "success")
STARS = {"***": 0.001, "**": 0.01, "*": 0.05}


def draw(seed: int) -> dict[str, np.ndarray]:
    """Observations of four variables, shape (n, 4), of each sample; the last is the outcome."""
    rng = np.random.default_rng(seed)
    found = {}
    for sample in SAMPLES:
        n = int(rng.integers(60, 400))
        X = rng.standard_normal((n, 3)) + 0.6 * rng.standard_normal((n, 1))
        y = X @ rng.uniform(-0.5, 0.8, 3) + 1.5 * rng.standard_normal(n)
        Z = np.column_stack([X, y])
        # Deviations that scores on a scale of seven points have.
        means = rng.uniform(3, 5, 4)
        found[sample] = means + (Z - Z.mean(axis=0)) / Z.std(axis=0) * rng.uniform(0.9, 1.1, 4)
    return found


def least_squares(data: np.ndarray) -> dict[str, np.ndarray | float]:
    """The regression of the last column on the others by the textbook, without the constant."""
    n, k = data.shape[0], data.shape[1] - 1
    A, y = np.column_stack([np.ones(n), data[:, :k]]), data[:, k]
    inverse = np.linalg.inv(A.T @ A)
    b = inverse @ A.T @ y
    rest = float(((y - A @ b) ** 2).sum())
    se = np.sqrt(np.diag(inverse) * rest / (n - k - 1))
    r2 = 1 - rest / float(((y - y.mean()) ** 2).sum())
    return {"b": b[1:], "se": se[1:], "r2": r2}


def correlation_table(data: dict[str, np.ndarray]) -> list[list[str]]:
    """M and SD of each sample, correlations of the first below and of the second above."""
    below, above = (np.corrcoef(data[sample].T) for sample in SAMPLES)
    heads = [f"{name} {sample}" for sample in SAMPLES for name in ("M", "SD")]
    rows = [["Variable", *heads, *map(str, range(1, len(NAMES) + 1))]]
    for i, name in enumerate(NAMES):
        moments = [
            f"{value:.2f}"
            for sample in SAMPLES
            for value in (data[sample][:, i].mean(), data[sample][:, i].std(ddof=1))
        ]
        cells = [
            "–" if i == j else f"{(below if j < i else above)[i, j]:.2f}" for j in range(len(NAMES))
        ]
        rows.append([f"{i + 1}. {name.capitalize()}", *moments, *cells])
    return rows


def regression_table(data: dict[str, np.ndarray]) -> list[list[str]]:
    """One column a sample, with `B (SE)`; R2 and n below."""
    found = [least_squares(data[sample]) for sample in SAMPLES]
    rows = [["", *(f"{sample} B (SE)" for sample in SAMPLES)]]
    for i, name in enumerate(NAMES[:-1]):
        rows.append([name.capitalize(), *(f"{f['b'][i]:.3f} ({f['se'][i]:.3f})" for f in found)])
    rows.append(["R²", *(f"{each['r2']:.3f}" for each in found)])
    rows.append(["n", *(str(len(data[sample])) for sample in SAMPLES)])
    return rows


def describe(data: dict[str, np.ndarray]) -> dict:
    """The `paper.yaml` of a paper that prints the two tables."""

    def sample(name: str, triangle: str) -> dict:
        (other,) = set(SAMPLES) - {name}
        rows = {f"M {name}": "mean", f"SD {name}": "sd", f"M {other}": None, f"SD {other}": None}
        columns = {f"{name} B (SE)": "success", f"{other} B (SE)": None}
        return {
            "n": len(data[name]),
            "correlations": {"file": "tables/table1.csv", "triangle": triangle, "rows": rows},
            "regressions": {"table2": {"file": "tables/table2.csv", "columns": columns}},
        }

    return {
        "title": "A study of two samples",
        "authors": [{"family": "Nobody"}],
        "licence": {"name": "CC0"},
        "study": {
            "constructs": {name: {"label": name.capitalize()} for name in NAMES},
            "stars": STARS,
            "hypotheses": {
                "H1": {"term": "trust", "direction": "positive", "reported": "supported"}
            },
            "assumptions": {"scale": {"min": 1, "max": 7}, "items": 4, "alpha": "0.80"},
            "samples": dict(zip(SAMPLES, map(sample, SAMPLES, ("lower", "upper")), strict=True)),
        },
    }


def write_description(folder: Path, description: dict) -> None:
    """Write `paper.yaml`; what stands in it twice is written twice, without an alias."""
    text = yaml.safe_dump(json.loads(json.dumps(description)), sort_keys=False, allow_unicode=True)
    (folder / "paper.yaml").write_text(text, encoding="utf-8")


def write_paper(folder: Path, data: dict[str, np.ndarray]) -> None:
    """Write the folder of a paper that prints both samples."""
    (folder / "tables").mkdir(parents=True)
    for name, rows in (("table1", correlation_table(data)), ("table2", regression_table(data))):
        with (folder / f"tables/{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    write_description(folder, describe(data))
