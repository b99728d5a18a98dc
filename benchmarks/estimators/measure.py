"""Estimators on one data set: this library's beside statsmodels' and R's.

Usage: PYTHONPATH=workflow:tests/unit python benchmarks/estimators/measure.py

One data set of responses that prints Tables 4 and 5 of Magni et al. (2022): n = 300, 4 predictors,
25 categories. Robust regression is statsmodels' own. The peer of the bootstrap is statsmodels' OLS
on every resample, measured on a tenth of them. R's MASS is measured where `Rscript` is installed.
Times are processor times.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from synthesis_targets import TABLE_5, magni

from retrace.estimators.estimators_on_data import (
    RESAMPLES,
    bootstrap,
    estimates_on_responses,
    resampling_counts,
    standardise,
)
from retrace.estimators.ordinal import LOGIT, PROBIT, ordered_regression
from retrace.estimators.robust import HUBER, TUKEY, robust_regression
from retrace.provenance.streams import random_stream
from retrace.synthetic.likert import LikertSampler

SHARE = 10
R_LOOP = """
suppressMessages(library(MASS))
d <- read.csv("{file}"); d$o <- factor(d$y)
ms <- function(code, times) {{
  code <- substitute(code); start <- proc.time()[["user.self"]]
  for (i in 1:times) eval(code)
  cat(1000 * (proc.time()[["user.self"]] - start) / times, "\n")
}}
x <- y ~ a + b + c + d
ms(summary(rlm(x, d, psi = psi.huber)), 50)
ms(summary(rlm(x, d, psi = psi.bisquare)), 50)
ms(summary(polr(o ~ a + b + c + d, d, Hess = TRUE)), 3)
ms(summary(polr(o ~ a + b + c + d, d, Hess = TRUE, method = "probit")), 3)
"""


def milliseconds(work: Callable[[], object], times: int) -> float:
    """Least of three means over `times` runs."""
    work()
    found = []
    for _ in range(3):
        start = time.process_time()
        for _ in range(times):
            work()
        found.append(1000 * (time.process_time() - start) / times)
    return min(found)


def by_r(Z: np.ndarray) -> list[float | None]:
    """Milliseconds of MASS for Huber, Tukey, ordered logit and probit; None without R."""
    if shutil.which("Rscript") is None:
        return [None] * 4
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "data.csv"
        np.savetxt(file, Z, delimiter=",", header="a,b,c,d,y", comments="")
        script = R_LOOP.format(file=file)
        done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True)
    return [float(line) for line in done.stdout.split()]


def main() -> None:
    from statsmodels.miscmodels.ordinal_model import OrderedModel
    from statsmodels.regression.linear_model import OLS

    warnings.simplefilter("ignore")
    target = magni(4)
    drawn = LikertSampler(target).draw(random_stream(1, "benchmark", "estimators")).data
    columns = [target.names.index(name) for name in (*TABLE_5, "readiness")]
    scores = drawn[:, columns]
    Z = standardise(scores)
    X, y = np.column_stack([np.ones(len(Z)), Z[:, :4]]), Z[:, 4]
    counts = resampling_counts(len(Z), random_stream(1, "benchmark", "bootstrap"))

    def resampled():
        for often in counts[: RESAMPLES // SHARE].astype(int):
            rows = standardise(Z.repeat(often, axis=0))
            OLS(rows[:, 4], np.column_stack([np.ones(len(rows)), rows[:, :4]])).fit()

    def ordered(link):
        model = OrderedModel(y, Z[:, :4], distr=link)
        return model.fit(method="bfgs", maxiter=500, disp=False).bse

    huber, tukey, logit, probit = by_r(Z)
    by_rank = ordered_regression, y, Z[:, :4]
    rows = [
        ("pairs bootstrap", partial(bootstrap, Z, counts), resampled, None),
        ("Huber's weights", partial(robust_regression, y, X, HUBER), None, huber),
        ("Tukey's weights", partial(robust_regression, y, X, TUKEY), None, tukey),
        ("ordered logit", partial(*by_rank, LOGIT), partial(ordered, "logit"), logit),
        ("ordered probit", partial(*by_rank, PROBIT), partial(ordered, "probit"), probit),
    ]
    print("| estimator | ms | statsmodels, times that | R's MASS, times that |")
    print("|---|--:|--:|--:|")
    for name, work, peer, r in rows:
        own = milliseconds(work, 50)
        by_peer = ""
        if peer is not None:
            other = milliseconds(peer, 1) * (SHARE if name == "pairs bootstrap" else 1)
            by_peer = f"{other / own:.0f}"
        by_mass = "" if r is None else f"{r / own:.0f}"
        print(f"| {name} | {own:.1f} | {by_peer} | {by_mass} |")
    everything = milliseconds(lambda: estimates_on_responses(scores, list(TABLE_5), counts), 50)
    print(f"| all, with least squares and HC3 | {everything:.1f} | | |")
    shared = milliseconds(lambda: resampling_counts(len(Z), np.random.default_rng(1)), 3)
    print(f"\nDrawing the {RESAMPLES} resamples, once for all data sets: {shared:.0f} ms.")


if __name__ == "__main__":
    main()
