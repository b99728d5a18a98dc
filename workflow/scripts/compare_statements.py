"""Put what the papers say drives what side by side, as a table and a figure."""

from adapter import logged, read_strings, read_texts, write_rows, write_svg, write_texts
from retrace.claims.crosswalk import compare
from retrace.papers import read_paper
from retrace.reporting import render_all
from retrace.reporting.claims_tables import (
    CROSSWALK,
    crosswalk_cells,
    crosswalk_rows,
    crosswalk_table,
    missing_papers,
)
from retrace.reporting.crosswalk_figure import draw_crosswalk
from retrace.reporting.labels import among, paper_labels

with logged(snakemake) as log:
    statements = {
        paper.key: paper.claims.statements for paper in map(read_paper, snakemake.params.folders)
    }
    relations = compare(statements)
    labels = paper_labels(read_strings(snakemake.input.papers))
    called = among(labels, statements)
    refused = read_strings(snakemake.input.refused)["paper"]
    missing = missing_papers(labels, called, refused, "statements")
    rows = crosswalk_cells(crosswalk_rows(relations))
    write_rows(snakemake.output.statements, rows, CROSSWALK)
    write_svg(snakemake.output.figure, draw_crosswalk(relations, called))
    templates = read_texts(snakemake.input.templates)
    table = crosswalk_table(relations, called, missing)
    write_texts(snakemake.output, render_all(table, templates))
    log.info("%d pairs of cause and effect", len(relations))
