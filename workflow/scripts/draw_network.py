"""Draw which works the papers share, and write the whole network as GraphML."""

from adapter import logged, read_strings, write_svg, write_text
from retrace.reporting.labels import paper_label
from retrace.reporting.works_network import NetworkWork, draw_shared_works, graphml

with logged(snakemake) as log:
    works = [
        NetworkWork(
            row.work,
            row.cited_as,
            row.title,
            row.year,
            tuple(row.papers.split(";")),
        )
        for row in read_strings(snakemake.input.works).itertuples()
    ]
    papers = {
        row.paper: paper_label(row.authors, row.year)
        for row in read_strings(snakemake.input.papers).itertuples()
    }
    write_text(snakemake.output.graphml, graphml(works, papers))
    write_svg(snakemake.output.figure, draw_shared_works(works, papers))
    log.info("%d papers and %d works", len(papers), len(works))
