"""Compare what is decided and recomputed under every combination of assumptions."""

from adapter import logged, read_csv, read_text, write_csv, write_svg
from retrace.papers.study import Study

with logged(snakemake) as log:
    import pandas as pd

    from retrace.assumptions import tables
    from retrace.assumptions.assumed import combinations
    from retrace.assumptions.dependence import dependence_table
    from retrace.checks.regression.from_study import signs_of
    from retrace.provenance.streams import random_stream
    from retrace.reporting.assumption_figure import decisions_by_assumption

    study = Study.model_validate_json(read_text(snakemake.input.study))
    varied = combinations(study)
    data_sets, decisions, statistics = (
        tables.in_order([pd.read_parquet(file) for file in snakemake.input[name]])
        for name in ("data_sets", "decisions", "statistics")
    )
    out = snakemake.output
    listed = tables.combination_table(varied, data_sets)
    write_csv(out.combinations, listed)
    write_csv(out.statistics, tables.statistic_table(statistics))
    decided = tables.decision_table(varied, decisions, data_sets)
    write_csv(out.decisions, decided)
    verdicts = tables.rows_to_answer([read_csv(file) for file in snakemake.input.verdicts])
    rng = random_stream(snakemake.params.seed, study.key, "compare_assumptions", 0)
    answers = dependence_table(varied, decisions, data_sets, signs_of(study), verdicts, rng)
    write_csv(out.verdicts, answers)
    title = f"{study.called}: decisions on synthetic responses under other assumptions"
    write_svg(out.figure, decisions_by_assumption(decided, answers, listed, title + study.proviso))
    log.info("%s", answers.dependence.value_counts().to_dict())
