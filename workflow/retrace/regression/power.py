"""Power, replication and exaggeration by Monte Carlo, in blocks that any number of jobs may share.

A block is a fixed number of draws at one sample size from one population, with a random stream of
its own. Which job works on a block never changes its result, and blocks are added up in their
order, so that the number of jobs changes nothing. Type S and type M errors are those of Gelman and
Carlin (2014): among significant results, the share with the wrong sign, and by how much the
estimate exceeds the truth in size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from retrace.regression.decisions import Hypothesis
from retrace.regression.matrix import critical_t, ols_from_correlations
from retrace.regression.montecarlo import (
    draw_likert_regressions,
    draw_predictive_regressions,
    draw_regressions,
)

ALL = "all"
NORMAL, PREDICTIVE, LIKERT = "normal", "predictive", "likert"
BLOCK = {NORMAL: 8192, PREDICTIVE: 8192, LIKERT: 1024}

POWER_COLUMNS = ("n", "alpha", "hypothesis", "power", "mc_error")
REQUIRED_COLUMNS = ("alpha", "hypothesis", "power", "n", "n_low", "n_high")
REPLICATION_COLUMNS = (
    "population",
    "alpha",
    "hypothesis",
    "probability",
    "mc_error",
    "draws",
)
SAMPLING_COLUMNS = (
    "population",
    "hypothesis",
    "statistic",
    "population_value",
    "mean",
    "sd",
    "low",
    "median",
    "high",
)
EXAGGERATION_COLUMNS = (
    "population",
    "alpha",
    "hypothesis",
    "type_s",
    "type_s_mc_error",
    "type_m",
    "type_m_mc_error",
    "significant",
)
TARGETS = (0.80, 0.90, 0.95)
# t is counted in bins of this width for its quantiles; beyond the last bin it is counted there.
BIN = 0.02
BINS = 3000
# Relative Monte Carlo error that type M errors are driven below, and blocks added at most.
TYPE_M_ERROR = 0.01
MOST_BLOCKS = 200


@dataclass(frozen=True)
class Likert:
    """Scales behind the scores: latent correlations, thresholds and lattices, outcome last."""

    latent: np.ndarray
    thresholds: Sequence[np.ndarray]
    lattices: Sequence[np.ndarray]


@dataclass(frozen=True)
class Plan:
    """What to simulate about the hypotheses of a study.

    Attributes
    ----------
    R : ndarray, shape (p, p)
        Population correlations.
    n : int
        The paper's sample size.
    designs : tuple of tuple of int, or None
        Regressions as in `montecarlo.regress_designs`; None for one of the last variable on all
        others.
    slopes, dfs, signs : tuple of int
        Of each hypothesis its row among all slopes, its degrees of freedom less n, and its sign.
    truth : tuple of float
        Population slope of each hypothesis, standardised.
    names : tuple of str
        Names of the hypotheses.
    alphas : tuple of float
    sizes : tuple of int
        Sample sizes at which power is wanted, the paper's among them.
    mc_error : float
        Bound on the Monte Carlo error of every probability.
    likert : Likert or None
    """

    R: np.ndarray
    n: int
    designs: tuple[tuple[int, ...], ...] | None
    slopes: tuple[int, ...]
    dfs: tuple[int, ...]
    signs: tuple[int, ...]
    truth: tuple[float, ...]
    names: tuple[str, ...]
    alphas: tuple[float, ...]
    sizes: tuple[int, ...]
    mc_error: float
    likert: Likert | None = None

    def tasks(self) -> list[tuple[str, int, int]]:
        """All blocks, as (population, n, number), in the order in which they are added up."""
        # sqrt(p (1 - p) / draws) is largest at p = 1 / 2.
        draws = 0.25 / self.mc_error**2
        blocks = int(np.ceil(draws / BLOCK[NORMAL]))
        tasks = [(NORMAL, n, block) for n in self.sizes for block in range(blocks)]
        tasks += [(PREDICTIVE, self.n, block) for block in range(blocks)]
        if self.likert is not None:
            # Samples of raw scores cost fifty times as much: a bound three times as wide.
            blocks = int(np.ceil(draws / 9 / BLOCK[LIKERT]))
            tasks += [(LIKERT, self.n, block) for block in range(blocks)]
        return tasks


def plan(
    R,
    n: int,
    constructs: Sequence[str],
    models: Mapping[str, tuple[Sequence[str], str]],
    hypotheses: Sequence[Hypothesis],
    alphas: Sequence[float],
    mc_error: float,
    points: int = 12,
    likert: Likert | None = None,
) -> Plan:
    """Choose sample sizes from well below the paper's to where every hypothesis is near certain.

    The largest is where the weakest effect of the hypothesised sign would have power 0.995 by the
    normal approximation, at most a hundred times the paper's.

    Parameters
    ----------
    R : array_like, shape (p, p)
        Correlations of `constructs`.
    n : int
    constructs : sequence of str
    models : mapping
        Name to predictors and outcome, of each model that a hypothesis is about.
    hypotheses : sequence of Hypothesis
    alphas : sequence of float
    mc_error : float
    points : int
        About how many sample sizes.
    likert : Likert, optional
        Scales in the order of `constructs`.
    """
    R = np.asarray(R, dtype=float)
    place = {name: i for i, name in enumerate(constructs)}
    designs, rows, truth, ts, dfs = [], {}, {}, {}, {}
    for name, (predictors, outcome) in models.items():
        design = tuple(place[construct] for construct in (*predictors, outcome))
        fit = ols_from_correlations(R[np.ix_(design, design)], n)
        for j, term in enumerate(predictors):
            key = (name, term)
            rows[key], truth[key], ts[key] = len(rows), float(fit.beta[j]), float(fit.t[j])
            dfs[key] = fit.df - n
        designs.append(design)
    keys = [(h.model, h.term) for h in hypotheses]
    largest = 2.0 * n
    z = ndtri(0.995) - ndtri(min(alphas) / 2.0)
    for key, hypothesis in zip(keys, hypotheses, strict=True):
        t = ts[key] * hypothesis.sign
        if t > 0:
            largest = max(largest, (z / t) ** 2 * (n + dfs[key]) + len(R))
    largest = min(largest, 100.0 * n)
    smallest = max(len(R) + 10, n // 4)
    sizes = np.round(np.geomspace(smallest, largest, points)).astype(int).tolist()
    sizes = [size for size in sizes if abs(size - n) > 0.05 * n]
    whole = designs == [tuple(range(len(R)))]
    return Plan(
        R=R,
        n=n,
        designs=None if whole else tuple(designs),
        slopes=tuple(rows[key] for key in keys),
        dfs=tuple(dfs[key] for key in keys),
        signs=tuple(h.sign for h in hypotheses),
        truth=tuple(truth[key] for key in keys),
        names=tuple(h.name for h in hypotheses),
        alphas=tuple(alphas),
        sizes=tuple(sorted({*sizes, n})),
        mc_error=mc_error,
        likert=likert,
    )


def simulate_block(plan: Plan, task: tuple[str, int, int], stream: np.random.Generator) -> dict:
    """Counts and sums of one block, as plain numbers that JSON keeps exactly."""
    population, n, block = task
    if population == NORMAL:
        b, t = draw_regressions(plan.R, n, BLOCK[NORMAL], stream, plan.designs)
    elif population == PREDICTIVE:
        b, t = draw_predictive_regressions(plan.R, n, BLOCK[PREDICTIVE], stream, plan.designs)
    else:
        scales = (plan.likert.latent, plan.likert.thresholds, plan.likert.lattices)
        b, t = draw_likert_regressions(*scales, n, BLOCK[LIKERT], stream, plan.designs)
    signs = np.array(plan.signs)[:, None]
    b, t = b[list(plan.slopes)] * signs, t[list(plan.slopes)] * signs
    df = n + np.array(plan.dfs)[:, None]
    counts: dict = {"population": population, "n": n, "block": block, "draws": t.shape[1]}
    for alpha in plan.alphas:
        critical = critical_t(alpha, df)
        supported, significant = t >= critical, np.abs(t) >= critical
        size = np.where(significant, np.abs(b), 0.0)
        counts[f"{alpha:g}"] = {
            "supported": supported.sum(axis=1).tolist(),
            "all": int(supported.all(axis=0).sum()),
            "significant": significant.sum(axis=1).tolist(),
            "wrong_sign": (significant & ~supported).sum(axis=1).tolist(),
            "size": size.sum(axis=1).tolist(),
            "size_squared": (size**2).sum(axis=1).tolist(),
        }
    if n == plan.n:
        centred = np.clip(np.floor(t / BIN) + BINS // 2, 0, BINS - 1).astype(int)
        counts["moments"] = {
            "b": b.sum(axis=1).tolist(),
            "b_squared": (b**2).sum(axis=1).tolist(),
            "t": t.sum(axis=1).tolist(),
            "t_squared": (t**2).sum(axis=1).tolist(),
        }
        counts["bins"] = [
            {int(i): int(c) for i, c in zip(*np.unique(row, return_counts=True), strict=True)}
            for row in centred
        ]
    return counts


def share_of(tasks: Sequence, chunk: int, chunks: int) -> list:
    """The tasks of one of `chunks` jobs."""
    return list(tasks[chunk::chunks])


def add_until_precise(
    plan: Plan, blocks: list[dict], stream_of: Callable[[tuple], np.random.Generator]
) -> list[dict]:
    """Add blocks at the paper's n until type M errors are known to 1 %, or 200 blocks are spent.

    `stream_of` gives the random stream of a task.
    """
    blocks = sorted_blocks(blocks)
    while True:
        own = [b for b in blocks if b["population"] == NORMAL and b["n"] == plan.n]
        table = exaggeration_rows(plan, NORMAL, own)
        worst = max((row[6] / row[5] for row in table if row[7] > 0), default=0.0)
        if worst <= TYPE_M_ERROR or len(own) >= MOST_BLOCKS:
            return sorted_blocks(blocks)
        for number in range(len(own), min(2 * len(own), MOST_BLOCKS)):
            task = (NORMAL, plan.n, number)
            blocks.append(simulate_block(plan, task, stream_of(task)))


def sorted_blocks(blocks: Sequence[dict]) -> list[dict]:
    """Blocks in the order that does not depend on who worked on them."""
    order = {NORMAL: 0, PREDICTIVE: 1, LIKERT: 2}
    return sorted(blocks, key=lambda b: (order[b["population"]], b["n"], b["block"]))


def _total(blocks, *path):
    total = None
    for block in blocks:
        value = block
        for key in path:
            value = value[key]
        value = np.asarray(value, dtype=float)
        total = value if total is None else total + value
    return total


def _probabilities(plan: Plan, blocks: Sequence[dict], alpha: float):
    """(hypothesis, probability, Monte Carlo error) of support, each and all."""
    draws = sum(block["draws"] for block in blocks)
    key = f"{alpha:g}"
    counts = [*_total(blocks, key, "supported"), float(_total(blocks, key, "all"))]
    for name, count in zip([*plan.names, ALL], counts, strict=True):
        p = count / draws
        # An event never or always seen still has an error: that of the rule of succession.
        q = (count + 1) / (draws + 2)
        yield name, float(p), float(np.sqrt(q * (1 - q) / draws))


def power_rows(plan: Plan, blocks: Sequence[dict]) -> list[tuple]:
    """Rows of `POWER_COLUMNS`: normal population, every sample size."""
    rows = []
    for n in plan.sizes:
        own = [b for b in blocks if b["population"] == NORMAL and b["n"] == n]
        for alpha in plan.alphas:
            rows += [(n, alpha, *row) for row in _probabilities(plan, own, alpha)]
    return rows


def replication_rows(plan: Plan, blocks: Sequence[dict]) -> list[tuple]:
    """Rows of `REPLICATION_COLUMNS`: a new sample of the paper's size, by population."""
    rows = []
    for population in (NORMAL, PREDICTIVE, LIKERT):
        own = [b for b in blocks if b["population"] == population and b["n"] == plan.n]
        draws = sum(block["draws"] for block in own)
        for alpha in plan.alphas if own else ():
            for row in _probabilities(plan, own, alpha):
                rows.append((population, alpha, *row, draws))
    return rows


