"""Random streams that depend on what is computed, never on when or where."""

from __future__ import annotations

import hashlib

import numpy as np


def random_stream(seed: int, paper: str, rule: str, chunk: int = 0) -> np.random.Generator:
    """The random stream of one piece of work.

    Parameters
    ----------
    seed : int
        The run's seed, from the configuration.
    paper, rule : str
        Which paper the work is for, and which rule does it.
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
