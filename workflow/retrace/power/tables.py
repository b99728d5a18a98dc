"""What the simulated blocks add up to: power, replication, sampling distributions, exaggeration.

Type S and type M errors are those of Gelman and Carlin (2014): among significant results, the share
with the wrong sign, and by how much the estimate exceeds the truth in size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.special import ndtri

from retrace.decisions import AGAIN, ALL
from retrace.papers.study import Study
from retrace.power.plans import Settings, plan_if_any, stream_of
from retrace.power.simulation import (
    BIN,
    LIKERT,
    NORMAL,
    PREDICTIVE,
    Plan,
    simulate_block,
    sorted_blocks,
)

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = (0.025, 0.5, 0.975)
TARGETS = (0.80, 0.90, 0.95)
# Relative Monte Carlo error that type M errors are driven below, and blocks added at most.
TYPE_M_ERROR = 0.01
MOST_BLOCKS = 200
# A standardised slope of no more than rounding errors.
NO_EFFECT = 1e-12
# Type S and type M errors, each with its Monte Carlo error, where there are none.
_NO_ERRORS = (np.nan, np.nan, np.nan, np.nan)


# Each has its level as its last column too, which `alpha` was called.
class Power(NamedTuple):
    """The share of new samples that support a hypothesis, by sample size, a row of `power.csv`."""

    n: int
    alpha: float
    hypothesis: str
    power: float
    mc_error: float
    population: str
    level: float


class Required(NamedTuple):
    """The sample size for given power, a row of `required_n.csv`; NaN where no size has it."""

    alpha: float
    hypothesis: str
    power: float
    n: float
    n_low: float
    n_high: float
    level: float


class Replication(NamedTuple):
    """The share of new samples of the paper's size in support, a row of `replication.csv`."""

    population: str
    alpha: float
    hypothesis: str
    probability: float
    mc_error: float
    draws: int
    level: float


class Sampling(NamedTuple):
    """The sampling distribution of a slope or its t, a row of `sampling.csv`.

    `low`, `median` and `high` are the `QUANTILES`; `mc_error` is that of the mean.
    """

    population: str
    hypothesis: str
    statistic: str
    population_value: float
    mean: float
    sd: float
    low: float
    median: float
    high: float
    mc_error: float
    low_mc_error: float
    median_mc_error: float
    high_mc_error: float


class Exaggeration(NamedTuple):
    """Type S and type M errors of significant results, a row of `exaggeration.csv`."""

    population: str
    alpha: float
    hypothesis: str
    type_s: float
    type_s_mc_error: float
    type_m: float
    type_m_mc_error: float
    significant: int
    level: float


# The row type of each table.
ROWS: dict[str, type[NamedTuple]] = {
    "power": Power,
    "required": Required,
    "replication": Replication,
    "sampling": Sampling,
    "exaggeration": Exaggeration,
}


class Probability(NamedTuple):
    """The probability that a hypothesis is supported, with its Monte Carlo error."""

    hypothesis: str
    probability: float
    mc_error: float


def add_until_precise(
    plan: Plan, blocks: list[dict], stream_of: Callable[[tuple], np.random.Generator]
) -> list[dict]:
    """Add blocks at the paper's n until type M errors are known to 1 %, or 200 blocks are spent.

    `stream_of` gives the random stream of a task.
    """
    blocks = sorted_blocks(blocks)
    while True:
        own = [b for b in blocks if b["population"] == NORMAL and b["n"] == plan.n]
        table = exaggeration_rows(plan, NORMAL, blocks)
        worst = max(
            (row.type_m_mc_error / row.type_m for row in table if row.type_m > 0), default=0.0
        )
        if worst <= TYPE_M_ERROR or len(own) >= MOST_BLOCKS:
            return sorted_blocks(blocks)
        for number in range(len(own), min(2 * len(own), MOST_BLOCKS)):
            task = (NORMAL, plan.n, number)
            blocks.append(simulate_block(plan, task, stream_of(task)))


def _total(blocks: Sequence[dict], *path: str) -> np.ndarray:
    """What blocks have under a path of keys, added up in their order."""
    total: Any = None
    for block in blocks:
        value: Any = block
        for key in path:
            value = value[key]
        value = np.asarray(value, dtype=float)
        total = value if total is None else total + value
    return total


