"""From a paper's folder to a target of synthetic data, and what is refused before any job."""

from pathlib import Path

import pytest
from synthesis_targets import TABLE_5

from retrace.papers import PaperError, read_paper
from retrace.printed import Printed
from retrace.synthesis import InfeasibleTargetError
from retrace.synthesis.declared import check_targets
from retrace.synthesis.from_study import likert_target
from retrace.synthesis.statistics import PrintedStatistics

MAGNI = Path(__file__).parents[2] / "resources/papers/magni2022"


@pytest.fixture(scope="module")
def paper():
    return read_paper(MAGNI)


def altered(paper, **changes):
    """The paper with another study."""
    from dataclasses import replace

    return replace(paper, study=paper.study.model_copy(update=changes))


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
    assert str(target.models[0].durbin_watson) == "1.951"


def test_assumed_moments_are_not_met_at_decimals_and_printed_ones_are(paper):
    constructs = dict(paper.study.constructs)
    constructs["risk"] = constructs["risk"].model_copy(update={"mean": Printed.parse("4.12")})
    target = likert_target(altered(paper, constructs=constructs).study)
    assert [type(moment) for moment in target.means] == [float, float, float, Printed, float]
    assert target.scale == (1, 7)


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


def test_studies_that_no_responses_can_stand_behind_stop_before_any_job(paper):
    constructs = dict(paper.study.constructs)
    for name, mean in (("risk", "7.40"), ("market", "0.50")):
        constructs[name] = constructs[name].model_copy(update={"mean": Printed.parse(mean)})
    check_targets([paper])
    with pytest.raises(PaperError, match="2 problems") as error:
        check_targets([paper, altered(paper, constructs=constructs)])
    assert "mean of risk: 7.40 is off the scale" in str(error.value)
