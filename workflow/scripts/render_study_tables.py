"""Set a study's tables: its correlations, and its printed results beside the recomputed ones."""

from adapter import logged, read_csv, read_strings, read_text, read_texts, write_texts
from retrace.papers.study import Study
from retrace.reporting import render_all
from retrace.reporting.study_tables import comparison_table, correlation_table

with logged(snakemake):
    study = Study.model_validate_json(read_text(snakemake.input.study))
    comparison = read_csv(
        snakemake.input.comparison, dtype={"printed": str, "term": str}, keep_default_na=False
    )
    templates, out = read_texts(snakemake.input.templates), snakemake.output
    write_texts(out, render_all(correlation_table(study), templates), "correlations_")
    table = comparison_table(study, comparison, read_strings(snakemake.input.missing))
    write_texts(out, render_all(table, templates), "comparison_")
