"""Compare what is decided and recomputed under every combination of assumptions."""

from adapter import logged, read_csv, read_text, write_csv, write_svg
from retrace.study import Study

with logged(snakemake) as log:
    import pandas as pd

    from retrace.regression.from_study import hypotheses_of
    from retrace.streams import random_stream
    from retrace.synthesis import assumption_tables as tables
    from retrace.synthesis.assumption_figure import decisions_by_assumption
    from retrace.synthesis.assumptions import combinations
    from retrace.synthesis.dependence import dependence_table

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
    signs = {h.name: h.sign for h in hypotheses_of(study)}
    files = [read_csv(file) for file in snakemake.input.verdicts]
    verdicts = [row for file in files for row in zip(file.hypothesis, file.analysis, strict=True)]
    rng = random_stream(snakemake.params.seed, study.paper, "compare_assumptions", 0)
    answers = dependence_table(varied, decisions, data_sets, signs, verdicts, rng)
    write_csv(out.verdicts, answers)
    title = f"{study.paper}: decisions on synthetic responses under other assumptions"
    write_svg(out.figure, decisions_by_assumption(decided, answers, listed, title + study.proviso))
    log.info("%s", answers.dependence.value_counts().to_dict())
