"""Envelopes: what every matrix that prints like a table gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regression_examples import CONSTRUCTS, N, magni_model, mtcars, table_4_matrix

from retrace.checks.regression.intervals import p_range
from retrace.checks.regression.recomputed import recompute, t_from_partial
from retrace.estimators.least_squares import ols_from_correlations
from retrace.matrices.enclosures import (
    KINDS,
    bounds_by_partialling,
    enclose,
    inverse_enclosure,
)
from retrace.matrices.envelope import _Search, envelopes
from retrace.matrices.rounding_box import NoMatrixError, matrices, positive_definite

UPPER = np.triu_indices(5, 1)


def every_statistic(k):
    return [(kind, j) for kind in ("beta", "rho", "vif", "log_se2") for j in range(k)] + [("r2", 0)]


def statistics_of(cells, k, n=N):
    """The same statistics from the closed form, an independent path; shape (S, draws)."""
    fit = ols_from_correlations(matrices(cells, k + 1), n)
    rho = fit.t / np.sqrt(fit.t**2 + fit.df)
    columns = [fit.beta, rho, fit.vif, np.log(fit.beta_se**2 * fit.df), fit.r2[:, None]]
    return np.concatenate(columns, axis=1).T


def sampled_table(seed, k, n, decimals):
    """Correlations of k + 1 variables with common factors, rounded as a paper prints them."""
    stream = np.random.default_rng(seed)
    loadings = stream.normal(scale=0.5, size=(2, k + 1))
    data = stream.normal(size=(n, 2)) @ loadings + stream.normal(size=(n, k + 1))
    exact = np.corrcoef(data, rowvar=False)[np.triu_indices(k + 1, 1)]
    return exact, np.round(exact, decimals), 0.5 * 10.0**-decimals


def test_the_t_envelopes_of_table_5():
    # Computed independently of this code (issue on envelopes).
    found = recompute(magni_model())
    expected = {
        "customer": (2.440, 2.480),
        "market": (1.937, 1.965),
        "economic": (1.942, 1.973),
        "risk": (-2.585, -2.544),
    }
    for term, ends in expected.items():
        assert np.round(found[term, "t"].tight, 3).tolist() == pytest.approx(ends)
        assert np.round(found[term, "t"].safe, 3).tolist() == pytest.approx(ends)


def test_whether_h3_is_significant_depends_on_rounding():
    low, high = recompute(magni_model())["economic", "p"].tight
    assert low < 0.05 < high


def test_the_sd_ratios_that_the_printed_coefficients_imply():
    # Computed independently (issue on envelopes): B / beta.
    found = recompute(magni_model())
    ratios = [found[term, "sd_ratio"].value for term in CONSTRUCTS[:4]]
    assert np.round(ratios, 3).tolist() == pytest.approx([1.175, 1.164, 0.783, 0.999], abs=6e-4)


@pytest.mark.parametrize("half", [0.0005, 0.005, 0.05])
def test_the_tight_envelope_is_attained_inside_the_box(half):
    centre = table_4_matrix()[UPPER]
    wanted = every_statistic(4)
    found = envelopes(centre - half, centre + half, wanted)
    for end in (0, 1):
        cells = found.witnesses[:, end]
        assert (np.abs(cells - centre) <= half * (1 + 1e-12)).all()
        attained = np.diagonal(statistics_of(cells, 4))
        np.testing.assert_allclose(attained, found.tight[:, end], rtol=1e-9, atol=1e-12)


@settings(deadline=None, max_examples=30)
@given(
    seed=st.integers(0, 2**32 - 1),
    k=st.integers(1, 6),
    n=st.integers(12, 400),
    decimals=st.integers(1, 3),
)
def test_no_matrix_of_the_box_leaves_the_safe_envelope(seed, k, n, decimals):
    _, printed, half = sampled_table(seed, k, n, decimals)
    low, high = np.clip(printed - half, -1, 1), np.clip(printed + half, -1, 1)
    found = envelopes(low, high, every_statistic(k))
    stream = np.random.default_rng(seed + 1)
    draws = stream.uniform(low, high, size=(400, len(low)))
    corners = np.where(stream.random(draws.shape) < 0.5, low, high)
    cells = np.concatenate([draws, corners])
    cells = cells[positive_definite(matrices(cells, k + 1))]
    values = statistics_of(cells, k)
    slack = 1e-9 * np.maximum(1.0, np.abs(values))
    assert (values >= found.safe[:, :1] - slack).all()
    assert (values <= found.safe[:, 1:] + slack).all()
    assert (found.safe[:, 0] <= found.tight[:, 0]).all()
    assert (found.safe[:, 1] >= found.tight[:, 1]).all()
    if decimals > 1 and np.isfinite(found.safe).all() and found.safe[-1, 1] < 1.0:
        # At one decimal, or where a box reaches singular matrices, tight is only what was found.
        width = np.maximum(found.tight[:, 1] - found.tight[:, 0], 1e-12)
        assert (values.max(axis=1) <= found.tight[:, 1] + 1e-3 * width).all()
        assert (values.min(axis=1) >= found.tight[:, 0] - 1e-3 * width).all()


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), k=st.integers(2, 6), kind=st.sampled_from(KINDS))
def test_gradients_are_right_and_their_enclosures_hold(seed, k, kind):
    exact, _, _ = sampled_table(seed, k, 60, 3)
    m = len(exact)
    j = np.array([seed % k])
    half = 0.004
    found = enclose(kind, j, exact[None], np.full((1, m), half))
    step = 1e-6
    moved = np.concatenate([exact + step * np.eye(m), exact - step * np.eye(m)])
    values = enclose(kind, np.repeat(j, 2 * m), moved, np.zeros_like(moved)).value
    numeric = (values[:m] - values[m:]) / (2 * step)
    scale = np.abs(numeric).max()
    np.testing.assert_allclose(found.gradient[0], numeric, atol=1e-6 * max(scale, 1.0))
    inside = exact + np.random.default_rng(seed).uniform(-half, half, size=(200, m))
    inside = inside[positive_definite(matrices(inside, k + 1))]
    gradients = enclose(kind, np.repeat(j, len(inside)), inside, np.zeros_like(inside)).gradient
    if found.valid[0]:
        assert (gradients >= found.low - 1e-9 * scale).all()
        assert (gradients <= found.high + 1e-9 * scale).all()


def widths_to_first_order(kind, seed, k, half=1e-6):
    """Sums over a gradient's entries of how far the enclosure and the truth reach, up and down."""
    exact, _, _ = sampled_table(seed, k, 60, 3)
    m, j = len(exact), np.array([seed % k])
    moved = np.concatenate([exact + half * np.eye(m), exact - half * np.eye(m)])
    slopes = enclose(kind, np.repeat(j, 2 * m), moved, np.zeros_like(moved)).gradient
    truth = np.abs(slopes[:m] - slopes[m:]).sum() / 2
    found = enclose(kind, j, exact[None], np.full((1, m), half))
    ends = (found.high - found.gradient).sum(), (found.gradient - found.low).sum()
    return np.array(ends) / truth


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize(
    ("kind", "best", "worst"),
    # Where no terms cancel, products of intervals are exact to the first order; the quotients of
    # log se^2 and rho never are.
    [
        ("beta", 1.0, 1.3),
        ("vif", 1.0, 1.5),
        ("r2", 1.0, 1.35),
        ("log_se2", 1.07, 1.65),
        ("rho", 1.5, 6.3),
    ],
)
def test_enclosures_of_small_boxes_are_hardly_wider_than_they_must_be(kind, best, worst, k):
    ratios = np.array([widths_to_first_order(kind, seed, k) for seed in range(20)])
    np.testing.assert_array_less(1 - 1e-5, ratios)
    np.testing.assert_array_less(ratios.min(axis=0), best + 1e-4)
    np.testing.assert_array_less(ratios, worst)


