"""Set the table of the works that several papers refer to."""

from adapter import logged, read_strings, read_texts, write_texts
from retrace.reporting import render_all
from retrace.reporting.works_tables import shared_works_table

with logged(snakemake):
    table = shared_works_table(
        read_strings(snakemake.input.shared), len(read_strings(snakemake.input.works))
    )
    write_texts(snakemake.output, render_all(table, read_texts(snakemake.input.templates)))
