"""Power, replication and exaggeration by Monte Carlo, in blocks that any number of jobs may share.

A block is a fixed number of draws at one sample size from one population, with a random stream of
its own. Which job works on a block never changes its result, and blocks are added up in their
order, so that the number of jobs changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtri

from retrace.decisions import (
    DIFFERENCE,
    INDIRECT,
    SUPPORTED,
    TOTAL,
    EffectHypothesis,
    Stated,
    effects_of,
    supported_by_t,
)
from retrace.estimators.least_squares import ols_from_correlations
from retrace.power.montecarlo import (
    Design,
    draw_likert_regressions,
    draw_predictive_regressions,
    draw_regressions,
)

NORMAL, PREDICTIVE, LIKERT = "normal", "predictive", "likert"
# A population, a sample size, and the number of a block.
Task = tuple[str, int, int]
BLOCK = {NORMAL: 8192, PREDICTIVE: 8192, LIKERT: 1024}

# For their quantiles t and slopes are counted in bins of this width, slopes in standard errors.
BIN = 0.02


@dataclass(frozen=True)
class Likert:
    """Scales behind the scores: latent correlations and thresholds, outcome last."""

    latent: np.ndarray
    thresholds: Sequence[np.ndarray]


@dataclass(frozen=True)
class Plan:
    """What to simulate about the hypotheses of a study.

    Attributes
    ----------
    R : ndarray, shape (p, p)
        Population correlations.
    n : int
        The paper's sample size.
    designs : tuple, or None
        Regressions as in `montecarlo.regress_designs`; None for one of the last variable on all
        others.
    slopes : tuple of tuple of int
        Of each hypothesis its row among all slopes, or the rows whose product it is about.
    dfs : tuple of float
        Degrees of freedom less n; infinite of a product, whose test is Sobel's (1982) z.
    signs : tuple of int
    truth, se : tuple of float
        Population slope of each hypothesis, standardised, and its standard error at n.
    names : tuple of str
        Names of the hypotheses.
    reported : tuple of bool
        Whether the paper reports each as supported.
    levels : tuple of float
    sizes : tuple of int
        Sample sizes at which power is wanted, the paper's among them.
    mc_error : float
        Bound on the Monte Carlo error of every probability.
    likert : Likert or None
    no_likert : str
        Why no samples of responses are simulated; empty where they are.
    """

    R: np.ndarray
    n: int
    designs: tuple[Design, ...] | None
    slopes: tuple[tuple[int, ...], ...]
    dfs: tuple[float, ...]
    signs: tuple[int, ...]
    truth: tuple[float, ...]
    se: tuple[float, ...]
    names: tuple[str, ...]
    reported: tuple[bool, ...]
    levels: tuple[float, ...]
    sizes: tuple[int, ...]
    mc_error: float
    likert: Likert | None = None
    no_likert: str = ""

    def tasks(self) -> list[Task]:
        """All blocks, as (population, n, number), in the order in which they are added up."""
        # sqrt(p (1 - p) / draws) is largest at p = 1 / 2.
        draws = 0.25 / self.mc_error**2
        blocks = {population: int(np.ceil(draws / size)) for population, size in BLOCK.items()}
        tasks = [(NORMAL, n, block) for n in self.sizes for block in range(blocks[NORMAL])]
        if self.n > len(self.R):  # fewer observations leave no posterior of the population
            tasks += [(PREDICTIVE, self.n, block) for block in range(blocks[PREDICTIVE])]
        if self.likert is not None:
            tasks += [(LIKERT, self.n, block) for block in range(blocks[LIKERT])]
        return tasks


@dataclass(frozen=True)
class Population:
    """What new samples are drawn from.

    Attributes
    ----------
    R : array_like, shape (p, p)
        Correlations of `constructs`.
    n : int
        The paper's sample size.
    constructs : sequence of str
    likert : Likert, optional
        Scales in the order of `constructs`.
    """

    R: np.ndarray
    n: int
    constructs: Sequence[str]
    likert: Likert | None = None


class _Regressed(NamedTuple):
    """One effect in the population: its rows among all slopes, and its regression at n."""

    rows: tuple[int, ...]
    beta: float
    se: float
    t: float
    df: float


def plan(
    population: Population,
    models: Mapping[str, tuple[Sequence[str], str]],
    hypotheses: Sequence[Stated],
    levels: Sequence[float],
    mc_error: float,
    points: int = 12,
) -> Plan:
    """Choose sample sizes from where nothing is sure to where every hypothesis is near certain.

    By the normal approximation: the smallest is a quarter of the paper's, or where the strongest
    effect of a hypothesised sign has power 0.5 if that is smaller still; the largest is where the
    weakest would have power 0.995, at most a hundred times the paper's.

    Parameters
    ----------
    population : Population
    models : mapping
        Name to predictors and outcome, of each model that a hypothesis is about.
    hypotheses : sequence of Hypothesis or EffectHypothesis
        Those about effects are `simulated`.
    levels : sequence of float
    mc_error : float
    points : int
        About how many sample sizes.
    """
    R, n = np.asarray(population.R, dtype=float), population.n
    designs, effects = _regress_population(R, population, models)
    for h in effects_of(hypotheses):
        if h.kind == DIFFERENCE:
            [name] = {model for model, _ in h.coefficients}
            row = 1 + max(row for each in effects.values() for row in each.rows)
            own = _difference(population, models[name], [term for _, term in h.coefficients], row)
            designs.append(own[0])
            effects |= {(h.name, ""): own[1]} | own[2]
        else:
            effects[h.name, ""] = _product([effects[place] for place in h.coefficients])
    tested = [
        effects[(h.name, "") if isinstance(h, EffectHypothesis) else (h.model, h.term)]
        for h in hypotheses
    ]
    sizes = _sizes(population, hypotheses, tested, levels, points)
    whole = len(designs) == 1 and designs == [tuple(range(len(R)))]
    return Plan(
        R=R,
        n=n,
        designs=None if whole else tuple(designs),
        slopes=tuple(effect.rows for effect in tested),
        dfs=tuple(effect.df - n for effect in tested),
        signs=tuple(h.sign for h in hypotheses),
        truth=tuple(effect.beta for effect in tested),
        se=tuple(effect.se for effect in tested),
        names=tuple(h.name for h in hypotheses),
        reported=tuple(h.reported == SUPPORTED for h in hypotheses),
        levels=tuple(levels),
        sizes=sizes,
        mc_error=mc_error,
        likert=population.likert,
    )


def _regress_population(
    R: np.ndarray, population: Population, models: Mapping[str, tuple[Sequence[str], str]]
) -> tuple[list[Design], dict[tuple[str, str], _Regressed]]:
    """Columns of each regression, outcome last, and every effect by model and term."""
    place = {name: i for i, name in enumerate(population.constructs)}
    designs: list[Design] = []
    effects: dict[tuple[str, str], _Regressed] = {}
    for name, (predictors, outcome) in models.items():
        design = tuple(place[construct] for construct in (*predictors, outcome))
        fit = ols_from_correlations(R[np.ix_(design, design)], population.n)
        for j, term in enumerate(predictors):
            beta, se, t = (float(values[j]) for values in (fit.beta, fit.beta_se, fit.t))
            effects[name, term] = _Regressed((len(effects),), beta, se, t, fit.df)
        designs.append(design)
    return designs, effects


def simulated(hypothesis: EffectHypothesis) -> bool:
    """Whether new samples decide an effect: a difference, or one product of coefficients.

    A slope at a value of a moderator is not: samples have a product as a column of its own.
    """
    return hypothesis.kind == DIFFERENCE or (
        len(hypothesis.products) == 1 and hypothesis.kind in (INDIRECT, TOTAL)
    )


def _product(parts: Sequence[_Regressed]) -> _Regressed:
    """A product of effects in the population, with Sobel's z."""
    rows = tuple(row for part in parts for row in part.rows)
    beta = float(np.prod([part.beta for part in parts]))
    z = float(_sobel(np.array([part.t for part in parts])))
    return _Regressed(rows, beta, abs(beta / z) if z else np.nan, z, np.inf)


