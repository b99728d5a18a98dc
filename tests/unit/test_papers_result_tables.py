"""Printed tables of correlations and regressions as they look, from cells of published papers.

Cells are those of O'Reilly et al. (2024, Journal of Business Research 182, 114780), PMC9307489
(mTAM), Villagrasa et al. (2024, JFBM), Camilleri and Camilleri (2022, TKNL 27) and a student's
report on workaholism, as they print them.
"""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrace.papers.correlation_tables import read_correlation_table
from retrace.papers.regression_tables import RegressionTableReader, split_heading
from retrace.papers.schema import CorrelationTable, RegressionTable
from retrace.printed.headings import Variables, statistic_of


def table_of(text):
    header, *rows = csv.reader(io.StringIO(text.strip("\n")))
    return header, [(line, row) for line, row in enumerate(rows, start=2)]


def correlations(text, labels, **entry):
    problems = []
    entry = CorrelationTable(file="t.csv", **entry)
    found = read_correlation_table(
        entry,
        table_of(text),
        Variables(labels, entry.rows),
        lambda place, message: problems.append((place, message)),
    )
    return found, problems


def regressions(text, labels, **entry):
    problems = []
    entry = RegressionTable(file="t.csv", **entry)
    variables = Variables(labels, entry.rows)
    reader = RegressionTableReader(
        "table4",
        entry,
        variables,
        entry.stars or {},
        lambda place, message: problems.append((place, message)),
    )
    return {model.name: model for model in reader.read(table_of(text))}, problems


def texts(cells):
    return {at: number.text for at, number in cells.items()}


def test_a_numbered_table_with_means_and_alphas_on_its_diagonal():
    found, problems = correlations(
        """
Variable,M,SD,1,2,3
1. Leader workaholism,3.46,.79,(.90),,
2. Food safety,3.95,.64,-.54**,(.80),
3. Age,42.45,12.75,-.05,-.04,--
""",
        {"leader": "Leader workaholism", "safety": "Food safety", "age": "Age"},
        diagonal="alpha",
    )
    assert not problems
    assert {pair: cell.printed.text for pair, cell in found.correlations.items()} == {
        ("safety", "leader"): "-.54**",
        ("age", "leader"): "-.05",
        ("age", "safety"): "-.04",
    }
    assert {at: cell.printed.text for at, cell in found.statistics.items()} == {
        ("leader", "mean"): "3.46",
        ("leader", "sd"): ".79",
        ("leader", "alpha"): ".90",
        ("safety", "mean"): "3.95",
        ("safety", "sd"): ".64",
        ("safety", "alpha"): ".80",
        ("age", "mean"): "42.45",
        ("age", "sd"): "12.75",
    }
    assert found.correlations["safety", "leader"].place == "line 3, column 1"


def test_means_and_deviations_in_rows_at_the_foot():
    found, problems = correlations(
        """
,size,tenure,ebitda
size,−,,
tenure,0.13*,−,
ebitda,0.64**,0.05,−
Mean,4.27,6.35,5829
Standard Deviation,0.77,2.90,"11,144"
""",
        {"size": "Firm size", "tenure": "CEO tenure", "ebitda": "EBITDA"},
    )
    assert not problems
    assert found.statistics["ebitda", "sd"].printed.value == 11144
    assert len(found.correlations) == 3


def test_what_stands_above_the_diagonal_is_kept_apart():
    found, problems = correlations(
        """
construct,cr,ave,ATT,BI,FC
ATT,0.935,0.878,0.937,0.588,0.548
BI,0.720,0.578,0.318,0.760,0.486
FC,0.847,0.736,0.422,0.214,0.858
""",
        {"ATT": "Attitude", "BI": "Intention", "FC": "Facilitating conditions"},
        diagonal="ave_root",
        above="htmt",
    )
    assert not problems
    assert {pair: cell.printed.text for pair, cell in found.correlations.items()} == {
        ("BI", "ATT"): "0.318",
        ("FC", "ATT"): "0.422",
        ("FC", "BI"): "0.214",
    }
    assert found.above["ATT", "BI"].printed.text == "0.588"
    assert found.statistics["FC", "ave_root"].printed.text == "0.858"


