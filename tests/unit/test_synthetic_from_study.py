"""From a paper's folder to a target of synthetic data, and what is refused before any job."""

from pathlib import Path

import pytest
import yaml
from synthesis_targets import TABLE_5

from retrace.papers import PaperError, read_paper
from retrace.papers.study import Impossible, Study
from retrace.preflight.papers import check_papers
from retrace.preflight.responses import target_problems
from retrace.printed.numbers import Printed
from retrace.synthetic import InfeasibleTargetError, nothing_drawn
from retrace.synthetic.from_study import likert_target, target_to_draw
from retrace.synthetic.printed_statistics import PrintedStatistics
from retrace.synthetic.why_missed import unmet_frame

MAGNI = Path(__file__).parents[2] / "resources/papers/magni2022"


@pytest.fixture(scope="module")
def paper():
    return read_paper(MAGNI)


def altered(paper, **changes):
    """The paper with another study."""
    from dataclasses import replace

    return replace(paper, studies={paper.key: paper.study.model_copy(update=changes)})


def test_every_printed_number_of_tables_4_and_5_is_a_target(paper):
    target = likert_target(paper.study)
    rows = PrintedStatistics(target).rows
    assert sum(row.kind == "r" for row in rows) == 10
    found = {
        (row.term.removeprefix("full: "), row.kind): str(row.printed)
        for row in rows
        if row.model == 0
    }
    assert found == {
        (term, kind): cell for term, cells in TABLE_5.items() for kind, cell in cells.items()
    }
    assert str(target.models[0].overall["durbin_watson"]) == "1.951"


def test_assumed_moments_are_not_met_at_decimals_and_printed_ones_are(paper):
    constructs = dict(paper.study.constructs)
    constructs["risk"] = constructs["risk"].model_copy(update={"mean": Printed.parse("4.12")})
    target = likert_target(altered(paper, constructs=constructs).study)
    assert [type(moment) for moment in target.means] == [float, float, float, Printed, float]
    assert {(each.low, each.high) for each in target.measures} == {(1, 7)}


def test_one_item_has_no_alpha(paper):
    single = paper.study.assumptions.model_copy(update={"items": 1})
    assert set(likert_target(altered(paper, assumptions=single).study).alphas) == {None}


def test_what_is_neither_printed_nor_assumed_is_named(paper):
    nothing = type(paper.study.assumptions)()
    study = altered(paper, assumptions=nothing, scale=None).study
    with pytest.raises(InfeasibleTargetError) as error:
        likert_target(study)
    assert len(error.value.problems) == 4
    assert "mean of customer, market, economic, risk, readiness" in str(error.value)


def test_of_studies_that_no_responses_can_stand_behind_none_are_drawn(paper):
    constructs = dict(paper.study.constructs)
    for name, mean in (("risk", "7.40"), ("market", "0.50")):
        constructs[name] = constructs[name].model_copy(update={"mean": Printed.parse(mean)})
    assert target_problems(paper) == []
    assert target_to_draw(paper.study).why_not_drawn == ""
    spoilt = altered(paper, constructs=constructs)
    assert [text[:26] for _, text in target_problems(spoilt)] == [
        "mean of market: 0.50 is of",
        "mean of risk: 7.40 is off ",
    ]
    why = target_to_draw(spoilt.study).why_not_drawn
    assert why.startswith("not drawn: mean of market: 0.50 is off the scale from 1 to 7; mean of r")


def test_of_a_study_that_states_too_little_nothing_is_drawn(paper):
    study = altered(paper, assumptions=type(paper.study.assumptions)(), scale=None).study
    target = target_to_draw(study)
    assert target.why_not_drawn.startswith("not drawn: scale is neither printed nor assumed")
    result, _ = nothing_drawn(target)
    assert result.data.shape == (0, 5)
    assert not result.matched
    # All correlations, B, t, p and VIF of four terms, and the Durbin-Watson statistic.
    assert len(result.missed) == 10 + 16 + 1
    assert set(unmet_frame(target, result.missed, result.data).why) == {target.why_not_drawn}


def test_of_correlations_that_no_data_have_none_are_drawn(paper):
    study = altered(paper, no_matrix="indefinite").study
    assert target_to_draw(study).why_not_drawn == ""  # the whole is definite after all
    R = {("risk", "customer"): "-0.9", ("readiness", "customer"): "0.98"}
    R |= {("readiness", "risk"): "0.9"}
    cells = [
        (row, column, Printed.parse(R.get((row, column), cell.text)))
        for row, column, cell in paper.study.correlations
    ]
    fields = paper.study.model_dump() | {"no_matrix": "no matrix", "correlations": cells}
    study = Study.model_validate(fields)
    assert target_to_draw(study).why_not_drawn.startswith("not drawn: no matrix")


