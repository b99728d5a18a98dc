"""Monte Carlo: draws, power, replication, and that the number of jobs changes nothing."""

import json
from itertools import pairwise

import numpy as np
import pytest
from regression_examples import CONSTRUCTS, N, table_4_matrix
from scipy import stats
from scipy.integrate import quad
from scipy.special import gammaln, hyp2f1

from retrace.decisions import AGAIN, NOT_SUPPORTED, SUPPORTED, Hypothesis
from retrace.estimators.least_squares import critical_t, ols_from_correlations
from retrace.matrices.wishart import bartlett
from retrace.power.montecarlo import (
    MOST_PLACES,
    draw_likert_regressions,
    draw_predictive_regressions,
    draw_regressions,
    latent_correlations,
    normal_thresholds,
    regress_triangles,
    response_lattice,
)
from retrace.power.plans import stream_of
from retrace.power.simulation import (
    LIKERT,
    NORMAL,
    PREDICTIVE,
    Likert,
    Population,
    plan,
    simulate_block,
    sorted_blocks,
)
from retrace.power.tables import (
    add_until_precise,
    exaggeration_rows,
    power_rows,
    quantiles_of,
    replication_rows,
    required_rows,
    sampling_rows,
    tables,
)
from retrace.provenance.streams import random_stream, share_of

HYPOTHESES = [
    Hypothesis(f"H{i}", term, "full", -1 if term == "risk" else 1, SUPPORTED)
    for i, term in enumerate(CONSTRUCTS[:4], start=1)
]


def pair(r):
    return np.array([[1.0, r], [r, 1.0]])


FULL = {"full": (CONSTRUCTS[:4], "readiness")}


def small_plan(models=FULL, hypotheses=HYPOTHESES, likert=None, error=0.01):
    population = Population(table_4_matrix(), N, CONSTRUCTS, likert)
    return plan(population, models, hypotheses, (0.05, 0.10), error, 4)


def pair_plan(r, n, error):
    hypotheses = [Hypothesis("H1", "x", "m", 1, SUPPORTED)]
    return plan(Population(pair(r), n, ["x", "y"]), {"m": (["x"], "y")}, hypotheses, (0.05,), error)


def simulate(design, streams):
    return [simulate_block(design, task, streams(task)) for task in design.tasks()]


def test_the_factor_gives_the_regression_of_its_matrix():
    stream = random_stream(1, "test", "factor")
    L = np.linalg.cholesky(table_4_matrix())
    T = bartlett(60, 5, 7, stream)
    C = np.einsum("ij,jkn->ikn", L, T)
    b, t = regress_triangles(C, 60)
    for i in range(7):
        S = C[:, :, i] @ C[:, :, i].T
        sd = np.sqrt(np.diag(S))
        fit = ols_from_correlations(S / np.outer(sd, sd), 60, sds=sd)
        np.testing.assert_allclose(t[:, i], fit.t, rtol=1e-9)
        np.testing.assert_allclose(b[:, i], fit.b, rtol=1e-9)


def test_t_without_effect_follows_student_exactly_in_small_samples():
    _, t = draw_regressions(np.eye(3), 8, 20_000, random_stream(2, "test", "null"))
    for row in t:
        assert stats.kstest(row, stats.t(5).cdf).pvalue > 1e-3


def test_draws_have_the_distribution_of_regressions_on_raw_samples():
    stream = random_stream(3, "test", "raw")
    R = table_4_matrix()
    data = stream.standard_normal((2000, 60, 5)) @ np.linalg.cholesky(R).T
    raw = ols_from_correlations(np.array([np.corrcoef(x, rowvar=False) for x in data]), 60).t
    _, t = draw_regressions(R, 60, 20_000, stream)
    for j in range(4):
        assert stats.ks_2samp(raw[:, j], t[j]).pvalue > 1e-3


def test_the_power_of_a_correlation_is_the_exact_one():
    # G*Power 3.1 (Faul et al. 2009), bivariate normal model, exact: r = 0.3, two-sided 5 %,
    # power 0.80 takes n = 84.
    _, t = draw_regressions(pair(0.3), 84, 60_000, random_stream(4, "test", "gpower"))
    share = (np.abs(t[0]) >= critical_t(0.05, 82)).mean()
    assert share == pytest.approx(0.80, abs=4 * np.sqrt(0.16 / 60_000) + 0.002)


