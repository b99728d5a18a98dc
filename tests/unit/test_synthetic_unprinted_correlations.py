"""Correlations that are not printed are open: anything that the printed ones leave."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from retrace.matrices.correlations import IndefiniteMatrixError
from retrace.printed.numbers import Printed
from retrace.provenance.streams import random_stream
from retrace.synthetic import LikertSampler, LikertTarget, PrintedRegression, Scale, likert
from retrace.synthetic.unprinted_correlations import draw_completion


def stream(chunk=0):
    return random_stream(1, "tests", "open cells", chunk)


def chain(r, n=200):
    """Two printed correlations in a row; the third is open."""
    return LikertTarget.from_table({"a": [], "b": [r], "c": ["", r]}, n, Scale(1, 7, 4), 4.0, 1.2)


@pytest.mark.parametrize("r", [".30", ".80", ".97", "-.80"])
def test_an_open_cell_takes_all_that_the_others_leave(r):
    # Algebra: the third correlation of three is from r s - w to r s + w, w^2 = (1 - r^2)(1 - s^2);
    # here r s - w = 2 r^2 - 1 and r s + w = 1. A uniform draw has its mean in the middle, and of
    # thirty some are in each tenth at the ends with a probability of 0.92.
    sampler = LikertSampler(chain(r))
    results = [sampler.draw(stream(seed)) for seed in range(30)]
    assert all(result.matched for result in results)
    found = np.array([np.corrcoef(result.data.T)[2, 0] for result in results])
    least = 2 * float(r) ** 2 - 1
    width = 1 - least
    slack = 0.04  # of rounding: r is anything that prints like this
    assert found.min() >= least - slack
    assert found.min() < least + 0.2 * width
    assert found.max() > 1 - 0.2 * width
    assert found.mean() == pytest.approx((1 + least) / 2, abs=0.2 * width)


def test_open_cells_are_the_same_in_the_same_stream():
    first, again, other = (likert(chain(".50"), stream(chunk)).data for chunk in (0, 0, 1))
    assert first.tobytes() == again.tobytes()
    r = [np.corrcoef(data.T)[2, 0] for data in (first, other)]
    assert abs(r[0] - r[1]) > 0.01


def test_draws_are_uniform_over_what_completes_a_matrix():
    # Algebra: with r and s of three correlations, the third is within rs +- sqrt((1-r^2)(1-s^2)).
    r, s = 0.6, -0.3
    R = np.array([[1, r, 0], [r, 1, s], [0, s, 1]], dtype=float)
    is_open = np.zeros((3, 3), dtype=bool)
    is_open[0, 2] = is_open[2, 0] = True
    rng, wide = stream(), np.full((3, 3), 1.0)
    drawn = [draw_completion(R, is_open, -wide, wide, rng)[0, 2] for _ in range(2000)]
    w = np.sqrt((1 - r**2) * (1 - s**2))
    middle, half = np.mean(drawn), np.sqrt(3 * np.var(drawn))
    assert middle == pytest.approx(r * s, abs=0.05)
    assert half == pytest.approx(w, rel=0.07)
    assert np.abs(np.array(drawn) - r * s).max() < w


def test_cells_that_are_not_printed_are_never_named():
    lower = {"a": [], "b": ["-0.60"], "c": ["-0.60", "-0.60"], "d": ["0.10", "", ""]}
    target = LikertTarget.from_table(lower, 100, Scale(1, 5, 3), 3.0, 1.0)
    with pytest.raises(IndefiniteMatrixError, match=r"\(b, a\) -0.6 \(nearest -0.5") as error:
        likert(target, stream())
    assert "(d, " not in str(error.value)


def test_a_ring_of_correlations_that_nothing_completes_is_refused_by_its_cells():
    # Barrett, Johnson and Tarazaga (1993): arccosines a of a ring need 2 max a <= sum a; here
    # arccos(-0.9) = 154 degrees and three times arccos(0.9) = 77 degrees.
    lower = {"a": [], "b": ["0.90"], "c": ["", "0.90"], "d": ["-0.90", "", "0.90"]}
    target = LikertTarget.from_table(lower, 100, Scale(1, 5, 3), 3.0, 1.0)
    with pytest.raises(IndefiniteMatrixError) as error:
        likert(target, stream())
    for cell in ("(b, a) 0.9 ", "(c, b) 0.9 ", "(d, c) 0.9 ", "(d, a) -0.9 "):
        assert cell in str(error.value)
    for cell in ("(c, a)", "(d, b)"):
        assert cell not in str(error.value)


def raw_scores(rng, n, k, items, loading=0.6):
    latent = rng.standard_normal((n, k)) + loading * rng.standard_normal((n, 1))
    answers = (latent[:, :, None] + rng.standard_normal((n, k, items))) * 0.9 + 4
    return np.clip(np.rint(answers), 1, 7).mean(axis=2)


def partial_table(raw, dropped, decimals=2, moments=True):
    R, k = np.corrcoef(raw.T), raw.shape[1]
    lower = {
        f"c{i}": ["" if (i, j) in dropped else f"{R[i, j]:.{decimals}f}" for j in range(i)]
        for i in range(k)
    }
    mean, sd = raw.mean(axis=0), raw.std(axis=0, ddof=1)
    if moments:
        return lower, [f"{value:.2f}" for value in mean], [f"{value:.2f}" for value in sd]
    return lower, mean.tolist(), sd.tolist()


@settings(max_examples=25, deadline=None)
@given(
    n=st.integers(40, 300),
    k=st.integers(2, 6),
    items=st.integers(2, 5),
    loading=st.floats(0.2, 3.0),
    data=st.data(),
    seed=st.integers(0, 10**6),
)
def test_any_part_of_a_table_printed_from_responses_is_matched(n, k, items, loading, data, seed):
    # The tables come from raw responses, so data that print them exist, whatever is left out.
    raw = raw_scores(stream(seed), n, k, items, loading)
    assume((raw.std(axis=0) > 0).all())
    pairs = [(i, j) for i in range(k) for j in range(i)]
    dropped = data.draw(st.sets(st.sampled_from(pairs)))
    lower, mean, sd = partial_table(raw, dropped)
    target = LikertTarget.from_table(lower, n, Scale(1, 7, items), mean, sd)
    result = likert(target, stream(seed + 1))
    assert len(result.fidelity) == 2 * k + len(pairs) - len(dropped)
    assert result.matched, [(row.term, row.printed.text, row.achieved) for row in result.missed]


@pytest.mark.parametrize(
    "dropped",
    [
        {(3, 0)},
        {(1, 0), (3, 2)},
        {(3, 0), (3, 1), (3, 2)},
        {(1, 0), (2, 0), (2, 1), (3, 0), (3, 1)},
        {(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2)},
    ],
)
def test_a_regression_is_met_although_a_correlation_of_it_is_open(dropped):
    # Printed by statsmodels from raw responses: what it prints, some data have.
    raw = raw_scores(stream(7), 250, 4, 4)
    fit = sm.OLS(raw[:, 3], sm.add_constant(raw[:, :3])).fit()
    cells = {
        f"c{j}": {
            "b": Printed.parse(f"{fit.params[j + 1]:.2f}"),
            "t": Printed.parse(f"{fit.tvalues[j + 1]:.2f}"),
        }
        for j in range(3)
    }
    model = PrintedRegression(
        "m", "c3", ("c0", "c1", "c2"), cells, {"r2": Printed.parse(f"{fit.rsquared:.2f}")}
    )
    lower, mean, sd = partial_table(raw, dropped)
    target = LikertTarget.from_table(lower, 250, Scale(1, 7, 4), mean, sd, models=[model])
    for seed in range(3):
        result = likert(target, stream(seed))
        assert result.matched, result.missed


def test_an_open_cell_stays_within_reach_of_skewed_answers():
    # Most answers at one end of the scale, and at the other: they cannot correlate highly.
    target = LikertTarget.from_table(
        {"a": [], "b": [""], "c": ["0.20", "0.20"]},
        200,
        Scale(1, 5, 2),
        ["1.20", "4.80", "3.00"],
        ["0.50", "0.50", "1.00"],
    )
    sampler = LikertSampler(target)
    assert all(sampler.draw(stream(seed)).matched for seed in range(10))
