"""Printed tests against each other, and stars against legends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judged_tables import judge_stars, relations_of
from regression_examples import TABLE_4, N, magni_model, printed_model

from retrace.checks.regression.relations import (
    adjusted_from_r2,
    coefficient_from_limits,
    f_from_r2,
    limit_from_coefficient,
    p_from_f,
    p_from_r,
    p_from_t,
    se_from_limits,
    t_from_coefficient,
    tolerance_from_vif,
)
from retrace.checks.regression.stars import (
    Legend,
    StarredTable,
    candidate_legends,
    correlation_cells,
    row_cells,
    starred_tables,
    verdict_on_stars,
)
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import CONTRADICTED, REPRODUCED, WITHIN_ROUNDING


def P(text):  # noqa: N802 - a printed number, as short as in a table
    return Printed.parse(text)


def test_quantiles_of_student_t_as_tables_print_them():
    # Fisher and Yates' table: t(10) = 2.228 and t(4) = 2.776 leave 5 % two-sided; t(10) = 1.812
    # leaves 5 % one-sided.
    assert p_from_t(P("2.228"), 10)[0] == pytest.approx(0.05, abs=5e-5)
    assert p_from_t(P("-2.776"), 4)[0] == pytest.approx(0.05, abs=5e-5)
    assert p_from_t(P("1.812"), 10, sides=1)[0] == pytest.approx(0.05, abs=5e-5)
    assert p_from_t(P("0.00"), 10)[2] == 1.0


def test_critical_correlations_as_tables_print_them():
    # Tables of the correlation coefficient: |r| = 0.632 at n = 10 and 0.195 at n = 102 (df 100).
    assert p_from_r(P("0.632"), 10)[0] == pytest.approx(0.05, abs=2e-4)
    assert p_from_r(P("-0.195"), 102)[0] == pytest.approx(0.05, abs=5e-4)
    assert p_from_r(P("1.00"), 10)[0] == 0.0


def test_coefficient_error_and_limits_by_hand():
    assert t_from_coefficient(P("0.50"), P("0.20")) == pytest.approx(
        (2.5, 0.495 / 0.205, 0.505 / 0.195)
    )
    # t(20) = 2.086: limits 1.00 -+ 2.086 * 0.50.
    assert limit_from_coefficient(P("1.00"), P("0.50"), 20, upper=False)[0] == pytest.approx(
        -0.043, abs=5e-4
    )
    assert limit_from_coefficient(P("1.00"), P("0.50"), 20, upper=True)[0] == pytest.approx(
        2.043, abs=5e-4
    )
    assert se_from_limits(P("-0.043"), P("2.043"), 20)[0] == pytest.approx(0.50, abs=5e-4)
    assert coefficient_from_limits(P("-0.04"), P("2.04")) == pytest.approx((1.0, 0.995, 1.005))


def two_sided(t, df):
    """As statistical tables have it, by SciPy's survival function."""
    from scipy import stats

    return 2 * stats.t.sf(t, df)


def test_p_of_a_correlation_ends_where_its_interval_does():
    # t = r sqrt(8 / (1 - r^2)), which the values next to 0 and 1 make 0 and infinite.
    for text, ends in {
        "-0.5": (0.55, 0.45),
        "0.0": (0.05, 0.0),
        "1.00": (1.0, 0.995),
        "0.4": (0.45, 0.35),
    }.items():
        expected = [0.0 if r == 1 else two_sided(r * np.sqrt(8 / (1 - r**2)), 8) for r in ends]
        assert p_from_r(P(text), 10)[1:] == pytest.approx(expected)
    assert p_from_r(P("0.4"), 10, sides=1)[0] == pytest.approx(p_from_r(P("0.4"), 10)[0] / 2)


def test_p_of_t_ends_where_its_interval_does():
    assert p_from_t(P("-2.0"), 10)[1:] == pytest.approx((two_sided(2.05, 10), two_sided(1.95, 10)))
    assert p_from_t(P("0.5"), 10)[2] == pytest.approx(two_sided(0.45, 10))