def test_a_predicted_sample_varies_by_its_own_and_the_papers_error():
    # Two independent errors of about equal variance: sd of t is close to sqrt(2).
    _, t = draw_predictive_regressions(table_4_matrix(), N, 40_000, random_stream(5, "test", "p"))
    np.testing.assert_allclose(t.std(axis=1), np.sqrt(2), rtol=0.03)
    centre = ols_from_correlations(table_4_matrix(), N).t
    np.testing.assert_allclose(t.mean(axis=1), centre, atol=0.06)


def test_latent_correlations_give_scores_with_the_printed_ones():
    # By simulation, two coarse and skewed scales and a fine one.
    lattices = [response_lattice(1, 5, 1), response_lattice(1, 7, 1), response_lattice(1, 7, 4)]
    thresholds = [
        normal_thresholds(mean, sd, lattice)
        for mean, sd, lattice in zip((4.2, 3.0, 4.0), (1.1, 1.5, 1.0), lattices, strict=True)
    ]
    R = np.array([[1, 0.45, -0.3], [0.45, 1, 0.2], [-0.3, 0.2, 1]])
    latent = latent_correlations(R, thresholds, lattices)
    assert (np.abs(latent) >= np.abs(R)).all()  # rounding to scores attenuates
    stream = random_stream(6, "test", "latent")
    z = stream.standard_normal((400_000, 3)) @ np.linalg.cholesky(latent).T
    scores = np.column_stack(
        [
            lattice[np.searchsorted(tau, column)]
            for lattice, tau, column in zip(lattices, thresholds, z.T, strict=True)
        ]
    )
    np.testing.assert_allclose(np.corrcoef(scores, rowvar=False), R, atol=0.008)


def test_a_scale_of_a_million_points_is_continuous_for_correlations():
    # 10 SDs from either end rounding changes nothing: the latent correlations are the observed.
    lattice = response_lattice(1, 1_000_000, 1000)
    assert len(lattice) == MOST_PLACES
    assert (lattice[0], lattice[-1]) == (1, 1_000_000)
    tau = normal_thresholds(500_000.0, 50_000.0, lattice)
    R = np.array([[1.0, 0.3], [0.3, 1.0]])
    np.testing.assert_allclose(latent_correlations(R, [tau, tau], [lattice] * 2), R, atol=1e-6)


def test_correlations_that_scales_cannot_have_are_refused():
    lattice = response_lattice(1, 5, 1)
    floor = normal_thresholds(0.0, 1.0, lattice)
    with pytest.raises(ValueError, match=r"cannot correlate 0\.95"):
        latent_correlations(pair(0.95), [floor, -floor[::-1]], [lattice, lattice])


def test_scores_of_fine_scales_behave_like_normal_ones():
    lattice = response_lattice(1, 7, 20)
    tau = normal_thresholds(4, 1, lattice)
    latent = latent_correlations(pair(0.2), [tau, tau], [lattice, lattice])
    draws = (latent, [tau, tau])
    _, t = draw_likert_regressions(*draws, 60, 4000, random_stream(7, "test", "fine"))
    _, normal = draw_regressions(pair(0.2), 60, 20_000, random_stream(8, "test", "fine"))
    assert stats.ks_2samp(t[0], normal[0]).pvalue > 1e-3


def test_scores_of_coarse_scales_are_those_cut_at_the_thresholds():
    # The definition, step by step, against draws that never look a score up.
    lattices = [response_lattice(1, 5, 1), response_lattice(1, 3, 2)]
    thresholds = [
        normal_thresholds(4.2, 1.1, lattices[0]),
        normal_thresholds(1.8, 0.6, lattices[1]),
    ]
    latent, n = pair(0.4), 25
    stream = random_stream(18, "test", "coarse")
    z = stream.standard_normal((4000, n, 2)) @ np.linalg.cholesky(latent).T
    scores = np.stack(
        [
            lattice[np.searchsorted(tau, z[:, :, v])]
            for v, (tau, lattice) in enumerate(zip(thresholds, lattices, strict=True))
        ],
        axis=2,
    )
    raw = [ols_from_correlations(np.corrcoef(x, rowvar=False), n) for x in scores]
    b, t = draw_likert_regressions(latent, thresholds, n, 20_000, stream)
    assert stats.ks_2samp([fit.t[0] for fit in raw], t[0]).pvalue > 1e-3
    assert stats.ks_2samp([fit.beta[0] for fit in raw], b[0]).pvalue > 1e-3


