"""Set a study's tables: its correlations, and its printed results beside the recomputed ones."""

from adapter import logged, read_csv, read_study, read_text, write_text
from retrace.tables import render_all
from retrace.tables.study import comparison_table, correlation_table

with logged(snakemake):
    study = read_study(snakemake.input.study)
    comparison = read_csv(
        snakemake.input.comparison, dtype={"printed": str, "term": str}, keep_default_na=False
    )
    templates = {name: read_text(name) for name in snakemake.input.templates}
    tables = {
        "correlations": correlation_table(study),
        "comparison": comparison_table(study, comparison),
    }
    for name, table in tables.items():
        for kind, text in render_all(table, templates).items():
            write_text(snakemake.output[f"{name}_{kind}"], text)
