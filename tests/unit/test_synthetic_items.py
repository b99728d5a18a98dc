"""Items that add up to their scores and have the printed alpha."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from retrace.printed.numbers import Printed
from retrace.provenance.streams import random_stream
from retrace.synthetic import (
    InfeasibleTargetError,
    ItemsNotFoundError,
    LikertTarget,
    RowTotals,
    Scale,
    alpha_bounds,
    attainable_alpha,
    check_items,
    cronbach_alpha,
    likert,
    split_all,
    split_scores,
)
from retrace.synthetic.attainable import check_target
from retrace.synthetic.items import _items, _Pattern
from retrace.synthetic.marginals import Lattice


def stream(chunk=0):
    return random_stream(1, "tests", "items", chunk)


def test_cronbach_alpha_is_the_published_one():
    # Algebra: parallel items of variance 1 and covariance r have alpha m r / (1 + (m - 1) r);
    # these four rows are two items with variance 1, covariance 0.6.
    items = np.array([[2, 2], [-2, -2], [1, -1], [-1, 1]], dtype=float)
    r = (4 + 4 - 1 - 1) / (4 + 4 + 1 + 1)
    assert cronbach_alpha(items) == pytest.approx(2 * r / (1 + r))


@settings(max_examples=60, deadline=None)
@given(
    m=st.integers(2, 6),
    points=st.sampled_from([4, 5, 7]),
    n=st.integers(60, 300),
    alpha=st.integers(50, 90),
    seed=st.integers(0, 10**6),
)
def test_items_add_up_and_alpha_prints_right_at_two_decimals(m, points, n, alpha, seed):
    rng = stream(seed)
    score = np.clip(rng.normal((points + 1) / 2, 0.9, n), 1, points)
    totals = np.rint(score * m).astype(int)
    wanted = Printed.parse(f"0.{alpha}")
    low, high = attainable_alpha(totals, m, 1, points)
    # Moving one point between two items of a row changes the sum of squares by 2 at the least, by
    # 4 where there are two items: alpha moves in steps, which have to be finer than its print.
    step = m / (m - 1) * (4 if m == 2 else 2) / (n * totals.var())
    assume(low + 0.05 < wanted.value < high - 0.05 and step < wanted.half_width)
    items = split_scores(RowTotals(totals, m, 1, points), wanted, rng)
    assert items.shape == (n, m)
    assert np.array_equal(items.sum(axis=1), totals)
    assert items.min() >= 1
    assert items.max() <= points
    assert wanted.admits(cronbach_alpha(items))


@pytest.mark.parametrize("n", [12, 20, 30])
def test_the_alpha_of_two_items_of_few_respondents_is_met_by_other_items(n):
    # Sums of item variances lie apart by up to more than the print of alpha allows; that there are
    # items is known from those that the alpha was taken from.
    for seed in range(80):
        rng = stream(seed)
        items = np.rint(3.4 + rng.standard_normal((n, 1)) + 0.7 * rng.standard_normal((n, 2)))
        items = np.clip(items, 1, 5).astype(int)
        wanted = Printed.parse(f"{cronbach_alpha(items):.2f}")
        found = split_scores(RowTotals(items.sum(axis=1), 2, 1, 5), wanted, rng)
        assert np.array_equal(found.sum(axis=1), items.sum(axis=1))
        assert wanted.admits(cronbach_alpha(found)), seed


def test_every_item_goes_with_the_rest_as_items_of_a_scale_do():
    target = LikertTarget.from_table(
        {"a": [], "b": ["0.30"]}, 300, Scale(1, 7, [4, 6], ["0.80", "0.91"]), 4.0, 1.2
    )
    result = likert(target, stream())
    for name, items in split_all(target, result.data, stream(1)).items():
        others = items.sum(axis=1, keepdims=True) - items
        rest = [np.corrcoef(items[:, j], others[:, j])[0, 1] for j in range(items.shape[1])]
        assert min(rest) > 0.4, name
        assert np.ptp(rest) > 0.005, "loadings differ, as real ones do"


def test_no_split_of_small_totals_has_alpha_beyond_the_bounds():
    # Every split of every row, by enumeration.
    totals, m, low, high = np.array([3, 5, 6, 8]), 2, 1, 4
    rows = [
        [split for split in itertools.product(range(low, high + 1), repeat=m) if sum(split) == t]
        for t in totals
    ]
    alphas = [cronbach_alpha(np.array(items)) for items in itertools.product(*rows)]
    bottom, top = attainable_alpha(totals, m, low, high)
    assert top == pytest.approx(max(alphas))
    assert bottom <= min(alphas) + 1e-12


@pytest.mark.parametrize("alpha", ["0.99", "-3.00"])
def test_an_alpha_out_of_reach_is_refused_with_the_range(alpha):
    rng = stream()
    totals = np.rint(np.clip(rng.normal(3, 0.8, 200), 1, 5) * 3).astype(int)
    with pytest.raises(ItemsNotFoundError, match=r"alpha of trust: .* can be from -.* to 0\.9"):
        split_scores(RowTotals(totals, 3, 1, 5), Printed.parse(alpha), rng, label="trust")


@pytest.mark.parametrize("seed", range(4))
def test_scores_are_drawn_so_that_a_high_alpha_of_two_items_is_within_their_reach(seed):
    # Raw items that hardly differ, so that alpha is above .9: data that print these tables exist.
    rng = stream(seed)
    n, k, m = 200, 3, 2
    latent = 0.7 * rng.standard_normal((n, k)) + 0.5 * rng.standard_normal((n, 1))
    noise = 0.2 * rng.standard_normal((n, k, m))
    items = np.clip(np.rint(3.4 + 0.9 * latent[:, :, None] + noise), 1, 5)
    raw = items.mean(axis=2)
    R = np.corrcoef(raw.T)
    target = LikertTarget.from_table(
        {f"c{i}": [f"{R[i, j]:.2f}" for j in range(i)] for i in range(k)},
        n,
        Scale(1, 5, m, [f"{cronbach_alpha(items[:, j]):.2f}" for j in range(k)]),
        [f"{value:.2f}" for value in raw.mean(axis=0)],
        [f"{value:.2f}" for value in raw.std(axis=0, ddof=1)],
    )
    result = likert(target, rng)
    assert result.matched
    assert all(row.matched for row in check_items(target, split_all(target, result.data, rng)))


def alphas_by_moments(n, m, low, high):
    """Alphas of every table of n rows of m items, by the sum and sum of squares of its totals."""
    rows = list(itertools.product(range(low, high + 1), repeat=m))
    found = {}
    for table in itertools.combinations_with_replacement(rows, n):
        items = np.array(table)
        totals = items.sum(axis=1)
        if np.ptp(totals) > 0:
            key = int(totals.sum()), int(totals @ totals)
            found.setdefault(key, []).append(cronbach_alpha(items))
    return found


@pytest.mark.parametrize(
    ("n", "m", "low", "high"), [(3, 2, 1, 4), (4, 2, 1, 3), (5, 2, 0, 2), (5, 3, 0, 1)]
)
def test_no_items_have_an_alpha_beyond_the_bounds_and_two_items_have_the_upper_one(n, m, low, high):
    # Every table, by enumeration.
    found = alphas_by_moments(n, m, low, high)
    for (total, squares), alphas in found.items():
        sd = np.sqrt((squares - total**2 / n) / (n - 1)) / m
        bottom, top = alpha_bounds(Lattice(n, m, m * low, m * high), (total, total), (sd, sd))
        assert bottom <= min(alphas) + 1e-9
        assert top >= max(alphas) - 1e-9
        if m == 2:
            assert top == pytest.approx(max(alphas), abs=1e-4)
    assert len(found) > 10


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(4, 60),
    m=st.integers(2, 5),
    points=st.integers(2, 7),
    spread=st.floats(0.1, 2.0),
    centre=st.floats(0.0, 1.0),
    noise=st.floats(0.0, 2.0),
    seed=st.integers(0, 10**6),
)
def test_what_items_print_is_never_refused(n, m, points, spread, centre, noise, seed):
    # The items themselves are the proof that their mean, SD and alpha go together.
    rng = stream(seed)
    score = 1 + centre * (points - 1) + spread * rng.standard_normal((n, 1))
    items = np.clip(np.rint(score + noise * rng.standard_normal((n, m))), 1, points)
    scores = items.mean(axis=1)
    assume(np.ptp(scores) > 0.01)
    mean, sd, alpha = (
        f"{value:.2f}" for value in (scores.mean(), scores.std(ddof=1), cronbach_alpha(items))
    )
    target = LikertTarget.from_table({"a": [], "b": [""]}, n, Scale(1, points, m, alpha), mean, sd)
    check_target(target)


@pytest.mark.parametrize("alpha", [".95", "-.50"])
def test_an_alpha_that_no_items_with_the_printed_mean_and_sd_have_is_refused(alpha):
    # Algebra. Of totals T the sum of T - 4 is at most 10 and that of its squares at most
    # 99 (4 * .075)^2 + 1 < 16, so no T - 4 exceeds 3. Two rows that differ by d have items that
    # differ by d^2 / 3 or more in squares: W >= V / 3, alpha <= 4/3 * 2/3 = .89. And W - V is the
    # square of the sum less those of its four shares, over n: at most 3/4, beside V >= 6.6, so
    # alpha >= -.16.
    target = LikertTarget.from_table(
        {"a": [], "b": ["0.00"]},
        100,
        Scale(1, 5, [4, 1], [alpha, None]),
        ["1.02", 3.0],
        ["0.07", 1.0],
    )
    with pytest.raises(
        InfeasibleTargetError,
        match=rf"alpha of a: {alpha} is out of reach of 4 items .* from -0\.\d+ to 0\.4",
    ):
        check_target(target)


def test_out_of_reach_alphas_of_several_constructs_are_named_at_once():
    target = LikertTarget.from_table(
        {"a": [], "b": ["0.30"], "c": ["0.10", "0.20"]},
        200,
        Scale(1, 5, 2, ["0.999", "0.80", "0.999"]),
        3.0,
        0.8,
    )
    result = likert(target, stream())
    with pytest.raises(ItemsNotFoundError, match=r"proves nothing: alpha of a.*alpha of c"):
        split_all(target, result.data, stream(1))


def test_single_items_are_their_scores():
    totals = np.array([1, 4, 7])
    items = split_scores(RowTotals(totals, 1, 1, 7), None, stream())
    assert np.array_equal(items[:, 0], totals)


def test_without_alpha_items_still_add_up():
    totals = np.rint(stream().uniform(4, 28, 100)).astype(int)
    items = split_scores(RowTotals(totals, 4, 1, 7), None, stream(1))
    assert np.array_equal(items.sum(axis=1), totals)
    assert 0.5 < cronbach_alpha(items) < 1


def point_by_point(scores, wanted):
    """Items near `wanted`, a point at a time where most is missing."""
    items = np.floor(wanted).astype(int)
    for i, total in enumerate(scores.totals):
        while missing := total - items[i].sum():
            step = np.sign(missing)
            room = items[i] < scores.high if step > 0 else items[i] > scores.low
            items[i, np.argmax(np.where(room, (wanted[i] - items[i]) * step, -np.inf))] += step
    return items


@settings(max_examples=100, deadline=None)
@given(
    n=st.integers(1, 12),
    m=st.integers(2, 6),
    points=st.integers(2, 60),
    loud=st.floats(0, 3),
    seed=st.integers(0, 10**6),
)
def test_points_are_dealt_in_rounds_as_they_are_one_at_a_time(n, m, points, loud, seed):
    rng = random_stream(seed, "tests", "rounds")
    scores = RowTotals(rng.integers(m, m * points + 1, n), m, 1, points)
    pattern = _Pattern.draw(scores, rng)
    score = scores.totals[:, None] / m
    noise = loud * points * pattern.noise
    wanted = np.clip(score + (score - score.mean()) * (pattern.slopes - 1) + noise, 1, points)
    found = _items(scores, pattern.slopes, noise)
    assert np.array_equal(found, point_by_point(scores, wanted))


@pytest.mark.parametrize("points", [10**3, 10**6, 10**9])
def test_what_items_take_does_not_grow_with_the_points_of_the_scale(points, monkeypatch):
    rng = random_stream(1, "tests", "rounds")
    scores = RowTotals(rng.integers(3, 3 * points + 1, 50), 3, 1, points)
    pattern = _Pattern.draw(scores, rng)
    picks, argmax = [], np.argmax
    monkeypatch.setattr(np, "argmax", lambda *a, **k: picks.append(1) or argmax(*a, **k))
    items = _items(scores, pattern.slopes, points * pattern.noise)
    assert (items.sum(axis=1) == scores.totals).all()
    assert items.min() >= 1
    assert items.max() <= points
    assert len(picks) <= 3
