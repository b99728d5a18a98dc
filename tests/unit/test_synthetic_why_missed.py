"""What synthetic data miss comes with the reason, proven where it says so."""

import itertools

import numpy as np
from synthesis_targets import magni, model

from retrace.printed.numbers import Printed
from retrace.provenance.streams import random_stream
from retrace.synthetic import (
    Fidelity,
    LikertTarget,
    PrintedRegression,
    Scale,
    attainable_alpha,
    check_items,
    likert,
)
from retrace.synthetic.why_missed import no_product_prints, stated_conflict, unmet_frame


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
        r = unmet_frame(target, result.missed, result.data).set_index("statistic").loc["r"]
        assert "proven: no responses with the printed means" in r.why
        assert r.proven


def test_printed_numbers_that_contradict_the_table_are_named():
    # R2 follows from Table 4 (0.053, computed independently).
    wrong = model(fit={"r2": "0.400"})
    assert "r2 0.400" in stated_conflict(magni(models=[wrong]), wrong)
    assert stated_conflict(magni(), model()) == ""


def test_a_coarse_lattice_is_named():
    target = magni(1)
    result = likert(target, random_stream(1, "tests", "unmet"))
    frame = unmet_frame(target, result.missed, result.data)
    assert len(frame) == len(result.missed)
    # Steps of 1 / (299 x SD x SD) at SDs of 1.
    assert not frame.proven.any()
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
        "proven",
    ]
    assert frame.empty


def test_an_alpha_that_the_scores_drawn_do_not_allow_is_not_called_impossible():
    # Algebra: even totals of two items can be shared out equally, alpha is 1. Of these totals two
    # are odd, and alpha is less; others with the same mean and SD have none.
    target = LikertTarget.from_table({"a": [], "b": ["0.20"]}, 60, Scale(1, 5, 2, "0.99"), 3.0, 0.5)
    scores = np.array([2.0, 4.0] * 7 + [2.5, 3.5] + [3.0] * 44)[:, None].repeat(2, axis=1)
    items = dict.fromkeys("ab", np.rint(2 * scores[:, :1]).astype(int) // 2 + [0, 0])
    missed = [row for row in check_items(target, items) if not row.matched]
    why = unmet_frame(target, missed, scores).set_index("term")["why"]
    top = attainable_alpha(np.rint(2 * scores[:, 0]).astype(int), 2, 1, 5)[1]
    assert top < 0.985
    for reason in why:
        assert f"to {top:.3f}; not found by the search; no proof" in reason
        assert "proven" not in reason


def test_models_and_constructs_of_any_name_are_found():
    # Names with every separator that texts about them have.
    names = ["a, b: c", "d; e: f", "x: y, z"]
    lower = {name: ["0.30"] * place for place, name in enumerate(names)}
    models = [
        PrintedRegression(
            name,
            names[2],
            (names[0], names[1]),
            {names[0]: {"beta": Printed.parse("0.99")}},
            {"r2": Printed.parse("0.999"), "durbin_watson": Printed.parse("3.999")},
        )
        for name in ("full: a", "full", "", ":", "r, s")
    ]
    target = LikertTarget.from_table(lower, 80, Scale(1, 5, 4), 3.0, 1.0, models=models)
    result = likert(target, random_stream(5, "tests", "unmet"))
    frame = unmet_frame(target, result.missed, result.data)
    assert len(frame) == len(result.missed) > 10
    impossible = frame[frame.statistic.isin(["beta", "r2"])]
    assert impossible.proven.all()
    assert impossible.why.str.startswith("proven: no correlation matrix that prints like").all()
    assert {row.model for row in result.missed} == {model.name for model in models}
    rows = [Fidelity("likert", "r", Printed.parse("0.99"), 0.3, (names[1], names[0]))]
    assert unmet_frame(target, rows, result.data).term.tolist() == ["d; e: f, a, b: c"]
