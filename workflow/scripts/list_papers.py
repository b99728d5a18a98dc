"""List the papers with what each of them prints, and those that cannot be read."""

from adapter import logged, write_rows
from retrace.papers.overview import Described, RefusedProblem, describe, read_facts, refused_rows

with logged(snakemake) as log:
    folders = snakemake.params.folders
    rows = [describe(key, read_facts(folder)) for key, folder in folders.items()]
    log.info("%d papers", len(rows))
    write_rows(snakemake.output.papers, rows, Described._fields)
    refused = refused_rows(snakemake.params.refused)
    write_rows(snakemake.output.refused, refused, RefusedProblem._fields)
    log.info("%d problems of papers that are refused", len(refused))
