"""The blocks that a study's power rests on, in shares that any number of jobs work on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from retrace.papers.study import Study
from retrace.power.plans import Settings, left_out, plan_if_any, stream_of
from retrace.power.simulation import simulate_block
from retrace.provenance.streams import share_of


class Share(NamedTuple):
    """Simulated blocks, as `simulate_block` makes them, and what is not simulated, with reasons."""

    blocks: list[dict]
    remarks: list[str]


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
        Which share, counted from 1, of how many. They change who simulates a block, and no block.
    done : callable, optional
        Told how many blocks are done, and how many there are.
    """
    remarks = [f"no samples for {name}: {why}" for name, why in left_out(study).items()]
    plan = plan_if_any(study, settings)
    if plan is None:
        return Share([], remarks)
    if plan.no_likert:
        remarks.append(f"no samples of responses: {plan.no_likert}")
    streams = stream_of(settings.seed, study.key)
    tasks = share_of(plan.tasks(), chunk, chunks)
    blocks = []
    for number, task in enumerate(tasks, start=1):
        blocks.append(simulate_block(plan, task, streams(task)))
        done(number, len(tasks))
    return Share(blocks, remarks)
