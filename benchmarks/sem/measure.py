"""Structural equation models beside lavaan and semopy: CPU time of a fit and of a bootstrap draw.

Usage: PYTHONPATH=workflow OPENBLAS_NUM_THREADS=1 python benchmarks/sem/measure.py

Writes README.md beside it. All times are CPU seconds on one core, so that other work on the machine
disturbs them little. Peers that are not installed are left out.
"""

from __future__ import annotations

import csv
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from retrace.sem import Structure, compile_model, estimate, fit, fit_data, specify
from retrace.sem.draws import fit_draws

HERE = Path(__file__).parent
PEER_DRAWS = {"five factors": 40, "fifteen factors": 8, "path model": 3, "three factors": 3}
OWN_DRAWS = {"five factors": 5000, "fifteen factors": 1000}
# Cold fits, and new processes whose first fit is timed, of which the median counts.
COLD_FITS, PROCESSES = 50, 9
SAME_OPTIMUM = 1e-6


def five_factors(rng: np.random.Generator) -> tuple[str, list[str], np.ndarray]:
    """Five factors with four items each, n = 300."""
    names = [f"x{f}_{i}" for f in range(5) for i in range(4)]
    model = "\n".join(f"f{f} =~ " + " + ".join(names[4 * f : 4 * f + 4]) for f in range(5))
    factors = rng.multivariate_normal(np.zeros(5), 0.3 + 0.7 * np.eye(5), 300)
    loadings = np.kron(np.eye(5), rng.uniform(0.6, 0.85, (1, 4)))
    return model, names, factors @ loadings + 0.65 * rng.standard_normal((300, 20))


def fifteen_factors(rng: np.random.Generator) -> tuple[str, list[str], np.ndarray]:
    """Fifteen factors with 43 items, of which ten measure two second-order factors, n = 340."""
    sizes = [3] * 13 + [2] * 2
    names, lines, blocks = [], [], []
    for f, size in enumerate(sizes):
        items = [f"x{f}_{i}" for i in range(size)]
        names += items
        lines.append(f"f{f} =~ " + " + ".join(items))
        blocks.append(rng.uniform(0.65, 0.9, size))
    lines.append("g =~ " + " + ".join(f"f{f}" for f in range(5)))
    lines.append("h =~ " + " + ".join(f"f{f}" for f in range(5, 10)))
    lines.append("f13 ~ g + h + f10 + f11")
    lines.append("f14 ~ f13 + f12")
    n = 340
    g, h, *others = rng.multivariate_normal(np.zeros(5), 0.3 + 0.7 * np.eye(5), n).T
    first = [0.7 * source + 0.7 * rng.standard_normal(n) for source in [g] * 5 + [h] * 5]
    y = 0.3 * g + 0.3 * h + 0.2 * others[0] + 0.8 * rng.standard_normal(n)
    z = 0.5 * y + 0.3 * others[2] + 0.7 * rng.standard_normal(n)
    factors = [*first, *others, y, z]
    columns = [
        value * factor for factor, block in zip(factors, blocks, strict=True) for value in block
    ]
    return "\n".join(lines), names, np.array(columns).T + 0.6 * rng.standard_normal((n, 43))


def path_model(rng: np.random.Generator) -> tuple[str, list[str], np.ndarray]:
    """One outcome on four predictors, n = 300, with the correlations of Magni et al. (2022)."""
    names = ["customer", "market", "economic", "risk", "readiness"]
    R = np.eye(5)
    R[np.tril_indices(5, -1)] = 0.22, 0.143, 0.19, 0.17, 0.031, 0.139, 0.277, 0.23, 0.13, -0.11
    R = np.tril(R) + np.tril(R, -1).T
    data = rng.multivariate_normal(np.zeros(5), R, 300)
    return "readiness ~ customer + market + economic + risk", names, data


def three_factors(rng: np.random.Generator) -> tuple[str, list[str], np.ndarray]:
    """Three factors with three items each, n = 301, as Holzinger and Swineford (1939) have them."""
    names = [f"x{i}" for i in range(1, 10)]
    model = "\n".join(f"f{f} =~ " + " + ".join(names[3 * f : 3 * f + 3]) for f in range(3))
    factors = rng.multivariate_normal(np.zeros(3), 0.4 + 0.6 * np.eye(3), 301)
    loadings = np.kron(np.eye(3), np.array([[0.77, 0.42, 0.58]]))
    return model, names, factors @ loadings + 0.75 * rng.standard_normal((301, 9))


