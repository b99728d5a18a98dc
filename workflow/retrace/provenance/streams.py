"""Random streams, and shares of work: what is computed never depends on when or where."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Task = TypeVar("Task")


def random_stream(seed: int, paper: str, rule: str, chunk: int = 0) -> np.random.Generator:
    """The random stream of one piece of work.

    Parameters
    ----------
    seed : int
        The run's seed, from the configuration.
    paper, rule : str
        Which paper the work is for, or which of its samples (`paper.sample`), and which rule does
        it.
    chunk : int
        Which part of the work, where a rule is scattered over several jobs.

    Returns
    -------
    numpy.random.Generator
        PCG64, seeded by a SHA-256 digest of the four, so that streams of different work are
        independent and equal work gets the same stream on every machine.
    """
    key = "\x1f".join([str(int(seed)), paper, rule, str(int(chunk))])
    digest = hashlib.sha256(key.encode()).digest()
    entropy = [int.from_bytes(digest[i : i + 4], "big") for i in range(0, 32, 4)]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))


def share_of(tasks: Sequence[Task], chunk: int, chunks: int) -> Sequence[Task]:
    """The tasks of job `chunk` of `chunks`, both counted from 1: every `chunks`-th, in order.

    Tasks that are alike stand beside each other, so that jobs take about as long.
    """
    return tasks[chunk - 1 :: chunks]
