"""Put what the papers say drives what side by side, as a table and a figure."""

import pandas as pd

from adapter import logged, read_strings, read_text, write_csv, write_svg, write_text
from retrace.claims.crosswalk import compare
from retrace.papers import read_paper
from retrace.reporting import render_all
from retrace.reporting.claims_tables import crosswalk_rows, crosswalk_table, missing_papers
from retrace.reporting.crosswalk_figure import draw_crosswalk
from retrace.reporting.labels import paper_labels

with logged(snakemake) as log:
    papers = [read_paper(folder) for folder in snakemake.params.folders]
    relations = compare({paper.key: paper.claims.statements for paper in papers})
    labels = paper_labels(read_strings(snakemake.input.papers))
    called = {paper.key: labels[paper.key] for paper in papers}
    refused = read_strings(snakemake.input.refused)["paper"]
    missing = missing_papers(labels, called, refused, "statements")
    write_csv(snakemake.output.statements, pd.DataFrame(crosswalk_rows(relations)))
    write_svg(snakemake.output.figure, draw_crosswalk(relations, called))
    templates = {name: read_text(name) for name in snakemake.input.templates}
    for kind, text in render_all(crosswalk_table(relations, called, missing), templates).items():
        write_text(snakemake.output[kind], text)
    log.info("%d pairs of cause and effect", len(relations))
