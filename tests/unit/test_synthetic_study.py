"""Synthetic data of whole studies: what is drawn, what it achieves, and why where nothing is."""

import numpy as np
import pandas as pd
import pytest
from assumed_studies import magni_study

from retrace.checks.regression.from_study import signs_of
from retrace.papers.study import Assumptions
from retrace.reporting.ensemble_figures import Drawn, ensemble_figures
from retrace.synthetic.ensemble import DRAW, draw_share, join_shares
from retrace.synthetic.from_study import target_to_draw
from retrace.synthetic.study_continuous import draw_continuous
from retrace.synthetic.study_responses import draw_responses


@pytest.fixture(scope="module")
def study():
    return magni_study()


@pytest.fixture(scope="module")
def unstated():
    """The same, of which nothing is assumed."""
    return magni_study().model_copy(update={"assumptions": Assumptions(), "scale": None})


@pytest.fixture(scope="module")
def continuous(study):
    return draw_continuous(study, np.random.default_rng(1))[0]


@pytest.fixture(scope="module")
def responses(study, continuous):
    return draw_responses(study, continuous, np.random.default_rng(2))


def test_continuous_data_have_the_printed_correlations_means_and_sds(study, continuous):
    assert list(continuous.columns) == study.names
    assert len(continuous) == study.n
    np.testing.assert_allclose(np.corrcoef(continuous.T), study.correlation_matrix, atol=1e-12)
    # Assumed: 4 and 1.
    np.testing.assert_allclose(continuous.mean(), 4, atol=1e-12)
    np.testing.assert_allclose(continuous.std(ddof=1), 1, atol=1e-12)


def test_responses_print_what_the_study_prints(study, responses):
    assert responses.matched == responses.printed
    assert responses.unmet.empty
    assert responses.scores.shape == (study.n, len(study.names))
    R = np.corrcoef(responses.scores.T)
    for row, column, cell in study.correlations:
        achieved = R[study.names.index(row), study.names.index(column)]
        assert abs(achieved - cell.value) <= cell.half_width
    # Items of a construct average to its score.
    first = study.names[0]
    own = [column for column in responses.items if column.startswith(first)]
    np.testing.assert_allclose(responses.items[own].mean(axis=1), responses.scores[first])
    assert list(responses.fidelity["data"].unique()) == ["continuous", "likert", "items"]
    assert len(responses.steps) == len(study.correlations)


def test_of_a_study_that_assumes_nothing_there_are_columns_and_a_reason(unstated):
    data, why_not = draw_continuous(unstated, np.random.default_rng(1))
    assert data.shape == (0, len(unstated.names))
    assert "scale is neither printed nor assumed" in why_not
    found = draw_responses(unstated, data, np.random.default_rng(1))
    assert found.scores.shape == (0, len(unstated.names))
    assert len(found.items) == 0
    assert found.matched == 0
    assert found.unmet["why"].str.contains("scale is neither printed nor assumed").all()
    target = target_to_draw(unstated)
    assert target.rows_drawn == 0
    assert draw_share(target, range(3), np.random.default_rng) == []


def test_a_share_of_an_ensemble_tells_how_far_it_is(study):
    told = []
    target = target_to_draw(study)
    assert target.rows_drawn == study.n
    drawn = draw_share(target, [4, 1], np.random.default_rng, lambda *done: told.append(done))
    assert [draw for draw, _ in drawn] == [4, 1]
    assert told == [(1, 2), (2, 2)]


def test_shares_are_joined_by_draw_and_one_without_rows_changes_no_type():
    parts = [
        pd.DataFrame({DRAW: [1, 1, 3], "value": [0.1, 0.2, 0.3]}),
        pd.DataFrame(columns=[DRAW, "value"]),
        pd.DataFrame({DRAW: [0, 2], "value": [0.4, 0.5]}),
    ]
    joined = join_shares(parts)
    assert joined[DRAW].tolist() == [0, 1, 1, 2, 3]
    assert joined["value"].tolist() == [0.4, 0.1, 0.2, 0.5, 0.3]
    assert joined.dtypes.tolist() == parts[0].dtypes.tolist()
    assert list(join_shares(parts[1:2]).columns) == [DRAW, "value"]


def test_figures_are_of_the_responses_or_say_why_there_are_none(study, unstated, responses):
    described = pd.DataFrame(columns=[DRAW, "statistic", "term", "value"])
    fidelity = responses.fidelity.astype(str)
    estimates = pd.DataFrame(columns=[DRAW, "model", "term", "specification", "p"])
    drawn = Drawn("no data set is drawn", described, estimates, fidelity, responses.scores)
    none = ensemble_figures(unstated, target_to_draw(unstated), drawn, 0.05)
    assert list(none) == ["spread", "achieved", "distributions"]
    for figure in none.values():
        assert any("neither printed nor assumed" in text.get_text() for text in figure.texts)
    target = target_to_draw(study)
    rows = [
        (draw, kind, f"{row}, {column}", 0.1 + draw / 10)
        for row, column, _ in study.correlations
        for kind in ("spearman", "polychoric")
        for draw in range(2)
    ]
    described = pd.DataFrame(rows, columns=[DRAW, "statistic", "term", "value"])
    figures = ensemble_figures(study, target, drawn._replace(described=described), 0.05)
    assert [len(figures[name].axes) for name in ("spread", "achieved")] == [1, 1]
    titles = [axes.get_title(loc="left") for axes in figures["distributions"].axes]
    labels = [construct.label for construct in study.constructs.values()]
    assert [title.replace("\n", " ") for title in titles if title] == labels


def test_signs_are_those_of_the_hypothesised_directions(study):
    words = {1: "positive", -1: "negative"}
    assert {name: words[sign] for name, sign in signs_of(study).items()} == {
        name: hypothesis.direction for name, hypothesis in study.hypotheses.items()
    }
