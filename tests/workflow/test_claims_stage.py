"""The claims of the papers in the workflow: made, fresh, and checked before anything runs."""

import csv

import pytest

CLAIM_FILE = "resources/papers/hu2024/claims.yaml"


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


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('reported: "26"', "reported: 26", "write it in quotes"),
        (
            "SELECT count(*) FROM table1\n",
            "SELECT len(string_agg(range::VARCHAR, ',')) FROM range(1000000000)\n",
            "of memory",
        ),
    ],
)
def test_a_wrong_claim_stops_before_the_first_job(checkout, old, new, message):
    checkout.edit(CLAIM_FILE, old, new)
    done = checkout.snakemake("--cores", "1", check=False)
    assert done.returncode != 0
    assert "claim professionals" in done.stdout
    assert message in done.stdout
    assert "Traceback" not in done.stdout
    assert not (checkout.root / "results").exists()