def first_fit(model: str, names: list[str], data: np.ndarray) -> float:
    """CPU seconds of a new process's first fit of a model, after one of another, with estimates."""
    matrix = np.cov(data, rowvar=False).tolist()
    program = (
        "import time\nfrom retrace.sem import fit\n"
        "other = [[1.0, 0.3, 0.2], [0.3, 1.0, 0.1], [0.2, 0.1, 1.0]]\n"
        "fit('c ~ a + b', other, 99, ['a', 'b', 'c']).estimates\n"
        "fit('f =~ a + b + c', other, 99, ['a', 'b', 'c']).estimates\n"
        "begin = time.process_time()\n"
        f"fit({model!r}, {matrix!r}, {len(data)}, {names!r}).estimates\n"
        "print(time.process_time() - begin)\n"
    )
    command = [sys.executable, "-c", program]
    runs = [subprocess.run(command, capture_output=True, check=True) for _ in range(PROCESSES)]
    return float(np.median([float(run.stdout) for run in runs]))


def small_times(model: str, names: list[str], data: np.ndarray) -> dict[str, float]:
    """Cold fits of a small model: ours, the first of a process, and semopy's."""
    matrix, n = np.cov(data, rowvar=False), len(data)

    def cold() -> None:
        # A text that was compiled before would be found again.
        assert fit(Structure(specify(model)), matrix, n, names).estimates

    cold()
    # By turns, so that what else the machine does disturbs both alike.
    own, theirs = [], []
    for _ in range(5):
        own.append(seconds(cold, COLD_FITS))
        theirs.append(semopy_times(model, names, data, 3)["cold"])
    return {
        "cold": float(np.median(own)),
        "semopy": float(np.median(theirs)),
        "first": first_fit(model, names, data),
    }


def seconds(work, repeats: int) -> float:
    """CPU seconds of one of `repeats` runs."""
    begin = time.process_time()
    for _ in range(repeats):
        work()
    return (time.process_time() - begin) / repeats


