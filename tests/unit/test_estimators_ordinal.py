"""Regression of ordered categories: against R's MASS, statsmodels, and algebra."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrace.estimators.ordinal import LOGIT, PROBIT, ordered_regression
from retrace.provenance.streams import random_stream

LINKS = pytest.mark.parametrize("link", [LOGIT, PROBIT], ids=["logit", "probit"])


def responses(seed=1, n=250, steps=1.2):
    """Two predictors and a response on whole numbers from 1 to 7."""
    rng = random_stream(seed, "tests", "ordinal")
    latent = rng.standard_normal((n, 3)) @ np.array([[1, 0.5, 0.3], [0, 0.9, 0.2], [0, 0, 0.9]])
    data = np.clip(np.rint(latent * steps + 4), 1, 7)
    return data[:, 2], data[:, :2]


# Housing conditions in Copenhagen (Madsen 1976), frequencies of the table `housing` of MASS:
# satisfaction (3) within influence (3) within type (4) within contact (2).
HOUSING = (
    "21 21 28 34 22 36 10 11 36 61 23 17 43 35 40 26 18 54 13 9 10 8 8 12 6 7 9 18 6 7 15 13 13 7 5"
    " 11 14 19 37 17 23 40 3 5 23 78 46 43 48 45 86 15 25 62 20 23 20 10 22 24 7 10 21 57 23 13 31"
    " 21 13 5 6 13"
)
# R 4.2.2, MASS 7.3-58.2: polr(Sat ~ Infl + Type + Cont, weights = Freq, data = housing, method),
# coefficients with standard errors, thresholds, log likelihood.
POLR = {
    "logit": (
        (0.56639374, 1.28881906, -0.57235015, -0.36618657, -1.09101491, 0.36028415),
        (0.10465279, 0.12715615, 0.11923801, 0.15517334, 0.15148603, 0.09553580),
        (-0.49613534, 0.69070829),
        -1739.57464953,
    ),
    "probit": (
        (0.34642272, 0.78291419, -0.34753680, -0.21788761, -0.66417359, 0.22238582),
        (0.06413706, 0.07642620, 0.07229092, 0.09476606, 0.09180003, 0.05812267),
        (-0.29982858, 0.42672201),
        -1739.84442128,
    ),
}


@LINKS
def test_the_housing_of_copenhagen_has_the_estimates_of_mass(link):
    contact, kind, influence, satisfaction = np.indices((2, 4, 3, 3)).reshape(4, -1)
    often = np.array(HOUSING.split(), dtype=int)
    X = np.column_stack(
        [influence == 1, influence == 2, kind == 1, kind == 2, kind == 3, contact == 1]
    )
    found = ordered_regression(satisfaction.repeat(often), X.repeat(often, axis=0), link)
    coefficients, errors, thresholds, log_likelihood = POLR[link.name]
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=1e-7)
    # polr's optimiser stops at a relative change of the likelihood of 1e-8.
    assert np.allclose(found.coefficients, coefficients, atol=1e-4)
    assert np.allclose(found.thresholds, thresholds, atol=1e-4)
    assert np.allclose(found.standard_errors, errors, rtol=1e-4)


# Its optimiser reports that it could not meet a tolerance that it has met but for a last digit.
@pytest.mark.filterwarnings("ignore:Maximum Likelihood optimization failed")
@LINKS
@pytest.mark.parametrize("steps", [0.4, 1.2, 3.0])
def test_estimates_errors_and_p_are_those_of_statsmodels(link, steps):
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    y, X = responses(steps=steps)
    found = ordered_regression(y, X, link)
    model = OrderedModel(y, X, distr=link.name)
    other = model.fit(method="bfgs", maxiter=1000, gtol=1e-9, disp=0)
    assert np.allclose(found.coefficients, other.params[:2], atol=1e-5)
    assert np.allclose(found.standard_errors, other.bse[:2], rtol=1e-5)
    assert np.allclose(found.p, other.pvalues[:2], rtol=1e-3)
    thresholds = model.transform_threshold_params(other.params)[1:-1]
    assert np.allclose(found.thresholds, thresholds, atol=1e-5)
    assert found.log_likelihood == pytest.approx(other.llf, abs=1e-9)


@LINKS
def test_two_categories_are_binary_regression(link):
    import statsmodels.api as sm

    y, X = responses()
    binary = {"logit": sm.Logit, "probit": sm.Probit}[link.name]
    other = binary(y > 4, sm.add_constant(X)).fit(disp=0)
    found = ordered_regression(y > 4, X, link)
    assert np.allclose(found.coefficients, other.params[1:], atol=1e-6)
    assert found.thresholds == pytest.approx(-other.params[0], abs=1e-6)
    # statsmodels' probit has its errors from the observed information too.
    assert np.allclose(found.standard_errors, other.bse[1:], rtol=1e-5)


@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(0, 1000),
    link=st.sampled_from([LOGIT, PROBIT]),
    steps=st.lists(st.floats(0.1, 5), min_size=7, max_size=7),
    shift=st.floats(-100, 100),
    stretch=st.floats(0.01, 100),
)
def test_only_the_order_of_categories_counts_and_units_of_predictors_only_rescale(
    seed, link, steps, shift, stretch
):
    y, X = responses(seed, n=120)
    found = ordered_regression(y, X, link)
    recoded = ordered_regression(np.cumsum(steps)[y.astype(int) - 1], X, link)
    assert np.allclose(recoded.coefficients, found.coefficients, atol=1e-10)
    moved = ordered_regression(y, X * [stretch, 1] + shift, link)
    assert np.allclose(moved.coefficients * [stretch, 1], found.coefficients, atol=1e-7)
    assert np.allclose(moved.p, found.p, atol=1e-7)
    # Both distributions are symmetric: the scale read backwards turns the signs.
    turned = ordered_regression(-y, X, link)
    assert np.allclose(turned.coefficients, -found.coefficients, atol=1e-7)
    assert np.allclose(turned.standard_errors, found.standard_errors, atol=1e-7)
    assert np.allclose(turned.thresholds, -found.thresholds[::-1], atol=1e-7)


def quasi_separated():
    """y is 0 below a point and 1 above it, and both at the point itself."""
    x = np.linspace(0, 1, 40)
    x[19] = x[20]
    return np.repeat([0.0, 1.0], 20), x[:, None]


@LINKS
def test_separated_categories_have_no_estimate(link):
    # Albert and Anderson (1984): complete separation, and quasi-complete.
    y = np.repeat([0.0, 1.0], 20)
    with pytest.raises(ArithmeticError, match="no maximum"):
        ordered_regression(y, y[:, None] * 3 + 1, link)
    with pytest.raises(ArithmeticError, match="no maximum"):
        ordered_regression(*quasi_separated(), link)


CHILD = """
from test_estimators_ordinal import LOGIT, PROBIT, ordered_regression, quasi_separated
for link in (LOGIT, PROBIT):
    try:
        print(ordered_regression(*quasi_separated(), link))
    except ArithmeticError as error:
        print(error)
