"""Shared by all stages: checked settings and papers, digests, and input functions."""

import json
import os
import re
import sys
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path

import yaml
from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

# Where Retrace lies, also as a module of another workflow. The path is relative, so that results
# stay fresh in a checkout that is moved; but before a module's relative paths Snakemake puts the
# prefix that it is given.
HERE = workflow.current_basedir.get_path_or_uri(secret_free=True)
if not Path(HERE).is_dir():
    raise WorkflowError(
        f"Retrace reads its library, settings and papers from a folder, not from {HERE}: "
        "clone it, and give the path of its Snakefile"
    )
BASE = Path(HERE).parents[1]
if set("{}") & set(str(BASE)):
    raise WorkflowError(
        f"Retrace lies in {BASE}, and Snakemake takes braces in its path for wildcards: "
        "move it, or give that folder another name"
    )
# By what they are: of `-s ../CHECKOUT/Snakefile` the one has no `..`, the other has.
IS_MODULE = BASE.resolve() != Path(workflow.basedir).resolve()
if not IS_MODULE:
    BASE = Path(os.path.relpath(BASE))
WORKFLOW = BASE / "workflow"
LOCK = BASE / "envs" / "requirements.txt"
# What tables are set with; inputs, so that a change sets the tables again.
TEMPLATES = sorted((WORKFLOW / "retrace/reporting/templates").glob("*.j2"))
TEMPLATES.append(WORKFLOW / "retrace/reporting/templates/style.css")
sys.path.insert(0, str(WORKFLOW.resolve()))
# The folder of the scripts comes first for every job: another module named as one that they share
# may be on the user's path.
FIRST = [str((WORKFLOW / "scripts").resolve()), os.environ.get("PYTHONPATH")]
os.environ.update(PYTHONPATH=os.pathsep.join(filter(None, FIRST)))

from retrace.running.garbage import collect_rarely

collect_rarely()

from retrace.provenance import linear_algebra
from retrace.provenance.seals import (
    bind_seals,
    discard_altered,
    drop_dangling_links,
    open_cache,
)
from retrace.provenance.digest import code_digest, content_digest, file_digest
from retrace.papers import PaperError, read_folders
from retrace.papers.overview import describe
from retrace.preflight.papers import check_papers
from retrace.preflight.refusals import describe_refusals
from retrace.robustness.lavaan_estimates import lavaan_version
from retrace.robustness.structural_models import study_models
from retrace.running.report_contents import ContentsError, read_contents
from retrace.running.settings import SettingsError, misread_numbers, read_settings
from retrace.running.surroundings import find_cache_folder, name_for_shells

# Under the folder that Snakemake keeps its own records of a run in.
OWN = Path(".snakemake/retrace")
# Snakemake starts scripts with this path as it stands, without quotes.
sys.executable = name_for_shells(sys.executable, OWN / "environments")
os.environ.update(find_cache_folder(os.environ, OWN / "cache"))

# What is given over what Retrace comes with. Folders of papers that it comes with lie beside it.
try:
    DEFAULTS = yaml.safe_load((BASE / "config/config.yaml").read_text(encoding="utf-8"))
    DEFAULTS["papers"] = [(BASE / folder).as_posix() for folder in DEFAULTS["papers"]]
    for file in () if IS_MODULE else dict.fromkeys(map(str, workflow.configfiles)):
        with suppress(OSError, UnicodeDecodeError):
            if misread := misread_numbers(Path(file).read_text(encoding="utf-8")):
                raise SettingsError("\n".join(f"{file}, {line}" for line in misread))
    overrides = {} if IS_MODULE else workflow.config_settings.overwrite_config
    config = read_settings(DEFAULTS, config, overrides=overrides)
    if IS_MODULE:
        # The report is written from the folder of the results, which may be another.
        config["papers"] = [os.path.abspath(folder) for folder in config["papers"]]
except SettingsError as error:
    raise WorkflowError(f"settings:\n{error}") from None

