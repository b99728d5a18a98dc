"""Set the table of the works that several papers refer to."""

from adapter import logged, read_strings, write_tables
from retrace.tables.bibliography import shared_works_table

with logged(snakemake):
    write_tables(
        shared_works_table(read_strings(snakemake.input.works)),
        snakemake.input.templates,
        {kind: snakemake.output[kind] for kind in ("tex", "html", "md", "csv")},
    )
