"""Papers that are right by a convention and a form of print, and what a misprint makes of them."""

import numpy as np
import pytest
from honest_forms import write
from honest_papers import make
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_tables import find, rows_of, write_study, wrong
from statsmodels.stats.multitest import multipletests

from retrace.checks.regression.corrections import (
    BONFERRONI,
    CORRECTIONS,
    FALSE_DISCOVERY,
    HOLM,
    corrected,
    corrected_ends,
)
from retrace.checks.shared.record import Record
from retrace.papers import read_paper
from retrace.printed.verdicts import CONTRADICTED, NOT_CHECKABLE, REPRODUCED

NAMES = {"support": "Support", "climate": "Climate", "age": "Age", "y": "Commitment"}


def study(folder, tables, n=212, entry=None, correlations=None):
    """The checked rows of a study with a table of regressions, of correlations, or both."""
    keys = {}
    if "t.csv" in tables:
        keys["regressions"] = {"t": {"file": "t.csv", "outcome": "y", **(entry or {})}}
    if "c.csv" in tables:
        keys["correlations"] = {"file": "c.csv", **(correlations or {})}
    write_study(folder, n, NAMES, tables, **keys)
    return rows_of(folder)


@settings(max_examples=40)
@given(st.integers(0, 2**31))
def test_nothing_in_an_honest_paper_is_called_wrong(tmp_path_factory, seed):
    folder = tmp_path_factory.mktemp("honest") / "paper"
    form = write(folder, make(seed))
    rows = rows_of(folder)
    assert [row for row in rows if row.verdict in ("contradicted", "impossible")] == [], form


def test_one_df_of_all_models_may_be_the_total_one_of_fewer_observations(tmp_path):
    """A seed of 40 of 42 people whose total df is the residual one of all 42 in the second step."""
    write(tmp_path / "paper", make(21783704))
    rows = [row for row in rows_of(tmp_path / "paper") if row.statistic == "df"]
    assert [row.verdict for row in rows if row.column == "t_3"] == ["not checkable"]


@pytest.mark.long
def test_the_conventions_of_honest_papers_are_needed(tmp_path):
    """What the test above would not show: that its papers contradict the usual reading."""
    found = set()
    for seed in range(40):
        folder = tmp_path / f"paper{seed}"
        write(folder, make(seed))
        found.update(Record("p", read_paper(folder).study).by_convention.conventions.values())
    assert {c.truncated for c in found} == {True, False}
    assert len({(c.likelihood, c.correction, c.normal) for c in found}) > 3


@pytest.mark.parametrize(
    ("correction", "method"),
    [(BONFERRONI, "bonferroni"), (HOLM, "holm"), (FALSE_DISCOVERY, "fdr_bh")],
)
def test_corrected_p_are_those_of_statsmodels(correction, method):
    rng = np.random.default_rng(5)
    for m in (1, 2, 7, 30):
        p = rng.uniform(size=m) ** 3
        assert corrected(p, correction) == pytest.approx(multipletests(p, method=method)[1])


@pytest.mark.parametrize("seed", [30826, 30863, 30902])
def test_p_may_be_corrected_for_predictors_that_a_step_does_not_print(tmp_path, seed):
    """Seeds whose steps print their new terms alone, corrected with those of the steps before."""
    form = write(tmp_path / "paper", make(seed))
    assert form["correction"]
    assert wrong(rows_of(tmp_path / "paper")) == set()


def nothing_wrong(folder, seed, **form):
    """The rows of the honest paper of a seed, which has a form and no number called wrong."""
    made = write(folder / "paper", make(seed))
    assert {name: made[name] for name in form} == form
    rows = rows_of(folder / "paper")
    assert wrong(rows) == set()
    return rows


def test_a_minus_before_a_zero_shows_that_t_has_no_sign(tmp_path):
    """A seed whose one negative coefficient prints as −.0, beside a t of .65."""
    rows = nothing_wrong(tmp_path, 41282, absolute=True)
    row = find(rows, row="x0", column="t", check="regressions")
    assert row.because.endswith("without its sign")


def test_p_may_be_one_sided_where_only_all_numbers_together_show_it(tmp_path):
    """A seed of standardised predictors, b and p, beside correlations with one decimal."""
    rows = nothing_wrong(tmp_path, 43377, tails=1, named=False)
    row = find(rows, check="joint_feasibility", column="t_1")
    assert row.because.endswith("p of (Constant), x0 read one-sided")


def test_the_t_of_a_constant_shows_that_predictors_are_standardised(tmp_path):
    """A seed of coefficients that print as .0, of raw and of standardised predictors alike."""
    rows = nothing_wrong(tmp_path, 67468, standardised=True)
    row = find(rows, row="(Constant)", column="t", check="regressions")
    assert row.because.endswith("read with standardised predictors")


