"""Gather what every stage found, of all papers, in one table."""

from adapter import logged, read_results, write_csv
from retrace.reporting.all_findings import gather_findings

with logged(snakemake) as log:
    table = gather_findings(read_results(snakemake), snakemake.params)
    write_csv(snakemake.output.findings, table)
    log.info("%s", table["weight"].value_counts().to_dict())