def test_limits_and_errors_end_where_their_intervals_do():
    # t(20) = 2.085963 (Fisher and Yates: 2.086).
    reach = 2.0859634
    lower = limit_from_coefficient(P("1.0"), P("0.5"), 20, upper=False)
    upper = limit_from_coefficient(P("1.0"), P("0.5"), 20, upper=True)
    assert lower[1:] == pytest.approx((0.95 - 0.55 * reach, 1.05 - 0.45 * reach))
    assert upper[1:] == pytest.approx((0.95 + 0.45 * reach, 1.05 + 0.55 * reach))
    # An error that prints as 0 is at least that.
    at_zero = limit_from_coefficient(P("1.0"), P("0.0"), 20, upper=True)
    assert at_zero[1:] == pytest.approx((0.95, 1.05 + 0.05 * reach))
    found = se_from_limits(P("1.0"), P("3.0"), 20)
    assert found == pytest.approx(tuple(w / (2 * reach) for w in (2.0, 1.9, 2.1)))
    assert se_from_limits(P("1.0"), P("1.0"), 20)[1:] == pytest.approx((0.0, 0.05 / reach))


def test_whole_model_statistics_end_where_their_intervals_do():
    # n = 23 and k = 2: F = 10 R2 / (1 - R2), adjusted R2 = 1 - 1.1 (1 - R2).
    assert f_from_r2(P("0.5"), 23, 2)[1:] == pytest.approx((4.5 / 0.55, 5.5 / 0.45))
    assert f_from_r2(P("0.0"), 23, 2) == pytest.approx((0.0, 0.0, 0.5 / 0.95))
    assert f_from_r2(P("1.0"), 23, 2) == pytest.approx((np.inf, 9.5 / 0.05, np.inf))
    assert adjusted_from_r2(P("0.5"), 23, 2)[1:] == pytest.approx((1 - 1.1 * 0.55, 1 - 1.1 * 0.45))
    # p = (1 + F / 10)^-10, at most 1.
    assert p_from_f(P("10.0"), 23, 2)[1:] == pytest.approx((2.005**-10, 1.995**-10))
    assert p_from_f(P("0.0"), 23, 2)[1:] == pytest.approx((1.005**-10, 1.0))
    assert tolerance_from_vif(P("1.3"))[1:] == pytest.approx((1 / 1.35, 1 / 1.25))
    assert tolerance_from_vif(P("1.0"))[1:] == pytest.approx((1 / 1.05, 1.0))
    assert np.isnan(tolerance_from_vif(P("0.9"))).all()


def test_a_standard_error_that_prints_as_zero_leaves_t_without_limit():
    # |b| is at least 0.0015 and the error at most 0.0005: |t| is 3 or more, on the side of b.
    zero = Printed.parse("0.000")
    assert t_from_coefficient(Printed.parse("-0.002"), zero)[1:] == pytest.approx((-np.inf, -3.0))
    assert t_from_coefficient(Printed.parse("0.002"), zero)[1:] == pytest.approx((3.0, np.inf))
    assert t_from_coefficient(Printed.parse("0.000"), zero)[1:] == (-np.inf, np.inf)


def test_whole_model_statistics_by_hand():
    # R2 = 0.5, n = 23, k = 2: F = 0.25 / (0.5 / 20) = 10, adjusted R2 = 1 - 0.5 * 22 / 20 = 0.45.
    assert f_from_r2(P("0.50"), 23, 2)[0] == pytest.approx(10)
    assert adjusted_from_r2(P("0.50"), 23, 2)[0] == pytest.approx(0.45)
    # With 2 numerator degrees of freedom, p = (1 + 2 F / df)^(-df / 2): (1 + 1)^-10.
    assert p_from_f(P("10.0"), 23, 2)[0] == pytest.approx(2.0**-10)
    assert tolerance_from_vif(P("1.25"))[0] == pytest.approx(0.8)


def test_the_printed_t_and_p_of_table_5_fit_two_sided_only():
    frame = relations_of(magni_model()).set_index(["term", "reading"])["verdict"]
    two = frame.xs("two-sided", level="reading")
    one = frame.xs("one-sided", level="reading")
    assert (two != CONTRADICTED).all()
    assert (one == CONTRADICTED).all()


