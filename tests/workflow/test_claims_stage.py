"""The claims of the papers in the workflow: made, fresh, and checked before anything runs."""

import csv

import pytest

CLAIM_FILE = "resources/papers/hu2024/claims.yaml"


@pytest.mark.long
def test_claims_are_decided_and_a_changed_query_re_runs_its_paper_only(checkout):
    checkout.snakemake("--cores", "2", "claims")
    results = checkout.root / "results"
    with (results / "claims.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["paper", "claim", "where", "reported", "computed", "verdict"]
    assert {row["verdict"] for row in rows} == {"holds", "fails", "not checkable"}
    # Printed in Table 1 of puthusserry2020: founded in 2009, first export in 2012.
    found = {(row["paper"], row["claim"]): row["computed"] for row in rows}
    assert "Case 9" in found["puthusserry2020", "exported-within-two-years"]

    checkout.edit(CLAIM_FILE, 'reported: "26"', 'reported: "27"')
    pending = checkout.pending()
    assert "results/claims/hu2024.csv" in pending
    assert "results/claims.csv" in pending
    assert not any("magni2022" in name for name in pending if name.startswith("results/claims/"))


@pytest.mark.long
def test_a_wrong_claim_refuses_its_paper_and_the_others_run(checkout):
    checkout.edit(CLAIM_FILE, 'reported: "26"', "reported: 26")
    done = checkout.snakemake("--cores", "1", "claims", check=False)
    assert done.returncode != 0
    assert "claim professionals" in done.stdout
    assert "write it in quotes" in done.stdout
    assert "Traceback" not in done.stdout
    made = {path.stem for path in (checkout.root / "results/claims").glob("*.csv")}
    assert made == {"magni2022", "osarenkhoe2024", "puthusserry2020"}


@pytest.mark.long
def test_a_query_that_comes_to_no_value_stops_nothing(checkout):
    checkout.edit(
        CLAIM_FILE,
        "SELECT count(*) FROM table1\n",
        "SELECT len(string_agg(range::VARCHAR, ',')) FROM range(1000000000)\n",
    )
    result = "results/claims/hu2024.csv"
    done = checkout.snakemake("--cores", "1", result)
    assert "claim professionals: not checkable, not computed: needs more than" in done.stdout
    with (checkout.root / result).open(encoding="utf-8", newline="") as file:
        (row,) = (row for row in csv.DictReader(file) if row["claim"] == "professionals")
    assert row["verdict"] == "not checkable"
    assert "of memory" in row["computed"]