def test_a_convention_may_explain_what_another_alone_leaves_wrong(tmp_path):
    """A seed of normal limits, which only digits that are cut off are exact enough to show."""
    nothing_wrong(tmp_path, 67960, ending="cut", normal=True)


def test_one_df_of_all_models_is_the_total_one_though_it_is_the_last_ones_residual_one_too(
    tmp_path,
):
    """A seed of 43 of 46 people, whose total df is that of 46 people and three predictors."""
    nothing_wrong(tmp_path, 88676, observed="listwise", n=46)


def test_of_collinear_predictors_no_paper_is_drawn():
    """A seed whose first people, 11 of them, have two dummies alike: programs differ on those."""
    made = make(40673)
    X = np.column_stack([each.values for each in made.variables[:-1]])
    assert np.linalg.matrix_rank(np.column_stack([np.ones(len(X)), X])) == X.shape[1] + 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.integers(0, 1000))
def test_the_ends_of_corrected_p_are_the_corrected_ends(p, seed):
    rng = np.random.default_rng(seed)
    ends = [(x, x * 0.9, min(x * 1.1, 1.0)) for x in p]
    inside = np.array([rng.uniform(low, high) for _, low, high in ends])
    for correction in CORRECTIONS:
        of_all = corrected_ends(ends, correction)
        for value, (_, low, high) in zip(corrected(inside, correction), of_all, strict=True):
            assert low - 1e-12 <= value <= high + 1e-12


# By statsmodels from 60 people: p of t with 56 df are .0100, .0330 and .2100; Holm's are .0300,
# .0660 and .2100.
CORRECTED = """
Term,B,SE,t,p
Support,0.266,0.100,2.66,.030
Climate,0.218,0.100,2.18,.067
Age,0.127,0.100,1.27,.209
"""


def test_p_may_be_corrected_for_the_tests_of_a_model(tmp_path):
    """By SciPy: 2 P(T > 2.66) = .0102, 2.18 .0335, 1.27 .2093; times 3, 2 and 1."""
    rows = study(tmp_path / "p", {"t.csv": CORRECTED}, n=60)
    assert wrong(rows) == set()
    row = find(rows, row="support", column="p", check="rows")
    assert row.because.endswith("read as corrected by Holm")
    # .210 by Holm's; no correction makes a p of .130 of .2093.
    rows = study(tmp_path / "q", {"t.csv": CORRECTED.replace(".209", ".130")}, n=60)
    assert ("rows", "age", "p", ".130") in wrong(rows)


CORRELATIONS = """
Variable,M,SD,1,2,3
1. Support,3.40,0.81,–,,
2. Climate,3.41,0.82,.32,–,
3. Commitment,2.95,0.72,.36,.47,–
"""


def test_errors_may_be_those_of_maximum_likelihood(tmp_path):
    """By algebra: with n in place of the 17 df of least squares, errors are sqrt(17 / 20) of them.

    Of 20 people, R2 = .2733 gives beta .2334 and .3953, SE .2182 by least squares, .2012 by
    likelihood; b = beta .72 / .81 and .72 / .82.
    """
    table = "Term,b,se,t\nSupport,0.207,0.179,1.16\nClimate,0.347,0.177,1.96"
    names = {"c.csv": CORRELATIONS, "t.csv": table}
    rows = study(tmp_path / "p", names, n=20)
    assert wrong(rows) == set()
    row = find(rows, row="climate", column="se", check="regressions")
    assert row.because.endswith("read with errors of maximum likelihood")
    usual = table.replace("0.179,1.16", "0.194,1.07").replace("0.177,1.96", "0.192,1.81")
    rows = study(tmp_path / "q", names | {"t.csv": usual}, n=20)
    assert wrong(rows) == set()
    assert "likelihood" not in find(rows, row="climate", column="se", check="regressions").because
    rows = study(tmp_path / "r", names | {"t.csv": usual.replace("0.192", "0.177")}, n=20)
    assert ("regressions", "climate", "se", "0.177") in wrong(rows)


FINAL = """
,Commitment B (SE)
Step 1,
Age,−0.01 (0.005)
ΔR²,.015
Step 2,
Support,0.21 (0.06)***
Climate,0.34 (0.05)***
ΔR²,.262***
R²,.277
"F (3, 208)",26.56***
"""


