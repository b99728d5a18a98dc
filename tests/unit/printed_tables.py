"""Folders of studies as papers print them, made from data: what is honest in them is known."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import yaml
from scipy import stats

from retrace.checks import check_paper
from retrace.checks.shared.record import Record
from retrace.papers import read_paper
from retrace.printed.verdicts import WRONG

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
    as the residual or the total one; one- or two-sided stars; 1 to 4 decimals; changes beside the
    model before or the first; R2 and its changes in per cent; stars of R2, F and their changes.

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
        "beside_first": bool(rng.integers(2)),
        "percent": bool(rng.integers(2)),
        "starred": [name for name in ("R²", "F", "ΔR²", "ΔF") if rng.integers(2)],
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
        if i > 0 and form["beside_first"]:
            q[i] = sum(blocks[1 : i + 1])
    _write(folder, form, fits, q)
    return form


def _write(folder: Path, form: dict, fits: list[dict], q: list[int]) -> None:
    d = form["decimals"]
    blocks = form["blocks"]

    def shown(value: float) -> str:
        return f"{value:.{d}f}"

    def share(value: float) -> str:
        return f"{100 * value:.{d}f}%" if form["percent"] else shown(value)

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
        p = stats.f.sf(found["f"], found["k"], found["df"])
        p_change = stats.f.sf(f_change, entered, found["df"])
        for name, text, p_own in (
            ("R²", share(found["r2"]), p),
            ("Adj. R²", share(found["adjusted"]), p),
            ("F", f"{found['f']:.2f}", p),
            ("df", str(df), p),
            ("ΔR²", share(change), p_change),
            ("ΔF", f"{f_change:.2f}", p_change),
        ):
            # A test of F has one side, whatever that of the coefficients.
            foot[name].append(text + (starred(p_own) if name in form["starred"] else ""))
        if not form["beside_first"] or found is fits[0]:
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


KINDS = ("usual", "normal", "absolute", "standardised", "robust", "clustered", "bootstrap")


def conventional(folder: Path, seed: int) -> dict:
    """A paper's folder with one regression printed by conventions drawn by a seed.

    Distribution of the tests, scale of predictors, sign of t, kind of errors; digits rounded or cut
    off; level of the limits, named or not; R2 in per cent; with correlations or without.

    Returns
    -------
    dict
        What was drawn, for messages.
    """
    rng = np.random.default_rng(seed)
    form = {
        "n": int(np.exp(rng.uniform(np.log(20), np.log(2000)))),
        "k": int(rng.integers(1, 4)),
        "kind": KINDS[rng.integers(len(KINDS))],
        "cut": bool(rng.random() < 0.3),
        "level": (0.90, 0.95, 0.99)[rng.integers(3)],
        "named": bool(rng.integers(2)),
        "percent": bool(rng.integers(2)),
        "decimals": int(rng.integers(2, 5)),
        "correlations": bool(rng.integers(2)),
    }
    shown = {"se": rng.integers(2), "t": rng.integers(2), "p": rng.integers(2)}
    shown["ci_low"] = shown["ci_high"] = rng.integers(2)
    if form["kind"] == "standardised":
        form["correlations"] = True
    form["columns"] = [name for name, there in shown.items() if there]
    n, k = form["n"], form["k"]
    X = rng.standard_normal((n, k)) + rng.uniform(0, 1) * rng.standard_normal((n, 1))
    X = rng.uniform(1, 5, k) + X * rng.uniform(0.5, 2, k)
    y = X @ rng.normal(0, rng.uniform(0, 0.5), k) + rng.standard_normal(n)
    Z = X
    if form["kind"] == "standardised":
        Z = (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)
    _write_conventional(folder, form, np.column_stack([X, y]), _tests(rng, form, Z, y))
    return form


def _tests(rng, form: dict, X: np.ndarray, y: np.ndarray) -> dict:
    """Coefficients with the errors, p and limits of a kind; those of the whole model."""
    n, k = X.shape
    A, own, df = np.column_stack([np.ones(n), X]), fit(X, y), n - k - 1
    inverse = np.linalg.inv(A.T @ A)
    b = inverse @ A.T @ y
    scores = A * (y - A @ b)[:, None]
    tail = (1 - form["level"]) / 2
    normal = form["kind"] == "normal" or (form["kind"] == "robust" and rng.integers(2))
    limits = None
    if form["kind"] == "robust":
        V = n / df * inverse @ (scores.T @ scores) @ inverse
    elif form["kind"] == "clustered":
        clusters = int(rng.integers(k + 3, n // 2 + 1)) if n // 2 > k + 3 else n
        sums = np.zeros((clusters, k + 1))
        np.add.at(sums, np.arange(n) % clusters, scores)
        V = inverse @ (sums.T @ sums) @ inverse
        df = clusters - 1
    elif form["kind"] == "bootstrap":
        drawn = rng.integers(0, n, (200, n))
        found = np.array([np.linalg.lstsq(A[rows], y[rows], rcond=None)[0] for rows in drawn])
        V = np.cov(found.T)
        limits = np.quantile(found, [tail, 1 - tail], axis=0)
        limits = np.array([np.minimum(limits[0], b), np.maximum(limits[1], b)])
    else:
        V = inverse * ((y - A @ b) ** 2).sum() / df
    se = np.sqrt(np.diag(V))
    law = stats.norm if normal else stats.t(df)
    if limits is None:
        limits = np.array([b - law.isf(tail) * se, b + law.isf(tail) * se])
    t = b / se
    f = float(b[1:] @ np.linalg.solve(V[1:, 1:], b[1:])) / k
    return {
        "b": b,
        "se": se,
        "t": np.abs(t) if form["kind"] == "absolute" else t,
        "p": 2 * law.sf(np.abs(t)),
        "ci_low": limits[0],
        "ci_high": limits[1],
        "r2": own["r2"],
        "adjusted_r2": own["adjusted"],
        "f": f,
        "f_p": stats.f.sf(f, k, df),
    }


def _shown(value: float, decimals: int, cut: bool) -> str:
    return f"{value:.{decimals + 8}f}"[:-8] if cut else f"{value:.{decimals}f}"


def _write_conventional(folder: Path, form: dict, data: np.ndarray, found: dict) -> None:
    d, cut, k = form["decimals"], form["cut"], form["k"]
    names = [f"x{j}" for j in range(k)]
    header = ["term", "b", *form["columns"], "r2", "adjusted_r2", "f", "f_p"]
    rows = [header]
    for j, term in enumerate(["(Constant)", *names]):
        cells = {name: _shown(found[name][j], d, cut) for name in ("b", *form["columns"])}
        if "p" in cells and found["p"][j] < 0.001:
            cells["p"] = "<.001"
        if j == 1:
            for name in ("r2", "adjusted_r2"):
                share = found[name]
                percent = f"{_shown(100 * share, 1, cut)}%"
                cells[name] = percent if form["percent"] else _shown(share, d, cut)
            cells["f"], cells["f_p"] = (_shown(found[name], d, cut) for name in ("f", "f_p"))
        rows.append([term, *(cells.get(name, "") for name in header[1:])])
    folder.mkdir(parents=True)
    table = {"file": "table.csv", "outcome": "y"}
    if form["kind"] in ("robust", "clustered", "bootstrap"):
        table["errors"] = form["kind"]
    if form["named"]:
        table["level"] = form["level"]
    study = {
        "n": form["n"],
        "constructs": {name: {"label": name.upper(), "unit": "score"} for name in [*names, "y"]},
        "regressions": {"table": table},
    }
    tables = {"table.csv": rows}
    if form["correlations"]:
        R = np.corrcoef(data.T)
        tables["correlations.csv"] = [["Variable", "M", "SD", *names, "y"]] + [
            [
                name,
                _shown(data[:, i].mean(), 3, cut),
                _shown(data[:, i].std(ddof=1), 3, cut),
                *(_shown(R[i, j], 3, cut) if j < i else "" for j in range(k + 1)),
            ]
            for i, name in enumerate([*names, "y"])
        ]
        study["correlations"] = {"file": "correlations.csv"}
    for name, content in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(content)
    description = {
        "title": "A study",
        "authors": [{"family": "Nobody"}],
        "licence": {"name": "none"},
        "study": study,
    }
    (folder / "paper.yaml").write_text(yaml.safe_dump(description, sort_keys=False))


def write_study(folder: Path, n: int, names: dict[str, str], tables: dict[str, str], **keys):
    """A paper's folder with tables as typed; `names` are keys and labels of its variables."""
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / name).write_text(text.strip() + "\n", encoding="utf-8")
    variables = {key: {"label": label, "unit": "score"} for key, label in names.items()}
    study = {"n": n, "stars": STARS, "constructs": variables, **keys}
    description = {"title": "A study", "authors": [{"family": "Nobody"}]}
    description |= {"licence": {"name": "none"}, "study": study}
    (folder / "paper.yaml").write_text(yaml.safe_dump(description, sort_keys=False))


def rows_of(folder: Path) -> list:
    """What every check says of the paper in a folder."""
    return check_paper(Record(folder.name, read_paper(folder).study))


def wrong(rows) -> set[tuple[str, str, str, str]]:
    """Check, row, column and text of every number that is called wrong."""
    return {(row.check, row.row, row.column, row.printed) for row in rows if row.verdict in WRONG}


def find(rows, **wanted):
    """The one row that has these fields."""
    (row,) = (r for r in rows if all(getattr(r, name) == value for name, value in wanted.items()))
    return row
