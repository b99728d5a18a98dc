"""Numbers that are right by a convention of a program or a table, and wrong by all of them."""

import pytest
import yaml

from retrace.checks import check_paper
from retrace.checks.shared.record import Record
from retrace.papers import read_paper
from retrace.printed.verdicts import CONTRADICTED, IMPOSSIBLE

NAMES = {
    "sex": "Gender",
    "age": "Age",
    "support": "Support",
    "climate": "Climate",
    "y": "Commitment",
}
LEGEND = {"*": 0.05, "**": 0.01, "***": 0.001}


def study_of(folder, table, n=212, correlations=None, constructs=NAMES, **keys):
    """The checked rows of a paper with one table of regressions, as typed."""
    folder.mkdir(exist_ok=True)
    study = {
        "n": n,
        "stars": LEGEND,
        "constructs": {key: {"label": label, "unit": "score"} for key, label in constructs.items()},
    }
    if table is not None:
        (folder / "t.csv").write_text(table.strip() + "\n")
        study["regressions"] = {"t": {"file": "t.csv", "outcome": "y", **keys}}
    if correlations is not None:
        text, own = correlations
        (folder / "c.csv").write_text(text.strip() + "\n")
        study["correlations"] = {"file": "c.csv", **own}
    description = {"title": "A study", "authors": [{"family": "Nobody"}]}
    description |= {"licence": {"name": "none"}, "study": study}
    (folder / "paper.yaml").write_text(yaml.safe_dump(description, sort_keys=False))
    return check_paper(Record(folder.name, read_paper(folder).study))


def wrong(rows):
    """Check, row, column and text of every number that is called wrong."""
    return {
        (row.check, row.row, row.column, row.printed)
        for row in rows
        if row.verdict in (CONTRADICTED, IMPOSSIBLE)
    }


def find(rows, **wanted):
    (row,) = (r for r in rows if all(getattr(r, name) == value for name, value in wanted.items()))
    return row


PERCENT = """
,Model 1,Model 2
Support,.31***,.30***
Climate,,.21**
R²,9.6%,14.0%
Adj. R²,9.2%,13.2%
ΔR²,,4.4%
F,22.3***,17.0***
ΔF,,10.7**
"""


def test_a_percentage_is_a_share(tmp_path):
    """By hand: F = .0955 to .0965 over its rest with 210 df, 22.17 to 22.43; 9.6 % is no 9.6."""
    rows = study_of(tmp_path / "p", PERCENT, estimate="beta")
    assert wrong(rows) == set()
    row = find(rows, statistic="F from R2", column="Model_1")
    assert (row.low, row.high) == (pytest.approx(22.173, abs=1e-3), pytest.approx(22.430, abs=1e-3))
    other = study_of(tmp_path / "q", PERCENT.replace("22.3***", "24.3***"), estimate="beta")
    assert ("rows", "f", "Model_1", "24.3***") in wrong(other)
    rows = study_of(tmp_path / "r", PERCENT.replace("14.0%", "140.0%"), estimate="beta")
    assert ("(reading)", "r2", "Model_2", "140.0%") in wrong(rows)


# By statsmodels from data of 212 people: both changes of model 4 are beside model 1.
NESTED = """
,Model 1,Model 2,Model 3,Model 4
Gender,−0.080 (0.101),−0.073 (0.094),−0.037 (0.090),−0.039 (0.087)
Age,−0.009 (0.005),−0.008 (0.005),−0.008 (0.005),−0.007 (0.005)
Support,,0.320 (0.057),,0.210 (0.056)
Climate,,,0.407 (0.054),0.340 (0.055)
R²,.015,.144,.227,.277
ΔR²,,.129,.213,.262
ΔF,,31.24,57.23,37.55
"""


def test_changes_are_beside_any_earlier_model_that_is_part_of_the_later(tmp_path):
    rows = study_of(tmp_path / "p", NESTED, estimate="b", brackets="se")
    assert wrong(rows) == set()
    row = find(rows, row="r2_change", column="Model_4", check="blocks")
    assert row.because.startswith("model Model_4 after Model_1:")
    # .262 beside model 1 and 38.26 beside model 2: no model has both.
    mixed = study_of(tmp_path / "q", NESTED.replace("37.55", "38.26"), estimate="b", brackets="se")
    assert len(wrong(mixed)) == 1