def _sobel(t: np.ndarray) -> np.ndarray:
    """z of products by the delta method from the t of their coefficients along the first axis."""
    with np.errstate(divide="ignore"):
        return np.prod(np.sign(t), axis=0) / np.sqrt((1.0 / t**2).sum(axis=0))


def _difference(
    population: Population, model: tuple[Sequence[str], str], terms: Sequence[str], row: int
) -> tuple[np.ndarray, _Regressed, dict[tuple[str, str], _Regressed]]:
    """A regression of which a slope is the difference of those of two terms.

    With the sum of both in the place of the second, the first has the difference.

    Returns
    -------
    design : numpy.ndarray, shape (k + 1, p)
    difference : _Regressed
    others : dict
        The other slopes of the regression, so that their rows are taken.
    """
    predictors, outcome = model
    place = {name: i for i, name in enumerate(population.constructs)}
    design = np.eye(len(place))[[place[name] for name in (*predictors, outcome)]]
    first, second = (list(predictors).index(term) for term in terms)
    design[second] += design[first]
    S = design @ np.asarray(population.R, dtype=float) @ design.T
    spread = np.sqrt(np.diagonal(S))
    fit = ols_from_correlations(S / np.outer(spread, spread), population.n)
    found = [
        _Regressed((row + j,), float(fit.beta[j]), float(fit.beta_se[j]), float(fit.t[j]), fit.df)
        for j in range(len(predictors))
    ]
    names = ((f"{' less '.join(terms)} in row {row}", str(j)) for j in range(len(predictors)))
    return design, found[first], dict(zip(names, found, strict=True))