"""


@pytest.mark.parametrize("kernel", ["Haswell", "Sandybridge", "Prescott", "SkylakeX", ""])
def test_separation_is_found_whatever_instructions_sums_are_done_with(kernel):
    # Which step of Newton's method meets a singular matrix depends on last bits.
    folders = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "workflow")]
    own = {name: value for name, value in os.environ.items() if "OPENBLAS" not in name}
    own.pop("NPY_DISABLE_CPU_FEATURES", None)
    child = subprocess.run(
        [sys.executable, "-c", CHILD],
        env=own
        | {"PYTHONPATH": os.pathsep.join(folders)}
        | ({"OPENBLAS_CORETYPE": kernel, "OPENBLAS_NUM_THREADS": "1"} if kernel else {}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert child.stdout.splitlines() == [
        f"ordered {name}: the likelihood has no maximum" for name in ("logit", "probit")
    ]


def is_separated(y, X) -> bool:
    """By enumeration, for two predictors: does a direction order them as the categories are?

    Directions with x'd of every response at most that of every response of the next category are a
    cone. If it is more than the origin, one of them is orthogonal to a difference of two such.
    """
    categories = np.unique(y)
    differences = np.concatenate(
        [
            (X[y == above][:, None] - X[y == below][None]).reshape(-1, 2)
            for below, above in pairwise(categories)
        ]
    )
    across = np.column_stack([-differences[:, 1], differences[:, 0]])
    ways = np.concatenate([across, -across, differences])
    ways = ways[(ways != 0).any(axis=1)]
    return bool((differences @ ways.T >= 0).all(axis=0).any())


@settings(deadline=None, max_examples=150)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 3)), min_size=5, max_size=14
    ),
    link=st.sampled_from([LOGIT, PROBIT]),
)
def test_two_predictors_have_an_estimate_unless_they_separate(rows, link):
    data = np.array(rows, dtype=float)
    y, X = data[:, 0], data[:, 1:]
    if len(np.unique(y)) < 2 or np.linalg.matrix_rank(X - X.mean(axis=0)) < 2:
        with pytest.raises(ArithmeticError, match=r"alike|determine each other"):
            ordered_regression(y, X, link)
    elif is_separated(y, X):
        with pytest.raises(ArithmeticError, match="no maximum"):
            ordered_regression(y, X, link)
    else:
        found = ordered_regression(y, X, link)
        assert np.isfinite([*found.coefficients, *found.standard_errors]).all()
        assert (found.standard_errors < 1e3).all()


@LINKS
@pytest.mark.parametrize("categories", [3, 5])
def test_many_categories_that_one_predictor_orders_have_no_estimate(link, categories):
    y = np.repeat(np.arange(categories), 8)
    other = random_stream(4, "tests", "ordinal").standard_normal(len(y))
    for x in (y + 0.0, -y + 0.0, np.maximum(y - 1.0, y // 2)):
        with pytest.raises(ArithmeticError, match="no maximum"):
            ordered_regression(y, np.column_stack([other, x]), link)


@LINKS
def test_separation_at_one_threshold_only_leaves_an_estimate(link):
    # The slope is common to all thresholds (McCullagh 1980): the others hold it.
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    stream = random_stream(5, "tests", "ordinal")
    y = np.repeat([0, 1, 2], 20)
    x = np.where(y == 0, 0.0, 3.0) + stream.uniform(0, 2, size=60)
    found = ordered_regression(y, x[:, None], link)
    other = OrderedModel(y, x[:, None], distr=link.name)
    fitted = other.fit(method="bfgs", maxiter=1000, gtol=1e-9, disp=0)
    assert found.coefficients == pytest.approx(fitted.params[:1], abs=1e-4)
    assert found.standard_errors == pytest.approx(fitted.bse[:1], rel=1e-3)


@LINKS
def test_predictors_without_a_slope_of_their_own_and_one_category_have_no_estimate(link):
    y, X = responses()
    for columns in ([X, np.full(len(y), 0.1)], [X, X[:, 0]], [X, X.sum(axis=1) / 3 + 1]):
        with pytest.raises(ArithmeticError, match="constant, or predictors determine each other"):
            ordered_regression(y, np.column_stack(columns), link)
    with pytest.raises(ArithmeticError, match="all responses are alike"):
        ordered_regression(np.full(len(y), 3.0), X, link)


@LINKS
def test_a_response_far_in_the_tail_keeps_its_digits(link):
    # Read backwards it is in the other tail: 1 - F(x) would have none left beyond 8 SDs.
    y, X = responses()
    X[np.argmin(y), 0] = 60.0
    found, turned = (ordered_regression(sign * y, X, link) for sign in (1, -1))
    assert np.allclose(turned.coefficients, -found.coefficients, rtol=1e-6)
    assert turned.log_likelihood == pytest.approx(found.log_likelihood, rel=1e-12)
