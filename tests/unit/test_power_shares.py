"""Shares of a study's power: together they are the whole, and none is made of what cannot be."""

import pandas as pd
import pytest
from assumed_studies import magni_study
from matplotlib.text import Text

from retrace.power.plans import Settings, plan_of
from retrace.power.shares import simulate_share
from retrace.power.simulation import BLOCK, NORMAL, sorted_blocks
from retrace.power.tables import Exaggeration, Power, add_shares
from retrace.printed.numbers import Printed
from retrace.reporting.power_figure import power_figure

# One block of each population and size: sqrt(1 / 4 / 100) is 0.05.
SETTINGS = Settings(level=0.05, mc_error=0.05, seed=3)


@pytest.fixture(scope="module")
def study():
    return magni_study()


@pytest.fixture(scope="module")
def shares(study):
    return [simulate_share(study, SETTINGS, chunk, 2) for chunk in (1, 2)]


def contradictory():
    """No four variables correlate by -0.95 with each other."""
    study = magni_study()
    cells = [(row, column, Printed.parse("-0.95")) for row, column, _ in study.correlations]
    return study.model_copy(update={"correlations": cells, "no_matrix": "none prints alike"})


def test_shares_are_all_tasks_of_the_plan_whoever_works_on_them(study, shares):
    told = []
    whole = simulate_share(study, SETTINGS, 1, 1, lambda *progress: told.append(progress))
    tasks = plan_of(study, 0.05, 0.05).tasks()
    assert [(b["population"], b["n"], b["block"]) for b in whole.blocks] == tasks
    assert told == [(number, len(tasks)) for number in range(1, len(tasks) + 1)]
    parts = [*shares[1].blocks, *shares[0].blocks]
    assert sorted_blocks(parts) == sorted_blocks(whole.blocks)
    assert whole.remarks == []


def test_the_order_of_shares_changes_nothing_and_added_blocks_are_counted(study, shares):
    blocks = [share.blocks for share in shares]
    found, turned = add_shares(study, SETTINGS, blocks), add_shares(study, SETTINGS, blocks[::-1])
    for name, table in found.tables.items():
        pd.testing.assert_frame_equal(table, turned.tables[name])
    assert found.blocks - found.added == sum(map(len, blocks))
    own = found.tables["replication"].query("population == @NORMAL")["draws"].unique()
    assert own.tolist() == [BLOCK[NORMAL] * (1 + found.added)]


def test_a_study_of_which_no_samples_can_be_drawn_has_columns_and_a_reason():
    none = contradictory()
    share = simulate_share(none, SETTINGS, 1, 2)
    assert share.blocks == []
    assert len(share.remarks) == len(none.hypotheses)
    assert all(line.startswith("no samples for H") for line in share.remarks)
    found = add_shares(none, SETTINGS, [[], []])
    assert (found.blocks, found.added) == (0, 0)
    assert tuple(found.tables["power"].columns) == Power._fields
    assert tuple(found.tables["exaggeration"].columns) == Exaggeration._fields
    assert all(table.empty for table in found.tables.values())
    texts = [text.get_text() for text in power_figure(none, found.tables["power"], 0.05).texts]
    assert any(text.startswith("no samples are simulated: ") for text in texts)


def test_the_figure_names_every_hypothesis(study, shares):
    found = add_shares(study, SETTINGS, [share.blocks for share in shares])
    figure = power_figure(study, found.tables["power"], 0.05)
    texts = {text.get_text() for text in figure.findobj(Text)}
    assert set(study.hypotheses) <= texts
    assert f"Power of the design of {study.paper}, effects as printed" in texts