def test_one_number_alone_implies_nothing():
    for name in ("r2", "adjusted_r2", "f", "f_p"):
        cells = {("y", "x"): P("0.1")}
        model = printed_model("m", "y", ["x"], 50, cells, {}, {name: P("0.1")})
        assert relations_of(model).empty
    for name in ("b", "beta", "se", "t", "p", "ci_low", "ci_high", "vif", "tolerance"):
        model = printed_model("m", "y", ["x"], 50, cells, {"x": {name: P("0.1")}})
        assert relations_of(model).empty
    # Nor do a coefficient or an error, and one of two limits.
    for one in ("b", "beta", "se"):
        for other in ("ci_low", "ci_high"):
            row = {one: P("0.1"), other: P("0.1")}
            assert relations_of(printed_model("m", "y", ["x"], 50, cells, {"x": row})).empty


def test_every_relation_of_a_row_has_its_numbers():
    # t(48) = 2.010635: limits 1.00 -+ 2.0106 * 0.40 = 0.196 and 1.804; t = 2.5 has p = .0159.
    row = {"b": "1.00", "se": "0.40", "t": "2.50", "p": "0.016", "vif": "1.25", "tolerance": "0.80"}
    row |= {"ci_low": "0.196", "ci_high": "1.804"}
    reported = {"x": {name: P(text) for name, text in row.items()}}
    model = printed_model("m", "y", ["x"], 50, {("y", "x"): P("0.1")}, reported)
    frame = relations_of(model)
    assert frame[["statistic", "relation", "reading"]].to_numpy().tolist() == [
        ["p", "p from t", "two-sided"],
        ["p", "p from t", "one-sided"],
        ["t", "t from coefficient and SE", ""],
        ["ci_low", "confidence limit from coefficient and SE", ""],
        ["ci_high", "confidence limit from coefficient and SE", ""],
        ["se", "SE from confidence limits", ""],
        ["b", "coefficient from confidence limits", ""],
        ["tolerance", "tolerance from VIF", ""],
    ]
    assert frame.verdict.tolist() == [REPRODUCED, CONTRADICTED] + 6 * [REPRODUCED]


def test_a_t_that_does_not_go_with_its_p_is_found():
    frame = relations_of(magni_model({("risk", "p"): "0.110"}))
    found = frame[(frame.reading == "two-sided") & (frame.verdict == CONTRADICTED)]
    assert found.term.tolist() == ["risk"]


@settings(max_examples=60, deadline=None)
@given(
    b=st.floats(-2, 2),
    se=st.floats(0.05, 1),
    n=st.integers(10, 2000),
    decimals=st.integers(2, 4),
)
def test_numbers_rounded_from_one_regression_never_contradict_each_other(b, se, n, decimals):
    from scipy import stats

    df = n - 2
    t, reach = b / se, stats.t.ppf(0.975, df) * se
    row = {
        "b": b,
        "se": se,
        "t": t,
        "p": 2 * stats.t.sf(abs(t), df),
        "ci_low": b - reach,
        "ci_high": b + reach,
    }
    cells = {name: P(f"{value:.{decimals}f}") for name, value in row.items()}
    model = printed_model("m", "y", ["x"], n, {("y", "x"): P("0.1")}, {"x": cells})
    frame = relations_of(model)
    checked = frame[frame.reading != "one-sided"]
    assert len(checked) == 6
    assert (checked.verdict != CONTRADICTED).all()


def test_the_legend_that_fits_table_4_is_not_the_printed_one():
    # p values by hand from r and n = 300: 0.433 < .001, 0.139 .016, 0.115 .047, 0.114 .048,
    # 0.108 .062, 0.098 .090. Stars printed: ** on the first, * on the next three, none after:
    # that is 1 % and 5 %, while the printed legend says 5 % and 10 %.
    cells = correlation_cells([(*pair, P(text)) for pair, text in TABLE_4.items()], N)
    stars, legends = judge_stars(cells, {"**": 0.05, "*": 0.10})
    own, best = legends[legends.printed].iloc[0], legends[legends.best].iloc[0]
    assert own.contradicted == 5
    assert (best.legend, best.sides, best.contradicted) == ("** 0.01, * 0.05", 2, 0)
    verdicts = stars.set_index(["row", "column"])["verdict"]
    assert verdicts["risk", "customer"] == REPRODUCED
    assert verdicts["readiness", "customer"] == CONTRADICTED
    assert stars.set_index(["row", "column"]).demanded["risk", "economic"] == "**"
    assert (stars.best_verdict == REPRODUCED).all()


