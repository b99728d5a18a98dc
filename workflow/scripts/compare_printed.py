"""Compare every number that a study prints with what its correlations imply."""

from adapter import logged, read_text, write_csv, write_json
from retrace.papers.study import Study

with logged(snakemake) as log:
    import pandas as pd

    from retrace.checks.regression.comparison import ONE_SIDED_P, compare
    from retrace.checks.regression.feasibility import feasibility_record
    from retrace.checks.regression.from_study import models_of, set_aside
    from retrace.checks.regression.relations import relations_of
    from retrace.checks.regression.sd_ratios import STANDARD_DEVIATIONS, sd_record
    from retrace.checks.regression.stars import judge_tables

    study = Study.model_validate_json(read_text(snakemake.input.study))
    models = models_of(study)
    comparison, missing, envelopes = (
        pd.concat(tables, ignore_index=True)
        for tables in zip(
            *(compare(model, aside=set_aside(study, name)) for name, model in models.items()),
            strict=True,
        )
    )
    write_csv(snakemake.output.comparison, comparison)
    write_csv(snakemake.output.not_checkable, missing)
    write_csv(snakemake.output.envelopes, envelopes)
    log.info("verdicts: %s", comparison.verdict.value_counts().to_dict())
    tests = [relations_of(model) for model in models.values()]
    write_csv(snakemake.output.printed_tests, pd.concat(tests, ignore_index=True))
    stars, legends = judge_tables(study.correlations, study.n, models, study.stars)
    write_csv(snakemake.output.stars, stars)
    write_csv(snakemake.output.legends, legends)
    one_sided = comparison[comparison.statistic == ONE_SIDED_P].groupby("model").term.agg(list)
    write_json(
        snakemake.output.feasibility,
        {
            name: feasibility_record(model, one_sided.get(name, []))
            for name, model in models.items()
            if any(model.reports())
        }
        | {STANDARD_DEVIATIONS: sd_record(models.values(), envelopes)},
    )
