"""Which decisions count: what is left open, or has no answer, decides nothing."""

import numpy as np
import pandas as pd
import pytest
from assumed_studies import magni_study

from retrace.assumptions import decide_again as downstream
from retrace.assumptions.assumed import combinations
from retrace.assumptions.decide_again import DATA_SET, Decision
from retrace.assumptions.dependence import (
    LEAST,
    UNDECIDED,
    _largest_change,
    _rounded,
    compare_shares,
    dependence_table,
)
from retrace.assumptions.sensitivity import DataSet, Task
from retrace.decisions import NOT_ATTAINABLE, NOT_SUPPORTED, SUPPORTED, UNDETERMINED
from retrace.provenance.streams import random_stream
from retrace.robustness.latent_models import LatentModels
from retrace.robustness.structural_decisions import StructuralDecision
from retrace.robustness.structural_models import StudyModel


@pytest.fixture(scope="module")
def study():
    return magni_study()


@pytest.mark.parametrize(
    ("decision", "counted"),
    [
        (SUPPORTED, (1, 1)),
        (NOT_SUPPORTED, (1, 0)),
        (UNDETERMINED, (0, 0)),
        (NOT_ATTAINABLE, (0, 0)),
    ],
)
def test_only_what_decides_is_counted(study, monkeypatch, decision, counted):
    # An improper solution leaves its data set undetermined, a missing p not attainable.
    model = StudyModel("latent", "", "latent")
    row = StructuralDecision("H1", model.family, model.analysis, 0.3, 0.01, decision, "", "")
    fitted = LatentModels({}, [model], {})
    monkeypatch.setattr(downstream, "fit_latent_models", lambda *args: fitted)
    monkeypatch.setattr(downstream, "decision_rows", lambda *args: [row])
    scores = np.tile(np.arange(1.0, 6.0)[:, None], (60, len(study.names)))
    found = downstream.decide_latent_models(study, scores, (), 0.05, random_stream(1, "t", "d"))
    [only] = found
    assert (only.data_sets, only.supported) == counted
    assert (only.analysis, only.kind) == ("latent", DATA_SET)


def test_estimates_on_scores_that_decide_nothing_are_not_counted(study, monkeypatch):
    class Row:
        hypothesis, analysis, estimate, p = "H1", "HC3", 0.1, np.nan
        decision = UNDETERMINED

    monkeypatch.setattr(downstream, "decide_on_responses", lambda *args: [Row()])
    [found] = downstream.decide_on_scores(study, np.ones((300, len(study.names))), 0.05, None)
    assert (found.data_sets, found.supported) == (0, 0)
    assert np.isnan(found.change)


def test_a_change_from_or_to_no_number_is_infinite_and_from_none_to_none_is_unknown():
    assert downstream._change((0.5, 0.01), (0.4, 0.03)) == pytest.approx(0.1)
    assert downstream._change((0.5, 0.01), (0.5, 0.31)) == pytest.approx(0.3)
    assert downstream._change((0.5, np.nan), (0.5, 0.01)) == np.inf
    assert np.isnan(downstream._change((0.5, np.nan), (0.5, np.nan)))


def answer(study, rows):
    """The one answer to data sets of decisions, all of which print the tables."""
    varied = combinations(study)
    columns = [*Task._fields, *Decision._fields]
    frame = pd.DataFrame(rows, columns=columns)
    kept = [DataSet(*row[:2], True, "") for row in rows]
    data_sets = pd.DataFrame(kept, columns=list(DataSet._fields))
    rng = random_stream(1, "tests", "downstream")
    [found] = dependence_table(varied, frame, data_sets, {"H1": 1}, [], rng).itertuples()
    return found


def decided(place, draw, decision, counted):
    row = Decision("H1", "family", "made up", DATA_SET, 1.0, 0.01, decision, *counted)
    return (place, draw, *row)


def test_data_sets_left_open_are_no_evidence(study):
    # One short of enough that decide, and any number that do not.
    rows = [decided(draw % 2, draw, SUPPORTED, (1, 1)) for draw in range(LEAST - 1)]
    rows += [decided(draw % 2, draw, UNDETERMINED, (0, 0)) for draw in range(LEAST, 4 * LEAST)]
    found = answer(study, rows)
    assert found.dependence == UNDECIDED
    assert (found.data_sets, found.undecided) == (LEAST - 1, 3 * LEAST)
    assert found.decisions == SUPPORTED
    assert "too few to say" in found.because
    enough = answer(study, [*rows, decided(1, LEAST, SUPPORTED, (1, 1))])
    assert enough.dependence != UNDECIDED
    assert enough.data_sets == LEAST


def test_numbers_that_only_some_combinations_have_are_a_change():
    own = pd.DataFrame({"decision": ["a", "a"], "estimate": [0.1, 0.1], "p": [0.2, np.nan]})
    assert _largest_change(own) == np.inf
    assert _largest_change(own.assign(p=np.nan)) == 0.0
    assert _largest_change(own.assign(p=[0.2, 0.5])) == pytest.approx(0.3)
    assert _largest_change(own.assign(p=0.2, decision=["a", "b"])) == np.inf


def test_a_change_of_rounding_alone_is_none():
    assert _rounded(1e-13) == 0.0
    assert _rounded(1e-3) == 1e-3
    assert np.isnan(_rounded(np.nan))


def test_shares_are_compared_with_every_way_to_deal_them():
    # Algebra: 3 of 3 against 0 of 3 is one of the 20 ways to deal three answers of six, and its
    # mirror image is as uneven: p is 0.1. Two groups of one cannot be told apart.
    rng = random_stream(1, "tests", "shares")
    assert compare_shares([3, 0], [3, 3], rng) == pytest.approx(0.1, abs=0.03)
    assert np.isnan(compare_shares([1, 0], [1, 1], rng))
    assert compare_shares([3, 3], [3, 3], rng) == 1.0
    assert compare_shares([0, 0], [3, 3], rng) == 1.0
