"""Stars of standardised coefficients without errors: what R2 leaves of their p."""

import math

import numpy as np
import pytest
from printed_tables import STUDIES, find, fit, rows_of, starred, write_study, wrong
from scipy import stats

from retrace.printed.verdicts import CONTRADICTED, WITHIN_ROUNDING


def stars_of(folder, n, names, lines):
    """What the checks say of the stars of a table with one model."""
    labels = {name: name for name in (*names, "y")}
    table = {"file": "table.csv", "estimate": "beta"}
    write_study(folder, n, labels, {"table.csv": "\n".join(lines)}, regressions={"t": table})
    return [row for row in rows_of(folder) if row.statistic in ("stars", "legend")]


def test_r2_bounds_the_stars_of_a_published_beta():
    """oreilly, tenure .16*** for Tobin's Q. By hand: only 13 predictors and 288 df give adj. R2 .20
    and F 6.79 together, so R2 is at most 13 * 6.795 / (13 * 6.795 + 288) = .2347, and t at most
    .165 sqrt(288 / .7653) = 3.201: p is at least .0015 by both sides, and .00076 by one.
    """
    rows = rows_of(STUDIES / "oreilly2024")
    row = find(rows, statistic="stars", row="tenure", column="tobin, beta")
    r2 = 13 * 6.795 / (13 * 6.795 + 288)
    t = 0.165 * math.sqrt(288 / (1 - r2))
    assert t == pytest.approx(3.201, abs=1e-3)  # the hand's
    assert row.low == pytest.approx(2 * stats.t.sf(t, 288))
    assert row.verdict == WITHIN_ROUNDING
    assert "one-sided" in row.because


@pytest.mark.parametrize("seed", range(16))
def test_honest_stars_are_within_what_r2_leaves_and_too_many_are_not(tmp_path, seed):
    """Standardised least squares by the textbook, with stars by p and no error printed."""
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(20, 200)), int(rng.integers(2, 6))
    X = rng.normal(size=(n, k)) + rng.uniform(0, 2) * rng.normal(size=(n, 1))
    y = X @ rng.normal(scale=0.4, size=k) + rng.normal(size=n)
    X, y = ((each - each.mean(0)) / each.std(0, ddof=1) for each in (X, y))
    found, names = fit(X, y), [f"x{j}" for j in range(k)]
    lines = [
        f"{x},{b:.2f}{starred(p)}" for x, b, p in zip(names, found["b"], found["p"], strict=True)
    ]
    share = f"R2,{found['r2']:.3f}" if seed % 2 else f"Adjusted R2,{found['adjusted']:.3f}"
    lines = ["row,y", *lines, share, f"F,{found['f']:.2f}"]
    assert wrong(stars_of(tmp_path, n, names, lines)) == set()
    # Three stars for the smallest, whose p is above .12 by the largest t and R2 that print so.
    least = int(np.argmin(np.abs(found["b"])))
    t = (abs(found["b"][least]) + 0.005) * math.sqrt(found["df"] / (1 - found["r2"] - 0.002))
    lines[1 + least] = f"{names[least]},{found['b'][least]:.2f}***"
    if 2 * stats.t.sf(t, found["df"]) > 0.12:
        rows = stars_of(tmp_path, n, names, lines)
        assert find(rows, row=names[least], statistic="stars").verdict == CONTRADICTED
