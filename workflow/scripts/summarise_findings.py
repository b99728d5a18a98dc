"""Sum up what was found, by paper and question, and for the report's first page."""

from adapter import logged, read_strings, read_text, read_texts, write_text, write_texts
from retrace.reporting import render_all
from retrace.reporting.overview import overview
from retrace.reporting.summary import summary_table

with logged(snakemake):
    findings = read_strings(snakemake.input.findings)
    table = summary_table(read_strings(snakemake.input.papers), findings)
    write_texts(snakemake.output, render_all(table, read_texts(snakemake.input.templates)))
    page = overview(read_text(snakemake.input.overview), findings)
    write_text(snakemake.output.overview, page)