def test_models_side_by_side_with_stars_dummies_and_a_foot():
    models, problems = regressions(
        """
row,tobin,ebitda
industry dummies,Yes,Yes
size,− 0.42***,0.77***
tenure,0.16***,0.00
F,6.79***,18.8***
df,301,306
adjusted R2,0.20,0.43
""",
        {name: name for name in ("size", "tenure", "tobin", "ebitda")},
        estimate="beta",
        unprinted={"industry dummies": None},
    )
    assert not problems
    tobin = models["tobin"]
    assert (tobin.outcome, tobin.predictors) == ("tobin", ["size", "tenure"])
    assert tobin.unprinted == {"industry dummies": None}
    assert texts(tobin.reported["size"]) == {"beta": "− 0.42***"}
    assert texts(tobin.overall) == {"f": "6.79***", "adjusted_r2": "0.20"}
    assert tobin.counts == {"df2": 301}
    assert tobin.places["size", "beta"] == "line 3, column tobin"


def test_models_that_continue_each_other():
    models, problems = regressions(
        """
,Model 1,Model 2,Model 3
size,0.392**,0.350**,0.322
family ownership,,0.243**,0.266**
family x TMT age,,,−1.719*
R²,0.541,0.578,0.588
Adjusted R²,0.495,0.531,0.508
R² change,0.541***,0.037**,0.010
F,16.221***,16.526***,9.826***
""",
        {"size": "Size", "family": "Family ownership", "product": "family x TMT age", "y": "Y"},
        outcome="y",
        estimate="beta",
    )
    assert not problems
    assert [model.after for model in models.values()] == ["", "Model_1", "Model_2"]
    assert models["Model_3"].predictors == ["size", "family", "product"]
    assert texts(models["Model_2"].overall)["r2_change"] == "0.037**"


WORKAHOLISM = """
Variable,Safety B (SE),Safety 95% CI,Turnover B (SE),Turnover 95% CI
Step 1,,,,
Age,-0.01 (0.00)*,,0.01 (0.01)*,
Tenure,0.01 (0.01)*,,-0.03 (0.01)**,
R2,.034,,.049,
Step 2,,,,
Leader,-0.42 (0.05)***,"[-0.52, -0.33]",0.75 (0.06)***,"[0.63, 0.88]"
ΔR2,.267***,,.393***,
R2,.301,,.442,
"""


def test_steps_that_print_their_new_terms_only():
    models, problems = regressions(
        WORKAHOLISM,
        {name: name for name in ("leader", "safety", "turnover", "age", "tenure")},
        steps="new",
    )
    assert not problems
    assert list(models) == ["Safety_step1", "Turnover_step1", "Safety_step2", "Turnover_step2"]
    second = models["Safety_step2"]
    assert (second.after, second.predictors) == ("Safety_step1", ["age", "tenure", "leader"])
    assert texts(second.reported["leader"]) == {
        "b": "-0.42***",
        "se": "0.05",
        "ci_low": "-0.52",
        "ci_high": "-0.33",
    }
    assert texts(second.overall) == {"r2_change": ".267***", "r2": ".301"}
    assert texts(models["Safety_step1"].reported["age"]) == {"b": "-0.01*", "se": "0.00"}


def test_a_row_a_term_and_a_column_a_statistic():
    models, problems = regressions(
        """
model,term,b,se,t,p,ci_low,ci_high,r2,adj_r2,f,df1,df2
1,UA,0.640,0.122,5.21,***,0.394,0.886,0.322,0.310,27.16,1,57
2,UA,−0.071,0.215,−0.33,0.742,−0.504,0.361,0.456,0.436,23.09,2,55
2,UI,0.295,0.078,3.77,***,0.138,0.452,,,,,
""",
        {"UA": "Usage attitude", "UI": "Usage intention", "BC": "Behaviour change"},
        outcome="BC",
        stars={"***": 0.001},
    )
    assert not problems
    assert models["table4_2"].predictors == ["UA", "UI"]
    assert models["table4_2"].after == "table4_1"
    assert texts(models["table4_1"].reported["UA"])["p"] == "<0.001"
    assert models["table4_2"].counts == {"df1": 2, "df2": 55}
    assert texts(models["table4_1"].overall)["f"] == "27.16"


