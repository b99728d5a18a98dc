"""Papers at the edges of what can be printed: most of them honest, some at odds with themselves.

An honest one prints what responses have (people on a scale, of every number, whose scores are means
of items), or what a correlation matrix implies where it assumes the rest. The others print a matrix
that rounding has made indefinite or singular, or numbers that no analysis gives together.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import yaml
from made_up_study import STARS, number, p_value, share, stars, write_csv
from scipy.stats import f as f_distribution
from scipy.stats import t as t_distribution

SIZES = (0, 1, 2, 12, 30, 100, 300, 2000, 10_000, 100_000, 1_000_000, 10_000_000)
SCALES = (2, 3, 5, 7, 11, 101, 1001, 1_000_001)
SHARES_OF_ONE = ("r2", "adjusted_r2", "p", "f_p", "tolerance")
# Rows of people that differ; more people are these, each several times.
DISTINCT = 2000


def correlations_of_scores(rng, k: int) -> np.ndarray:
    """A positive definite matrix of k scores, of any kind, to the edge of being singular."""
    r = float(rng.choice([0, 0.05, 0.3, 0.7, 0.95, 0.99, 0.999, 0.9999]))
    kind = rng.integers(5)
    places = np.arange(k)
    if kind == 0:
        R = np.full((k, k), r)
    elif kind == 1:
        R = r ** np.abs(places[:, None] - places)
    elif kind == 2:
        # One score is nearly the sum of others.
        X = rng.standard_normal((k + 3, k))
        X[:, -1] = X[:, :-1].sum(axis=1) + rng.choice([0.001, 0.03, 0.3]) * X[:, -1]
        R = np.corrcoef(X, rowvar=False)
    elif kind == 3:
        # A pair of twins, or two, and the rest independent.
        R = np.eye(k)
        R[0, 1] = R[1, 0] = r
        if k > 3:
            R[-1, -2] = R[-2, -1] = r
    else:
        X = rng.standard_normal((k, 2)) * rng.choice([1, 10])
        R = X @ X.T + np.diag(rng.uniform(0.01, 2, size=k))
        R /= np.sqrt(np.outer(np.diag(R), np.diag(R)))
    signs = rng.choice([-1, 1], size=k) if rng.random() < 0.5 else np.ones(k)
    R = R * np.outer(signs, signs)
    np.fill_diagonal(R, 1)
    return R


def responses(rng, R: np.ndarray, n: int, points: int, items: int) -> dict | None:
    """What n people answered, as moments: None where a score does not vary or is another's copy."""
    k = len(R)
    distinct = min(n, DISTINCT)
    loading = rng.choice([0.5, 0.8, 0.99])
    root = np.linalg.cholesky(R + 1e-9 * np.eye(k))
    true = rng.standard_normal((distinct, k)) @ root.T
    noise = rng.standard_normal((items, distinct, k))
    latent = loading * true + np.sqrt(1 - loading**2) * noise
    middle = rng.uniform(0.2, 0.8, size=k) * (points - 1)
    spread = rng.uniform(0.1, 0.6) * max(points - 1, 2)
    answers = 1 + np.clip(np.round(middle + spread * latent), 0, points - 1)
    times = rng.multinomial(n - distinct, np.full(distinct, 1 / distinct)) + 1
    scores = answers.mean(axis=0)
    means = np.average(scores, axis=0, weights=times)
    S = np.cov(scores, rowvar=False, fweights=times).reshape(k, k)
    sds = np.sqrt(np.diag(S))
    if not (sds > 1e-9).all():
        return None
    found = S / np.outer(sds, sds)
    if np.linalg.eigvalsh(found)[0] < 1e-9:
        return None
    alphas = [None] * k
    if items > 1:
        for j in range(k):
            C = np.cov(answers[:, :, j], fweights=times)
            if C.sum() > 0:
                alphas[j] = items / (items - 1) * (1 - np.trace(C) / C.sum())
    return {"R": found, "means": means, "sds": sds, "alphas": alphas}