def test_samples_that_do_not_vary_support_nothing():
    # Three answers of yes or no: both questions vary in 9 samples of 16, and then r is 1 / 2 in
    # size in two of three, 1 in the third; in the other 7 samples there is nothing to estimate.
    tau = normal_thresholds(1.5, 0.5, response_lattice(1, 2, 1))
    stream = random_stream(19, "test", "yes and no")
    b, t = draw_likert_regressions(np.eye(2), [tau, tau], 3, 20_000, stream)
    assert np.isfinite(t).all()
    assert np.isclose(np.abs(b), 0.5).mean() == pytest.approx(6 / 16, abs=0.015)
    assert (t == 0).mean() >= 7 / 16 - 0.015


def test_the_number_of_jobs_does_not_change_the_result():
    design = small_plan(error=0.004)
    streams = stream_of(9, "test")
    whole = simulate(design, streams)
    for chunks in (2, 3, 7):
        shares = [
            [simulate_block(design, task, streams(task)) for task in part]
            for part in (share_of(design.tasks(), chunk, chunks) for chunk in range(1, chunks + 1))
        ]
        # As the jobs hand them over: through JSON.
        blocks = json.loads(json.dumps([block for share in shares for block in share]))
        assert power_rows(design, sorted_blocks(blocks)) == power_rows(design, whole)
        assert sampling_rows(design, sorted_blocks(blocks)) == sampling_rows(design, whole)


def test_monte_carlo_errors_stay_below_their_bound():
    design = small_plan()
    rows = power_rows(design, simulate(design, stream_of(10, "test")))
    assert max(row[4] for row in rows) <= 0.01
    assert all(row[4] > 0 for row in rows)
    assert {row[0] for row in rows} == set(design.sizes)
    assert N in design.sizes


def test_power_is_near_the_noncentral_t():
    # Predictors drawn anew vary a little more than fixed ones; at n = 300 by less than 0.01.
    design = small_plan()
    rows = power_rows(design, simulate(design, stream_of(11, "test")))
    fit = ols_from_correlations(table_4_matrix(), N)
    for j, h in enumerate(HYPOTHESES):
        expected = stats.nct.sf(critical_t(0.05, 295), 295, abs(fit.t[j]))
        found = next(r[3] for r in rows if r[:3] == (N, 0.05, h.name))
        assert found == pytest.approx(expected, abs=0.03)
    together = next(r[3] for r in rows if r[:3] == (N, 0.05, "all"))
    assert together < min(r[3] for r in rows if r[:2] == (N, 0.05) and r[2] != "all")


def test_sample_sizes_for_given_power_reach_it():
    design = pair_plan(0.3, 60, 0.004)
    rows = power_rows(design, simulate(design, stream_of(12, "test")))
    required = {row[2]: row[3:6] for row in required_rows(design, rows) if row[1] == "H1"}
    # G*Power 3.1, exact: 84 for 80 %, 112 for 90 %, 138 for 95 %.
    for target, n in ((0.80, 84), (0.90, 112), (0.95, 138)):
        middle, low, high = required[target]
        assert low <= middle <= high
        assert middle == pytest.approx(n, rel=0.03)


def density_of_a_correlation(r, rho, n):
    """Hotelling's (1953, eq. 25) density of a sample correlation."""
    log = np.log(n - 2) + gammaln(n - 1) - gammaln(n - 0.5) - 0.5 * np.log(2 * np.pi)
    log += (n - 1) / 2 * np.log1p(-(rho**2)) + (n - 4) / 2 * np.log1p(-(r**2))
    log -= (n - 1.5) * np.log1p(-rho * r)
    return np.exp(log) * hyp2f1(0.5, 0.5, n - 0.5, (1 + rho * r) / 2)


