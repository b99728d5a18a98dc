"""Find where papers disagree about a work, and DOIs that cannot be right."""

from adapter import logged, read_strings, write_csv
from retrace.bibliography.record import from_frame
from retrace.bibliography.tables import read_described
from retrace.bibliography.works.conflicts import conflicts_table, find_conflicts

with logged(snakemake) as log:
    references = {
        paper: from_frame(read_strings(path))
        for paper, path in zip(snakemake.params.listing, snakemake.input.references, strict=True)
    }
    described = read_described(read_strings(snakemake.input.links), references)
    table = conflicts_table(find_conflicts(described))
    log.info("%s", table["kind"].value_counts().to_dict())
    write_csv(snakemake.output.conflicts, table)
