"""Folders of studies as papers print them, made from data: what is honest in them is known."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import yaml
from scipy import stats

STUDIES = Path(__file__).parents[1] / "studies"
STARS = {"*": 0.05, "**": 0.01, "***": 0.001}


def fit(X: np.ndarray, y: np.ndarray) -> dict:
    """Least squares by the textbook: coefficients, errors, t, p, R2, adjusted R2, F and df."""
    n, k = X.shape
    A = np.column_stack([np.ones(n), X])
    inverse = np.linalg.inv(A.T @ A)
    b = inverse @ A.T @ y
    rest = float(((y - A @ b) ** 2).sum())
    df = n - k - 1
    se = np.sqrt(np.diag(inverse) * rest / df)
    t = b / se
    r2 = 1 - rest / float(((y - y.mean()) ** 2).sum())
    reach = stats.t.ppf(0.975, df)
    return {
        "b": b[1:],
        "se": se[1:],
        "t": t[1:],
        "p": 2 * stats.t.sf(np.abs(t[1:]), df),
        "ci": np.column_stack([b - reach * se, b + reach * se])[1:],
        "r2": r2,
        "adjusted": 1 - (1 - r2) * (n - 1) / df,
        "f": r2 / k / ((1 - r2) / df),
        "df": df,
        "k": k,
    }


def starred(p: float, sides: int = 2) -> str:
    """The marks of a two-sided p."""
    return next(
        (
            mark
            for mark, level in sorted(STARS.items(), key=lambda x: x[1])
            if p * sides / 2 <= level
        ),
        "",
    )


def hierarchical(folder: Path, seed: int) -> dict:
    """A paper's folder with one hierarchical regression in a form drawn by a seed.

    Data are drawn, analysed, and printed in blocks: models side by side, all terms in each; or
    steps below each other with their new terms; with dummies that have no coefficients printed; df
    as the residual or the total one; one- or two-sided stars; 1 to 4 decimals.

    Returns
    -------
    dict
        What was drawn, for messages.
    """
    rng = np.random.default_rng(seed)
    n = int(np.exp(rng.uniform(np.log(20), np.log(2000))))
    blocks = [int(rng.integers(1, 4)) for _ in range(rng.integers(1, 4))]
    dummies = int(rng.integers(0, 4)) if n > 60 else 0
    form = {
        "n": n,
        "blocks": blocks,
        "dummies": dummies,
        "stacked": bool(rng.integers(2)),
        "total": bool(rng.integers(2)),
        "sides": int(rng.integers(1, 3)),
        "decimals": int(rng.integers(1, 5)),
        "beta": bool(rng.integers(2)),
        "known": bool(rng.integers(2)),
    }
    k = sum(blocks)
    common = rng.standard_normal((n, 1))
    X = rng.standard_normal((n, k)) + rng.uniform(0, 1) * common
    D = (rng.uniform(size=(n, dummies)) < 0.4).astype(float)
    y = X @ rng.normal(0, rng.uniform(0, 0.6), k) + D.sum(axis=1) + rng.standard_normal(n)
    if form["beta"]:
        # Standardised by the sample: coefficients are betas, and errors theirs.
        X, D, y = ((Z - Z.mean(axis=0)) / Z.std(axis=0, ddof=1) for Z in (X, D, y))
    fits, q = [], []
    for i in range(len(blocks)):
        upto = sum(blocks[: i + 1])
        fits.append(fit(np.column_stack([X[:, :upto], D]), y))
        q.append(blocks[i] + (dummies if i == 0 else 0))
    _write(folder, form, fits, q)
    return form


def _write(folder: Path, form: dict, fits: list[dict], q: list[int]) -> None:
    d = form["decimals"]
    blocks = form["blocks"]

    def shown(value: float) -> str:
        return f"{value:.{d}f}"

    def cell(found: dict, j: int) -> str:
        low, high = found["ci"][j]
        marks = starred(found["p"][j], form["sides"])
        return (
            f"{shown(found['b'][j])} ({shown(found['se'][j])}){marks} [{shown(low)}, {shown(high)}]"
        )

    foot = {"R²": [], "Adj. R²": [], "F": [], "df": [], "ΔR²": [], "ΔF": []}
    before = 0.0
    for found, entered in zip(fits, q, strict=True):
        change = found["r2"] - before
        f_change = change / entered / ((1 - found["r2"]) / found["df"])
        df = found["df"] + (found["k"] if form["total"] else 0)
        for name, text in (
            ("R²", shown(found["r2"])),
            ("Adj. R²", shown(found["adjusted"])),
            ("F", f"{found['f']:.2f}"),
            ("df", str(df)),
            ("ΔR²", shown(change)),
            ("ΔF", f"{f_change:.2f}"),
        ):
            foot[name].append(text)
        before = found["r2"]
    names = [f"x{j}" for j in range(sum(blocks))]
    if form["stacked"]:
        rows = [["", "y"]]
        for i, found in enumerate(fits):
            rows.append([f"Step {i + 1}", ""])
            start = sum(blocks[:i])
            rows += [[names[j], cell(found, j)] for j in range(start, start + blocks[i])]
            rows += [[name, cells[i]] for name, cells in foot.items()]
    else:
        rows = [["", *(f"Model {i + 1}" for i in range(len(fits)))]]
        for j, name in enumerate(names):
            own = [
                cell(found, j) if j < sum(blocks[: i + 1]) else "" for i, found in enumerate(fits)
            ]
            rows.append([name, *own])
        if form["dummies"]:
            rows.append(["Dummies", *["Yes"] * len(fits)])
        rows += [[name, *cells] for name, cells in foot.items()]
    folder.mkdir(parents=True)
    with (folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    table = {
        "file": "table.csv",
        "outcome": "y",
        "estimate": "beta" if form["beta"] else "b",
        "brackets": "se",
        "tails": form["sides"],
        "steps": "new" if form["stacked"] else "all",
    }
    if form["dummies"]:
        table["unprinted"] = {"Dummies": form["dummies"] if form["known"] else None}
    description = {
        "title": "A study",
        "authors": [{"family": "Nobody"}],
        "licence": {"name": "none"},
        "study": {
            "n": form["n"],
            "constructs": {
                name: {"label": name.upper(), "unit": "score"} for name in [*names, "y"]
            },
            "stars": STARS,
            "regressions": {"table": table},
        },
    }
    (folder / "paper.yaml").write_text(yaml.safe_dump(description, sort_keys=False))