def exact_power_of_a_correlation(rho, n, alpha=0.05):
    """The share of that density beyond the critical value."""
    t = critical_t(alpha, n - 2)
    critical = t / np.sqrt(n - 2 + t**2)
    return quad(density_of_a_correlation, critical, 1, args=(rho, n))[0]


def test_power_of_small_samples_is_exact():
    # G*Power 3.1, exact, is the first: 84 observations for r = 0.3 and power 0.80.
    assert exact_power_of_a_correlation(0.3, 83) < 0.80 <= exact_power_of_a_correlation(0.3, 84)
    for rho, n in ((0.3, 84), (0.7, 12), (0.5, 6)):
        _, t = draw_regressions(pair(rho), n, 100_000, random_stream(23, "test", "small", n))
        found = (t[0] >= critical_t(0.05, n - 2)).mean()
        assert found == pytest.approx(exact_power_of_a_correlation(rho, n), abs=0.005)


def test_strong_effects_are_followed_down_to_where_they_need_few_observations():
    design = pair_plan(0.7, 200, 0.004)
    rows = power_rows(design, simulate(design, stream_of(20, "test")))
    required = {row[2]: row[3] for row in required_rows(design, rows) if row[1] == "H1"}
    exact = next(n for n in range(4, 50) if exact_power_of_a_correlation(0.7, n) >= 0.80)
    assert abs(required[0.80] - exact) <= 1


def test_more_constructs_than_observations_leave_each_regression_as_it_is():
    # Eight regressions on two of 24 constructs each, 12 observations: t(9) without effect.
    designs = [(i, i + 1, i + 2) for i in range(0, 24, 3)]
    _, t = draw_regressions(np.eye(24), 12, 5000, random_stream(21, "test", "many"), designs)
    assert t.shape == (16, 5000)
    for row in t[[0, 7, 15]]:
        assert stats.kstest(row, stats.t(9).cdf).pvalue > 1e-3
    hypotheses = [Hypothesis(f"H{i}", f"x{i}", f"m{i}", 1, SUPPORTED) for i in range(0, 24, 3)]
    models = {f"m{i}": ((f"x{i}", f"x{i + 1}"), f"x{i + 2}") for i in range(0, 24, 3)}
    names = [f"x{i}" for i in range(24)]
    design = plan(Population(np.eye(24), 12, names), models, hypotheses, (0.05,), 0.02)
    # So few observations leave no posterior of all 24 to draw populations from.
    assert {task[0] for task in design.tasks()} == {NORMAL}
    blocks = simulate(design, stream_of(22, "test"))
    assert {row[0] for row in replication_rows(design, blocks)} == {NORMAL}


def test_an_effect_of_the_other_sign_never_reaches_power():
    design = pair_plan(-0.3, 60, 0.02)
    rows = power_rows(design, simulate(design, stream_of(13, "test")))
    assert all(np.isnan(row[3]) for row in required_rows(design, rows))


def test_exaggeration_is_that_of_gelman_and_carlin():
    # Their example (2014, p. 645): effect 2, standard error 8.1: power 0.06, type S 0.24, and an
    # exaggeration factor of 9.7 for large df; here a correlation with the same ratio at n = 300.
    ratio = 2 / 8.1
    r = ratio / np.sqrt(ratio**2 + 298)
    design = pair_plan(r, 300, 0.004)
    streams = stream_of(14, "test")
    blocks = simulate(design, streams)
    blocks = add_until_precise(design, blocks, streams)
    own = [b for b in blocks if b["n"] == 300 and b["population"] == NORMAL]
    (row,) = exaggeration_rows(design, NORMAL, blocks)
    _, _, _, type_s, s_error, type_m, m_error, significant, _ = row
    assert type_s == pytest.approx(0.24, abs=0.01 + 3 * s_error)
    assert type_m == pytest.approx(9.7, rel=0.03)
    assert m_error / type_m <= 0.01
    draws = sum(block["draws"] for block in own)
    assert significant / draws == pytest.approx(0.06, abs=0.005)


