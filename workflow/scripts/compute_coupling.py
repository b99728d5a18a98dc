"""Measure how much of their literature papers share."""

from adapter import logged, read_strings, write_csv
from retrace.bibliography.works.coupling import coupling_table, shared_works

with logged(snakemake) as log:
    works = read_strings(snakemake.input.works)
    coupling = coupling_table(works)
    log.info("%d of %d pairs of papers share works", (coupling["shared"] > 0).sum(), len(coupling))
    write_csv(snakemake.output.coupling, coupling)
    write_csv(snakemake.output.shared, shared_works(works))
