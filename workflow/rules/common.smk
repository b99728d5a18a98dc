"""Shared by all stages: checked settings and papers, digests, and input functions."""

import os
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger
from snakemake.utils import validate

# Relative paths, so that results stay fresh in a checkout that is moved.
BASE = Path(os.path.relpath(workflow.basedir))
WORKFLOW = BASE / "workflow"
sys.path.insert(0, str(WORKFLOW.resolve()))

from retrace import linear_algebra
from retrace.cache import discard_altered, drop_dangling_links, open_cache
from retrace.digest import code_digest
from retrace.papers import PaperError, read_papers
from retrace.preflight import check_papers

validate(config, "../schemas/config.schema.yaml")

# Jobs inherit them, and NumPy reads them when a job imports it.
os.environ.update(linear_algebra.environment())

# Between-workflow caching is on where a place for it is given. Without one, each eligible entry
# would cost a warning in every run.
location = os.environ.get("SNAKEMAKE_OUTPUT_CACHE")
CACHE = bool(location)
if CACHE:
    try:
        cache = open_cache(location)
    except (OSError, ValueError) as error:
        raise WorkflowError(f"$SNAKEMAKE_OUTPUT_CACHE: {error}") from None
    # Retrace's own part of the cache, for this process, its jobs and theirs.
    os.environ.update(SNAKEMAKE_OUTPUT_CACHE=str(cache))
    # Before jobs are planned, and not again in each of them.
    if workflow.is_main_process:
        for entry in discard_altered(cache):
            logger.warning(f"Discarded {entry}: its content is not what a job wrote.")
if workflow.is_main_process:
    drop_dangling_links("results")


def is_decided(paper):
    """Whether a job has decided the claims of a paper since they, or their tables, changed."""
    decided = Path("results/claims") / f"{paper.key}.csv"
    return decided.exists() and all(
        Path(file).stat().st_mtime < decided.stat().st_mtime
        for file in paper.claim_files
    )


try:
    # Checked before jobs are planned, and not again in each of them.
    if workflow.is_main_process:
        PAPERS = check_papers(config["papers"], is_decided, logger.warning)
    else:
        PAPERS = read_papers(config["papers"])
except PaperError as error:
    raise WorkflowError(str(error)) from None

STUDIES = [key for key, paper in PAPERS.items() if paper.study]
CLAIMANTS = [key for key, paper in PAPERS.items() if paper.claims]


wildcard_constraints:
    paper="|".join(PAPERS),


def digest(script):
    """What Snakemake cannot see of a script: the library modules it uses, and the lock."""
    lock = BASE / "envs" / "requirements.txt"
    return code_digest(WORKFLOW / "scripts" / script, WORKFLOW / "retrace", lock)


def per_attempt(amount):
    """Memory or time that grows with each attempt: a job killed for too little gets more."""
    return lambda wildcards, attempt: amount * attempt


def paper_of(wildcards):
    """The paper that a job is for."""
    return PAPERS[wildcards.paper]


def reference_files(wildcards):
    """A paper's list of references, and of further reading where it has one."""
    paper = paper_of(wildcards)
    named = {
        "references": paper.facts.bibliography.references,
        "further_reading": paper.facts.bibliography.further_reading,
    }
    return {name: paper.file(file) for name, file in named.items() if file}


def verdicts_to_answer(wildcards):
    """The verdicts of a study with hypotheses; without there are none."""
    testing = paper_of(wildcards).study.hypotheses
    return [f"results/studies/{wildcards.paper}/verdicts.csv"] if testing else []


def synthesis_shares(kind):
    """One kind of file of every job that shares a study's data sets, however many jobs there are."""
    chunks = config["synthesis"]["chunks"]
    return expand(
        f"results/studies/{{{{paper}}}}/synthetic/{kind}/{{chunk}}-of-{{chunks}}.parquet",
        chunk=range(1, chunks + 1),
        chunks=chunks,
    )