def _sizes(
    population: Population,
    hypotheses: Sequence[Stated],
    tested: Sequence[_Regressed],
    levels: Sequence[float],
    points: int,
) -> tuple[int, ...]:
    """Sample sizes in order: about so many, and the paper's own."""
    n, p = population.n, len(population.constructs)
    smallest, largest = n / 4.0, 2.0 * n
    half, z = -ndtri(max(levels) / 2.0), ndtri(0.995) - ndtri(min(levels) / 2.0)
    for effect, hypothesis in zip(tested, hypotheses, strict=True):
        t = effect.t * hypothesis.sign
        if t > 0:
            smallest = min(smallest, (half / t) ** 2 * effect.df)
            largest = max(largest, (z / t) ** 2 * effect.df + p)
    largest = min(largest, 100.0 * n)
    smallest = max(smallest, p + 1)
    sizes = np.round(np.geomspace(smallest, largest, points)).astype(int).tolist()
    return tuple(sorted({*(size for size in sizes if abs(size - n) > 0.05 * n), n}))


def simulate_block(plan: Plan, task: Task, stream: np.random.Generator) -> dict:
    """Counts and sums of one block, as plain numbers that JSON keeps exactly."""
    population, n, block = task
    if population == NORMAL:
        b, t = draw_regressions(plan.R, n, BLOCK[NORMAL], stream, plan.designs)
    elif population == PREDICTIVE:
        b, t = draw_predictive_regressions(plan.R, n, BLOCK[PREDICTIVE], stream, plan.designs)
    elif plan.likert is None:
        raise ValueError(f"there is no population of responses: {plan.no_likert}")
    else:
        scales = (plan.likert.latent, plan.likert.thresholds)
        b, t = draw_likert_regressions(*scales, n, BLOCK[LIKERT], stream, plan.designs)
    signs = np.array(plan.signs)[:, None]
    b, t = (values * signs for values in _of_hypotheses(plan, b, t))
    df = n + np.array(plan.dfs)[:, None]
    wrong = t * (np.sign(plan.truth) * plan.signs)[:, None] < 0
    reported = np.array(plan.reported)
    counts: dict = {"population": population, "n": n, "block": block, "draws": t.shape[1]}
    for level in plan.levels:
        # `t` has the hypothesised sign where it is positive.
        supported = supported_by_t(t, 1, df, level)
        significant = supported_by_t(np.abs(t), 1, df, level)
        size = np.where(significant, np.abs(b), 0.0)
        counts[f"{level:g}"] = {
            "supported": supported.sum(axis=1).tolist(),
            "all": int(supported.all(axis=0).sum()),
            "again": int(supported[reported].all(axis=0).sum()),
            "significant": significant.sum(axis=1).tolist(),
            "wrong_sign": (significant & wrong).sum(axis=1).tolist(),
            "size": size.sum(axis=1).tolist(),
            "size_squared": (size**2).sum(axis=1).tolist(),
        }
    if n == plan.n:
        counts["moments"] = {
            "b": b.sum(axis=1).tolist(),
            "b_squared": (b**2).sum(axis=1).tolist(),
            "t": t.sum(axis=1).tolist(),
            "t_squared": (t**2).sum(axis=1).tolist(),
        }
        units: dict[str, Any] = {"b": np.array(plan.se)[:, None], "t": 1.0}
        counts["bins"] = {
            statistic: [_counted(row) for row in np.floor(values / (units[statistic] * BIN))]
            for statistic, values in (("b", b), ("t", t))
        }
    return counts


def _of_hypotheses(plan: Plan, b: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Estimate and statistic of each hypothesis, shape (hypotheses, draws), from all slopes."""
    rows = [list(rows) for rows in plan.slopes]
    estimates = [b[own[0]] if len(own) == 1 else b[own].prod(axis=0) for own in rows]
    statistics = [t[own[0]] if len(own) == 1 else _sobel(t[own]) for own in rows]
    return np.array(estimates), np.array(statistics)


def _counted(bins: np.ndarray) -> dict[int, int]:
    return {int(i): int(c) for i, c in zip(*np.unique(bins, return_counts=True), strict=True)}


def sorted_blocks(blocks: Sequence[dict]) -> list[dict]:
    """Blocks in the order that does not depend on who worked on them."""
    order = {NORMAL: 0, PREDICTIVE: 1, LIKERT: 2}
    return sorted(blocks, key=lambda b: (order[b["population"]], b["n"], b["block"]))