@pytest.mark.parametrize("kind", KINDS)
def test_over_a_point_an_enclosure_is_the_gradient(kind):
    exact, _, _ = sampled_table(2, 3, 60, 3)
    found = enclose(kind, np.array([1]), exact[None], np.zeros((1, len(exact))))
    np.testing.assert_allclose(found.low, found.gradient, atol=1e-10)
    np.testing.assert_allclose(found.high, found.gradient, atol=1e-10)
    # Wider by what round-off may be, where an inverse is in it.
    assert (found.low <= found.gradient).all()
    assert (found.high >= found.gradient).all()
    assert (found.valid & found.definite & found.throughout).all()


class Interval:
    """Plain interval arithmetic, one number at a time."""

    def __init__(self, low, high):
        self.ends = (low, high)

    def __add__(self, other):
        return Interval(*(a + b for a, b in zip(self.ends, other.ends, strict=True)))

    def __mul__(self, other):
        products = [a * b for a in self.ends for b in other.ends]
        return Interval(min(products), max(products))

    def through(self, function):
        return Interval(*sorted(map(function, self.ends)))


@pytest.mark.parametrize("j", [0, 1])
@pytest.mark.parametrize("cells", [(0.3, 0.5, 0.4), (-0.2, 0.6, -0.3)])
def test_the_enclosure_of_partial_correlations_is_its_formula_in_intervals(cells, j):
    half = 0.02
    found = enclose("rho", np.array([j]), np.array([cells]), np.full((1, 3), half))
    radius = half * (1 - np.eye(3))
    P, E, *_ = (each[0] for each in inverse_enclosure(matrices(np.array([cells]), 3), radius[None]))

    def scaled(index):
        """P_.index over the root of its diagonal, which is at least 1."""
        diagonal = Interval(max(P[index, index] - E[index, index], 1.0), (P + E)[index, index])
        root, inverse = diagonal.through(np.sqrt), diagonal.through(lambda x: 1 / np.sqrt(x))
        return [
            root if i == index else Interval((P - E)[i, index], (P + E)[i, index]) * inverse
            for i in range(3)
        ]

    u, v = scaled(j), scaled(2)
    rho = u[2].through(lambda x: -x) * v[2].through(lambda x: 1 / x)
    slopes = [
        u[a] * v[b] + u[b] * v[a] + rho * (u[a] * u[b] + v[a] * v[b])
        for a, b in ((0, 1), (0, 2), (1, 2))
    ]
    np.testing.assert_allclose(found.low[0], [slope.ends[0] for slope in slopes])
    np.testing.assert_allclose(found.high[0], [slope.ends[1] for slope in slopes])