def test_steps_may_print_the_coefficients_of_the_last_equation(tmp_path):
    """By hand: F = (.277 / 3) / (.723 / 208) = 26.56; t of age with 208 df, not 210."""
    entry = {"steps": "final"}
    rows = study(tmp_path / "p", {"t.csv": FINAL}, entry=entry)
    assert wrong(rows) == set()
    models = read_paper(tmp_path / "p").study.models
    assert [list(model.reported) for model in models.values()] == [
        [],
        ["age", "support", "climate"],
    ]
    assert models["Commitment_step1"].predictors == ["age"]
    row = find(rows, statistic="F from R2", row="f")
    assert (row.low, row.high) == (pytest.approx(26.49, abs=0.02), pytest.approx(26.64, abs=0.02))
    df = find(rows, statistic="df", printed="208")
    assert df.verdict == REPRODUCED
    other = study(tmp_path / "q", {"t.csv": FINAL.replace("26.56", "28.56")}, entry=entry)
    assert ("rows", "f", "28.56***") in {(c, r, p) for c, r, _, p in wrong(other)}


def test_what_rests_on_weights_is_not_checkable_and_the_rest_is(tmp_path):
    names = {
        "c.csv": CORRELATIONS,
        "t.csv": "Term,b,se,t\nSupport,0.457,0.179,2.55\nClimate,0.347,0.177,1.96",
    }
    rows = study(tmp_path / "p", names, n=200, entry={"errors": "weighted"})
    assert wrong(rows) == set()
    row = find(rows, row="support", column="b", check="regressions")
    assert row.verdict == NOT_CHECKABLE
    assert row.needs == "data: weighted estimates do not follow from correlations or R2"
    names["t.csv"] = names["t.csv"].replace("2.55", "3.55")
    rows = study(tmp_path / "q", names, n=200, entry={"errors": "weighted"})
    assert wrong(rows) == {("rows", "support", "t", "3.55")}


def test_stars_of_latent_correlations_are_not_judged_as_those_of_scores(tmp_path):
    """r = .10 of 212 people has p = .147; a correlation of factors has the error of its model."""
    table = CORRELATIONS.replace(".32", ".10*").replace(".36", ".36***").replace("–", ".80")
    table = table.replace(".47", ".47***")
    latent = study(tmp_path / "p", {"c.csv": table}, correlations={"diagonal": "ave_root"})
    row = find(latent, check="stars", row="climate", column="support")
    assert (row.verdict, wrong(latent)) == (NOT_CHECKABLE, set())
    assert row.because.endswith("the correlations are those of latent variables")
    scores = study(tmp_path / "q", {"c.csv": table.replace(".80", "–")})
    assert wrong(scores) == {("stars", "climate", "support", ".10*")}


def test_a_legend_may_be_one_sided_without_a_word(tmp_path):
    """By SciPy, n = 212: r = .12 has p .081, .14 .042, .19 .006, or half of these."""
    table = CORRELATIONS.replace(".32", ".12*").replace(".36", ".14*").replace(".47", ".19**")
    rows = study(tmp_path / "p", {"c.csv": table})
    assert wrong(rows) == set()
    row = find(rows, check="stars", row="climate", column="support")
    assert "one-sided, which fits the whole table" in row.because
    # .10 has p .147 and .073: a star by neither.
    rows = study(tmp_path / "q", {"c.csv": table.replace(".12*", ".10*")})
    assert ("stars", "climate", "support", ".10*") in wrong(rows)


def test_errors_that_are_not_named_are_not_checkable_where_most_terms_show_it(tmp_path):
    """By algebra with n = 200: SE of CORRELATIONS are .0579 and .0572 by least squares, with age
    (uncorrelated with all) likewise .9 / (9.6 sqrt(200))."""
    extra = CORRELATIONS + "4. Age,34.5,9.6,.00,.00,.00,–\n"
    extra = extra.replace("1,2,3\n", "1,2,3,4\n").replace("–,,\n", "–,,,\n")
    extra = extra.replace(".32,–,\n", ".32,–,,\n").replace(".47,–\n", ".47,–,\n")
    table = "Term,b,se,t\nSupport,0.207,0.071,2.92\nClimate,0.347,0.068,5.10\nAge,0.000,.0067,0.00"
    names = {"c.csv": extra, "t.csv": table}
    rows = study(tmp_path / "p", names, n=200)
    assert wrong(rows) == set()
    row = find(rows, row="support", column="se", check="regressions")
    assert (row.verdict, row.needs) == (
        NOT_CHECKABLE,
        "data: other standard errors do not follow from correlations or R2",
    )
    # Two of them may be two misprints.
    names["t.csv"] = table.replace(".0067", ".0045")
    rows = study(tmp_path / "q", names, n=200)
    assert ("regressions", "support", "se", "0.071") in wrong(rows)


