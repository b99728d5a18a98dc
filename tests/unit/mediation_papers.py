"""Made-up papers with a mediator and a moderator: raw data, analysed by statsmodels, printed.

x has an effect on y through m and by itself, z is in every model, and w moderates the effect of x
on v by the product xw. What the library computes from printed numbers has another origin here.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import statsmodels.api as sm
import yaml
from scipy.stats import norm

LABELS = {"x": "Support", "w": "Age", "z": "Tenure", "m": "Trust", "y": "Effort", "v": "Voice"}
PRODUCT = {"label": "Support × Age", "unit": "product", "product": ["x", "w"], "centred": True}
MODELS = {"M": ("m", "xz"), "Y": ("y", "xmz"), "C": ("y", "xz"), "V": ("v", ["x", "w", "xw"])}


class Survey(NamedTuple):
    """Raw data and its regressions by statsmodels, by the names of `MODELS`."""

    data: pd.DataFrame
    fits: dict[str, sm.regression.linear_model.RegressionResultsWrapper]


def survey(seed: int, n: int, a: float = 0.5, b: float = 0.4) -> Survey:
    """Observations of all variables; a and b are the paths of the population."""
    rng = np.random.default_rng(seed)
    x, w, z, *errors = rng.standard_normal((6, n))
    w, z = 0.3 * x + w, 0.2 * x + z
    m = a * x + 0.2 * z + errors[0]
    y = b * m + 0.2 * x + 0.1 * z + errors[1]
    v = 0.3 * x + 0.2 * w + 0.25 * x * w + errors[2]
    raw = {"x": 1.2 * x + 4, "w": w + 3, "z": 0.8 * z + 4, "m": 0.9 * m + 4, "y": y + 4, "v": v + 4}
    data = pd.DataFrame(raw)
    data["xw"] = (data.x - data.x.mean()) * (data.w - data.w.mean())
    centred = data.assign(x=data.x - data.x.mean(), w=data.w - data.w.mean())
    fits = {}
    for name, (outcome, predictors) in MODELS.items():
        design = (centred if name == "V" else data)[list(predictors)]
        fits[name] = sm.OLS(data[outcome], sm.add_constant(design)).fit()
    return Survey(data, fits)


def description(found: Survey, decimals: int, **study) -> dict:
    """The description of a paper that prints the survey's moments and coefficients."""
    sds = found.data.std()
    constructs = {
        name: {"label": label, "sd": f"{sds[name]:.{decimals}f}"} for name, label in LABELS.items()
    }
    constructs["xw"] = {**PRODUCT, "sd": f"{sds['xw']:.{decimals}f}"}
    models = {
        name: {"outcome": outcome, "predictors": list(terms), "reported": f"tables/{name}.csv"}
        for name, (outcome, terms) in MODELS.items()
    }
    return {
        "title": "A made-up survey",
        "authors": [{"given": "Ada", "family": "Nobody"}],
        "licence": {"name": "CC0"},
        "study": {
            "n": len(found.data),
            "constructs": constructs,
            "correlations": "tables/correlations.csv",
            "models": models,
            **study,
        },
    }


class _Plain(yaml.SafeDumper):
    """Writes what occurs twice twice: descriptions have no aliases."""

    def ignore_aliases(self, data):
        return True


def write_paper(folder: Path, found: Survey, decimals: int, **study) -> Path:
    """The paper's folder; `study` has further keys of its study."""
    tables = folder / "tables"
    tables.mkdir(parents=True, exist_ok=True)
    names = [*LABELS, "xw"]
    R = found.data[names].corr().round(decimals)
    R.to_csv(tables / "correlations.csv", index_label="construct", float_format=f"%.{decimals}f")
    for name, fit in found.fits.items():
        rows = pd.DataFrame({"b": fit.params, "se": fit.bse, "t": fit.tvalues, "p": fit.pvalues})
        rows = rows.drop(index="const").map(lambda value: f"{value:.{decimals}f}")
        rows["p"] = rows["p"].replace(f"{0:.{decimals}f}", f"<{10.0**-decimals:.{decimals}f}")
        rows.to_csv(tables / f"{name}.csv", index_label="term")
    described = description(found, decimals, **study)
    text = yaml.dump(described, Dumper=_Plain, sort_keys=False, allow_unicode=True)
    (folder / "paper.yaml").write_text(text, encoding="utf-8")
    return folder


