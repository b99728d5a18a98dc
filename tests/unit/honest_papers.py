"""Papers made from simulated data, by every convention of print: nothing in them is wrong.

People are drawn, asked, analysed by statsmodels, and printed by `honest_forms`. What a convention
changes is changed here, in the numbers before they are printed: which observations, which divisor
of a deviation, which errors, which distribution, how many tails, which correction of p.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.multitest import multipletests

ERRORS = ("ols", "ml", "wishart", "HC0", "HC1", "HC2", "HC3", "clustered", "weighted", "bootstrap")
CORRECTIONS = {"bonferroni": "bonferroni", "holm": "holm", "fdr": "fdr_bh"}
OBSERVED = ("all", "all", "all", "listwise", "pairwise")
LEGENDS = (
    {"*": 0.05, "**": 0.01, "***": 0.001},
    {"*": 0.05, "**": 0.01},
    {"†": 0.10, "*": 0.05, "**": 0.01},
    {"+": 0.10, "*": 0.05, "**": 0.01, "***": 0.001},
    {"*": 0.10, "**": 0.05, "***": 0.01},
)


@dataclass
class Variable:
    """A column of the data and how it came to be; `items` of a response scale, None of others."""

    name: str
    values: np.ndarray
    items: np.ndarray | None = None
    scale: tuple[int, int] | None = None
    unit: str = "score"


@dataclass
class Fit:
    """A regression of a step: its numbers by statistic, shape (k + 1,), the constant first."""

    terms: list[str]
    df: int
    n: int
    numbers: dict[str, np.ndarray] = field(default_factory=dict)
    whole: dict[str, float] = field(default_factory=dict)


@dataclass
class Made:
    """What was drawn of a paper: its convention, variables, correlations and regressions."""

    seed: int
    how: dict
    variables: list[Variable]
    n: int
    R: np.ndarray
    pairs: np.ndarray
    fits: list[Fit]
    blocks: list[list[str]]
    dummies: int


def make(seed: int) -> Made:
    """Draw a paper by its seed: conventions, people, analyses."""
    rng = np.random.default_rng(seed)
    while (made := _drawn(seed, rng)) is None:
        pass
    return made


def _drawn(seed: int, rng: np.random.Generator) -> Made | None:
    """A paper; None where predictors are collinear, of which programs drop now one, now another,
    and where there are too few clusters for the error of some coefficient.
    """
    n = int(np.exp(rng.uniform(np.log(8), np.log(20_000))))
    blocks = [int(rng.integers(1, 4)) for _ in range(rng.integers(1, 4))]
    while sum(blocks) > max(1, min(6, n - 6)):
        blocks.pop() if len(blocks) > 1 else blocks.__setitem__(0, 1)
    how = _conventions(rng, n)
    dummies = int(rng.integers(1, 4)) if n > 40 and rng.random() < 0.2 else 0
    if how["beta"] or how["errors"] in ("ml", "wishart"):
        dummies = 0
    variables, D = _people(rng, n, sum(blocks), dummies)
    values = np.column_stack([each.values for each in variables]).astype(float)
    shown, used = _observed(rng, how, values)
    design = np.column_stack([np.ones(used.sum()), values[used, :-1], D[used]])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    R, pairs = _correlations(shown)
    names = [each.name for each in variables[:-1]]
    steps = [names[sum(blocks[:i]) : sum(blocks[: i + 1])] for i in range(len(blocks))]
    # The same weights and clusters at each step.
    how["drawn"] = int(rng.integers(2**31))
    fits = [
        _fit(
            np.random.default_rng(how["drawn"]),
            how,
            [*names[: sum(blocks[: i + 1])]],
            (values[used], D[used]),
        )
        for i in range(len(blocks))
    ]
    if any(np.isnan(fit.numbers["se"]).any() for fit in fits):
        return None
    for variable, column in zip(variables, shown.T, strict=True):
        variable.values = column
    return Made(seed, how, variables, n, R, pairs, fits, steps, dummies)


def _conventions(rng: np.random.Generator, n: int) -> dict:
    """The conventions of a paper; those that change a few numbers only are the more frequent."""
    chosen = rng.random()
    errors = "ols" if chosen < 0.55 else str(rng.choice(ERRORS[1:]))
    if errors == "bootstrap" and n > 500:
        errors = "HC3"
    normal = errors in ("ml", "wishart") or bool(rng.random() < (0.4 if errors != "ols" else 0.15))
    beta = bool(rng.random() < 0.3) and errors in ("ols", "ml", "wishart")
    tails = 1 if rng.random() < 0.15 else 2
    how = {
        "errors": errors,
        "normal": normal and errors != "bootstrap",
        "beta": beta,
        "standardised": False,
        "sd": 1,
        "tails": tails,
        "named": tails == 2 or bool(rng.random() < 0.6),
        "correction": "",
        "absolute": False,
        "observed": str(rng.choice(OBSERVED)) if n > 30 else "all",
        "level": float(rng.choice([0.90, 0.95, 0.95, 0.95, 0.99])),
        "legend": LEGENDS[rng.integers(len(LEGENDS))],
        "ending": str(rng.choice(["even", "even", "up"])),
    }
    # Beside the distribution and the errors at most one more convention is unusual, or two.
    unusual = int(errors in ("ml", "wishart") or (errors == "ols" and normal))
    for name, value, share in (
        ("standardised", True, 0.08 if errors == "ols" and not beta else 0),
        ("sd", 0, 0.3),
        ("correction", str(rng.choice(list(CORRECTIONS))), 0.12 if tails == 2 else 0),
        ("ending", "cut", 0.2),
        ("absolute", True, 0.06),
    ):
        if unusual < 2 and rng.random() < share:
            how[name] = value
            unusual += 1
    return how


def _people(rng, n: int, k: int, dummies: int) -> tuple[list[Variable], np.ndarray]:
    """Predictors and an outcome that hangs on them; dummies that will not be printed."""
    common = rng.uniform(0, 1) * rng.standard_normal(n)
    found: list[Variable] = []
    for j in range(k):
        latent = common + rng.standard_normal(n)
        found.append(_variable(rng, f"x{j}", latent))
    D = (rng.uniform(size=(n, dummies)) < 0.4).astype(float)
    Z = np.column_stack([_standard(each.values) for each in found])
    effect = Z @ rng.normal(0, rng.uniform(0, 0.5), k) + D.sum(axis=1)
    spread = rng.uniform(0.5, 1.5) * (np.exp(0.3 * Z[:, 0]) if rng.integers(2) else 1.0)
    found.append(_variable(rng, "y", effect + spread * rng.standard_normal(n), outcome=True))
    return found, D


def _standard(values: np.ndarray) -> np.ndarray:
    spread = values.std()
    return (values - values.mean()) / spread if spread > 0 else np.zeros(len(values))


def _variable(rng, name: str, latent: np.ndarray, outcome: bool = False) -> Variable:
    """A variable of a kind drawn: answers to items, a dummy, years, or any real number."""
    kind = rng.choice(["answers", "answers", "real", "years", "dummy"])
    if outcome and kind in ("dummy", "years"):
        kind = "answers"
    n, z = len(latent), _standard(latent)
    if kind == "answers":
        top = int(rng.choice([5, 7]))
        count = int(rng.integers(1, 7))
        each = z[:, None] + rng.uniform(0.3, 1.0) * rng.standard_normal((n, count))
        items = np.clip(np.rint((top + 1) / 2 + rng.uniform(-1, 1) + each), 1, top).astype(int)
        total = items.sum(axis=1)
        values = total / count if rng.random() < 0.8 else total.astype(float)
        made = Variable(name, values, items, (1, top), "")
    elif kind == "dummy":
        made = Variable(name, (z > rng.uniform(-0.8, 0.8)).astype(float), unit="0 or 1")
    elif kind == "years":
        made = Variable(name, np.rint(40 + 10 * z), unit="years")
    else:
        made = Variable(name, rng.uniform(0, 5) + z * np.exp(rng.uniform(-1, 3)))
    if np.ptp(made.values) == 0:
        return Variable(name, latent)
    return made


def _observed(rng, how: dict, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the table of correlations is of, NaN where missing; which rows regressions are of."""
    used = np.ones(len(values), dtype=bool)
    shown = values.copy()
    if how["observed"] == "listwise":
        used[rng.permutation(len(values))[: int(len(values) * rng.uniform(0.05, 0.3))]] = False
    elif how["observed"] == "pairwise":
        gone = rng.uniform(size=values.shape) < rng.uniform(0.02, 0.08)
        used = ~gone.any(axis=1)
        shown[gone] = np.nan
        if used.sum() < 15 or any(np.ptp(values[used], axis=0) == 0):
            how["observed"], used, shown = "all", np.ones(len(values), dtype=bool), values
    return shown, used