# What the report shows, and how. Beside the rules it would be most of their lines.
try:
    CONTENTS = read_contents(
        (WORKFLOW / "report/contents.csv").read_text(encoding="utf-8"),
        {path.stem for path in (WORKFLOW / "report").glob("*.rst")},
    )
except ContentsError as error:
    raise WorkflowError(f"workflow/report/contents.csv:\n{error}") from None

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


# A person sees the end of what a run says: what is refused stands there too.
onsuccess:
    bind_seals(cache) if CACHE else None
    logger.error(f"\n{REFUSAL}") if REFUSAL else None


onerror:
    bind_seals(cache) if CACHE else None
    logger.error(f"\n{REFUSAL}") if REFUSAL else None


def claims_digest(paper):
    """What decides the claims of a paper: themselves, its tables, and what it is called."""
    facts = describe(paper.key, paper.facts)
    about = (facts.authors, facts.year)
    return content_digest(paper.claims.claims, paper.claims.tables, about)


def read_all_papers():
    """The papers, checked; what was checked before, with the same code, is not checked again."""
    code = code_digest(
        WORKFLOW / "retrace/preflight/papers.py", WORKFLOW / "retrace", LOCK
    )
    record = OWN / "checked.json"
    known, warned = set(), set()
    # Without a record, or with one that broke off, all are checked.
    with suppress(OSError, ValueError):
        known.update(json.loads(record.read_text()))

    def identity(paper):
        claims = claims_digest(paper) if paper.claims else ""
        return content_digest(code, paper.folder.as_posix(), claims, paper.studies)

    def is_checked(paper):
        return identity(paper) in known

    def warn(problem):
        warned.add(problem.file)
        logger.warning(str(problem))

    papers = check_papers(config["papers"], is_checked, warn)
    checked = {
        identity(paper)
        for paper in papers.read.values()
        # A warning is given until its cause is gone.
        if not any(Path(file).is_relative_to(paper.folder) for file in warned)
    }
    if checked != known:
        # Whoever may only read looks at them again.
        with suppress(OSError):
            OWN.mkdir(parents=True, exist_ok=True)
            record.write_text(json.dumps(sorted(checked)))
    return papers


def digest(script):
    """What Snakemake cannot see of a script: the library modules it uses, and the lock."""
    return code_digest(WORKFLOW / "scripts" / script, WORKFLOW / "retrace", LOCK)


def refuse_papers(found):
    """The papers to work on: those that can be read, less what the start of the run refuses."""
    if workflow.is_main_process:
        refused = [each.folder for each in found.refused]
        # Jobs do not check again what was checked where the run started, on whatever machine.
        os.environ.update(RETRACE_REFUSED=json.dumps(refused))
    refused = set(json.loads(os.environ.get("RETRACE_REFUSED", "[]")))
    return {
        key: paper
        for key, paper in found.read.items()
        if paper.folder.as_posix() not in refused
    }


try:
    # Checked before jobs are planned, and not again in each of them.
    FOUND = (
        read_all_papers()
        if workflow.is_main_process
        else read_folders(config["papers"])
    )
except PaperError as error:
    raise WorkflowError(str(error)) from None

PAPERS = refuse_papers(FOUND)
# Of an earlier run results may be there as this one starts; what it says at its end is the same.
REFUSAL = describe_refusals(FOUND.refused, Path("results"))
if workflow.is_main_process and REFUSAL:
    logger.error(REFUSAL)
# What is wrong with each paper that is refused. A job for each of them fails, whatever is asked
# for, so that the run does.
REFUSED = {}
for refusal in FOUND.refused:
    REFUSED.setdefault(refusal.name, []).extend(
        map(list, map(astuple, refusal.problems))
    )
REFUSALS = expand("results/refused/{refused}.txt", refused=REFUSED)