def test_a_t_in_brackets_below_its_coefficient():
    models, problems = regressions(
        """
,growth
Intercept,1.20
,(2.31)
size,.21**
,(2.45)
N,"1,057"
df,"7, 301"
""",
        {"size": "Size", "growth": "Growth"},
        estimate="b",
        brackets="t",
    )
    assert not problems
    assert texts(models["growth"].reported["size"]) == {"b": ".21**", "t": "2.45"}
    assert texts(models["growth"].reported["Intercept"]) == {"b": "1.20", "t": "2.31"}
    assert models["growth"].counts == {"n": 1057, "df1": 7, "df2": 301}


@pytest.mark.parametrize(
    ("text", "entry", "message"),
    [
        (",growth\nsize,.21 (.05)", {"estimate": "b"}, "say what stands in brackets"),
        (",growth\nsize,.21", {}, "say what it is, `estimate:` b or beta"),
        (
            ",growth\nsice,.21",
            {"estimate": "b"},
            "construct 'sice' is not declared, and is no statistic of a model; there are size",
        ),
        (",Model 1\nsize,.21", {"estimate": "b"}, "say which outcome its model has"),
        (",growth\nsize,.21\nsize,.22", {"estimate": "b"}, "stands there twice"),
        (",growth\nsize,.21\ndf,about 50", {"estimate": "b"}, "no whole number"),
        (",growth ci\nsize,.21", {}, "is no interval"),
        (
            ",growth or\nsize,.21",
            {"columns": {"growth": "growth"}},
            "not among the table's `columns:`",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_what_to_write(text, entry, message):
    _, problems = regressions(text, {"size": "Size", "growth": "Growth"}, **entry)
    assert any(message in said for _, said in problems), problems


@pytest.mark.parametrize(
    ("heading", "name", "holds"),
    [
        ("safety_b_se", "safety", ("b", "se")),
        ("Safety B (SE)", "Safety", ("b", "se")),
        ("Safety 95% CI", "Safety", ("ci",)),
        ("Model 1 β", "Model 1", ("beta",)),
        ("Model 1 Std. Error", "Model 1", ("se",)),
        ("Model 1", "Model 1", ()),
        ("B (SE)", "", ("b", "se")),
        ("95% CI", "", ("ci",)),
        ("growth", "growth", ()),
    ],
)
def test_a_heading_says_whose_column_it_is_and_what_it_holds(heading, name, holds):
    assert split_heading(heading) == (name, holds)


@pytest.mark.parametrize(
    ("heading", "statistic"),
    [
        ("Std. Dev.", "sd"),
        ("S.D.", "sd"),
        ("Cronbach’s α", "alpha"),
        ("R²", "r2"),
        ("ΔR2", "r2_change"),
        ("∆ R²", "r2_change"),
        ("Adj. R-squared", "adjusted_r2"),
        ("F change", "f_change"),
        ("Sig.", "p"),
        ("No. of observations", "n"),
        ("Leader", None),
    ],
)
def test_names_of_statistics(heading, statistic):
    assert statistic_of(heading) == statistic


def test_a_name_of_a_variable_that_is_a_statistics_too_is_asked_about():
    labels = {"X": "Autonomy", "M": "Engagement"}
    text = """
Variable,M,SD,1,2
1. Autonomy,0.61,.81,,
2. Engagement,4.20,.75,.30,
"""
    _, problems = correlations(text, labels)
    assert [place for place, _ in problems] == ["line 1"]
    assert (
        "'M' may be the variable 'M' or the statistic mean; say which: `rows: {M: M}`"
        in (problems[0][1])
    )
    found, problems = correlations(text, labels, rows={"M": "mean"})
    assert not problems
    assert found.statistics["M", "mean"].printed.text == "4.20"
    assert found.correlations["M", "X"].printed.text == ".30"


def test_columns_have_the_numbers_that_rows_have():
    found, problems = correlations(
        """
Variable,M,SD,1,2,3
Age,40.1,9.1,.10,.05,
1. Trust,3.1,.8,,,
2. Hope,3.2,.7,.30**,,
""",
        {"age": "Age", "trust": "Trust", "hope": "Hope"},
    )
    assert [place for place, _ in problems] == ["line 1"]  # there is no row 3
    assert found.correlations["hope", "trust"].printed.text == ".30**"
    assert found.correlations["age", "trust"].printed.text == ".10"


def test_means_with_deviations_in_brackets():
    found, problems = correlations(
        "Variable,M (SD),1\n1. Trust,3.51 (0.81),\n2. Hope,3.20 (0.70),.30",
        {"trust": "Trust", "hope": "Hope"},
    )
    assert not problems
    assert found.statistics["trust", "sd"].printed.text == "0.81"


def test_a_row_that_the_entry_leaves_out_is_not_read():
    models, problems = regressions(
        ",growth\nsize,.21\nRoot MSE,1.2",
        {"size": "Size", "growth": "Growth"},
        estimate="b",
        rows={"Root MSE": None},
    )
    assert not problems
    assert models["growth"].predictors == ["size"]


def test_models_stand_in_the_order_of_their_columns():
    models, problems = regressions(
        """
,Model 1,Model 2
Support,,0.34 (0.06)***
Controls,Yes,Yes
R²,.015,.144
ΔR²,,.129
""",
        {"support": "Support", "y": "Y"},
        outcome="y",
        estimate="b",
        brackets="se",
        unprinted={"Controls": 2},
    )
    assert not problems
    assert {name: model.after for name, model in models.items()} == {
        "Model_1": "",
        "Model_2": "Model_1",
    }


def test_headings_over_rows_and_f_with_its_df():
    models, problems = regressions(
        """
,growth
Control variables,
size,.21** ns
Main effects,
age,n.s.
F,"17.0*** (2, 109)"
Prob > F,.000
Number of obs,1.112
""",
        {"size": "Size", "age": "Age", "growth": "Growth"},
        estimate="b",
    )
    assert not problems
    assert models["growth"].predictors == ["size", "age"]
    assert models["growth"].counts == {"df1": 2, "df2": 109, "n": 1112}
    assert texts(models["growth"].overall) == {"f": "17.0***", "f_p": ".000"}


def test_headings_of_statistics_alone_are_those_of_one_model():
    """Not of models called B and 95 %."""
    models, problems = regressions(
        'Variable,B (SE),95% CI\nLeader,-0.42 (0.05)***,"[-0.52, -0.33]"\nR²,.301,\n',
        {"leader": "Leader", "safety": "Safety"},
        outcome="safety",
    )
    assert not problems
    (model,) = models.values()
    assert (model.name, model.outcome) == ("table4", "safety")
    assert texts(model.reported["leader"]) == {
        "b": "-0.42***",
        "se": "0.05",
        "ci_low": "-0.52",
        "ci_high": "-0.33",
    }
    assert texts(model.overall) == {"r2": ".301"}


def test_a_variable_that_is_called_like_a_statistic_heads_its_model():
    models, problems = regressions(
        "Variable,t,p\nLeader,.10,.20\nTenure,.30,.40\n",
        {
            "leader": "Leader",
            "tenure": "Tenure",
            "t": "Turnover",
            "p": "Performance",
        },
        estimate="beta",
        columns={"t": "t", "p": "p"},
    )
    assert not problems
    assert texts(models["p"].reported["tenure"]) == {"beta": ".40"}


def test_a_table_of_one_model_needs_no_column_called_term():
    models, problems = regressions(
        """
Step,Predictor,B,SE B,β,t,P>|t|
1,size,.21,.05,.20,4.2,.000
2,size,.20,.05,.19,4.0,.000
2,age,.10,.05,.09,2.0,.046
""",
        {"size": "Size", "age": "Age", "growth": "Growth"},
        outcome="growth",
    )
    assert not problems
    assert [model.after for model in models.values()] == ["", "table4_1"]
    assert texts(models["table4_2"].reported["age"])["p"] == ".046"


def test_a_heading_that_is_unknown_in_a_table_of_statistics_is_named_once():
    _, problems = regressions(
        "Variable,B,SE,Wald,p\nsize,.21,.05,17.6,.000\nage,.1,.05,4.0,.046",
        {"size": "Size", "age": "Age", "growth": "Growth"},
        outcome="growth",
    )
    assert [message for _, message in problems if "unknown statistic 'Wald'" in message]
    assert len(problems) == 1


def test_two_rows_of_headings_are_joined(tmp_path):
    from retrace.papers.reading import Folder

    folder = Folder(tmp_path)
    (tmp_path / "t.csv").write_text(",Model 1,,Model 2,\n,B,SE,B,SE\nsize,.2,.1,.3,.1\n")
    header, rows = folder.table(tmp_path / "t.csv")
    assert header == ["", "Model 1 B", "Model 1 SE", "Model 2 B", "Model 2 SE"]
    assert rows == [(3, ["size", ".2", ".1", ".3", ".1"])]
    assert not folder.problems


_HEADINGS = [
    "",
    "size",
    "Growth",
    "1. Size",
    "2",
    "M",
    "SD",
    "F",
    "R²",
    "df",
    "Step 2",
    "Model 1 B (SE)",
]
_CELLS = [
    "",
    "–",
    ".21**",
    "0.21 (0.05)",
    "(2.45)",
    "[.1, .3]",
    "ns",
    "***",
    "1,5",
    "Yes",
    "1, 57",
    "x",
]


@given(st.data())
def test_any_table_is_read_or_its_problems_are_said(data):
    columns = data.draw(st.integers(2, 5))
    headings = st.sampled_from(_HEADINGS)
    header = data.draw(st.lists(headings, min_size=columns, max_size=columns))
    cells = st.lists(st.sampled_from(_CELLS), min_size=columns - 1, max_size=columns - 1)
    rows = data.draw(st.lists(st.tuples(headings, cells), max_size=6))
    text = io.StringIO()
    csv.writer(text).writerows([header, *([name, *row] for name, row in rows)])
    labels = {"size": "Size", "growth": "Growth"}
    correlations(text.getvalue(), labels, diagonal="alpha")
    models, _ = regressions(
        text.getvalue(), labels, outcome="growth", estimate="b", unprinted={"Step 2": None}
    )
    for name, model in models.items():
        assert name == model.name
        assert set(model.reported) <= {*model.rows}
        assert model.after in {None, "", *models}


def test_the_name_of_a_model_stands_for_its_columns_and_null_for_none():
    """Two samples over B and SE, in two rows of headings that reading has joined."""
    found, problems = regressions(
        """
,Women B,Women SE,Men B,Men SE
trust,0.21**,0.07,0.18*,0.08
n,212,,187,
""",
        {"trust": "Trust", "success": "Success"},
        columns={"Women": "success", "Men": None},
    )
    assert not problems
    assert list(found) == ["Women"]
    assert texts(found["Women"].reported["trust"]) == {"b": "0.21**", "se": "0.07"}
    assert found["Women"].counts == {"n": 212}


def test_a_heading_of_one_column_is_nearer_than_the_name_of_its_model():
    found, problems = regressions(
        ",Women B,Women SE\ntrust,0.21,3.0\n",
        {"trust": "Trust", "success": "Success"},
        columns={"Women": "success", "Women SE": {"outcome": "success", "holds": ["t"]}},
    )
    assert not problems
    assert texts(found["Women"].reported["trust"]) == {"b": "0.21", "t": "3.0"}


def test_f_with_its_df_in_its_heading():
    models, problems = regressions(
        ',Model 1\nsize,.21\n"F (2, 209)",17.0***\nR²,.14',
        {"size": "Size", "growth": "Growth"},
        estimate="b",
        outcome="growth",
    )
    assert not problems
    assert texts(models["Model_1"].overall) == {"f": "17.0***", "r2": ".14"}
    assert models["Model_1"].counts == {"df1": 2, "df2": 209}


def test_steps_with_the_coefficients_of_the_last_equation():
    models, problems = regressions(
        """
,Growth β
Step 1,
size,.11
ΔR²,.02
Step 2,
age,.21**
ΔR²,.05**
R²,.07
""",
        {"size": "Size", "age": "Age", "growth": "Growth"},
        steps="final",
    )
    assert not problems
    first, last = models.values()
    assert (first.predictors, last.predictors) == (["size"], ["size", "age"])
    assert first.reported == {}
    assert texts(last.reported["size"]) | texts(last.reported["age"]) == {"beta": ".21**"}
    assert (texts(first.overall), last.after) == ({"r2_change": ".02"}, first.name)


def test_limits_below_correlations():
    found, problems = correlations(
        'v,1,2\n1. Trust,,\n2. Hope,.30**,\n,"[.11, .47]",\n',
        {"trust": "Trust", "hope": "Hope"},
    )
    assert not problems
    assert {at: cell.printed.text for at, cell in found.limits.items()} == {
        ("hope", "trust", "ci_low"): ".11",
        ("hope", "trust", "ci_high"): ".47",
    }
    assert found.order == ["trust", "hope"]
