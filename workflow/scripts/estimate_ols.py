"""Estimate every regression of a study from its printed correlations."""

from adapter import logged, read_study, write_csv

with logged(snakemake) as log:
    import pandas as pd

    from retrace.regression.data import estimate_on_matrix
    from retrace.regression.from_study import models_of

    study = read_study(snakemake.input.study)
    tables = [
        estimate_on_matrix(model.R, model.n, model.predictors, name, sds=model.sds_at_face_value)
        for name, model in models_of(study).items()
        if not model.missing_correlations
    ]
    write_csv(snakemake.output.ols, pd.concat(tables, ignore_index=True))
    log.info("%d regressions", len(tables))
