"""The workflow in a folder of its own: a copy of the checkout, run as a user runs it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from retrace.provenance import linear_algebra

ROOT = Path(__file__).parents[2]
# What a run reads; a copy of it is a whole workflow.
PARTS = ("Snakefile", "config", "envs", "profiles", "resources", "workflow")
# What makes all results of a paper, but the report.
STAGES = (
    "papers",
    "bibliography",
    "synthesis",
    "estimation",
    "sem",
    "claims",
    "findings",
    "tables",
    "provenance",
)
# Numbers of draws that make a run quick, in place of those that make it exact.
QUICK = {
    "mc_error: 0.002": "mc_error: 0.01",
    "draws: 5000": "draws: 500",
    "reliability_points: 20000": "reliability_points: 1000",
    "latent_data_sets: 10": "latent_data_sets: 2",
    "data_sets: 200": "data_sets: 10",
    "assumption_draws: 10": "assumption_draws: 1",
    # No opinion of an R that happens to be there.
    "lavaan: true": "lavaan: false",
}
# Not results: what Snakemake says of a run, its report with the time of each job, and what another
# program says, where it is installed.
RECORDS = ("logs/", "report.html", "lavaan/")


@dataclass
class Checkout:
    """A copy of the workflow, and the command that runs it."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    # What the command is started with, such as `setpriv` and its options.
    prefix: tuple[str, ...] = ()
    python: str = sys.executable

    def start(self, *arguments: str) -> subprocess.Popen:
        """Start Snakemake in the copy; its output is text, errors included."""
        # What the tests themselves compute with, the workflow has to find on its own.
        ours = linear_algebra.environment()
        environment = {
            key: value
            for key, value in os.environ.items()
            if "SNAKEMAKE" not in key and key not in ours
        }
        return subprocess.Popen(
            [*self.prefix, self.python, "-m", "snakemake", *arguments],
            cwd=self.root,
            env={**environment, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def snakemake(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        """Run Snakemake in the copy to its end."""
        process = self.start(*arguments)
        try:
            output, _ = process.communicate()
        except BaseException:
            # A test that is out of time, or interrupted, leaves nothing running.
            for child in [*psutil.Process(process.pid).children(recursive=True), process]:
                child.kill()
            raise
        done = subprocess.CompletedProcess(process.args, process.returncode, output)
        if check and done.returncode != 0:
            logs = "\n".join(
                f"--- {log.relative_to(self.root)}\n{log.read_text()[-2000:]}"
                for log in sorted((self.root / "results").rglob("*.log"))
                if "Traceback" in log.read_text()
            )
            pytest.fail(f"snakemake {' '.join(arguments)}\n{done.stdout[-4000:]}\n{logs}")
        return done

    def in_one_process(self, settings: dict, *targets: str) -> list[dict[str, str]]:
        """Run every job that targets need in forks of one process: `in_process` says how.

        Cheaper than a run by Snakemake, for tests of what jobs make and not of how they are run.

        Returns
        -------
        list of dict
            The jobs: `paper`, `rule`, and `failure`, which is empty where there was none.
        """
        given, outcome = self.root / "settings.json", self.root / "jobs.json"
        given.write_text(json.dumps(settings), encoding="utf-8")
        program = Path(__file__).with_name("in_process.py")
        run = subprocess.run(
            [sys.executable, program, self.root, given, outcome, *targets],
            env={**os.environ, "MPLBACKEND": "Agg"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout[-4000:]
        return json.loads(outcome.read_text(encoding="utf-8"))

    def pending(self) -> dict[str, str]:
        """The files that a run would make anew, with their rules."""
        rows = [line.split("\t") for line in self.snakemake("--summary").stdout.splitlines()]
        start = next(i for i, row in enumerate(rows) if row[0] == "output_file")
        header, body = rows[start], [row for row in rows[start + 1 :] if len(row) > 4]
        file, rule, plan = (header.index(name) for name in ("output_file", "rule", "plan"))
        return {row[file]: row[rule] for row in body if row[plan] != "no update"}

    def checksums(self) -> dict[str, str]:
        """SHA-256 of every result, by its path under `results`."""
        results = self.root / "results"
        return {
            name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(results.rglob("*"))
            if path.is_file()
            and not (name := path.relative_to(results).as_posix()).startswith(RECORDS)
        }

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text in a file of the copy; it has to be there."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}: the edit would change nothing"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def make_quick(self) -> None:
        """Change its settings to `QUICK` ones."""
        for setting, quicker in QUICK.items():
            self.edit("config/config.yaml", f" {setting}", f" {quicker}")


def copy(source: Path, target: Path, parts=PARTS) -> Checkout:
    target.mkdir(parents=True)
    for part in parts:
        origin = source / part
        if origin.is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(origin, target / part, symlinks=True, ignore=ignore)
        else:
            shutil.copy2(origin, target / part)
    return Checkout(target)
