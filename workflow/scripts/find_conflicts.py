"""Find where papers disagree about a work, and DOIs that cannot be right."""

from collections import Counter

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
    conflicts = find_conflicts(described)
    for kind, count in sorted(Counter(conflict.kind for conflict in conflicts).items()):
        log.info("%s: %d", kind, count)
    write_csv(snakemake.output.conflicts, conflicts_table(conflicts))
