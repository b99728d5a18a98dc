"""Sum up what was found, by paper and question, and for the report's first page."""

from adapter import logged, read_strings, read_text, write_text
from retrace.reporting import render_all
from retrace.reporting.overview import overview
from retrace.reporting.summary import summary_table

with logged(snakemake):
    findings = read_strings(snakemake.input.findings)
    table = summary_table(read_strings(snakemake.input.papers), findings)
    templates = {name: read_text(name) for name in snakemake.input.templates}
    for kind, text in render_all(table, templates).items():
        write_text(snakemake.output[kind], text)
    page = overview(read_text(snakemake.input.overview), findings)
    write_text(snakemake.output.overview, page)