class Printing(NamedTuple):
    """How a paper prints its tables of effects.

    `test` is the variance of the indirect effect (`sobel`, `aroian`, `goodman`), or `bootstrap`.
    """

    decimals: int
    test: str
    level: float = 0.95
    one_sided: bool = False
    standardised: bool = False


def effect_tables(found: Survey, how: Printing) -> dict[str, pd.DataFrame]:
    """Paths, indirect effect and simple slopes as numbers, by statsmodels and by textbook."""
    y, m, c, v = (found.fits[name] for name in "YMCV")
    paths = {"a": (m, "x"), "b": (y, "m"), "Total effect": (c, "x"), "Direct effect": (y, "x")}
    alpha, half = 1 - how.level, 2 if how.one_sided else 1
    direct = {
        name: [
            *(fit.params[term], fit.bse[term], fit.tvalues[term], fit.pvalues[term] / half),
            *fit.conf_int(alpha).loc[term],
        ]
        for name, (fit, term) in paths.items()
    }
    slopes = {}
    for label, at in (("Low", -1), ("Mean", 0), ("High", 1)):
        value = round(at * float(found.data.w.std()), how.decimals)
        tested = v.t_test(f"x + {value} * xw = 0")
        p = float(tested.pvalue) / half
        limits = tested.conf_int(alpha)[0]
        numbers = (tested.effect[0], tested.sd.item(), tested.tvalue.item(), p)
        slopes[label] = [*map(float, numbers), *limits]
    columns = ["b", "SE", "t", "p", "LLCI", "ULCI"]
    indirect = _indirect(m, y, how)
    if how.standardised:
        ratio = found.data.x.std() / found.data.y.std()
        indirect[0] *= ratio
        indirect[1] *= ratio
        indirect[4:] = [limit * ratio for limit in indirect[4:]]
    return {
        "paths": pd.DataFrame(direct, index=columns).T,
        "indirect": pd.DataFrame({"ab": indirect}, index=["Effect", "SE", "z", *columns[3:]]).T,
        "slopes": pd.DataFrame(slopes, index=columns).T,
    }


def _indirect(m, y, how: Printing) -> list[float]:
    """Estimate, error, z, p and limits of the indirect effect."""
    a, b, sa, sb = m.params["x"], y.params["m"], m.bse["x"], y.bse["m"]
    more = {"sobel": 0, "aroian": 1, "goodman": -1, "bootstrap": 0}[how.test] * sa**2 * sb**2
    first = a**2 * sb**2 + b**2 * sa**2
    # Goodman's variance may be none; then programs print Sobel's.
    error = float(np.sqrt(first + more if first + more > 0 else first))
    z = a * b / error
    p = 2 * norm.sf(abs(z)) / (2 if how.one_sided else 1)
    reach = norm.ppf(0.5 + how.level / 2) * error
    limits = [a * b - reach, a * b + reach]
    if how.test == "bootstrap":
        rng = np.random.default_rng(int(abs(z) * 1e6))
        draws = rng.normal(a, sa, 2000) * rng.normal(b, sb, 2000)
        error, limits = draws.std(), list(np.quantile(draws, [0.025, 0.975]))
    return [a * b, error, z, p, *limits]


def write_effects(folder: Path, found: Survey, how: Printing) -> dict:
    """The tables under `tables/`, and what `effects:` says of them."""
    tables = folder / "tables"
    tables.mkdir(parents=True, exist_ok=True)
    for name, table in effect_tables(found, how).items():
        text = table.map(lambda value: f"{value:.{how.decimals}f}")
        least = f"{10.0**-how.decimals:.{how.decimals}f}"
        text["p"] = [f"<{least}" if float(p) == 0 else p for p in text["p"]]
        if how.test == "bootstrap" and name == "indirect":
            text = text.drop(columns=["z", "p"])
        text.to_csv(tables / f"{name}.csv", index_label="effect")
    sd = float(found.data.w.std())
    through = {"through": ["x", "m", "y"]}
    slopes = {
        label: {"slope": ["x", "v"], "at": {"w": f"{at * sd:.{how.decimals}f}"}}
        for label, at in (("Low", -1), ("Mean", 0), ("High", 1))
    }
    tested = {} if how.test == "bootstrap" else {"test": "sobel"}
    return {
        "paths": {"file": "tables/paths.csv", **through},
        "indirect": {"file": "tables/indirect.csv", **through, **tested},
        "slopes": {"file": "tables/slopes.csv", "rows": slopes},
    }