def regression(R: np.ndarray, n: int, sds: np.ndarray | None, means: np.ndarray | None) -> tuple:
    """Least squares of the last score on the others: statistics by term, and of the whole."""
    k = len(R) - 1
    df = n - k - 1
    Q = np.linalg.inv(R[:k, :k])
    beta = Q @ R[:k, k]
    r2 = float(np.clip(R[:k, k] @ beta, 0, 1 - 1e-15))
    beta_se = np.sqrt(np.diag(Q) * (1 - r2) / df)
    t = beta / beta_se
    table = {"beta": beta, "t": t, "p": 2 * t_distribution.sf(abs(t), df)}
    if sds is not None:
        b, se = (each * sds[k] / sds[:k] for each in (beta, beta_se))
        reach = t_distribution.isf(0.025, df) * se
        table |= {"b": b, "se": se, "ci_low": b - reach, "ci_high": b + reach}
        if means is not None:
            table["constant"] = means[k] - b @ means[:k]
    table |= {"vif": np.diag(Q), "tolerance": 1 / np.diag(Q)}
    f = r2 / k / ((1 - r2) / df)
    whole = {
        "r2": r2,
        "adjusted_r2": 1 - (1 - r2) * (n - 1) / df,
        "f": f,
        "f_p": f_distribution.sf(f, k, df),
    }
    return table, whole


def printed(name: str, value: float, decimals: int) -> str:
    if name in ("p", "f_p"):
        return p_value(value, decimals)
    return share(value, decimals) if name in SHARES_OF_ONE else number(value, decimals)


def results_table(rng, table: dict, decimals: int) -> list[list[str]]:
    """Some of the statistics of a regression, as printed: `term` and their columns."""
    constant = table.pop("constant", None)
    columns = [name for name in table if rng.random() < 0.7] or ["beta"]
    rows = [["term", *columns]]
    for j in range(len(table["t"])):
        cells = [printed(name, table[name][j], decimals) for name in columns]
        cells[0] += stars(table["p"][j]) if columns[0] in ("b", "beta") else ""
        rows.append([f"x{j}", *cells])
    if constant is not None and "b" in columns:
        cells = [number(constant, decimals) if name == "b" else "" for name in columns]
        rows.append(["(Constant)", *cells])
    return rows


def contradict(rng, rows: list[list[str]], whole: dict[str, str]) -> None:
    """Change some numbers to others that might be printed in their place."""
    for row in rows[1:]:
        for place in range(1, len(row)):
            if (
                row[place]
                and rng.random() < 0.3
                and rows[0][place] not in ("p", "vif", "tolerance")
            ):
                row[place] = str(rng.choice(["0", "0.00", "−1.5", "99.99", "1", "0.001", "−0.0"]))
    for name in whole:
        if rng.random() < 0.4:
            whole[name] = str(rng.choice(["0", ".00", "1", ".99", ".5"]))