def test_the_stars_of_table_5_follow_its_printed_legend():
    # 0.050** may be just below 5 %: within rounding, reproduced at face value (0.050 <= 0.05).
    stars, legends = judge_stars(row_cells(magni_model()), {"**": 0.05, "*": 0.10})
    assert (stars.verdict == REPRODUCED).all()
    assert stars.set_index("row").demanded["economic"] == "** or *"
    assert legends[legends.best].printed.tolist() == [True]


def test_a_p_printed_as_above_a_level_demands_no_mark_of_it():
    marks = {("customer", "p"): "0.015**", ("market", "p"): ">0.10", ("economic", "p"): ">0.10*"}
    marks |= {("risk", "p"): "<0.05**"}
    cells = {cell.row: cell for cell in row_cells(magni_model(marks))}
    legend = Legend.of({"**": 0.05, "*": 0.10})
    verdicts = {term: verdict_on_stars(cell, legend) for term, cell in cells.items()}
    assert verdicts == {
        "customer": REPRODUCED,
        "market": REPRODUCED,
        "economic": CONTRADICTED,
        "risk": REPRODUCED,
    }


def test_stars_that_rounding_leaves_open_are_within_rounding():
    # r = 0.113 at n = 300: p = 0.0505 at face value, but 0.1135 gives 0.0495.
    cells = correlation_cells([("b", "a", P("0.113**"))], 300)
    stars, _ = judge_stars(cells, {"**": 0.05, "*": 0.10})
    assert stars.verdict.tolist() == [WITHIN_ROUNDING]
    assert Legend.of({"*": 0.05}, sides=1).mark(0.08) == "*"


def test_a_table_without_stars_is_not_blamed_for_having_none():
    bare = {(term, "p"): text for term, text in (("customer", "0.015"), ("market", "0.052"))}
    bare |= {("economic", "p"): "0.050", ("risk", "p"): "0.011"}
    assert row_cells(magni_model(bare)) == []
    cells = correlation_cells([("b", "a", P("0.30"))], 100)
    assert starred_tables([StarredTable(None, cells, {"*": 0.05})]) == []
    # With stars, and no legend, there is nothing to hold them against.
    cells = correlation_cells([("b", "a", P("0.30*"))], 100)
    assert starred_tables([StarredTable(None, cells, {})]) == []


def test_stars_are_found_on_whichever_cell_of_a_row_carries_them():
    rows = {"x": {"b": P("0.50*"), "t": P("2.10")}, "z": {"b": P("0.10"), "t": P("0.50")}}
    cells = {("y", "x"): P("0.2"), ("y", "z"): P("0.1"), ("z", "x"): P("0.1")}
    model = printed_model("m", "y", ["x", "z"], 103, cells, rows)
    stars, _ = judge_stars(row_cells(model), {"*": 0.05})
    assert stars.column.tolist() == ["b", "t"]
    assert stars.verdict.tolist() == [REPRODUCED, REPRODUCED]
    # t(100) = 2.10: p = 0.0383 (two-sided).
    assert stars.p[0] == pytest.approx(0.0383, abs=1e-4)


@pytest.mark.parametrize("lax", ["†", "+"])
def test_a_dagger_is_laxer_than_a_star_whatever_its_length(lax):
    # The field's order: dagger or plus, one star, two stars, three.
    printed = {"**": 0.01, "*": 0.05, lax: 0.10}
    for legend in candidate_legends(printed):
        assert [mark for mark, _ in legend.levels] == ["**", "*", lax]
    assert len(candidate_legends(printed)) == 2 * 4  # sides, and three of four levels


def test_letters_keep_the_order_of_their_legend():
    strict_first = candidate_legends({"a": 0.01, "b": 0.05, "c": 0.10})
    strict_last = candidate_legends({"a": 0.10, "b": 0.05, "c": 0.01})
    assert {legend.levels[0][0] for legend in strict_first} == {"a"}
    assert {legend.levels[0][0] for legend in strict_last} == {"c"}


# Two-sided p of a correlation at n = 102 (df 100), by R's cor.test formula 2 pt(-t, 100):
# 0.164 .0995, 0.195 .0496, 0.254 .0100, 0.321 .0010; 0.10 .317, 0.18 .070, 0.22 .026, 0.29 .0031,
# 0.40 < .0001.
BY_LEVEL = {"0.10": "", "0.18": "†", "0.22": "*", "0.29": "**", "0.40": "***"}