def test_an_impossible_sd_is_as_good_as_not_printed_and_said_to_be(paper):
    aside = Impossible(
        file="paper.yaml", place="study", statistic="sd", row="risk", column="sd", why="negative"
    )
    assumed = paper.study.assumptions.model_copy(update={"sd": None})
    constructs = {
        name: each.model_copy(update={} if name == "risk" else {"sd": Printed.parse("1.00")})
        for name, each in paper.study.constructs.items()
    }
    changes = {"impossible": [aside], "assumptions": assumed, "constructs": constructs}
    ((_, problem),) = target_problems(altered(paper, **changes))
    assert problem.startswith("sd of risk is printed and impossible, and not assumed")


TABLES = {"correlations": "c.csv", "models": {"m": {"outcome": "b", "predictors": ["a"]}}}


def problems_of_folder(tmp_path, study, table):
    """Everything that is said of a folder before any job: problems and findings."""
    folder = tmp_path / "papers" / "mine"
    folder.mkdir(parents=True)
    description = {
        "title": "T",
        "authors": [{"family": "A"}],
        "licence": {"name": "CC0"},
        "study": {**TABLES, "scale": {"min": 1, "max": 5}, **study},
    }
    (folder / "paper.yaml").write_text(yaml.safe_dump(description), encoding="utf-8")
    (folder / "c.csv").write_text(table, encoding="utf-8")
    told, problems = [], []
    try:
        check_papers([tmp_path / "papers"], warn=lambda problem: told.append(str(problem)))
    except PaperError as error:
        problems = [problem.message for problem in error.problems]
    places = ("c.csv: ", "paper.yaml, study: ")
    texts = [text.partition(next(p for p in places if p in text))[2] for text in told]
    return problems + texts


def construct(**stated):
    return {"label": "x", "items": 2, "mean": "3.00", "sd": "1.00", **stated}


INDEFINITE = "construct,a,b,c\na,,,\nb,.9,,\nc,.9,-.9,\n"


def test_an_impossible_matrix_hides_no_impossible_mean_sd_or_alpha(tmp_path):
    constructs = {
        "a": construct(mean="7.00"),
        "b": construct(mean="3.33", items=1),
        "c": construct(sd="9.00"),
    }
    found = problems_of_folder(tmp_path, {"n": 20, "constructs": constructs}, INDEFINITE)
    expected = ("no positive definite", "mean of a: 7.00 is off", "mean of b: 20 resp", "SD of c")
    assert len(found) == len(expected)
    for part, text in zip(expected, found, strict=True):
        assert part in text


def test_a_sample_too_small_hides_no_impossible_mean(tmp_path):
    constructs = {"a": construct(mean="9.00"), "b": construct(), "c": construct(), "d": construct()}
    table = "construct,a,b,c,d\na,,,,\nb,.1,,,\nc,.1,.1,,\nd,.1,.1,.1,\n"
    found = problems_of_folder(tmp_path, {"n": 4, "constructs": constructs}, table)
    assert [text[:26] for text in found] == [
        # As printed they are not singular, and of so few people they are.
        *["the correlations of 4 vari"] * 2,
        "mean of a: 9.00 is off the",
    ]


def test_a_faulty_description_hides_no_impossible_alpha(tmp_path):
    constructs = {
        "a": construct(sd="1.97", alpha="-3.0"),
        "b": construct(mean=3.0),
        "c": construct(mean="3%"),
    }
    study = {"n": 20, "constructs": constructs, "unheard_of": 1}
    found = problems_of_folder(tmp_path, study, INDEFINITE)
    for part in (
        "unknown key",
        "3.0 is a float",
        "3% is a percentage",
        "no positive",
        "alpha of a",
    ):
        assert sum(part in text for text in found) == 1
    assert len(found) == 5


def test_a_printed_alpha_of_one_assumed_item_is_refused(paper):
    constructs = dict(paper.study.constructs)
    printed = {"alpha": Printed.parse("0.81")}
    constructs["risk"] = constructs["risk"].model_copy(update=printed)
    single = paper.study.assumptions.model_copy(update={"items": 1})
    study = altered(paper, constructs=constructs, assumptions=single).study
    with pytest.raises(InfeasibleTargetError, match="alpha of risk is printed, and only several"):
        likert_target(study)