def test_the_enclosure_of_a_number_is_that_of_algebra():
    # 1 / (c - d) - 1 / c = d / (c (c - d)): 0.5 / (2 * 1.5), the farther end of 1 / [1.5, 2.5].
    inverse, error, _, proven = inverse_enclosure(np.array([[[2.0]]]), np.array([[[0.5]]]))
    assert (inverse.item(), error.item(), proven.item()) == (0.5, pytest.approx(1 / 6), True)
    for radius, expected in ((1.99, True), (2.0, False), (2.5, False)):
        found = inverse_enclosure(np.array([[[2.0]]]), np.array([[[radius]]]))
        assert found[3].item() is expected


def test_a_series_converges_by_its_spectral_radius_though_a_row_sum_is_above_one():
    # A = D: row sums 1.5 and 0.5, spectral radius sqrt(.75) < 1; then sqrt(1.05) > 1.
    centre = np.eye(2)[None]
    for other, expected in ((0.5, True), (0.7, False)):
        assert inverse_enclosure(centre, np.array([[[0, 1.5], [other, 0]]]))[3].item() is expected


def test_a_single_correlation_has_the_envelope_of_algebra():
    # One predictor: t = r sqrt(df / (1 - r^2)) increases with r; R2 = r^2 is 0 inside the box.
    found = envelopes([-0.05], [0.15], [("rho", 0), ("r2", 0), ("vif", 0)])
    np.testing.assert_allclose(found.tight, [[-0.05, 0.15], [0.0, 0.0225], [1.0, 1.0]], atol=1e-7)
    np.testing.assert_allclose(found.safe, [[-0.05, 0.15], [0.0, 0.0225], [1.0, 1.0]], atol=1e-4)


def test_p_reaches_one_where_the_sign_is_open():
    assert p_range((-0.5, 2.0), 20) == (pytest.approx(0.0592655, abs=1e-6), 1.0)
    assert t_from_partial(np.array([1.0, -1.0, 0.0]), 10).tolist() == [np.inf, -np.inf, 0.0]


