"""A record of the examples that `make explore` drew, and of what they found."""

from __future__ import annotations

import csv
import platform
import re
from pathlib import Path

import hypothesis

HEADER = ("seed", "hypothesis", "python", "tests", "examples", "failed")


class Recorder:
    """Counts examples and failures of a session, and adds a row to the table `--record` names."""

    def __init__(self, config):
        self.seed = config.getoption("--hypothesis-seed")
        self.table: Path = config.getoption("--record")
        self.examples: dict[str, int] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report):
        # Where Hypothesis's plugin leaves what it prints with --hypothesis-show-statistics.
        statistics = getattr(report, "_hypothesis_stats", None)
        if statistics is not None:
            counts = re.findall(r"(\d+) passing, (\d+) failing", statistics)
            self.examples[report.nodeid] = sum(int(n) for pair in counts for n in pair)
        if report.failed:
            self.failed.add(report.nodeid)

    def row(self) -> dict[str, str]:
        return dict(
            zip(
                HEADER,
                (
                    str(self.seed),
                    hypothesis.__version__,
                    ".".join(platform.python_version_tuple()[:2]),
                    str(len(self.examples)),
                    str(sum(self.examples.values())),
                    "; ".join(sorted(self.failed)) or "none",
                ),
                strict=True,
            )
        )

    def pytest_sessionfinish(self):
        rows = []
        if self.table.exists():
            with self.table.open(encoding="utf-8", newline="") as file:
                rows = [row for row in csv.DictReader(file) if row["seed"] != str(self.seed)]
        rows.append(self.row())
        with self.table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEADER, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def pytest_terminal_summary(self, terminalreporter):
        row = self.row()
        terminalreporter.write_line(
            f"Explored {row['examples']} examples of {row['tests']} tests from seed {self.seed}: "
            f"failed {row['failed']}. Again: make explore SEED={self.seed}"
        )
