"""Tables printed from real responses are never called impossible, ties included.

The outside truth is the data that a table was printed from: whatever is said of the table, they
have it.
"""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from retrace.printed.numbers import Printed
from retrace.provenance.streams import random_stream
from retrace.synthetic import LikertTarget, Scale, likert
from retrace.synthetic.attainable import check_target
from retrace.synthetic.why_missed import no_product_prints, unmet_frame

ROUNDINGS = ("half up", "half even")


def rounded(value, decimals, rounding):
    """A number as a program prints it: exact ties upwards, or to the even digit."""
    scaled = Fraction(value) * 10**decimals
    whole = math.floor(scaled + Fraction(1, 2)) if rounding == "half up" else round(scaled)
    sign, digits = "-" * (whole < 0), str(abs(whole)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def responses(rng, n, items, low, high, loading=0.6):
    """Sums of items of correlated constructs, shape (n, k), as whole numbers."""
    latent = loading * rng.standard_normal((n, 1, 1)) + 0.8 * rng.standard_normal(
        (n, len(items), 1)
    )
    middle = (low + high) / 2 + rng.uniform(-0.6, 0.6, (len(items), 1))
    answers = middle + (high - low) / 5 * (latent + 0.6 * rng.standard_normal((n, len(items), 9)))
    answers = np.clip(np.rint(answers), low, high).astype(np.int64)
    return np.stack([answers[:, i, :m].sum(axis=1) for i, m in enumerate(items)], axis=1)


def table(totals, items, scale, decimals, rounding="half up"):
    """What is printed of such responses: means and SDs, and correlations, at these decimals."""
    n, names = len(totals), [f"c{i}" for i in range(len(items))]
    R = np.corrcoef(totals.T)
    means = [
        Fraction(int(total), n * m) for total, m in zip(totals.sum(axis=0), items, strict=True)
    ]
    sds = totals.std(axis=0, ddof=1) / np.array(items)
    return LikertTarget.from_table(
        {
            name: [rounded(R[i, j], decimals[1], rounding) for j in range(i)]
            for i, name in enumerate(names)
        },
        n,
        Scale(*scale, items),
        [rounded(mean, decimals[0], rounding) for mean in means],
        [rounded(sd, decimals[0], rounding) for sd in sds],
    )


@settings(max_examples=100, deadline=None)
@given(
    n=st.integers(5, 300),
    items=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    scale=st.sampled_from([(0, 1), (1, 2), (1, 3), (1, 5), (1, 7), (-3, 3)]),
    decimals=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    rounding=st.sampled_from(ROUNDINGS),
    seed=st.integers(0, 10**6),
)
def test_a_table_printed_from_responses_is_never_proven_impossible(
    n, items, scale, decimals, rounding, seed
):
    totals = responses(random_stream(seed, "tests", "ties"), n, items, *scale)
    assume((totals.std(axis=0) > 0).all())
    target = table(totals, items, scale, decimals, rounding)
    check_target(target)
    for row, column, cell in target.correlations:
        assert not no_product_prints(target, row, column, cell)


@pytest.mark.parametrize("n", [40, 200])
def test_single_items_of_which_every_other_sum_is_a_tie_are_matched(n):
    # At n = 200 a mean at 2 decimals is a tie for every odd sum.
    matched = 0
    for seed in range(6):
        totals = responses(random_stream(seed, "tests", "ties", n), n, [1] * 4, 1, 5)
        target = table(totals, [1] * 4, (1, 5), (2, 3))
        result = likert(target, random_stream(1, "tests", "ties", seed))
        matched += result.matched
        why = unmet_frame(target, result.missed, result.data)["why"]
        assert not why.str.contains("proven:").any()
    assert matched >= 5


def test_ties_are_kept_away_from_where_something_else_prints():
    # With .30 of two columns of 200 there is room; a mean of 3.245 prints as 3.24 or as 3.25.
    target = LikertTarget.from_table(
        {"a": [], "b": ["0.30"]}, 200, Scale(1, 5, 1), ["3.24", "2.90"], ["0.90", "1.10"]
    )
    for seed in range(10):
        result = likert(target, random_stream(2, "tests", "ties", seed))
        assert result.matched
        assert not (result.data.sum(axis=0) % 2).any()


def test_the_one_product_of_a_tied_mean_is_found():
    # Zeros and ones, n = 200: 20 ones, and 11, 12 or 13, of which 11 and 13 are ties. Algebra:
    # r = (p - s t / n) / ((n - 1) SD SD), SD = sqrt(n / (n - 1) mean (1 - mean)), is 0.138 at the
    # whole cross product p = 3 of 20 and 11, next to it 0.065 and 0.211; 20 and 12 give 0.126 or
    # 0.196, 20 and 13 give 0.115 or 0.182.
    target = LikertTarget.from_table(
        {"a": [], "b": ["0.14"]}, 200, Scale(0, 1, 1), ["0.100", "0.06"], ["0.30", "0.2"]
    )
    result = likert(target, random_stream(3, "tests", "ties"))
    assert result.matched
    assert result.data.sum(axis=0).tolist() == [20, 11]


def test_nothing_is_proven_where_not_every_sum_is_looked_at():
    # 20,000 respondents of 5 items: 10,001 sums print 4.0, more than are looked through.
    lower = {"a": [], "b": ["0.99"]}
    target = LikertTarget.from_table(lower, 20_000, Scale(1, 7, 5), "4.0", "0.000")
    assert not no_product_prints(target, "b", "a", Printed.parse("0.99"))


@pytest.mark.parametrize("seed", range(4))
def test_an_sd_that_only_a_far_sum_has_is_not_refused(seed):
    # 501 sums print 4.0; an SD at 7 decimals is one of few of them, here one of the last.
    n, rng = 5000, random_stream(seed, "tests", "ties")
    x = np.clip(np.rint(4.045 + rng.standard_normal(n)), 1, 7).astype(np.int64)
    while (gap := 20_249 - x.sum()) != 0:
        free = np.flatnonzero((x < 7) if gap > 0 else (x > 1))[: abs(gap)]
        x[free] += np.sign(gap)
    sd = f"{x.std(ddof=1):.7f}"
    target = LikertTarget.from_table(
        {"a": [], "b": ["0.10"]}, n, Scale(1, 7, 1), "4.0", [sd, "1.0"]
    )
    check_target(target)