def _correlations(shown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Correlations of what each pair has, and of how many people each is."""
    p = shown.shape[1]
    there = ~np.isnan(shown)
    if there.all():
        return np.corrcoef(shown.T), np.full((p, p), len(shown))
    R, pairs = np.eye(p), np.zeros((p, p), dtype=int)
    for i in range(p):
        for j in range(p):
            both = there[:, i] & there[:, j]
            pairs[i, j] = both.sum()
            if i != j:
                R[i, j] = np.corrcoef(shown[both, i], shown[both, j])[0, 1]
    return R, pairs


def _fit(rng, how: dict, terms: list[str], data: tuple[np.ndarray, np.ndarray]) -> Fit:
    """A regression by statsmodels, with the errors, p and limits of a convention."""
    values, D = data
    k = len(terms)
    X, y = np.column_stack([values[:, :k], D]), values[:, -1]
    if how["beta"]:
        X, y = ((Z - Z.mean(axis=0)) / Z.std(axis=0, ddof=1) for Z in (X, y))
    elif how["standardised"]:
        X = (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)
    A = np.column_stack([np.ones(len(y)), X])
    own, se, df_test = _errors(rng, how, A, y)
    b, df = np.asarray(own.params), int(own.df_resid)
    law = stats.norm if how["normal"] else stats.t(df_test)
    tail = (1 - how["level"]) / 2
    limits = np.array([b - law.isf(tail) * se, b + law.isf(tail) * se])
    if how["errors"] == "bootstrap":
        limits = _percentiles(rng, A, y, b, tail)
    t = b / se
    p = law.sf(np.abs(t)) * how["tails"]
    if how["correction"]:
        # Of the predictors that are printed; the constant is none of them.
        p[1 : k + 1] = multipletests(p[1 : k + 1], method=CORRECTIONS[how["correction"]])[1]
    if how["absolute"]:
        t = np.abs(t)
    keep = slice(0, k + 1)
    numbers = {"b": b, "se": se, "t": t, "p": p, "ci_low": limits[0], "ci_high": limits[1]}
    whole = {"r2": own.rsquared, "adjusted_r2": own.rsquared_adj}
    whole["f"], whole["f_p"] = float(own.fvalue), float(own.f_pvalue)
    fit = Fit(["(Constant)", *terms], df, len(y), {}, whole)
    fit.numbers = {name: np.asarray(column)[keep] for name, column in numbers.items()}
    return fit


def _errors(rng, how: dict, A: np.ndarray, y: np.ndarray):
    """A fit, the errors of a convention, and the df of its tests."""
    n, kind = len(y), how["errors"]
    if kind == "weighted":
        own = sm.WLS(y, A, weights=rng.uniform(0.3, 3.0, n)).fit()
        return own, np.asarray(own.bse), own.df_resid
    own = sm.OLS(y, A).fit()
    df = own.df_resid
    if kind.startswith("HC"):
        own = own.get_robustcov_results(kind, use_t=not how["normal"])
    elif kind == "clustered":
        clusters = min(max(A.shape[1] + 3, int(rng.integers(8, 60))), max(n // 2, 2))
        groups = np.arange(n) % clusters
        own = own.get_robustcov_results("cluster", groups=groups, use_t=not how["normal"])
        return own, np.asarray(own.bse), clusters - 1
    se = np.asarray(own.bse)
    if kind == "ml":
        se = se * np.sqrt(df / n)
    elif kind == "wishart":
        se = se * np.sqrt(df / (n - 1))
    return own, se, df


def _percentiles(rng, A: np.ndarray, y: np.ndarray, b: np.ndarray, tail: float) -> np.ndarray:
    drawn = rng.integers(0, len(y), (200, len(y)))
    found = np.array([np.linalg.lstsq(A[rows], y[rows], rcond=None)[0] for rows in drawn])
    low, high = np.quantile(found, [tail, 1 - tail], axis=0)
    return np.array([np.minimum(low, b), np.maximum(high, b)])