def test_whole_answers_may_have_deviations_divided_by_n(tmp_path):
    """By hand: answers 1, 2, 4, 5, 5 have the mean 3.40 and the deviations 1.817 and 1.625."""
    names = {"a": "A1", "y": "Y1"}
    table = "Variable,M,SD,1,2\n1. A1,3.40,{0},–,\n2. Y1,3.00,{1},.30,–\n"

    def checked(folder, sds):
        keys = {"correlations": {"file": "c.csv"}}
        write_study(folder, 5, names, {"c.csv": table.format(*sds)}, **keys)
        text = (folder / "paper.yaml").read_text()
        answers = "items: 1\n      scale: {min: 1, max: 5}"
        (folder / "paper.yaml").write_text(text.replace("unit: score", answers))
        return rows_of(folder)

    # 1, 2, 3, 4, 5 have 1.581 and 1.414.
    assert wrong(checked(tmp_path / "p", ("1.82", "1.58"))) == set()
    rows = checked(tmp_path / "q", ("1.625", "1.414"))
    assert wrong(rows) == set()
    row = find(rows, check="granularity", row="a", statistic="sd")
    assert row.because.endswith("read with deviations divided by n")
    # 1.50 is of no five answers: their sum of squares would be 54, or 56.25 over n.
    rows = checked(tmp_path / "r", ("1.82", "1.50"))
    assert wrong(rows) == {("granularity", "y", "sd", "1.50")}


def test_one_df_beside_those_of_f_is_the_residual_or_the_total_one(tmp_path):
    table = ',Model 1\nSupport,.30\nIndustry,Yes\nR²,.20\nF,"10.4 (5, 208)"\ndf,213'
    entry = {"estimate": "beta", "unprinted": {"Industry": None}}
    rows = study(tmp_path / "p", {"t.csv": table}, n=214, entry=entry)
    # By hand: (.20 / 5) / (.80 / 208) = 10.4, and 213 = 5 + 208.
    assert wrong(rows) == set()
    assert find(rows, statistic="F from R2").verdict == REPRODUCED
    rows = study(tmp_path / "q", {"t.csv": table.replace("10.4", "12.4")}, n=214, entry=entry)
    assert find(rows, statistic="F from R2").verdict == CONTRADICTED


def test_a_model_of_pairwise_correlations_without_its_n_has_fewer_observations(tmp_path):
    """By SciPy: t = 2.10 has p .037 with 210 df, .045 with 28; F of R2 .25 hangs on n too."""
    table = "Term,beta,t,p,r2,f\nSupport,.30,2.10,.045,.25,4.50\nClimate,.20,1.40,.172,,"
    names = {"c.csv": CORRELATIONS, "t.csv": table}
    rows = study(tmp_path / "p", names, correlations={"n": "pairwise"})
    assert wrong(rows) == set()
    row = find(rows, statistic="p from t", row="support")
    assert row.because.endswith("read two-sided, with any df")
    # With no df at all has a t of 2.10 a p of .020.
    names["t.csv"] = table.replace(".045", ".020")
    below = study(tmp_path / "q", names, correlations={"n": "pairwise"})
    assert find(below, statistic="p from t", row="support").because.endswith(
        "one-sided, with any df"
    )
    names["t.csv"] = table.replace(".045", ".004")
    assert ("rows", "support", "p", ".004") in wrong(
        study(tmp_path / "r", names, correlations={"n": "pairwise"})
    )
    usual = study(tmp_path / "s", {"c.csv": CORRELATIONS, "t.csv": table})
    assert ("rows", "support", "p", ".045") in wrong(usual)


def test_a_dummy_has_the_deviation_of_its_mean(tmp_path):
    """By hand: 96 of 200 are .48, with a deviation of sqrt(200 / 199 .48 .52) = .501."""
    table = "Variable,M,SD,1,2\n1. Gender,.48,{},–,\n2. Outcome,3.1,.80,.20,–"
    names = {"sex": "Gender", "y": "Outcome"}
    found = {}
    for sd in (".50", ".501", ".499", ".49", ".48"):
        folder = tmp_path / f"p{sd[1:]}"
        tables = {"c.csv": table.format(sd)}
        write_study(folder, 200, names, tables, correlations={"file": "c.csv"})
        text = (folder / "paper.yaml").read_text()
        (folder / "paper.yaml").write_text(text.replace("unit: score", "unit: 0 or 1", 1))
        found[sd] = wrong(rows_of(folder))
    # .499 is that of 95 people with n in place of n - 1, sqrt(.475 .525) = .4994; cut off, .49.
    assert found == {
        ".50": set(),
        ".501": set(),
        ".499": set(),
        ".49": set(),
        ".48": {("granularity", "sex", "sd", ".48")},
    }
