"""Numbers that textbooks and articles print of published models."""

from __future__ import annotations

import pytest
from sem_reference import published_cases

from retrace.sem import Fit, fit


def fitted(name: str) -> Fit:
    case = published_cases()[name]
    return fit(
        case.model, case.matrix, case.n, case.names, std_lv=case.std_lv, rescale=case.rescale
    )


def test_stability_of_alienation_has_the_published_chi_square():
    # Wheaton, Muthén, Alwin and Summers (1977): 4.735 with 4 degrees of freedom, n = 932.
    measures = fitted("wheaton").measures
    assert measures.chi2 == pytest.approx(4.735, abs=5e-4)
    assert measures.df == 4


def test_three_abilities_have_the_published_fit():
    # Rosseel (2012), Journal of Statistical Software 48(2), section 3: chi-square 85.306, 24 df,
    # CFI 0.931, TLI 0.896, RMSEA 0.092 (0.071 to 0.114), SRMR 0.065, AIC 7517.490, BIC 7595.339.
    m = fitted("holzinger_swineford").measures
    printed = {
        **{"chi2": 85.306, "df": 24, "cfi": 0.931, "tli": 0.896, "rmsea": 0.092},
        **{"rmsea_low": 0.071, "rmsea_high": 0.114, "srmr": 0.065, "aic": 7517.490},
        "bic": 7595.339,
    }
    for name, value in printed.items():
        assert getattr(m, name) == pytest.approx(value, abs=5e-4 + 1e-9), name


def test_political_democracy_has_the_published_estimates():
    # Rosseel (2012), section 4: chi-square 38.125 with 35 degrees of freedom; dem65 on ind60 0.572
    # (SE 0.221), on dem60 0.837 (SE 0.098).
    solution = fitted("political_democracy")
    assert solution.measures.chi2 == pytest.approx(38.125, abs=5e-4)
    assert solution.measures.df == 35
    for name, est, se in (("dem65 ~ ind60", 0.572, 0.221), ("dem65 ~ dem60", 0.837, 0.098)):
        assert solution[name].est == pytest.approx(est, abs=5e-4)
        assert solution[name].se == pytest.approx(se, abs=5e-4)


def test_a_saturated_second_order_factor_leaves_the_fit_as_it_is():
    # Algebra: three loadings and disturbances for three covariances.
    first, second = fitted("holzinger_swineford"), fitted("second_order")
    assert second.measures.chi2 == pytest.approx(first.measures.chi2, abs=1e-8)
    assert second.measures.df == first.measures.df
    # Each factor's loading on the second: sqrt(r12 r13 / r23) of the factors' correlations.
    r12, r13, r23 = (
        first[f"{a} ~~ {b}"].std
        for a, b in (("visual", "textual"), ("visual", "speed"), ("textual", "speed"))
    )
    assert second["g =~ visual"].std == pytest.approx((r12 * r13 / r23) ** 0.5, abs=1e-6)