@pytest.mark.parametrize(
    ("printed", "best", "sides"),
    [
        # The stars are those of this very legend.
        ({"***": 0.001, "**": 0.01, "*": 0.05, "†": 0.10}, None, 2),
        # Three marks under a legend that names other levels than the stars have.
        ({"***": 0.01, "**": 0.05, "*": 0.10}, "*** 0.001, ** 0.01, * 0.05", 2),
    ],
)
def test_legends_of_three_and_four_levels_are_recovered(printed, best, sides):
    marks = {text: mark if mark in printed else "" for text, mark in BY_LEVEL.items()}
    cells = correlation_cells([("b", "a", P(text + mark)) for text, mark in marks.items()], 102)
    stars, legends = judge_stars(cells, printed)
    found = legends[legends.best].iloc[0]
    assert found.legend == (best or str(Legend.of(printed)))
    assert (found.sides, found.contradicted) == (sides, 0)
    assert (stars.best_verdict == REPRODUCED).all()


def test_stars_of_one_sided_tests_are_recovered():
    # One-sided p is half: 0.18 .035, 0.14 .080, 0.24 .0076, 0.05 .309.
    marks = {"0.05": "", "0.14": "†", "0.18": "*", "0.24": "**"}
    cells = correlation_cells([("b", "a", P(text + mark)) for text, mark in marks.items()], 102)
    _, legends = judge_stars(cells, {"**": 0.01, "*": 0.05, "†": 0.10})
    found = legends[legends.best].iloc[0]
    assert (found.legend, found.sides, found.contradicted) == ("** 0.01, * 0.05, † 0.1", 1, 0)


def test_letters_stand_for_stars():
    cells = correlation_cells([("b", "a", P("0.29a")), ("c", "a", P("0.22b"))], 102)
    stars, _ = judge_stars(cells, {"a": 0.01, "b": 0.05})
    assert stars.verdict.tolist() == [REPRODUCED, REPRODUCED]


def test_p_of_a_row_ends_where_it_can():
    for text, ends in {
        "0.05*": (0.05, 0.045, 0.055),
        "0.00*": (0.0, 0.0, 0.005),
        "1.00*": (1.0, 0.995, 1.0),
        ">0.10*": (0.1, 0.1, 1.0),
        "<0.05*": (0.05, 0.0, 0.05),
    }.items():
        (cell,) = [c for c in row_cells(magni_model({("risk", "p"): text})) if c.row == "risk"]
        assert (cell.p, cell.p_low, cell.p_high) == pytest.approx(ends)


def test_marks_between_two_p_are_those_of_the_levels_between():
    legend = Legend.of({"*": 0.05, "**": 0.01})
    assert legend.marks(0.02, 0.03) == ["*"]
    assert legend.marks(0.009, 0.06) == ["**", "*", ""]
    assert legend.marks(0.04, 0.06) == ["*", ""]
    # One-sided, half of p counts.
    one_sided = Legend.of({"*": 0.05, "**": 0.01}, sides=1)
    assert one_sided.marks(0.019, 0.021) == ["**", "*"]
    assert one_sided.marks(0.09, 0.11) == ["*", ""]
    assert one_sided.marks(0.03, 0.09) == ["*"]
    assert str(legend) == "** 0.01, * 0.05"


def test_legends_that_are_tried_are_of_the_usual_levels_each_once():
    levels = (0.10, 0.05, 0.01, 0.001)
    found = candidate_legends({"*": 0.05})
    assert [(legend.levels[0][1], legend.sides) for legend in found] == [
        (level, sides) for sides in (2, 1) for level in levels
    ]
    # The field's order, and the printed one where it differs.
    turned = candidate_legends({"*": 0.01, "**": 0.05})
    assert {tuple(mark for mark, _ in legend.levels) for legend in turned} == {
        ("**", "*"),
        ("*", "**"),
    }
    assert len(turned) == 2 * 2 * 6
    cells = correlation_cells([("b", "a", P("0.30**"))], 102)
    _, legends = judge_stars(cells, {"**": 0.01, "*": 0.05})
    assert len(legends) == 12  # the printed one is one of two times six
    assert legends.printed.sum() == 1