def test_a_table_that_no_data_can_have_has_no_envelope():
    # r12 = r13 = 0.9 and r23 = -0.9 cannot hold together.
    centre, half = np.array([0.9, 0.9, -0.9]), 0.005
    with pytest.raises(NoMatrixError):
        envelopes(centre - half, centre + half, [("r2", 0)])


def test_a_table_that_allows_singular_matrices_allows_every_t():
    # Ten variables that all correlate 0.9, at one decimal. With v of five ones and five minus ones,
    # v'Rv = 10 (1 - 0.9) = 1 as printed and 1 - 90 * 0.05 < 0 in the corner against v: matrices on
    # the way there come as near to singular as one likes, and R2 and partial correlations to 1.
    cells = np.full(45, 0.9)
    found = envelopes(cells - 0.05, cells + 0.05, [("r2", 0), ("rho", 0)])
    assert found.tight[0, 1] > 1 - 1e-5
    assert found.tight[1, 0] < -0.999
    assert found.tight[1, 1] > 0.999
    for matrix in matrices(found.witnesses.reshape(-1, 45), 10):
        assert np.linalg.eigvalsh(matrix)[0] > 0


def test_least_r2_and_vif_are_closed_by_convexity():
    # At one decimal and nine predictors the gradients' enclosures prove nothing, but 1 - R2 and
    # 1 / VIF are concave in the matrix, so that the least values are proven as they are attained.
    _, cells, half = sampled_table(3, 9, 300, 1)
    found = envelopes(cells - half, cells + half, [("r2", 0), *(("vif", j) for j in range(9))])
    gap = found.tight[:, 0] - found.safe[:, 0]
    assert (gap <= 0.01 * np.maximum(found.tight[:, 0], 1)).all()


def near_singular_table(seed, k, n, decimals):
    """Correlations of predictors that nearly determine each other and the outcome, and the box of
    what they print as.
    """
    stream = np.random.default_rng(seed)
    x = stream.normal(size=(n, k)) @ (np.eye(k) + stream.normal(scale=0.6, size=(k, k)))
    noise = stream.choice([0.05, 0.2, 1.0])
    y = x @ stream.normal(size=k) + noise * stream.normal(size=n)
    exact = np.corrcoef(np.column_stack([x, y]), rowvar=False)[np.triu_indices(k + 1, 1)]
    half = 0.5 * 10.0**-decimals
    printed = np.round(exact, decimals)
    return exact, np.clip(printed - half, -1, 1), np.clip(printed + half, -1, 1)


def definite_draws(stream, low, high, p, interior, steps):
    """Definite matrices of a box, near its singular ones too: hit and run from one inside it."""
    cells, found = interior.copy(), []
    for _ in range(steps):
        direction = stream.normal(size=len(low)) * (high - low)
        ends = np.sort([(low - cells) / direction, (high - cells) / direction], axis=0)
        reach = stream.uniform(ends[0].max(), ends[1].min(), size=20)
        line = cells + reach[:, None] * direction
        line = line[positive_definite(matrices(line, p))]
        if len(line):
            cells = line[stream.integers(len(line))]
            found.append(line)
    return np.concatenate([interior[None], *found])


@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(0, 2**32 - 1),
    k=st.integers(1, 5),
    surplus=st.sampled_from([2, 3, 10, 300]),
    decimals=st.integers(1, 3),
)
def test_no_definite_matrix_leaves_the_safe_envelope_where_boxes_reach_singular_ones(
    seed, k, surplus, decimals
):
    exact, low, high = near_singular_table(seed, k, k + surplus, decimals)
    found = envelopes(low, high, every_statistic(k))
    cells = definite_draws(np.random.default_rng(seed), low, high, k + 1, exact, 100)
    values = statistics_of(cells, k)
    slack = 1e-8 * np.maximum(1.0, np.abs(values))
    assert (values >= found.safe[:, :1] - slack).all()
    assert (values <= found.safe[:, 1:] + slack).all()


