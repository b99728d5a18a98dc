"""From a checked study to its regressions, hypotheses and simulations."""

from pathlib import Path

import numpy as np
import pytest
from regression_examples import CONSTRUCTS, TABLE_5, N, printed_model, table_4_matrix

from retrace.checks.regression.from_study import (
    hypotheses_of,
    levels_of,
    models_of,
    set_aside,
)
from retrace.estimators.estimators_on_data import Estimate
from retrace.papers import read_paper
from retrace.papers.study import Impossible
from retrace.power.plans import likert_of, plan_of, stream_of
from retrace.power.simulation import LIKERT, NORMAL, PREDICTIVE
from retrace.printed.numbers import Printed
from retrace.robustness.specifications import ERRORS, from_estimates

MAGNI = Path(__file__).parents[2] / "resources" / "papers" / "magni2022"


@pytest.fixture(scope="module")
def study():
    return read_paper(MAGNI).study


def test_the_models_of_the_paper_carry_its_printed_numbers(study):
    models = models_of(study)
    assert next(iter(models)) == "full"
    full = models["full"]
    np.testing.assert_array_equal(full.R, table_4_matrix())
    assert full.n == N
    assert full.df == 295
    printed = {
        term: tuple(full.reported[term][name].text for name in ("b", "t", "p", "vif"))
        for term in full.predictors
    }
    assert printed == TABLE_5
    assert full.overall["durbin_watson"].text == "1.951"
    # Means and SDs are not printed: nothing assumed may enter a recomputed number.
    assert full.sds_at_face_value is None
    assert [models[f"{name}_alone"].predictors for name in CONSTRUCTS[:4]] == [
        (name,) for name in CONSTRUCTS[:4]
    ]


def test_the_hypotheses_of_the_paper_have_their_signs(study):
    found = [(h.name, h.term, h.model, h.sign) for h in hypotheses_of(study)]
    assert found == [
        ("H1", "customer", "full", 1),
        ("H2", "market", "full", 1),
        ("H3", "economic", "full", 1),
        ("H4", "risk", "full", -1),
    ]
    assert levels_of(study, 0.05) == (0.05, 0.10)
    assert levels_of(study, 0.01) == (0.01, 0.05, 0.10)


def test_a_plan_covers_the_papers_size_in_every_population(study):
    design = plan_of(study, 0.05, 0.01)
    assert design.designs is None  # one regression of the last construct on all others
    assert N in design.sizes
    assert {task[0] for task in design.tasks()} == {NORMAL, PREDICTIVE, LIKERT}
    assert len(set(design.tasks())) == len(design.tasks())
    np.testing.assert_allclose(
        np.abs(likert_of(study, CONSTRUCTS).latent), np.abs(design.R), atol=0.01
    )


def test_samples_that_are_too_large_to_draw_are_left_out_with_the_reason(study):
    # 200,000 respondents with a score for each of the constructs of the hypotheses.
    large = plan_of(study.model_copy(update={"n": 200_000}), 0.05, 0.1)
    assert {task[0] for task in large.tasks()} == {NORMAL, PREDICTIVE}
    assert (
        large.no_likert == f"a sample has {200_000 * len(large.R)} scores; at most 500000 are drawn"
    )
    assert plan_of(study, 0.05, 0.1).no_likert == ""


def test_every_block_has_a_stream_of_its_own(study):
    tasks = plan_of(study, 0.05, 0.01).tasks()
    streams = stream_of(1, "magni2022")
    first = {streams(task).random() for task in tasks}
    assert len(first) == len(tasks)
    assert streams(tasks[3]).random() == stream_of(1, "magni2022")(tasks[3]).random()


def test_estimates_on_data_become_specifications(study):
    found = [
        Estimate("HC3 standard errors", "customer", 0.15, 0.06, 0.014, 295, ""),
        Estimate("x", "market", 0.1, 0.06, 0.09, 295, ""),
    ]
    rows = from_estimates(found, hypotheses_of(study), "continuous data", 0.05)
    assert [row[:3] for row in rows] == [
        ("H1", ERRORS, "HC3 standard errors, continuous data"),
        ("H2", ERRORS, "x, continuous data"),
    ]
    assert [row[6] for row in rows] == ["supported", "not supported"]


def test_what_a_model_prints_and_no_data_have_is_set_aside_by_its_term(study):
    def printed(model, row):
        place = {"file": "t.csv", "place": "line 2", "statistic": "se"}
        return Impossible(**place, model=model, row=row, column="se", printed="-1", why="negative")

    aside = [printed("full", "risk"), printed("full", ""), printed("risk_alone", "risk")]
    changed = study.model_copy(update={"impossible": aside})
    assert set_aside(changed, "full") == [
        ("full", term, "se", "-1", "impossible: negative") for term in ("risk", "(model)")
    ]
    assert len(set_aside(changed, "risk_alone")) == 1


def test_a_matrix_of_another_size_is_refused():
    from retrace.checks.regression.printed_model import PrintedModel

    with pytest.raises(ValueError, match="m: 2 predictors and an outcome need 3 x 3 matrices"):
        PrintedModel(*("m", "y", ("a", "b")), n=50, R=np.eye(3), low=np.eye(2), high=np.eye(3))
    # One for which no deviations are given has none at face value.
    one = PrintedModel(*("m", "y", ("a",)), n=50, R=np.eye(2), low=np.eye(2), high=np.eye(2))
    assert one.sds_at_face_value is None
    with pytest.raises(ValueError, match="unknown statistic r3"):
        printed_model("m", "y", ["a"], 50, {}, {}, {"r3": Printed.parse("0.1")})
