"""Match the references and citations of all papers to works."""

from adapter import logged, read_strings, write_csv, write_text
from retrace.bibliography.export import works_bibtex
from retrace.bibliography.record import from_frame
from retrace.bibliography.tables import citations_table, links_table, read_resolved, works_table
from retrace.bibliography.works.work import build

with logged(snakemake) as log:
    references = {
        paper: from_frame(read_strings(path))
        for paper, path in zip(snakemake.params.listing, snakemake.input.references, strict=True)
    }
    bibliography = build(references, read_resolved(read_strings(snakemake.input.resolved)))
    log.info(
        "%d references are %d works; %d more are known only by citations",
        sum(map(len, references.values())),
        len(bibliography.works),
        len(bibliography.entries),
    )
    write_csv(snakemake.output.works, works_table(bibliography, references))
    write_text(snakemake.output.bib, works_bibtex(bibliography))
    write_csv(snakemake.output.links, links_table(bibliography, references))
    write_csv(snakemake.output.citations, citations_table(bibliography))
