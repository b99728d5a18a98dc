"""What synthetic data miss comes with the reason, proven where it says so."""

import itertools

import numpy as np
import pytest
from synthesis_targets import magni, model

from retrace.printed import Printed
from retrace.streams import random_stream
from retrace.synthesis import LikertTarget, attainable_alpha, check_items, likert, split_all
from retrace.synthesis.unmet import conflict_of, no_product_prints, unmet_frame


def two(r, mean, sd, n=6):
    return LikertTarget.from_table({"a": [], "b": [r]}, n, (1, 3), mean, sd)


def test_a_proof_that_no_responses_print_a_correlation_agrees_with_enumeration():
    # All pairs of six responses from 1 to 3 with the printed mean and SD, all correlations.
    mean, sd = "2.00", "0.89"
    columns = [
        np.array(column)
        for column in itertools.product((1, 2, 3), repeat=6)
        if f"{np.mean(column):.2f}" == mean and f"{np.std(column, ddof=1):.2f}" == sd
    ]
    first = np.sort(columns[0])
    reached = {f"{np.corrcoef(first, column)[0, 1]:.2f}" for column in columns}
    reached = {"0.00" if text == "-0.00" else text for text in reached}
    for cell in [f"{value / 100:.2f}" for value in range(-99, 100, 7)]:
        target = two(cell, mean, sd)
        impossible = no_product_prints(target, "b", "a", Printed.parse(cell))
        assert not (impossible and cell in reached), cell
        if not impossible:
            continue
        result = likert(target, random_stream(1, "tests", "unmet"))
        why = unmet_frame(target, result.missed, result.data).set_index("statistic")["why"]
        assert "proven: no responses with the printed means" in why["r"]


def test_printed_numbers_that_contradict_the_table_are_named():
    # R2 follows from Table 4 (0.053, computed independently).
    wrong = model(fit={"r2": "0.400"})
    assert "r2 0.400" in conflict_of(magni(models=[wrong]), wrong)
    assert conflict_of(magni(), model()) == ""


def test_a_coarse_lattice_is_named():
    target = magni(1)
    result = likert(target, random_stream(1, "tests", "unmet"))
    frame = unmet_frame(target, result.missed, result.data)
    assert len(frame) == len(result.missed)
    # Steps of 1 / (299 x SD x SD) at SDs of 1.
    assert frame["why"].str.contains("on this lattice .* steps of up to 0.0033").all()


def test_nothing_missed_is_an_empty_table():
    frame = unmet_frame(magni(4), (), np.empty((0, 5)))
    assert list(frame) == [
        "statistic",
        "term",
        "printed",
        "achieved",
        "half_widths_away",
        "why",
    ]
    assert frame.empty


def test_an_alpha_out_of_reach_is_proven_and_the_nearest_items_are_given():
    # The evenest split has the most alpha, by the enumeration in test_synthesis_items.
    target = LikertTarget.from_table({"a": [], "b": ["0.20"]}, 60, (1, 5), 3.0, 0.5, 2, "0.99")
    result = likert(target, random_stream(3, "tests", "unmet"))
    rng = random_stream(4, "tests", "unmet")
    found = check_items(target, split_all(target, result.data, rng, nearest=True))
    assert [row.matched for row in found] == [False, False]
    why = unmet_frame(target, found, result.data).set_index("term")["why"]
    for row, totals in zip(found, np.rint(2 * result.data).astype(int).T, strict=True):
        top = attainable_alpha(totals, 2, 1, 5)[1]
        assert row.achieved == pytest.approx(top)
        assert why[row.term].startswith("proven: items with these scores have an alpha from")
