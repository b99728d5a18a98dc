"""Hypotheses of a study: what each kind is about, and what is said of a wrong one."""

from itertools import pairwise

import pytest
from mediation_papers import survey, write_paper

from retrace.papers.check_study import read_study
from retrace.papers.reading import PaperError
from retrace.papers.study import Hypothesis

SAID = {"direction": "positive", "reported": "supported"}
SEM = {"sem": {"model": "m ~ a*x\ny ~ b*m + c*x\nab := a*b"}}


def study_with(tmp_path, **hypotheses):
    folder = write_paper(
        tmp_path / "made_up", survey(1, 60), 2, hypotheses=hypotheses, alternatives=SEM
    )
    return read_study(folder)


def problems_of(tmp_path, **hypotheses):
    with pytest.raises(PaperError) as error:
        study_with(tmp_path, **hypotheses)
    return [f"{each.place}: {each.message}" for each in error.value.problems]


def products(study, name="H1"):
    return [(each.factor, each.coefficients) for each in study.hypotheses[name].products]


def test_the_short_form_is_about_one_term(tmp_path):
    study = study_with(tmp_path, H1={"term": "x", "model": "M", **SAID})
    assert study.hypotheses == {"H1": Hypothesis(term="x", model="M", **SAID)}
    assert study.term_hypotheses == study.hypotheses


def test_a_product_is_a_term_by_its_factors(tmp_path):
    study = study_with(tmp_path, H1={"product": ["w", "x"], **SAID})
    assert study.hypotheses["H1"] == Hypothesis(term="xw", model="V", **SAID)
    assert study.constructs["xw"].product == ["x", "w"]
    assert study.constructs["xw"].centred


def test_a_difference_is_of_two_terms_of_a_model(tmp_path):
    study = study_with(tmp_path, H1={"difference": ["x", "m"], **SAID})
    assert products(study) == [(1.0, [("Y", "x")]), (-1.0, [("Y", "m")])]
    assert study.hypotheses["H1"].about == "x less m in Y"
    assert study.term_hypotheses == {}


def test_a_simple_slope_adds_the_product_times_the_value(tmp_path):
    study = study_with(tmp_path, H1={"term": "x", "model": "V", "at": {"w": -1.2}, **SAID})
    assert products(study) == [(1.0, [("V", "x")]), (-1.2, [("V", "xw")])]


def test_an_indirect_effect_goes_over_the_models_that_have_its_paths(tmp_path):
    study = study_with(tmp_path, H1={"indirect": ["x", "m", "y"], **SAID})
    assert products(study) == [(1.0, [("M", "x"), ("Y", "m")])]


def test_a_total_effect_is_the_sum_over_all_ways(tmp_path):
    # Two models have the outcome y: which is meant has to be said.
    stated = {"total": ["x", "y"], "models": ["M", "Y"], **SAID}
    study = study_with(tmp_path, H1=stated, H2={**stated, "total": None, "indirect": ["x", "y"]})
    assert products(study) == [(1.0, [("Y", "x")]), (1.0, [("M", "x"), ("Y", "m")])]
    assert products(study, "H2") == [(1.0, [("M", "x"), ("Y", "m")])]
    study = study_with(tmp_path, H1={**stated, "models": ["C"]})
    assert products(study) == [(1.0, [("C", "x")])]


def test_a_path_of_a_structural_model(tmp_path):
    study = study_with(tmp_path, H1={"path": "y~ m", **SAID}, H2={"path": "ab", **SAID})
    assert study.hypotheses["H1"].alternative == "sem"
    assert (study.hypotheses["H1"].parameter, study.hypotheses["H2"].parameter) == ("y~ m", "ab")


