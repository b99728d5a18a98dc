"""Link the citations of every paper to the references of its own list."""

from adapter import logged, read_strings, read_text, write_csv
from retrace.bibliography.citations.files import read_citations
from retrace.bibliography.record import from_frame
from retrace.bibliography.tables import resolved_table, uncited_table
from retrace.bibliography.works.work import resolve

with logged(snakemake) as log:
    references = {
        paper: from_frame(read_strings(path))
        for paper, path in zip(snakemake.params.listing, snakemake.input.references, strict=True)
    }
    citations = {
        paper: read_citations(read_text(path), path, references.get(paper, ()))
        for paper, path in zip(snakemake.params.citing, snakemake.input.citations, strict=True)
    }
    resolved = resolve(references, citations)
    for paper, links in resolved.items():
        log.info("%s: %d citations", paper, len(links))
    write_csv(snakemake.output.resolved, resolved_table(resolved))
    write_csv(snakemake.output.uncited, uncited_table(resolved, references))
