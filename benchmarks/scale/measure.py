"""How the workflow grows with the number of studies: time to build the graph, and its jobs.

Usage: python benchmarks/scale/measure.py [STUDIES ...]

Each size gets a folder of papers that are copies of magni2022 under keys of their own, beside the
four papers. The figure is the wall time of `snakemake --dry-run` in this process's environment.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1, 10, 100, 1000)


def dry_run(studies: int) -> tuple[float, int]:
    """Seconds to build the graph of so many more studies, and its number of jobs."""
    with tempfile.TemporaryDirectory() as folder:
        papers = Path(folder) / "papers"
        papers.mkdir()
        for number in range(studies):
            shutil.copytree(ROOT / "resources/papers/magni2022", papers / f"copy{number:04d}")
        for part in ("Snakefile", "config", "envs", "profiles", "resources", "workflow"):
            (Path(folder) / part).symlink_to(ROOT / part)
        command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "rules"]
        command += ["--config", f"papers=['resources/papers', '{papers}']"]
        start = time.perf_counter()
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - start
        jobs = re.search(r"^total\s+(\d+)", done.stdout + done.stderr, re.MULTILINE)
        return seconds, int(jobs[1])


def main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:]] or SIZES
    base, base_jobs = dry_run(0)
    print("| studies added | jobs | graph, s | ms a job beyond start-up |")
    print("|--:|--:|--:|--:|")
    print(f"| 0 | {base_jobs} | {base:.1f} | |")
    for size in sizes:
        seconds, jobs = dry_run(size)
        print(
            f"| {size} | {jobs} | {seconds:.1f} | "
            f"{1000 * (seconds - base) / (jobs - base_jobs):.2f} |"
        )


if __name__ == "__main__":
    main()
