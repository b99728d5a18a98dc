"""Set the table of the works that several papers refer to."""

from adapter import logged, read_strings, read_text, write_text
from retrace.reporting import render_all
from retrace.reporting.works_tables import shared_works_table

with logged(snakemake):
    table = shared_works_table(
        read_strings(snakemake.input.shared), len(read_strings(snakemake.input.works))
    )
    templates = {name: read_text(name) for name in snakemake.input.templates}
    for kind, text in render_all(table, templates).items():
        write_text(snakemake.output[kind], text)
