"""Retrace: re-derive published survey papers from the numbers they print."""

import os

from snakemake.utils import min_version

min_version("9.0")


# Settings of the folder that Snakemake runs in, over those that Retrace comes with.
if os.path.exists("config/config.yaml"):

    configfile: "config/config.yaml"


# The report's first page: with the heaviest findings as soon as there are any.
OVERVIEW = os.path.abspath("results/overview.rst")


report: OVERVIEW if os.path.exists(OVERVIEW) else "workflow/report/overview.rst"


include: "workflow/rules/common.smk"


container: config["container"]


include: "workflow/rules/papers.smk"
include: "workflow/rules/bibliography.smk"
include: "workflow/rules/synthesis.smk"
include: "workflow/rules/sem.smk"
include: "workflow/rules/estimation.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/findings.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/provenance.smk"
include: "workflow/rules/report.smk"


# The report holds the results of every stage, so it needs them all. Each stage is a target of its
# own too: `snakemake --cores all papers`.
rule all:
    default_target: True
    input:
        # Named here too: of what only the report reads, Snakemake makes nothing while there is one.
        [getattr(rules, stage).input for stage in STAGES],
        report=rules.write_report.output.report,
