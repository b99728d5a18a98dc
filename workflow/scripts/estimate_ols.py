"""Estimate every regression of a study from its printed correlations and on synthetic data."""

from adapter import logged, read_text, write_csv
from retrace.papers.study import Study

with logged(snakemake) as log:
    import pandas as pd

    from retrace.checks.regression.from_study import models_of
    from retrace.estimators.least_squares_on_data import (
        OLS_COLUMNS,
        estimate_on_data,
        estimate_on_matrix,
    )

    study = Study.model_validate_json(read_text(snakemake.input.study))
    data = {name: pd.read_parquet(snakemake.input[name]) for name in ("continuous", "likert")}
    tables = []
    for name, model in models_of(study).items():
        if model.missing_correlations:
            log.warning("%s: not estimated: %s", name, ", ".join(model.missing_correlations))
            continue
        terms, sds = model.predictors, model.sds_at_face_value
        label = "stand-in matrix" if model.has_stand_in else "matrix"
        tables.append(estimate_on_matrix(model.R, model.n, terms, name, sds=sds, data=label))
        for label, frame in data.items():
            X, y = frame[list(terms)], frame[model.outcome]
            tables.append(estimate_on_data(X, y, terms, name, label))
    nothing = [pd.DataFrame(columns=list(OLS_COLUMNS))]
    write_csv(snakemake.output.ols, pd.concat(tables or nothing, ignore_index=True))
    log.info("%d regressions", len(tables))
