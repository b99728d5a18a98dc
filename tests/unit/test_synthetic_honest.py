"""Whatever items print is never refused, called impossible or proven to be so.

The outside truth is the items that a table was printed from.
"""

import itertools

import numpy as np
import pytest
from honest_studies import honest_study, printed

from retrace.printed.numbers import Printed
from retrace.provenance.streams import random_stream
from retrace.synthetic import (
    LikertTarget,
    Scale,
    alpha_bounds,
    attainable_alpha,
    check_items,
    cronbach_alpha,
    likert,
    split_all,
)
from retrace.synthetic.attainable import check_target, correlation_bounds
from retrace.synthetic.marginals import Lattice
from retrace.synthetic.reach import moments_with_alpha, with_alpha
from retrace.synthetic.why_missed import no_product_prints, unmet_frame


def check(honest):
    """What is refused of a study that has data: nothing."""
    check_target(honest.target)
    for row, column, cell in honest.target.correlations:
        assert not no_product_prints(honest.target, row, column, cell)
        places = [honest.target.names.index(name) for name in (row, column)]
        if bounds := correlation_bounds(honest.target, *places):
            assert cell.meets(*bounds)


def drawn(honest, seed):
    """Alphas met and missed by synthetic data, none of which is said to be impossible."""
    target = honest.target
    result = likert(target, random_stream(seed, "tests", "honest scores"))
    items = split_all(target, result.data, random_stream(seed, "tests", "items"), nearest=True)
    found = check_items(target, items)
    missed = [*result.missed, *(row for row in found if not row.matched)]
    assert not unmet_frame(target, missed, result.data).why.str.contains("proven").any()
    met = sum(row.matched for row in found)
    return met, len(found) - met


@pytest.mark.parametrize("seed", range(40))
def test_what_items_print_is_not_refused(seed):
    honest = honest_study(seed)
    if honest is not None:
        check(honest)


def test_the_alphas_of_zeros_and_ones_are_met():
    # The mean and SD of zeros and ones fix the smallest alpha, so that most pairs of sums that
    # print them have none; 250 respondents of five items.
    counts = np.array([drawn(honest_study(s, (0, 1), 250, 5), s) for s in range(500, 504)])
    assert counts.sum(axis=0).tolist() == [8, 0]


@pytest.mark.parametrize("seed", range(4))
def test_five_respondents_of_two_items_have_the_alpha_that_theirs_print(seed):
    # These items print a mean of 2.40, an SD of 1.52 and an alpha of 0.89.
    items = np.array([[1, 2], [5, 5], [3, 2], [1, 2], [2, 1]])
    honest = printed({"a": items, "b": items[:, ::-1]}, (1, 5), 2)
    assert [str(cell) for cell in honest.target.means + honest.target.sds] == [
        *("2.40", "2.40"),
        *("1.52", "1.52"),
    ]
    assert drawn(honest, seed) == (2, 0)


def test_a_high_alpha_of_skewed_scores_is_met():
    rng = random_stream(7, "tests", "skewed")
    common = np.exp(0.8 * rng.standard_normal((60, 1)))
    items = np.clip(np.rint(common + 0.12 * rng.standard_normal((60, 2))), 1, 7).astype(int)
    assert 0.95 < cronbach_alpha(items) < 0.99
    assert drawn(printed({"a": items, "b": items[::-1]}, (1, 7), 2), 1) == (2, 0)


@pytest.mark.parametrize(("n", "high"), [pytest.param(4, 3, marks=pytest.mark.long), (5, 2)])
def test_every_table_of_very_few_items_is_accepted(n, high):
    # Every data set of two items each, up to the order of rows; a second construct has the same.
    rows = list(itertools.product(range(1, high + 1), repeat=2))
    seen = set()
    for table in itertools.combinations_with_replacement(rows, n):
        honest = printed({"a": np.array(table), "b": np.array(table[::-1])}, (1, 3), 2)
        if honest is None:
            continue
        a = honest.target
        cells = (a.means[0].text, a.sds[0].text, a.alphas[0].text)
        if cells not in seen:
            seen.add(cells)
            alone = LikertTarget.from_table(
                {"a": [], "b": [""]}, n, Scale(1, 3, 2, [cells[2], None]), *cells[:2]
            )
            check_target(alone)
    assert len(seen) > 25


def test_bounds_on_alpha_hold_far_from_zero_and_for_many_respondents():
    rng = random_stream(3, "tests", "far")
    common = rng.standard_normal((3000, 1))
    items = np.clip(np.rint(3 + common + 0.8 * rng.standard_normal((3000, 3))), 1, 5).astype(int)
    wanted = cronbach_alpha(items)
    for shift in (0, 10**9 - 5, -(10**9)):
        totals = (items + shift).sum(axis=1)
        low, high = attainable_alpha(totals, 3, 1 + shift, 5 + shift)
        assert low < wanted < high
        assert (low, high) == pytest.approx(attainable_alpha(items.sum(axis=1), 3, 1, 5))
        lattice = Lattice(3000, 3, 3 * (1 + shift), 3 * (5 + shift))
        sd = items.sum(axis=1).std(ddof=1) / 3
        bottom, top = alpha_bounds(lattice, (int(totals.sum()),) * 2, (sd, sd))
        assert bottom < low < high < top


@pytest.mark.parametrize("wanted", [0.35, 0.72])
def test_values_are_moved_to_an_alpha_at_the_same_sum_and_sum_of_squares(wanted):
    rng = random_stream(2, "tests", "reach")
    values = np.sort(rng.binomial(5, 0.3, 200))
    lattice = Lattice(200, 5, 0, 5)
    found = with_alpha(values, lattice, (wanted, wanted), rng)
    assert found.sum() == values.sum()
    assert found @ found == values @ values
    assert found.min() >= 0
    assert found.max() <= 5
    before, after = (attainable_alpha(each, 5, 0, 1) for each in (values, found))
    assert after[1] >= min(before[1], wanted)
    assert abs(after[1] - wanted) <= abs(before[1] - wanted) or before[1] >= wanted


def test_pairs_of_sums_without_the_alpha_are_left_out():
    # Algebra: of zeros and ones the smallest alpha is m / (m - 1) (1 - T (n m - T) / (m n V)).
    lattice = Lattice(100, 5, 0, 5)
    squares = np.arange(400, 1000, 2)
    sums = np.full(len(squares), 150)
    V = squares - 225.0
    smallest = 1.25 * (1 - (150 - 150**2 / 500) / V)
    some = moments_with_alpha(lattice, sums, squares, Printed.parse("0.70"))
    assert some.any()
    assert smallest[some].max() <= 0.705


@pytest.mark.long
@pytest.mark.parametrize("block", range(6))
def test_many_honest_studies_are_accepted_and_nearly_all_alphas_met(block):
    counts = np.zeros(2, dtype=int)
    for seed in range(1000 + 60 * block, 1060 + 60 * block):
        honest = honest_study(seed)
        if honest is not None:
            check(honest)
            counts += drawn(honest, seed)
    assert counts[0] >= 0.95 * counts.sum()
