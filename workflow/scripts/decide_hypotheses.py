"""Decide every hypothesis under every analysis."""

from adapter import logged, read_csv, read_text, write_csv, write_svg
from retrace.study import Study

with logged(snakemake) as log:
    from retrace.regression import verdicts
    from retrace.regression.figures import verdict_matrix
    from retrace.regression.from_study import hypotheses_of, levels_of, models_of

    study, alpha = (
        Study.model_validate_json(read_text(snakemake.input.study)),
        snakemake.params.alpha,
    )
    models, hypotheses = models_of(study), hypotheses_of(study)
    levels = levels_of(study, alpha)
    rows = verdicts.reported_rows(hypotheses)
    rows += verdicts.printed_rows(models, hypotheses, levels)
    rows += verdicts.recomputed_rows(models, hypotheses, levels)
    rows += verdicts.family_rows(read_csv(snakemake.input.specifications), hypotheses)
    rows += verdicts.confounder_rows(read_csv(snakemake.input.confounding))
    rows += verdicts.replication_rows(read_csv(snakemake.input.replication), hypotheses, alpha)
    table = verdicts.verdict_table(rows)
    write_csv(snakemake.output.verdicts, table)
    log.info("decisions: %s", table.decision.value_counts().to_dict())
    title = f"Hypotheses of {snakemake.params.paper} by analyses, at {100 * alpha:g} %"
    write_svg(snakemake.output.matrix, verdict_matrix(table, title))
