"""Claims: decided in a process of their own beside DuckDB as it comes, and granularity tests.

Usage: PYTHONPATH=workflow python benchmarks/claims/measure.py

The claims are those of the four papers, repeated until there are a thousand different queries.
"""

from __future__ import annotations

import os
import statistics
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import duckdb

from retrace.claims.claim import Claim
from retrace.claims.database import ClaimDatabase
from retrace.claims.sandbox import check_claims
from retrace.papers import read_papers
from retrace.printed.granularity import debit, grim, grimmer
from retrace.printed.numbers import Printed

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = 1_000
TESTS = 2_000
REPEATS = 5


def thousand(claims: list[Claim]) -> list[Claim]:
    """So many claims, no two with the same query text, so that none is remembered."""
    queried = [claim for claim in claims if claim.query]
    return [
        replace(claim, query=f"{claim.query}\n-- {number}")
        for number, claim in enumerate(islice(cycle(queried), CLAIMS))
    ]


def seconds(work) -> float:
    """Median processor time of a few repeats, that of ended child processes included."""
    times = []
    for _ in range(REPEATS):
        start = sum(os.times()[:4])
        work()
        times.append(sum(os.times()[:4]) - start)
    return statistics.median(times)


def plain(claims: list[Claim], tables: dict) -> None:
    """The same queries in DuckDB as it comes, with the functions, without checks and limits."""
    # The functions and the tables are loaded as for claims; only the seal is left out.
    with ClaimDatabase(tables) as database:
        connection = database._connection
        for claim in claims:
            needs = "$reported" in claim.query
            connection.execute(
                claim.query, {"reported": claim.reported} if needs else None
            ).fetchall()


def main() -> None:
    """Measure and print."""
    papers = read_papers([ROOT / "resources" / "papers"])
    print(f"DuckDB {duckdb.__version__}; {CLAIMS:,} claims a paper, one process each")
    for key, paper in papers.items():
        tables, claims = paper.claims.tables, thousand(paper.claims.claims)
        peer = seconds(lambda claims=claims, tables=tables: plain(claims, tables))
        own = seconds(lambda claims=claims, tables=tables: check_claims(claims, tables))
        print(f"{key}: {own:.2f} s, {own / peer:.2f} times DuckDB as it comes")
    mean, sd, share = Printed.parse("3.14"), Printed.parse("1.21"), Printed.parse("0.31")
    for name, work in {
        "GRIM": lambda: grim(mean, 300),
        "GRIMMER": lambda: grimmer(mean, sd, 300),
        "DEBIT": lambda: debit(share, Printed.parse("0.46"), 300),
    }.items():
        spent = seconds(lambda work=work: [work() for _ in range(TESTS)])
        print(f"{name}, n = 300: {spent / TESTS * 1e6:.0f} µs")


if __name__ == "__main__":
    main()
