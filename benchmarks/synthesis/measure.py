"""Synthetic data that print what a study prints: how many match, and what a data set costs.

Usage: PYTHONPATH=workflow:tests/unit python benchmarks/synthesis/measure.py > README.md

Times are CPU seconds of one thread, medians over seeds, and multiples of one least squares fit by
statsmodels on one of the data sets, timed in the same run. LikertMakeR is measured beside where
`Rscript` and the package are installed; otherwise its recorded figures stand in. Draws `cost.svg`.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import resource
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
from synthesis_targets import TABLE_4, magni

from retrace.estimators.least_squares import ols_from_correlations
from retrace.printed.numbers import Printed
from retrace.provenance.streams import random_stream
from retrace.synthetic import (
    LikertSampler,
    LikertTarget,
    PrintedRegression,
    Scale,
    check_items,
    split_all,
)
from retrace.synthetic.integer_moments import correlation_steps

RECORDED = {
    "correlations, 4 items": ("0.46 s", "worst deviation 0.0003"),
    "correlations, single items": ("0.47 s", "worst deviation 0.0009"),
    "15 constructs, 43 items": ("190 s", "alphas off by up to 0.011"),
}
# Items of the simulated regressions.
ITEMS = (1, 3, 4, 5)
PEER = """
if (!requireNamespace("LikertMakeR", quietly = TRUE)) quit(status = 3)
R <- matrix(c(%s), 5); items <- %d
start <- Sys.time(); worst <- 0
for (seed in 1:20) {
  set.seed(seed)
  d <- as.data.frame(replicate(5, LikertMakeR::lfast(300, 4, 1, 1, 7, items)))
  worst <- max(worst, abs(cor(LikertMakeR::lcor(d, R)) - R))
}
cat(as.numeric(difftime(Sys.time(), start, units = "secs")) / 20, worst)
"""


def measure(target: LikertTarget, seeds: int, items: bool = False) -> dict:
    """Share of seeds that match everything, CPU seconds, and the worst misses."""
    sampler = LikertSampler(target)
    seconds, matched, missed = [], 0, []
    for seed in range(seeds):
        rng = random_stream(seed, "benchmark", "synthesis")
        start = time.process_time()
        result = sampler.draw(rng)
        rows = list(result.fidelity)
        if items:
            rows += check_items(target, split_all(target, result.data, rng))
        seconds.append(time.process_time() - start)
        misses = [row for row in rows if not row.matched]
        matched += not misses
        missed.append(misses)
    correlations = sum(all(row.statistic != "r" for row in misses) for misses in missed)
    return {
        "matched": matched,
        "correlations": correlations,
        "seeds": seeds,
        "median": float(np.median(seconds)),
        "worst": max(seconds),
        "missed": missed,
    }


def structured(k: int, n: int, decimals: int, items, points: int, seed: int = 0) -> LikertTarget:
    """A study with a factor structure, its tables printed at so many decimals."""
    rng = np.random.default_rng(seed)
    loadings = rng.uniform(0.2, 0.75, (k, 3)) * rng.choice([1, 0.3], (k, 3))
    C = loadings @ loadings.T
    root = np.sqrt(np.diag(C) + rng.uniform(0.2, 0.5, k))
    R = C / np.outer(root, root)
    return LikertTarget.from_table(
        {f"c{i}": [f"{R[i, j]:.{decimals}f}" for j in range(i)] for i in range(k)},
        n,
        Scale(1, points, items, [f"{value:.2f}" for value in rng.uniform(0.79, 0.88, k)]),
        [f"{value:.2f}" for value in rng.uniform(2.8, 4.0, k)],
        [f"{value:.2f}" for value in rng.uniform(0.6, 1.0, k)],
    )


def honest(p: int, items: int, decimals: int, seed: int) -> LikertTarget:
    """A regression of simulated responses on p predictors, printed at so many decimals.

    The responses exist, so that data which print the study exist; means and SDs are printed at 2.
    """
    rng = np.random.default_rng([p, items, decimals, seed])
    n = round(np.exp(rng.uniform(np.log(150), np.log(600))))
    latent = 0.8 * rng.standard_normal((n, p)) + 0.5 * rng.standard_normal((n, 1))
    outcome = latent @ rng.uniform(-0.2, 0.4, p) + rng.standard_normal(n)
    latent = np.column_stack([latent, outcome])[:, :, None]
    responses = (latent + 0.7 * rng.standard_normal((n, p + 1, items))) * 0.9 + 4
    raw = np.clip(np.rint(responses), 1, 7).mean(axis=2)
    R, sds = np.corrcoef(raw.T), raw.std(axis=0, ddof=1)
    fit = ols_from_correlations(R, n, sds=sds)
    names = [*(f"x{j}" for j in range(p)), "y"]

    def cell(value: float, floor: bool = False) -> Printed:
        least = 10.0**-decimals
        bound = floor and value < least / 2
        return Printed.parse(f"<{least:.{decimals}f}" if bound else f"{value:.{decimals}f}")

    cells = {
        name: {
            "b": cell(fit.b[j]),
            "t": cell(fit.t[j]),
            "p": cell(fit.p[j], floor=True),
            "vif": cell(fit.vif[j]),
        }
        for j, name in enumerate(names[:p])
    }
    model = PrintedRegression("full", "y", tuple(names[:p]), cells, {"r2": cell(fit.r2)})
    return LikertTarget.from_table(
        {name: [f"{R[i, j]:.{decimals}f}" for j in range(i)] for i, name in enumerate(names)},
        n,
        Scale(1, 7, items),
        [f"{value:.2f}" for value in raw.mean(axis=0)],
        [f"{value:.2f}" for value in sds],
        models=[model],
    )


def rate(p: int, items: int, decimals: int, studies: int) -> tuple[int, int, list[float], float]:
    """Studies matched, and where all but the model matched; misses in each other; seconds."""
    matched, described, misses, seconds = 0, 0, [], []
    for seed in range(studies):
        found = measure(honest(p, items, decimals, seed), 1)
        rows = found["missed"][0]
        matched += not rows
        described += all(row.statistic not in ("r", "mean", "sd") for row in rows)
        misses += [len(rows)] if rows else []
        seconds.append(found["median"])
    return matched, described, misses, float(np.median(seconds))


def rates(studies: int = 3) -> None:
    """Print how many simulated regressions match, by predictors, items and decimals."""
    print("\n## Regressions of simulated studies\n")
    print(
        f"{studies} studies each, of 150 to 600 respondents whose raw responses are known to\n"
        "exist: means and SDs at 2 decimals; correlations, B, t, p, VIF and R² at 2 or 3. Studies\n"
        "of which everything matches (statistics missed in each of the others), and seconds.\n"
    )
    for decimals in (2, 3):
        print(
            f"| predictors, {decimals} decimals | " + " | ".join(f"m = {m}" for m in ITEMS) + " |"
        )
        print("|---" * (len(ITEMS) + 1) + "|")
        for p in (1, 2, 3, 5, 7, 9, 10):
            cells = []
            for m in ITEMS:
                matched, described, misses, seconds = rate(p, m, decimals, studies)
                text = f"{matched} of {studies}"
                if misses:
                    text += f" ({', '.join(map(str, misses))})"
                if described < studies:
                    text += f", correlations and moments {described}"
                cells.append(f"{text}, {seconds:.2f}")
            print(f"| {p} | " + " | ".join(cells) + " |", flush=True)
        print()


def peer(items: int) -> tuple[str, str] | None:
    """LikertMakeR on Table 4, where it is installed."""
    if shutil.which("Rscript") is None:
        return None
    R = np.eye(5)
    for i, cells in enumerate(TABLE_4.values()):
        for j, cell in enumerate(cells):
            R[i, j] = R[j, i] = float(cell.rstrip("*"))
    cells = ", ".join(f"{value:g}" for value in R.ravel())
    done = subprocess.run(
        ["Rscript", "-e", PEER % (cells, items)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        return None
    seconds, worst = map(float, done.stdout.split())
    return f"{seconds:.2f} s", f"worst deviation {worst:.4f}"


def fit_seconds(repeats: int = 100) -> float:
    """CPU seconds of statsmodels' least squares on a data set of Table 5, the median."""
    import statsmodels.api as sm

    data = LikertSampler(magni(4)).draw(random_stream(0, "benchmark", "synthesis")).frame()
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        fit = sm.OLS(data["readiness"], sm.add_constant(data.drop(columns="readiness"))).fit()
        assert fit.tvalues.size == fit.pvalues.size
        seconds.append(time.process_time() - start)
    return float(np.median(seconds))