def _probabilities(
    plan: Plan, blocks: Sequence[dict], level: float, together: dict[str, str]
) -> Iterator[Probability]:
    """Of support, each hypothesis and together.

    `together` has a name for each count of several hypotheses.
    """
    draws = sum(block["draws"] for block in blocks)
    key = f"{level:g}"
    counts = dict(zip(plan.names, _total(blocks, key, "supported"), strict=True))
    counts |= {name: float(_total(blocks, key, count)) for count, name in together.items()}
    for name, count in counts.items():
        p = count / draws
        # An event never or always seen still has an error: that of the rule of succession.
        q = (count + 1) / (draws + 2)
        yield Probability(name, float(p), float(np.sqrt(q * (1 - q) / draws)))


def power_rows(plan: Plan, blocks: Sequence[dict]) -> list[Power]:
    """A normal population at every size, a Likert one at the paper's n."""
    rows = []
    for n in plan.sizes:
        for population in (NORMAL, LIKERT):
            own = [b for b in blocks if b["population"] == population and b["n"] == n]
            for level in plan.levels if own else ():
                found = _probabilities(plan, own, level, {"all": ALL})
                rows += [Power(n, level, *row, population, level) for row in found]
    return rows


def replication_rows(plan: Plan, blocks: Sequence[dict]) -> list[Replication]:
    """A new sample of the paper's size, by population.

    Together: all hypotheses, and all that the paper supports where it supports any.
    """
    together = {"all": ALL, "again": AGAIN} if any(plan.reported) else {"all": ALL}
    rows = []
    for population in (NORMAL, PREDICTIVE, LIKERT):
        own = [b for b in blocks if b["population"] == population and b["n"] == plan.n]
        draws = sum(block["draws"] for block in own)
        for level in plan.levels if own else ():
            for row in _probabilities(plan, own, level, together):
                rows.append(Replication(population, level, *row, draws, level))
    return rows


def exaggeration_rows(plan: Plan, population: str, blocks: Sequence[dict]) -> list[Exaggeration]:
    """Errors of sign and size from one population at the paper's n.

    The wrong sign is the one that the population slope has not, whatever the hypothesis says.
    Errors are NaN where that slope is 0, which has no sign, and where no two results are
    significant.
    """
    blocks = [b for b in blocks if b["n"] == plan.n and b["population"] == population]
    rows = []
    for level in plan.levels:
        key = f"{level:g}"
        significant = _total(blocks, key, "significant")
        wrong = _total(blocks, key, "wrong_sign")
        size, squares = _total(blocks, key, "size"), _total(blocks, key, "size_squared")
        for i, name in enumerate(plan.names):
            own, count = (population, level, name), significant[i]
            if count < 2 or abs(plan.truth[i]) < NO_EFFECT:
                rows.append(Exaggeration(*own, *_NO_ERRORS, int(count), level))
                continue
            s = wrong[i] / count
            q = (wrong[i] + 1) / (count + 2)
            mean = size[i] / count
            sd = np.sqrt(max(squares[i] / count - mean**2, 0.0) * count / (count - 1))
            scale = abs(plan.truth[i])
            type_m, error = mean / scale, sd / np.sqrt(count) / scale
            s_error = np.sqrt(q * (1 - q) / count)
            numbers = float(s), float(s_error), float(type_m), float(error)
            rows.append(Exaggeration(*own, *numbers, int(count), level))
    return rows


def sampling_rows(plan: Plan, blocks: Sequence[dict]) -> list[Sampling]:
    """Moments and quantiles of slopes and t at the paper's n.

    Signs are turned so that the hypothesised direction is positive. `mc_error` is that of the
    mean; each quantile has its own.
    """
    rows = []
    for population in (NORMAL, PREDICTIVE, LIKERT):
        own = [b for b in blocks if b["population"] == population and b["n"] == plan.n]
        if not own:
            continue
        draws = sum(block["draws"] for block in own)
        moments = {name: _total(own, "moments", name) for name in own[0]["moments"]}
        for i, name in enumerate(plan.names):
            for statistic, unit in (("b", plan.se[i]), ("t", 1.0)):
                mean = moments[statistic][i] / draws
                square = moments[f"{statistic}_squared"][i] / draws
                sd = np.sqrt(max(square - mean**2, 0.0) * draws / (draws - 1))
                counts = [block["bins"][statistic][i] for block in own]
                quantiles, errors = quantiles_of(counts, draws, unit * BIN)
                truth = plan.signs[i] * plan.truth[i] if statistic == "b" else np.nan
                numbers = (truth, mean, sd, *quantiles, sd / np.sqrt(draws), *errors)
                rows.append(Sampling(population, name, statistic, *(float(x) for x in numbers)))
    return rows


