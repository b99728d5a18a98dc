"""Envelopes and joint feasibility: time by size and printed decimals, and how tight the bounds are.

Usage: PYTHONPATH=workflow:tests/unit python benchmarks/envelope/measure.py

Studies are simulated from raw data with common factors (n = 300) and printed with the decimals
given: correlations, beta, t, p, VIF, R2 and F.
"""

from __future__ import annotations

import time

import numpy as np
from regression_examples import magni_model
from test_checks_completions import without
from test_checks_feasibility import printed_study

from retrace.checks.regression.feasibility import joint_feasibility
from retrace.checks.regression.printed_model import WHOLE_MODEL
from retrace.checks.regression.recomputed import recompute

SIZES = (1, 2, 4, 6, 8, 10, 12, 14)
STUDIES = 5


def seconds(work) -> float:
    """Processor time of one piece of work, which other programs of the machine do not lengthen."""
    start = time.process_time()
    work()
    return time.process_time() - start


def looseness(model, implied) -> tuple[list[float], float]:
    """Distance of safe from tight as a share of the envelope's width: of each t, and of R2.

    t is measured on the scale of the partial correlation, on which it is bounded.
    """

    def share(tight, safe, scale=lambda x: x):
        (a, b), (low, high) = (tuple(scale(np.array(ends))) for ends in (tight, safe))
        return float(max(a - low, high - b) / max(b - a, 1e-12))

    def partial(t):
        with np.errstate(invalid="ignore"):
            return np.where(np.isinf(t), np.sign(t), t / np.sqrt(t**2 + model.df))

    ts = [implied[term, "t"] for term in model.predictors]
    r2 = implied[WHOLE_MODEL, "r2"]
    return [share(t.tight, t.safe, partial) for t in ts], share(r2.tight, r2.safe)


def row(name: str, models) -> None:
    implied, results, times = [], [], []
    for model in models:
        envelope = seconds(lambda model=model: implied.append(recompute(model)))
        joint = seconds(lambda model=model: results.append(joint_feasibility(model)))
        times.append((envelope, joint))
    loose = [looseness(model, found) for model, found in zip(models, implied, strict=True)]
    ts = [share for shares, _ in loose for share in shares]
    statuses = [found.status for found in results]
    answered = ", ".join(f"{statuses.count(s)} {s}" for s in sorted(set(statuses)))
    envelope, joint = 1e3 * np.median(times, axis=0)
    print(
        f"| {name} | {envelope:.0f} | {joint:.0f} | {np.median(ts):.1e} | {max(ts):.1e} | "
        f"{max(share for _, share in loose):.1e} | {answered} |",
        flush=True,
    )


def completed(k: int, missing: int) -> None:
    """Time of the bounds with pairs left out at random, and which share of them says anything."""
    times, shares = [], {"t": [], "beta": [], "vif": [], "f": []}
    for seed in range(STUDIES):
        model = printed_study(seed, k, 300, 2)
        places = np.random.default_rng(seed).permutation(k * (k + 1) // 2)[:missing]
        model = without(model, places)
        if not model.incomplete:
            continue
        implied: dict = {}
        times.append(seconds(lambda model=model, kept=implied: kept.update(recompute(model))))
        for (_, name), each in implied.items():
            if name in shares:
                least, most = {"vif": (1.0, np.inf), "f": (0.0, np.inf)}.get(
                    name, (-np.inf, np.inf)
                )
                shares[name].append(each.safe[0] > least or each.safe[1] < most)
    said = " | ".join(f"{100 * np.mean(share):.0f} %" for share in shares.values() if share)
    if times:
        name = f"{k} predictors, 2 decimals, {missing} pairs missing"
        print(f"| {name} | {1e3 * np.median(times):.0f} | {said} |", flush=True)


def main() -> None:
    recompute(magni_model())
    joint_feasibility(magni_model())
    print("| study | envelopes, ms | feasibility, ms | t: median | worst | R2: worst | joint |")
    print("|---|--:|--:|--:|--:|--:|---|")
    row("magni2022, Table 5", [magni_model()] * STUDIES)
    for k in SIZES:
        for decimals in (3, 2, 1):
            models = [printed_study(seed, k, 300, decimals) for seed in range(STUDIES)]
            row(f"{k} predictors, {decimals} decimals", models)
    row("40 predictors, 2 decimals", [printed_study(0, 40, 300, 2)])
    print("\n| study | ms | t | beta | VIF | R2 and F |\n|---|--:|--:|--:|--:|--:|")
    for k in (2, 4, 8):
        for missing in (1, 2, 4):
            completed(k, missing)


if __name__ == "__main__":
    main()
