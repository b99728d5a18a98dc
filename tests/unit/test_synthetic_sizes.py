"""The preflight of a study works in proportion to digits, not to respondents, items or points."""

import itertools
import math
import subprocess
import sys
import tracemalloc
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import scipy.optimize  # noqa: F401 - what is imported once is not counted

from retrace.decisions import NOT_ATTAINABLE, Hypothesis
from retrace.papers.study import MOST_ITEMS, MOST_POINTS, MOST_RESPONDENTS
from retrace.printed.granularity import possible_totals
from retrace.printed.numbers import Printed
from retrace.provenance.streams import random_stream
from retrace.synthetic import (
    InfeasibleTargetError,
    LikertTarget,
    Scale,
    check_items,
    likert,
    nothing_drawn,
)
from retrace.synthetic import attainable as module
from retrace.synthetic.attainable import check_target, least_spread, most_spread
from retrace.synthetic.ensemble import analyse_ensemble, draw_ensemble, ensemble_frame
from retrace.synthetic.ensemble_summary import (
    NO_DATA_SET,
    decide_ensemble,
    describe_ensemble,
    stated_ensemble,
)
from retrace.synthetic.marginals import Lattice
from retrace.synthetic.why_missed import unmet_frame

MIB = 2**20


def pair(n, scale, mean, sd, items=1, alpha=None, r="0.10"):
    return LikertTarget.from_table({"a": [], "b": [r]}, n, Scale(*scale, items, alpha), mean, sd)


# What some responses have, by algebra: about a normal shape of the middle of the scale.
SOUND = [
    pair(10**6, (1, 7), "4.00", "1.20", 12),
    pair(10**9, (1, 7), "4.0", "1.2", 300, "0.95"),
    pair(10**9, (1, 5), "3.123456789", "1.02", 7, "0.80"),
    pair(10**9, (0, 1), "0.1", "0.3", 1),
    pair(300, (1, 7), "4.00", "1.20", 300, "0.99"),
    pair(300, (1, 7), 4.0, 1.2, 1000, "0.9"),
    pair(10**9, (1, 10**6), "500000", "200000", 1000),
    pair(300, (0, 10**6), "412345.67", "31234.5", 1),
    pair(4, (1, 10**6), "500000.25", "300000", 1),
    pair(5, (1, 10**6), "500000.2", "300000", 5, "0.70"),
    pair(10**9, (1, 7), 4.0, 1.0, 5, "0.80"),
    pair(10**9, (1, 7), "4", "1", 300),
    pair(10**9, (-(10**9), -(10**9) + 6), "-999999997.0", "1.0", 3, "0.7"),
]


@pytest.mark.parametrize("target", SOUND, ids=lambda t: f"{t.n} {t.measures[0][:3]}")
def test_no_size_takes_memory_and_none_is_refused(target, monkeypatch):
    looked_up = itertools.count()
    plain = Lattice.is_possible

    def counted(*args):
        next(looked_up)
        return plain(*args)

    monkeypatch.setattr(Lattice, "is_possible", counted)

    tracemalloc.start()
    try:
        check_target(target)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * MIB
    assert next(looked_up) < 1000


@pytest.mark.parametrize("n", [10**3, 10**6, 10**9])
def test_what_none_have_is_refused_with_the_right_numbers_at_any_size(n):
    # Algebra: a mean of 1 + d on a scale from 1 to 5 leaves a variance of n / (n - 1) d (4 - d) at
    # most, with all scores at the ends; here 0.3975 at 1.1, rounded up to 1.15.
    with pytest.raises(InfeasibleTargetError) as error:
        check_target(pair(n, (1, 5), ["1.1", "3.0"], ["0.9", "1.0"]))
    largest = math.sqrt(n / (n - 1) * 0.15 * 3.85)
    stated = float(str(error.value).rpartition(" to ")[2])
    assert largest - 0.01 < stated < largest + 0.0001
    with pytest.raises(
        InfeasibleTargetError, match=r"mean of a: 5\.2 is off the scale from 1 to 5"
    ):
        check_target(pair(n, (1, 5), ["5.2", "3.0"], "1.0"))


def test_a_mean_of_very_many_decimals_is_no_overflow():
    # A thousand million respondents have means in steps of 1e-9: 3.0000000005 is none of them.
    with pytest.raises(InfeasibleTargetError, match=r"the nearest is 3 \(GRIM\)"):
        check_target(pair(10**9, (1, 5), ["3.00000000040", "3.0"], "1.0"))
    check_target(pair(10**9, (1, 5), ["3.000000001", "3.0"], "1.0"))


@pytest.mark.parametrize(("n", "m", "low", "high"), [(5, 1, 1, 4), (4, 2, 0, 1), (6, 1, -2, 1)])
def test_the_least_and_most_spread_of_any_run_of_sums_are_those_of_an_enumeration(n, m, low, high):
    lattice = Lattice(n, m, m * low, m * high)
    spreads = {}
    for x in itertools.combinations_with_replacement(range(lattice.low, lattice.high + 1), n):
        total = sum(x)
        spreads.setdefault(total, set()).add(sum(v * v for v in x) - Fraction(total**2, n))
    sums = sorted(total for total, found in spreads.items() if max(found) > 0)
    for first, last in itertools.combinations_with_replacement(sums, 2):
        found = set().union(*(spreads[total] for total in range(first, last + 1)))
        assert least_spread(lattice, range(first, last + 1)) == min(found - {0})
        assert most_spread(lattice, range(first, last + 1)) == max(found)