def exaggeration_rows(plan: Plan, population: str, blocks: Sequence[dict]) -> list[tuple]:
    """Rows of `EXAGGERATION_COLUMNS` from blocks of one population at the paper's n."""
    rows = []
    for alpha in plan.alphas:
        key = f"{alpha:g}"
        significant = _total(blocks, key, "significant")
        wrong = _total(blocks, key, "wrong_sign")
        size, squares = _total(blocks, key, "size"), _total(blocks, key, "size_squared")
        for i, name in enumerate(plan.names):
            count = significant[i]
            if count < 2:
                rows.append((population, alpha, name, np.nan, np.nan, np.nan, np.nan, int(count)))
                continue
            s = wrong[i] / count
            q = (wrong[i] + 1) / (count + 2)
            mean = size[i] / count
            sd = np.sqrt(max(squares[i] / count - mean**2, 0.0) * count / (count - 1))
            scale = abs(plan.truth[i])
            type_m, error = mean / scale, sd / np.sqrt(count) / scale
            s_error = np.sqrt(q * (1 - q) / count)
            numbers = (s, s_error, type_m, error)
            rows.append((population, alpha, name, *(float(x) for x in numbers), int(count)))
    return rows


def sampling_rows(plan: Plan, blocks: Sequence[dict]) -> list[tuple]:
    """Rows of `SAMPLING_COLUMNS`: moments of slopes and t at the paper's n, quantiles of t.

    Signs are turned so that the hypothesised direction is positive.
    """
    rows = []
    for population in (NORMAL, PREDICTIVE, LIKERT):
        own = [b for b in blocks if b["population"] == population and b["n"] == plan.n]
        if not own:
            continue
        draws = sum(block["draws"] for block in own)
        moments = {name: _total(own, "moments", name) for name in own[0]["moments"]}
        for i, name in enumerate(plan.names):
            for statistic in ("b", "t"):
                mean = moments[statistic][i] / draws
                square = moments[f"{statistic}_squared"][i] / draws
                sd = np.sqrt(max(square - mean**2, 0.0) * draws / (draws - 1))
                quantiles = (np.nan,) * 3
                if statistic == "t":
                    quantiles = _quantiles([block["bins"][i] for block in own], draws)
                truth = plan.signs[i] * plan.truth[i] if statistic == "b" else np.nan
                numbers = (truth, mean, sd, *quantiles)
                rows.append((population, name, statistic, *(float(x) for x in numbers)))
    return rows


