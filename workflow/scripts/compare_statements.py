"""Put what the papers say drives what side by side, as a table and a figure."""

import pandas as pd

from adapter import logged, read_strings, read_text, write_csv, write_svg, write_text
from retrace.claims.crosswalk import compare
from retrace.papers import read_paper
from retrace.reporting import render_all
from retrace.reporting.claims_tables import crosswalk_rows, crosswalk_table
from retrace.reporting.crosswalk_figure import draw_crosswalk
from retrace.reporting.labels import paper_label

with logged(snakemake) as log:
    papers = [read_paper(folder) for folder in snakemake.params.folders]
    relations = compare({paper.key: paper.claims.statements for paper in papers})
    labels = {
        row.paper: paper_label(row.authors, row.year)
        for row in read_strings(snakemake.input.papers).itertuples()
    }
    called = {paper.key: labels[paper.key] for paper in papers}
    write_csv(snakemake.output.statements, pd.DataFrame(crosswalk_rows(relations)))
    write_svg(snakemake.output.figure, draw_crosswalk(relations, called))
    templates = {name: read_text(name) for name in snakemake.input.templates}
    for kind, text in render_all(crosswalk_table(relations, called), templates).items():
        write_text(snakemake.output[kind], text)
    log.info("%d pairs of cause and effect", len(relations))