def line(name: str, found: dict, unit: float, other=("", "")) -> str:
    """One row of the table."""
    share = f"{found['matched']} of {found['seeds']}"
    cost = f"{found['median'] * 1e3:.0f} ms, at most {found['worst'] * 1e3:.0f} ms"
    ratio = f"{found['median'] / unit:.0f}"
    return f"| {name} | {share} | {cost} | {ratio} | {other[0]} | {other[1]} |"


def draw_cost(cost: dict[int, dict[int, float]], file: Path) -> None:
    """Draw seconds a data set against n, a line for each k."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    matplotlib.rcParams["svg.hashsalt"] = "retrace"
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    for k, seconds in cost.items():
        axes.loglog(list(seconds), list(seconds.values()), marker="o", label=f"{k} constructs")
    axes.set_xticks(list(seconds), [f"{n:,}" for n in seconds])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("Respondents")
    axes.set_ylabel("CPU seconds a data set")
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def print_single_items(coarse: dict) -> None:
    """What misses of single items, `coarse` being what `measure` found of them."""
    print("## Single items\n")
    step = correlation_steps(magni(1))[4, 3]
    print(
        f"With single items and SDs of 1 a correlation moves in steps of {step:.4f}, wider than\n"
        f"print. All ten print right in {coarse['correlations']} of {coarse['seeds']} seeds; what\n"
        "misses of Table 5, in half widths of print:\n"
    )
    print("| statistic | seeds that miss it | median distance | largest |")
    print("|---|---|---|---|")
    distances: dict[str, list[float]] = {}
    for misses in coarse["missed"]:
        for row in misses:
            distances.setdefault(row.statistic, []).append(row.distance)
    for kind, values in sorted(distances.items()):
        seeds = sum(any(row.statistic == kind for row in misses) for misses in coarse["missed"])
        print(f"| {kind} | {seeds} | {np.median(values):.1f} | {max(values):.1f} |")


def print_cost() -> None:
    """Seconds a data set by respondents and constructs, as a table and a figure."""
    print("\n## Cost against n and k\n")
    print("Correlations at 2 decimals, means and SDs at 2, 3 items; seconds a data set.\n")
    print("![Cost against n and k](cost.svg)\n")
    sizes = (100, 300, 1000, 3000, 10_000)
    cost = {
        k: {n: measure(structured(k, n, 2, 3, 7), 5)["median"] for n in sizes} for k in (5, 10, 20)
    }
    draw_cost(cost, Path(__file__).with_name("cost.svg"))
    print("| k | " + " | ".join(f"n = {n}" for n in sizes) + " |")
    print("|---" * (len(sizes) + 1) + "|")
    for k, seconds in cost.items():
        print(f"| {k} | " + " | ".join(f"{value:.3f}" for value in seconds.values()) + " |")


def main() -> None:
    print("# Synthetic data that print what a study prints\n")
    print("Made by `measure.py`; CPU time of one thread, and the same in least squares fits of one")
    print("data set by statsmodels, timed in the same run. LikertMakeR's figures are", end=" ")
    measured = {m: peer(m) for m in (4, 1)}
    print(
        "measured in the same run.\n" if measured[4] else "recorded ones (it is not installed).\n"
    )
    print(
        "| data set | every printed statistic matches | median cost | in fits | LikertMakeR "
        "| its misses |"
    )
    print("|---|---|---|---|---|---|")
    unit = fit_seconds()
    small = magni(4, models=[])
    four = measured[4] or RECORDED["correlations, 4 items"]
    print(line("Table 4 alone, 4 items a construct", measure(small, 100), unit, four))
    single = measured[1] or RECORDED["correlations, single items"]
    found = measure(magni(1, models=[]), 100)
    print(line("Table 4 alone, single items", found, unit, single))
    for m in (3, 4, 5):
        found = measure(magni(m), 100)
        print(line(f"Tables 4 and 5 and Durbin-Watson, {m} items", found, unit), flush=True)
    for m in (2, 1):
        found = measure(magni(m), 20)
        name = f"Tables 4 and 5 and Durbin-Watson, {m} item{'s'[: m - 1]}"
        print(line(name, found, unit), flush=True)
        if m == 1:
            coarse = found
    items = [2, 3, 3, 4, 2, 3, 3, 2, 5, 3, 2, 3, 3, 3, 2]
    found = measure(structured(15, 340, 2, items, 5), 20, items=True)
    recorded = RECORDED["15 constructs, 43 items"]
    name = "15 constructs, 43 items, n = 340, moments, correlations, alphas"
    print(line(name, found, unit, recorded))
    found = measure(structured(20, 10_000, 3, 4, 7), 20)
    print(line("20 constructs of 4 items, n = 10,000, 3 decimals", found, unit))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"\nMemory at most {memory:.2f} GB.\n")

    print_single_items(coarse)
    print_cost()
    rates()


if __name__ == "__main__":
    main()
