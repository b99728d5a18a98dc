"""`retrace regression`: its table, and what it cannot do without."""

import argparse

import numpy as np
import pytest

from retrace.checks.commands import MOST_VARIABLES, _matrices, _sample_size, read_correlations
from retrace.cli import main
from retrace.printed.numbers import Printed


def test_the_table_the_outcome_and_n_are_needed(capsys):
    with pytest.raises(SystemExit):
        main(["regression"])
    assert "required: --r, --n, --outcome" in capsys.readouterr().err


def wide_table(folder, count: int):
    names = [f"x{j}" for j in range(count)]
    table = folder / "table.csv"
    table.write_text(f"r,{','.join(names)}\nx0{',' * count}\n")
    return table, names


def test_a_table_of_two_hundred_variables_is_read_and_a_wider_one_is_not(tmp_path):
    table, names = wide_table(tmp_path, MOST_VARIABLES)
    assert read_correlations(table) == (names, {})
    table, _ = wide_table(tmp_path, MOST_VARIABLES + 1)
    with pytest.raises(argparse.ArgumentTypeError, match="201 variables; at most 200"):
        read_correlations(table)


def test_no_interval_leaves_what_correlations_can_be():
    cells = {("b", "a"): Printed.parse("1.00"), ("c", "a"): Printed.parse("-1.00")}
    R, low, high = _matrices(cells, ["a", "b", "c"]).values()
    assert (low[0, 1], high[0, 1]) == (0.995, 1.0)
    assert (low[2, 0], high[2, 0]) == (-1.0, -0.995)
    assert np.isnan([R[1, 2], low[1, 2], high[2, 1]]).all()


def test_n_is_from_three_to_a_thousand_million():
    assert [_sample_size(text) for text in ("3", "1000000000")] == [3, 10**9]
    for text in ("2", "1000000001", "00000000003", "²", "3.0", ""):
        with pytest.raises(argparse.ArgumentTypeError):
            _sample_size(text)