def _quantiles(bins: Sequence[dict], draws: int) -> tuple[float, ...]:
    counts = np.zeros(BINS)
    for block in bins:
        for place, count in block.items():
            counts[int(place)] += count
    below = np.concatenate([[0.0], np.cumsum(counts)]) / draws
    edges = (np.arange(BINS + 1) - BINS // 2) * BIN
    return tuple(np.interp((0.025, 0.5, 0.975), below, edges))


def required_rows(plan: Plan, power: Sequence[tuple], targets=TARGETS) -> list[tuple]:
    """Rows of `REQUIRED_COLUMNS`: sample sizes for given power, interpolated.

    Power is close to linear in sqrt(n) on the probit scale; n_low and n_high are where the
    curves two Monte Carlo errors above and below reach the target. Empty where no size of the
    plan does, as for an effect of the other sign.
    """
    rows = []
    for alpha in plan.alphas:
        for name in [*plan.names, ALL]:
            own = [row for row in power if row[1] == alpha and row[2] == name]
            n, p, error = (np.array([row[i] for row in own]) for i in (0, 3, 4))
            for target in targets:
                ends = [_reach(n, p + shift * error, target) for shift in (0, 2, -2)]
                rows.append((alpha, name, target, *ends))
    return rows


def _reach(n, p, target) -> float:
    p = np.maximum.accumulate(np.clip(p, 1e-6, 1 - 1e-6))
    if p[-1] < target:
        return float("nan")
    place = int(np.argmax(p >= target))
    if place == 0:
        return float(n[0])
    x, z = np.sqrt(n[place - 1 : place + 1]), ndtri(p[place - 1 : place + 1])
    share = (ndtri(target) - z[0]) / (z[1] - z[0])
    return float(np.ceil((x[0] + share * (x[1] - x[0])) ** 2))