@pytest.mark.parametrize("decimals", [2, 3])
@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
def test_tight_ends_reach_what_matrices_of_the_box_reach(k, decimals):
    """At one decimal a box may hold several local extremes, and the tight end is one of them."""
    exact, low, high = near_singular_table(7 * k, k, k + 10, decimals)
    found = envelopes(low, high, every_statistic(k))
    cells = definite_draws(np.random.default_rng(k), low, high, k + 1, exact, 100)
    values = statistics_of(cells, k)
    # beta may have several along the singular matrices whatever the decimals.
    bounded = np.isfinite(found.safe).all(axis=1)
    bounded[:k] = False
    least, most = values[bounded].min(axis=1), values[bounded].max(axis=1)
    reached = 0.01 * (most - least) + 1e-9
    assert (found.tight[bounded, 0] <= least + reached).all()
    assert (found.tight[bounded, 1] >= most - reached).all()


@pytest.mark.parametrize("seed", range(6))
def test_bounds_are_as_near_to_what_is_attained_as_was_asked_for(seed):
    _, printed, half = sampled_table(seed, 3, 60, 2)
    for gap in (1e-4, 1e-2):
        found = envelopes(printed - half, printed + half, every_statistic(3), gap=gap)
        width = found.tight[:, 1] - found.tight[:, 0]
        assert (found.tight[:, 0] - found.safe[:, 0] <= 1.01 * gap * width).all()
        assert (found.safe[:, 1] - found.tight[:, 1] <= 1.01 * gap * width).all()


def test_a_least_r2_is_bounded_by_the_tangent_of_algebra():
    # R2 = r^2 over [0.3, 0.5]: its tangent at 0.4 is 0.16 + 0.8 (r - 0.4), 0.08 at the lower end.
    search = _Search(np.array([0.3]), np.array([0.5]), [("r2", 0), ("beta", 0)], np.array([0.4]))
    search.ceiling[:] = np.inf
    search.tangent_ceiling()
    assert search.ceiling.tolist() == [pytest.approx(-0.08), np.inf, np.inf, np.inf]


@pytest.mark.parametrize(("k", "decimals"), [(6, 2), (8, 3)])
@pytest.mark.parametrize("seed", range(3))
def test_a_few_boxes_are_enough_where_statistics_only_rise_or_fall(seed, k, decimals):
    _, printed, half = sampled_table(seed, k, 300, decimals)
    found = envelopes(printed - half, printed + half, every_statistic(k), budget=100)
    width = found.tight[:, 1] - found.tight[:, 0]
    assert (found.tight[:, 0] - found.safe[:, 0] <= 1.01e-4 * width).all()
    assert (found.safe[:, 1] - found.tight[:, 1] <= 1.01e-4 * width).all()


@pytest.mark.parametrize("seed", range(8))
def test_of_two_predictors_no_matrix_of_a_grid_is_beyond_the_tight_ends(seed):
    # Boxes at one decimal, several of which reach singular matrices.
    _, low, high = near_singular_table(seed, 2, 14, 1)
    found = envelopes(low, high, every_statistic(2))
    axes = [np.linspace(*ends, 25) for ends in zip(low, high, strict=True)]
    cells = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 3)
    values = statistics_of(cells[positive_definite(matrices(cells, 3))], 2)
    least, most = values.min(axis=1), values.max(axis=1)
    slack = 1e-9 * np.maximum(1.0, most - least)
    assert (found.tight[:, 0] <= least + slack).all()
    assert (found.tight[:, 1] >= most - slack).all()


def test_a_face_without_matrices_bounds_nothing():
    # Cells (r12, r1y, r2y) of (0, .3, .9) at one decimal. By algebra R2 = r1y^2 + r2y^2 at r12 = 0,
    # which reaches 1. beta_1 = (r1y - r12 r2y) / (1 - r12^2) grows towards (-.05, .35, .95), where
    # R2 = 1.06; on the way there R2 = 1 at r2y = .918074 and beta_1 = .396895 (by hand).
    cells, half = np.array([0.0, 0.3, 0.9]), 0.05
    wanted = [("r2", 0), ("beta", 0), ("vif", 0), ("log_se2", 0)]
    found = envelopes(cells - half, cells + half, wanted)
    assert found.safe[0, 1] == 1.0
    assert found.tight[0, 1] > 0.9999
    assert found.tight[1, 1] == pytest.approx(0.396895, abs=1e-5)
    assert found.safe[1, 1] >= 0.396895
    # VIF (1 - R2) is largest at (.05, .25, .85), where R2 = .765664 and VIF = 1 / (1 - .0025).
    assert found.tight[3, 1] == pytest.approx(np.log(0.234336 / 0.9975), abs=1e-5)
    assert found.tight[3, 1] <= found.safe[3, 1] <= found.tight[3, 1] + 0.05


