"""Standard deviations behind all printed coefficients of a study: can there be such?

A printed B has B = beta SD(y) / SD(x), so that the interval of B and the safe envelope of beta
bound log SD(y) - log SD(x), whatever the standard deviations are; a printed standard deviation
bounds its own logarithm. A model that shares its outcome and a predictor with another, or chains of
such models, must agree on the ratios. Differences with bounds hold together unless some cycle of
them has a negative sum (Bellman 1958; Dechter, Meiri and Pearl 1991); that cycle is the conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from retrace.checks.regression.linear_programs import FEASIBLE, INFEASIBLE
from retrace.checks.regression.printed_model import PrintedModel
from retrace.checks.regression.tables import Bracket
from retrace.printed.verdicts import NOT_CHECKABLE

# Against round-off of a sum of logarithms, and ties that miss by an ulp.
_MARGIN = 1e-9
# The key under which the answer stands beside those of the models.
STANDARD_DEVIATIONS = "(standard deviations)"
# The node that printed standard deviations are measured from: log SD = 0.
_UNIT = ""


@dataclass(frozen=True)
class Bound:
    """log SD(above) - log SD(below) <= limit, because of one printed number."""

    above: str
    below: str
    limit: float
    model: str
    term: str
    printed: str


def bounds_of(model: PrintedModel, ratios: Mapping[str, tuple[float, float]]) -> list[Bound]:
    """What a model's printed B and standard deviations demand of log standard deviations.

    Parameters
    ----------
    model : PrintedModel
    ratios : mapping
        Predictor to the least and largest SD(outcome) / SD(predictor) that its B implies.
    """
    bounds = []

    def between(above: str, below: str, low: float, high: float, *source: str) -> None:
        if np.isfinite(high) and high > 0:
            bounds.append(Bound(above, below, float(np.log(high)), *source))
        if low > 0:
            bounds.append(Bound(below, above, float(-np.log(low)), *source))

    for term, (low, high) in ratios.items():
        printed = model.reported[term]["b"].text
        between(model.outcome, term, low, high, model.name, term, printed)
    for construct, sd in zip((*model.predictors, model.outcome), model.sds, strict=False):
        if sd is not None:
            between(construct, _UNIT, *sd.interval, "", construct, sd.text)
    return bounds


def conflict_among(bounds: Iterable[Bound]) -> list[Bound]:
    """A smallest set of bounds that no standard deviations meet, by number; empty if none is.

    Shortest cycles first: paths of one bound, of two, and so on, until one closes below zero.
    """
    least: dict[tuple[str, str], Bound] = {}
    for bound in bounds:
        key = (bound.below, bound.above)
        if key not in least or bound.limit < least[key].limit:
            least[key] = bound
    nodes = sorted({node for key in least for node in key})
    place = {node: i for i, node in enumerate(nodes)}
    size = len(nodes)
    step = np.full((size, size), np.inf)
    for (below, above), bound in least.items():
        step[place[below], place[above]] = bound.limit
    length = step
    through: list[np.ndarray] = []
    for _ in range(size):
        closed = np.flatnonzero(np.diag(length) < -_MARGIN)
        if len(closed):
            path = _path(through, int(closed[0]))
            return [least[nodes[a], nodes[b]] for a, b in pairwise(path)]
        sums = length[:, :, None] + step[None, :, :]
        through.append(np.argmin(sums, axis=1))
        length = np.min(sums, axis=1)
    return []


def _path(through: list[np.ndarray], node: int) -> list[int]:
    """Nodes of the closed path that starts and ends at a node, from its last steps."""
    path = [node]
    for last in reversed(through):
        path.append(int(last[node, path[-1]]))
    return [node, *reversed(path)]


def sd_conflict(
    models: Iterable[PrintedModel], brackets: Iterable[Bracket]
) -> tuple[str, list[Bound]]:
    """Whether standard deviations exist that give every printed B of a study.

    Parameters
    ----------
    models : iterable of PrintedModel
    brackets : iterable of Bracket
        As `judge_numbers` has them, of all models.

    Returns
    -------
    status : str
        `feasible`, `infeasible`, or `not checkable` where fewer than two printed numbers bound the
        same ratio.
    conflict : list of Bound
        A smallest set that no standard deviations meet; empty unless infeasible.
    """
    ratios: dict[str, dict[str, tuple[float, float]]] = {}
    for row in brackets:
        if row.statistic == "sd_ratio":
            ratios.setdefault(row.model, {})[row.term] = (row.safe_low, row.safe_high)
    bounds = [b for model in models for b in bounds_of(model, ratios.get(model.name, {}))]
    conflict = conflict_among(bounds)
    if conflict:
        return INFEASIBLE, conflict
    sources = {(b.model, b.term): {b.above, b.below} for b in bounds}
    nodes = {node for ends in sources.values() for node in ends}
    # A forest of ratios closes no cycle: one bound a pair can always be met.
    return (FEASIBLE if len(sources) >= len(nodes) > 0 else NOT_CHECKABLE), []


def sd_record(status: str, conflict: Iterable[Bound]) -> dict:
    """What `sd_conflict` found as plain values: `status`, and the numbers in `conflict` if any."""
    numbers = [
        {
            "model": bound.model,
            "term": bound.term,
            "statistic": "b" if bound.model else "sd",
            "printed": bound.printed,
        }
        for bound in conflict
    ]
    return {"status": status} | ({"conflict": numbers} if numbers else {})
