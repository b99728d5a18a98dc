"""Estimate every regression of a study from its printed correlations and on synthetic data."""

from adapter import logged, read_text, write_csv
from retrace.papers.study import Study

with logged(snakemake) as log:
    import pandas as pd

    from retrace.checks.regression.from_study import models_of
    from retrace.robustness.study_regressions import estimate_regressions

    study = Study.model_validate_json(read_text(snakemake.input.study))
    data = {name: pd.read_parquet(snakemake.input[name]) for name in ("continuous", "likert")}
    found = estimate_regressions(models_of(study), data)
    for name, missing in found.not_estimated.items():
        log.warning("%s: not estimated: %s", name, ", ".join(missing))
    write_csv(snakemake.output.ols, found.table)
    log.info("%d estimates", len(found.table))
