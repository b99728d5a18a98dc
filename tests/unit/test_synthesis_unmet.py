"""What synthetic data miss comes with the reason, proven where it says so."""

import itertools

import numpy as np
from synthesis_targets import magni, model

from retrace.printed import Printed
from retrace.streams import random_stream
from retrace.synthesis import LikertTarget, likert
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
        why = unmet_frame(target, result.missed).set_index("statistic")["why"]
        assert "proven: no responses with the printed means" in why["r"]


def test_printed_numbers_that_contradict_the_table_are_named():
    # R2 follows from Table 4 (0.053, computed independently).
    wrong = model(fit={"r2": "0.400"})
    assert "r2 0.400" in conflict_of(magni(models=[wrong]), wrong)
    assert conflict_of(magni(), model()) == ""


def test_a_coarse_lattice_is_named():
    target = magni(1)
    result = likert(target, random_stream(1, "tests", "unmet"))
    frame = unmet_frame(target, result.missed)
    assert len(frame) == len(result.missed)
    # Steps of 1 / (299 x SD x SD) at SDs of 1.
    assert frame["why"].str.contains("steps of 0.0033 on this lattice").all()


def test_nothing_missed_is_an_empty_table():
    frame = unmet_frame(magni(4), ())
    assert list(frame) == [
        "statistic",
        "term",
        "printed",
        "achieved",
        "half_widths_away",
        "why",
    ]
    assert frame.empty
