"""Every job of many papers in forks of one process: the workflow's own rules, scripts and files.

Snakemake starts a Python for each job, and importing takes longer than most jobs of a small study.
Here Snakemake plans a run, and each job's script is executed with what its rule gives it in a fork
of a process that has imported everything, under limits of processor time and memory. It is a
program, so that nothing else is loaded beside the workflow:

    python in_process.py CHECKOUT SETTINGS.json OUTCOME.json TARGET ...

The outcome lists the jobs, each with `paper`, `rule`, `seconds` of processor time, and `failure`:
empty, or the end of its log, or the signal that ended it, or the outputs that it did not write.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import resource
import runpy
import signal
import sys
from pathlib import Path

# What a job may take before it counts as failed: a study of a journal article takes a tenth.
PROCESSOR_SECONDS = 120
MEMORY = 4 << 30


def main(root: str, settings: str, outcome: str, *targets: str) -> None:
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    written = Path(outcome).resolve()
    os.chdir(root)
    jobs = planned(Path.cwd(), json.loads(Path(settings).read_text()), targets)
    import_all()
    failed: set[str] = set()
    rows = []
    for job in jobs:
        if not job.rule.script:
            continue
        if missing := sorted(failed & set(job.input)):
            failed |= set(job.output)
            failure, seconds = f"not run: there is no {missing[0]}", 0.0
        else:
            failure, seconds = run(job)
            failed |= set(job.output) if failure else set()
        paper = job.wildcards.get("study", job.wildcards.get("paper", ""))
        rows.append({"paper": paper, "rule": job.rule.name, "seconds": seconds, "failure": failure})
        written.write_text(json.dumps(rows, indent=1))


def planned(root: Path, settings: dict, targets: tuple[str, ...]) -> list:
    """The jobs of a run, none of them executed, each after those whose outputs it reads."""
    from snakemake.api import SnakemakeApi
    from snakemake.settings.types import (
        ConfigSettings,
        DAGSettings,
        OutputSettings,
        ResourceSettings,
    )

    with SnakemakeApi(OutputSettings(dryrun=True)) as api:
        workflow = api.workflow(
            resource_settings=ResourceSettings(cores=1),
            config_settings=ConfigSettings(config=settings),
            snakefile=root / "Snakefile",
            workdir=root,
        )
        workflow.dag(DAGSettings(targets=set(targets), forceall=True)).execute_workflow(
            executor="dryrun"
        )
        levels = workflow._workflow.dag.toposorted()
        return [job for level in levels for job in sorted(level, key=lambda job: job.jobid)]


def import_all() -> None:
    """Load what the scripts load, so that no job has to."""
    import retrace

    for module in pkgutil.walk_packages(retrace.__path__, "retrace."):
        importlib.import_module(module.name)
    for name in ("semopy", "statsmodels.api", "matplotlib.pyplot", "pyarrow.parquet"):
        importlib.import_module(name)


def run(job) -> tuple[str, float]:
    """What went wrong with a job, if anything, and the processor time that it took."""
    for file in (*job.output, *job.log):
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    child = os.fork()
    if not child:
        status = 1
        try:
            # Not Snakemake's, which would wait for jobs of its own.
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            execute(job)
            status = 0
        finally:
            os._exit(status)
    _, status, used = os.wait4(child, 0)
    failure = ""
    if os.WIFSIGNALED(status):
        failure = f"ended by signal {os.WTERMSIG(status)}"
    elif status:
        failure = Path(job.log[0]).read_text(errors="replace")[-3000:]
    elif unwritten := [file for file in job.output if not Path(file).exists()]:
        failure = f"not written: {', '.join(unwritten)}"
    return failure, used.ru_utime + used.ru_stime


def execute(job) -> None:
    """Run the script of a job with what Snakemake would give it."""
    from snakemake.iocontainers import Snakemake

    script = (Path(job.rule.basedir) / job.rule.script).resolve()
    sys.path.insert(0, str(script.parent))
    given = Snakemake(
        job.input,
        job.output,
        job.params,
        job.wildcards,
        job.threads,
        job.resources,
        job.log,
        job.rule.workflow.config,
        job.rule.name,
        None,
        str(script.parent),
    )
    runpy.run_path(str(script), init_globals={"snakemake": given}, run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:])
