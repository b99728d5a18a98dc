"""Fit latent models to synthetic items of a study, for each alpha of the settings."""

import pandas as pd

from adapter import logged, read_text, write_csv
from retrace.sem import suite
from retrace.sem.latent import fit_latent_models
from retrace.streams import random_stream
from retrace.study import Study

with logged(snakemake) as log:
    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    scores = pd.read_parquet(snakemake.input.scores)[study.names].to_numpy()
    rng = random_stream(params.seed, params.paper, "fit_latent_models")
    found = fit_latent_models(study, scores, params.alphas, params.level, rng)
    for alpha, reasons in found.impossible.items():
        log.warning("alpha %s: %s", alpha, "; ".join(reasons))
    out = snakemake.output
    write_csv(out.sem, pd.DataFrame(suite.estimate_rows(found.fits), columns=suite.SEM_COLUMNS))
    rows = suite.fit_rows(found.fits, found.models)
    for alpha, reasons in found.impossible.items():
        rows.append({"model": f"alpha_{alpha}", "converged": False, "problems": "; ".join(reasons)})
    write_csv(out.fit, pd.DataFrame(rows, columns=suite.FIT_COLUMNS))
    write_csv(out.verdicts, pd.DataFrame(found.decisions, columns=suite.DECISION_COLUMNS))
