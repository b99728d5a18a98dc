"""Statistics that are printed twice: what rounds to both, by the definition of rounding."""

import pytest
from test_checks_contract import assert_never_silent
from typed_papers import LABELS, rows_of, typed_paper

from retrace.checks import table_of
from retrace.checks.shared.findings import check_findings
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import CONTRADICTED, IMPOSSIBLE, REPRODUCED, WITHIN_ROUNDING

DESCRIBED = "paper.yaml, study.constructs"
TABLE = "tables/r.csv"
HEADINGS = {"mean": "M", "sd": "SD", "alpha": "α", "skewness": "Skewness", "ave": "AVE"}


def both(folder, statistic, in_table, in_description):
    """A paper that prints a statistic of trust in its table of correlations and elsewhere."""
    table = f"v,{HEADINGS[statistic]},1,2,3\n1. Trust,{in_table},,,\n2. Firm size,,.10,,\n"
    constructs = {key: {"label": label} for key, label in LABELS.items()}
    constructs["trust"][statistic] = in_description
    tables = {"r": table + "3. Exports,,.20,.15,\n"}
    return typed_paper(folder, tables, correlations={"file": TABLE}, constructs=constructs)


def of(study):
    return [row for row in rows_of(study) if row.check == "repeated" and row.where]


@pytest.mark.parametrize("statistic", HEADINGS)
@pytest.mark.parametrize(
    ("in_table", "in_description", "verdict"),
    [
        (".8", ".87", CONTRADICTED),
        (".87", ".8", CONTRADICTED),
        (".78", ".87", CONTRADICTED),
        (".8", ".83", REPRODUCED),
        (".83", ".8", REPRODUCED),
        (".800", ".8", REPRODUCED),
        # .85 is printed as both, by rounding half up and half to even.
        (".8", ".9", WITHIN_ROUNDING),
        (">.70", ".82", REPRODUCED),
        ("<.70", ".82", CONTRADICTED),
    ],
)
def test_what_both_can_print_is_none_and_all_else_is_one(
    tmp_path, statistic, in_table, in_description, verdict
):
    study = both(tmp_path, statistic, in_table, in_description)
    cells = {TABLE: Printed.parse(in_table), DESCRIBED: Printed.parse(in_description)}
    # The more exact one is used, at a tie that of the table.
    used = max(cells, key=lambda where: (not cells[where].bound, cells[where].decimals))
    (other,) = cells.keys() - {used}
    assert getattr(study.constructs["trust"], statistic).text == cells[used].text
    (row,) = of(study)
    assert (row.where, row.row, row.column) == (other, "trust", statistic)
    assert (row.printed, row.verdict) == (cells[other].text, verdict)
    assert f"{cells[used]} in {used}, trust, {statistic}, which is what is used" in row.because
    assert_never_silent(study)


def test_a_contradiction_is_one_grave_finding_with_both_addresses(tmp_path):
    rows = table_of(rows_of(both(tmp_path, "mean", "4.8", "4.87")))
    (found,) = [f for f in check_findings("p", rows, "checks.csv") if f.weight == "grave"]
    assert f"mean of trust, mean in {TABLE}, printed as 4.8" in found.finding
    assert f"4.87 in {DESCRIBED}, trust, mean" in found.finding


def test_a_number_that_cannot_be_is_not_the_one_that_is_used(tmp_path):
    study = both(tmp_path, "sd", "-1.20", "1.2")
    assert study.constructs["trust"].sd.text == "1.2"
    assert {row.verdict for row in rows_of(study) if row.printed == "-1.20"} >= {
        CONTRADICTED,
        IMPOSSIBLE,
    }


def test_a_bound_stands_where_it_is_printed(tmp_path):
    study = both(tmp_path, "alpha", ">.70", None)
    (row,) = [row for row in rows_of(study) if row.printed == ">.70"]
    assert (row.where, row.row, row.column) == (TABLE, "trust", "alpha")


@pytest.mark.parametrize(("diagonal", "verdicts"), [(".84", []), (".48", [CONTRADICTED])])
def test_a_diagonal_and_a_column_are_two_places(tmp_path, diagonal, verdicts):
    """As tables print them that have alphas in a column of their own and on the diagonal."""
    table = f"v,α,1,2,3\n1. Trust,.84,({diagonal}),,\n2. Firm size,,.10,,\n3. Exports,,.20,.15,\n"
    entry = {"file": TABLE, "diagonal": "alpha"}
    rows = of(typed_paper(tmp_path, {"r": table}, correlations=entry))
    assert [(row.row, row.column) for row in rows] == [("trust", "alpha, line 2, column 1")]
    assert [row.verdict for row in rows if row.verdict != REPRODUCED] == verdicts