# Tables whose boxes reach singular predictors: correlations and half width.
def near_singular():
    _, R, _ = mtcars()
    yield "mtcars", np.round(R, 1), 0.05
    yield "mtcars without mpg", np.round(R[:-1, :-1], 1), 0.05
    yield "two that print 1.0", np.array([[1, 1, 0.5], [1, 1, 0.5], [0.5, 0.5, 1]]), 0.05
    yield (
        "two that print -0.98",
        np.array([[1, -0.98, 0.3], [-0.98, 1, -0.3], [0.3, -0.3, 1]]),
        0.05,
    )
    third = [[1, 0.7, 0.7, 0.3], [0.7, 1, 0.0, 0.3], [0.7, 0.0, 1, 0.3], [0.3, 0.3, 0.3, 1]]
    yield "one that is two others", np.array(third), 0.05


@pytest.mark.parametrize(
    ("name", "R", "half"), list(near_singular()), ids=lambda x: x if isinstance(x, str) else ""
)
def test_a_coefficient_next_to_singular_predictors_is_far_from_bounded(name, R, half):
    # By algebra: r + t v, v the null vector of Rxx, takes beta to either side without limit.
    p = len(R)
    cells = R[np.triu_indices(p, 1)]
    found = envelopes(cells - half, cells + half, [("beta", j) for j in range(p - 1)])
    for j in range(p - 1):
        fit = ols_from_correlations(matrices(found.witnesses[j], p), 50)
        np.testing.assert_allclose(fit.beta[:, j], found.tight[j], rtol=1e-4)
        assert found.tight[j, 0] < -8.28
        assert found.tight[j, 1] > 8.28
        assert (np.abs(found.witnesses[j] - cells) <= half + 1e-12).all()
        assert found.safe[j, 0] < -1e9
        assert found.safe[j, 1] > 1e9


@pytest.mark.parametrize("budget", [1, 60])
@pytest.mark.parametrize("seed", range(6))
def test_bounds_hold_and_bind_each_other_however_few_boxes_are_examined(seed, budget):
    _, printed, half = sampled_table(seed, 3, 60, 1)
    low, high = np.clip(printed - half, -1, 1), np.clip(printed + half, -1, 1)
    found = envelopes(low, high, every_statistic(3), budget=budget)
    cells = np.random.default_rng(seed).uniform(low, high, size=(300, len(low)))
    cells = cells[positive_definite(matrices(cells, 4))]
    values = statistics_of(cells, 3)
    assert (values >= found.safe[:, :1] - 1e-9).all()
    assert (values <= found.safe[:, 1:] + 1e-9).all()
    # beta^2 <= VIF R2 <= VIF (Cauchy and Schwarz), and se^2 df = VIF (1 - R2).
    beta, _, vif, error = found.safe[:12].reshape(4, 3, 2)
    rest = 1 - max(found.safe[12, 0], 0)
    assert (np.abs(beta).max(axis=1) <= np.sqrt(vif[:, 1]) * (1 + 1e-9)).all()
    assert (error[:, 1] <= np.log(vif[:, 1] * rest) + 1e-9).all()


def test_no_bound_leaves_what_data_can_have():
    # Of one predictor beta = r, at most 1, R2 = r^2, and VIF is 1; r prints as 1.00 or -1.00.
    for sign in (1, -1):
        ends = sorted([sign * 0.995, sign * 1.005])
        found = envelopes(ends[:1], ends[1:], [("beta", 0), ("r2", 0), ("vif", 0), ("rho", 0)])
        beta = sorted([sign * 0.995, sign * 1.0])
        expected = [beta, [0.995**2, 1], [1, 1]]
        np.testing.assert_allclose(found.safe[:3], expected, rtol=0, atol=1e-10)
        assert (found.safe[1, 1], found.safe[2, 0]) == (1.0, 1.0)
        assert np.abs(found.safe[3]).max() == 1.0