def test_errors_of_sign_are_against_the_truth_whatever_the_hypothesis_says():
    # Same population, same draws: the hypothesis is no part of Gelman and Carlin's (2014) type S.
    rows = {}
    for sign in (1, -1):
        hypotheses = [Hypothesis("H1", "x", "m", sign, SUPPORTED)]
        models = {"m": (["x"], "y")}
        design = plan(Population(pair(0.05), 40, ["x", "y"]), models, hypotheses, (0.05,), 0.01)
        blocks = simulate(design, stream_of(25, "test"))
        (rows[sign],) = exaggeration_rows(design, NORMAL, blocks)
    assert rows[1] == rows[-1]
    # Exactly: the significant results of the other sign are those of a population of -0.05.
    right, wrong = (exact_power_of_a_correlation(r, 40) for r in (0.05, -0.05))
    assert rows[1][3] == pytest.approx(wrong / (right + wrong), abs=4 * rows[1][4])


def test_an_effect_of_nothing_has_no_errors_of_sign_and_size():
    design = pair_plan(0.0, 40, 0.01)
    streams = stream_of(26, "test")
    blocks = add_until_precise(design, simulate(design, streams), streams)
    (row,) = exaggeration_rows(design, NORMAL, blocks)
    assert np.isnan(row[3:7]).all()
    assert row[7] > 0


@pytest.mark.parametrize(("r", "n"), [(0.75, 2000), (-0.2, 12), (0.99, 300)])
def test_quantiles_are_those_of_the_exact_distribution(r, n):
    # One predictor: t = q sqrt(n - 2) / sqrt(1 - q^2) of a sample correlation q, whose density is
    # Hotelling's (1953); t near 51 at r = 0.75, n = 2000, near 121 at r = 0.99.
    design = pair_plan(r, n, 0.004)
    blocks = [
        simulate_block(design, task, stream_of(27, "test")(task))
        for task in design.tasks()
        if task[:2] == (NORMAL, n)
    ]
    slope, t = sampling_rows(design, blocks)
    for quantile, found, error in zip((0.025, 0.5, 0.975), t[6:9], t[10:13], strict=True):
        assert 0 < error < 0.1 * t[5]
        share = share_of_t_above(found, r, n)
        assert share == pytest.approx(
            1 - quantile, abs=4 * np.sqrt(quantile * (1 - quantile) / 15000)
        )
    # In samples that are not standardised a slope is normal given x, its median the truth.
    assert slope[7] == pytest.approx(r, abs=4 * slope[11] + 1e-3 * slope[5])
    assert slope[6] < slope[7] < slope[8]


def share_of_t_above(t, rho, n):
    limit = t / np.sqrt(n - 2 + t**2)
    centre = np.clip(np.array([-12, -4, 0, 4, 12]) / np.sqrt(n) + np.arctanh(rho), -9, 9)
    stops = [limit, *(stop for stop in np.tanh(centre) if stop > limit), 1.0]
    return sum(
        quad(lambda r: density_of_a_correlation(r, rho, n), a, b)[0] for a, b in pairwise(stops)
    )


def test_the_error_of_a_quantile_is_that_of_repeated_simulations():
    # sqrt(q (1 - q) / N) / density, for the standard normal (David and Nagaraja 2003, section 7.1).
    draws = random_stream(28, "test", "quantile").standard_normal(40_000)
    bins, counts = np.unique(np.floor(draws / 0.02), return_counts=True)
    found, errors = quantiles_of([dict(zip(bins, counts, strict=True))], 40_000, 0.02)
    for q, value, error in zip((0.025, 0.5, 0.975), found, errors, strict=True):
        expected = np.sqrt(q * (1 - q) / 40_000) / stats.norm.pdf(stats.norm.ppf(q))
        assert error == pytest.approx(expected, rel=0.25)
        assert value == pytest.approx(stats.norm.ppf(q), abs=4 * expected)


