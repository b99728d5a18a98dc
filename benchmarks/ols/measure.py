"""Regressions on new samples: this library's draws beside a loop of statsmodels and of R's lm.

Usage: PYTHONPATH=workflow:tests/unit python benchmarks/ols/measure.py

n = 300 and 4 predictors throughout. A draw is a new sample from a population with the correlations
of Magni et al. (2022), its regression, t statistics and decisions at 5 %. R is measured where
`Rscript` is installed. Times are processor times.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import time

import numpy as np
from regression_examples import CONSTRUCTS, N, table_4_matrix

from retrace.decisions import supported_by_t
from retrace.power.montecarlo import (
    draw_likert_regressions,
    draw_regressions,
    latent_correlations,
    normal_thresholds,
    response_lattice,
)
from retrace.power.plans import stream_of
from retrace.power.simulation import BLOCK, LIKERT, NORMAL, Population, plan, simulate_block
from retrace.provenance.streams import random_stream

MILLION = 1_000_000
PEER_DRAWS = 2000
R_LOOP = """
X <- matrix(rnorm(300 * 4), 300); y <- rnorm(300); d <- data.frame(y, X)
start <- proc.time()[["user.self"]]
for (i in 1:1000) s <- summary(lm(y ~ ., d))
cat((proc.time()[["user.self"]] - start) / 1000)
"""


def draws() -> float:
    """Seconds a draw, in blocks as the workflow runs them, t and decisions included."""
    R, signs = table_4_matrix(), (1, 1, 1, -1)
    start = time.process_time()
    for block in range(MILLION // BLOCK[NORMAL]):
        _, t = draw_regressions(R, N, BLOCK[NORMAL], random_stream(1, "benchmark", "ols", block))
        for j, sign in enumerate(signs):
            supported_by_t(t[j], sign, N - 5, 0.05)
    return (time.process_time() - start) / (MILLION // BLOCK[NORMAL] * BLOCK[NORMAL])


def likert_draws() -> float:
    """Seconds a sample of scores, four items of seven points each, regression and t included."""
    lattice = response_lattice(1, 7, 4)
    thresholds = [normal_thresholds(4, 1, lattice)] * len(CONSTRUCTS)
    latent = latent_correlations(table_4_matrix(), thresholds, [lattice] * len(CONSTRUCTS))
    start = time.process_time()
    draws = 16 * BLOCK[LIKERT]
    draw_likert_regressions(latent, thresholds, N, draws, random_stream(1, "benchmark", "likert"))
    return (time.process_time() - start) / draws


def a_million_for_power() -> float:
    """Seconds for a million draws with all that the workflow counts of them."""
    from retrace.decisions import Hypothesis

    names = ("customer", "market", "economic", "risk")
    hypotheses = [
        Hypothesis(name, name, "full", -1 if name == "risk" else 1, "supported") for name in names
    ]
    models = {"full": (names, "readiness")}
    design = plan(
        Population(table_4_matrix(), N, CONSTRUCTS), models, hypotheses, (0.05, 0.10), 0.002
    )
    streams = stream_of(1, "benchmark")
    start = time.process_time()
    for block in range(MILLION // BLOCK[NORMAL]):
        task = (NORMAL, N, block)
        simulate_block(design, task, streams(task))
    return time.process_time() - start


def statsmodels_loop() -> float:
    """Seconds a regression on ready data, t and p included."""
    from statsmodels.regression.linear_model import OLS

    stream = random_stream(1, "benchmark", "statsmodels")
    X = np.column_stack([np.ones(N), stream.standard_normal((N, 4))])
    y = stream.standard_normal((PEER_DRAWS, N))
    start = time.process_time()
    for row in y:
        fit = OLS(row, X).fit()
        fit.tvalues, fit.pvalues  # noqa: B018 - computed when read
    return (time.process_time() - start) / PEER_DRAWS


def r_loop() -> float | None:
    """Seconds a regression by R's lm with its summary; None without R."""
    if shutil.which("Rscript") is None:
        return None
    done = subprocess.run(["Rscript", "-e", R_LOOP], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    own = min(draws() for _ in range(3))
    counted = a_million_for_power()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    peers = {"statsmodels, one fit": statsmodels_loop(), "R, lm and summary": r_loop()}
    print("| what | µs a draw | times this library's |")
    print("|---|--:|--:|")
    print(f"| this library: sample, regression, t, decisions | {1e6 * own:.2f} | 1 |")
    scores = min(likert_draws() for _ in range(3))
    print(f"| this library, Likert scores | {1e6 * scores:.0f} | {scores / own:.0f} |")
    for name, seconds in peers.items():
        if seconds is not None:
            print(f"| {name} (no sampling) | {1e6 * seconds:.0f} | {seconds / own:.0f} |")
    print(f"\nA million draws with every count of the workflow: {counted:.1f} s, ", end="")
    print(f"peak memory of the process {memory:.0f} MB.")


if __name__ == "__main__":
    main()