def write_extreme(folder: Path, seed: int) -> str:
    """Write a paper and say what is extreme about it. One seed, one paper."""
    rng = np.random.default_rng([20261129, seed])
    k = int(rng.choice([1, 1, 2, 2, 3, 4, 6, 10]))
    least = max(4, k + 3)
    n = int(rng.choice(SIZES))
    n = least + n if n < 3 else max(n, least)
    points, items = int(rng.choice(SCALES)), int(rng.integers(1, 7))
    decimals, digits = int(rng.integers(1, 5)), int(rng.integers(1, 5))
    kind = str(
        rng.choice(["responses", "responses", "matrix", "matrix", "contradictory", "rounded"])
    )
    R, found = correlations_of_scores(rng, k + 1), None
    if kind == "responses":
        found = responses(rng, R, n, points, items)
        kind = kind if found else "matrix"
    if kind == "rounded":
        # Coarse cells of a singular matrix: definite, singular or indefinite, as it falls.
        X = rng.standard_normal((max(1, k), k + 1))
        R, decimals = X.T @ X, int(rng.integers(1, 4))
        R /= np.sqrt(np.outer(np.diag(R), np.diag(R)))
    R = found["R"] if found else R
    sds = found["sds"] if found else None
    means = found["means"] if found else None
    if np.linalg.eigvalsh(R)[0] < 1e-12:
        table, whole = regression(0.9 * R + 0.1 * np.eye(k + 1), n, sds, means)
    else:
        table, whole = regression(R, n, sds, means)
    rows = results_table(rng, table, digits)
    whole = {name: printed(name, value, digits) for name, value in whole.items()}
    whole = {name: cell for name, cell in whole.items() if rng.random() < 0.7}
    if kind == "contradictory":
        contradict(rng, rows, whole)
    constructs = {}
    for j in range(k + 1):
        name = f"x{j}" if j < k else "y"
        constructs[name] = {"label": f"Construct {name}"}
        if found and rng.random() < 0.8:
            constructs[name]["mean"] = number(means[j], digits)
            constructs[name]["sd"] = number(sds[j], digits)
        if found and found["alphas"][j] is not None and rng.random() < 0.7:
            constructs[name] |= {"alpha": number(found["alphas"][j], digits), "items": items}
    study = {
        "n": n,
        "constructs": constructs,
        "correlations": "tables/correlations.csv",
        "stars": STARS,
        "models": {"main": {"outcome": "y", "predictors": [f"x{j}" for j in range(k)], **whole}},
        "assumptions": {
            "scale": {"min": 1, "max": points},
            "mean": f"{(1 + points) / 2:g}",
            "sd": f"{0.25 * (points - 1):g}",
            "items": items,
        },
    }
    if rng.random() < 0.8:
        study["models"]["main"]["reported"] = "tables/results.csv"
        write_csv(folder / "tables/results.csv", rows)
    if items > 1 and rng.random() < 0.5:
        study["assumptions"]["alpha"] = "0.80"
    if rng.random() < 0.9:
        study["hypotheses"] = {
            f"H{j + 1}": {
                "term": f"x{j}",
                "model": "main",
                "direction": str(rng.choice(["positive", "negative"])),
                "reported": str(rng.choice(["supported", "not supported"])),
            }
            for j in range(min(k, 3))
        }
    if k > 1 and rng.random() < 0.5:
        study["models"]["short"] = {"outcome": "y", "predictors": ["x0"]}
        model = "x1 ~ a*x0\ny ~ b*x1\nindirect := a*b"
        study["alternatives"] = {"chain": {"model": model, "expected": {"indirect": "positive"}}}
    write_paper(folder, study, R, n, decimals)
    return f"{kind}, n {n}, {k} predictors, {points} points, {items} items, {decimals} decimals"


def write_paper(folder: Path, study: dict, R: np.ndarray, n: int, decimals: int) -> None:
    """A paper's folder of a study, with these correlations printed below the diagonal."""
    names = list(study["constructs"])
    rows = [["construct", *names]]
    for i, name in enumerate(names):
        below = [share(R[i, j], decimals) for j in range(i)]
        rows.append([name, *below, "1", *[""] * (len(names) - i - 1)])
    write_csv(folder / "tables/correlations.csv", rows)
    description = {
        "title": "A made-up survey",
        "authors": [{"given": "Ada", "family": "Nobody"}],
        "licence": {"name": "CC0"},
        "study": study,
    }
    text = yaml.safe_dump(description, sort_keys=False, allow_unicode=True)
    (folder / "paper.yaml").write_text(text, encoding="utf-8")


def matrix(k: int, *cells: float) -> np.ndarray:
    """A symmetric matrix from its cells below the diagonal, row by row; one cell stands for all."""
    R = np.eye(k)
    R[np.tril_indices(k, -1)] = cells if len(cells) > 1 else cells[0]
    return np.tril(R) + np.tril(R, -1).T