def test_replication_is_reported_for_every_population():
    lattice = response_lattice(1, 7, 4)
    tau = normal_thresholds(4, 1, lattice)
    R = table_4_matrix()
    latent = latent_correlations(R, [tau] * 5, [lattice] * 5)
    design = small_plan(likert=Likert(latent, [tau] * 5), error=0.01)
    blocks = simulate(design, stream_of(15, "test"))
    rows = replication_rows(design, blocks)
    assert {row[0] for row in rows} == {NORMAL, PREDICTIVE, LIKERT}
    assert max(row[4] for row in rows) <= 0.01  # one bound for every population
    normal = {row[2]: row[3] for row in rows if row[:2] == (NORMAL, 0.05)}
    likert = {row[2]: row[3] for row in rows if row[:2] == (LIKERT, 0.05)}
    for name, share in normal.items():
        assert likert[name] == pytest.approx(share, abs=0.03)
    # Power and errors of size are those of the same draws, and of scales as of normal scores.
    power = {(row[5], *row[1:3]): row[3:5] for row in power_rows(design, blocks) if row[0] == N}
    for population, level, name, probability, error, *_ in rows:
        if population != PREDICTIVE and name != AGAIN:
            assert power[population, level, name] == (probability, error)
    found = tables(design, blocks)
    assert set(found["power"].population[found["power"].n != N]) == {NORMAL}
    assert found["required"].n.notna().any()
    sizes = found["exaggeration"].set_index(["population", "level", "hypothesis"])
    for h in HYPOTHESES:
        normal, likert = (sizes.type_m[population, 0.05, h.name] for population in (NORMAL, LIKERT))
        assert likert == pytest.approx(normal, rel=0.03)
        assert likert > 1
    sampling = {row[:3]: row for row in sampling_rows(design, blocks)}
    _, _, _, _, mean, sd, low, median, high, error, *_ = sampling[NORMAL, "H4", "t"]
    draws = next(row[5] for row in rows if row[0] == NORMAL)
    assert error == pytest.approx(sd / np.sqrt(draws))
    assert (low, median, high) == pytest.approx((mean - 1.96 * sd, mean, mean + 1.96 * sd), abs=0.1)


def test_a_replication_is_asked_for_what_the_paper_supports():
    # Of four hypotheses the paper supports H1 alone: to find that again is to support H1.
    reported = [
        Hypothesis(h.name, h.term, h.model, h.sign, SUPPORTED if h.name == "H1" else NOT_SUPPORTED)
        for h in HYPOTHESES
    ]
    design = small_plan(hypotheses=reported, error=0.02)
    rows = replication_rows(design, simulate(design, stream_of(24, "test")))
    found = {row[:3]: row[3:] for row in rows}
    for population in (NORMAL, PREDICTIVE):
        again = found[population, 0.05, "all that the paper supports"]
        assert again == found[population, 0.05, "H1"]
        assert again[0] > found[population, 0.05, "all"][0]
    none = [Hypothesis(h.name, h.term, h.model, h.sign, NOT_SUPPORTED) for h in HYPOTHESES]
    design = small_plan(hypotheses=none, error=0.02)
    rows = replication_rows(design, simulate(design, stream_of(25, "test")))
    assert {row[2] for row in rows} == {"H1", "H2", "H3", "H4", "all"}


def test_hypotheses_of_several_models_are_judged_on_the_same_samples():
    # The four one-predictor equations: t of each alone, and all four at once.
    models = {f"{name}_alone": ([name], "readiness") for name in CONSTRUCTS[:4]}
    hypotheses = [
        Hypothesis(h.name, h.term, f"{h.term}_alone", h.sign, h.reported) for h in HYPOTHESES
    ]
    design = small_plan(models, hypotheses, error=0.006)
    rows = power_rows(design, simulate(design, stream_of(16, "test")))
    power = {row[2]: row[3] for row in rows if row[:2] == (N, 0.05)}
    for (i, name), h in zip(enumerate(CONSTRUCTS[:4]), hypotheses, strict=True):
        r = table_4_matrix()[i, 4]
        t = abs(r) * np.sqrt(298 / (1 - r**2))
        expected = stats.nct.sf(critical_t(0.05, 298), 298, t)
        assert power[h.name] == pytest.approx(expected, abs=0.02), name
    assert power["all"] <= min(power[h.name] for h in hypotheses)
    # Two regressions at once give what each gives by itself on the same stream.
    R = table_4_matrix()
    designs = ((0, 1, 2, 3, 4), (3, 0, 4))
    b, t = draw_regressions(R, 60, 50, random_stream(17, "test", "designs"), designs)
    own = draw_regressions(R, 60, 50, random_stream(17, "test", "designs"))
    np.testing.assert_allclose(b[:4], own[0], rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(t[:4], own[1], rtol=1e-8, atol=1e-12)
    assert b.shape == t.shape == (6, 50)
