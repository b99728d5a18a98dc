"""`retrace regression`: its table, and what it cannot do without."""

import argparse

import numpy as np
import pytest

from retrace.checks.commands import MOST_VARIABLES, _sample_size, read_correlations, regression
from retrace.cli import main


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


def test_a_table_with_a_missing_pair_has_the_bounds_of_algebra(tmp_path):
    # y with a .5, with b -.3; r_ab lies in -.15 -+ sqrt(.75 * .91) (Stanley and Wang 1969), and
    # beta_a = (.5 + .3 r) / (1 - r^2) is least where its derivative is 0, at r = -1 / 3: .45
    # (0.3 r^2 + r + .3 = 0). Cells with nine decimals leave hardly any rounding.
    table = tmp_path / "table.csv"
    table.write_text("r,a,b\na,,\nb,,\ny,0.500000000,-0.300000000\n")
    options = argparse.Namespace(r=table, n=100, outcome="y", predictors="a,b")
    status, rows, remark = regression(options)
    assert status == 0
    assert "correlation of a and b" in remark
    found = {(row["term"], row["statistic"]): row for row in rows}
    beta = found["a", "beta"]
    assert np.isnan(beta["value"])
    assert beta["low"] == pytest.approx(0.45, abs=1e-3)
    assert beta["low"] <= 0.45
    end = -0.15 - np.sqrt(0.75 * 0.91)
    assert beta["high"] == pytest.approx((0.5 + 0.3 * end) / (1 - end**2), rel=0.02)


def test_n_is_from_three_to_a_thousand_million():
    assert [_sample_size(text) for text in ("3", "1000000000")] == [3, 10**9]
    for text in ("2", "1000000001", "00000000003", "²", "3.0", ""):
        with pytest.raises(argparse.ArgumentTypeError):
            _sample_size(text)
