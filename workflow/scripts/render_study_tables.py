"""Set a study's tables: its correlations, and its printed results beside the recomputed ones."""

from adapter import logged, read_csv, read_study, write_tables
from retrace.tables.study import comparison_table, correlation_table

with logged(snakemake):
    study = read_study(snakemake.input.study)
    comparison = read_csv(
        snakemake.input.comparison, dtype={"printed": str, "term": str}, keep_default_na=False
    )
    tables = {
        "correlations": correlation_table(study),
        "comparison": comparison_table(study, comparison),
    }
    for name, table in tables.items():
        write_tables(
            table,
            snakemake.input.templates,
            {kind: snakemake.output[f"{name}_{kind}"] for kind in ("tex", "html", "md", "csv")},
        )
