"""Decide every hypothesis under every analysis."""

from adapter import logged, read_csv, read_text, write_csv, write_svg
from retrace.papers.study import Study

with logged(snakemake) as log:
    from retrace.checks.regression.from_study import hypotheses_of, levels_of, models_compared
    from retrace.reporting.regression_figures import verdict_matrix
    from retrace.robustness.verdicts import Analyses, decide_all

    study = Study.model_validate_json(read_text(snakemake.input.study))
    level = snakemake.params.level
    levels = levels_of(study, level)
    table = decide_all(
        models_compared(study),
        hypotheses_of(study),
        levels,
        level,
        Analyses(*(read_csv(snakemake.input[name]) for name in Analyses._fields)),
        study.compounds,
    )
    write_csv(snakemake.output.verdicts, table)
    log.info("decisions: %s", table.decision.value_counts().to_dict())
    stated = f"at {100 * level:g} % where a row names no level"
    title = f"Hypotheses of {study.called} by analyses,\n{stated}{study.proviso}"
    write_svg(snakemake.output.matrix, verdict_matrix(table, title, levels))