def test_every_refusal_of_tiny_samples_is_true_and_none_that_is_true_is_missed():
    # Every data set of four or five respondents, scores from 1 to 3 and of two such items: whatever
    # they print is accepted, and every other cell is refused.
    for n, m in ((5, 1), (4, 2)):
        low, high = m, 3 * m
        printed, tied = set(), set()
        for x in itertools.combinations_with_replacement(range(low, high + 1), n):
            if max(x) > min(x):
                scores = np.array(x) / m
                mean, sd = scores.mean(), scores.std(ddof=1)
                printed.add((f"{mean:.2f}", f"{sd:.2f}"))
                tied |= set(itertools.product(either_way(mean), either_way(sd)))
        means = {mean for mean, _ in printed} | {"1.01", "2.22", "3.00"}
        for mean in sorted(means):
            for sd in range(0, 125):
                cell = (mean, f"{sd / 100:.2f}")
                target = pair(n, (1, 3), [cell[0], 2.0], [cell[1], 0.8], m, r="")
                accepted = not module._moment_problems(target, 0)
                # Ties that round either way are accepted too.
                assert accepted or cell not in printed, cell
                if accepted and cell not in printed:
                    assert cell in tied, cell


def either_way(value):
    """What a number prints, or two numbers where it is a tie."""
    return {f"{value + nudge:.2f}" for nudge in (-1e-9, 1e-9)}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"n": MOST_RESPONDENTS + 1}, "n is 1000000001; at most"),
        ({"n": 10**400}, "n is a number of about 401 digits"),
        ({"items": MOST_ITEMS + 1}, "a has 1001 items; a construct has 1 or more, at most 1000"),
        ({"items": 10**400}, "a has a number of about 401 digits items"),
        ({"scale": (0, MOST_POINTS)}, "the scale has 1000002 points; at most 1000001"),
        ({"scale": (-(10**30), 5)}, "the scale runs from a number of about 31 digits to 5"),
        ({"mean": "9" * 400}, r"mean of a: '9+'\.\.\. \(400 characters\) is not a printed number"),
        ({"sd": "9" * 400}, r"SD of a: '9+'\.\.\. \(400 characters\) is not a printed number"),
        ({"mean": math.inf}, "mean of a is inf; it must be a number"),
        ({"sd": math.inf}, "SD of a is inf; it must be a number"),
    ],
)
def test_sizes_are_bounded_before_any_work(changed, message):
    with pytest.raises(InfeasibleTargetError, match=message):
        pair(**({"n": 100, "scale": (1, 5), "mean": "3.0", "sd": "1.0", "items": 4} | changed))


def test_a_range_of_sums_of_any_size_is_counted():
    assert module._count(possible_totals(Printed.parse("4"), 10**30, 10**6)) == 10**36 + 1
    assert module._count(range(5, 5)) == 0


def test_the_preflight_of_the_largest_study_runs_in_little_memory():
    resource = pytest.importorskip("resource")
    code = (
        "import resource, sys; sys.path[:0] = sys.argv[1:];"
        "import test_synthetic_sizes as sizes;"
        "from scipy.optimize import linprog, milp;"
        "limit = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize();"
        "resource.setrlimit(resource.RLIMIT_AS, (limit + 256 * 2**20,) * 2);"
        "[sizes.check_target(target) for target in sizes.SOUND]"
    )
    if not Path("/proc/self/statm").exists():
        pytest.skip("no /proc")
    here = Path(__file__).parent
    paths = [str(here), str(here.parents[1] / "workflow")]
    assert resource
    subprocess.run([sys.executable, "-c", code, *paths], check=True, timeout=300)


TOO_LARGE = [
    (pair(10**9, (1, 7), "4.00", "1.20", 4, "0.80"), "give 8000000000 responses; at most 500000"),
    (pair(250_001, (1, 7), "4.00", "1.20"), "250001 respondents with 2 items"),
    (pair(4, (10**9 - 6, 10**9), "999999997.0", "1.0", 3, "0.7"), "whole numbers of 64 bits"),
    (pair(300, (1, 10**6), "500000", "200000", 800, "0.8"), "whole numbers of 64 bits"),
]


@pytest.mark.parametrize(("target", "why"), TOO_LARGE, ids=lambda value: str(value)[:20])
def test_what_is_too_large_to_draw_is_named_statistic_by_statistic_with_the_reason(target, why):
    assert why in target.too_large
    result, items = nothing_drawn(target)
    rows = [*result.fidelity, *check_items(target, items)]
    printed = 5 + sum(alpha is not None for alpha in target.alphas)
    assert len(rows) == printed
    assert not any(row.matched for row in rows)
    unmet = unmet_frame(target, rows, result.data)
    assert unmet.achieved.isna().all()
    assert set(unmet.why) == {target.too_large}
    assert list(result.frame().columns) == ["a", "b"]
    assert list(draw_ensemble(target, range(3), None)) == []


def test_the_largest_that_is_drawn_is():
    target = pair(250_000, (1, 7), "4.00", "1.20")
    assert not target.too_large
    assert likert(target, random_stream(1, "tests", "sizes")).matched


def test_an_ensemble_of_nothing_decides_nothing_and_says_so():
    target = TOO_LARGE[0][0]
    frame = ensemble_frame(target, [])
    assert list(frame.columns) == ["draw", "a", "b"]
    statistics, estimates = analyse_ensemble(target, {}, [], np.empty((2000, 0)))
    assert stated_ensemble(statistics) == NO_DATA_SET
    assert describe_ensemble(target, frame, statistics, estimates).empty
    hypothesis = Hypothesis("H1", "main", "a", 1, "supported")
    decided = decide_ensemble(statistics, estimates, [hypothesis], 0.05)
    assert decided[["hypothesis", "analysis", "data_sets", "decision"]].to_numpy().tolist() == [
        ["H1", NO_DATA_SET, 0, NOT_ATTAINABLE]
    ]
