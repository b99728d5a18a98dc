"""Set a study's tables: its correlations, and its printed results beside the recomputed ones."""

from adapter import logged, read_csv, read_strings, read_text, write_text
from retrace.papers.study import Study
from retrace.reporting import render_all
from retrace.reporting.study_tables import comparison_table, correlation_table

with logged(snakemake):
    study = Study.model_validate_json(read_text(snakemake.input.study))
    comparison = read_csv(
        snakemake.input.comparison, dtype={"printed": str, "term": str}, keep_default_na=False
    )
    templates = {name: read_text(name) for name in snakemake.input.templates}
    tables = {
        "correlations": correlation_table(study),
        "comparison": comparison_table(study, comparison, read_strings(snakemake.input.missing)),
    }
    for name, table in tables.items():
        for kind, text in render_all(table, templates).items():
            write_text(snakemake.output[f"{name}_{kind}"], text)
