"""The power of a study's design, worked on in shares by any number of jobs, and their sum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from retrace.papers.study import Study
from retrace.power.plans import left_out, plan_of, stream_of
from retrace.power.simulation import Plan, share_of, simulate_block
from retrace.power.tables import add_until_precise, tables

if TYPE_CHECKING:
    import pandas as pd


class Settings(NamedTuple):
    """Level of decisions, bound on the Monte Carlo error of a probability, and seed."""

    alpha: float
    mc_error: float
    seed: int


class Share(NamedTuple):
    """Simulated blocks, as `simulate_block` makes them, and what is not simulated, with reasons."""

    blocks: list[dict]
    remarks: list[str]


class Sum(NamedTuple):
    """All tables by name, as `retrace.power.tables.tables` makes them; blocks, and those added."""

    tables: dict[str, pd.DataFrame]
    blocks: int
    added: int


def simulate_share(
    study: Study,
    settings: Settings,
    chunk: int,
    chunks: int,
    done: Callable[[int, int], None] = lambda number, total: None,
) -> Share:
    """Simulate one share of the blocks that a study's power rests on.

    Parameters
    ----------
    study : Study
    settings : Settings
    chunk, chunks : int
        Which share, counted from 0, of how many. They change who simulates a block, and no block.
    done : callable, optional
        Told how many blocks are done, and how many there are.
    """
    remarks = [f"no samples for {name}: {why}" for name, why in left_out(study).items()]
    plan = _plan(study, settings)
    if plan is None:
        return Share([], remarks)
    if plan.no_likert:
        remarks.append(f"no samples of responses: {plan.no_likert}")
    streams = stream_of(settings.seed, study.paper)
    tasks = share_of(plan.tasks(), chunk, chunks)
    blocks = []
    for number, task in enumerate(tasks, start=1):
        blocks.append(simulate_block(plan, task, streams(task)))
        done(number, len(tasks))
    return Share(blocks, remarks)


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
    plan = _plan(study, settings)
    if plan is None:
        return Sum(tables(None, []), 0, 0)
    simulated = [block for share in shares for block in share]
    blocks = add_until_precise(plan, simulated, stream_of(settings.seed, study.paper))
    return Sum(tables(plan, blocks), len(blocks), len(blocks) - len(simulated))


def _plan(study: Study, settings: Settings) -> Plan | None:
    """What to simulate; None where no samples can be drawn for any hypothesis."""
    if left_out(study).keys() == study.hypotheses.keys():
        return None
    return plan_of(study, settings.alpha, settings.mc_error)
