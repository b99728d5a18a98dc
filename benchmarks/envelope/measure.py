"""Envelopes and joint feasibility: time by size and printed decimals, and how tight the bounds are.

Usage: PYTHONPATH=workflow:tests/unit python benchmarks/envelope/measure.py

Studies are simulated from raw data with common factors (n = 300) and printed with the decimals
given: correlations, beta, t, p, VIF, R2 and F.
"""

from __future__ import annotations

import time

import numpy as np
from regression_examples import magni_model
from test_regression_feasibility import printed_study

from retrace.regression.envelope import envelopes
from retrace.regression.feasibility import joint_feasibility
from retrace.regression.recomputed import recompute

SIZES = (1, 2, 4, 8, 14)
STUDIES = 5


def seconds(work) -> float:
    """Processor time of one piece of work, which other programs of the machine do not lengthen."""
    start = time.process_time()
    work()
    return time.process_time() - start


def looseness(model) -> float:
    """Largest distance of safe from tight, as a share of the envelope's width, over all t."""
    found = envelopes(*model.cells, [("rho", j) for j in range(model.k)])
    width = np.maximum(found.tight[:, 1] - found.tight[:, 0], 1e-12)
    return float((np.abs(found.safe - found.tight) / width[:, None]).max())


def row(name: str, models) -> None:
    envelope = np.median([seconds(lambda model=model: recompute(model)) for model in models])
    results = []
    feasibility = np.median(
        [seconds(lambda model=model: results.append(joint_feasibility(model))) for model in models]
    )
    statuses = [found.status for found in results]
    loose = max(looseness(model) for model in models)
    answered = ", ".join(f"{statuses.count(s)} {s}" for s in sorted(set(statuses)))
    print(
        f"| {name} | {1e3 * envelope:.0f} | {1e3 * feasibility:.0f} | {loose:.1e} | {answered} |",
        flush=True,
    )


def main() -> None:
    recompute(magni_model())
    joint_feasibility(magni_model())
    print("| study | envelopes, ms | feasibility, ms | safe beyond tight, share of width | joint |")
    print("|---|--:|--:|--:|---|")
    row("magni2022, Table 5", [magni_model()] * STUDIES)
    for k in SIZES:
        for decimals in (3, 2, 1):
            models = [printed_study(seed, k, 300, decimals) for seed in range(STUDIES)]
            row(f"{k} predictors, {decimals} decimals", models)


if __name__ == "__main__":
    main()
