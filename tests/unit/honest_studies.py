"""Studies printed from item data: whatever is said of such a table, the items have it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrace.provenance.streams import random_stream
from retrace.synthetic import LikertTarget, Scale, cronbach_alpha

SCALES = ((0, 1), (1, 5), (1, 7))
SIZES = (4, 5, 6, 8, 12, 20, 40, 90, 250, 400)


@dataclass(frozen=True)
class Honest:
    """Item data and the table printed from it; alphas where they are defined."""

    items: dict[str, np.ndarray]
    scale: tuple[int, int]
    target: LikertTarget


def honest_study(seed: int, scale=None, n=None, m=None, constructs: int = 2) -> Honest | None:
    """A study drawn by its seed: answers even or skewed, items alike or not; None without spread.

    Parameters
    ----------
    seed : int
    scale, n, m : optional
        Drawn where not given.
    constructs : int
    """
    rng = random_stream(seed, "tests", "honest studies")
    scale = scale or SCALES[rng.integers(len(SCALES))]
    n = n or int(rng.choice(SIZES))
    common, low, width = rng.standard_normal((n, 1)), scale[0], scale[1] - scale[0]
    items = {}
    for c in range(constructs):
        count = m or int(rng.integers(1, 7))
        load, between = rng.choice([0.05, 0.4, 1.0, 4.0, 12.0]), rng.choice([0.0, 0.3, 1.0])
        factor = 0.6 * common + 0.8 * rng.standard_normal((n, 1))
        answers = load * factor + rng.standard_normal((n, count))
        answers = answers / np.hypot(load, 1) + between * rng.standard_normal((1, count))
        share = 1 / (1 + np.exp(-1.7 * (answers + rng.choice([-1.5, 0.0, 1.5]))))
        items[f"c{c}"] = low + np.minimum((share * (width + 1)).astype(np.int64), width)
    return printed(items, scale, int(rng.integers(2, 4)))


def printed(items: dict[str, np.ndarray], scale: tuple[int, int], decimals: int) -> Honest | None:
    """What items print; None where a construct's scores are all the same."""
    scores = np.column_stack([each.mean(axis=1) for each in items.values()])
    if (np.ptp(np.column_stack([e.sum(axis=1) for e in items.values()]), axis=0) == 0).any():
        return None
    R = np.atleast_2d(np.corrcoef(scores.T))

    def text(value):
        cell = f"{value:.{decimals}f}"
        return cell.removeprefix("-") if float(cell) == 0 else cell

    target = LikertTarget.from_table(
        {name: [text(R[i, j]) for j in range(i)] for i, name in enumerate(items)},
        len(scores),
        Scale(
            *scale,
            [each.shape[1] for each in items.values()],
            [text(cronbach_alpha(e)) if e.shape[1] > 1 else None for e in items.values()],
        ),
        [text(value) for value in scores.mean(axis=0)],
        [text(value) for value in scores.std(axis=0, ddof=1)],
    )
    return Honest(items, scale, target)