# lavaan's opinion depends on what is installed beside Retrace: another version has another. What is
# found where a run starts holds for all its jobs, on whatever machine, and for the Snakemake that
# one of them asks for the report.
if workflow.is_main_process and "RETRACE_LAVAAN" not in os.environ:
    if config["sem"]["lavaan"]:
        os.environ.update(RETRACE_LAVAAN=lavaan_version() or "")
LAVAAN = os.environ.get("RETRACE_LAVAAN") if config["sem"]["lavaan"] else ""

# A paper has one study, or one for each of its samples: `paper.sample`.
STUDIES = {
    key: study for paper in PAPERS.values() for key, study in paper.studies.items()
}
CLAIMANTS = [key for key, paper in PAPERS.items() if paper.claims]
# Papers with a reference list, and papers whose citations are known.
LISTING = [key for key, paper in PAPERS.items() if paper.facts.bibliography.references]
CITING = [key for key, paper in PAPERS.items() if paper.facts.bibliography.citations]


wildcard_constraints:
    paper="|".join(PAPERS),
    study="|".join(map(re.escape, STUDIES)),
    refused="|".join(REFUSED),


def shown(file):
    """A result that the report shows, as the line of `workflow/report/contents.csv` says."""
    if file not in CONTENTS:
        raise WorkflowError(f"workflow/report/contents.csv: {file} has no line")
    about = CONTENTS[file]
    return report(file, **{**about, "caption": f"../report/{about['caption']}.rst"})


def table_files(name, prefix=""):
    """A table that people read, in each of its forms; the report shows what a browser does."""
    files = {
        form: f"results/tables/{name}.{form}" for form in ("tex", "html", "md", "csv")
    }
    files["html"] = shown(files["html"])
    return {prefix + form: file for form, file in files.items()}


def limits(mb, minutes):
    """Memory and time of a job, as much again with each attempt: one killed for too little gets more."""

    def per_attempt(amount):
        return lambda wildcards, attempt: amount * attempt

    return {"mem_mb": per_attempt(mb), "runtime": per_attempt(minutes)}


def paper_of(wildcards):
    """The paper that a job is for."""
    return PAPERS[wildcards.paper]


def study_of(wildcards):
    """The study that a job is for."""
    return STUDIES[wildcards.study]


def study_files(wildcards):
    """The files of its paper that a study is read from."""
    study = study_of(wildcards)
    return PAPERS[study.paper].study_files(study.sample)


def reference_files(wildcards):
    """A paper's list of references, and of further reading where it has one."""
    paper = paper_of(wildcards)
    named = {
        "references": paper.facts.bibliography.references,
        "further_reading": paper.facts.bibliography.further_reading,
    }
    return {name: ancient(paper.file(file)) for name, file in named.items() if file}


def citation_files():
    """The texts, or tables of citations, of all papers that have one."""
    citing = [PAPERS[key] for key in CITING]
    return [ancient(paper.file(paper.facts.bibliography.citations)) for paper in citing]


def path_diagrams():
    """A picture of every model; each is a result of its own, and missed where it is deleted."""
    shares = config["sem"]["method_shares"]
    return [
        f"results/studies/{key}/path_diagrams/{model.name}.svg"
        for key, study in STUDIES.items()
        for model in study_models(study, shares)
    ]


def verdicts_to_answer(wildcards):
    """The verdicts of a study with hypotheses; without there are none."""
    testing = study_of(wildcards).hypotheses
    return [f"results/studies/{wildcards.study}/verdicts.csv"] if testing else []


def synthesis_shares(kind):
    """One kind of file of every job that shares a study's data sets, however many jobs there are."""
    chunks = config["synthesis"]["chunks"]
    return expand(
        f"results/studies/{{{{study}}}}/synthetic/{kind}/{{chunk}}-of-{{chunks}}.parquet",
        chunk=range(1, chunks + 1),
        chunks=chunks,
    )


def lavaan_output():
    """The table with lavaan's opinion, beside the others: it hangs on what else is installed."""
    return {"lavaan": shown("results/lavaan/{study}.csv")} if LAVAAN else {}
