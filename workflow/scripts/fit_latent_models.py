"""Fit latent models to synthetic items of a study, for each alpha of the settings."""

import pandas as pd

from adapter import logged, read_text, write_csv, write_json
from retrace.sem import solution_tables as tables
from retrace.sem.decisions import DECISION_COLUMNS, decision_rows
from retrace.sem.latent import fit_latent_models
from retrace.sem.solutions import solution_records
from retrace.streams import random_stream
from retrace.study import Study

with logged(snakemake) as log:
    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    scores = pd.read_parquet(snakemake.input.scores)[study.names].to_numpy()
    rng = random_stream(params.seed, params.paper, "fit_latent_models")
    found = fit_latent_models(study, scores, params.alphas, rng)
    for name, reason in found.unfit.items():
        log.warning("%s: %s", name, reason)
    out = snakemake.output
    write_json(out.solutions, solution_records(found.fits, found.models))
    write_csv(out.sem, pd.DataFrame(tables.estimate_rows(found.fits), columns=tables.SEM_COLUMNS))
    rows = tables.fit_rows(found.fits, found.models)
    for model in found.models:
        if model.name in found.unfit:
            own = {"model": model.name, "kind": model.kind, "assumed": model.assumed}
            rows.append(own | {"converged": False, "problems": found.unfit[model.name]})
    write_csv(out.fit, pd.DataFrame(rows, columns=tables.FIT_COLUMNS))
    decisions = decision_rows(study, found.fits, found.models, params.level, found.unfit)
    write_csv(out.verdicts, pd.DataFrame(decisions, columns=DECISION_COLUMNS))