def write_named(folder: Path, name: str) -> None:
    """One of the studies that ended jobs in November 2026, or would take more than there is."""
    n, decimals, R, whole, points, items = 300, 2, matrix(3, 0.3, 0.2, 0.4), {}, 7, 4
    if name == "all_correlations_alike":
        n, R = 5000, matrix(4, 0.05)
    elif name == "nearly_one":
        decimals, R = 3, matrix(3, 0.999, 0.5, 0.5)
    elif name == "singular_by_rounding":
        decimals, R = 3, matrix(3, 0.0, 0.707, 0.706)
    elif name == "five_people":
        n, R = 5, matrix(2, 0.4)
    elif name == "nothing_printed_but_zeros":
        decimals, R, whole = 0, matrix(3, 0.0), {"f": "0"}
    elif name == "one_item_of_a_million_points":
        points, items = 1_000_000, 1
    elif name == "more_people_than_are_drawn":
        n = 1_000_000_000
    terms = [f"x{j}" for j in range(len(R) - 1)]
    moments = {"mean": f"{0.5 * points:g}", "sd": f"{0.2 * points:g}"}
    printed = moments | {"items": items}
    if name == "one_item_of_a_million_points":
        # Of so wide a scale a printed SD stands for millions of sums of squares.
        del printed["sd"]
    study = {
        "n": n,
        "scale": {"min": 1, "max": points},
        "constructs": {key: {"label": f"Construct {key}", **printed} for key in [*terms, "y"]},
        "correlations": "tables/correlations.csv",
        "models": {"main": {"outcome": "y", "predictors": terms, **whole}},
        "hypotheses": {
            f"H{j + 1}": {"term": term, "direction": "positive", "reported": "supported"}
            for j, term in enumerate(terms)
        },
        "assumptions": moments,
    }
    write_paper(folder, study, R, n, decimals)


NAMED = (
    "all_correlations_alike",
    "nearly_one",
    "singular_by_rounding",
    "five_people",
    "nothing_printed_but_zeros",
    "one_item_of_a_million_points",
    "more_people_than_are_drawn",
)


def write_impossible(folder: Path, name: str) -> None:
    """A study that prints what no data have: four predictors in one model, three in another."""
    R = matrix(5, 0.3, 0.2, 0.4, 0.1, 0.2, 0.3, 0.35, 0.25, 0.3, 0.2)
    terms = [f"x{j}" for j in range(4)]
    n, whole, assumed = 300, {"r2": ".20", "f": "18.44"}, {"mean": "4.00", "sd": "1.20"}
    stated = {"items": 4, "mean": "4.00", "sd": "1.20"}
    constructs = {key: {"label": f"Construct {key}", **stated} for key in [*terms, "y"]}
    rows = [["term", "b", "se", "t", "p", "vif"]]
    rows += [[term, "0.15", "0.05", "3.00", ".003", "1.20"] for term in terms]
    if name in ("beyond_one", "everything"):
        R[3, 0] = R[0, 3] = 1.2
    if name in ("indefinite_in_one_model", "indefinite", "indefinite_without_models"):
        R[3, 0] = R[0, 3] = 0.95
        R[4, 0] = R[0, 4] = 0.9
        R[4, 3] = R[3, 4] = -0.6
    if name == "indefinite":
        R[1, 0] = R[0, 1] = 0.99
        R[4, 1] = R[1, 4] = -0.7
    if name in ("impossible_moments", "everything"):
        constructs["x0"]["mean"] = "9.00"
        constructs["x1"]["sd"] = "-1.20"
        constructs["x2"]["sd"] = "5.00"
        constructs["y"]["alpha"] = "1.30"
    if name == "not_granular":
        # 15 people with 4 items have means in steps of 1/60.
        n, constructs["x0"]["mean"] = 15, "4.01"
    if name in ("impossible_statistics", "everything"):
        whole |= {"r2": "1.40", "f_p": "1.2", "durbin_watson": "5.1"}
        rows[1][4], rows[2][5] = "1.30", "0.40"
    if name in ("nothing_stated", "everything"):
        assumed = {}
        for each in constructs.values():
            each.pop("mean"), each.pop("items")
    three = terms[:3]
    models = {
        "main": {"outcome": "y", "predictors": terms, "reported": "tables/results.csv", **whole},
        "three": {"outcome": "x3" if name == "indefinite_in_one_model" else "y"},
    }
    models["three"]["predictors"] = three[1:] if name == "indefinite_in_one_model" else three
    hypotheses = {
        "H1": {"term": "x0", "model": "main", "direction": "positive", "reported": "supported"},
        "H2": {"term": "x1", "model": "three", "direction": "positive", "reported": "supported"},
    }
    chain = "x1 ~ a*x0\ny ~ b*x1 + x3\nindirect := a*b"
    study = {
        "n": n,
        "constructs": constructs,
        "correlations": "tables/correlations.csv",
        "stars": STARS,
        "models": models,
        "hypotheses": {} if name == "indefinite_without_models" else hypotheses,
        "alternatives": {"chain": {"model": chain, "expected": {"indirect": "positive"}}},
        "assumptions": assumed,
    }
    if name not in ("nothing_stated", "everything"):
        study["scale"] = {"min": 1, "max": 7}
    write_csv(folder / "tables/results.csv", rows)
    write_paper(folder, study, R, n, 2)
    if name in ("asymmetric", "everything"):
        file = folder / "tables/correlations.csv"
        file.write_text(file.read_text().replace("x0,1,,", "x0,1,.77,"), encoding="utf-8")