def test_a_hypothesis_of_several_parts(tmp_path):
    parts = [
        {"term": "x", "model": "M", "reported": "supported"},
        {"term": "m", "reported": "not supported"},
    ]
    stated = {"parts": parts, "direction": "positive", "reported": "partly supported"}
    study = study_with(tmp_path, H1=stated)
    assert study.compounds["H1"].parts == ["H1 (1)", "H1 (2)"]
    assert study.compounds["H1"].reported == "partly supported"
    assert study.hypotheses["H1 (2)"].reported == "not supported"
    # What is reported of the whole is so of parts that say nothing.
    for part in parts:
        part.pop("reported")
    study = study_with(tmp_path, H1={**stated, "reported": "not supported"})
    assert [each.reported for each in study.hypotheses.values()] == ["not supported"] * 2


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"term": "suport"}, "construct 'suport' is not declared under constructs"),
        ({"term": "x", "model": "MM"}, "there is no model 'MM'; there are M, Y, C, V; did you"),
        ({"term": "x"}, "say which `model:` tests it: M, Y, C, V"),
        ({"term": "v"}, "no model has the term 'v'"),
        (
            {},
            "is about exactly one of term, product, difference, indirect, total, path, "
            "correlation; found none",
        ),
        ({"term": "x", "total": ["x", "y"]}, "found term and total"),
        ({"difference": ["x", "x"]}, "'x' less itself"),
        ({"difference": ["m", "w"]}, "no model has the term 'm' and 'w'"),
        ({"product": ["x", "z"]}, "no construct is the product of x and z"),
        ({"term": "x", "model": "M", "at": {"w": 1}}, "model 'M' has no term 'xw'"),
        ({"difference": ["x", "m"], "at": {"w": 1}}, "'at' goes with term"),
        ({"indirect": ["x", "m", "v"]}, "no model of 'v' has the term 'm'"),
        ({"indirect": ["w", "y"], "models": ["Y", "M"]}, "no models lead from 'w' by a mediator"),
        ({"total": ["x", "y"]}, "say which `models:` it goes by; of y there are Y, C"),
        ({"total": ["x", "y"], "models": ["Y", "M", "V"]}, "model 'V' has no part in this effect"),
        ({"total": ["x", "y"], "model": "Y"}, "'total' goes with 'models', not 'model'"),
        ({"path": "y ~ m", "alternative": "sam"}, "no 'sam'; there are sem; did you mean 'sem'?"),
        ({"term": "x", "model": "M", "reported": "partly supported"}, "say what it has under"),
        ({"term": "x", "model": "M", "direction": None}, "H1.direction: missing; it is required"),
        ({"parts": [{"term": "x"}, {"term": "mm"}], "model": "Y"}, "construct 'mm' is not"),
        ({"parts": [{"term": "x"}], "model": "Y", "term": "x"}, "has parts, and 'term' beside"),
        (
            {"parts": [{"term": "x", "reported": "not supported"}, {"term": "m"}], "model": "Y"},
            "reported 'supported', and 1 of its 2 parts supported",
        ),
        ({"trem": "x"}, "unknown key; did you mean 'term'?"),
        ({"parts": [{"term": "x"}] * 21, "model": "Y"}, "at most 20"),
        ({"indirect": ["x"] * 12}, "at most 11"),
    ],
)
def test_a_wrong_hypothesis_is_told_with_what_there_is(tmp_path, stated, message):
    found = problems_of(tmp_path, H1={**SAID, **stated})
    assert all("study.hypotheses.H1" in each for each in found)
    assert message in found[0]


def test_ways_are_bounded_and_no_variable_is_an_effect_of_itself(tmp_path):
    from retrace.papers.hypotheses import resolve_hypotheses
    from retrace.papers.reading import Folder
    from retrace.papers.schema import StudyEntry
    from retrace.papers.study import Model

    def resolved(models):
        names = dict.fromkeys(name for each in models.values() for name in (each[0], *each[1]))
        entry = StudyEntry.model_validate(
            {
                "n": 100,
                "constructs": {name: {"label": name} for name in names},
                "hypotheses": {"H1": {"total": ["s", "e"], **SAID}},
            }
        )
        folder = Folder(tmp_path)
        read = {name: Model(outcome=o, predictors=list(p)) for name, (o, p) in models.items()}
        found, _ = resolve_hypotheses(folder, entry, read, [], lambda *at: ".".join(map(str, at)))
        return found, [each.message for each in folder.problems]

    # Every variable of a layer is an effect of all of the one before: 2 to the power of layers.
    def layers(count):
        rows = [["s"], *([f"l{k}a", f"l{k}b"] for k in range(count)), ["e"]]
        return {f"m_{name}": (name, before) for before, own in pairwise(rows) for name in own}

    found, problems = resolved(layers(6))
    assert not problems
    assert len(found["H1"].products) == 64
    _, problems = resolved(layers(40))
    assert problems == ["more than 64 ways; name them by `indirect:`"]
    _, problems = resolved({"a": ("e", ["a"]), "b": ("a", ["s", "e"])})
    assert problems == ["e is an effect of itself by these models"]


@pytest.mark.parametrize(
    "heading", ["Support × Age", "Age x Support", "x*w", "Support * Age", "xw", "Interaction"]
)
def test_a_product_stands_in_tables_under_its_factors(tmp_path, heading):
    folder = write_paper(tmp_path / "made_up", survey(1, 60), 2)
    text = (folder / "paper.yaml").read_text(encoding="utf-8")
    entry = "    table9: {file: tables/printed.csv, outcome: v}\n"
    described = text.replace("label: Support × Age", "label: Interaction")
    (folder / "paper.yaml").write_text(f"{described}  regressions:\n{entry}", encoding="utf-8")
    rows = f"Variable,Model 1 B (SE)\nSupport,0.30 (0.10)\nAge,0.10 (0.11)\n{heading},0.20 (0.08)\n"
    (folder / "tables/printed.csv").write_text(rows, encoding="utf-8")
    study = read_study(folder)
    [model] = [each for each in study.models.values() if each.file == "tables/printed.csv"]
    assert model.predictors == ["x", "w", "xw"]
