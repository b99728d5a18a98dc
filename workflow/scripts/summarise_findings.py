"""Sum up what was found, by paper and question."""

from adapter import logged, read_strings, read_texts, write_texts
from retrace.reporting import render_all
from retrace.reporting.summary import summary_table

with logged(snakemake):
    table = summary_table(
        read_strings(snakemake.input.papers), read_strings(snakemake.input.findings)
    )
    write_texts(snakemake.output, render_all(table, read_texts(snakemake.input.templates)))