IMPOSSIBLE = (
    "beyond_one",
    "asymmetric",
    "indefinite",
    "indefinite_in_one_model",
    "indefinite_without_models",
    "impossible_moments",
    "impossible_statistics",
    "not_granular",
    "nothing_stated",
    "everything",
)


# Predictors of the largest model of a small sample, and the numbers of its observations: from the
# two that a correlation needs to those that leave every model residual degrees of freedom.
FEW_PREDICTORS = 4
FEW = range(2, FEW_PREDICTORS + 5)


def write_few(folder: Path, n: int) -> None:
    """A study of n people with models of one to four predictors, all tests of which are printed."""
    R = matrix(5, 0.3, 0.2, 0.4, 0.1, 0.2, 0.3, 0.35, 0.25, 0.3, 0.2)
    terms = [f"x{j}" for j in range(FEW_PREDICTORS)]
    stated = {"items": 2, "mean": "4.00", "sd": "1.20", "skewness": "0.10", "kurtosis": "-0.20"}
    constructs = {key: {"label": f"Construct {key}", **stated} for key in [*terms, "y"]}
    whole = {"r2": ".20", "adjusted_r2": ".19", "f": "18.44", "f_p": "<.001"}
    models = {
        f"of_{k}": {
            "outcome": "y",
            "predictors": terms[:k],
            "reported": f"tables/results_{k}.csv",
            **whole,
        }
        for k in range(1, FEW_PREDICTORS + 1)
    }
    for k in range(1, FEW_PREDICTORS + 1):
        rows = [["term", "b", "se", "t", "p", "ci_low", "ci_high", "vif"]]
        cells = ["0.15*", "0.05", "3.00", ".003", "0.05", "0.25", "1.20"]
        rows += [[term, *cells] for term in terms[:k]]
        write_csv(folder / f"tables/results_{k}.csv", rows)
    # The same models side by side, with an n of their own in the foot.
    head = ["", *(f"Model {k}" for k in range(1, FEW_PREDICTORS + 1))]
    rows = [[f"Construct {x}", *(["0.15* (0.05)"] * 4)] for x in terms]
    for j, row in enumerate(rows):
        row[1 : 1 + j] = [""] * j
    counts = ["N", *([str(n)] * 4)]
    write_csv(folder / "tables/steps.csv", [head, *rows, ["R2", *([".20"] * 4)], counts])
    chain = "x1 ~ a*x0\ny ~ b*x1 + x3\nindirect := a*b"
    study = {
        "n": n,
        "scale": {"min": 1, "max": 7},
        "constructs": constructs,
        "correlations": "tables/correlations.csv",
        "stars": STARS,
        "models": models,
        "regressions": {
            "steps": {
                "file": "tables/steps.csv",
                "outcome": "y",
                "estimate": "b",
                "brackets": "se",
            }
        },
        "hypotheses": {
            f"H{k}": {
                "term": "x0",
                "model": f"of_{k}",
                "direction": "positive",
                "reported": "supported",
            }
            for k in range(1, FEW_PREDICTORS + 1)
        },
        "alternatives": {"chain": {"model": chain, "expected": {"indirect": "positive"}}},
    }
    write_paper(folder, study, R, n, 2)