@settings(deadline=None, max_examples=15)
@given(
    seed=st.integers(0, 2**32 - 1),
    k=st.integers(2, 4),
    unknown=st.integers(1, 3),
    decimals=st.integers(1, 3),
    budget=st.sampled_from([0, 200, 3000]),
)
def test_no_completion_leaves_the_safe_envelope_where_cells_are_unknown(
    seed, k, unknown, decimals, budget
):
    make = sampled_table if seed % 2 else near_singular_table
    exact = make(seed, k, 60, decimals)[0]
    printed, half = np.round(exact, decimals), 0.5 * 10.0**-decimals
    low, high = np.clip(printed - half, -1, 1), np.clip(printed + half, -1, 1)
    stream = np.random.default_rng(seed)
    open_cells = stream.choice(len(exact), size=min(unknown, len(exact) - 1), replace=False)
    low[open_cells], high[open_cells] = -1.0, 1.0
    if not positive_definite(matrices((low + high) / 2, k + 1)):
        # Next to singular printed cells no matrix may be found where there is one.
        low, high = np.minimum(low, exact - 0.04), np.maximum(high, exact + 0.04)
        low, high = np.clip(low, -1, 1), np.clip(high, -1, 1)
    found = envelopes(low, high, every_statistic(k), budget=budget)
    cells = definite_draws(stream, low, high, k + 1, exact, 200)
    values = statistics_of(cells, k)
    slack = 1e-8 * np.maximum(1.0, np.abs(values))
    assert (values >= found.safe[:, :1] - slack).all()
    assert (values <= found.safe[:, 1:] + slack).all()


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    k=st.integers(1, 4),
    wide=st.sampled_from([0.05, 0.2, 0.7]),
    kind=st.sampled_from(KINDS),
)
def test_bounds_over_a_box_hold_for_its_definite_matrices(seed, k, wide, kind):
    # Boxes that reach singular matrices, in one cell or in all; the middle may be indefinite.
    exact, _, _ = near_singular_table(seed, k, 30, 3)
    stream = np.random.default_rng(seed)
    radius = np.full(len(exact), 0.004)
    radius[stream.integers(len(exact))] = wide
    centre = exact + stream.uniform(-0.9, 0.9, size=len(exact)) * radius
    j = np.array([seed % k])
    found = enclose(kind, j, centre[None], radius[None])
    cells = definite_draws(stream, centre - radius, centre + radius, k + 1, exact, 60)
    place = every_statistic(k).index((kind, 0 if kind == "r2" else int(j[0])))
    values = statistics_of(cells, k)[place]
    slack = 1e-8 * np.maximum(1.0, np.abs(values))
    bounds = [(found.least, found.most)]
    if kind != "r2":
        bounds.append(bounds_by_partialling(kind, j, centre[None], radius[None]))
    for least, most in bounds:
        assert (values >= least[0] - slack).all()
        assert (values <= most[0] + slack).all()


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_bounds_next_to_singular_predictors_come_from_what_the_others_leave(sign):
    # Cells (.9 +- .1, .2, .6): with r = r12, S_2y = .6 - .2 r is from .4 to .44, S_yy = .96 and
    # S_22 = 1 - r^2; data have r up to .12 + sqrt(.96 * .64). By hand: VIF_2 <= S_yy / S_2y^2,
    # beta_2 <= S_yy / S_2y, and it is least at r = .8, .44 / .36.
    centre, radius = np.array([[0.9, 0.2, sign * 0.6]]), np.array([[0.1, 0.0, 0.0]])
    centre[0, 1] *= sign
    j = np.array([1])
    assert not enclose("vif", j, centre, radius).valid[0]
    vif, beta, rho = (
        np.ravel(bounds_by_partialling(kind, j, centre, radius)) for kind in ("vif", "beta", "rho")
    )
    assert vif[1] == pytest.approx(0.96 / 0.16)
    ends = sorted(sign * beta)
    assert ends[1] == pytest.approx(0.96 / 0.4)
    assert 1.0 < ends[0] <= 0.44 / 0.36
    # rho_2 = S_2y / sqrt(S_22 S_yy) >= .4 / sqrt(.39 * .96), by the mean value form of S_22.
    ends = sorted(sign * rho)
    assert ends == [pytest.approx(0.4 / np.sqrt(0.39 * 0.96)), 1.0]
