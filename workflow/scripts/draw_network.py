"""Draw which works the papers share, and write the whole network as GraphML."""

from adapter import logged, read_strings, write_svg, write_text
from retrace.reporting.labels import paper_labels
from retrace.reporting.works_network import draw_shared_works, graphml, network_works

with logged(snakemake) as log:
    works = network_works(read_strings(snakemake.input.works))
    papers = paper_labels(read_strings(snakemake.input.papers))
    write_text(snakemake.output.graphml, graphml(works, papers))
    write_svg(snakemake.output.figure, draw_shared_works(works, papers))
    log.info("%d papers and %d works", len(papers), len(works))