def quantiles_of(counts: Sequence[dict], draws: int, width: float) -> tuple[np.ndarray, np.ndarray]:
    """The middle 95 % and the median of what is counted in bins, each with its Monte Carlo error.

    The error is half the distance between the quantiles one standard error of a share below and
    above (order statistics, David and Nagaraja 2003, section 7.1).

    Parameters
    ----------
    counts : sequence of dict
        Number of a bin to how many draws are in it; bin i is from i to i + 1 widths.
    draws : int
        Of all together.
    width : float

    Returns
    -------
    quantiles, errors : ndarray, shape (3,)
    """
    total: dict[int, int] = {}
    for block in counts:
        for place, count in block.items():
            total[int(place)] = total.get(int(place), 0) + count
    places = np.array(sorted(total))
    above = np.cumsum([total[place] for place in places.tolist()]) / draws
    shares = np.column_stack([np.concatenate([[0.0], above[:-1]]), above]).ravel()
    edges = np.column_stack([places, places + 1]).ravel() * width
    wanted = np.array(QUANTILES)
    error = np.sqrt(wanted * (1 - wanted) / draws)
    low, found, high = (np.interp(wanted + shift * error, shares, edges) for shift in (-1, 0, 1))
    return found, (high - low) / 2


def required_rows(plan: Plan, power: Sequence[Power]) -> list[Required]:
    """Sample sizes for a power of `TARGETS`, normal population, interpolated.

    Power is close to linear in sqrt(n) on the probit scale; n_low and n_high are where the
    curves two Monte Carlo errors above and below reach the target. Empty where no size of the
    plan does, as for an effect of the other sign.
    """
    rows = []
    for level in plan.levels:
        for name in [*plan.names, ALL]:
            own = [
                row
                for row in power
                if (row.level, row.hypothesis, row.population) == (level, name, NORMAL)
            ]
            n = np.array([row.n for row in own])
            p = np.array([row.power for row in own])
            error = np.array([row.mc_error for row in own])
            for target in TARGETS:
                found, low, high = (_reach(n, p + shift * error, target) for shift in (0, 2, -2))
                rows.append(Required(level, name, target, found, low, high, level))
    return rows


def _reach(n: np.ndarray, p: np.ndarray, target: float) -> float:
    p = np.maximum.accumulate(np.clip(p, 1e-6, 1 - 1e-6))
    if p[-1] < target:
        return float("nan")
    place = int(np.argmax(p >= target))
    if place == 0:
        return float(n[0])
    x, z = np.sqrt(n[place - 1 : place + 1]), ndtri(p[place - 1 : place + 1])
    share = (ndtri(target) - z[0]) / (z[1] - z[0])
    return float(np.ceil((x[0] + share * (x[1] - x[0])) ** 2))


def tables(plan: Plan | None, blocks: Sequence[dict]) -> dict[str, pd.DataFrame]:
    """All tables by name: power, required, replication, sampling, exaggeration.

    Without a plan, as of a study of which no samples can be drawn, they have no rows.

    Returns
    -------
    dict of pandas.DataFrame
    """
    import pandas as pd

    rows: Mapping[str, Sequence[tuple]] = {name: [] for name in ROWS}
    if plan is not None:
        by_size = power_rows(plan, blocks)
        exaggerated = exaggeration_rows(plan, NORMAL, blocks)
        if plan.likert is not None:
            exaggerated += exaggeration_rows(plan, LIKERT, blocks)
        rows = {
            "power": by_size,
            "required": required_rows(plan, by_size),
            "replication": replication_rows(plan, blocks),
            "sampling": sampling_rows(plan, blocks),
            "exaggeration": exaggerated,
        }
    return {
        name: pd.DataFrame(rows[name], columns=list(kind._fields)) for name, kind in ROWS.items()
    }


class Sum(NamedTuple):
    """All tables by name, as `tables` makes them; blocks, and those added."""

    tables: dict[str, pd.DataFrame]
    blocks: int
    added: int


def add_shares(study: Study, settings: Settings, shares: Iterable[Sequence[dict]]) -> Sum:
    """Add up the blocks of all shares, and more where type M errors need them.

    Parameters
    ----------
    study : Study
    settings : Settings
        Those that the shares were simulated with.
    shares : iterable of sequence of dict
        The blocks of every share, in any order.
    """
    plan = plan_if_any(study, settings)
    if plan is None:
        return Sum(tables(None, []), 0, 0)
    simulated = [block for share in shares for block in share]
    blocks = add_until_precise(plan, simulated, stream_of(settings.seed, study.key))
    return Sum(tables(plan, blocks), len(blocks), len(blocks) - len(simulated))