def resampled_covariances(data: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Covariance matrices (draws, k, k), denominator n, of rows (n, k) drawn with replacement."""
    n, k = data.shape
    products = (data[:, :, None] * data[:, None, :]).reshape(n, k * k)
    weights = rng.multinomial(n, np.full(n, 1.0 / n), size=draws) / n
    means = weights @ data
    moments = (weights @ products).reshape(draws, k, k)
    return moments - means[:, :, None] * means[:, None, :]


def own_times(name: str, model: str, names: list[str], data: np.ndarray) -> dict[str, float]:
    # A text that was compiled before would be found again.
    cold = seconds(lambda: [fit_data(Structure(specify(model)), data, names).estimates], 5)
    structure = compile_model(model)
    index = [names.index(v) for v in structure.specification.observed]
    matrices = resampled_covariances(data[:, index], OWN_DRAWS[name], np.random.default_rng(1))
    found: list = []
    draw = seconds(lambda: found.append(fit_draws(structure, matrices)), 1) / len(matrices)
    draws = found[0]
    # The same optimum as from a start of its own.
    some = np.flatnonzero(draws.converged)[:25]
    alone = estimate(structure, matrices[some])
    worst = np.abs(alone.discrepancy - draws.estimates.discrepancy[some])[alone.converged].max()
    if worst > SAME_OPTIMUM:
        raise ArithmeticError(f"{name}: draws end {worst:.2g} apart in F")
    fit = fit_data(model, data, names)
    counts = draws.counts
    return {
        "cold": cold,
        "draw": draw,
        "chi2": fit.measures.chi2,
        "retried": counts.retried,
        "failed": counts.failed,
        "worst": float(worst),
    }


def semopy_times(model: str, names: list[str], data: np.ndarray, draws: int) -> dict[str, float]:
    import pandas as pd
    import semopy

    frame = pd.DataFrame(data, columns=names)

    def one(rows=None):
        model_ = semopy.Model(model)
        model_.fit(frame if rows is None else frame.iloc[rows])
        return model_

    one()
    rng = np.random.default_rng(2)
    cold = seconds(lambda: one().inspect(), 3)
    draw = seconds(lambda: one(rng.integers(0, len(frame), len(frame))), max(draws // 2, 3))
    return {"cold": cold, "draw": draw}


def lavaan_times(cases: dict) -> dict[str, dict[str, float]]:
    if shutil.which("Rscript") is None:
        return {}
    found = {}
    for name, (model, names, data) in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            stem = name.replace(" ", "_")
            Path(folder, f"{stem}.lav").write_text(model + "\n")
            with Path(folder, f"{stem}.csv").open("w", newline="") as file:
                csv.writer(file).writerows([names, *data.tolist()])
            command = ["Rscript", str(HERE / "peer.R"), folder, str(PEER_DRAWS[name])]
            if subprocess.run(command, check=False).returncode:
                return found
            with Path(folder, "lavaan.csv").open() as file:
                row = next(csv.DictReader(file))
            found[name] = {key: float(row[key]) for key in ("cold", "draw", "chi2")}
    return found


def small_lines(small: dict, lavaan: dict) -> Iterator[str]:
    """The rows of models that `small_times` timed, beside lavaan's of the same."""
    for name, found in small.items():
        cells = [f"{name}: a cold fit, with estimates", f"{found['cold'] * 1e3:.2f} ms"]
        for time_ in (lavaan.get(name, {}).get("cold"), found["semopy"]):
            ratio = time_ / found["cold"] if time_ else 0.0
            cells.append(f"{time_ * 1e3:.0f} ms ({ratio:.1f}x)" if time_ else "not installed")
        yield "| " + " | ".join(cells) + " |"


def main() -> None:
    rng = np.random.default_rng(2022)
    cases = {"five factors": five_factors(rng), "fifteen factors": fifteen_factors(rng)}
    # SciPy is loaded by the first fit of a process.
    assert fit("y ~ x", np.eye(2) + 0.1, 99, ["x", "y"]).estimates
    own = {name: own_times(name, *case) for name, case in cases.items()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    semopy = {name: semopy_times(*case, PEER_DRAWS[name]) for name, case in cases.items()}
    few = {"path model": path_model(rng), "three factors": three_factors(rng)}
    lavaan = lavaan_times(cases | few)
    small = {name: small_times(*case) for name, case in few.items()}
    lines = [
        "# Structural equation models beside their peers",
        "",
        "`measure.py` on one core; CPU milliseconds, and how many times "
        "longer the peers take in the same run.",
        "",
        "| work | Retrace | lavaan | semopy |",
        "|---|---|---|---|",
    ]
    for name in cases:
        for what, label in (("draw", "a bootstrap draw"), ("cold", "a cold fit, with estimates")):
            cells = [f"{name}: {label}", f"{own[name][what] * 1e3:.2f} ms"]
            for peer in (lavaan, semopy):
                time_ = peer.get(name, {}).get(what)
                ratio = time_ / own[name][what] if time_ else 0.0
                cells.append(f"{time_ * 1e3:.0f} ms ({ratio:.0f}x)" if time_ else "not installed")
            lines.append("| " + " | ".join(cells) + " |")
    lines += small_lines(small, lavaan)
    lines += [""]
    for name, found in small.items():
        lines.append(
            f"- {name}: the first fit of a new process, after one of another model, takes "
            f"{found['first'] * 1e3:.2f} ms, {found['first'] / found['cold']:.1f} times another."
        )
    for name in cases:
        facts = own[name]
        line = (
            f"- {name}: {OWN_DRAWS[name]:,} draws, {facts['retried']} retried, "
            f"{facts['failed']} without a solution; 25 of them fitted from a start of their own "
            f"end within {facts['worst']:.0e} of the same F."
        )
        if name in lavaan:
            gap = abs(facts["chi2"] - lavaan[name]["chi2"])
            line += f" Chi-square {facts['chi2']:.4f}, lavaan's differs by {gap:.0e}."
        lines.append(line)
    lines.append(f"- Peak memory of the process, data and all draws included: {peak:.0f} MB.")
    lines += [
        "",
        "*Five factors*: four items each, n = 300. *Fifteen factors*: 43 items, ten of the factors "
        "measure two second-order factors, two are outcomes, n = 340. *Path model*: one outcome, "
        "four predictors, n = 300. *Three factors*: three items each, n = 301. A cold fit compiles "
        "its model from text; of factor models it tries three starts.",
    ]
    (HERE / "README.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
