"""Confidence limits of correlations, as published tables print them below."""

import pytest
from printed_tables import find, rows_of, write_study, wrong

from retrace.checks.correlation_limits import fishers_limit
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import NOT_CHECKABLE, REPRODUCED

# By SciPy, stats.pearsonr(...).confidence_interval() of r = .30, .45, .12 and n = 103: artanh of
# .30 is .3095, 1.95996 / 10 is .1960.
TABLE = """
Variable,1,2,3
1. Trust,–,,
2. Hope,.30,–,
,"[.11, .47]",,
3. Outcome,.45,.12,–
,"[.28, .59]","[-.08, .31]",
"""
NAMES = {"trust": "Trust", "hope": "Hope", "y": "Outcome"}


def checked(folder, table, n=103, **keys):
    """What is said of a study with one table of correlations."""
    write_study(folder, n, NAMES, {"c.csv": table}, correlations={"file": "c.csv", **keys})
    return rows_of(folder)


def test_limits_are_those_of_fishers_transformation():
    face, low, high = fishers_limit(Printed.parse(".30"), (103, 103), True, 0.95)
    assert face == pytest.approx(0.46644, abs=1e-5)  # tanh(.30952 + .19600)
    assert low < face < high


def test_printed_limits_follow_or_are_contradicted(tmp_path):
    rows = checked(tmp_path / "p", TABLE)
    assert wrong(rows) == set()
    row = find(rows, check="correlation_limits", row="hope", column="trust, ci_high")
    assert (row.printed, row.verdict) == (".47", REPRODUCED)
    assert row.because.endswith("read as limits of 95 %")
    rows = checked(tmp_path / "q", TABLE.replace(".59", ".69"))
    assert wrong(rows) == {("correlation_limits", "y", "trust, ci_high", ".69")}
    row = find(rows, check="correlation_limits", column="trust, ci_high", row="y")
    assert row.cause == "one digit: 0.60"


def test_limits_of_another_level_or_kind(tmp_path):
    # By SciPy with 90 %: artanh r -+ .16449.
    ninety = TABLE.replace(".11, .47", ".14, .44").replace(".28, .59", ".31, .57")
    ninety = ninety.replace("-.08, .31", "-.04, .28")
    rows = checked(tmp_path / "p", ninety)
    assert wrong(rows) == set()
    row = find(rows, check="correlation_limits", row="hope", column="trust, ci_low")
    assert row.because.endswith("read as limits of 90 %")
    # Of a bootstrap: on both sides of r, and no more is known; beyond r they cannot be.
    other = TABLE.replace(".11, .47", ".02, .58").replace(".28, .59", ".21, .71")
    rows = checked(tmp_path / "q", other.replace("-.08, .31", "-.15, .42"))
    assert {r.verdict for r in rows if r.check == "correlation_limits"} == {NOT_CHECKABLE}
    rows = checked(tmp_path / "r", other.replace("-.08, .31", ".15, .42"))
    assert wrong(rows) == {("correlation_limits", "y", "hope, ci_low", ".15")}


def test_what_stands_below_without_a_name_and_is_no_interval_is_asked_for(tmp_path):
    from retrace.papers.reading import PaperError

    with pytest.raises(PaperError, match=r"line 4, column 1: '\(.05\)' stands in a row without"):
        checked(tmp_path / "p", TABLE.replace('"[.11, .47]"', "(.05)"))
